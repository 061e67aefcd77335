package locales

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// GettextCategories returns the CLDR plural category of each numbered form of a
// gettext catalog in a language, by the header field Plural-Forms of that catalog
// ("nplurals=2; plural=n != 1;"). A form that has no numbers of its own in the
// language is "". It is an error if the field does not parse, or if no form of it is
// for one of the categories that whole numbers have in the language.
func GettextCategories(tag, forms string) ([]string, error) {
	n, index, err := parsePluralForms(forms)
	if err != nil {
		return nil, fmt.Errorf("Plural-Forms %.100q: %w", forms, err)
	}
	count := make([]map[string]int, n) // numbers by form and category
	for i := range count {
		count[i] = map[string]int{}
	}
	for _, number := range sampleIntegers {
		i := index(number)
		if i >= uint64(n) {
			return nil, fmt.Errorf("Plural-Forms %.100q: form %d of %d for the number %d", forms, i, n, number)
		}
		count[i][Plural(tag, number)]++
	}
	out := make([]string, n)
	best := map[string]int{} // the form that has most numbers of a category
	for i, of := range count {
		most := ""
		for _, c := range PluralCategories(tag) {
			if of[c] > of[most] {
				most = c
			}
		}
		if former, taken := best[most]; most != "" && (!taken || of[most] > count[former][most]) {
			if taken {
				out[former] = ""
			}
			out[i], best[most] = most, i
		}
	}
	_, needed := GettextPlural(tag)
	for _, c := range needed {
		if !slices.Contains(out, c) && !RarePlural(tag, c) {
			return nil, fmt.Errorf("the file has the Plural-Forms %.100q, none of which is the form %q of %s", forms, c, tag)
		}
	}
	return out, nil
}

// parsePluralForms reads gettext's Plural-Forms: the number of forms, and the
// function from a number to its form. A form of a number that divides by zero is
// past the last one.
func parsePluralForms(s string) (int, func(n uint64) uint64, error) {
	count, expression, ok := strings.Cut(s, ";")
	name, value, _ := strings.Cut(count, "=")
	n, err := strconv.Atoi(strings.TrimSpace(value))
	if !ok || strings.TrimSpace(name) != "nplurals" || err != nil || n < 1 || n > 10 {
		return 0, nil, fmt.Errorf("nplurals is missing")
	}
	name, value, _ = strings.Cut(expression, "=")
	if strings.TrimSpace(name) != "plural" || len(value) > 1000 {
		return 0, nil, fmt.Errorf("plural is missing")
	}
	p := &formsParser{rest: strings.TrimRight(strings.TrimSpace(value), "; \t")}
	f := p.ternary(0)
	if p.space(); p.rest != "" && p.err == nil {
		p.err = fmt.Errorf("unexpected %.20q", p.rest)
	}
	return n, f, p.err
}

// A formsParser reads a C expression over n, as gettext's manual defines it.
type formsParser struct {
	rest string
	err  error
}

type formula = func(n uint64) uint64

// invalid is the value of a division by zero.
const invalid = ^uint64(0)

// maxFormsDepth is how deep the expression may be nested.
const maxFormsDepth = 100

func (p *formsParser) space() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

// accept reads one of the operators, the longer ones first.
func (p *formsParser) accept(operators ...string) string {
	p.space()
	for _, o := range operators {
		if strings.HasPrefix(p.rest, o) {
			p.rest = p.rest[len(o):]
			return o
		}
	}
	return ""
}

func (p *formsParser) fail(format string, args ...any) formula {
	if p.err == nil {
		p.err = fmt.Errorf(format, args...)
	}
	return func(uint64) uint64 { return invalid }
}

func (p *formsParser) ternary(depth int) formula {
	if depth > maxFormsDepth {
		return p.fail("nested more than %d deep", maxFormsDepth)
	}
	condition := p.binary(0, depth)
	if p.accept("?") == "" {
		return condition
	}
	yes := p.ternary(depth + 1)
	if p.accept(":") == "" {
		return p.fail("want \":\" before %.20q", p.rest)
	}
	no := p.ternary(depth + 1)
	return func(n uint64) uint64 {
		if condition(n) != 0 {
			return yes(n)
		}
		return no(n)
	}
}

// binaryOperators are C's, the weakest first.
var binaryOperators = [][]string{{"||"}, {"&&"}, {"==", "!="}, {"<=", ">=", "<", ">"}, {"+", "-"}, {"*", "/", "%"}}

func (p *formsParser) binary(level, depth int) formula {
	if level == len(binaryOperators) {
		return p.unary(depth)
	}
	left := p.binary(level+1, depth)
	for p.err == nil {
		operator := p.accept(binaryOperators[level]...)
		if operator == "" {
			break
		}
		left = operate(operator, left, p.binary(level+1, depth))
	}
	return left
}

func operate(operator string, a, b formula) formula {
	truth := func(v bool) uint64 {
		if v {
			return 1
		}
		return 0
	}
	return func(n uint64) uint64 {
		x := a(n)
		switch operator { // the right side is not looked at where it does not matter
		case "||":
			return truth(x != 0 || b(n) != 0)
		case "&&":
			return truth(x != 0 && b(n) != 0)
		}
		y := b(n)
		switch operator {
		case "==":
			return truth(x == y)
		case "!=":
			return truth(x != y)
		case "<=":
			return truth(x <= y)
		case ">=":
			return truth(x >= y)
		case "<":
			return truth(x < y)
		case ">":
			return truth(x > y)
		case "+":
			return x + y
		case "-":
			return x - y
		case "*":
			return x * y
		}
		if y == 0 {
			return invalid
		}
		if operator == "/" {
			return x / y
		}
		return x % y
	}
}

func (p *formsParser) unary(depth int) formula {
	if depth > maxFormsDepth {
		return p.fail("nested more than %d deep", maxFormsDepth)
	}
	switch p.accept("!", "(", "n") {
	case "!":
		f := p.unary(depth + 1)
		return func(n uint64) uint64 {
			if f(n) == 0 {
				return 1
			}
			return 0
		}
	case "(":
		f := p.ternary(depth + 1)
		if p.accept(")") == "" {
			return p.fail("want \")\" before %.20q", p.rest)
		}
		return f
	case "n":
		return func(n uint64) uint64 { return n }
	}
	digits := len(p.rest) - len(strings.TrimLeft(p.rest, "0123456789"))
	v, err := strconv.ParseUint(p.rest[:digits], 10, 32)
	if err != nil {
		return p.fail("want a number or n before %.20q", p.rest)
	}
	p.rest = p.rest[digits:]
	return func(uint64) uint64 { return v }
}

// GettextNumbers returns how many of the numbers from 0 to 1000 each form of a gettext
// catalog is for, by the header field Plural-Forms of that catalog. It is an error if the
// field does not parse, divides by zero, or gives a number a form that it has not.
func GettextNumbers(forms string) ([]int, error) {
	n, index, err := parsePluralForms(forms)
	if err != nil {
		return nil, err
	}
	count := make([]int, n)
	for number := range uint64(1001) {
		switch i := index(number); {
		case i == invalid:
			return nil, fmt.Errorf("the expression divides by zero")
		case i >= uint64(n):
			return nil, fmt.Errorf("the expression gives the number %d the form %d, and the forms end at %d", number, i, n-1)
		default:
			count[i]++
		}
	}
	return count, nil
}
