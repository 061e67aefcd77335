package quality

import (
	"strings"
	"unicode"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/numeral"
)

func brackets(s *segment, r *report) {
	f := bracketFault(s.tgt, false)
	if f == 0 || bracketFault(s.src, false) != 0 {
		return
	}
	if f = bracketFault(narrow(s.tgt), false); f == 0 {
		r.addFindingWithSeverity(diag.Info, "", "a bracket and its partner have different widths")
		return
	}
	if bracketFault(narrow(s.tgt), true) == 0 { // "1) …; (2) …": the labels of a list
		r.addFindingWithSeverity(diag.Info, "", "the bracket %q has no partner", diag.Arg("field", string(f)))
		return
	}
	hint := ""
	if s.to.rtl {
		hint = "in a right-to-left text too the opening bracket is the one typed first"
	}
	r.addFinding(hint, "the bracket %q has no partner", diag.Arg("field", string(f)))
}

// narrow returns a text with ASCII brackets in place of fullwidth ones.
func narrow(text string) string {
	return strings.NewReplacer("（", "(", "）", ")", "［", "[", "］", "]").Replace(text)
}

var bracketSigns = newCharSet("([{（［【〈《)]}）］】〉》")

// bracketFault gives the first bracket that does not match; 0 is none. A
// closing one behind a list's number ("1)", "a)") is no fault, with labels wherever it is.
func bracketFault(text string, labels bool) rune {
	if !bracketSigns.in(text) {
		return 0
	}
	var open []rune
	for i, r := range text {
		switch r {
		case '(', '[', '{', '（', '［', '【', '〈', '《':
			if len(open) < 1000 {
				open = append(open, r)
			}
		case ')', ']', '}', '）', '］', '】', '〉', '》':
			if n := len(open); n > 0 && open[n-1] == bracketPairs[r] {
				open = open[:n-1]
				continue
			}
			if r == ')' && len(open) == 0 && beginsList(text[:i]) {
				continue
			}
			if labels && r == ')' && len(open) == 0 && endsInLabel(text[:i]) {
				continue
			}
			return r
		}
	}
	if len(open) > 0 {
		return open[len(open)-1]
	}
	return 0
}

// beginsList reports whether a text is the number or letter of a list, with at most three
// signs; marks of direction are none.
func beginsList(text string) bool {
	label := strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
	return text != "" && len(label) <= 4 && !strings.ContainsRune(label, ' ')
}

// endsInLabel reports whether a text ends in a number of one or two digits, or a letter,
// that stands for itself.
func endsInLabel(text string) bool {
	word := text[strings.LastIndexAny(text, " \u00a0")+1:]
	n, letters := 0, 0
	for _, r := range word {
		if _, ok := numeral.Digit(r); !ok {
			if !unicode.IsLetter(r) {
				return false
			}
			letters++
		}
		n++
	}
	return n == 1 || n == 2 && letters == 0
}

var bracketPairs = map[rune]rune{')': '(', ']': '[', '}': '{', '）': '（', '］': '［', '】': '【', '〉': '〈', '》': '《'}
