package web

import (
	"fmt"
	"strings"
	"time"

	"hexapla/cmd/internal/console"
	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/memory"
)

// detail is what the page shows of the segment that a person works on.
type detail struct {
	CSRF        string
	Links       map[string]string
	Text        string // tagged
	Typed       string // what the person typed, if it was not saved
	Base        string
	MayEdit     bool
	MayApprove  bool
	CanTakeBack bool // the state is above translated
	Codes       []*codeChip
	Multiline   bool
	MaxLength   int
	Matches     []matchItem
	Terms       []termItem
	Findings    []apiFinding
	History     []versionItem
	Notes       []noteThread
	UnitNotes   []string // of the author
	Twins       []twinItem
	Places      string // how many places have this source
	PlacesOther bool
	CanDraft    bool
	Price       string
	Here        string // the address of the row
	Language    string // of the translation
	Previous    string
	Next        string
	Problem     string // why the text was not saved
	MayForce    bool
	Conflict    *conflict
	State       bitext.State
	Filled      bool
	Machine     bool
}

// conflict is what somebody else saved while a person worked on the same segment.
type conflict struct {
	By, When string
	Text     string // tagged
	Pieces   []piece
}

type matchItem struct {
	Key        string // of the keyboard: 1 to 9
	Type       string
	Score      string
	Difference []piece // of the sources
	Target     []piece
	Text       string // tagged
	Origin     string
	NotUsable  string
	Machine    bool
}

type termItem struct {
	Source         string
	Targets        []string
	Forbidden      string
	DoNotTranslate bool
	Note           string
	Used           bool // a form of it is in the target
}

type versionItem struct {
	Who, When, ISO, StateName string
	Pieces                    []piece
	Text                      string
	Current, Withdrawn        bool
}

// twinItem is the segment in another script of the language, which is edited beside this
// one.
type twinItem struct {
	Locale, Language, Dir string
	Text, Base            string // as in detail
	Link, Save            string
	MayEdit               bool
}

// maxMatches and maxHistory limit what is shown of one segment.
const (
	maxMatches = 9
	maxHistory = 20
)

// openRow returns the row of the segment that a person works on.
func (s *Server) openRow(r *request, m *rowMaker, i int) (row, error) {
	out := m.row(i)
	x := m.article.At(i)
	source, t := x.Segment.Source, x.Target
	d := &detail{
		Language: r.printer.Language(m.locale),
		Links:    map[string]string{}, Text: t.Text.TaggedAs(source), Base: targetBase(t, source), MayEdit: r.user.May(Translator, m.locale), MayApprove: r.user.May(Reviewer, m.locale),
		Codes: chips(source), Multiline: x.Unit.Preserve || strings.Contains(source.Chars, "\n"), MaxLength: x.Unit.MaxLength,
		Here: m.neighbour(i), Previous: m.neighbour(i - 1), Next: m.neighbour(i + 1), State: t.State, Filled: t.Filled, Machine: t.SubState == bitext.SubStateMT,
	}
	if r.session != nil {
		d.CSRF = r.session.csrf
	}
	for _, kind := range []string{"save", "draft", "note", "approve"} {
		d.Links[kind] = link(kind, m.locale, m.name)
	}
	d.CanTakeBack = t.Filled && t.State > bitext.Translated && t.Origin.Kind != bitext.FromSource && t.Origin.Kind != bitext.FromCatalog
	for _, n := range x.Unit.Notes {
		d.UnitNotes = append(d.UnitNotes, n.Text)
	}
	used := r.project.TermsIn(m.article.Translation().Document.Locale, m.locale, t.Text)
	if t.Filled {
		out.Target = pieces(t.Text, source, append(termSpans(used, func(u bitext.TermMark) string { return u.Source }), m.findingSpans(i, "target_span", len(t.Text.Chars))...))
	}
	d.Terms = termItems(t.Terms, used)
	d.Findings = findingItems(r.printer, m.findings[i])
	var err error
	if d.Matches, err = s.matches(r, m, i); err != nil {
		return out, err
	}
	if d.History, err = s.history(r, m.article, i); err != nil {
		return out, err
	}
	if d.Notes, err = s.notesOn(r, m.name, m.locale, func(at string) bool {
		return at == x.Unit.ID || at == x.Unit.ID+"/"+x.Segment.ID
	}); err != nil {
		return out, err
	}
	for _, l := range twins(r.project, m.locale) {
		_, other, err := s.openView(r.Context(), r.project, m.name, l)
		if err != nil {
			return out, err
		}
		j, ok := other.Find(x.Unit.ID, x.Segment.ID)
		if !ok {
			continue
		}
		y := other.At(j)
		d.Twins = append(d.Twins, twinItem{
			Locale: l, Language: r.printer.Language(l), Dir: locales.Direction(l), Text: y.Target.Text.TaggedAs(y.Segment.Source), Base: targetBase(y.Target, y.Segment.Source),
			Link: (&rowMaker{request: r, article: other, name: m.name, locale: l}).neighbour(j), Save: link("save", l, m.name), MayEdit: r.user.May(Translator, l),
		})
	}
	if n := len(m.article.WithKey(x.Key)) - 1; n > 0 {
		d.Places, d.PlacesOther = r.printer.Count("WebSamePlaces", n), true
	} else if s.elsewhere(r.project, m.name, m.article.Translation().Document.Locale, x.Key) {
		d.Places, d.PlacesOther = r.printer.Text("WebSameElsewhere"), true
	}
	if r.project.chain != nil && d.MayEdit && r.project.chain.Serves(m.article.Translation().Document.Locale, m.locale) {
		d.CanDraft = true
		for _, e := range r.project.EstimateDraft(r.Context(), r.project.chain, m.article, i) {
			if e.Cost > 0 {
				d.Price = r.printer.Text("WebPrice", console.Args{"Price": fmt.Sprintf("%.4f %s", e.Cost, e.Currency)})
			}
		}
	}
	out.Open = d
	return out, nil
}

