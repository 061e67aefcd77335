package postgres_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/postgres/postgrestest"
	"hexapla/pipeline/memory/sqlite"
)

// prose makes sentences of news-like length from a seed.
func prose(r *rand.Rand) string {
	words := strings.Fields("the government said on Monday that it would not change its plans for new talks with neighbours about a border treaty after protests in capital cities where police detained dozens of journalists opposition leaders and students")
	var b strings.Builder
	for i := range 6 + r.IntN(16) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(words[r.IntN(len(words))])
		if r.IntN(3) == 0 {
			fmt.Fprintf(&b, "%c%c%c", 'a'+r.IntN(26), 'a'+r.IntN(26), 'a'+r.IntN(26))
		}
	}
	return b.String() + "."
}

// eachKind runs a benchmark with an empty memory in a file, and with one in a database
// that keeps what it acknowledges, as a real server does.
func eachKind(b *testing.B, f func(b *testing.B, s memory.Store)) {
	b.Run("file", func(b *testing.B) {
		s, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "memory.db"), sqlite.Options{})
		if err != nil {
			b.Fatal(err)
		}
		defer s.Close()
		f(b, s)
	})
	b.Run("database", func(b *testing.B) {
		server := postgrestest.Start(b, "fsync = on")
		f(b, open(b, server.Database(b)))
	})
}

// fill adds sentences in context and returns them.
func fill(b *testing.B, s memory.Store, n int) []string {
	b.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	sources := make([]string, n)
	for i := range sources {
		sources[i] = prose(r)
	}
	if _, err := s.AddAll(b.Context(), memory.Batch{}, func(yield func(bitext.Entry, error) bool) {
		for i, source := range sources {
			e := pairOf(source, "Правительство заявило "+source)
			e.Place = fmt.Sprintf("articles/%d.html#p-%d", i/30, i%30)
			if i > 0 && i+1 < n {
				e.Prev, e.Next = sources[i-1], sources[i+1]
			}
			if !yield(e, nil) {
				return
			}
		}
	}); err != nil {
		b.Fatal(err)
	}
	return sources
}

// BenchmarkAdd adds 10,000 entries in context at a time, and one at a time.
func BenchmarkAdd(b *testing.B) {
	for _, size := range []int{10_000, 1} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			eachKind(b, func(b *testing.B, s memory.Store) {
				n := 0
				for b.Loop() {
					n++
					entries := make([]bitext.Entry, size)
					for i := range entries {
						entries[i] = pairOf(fmt.Sprintf("a longer sentence as news have it, number %d of %d", i, n), "предложение")
						entries[i].Place = fmt.Sprint("articles/a.html#", i)
					}
					if _, err := s.Add(b.Context(), memory.Batch{}, entries); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(n*size)/b.Elapsed().Seconds(), "entries/s")
			})
		})
	}
}

// BenchmarkLookup asks for an article's 50 segments at a time, among 100,000.
func BenchmarkLookup(b *testing.B) {
	eachKind(b, func(b *testing.B, s memory.Store) {
		sources := fill(b, s, 100_000)
		ask := func(b *testing.B, change func(q *memory.Query)) {
			n := 0
			for b.Loop() {
				queries := make([]memory.Query, 50)
				for i := range queries {
					at := (n*50 + i*7919) % (len(sources) - 2)
					queries[i] = memory.Query{Source: bitext.Plain(sources[at+1]), Prev: sources[at], Next: sources[at+2]}
					change(&queries[i])
				}
				if _, err := s.Lookup(b.Context(), "en", "ru", queries); err != nil {
					b.Fatal(err)
				}
				n++
			}
			b.ReportMetric(float64(n*50)/b.Elapsed().Seconds(), "queries/s")
		}
		b.Run("context", func(b *testing.B) { ask(b, func(q *memory.Query) {}) })
		b.Run("miss", func(b *testing.B) { ask(b, func(q *memory.Query) { q.Source.Chars += "?" }) })
		b.Run("fuzzy", func(b *testing.B) {
			ask(b, func(q *memory.Query) {
				q.Source.Chars = strings.Replace(q.Source.Chars, " ", " hardly ", 1)
				q.Fuzzy = 75
			})
		})
	})
}
