package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/workspace"
	"hexapla/glossary"
	"hexapla/locales"
	"hexapla/pipeline/diag"
)

// termsBody is the glossary in a locale.
type termsBody struct {
	Locale, Language string
	Dir, SourceDir   string
	SourceLocale     string
	Locales          []choice
	Sources          []choice // the locales that articles are translated from; none if there is one
	Query            string
	Concepts         []conceptItem
	Count            string
	More             bool
	MayEdit          bool
	File             string // that new terms are written to; "" if there is no place for them
	Proposal         proposal
	Statuses         []choice
	Impact           *impact
	Problems         []remark
}

type conceptItem struct {
	ID, Definition, Notes string
	Source, Target        []termForm
}

type termForm struct {
	Text, Status, StatusName, Note string
	Edit                           string // the address of its form; "" if nobody may change it here
}

// proposal is a term that somebody wants to add, or a change of one. Old is the text of
// the term that is to be changed, empty for a new one. From is the locale of Source.
type proposal struct {
	Concept, Source, Target, Status, Note string
	Old                                   string
	Remove                                bool
	From                                  string
}

// impact is what a proposal would change: the segments that have its source.
type impact struct {
	Summary  string
	Articles []impactArticle
	Segments int
	Against  int
	Partial  bool // not all articles were looked at
}

type impactArticle struct {
	Article, Title, Link string
	Segments             int
	Against              int // translations that the checks would find fault with
	Count, AgainstCount  string
}

const (
	maxConcepts = 300
	maxImpact   = 5000 // articles that are looked at
)

func (s *Server) showTerms(w http.ResponseWriter, r *request) error {
	q, locale := r.URL.Query(), s.termLocale(r)
	from := q.Get("from")
	if from == locale {
		from = "" // the person has chosen another locale in the form
	}
	from, err := s.termSource(r, locale, from)
	if err != nil {
		return err
	}
	p := proposal{From: from, Concept: cleanLine(q.Get("concept")), Source: cleanLine(q.Get("source")), Target: cleanLine(q.Get("target")), Status: q.Get("status"), Old: cleanLine(q.Get("old"))}
	if p.Old != "" {
		c, t := findTerm(r.project.Glossary, p.Concept, locale, p.Old)
		if t == nil {
			return errNoArticle
		}
		p.Target, p.Status, p.Note = t.Text, t.Status.String(), t.Note
		for i := range c.Terms {
			if c.Terms[i].Locale == from {
				p.Source = c.Terms[i].Text
				break
			}
		}
	}
	return s.writeTerms(w, r, http.StatusOK, p, q.Has("target") && p.Old == "", nil)
}

// termLocale returns the locale of the request's terms, as messageLocale that of its
// messages.
func (s *Server) termLocale(r *request) string {
	if l := r.FormValue("locale"); slices.Contains(s.termTargets(r.project), l) {
		return l
	}
	return s.messageLocale(r)
}

// termTargets returns the locales that terms are translated into: with the project's source
// locale if some article is in another one.
func (s *Server) termTargets(p *project) []string {
	sources := s.sourceLocales(p)
	return slices.DeleteFunc(slices.Clone(p.Targets), func(l string) bool { return len(sources) == 1 && sources[0] == l })
}

// termSources returns the locales that articles are translated from into a locale, the
// project's first.
func (s *Server) termSources(p *project, locale string) []string {
	return slices.DeleteFunc(s.sourceLocales(p), func(l string) bool { return l == locale })
}

// termSource returns the locale of the source terms for those of a locale: the one that is
// asked for, or without one the first of termSources.
func (s *Server) termSource(r *request, locale, asked string) (string, error) {
	sources := s.termSources(r.project, locale)
	switch {
	case asked == "" && len(sources) > 0:
		return sources[0], nil
	case slices.Contains(sources, asked):
		return asked, nil
	}
	return "", newStatus(http.StatusBadRequest, r.printer.Text("WebTermSource", console.Args{"Source": cleanLine(asked), "Locale": locale}))
}

// termsLink returns the address of the terms of a locale that correspond to those of a
// source locale.
func termsLink(p *project, from, locale string, q url.Values) string {
	q.Set("locale", locale)
	if from != p.Config.Project.Source {
		q.Set("from", from)
	}
	return "/terms?" + q.Encode()
}

// findTerm returns the term of a concept in a locale, or in one that it takes terms from,
// with its concept; nil if there is none.
func findTerm(g *glossary.Glossary, id, locale, text string) (*glossary.Concept, *glossary.Term) {
	if g == nil {
		return nil, nil
	}
	for i := range g.Concepts {
		c := &g.Concepts[i]
		for j := range c.Terms {
			if t := &c.Terms[j]; c.ID == id && t.Text == text && isTermOf(t, locale) {
				return c, t
			}
		}
	}
	return nil, nil
}

