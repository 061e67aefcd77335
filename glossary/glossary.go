// Package glossary holds a newsroom's terms: which concept is called what in
// which language, which words are not to be used and which are not to be
// translated. It reads and writes CSV and TSV (TBX is glossary/tbx), finds a
// source text's terms, and says whether a translation holds the right ones in
// whatever inflected form its grammar asks for.
//
// Names are those of TBX (ISO 30042): concept, term, administrative status.
// A Glossary is a value; a Matcher is made from it once per pair of locales and
// may then be used by many goroutines.
package glossary

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// AnyLocale is the locale of a term that is the same in every language: one
// that is not to be translated.
const AnyLocale = "*"

// Status is a term's administrative status (ISO 12620, TBX-Basic), and the word
// that the concept is not translated at all.
type Status uint8

const (
	Preferred      Status = iota // the one to use
	Admitted                     // may be used
	Deprecated                   // no longer to be used (TBX deprecatedTerm)
	Forbidden                    // not to be used (TBX supersededTerm)
	DoNotTranslate               // kept as it is in all locales
)

var statusNames = [...]string{"preferred", "admitted", "deprecated", "forbidden", "do-not-translate"}

func (s Status) String() string { return statusNames[min(int(s), len(statusNames)-1)] }

// MarshalText writes the status as its name.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what ParseStatus reads, and fails on another word.
func (s *Status) UnmarshalText(b []byte) error {
	v, ok := ParseStatus(string(b))
	if !ok {
		return fmt.Errorf("unknown status %q: want %s", b, strings.Join(statusNames[:], ", "))
	}
	*s = v
	return nil
}

// ParseStatus reads a status by our name for it, by TBX's ("preferredTerm",
// "preferredTerm-admn-sts") or a customary one ("superseded", "obsolete", "dnt").
// Case does not count.
func ParseStatus(name string) (Status, bool) {
	name = strings.ToLower(strings.TrimSpace(name))
	name = strings.TrimSuffix(strings.TrimSuffix(name, "-admn-sts"), "term")
	switch name {
	case "preferred", "approved":
		return Preferred, true
	case "admitted", "legal", "regulated", "standardized", "proposed", "provisional":
		return Admitted, true
	case "deprecated", "obsolete", "not recommended", "non-standard":
		return Deprecated, true
	case "forbidden", "superseded", "prohibited", "rejected":
		return Forbidden, true
	case "do-not-translate", "do not translate", "dnt", "keep":
		return DoNotTranslate, true
	}
	return Preferred, false
}

// Case says how much upper and lower case count when a term is looked for in a
// source text.
type Case uint8

const (
	// CaseAuto: a capital in the term is a capital in the text; a lower-case
	// letter may be either. "election" finds "Election", "US" never finds "us".
	CaseAuto Case = iota
	CaseSensitive
	CaseInsensitive
)

// Term is one name of a concept in one locale (a BCP 47 tag, or AnyLocale).
// POS is its part of speech, as "noun". Props are what else its file says of it
// ("descrip/context", a column's name); they are kept and written back. Place is
// where it was read.
type Term struct {
	Locale string
	Text   string
	Status Status
	Case   Case
	POS    string
	Note   string
	Props  []bitext.Prop
	Place  diag.Place
}

// Concept is one thing with its names.
type Concept struct {
	ID         string
	Definition string
	Notes      []string
	Props      []bitext.Prop
	Terms      []Term
}

// Glossary is a list of concepts with distinct IDs.
type Glossary struct{ Concepts []Concept }

