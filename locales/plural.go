package locales

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"

	langtag "hexapla/locales/tag"
)

// operands are CLDR's plural operands (UTS 35 Part 3, "Operands"). Numbers too
// long for 64 bits keep their last digits, which is all that a rule looks at.
type operands struct {
	i       uint64 // integer digits
	v, w    int    // number of fraction digits, with and without trailing zeros
	f, t    uint64 // those digits
	c       int    // compact exponent
	integer bool   // no fraction other than zeros, so that n = i
}

// decimal is the text of a number: an optional minus, digits, an optional
// point and digits; never an exponent.
type decimal struct {
	negative          bool
	integer, fraction string
	exponent          int // as written with c or e; integer and fraction are already shifted
}

// toDecimal reads an integer, a float, a json.Number or a decimal string with
// an optional compact exponent ("1.2c6").
func toDecimal(v any) (decimal, error) {
	var s string
	switch v := v.(type) {
	case int:
		s = strconv.Itoa(v)
	case int8:
		s = strconv.FormatInt(int64(v), 10)
	case int16:
		s = strconv.FormatInt(int64(v), 10)
	case int32:
		s = strconv.FormatInt(int64(v), 10)
	case int64:
		s = strconv.FormatInt(v, 10)
	case uint:
		s = strconv.FormatUint(uint64(v), 10)
	case uint8:
		s = strconv.FormatUint(uint64(v), 10)
	case uint16:
		s = strconv.FormatUint(uint64(v), 10)
	case uint32:
		s = strconv.FormatUint(uint64(v), 10)
	case uint64:
		s = strconv.FormatUint(v, 10)
	case float32:
		s = strconv.FormatFloat(float64(v), 'f', -1, 32)
	case float64:
		s = strconv.FormatFloat(v, 'f', -1, 64)
	case json.Number:
		s = v.String()
	case string:
		s = v
	default:
		return decimal{}, fmt.Errorf("%T is not a number", v)
	}
	return parseDecimal(s)
}

func parseDecimal(s string) (decimal, error) {
	bad := func() (decimal, error) { return decimal{}, fmt.Errorf("%.40q is not a decimal number", s) }
	if len(s) > 1000 {
		return bad()
	}
	var d decimal
	rest, negative := strings.CutPrefix(s, "-")
	d.negative = negative
	if i := strings.IndexAny(rest, "ceE"); i >= 0 {
		e, err := strconv.Atoi(strings.TrimPrefix(rest[i+1:], "+"))
		if err != nil || e < -100 || e > 100 {
			return bad()
		}
		d.exponent = e
		rest = rest[:i]
	}
	var point bool
	d.integer, d.fraction, point = strings.Cut(rest, ".")
	if d.integer == "" || point && d.fraction == "" || !digitsOnly(d.integer) || !digitsOnly(d.fraction) {
		return bad()
	}
	for e := d.exponent; e > 0; e-- {
		if d.fraction == "" {
			d.integer += "0"
		} else {
			d.integer, d.fraction = d.integer+d.fraction[:1], d.fraction[1:]
		}
	}
	for e := d.exponent; e < 0; e++ {
		d.fraction = d.integer[len(d.integer)-1:] + d.fraction
		if d.integer = d.integer[:len(d.integer)-1]; d.integer == "" {
			d.integer = "0"
		}
	}
	if d.integer = strings.TrimLeft(d.integer, "0"); d.integer == "" {
		d.integer = "0"
	}
	return d, nil
}

func digitsOnly(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func (d decimal) operands() operands {
	w := strings.TrimRight(d.fraction, "0")
	return operands{
		i: lastDigits(d.integer), v: len(d.fraction), w: len(w),
		f: lastDigits(d.fraction), t: lastDigits(w), c: max(d.exponent, 0), integer: w == "",
	}
}

// lastDigits is the number, or for a longer one a number that is large and has
// the same last 18 digits.
func lastDigits(s string) uint64 {
	if s == "" {
		return 0
	}
	const keep = 18
	long := len(s) > keep
	if long {
		s = s[len(s)-keep:]
	}
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		return 0
	}
	if long {
		n += 1e18
	}
	return n
}

