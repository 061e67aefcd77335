package sqlite_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/sqlite"
)

// records returns all that a memory holds, in a form that can be compared.
func records(t testing.TB, s *sqlite.Store) (all []memory.Record, images []string) {
	t.Helper()
	for r, err := range s.Records(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
		if r.Batch != nil {
			images = append(images, fmt.Sprintf("%+v", *r.Batch))
		} else {
			images = append(images, fmt.Sprintf("%x %s", r.Version.Checksum(), image(r.Version.Entry)))
		}
	}
	return all, images
}

// current returns what a memory has in use, in its order.
func current(t testing.TB, s *sqlite.Store) []string {
	t.Helper()
	var out []string
	for e, err := range s.Entries(t.Context(), "", "") {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, image(e))
	}
	return out
}

func merge(t testing.TB, s *sqlite.Store, all []memory.Record) memory.Result {
	t.Helper()
	r, err := s.Merge(t.Context(), func(yield func(memory.Record, error) bool) {
		for _, r := range all {
			if !yield(r, nil) {
				return
			}
		}
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// work does random things to a memory, as a person would.
func work(t testing.TB, s *sqlite.Store, r *rand.Rand, person string, acts int) {
	t.Helper()
	kinds := []bitext.OriginKind{bitext.FromHuman, bitext.FromEngine, bitext.FromImport, bitext.FromImport, bitext.FromCatalog}
	for range acts {
		now := time.Unix(1.8e9+r.Int64N(5), 0)
		if r.IntN(4) == 0 {
			if b, err := s.Batches(t.Context()); err != nil {
				t.Fatal(err)
			} else if len(b) > 0 {
				s.Undo(t.Context(), b[r.IntN(len(b))].ID, memory.Batch{Author: person, Time: now}) // may be undone already
			}
			continue
		}
		_, err := s.AddWith(t.Context(), memory.Batch{Author: person, Time: now}, memory.AddOptions{Force: r.IntN(4) == 0, KeepWithdrawn: r.IntN(4) == 0}, func(yield func(bitext.Entry, error) bool) {
			for range 1 + r.IntN(6) {
				e := pairOf(fmt.Sprint("text ", r.IntN(5)), fmt.Sprint("перевод ", r.IntN(4)))
				e.State, e.Origin.Kind = bitext.State(1+r.IntN(3)), kinds[r.IntN(len(kinds))]
				if r.IntN(2) == 0 {
					e.Origin.Time = now.Add(time.Duration(r.IntN(3)) * time.Second)
				}
				if r.IntN(3) == 0 {
					e.Place = fmt.Sprint("p", r.IntN(2))
				}
				if !yield(e, nil) {
					return
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// What is current follows from the set of records: two memories that exchange them,
// in any order and any number of times, are the same.
func TestMergeInAnyOrder(t *testing.T) {
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(seed, 5))
		dir := t.TempDir()
		a := open(t, filepath.Join(dir, "a.db"))
		work(t, a, r, "anna", 6)
		base, _ := records(t, a)
		b := open(t, filepath.Join(dir, "b.db"))
		merge(t, b, base)
		if d := cmp.Diff(current(t, a), current(t, b)); d != "" {
			t.Fatalf("seed %d: a copy (-original +copy):\n%s", seed, d)
		}
		work(t, a, r, "anna", 6)
		work(t, b, r, "boris", 6)
		fromA, _ := records(t, a)
		fromB, _ := records(t, b)
		merge(t, a, fromB)
		merge(t, b, fromA)
		_, want := records(t, a)
		check := func(name string, s *sqlite.Store) {
			t.Helper()
			_, got := records(t, s)
			if d := cmp.Diff(want, got); d != "" {
				t.Fatalf("seed %d, %s: records (-want +got):\n%s", seed, name, d)
			}
			if d := cmp.Diff(current(t, a), current(t, s)); d != "" {
				t.Fatalf("seed %d, %s: current (-want +got):\n%s", seed, name, d)
			}
			if p, err := s.Verify(t.Context()); err != nil || len(p) > 0 {
				t.Fatalf("seed %d, %s: %q, %v", seed, name, p, err)
			}
		}
		check("the other way round", b)
		all := append(slices.Clone(fromA), fromB...)
		for n := range 3 {
			r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			c := open(t, filepath.Join(dir, fmt.Sprint("c", n, ".db")))
			merge(t, c, all[:len(all)/2])
			merge(t, c, all[len(all)/3:])
			merge(t, c, all)
			check("shuffled", c)
			if res := merge(t, c, all); res.Added != 0 {
				t.Errorf("seed %d: merged again: %+v", seed, res)
			}
			check("merged again", c)
		}
	}
}

// The record of a batch that undoes another may come after more versions of it than are
// added at a time.
func TestMergeLateUndo(t *testing.T) {
	dir := t.TempDir()
	a, b := open(t, filepath.Join(dir, "a.db")), open(t, filepath.Join(dir, "b.db"))
	added, err := a.Add(t.Context(), memory.Batch{Time: time.Unix(1.8e9, 0)}, numbered("a", 700))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Undo(t.Context(), added.Batch, memory.Batch{Time: time.Unix(1.8e9+1, 0)}); err != nil {
		t.Fatal(err)
	}
	all, want := records(t, a)
	slices.SortStableFunc(all, func(x, y memory.Record) int { // the undo last
		late := func(r memory.Record) int {
			if r.Batch != nil && r.Batch.Undoes != "" {
				return 1
			}
			return 0
		}
		return late(x) - late(y)
	})
	// The first chunk has some that the memory knows, so that the new ones fill no statement.
	merge(t, b, all[:4])
	merge(t, b, all)
	_, got := records(t, b)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("records (-want +got):\n%s", d)
	}
	if in := current(t, b); len(in) > 0 {
		t.Errorf("%d entries are in use that were undone, among them %s", len(in), in[0])
	}
	if p, err := b.Verify(t.Context()); err != nil || len(p) > 0 {
		t.Errorf("%q, %v", p, err)
	}
}