// Locales are the tags that the glossary has terms for, sorted, AnyLocale left out.
func (g *Glossary) Locales() []string {
	seen := map[string]bool{}
	for _, c := range g.Concepts {
		for _, t := range c.Terms {
			if t.Locale != AnyLocale {
				seen[t.Locale] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// Merge is g and then o in one glossary; neither is changed. Concepts of one ID
// become one if they share a term, or if no locale has terms in both (a file per
// language); otherwise two files number their concepts alike, and that of o gets
// an ID of its own. A term that both have is kept once, as g has it.
func (g *Glossary) Merge(o *Glossary) *Glossary {
	out := &Glossary{Concepts: make([]Concept, 0, len(g.Concepts)+len(o.Concepts))}
	at := make(map[string]int, cap(out.Concepts))
	ids := freeIDs{}
	for _, c := range g.Concepts {
		at[c.ID] = len(out.Concepts)
		out.Concepts = append(out.Concepts, c.clone())
	}
	for _, c := range o.Concepts {
		i, taken := at[c.ID]
		switch {
		case !taken:
		case sameConcept(&out.Concepts[i], &c):
			out.Concepts[i].add(&c)
			continue
		default:
			c.ID = ids.next(c.ID, func(id string) bool { _, ok := at[id]; return ok })
		}
		at[c.ID] = len(out.Concepts)
		out.Concepts = append(out.Concepts, c.clone())
	}
	return out
}

// freeIDs finds ids that are not taken: a.2, a.3 and so on for a. It has the last number of
// each id, as no id that is taken becomes free again.
type freeIDs map[string]int

func (f freeIDs) next(id string, taken func(string) bool) string {
	if !taken(id) {
		return id
	}
	for n := max(f[id], 2); ; n++ {
		if free := id + "." + strconv.Itoa(n); !taken(free) {
			f[id] = n
			return free
		}
	}
}

func (c Concept) clone() Concept {
	c.Notes, c.Props, c.Terms = slices.Clone(c.Notes), slices.Clone(c.Props), slices.Clone(c.Terms)
	return c
}

func (c *Concept) find(locale, text string) *Term {
	text = norm.NFC.String(text)
	for i := range c.Terms {
		if c.Terms[i].Locale == locale && norm.NFC.String(c.Terms[i].Text) == text {
			return &c.Terms[i]
		}
	}
	return nil
}

// manyTerms is the number of terms from which a concept's are indexed to find one.
const manyTerms = 32

// termIndex finds terms of a concept, to which others are appended meanwhile, in a time that
// does not grow with their number.
type termIndex struct {
	terms map[[2]string]bool // by locale and text in NFC
	n     int                // how many of the concept's terms are in it
}

// has reports whether the concept of the index has a term.
func (x *termIndex) has(c *Concept, locale, text string) bool {
	if len(c.Terms) < manyTerms {
		return c.find(locale, text) != nil
	}
	if x.terms == nil {
		x.terms = make(map[[2]string]bool, len(c.Terms))
	}
	for _, t := range c.Terms[x.n:] {
		x.terms[[2]string{t.Locale, norm.NFC.String(t.Text)}] = true
	}
	x.n = len(c.Terms)
	return x.terms[[2]string{locale, norm.NFC.String(text)}]
}

// sameConcept reports whether two concepts share a term, or have none in the same locale.
func sameConcept(a, b *Concept) bool {
	var index termIndex
	locales := map[string]bool{}
	for _, t := range a.Terms {
		locales[t.Locale] = true
	}
	disjoint := true
	for _, t := range b.Terms {
		if index.has(a, t.Locale, t.Text) {
			return true
		}
		disjoint = disjoint && !locales[t.Locale]
	}
	return disjoint
}

func (c *Concept) add(o *Concept) {
	c.Definition = cmp.Or(c.Definition, o.Definition)
	for _, n := range o.Notes {
		if !slices.Contains(c.Notes, n) {
			c.Notes = append(c.Notes, n)
		}
	}
	for _, p := range o.Props {
		if !slices.Contains(c.Props, p) {
			c.Props = append(c.Props, p)
		}
	}
	var index termIndex
	for _, t := range o.Terms {
		if !index.has(c, t.Locale, t.Text) {
			c.Terms = append(c.Terms, t)
		}
	}
}

// Lint tells what is wrong inside a glossary: a term twice in a concept, two
// preferred terms in one locale, and one name in one locale that is preferred
// for a concept and forbidden for another. Places are those of the terms.
func (g *Glossary) Lint() []diag.Diagnostic {
	var ds []diag.Diagnostic
	addDiagnostic := func(sev diag.Severity, id string, p diag.Place, hint, format string, args ...any) {
		ds = append(ds, diag.Diagnostic{ID: id, Severity: sev, Place: p, Hint: hint, Issue: "terminology"}.Messagef(format, args...))
	}
	type name struct{ locale, text string }
	allowed := map[name]string{}
	judged := slices.ContainsFunc(g.Concepts, func(c Concept) bool {
		return slices.ContainsFunc(c.Terms, func(t Term) bool { return t.Status == Forbidden || t.Status == Deprecated })
	})
	for i := range g.Concepts {
		c := &g.Concepts[i]
		if len(c.Terms) < 40 && distinct(c.Terms) {
			for k := range c.Terms {
				if t := &c.Terms[k]; judged && t.Status == Preferred {
					if n := (name{t.Locale, norm.NFC.String(t.Text)}); allowed[n] == "" {
						allowed[n] = c.ID
					}
				}
			}
			continue
		}
		seen := make(map[name]Status, len(c.Terms))
		preferred := map[string]string{}
		for _, t := range c.Terms {
			n := name{t.Locale, norm.NFC.String(t.Text)}
			if s, dup := seen[n]; dup {
				if s == t.Status {
					addDiagnostic(diag.Warning, "glossary.duplicate", t.Place, "delete one of them", "concept %s has the %s term %q twice", diag.Arg("concept", c.ID), diag.Arg("locale", t.Locale), diag.Arg("term", t.Text))
				} else {
					addDiagnostic(diag.Warning, "glossary.contradiction", t.Place, "keep one status", "concept %s calls the %s term %q both %s and %s", diag.Arg("concept", c.ID), diag.Arg("locale", t.Locale), diag.Arg("term", t.Text), diag.Arg("status", s), diag.Arg("otherStatus", t.Status))
				}
				continue
			}
			seen[n] = t.Status
			if t.Status != Preferred {
				continue
			}
			if first, ok := preferred[t.Locale]; ok {
				addDiagnostic(diag.Warning, "glossary.preferred", t.Place, "make one of them admitted", "concept %s has two preferred terms in %s: %q and %q", diag.Arg("concept", c.ID), diag.Arg("locale", t.Locale), diag.Arg("term", first), diag.Arg("otherTerm", t.Text))
			} else {
				preferred[t.Locale] = t.Text
			}
			if _, ok := allowed[n]; !ok {
				allowed[n] = c.ID
			}
		}
	}
	for i := range g.Concepts {
		c := &g.Concepts[i]
		if !judged {
			break
		}
		for _, t := range c.Terms {
			other, ok := allowed[name{t.Locale, norm.NFC.String(t.Text)}]
			if ok && other != c.ID && (t.Status == Forbidden || t.Status == Deprecated) {
				addDiagnostic(diag.Info, "glossary.homonym", t.Place, "", "the %s term %q is %s for concept %s and preferred for %s", diag.Arg("locale", t.Locale), diag.Arg("term", t.Text), diag.Arg("status", t.Status), diag.Arg("concept", c.ID), diag.Arg("otherConcept", other))
			}
		}
	}
	return ds
}

// distinct reports whether no two terms of a concept are the same text in one locale, or
// both preferred in one.
func distinct(ts []Term) bool {
	for i := range ts {
		for k := range i {
			if a, b := &ts[i], &ts[k]; a.Locale == b.Locale && (a.Text == b.Text || a.Status == Preferred && b.Status == Preferred || !isPlain(a.Text) || !isPlain(b.Text)) {
				return false
			}
		}
	}
	return true
}

// canonicalLocale returns the canonical form of a tag; AnyLocale is one too.
func canonicalLocale(locale string) (string, error) {
	locale = strings.TrimSpace(locale)
	if locale == AnyLocale {
		return locale, nil
	}
	return tag.Canonical(locale)
}
