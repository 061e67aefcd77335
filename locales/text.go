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
func normal(s string) string {
	if isNormal(s) {
		return s
	}
	return foldSpace(norm.NFC.String(s))
}

// isNormal reports whether normal keeps a text as it is. Of characters that are not
// frequent, it reports false.
func isNormal(s string) bool {
	space := true // what stands before is a space, or nothing
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c < ' ' || c == ' ' && space {
				return false
			}
			space = c == ' '
			i++
			continue
		}
		// NFC_Quick_Check is Yes and the combining class 0, and none is a space.
		r, n := utf8.DecodeRuneInString(s[i:])
		if !(r > 0xA0 && r < 0x300 || r >= 0x3A3 && r < 0x483 || r >= 0x48A && r < 0x591 || r >= 0x2010 && r < 0x2028 || r >= 0x2030 && r < 0x205F ||
			r >= 0x3041 && r < 0x3097 || r >= 0x30A0 && r < 0x3100 || r >= 0x4E00 && r < 0x9FFF || r >= 0xAC00 && r < 0xD7A4) {
			return false
		}
		space = false
		i += n
	}
	return !space
}

func normNFC(s string) string { return norm.NFC.String(s) }
