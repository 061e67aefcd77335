package hook

import (
	"slices"
	"unicode"
)

// misplaced reports which answers to a batch look like those to another text of it: one
// whose digits are not those of its own text but those of another one, with it all others
// whose digits are not their own, and one that differing texts share. Services answer by position, and some lose count; asking for a
// text alone shows what its answer is.
func misplaced(texts, answers []string) []bool {
	out := make([]bool, len(texts))
	if len(texts) != len(answers) || len(texts) < 2 {
		return out
	}
	own := make([]string, len(texts))
	known := make(map[string]bool, len(texts))
	for i, t := range texts {
		own[i] = digits(t)
		known[own[i]] = true
	}
	got := make([]string, len(answers))
	swapped := false
	first := make(map[string]int, len(answers))
	for i, a := range answers {
		if got[i] = digits(a); got[i] != own[i] && got[i] != "" && known[got[i]] {
			swapped = true
		}
		k, again := first[a]
		switch {
		case !again:
			first[a] = i
		case texts[k] != texts[i]:
			out[k], out[i] = true, true
		}
	}
	for i := range out {
		out[i] = out[i] || swapped && got[i] != own[i]
	}
	return out
}

// digits returns the decimal digits of a text in any script, sorted: how numbers are
// grouped and in which order they stand differs between languages.
func digits(s string) string {
	var out []byte
	for _, r := range s {
		if r >= '0' && r <= '9' {
			out = append(out, byte(r))
		} else if r > unicode.MaxASCII && unicode.IsDigit(r) {
			out = append(out, digitOf(r))
		}
	}
	slices.Sort(out)
	return string(out)
}

// digitOf returns the ASCII digit for a decimal digit of another script. They stand in
// tens (Unicode Standard, section 4.6).
func digitOf(r rune) byte {
	v := byte('0')
	for ; v < '9' && unicode.IsDigit(r-1); r-- {
		v++
	}
	return v
}
