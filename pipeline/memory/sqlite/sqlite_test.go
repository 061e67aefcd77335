package sqlite_test

import (
	"path/filepath"
	"testing"

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
