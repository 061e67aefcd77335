package glossary

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// folded is a word as stems are compared.
func (l *inflection) folded(word string) string { return l.foldPlain(plain(word)) }

func (l *inflection) foldPlain(word string) string {
	word = lower(word, l.dotless)
	if l.fold != nil {
		word = l.fold.Replace(word)
	}
	return word
}

// wordForms is one word of a term, ready to be looked for.
type wordForms struct {
	l       *inflection
	abbrev  string // compared with its case kept, if not empty
	exact   string // folded
	stems   []stem
	before  []string // prefixes of the perfective
	link    bool     // a small word that may change or fall away
	name    bool     // a name: a form of it in lower case is another word
	capital bool     // it begins with a capital letter
}

// wordForms returns the compiled word, which is not to be changed.
func (l *inflection) wordForms(word string) *wordForms {
	if f, ok := l.compiled.Load(word); ok {
		return f.(*wordForms)
	}
	keep := len(word) <= maxKept && l.count.Load() < maxCompiled
	if keep {
		word = strings.Clone(word) // or it would keep the text that it is a part of
	}
	f := l.compile(word)
	if keep {
		if _, loaded := l.compiled.LoadOrStore(word, &f); !loaded {
			l.count.Add(1)
		}
	}
	return &f
}

// compile makes ready one word of a term.
func (l *inflection) compile(word string) wordForms {
	word = plain(word)
	f := wordForms{l: l, exact: l.foldPlain(word)}
	if isAbbreviation(word) {
		f.abbrev = word
		return f
	}
	f.link = l.link[f.exact]
	first, size := utf8.DecodeRuneInString(word)
	f.capital = unicode.IsUpper(first)
	switch l.lang {
	case "ru", "uk", "be", "bg", "mk", "sr", "bs", "hr", "cnr", "sh":
		f.name = f.capital && strings.IndexFunc(word[size:], unicode.IsUpper) < 0
	}
	n := utf8.RuneCountInString(f.exact)
	if f.link || n < 2 || !strings.ContainsFunc(word, unicode.IsLetter) {
		return f
	}
	if l.generic {
		cut := 0
		switch {
		case n >= 7:
			cut = 2
		case n >= 4:
			cut = 1
		}
		r := []rune(f.exact)
		f.stems = []stem{{string(r[:n-cut]), cutStem, ""}}
		return f
	}
	f.stems = l.stems(f.exact)
	f.before = l.perfectives(f.exact)
	return f
}

func isAbbreviation(word string) bool {
	upper := 0
	for _, r := range word {
		switch {
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLetter(r):
			return false
		}
	}
	return upper >= 2 && upper <= 6
}

// matches reports whether a word of a translation is a form of f. strict leaves
// derived words (an adjective made from a name) aside.
func (f *wordForms) matches(w *targetWord, strict bool) bool {
	if f.abbrev != "" {
		rest, ok := strings.CutPrefix(w.plain, f.abbrev)
		if !ok {
			return false
		}
		rest = strings.TrimPrefix(rest, "'")
		return utf8.RuneCountInString(rest) <= 6 && !strings.ContainsFunc(rest, func(r rune) bool { return unicode.IsUpper(r) || unicode.IsDigit(r) })
	}
	if f.name {
		// Words made of names are written small (Кремль, кремлевский), names are not.
		if first, _ := utf8.DecodeRuneInString(w.plain); unicode.IsLower(first) {
			return !strict && w.folded != f.exact && !f.form(w.folded, true) && f.form(w.folded, false)
		}
	}
	if w.folded == f.exact {
		return true
	}
	if f.form(w.folded, strict) {
		return true
	}
	if n := utf8.RuneCountInString(f.exact); f.l.compound > 0 && !strict && n >= 3 {
		// The first part of a compound: Speicher in Speicherplatz. Behind a short one the
		// second must be longer: Wahlkampf, not Raster.
		if rest, ok := strings.CutPrefix(w.folded, f.exact); ok && utf8.RuneCountInString(rest) >= max(3, 8-n) && f.l.secondPart(rest) && f.joins(w) {
			return true
		}
	}
	for _, p := range f.l.prefixes {
		if rest, ok := strings.CutPrefix(w.folded, p); ok && f.form(rest, strict) {
			return true
		}
	}
	for _, p := range f.before {
		if rest, ok := strings.CutPrefix(w.folded, p); ok && f.form(rest, true) {
			return true
		}
	}
	if f.l.compound > 0 && utf8.RuneCountInString(f.exact) >= 4 {
		for _, s := range f.stems {
			if i := strings.Index(w.folded, s.text); i > 0 && utf8.RuneCountInString(w.folded[:i]) >= f.l.compound && f.l.ending(w.folded[i+len(s.text):]) {
				return true
			}
		}
	}
	return false
}

