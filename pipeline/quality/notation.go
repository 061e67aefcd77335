package quality

import (
	"fmt"
	"strings"
	"unicode"

	"hexapla/locales"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/numeral"
)

// separatorFinding reports a number of the target with the separators of another
// locale, where it surely is an amount.
func (c *comparison) separatorFinding(a, b *quantity, r *report) {
	if a.identifier || b.identifier || a.groups > 2 && a.scale == 0 && b.groups != a.groups {
		return
	}
	n := c.s.to.numbers
	if n.decimal == 0 || b.text != a.text && strings.ContainsFunc(b.text, unicode.IsLetter) {
		return
	}
	grouping := false
	for _, y := range b.readings {
		grouping = grouping || !y.own && y.fraction == 0
	}
	sep, _ := numeral.Separator(firstSeparator(b.text))
	if grouping && sep != c.s.from.numbers.group || !grouping && sep != c.s.from.numbers.decimal {
		return // another habit, not the source's number left as it was
	}
	amount := a.percent || b.percent || a.unit >= 0 || b.unit >= 0 || a.currency != "" || b.currency != "" || a.scale > 0 || b.scale > 0 || grouping
	if !amount || c.s.to.script == "Arab" || c.s.to.lang == "es" && !grouping {
		return
	}
	r.place(a.start, a.end, b.start, b.end)
	sev := diag.Warning
	if containsWord(mixedSeparators, c.s.to.lang) {
		sev = diag.Info
	}
	before := len(r.out)
	r.addFindingWithSeverity(sev, "write "+localNumber(c.s.to.tag, a), "%s is not how numbers are written in %s", diag.Arg("text", b.text), diag.Arg("locale", c.s.to.tag))
	if n := len(r.out); n > before {
		r.out[n-1].Args["throughout"] = true // see recurringKey
	}
}

// mixedSeparators are languages in which a third or more of professional news translations
// (NTREX-128) keep English decimal points or thousands commas, whatever CLDR says.
const mixedSeparators = "az ba hy ka sq tg"

// firstSeparator returns the first character of a number that is no digit.
func firstSeparator(text string) rune {
	for _, r := range text {
		if _, ok := numeral.Digit(r); !ok {
			return r
		}
	}
	return 0
}

func localNumber(locale string, a *quantity) string {
	if len(a.readings) == 0 {
		return a.text
	}
	x := a.readings[0]
	return locales.FormatNumber(locale, fmt.Sprintf("%.*f", min(x.fraction, 15), x.value))
}

// digits tells numbers that mix two scripts' digits.
func digits(s *segment, r *report) {
	for _, n := range s.tgtNum {
		zero := rune(-1)
		for _, c := range n.text {
			d, ok := numeral.Digit(c)
			if !ok {
				continue
			}
			if z := c - rune(d); zero < 0 {
				zero = z
			} else if z != zero {
				r.addFinding("write it with one kind of digits", "%s mixes two kinds of digits", diag.Arg("text", n.text))
				return
			}
		}
	}
	// Persian and Pashto have digits of their own; the Arabic ones look alike.
	if len(s.tgtNum) > 0 && (s.to.lang == "fa" || s.to.lang == "ps" || s.to.lang == "ur") {
		if i := strings.IndexFunc(s.tgt, func(r rune) bool { return r >= '٠' && r <= '٩' }); i >= 0 && !strings.ContainsAny(s.src, "٠١٢٣٤٥٦٧٨٩") {
			r.addFinding("use the digits ۰–۹", "the Arabic digit %c, which is another character than the Persian one", diag.Arg("target", []rune(s.tgt[i:])[0]))
		}
	}
}