// isTermOf reports whether editions in a locale have a term.
func isTermOf(t *glossary.Term, locale string) bool {
	return t.Locale == locale || slices.Contains(locales.Parents(locale), t.Locale)
}

// writeTerms shows the glossary, with the form of a proposal if it has a source, and with
// its impact if that is asked for.
func (s *Server) writeTerms(w http.ResponseWriter, r *request, code int, p proposal, withImpact bool, problems []remark) error {
	locale, source := s.termLocale(r), p.From
	b := termsBody{
		Locale: locale, Language: r.printer.Language(locale), Dir: locales.Direction(locale), SourceLocale: source, SourceDir: locales.Direction(source),
		Query: cleanLine(r.FormValue("q")), MayEdit: r.user.May(Editor, locale), File: termsFile(r.project), Proposal: p, Problems: problems,
	}
	for _, l := range s.termTargets(r.project) {
		b.Locales = append(b.Locales, choice{l, r.printer.Language(l), l == locale})
	}
	if sources := s.termSources(r.project, locale); len(sources) > 1 {
		for _, l := range sources {
			b.Sources = append(b.Sources, choice{l, r.printer.Language(l), l == source})
		}
	}
	for _, st := range []glossary.Status{glossary.Preferred, glossary.Admitted, glossary.Deprecated, glossary.Forbidden} {
		b.Statuses = append(b.Statuses, choice{st.String(), statusName(r.printer, st), st.String() == p.Status})
	}
	b.Concepts, b.More = s.listTerms(r, source, locale, b.Query)
	b.Count = r.printer.Count("Concepts", len(b.Concepts))
	if p.Source != "" && p.Target != "" && withImpact {
		i, err := s.impactOf(r, locale, p)
		if err != nil {
			return err
		}
		b.Impact = i
	}
	return s.render(w, code, "terms", s.newPage(r, "terms", r.printer.Text("WebTerms"), b))
}

// listTerms returns the concepts whose terms, id or definition contain a text, and
// whether there are more than are returned.
func (s *Server) listTerms(r *request, source, locale, query string) (out []conceptItem, more bool) {
	if r.project.Glossary == nil {
		return nil, false
	}
	fold := strings.ToLower(query)
	for _, c := range r.project.Glossary.Concepts {
		item := conceptItem{ID: c.ID, Definition: c.Definition, Notes: strings.Join(c.Notes, "; ")}
		match := fold == "" || strings.Contains(strings.ToLower(c.ID+"\n"+c.Definition), fold)
		for i := range c.Terms {
			t := &c.Terms[i]
			form := termForm{Text: t.Text, Status: t.Status.String(), StatusName: statusName(r.printer, t.Status), Note: t.Note}
			match = match || strings.Contains(strings.ToLower(t.Text), fold)
			if t.Locale == source || t.Locale == glossary.AnyLocale {
				item.Source = append(item.Source, form)
			} else if isTermOf(t, locale) {
				if r.user.May(Editor, t.Locale) && strings.EqualFold(path.Ext(t.Place.Path), ".csv") {
					form.Edit = termsLink(r.project, source, locale, url.Values{"q": {query}, "concept": {c.ID}, "old": {t.Text}})
				}
				item.Target = append(item.Target, form)
			}
		}
		if !match {
			continue
		}
		if len(out) == maxConcepts {
			return out, true
		}
		out = append(out, item)
	}
	return out, false
}

func statusName(p console.Printer, s glossary.Status) string {
	switch s {
	case glossary.Admitted:
		return p.Text("WebTermAdmitted")
	case glossary.Deprecated:
		return p.Text("WebTermDeprecated")
	case glossary.Forbidden:
		return p.Text("WebTermForbidden")
	case glossary.DoNotTranslate:
		return p.Text("TermDoNotTranslate")
	}
	return p.Text("WebTermPreferred")
}

// concept returns the proposal as a concept of its own.
func (p proposal) concept(locale string) glossary.Concept {
	status, _ := glossary.ParseStatus(cmp.Or(p.Status, "preferred"))
	return glossary.Concept{ID: cmp.Or(p.Concept, p.Source), Terms: []glossary.Term{
		{Locale: p.From, Text: p.Source, Status: glossary.Preferred}, {Locale: locale, Text: p.Target, Status: status, Note: p.Note},
	}}
}

