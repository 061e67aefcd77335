package sqlite

import (
	"database/sql"
	"fmt"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

// alternatives returns n translations of one text.
func alternatives(n int) []bitext.Entry {
	out := make([]bitext.Entry, n)
	for i := range out {
		out[i] = bitext.Entry{SourceLocale: "en", TargetLocale: "ru", Source: bitext.Plain("One text."), Target: bitext.Plain(fmt.Sprint("Перевод ", i)),
			State: bitext.Translated, Origin: bitext.Origin{Kind: bitext.FromImport}}
	}
	return out
}

// checkSlots checks that of each slot exactly those versions are current that
// memory.Current names.
func checkSlots(t *testing.T, s *Store) {
	t.Helper()
	err := s.update(t.Context(), func(tx *sql.Tx) error {
		w, err := newWriter(tx, time.Time{})
		if err != nil {
			return err
		}
		defer w.close()
		rows, err := tx.Query("SELECT DISTINCT text, pair, place, prev, next FROM entry")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var r row
			if err := rows.Scan(&r.Text, &r.Pair, &r.Place, &r.Prev, &r.Next); err != nil {
				return err
			}
			slot, err := w.loadEntries(&r)
			if err != nil {
				return err
			}
			if err := w.Complete(slot); err != nil {
				return err
			}
			slot.Place()
			for _, r := range slot.All() {
				// A slot without a current version has its best one in table entry.
				if want := r.Current || slot.Best() == r && r.Withdrawn != 0; want != r.inEntry {
					t.Errorf("version %d (%s, batch %d): in table entry %v, want %v", r.Number, r.Target, r.Batch, r.inEntry, want)
				}
			}
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	if p, err := s.Verify(t.Context()); err != nil || len(p) > 0 {
		t.Fatalf("verify: %q, %v", p, err)
	}
}

// A slot with many versions obeys the same law as a small one, whatever comes in
// whatever order.
func TestLargeSlot(t *testing.T) {
	kinds := []bitext.OriginKind{bitext.FromImport, bitext.FromImport, bitext.FromImport, bitext.FromHuman, bitext.FromEngine}
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 9))
		s, err := Open(t.Context(), filepath.Join(t.TempDir(), "memory.db"), Options{})
		if err != nil {
			t.Fatal(err)
		}
		for act := range 20 {
			now := time.Unix(1.8e9+r.Int64N(9), 0)
			if act%6 == 5 {
				if b, err := s.Batches(t.Context()); err == nil && len(b) > 0 {
					s.Undo(t.Context(), b[r.IntN(len(b))].ID, memory.Batch{Time: now}) // may be undone already
				}
				continue
			}
			entries := alternatives(40)
			r.Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
			entries = entries[:1+r.IntN(40)]
			for i := range entries {
				if seed%3 > 0 && r.IntN(4) == 0 {
					entries[i].Origin.Kind = kinds[r.IntN(len(kinds))]
					entries[i].State = bitext.State(1 + r.IntN(3))
				}
				if r.IntN(3) == 0 {
					entries[i].Origin.Time = now.Add(time.Duration(r.IntN(3)) * time.Second)
				}
			}
			if _, err := s.AddWith(t.Context(), memory.Batch{Time: now}, memory.AddOptions{Force: r.IntN(5) == 0, KeepWithdrawn: r.IntN(3) == 0}, all(entries)); err != nil {
				t.Fatal(err)
			}
			if checkSlots(t, s); t.Failed() {
				t.Fatalf("seed %d, act %d", seed, act)
			}
		}
		// Its records, in another order, make the same memory.
		var records []memory.Record
		for rec, err := range s.Records(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			records = append(records, rec)
		}
		r.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		c, err := Open(t.Context(), filepath.Join(t.TempDir(), "copy.db"), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Merge(t.Context(), all(records), nil); err != nil {
			t.Fatal(err)
		}
		checkSlots(t, c)
		if a, b := targets(t, s), targets(t, c); a != b {
			t.Fatalf("seed %d: current\n%s\nmerged\n%s", seed, a, b)
		}
		s.Close()
		c.Close()
	}
}

func all[T any](list []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range list {
			if !yield(v, nil) {
				return
			}
		}
	}
}

// targets returns the current translations, sorted.
func targets(t *testing.T, s *Store) (out string) {
	t.Helper()
	var list sql.NullString
	if err := s.read.QueryRow("SELECT group_concat(x, char(10)) FROM (SELECT target || ' ' || priority || ' ' || effective_at || ' ' || withdrawn AS x FROM entry ORDER BY x)").Scan(&list); err != nil {
		t.Fatal(err)
	}
	return list.String
}

// An import again with one more text copies the others into its batch: all are
// alternatives, in whatever order they come.
func TestAlternativesAgain(t *testing.T) {
	const n = 100
	for _, at := range []int{0, n / 2, n} {
		s, err := Open(t.Context(), filepath.Join(t.TempDir(), "memory.db"), Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if r, err := s.Add(t.Context(), memory.Batch{}, alternatives(n)); err != nil || r.Added != n {
			t.Fatal(r, err)
		}
		more := alternatives(n + 1)
		last := more[n]
		more = append(append(append([]bitext.Entry{}, more[:at]...), last), more[at:n]...)
		r, err := s.Add(t.Context(), memory.Batch{}, more)
		if err != nil || r.Added != n+1 || r.Unchanged != 0 {
			t.Errorf("at %d: %+v, %v", at, r, err)
		}
		checkSlots(t, s)
		var current int
		if err := s.read.QueryRow("SELECT count(*) FROM entry").Scan(&current); err != nil || current != n+1 {
			t.Errorf("at %d: %d current, want %d", at, current, n+1)
		}
	}
}

// BenchmarkAlternatives adds n translations of one text, and all of them again with
// one more. The time per entry does not depend on n.
func BenchmarkAlternatives(b *testing.B) {
	for _, n := range []int{4000, 8000, 16000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			entries := alternatives(n + 1)
			for b.Loop() {
				s, err := Open(b.Context(), filepath.Join(b.TempDir(), "memory.db"), Options{})
				if err != nil {
					b.Fatal(err)
				}
				for _, list := range [][]bitext.Entry{entries[1:], entries} {
					if _, err := s.Add(b.Context(), memory.Batch{}, list); err != nil {
						b.Fatal(err)
					}
				}
				s.Close()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(2*n+1), "ns/entry")
		})
	}
}

// BenchmarkSuperseding adds n translations of one text by people, each of which
// supersedes the one before, in one batch. The time per entry does not depend on n.
func BenchmarkSuperseding(b *testing.B) {
	for _, n := range []int{2000, 4000, 8000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			entries := alternatives(n)
			for i := range entries {
				entries[i].Origin = bitext.Origin{Kind: bitext.FromHuman, Time: time.Unix(1.7e9+int64(i), 0)}
			}
			for b.Loop() {
				s, err := Open(b.Context(), filepath.Join(b.TempDir(), "memory.db"), Options{})
				if err != nil {
					b.Fatal(err)
				}
				if r, err := s.Add(b.Context(), memory.Batch{}, entries); err != nil || r.Superseded != n-1 {
					b.Fatal(r, err)
				}
				s.Close()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/entry")
		})
	}
}
