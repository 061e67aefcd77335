package locales

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

func isSpace(r rune) bool { return unicode.IsSpace(r) || r == '\u2060' || r == '\ufeff' }

// foldInner makes one plain space of each run of white space.
func foldInner(s string) string {
	plain := true
	for i := range len(s) {
		c := s[i]
		if c >= 0x80 || c < ' ' || c == ' ' && i+1 < len(s) && s[i+1] == ' ' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		if isSpace(r) {
			space = true
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	if space {
		b.WriteByte(' ')
	}
	return b.String()
}

// foldSpace is foldInner with the ends trimmed.
func foldSpace(s string) string { return strings.Trim(foldInner(s), " ") }

// normal is the form in which texts are compared: NFC, white space folded.
func normal(s string) string { return foldSpace(norm.NFC.String(s)) }

func normNFC(s string) string { return norm.NFC.String(s) }
