package quality

import (
	_ "embed"
	"math/bits"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"hexapla/locales"
	"hexapla/locales/tag"
	"hexapla/pipeline/diag"
)

//go:embed identify_words.txt
var identifyWords string

//go:embed identify_interface.txt
var identifyInterface string

// identifier tells languages apart by their common words, endings and letters.
type identifier struct {
	tags    []string
	langs   []string // the languages of tags
	scripts []script
	letters letterTable            // the languages that have a letter
	spelled [mixed + 1]languageSet // by script: the languages whose letters are known
	words   map[string][]uint8     // word → languages, by index in tags
	endings map[string][]uint8
	longest int                // of the endings, in runes
	last    runeSet            // the letters that endings end in
	lastTwo [1 << 12]bool      // hashes of the two characters that endings end in
	rare    map[rune][]uint8   // letters that few languages of a script have
	unusual runeSet            // those letters
	shared  [mixed + 1]runeSet // by script: letters that say nothing, since all of its languages have them
}

var identifierOf = sync.OnceValue(func() *identifier {
	id := &identifier{rare: map[rune][]uint8{}, words: map[string][]uint8{}, endings: map[string][]uint8{}}
	add := func(m map[string][]uint8, w string, n uint8) {
		if !slices.Contains(m[w], n) {
			m[w] = append(m[w], n)
		}
	}
	for line := range strings.Lines(identifyWords) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		n := uint8(len(id.tags))
		id.tags = append(id.tags, f[0])
		id.langs = append(id.langs, tag.Language(f[0]))
		id.scripts = append(id.scripts, scriptNamed(tag.Script(f[0])))
		if l := languageOf(f[0]); len(l.letters) >= 20 {
			id.spelled[id.scripts[n]].add(int(n))
			for r := range l.letters {
				id.letters.add(r, int(n))
				if r > 0x7f && !unicode.IsUpper(r) {
					id.rare[r] = append(id.rare[r], n)
				}
			}
		}
		for _, w := range f[1:] {
			if e, ok := strings.CutPrefix(w, "-"); ok {
				add(id.endings, e, n)
				id.longest = max(id.longest, utf8.RuneCountInString(e))
			} else {
				add(id.words, w, n)
			}
		}
		for _, names := range locales.MonthNames(f[0]) {
			for _, w := range names {
				if w = strings.ToLower(w); utf8.RuneCountInString(w) > 3 && !strings.Contains(w, " ") {
					add(id.words, w, n)
				}
			}
		}
	}
	for line := range strings.Lines(identifyInterface) {
		f := strings.Fields(line)
		if n := slices.Index(id.tags, f[0]); n >= 0 {
			for _, w := range f[1:] {
				add(id.words, w, uint8(n))
			}
		}
	}
	for r, in := range id.rare {
		if len(in) > 4 {
			delete(id.rare, r)
		} else {
			id.unusual.add(r)
		}
	}
	for k := range id.spelled {
		for _, in := range id.spelled[k].members() {
			for r := range languageOf(id.tags[in]).letters {
				if !id.unusual.has(r) && id.spelled[k].without(id.letters.languages(r)).empty() {
					id.shared[k].add(r)
				}
			}
		}
	}
	for e := range id.endings {
		if last, before, ok := lastTwo(e); ok {
			id.last.add(last)
			id.lastTwo[pairHash(last, before)] = true
		}
	}
	if len(id.tags) > maxLanguages {
		panic("quality: more languages than a languageSet has room for")
	}
	return id
})

// score adds to scores how well words go with each language, for the languages of the
// script that most of them are in. It returns the number of words that it has read.
func (id *identifier) score(scores []float64, ws []word, except func(*word) bool) (read int) {
	for i := range ws {
		w := &ws[i]
		if w.script == none || w.script == mixed || except != nil && except(w) {
			continue
		}
		read++
		low := w.lower()
		if in := id.words[low]; in != nil {
			for _, n := range in {
				scores[n] += 1 / share(len(in))
			}
		} else if first, _ := utf8.DecodeRuneInString(w.text); !unicode.IsUpper(first) || len(low) == len(w.text) && i == 0 {
			id.ending(scores, low)
		}
		var lacking languageSet
		spelled, shared := id.spelled[w.script], &id.shared[w.script]
		rare := false // a letter that few languages have has been seen
		for _, r := range low {
			if shared.has(r) || r == '\'' {
				continue
			}
			if r > 0x7f && !rare && id.unusual.has(r) {
				rare = true
				in := id.rare[r]
				for _, n := range in {
					if id.scripts[n] == w.script {
						scores[n] += 0.6 / share(len(in))
					}
				}
			}
			if r == '’' || r == '\u200c' {
				continue
			}
			if l := spelled.without(id.letters.languages(r)); !l.empty() && unicode.IsLetter(r) {
				lacking = lacking.or(l)
			}
		}
		for k, set := range lacking {
			for ; set != 0; set &= set - 1 {
				scores[k<<6|bits.TrailingZeros64(set)] -= 0.7
			}
		}
	}
	return read
}

