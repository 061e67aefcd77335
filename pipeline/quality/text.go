package quality

import (
	"strings"
	"sync"
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
	rtl               bool
	quotes            [4]string
	letters           map[rune]bool // lower and upper case; nil if not known
	numbers           notation
	numerals          *numerals
	months            lexicon
	spaceless         bool    // no space between words
	alphabet          runeSet // letters, and those whose lower case is one of them

	identified sync.Once
	index      int // see identity
}

// languages keeps what is known of each locale, since the tables are large.
var languages tag.Memo[*language]

func languageOf(locale string) *language { return languages.Get(locale, newLanguage) }

func newLanguage(locale string) *language {
	l := &language{tag: locale, lang: tag.Language(locale), script: tag.Script(locale), rtl: tag.RightToLeft(locale), quotes: locales.Quotes(locale)}
	l.numbers, l.numerals, l.months = notationOf(locale), numeralsFor(l.lang), monthsOf(locale)
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
	from, to *language
	segments []segment
}

// segment is one filled target with its source. src and tgt are their
// characters, with addresses and placeholders blanked out (masked), so that
// checks of the writing do not read them as text.
type segment struct {
	unit           *bitext.Unit
	id             string
	source         *bitext.Text
	target         *bitext.Target
	from, to       *language
	ref            bitext.Ref
	src, tgt       string
	srcLinks       []string
	tgtLinks       []string
	srcVars        []string
	tgtVars        []string
	srcWords       []word
	tgtWords       []word
	srcNum, tgtNum []quantity
	findings       termFindings
}

func newDocument(tr *bitext.Translation) *document {
	d := &document{tr: tr, from: languageOf(tr.Document.Locale), to: languageOf(tr.Locale)}
	for ref, t := range tr.Segments() {
		if !t.Filled || t.Locale != "" && t.Locale != tr.Locale {
			continue
		}
		seg := tr.Document.Source(ref)
		from := d.from
		u := &tr.Document.Units[ref.Unit]
		if u.Locale != "" && u.Locale != tr.Document.Locale {
			from = languageOf(u.Locale)
		}
		d.segments = append(d.segments, segment{unit: u, id: seg.ID, source: &seg.Source, target: t, from: from, to: d.to, ref: ref})
	}
	return d
}

// prepare reads what several checks need.
func (s *segment) prepare(d *document) {
	s.src, s.srcLinks, s.srcVars = mask(s.source.Chars)
	s.tgt, s.tgtLinks, s.tgtVars = mask(s.target.Text.Chars)
	s.srcWords, s.tgtWords = wordsOf(s.src), wordsOf(s.tgt)
	s.srcNum, s.tgtNum = quantitiesOf(s.src, s.from), quantitiesOf(s.tgt, s.to)
	s.findings = findTerms(d.to.tag, s)
}

// release lets go of what prepare read.
func (s *segment) release() {
	s.srcWords, s.tgtWords, s.srcNum, s.tgtNum = nil, nil, nil, nil
}

// word is one word of a text (UAX #29): something with a letter or digit in it.
type word struct {
	start, end int
	text       string
	script     script // of its letters; mixed if several, none if it has none
	low        string // in lower case, once it has been asked for
}

// lower returns the word in lower case.
func (w *word) lower() string {
	if w.low == "" {
		w.low = strings.ToLower(w.text)
	}
	return w.low
}

func wordsOf(text string) []word {
	out := make([]word, 0, len(text)/6+1)
	it := words.FromString(text)
	for it.Next() {
		w := it.Value()
		if c := w[0]; c < utf8.RuneSelf && !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9') {
			continue
		} else if c >= utf8.RuneSelf {
			if r, _ := utf8.DecodeRuneInString(w); !unicode.IsLetter(r) && !unicode.IsNumber(r) {
				continue
			}
		}
		out = append(out, word{start: it.Start(), end: it.End(), text: w, script: scriptOf(w)})
	}
	return out
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

func scriptOfRune(r rune) script {
	switch {
	case r < 0x80:
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return latin
		}
		return none
	case r >= 0x400 && r <= 0x52f:
		if unicode.IsLetter(r) {
			return cyrillic
		}
		return none
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
	ascii := true
	for i := range len(text) {
		ascii = ascii && text[i] < utf8.RuneSelf
	}
	if ascii {
		return len(text)
	}
	n := 0
	for it := graphemes.FromString(text); it.Next(); {
		n++
	}
	return n
}
