package sqlite_test

import (
	"path/filepath"
	"slices"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/memorytest"
	"hexapla/pipeline/memory/sqlite"
)

func open(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestConformance(t *testing.T) {
	memorytest.Run(t, func(t *testing.T) memory.Store {
		return open(t, filepath.Join(t.TempDir(), "memory.db"))
	})
}

var _ memory.Store = (*sqlite.Store)(nil)

// TestAbsent holds that a text which was looked for in vain is found as soon as another
// process has added it, and so are the texts of its context.
func TestAbsent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "memory.db")
	writer, reader := open(t, path), open(t, path)
	first := pairOf("one", "раз")
	if _, err := writer.Add(t.Context(), memory.Batch{}, []bitext.Entry{first}); err != nil {
		t.Fatal(err)
	}
	queries := []memory.Query{{Source: bitext.Plain("one"), Prev: "zero", Next: "two", Place: "a#1"}, {Source: bitext.Plain("two")}}
	look := func() (types []bitext.MatchType) {
		t.Helper()
		for range 2 { // the second time from what is kept
			types = nil
			found, err := reader.Lookup(t.Context(), "en", "ru", queries)
			if err != nil {
				t.Fatal(err)
			}
			for _, ms := range found {
				for _, m := range ms {
					types = append(types, m.Type)
				}
			}
		}
		return types
	}
	if got := look(); !slices.Equal(got, []bitext.MatchType{bitext.ExactMatch}) {
		t.Errorf("%v", got)
	}
	here, other := first, pairOf("two", "два")
	here.Prev, here.Next, here.Place, here.Target = "zero", "two", "a#1", bitext.Plain("один")
	if _, err := writer.Add(t.Context(), memory.Batch{}, []bitext.Entry{here, other}); err != nil {
		t.Fatal(err)
	}
	if got := look(); !slices.Equal(got, []bitext.MatchType{bitext.InContextMatch, bitext.ExactMatch, bitext.ExactMatch}) {
		t.Errorf("%v", got)
	}
}
