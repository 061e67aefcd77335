package quality

import (
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/clipperhouse/uax29/v2/words"

	"hexapla/locales"
	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
)

// language is what the checks ask of a locale.
type language struct {
	tag, lang, script string
	written           script  // the script
	expansion         float64 // see expansion
	rtl               bool
	quotes            [4]string
	letters           map[rune]bool // lower and upper case; nil if not known
	numbers           notation
	numerals          *numerals
	months            *lexicon
	spaceless         bool            // no space between words
	palochka          bool            // people type the digit 1 for a letter
	bare, properBare  map[string]bool // see the tables of these names
	halves            [2]map[string]bool
	lowerMonths       bool    // the names of months are written small
	alphabet          runeSet // letters, and those whose lower case is one of them

	identified sync.Once
	index      int // see identity
}

// languages keeps what is known of each locale, since the tables are large.
var languages tag.Memo[*language]

func languageOf(locale string) *language { return languages.Get(locale, newLanguage) }

func newLanguage(locale string) *language {
	l := &language{tag: locale, lang: tag.Language(locale), script: tag.Script(locale), rtl: tag.RightToLeft(locale), quotes: locales.Quotes(locale)}
	l.written, l.expansion = scriptNamed(l.script), expansion[l.lang]
	switch l.lang {
	case "ce", "inh", "av", "kbd", "ady", "lez", "dar", "lbe", "abq", "tab":
		l.palochka = true
	}
	l.numbers, l.numerals, l.months = notationOf(locale), numeralsFor(l.lang), monthsOf(locale)
	if l.cased() {
		for _, names := range locales.MonthNames(locale) {
			for _, n := range names {
				l.lowerMonths = l.lowerMonths || n != "" && strings.ToLower(n) == n && strings.ToUpper(n) != n
			}
		}
	}
	for i, words := range halfWords[l.lang] {
		l.halves[i] = wordSet(words)
	}
	l.bare, l.properBare = wordSet(bare[l.lang]), wordSet(properBare[l.lang])
	switch l.script {
	case "Hans", "Hant", "Jpan", "Thai", "Laoo", "Khmr", "Mymr", "Tibt":
		l.spaceless = true
	}
	for _, x := range locales.Exemplars(locale) {
		if l.letters == nil {
			l.letters = map[rune]bool{}
		}
		for _, r := range x {
			l.letters[r] = true
			l.letters[unicode.ToUpper(r)] = true
		}
	}
	for r := range l.letters {
		l.alphabet.add(r)
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			if unicode.ToLower(f) == r {
				l.alphabet.add(f)
			}
		}
	}
	return l
}

// document is a translation with what its checks share.
type document struct {
	tr       *bitext.Translation
	source   *Source
	from, to *language
	segments []segment
	words    arena
	sounds   []sound // of the targets' words, see trace
	traces   [][]sound
}

// segment is one filled target with its source. tgt is the target's characters, with
// addresses and placeholders blanked out (masked), so that checks of the writing do
// not read them as text; src is the source's. A segment that is not to be checked has
// neither.
type segment struct {
	*sourceText // what is checked: noSource if nothing is
	*targetText

	unit     *bitext.Unit
	id       string
	source   *bitext.Text
	target   *bitext.Target
	to       *language
	ref      bitext.Ref
	shared   *sourceSegment
	tgt      string
	quotes   quoteMarks // of tgt
	length   int        // of the target, as a reader counts
	ordinary bool       // the target has nothing but letters and signs that no check of single characters looks for
	joined   bool       // the same, but for zero-width non-joiners
	mistyped bool       // several words have letters of two scripts
	traces   [][]sound  // see trace

	sourceIndex *sourceIndex // see inSource

	marks [4]string // the document's quotation marks, for Fix
}

func newDocument(tr *bitext.Translation, source *Source) *document {
	if source == nil || source.document != tr.Document {
		source = NewSource(tr.Document)
	}
	source.read()
	d := &document{tr: tr, source: source, from: languageOf(tr.Document.Locale), to: languageOf(tr.Locale)}
	n := 0
	for _, t := range tr.Segments() {
		if t.Filled && (t.Locale == "" || t.Locale == tr.Locale) {
			n++
		}
	}
	d.segments = make([]segment, 0, n)
	for ref, t := range tr.Segments() {
		if !t.Filled || t.Locale != "" && t.Locale != tr.Locale {
			continue
		}
		seg := tr.Document.Source(ref)
		if isPlaceOfCredits(seg.Source.Chars) {
			continue
		}
		d.segments = append(d.segments, segment{
			sourceText: &noSource, unit: &tr.Document.Units[ref.Unit], id: seg.ID, source: &seg.Source, target: t, to: d.to, ref: ref, shared: source.at(ref),
		})
	}
	return d
}

