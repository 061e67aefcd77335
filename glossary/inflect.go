package glossary

import (
	"embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"hexapla/locales/tag"
)

// What the inflection of a language does to a word is data: one file a
// language in inflection/, read when it is first asked for. The README there
// describes the lines.
//
//go:embed inflection/*.txt
var inflectionFiles embed.FS

// inflection is what one language does to its words, as far as it matters for
// telling that two of them are forms of one. It does not know grammar: it says
// which stems a dictionary form may take, and which endings may follow them.
type inflection struct {
	lang     string
	dotless  bool
	fold     *strings.Replacer // on both sides, after lower case
	harmony  *strings.Replacer // on endings only
	strip    []string
	alt      [][2]string
	drop     []string
	insert   []string
	soft     []string
	vowel    [][2]string
	final    [][2]string
	double   bool
	ends     map[string]bool
	chain    map[string]bool
	longest  int // of chain, in bytes
	derive   []string
	deriveN  []string
	adj      map[string]bool // behind derive; nil is all endings
	adjN     map[string]bool // behind deriveN
	whole    map[string]bool // endings that no unchanged dictionary form has
	alone    [][2]string
	apart    [][2]string
	perfect  [][2]string
	prefixes []string
	compound int // letters that may stand before the term in one word; 0 is never
	link     map[string]bool
	broken   bool // Arabic broken plurals
	generic  bool // nothing is known: compare beginnings
}

var inflections sync.Map // language → *inflection; as many as there are files

// inflectionFor gives the rules for a locale's language; for one without a file
// those that compare the beginnings of words.
func inflectionFor(locale string) *inflection {
	lang := tag.Language(locale)
	if l, ok := inflections.Load(lang); ok {
		return l.(*inflection)
	}
	data, err := inflectionFiles.ReadFile("inflection/" + lang + ".txt")
	if err != nil {
		return &inflection{lang: lang, generic: true, dotless: dotlessI(lang)}
	}
	l, _ := inflections.LoadOrStore(lang, parseInflection(lang, string(data)))
	return l.(*inflection)
}

func parseInflection(lang, data string) *inflection {
	l := &inflection{lang: lang, dotless: dotlessI(lang), ends: map[string]bool{"": true}, chain: map[string]bool{}, link: map[string]bool{}}
	var fold, harmony []string
	for line := range strings.Lines(data) {
		line, _, _ = strings.Cut(line, "#")
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		key, vals := f[0], f[1:]
		if key == "use" {
			base, err := inflectionFiles.ReadFile("inflection/" + vals[0] + ".txt")
			if err == nil {
				dotless := l.dotless
				l = parseInflection(lang, string(base))
				l.dotless = dotless
			}
			continue
		}
		var pairs [][2]string
		for _, v := range vals {
			if a, b, ok := strings.Cut(v, "="); ok {
				pairs = append(pairs, [2]string{a, b})
			}
		}
		switch key {
		case "fold":
			for _, p := range pairs {
				fold = append(fold, p[0], p[1])
			}
		case "harmony":
			for _, p := range pairs {
				harmony = append(harmony, p[0], p[1])
			}
		case "strip":
			l.strip = append(l.strip, vals...)
		case "alt":
			l.alt = append(l.alt, pairs...)
		case "drop":
			l.drop = append(l.drop, vals...)
		case "insert":
			l.insert = append(l.insert, vals...)
		case "soft":
			l.soft = append(l.soft, vals...)
		case "vowel":
			l.vowel = append(l.vowel, pairs...)
		case "final":
			l.final = append(l.final, pairs...)
		case "double":
			l.double = true
		case "ends":
			for _, v := range vals {
				l.ends[v] = true
			}
		case "chain":
			for _, v := range vals {
				l.chain[v] = true
				l.longest = max(l.longest, len(v))
			}
		case "derive":
			l.derive = append(l.derive, vals...)
		case "derive-n":
			l.deriveN = append(l.deriveN, vals...)
		case "adj":
			l.adj = addAll(l.adj, vals)
		case "adj-n":
			l.adjN = addAll(l.adjN, vals)
		case "whole":
			l.whole = addAll(l.whole, vals)
		case "alone":
			l.alone = append(l.alone, pairs...)
		case "apart":
			l.apart = append(l.apart, pairs...)
		case "perfective":
			l.perfect = append(l.perfect, pairs...)
		case "prefix":
			l.prefixes = append(l.prefixes, vals...)
		case "compound":
			l.compound = 3
		case "link":
			for _, v := range vals {
				l.link[v] = true
			}
		case "broken":
			l.broken = true
		}
	}
	if fold != nil {
		l.fold = strings.NewReplacer(fold...)
	}
	if harmony != nil {
		l.harmony = strings.NewReplacer(harmony...)
	}
	return l
}