// share weighs a word down by the number of languages that have it.
func share(n int) float64 { return 0.5 + 0.5*float64(n) }

// lastTwo returns the last character of a text and the one before it; ok is false for
// a shorter text.
func lastTwo(s string) (last, before rune, ok bool) {
	last, n := utf8.DecodeLastRuneInString(s)
	before, m := utf8.DecodeLastRuneInString(s[:len(s)-n])
	return last, before, m > 0
}

// pairHash is the place of two characters in identifier.lastTwo.
func pairHash(last, before rune) uint16 {
	return uint16((uint32(last)*0x9e3779b1 ^ uint32(before)*0x85ebca6b) >> 20)
}

// ending adds to scores how well the end of a word goes with each language.
func (id *identifier) ending(scores []float64, w string) {
	if last, before, ok := lastTwo(w); !ok || !id.last.has(last) || !id.lastTwo[pairHash(last, before)] {
		return
	}
	total := utf8.RuneCountInString(w)
	for i, k := len(w), 0; i > 0 && k < id.longest && k < total-1; k++ {
		_, size := utf8.DecodeLastRuneInString(w[:i])
		if i -= size; k == 0 {
			continue // endings of a letter say nothing
		}
		if in := id.endings[w[i:]]; in != nil {
			for _, n := range in {
				scores[n] += 0.25 / share(len(in)) * float64(min(k+1, 4)) / 2
			}
		}
	}
}

// common reports whether a word in lower case is a common one of the language.
func (l *language) common(low string) bool {
	id := identifierOf()
	own := l.identity(id)
	return own >= 0 && slices.Contains(id.words[low], uint8(own))
}

// wording is the words of a text that should be in a language: those of a segment, or of a
// text beside its source.
type wording struct {
	to      *language
	words   []word
	segment *segment        // nil if there is none
	known   map[string]bool // then the words of the source
}

// except reports whether a word says nothing of the language that it is in.
func (t *wording) except(w *word) bool {
	if t.segment != nil {
		return t.segment.inSource(w.text) || t.segment.kept(w.text)
	}
	return t.known[w.lower()]
}

// SeemsIn returns the BCP 47 tag of the language of the same script that a translation seems
// to be in, if that is another one than that of locale to; else "". Words of the source do
// not count. It needs fewer words than OtherLanguage, and errs more often: of the sound
// sentences of a newspaper, 1 of 300 is taken for another language.
func SeemsIn(to, source, text string) (language string, sure bool) {
	ws := wordsOf(text)
	if len(ws) < 3 || fewWords(ws) {
		return "", false
	}
	known := map[string]bool{}
	for _, w := range wordsOf(source) {
		known[w.lower()] = true
	}
	w := wording{to: languageOf(to), words: ws, known: known}
	return w.otherLanguage()
}

// otherLanguage returns the language of the target's script that a segment seems to
// be in, if it is surely not its own.
func (s *segment) otherLanguage() (language string, sure bool) {
	w := wording{to: s.to, words: s.tgtWords, segment: s}
	return w.otherLanguage()
}

// otherLanguage returns the language of the script of t.to that a text seems to be in, if
// it is surely not that language.
func (t *wording) otherLanguage() (language string, sure bool) {
	id := identifierOf()
	own := t.to.identity(id)
	if own < 0 {
		return "", false
	}
	scores := make([]float64, maxLanguages)[:len(id.tags)]
	read := id.score(scores, t.words, t.except)
	if read < 3 {
		return "", false
	}
	best := -1
	for n, v := range scores {
		if n == own || id.scripts[n] != id.scripts[own] || id.langs[n] == id.langs[own] {
			continue
		}
		if best < 0 || v > scores[best] {
			best = n
		}
	}
	if best < 0 {
		return "", false
	}
	v, mine := scores[best], scores[own]
	need := 1.1
	if read > 8 {
		need = 0.13 * float64(read)
	}
	if v < need || mine > 0.34*v {
		// Enough words of its own, as nearly all sound segments have, are sure.
		if mine >= 0.6 && mine >= v && mine >= 0.1*float64(read) {
			return "", false
		}
		return t.otherSpelling(id, own, scores)
	}
	return id.tags[best], v >= 2*need && mine < 0.2*v
}

