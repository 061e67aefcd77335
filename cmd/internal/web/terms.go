package web

import (
	"bytes"
	"cmp"
	"context"
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
	Locales          []choice
	Query            string
	Concepts         []conceptItem
	Count            string
	More             bool
	MayEdit          bool
	File             string // that new terms are written to; "" if there is no place for them
	Proposal         proposal
	Statuses         []choice
	Impact           *impact
	Problems         []string
}

type conceptItem struct {
	ID, Definition, Notes string
	Source, Target        []termForm
}

type termForm struct {
	Text, Status, StatusName, Note string
}

// proposal is a term that somebody wants to add.
type proposal struct {
	Concept, Source, Target, Status, Note string
}

// impact is what a new term would change: the segments that have its source.
type impact struct {
	Summary  string
	Articles []impactArticle
	Partial  bool // not all articles were looked at
}

type impactArticle struct {
	Article, Title, Link string
	Segments             int
	Against              int // translations that do not have the term
	Count, AgainstCount  string
}

const (
	maxConcepts = 300
	maxImpact   = 5000 // articles that are looked at
)

func (s *Server) showTerms(w http.ResponseWriter, r *request) error {
	q := r.URL.Query()
	return s.writeTerms(w, r, http.StatusOK, proposal{cleanLine(q.Get("concept")), cleanLine(q.Get("source")), cleanLine(q.Get("target")), q.Get("status"), ""}, nil)
}

