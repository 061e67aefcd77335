package memory_test

import (
	"path/filepath"
	"testing"

	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/memorytest"
)

func open(t testing.TB, path string) *memory.Store {
	t.Helper()
	s, err := memory.Open(t.Context(), path, memory.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestConformance(t *testing.T) {
	memorytest.Run(t, func(t *testing.T) memorytest.Store {
		return open(t, filepath.Join(t.TempDir(), "memory.db"))
	})
}