// prepare reads what several checks need, into t.
func (s *segment) prepare(d *document, t *targetText) {
	s.sourceText, s.targetText = s.shared.text, t
	s.tgt, t.tgtLinks, t.tgtVars = mask(s.target.Text.Chars)
	t.tgtWords = appendWords(t.tgtWords[:0], s.tgt, &d.words)
	mixedWords := 0
	for i := range t.tgtWords {
		if w := &t.tgtWords[i]; w.script == mixed && twoScripts(w.text) && !suffixed(w.text) && !joined(w.text) {
			mixedWords++
		}
	}
	s.mistyped = mixedWords >= 2
	if mixedWords > 0 && s.to.script == "Cyrl" {
		t.tgtNum = retypedQuantities(s.tgt, t.tgtWords, s.to)
	} else {
		t.tgtNum = quantitiesOf(s.tgt, s.to)
	}
	t.findings = findTerms(d.to.tag, s)
	s.quotes = quotesOf(s.tgt, s.to)
	s.ordinary, s.joined = isOrdinary(s.target.Text.Chars)
	if s.ordinary {
		s.length = utf8.RuneCountInString(s.target.Text.Chars)
	} else {
		s.length = length(s.target.Text.Chars)
	}
}

// word is one word of a text (UAX #29): something with a letter or digit in it.
type word struct {
	start, end int
	text       string
	script     script // of its letters; mixed if several, none if it has none
	low        string // in lower case
}

// lower returns the word in lower case.
func (w *word) lower() string { return w.low }

func wordsOf(text string) []word { return appendWords(nil, text, &arena{}) }

// appendWords appends the words of a text to out.
func appendWords(out []word, text string, a *arena) []word {
	if out == nil {
		out = make([]word, 0, len(text)/6+1)
	}
	add := func(from, to int) {
		w := text[from:to]
		if c := w[0]; c < utf8.RuneSelf && !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9') {
			return
		} else if c >= utf8.RuneSelf {
			if r, _ := utf8.DecodeRuneInString(w); !unicode.IsLetter(r) && !unicode.IsNumber(r) {
				return
			}
		}
		out = append(out, word{start: from, end: to, text: w, script: scriptOf(w), low: a.lower(w)})
	}
	for i := 0; i < len(text); {
		if end := simpleWord(text, i); end > 0 {
			if end > i {
				add(i, end)
				i = end
			} else {
				i++
			}
			continue
		}
		// As far as the rules of UAX #29 are needed, up to a place that no rule looks
		// over.
		it := words.FromString(text[i:])
		for from := i; it.Next(); {
			end := from + it.End()
			add(from+it.Start(), end)
			if i = end; end < len(text) {
				if r, _ := utf8.DecodeRuneInString(text[end:]); r < utf8.RuneSelf || isPlainLetter(r) {
					break
				}
			}
		}
	}
	return out
}

// simpleWord returns the end of the word that begins at i, where a word or what stands
// between words begins; i if it is an ASCII character that is no part of a word, and
// 0 if that cannot be known without all rules.
func simpleWord(text string, i int) int {
	at := i
	for at < len(text) {
		c := text[at]
		if isWordByte(c) {
			at++
			continue
		}
		if c < utf8.RuneSelf {
			break
		}
		r, size := utf8.DecodeRuneInString(text[at:])
		if !isPlainLetter(r) {
			break
		}
		at += size
	}
	if at == len(text) {
		return at
	}
	next := text[at]
	if next >= utf8.RuneSelf {
		switch r, _ := utf8.DecodeRuneInString(text[at:]); r {
		case '\u00a0', '«', '»', '–', '—', '“', '”', '„', '…':
			if at > i {
				return at
			}
		}
		return 0
	}
	if at > i {
		switch next {
		case '.', '\'', ',', ';', ':':
			if at+1 < len(text) && (text[at+1] >= utf8.RuneSelf || isWordByte(text[at+1])) {
				return 0
			}
		}
		return at
	}
	if at+1 < len(text) && text[at+1] >= utf8.RuneSelf {
		if r, _ := utf8.DecodeRuneInString(text[at+1:]); !isPlainLetter(r) {
			return 0
		}
	}
	return i
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}

// isPlainLetter reports whether a character that is not in ASCII is a letter of one
// of the most frequent alphabets, with the property ALetter of UAX #29.
func isPlainLetter(r rune) bool {
	switch {
	case r < 0x370:
		return r >= 0xc0 && r < 0x2b0 && r != '×' && r != '÷'
	case r < 0x530:
		return r >= 0x48a || r >= 0x400 && r < 0x482 || r >= 0x3a3 && r < 0x3f6 || r >= 0x38e && r < 0x3a2
	case r < 0x700:
		return r >= 0x531 && r < 0x557 || r >= 0x561 && r < 0x588 || r >= 0x620 && r < 0x64b || r >= 0x671 && r < 0x6d4
	}
	return r >= 0x10d0 && r < 0x10fb
}

// isOrdinary reports whether a text is of printable ASCII, letters that isPlainLetter
// knows, the most frequent marks of punctuation and Arabic digits. NFC changes none of
// them, none is invisible, a control or a mark of direction, each is a grapheme cluster. joined reports the same, but
// for zero-width non-joiners, which are invisible.
func isOrdinary(text string) (ordinary, joined bool) {
	ordinary = true
	for _, r := range text {
		if r >= ' ' && r < 0x7f || r >= 0xc0 && isPlainLetter(r) {
			continue
		}
		switch r {
		case '\u00a0', '«', '»', '–', '—', '‘', '’', '“', '”', '„', '…', '،', '؛', '؟', '٪', '٫', '٬':
		case '\u200c':
			ordinary = false
		default:
			if r < 0x660 || r > 0x6f9 || r > 0x669 && r < 0x6f0 {
				return false, false
			}
		}
	}
	return ordinary, true
}

