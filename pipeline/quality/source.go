package quality

import (
	"strings"
	"sync"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
)

// Source is what the checks read of the source texts of a document, once for all of
// its translations. It may be used by many goroutines at once. Make it with NewSource.
type Source struct {
	document *bitext.Document
	once     sync.Once
	units    []int // the index in segments of each unit's first segment
	segments []sourceSegment
}

// NewSource returns the source of a document, which must not change any more.
// Nothing is read before a check needs it.
func NewSource(d *bitext.Document) *Source { return &Source{document: d} }

// sourceSegment is one segment of a document. Segments of the same text share what is
// read of it.
type sourceSegment struct {
	text     *sourceText
	key      string // bitext.Text.Key
	group    int32  // the same for all segments with one key
	repeated bool   // there are others with this key
}

// sourceText is what the checks read of one source text. The characters, with
// addresses and placeholders blanked out (masked), are src.
type sourceText struct {
	from     *language
	src      string
	srcLinks []string
	srcVars  []string
	srcWords []word
	srcNum   []quantity

	bare        []string   // srcWords without a possessive ending
	seen        wordFilter // the words of bare
	srcNumbers  sourceNumbers
	srcNames    []string      // known names
	persons     []soundedWord // parts of names of people
	personOf    []int         // which name each of persons is a part of
	anchors     [][]sound     // see anchorsOf
	srcQuotes   quoteMarks
	srcCapitals int    // see allCapitals
	srcNegation string // see negationOf
	srcPercent  []int  // the indexes of srcWords that are words for percent
	srcLength   int    // of the text as it is
	srcBlank    bool   // there is nothing to see in it
	digits      string // see digitRuns
	letters     string // see wordsOnly
}

// noSource is the source of segments that are not checked.
var noSource sourceText

// wordFilter is a set of words that may report words that are not in it: a Bloom
// filter, by what strings.EqualFold leaves of a word.
type wordFilter [8]uint64

// bits returns the place of a word. Words that are equal for strings.EqualFold have
// as many characters, and equal first and last ones.
func (*wordFilter) bits(w string) (index int, bit uint64) {
	first, size := utf8.DecodeRuneInString(w)
	last, _ := utf8.DecodeLastRuneInString(w)
	n := 1
	if len(w) != size {
		n = utf8.RuneCountInString(w)
	}
	h := uint32(n)*31 + foldClass(first)*1031 + foldClass(last)*65599
	h ^= h >> 7
	return int(h >> 6 & 7), 1 << (h & 63)
}

// foldClass returns a number that is the same for characters that are equal when
// case does not matter.
func foldClass(r rune) uint32 {
	switch {
	case r >= 'A' && r <= 'Z':
		return uint32(r) | 0x20
	case r < utf8.RuneSelf:
		return uint32(r)
	case r == '\u017f': // LATIN SMALL LETTER LONG S
		return 's'
	case r == '\u212a': // KELVIN SIGN
		return 'k'
	}
	return 0
}

func (f *wordFilter) add(w string) {
	i, b := f.bits(w)
	f[i] |= b
}

// mayHave reports whether a word, or one that only differs in case, may have been
// added.
func (f *wordFilter) mayHave(w string) bool {
	i, b := f.bits(w)
	return f[i]&b != 0
}

// read reads the document's texts.
func (s *Source) read() {
	s.once.Do(func() {
		d := s.document
		known := map[string]*sourceText{}
		groups := map[string]int32{}
		locale := d.Locale
		from := languageOf(locale)
		s.units = make([]int, len(d.Units))
		var a arena
		for i := range d.Units {
			u := &d.Units[i]
			s.units[i] = len(s.segments)
			l := from
			if u.Locale != "" && u.Locale != locale {
				l = languageOf(u.Locale)
			}
			for j := range u.Segments {
				x := sourceSegment{text: &noSource}
				if text := &u.Segments[j].Source; !u.NoTranslate && !u.Segments[j].Ignorable {
					x.key = text.Key()
					if l != from {
						x.text = newSourceText(*text, l, &a)
					} else if x.text = known[text.Chars]; x.text == nil {
						x.text = newSourceText(*text, l, &a)
						known[text.Chars] = x.text
					}
					g, again := groups[x.key]
					if again {
						s.segments[g].repeated, x.repeated = true, true
					} else {
						g = int32(len(s.segments))
						groups[x.key] = g
					}
					x.group = g
				}
				s.segments = append(s.segments, x)
			}
		}
	})
}

