package locales

import (
	"fmt"
	"slices"
	"strings"
)

// GettextPlural is how a language counts in gettext's words: the header field
// Plural-Forms, a C expression over the integer n, and the CLDR category of each
// number that it gives. Categories that only numbers with a fraction have, such
// as "other" in Russian, have no place in it; a language without rules has the
// one form "other".
func GettextPlural(tag string) (forms string, categories []string) {
	rules, _ := rulesFor(tag, cardinalRules())
	var conditions []string
	rest := true // whether some integer meets no condition
	for _, r := range rules {
		c, always, never := r.integers()
		if never {
			continue
		}
		categories, conditions = append(categories, r.category), append(conditions, c)
		if always {
			rest = false
			break
		}
	}
	if rest && slices.ContainsFunc(sampleIntegers, func(n uint64) bool { c, _ := category(rules, n); return c == "other" }) {
		categories = append(categories, "other")
	}
	if len(categories) == 1 {
		return "nplurals=1; plural=0;", categories
	}
	var b strings.Builder
	fmt.Fprintf(&b, "nplurals=%d; plural=(", len(categories))
	last := len(categories) - 1
	for i, c := range conditions[:last] {
		fmt.Fprintf(&b, "%s ? %d : ", c, i)
	}
	fmt.Fprintf(&b, "%d);", last)
	return b.String(), categories
}

// sampleIntegers show every category that integers have: rules look at no more
// than the last three digits, and at whole millions.
var sampleIntegers = func() []uint64 {
	var out []uint64
	for n := range uint64(1000) {
		out = append(out, n)
	}
	return append(out, 1000, 10_000, 100_000, 1_000_000, 2_000_000, 1_000_001)
}()

// integers is the rule's condition over integers n as a C expression.
func (r pluralRule) integers() (expression string, always, never bool) {
	var any []string
	for _, all := range r.any {
		var terms []string
		possible := true
		for _, rel := range all {
			if rel.operand != 'n' && rel.operand != 'i' {
				// An integer has no fraction and no exponent.
				possible = possible && rel.matches(operands{integer: true})
				continue
			}
			terms = append(terms, rel.c())
		}
		switch {
		case !possible:
		case len(terms) == 0:
			return "1", true, false
		default:
			any = append(any, strings.Join(terms, " && "))
		}
	}
	return strings.Join(any, " || "), false, len(any) == 0
}

// c is the relation as a C expression that can stand beside && as it is.
func (r relation) c() string {
	n := "n"
	if r.modulus > 0 {
		n = fmt.Sprintf("n%%%d", r.modulus)
	}
	var parts []string
	for _, x := range r.ranges {
		switch {
		case x[0] == x[1] && r.negated:
			parts = append(parts, fmt.Sprintf("%s!=%d", n, x[0]))
		case x[0] == x[1]:
			parts = append(parts, fmt.Sprintf("%s==%d", n, x[0]))
		case r.negated && x[0] == 0:
			parts = append(parts, fmt.Sprintf("%s>%d", n, x[1]))
		case r.negated:
			parts = append(parts, fmt.Sprintf("(%s<%d || %s>%d)", n, x[0], n, x[1]))
		case x[0] == 0:
			parts = append(parts, fmt.Sprintf("%s<=%d", n, x[1]))
		default:
			parts = append(parts, fmt.Sprintf("%s>=%d && %s<=%d", n, x[0], n, x[1]))
		}
	}
	if r.negated {
		return strings.Join(parts, " && ")
	}
	if len(parts) > 1 {
		return "(" + strings.Join(parts, " || ") + ")"
	}
	return parts[0]
}