// OtherLanguage returns the BCP 47 tag of the language that a translation is in, if that
// surely is another one than that of locale to; else "". Words of the source do not
// count, and a text in the language of locale from is none in another one: that it is not
// translated is for another check. The limits are set so that none of 6,000 sound
// sentences in 31 languages is taken for another one.
func OtherLanguage(from, to, source, text string) string {
	id := identifierOf()
	own := languageOf(to).identity(id)
	if own < 0 {
		return ""
	}
	ws := wordsOf(text)
	if len(ws) < 4 {
		return ""
	}
	// A word that is said again and again counts a few times.
	most := 2 + len(ws)/20
	count := map[string]int{}
	for _, w := range wordsOf(source) {
		count[w.low] = most
	}
	scores := make([]float64, len(id.tags))
	read := id.score(scores, ws, func(w *word) bool {
		count[w.low]++
		return count[w.low] > most
	})
	if read < 4 {
		return ""
	}
	best := -1
	original := 0.0 // the score of the source's language
	for n, v := range scores {
		switch {
		case n == own || id.langs[n] == id.langs[own]:
		case id.langs[n] == tag.Language(from):
			original = max(original, v)
		case best < 0 || v > scores[best]:
			best = n
		}
	}
	if best < 0 {
		return ""
	}
	v := scores[best]
	need := max(2.2, 0.26*float64(read))
	if read >= 40 {
		need = 0.18 * float64(read) // of many words fewer are enough
	}
	if foreign := id.scripts[best]; foreign != id.scripts[own] {
		in := 0
		for i := range ws {
			if ws[i].script == foreign || ws[i].script == none {
				in++
			}
		}
		if in == len(ws) { // no word of its own
			need = max(1.1, 0.13*float64(read))
		}
	}
	if v < need || scores[own] >= 0.2*v || original >= 0.5*v {
		return ""
	}
	return id.tags[best]
}

// IsIn reports whether a text is surely in the language and script of a locale.
func IsIn(locale, text string) bool {
	other := "en"
	if tag.SameLanguage(locale, other) {
		other = "de"
	}
	found := OtherLanguage("", other, "", text)
	return found != "" && tag.SameText(found, locale)
}

// CanIdentify reports whether the language of a locale is one that texts can be identified
// as being in.
func CanIdentify(locale string) bool { return languageOf(locale).identity(identifierOf()) >= 0 }

// PassesFor reports whether texts in the language of a locale, which cannot be identified,
// may be taken for ones in that of other: they share most of its common words.
func PassesFor(locale, other string) bool {
	return slices.Contains(strings.Fields(relatives[tag.Language(other)]), tag.Language(locale))
}

// relatives are the nearest relatives of languages that texts are identified as. Those of
// Arabic and Chinese are the members of these macrolanguages in ISO 639-3.
var relatives = map[string]string{
	"ar": "aao abh abv acm acq acw acx acy adf aeb aec afb ajp ajt apc apd arq ars ary arz auz avl ayh ayl ayn ayp pga shu ssh",
	"cs": "szl",
	"da": "jut",
	"de": "bar gsw ksh lb nds pdc pfl sli swg sxu vmf",
	"en": "enm sco",
	"es": "an ast ext lad",
	"fa": "haz",
	"fr": "frp gcr oc pcd wa",
	"it": "co egl lij lld lmo nap pms rgn scn sdc vec",
	"nl": "af fy li nds vls zea",
	"pl": "csb szl",
	"pt": "fax mwl",
	"ru": "rue",
	"uk": "rue",
	"zh": "cdo cjy cpx czh czo gan hak hsn lzh mnp nan wuu yue",
}

// identity returns the index of the language in id, -1 if it has none.
func (l *language) identity(id *identifier) int {
	l.identified.Do(func() { l.index = id.index(l) })
	return l.index
}

// index returns the place of a locale's language among those known, -1 if it is none.
func (id *identifier) index(l *language) int {
	want := scriptNamed(l.script)
	lang := l.lang
	switch lang {
	case "bs", "hr", "cnr", "sh":
		lang = "sr"
	}
	for n, t := range id.tags {
		if tag.Language(t) == lang && id.scripts[n] == want && (want != other || t == l.lang) {
			return n
		}
	}
	return -1
}

// fewWords reports whether a text has less than three different words: "No, no, no."
func fewWords(ws []word) bool {
	second := ""
	for i := range ws {
		switch w := ws[i].low; {
		case w == ws[0].low, w == second:
		case second != "":
			return false
		default:
			second = w
		}
	}
	return true
}

// wrongLanguage reports a segment in another language of the same script.
func wrongLanguage(s *segment, r *report) {
	if len(s.tgtWords) < 3 || strings.EqualFold(s.src, s.tgt) || fewWords(s.tgtWords) {
		return
	}
	language, sure := s.otherLanguage()
	if language == "" {
		return
	}
	sev := diag.Info
	if sure {
		sev = r.check.Severity
	}
	r.addFindingWithSeverity(sev, "see whether it belongs to another edition", "the text seems to be in %s, not in %s", diag.Arg("language", locales.EnglishName(language)), diag.Arg("otherLanguage", locales.EnglishName(s.to.tag)))
}