func (s *Server) writeTerms(w http.ResponseWriter, r *request, code int, p proposal, problems []string) error {
	locale := s.messageLocale(r)
	source := r.project.Config.Project.Source
	b := termsBody{
		Locale: locale, Language: r.printer.Language(locale), Dir: locales.Direction(locale), SourceDir: locales.Direction(source),
		Query: cleanLine(r.FormValue("q")), MayEdit: r.user.May(Editor, locale), File: termsFile(r.project), Proposal: p, Problems: problems,
	}
	for _, l := range r.project.targets() {
		b.Locales = append(b.Locales, choice{l, r.printer.Language(l), l == locale})
	}
	for _, st := range []glossary.Status{glossary.Preferred, glossary.Admitted, glossary.Deprecated, glossary.Forbidden} {
		b.Statuses = append(b.Statuses, choice{st.String(), statusName(r.printer, st), st.String() == p.Status})
	}
	if g := r.project.Glossary; g != nil {
		fold := strings.ToLower(b.Query)
		for _, c := range g.Concepts {
			item := conceptItem{ID: c.ID, Definition: c.Definition, Notes: strings.Join(c.Notes, "; ")}
			match := fold == "" || strings.Contains(strings.ToLower(c.ID+"\n"+c.Definition), fold)
			for _, t := range c.Terms {
				form := termForm{t.Text, t.Status.String(), statusName(r.printer, t.Status), t.Note}
				match = match || strings.Contains(strings.ToLower(t.Text), fold)
				if t.Locale == source || t.Locale == glossary.AnyLocale {
					item.Source = append(item.Source, form)
				} else if t.Locale == locale || slices.Contains(locales.Parents(locale), t.Locale) {
					item.Target = append(item.Target, form)
				}
			}
			if !match {
				continue
			}
			if len(b.Concepts) == maxConcepts {
				b.More = true
				break
			}
			b.Concepts = append(b.Concepts, item)
		}
	}
	b.Count = r.printer.Count("Concepts", len(b.Concepts))
	if p.Source != "" && p.Target != "" && len(problems) == 0 {
		i, err := s.impactOf(r, locale, p)
		if err != nil {
			return err
		}
		b.Impact = i
	}
	return s.render(w, code, "terms", s.newPage(r, "terms", r.printer.Text("WebTerms"), b))
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
func (p proposal) concept(source, locale string) glossary.Concept {
	status, _ := glossary.ParseStatus(cmp.Or(p.Status, "preferred"))
	return glossary.Concept{ID: cmp.Or(p.Concept, p.Source), Terms: []glossary.Term{
		{Locale: source, Text: p.Source, Status: glossary.Preferred}, {Locale: locale, Text: p.Target, Status: status, Note: p.Note},
	}}
}

// impactOf finds the segments of all articles that a new term concerns.
func (s *Server) impactOf(r *request, locale string, p proposal) (*impact, error) {
	source := r.project.Config.Project.Source
	g := glossary.Glossary{Concepts: []glossary.Concept{p.concept(source, locale)}}
	matcher := g.Matcher(source, locale, locales.Parents)
	out := &impact{}
	segments, against := 0, 0
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
			segments, against = segments+x.Segments, against+x.Against
			out.Articles = append(out.Articles, x)
		}
	}
	out.Summary = r.printer.Text("WebImpactSummary", console.Args{
		"Segments": r.printer.Count("WebSegments", segments), "Articles": r.printer.Count("Articles", len(out.Articles)), "Against": r.printer.Count("WebImpactAgainst", against),
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

// saveTerm is POST /terms: it adds a term to the glossary.
func (s *Server) saveTerm(w http.ResponseWriter, r *request) error {
	locale := s.messageLocale(r)
	if locale != r.PostFormValue("locale") || !r.user.May(Editor, locale) {
		return r.forbidden()
	}
	p := proposal{cleanLine(r.PostFormValue("concept")), cleanLine(r.PostFormValue("source")), cleanLine(r.PostFormValue("target")), r.PostFormValue("status"), cleanLine(r.PostFormValue("note"))}
	name := termsFile(r.project)
	if _, ok := glossary.ParseStatus(cmp.Or(p.Status, "preferred")); p.Source == "" || p.Target == "" || name == "" || !ok {
		return s.writeTerms(w, r, http.StatusUnprocessableEntity, p, []string{r.printer.Text("WebTermWrong")})
	}
	s.saves.Lock()
	defer s.saves.Unlock()
	own := &glossary.Glossary{}
	if r.project.Dir.Exists(name) {
		data, err := r.project.Dir.ReadFile(name)
		if err != nil {
			return err
		}
		var ds []diag.Diagnostic
		own, ds = workspace.ParseGlossary(name, data, glossary.TableOptions{SourceLocale: r.project.Config.Project.Source})
		for _, d := range ds {
			if d.Severity == diag.Error {
				return s.writeTerms(w, r, http.StatusUnprocessableEntity, p, []string{d.Error()})
			}
		}
	}
	concept := p.concept(r.project.Config.Project.Source, locale)
	if g := r.project.Glossary; p.Concept == "" && g != nil {
		// The same source term is the same concept, unless the person says another.
		if i := slices.IndexFunc(g.Concepts, func(c glossary.Concept) bool {
			return slices.ContainsFunc(c.Terms, func(t glossary.Term) bool {
				return t.Locale == r.project.Config.Project.Source && t.Text == p.Source
			})
		}); i >= 0 {
			concept.ID = g.Concepts[i].ID
		}
	}
	merged := own.Merge(&glossary.Glossary{Concepts: []glossary.Concept{concept}})
	all := merged
	if r.project.Glossary != nil {
		all = r.project.Glossary.Merge(&glossary.Glossary{Concepts: []glossary.Concept{concept}})
	}
	before := map[string]bool{}
	if r.project.Glossary != nil {
		for _, d := range r.project.Glossary.Lint() {
			before[d.Message] = true
		}
	}
	for _, d := range all.Lint() {
		if !before[d.Message] && r.PostFormValue("force") == "" {
			return s.writeTerms(w, r, http.StatusUnprocessableEntity, p, []string{d.Message})
		}
	}
	if _, err := r.project.Dir.WriteFile(name, bytes.Clone(glossary.EncodeCSV(merged, ','))); err != nil {
		return err
	}
	s.reopen(context.WithoutCancel(r.Context()))
	http.Redirect(w, r.Request, "/terms?"+url.Values{"locale": {locale}, "q": {p.Source}}.Encode(), http.StatusSeeOther)
	return nil
}