// conceptAfter returns the concept of a proposal as it would be, with its terms in a
// locale.
func conceptAfter(p proposal, g *glossary.Glossary, locale string) glossary.Concept {
	own := p.concept(locale)
	if g == nil {
		return own
	}
	i := slices.IndexFunc(g.Concepts, func(c glossary.Concept) bool {
		if p.Concept != "" {
			return c.ID == p.Concept
		}
		return slices.ContainsFunc(c.Terms, func(t glossary.Term) bool { return t.Locale == p.From && t.Text == p.Source })
	})
	if i < 0 {
		return own
	}
	out := glossary.Concept{ID: g.Concepts[i].ID}
	changed := false
	for _, t := range g.Concepts[i].Terms {
		if isTermOf(&t, locale) && t.Text == cmp.Or(p.Old, p.Target) {
			changed = true
			if p.Remove {
				continue
			}
			t.Text, t.Status, t.Note = p.Target, own.Terms[1].Status, p.Note
		}
		out.Terms = append(out.Terms, t)
	}
	if !changed && p.Old == "" {
		out.Terms = append(out.Terms, own.Terms[1])
	}
	return out
}

// impactOf finds the segments of all articles that a proposal concerns.
func (s *Server) impactOf(r *request, locale string, p proposal) (*impact, error) {
	g := glossary.Glossary{Concepts: []glossary.Concept{conceptAfter(p, r.project.Glossary, locale)}}
	matcher := g.Matcher(p.From, locale, locales.Parents)
	out := &impact{}
	for n, article := range r.project.Articles {
		if n == maxImpact {
			out.Partial = true
			break
		}
		if err := r.Context().Err(); err != nil {
			return nil, err
		}
		doc, err := r.project.readDocument(article.Path)
		if err != nil {
			continue // the board says why
		}
		if doc.Locale == locale || doc.Locale != p.From && !slices.Contains(locales.Parents(doc.Locale), p.From) {
			continue // it has the terms of another language
		}
		found := false
		for i := range doc.Units {
			found = found || len(matcher.Mark(doc.Units[i].Source.Chars)) > 0
		}
		if !found {
			continue
		}
		_, a, err := s.openView(r.Context(), r.project, article.Path, locale)
		if err != nil {
			return nil, err
		}
		x := impactArticle{Article: article.Path, Title: s.board.title(article.Path), Link: link("a", locale, article.Path) + "?" + url.Values{"q": {p.Source}}.Encode()}
		for _, seg := range a.Segments() {
			marks := matcher.Mark(seg.Segment.Source.Chars)
			if len(marks) == 0 {
				continue
			}
			x.Segments++
			if seg.Target.Filled && len(glossary.Check(locale, marks, seg.Target.Text.Chars)) > 0 {
				x.Against++
			}
		}
		if x.Segments > 0 {
			x.Count, x.AgainstCount = r.printer.Count("WebSegments", x.Segments), r.printer.Count("WebImpactAgainst", x.Against)
			out.Segments, out.Against = out.Segments+x.Segments, out.Against+x.Against
			out.Articles = append(out.Articles, x)
		}
	}
	out.Summary = r.printer.Text("WebImpactSummary", console.Args{
		"Segments": r.printer.Count("WebSegments", out.Segments), "Articles": r.printer.Count("Articles", len(out.Articles)), "Against": r.printer.Count("WebImpactAgainst", out.Against),
	})
	return out, nil
}

// termsFile returns the file that new terms are written to: one of its own beside the
// first glossary, so that the files of other programs stay as they are. It must be one
// that the configuration reads; else it is "".
func termsFile(p *project) string {
	for _, pattern := range p.Config.Glossary.Files {
		base, _ := doublestar.SplitPattern(path.Clean(pattern))
		name := path.Join(base, "review.csv")
		if ok, err := doublestar.Match(path.Clean(pattern), name); ok && err == nil {
			return name
		}
	}
	return ""
}

// saveTerm is POST /terms: it shows the impact of a proposal, or does what it says.
func (s *Server) saveTerm(w http.ResponseWriter, r *request) error {
	locale := r.PostFormValue("locale")
	if locale != s.termLocale(r) || !r.user.May(Editor, locale) {
		return r.forbidden()
	}
	from, err := s.termSource(r, locale, r.PostFormValue("from"))
	if err != nil {
		return err
	}
	p := proposal{
		From:    from,
		Concept: cleanLine(r.PostFormValue("concept")), Source: cleanLine(r.PostFormValue("source")), Target: cleanLine(r.PostFormValue("target")), Status: r.PostFormValue("status"),
		Note: cleanLine(r.PostFormValue("note")), Old: cleanLine(r.PostFormValue("old")), Remove: r.PostFormValue("remove") != "",
	}
	if r.PostFormValue("impact") != "" {
		return s.writeTerms(w, r, http.StatusOK, p, true, nil)
	}
	problems, err := s.storeTerm(r, locale, p, r.PostFormValue("force") != "")
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return s.writeTerms(w, r, http.StatusUnprocessableEntity, p, true, problems)
	}
	http.Redirect(w, r.Request, termsLink(r.project, from, locale, url.Values{"q": {p.Source}}), http.StatusSeeOther)
	return nil
}

