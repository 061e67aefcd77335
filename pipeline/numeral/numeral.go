// Package numeral reads numbers that are written in decimal digits: of any script,
// in groups, with the decimal signs of any language. What a number means to readers
// of one language is a question of its readings: "1.234" has two.
package numeral

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxGroups is the most groups of digits that are one number.
const maxGroups = 13

// Digit returns the value of a decimal digit of any script (general category Nd).
func Digit(r rune) (value int, ok bool) {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0'), true
	case r < 0x660 || !unicode.Is(unicode.Nd, r):
		return 0, false
	}
	// Digits of a script follow each other from 0 to 9 (Unicode Standard, section 4.6),
	// so that a range of the table begins with a zero.
	for _, t := range unicode.Nd.R16 {
		if r <= rune(t.Hi) {
			return int(r-rune(t.Lo)) % 10, true
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r <= rune(t.Hi) {
			return int(r-rune(t.Lo)) % 10, true
		}
	}
	return 0, false
}

// HasDigit reports whether a text has a decimal digit of any script.
func HasDigit(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			return true
		case c < 0xd9: // U+0660 is D9 A0
		case c < 0xdc: // U+0640 to U+06FF
			if next := text[min(i+1, len(text)-1)]; c == 0xd9 && next >= 0xa0 && next <= 0xa9 || c == 0xdb && next >= 0xb0 && next <= 0xb9 {
				return true
			}
		default:
			return strings.ContainsFunc(text[i:], func(r rune) bool { _, ok := Digit(r); return ok })
		}
	}
	return false
}

// Separator returns what may be between the digits of a number: '.' for points, ','
// for commas, an apostrophe, a space for all kinds of space; those of Arabic among them.
func Separator(r rune) (kind byte, ok bool) {
	switch r {
	case '.', '٫', '·', '․': // the last is U+2024, in Armenian
		return '.', true
	case ',', '٬', '،':
		return ',', true
	case '\'', '’':
		return '\'', true
	case ' ', '\u00a0', '\u202f', '\u2009':
		return ' ', true
	}
	return 0, false
}

// Scan reads the number that text begins with: groups of digits with one separator
// between each two. It appends the groups in ASCII digits to groups and the kinds of
// the separators to separators, and returns the number's length in bytes, 0 if text
// begins with no digit. Spaces and apostrophes join groups of three only.
func Scan(text string, groups []string, separators []byte) (_ []string, _ []byte, size int) {
	i := 0
	for first := len(groups); ; {
		g, n := run(text[i:])
		if n == 0 {
			return groups, separators, i
		}
		groups = append(groups, g)
		i += n
		r, size := utf8.DecodeRuneInString(text[i:])
		s, ok := Separator(r)
		if before, _ := utf8.DecodeLastRuneInString(text[:i]); before >= '０' && before <= '９' {
			switch r { // as wide as the digits
			case '，':
				s, ok = ',', true
			case '．':
				s, ok = '.', true
			}
		}
		if !ok || len(groups)-first >= maxGroups {
			return groups, separators, i
		}
		next := text[i+size:]
		if r, _ := utf8.DecodeRuneInString(next); !isDigit(r) {
			return groups, separators, i
		}
		if (s == ' ' || s == '\'') && (len(g) > 3 || digitsAhead(next) != 3 || slices.Contains(separators, '.') || slices.Contains(separators, ',')) {
			return groups, separators, i
		}
		separators = append(separators, s)
		i += size
	}
}

func isDigit(r rune) bool { _, ok := Digit(r); return ok }

// run returns the digits that text begins with, in ASCII, and their length in text.
func run(text string) (digits string, size int) {
	n := 0
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	if r, _ := utf8.DecodeRuneInString(text[n:]); !isDigit(r) {
		return text[:n], n
	}
	b := []byte(text[:n])
	for n < len(text) {
		r, size := utf8.DecodeRuneInString(text[n:])
		d, ok := Digit(r)
		if !ok {
			break
		}
		b = append(b, byte('0'+d))
		n += size
	}
	return string(b), n
}

// digitsAhead counts the digits that text begins with, up to four.
func digitsAhead(text string) int {
	n := 0
	for _, r := range text {
		if !isDigit(r) || n == 4 {
			break
		}
		n++
	}
	return n
}

// Reading is one number that groups of digits may be: its digits before and after
// the decimal sign, in ASCII.
type Reading struct{ Integer, Fraction string }

// Readings returns what groups of digits may mean as one number: an integer whose
// digits are grouped, and a number with a decimal sign. ok is false for a reading that
// the groups do not allow, so that a date (24.08.1991) has none. Groups are of three
// digits, or of two as in India; all have the same separator, and the decimal sign is
// another one.
func Readings(groups []string, separators []byte) (integer, decimal Reading, isInteger, isDecimal bool) {
	last := len(groups) - 1
	switch {
	case last < 0:
		return
	case last == 0:
		return Reading{Integer: groups[0]}, Reading{}, true, false
	}
	if grouped(groups) && same(separators) && groups[0] != "0" {
		integer, isInteger = Reading{Integer: strings.Join(groups, "")}, true
	}
	sign := separators[last-1]
	if (sign == '.' || sign == ',') && (last == 1 || grouped(groups[:last]) && same(separators[:last-1]) && separators[0] != sign) {
		decimal, isDecimal = Reading{strings.Join(groups[:last], ""), groups[last]}, true
	}
	return
}

// grouped reports whether groups have the lengths of a grouped number.
func grouped(groups []string) bool {
	for i, g := range groups {
		switch {
		case i == 0 && (len(g) > 3 || g == ""):
			return false
		case i > 0 && len(g) != 3 && (len(g) != 2 || i == len(groups)-1):
			return false
		}
	}
	return true
}

func same(separators []byte) bool {
	for _, c := range separators {
		if c != separators[0] {
			return false
		}
	}
	return true
}
