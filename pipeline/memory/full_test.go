package memory

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"hexapla/pipeline/bitext"
)

// A full disk: SQLite gives the same error when a file may not grow.
func TestFull(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "memory.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	entries := func(from, n int) []bitext.Entry {
		out := make([]bitext.Entry, n)
		for i := range out {
			out[i] = bitext.Entry{SourceLocale: "en", TargetLocale: "ru", Source: bitext.Plain(fmt.Sprint("Sentence ", from+i)), Target: bitext.Plain("Предложение")}
		}
		return out
	}
	if _, err := s.Add(t.Context(), Batch{}, entries(0, 100)); err != nil {
		t.Fatal(err)
	}
	var pages int
	if err := s.write.QueryRow("PRAGMA page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	if _, err := s.write.Exec(fmt.Sprint("PRAGMA max_page_count = ", pages+5)); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := s.Add(t.Context(), Batch{}, entries(1000, 20_000)); !errors.Is(err, ErrFull) {
			t.Fatalf("error %v, want %v", err, ErrFull)
		}
	}
	n := 0
	for _, err := range s.Entries(t.Context(), "", "") {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 100 {
		t.Errorf("%d entries, want the 100 from before", n)
	}
	m, err := s.Lookup(t.Context(), "en", "ru", []Query{{Source: bitext.Plain("Sentence 7")}, {Source: bitext.Plain("Sentence 1007")}})
	if err != nil || len(m[0]) != 1 || len(m[1]) != 0 {
		t.Errorf("look-up: %v, %v", m, err)
	}
	// Once there is room again, it goes on.
	if _, err := s.write.Exec("PRAGMA max_page_count = 1073741823"); err != nil {
		t.Fatal(err)
	}
	if r, err := s.Add(t.Context(), Batch{}, entries(1000, 20_000)); err != nil || r.Added != 20_000 {
		t.Errorf("%+v, %v", r, err)
	}
	var verdict string
	if err := s.write.QueryRow("PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity: %q, %v", verdict, err)
	}
}

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
		if got := sameNumbers(c.a, c.b); got != c.same {
			t.Errorf("%q (%q) and %q (%q): same %v, want %v", c.a, numbersIn(c.a), c.b, numbersIn(c.b), got, c.same)
		}
	}
}

func TestFold(t *testing.T) {
	for _, c := range []struct{ key, want string }{
		{"plain", "plain"},
		{"a  b\tc\u00a0d", "a b c d"},
		{"<1>a</1><22/>", "\U000F0001a\U000F0002\U000F0000"},
		{`\<1>a`, `\<1>a`},
		{`\\<1>a`, `\\` + "\U000F0001a"},
		{"a < b > c <b> <1 </> <1//>", "a < b > c <b> <1 </> <1//>"},
		{"</1/>", "</1/>"},
	} {
		if got := fold(c.key); got != c.want {
			t.Errorf("fold(%q) = %q, want %q", c.key, got, c.want)
		}
	}
}
