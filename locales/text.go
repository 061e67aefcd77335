package locales

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func isSpace(r rune) bool { return unicode.IsSpace(r) || r == '\u2060' || r == '\ufeff' }

// foldInner makes one plain space of each run of white space.
func foldInner(s string) string {
	if isFolded(s) {
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

// isFolded reports whether foldInner would change nothing.
func isFolded(s string) bool {
	space := false
	for _, r := range s {
		switch {
		case r == ' ':
			if space {
				return false
			}
			space = true
			continue
		case r < ' ' || r >= 0x80 && isSpace(r) || r == utf8.RuneError:
			return false // foldInner writes out what is no character
		}
		space = false
	}
	return true
}

// hasLineBreak reports whether a text has a line feed, a carriage return, or a
// separator of lines or paragraphs.
func hasLineBreak(s string) bool {
	return strings.IndexByte(s, '\n') >= 0 || strings.IndexByte(s, '\r') >= 0 || strings.Contains(s, "\u2028") || strings.Contains(s, "\u2029")
}

// foldSpace is foldInner with the ends trimmed.
func foldSpace(s string) string { return strings.Trim(foldInner(s), " ") }

// normal is the form in which texts are compared: NFC, white space folded.
func normal(s string) string { return foldSpace(norm.NFC.String(s)) }

func normNFC(s string) string { return norm.NFC.String(s) }
