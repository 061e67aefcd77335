package postgres_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

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

var benchEntries = flag.Int("entries", 100_000, "how many entries BenchmarkLookup asks among")

// BenchmarkLookup asks for an article's 50 segments at a time, among many.
func BenchmarkLookup(b *testing.B) {
	eachKind(b, func(b *testing.B, s memory.Store) {
		sources := fill(b, s, *benchEntries)
		ask := func(b *testing.B, change func(q *memory.Query)) {
			q := memory.Query{Source: bitext.Plain(sources[0])}
			change(&q)
			if _, err := s.Lookup(b.Context(), "en", "ru", []memory.Query{q}); err != nil { // the index of similar texts is made
				b.Fatal(err)
			}
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

// BenchmarkNotify measures how many notifications of writers one listener keeps up with:
// those that it only receives, because it has what they are about; those for each of which
// it brings its index up to date; and real writes of one entry each, by a writer that waits
// for nobody, with how far the listener is behind at their end.
func BenchmarkNotify(b *testing.B) {
	server := postgrestest.Start(b, "fsync = on")
	url := server.Database(b)
	s, w := open(b, url), open(b, url)
	fill(b, s, 10_000)
	if _, err := s.Lookup(b.Context(), "en", "ru", []memory.Query{{Source: bitext.Plain("the government said on Monday"), Fuzzy: 75}}); err != nil {
		b.Fatal(err)
	}
	conn, err := pgx.Connect(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(context.Background())
	b.Run("received", func(b *testing.B) {
		if _, err := conn.Exec(b.Context(), "LISTEN hexapla_memory_public"); err != nil {
			b.Fatal(err)
		}
		const many = 1000
		n := 0
		for b.Loop() {
			if _, err := w.Pool().Exec(b.Context(), "SELECT pg_notify('hexapla_memory_public', n::text) FROM generate_series(1, $1) n", many); err != nil {
				b.Fatal(err)
			}
			for range many {
				if _, err := conn.WaitForNotification(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			n += many
		}
		b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "notifications/s")
		if _, err := conn.Exec(b.Context(), "UNLISTEN *"); err != nil {
			b.Fatal(err)
		}
	})
	b.Run("each", func(b *testing.B) {
		n := 0
		for b.Loop() {
			if _, err := s.CatchUp(b.Context(), conn); err != nil {
				b.Fatal(err)
			}
			n++
		}
		b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "notifications/s")
	})
	b.Run("writes", func(b *testing.B) {
		n := 0
		for b.Loop() {
			n++
			if _, err := w.Add(b.Context(), memory.Batch{}, []bitext.Entry{pairOf(fmt.Sprint("another text, number ", n), "текст")}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "writes/s")
		var last int64
		if err := w.Pool().QueryRow(b.Context(), "SELECT max(id) FROM memory_text WHERE locale = 'en'").Scan(&last); err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		for s.Indexed("en") < last {
			if time.Since(start) > 5*time.Minute {
				b.Fatalf("the listener has %d of %d texts", s.Indexed("en"), last)
			}
			time.Sleep(100 * time.Microsecond)
		}
		b.ReportMetric(float64(time.Since(start).Microseconds())/1000, "ms-behind")
	})
}
