package glossary

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"hexapla/locales/tag"
)

// Layouts are the tables of pairs that EncodePairs can write, by the tool that reads
// them. The first is for spreadsheets and for tools that take a column for each
// language.
var Layouts = []string{"pairs", "omegat", "deepl", "weblate", "crowdin"}

// pair is a source term with a target term.
type pair struct{ source, target, note string }

// EncodePairs writes the terms of one pair of locales in the layout of a tool:
//
//	pairs    CSV or TSV: source, target, note
//	omegat   without a row of names: source, target, comment
//	deepl    CSV without a row of names: source, target, and their languages
//	weblate  CSV: source, target, translator_comments
//	crowdin  CSV: Term [en], Description [en], Term [uk]
//
// A source term has a row for each term that may be used for it, the preferred one
// first; in the layouts of DeepL and Crowdin the preferred one only. A term that is
// not to be translated is its own target. Terms that are not to be used are named
// in the note.
func EncodePairs(g *Glossary, source, target, layout string, comma rune) ([]byte, error) {
	if !slices.Contains(Layouts, layout) {
		return nil, fmt.Errorf("unknown layout %q: want one of %s", layout, strings.Join(Layouts, ", "))
	}
	single := layout == "deepl" || layout == "crowdin"
	var rows [][]string
	seen := map[string]bool{}
	for i := range g.Concepts {
		for _, p := range g.Concepts[i].pairs(source, target, single) {
			if key := p.source + "\x00" + p.target; seen[key] || single && seen[p.source] {
				continue
			}
			seen[p.source+"\x00"+p.target], seen[p.source] = true, true
			switch layout {
			case "deepl":
				rows = append(rows, []string{p.source, p.target, tag.Language(source), tag.Language(target)})
			case "crowdin":
				rows = append(rows, []string{p.source, p.note, p.target})
			default:
				rows = append(rows, []string{p.source, p.target, p.note})
			}
		}
	}
	switch layout {
	case "pairs":
		rows = slices.Insert(rows, 0, []string{"source", "target", "note"})
	case "weblate":
		rows = slices.Insert(rows, 0, []string{"source", "target", "translator_comments"})
	case "crowdin":
		rows = slices.Insert(rows, 0, []string{"Term [" + source + "]", "Description [" + source + "]", "Term [" + target + "]"})
	}
	if comma == '\t' {
		return encodeTabs(rows), nil
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = comma
	for _, r := range rows {
		for i := range r {
			if layout == "pairs" {
				r[i] = guard(r[i])
			}
		}
		w.Write(r) // a bytes.Buffer does not fail
	}
	w.Flush()
	return b.Bytes(), nil
}

// encodeTabs writes rows as tools read them that know no quotation marks: a tab or a
// line feed in a cell is a space.
func encodeTabs(rows [][]string) []byte {
	var b bytes.Buffer
	for _, r := range rows {
		for i, c := range r {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(strings.Join(strings.Fields(c), " "))
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// pairs returns the pairs of a concept in two locales. With single there is one for
// each source term.
func (c *Concept) pairs(source, target string, single bool) (out []pair) {
	var sources, targets, not []string
	for _, t := range c.Terms {
		usable := t.Status == Preferred || t.Status == Admitted
		switch {
		case t.Status == DoNotTranslate:
			sources, targets = append(sources, t.Text), append(targets, "")
		case t.Locale == source && usable:
			sources = append(sources, t.Text)
		case t.Locale == target && t.Status == Preferred:
			targets = slices.Insert(targets, 0, t.Text)
		case t.Locale == target && usable:
			targets = append(targets, t.Text)
		case t.Locale == target:
			not = append(not, t.Text)
		}
	}
	note := c.note(not)
	done := map[string]bool{}
	for _, s := range sources {
		if done[s] {
			continue
		}
		done[s] = true
		n := 0
		for _, t := range targets {
			if t == "" {
				t = s // it is kept
			}
			if n > 0 && single {
				break
			}
			out = append(out, pair{s, t, note})
			n++
		}
	}
	return out
}

// Preferred returns the preferred translation of each term from source to target. A term
// that is not to be translated is its own. A locale without terms of its own for a
// concept takes them from its parents, as Matcher does. A term with several translations,
// each of another concept, is left out: which of them is right depends on the text.
func (g *Glossary) Preferred(source, target string, parents func(tag string) []string) map[string]string {
	chain := func(locale string) []string {
		if parents == nil {
			return []string{locale}
		}
		return append([]string{locale}, parents(locale)...)
	}
	nearest := func(c *Concept, locales []string) string {
		for _, l := range locales {
			if slices.ContainsFunc(c.Terms, func(t Term) bool {
				return t.Locale == l && (t.Status == Preferred || t.Status == Admitted)
			}) {
				return l
			}
		}
		return locales[0]
	}
	sources, targets := chain(source), chain(target)
	out := map[string]string{}
	several := map[string]bool{}
	for i := range g.Concepts {
		c := &g.Concepts[i]
		for _, p := range c.pairs(nearest(c, sources), nearest(c, targets), true) {
			if old, ok := out[p.source]; ok && old != p.target {
				several[p.source] = true
			}
			out[p.source] = p.target
		}
	}
	for s := range several {
		delete(out, s)
	}
	return out
}

// note returns what a concept says to a translator.
func (c *Concept) note(not []string) string {
	var parts []string
	if c.Definition != "" {
		parts = append(parts, c.Definition)
	}
	parts = append(parts, c.Notes...)
	for _, t := range c.Terms {
		if t.Note != "" && !slices.Contains(parts, t.Note) {
			parts = append(parts, t.Note)
		}
	}
	if len(not) > 0 {
		parts = append(parts, "not: "+strings.Join(not, ", "))
	}
	return strings.Join(parts, "; ")
}
