package board

import (
	_ "embed"
	"html/template"
	"io"
	"sync"
	"time"

	"hexapla/cmd/internal/console"
	"hexapla/locales"
	"hexapla/pipeline/report"
)

//go:embed board.html
var boardHTML string

var page = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("board.html").Parse(boardHTML))
})

// htmlPage is what the template gets. All texts are in the user's language.
type htmlPage struct {
	Lang, Dir, Title, Summary                                                string
	Filter, AnyState, AnyLocale, Article, Locale, State, Since, Last, Reason string
	Next, Words, Published, Locales, Details                                 string
	States                                                                   []htmlState
	Totals                                                                   []htmlTotal
	Rows                                                                     []htmlRow
}

type htmlState struct {
	State State
	Sign  string
	Name  string
	Count string
}

type htmlTotal struct {
	Locale, Language, Published, Percent string
	Picture                              string // what the bar shows, as text
	Bar                                  []htmlBar
}

// htmlBar is a part of a bar that is a hundred units wide.
type htmlBar struct {
	State    State
	X, Width float64
}

type htmlRow struct {
	Article, Error string
	Cells          []htmlCell
	Open           int // editions that are not published as a build makes them, or have open notes
}

type htmlCell struct {
	Locale, Language          string
	State                     State
	Sign, Name, Percent       string
	Reasons, Step, Command    string
	AcceptStep, Accept        string
	Since, SinceISO, LastWork string
	Label                     string
	Notes                     []string
}

// HTML writes the board as one file that needs no other: styles, script and pictures
// are in it, and it reads without the script. now is the time that it states.
func (b *Board) HTML(p console.Printer, w io.Writer, now time.Time) error {
	states := map[State]int{}
	d := htmlPage{
		Lang: p.Locale, Dir: locales.Direction(p.Locale), Title: p.Text("BoardTitle"),
		Summary: p.Text("BoardWritten", console.Args{
			"Articles": p.Count("Articles", len(b.Rows)), "Locales": p.Count("InLocales", len(b.Locales)), "Date": locales.FormatDate(p.Locale, now, locales.Long),
		}),
		Filter: p.Text("BoardFilter"), AnyState: p.Text("BoardAnyState"), AnyLocale: p.Text("BoardAnyLocale"),
		Article: p.Text("HeadArticle"), Locale: p.Text("HeadLocale"), State: p.Text("HeadState"), Since: p.Text("HeadSince"),
		Last: p.Text("HeadLastWork"), Reason: p.Text("HeadReasons"), Next: p.Text("HeadNext"),
		Words: p.Text("BoardWords"), Published: p.Text("BoardTotal"), Locales: p.Text("BoardLocales"), Details: p.Text("BoardDetails"),
	}
	for _, r := range b.Rows {
		row := htmlRow{Article: r.label(p), Error: r.Error}
		for _, c := range r.Cells {
			states[c.State]++
			if c.State != Published || len(c.Notes) > 0 {
				row.Open++
			}
			h := htmlCell{
				Locale: c.Locale, Language: p.Language(c.Locale), State: c.State, Sign: c.State.Sign(), Name: StateName(p, c.State),
				Percent: percent(p, c.Percent), Reasons: reasons(p, c), Since: day(p, c.Since), SinceISO: stamp(c.Since), LastWork: last(p, c),
				Command: c.Next.Command,
			}
			if c.Next.Code != "" {
				h.Step = p.Step(c.Next.Code)
			}
			if h.Accept = c.Next.Accept; h.Accept != "" {
				h.AcceptStep = p.AcceptStep()
			}
			for _, n := range c.Notes {
				h.Notes = append(h.Notes, report.Visible(noteText(p, n)))
			}
			h.Label = h.Language + ": " + h.Name + ", " + h.Percent
			row.Cells = append(row.Cells, h)
		}
		d.Rows = append(d.Rows, row)
	}
	for _, s := range b.states() {
		d.States = append(d.States, htmlState{s, s.Sign(), StateName(p, s), number(p, states[s])})
	}
	for _, t := range b.Totals() {
		h := htmlTotal{
			Locale: t.Locale, Language: p.Language(t.Locale), Percent: percent(p, t.Percent()),
			Published: number(p, t.Published) + "/" + number(p, t.Articles),
		}
		x := 0.0
		for _, s := range States() {
			n := t.States[s]
			if n == 0 {
				continue
			}
			bar := htmlBar{State: s, X: x, Width: float64(n) * 100 / float64(t.Articles)}
			x += bar.Width
			h.Bar = append(h.Bar, bar)
			if h.Picture != "" {
				h.Picture += ", "
			}
			h.Picture += StateName(p, s) + " " + number(p, n)
		}
		if h.Picture == "" {
			h.Picture = "–"
		}
		d.Totals = append(d.Totals, h)
	}
	return page().Execute(w, d)
}
