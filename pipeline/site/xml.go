package site

import (
	"strings"
	"unicode/utf8"
)

// AppendXML appends text as it may be in an element or an attribute in quotation marks
// of XML 1.0. Characters that XML cannot have (2.2), and bytes that are not UTF-8, are
// left out.
func AppendXML(dst []byte, text string) []byte {
	at := 0
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			with, skip := "", false
			switch {
			case c == '&':
				with = "&amp;"
			case c == '<':
				with = "&lt;"
			case c == '>':
				with = "&gt;"
			case c == '"':
				with = "&quot;"
			case c < ' ' && c != '\n' && c != '\t':
				skip = true
			default:
				i++
				continue
			}
			dst = append(dst, text[at:i]...)
			if !skip {
				dst = append(dst, with...)
			}
			i++
			at = i
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && n == 1 || r == 0xFFFE || r == 0xFFFF || r >= 0x7F && r < 0xA0 && r != 0x85 {
			dst = append(dst, text[at:i]...)
			at = i + n
		}
		i += n
	}
	return append(dst, text[at:]...)
}

// OneLine returns a text without line breaks, surplus spaces and control characters, as
// a title is.
func OneLine(text string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case r < ' ' || r >= 0x7F && r < 0xA0 || r == 0xFFFE || r == 0xFFFF || r == 0xFFFD:
			return -1
		}
		return r
	}, text)), " ")
}