// A pluralRule is one category's condition: any of all of relations.
type pluralRule struct {
	category string
	any      [][]relation
}

type relation struct {
	operand byte
	modulus uint64
	negated bool
	ranges  [][2]uint64
}

func (r pluralRule) matches(o operands) bool {
	for _, all := range r.any {
		ok := true
		for _, rel := range all {
			if ok = rel.matches(o); !ok {
				break
			}
		}
		if ok {
			return true
		}
	}
	return false
}

func (r relation) matches(o operands) bool {
	var n uint64
	whole := true
	switch r.operand {
	case 'n':
		n, whole = o.i, o.integer
	case 'i':
		n = o.i
	case 'v':
		n = uint64(o.v)
	case 'w':
		n = uint64(o.w)
	case 'f':
		n = o.f
	case 't':
		n = o.t
	case 'c', 'e':
		n = uint64(o.c)
	}
	if r.modulus > 0 {
		n %= r.modulus
	}
	in := false
	for _, x := range r.ranges {
		in = in || whole && x[0] <= n && n <= x[1]
	}
	return in != r.negated
}

// parseRules reads "one: i = 1 and v = 0; few: …" (UTS 35 Part 3, "Plural
// rules syntax").
func parseRules(text string) ([]pluralRule, error) {
	var out []pluralRule
	for part := range strings.SplitSeq(text, ";") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		category, condition, ok := strings.Cut(part, ":")
		if !ok {
			return nil, fmt.Errorf("plural rule %q has no category", part)
		}
		rule := pluralRule{category: strings.TrimSpace(category)}
		for alternative := range strings.SplitSeq(condition, " or ") {
			var all []relation
			for text := range strings.SplitSeq(alternative, " and ") {
				rel, err := parseRelation(text)
				if err != nil {
					return nil, err
				}
				all = append(all, rel)
			}
			rule.any = append(rule.any, all)
		}
		out = append(out, rule)
	}
	return out, nil
}

func parseRelation(text string) (relation, error) {
	bad := func() (relation, error) { return relation{}, fmt.Errorf("plural rule has no relation in %q", text) }
	var r relation
	left, right, ok := strings.Cut(text, "!=")
	if r.negated = ok; !ok {
		if left, right, ok = strings.Cut(text, "="); !ok {
			return bad()
		}
	}
	fields := strings.Fields(left)
	if len(fields) == 0 || len(fields[0]) != 1 || !strings.Contains("nivwftce", fields[0]) {
		return bad()
	}
	r.operand = fields[0][0]
	if len(fields) == 3 && fields[1] == "%" {
		m, err := strconv.ParseUint(fields[2], 10, 32)
		if err != nil || m == 0 {
			return bad()
		}
		r.modulus = m
	} else if len(fields) != 1 {
		return bad()
	}
	for item := range strings.SplitSeq(right, ",") {
		from, to, isRange := strings.Cut(strings.TrimSpace(item), "..")
		lo, err := strconv.ParseUint(from, 10, 64)
		if err != nil {
			return bad()
		}
		hi := lo
		if isRange {
			if hi, err = strconv.ParseUint(to, 10, 64); err != nil {
				return bad()
			}
		}
		r.ranges = append(r.ranges, [2]uint64{lo, hi})
	}
	return r, nil
}

// rulesOf finds the rules of a kind ("cardinal", "ordinal") for each language
// that has any; parsed once.
var (
	cardinalRules = sync.OnceValue(func() map[string][]pluralRule { return allRules("cardinal") })
	ordinalRules  = sync.OnceValue(func() map[string][]pluralRule { return allRules("ordinal") })
)

