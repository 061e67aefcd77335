// Package board shows the editions of a project as a table of articles and locales:
// what readers have, what is ready, what is missing and what to do next. It writes it
// for the terminal and as HTML, Markdown and CSV.
package board

import (
	"slices"
	"strings"
	"time"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/publish"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/memory"
)

// State is where an edition is on its way to its readers.
type State string

// The states, the nearest to the readers first.
const (
	Published  State = "published"  // readers have the page that a build makes
	Unfinished State = "unfinished" // the policy allows text in another language in it
	Machine    State = "machine"    // a part of it is raw machine translation
	Outdated   State = "outdated"   // readers have an earlier page
	Edited     State = "edited"     // readers have a page that was changed by hand
	Ready      State = "ready"      // the next build publishes it
	InWork     State = "inWork"     // a part of it is translated
	Empty      State = "empty"      // nothing of it is translated
	Withheld   State = "withheld"   // the checks found errors
	Scheduled  State = "scheduled"  // it is ready, and waits for its time or for other locales
)

// States returns all states in their order.
func States() []State {
	return []State{Published, Unfinished, Machine, Outdated, Edited, Ready, InWork, Empty, Withheld, Scheduled}
}

// Sign returns the character that stands for the state in a table. Each is one
// column wide on a terminal.
func (s State) Sign() string {
	switch s {
	case Published:
		return "✓"
	case Unfinished:
		return "/"
	case Machine:
		return "m"
	case Outdated:
		return "↻"
	case Edited:
		return "✎"
	case Ready:
		return "+"
	case InWork:
		return "~"
	case Withheld:
		return "✗"
	case Scheduled:
		return "@"
	}
	return "-"
}

// Board has a row for each article, and in it a cell for each locale.
type Board struct {
	Locales []string
	Rows    []Row
}

// Row is one article. Error says why it could not be read; it has no cells then. Source is
// the locale that it is written in, if that is another one than the project's source.
type Row struct {
	Article string `json:"article"`
	Source  string `json:"sourceLocale,omitempty"`
	Path    string `json:"path,omitempty"` // of its editions, below a locale's folder
	Error   string `json:"error,omitempty"`
	Cells   []Cell `json:"editions"` // in the order of Board.Locales
}

// Cell is one edition. Status is what a build decides; Published reports whether
// readers have a page. Percent, Words and Ready are of the article's own words, as
// the articles and the memory are now.
type Cell struct {
	Locale    string         `json:"locale"`
	State     State          `json:"state"`
	Status    edition.Status `json:"status"`
	Published bool           `json:"published"`
	Percent   int            `json:"percent"`
	Words     int            `json:"words"`
	Ready     int            `json:"readyWords"`
	Reasons   []Reason       `json:"reasons,omitempty"`
	Next      edition.Step   `json:"next,omitzero"`
	Notes     []OpenNote     `json:"openNotes,omitempty"` // on the translation and on the source

	// Since is the time since when an outdated page stays; of other editions it is
	// that of the last translation. It is zero if there is none.
	Since time.Time `json:"since,omitzero"`
	Last  Work      `json:"last,omitzero"`
}

// Reason is a reason with its English text.
type Reason struct {
	edition.Reason
	Text string `json:"text"`
}

// OpenNote is a note on an article that is not resolved.
type OpenNote struct {
	UID    string    `json:"uid"`
	Place  string    `json:"place"`
	Author string    `json:"author,omitempty"`
	Time   time.Time `json:"time"`
	Text   string    `json:"text"`
}

// Work says who or what gave an edition its newest translation.
type Work struct {
	Kind bitext.OriginKind `json:"kind"`
	Name string            `json:"name,omitempty"`
	Time time.Time         `json:"time,omitzero"`
}

// Add adds the row of an article. pages are those that readers have; see
// publish.Observer.
func (b *Board) Add(r pipeline.Result, pages []publish.Earlier) {
	row := Row{Article: r.Path, Source: r.SourceLocale, Cells: []Cell{}}
	if len(r.Editions) == 0 {
		for _, d := range r.Diagnostics {
			row.Error = d.Message
			break
		}
	}
	for i := range r.Editions {
		e := &r.Editions[i]
		row.Path = e.Path
		row.Cells = append(row.Cells, newCell(r.Path, e, pages[i]))
	}
	b.Rows = append(b.Rows, row)
}

