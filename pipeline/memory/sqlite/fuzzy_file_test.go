package sqlite_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/fuzzy"
	"hexapla/pipeline/memory/sqlite"
)

// manyEntries makes entries with sources that differ from each other.
func manyEntries(r *rand.Rand, n int, target string) []bitext.Entry {
	out := make([]bitext.Entry, n)
	for i := range out {
		s := prose(r)
		out[i] = bitext.Entry{SourceLocale: "en", TargetLocale: target, Source: bitext.Plain(s), Target: bitext.Plain("→ " + s),
			State: bitext.Translated, Origin: bitext.Origin{Kind: bitext.FromImport}}
	}
	return out
}

// vary changes a word of a text.
func vary(r *rand.Rand, s string) string {
	w := strings.Fields(s)
	w[r.IntN(len(w))] = "changed"
	return strings.Join(w, " ")
}

func fuzzyQueries(r *rand.Rand, entries []bitext.Entry, n int) []memory.Query {
	out := make([]memory.Query, n)
	for i := range out {
		out[i] = memory.Query{Source: bitext.Plain(vary(r, entries[r.IntN(len(entries))].Source.Chars)), Fuzzy: 75}
	}
	return out
}

func ask(t *testing.T, s *sqlite.Store, target string, qs []memory.Query) [][]bitext.Match {
	t.Helper()
	m, err := s.Lookup(t.Context(), "en", target, qs)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// checkScores compares the best score of each query with that of all entries.
func checkScores(t *testing.T, qs []memory.Query, got [][]bitext.Match, entries []bitext.Entry) {
	t.Helper()
	missed := 0
	for i, q := range qs {
		scorer, best := fuzzy.NewScorer(q.Source.Chars), 0
		for _, e := range entries {
			best = max(best, scorer.Score(e.Source.Chars, q.Fuzzy))
		}
		have := 0
		if len(got[i]) > 0 {
			have = got[i][0].Score
		}
		if have > best {
			t.Errorf("%q: score %d, the best of all is %d", q.Source.Chars, have, best)
		}
		if have < best && best < 100 {
			missed++
		}
	}
	if missed > 0 {
		t.Errorf("%d of %d queries did not find the best of all entries", missed, len(qs))
	}
}

// Whatever happens to the folder with the index, and whoever opens the memory, the
// matches are those of a memory without the folder, and as good as by looking at all.
func TestKeptIndex(t *testing.T) {
	path := filepath.Join(t.TempDir(), "memory.db")
	folder := path + sqlite.FuzzyEnding
	r := rand.New(rand.NewPCG(8, 8))
	entries := manyEntries(r, 3000, "ru")
	s := open(t, path)
	add := func(s *sqlite.Store, e []bitext.Entry) {
		t.Helper()
		if _, err := s.Add(t.Context(), memory.Batch{}, e); err != nil {
			t.Fatal(err)
		}
	}
	add(s, entries)
	qs := fuzzyQueries(r, entries, 60)
	want := ask(t, s, "ru", qs)
	checkScores(t, qs, want, entries)
	s.Close()
	if l, _ := filepath.Glob(folder + "/*.segment"); len(l) != 1 {
		t.Fatalf("segments: %v", l)
	}
	files := func() map[string]string {
		out := map[string]string{}
		l, _ := filepath.Glob(folder + "/*")
		for _, name := range l {
			data, _ := os.ReadFile(name)
			out[name] = string(data)
		}
		return out
	}
	kept := files()
	restore := func() {
		os.RemoveAll(folder)
		os.Mkdir(folder, 0o700)
		for name, data := range kept {
			os.WriteFile(name, []byte(data), 0o600)
		}
	}
	list := func() string {
		l, _ := filepath.Glob(folder + "/*.list")
		return l[0]
	}
	for _, c := range []struct {
		what   string
		change func()
	}{
		{"nothing", func() {}},
		{"removed", func() { os.RemoveAll(folder) }},
		{"a file instead", func() { os.RemoveAll(folder); os.WriteFile(folder, []byte("x"), 0o600) }},
		{"a link instead", func() { os.Rename(folder, folder+".away"); os.Symlink(folder+".away", folder) }},
		{"an empty list", func() { os.WriteFile(list(), nil, 0o600) }},
		{"a list of another time", func() {
			data := strings.Replace(kept[list()], `"Revision":`, `"Revision":1`, 1)
			os.WriteFile(list(), []byte(data), 0o600)
		}},
		{"no segments", func() {
			for name := range kept {
				if strings.HasSuffix(name, ".segment") {
					os.Remove(name)
				}
			}
		}},
		{"damaged files", func() {
			for name, data := range kept {
				b := []byte(data)
				for range min(len(b), 1+len(b)/500) {
					b[r.IntN(len(b))] ^= 0x55
				}
				os.WriteFile(name, b, 0o600)
			}
		}},
		{"damaged blocks", func() {
			for name, data := range kept {
				if strings.HasSuffix(name, ".segment") {
					b := []byte(data)
					for at := 4096 + 100; at < len(b)-50_000; at += 4096 {
						b[at] ^= 1
					}
					os.WriteFile(name, b, 0o600)
				}
			}
		}},
		{"cut files", func() {
			for name, data := range kept {
				os.WriteFile(name, []byte(data[:len(data)/2]), 0o600)
			}
		}},
	} {
		for _, readOnly := range []bool{true, false} {
			restore()
			c.change()
			before := files()
			s, err := sqlite.Open(t.Context(), path, sqlite.Options{ReadOnly: readOnly})
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if got := ask(t, s, "ru", qs); !reflect.DeepEqual(got, want) {
					t.Errorf("%s, read only %v: other matches than without an index", c.what, readOnly)
				}
			}
			s.Close()
			if readOnly && !reflect.DeepEqual(files(), before) {
				t.Errorf("%s: a memory that was opened to read wrote its index", c.what)
			}
			os.RemoveAll(folder)
			os.RemoveAll(folder + ".away")
		}
	}

	// Another database in its place does not use the index of the first.
	restore()
	other := filepath.Join(t.TempDir(), "memory.db")
	o := open(t, other)
	others := manyEntries(r, 3000, "ru")
	add(o, others)
	if err := os.CopyFS(other+sqlite.FuzzyEnding, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	oqs := fuzzyQueries(r, others, 40)
	checkScores(t, oqs, ask(t, o, "ru", oqs), others)

	// It is kept in step while several stores add and ask, each with its own view.
	a, b := open(t, path), open(t, path)
	for n := range 6 {
		store, target := []*sqlite.Store{a, b}[n%2], []string{"ru", "de", "ru"}[n%3]
		more := manyEntries(r, 1500, target)
		add(store, more)
		if target == "ru" {
			entries = append(entries, more...)
		}
		qs := fuzzyQueries(r, entries, 30)
		for _, s := range []*sqlite.Store{a, b} {
			checkScores(t, qs, ask(t, s, "ru", qs), entries)
			ask(t, s, "de", qs)
		}
	}
	fresh, err := sqlite.Open(context.Background(), path, sqlite.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer fresh.Close()
	qs = fuzzyQueries(r, entries, 60)
	checkScores(t, qs, ask(t, fresh, "ru", qs), entries)
	// What no list names is gone.
	_, rest, _ := strings.Cut(files()[list()], "\n")
	var k struct {
		Segments []string
		Pairs    map[string]any
	}
	if err := json.Unmarshal([]byte(rest), &k); err != nil {
		t.Fatal(err)
	}
	if got, want := len(files()), len(k.Segments)+len(k.Pairs)+2; got != want || len(k.Pairs) != 2 {
		t.Errorf("%d files, want %d: %s", got, want, fmt.Sprint(rest))
	}
}
