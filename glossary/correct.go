package glossary

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
)

// Replacement is a correction of a term in a translation: what stands between two byte
// offsets, and what is to stand there.
type Replacement struct {
	Start, End int
	Old, New   string
	Source     string // the source term
}

// Correct returns the corrections of terms in a translation that change no grammar: a
// term that has other capitals than the glossary; a forbidden spelling of a term whose
// right spelling has the same ending, in any case; and a forbidden term as it stands in
// the glossary, in languages whose nouns do not change. They are in order and do not
// overlap.
func Correct(locale string, marks []bitext.TermMark, target string) []Replacement {
	var out []Replacement
	add := func(r Replacement) {
		overlaps := slices.ContainsFunc(out, func(o Replacement) bool { return r.Start < o.End && o.Start < r.End })
		if r.New != "" && r.New != r.Old && !overlaps {
			out = append(out, r)
		}
	}
	before := Check(locale, marks, target)
	l := inflectionFor(locale)
	for _, f := range before {
		m := &marks[f.Mark]
		switch f.Kind {
		case ForbiddenUsed:
			if len(m.Targets) > 0 {
				old := target[f.Start:f.End]
				add(Replacement{f.Start, f.End, old, respell(l, f.Term, m.Targets[0], old), m.Source})
			}
		case Missing, NotKept:
			if start, end, ok := otherCapitals(target, f.Term); ok {
				add(Replacement{start, end, target[start:end], f.Term, m.Source})
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	slices.SortFunc(out, func(a, b Replacement) int { return a.Start - b.Start })
	var b strings.Builder
	at := 0
	for _, r := range out {
		b.WriteString(target[at:r.Start])
		b.WriteString(r.New)
		at = r.End
	}
	b.WriteString(target[at:])
	if len(Check(locale, marks, b.String())) >= len(before) {
		return nil
	}
	return out
}

// unchanging are languages whose nouns have no cases and no endings that another word
// would need.
var unchanging = map[string]bool{"fa": true, "vi": true, "th": true, "zh": true, "ja": true, "id": true, "ms": true}

// respell returns a form of a forbidden term with the spelling of the right one, "" if
// that may not be right.
func respell(l *inflection, forbidden, right, form string) string {
	a, b := []rune(strings.ToLower(forbidden)), []rune(strings.ToLower(right))
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	if strings.EqualFold(form, forbidden) && unchanging[l.lang] {
		return capitalsOf(form, right)
	}
	// A spelling: the same words, with the same ending, that differ little inside.
	if strings.Count(forbidden, " ") != strings.Count(right, " ") || tail < 2 || head < 1 || len(a)-head-tail > 2 || len(b)-head-tail > 2 {
		return ""
	}
	wrong := string(a[:len(a)-tail])
	if !strings.HasPrefix(strings.ToLower(form), wrong) || len(strings.ToLower(form)) != len(form) {
		return ""
	}
	return capitalsOf(form, string([]rune(right)[:len(b)-tail])+form[len(wrong):])
}

// capitalsOf gives a word the capital that a form has at its beginning.
func capitalsOf(form, word string) string {
	first, _ := utf8.DecodeRuneInString(form)
	r, size := utf8.DecodeRuneInString(word)
	if unicode.IsUpper(first) && size > 0 {
		return string(unicode.ToUpper(r)) + word[size:]
	}
	return word
}

// otherCapitals finds a term that has capitals, at word boundaries, in other capitals.
func otherCapitals(text, term string) (start, end int, ok bool) {
	if term == strings.ToLower(term) {
		return 0, 0, false
	}
	n := utf8.RuneCountInString(term)
	for i := range text {
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		if i > 0 && (unicode.IsLetter(before) || unicode.IsDigit(before)) {
			continue
		}
		end, count := i, 0
		for end < len(text) && count < n {
			_, size := utf8.DecodeRuneInString(text[end:])
			end, count = end+size, count+1
		}
		after, _ := utf8.DecodeRuneInString(text[end:])
		if count == n && strings.EqualFold(text[i:end], term) && (end == len(text) || !unicode.IsLetter(after) && !unicode.IsDigit(after)) {
			return i, end, true
		}
	}
	return 0, 0, false
}
