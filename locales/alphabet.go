package locales

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	langtag "hexapla/locales/tag"
)

// An Alphabet is the letters that a language is written with: CLDR's main set of
// exemplar characters, and letters of loans.
type Alphabet struct {
	language, script string
	letters          map[rune]bool // lower case
}

// leastLetters is the number of letters below which a set of exemplar characters is
// not taken for an alphabet.
const leastLetters = 20

// NewAlphabet returns the alphabet of a locale. It is empty where CLDR has none in
// the locale's script, and for scripts that are not alphabets of words.
func NewAlphabet(tag string) Alphabet {
	a := Alphabet{language: langtag.Language(tag), script: Script(tag), letters: map[rune]bool{}}
	for _, s := range Exemplars(tag) {
		for _, r := range s {
			if alphabet(r) == a.script {
				a.letters[unicode.ToLower(r)] = true
			}
		}
	}
	if len(a.letters) < leastLetters || !known(a.script) {
		a.letters = nil
	}
	return a
}

// Foreign returns the first letter of a word that is of the alphabet's script and not
// in the alphabet.
func (a Alphabet) Foreign(word string) (rune, bool) {
	if a.letters == nil {
		return 0, false
	}
	for _, r := range word {
		if r < utf8.RuneSelf || alphabet(r) != a.script {
			continue
		}
		if !a.letters[r] && !a.letters[unicode.ToLower(r)] && !LoanLetter(a.language, r) {
			return r, true
		}
	}
	return 0, false
}

// LoanLetter reports whether a language is also written with a letter that CLDR's
// main set of exemplar characters does not have: in loans, in old spellings, as
// another form of a letter.
func LoanLetter(lang string, r rune) bool {
	switch lang {
	case "kk", "ky", "tt", "ba", "tg", "ce", "mn", "os", "kv": // loans keep their Russian letters
		if r >= 'А' && r <= 'я' || r == 'ё' || r == 'Ё' {
			return true
		}
	}
	switch lang {
	case "mk", "bg":
		return strings.ContainsRune("ѐѝЀЍ", r)
	case "fa":
		return strings.ContainsRune("أإؤئءةۀًٌٍَُِّْٔآ", r)
	case "ps":
		return strings.ContainsRune("أإؤئءةۀيىگڭہًٌَُِّٰ", r)
	case "ur":
		return strings.ContainsRune("آأؤئءةۂۃۓںےۀةىًٌٍَُِّْٰ", r)
	case "sd":
		return strings.ContainsRune("ئؤآأہ", r)
	case "ckb":
		return strings.ContainsRune("ھآ", r)
	case "ar":
		return strings.ContainsRune("پچژگڤ", r)
	case "hy":
		return r == 'և'
	case "ru":
		return r == 'ё' || r == 'Ё'
	case "uk":
		return r == 'ґ' || r == 'Ґ'
	case "ce":
		return strings.ContainsRune("ӀӏIіщЩёЁ", r)
	case "eml", "fur", "lij", "lmo", "nap", "pms", "rgn", "sc", "scn", "vec": // the signs on vowels differ by orthography
		return strings.ContainsRune("àáâäãèéêëẽìíîïòóôöõøœùúûüűçñ", unicode.ToLower(r))
	case "ka":
		return r >= 0x10f0 // Mkhedruli for old words, and Mtavruli capitals
	}
	return false
}

// Misdecoded returns the first part of a text that looks like UTF-8 read as
// Windows-1252 or Windows-1251 ("Ã¤", "РџСЂРё"): its characters, as bytes of such a
// code page, are valid UTF-8. It returns "" if there is none.
func Misdecoded(text string) string {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			if hasNoLead(text[i:]) {
				return ""
			}
			pages := codePages()
			from := max(0, i-1) // with the letter before
			if m := misread(text[from:], &pages[0]); m != "" {
				return m
			}
			return misread(text[from:], &pages[1])
		}
	}
	return ""
}

// hasNoLead reports whether the characters of a text that are not in ASCII are all in the
// Arabic block, which neither code page has, or marks (U+0080 to U+00BF, U+2000 to U+203F),
// which both have below the bytes that begin a character in UTF-8.
func hasNoLead(text string) bool {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c < utf8.RuneSelf:
		case (c == 0xc2 || c >= 0xd8 && c <= 0xdb) && i+1 < len(text) && text[i+1]&0xc0 == 0x80:
			i++
		case c == 0xe2 && i+2 < len(text) && text[i+1] == 0x80 && text[i+2]&0xc0 == 0x80:
			i += 2
		default:
			return false
		}
	}
	return true
}

