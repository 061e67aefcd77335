package journal_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/sqlite"
)

var benchmarkSizes = func() []int {
	if os.Getenv("HEXAPLA_BENCH_LARGE") != "" {
		return []int{20_000, 1_000_000}
	}
	return []int{20_000}
}()

func BenchmarkJournal(b *testing.B) {
	for _, n := range benchmarkSizes {
		dir, root := benchmarkJournal(b, n)
		b.Run(fmt.Sprint("rebuild/", n), func(b *testing.B) {
			i := 0
			for b.Loop() {
				i++
				path := filepath.Join(b.TempDir(), fmt.Sprint(i, ".db"))
				s := open(b, path)
				if r, _ := sync(b, root, s); r.Merged.Added != n {
					b.Fatal(r)
				}
				s.Close()
			}
			b.ReportMetric(float64(i*n)/b.Elapsed().Seconds(), "entries/s")
		})
		b.Run(fmt.Sprint("unchanged/", n), func(b *testing.B) {
			for b.Loop() {
				s, err := sqlite.Open(context.Background(), filepath.Join(dir, "memory.db"), sqlite.Options{})
				if err != nil {
					b.Fatal(err)
				}
				if r, _ := sync(b, root, s); r.Merged.Added+r.Written != 0 {
					b.Fatal(r)
				}
				s.Close()
			}
		})
		b.Run(fmt.Sprint("append/", n), func(b *testing.B) {
			s := open(b, filepath.Join(dir, "memory.db"))
			i := 0
			for b.Loop() {
				i++
				add(b, s, "anna", entry(fmt.Sprint("appended ", i), "добавлено"))
				sync(b, root, s)
			}
		})
		b.Run(fmt.Sprint("pulled/", n), func(b *testing.B) {
			// Another clone's lines came at the end.
			path := filepath.Join(dir, "journal", "en_ru.jsonl")
			other := open(b, filepath.Join(b.TempDir(), "other.db"))
			otherDir := b.TempDir()
			otherRoot := folder(b, otherDir)
			sync(b, otherRoot, other)
			s := open(b, filepath.Join(dir, "memory.db"))
			i := 0
			for b.Loop() {
				i++
				add(b, other, "boris", entry(fmt.Sprint("pulled ", i), "получено"))
				sync(b, otherRoot, other)
				text := files(b, otherDir)["en_ru.jsonl"]
				lines := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
				f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
				if err != nil {
					b.Fatal(err)
				}
				f.WriteString(lines[len(lines)-1] + "\n")
				f.Close()
				if r, _ := sync(b, root, s); r.Merged.Added != 1 {
					b.Fatal(r)
				}
			}
		})
	}
}

// BenchmarkRebuild makes the database from a journal. BenchmarkUnchanged finds out
// that there is nothing to do.
func benchmarkJournal(b *testing.B, n int) (dir string, root *os.Root) {
	b.Helper()
	dir = b.TempDir()
	root = folder(b, filepath.Join(dir, "journal"))
	s := open(b, filepath.Join(dir, "memory.db"))
	sync(b, root, s)
	words := strings.Fields("the government said on Friday that new rules for buildings and taxes will come into force next year after a long debate in parliament")
	_, err := s.AddAll(context.Background(), memory.Batch{}, func(yield func(bitext.Entry, error) bool) {
		r := rand.New(rand.NewPCG(1, 1))
		prev := ""
		for i := range n {
			var text bytes.Buffer
			for range 8 + r.IntN(10) {
				text.WriteString(words[r.IntN(len(words))] + " ")
			}
			fmt.Fprint(&text, i)
			e := entry(text.String(), "Правительство заявило: "+text.String())
			e.Prev, e.Place = prev, fmt.Sprintf("articles/%d.html#p-%d", i/50, i%50)
			prev = e.Source.Key()
			if !yield(e, nil) {
				return
			}
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	sync(b, root, s)
	return dir, root
}
