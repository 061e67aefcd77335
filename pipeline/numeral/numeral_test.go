package numeral_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"hexapla/pipeline/numeral"
)

// TestReadings reads the number that a text begins with: its bytes, and what it may
// mean.
func TestReadings(t *testing.T) {
	for _, tt := range []struct{ text, number, integer, decimal string }{
		{"7 days", "7", "7", ""},
		{"007", "007", "007", ""},
		{"1,234 people", "1,234", "1234", "1.234"},
		{"1.234.567", "1.234.567", "1234567", ""},
		{"12,34,567", "12,34,567", "1234567", ""}, // India
		{"1 234,5", "1 234,5", "", "1234.5"},
		{"1'234.5", "1'234.5", "", "1234.5"},
		{"1234.5", "1234.5", "", "1234.5"},
		{"0.75", "0.75", "", "0.75"},
		{"0.750", "0.750", "", "0.750"},
		{"24.08.1991", "24.08.1991", "", ""},
		{"2016 200", "2016", "2016", ""}, // a year and a number
		{"10 20", "10", "10", ""},
		{"3.14 159", "3.14", "", "3.14"},
		{"5, 6", "5", "5", ""},
		{"5.", "5", "5", ""},
		{"٣٬٠٠٠٫٥", "٣٬٠٠٠٫٥", "", "3000.5"},
		{"۱۲۳۴", "۱۲۳۴", "1234", ""},
		{"𝟙2", "𝟙2", "12", ""},
		{"x1", "", "", ""},
		{"", "", "", ""},
	} {
		groups, separators, size := numeral.Scan(tt.text, nil, nil)
		integer, decimal, isInteger, isDecimal := numeral.Readings(groups, separators)
		got := [3]string{tt.text[:size]}
		if isInteger {
			got[1] = integer.Integer
		}
		if isDecimal {
			got[2] = decimal.Integer + "." + decimal.Fraction
		}
		if want := [3]string{tt.number, tt.integer, tt.decimal}; got != want {
			t.Errorf("%q: %q, want %q", tt.text, got, want)
		}
	}
}

// TestDigits compares Digit with the names of Unicode: each range of the table Nd has
// the digits from 0 to 9, in order.
func TestDigits(t *testing.T) {
	next := 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		d, ok := numeral.Digit(r)
		if ok != unicode.IsDigit(r) {
			t.Fatalf("%U: a digit %t", r, ok)
		}
		if ok {
			if d != next {
				t.Fatalf("%U is %d, after %d", r, d, next-1)
			}
			next = (next + 1) % 10
			if !numeral.HasDigit("a" + string(r)) {
				t.Errorf("%U is not found in a text", r)
			}
		}
	}
	if numeral.HasDigit("a½Ⅻ²") {
		t.Error("fractions, Roman numerals and superscripts are no digits")
	}
}

// FuzzScan checks that a number has a separator between each two groups, that groups
// are ASCII digits and that none of the text is lost.
func FuzzScan(f *testing.F) {
	for _, s := range []string{"1,234.5", "٣٬٠٠٠", "1 2 3", "1'234", strings.Repeat("1,", 100)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		groups, separators, size := numeral.Scan(s, nil, nil)
		if size > len(s) || len(groups) > 0 && len(separators) != len(groups)-1 {
			t.Fatalf("%q: %q, %q, %d", s, groups, separators, size)
		}
		digits := 0
		for _, g := range groups {
			if g == "" || strings.Trim(g, "0123456789") != "" {
				t.Fatalf("%q: group %q", s, g)
			}
			digits += len(g)
		}
		for _, r := range s[:size] {
			if _, ok := numeral.Digit(r); ok {
				digits--
			}
		}
		if digits != 0 {
			t.Fatalf("%q: the groups %q have other digits than %q", s, groups, s[:size])
		}
	})
}

func Example() {
	for _, text := range []string{"1,234 people", "1 234,50 €", "24.08.1991"} {
		groups, separators, size := numeral.Scan(text, nil, nil)
		integer, decimal, isInteger, isDecimal := numeral.Readings(groups, separators)
		fmt.Println(text[:size], isInteger, integer, isDecimal, decimal)
	}
	// Output:
	// 1,234 true {1234 } true {1 234}
	// 1 234,50 false { } true {1234 50}
	// 24.08.1991 false { } false { }
}
