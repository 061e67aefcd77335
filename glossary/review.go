package glossary

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// Conflicts returns what is wrong between concepts: one term of source that may be used
// in two concepts which other locales call differently (glossary.conflict), and two
// concepts with the same terms (glossary.same). Places are those of the second term.
func (g *Glossary) Conflicts(source string) []diag.Diagnostic {
	type use struct {
		concept int
		term    *Term
	}
	first := map[string][]use{}
	var ds []diag.Diagnostic
	for i := range g.Concepts {
		c := &g.Concepts[i]
		for k := range c.Terms {
			t := &c.Terms[k]
			if t.Locale != source || t.Status != Preferred && t.Status != Admitted {
				continue
			}
			key := strings.ToLower(norm.NFC.String(t.Text))
			for _, u := range first[key] {
				o := &g.Concepts[u.concept]
				if u.concept == i || t.Text != u.term.Text && (t.Case == CaseSensitive || u.term.Case == CaseSensitive) {
					continue
				}
				different, same := compareTerms(o, c, source)
				d := diag.Diagnostic{ID: "glossary.conflict", Severity: diag.Warning, Place: t.Place, Issue: "terminology"}
				switch {
				case len(different) > 0:
					d.Hint = "make one concept of them, or give both a note with the difference"
					d = d.Messagef("%q is a term of concept %s and of %s, which differ in %s", diag.Arg("term", t.Text), diag.Arg("id", o.ID), diag.Arg("otherID", c.ID), diag.Arg("locales", strings.Join(different, ", ")))
				case same > 0:
					d.ID, d.Hint = "glossary.same", "delete one of them"
					d = d.Messagef("concepts %s and %s have the same terms: %q", diag.Arg("id", o.ID), diag.Arg("otherID", c.ID), diag.Arg("term", t.Text))
				default:
					continue
				}
				ds = append(ds, d)
				break
			}
			first[key] = append(first[key], use{i, t})
		}
	}
	diag.Sort(ds)
	return ds
}

// compareTerms returns the locales, other than source, in which two concepts have no
// term in common though both have one, and in how many they have.
func compareTerms(a, b *Concept, source string) (different []string, same int) {
	usable := func(c *Concept, locale string) (out []string) {
		for _, t := range c.Terms {
			if t.Locale == locale && (t.Status == Preferred || t.Status == Admitted) {
				out = append(out, norm.NFC.String(t.Text))
			}
		}
		return out
	}
	var done []string
	for _, t := range a.Terms {
		if t.Locale == source || t.Locale == AnyLocale || slices.Contains(done, t.Locale) {
			continue
		}
		done = append(done, t.Locale)
		x, y := usable(a, t.Locale), usable(b, t.Locale)
		switch {
		case len(x) == 0 || len(y) == 0:
		case slices.ContainsFunc(x, func(s string) bool { return slices.Contains(y, s) }):
			same++
		default:
			different = append(different, t.Locale)
		}
	}
	return different, same
}

// Usage counts how the terms of a glossary are used in translations.
type Usage struct {
	g        *Glossary
	source   string
	parents  func(string) []string
	matchers map[[2]string]*Matcher
	seen     map[string]bool // concepts that a text has
	counts   map[usageKey]*usageCount
	order    []usageKey
}

type usageKey struct{ concept, locale string }

type usageCount struct {
	mark        bitext.TermMark
	used, other int
	example     string // a translation without the term
}

// NewUsage counts the terms of a glossary in texts of a source locale. parents is as for
// Matcher.
func NewUsage(g *Glossary, source string, parents func(string) []string) *Usage {
	return &Usage{g: g, source: source, parents: parents, matchers: map[[2]string]*Matcher{}, seen: map[string]bool{}, counts: map[usageKey]*usageCount{}}
}

func (u *Usage) matcher(locale string) *Matcher {
	return u.matcherFrom(u.source, locale)
}

func (u *Usage) matcherFrom(source, locale string) *Matcher {
	key := [2]string{source, locale}
	if u.matchers[key] == nil {
		u.matchers[key] = u.g.Matcher(source, locale, u.parents)
	}
	return u.matchers[key]
}

// AddSource notes the terms of a text in a source locale that has no translation yet. They
// are looked for as in a translation into each locale of the glossary.
func (u *Usage) AddSource(source, text string) {
	for _, l := range u.g.Locales() {
		for _, m := range u.matcherFrom(source, l).Mark(text) {
			u.seen[m.Concept] = true
		}
	}
}

// Add counts one translation into a locale.
func (u *Usage) Add(locale, source, target string) {
	marks := u.matcher(locale).Mark(source)
	if len(marks) == 0 {
		return
	}
	missing := map[int]bool{}
	for _, f := range Check(locale, marks, target) {
		if f.Kind != ForbiddenUsed {
			missing[f.Mark] = true
		}
	}
	done := map[string]bool{}
	for i, m := range marks {
		u.seen[m.Concept] = true
		if done[m.Concept] || len(m.Targets) == 0 {
			continue
		}
		done[m.Concept] = true
		k := usageKey{m.Concept, locale}
		c := u.counts[k]
		if c == nil {
			c = &usageCount{mark: m}
			u.counts[k] = c
			u.order = append(u.order, k)
		}
		if missing[i] {
			c.other++
			c.example = target
		} else {
			c.used++
		}
	}
}

// The least number of translations, and the share of them without the term, that make a
// disagreement.
const (
	leastDisagreeing = 3
	disagreeingShare = 0.3
)

// Findings returns the concepts that no text has (glossary.unused), and those whose
// translations disagree: three and more of them, of which three in ten have none of the
// terms (glossary.disagreement).
func (u *Usage) Findings() []diag.Diagnostic {
	var ds []diag.Diagnostic
	place := func(c *Concept, locale string) diag.Place {
		for _, t := range c.Terms {
			if t.Locale == locale {
				return t.Place
			}
		}
		return c.Terms[0].Place
	}
	concepts := map[string]*Concept{}
	for i := range u.g.Concepts {
		c := &u.g.Concepts[i]
		concepts[c.ID] = c
		has := slices.ContainsFunc(c.Terms, func(t Term) bool { return t.Locale == u.source || t.Locale == AnyLocale })
		if !has || u.seen[c.ID] || len(c.Terms) == 0 {
			continue
		}
		ds = append(ds, diag.Diagnostic{ID: "glossary.unused", Severity: diag.Info, Place: place(c, u.source), Issue: "terminology"}.
			Messagef("no text has the concept %s: %q", diag.Arg("id", c.ID), diag.Arg("term", sourceTerm(c, u.source))))
	}
	for _, k := range u.order {
		n := u.counts[k]
		if all := n.used + n.other; all < leastDisagreeing || float64(n.other) < disagreeingShare*float64(all) {
			continue
		}
		d := diag.Diagnostic{ID: "glossary.disagreement", Severity: diag.Warning, Place: place(concepts[k.concept], k.locale), Issue: "terminology", Hint: "correct the term, admit another one, or correct the translations"}
		d.Place.Locale = k.locale
		ds = append(ds, d.Messagef("%q is %q in %d of %d translations; another one is %q", diag.Arg("source", n.mark.Source), diag.Arg("term", n.mark.Targets[0]),
			diag.Arg("count", n.used), diag.Arg("total", n.used+n.other), diag.Arg("target", diag.Excerpt(n.example))))
	}
	diag.Sort(ds)
	return ds
}

func sourceTerm(c *Concept, source string) string {
	for _, t := range c.Terms {
		if t.Locale == source || t.Locale == AnyLocale {
			return t.Text
		}
	}
	return ""
}
