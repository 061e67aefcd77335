package locales

import (
	"fmt"
	"strings"
	"unicode/utf8"

	langtag "hexapla/locales/tag"
)

// numberFormat is how a locale writes numbers.
type numberFormat struct {
	digits                         [10]string
	point, group, minus, percent   string
	pattern, percentPattern        string
	primary, secondary, minimumGap int // sizes of digit groups; digits needed before the first separator
}

// numbersOf reads the facts about numbers; a tag's -u-nu-latn asks for Latin
// digits where others are the default.
func numbersOf(tag string) numberFormat { return numberFormats.Get(tag, readNumbers) }

var numberFormats langtag.Memo[numberFormat]

func readNumbers(tag string) numberFormat {
	l := localeOf(tag)
	prefix, system := "", l.get("ns")
	if extension(tag, "nu") == "latn" && system != "latn" {
		prefix, system = "latn.", "latn"
	}
	f := numberFormat{pattern: l.get(prefix + "nd"), percentPattern: l.get(prefix + "np"), minimumGap: 1}
	symbols := l.list(prefix + "sy")
	for len(symbols) < 4 {
		symbols = append(symbols, "")
	}
	f.point, f.group, f.minus, f.percent = symbols[0], symbols[1], symbols[2], symbols[3]
	if mg := l.get("mg"); len(mg) == 1 && mg[0] >= '1' {
		f.minimumGap = int(mg[0] - '0')
	}
	digits, ok := supplementalLine("digits", system)
	if !ok {
		digits = "0123456789"
	}
	i := 0
	for _, r := range digits {
		if i < 10 {
			f.digits[i] = string(r)
			i++
		}
	}
	// "#,##,##0.###": the last group has 3 digits, those before it 2.
	integer, _, _ := strings.Cut(f.pattern, ".")
	groups := strings.Split(strings.TrimFunc(integer, func(r rune) bool { return !strings.ContainsRune("#0,", r) }), ",")
	if n := len(groups); n > 1 {
		f.primary = len(groups[n-1])
		f.secondary = f.primary
		if n > 2 {
			f.secondary = len(groups[n-2])
		}
	}
	return f
}

// extension is the value of a Unicode extension key in a tag, "" if none.
func extension(tag, key string) string {
	_, u, ok := strings.Cut(strings.ToLower(tag), "-u-")
	if !ok {
		return ""
	}
	parts := strings.Split(u, "-")
	for i, p := range parts {
		if len(p) == 1 {
			break
		}
		if p == key && i+1 < len(parts) {
			return parts[i+1]
		}
	}
	return ""
}

