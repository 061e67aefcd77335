package memory

import (
	"slices"
	"strings"
	"unicode"
)

// SameNumbers reports whether two texts in one language have the same numbers in
// the same order. Numbers are compared by value, whatever script their digits are
// of and however their thousands are parted.
func SameNumbers(a, b string) bool {
	if !hasDigit(a) && !hasDigit(b) {
		return true
	}
	return slices.Equal(numbersIn(a), numbersIn(b))
}

func hasDigit(s string) bool { return strings.IndexFunc(s, unicode.IsDigit) >= 0 }

// numbersIn lists the numbers in s in one form: ASCII digits without leading
// zeros, "." before decimals, no thousands.
func numbersIn(s string) []string {
	var out []string
	var groups []string // digits between separators
	var seps []rune
	var digits strings.Builder
	end := func() {
		if digits.Len() > 0 {
			groups = append(groups, digits.String())
			digits.Reset()
		}
		if len(groups) > 0 {
			out = append(out, canonical(groups, seps[:len(groups)-1])...)
		}
		groups, seps = nil, nil
	}
	runes := []rune(s)
	for i, r := range runes {
		switch d := digitValue(r); {
		case d >= 0:
			digits.WriteByte(byte('0' + d))
		case separator(r) != 0 && digits.Len() > 0 && i+1 < len(runes) && digitValue(runes[i+1]) >= 0:
			groups = append(groups, digits.String())
			digits.Reset()
			seps = append(seps, separator(r))
		default:
			end()
		}
	}
	end()
	return out
}

// canonical is one number, or several if the separators make no sense as one (as
// in a date, "24.08.1991").
func canonical(groups []string, seps []rune) []string {
	if len(groups) == 1 {
		return []string{trimZeros(groups[0])}
	}
	// Thousands: groups of three behind a first one of up to three, all parted
	// alike; then at most one decimal part, parted otherwise.
	n := len(groups)
	whole := n
	if n > 2 && seps[n-2] != seps[0] {
		whole = n - 1
	}
	thousands := len(groups[0]) <= 3
	for i := 1; i < whole; i++ {
		if len(groups[i]) != 3 || seps[i-1] != seps[0] {
			thousands = false
		}
	}
	switch {
	case thousands && whole == n && (n > 2 || seps[0] != '.'):
		return []string{trimZeros(strings.Join(groups, ""))}
	case thousands && whole < n && seps[n-2] != ' ':
		return []string{trimZeros(strings.Join(groups[:whole], "")) + "." + groups[n-1]}
	case n == 2 && seps[0] != ' ':
		return []string{trimZeros(groups[0]) + "." + groups[1]}
	}
	out := make([]string, n)
	for i, g := range groups {
		out[i] = trimZeros(g)
	}
	return out
}

func trimZeros(s string) string {
	if t := strings.TrimLeft(s, "0"); t != "" {
		return t
	}
	return "0"
}

// separator is what r may be within a number: ',' '.' ' ' (any space, and the
// apostrophe of Switzerland), or 0.
func separator(r rune) rune {
	switch r {
	case ',', '٬', '،':
		return ','
	case '.', '٫':
		return '.'
	case ' ', '\u00a0', '\u202f', '\u2009', '\'', '’':
		return ' '
	}
	return 0
}

// digitValue is the value of a decimal digit of any script, -1 for other
// characters. Unicode keeps the ten digits of a script together, 0 first, and
// each range of the table Nd begins with a 0.
func digitValue(r rune) int {
	if r >= '0' && r <= '9' {
		return int(r - '0')
	}
	if r < 0x0660 || !unicode.IsDigit(r) {
		return -1
	}
	for _, t := range unicode.Nd.R16 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return int(r-rune(t.Lo)) % 10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return int(r-rune(t.Lo)) % 10
		}
	}
	return -1
}