func newCell(article string, e *pipeline.Edition, page publish.Earlier) Cell {
	p := &e.Published
	c := Cell{
		Locale: e.Locale, Status: p.Status, State: stateOf(p, page), Published: page.Exists,
		Percent: p.Count.Percent(), Words: p.Count.OwnWords, Ready: p.Count.ReadyWords,
		Next: edition.NextStep(p.Status, p.Reasons, article, e.Locale), Last: Work{p.Newest.Kind, p.Newest.Name, p.Newest.Time},
	}
	for _, r := range p.Reasons {
		c.Reasons = append(c.Reasons, Reason{r, r.String()})
	}
	switch {
	case c.State == Edited:
		c.Next = edition.NewStep(edition.StepAdopt, e.Locale+"/"+e.Path, e.Locale)
	case c.State == Ready, c.Next.Code == edition.StepNone && !page.Current,
		!page.Current && (c.State == Machine || c.State == Unfinished):
		c.Next = edition.NewStep(edition.StepBuild, article, e.Locale)
	}
	c.Since = c.Last.Time
	if p.Kept != nil {
		c.Since = p.Kept.Since
	}
	return c
}

func stateOf(p *edition.Published, page publish.Earlier) State {
	switch p.Status {
	case edition.Unfinished:
		return Unfinished
	case edition.Machine:
		return Machine
	case edition.Outdated:
		return Outdated
	case edition.Edited:
		return Edited
	case edition.Withheld:
		state := InWork
		if edition.NextStep(p.Status, p.Reasons, "", "").Code == edition.StepWait {
			state = Scheduled
		}
		for _, r := range p.Reasons {
			switch r.Code {
			case edition.ReasonEmpty:
				return Empty
			case edition.ReasonErrors:
				state = Withheld
			}
		}
		return state
	}
	if page.Current {
		return Published
	}
	return Ready
}

// AddNotes adds open notes to the editions that they are about: a note on a source to
// all of them. It follows the last Add.
func (b *Board) AddNotes(threads []memory.NoteThread) {
	byArticle := map[string][]memory.NoteThread{}
	for _, t := range threads {
		article, _, _ := strings.Cut(t.Place, "#")
		byArticle[article] = append(byArticle[article], t)
	}
	for i := range b.Rows {
		for _, t := range byArticle[b.Rows[i].Article] {
			for j := range b.Rows[i].Cells {
				if c := &b.Rows[i].Cells[j]; t.TargetLocale == "" || t.TargetLocale == c.Locale {
					c.Notes = append(c.Notes, OpenNote{t.UID, t.Place, t.Author, t.Time, t.Text})
				}
			}
		}
	}
}

// OpenNotes returns how many different notes the editions have.
func (b *Board) OpenNotes() int {
	uids := map[string]bool{}
	for _, r := range b.Rows {
		for _, c := range r.Cells {
			for _, n := range c.Notes {
				uids[n.UID] = true
			}
		}
	}
	return len(uids)
}

// Sort puts the rows into the order of their articles.
func (b *Board) Sort() {
	slices.SortFunc(b.Rows, func(a, c Row) int { return strings.Compare(a.Article, c.Article) })
}

// Total is what a locale has of all articles.
type Total struct {
	Locale       string
	Articles     int
	Published    int // readers have a page
	Words, Ready int
	States       map[State]int
}

// Percent returns the share of the words that are ready, from 0 to 100, rounded
// down.
func (t Total) Percent() int { return edition.Count{OwnWords: t.Words, ReadyWords: t.Ready}.Percent() }

// Totals returns what each locale has, in the order of Locales.
func (b *Board) Totals() []Total {
	totals := make([]Total, len(b.Locales))
	for i, l := range b.Locales {
		totals[i] = Total{Locale: l, States: map[State]int{}}
	}
	for _, r := range b.Rows {
		for i, c := range r.Cells {
			t := &totals[i]
			t.Articles++
			t.Words += c.Words
			t.Ready += c.Ready
			t.States[c.State]++
			if c.Published {
				t.Published++
			}
		}
	}
	return totals
}

// states returns the states that occur, in their order.
func (b *Board) states() []State {
	found := map[State]bool{}
	for _, r := range b.Rows {
		for _, c := range r.Cells {
			found[c.State] = true
		}
	}
	var out []State
	for _, s := range States() {
		if found[s] {
			out = append(out, s)
		}
	}
	return out
}

// join returns the texts of reasons as one clause.
func join(texts []string) string { return strings.Join(texts, "; ") }

// label returns the name of the article, with its language if that is not the project's.
func (r *Row) label(p console.Printer) string {
	if r.Source == "" {
		return r.Article
	}
	return r.Article + " [" + p.Language(r.Source) + "]"
}