// write puts digits of the locale in place of ASCII ones.
func (f *numberFormat) write(ascii string) string {
	if f.digits[0] == "0" {
		return ascii
	}
	var b strings.Builder
	for i := range len(ascii) {
		if c := ascii[i]; c >= '0' && c <= '9' {
			b.WriteString(f.digits[c-'0'])
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func (f *numberFormat) decimal(d decimal) string {
	var b strings.Builder
	if n := len(d.integer); f.primary > 0 && n >= f.primary+f.minimumGap {
		head := n - f.primary
		for i := range head {
			if i > 0 && (head-i)%f.secondary == 0 {
				b.WriteString(f.group)
			}
			b.WriteString(f.write(d.integer[i : i+1]))
		}
		b.WriteString(f.group)
		b.WriteString(f.write(d.integer[head:]))
	} else {
		b.WriteString(f.write(d.integer))
	}
	if d.fraction != "" {
		b.WriteString(f.point)
		b.WriteString(f.write(d.fraction))
	}
	return b.String()
}

// FormatNumber writes a number with the locale's digits, separators and
// grouping. All fraction digits are written: round before. Integers, floats and
// decimal strings are numbers; anything else is written as fmt.Sprint does.
func FormatNumber(tag string, value any) string {
	d, err := toDecimal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	f := numbersOf(tag)
	return f.signed(d, f.decimal(d), f.pattern)
}

// FormatPercent writes a ratio as a percentage: 0.27 is "27%", "27 %", "٢٧٪".
func FormatPercent(tag string, ratio any) string {
	d, err := toDecimal(ratio)
	if err != nil {
		return fmt.Sprint(ratio)
	}
	shifted := strings.TrimRight(d.fraction, "0")
	for len(shifted) < 2 {
		shifted += "0"
	}
	d.integer, d.fraction = strings.TrimLeft(d.integer+shifted[:2], "0"), shifted[2:]
	if d.integer == "" {
		d.integer = "0"
	}
	f := numbersOf(tag)
	prefix, suffix := affixes(f.percentPattern)
	body := strings.ReplaceAll(prefix, "%", f.percent) + f.decimal(d) + strings.ReplaceAll(suffix, "%", f.percent)
	return f.signed(d, body, f.pattern)
}

// signed adds the minus sign, which a pattern such as "#,##0.###" does not show.
func (f *numberFormat) signed(d decimal, body, _ string) string {
	if d.negative {
		return f.minus + body
	}
	return body
}

// affixes are what a number pattern has before and after its digits.
func affixes(pattern string) (prefix, suffix string) {
	start := strings.IndexAny(pattern, "#0")
	end := strings.LastIndexAny(pattern, "#0")
	if start < 0 {
		return "", ""
	}
	return pattern[:start], pattern[end+1:]
}

// formatDigits writes an integer that is a name rather than an amount, such as
// a year, with the locale's digits and no grouping.
func formatDigits(tag string, value any) string {
	d, err := toDecimal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	f := numbersOf(tag)
	f.primary = 0
	return f.signed(d, f.decimal(d), f.pattern)
}

// parseNumber reads what decimal writes, Latin digits too, back into ASCII.
// Grouping must be as the locale groups, or absent.
func (f *numberFormat) parseNumber(s string) (string, bool) {
	var b strings.Builder
	rest := s
	if r, ok := strings.CutPrefix(rest, f.minus); ok && f.minus != "" {
		b.WriteByte('-')
		rest = r
	}
	grouped, point := false, false
	for rest != "" {
		if d, n := f.digit(rest); n > 0 {
			b.WriteByte(byte('0' + d))
			rest = rest[n:]
		} else if r, ok := cutSpacedPrefix(rest, f.group); ok && !point && f.group != "" {
			grouped = true
			rest = r
		} else if r, ok := strings.CutPrefix(rest, f.point); ok && !point && f.point != "" {
			point = true
			b.WriteByte('.')
			rest = r
		} else {
			return "", false
		}
	}
	d, err := parseDecimal(b.String())
	if err != nil || strings.ContainsAny(b.String(), "ceE") {
		return "", false
	}
	if grouped && foldSpace(f.signed(d, f.decimal(d), "")) != foldSpace(s) {
		return "", false
	}
	if d.integer != "0" && strings.HasPrefix(strings.TrimPrefix(b.String(), "-"), "0") {
		return "", false // "007" is no amount
	}
	return b.String(), true
}

// digit reads one digit of the locale, or a Latin one.
func (f *numberFormat) digit(s string) (value, size int) {
	if s[0] >= '0' && s[0] <= '9' {
		return int(s[0] - '0'), 1
	}
	r, n := utf8.DecodeRuneInString(s)
	for i, d := range f.digits {
		if string(r) == d {
			return i, n
		}
	}
	return 0, 0
}

// cutSpacedPrefix cuts prefix where every kind of space counts as the same.
func cutSpacedPrefix(s, prefix string) (string, bool) {
	for _, want := range prefix {
		got, n := utf8.DecodeRuneInString(s)
		if n == 0 || got != want && !(isSpace(got) && isSpace(want)) {
			return s, false
		}
		s = s[n:]
	}
	return s, true
}

// Separators returns the decimal separator and the group separator of a locale
// (CLDR numbers, symbols of the default numbering system).
func Separators(tag string) (decimal, group string) {
	f := numbersOf(tag)
	return f.point, f.group
}
