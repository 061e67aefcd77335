package quality

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// Speller knows the words of languages. It may be used by many goroutines at once.
type Speller interface {
	// Unknown returns those words that the language of a locale does not have, with a
	// suggestion or "". It returns none for a language that it does not know.
	Unknown(locale string, words []string) (map[string]string, error)
}

// spelling reports words that the dictionary of Options.Speller does not have. Names,
// terms of the glossary, abbreviations and words of the source are left aside: only words
// in small letters of the language's script are asked for, and what a document has in
// many segments is one finding.
func spelling(d *document, r *report) {
	if r.opt.Speller == nil {
		return
	}
	want := d.to.written
	type place struct {
		s          *segment
		start, end int
	}
	first := map[string]place{}
	var asked []string
	for i := range d.segments {
		s := &d.segments[i]
		if s.shared == nil || s.target.Text.IsBlank() || r.opt.Skip != nil && r.opt.Skip(s.unit, s.target) {
			continue
		}
		text, _, _ := mask(s.target.Text.Chars)
		ws := wordsOf(text)
		for k := range ws {
			w := &ws[k]
			if _, ok := first[w.text]; ok || !s.spellable(ws, k, want, text) {
				continue
			}
			first[w.text] = place{s, w.start, w.end}
			asked = append(asked, w.text)
		}
	}
	unknown, err := r.opt.Speller.Unknown(d.to.tag, asked)
	if err != nil {
		r.at = nil
		r.addFindingWithSeverity(diag.Info, "", "the spelling was not checked: %s", diag.Arg("error", err.Error()))
		return
	}
	for _, w := range asked {
		suggestion, ok := unknown[w]
		if !ok {
			continue
		}
		p := first[w]
		hint := ""
		if suggestion != "" && suggestion != w {
			hint = "write " + suggestion
		}
		r.at = p.s
		r.place(0, 0, p.start, p.end)
		r.addFinding(hint, "%q is not in the dictionary of %s", diag.Arg("text", w), diag.Arg("locale", d.to.tag))
	}
}

// spellable reports whether the word k of a text is one to ask a dictionary for.
func (s *segment) spellable(ws []word, k int, want script, text string) bool {
	w := &ws[k]
	if w.script != want || utf8.RuneCountInString(w.text) < 3 || strings.ContainsFunc(w.text, unicode.IsDigit) || strings.Contains(w.text, ".") {
		return false
	}
	if s.to.cased() && w.text != w.low { // a name, an abbreviation, or the first word, which may be one
		return false
	}
	// Parts of what is joined by a hyphen, a point or an apostrophe are no words.
	before, _ := utf8.DecodeLastRuneInString(text[:w.start])
	after, _ := utf8.DecodeRuneInString(text[w.end:])
	if strings.ContainsRune("-‑֊'’ʼ_", before) && w.start > 0 || strings.ContainsRune("-‑֊'’ʼ_", after) && w.end < len(text) {
		return false
	}
	if s.shared.text.mayHaveWord(w.text) {
		return false
	}
	return !slices.ContainsFunc(s.target.Terms, func(t bitext.TermMark) bool {
		return slices.ContainsFunc(t.Targets, func(x string) bool {
			return slices.ContainsFunc(strings.Fields(strings.ToLower(x)), func(part string) bool { return strings.HasPrefix(w.low, stemOf(part)) })
		})
	})
}

// stemOf returns what the forms of a word have in common, more or less.
func stemOf(w string) string {
	r := []rune(w)
	return string(r[:max(min(3, len(r)), len(r)-2)])
}

// mayHaveWord reports whether the source has a word, in whatever case.
func (t *sourceText) mayHaveWord(w string) bool {
	return t.seen.mayHave(w) && slices.ContainsFunc(t.bare, func(b string) bool { return strings.EqualFold(b, w) })
}