// secondPart reports whether rest may be the second part of a compound. It begins as
// words of the language do: no Finnish or Hungarian word begins with "lm". A letter
// that links the parts may stand before it.
func (l *inflection) secondPart(rest string) bool {
	for _, t := range l.tails {
		if whole, ok := strings.CutSuffix(t, "."); ok && rest == whole || !ok && strings.HasPrefix(rest, t) {
			return false
		}
	}
	if l.onset == nil {
		return true
	}
	begins := func(word string) bool {
		first, size := utf8.DecodeRuneInString(word)
		second, _ := utf8.DecodeRuneInString(word[size:])
		return strings.ContainsRune(l.allVowels, first) || strings.ContainsRune(l.allVowels, second) ||
			slices.ContainsFunc(l.onset, func(o string) bool { return strings.HasPrefix(word, o) })
	}
	return begins(rest) || slices.ContainsFunc(l.joint, func(j string) bool {
		word, ok := strings.CutPrefix(rest, j)
		return ok && begins(word)
	})
}

// joins reports whether the word may be a compound with f's word. A name keeps its
// capital in compounds.
func (f *wordForms) joins(w *targetWord) bool {
	first, _ := utf8.DecodeRuneInString(w.plain)
	return !f.capital || !unicode.IsLower(first)
}

func (f *wordForms) form(word string, strict bool) bool {
	for _, n := range f.l.not {
		if n[0] == f.exact && strings.HasPrefix(word, n[1]) {
			return false
		}
	}
	for _, s := range f.stems {
		rest, ok := strings.CutPrefix(word, s.text)
		if !ok || s.kind == exactStem && rest != "" {
			continue
		}
		if (f.exact == s.text+"ия" || f.exact == s.text+"ія") && !strings.HasPrefix(rest, "и") && !strings.HasPrefix(rest, "і") {
			continue // груз is no form of Грузия: the и stays
		}
		if rest == "" && f.exact == s.text+"я" && strings.HasSuffix(s.text, "и") {
			continue // Росси is no form of Россия
		}
		if needs := f.l.after[rest]; needs != nil && !slices.ContainsFunc(needs, func(n string) bool { return strings.HasSuffix(s.cut, n) }) {
			continue
		}
		denied := s.kind == wholeStem && f.l.whole[rest] || s.cut != "" && f.l.denies(s.cut, rest)
		if f.l.ending(rest) {
			if denied || s.kind == aloneStem && rest != "" {
				continue
			}
			return true
		}
		if !strict && f.l.derived(s.text, rest, f.capital) {
			return true
		}
	}
	return false
}

// denies reports whether the ending rest cannot follow a stem from which cut was taken
// off.
func (l *inflection) denies(cut, rest string) bool {
	deny, only := l.deny[cut], l.only[cut]
	if l.harmony != nil && (deny != nil || only != nil) {
		rest = l.harmony.Replace(strings.ReplaceAll(rest, "'", ""))
	}
	return deny[rest] || only != nil && !only[rest]
}

// ending reports whether rest may follow a stem.
func (l *inflection) ending(rest string) bool {
	rest = strings.TrimPrefix(rest, "'")
	if rest == "" {
		return true
	}
	if l.generic {
		return utf8.RuneCountInString(rest) <= 4
	}
	if l.longest > 0 { // Turkish: Ödülü'nü
		rest = strings.ReplaceAll(rest, "'", "")
	}
	if l.harmony != nil {
		rest = l.harmony.Replace(rest)
	}
	if l.ends[rest] || l.chained(rest) {
		return true
	}
	return slices.ContainsFunc(l.clitics, func(c string) bool {
		before, ok := strings.CutSuffix(rest, c)
		return ok && (l.ends[before] || l.chained(before))
	})
}

// derived reports whether rest makes another word of a stem: an adjective. name is
// that the stem is one of a name.
func (l *inflection) derived(stem, rest string, name bool) bool {
	if l.harmony != nil {
		rest = l.harmony.Replace(rest)
	}
	for i, d := range l.derive {
		r, ok := strings.CutPrefix(rest, d)
		if ok && (name || i < l.common) && !l.clash(stem, d) && (l.adj[r] || l.adj == nil && (l.ends[r] || l.chained(r))) {
			return true
		}
	}
	for _, d := range l.deriveN {
		if r, ok := strings.CutPrefix(rest, d); ok && !l.clash(stem, d) && l.adjN[r] {
			return true
		}
	}
	return false
}

// clash reports whether the suffix cannot follow the stem as it is.
func (l *inflection) clash(stem, suffix string) bool {
	for _, a := range l.apart {
		if a[1] == suffix && strings.HasSuffix(stem, a[0]) {
			return true
		}
	}
	return false
}

// chained reports whether rest is a row of the language's suffixes.
func (l *inflection) chained(rest string) bool {
	if l.longest == 0 || len(rest) > 48 {
		return rest == ""
	}
	var reach [49]bool
	reach[0] = true
	for i := range len(rest) {
		if !reach[i] {
			continue
		}
		if len(rest)-i <= l.longest && l.last[rest[i:]] {
			return true
		}
		for j := i + 1; j <= min(len(rest), i+l.longest); j++ {
			if !reach[j] && l.chain[rest[i:j]] {
				reach[j] = true
			}
		}
	}
	return reach[len(rest)]
}