// misread returns the first run of characters that decode again as UTF-8 when they
// are bytes of a code page, if it is long enough not to be chance.
func misread(text string, page *codePage) string {
	if !page.suspects(text) {
		return ""
	}
	m := page.charmap
	var run []byte
	start, single := 0, 0
	test := func(end int) string {
		two, three, han := 0, 0, 0
		for k := 0; k < len(run); {
			r, size := utf8.DecodeRune(run[k:])
			switch {
			case size > 1 && !plausible(r, m):
				if m == charmap.Windows1252 && unicode.Is(unicode.Han, r) {
					han++
				}
			case size == 2:
				if m == charmap.Windows1252 && (run[k] == 0xc3 || run[k] == 0xc2) {
					two++ // Ã and Â: they stand before hardly anything in real words
				}
				two++
			case size > 2:
				three++
			}
			k += size
		}
		limit := 2
		if m == charmap.Windows1251 {
			limit = 3
			if three > 0 && two == 0 && three < 2 {
				three = 0
			}
		}
		if three > 0 || two >= limit || han > 1 {
			return text[start:end]
		}
		return ""
	}
	before := ' '
	for i, r := range text {
		if b := page.encode(r); b >= 0x80 {
			if len(run) == 0 {
				start = i
				before, _ = utf8.DecodeLastRuneInString(text[:i])
			}
			run = append(run, b)
			continue
		}
		if found := test(i); found != "" {
			return found
		}
		if m == charmap.Windows1252 && insideWord(run, before, r) {
			if single++; single > 1 || !isQuote(charmap.Windows1252.DecodeByte(run[1])) {
				return text[start:i]
			}
		}
		run = run[:0]
	}
	if m == charmap.Windows1252 && insideWord(run, before, ' ') {
		return text[start:]
	}
	return test(len(text))
}

// insideWord reports whether a run of bytes is one letter of two bytes that stands in a
// word and was read as two characters of which no word has the second: kapÄ±, trÅ¾iÅ¡te.
// before and behind are the characters beside it.
func insideWord(run []byte, before, behind rune) bool {
	if len(run) != 2 || run[0] < 0xc4 || run[0] > 0xcf {
		return false
	}
	second := charmap.Windows1252.DecodeByte(run[1])
	r, size := utf8.DecodeRune(run)
	return size == 2 && unicode.IsLetter(r) && !unicode.IsLetter(second) && !unicode.IsSpace(second) && unicode.IsLower(before) && (!isQuote(second) || unicode.IsLower(behind))
}

// isQuote reports whether a character may close a quotation behind a word.
func isQuote(r rune) bool {
	return unicode.In(r, unicode.Pi, unicode.Pf) || r == '…' || r == '‚' || r == '„'
}

// codePage is a code page with 8 bits, read from characters to bytes.
type codePage struct {
	charmap *charmap.Charmap
	bytes   [0x2200]byte // by character; 0 for those that it does not have
}

var codePages = sync.OnceValue(func() *[2]codePage {
	pages := &[2]codePage{{charmap: charmap.Windows1252}, {charmap: charmap.Windows1251}}
	for i := range pages {
		p := &pages[i]
		for r := range rune(len(p.bytes)) {
			b, ok := p.charmap.EncodeRune(r)
			if !ok && r >= 0x80 && r <= 0x9f { // unassigned in the code page, kept as it is
				b, ok = byte(r), true
			}
			if ok {
				p.bytes[r] = b
			}
		}
	}
	return pages
})

// encode returns the byte of a character, 0 if there is none.
func (p *codePage) encode(r rune) byte {
	if int(r) < len(p.bytes) {
		return p.bytes[r]
	}
	return 0
}

// suspects reports whether a text has two characters in a row that are, as bytes, the
// first two of a character in UTF-8.
func (p *codePage) suspects(text string) bool {
	lead := false
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf { // no byte of a character of several
			lead = false
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		b := p.encode(r)
		if lead && b >= 0x80 && b < 0xc0 {
			return true
		}
		lead = b >= 0xc2 && b < 0xf5
	}
	return false
}

// plausible reports whether a character was likely in a text before it was read with
// the wrong code page: a letter of an alphabet, or a mark of typography. Two or three
// letters of an ordinary word may decode as a Chinese character by chance.
func plausible(r rune, m *charmap.Charmap) bool {
	if m == charmap.Windows1251 {
		return r >= 0x400 && r <= 0x4ff || r >= 0x2010 && r <= 0x203a || r == 0xa0 || r == 0xab || r == 0xbb
	}
	if r >= 0x900 && r <= 0xeff || r >= 0x1e00 && r <= 0x1eff { // of India and its neighbors, of Vietnam
		return true
	}
	return r < 0x300 || r >= 0x370 && r <= 0x6ff || r >= 0x10a0 && r <= 0x10ff || r >= 0x2010 && r <= 0x20bf
}
