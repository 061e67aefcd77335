package locales

import (
	"slices"
	"strconv"
	"strings"

	"hexapla/pipeline/diag"
)

// GettextCategories returns the CLDR plural category of each numbered form of a
// gettext catalog in a language, by the header field Plural-Forms of that catalog
// ("nplurals=2; plural=n != 1;"). A form that has no numbers of its own in the
// language is "". It is an error if the field does not parse, or if no form of it is
// for one of the categories that whole numbers have in the language; that error is a
// diag.Diagnostic without an id and a place.
func GettextCategories(tag, forms string) ([]string, error) {
	f, err := parsePluralForms(forms)
	if err != nil {
		return nil, err
	}
	count := make([]map[string]int, f.count) // numbers by form and category
	for i := range count {
		count[i] = map[string]int{}
	}
	for _, number := range sampleIntegers {
		i, err := f.form(number)
		if err != nil {
			return nil, err
		}
		count[i][Plural(tag, number)]++
	}
	out := make([]string, f.count)
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
			return nil, problem("none of its forms is the form %q of %s", diag.Arg("category", c), diag.Arg("locale", tag))
		}
	}
	return out, nil
}

// GettextNumbers returns how many of the numbers from 0 to 1000 each form of a gettext
// catalog is for, by the header field Plural-Forms of that catalog. It is an error, as
// that of GettextCategories, if the field does not parse, divides by zero, or gives a
// number a form that does not exist.
func GettextNumbers(forms string) ([]int, error) {
	f, err := parsePluralForms(forms)
	if err != nil {
		return nil, err
	}
	count := make([]int, f.count)
	for number := range uint64(1001) {
		i, err := f.form(number)
		if err != nil {
			return nil, err
		}
		count[i]++
	}
	return count, nil
}

// pluralForms is a Plural-Forms field: the number of forms, and the expression for the
// index of a number's form.
type pluralForms struct {
	count      int
	expression formula
}

// form returns the index of the form of a number.
func (f pluralForms) form(number uint64) (int, error) {
	switch i := f.expression(number); {
	case i == invalid:
		return 0, problem("the expression divides by zero")
	case i >= uint64(f.count):
		return 0, problem("the expression gives the number %d the form %d, and the forms end at %d", diag.Arg("number", number), diag.Arg("form", i), diag.Arg("last", f.count-1))
	default:
		return int(i), nil
	}
}

// problem returns why a field cannot be used, with its values: a check that reports it
// writes it in the user's language.
func problem(format string, args ...any) error { return diag.Diagnostic{}.Messagef(format, args...) }

// maxForms and maxExpression (in bytes) limit a Plural-Forms field. CLDR knows 6 plural
// categories.
const (
	maxForms      = 10
	maxExpression = 1000
)

// parsePluralForms reads gettext's Plural-Forms, "nplurals=NUMBER; plural=EXPRESSION;".
func parsePluralForms(s string) (pluralForms, error) {
	count, expression, ok := strings.Cut(s, ";")
	name, value, _ := strings.Cut(count, "=")
	n, err := strconv.Atoi(strings.TrimSpace(value))
	if !ok || strings.TrimSpace(name) != "nplurals" || err != nil || n < 1 || n > maxForms {
		return pluralForms{}, problem("it does not begin with nplurals=NUMBER; and a number from 1 to %d", diag.Arg("limit", maxForms))
	}
	name, value, _ = strings.Cut(expression, "=")
	switch {
	case strings.TrimSpace(name) != "plural":
		return pluralForms{}, problem("plural=EXPRESSION is missing after nplurals")
	case len(value) > maxExpression:
		return pluralForms{}, problem("the expression is longer than %d bytes", diag.Arg("limit", maxExpression))
	}
	p := &formsParser{rest: strings.TrimRight(strings.TrimSpace(value), "; \t")}
	f := p.ternary(0)
	if p.space(); p.rest != "" {
		p.fail(problem("the expression has %q where an operator or the end is expected", diag.Arg("found", p.found())))
	}
	return pluralForms{n, f}, p.err
}

// A formsParser reads a C expression over n, as gettext's manual defines it.
type formsParser struct {
	rest string
	err  error // the first
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

// fail keeps the first error.
func (p *formsParser) fail(err error) formula {
	if p.err == nil {
		p.err = err
	}
	return func(uint64) uint64 { return invalid }
}

// found is the text at which the expression is wrong.
func (p *formsParser) found() string { return diag.Truncate(p.rest, 20) }

// failSymbol fails for a symbol of the expression that is not there.
func (p *formsParser) failSymbol(symbol string) formula {
	if p.rest == "" {
		return p.fail(problem("the expression ends where %q is expected", diag.Arg("symbol", symbol)))
	}
	return p.fail(problem("the expression has %q where %q is expected", diag.Arg("found", p.found()), diag.Arg("symbol", symbol)))
}

// failOperand fails for an operand that is not there.
func (p *formsParser) failOperand() formula {
	if p.rest == "" {
		return p.fail(problem("the expression ends where a number or n is expected"))
	}
	return p.fail(problem("the expression has %q where a number or n is expected", diag.Arg("found", p.found())))
}

func (p *formsParser) failDepth() formula {
	return p.fail(problem("the expression is nested more than %d deep", diag.Arg("limit", maxFormsDepth)))
}

func (p *formsParser) ternary(depth int) formula {
	if depth > maxFormsDepth {
		return p.failDepth()
	}
	condition := p.binary(0, depth)
	if p.accept("?") == "" {
		return condition
	}
	yes := p.ternary(depth + 1)
	if p.accept(":") == "" {
		return p.failSymbol(":")
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
		return p.failDepth()
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
			return p.failSymbol(")")
		}
		return f
	case "n":
		return func(n uint64) uint64 { return n }
	}
	digits := len(p.rest) - len(strings.TrimLeft(p.rest, "0123456789"))
	v, err := strconv.ParseUint(p.rest[:digits], 10, 32)
	if err != nil {
		return p.failOperand()
	}
	p.rest = p.rest[digits:]
	return func(uint64) uint64 { return v }
}
