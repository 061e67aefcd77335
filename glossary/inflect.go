package glossary

import (
	"embed"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
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
	adj      map[string]bool            // behind derive; nil is all endings
	adjN     map[string]bool            // behind deriveN
	whole    map[string]bool            // endings that no unchanged dictionary form has
	deny     map[string]map[string]bool // what was taken off → endings that do not follow then
	only     map[string]map[string]bool // change of the last letters → endings that follow then
	after    map[string][]string        // ending → what was taken off the stems that alone have it
	last     map[string]bool            // suffixes that end a chain
	not      [][2]string
	open     []string // beginnings of dictionary forms, which fall away
	forms    [][2]string
	starts   []string // the left sides of alt and forms whose right sides begin with another letter
	alone    [][2]string
	apart    [][2]string
	perfect  [][2]string
	prefixes []string
	compound int      // letters that may stand before the term in one word; 0 is never
	tails    []string // second parts of compounds that make the name of another thing
	link     map[string]bool
	broken   bool // Arabic broken plurals
	generic  bool // nothing is known: compare beginnings

	compiled sync.Map // word → *wordForms, of the words that came first
	count    atomic.Int32
}

// maxCompiled bounds the compiled words that are kept for a language: those of a
// glossary recur in every text, about 2 KB each.
const maxCompiled = 2048

