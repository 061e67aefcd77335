package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"hexapla/cmd/internal/console"
	"hexapla/locales"
	"hexapla/locales/tag"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/memory"
)

// articleBody is an article side by side with its translation.
type articleBody struct {
	Article, Title   string
	Locale, Language string
	SourceLocale     string
	SourceDir        string
	TargetDir        string
	Cell             *boardCell // nil as long as the board is not known
	progress
	Filters      []choice
	Query        string
	Rows         []template.HTML
	Shown        string
	Others       []choice // the article in other locales
	MayApprove   bool
	MayEdit      bool
	Undo         string // batch that can be undone
	Links        map[string]string
	Preview      string
	ArticleNotes []noteThread
}

// row is one segment in the list.
type row struct {
	L          map[string]string
	Lang, Dir  string // of the page
	ID         string
	Number     string
	Unit       string
	Segment    string
	Link       string
	Kind       string
	Heading    bool
	Block      bool // the first segment of its unit
	SourceLang string
	SourceDir  string
	TargetLang string
	TargetDir  string
	Source     []piece
	Target     []piece
	Filled     bool
	State      string // name for the style sheet
	StateName  string
	Sub        string // "machine", "check" …, for people
	Findings   string // how many, for people; "" for none
	Worst      string // severity
	Notes      string
	Open       *detail // nil for a row that is closed
}

// rowID returns the id of the element of a segment.
func rowID(i int) string { return "s" + strconv.Itoa(i+1) }

// targetBase identifies what a segment has, so that a save finds out whether somebody
// else changed it meanwhile.
func targetBase(t *bitext.Target, source bitext.Text) string {
	if !t.Filled {
		return "none"
	}
	h := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s\x00%s\x00%s", t.Text.TaggedAs(source), t.State, t.SubState, t.Origin.Kind, t.Origin.Name))
	return hex.EncodeToString(h[:12])
}

// show is what a filter of the list shows.
type show string

const (
	showAll      show = ""
	showOpen     show = "open"     // what may not be published yet
	showFindings show = "findings" // what the checks found
	showNotes    show = "notes"    // what has open comments
	showReview   show = "review"   // what is translated and not reviewed
)

// rowMaker has what the rows of one article are made with.
type rowMaker struct {
	*request
	labels   map[string]string
	article  *pipeline.OpenArticle
	findings map[int][]diag.Diagnostic
	notes    map[string]int // open threads by unit or unit/segment
	name     string
	locale   string
}

// openRows opens an article in a locale, for rows of its segments.
func (s *Server) openRows(r *request, name, locale string) (*view, *rowMaker, error) {
	v, a, err := s.openView(r.Context(), r.project, name, locale)
	if err != nil {
		return nil, nil, err
	}
	m, err := s.newRowMaker(r, a, name, locale)
	return v, m, err
}

func (s *Server) newRowMaker(r *request, a *pipeline.OpenArticle, name, locale string) (*rowMaker, error) {
	m := &rowMaker{request: r, labels: labels(r.printer), article: a, findings: map[int][]diag.Diagnostic{}, notes: map[string]int{}, name: name, locale: locale}
	for _, f := range a.Findings {
		if f.ID == "quality.mt" {
			continue // the state says so
		}
		if i, ok := a.Find(f.Place.Unit, f.Place.Segment); ok {
			m.findings[i] = append(m.findings[i], f)
		}
	}
	threads, err := r.project.Notes(r.Context(), memory.NoteFilter{Place: name, TargetLocale: locale, Open: true})
	if err != nil {
		return nil, err
	}
	for _, t := range threads {
		if _, at, ok := strings.Cut(t.Place, "#"); ok {
			m.notes[at]++
		}
	}
	return m, nil
}

func (m *rowMaker) notesAt(x pipeline.OpenSegment) int {
	n := m.notes[x.Unit.ID+"/"+x.Segment.ID]
	if first(x) {
		n += m.notes[x.Unit.ID]
	}
	return n
}

// first reports whether a segment is the first of its unit.
func first(x pipeline.OpenSegment) bool {
	for _, s := range x.Unit.Translatable() {
		return s == x.Segment
	}
	return false
}

