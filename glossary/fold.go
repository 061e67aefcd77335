package glossary

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
	"golang.org/x/text/unicode/norm"
)

// token is one word of a text between two byte offsets (UAX #29), or one piece
// of punctuation. White space and hyphens make no token: "social-media" and
// "social media" are the same two words.
type token struct{ start, end int }

// nonJoiner is the zero-width non-joiner (U+200C). It parts words as a space does:
// in Persian people write either.
const nonJoiner = "\u200c"

// tokenize cuts a text into tokens. keepPunctuation is for the source, where
// "U.S." is a term; a translation is compared by its words alone.
func tokenize(dst []token, text string, keepPunctuation bool) []token {
	it := words.FromString(text)
	for it.Next() {
		t := token{it.Start(), it.End()}
		c := text[t.start]
		if c < utf8.RuneSelf {
			if !asciiWord[c] && (c <= ' ' || c == '-' || !keepPunctuation) {
				continue
			}
		} else if r, _ := utf8.DecodeRuneInString(text[t.start:]); !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || unicode.Is(unicode.Cf, r) || !keepPunctuation {
				continue
			}
		}
		if text[t.start] >= utf8.RuneSelf {
			for {
				k := strings.Index(text[t.start:t.end], nonJoiner)
				if k < 0 {
					break
				}
				if k > 0 {
					dst = append(dst, token{t.start, t.start + k})
				}
				t.start += k + len(nonJoiner)
			}
			if t.start == t.end {
				continue
			}
		}
		dst = append(dst, t)
	}
	return dst
}

var asciiWord = func() (t [utf8.RuneSelf]bool) {
	for c := range t {
		t[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
	}
	return t
}()

// isApostrophe covers the characters that people type for an apostrophe, the
// letters of Uzbek oʻ and gʻ included.
func isApostrophe(r rune) bool {
	switch r {
	case '\'', '’', '‘', 'ʼ', 'ʻ', '`', '´', '＇', '′':
		return true
	}
	return false
}

// plain is a word as it is compared, its case kept: in NFC, apostrophes alike,
// invisible characters gone.
func plain(word string) string {
	if isPlain(word) {
		return word
	}
	return strings.Map(func(r rune) rune {
		switch {
		case isApostrophe(r):
			return '\''
		case r != '\u200c' && unicode.Is(unicode.Cf, r): // soft hyphen, marks of direction
			return -1
		}
		return r
	}, norm.NFC.String(word))
}

// isPlain recognizes words that are plain already, as nearly all are: letters
// without marks of their own, in the scripts we mostly meet.
func isPlain(s string) bool {
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			if r == '`' {
				return false
			}
		case r >= 0xc0 && r <= 0x17f, r >= 0x400 && r <= 0x481, r >= 0x48a && r <= 0x52f,
			r >= 0x531 && r <= 0x587, r >= 0x10d0 && r <= 0x10fa, r >= 0x620 && r <= 0x64a, r >= 0x671 && r <= 0x6d3:
		default:
			return false
		}
	}
	return true
}

// lower is plain text in lower case, rune for rune, with the dotted and dotless
// i of the Turkic languages that have them.
func lower(s string, dotless bool) string {
	return strings.Map(func(r rune) rune {
		if dotless && r == 'I' {
			return 'ı'
		}
		return unicode.ToLower(r)
	}, s)
}

// dotlessI reports whether I is the capital of ı in a language.
func dotlessI(lang string) bool {
	switch lang {
	case "az", "tr", "crh", "gag":
		return true
	}
	return false
}

// spaceless reports whether a term is in a script that puts no space between
// words, where words are found as mere strings.
func spaceless(term string) bool {
	return strings.ContainsFunc(term, func(r rune) bool {
		return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan)
	})
}