// elsewhere reports whether another article has a text in a source locale.
func (s *Server) elsewhere(p *project, name, source, key string) bool {
	s.board.mu.RLock()
	ready := s.board.ready
	s.board.mu.RUnlock()
	return ready && len(s.withSource(p, name, source, key)) > 1
}

func termItems(terms, used []bitext.TermMark) []termItem {
	concepts := map[string]bool{}
	for _, u := range used {
		concepts[u.Concept] = true
	}
	seen := map[string]bool{}
	var out []termItem
	for _, t := range terms {
		if key := t.Concept + "\x00" + t.Source; !seen[key] {
			seen[key] = true
			out = append(out, termItem{t.Source, t.Targets, strings.Join(t.Forbidden, ", "), t.DoNotTranslate, t.Note, concepts[t.Concept]})
		}
	}
	return out
}

func findingItems(p console.Printer, ds []diag.Diagnostic) []apiFinding {
	out := []apiFinding{}
	for _, d := range ds {
		f := apiFinding{Severity: d.Severity.String(), SeverityName: severityName(p, d.Severity), Message: p.Message(d), Hint: p.Hint(d), ID: d.ID}
		if s, ok := d.Args["target_span"].([]int); ok {
			f.Span = s
		}
		if s, ok := d.Args["source_span"].([]int); ok {
			f.SourceSpan = s
		}
		out = append(out, f)
	}
	return out
}

func severityName(p console.Printer, s diag.Severity) string {
	switch s {
	case diag.Error:
		return p.Text("WebError")
	case diag.Warning:
		return p.Text("WebWarning")
	}
	return p.Text("WebInfo")
}