// row returns the closed row of a segment.
func (m *rowMaker) row(i int) row {
	x := m.article.At(i)
	source := x.Segment.Source
	t := x.Target
	fs := m.findings[i]
	out := row{
		L: m.labels, Lang: m.printer.Locale, Dir: locales.Direction(m.printer.Locale), ID: rowID(i), Number: locales.FormatNumber(m.printer.Locale, i+1), Unit: x.Unit.ID, Segment: x.Segment.ID,
		Link: link("a", m.locale, m.name) + "?" + url.Values{"unit": {x.Unit.ID}, "segment": {x.Segment.ID}}.Encode() + "#" + rowID(i),
		Kind: string(x.Unit.Kind), Heading: x.Unit.Kind == bitext.Heading || x.Unit.Kind == bitext.Title, Block: first(x),
		SourceLang: m.article.Translation().Document.Locale, SourceDir: locales.Direction(m.article.Translation().Document.Locale),
		TargetLang: m.locale, TargetDir: locales.Direction(m.locale), Filled: t.Filled,
		Source: pieces(source, source, append(termSpans(t.Terms, m.termTitle), m.findingSpans(i, "source_span", len(source.Chars))...)),
		State:  "missing", StateName: m.printer.Text("WebMissing"),
	}
	if x.Unit.Name != "" {
		out.Kind = x.Unit.Name
	}
	if t.Filled {
		out.Target = pieces(t.Text, source, m.findingSpans(i, "target_span", len(t.Text.Chars)))
		out.State, out.StateName = t.State.String(), m.printer.State(t.State)
		out.Sub = m.subState(t.SubState)
		if t.SubState == bitext.SubStateMT {
			out.State = "machine"
		}
	}
	if n := len(fs); n > 0 {
		worst, _ := diag.MaxSeverity(fs)
		out.Findings, out.Worst = m.printer.Count("WebFindings", n), worst.String()
	}
	if n := m.notesAt(x); n > 0 {
		out.Notes = m.printer.Count("WebComments", n)
	}
	return out
}

// findingSpans marks what the findings of a segment point at.
func (m *rowMaker) findingSpans(i int, side string, length int) []span {
	return findingSpans(m.printer, m.findings[i], side, length)
}

func (m *rowMaker) termTitle(t bitext.TermMark) string {
	if t.DoNotTranslate {
		return m.printer.Text("TermDoNotTranslate")
	}
	return strings.Join(t.Targets, ", ")
}

// subState returns what a person must know of a sub-state; "" for nothing.
func (m *rowMaker) subState(sub string) string {
	switch {
	case sub == bitext.SubStateMT:
		return m.printer.Text("WebSubMachine")
	case sub == bitext.SubStateExact:
		return m.printer.Text("WebSubExact")
	case sub == bitext.SubStateCheck:
		return m.printer.Text("WebSubCheck")
	case sub == bitext.SubStateAligned:
		return m.printer.Text("WebSubAligned")
	case strings.HasPrefix(sub, bitext.SubStateFuzzy):
		return m.printer.Text("WebSubFuzzy")
	case strings.HasPrefix(sub, bitext.SubStateEdited):
		return m.printer.Text("WebSubEdited")
	}
	return ""
}

// html renders a row.
func (m *rowMaker) html(x row) (string, error) {
	var b bytes.Buffer
	name := "row"
	if x.Open != nil {
		name = "openrow"
	}
	err := templates()["article"].ExecuteTemplate(&b, name, x)
	return b.String(), err
}

// closedRow returns the row of a segment, as it was rendered before if nothing of it
// changed. The number of its notes is compared: a change of the memory does not tell it.
func (v *view) closedRow(m *rowMaker, i int) (string, error) {
	key := m.printer.Locale
	notes := m.notesAt(m.article.At(i))
	v.mu.Lock()
	if v.article != m.article {
		v.mu.Unlock()
		return m.html(m.row(i)) // somebody saved meanwhile
	}
	if v.rows == nil {
		v.rows = map[string][]string{}
	}
	rows := v.rows[key]
	if rows == nil {
		rows = make([]string, m.article.Len())
		v.rows[key] = rows
	}
	known := rows[i]
	v.mu.Unlock()
	mark := "<!--" + strconv.Itoa(notes) + "-->"
	if strings.HasPrefix(known, mark) {
		return known, nil
	}
	text, err := m.html(m.row(i))
	if err != nil {
		return "", err
	}
	text = mark + text
	v.mu.Lock()
	if v.article == m.article {
		rows[i] = text
	}
	v.mu.Unlock()
	return text, nil
}

