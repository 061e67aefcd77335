package memory

import "testing"

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"no numbers", "none", true},
		{"12 firms", "13 firms", false},
		{"12 firms", "firms", false},
		{"from 5 to 10", "from 10 to 5", false},
		{"1,000 people", "1000 people", true},
		{"1 000 people", "1,000 people", true},
		{"1'000'000", "1000000", true},
		{"1,000,000.50", "1000000.50", true},
		{"1.5 percent", "1,5 percent", true},
		{"1.5 percent", "15 percent", false},
		{"1.000", "1000", false},
		{"in ۱۲ days", "in 12 days", true},
		{"in १२ days", "in ١٢ days", true},
		{"𝟙𝟚", "12", true},
		{"on 24.08.1991", "on 24.8.1991", true},
		{"on 24.08.1991", "on 24.08.1992", false},
		{"007", "7", true},
		{"0", "00", true},
		{"G7", "G8", false},
		{"COVID-19", "COVID-20", false},
		{"10:30", "10:31", false},
		{"5.", "5", true},
		{"5, 6", "5 6", true},
		{"5,", "5", true},
		{"1,2,3", "1, 2, 3", true},
		{"x²", "x³", true},
		{"٣٬٠٠٠", "3000", true},
		{"٣٫٥", "3.5", true},
	} {
		if got := SameNumbers(c.a, c.b); got != c.same {
			t.Errorf("%q (%q) and %q (%q): same %v, want %v", c.a, numbersIn(c.a), c.b, numbersIn(c.b), got, c.same)
		}
	}
}
