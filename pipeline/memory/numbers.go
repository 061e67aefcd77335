package memory

import (
	"slices"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/numeral"
)

// SameNumbers reports whether two texts in one language have the same numbers in
// the same order. Numbers are compared by value, whatever script their digits are
// of and however their digits are grouped.
func SameNumbers(a, b string) bool {
	if !numeral.HasDigit(a) && !numeral.HasDigit(b) {
		return true
	}
	return slices.Equal(numbersIn(a), numbersIn(b))
}

// numbersIn lists the numbers in s in one form: ASCII digits without leading
// zeros, "." before decimals, no separators of groups. Groups that are no number
// together, as in the date 24.08.1991, are several.
func numbersIn(s string) []string {
	var out, groups []string
	var separators []byte
	for i := 0; i < len(s); {
		var size int
		groups, separators, size = numeral.Scan(s[i:], groups[:0], separators[:0])
		if size == 0 {
			_, size = utf8.DecodeRuneInString(s[i:])
			i += size
			continue
		}
		i += size
		integer, decimal, isInteger, isDecimal := numeral.Readings(groups, separators)
		switch {
		case isDecimal && (!isInteger || separators[0] == '.'):
			out = append(out, trimZeros(decimal.Integer)+"."+decimal.Fraction)
		case isInteger:
			out = append(out, trimZeros(integer.Integer))
		default:
			for _, g := range groups {
				out = append(out, trimZeros(g))
			}
		}
	}
	return out
}

func trimZeros(s string) string {
	if t := strings.TrimLeft(s, "0"); t != "" {
		return t
	}
	return "0"
}