// shown reports whether a filter and a query show a segment.
func (m *rowMaker) shown(i int, f show, query string, policy func(*bitext.Target) bool) bool {
	x := m.article.At(i)
	if query != "" && !strings.Contains(strings.ToLower(x.Segment.Source.Chars), query) && !strings.Contains(strings.ToLower(x.Target.Text.Chars), query) {
		return false
	}
	switch f {
	case showOpen:
		return !policy(x.Target)
	case showFindings:
		return len(m.findings[i]) > 0
	case showNotes:
		return m.notesAt(x) > 0
	case showReview:
		return x.Target.Filled && x.Target.State < bitext.Reviewed && x.Target.Origin.Kind != bitext.FromSource
	}
	return true
}

// place returns the article and the locale of a request.
func place(r *request) (name, locale string) {
	return r.PathValue("article"), r.PathValue("locale")
}

// segmentOf returns the index of the segment that a form or an address names.
func segmentOf(r *request, a *pipeline.OpenArticle) (int, bool) {
	return a.Find(r.FormValue("unit"), r.FormValue("segment"))
}

func (s *Server) showArticle(w http.ResponseWriter, r *request) error {
	name, locale := place(r)
	v, m, err := s.openRows(r, name, locale)
	if err != nil {
		return err
	}
	a := m.article
	open, isOpen := segmentOf(r, a)
	q := r.URL.Query()
	f, query := show(q.Get("show")), strings.ToLower(cleanLine(q.Get("q")))
	policy := r.project.Config.PolicyFor(locale)
	doc := a.Translation().Document
	b := articleBody{
		Article: name, Title: titleOf(doc), Locale: locale, Language: r.printer.Language(locale), SourceLocale: doc.Locale,
		SourceDir: locales.Direction(doc.Locale), TargetDir: locales.Direction(locale), Query: cleanLine(q.Get("q")),
		MayApprove: r.user.May(Reviewer, locale), MayEdit: r.user.May(Translator, locale),
		Preview: link("preview", locale, name), Links: map[string]string{},
	}
	for _, kind := range []string{"save", "check", "draft", "note", "rows", "undo", "approve", "changes", "a"} {
		b.Links[kind] = link(kind, locale, name)
	}
	b.progress = progressOf(r, a, locale)
	for i := range a.Len() {
		if !m.shown(i, f, query, policy.Publishable) && !(isOpen && i == open) {
			continue
		}
		var text string
		if isOpen && i == open {
			x, err := s.openRow(r, m, i)
			if err != nil {
				return err
			}
			if text, err = m.html(x); err != nil {
				return err
			}
		} else if text, err = v.closedRow(m, i); err != nil {
			return err
		}
		b.Rows = append(b.Rows, template.HTML(text))
	}
	b.Shown = r.printer.Count("WebSegments", len(b.Rows))
	for _, c := range []struct {
		show show
		name string
	}{
		{showAll, r.printer.Text("WebShowAll")}, {showOpen, r.printer.Text("WebShowOpen")}, {showReview, r.printer.Text("WebShowReview")},
		{showFindings, r.printer.Text("WebShowFindings")}, {showNotes, r.printer.Text("WebShowComments")},
	} {
		b.Filters = append(b.Filters, choice{string(c.show), c.name, c.show == f})
	}
	for _, l := range r.project.targets() {
		b.Others = append(b.Others, choice{link("a", l, name), r.printer.Language(l), l == locale})
	}
	if c, ok := s.cellOf(name, locale); ok {
		cell := newBoardCell(r.printer, name, c)
		b.Cell = &cell
	}
	if b.ArticleNotes, err = s.notesOn(r, name, locale, func(at string) bool { return at == "" }); err != nil {
		return err
	}
	p := s.newPage(r, "article", b.Title+" – "+b.Language, &b)
	if batch := q.Get("saved"); batch != "" {
		p.Notice = r.printer.Text("WebSaved")
		if n, err := strconv.Atoi(q.Get("others")); err == nil && n > 0 {
			if q.Get("propagated") != "" {
				p.Notice += " " + r.printer.Count("WebPropagated", n)
			} else {
				p.Notice += " " + r.printer.Count("WebOthersKept", n)
			}
		}
		if x, ok := s.batches.find(batch); ok && x.article == name && x.locale == locale && s.batches.mayUndo(batch, r.user) {
			b.Undo = batch
		}
	}
	return s.render(w, http.StatusOK, "article", p)
}