func allRules(kind string) map[string][]pluralRule {
	out := map[string][]pluralRule{}
	for _, body := range []string{facts().supplemental[kind], facts().own[kind]} {
		for line := range strings.Lines(body) {
			if strings.HasPrefix(line, "#") {
				continue
			}
			languages, text, _ := strings.Cut(strings.TrimRight(line, "\n"), "\t")
			rules, err := parseRules(text)
			if err != nil {
				continue // a test parses every line
			}
			for _, l := range strings.Fields(languages) {
				out[l] = rules
			}
		}
	}
	return out
}

func rulesFor(tag string, all map[string][]pluralRule) ([]pluralRule, bool) {
	t, ok := langtag.Parse(tag)
	if !ok {
		return nil, false
	}
	if t.Region != "" {
		for _, at := range append([]langtag.Tag{t}, t.Parents()...) { // pt-AO counts as pt-PT
			if rules, ok := all[at.Language+"-"+at.Region]; ok {
				return rules, true
			}
		}
	}
	rules, ok := all[t.Language]
	return rules, ok
}

func category(rules []pluralRule, number any) (string, error) {
	d, err := toDecimal(number)
	if err != nil {
		return "other", err
	}
	o := d.operands()
	for _, r := range rules {
		if r.matches(o) {
			return r.category, nil
		}
	}
	return "other", nil
}

// Plural is the CLDR plural category (zero, one, two, few, many, other) of a
// number in a language: an integer, a float, or a decimal string, whose
// trailing zeros count ("1.0"), with an optional compact exponent ("1.2c6").
// What is no number, and a language without rules, give "other".
func Plural(tag string, number any) string {
	rules, _ := rulesFor(tag, cardinalRules())
	c, _ := category(rules, number)
	return c
}

// Ordinal is the CLDR plural category of an ordinal number (1st, 2nd, …).
func Ordinal(tag string, number any) string {
	rules, _ := rulesFor(tag, ordinalRules())
	c, _ := category(rules, number)
	return c
}

// PluralCategories are the categories that Plural gives for the language, in
// CLDR's order, "other" last.
func PluralCategories(tag string) []string {
	rules, _ := rulesFor(tag, cardinalRules())
	var out []string
	for _, r := range rules {
		out = append(out, r.category)
	}
	return append(out, "other")
}

// PluralSample is the smallest number of a plural category of the language: a
// whole one up to 1000 or a whole million, else one with a fraction; "" where
// there is none.
func PluralSample(tag, category string) string {
	rules, _ := rulesFor(tag, cardinalRules())
	is := func(number string) bool {
		d, err := parseDecimal(number)
		if err != nil {
			return false
		}
		o := d.operands()
		for _, r := range rules {
			if r.matches(o) {
				return r.category == category
			}
		}
		return category == "other"
	}
	for i := range 1001 {
		if n := strconv.Itoa(i); is(n) {
			return n
		}
	}
	for _, n := range []string{"1000000", "0.1", "0.5", "1.5", "2.5"} {
		if is(n) {
			return n
		}
	}
	return ""
}

// RarePlural reports whether no whole number below a million is of a plural
// category: it is for fractions, as "many" in Czech, or for whole millions, as in
// Spanish. CLDR's rules ask for the last two digits, the last three of thousands,
// and for numbers by themselves.
func RarePlural(tag, category string) bool {
	for i := range 1100 {
		if Plural(tag, i) == category {
			return false
		}
	}
	for i := 1000; i < 1_000_000; i += 1000 {
		if Plural(tag, i) == category {
			return false
		}
	}
	return true
}

// KnowsPlurals reports whether the plural rules of the language are known, from
// CLDR or from our own table. Without them every number is "other" here, but
// nothing is known of the forms that the language has.
func KnowsPlurals(tag string) bool {
	_, ok := rulesFor(tag, cardinalRules())
	return ok
}