// addAll adds values to a set, which may be nil.
func addAll(set map[string]bool, values []string) map[string]bool {
	if set == nil {
		set = map[string]bool{}
	}
	for _, v := range values {
		set[v] = true
	}
	return set
}

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
	l      *inflection
	abbrev string   // compared with its case kept, if not empty
	exact  string   // folded
	stems  []string // folded
	kinds  []stemKind
	before []string // prefixes of the perfective
	link   bool     // a small word that may change or fall away
	name   bool     // a name: a form of it in lower case is another word
}

// stemKind says which endings a stem may have.
type stemKind uint8

const (
	cutStem   stemKind = iota // something was taken off: any
	wholeStem                 // nothing was taken off: all but l.whole
	aloneStem                 // none
)

// compile makes ready one word of a term.
func (l *inflection) compile(word string) wordForms {
	word = plain(word)
	f := wordForms{l: l, exact: l.foldPlain(word)}
	if isAbbreviation(word) {
		f.abbrev = word
		return f
	}
	f.link = l.link[f.exact]
	switch l.lang {
	case "ru", "uk", "be", "bg", "mk", "sr", "bs", "hr", "cnr", "sh":
		first, size := utf8.DecodeRuneInString(word)
		f.name = unicode.IsUpper(first) && strings.IndexFunc(word[size:], unicode.IsUpper) < 0
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
		f.stems, f.kinds = []string{string(r[:n-cut])}, []stemKind{cutStem}
		return f
	}
	f.stems, f.kinds = l.stems(f.exact)
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

// perfectives returns the prefixes that the perfective of a verb may have.
func (l *inflection) perfectives(word string) (out []string) {
	for _, p := range l.perfect {
		if strings.HasSuffix(word, p[0]) {
			out = append(out, p[1])
		}
	}
	return out
}

// stems lists the shapes that the unchanging part of a word may have, and which
// endings each may have.
func (l *inflection) stems(word string) ([]string, []stemKind) {
	for _, a := range l.alone {
		if a[0] == word {
			open := *l
			open.vowel = nil // it would lead back to the word
			stems, kinds := open.stems(a[1])
			return append(stems, word), append(kinds, aloneStem)
		}
	}
	n := utf8.RuneCountInString(word)
	shortest := 3
	if n <= 4 {
		shortest = 2
	}
	out, kinds := []string{word}, []stemKind{wholeStem}
	kind := cutStem // of what add adds
	add := func(s string) {
		if utf8.RuneCountInString(s) >= shortest && !slices.Contains(out, s) && len(out) < 96 {
			out, kinds = append(out, s), append(kinds, kind)
		}
	}
	for _, e := range l.strip {
		if s, ok := strings.CutSuffix(word, e); ok {
			add(s)
		}
	}
	for _, s := range slices.Clone(out) {
		for _, a := range l.alt {
			if cut, ok := strings.CutSuffix(s, a[0]); ok {
				add(cut + a[1])
			}
		}
	}
	for i, s := range slices.Clone(out) {
		kind = kinds[i]
		l.vowels(s, add)
	}
	for i, s := range slices.Clone(out) {
		kind = kinds[i]
		for _, a := range l.final {
			if cut, ok := strings.CutSuffix(s, a[0]); ok {
				add(cut + a[1])
			}
		}
		if r, size := utf8.DecodeLastRuneInString(s); l.double && size > 0 {
			if before, ok := strings.CutSuffix(s, string(r)+string(r)); ok {
				add(before + string(r))
			} else {
				add(s + string(r))
			}
		}
	}
	kind = cutStem
	if l.broken {
		for _, s := range brokenPlurals([]rune(word)) {
			add(s)
		}
	}
	return out, kinds
}

// vowels adds the stems with a vowel of the last syllable fallen, put in or
// changed.
func (l *inflection) vowels(s string, add func(string)) {
	last, size := utf8.DecodeLastRuneInString(s)
	if size == 0 || size == len(s) {
		return
	}
	before, tail := s[:len(s)-size], s[len(s)-size:]
	if !slices.Contains(l.drop, string(last)) {
		for _, v := range l.drop {
			if cut, ok := strings.CutSuffix(before, v); ok {
				add(cut + tail)
			}
		}
		for _, v := range l.insert {
			add(before + v + tail)
			for _, soft := range l.soft {
				if cut, ok := strings.CutSuffix(before, soft); ok {
					add(cut + v + tail)
				}
			}
		}
	}
	for _, p := range l.vowel {
		// Only near the end: in the last three letters.
		if i := strings.LastIndex(s, p[0]); i > 0 && utf8.RuneCountInString(s[i+len(p[0]):]) <= 3 {
			add(s[:i] + p[1] + s[i+len(p[0]):])
		}
	}
}

// brokenPlurals gives the commonest Arabic plural patterns, as Persian and its
// neighbours use them in writing, where short vowels do not show.
func brokenPlurals(r []rune) []string {
	const alef, waw, yeh = 'ا', 'و', 'ی'
	switch {
	case len(r) == 3:
		return []string{
			string([]rune{alef, r[0], r[1], alef, r[2]}), // حزب احزاب
			string([]rune{r[0], r[1], waw, r[2]}),        // حق… علم علوم
		}
	case len(r) == 4 && r[1] == alef:
		return []string{
			string([]rune{r[0], waw, alef, r[2], r[3]}),      // عامل عوامل
			string([]rune{alef, r[0], r[2], alef, r[3]}),     // شاخص
			string([]rune{r[0], r[2], r[3], alef}),           // عالم علما
			string([]rune{r[0], r[1], r[2], r[3], 'ی', 'ن'}), // معلم
		}
	case len(r) == 4 && r[2] == yeh:
		return []string{
			string([]rune{r[0], r[1], r[3], alef}),       // وزیر وزرا
			string([]rune{alef, r[0], r[1], r[3], alef}), // نبی انبیا
			string([]rune{r[0], r[1], alef, 'ئ', r[3]}),
		}
	case len(r) == 4:
		return []string{string([]rune{r[0], r[1], alef, r[2], r[3]})} // مجلس مجالس
	case len(r) == 5 && (r[3] == waw || r[3] == alef || r[3] == yeh):
		return []string{string([]rune{r[0], r[1], alef, r[2], yeh, r[4]})} // مسئول, قانون
	}
	return nil
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
	if f.l.compound > 0 && !strict && utf8.RuneCountInString(f.exact) >= 5 {
		// The first part of a compound: Speicher in Speicherplatz.
		if rest, ok := strings.CutPrefix(w.folded, f.exact); ok && utf8.RuneCountInString(rest) >= 3 {
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
			if i := strings.Index(w.folded, s); i > 0 && utf8.RuneCountInString(w.folded[:i]) >= f.l.compound && f.l.ending(w.folded[i+len(s):]) {
				return true
			}
		}
	}
	return false
}

func (f *wordForms) form(word string, strict bool) bool {
	for i, s := range f.stems {
		rest, ok := strings.CutPrefix(word, s)
		if ok && (f.kinds[i] == wholeStem && f.l.whole[rest] || f.kinds[i] == aloneStem && rest != "" && f.l.ending(rest)) {
			continue
		}
		if ok && (f.exact == s+"ия" || f.exact == s+"ія") && !strings.HasPrefix(rest, "и") && !strings.HasPrefix(rest, "і") {
			continue // груз is no form of Грузия: the и stays
		}
		if ok && (f.l.ending(rest) || !strict && f.l.derived(s, rest)) {
			return true
		}
	}
	return false
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
	if l.harmony != nil {
		rest = l.harmony.Replace(rest)
	}
	if l.ends[rest] || l.chained(rest) {
		return true
	}
	return false
}

// derived reports whether rest makes another word of a stem: an adjective.
func (l *inflection) derived(stem, rest string) bool {
	for _, d := range l.derive {
		r, ok := strings.CutPrefix(rest, d)
		if ok && !l.clash(stem, d) && (l.adj[r] || l.adj == nil && (l.ends[r] || l.chained(r))) {
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
		for j := i + 1; j <= min(len(rest), i+l.longest); j++ {
			if !reach[j] && l.chain[rest[i:j]] {
				reach[j] = true
			}
		}
	}
	return reach[len(rest)]
}