// rowsAnswer is what the script of the page gets after it changed something. Rows are
// the elements to replace, by their ids. Undo is the batch that can be undone.
type rowsAnswer struct {
	Rows     map[string]string `json:"rows"`
	Notice   string            `json:"notice,omitempty"`
	Undo     string            `json:"undo,omitempty"`
	Conflict bool              `json:"conflict,omitempty"`
	Problem  string            `json:"problem,omitempty"`
	Progress string            `json:"progress,omitempty"`
	Ratio    int               `json:"ratio"`
}

// showRows is GET /rows: closed rows by their ids, and the open one.
func (s *Server) showRows(w http.ResponseWriter, r *request) error {
	name, locale := place(r)
	v, m, err := s.openRows(r, name, locale)
	if err != nil {
		return err
	}
	a := m.article
	answer := s.answer(r, a, locale)
	if i, ok := segmentOf(r, a); ok {
		if err := s.addOpen(r, m, &answer, i); err != nil {
			return err
		}
	}
	if err := s.addClosed(v, m, &answer, strings.Split(r.FormValue("rows"), ",")); err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, answer)
	return nil
}

// addClosed adds the closed rows with some ids, if they are not there yet.
func (s *Server) addClosed(v *view, m *rowMaker, answer *rowsAnswer, ids []string) error {
	for _, id := range ids[:min(len(ids), 500)] {
		number, ok := strings.CutPrefix(id, "s")
		n, err := strconv.Atoi(number)
		if !ok || err != nil || n < 1 || n > m.article.Len() || answer.Rows[id] != "" {
			continue
		}
		if answer.Rows[id], err = v.closedRow(m, n-1); err != nil {
			return err
		}
	}
	return nil
}

// progress is how much of an article may be published: for people, and in percent of its
// words.
type progress struct {
	Progress string
	Ratio    int
}

func progressOf(r *request, a *pipeline.OpenArticle, locale string) progress {
	policy := r.project.Config.PolicyFor(locale)
	ready, words, readyWords := 0, 0, 0
	for _, x := range a.Segments() {
		n := bitext.CountWords(x.Segment.Source.Chars)
		words += n
		if policy.Publishable(x.Target) {
			ready++
			readyWords += n
		}
	}
	ratio := 100
	if words > 0 {
		ratio = readyWords * 100 / words
	}
	return progress{r.printer.Text("WebProgress", console.Args{"Ready": ready, "All": a.Len(), "Percent": percent(r.printer, ratio)}), ratio}
}

// answer returns an answer with the progress of the article.
func (s *Server) answer(r *request, a *pipeline.OpenArticle, locale string) rowsAnswer {
	p := progressOf(r, a, locale)
	return rowsAnswer{Rows: map[string]string{}, Progress: p.Progress, Ratio: p.Ratio}
}

// addOpen adds the open row of a segment to an answer.
func (s *Server) addOpen(r *request, m *rowMaker, answer *rowsAnswer, i int) error {
	x, err := s.openRow(r, m, i)
	if err == nil {
		answer.Rows[rowID(i)], err = m.html(x)
	}
	return err
}

// neighbour returns the address of a segment; "" if the article has none at that index.
func (m *rowMaker) neighbour(i int) string {
	if i < 0 || i >= m.article.Len() {
		return ""
	}
	x := m.article.At(i)
	return link("a", m.locale, m.name) + "?" + url.Values{"unit": {x.Unit.ID}, "segment": {x.Segment.ID}}.Encode() + "#" + rowID(i)
}

// twins returns the locales of the same language in another script, of which an editor
// sees the translation beside this one.
func twins(p *project, locale string) []string {
	var out []string
	for _, l := range p.targets() {
		if l != locale && tag.SameLanguage(l, locale) && locales.Script(l) != locales.Script(locale) {
			out = append(out, l)
		}
	}
	return out
}
