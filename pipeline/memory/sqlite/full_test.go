package sqlite

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/stored"
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
	if _, err := s.Add(t.Context(), memory.Batch{}, entries(0, 100)); err != nil {
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
		if _, err := s.Add(t.Context(), memory.Batch{}, entries(1000, 20_000)); !errors.Is(err, memory.ErrFull) {
			t.Fatalf("error %v, want %v", err, memory.ErrFull)
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
	m, err := s.Lookup(t.Context(), "en", "ru", []memory.Query{{Source: bitext.Plain("Sentence 7")}, {Source: bitext.Plain("Sentence 1007")}})
	if err != nil || len(m[0]) != 1 || len(m[1]) != 0 {
		t.Errorf("look-up: %v, %v", m, err)
	}
	// Once there is room again, it goes on.
	if _, err := s.write.Exec("PRAGMA max_page_count = 1073741823"); err != nil {
		t.Fatal(err)
	}
	if r, err := s.Add(t.Context(), memory.Batch{}, entries(1000, 20_000)); err != nil || r.Added != 20_000 {
		t.Errorf("%+v, %v", r, err)
	}
	var verdict string
	if err := s.write.QueryRow("PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity: %q, %v", verdict, err)
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
		if got := stored.FoldKey(c.key); got != c.want {
			t.Errorf("FoldKey(%q) = %q, want %q", c.key, got, c.want)
		}
	}
}
