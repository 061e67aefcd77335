package sqlite_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/cputime"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/sqlite"
)

// A store that has answered for a text of very many entries before answers as one that
// is asked for the first time.
func TestFrequentTexts(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	path := filepath.Join(t.TempDir(), "memory.db")
	s := open(t, path)
	neighbors := []string{"", "", "Home", "Up", "Prev", "Next", "Contents"}
	place := func() string { return fmt.Sprintf("articles/%d.html#p/s1", r.IntN(400)) }
	add := func(n int) {
		var es []bitext.Entry
		for range n {
			e := bitext.Entry{SourceLocale: "en", TargetLocale: "ru", Source: bitext.Plain(pick("Prev", "Next", "Home")), Target: bitext.Plain(pick("Назад", "Далее", "Домой")),
				State: bitext.State(r.IntN(4)), Origin: bitext.Origin{Kind: bitext.OriginKind(pick("human", "engine", "import"))}, Prev: pick(neighbors...), Next: pick(neighbors...)}
			if e.Origin.Kind == bitext.FromEngine && r.IntN(2) == 0 {
				e.Target = bitext.Plain(pick("", " ")) // no translation
			}
			if r.IntN(8) > 0 {
				e.Place = place()
			}
			if r.IntN(2) == 0 {
				e.Origin.Time = time.Unix(1.7e9+r.Int64N(1000), 0).UTC()
			}
			es = append(es, e)
		}
		if _, err := s.Add(t.Context(), memory.Batch{Time: time.Unix(1.8e9, 0)}, es); err != nil {
			t.Fatal(err)
		}
	}
	for round := range 4 {
		add([]int{700, 3, 1, 900}[round])
		var queries []memory.Query
		for range 60 {
			q := memory.Query{Source: bitext.Plain(pick("Prev", "Next", "Home", "Absent")), Prev: pick(neighbors...), Next: pick("", "Home", "Prev", "Unknown"), Limit: r.IntN(12)}
			if r.IntN(3) > 0 {
				q.Place = place()
			}
			for range r.IntN(3) {
				q.FormerPlaces = append(q.FormerPlaces, place(), place())
			}
			queries = append(queries, q)
		}
		for _, q := range queries {
			q.Limit = 1
			queries = append(queries, q)
		}
		fresh := open(t, path)
		want, err := fresh.Lookup(t.Context(), "en", "ru", queries)
		if err != nil {
			t.Fatal(err)
		}
		half := len(queries) / 2
		for i, one := range want[half:] {
			if all := want[i]; len(one) != min(len(all), 1) || len(one) == 1 && !cmp.Equal(one[0], all[0]) {
				t.Errorf("round %d: the best match for %+v is %v, alone %v", round, queries[i], all, one)
			}
		}
		for again := range 3 {
			got, err := s.Lookup(t.Context(), "en", "ru", queries)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("round %d, look-up %d (-first +again):\n%s", round, again, diff)
			}
		}
	}
}

// BenchmarkFrequent asks for the links of a page that each of the memory's articles has,
// and reports queries for each second of a processor.
func BenchmarkFrequent(b *testing.B) {
	const links = 20
	for _, articles := range []int{300, 3000} {
		path := filepath.Join(b.TempDir(), fmt.Sprint(articles, ".db"))
		s := open(b, path)
		var es []bitext.Entry
		article := func(n int) []memory.Query {
			queries := make([]memory.Query, links)
			for i := range queries {
				queries[i] = memory.Query{Source: bitext.Plain(fmt.Sprint("Link ", i)), Prev: fmt.Sprint("Link ", i-1), Next: fmt.Sprint("Link ", i+1), Place: fmt.Sprintf("articles/%d.html#p-%d", n, i)}
			}
			return queries
		}
		for n := range articles {
			for _, q := range article(n) {
				es = append(es, bitext.Entry{SourceLocale: "en", TargetLocale: "ru", Source: q.Source, Target: bitext.Plain("Ссылка " + q.Source.Chars), State: bitext.Translated,
					Prev: q.Prev, Next: q.Next, Place: q.Place, Origin: bitext.Origin{Kind: bitext.FromHuman}})
			}
		}
		if _, err := s.Add(b.Context(), memory.Batch{}, es); err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprint(articles), func(b *testing.B) {
			s, err := sqlite.Open(b.Context(), path, sqlite.Options{ReadOnly: true})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			n := 0
			start := cputime.Now(b)
			for b.Loop() {
				if m, err := s.Lookup(b.Context(), "en", "ru", article(n%articles)); err != nil || m[0][0].Type != bitext.InContextMatch {
					b.Fatal(m, err)
				}
				n++
			}
			b.ReportMetric(float64(n*links)/(cputime.Now(b)-start).Seconds(), "queries/cpu-s")
		})
	}
}
