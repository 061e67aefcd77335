package quality

import (
	"strings"

	"hexapla/pipeline/diag"
)

func brackets(s *segment, r *report) {
	f := bracketFault(s.tgt)
	if f == 0 || bracketFault(s.src) != 0 {
		return
	}
	if f = bracketFault(narrow(s.tgt)); f == 0 {
		r.addFindingWithSeverity(diag.Info, "", "a bracket and its partner have different widths")
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
// closing one behind a list's number ("1)", "a)") is no fault.
func bracketFault(text string) rune {
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
			if r == ')' && len(open) == 0 && len(strings.TrimSpace(text[:i])) <= 4 && i > 0 && !strings.ContainsRune(strings.TrimSpace(text[:i]), ' ') {
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

var bracketPairs = map[rune]rune{')': '(', ']': '[', '}': '{', '）': '（', '］': '［', '】': '【', '〉': '〈', '》': '《'}