// storeTerm writes a proposal into the glossary: a new term into a file of the page's
// own, a change into the row where the term stands. It returns why it did not: what is
// wrong with the proposal, or, unless it is forced, what the glossary would have against
// it.
func (s *Server) storeTerm(r *request, locale string, p proposal, force bool) (problems []remark, err error) {
	if !slices.Contains(s.termTargets(r.project), locale) || !r.user.May(Editor, locale) {
		return nil, r.forbidden()
	}
	status, ok := glossary.ParseStatus(cmp.Or(p.Status, "preferred"))
	if p.Source == "" || p.Target == "" || !ok {
		return remarks(r.printer.Text("WebTermWrong")), nil
	}
	s.saves.Lock()
	defer s.saves.Unlock()
	var name string
	var data []byte
	if p.Old != "" {
		_, old := findTerm(r.project.Glossary, p.Concept, locale, p.Old)
		if old == nil {
			return nil, errNoArticle
		}
		if !r.user.May(Editor, old.Locale) {
			return nil, r.forbidden()
		}
		name = old.Place.Path
		if data, err = r.project.Dir.ReadFile(name); err != nil {
			return nil, err
		}
		now := &glossary.Term{Text: p.Target, Status: status, Note: p.Note}
		if p.Remove {
			now = nil
		}
		data, err = glossary.EditTable(data, *old, now)
		if errors.Is(err, glossary.ErrNotEditable) || errors.Is(err, glossary.ErrNoTerm) {
			return remarks(r.printer.Text("WebTermElsewhere", console.Args{"File": name})), nil
		}
	} else {
		name, data, problems, err = withNewTerm(r.printer, r.project, locale, p)
		if name == "" && err == nil && problems == nil {
			problems = remarks(r.printer.Text("WebTermWrong"))
		}
	}
	if err != nil || len(problems) > 0 {
		return problems, err
	}
	if !force {
		if problems, err = newProblems(r.printer, r.project, name, data); err != nil || len(problems) > 0 {
			return problems, err
		}
	}
	if _, err := r.project.Dir.WriteFile(name, data); err != nil {
		return nil, err
	}
	s.reopen(context.WithoutCancel(r.Context()))
	return nil, nil
}

// withNewTerm returns the file of the page's own terms with a new one in it.
func withNewTerm(printer console.Printer, p *project, locale string, x proposal) (name string, data []byte, problems []remark, err error) {
	if name = termsFile(p); name == "" {
		return "", nil, nil, nil
	}
	own := &glossary.Glossary{}
	if p.Dir.Exists(name) {
		if data, err = p.Dir.ReadFile(name); err != nil {
			return name, nil, nil, err
		}
		var ds []diag.Diagnostic
		own, ds = workspace.ParseGlossary(name, data, glossary.TableOptions{SourceLocale: p.Config.Project.Source})
		for _, d := range ds {
			if d.Severity == diag.Error {
				return name, nil, []remark{findingIn(printer, d)}, nil // what cannot be read would be lost
			}
		}
	}
	concept := x.concept(locale)
	if g := p.Glossary; x.Concept == "" && g != nil {
		// The same source term is the same concept, unless the person says another.
		if i := slices.IndexFunc(g.Concepts, func(c glossary.Concept) bool {
			return slices.ContainsFunc(c.Terms, func(t glossary.Term) bool { return t.Locale == x.From && t.Text == x.Source })
		}); i >= 0 {
			concept.ID = g.Concepts[i].ID
		}
	}
	merged := own.Merge(&glossary.Glossary{Concepts: []glossary.Concept{concept}})
	return name, glossary.EncodeCSV(merged, ','), nil, nil
}

// newProblems returns what the checks of glossaries find in that of a project with
// another content of one of its files, and do not find in it as it is.
func newProblems(printer console.Printer, p *project, name string, data []byte) ([]remark, error) {
	names, err := p.Dir.Glob(p.Config.Glossary.Files)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(names, name) {
		names = append(names, name)
		slices.Sort(names)
	}
	known := map[string]bool{}
	if p.Glossary != nil {
		for _, d := range p.Glossary.Lint() {
			known[d.Message] = true
		}
	}
	all := &glossary.Glossary{}
	for _, n := range names {
		content := data
		if n != name {
			if content, err = p.Dir.ReadFile(n); err != nil {
				return nil, err
			}
		}
		g, _ := workspace.ParseGlossary(n, content, glossary.TableOptions{SourceLocale: p.Config.Project.Source})
		all = all.Merge(g)
	}
	var out []remark
	for _, d := range all.Lint() {
		if !known[d.Message] {
			out = append(out, remarkOn(printer, d))
		}
	}
	return out, nil
}