// isPlaceOfCredits reports whether a source text is no text but a name for what a
// translator writes there: their names and addresses in the PO files of many programs, and
// the sum of a figure in those of itstool (https://itstool.org).
func isPlaceOfCredits(text string) bool {
	switch text {
	case "translator-credits", "translator_credits", "_: EMAIL OF TRANSLATORS", "_: NAME OF TRANSLATORS":
		return true
	}
	return strings.HasPrefix(text, "external ref=")
}

// at returns the segment that r names.
func (s *Source) at(r bitext.Ref) *sourceSegment { return &s.segments[s.units[r.Unit]+r.Segment] }

func newSourceText(text bitext.Text, from *language, a *arena) *sourceText {
	s := &sourceText{from: from, srcBlank: text.IsBlank(), srcLength: length(text.Chars)}
	s.src, s.srcLinks, s.srcVars = mask(text.Chars)
	s.srcWords = appendWords(nil, s.src, a)
	s.srcNum = quantitiesOf(s.src, from)
	s.bare = make([]string, len(s.srcWords))
	for i := range s.srcWords {
		w := s.srcWords[i].text
		for _, end := range [...]string{"'s", "’s", "'", "’"} {
			w = strings.TrimSuffix(w, end)
		}
		s.bare[i] = w
		s.seen.add(w)
		s.seen.add(s.srcWords[i].text)
	}
	s.srcNumbers = sourceNumbersOf(s)
	if from.script == "Latn" {
		for i := range s.srcWords {
			if n := a.knownName(s.srcWords[i].text); n != "" {
				s.srcNames = append(s.srcNames, n)
			} else if moreNames()[s.bare[i]] {
				s.srcNames = append(s.srcNames, s.bare[i])
			}
		}
	}
	s.persons, s.personOf = personNames(s.src, s.srcWords, from)
	s.anchors = anchorsOf(s.srcWords)
	s.srcQuotes = quotesOf(s.src, from)
	s.srcCapitals = allCapitals(s.srcWords)
	s.srcNegation = negationOf(s)
	for i := 1; i < len(s.srcWords); i++ {
		if w := &s.srcWords[i]; isPercentWord(s.src[w.start:]) && !strings.HasPrefix(w.lower(), "percentage") {
			s.srcPercent = append(s.srcPercent, i)
		}
	}
	s.digits = digitRuns(text.Chars)
	s.letters = wordsOnly(text.Chars)
	return s
}

// targetText is what the checks read of one target. Its memory is used again for the
// next one.
type targetText struct {
	tgtLinks []string
	tgtVars  []string
	tgtWords []word
	tgtNum   []quantity
	findings termFindings
}

// arena has the memory of many short strings, and the known names among the words that
// were looked up.
type arena struct {
	strings.Builder
	names map[string]string
}

// knownName returns what the function knownName does, and keeps it: the search takes long
// for words that texts have again and again.
func (a *arena) knownName(w string) string {
	if c := w[0]; c < utf8.RuneSelf && !(c >= 'A' && c <= 'Z') {
		return ""
	}
	n, ok := a.names[w]
	if !ok {
		if a.names == nil {
			a.names = map[string]string{}
		}
		n = knownName(w)
		a.names[w] = n
	}
	return n
}

// arenaSize is the size of the pieces of an arena, in bytes.
const arenaSize = 8 << 10

// lower returns a text in lower case, as strings.ToLower does.
func (a *arena) lower(text string) string {
	same := true
	for i, r := range text {
		if r < utf8.RuneSelf {
			same = same && !(r >= 'A' && r <= 'Z')
			continue
		}
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd") {
			return strings.ToLower(text)
		}
		same = same && characterOf(r).lower == r
	}
	if same {
		return text
	}
	if a.Cap()-a.Len() < 2*len(text) { // no letter is more than one byte longer in lower case
		a.Builder = strings.Builder{}
		a.Grow(max(arenaSize, 2*len(text)))
	}
	from := a.Len()
	for _, r := range text {
		switch {
		case r >= 'A' && r <= 'Z':
			a.WriteByte(byte(r) | 0x20)
		case r < utf8.RuneSelf:
			a.WriteByte(byte(r))
		default:
			a.WriteRune(characterOf(r).lower)
		}
	}
	return a.String()[from:]
}