// maxKept is the length in bytes of the longest word that is kept.
const maxKept = 64

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
		case "deny":
			if l.deny == nil {
				l.deny = map[string]map[string]bool{}
			}
			l.deny[vals[0]] = addAll(l.deny[vals[0]], vals[1:])
		case "only":
			if l.only == nil {
				l.only = map[string]map[string]bool{}
			}
			l.only[vals[0]] = addAll(l.only[vals[0]], vals[1:])
		case "after":
			for _, v := range vals[1:] {
				if l.after == nil {
					l.after = map[string][]string{}
				}
				l.after[v] = append(l.after[v], strings.Split(vals[0], ",")...)
			}
		case "last":
			l.last = addAll(l.last, vals)
			for _, v := range vals {
				l.longest = max(l.longest, len(v))
			}
		case "not":
			l.not = append(l.not, pairs...)
		case "open":
			l.open = append(l.open, vals...)
		case "form":
			l.forms = append(l.forms, pairs...)
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
			l.tails = append(l.tails, vals...)
		case "link":
			for _, v := range vals {
				l.link[v] = true
			}
		case "broken":
			l.broken = true
		}
	}
	for _, p := range slices.Concat(l.alt, l.forms) {
		if !sameStart(p[0], p[1]) {
			l.starts = append(l.starts, p[0])
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

// addAll adds values to a set, which may be nil. "-" stands for no ending.
func addAll(set map[string]bool, values []string) map[string]bool {
	if set == nil {
		set = map[string]bool{}
	}
	for _, v := range values {
		set[strings.TrimPrefix(v, "-")] = true
	}
	return set
}

// otherStart reports whether a form of the word may begin with another letter than
// the word itself: people for person.
func (l *inflection) otherStart(word string) bool {
	return slices.Contains(l.starts, word)
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
	cuts   []string // what was taken off to make the stem
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
	exactStem                 // nothing follows it, not even a suffix of derived words
)

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
		f.stems, f.kinds, f.cuts = []string{string(r[:n-cut])}, []stemKind{cutStem}, []string{""}
		return f
	}
	f.stems, f.kinds, f.cuts = l.stems(f.exact)
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

// stems lists the shapes that the unchanging part of a word may have, which
// endings each may have, and what was taken off to make it.
func (l *inflection) stems(word string) (out []string, kinds []stemKind, cuts []string) {
	return l.stemsOf(word, true)
}

// stemsOf is stems; without changes it leaves out the changes of vowels.
func (l *inflection) stemsOf(word string, changes bool) (out []string, kinds []stemKind, cuts []string) {
	for _, a := range l.alone {
		if a[0] == word {
			out, kinds, cuts = l.stemsOf(a[1], false) // a vowel's change would lead back to the word
			return append(out, word), append(kinds, aloneStem), append(cuts, "")
		}
	}
	n := utf8.RuneCountInString(word)
	shortest := 3
	if n <= 4 {
		shortest = 2
	}
	const room = 24
	out, kinds, cuts = append(make([]string, 0, room), word), append(make([]stemKind, 0, room), wholeStem), append(make([]string, 0, room), "")
	kind, off := cutStem, "" // of what add adds
	add := func(s string) {
		if utf8.RuneCountInString(s) >= shortest && !slices.Contains(out, s) && len(out) < 192 {
			out, kinds, cuts = append(out, s), append(kinds, kind), append(cuts, off)
		}
	}
	for _, p := range l.open {
		if s, ok := strings.CutPrefix(word, p); ok && utf8.RuneCountInString(s) >= shortest {
			out, kinds, cuts = append(out, s), append(kinds, wholeStem), append(cuts, "")
			break
		}
	}
	for _, e := range l.strip {
		if s, ok := strings.CutSuffix(word, e); ok {
			off = e
			add(s)
		}
	}
	off = ""
	for i, s := range slices.Clone(out) {
		for _, a := range l.alt {
			cut, ok := strings.CutSuffix(s, a[0])
			switch {
			case !ok || a[1] == "" && i > 0: // a suffix falls from the dictionary form alone
			case cut == "" && i == 0 && !slices.Contains(out, a[1]):
				// A word of its own may have a stem of two letters: день, дня.
				out, kinds, cuts = append(out, a[1]), append(kinds, kind), append(cuts, "")
			default:
				off = ""
				if a[1] == "" || l.after != nil {
					off = a[0]
				}
				add(cut + a[1])
			}
		}
	}
	for i, s := range slices.Clone(out) {
		kind, off = kinds[i], cuts[i]
		l.vowels(s, changes, add)
	}
	for i, s := range slices.Clone(out) {
		kind, off = kinds[i], cuts[i]
		for _, a := range l.final {
			if cut, ok := strings.CutSuffix(s, a[0]); ok {
				off = cuts[i]
				if l.only != nil {
					if change := a[0] + "=" + a[1]; l.only[change] != nil {
						off = change
					}
				}
				add(cut + a[1])
			}
		}
		off = cuts[i]
		if r, size := utf8.DecodeLastRuneInString(s); l.double && size > 0 {
			if before, ok := strings.CutSuffix(s, string(r)+string(r)); ok && strings.Contains(word, string(r)+string(r)) {
				add(before + string(r))
			} else {
				add(s + string(r))
			}
		}
	}
	kind, off = cutStem, ""
	if l.broken {
		yeh := 'ی'
		if l.lang == "ar" {
			yeh = 'ي'
		}
		bare := word
		for _, p := range l.open {
			bare = strings.TrimPrefix(bare, p)
		}
		for _, s := range brokenPlurals([]rune(bare), yeh) {
			add(s)
		}
	}
	for _, a := range l.forms {
		if a[0] == word && !slices.Contains(out, a[1]) {
			out, kinds, cuts = append(out, a[1]), append(kinds, exactStem), append(cuts, "")
		}
	}
	return out, kinds, cuts
}

// vowels adds the stems with a vowel of the last syllable fallen, put in or
// changed.
func (l *inflection) vowels(s string, changes bool, add func(string)) {
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
	if !changes {
		return
	}
	for _, p := range l.vowel {
		// Only near the end: in the last three letters.
		if i := strings.LastIndex(s, p[0]); (i > 0 || i == 0 && sameStart(p[0], p[1])) && utf8.RuneCountInString(s[i+len(p[0]):]) <= 3 {
			add(s[:i] + p[1] + s[i+len(p[0]):])
		}
	}
}

// sameStart reports whether two texts begin with one letter.
func sameStart(a, b string) bool {
	x, _ := utf8.DecodeRuneInString(a)
	y, _ := utf8.DecodeRuneInString(b)
	return x == y
}

// brokenPlurals gives the commonest Arabic plural patterns, as Persian and its
// neighbours use them in writing, where short vowels do not show.
func brokenPlurals(r []rune, yeh rune) []string {
	const alef, madda, waw, heh = 'ا', 'آ', 'و', 'ه'
	word := func(r ...rune) string { return string(r) }
	var out []string
	switch len(r) {
	case 3:
		out = append(out,
			word(alef, r[0], r[1], alef, r[2]), // حزب احزاب
			word(r[0], r[1], waw, r[2]))        // علم علوم
		if r[0] == alef {
			out = append(out, word(madda, r[1], alef, r[2])) // اثر آثار
		}
		if r[1] == alef {
			out = append(out, word(alef, r[0], waw, alef, r[2])) // مال اموال
		}
		if r[2] == waw {
			out = append(out, word(alef, r[0], r[1], alef)) // عضو اعضا
		}
	case 4:
		switch {
		case r[1] == alef:
			out = append(out,
				word(r[0], waw, alef, r[2], r[3]),      // عامل عوامل
				word(alef, r[0], r[2], alef, r[3]),     // شاخص
				word(r[0], r[2], r[3], alef),           // عالم علما
				word(r[0], r[1], r[2], r[3], yeh, 'ن')) // معلم
		case r[2] == yeh:
			out = append(out,
				word(r[0], r[1], r[3], alef),       // وزیر وزرا
				word(alef, r[0], r[1], r[3], alef), // نبی انبیا
				word(r[0], r[1], alef, yeh, r[3]))  // دلیل دلایل, whose hamza is folded
		default:
			out = append(out, word(r[0], r[1], alef, r[2], r[3])) // مجلس مجالس
		}
	case 5:
		switch {
		case r[4] == heh && r[1] == alef:
			out = append(out, word(r[0], waw, alef, r[2], r[3])) // حادثه حوادث
		case r[4] == heh && r[2] == yeh:
			out = append(out, word(r[0], r[1], alef, yeh, r[3]), word(r[0], r[1], r[3], alef)) // نتیجه نتایج, خلیفه خلفا
		case r[4] == heh:
			out = append(out, word(r[0], r[1], alef, r[2], r[3])) // منطقه مناطق
		case r[1] == alef && (r[3] == waw || r[3] == yeh):
			out = append(out, word(r[0], waw, alef, r[2], yeh, r[4])) // قانون قوانین
		case r[3] == waw || r[3] == alef || r[3] == yeh:
			out = append(out, word(r[0], r[1], alef, r[2], yeh, r[4])) // مسئول
		}
	}
	return out
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
		if rest, ok := strings.CutPrefix(w.folded, f.exact); ok && utf8.RuneCountInString(rest) >= max(3, 8-n) && !slices.ContainsFunc(f.l.tails, func(t string) bool { return strings.HasPrefix(rest, t) }) {
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
	for _, n := range f.l.not {
		if n[0] == f.exact && strings.HasPrefix(word, n[1]) {
			return false
		}
	}
	for i, s := range f.stems {
		rest, ok := strings.CutPrefix(word, s)
		if !ok || f.kinds[i] == exactStem && rest != "" {
			continue
		}
		if (f.exact == s+"ия" || f.exact == s+"ія") && !strings.HasPrefix(rest, "и") && !strings.HasPrefix(rest, "і") {
			continue // груз is no form of Грузия: the и stays
		}
		if rest == "" && f.exact == s+"я" && strings.HasSuffix(s, "и") {
			continue // Росси is no form of Россия
		}
		if needs := f.l.after[rest]; needs != nil && !slices.ContainsFunc(needs, func(n string) bool { return strings.HasSuffix(f.cuts[i], n) }) {
			continue
		}
		denied := f.kinds[i] == wholeStem && f.l.whole[rest] || f.cuts[i] != "" && (f.l.deny[f.cuts[i]][rest] || f.l.only[f.cuts[i]] != nil && !f.l.only[f.cuts[i]][rest])
		if f.l.ending(rest) {
			if denied || f.kinds[i] == aloneStem && rest != "" {
				continue
			}
			return true
		}
		if !strict && f.l.derived(s, rest) {
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
	if l.longest > 0 { // Turkish: Ödülü'nü
		rest = strings.ReplaceAll(rest, "'", "")
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
	if l.harmony != nil {
		rest = l.harmony.Replace(rest)
	}
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