// script tells apart the scripts whose letters are taken for each other.
type script uint8

const (
	none script = iota
	latin
	cyrillic
	greek
	armenian
	georgian
	arabic
	hebrew
	other
	mixed
)

var scriptTags = [...]string{latin: "Latn", cyrillic: "Cyrl", greek: "Grek", armenian: "Armn", georgian: "Geor", arabic: "Arab", hebrew: "Hebr", mixed: ""}

func (s script) String() string {
	return [...]string{"no", "Latin", "Cyrillic", "Greek", "Armenian", "Georgian", "Arabic", "Hebrew", "another", "mixed"}[s]
}

// scriptNamed is the script with a tag; other for those not told apart.
func scriptNamed(tag string) script {
	for i, t := range scriptTags {
		if t == tag && t != "" {
			return script(i)
		}
	}
	return other
}

// character is what is asked of a character most often.
type character struct {
	lower, upper rune
	script       script
}

// pages have the characters of the Basic Multilingual Plane, 256 on each, once they
// have been asked for.
var pages [256]atomic.Pointer[[256]character]

func characterOf(r rune) character {
	if uint32(r) > 0xffff {
		return character{unicode.ToLower(r), unicode.ToUpper(r), findScript(r)}
	}
	p := pages[r>>8].Load()
	if p == nil {
		p = new([256]character)
		for i := range p {
			c := r&^0xff + rune(i)
			p[i] = character{unicode.ToLower(c), unicode.ToUpper(c), findScript(c)}
		}
		pages[r>>8].Store(p)
	}
	return p[r&0xff]
}

func scriptOfRune(r rune) script {
	if r < utf8.RuneSelf {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return latin
		}
		return none
	}
	return characterOf(r).script
}

func findScript(r rune) script {
	switch {
	case !unicode.IsLetter(r) || unicode.Is(unicode.Lm, r):
		return none
	case unicode.Is(unicode.Latin, r):
		return latin
	case unicode.Is(unicode.Cyrillic, r):
		return cyrillic
	case unicode.Is(unicode.Greek, r):
		return greek
	case unicode.Is(unicode.Armenian, r):
		return armenian
	case unicode.Is(unicode.Georgian, r):
		return georgian
	case unicode.Is(unicode.Arabic, r):
		return arabic
	case unicode.Is(unicode.Hebrew, r):
		return hebrew
	case unicode.Is(unicode.Common, r):
		return none
	}
	return other
}

func scriptOf(text string) script {
	s := none
	for _, r := range text {
		switch k := scriptOfRune(r); {
		case k == none || k == s:
		case s == none:
			s = k
		default:
			return mixed
		}
	}
	return s
}

// length is what a reader counts: grapheme clusters.
func length(text string) int {
	n := 0
	single := true
	before := '\n'
	for _, r := range text {
		switch {
		case singleCluster(r):
			n++
		case extendsCluster(r) && before >= ' ' && before != 0x7f:
		default:
			single = false
		}
		if before = r; !single {
			break
		}
	}
	if single {
		return n
	}
	n = 0
	for it := graphemes.FromString(text); it.Next(); {
		n++
	}
	return n
}

// extendsCluster reports whether a character goes with the one before it, if that is no
// control, among characters of which the same is reported and those of singleCluster: the
// zero-width non-joiner and Arabic marks, with the property Extend of UAX #29.
func extendsCluster(r rune) bool {
	return r == '\u200c' || r >= 0x64b && r < 0x660 || r == 0x670
}

// singleCluster reports whether a character is a grapheme cluster by itself, among
// characters of which the same is reported: those that have no property for UAX #29,
// table 2, in the most frequent blocks, and ASCII but for the carriage return.
func singleCluster(r rune) bool {
	switch {
	case r < 0x80:
		return r != '\r'
	case r < 0x700:
		return r >= 0xa0 && r < 0x300 && r != 0xad || r >= 0x370 && r < 0x483 || r >= 0x48a && r < 0x590 ||
			r >= 0x5d0 && r < 0x5eb || r >= 0x606 && r < 0x610 || r == 0x61b || r >= 0x61d && r < 0x64b || r >= 0x660 && r < 0x670 || r >= 0x671 && r < 0x6d6 || r >= 0x6ee
	}
	return r >= 0x10a0 && r < 0x1100 || r >= 0x1e00 && r < 0x200b || r >= 0x2010 && r < 0x2028 || r >= 0x202f && r < 0x2060 ||
		r >= 0x3001 && r < 0x302a || r >= 0x3041 && r < 0x3097 || r >= 0x30a1 && r < 0x30fb || r >= 0x4e00 && r < 0xa000
}
