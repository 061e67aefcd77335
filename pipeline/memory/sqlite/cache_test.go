package sqlite

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

// TestCache checks that the cache of the connection that writes is large while many entries
// are written, and only then.
func TestCache(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "memory.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	size := func(q interface {
		QueryRow(string, ...any) *sql.Row
	}) (n int) {
		t.Helper()
		if err := q.QueryRow("PRAGMA cache_size").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return -n
	}
	if n := size(s.write); n != usualCache {
		t.Errorf("the cache has %d KiB, want %d", n, usualCache)
	}
	within := func(want int) func(tx *sql.Tx) error {
		return func(tx *sql.Tx) error {
			if n := size(tx); n != want {
				t.Errorf("in a transaction the cache has %d KiB, want %d", n, want)
			}
			return nil
		}
	}
	if err := s.updateLarge(t.Context(), within(largeCache)); err != nil {
		t.Fatal(err)
	}
	if err := s.update(t.Context(), within(usualCache)); err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{3, chunkSize + 1} {
		_, err := s.AddAll(t.Context(), memory.Batch{Author: "a", Time: time.Unix(1, 0)}, func(yield func(bitext.Entry, error) bool) {
			for i := range n {
				e := bitext.Entry{SourceLocale: "en", TargetLocale: "uk", Source: bitext.Plain(fmt.Sprint("one ", i)), Target: bitext.Plain(fmt.Sprint("один ", i)), State: bitext.Translated}
				if !yield(e, nil) {
					return
				}
			}
			if s.grown != (n > chunkSize) {
				t.Errorf("%d entries: the cache is grown: %v", n, s.grown)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := size(s.write); got != usualCache {
			t.Errorf("after %d entries the cache has %d KiB, want %d", n, got, usualCache)
		}
	}
}

// A transaction that panics keeps the connection, so that nothing may wait for it.
func TestCacheAfterPanic(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "memory.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got := make(chan any)
	go func() {
		defer func() { got <- recover() }()
		_ = s.updateLarge(t.Context(), func(*sql.Tx) error { panic("a fault") })
	}()
	select {
	case r := <-got:
		if r != "a fault" {
			t.Errorf("the panic is %v", r)
		}
	case <-time.After(time.Minute):
		t.Fatal("a transaction that panicked waits for itself")
	}
}
