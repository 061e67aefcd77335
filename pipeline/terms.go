package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"

	"hexapla/glossary"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// madeWith is what Origin.Terms of a target has: the fingerprint of the terms that it was
// made with, the version of its engine, and that of the glossary: TERMS@ENGINE#GLOSSARY,
// where the last two may be absent.
type madeWith struct{ terms, engine, glossary string }

func (m madeWith) String() string {
	s := m.terms
	if m.engine != "" {
		s += "@" + m.engine
	}
	if m.glossary != "" {
		s += "#" + m.glossary
	}
	return s
}

// parseMadeWith reads Origin.Terms.
func parseMadeWith(s string) (m madeWith) {
	if i := strings.LastIndexByte(s, '#'); i >= 0 && len(s)-i-1 == 2*glossaryVersionSize {
		s, m.glossary = s[:i], s[i+1:]
	}
	m.terms, m.engine, _ = strings.Cut(s, "@")
	return m
}

// fingerprint identifies the terms that a segment is to be translated with.
func fingerprint(terms []bitext.TermMark) string {
	if len(terms) == 0 {
		return ""
	}
	h := sha256.New()
	for _, t := range terms {
		fmt.Fprintf(h, "%q %q %q %t\n", t.Source, t.Targets, t.Forbidden, t.DoNotTranslate)
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}

// glossaryVersionSize is the size of a glossary's version, in bytes.
const glossaryVersionSize = 4

// glossaryVersion identifies the content of the project's glossary.
type glossaryVersion struct {
	once sync.Once
	text string
}

// glossaryVersion returns the version of the glossary, "" without one.
func (p *Project) glossaryVersion() string {
	if p.Glossary == nil {
		return ""
	}
	p.version.once.Do(func() {
		h := sha256.New()
		for i := range p.Glossary.Concepts {
			c := &p.Glossary.Concepts[i]
			fmt.Fprintf(h, "%q\n", c.ID)
			for _, t := range c.Terms {
				fmt.Fprintf(h, " %q %q %d %d\n", t.Locale, t.Text, t.Status, t.Case)
			}
		}
		p.version.text = hex.EncodeToString(h.Sum(nil)[:glossaryVersionSize])
	})
	return p.version.text
}

// WithTerms returns an entry with the terms and the version of the glossary that it is
// made with now, if a person made it and it does not name them.
func (p *Project) WithTerms(e bitext.Entry) bitext.Entry {
	if e.Origin.Kind != bitext.FromHuman || e.Origin.Terms != "" {
		return e
	}
	if m := p.matcher(e.SourceLocale, e.TargetLocale); m != nil {
		e.Origin.Terms = madeWith{terms: fingerprint(m.Mark(e.Source.Chars)), glossary: p.glossaryVersion()}.String()
	}
	return e
}

// explainTerms tells in the findings about terms which translations are older than the
// terms that they lack.
func explainTerms(tr *bitext.Translation, ds []diag.Diagnostic) {
	var older map[[2]string]bool // by unit and segment
	for i := range ds {
		d := &ds[i]
		switch d.ID {
		case "quality.terms", "quality.keep", "quality.forbidden":
		default:
			continue
		}
		if older == nil {
			older = map[[2]string]bool{}
			for ref, t := range tr.Segments() {
				if u := &tr.Document.Units[ref.Unit]; t.Origin.Terms != "" && parseMadeWith(t.Origin.Terms).terms != fingerprint(t.Terms) {
					older[[2]string{u.ID, u.Segments[ref.Segment].ID}] = true
				}
			}
		}
		if older[[2]string{d.Place.Unit, d.Place.Segment}] {
			d.Hint = strings.TrimPrefix(d.Hint+"; the glossary has changed since this was translated", "; ")
		}
	}
}

// Touched is a translation that a change of the glossary touches. Terms are the source
// terms whose targets change. Origin is who made the translation: an engine is asked
// again, a person must look. Redo says that the translation does not satisfy the changed
// glossary, or will be asked for again. Words are those of the source.
type Touched struct {
	Place  diag.Place        `json:"place"`
	Source string            `json:"source"`
	Target string            `json:"target,omitempty"`
	Terms  []string          `json:"terms"`
	Origin bitext.OriginKind `json:"origin,omitempty"`
	Name   string            `json:"name,omitempty"`
	Redo   bool              `json:"redo"`
	Words  int               `json:"words"`
}

// FindTouched finds the translations of an article in a locale that a changed glossary
// touches: next has its terms for a source locale. Without next, it finds those that were made with other
// terms than the project's glossary has now.
func (p *Project) FindTouched(ctx context.Context, a Source, locale string, next func(source string) *glossary.Matcher) ([]Touched, error) {
	d, err := p.OpenSource(a)
	if err != nil || d.Locale == locale {
		return nil, err
	}
	var changed *glossary.Matcher
	if next != nil {
		changed = next(d.Locale)
	}
	tr, _, err := p.fromMemory(ctx, d, locale, noProposals)
	if err != nil {
		return nil, err
	}
	var out []Touched
	for c := range contexts(tr) {
		t := c.target
		if t.Origin.Kind == bitext.FromSource || t.Origin.Kind == bitext.FromCatalog {
			continue
		}
		text, origin := t.Text, t.Origin
		if !t.Filled { // an engine's answer that was made with other terms
			i := slices.IndexFunc(t.Matches, func(m bitext.Match) bool { return m.NotUsable == bitext.ReasonTerms })
			if i < 0 {
				continue
			}
			text, origin = t.Matches[i].Target, t.Matches[i].Origin
		}
		now, then := t.Terms, t.Terms
		if next != nil {
			now = changed.Mark(c.segment.Source.Chars)
			if fingerprint(now) == fingerprint(then) {
				continue
			}
		} else if origin.Terms == "" || parseMadeWith(origin.Terms).terms == fingerprint(now) {
			continue
		} else {
			then = nil
		}
		x := Touched{
			Place:  Locate(d, []diag.Diagnostic{{Place: diag.Place{Path: d.Path, Locale: locale, Unit: c.unit.ID, Segment: c.segment.ID}}})[0].Place,
			Source: c.segment.Source.Tagged(), Target: text.TaggedAs(c.segment.Source), Terms: changedTerms(then, now), Origin: origin.Kind, Name: origin.Name,
			Words: bitext.CountWords(c.segment.Source.Chars),
		}
		x.Redo = origin.Kind == bitext.FromEngine || len(glossary.Check(locale, now, text.Chars)) > 0
		out = append(out, x)
	}
	return out, nil
}

// changedTerms returns the source terms that are in one of two lists only, or with other
// targets.
func changedTerms(then, now []bitext.TermMark) []string {
	key := func(m bitext.TermMark) string { return fingerprint([]bitext.TermMark{m}) }
	var out []string
	add := func(a, b []bitext.TermMark) {
		for _, m := range a {
			if !slices.ContainsFunc(b, func(o bitext.TermMark) bool { return key(o) == key(m) }) && !slices.Contains(out, m.Source) {
				out = append(out, m.Source)
			}
		}
	}
	add(now, then)
	add(then, now)
	slices.Sort(out)
	return out
}