// matches returns what the memory has for a segment, but for the text that is in use.
func (s *Server) matches(r *request, m *rowMaker, i int) ([]matchItem, error) {
	found, err := r.project.Matches(r.Context(), m.article, i, maxMatches)
	if err != nil {
		return nil, err
	}
	x := m.article.At(i)
	source := x.Segment.Source
	var out []matchItem
	for _, f := range found {
		if x.Target.Filled && f.Target.Equal(x.Target.Text) {
			continue
		}
		var text bitext.Text
		// A fuzzy match has the codes of its own source: those with the same numbers are
		// those of the segment.
		tagged := f.Target.TaggedAs(f.Source)
		if bound, err := bitext.ParseTagged(tagged, source); err == nil {
			text, tagged = bound, bound.TaggedAs(source)
		} else {
			text, tagged = bitext.Plain(f.Target.Chars), bitext.Plain(f.Target.Chars).Tagged()
		}
		item := matchItem{
			Key: fmt.Sprint(len(out) + 1), Score: percent(r.printer, f.Score), Target: pieces(text, source, nil), Text: tagged,
			Origin: r.printer.Origin(f.Origin), Machine: f.Origin.Kind == bitext.FromEngine,
		}
		switch f.Type {
		case bitext.InContextMatch:
			item.Type = r.printer.Text("WebMatchContext")
		case bitext.ExactMatch:
			item.Type = r.printer.Text("WebMatchExact")
		default:
			item.Type = r.printer.Text("WebMatchFuzzy")
			item.Difference = compare(f.Source.Chars, source.Chars)
		}
		switch f.NotUsable {
		case bitext.ReasonAmbiguous:
			item.NotUsable = r.printer.Text("WebMatchAmbiguous")
		case bitext.ReasonNumber:
			item.NotUsable = r.printer.Text("WebMatchNumber")
		case bitext.ReasonCodes:
			item.NotUsable = r.printer.Text("WebMatchCodes")
		case bitext.ReasonTerms:
			item.NotUsable = r.printer.Text("WebMatchTerms")
		case bitext.ReasonMerged:
			item.NotUsable = r.printer.Text("WebMatchMerged")
		}
		if item.Machine && f.Type < bitext.ExactMatch {
			continue
		}
		out = append(out, item)
	}
	return out, nil
}

// versions returns the last versions of a segment's translation, the newest last.
func (s *Server) versions(r *request, a *pipeline.OpenArticle, i int) ([]memory.Version, error) {
	x := a.At(i)
	tr := a.Translation()
	var all []memory.Version
	for v, err := range r.project.Store.History(r.Context(), memory.Filter{SourceLocale: tr.Document.Locale, TargetLocale: tr.Locale, Source: x.Segment.Source}) {
		if err != nil {
			return nil, err
		}
		if v.Entry.Place != "" && r.project.PresentPlace(v.Entry.Place) != x.Place {
			continue
		}
		if all = append(all, v); len(all) > 4*maxHistory {
			all = all[len(all)-maxHistory:]
		}
	}
	return all, nil
}

// history returns the versions of a segment's translation, the newest first.
func (s *Server) history(r *request, a *pipeline.OpenArticle, i int) ([]versionItem, error) {
	all, err := s.versions(r, a, i)
	if err != nil {
		return nil, err
	}
	var out []versionItem
	for n := len(all) - 1; n >= 0 && len(out) < maxHistory; n-- {
		e := all[n].Entry
		item := versionItem{
			Who: who(r.printer, e.Origin), When: moment(r.printer, e.Origin.Time), ISO: iso(e.Origin.Time), StateName: r.printer.State(e.State),
			Text: e.Target.TaggedAs(e.Source), Current: all[n].Current, Withdrawn: all[n].Withdrawn != 0,
		}
		before := ""
		if n > 0 {
			before = all[n-1].Entry.Target.Chars
		}
		if before == "" {
			item.Pieces = []piece{{Text: e.Target.Chars}}
		} else {
			item.Pieces = compare(before, e.Target.Chars)
		}
		out = append(out, item)
	}
	return out, nil
}

// who returns who made a translation, for people: a person by name alone.
func who(p console.Printer, o bitext.Origin) string {
	if o.Kind == bitext.FromHuman && o.Name != "" {
		return o.Name
	}
	return p.Origin(o)
}

// moment returns a time for people: the day and the hour, in UTC.
func moment(p console.Printer, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return locales.FormatDate(p.Locale, t.UTC(), locales.Medium) + " " + locales.FormatTime(p.Locale, t.UTC())
}

func iso(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
