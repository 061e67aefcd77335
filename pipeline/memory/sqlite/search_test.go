package sqlite_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/cases"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

// phrases makes n different sentences with a few thousand words.
func phrases(r *rand.Rand, n int) []string {
	syllables := []string{"ta", "ri", "mo", "ne", "ko", "ла", "ве", "до", "ши", "ns", "er", "大", "臣", "務"}
	words := make([]string, 3000)
	for i := range words {
		for range 2 + r.IntN(3) {
			words[i] += syllables[r.IntN(len(syllables))]
		}
	}
	out := make([]string, n)
	for i := range out {
		var b strings.Builder
		for range 6 + r.IntN(8) {
			b.WriteString(words[r.IntN(len(words))])
			b.WriteByte(' ')
		}
		fmt.Fprint(&b, i)
		out[i] = b.String()
	}
	return out
}

// The index finds what a search without one finds, before and after changes.
func TestSearchLarge(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	path := filepath.Join(t.TempDir(), "memory.db")
	s := open(t, path)
	sources, targets := phrases(r, 20_000), phrases(r, 20_000)
	var es []bitext.Entry
	for i := range sources {
		es = append(es, pairOf(sources[i], targets[i]))
	}
	if _, err := s.Add(t.Context(), memory.Batch{Time: time.Unix(1.8e9, 0)}, es); err != nil {
		t.Fatal(err)
	}
	check := func(name string) {
		t.Helper()
		fold := cases.Fold()
		both := make([]string, len(sources))
		for i := range sources {
			both[i] = fold.String(sources[i] + "\n" + targets[i])
		}
		for range 20 {
			text := []string{sources[r.IntN(len(sources))], targets[r.IntN(len(targets))]}[r.IntN(2)]
			runes := []rune(text)
			from := r.IntN(len(runes) - 8)
			needle := string(runes[from : from+8+r.IntN(len(runes)-from-7)])
			want := map[string]bool{}
			folded := fold.String(needle)
			for i := range sources {
				if strings.Contains(both[i], folded) {
					want[sources[i]] = true
				}
			}
			found, err := s.Search(t.Context(), memory.Search{Text: needle, Limit: 200})
			if err != nil {
				t.Fatal(err)
			}
			if len(want) <= 200 && len(found) != len(want) {
				t.Fatalf("%s: %q found %d, want %d", name, needle, len(found), len(want))
			}
			for _, f := range found {
				if !want[f.Entry.Source.Chars] {
					t.Fatalf("%s: %q found %q", name, needle, f.Entry.Source.Chars)
				}
			}
		}
	}
	check("indexed")
	// Other translations, of old entries and of new.
	es = es[:0]
	for _, i := range r.Perm(len(sources))[:300] {
		targets[i] = phrases(r, 1)[0] + " новый " + fmt.Sprint(i)
		e := pairOf(sources[i], targets[i])
		e.State = bitext.Final
		es = append(es, e)
	}
	if _, err := s.Add(t.Context(), memory.Batch{}, es); err != nil {
		t.Fatal(err)
	}
	check("changed")
	for _, i := range r.Perm(len(sources))[:6000] {
		targets[i] += "!"
		e := pairOf(sources[i], targets[i])
		e.State, e.Origin.Time = bitext.Final, time.Unix(1.9e9, 0)
		es = append(es, e)
	}
	if _, err := s.Add(t.Context(), memory.Batch{}, es); err != nil {
		t.Fatal(err)
	}
	check("much changed")
	if p, err := s.Verify(t.Context()); err != nil || len(p) > 0 {
		t.Errorf("%q, %v", p, err)
	}
}

// BenchmarkSearch searches for parts of sentences, rare and frequent ones and such as
// are nowhere.
func BenchmarkSearch(b *testing.B) {
	sizes := []int{50_000}
	if os.Getenv("HEXAPLA_BENCH_LARGE") != "" {
		sizes = append(sizes, 1_000_000)
	}
	for _, n := range sizes {
		r := rand.New(rand.NewPCG(9, 9))
		path := filepath.Join(b.TempDir(), "memory.db")
		s := open(b, path)
		sources := phrases(r, n)
		if _, err := s.AddAll(context.Background(), memory.Batch{}, func(yield func(bitext.Entry, error) bool) {
			for _, text := range sources {
				if !yield(pairOf(text, "перевод: "+text), nil) {
					return
				}
			}
		}); err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		if _, err := s.Search(context.Background(), memory.Search{Text: "nowhere at all"}); err != nil {
			b.Fatal(err)
		}
		indexing := time.Since(start)
		for _, c := range []struct {
			name   string
			needle func() string
		}{
			{"part", func() string {
				runes := []rune(sources[r.IntN(n)])
				from := r.IntN(len(runes) - 12)
				return string(runes[from : from+12])
			}},
			{"frequent", func() string { return "перевод: " }},
			{"short", func() string { return "тал" }}, // nowhere, and of one sequence of three only
			{"nowhere", func() string { return fmt.Sprint("zz", r.IntN(1000), "qq") }},
		} {
			b.Run(fmt.Sprint(c.name, "/", n), func(b *testing.B) {
				var times []time.Duration
				for b.Loop() {
					start := time.Now()
					if _, err := s.Search(context.Background(), memory.Search{Text: c.needle()}); err != nil {
						b.Fatal(err)
					}
					times = append(times, time.Since(start))
				}
				slices.Sort(times)
				b.ReportMetric(float64(times[len(times)*95/100].Microseconds())/1000, "p95-ms")
				b.ReportMetric(indexing.Seconds(), "index-s")
			})
		}
	}
}
