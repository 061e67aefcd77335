//go:build unix

package workspace_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/workspace"
)

// A named pipe among the message catalogs is a finding.
func TestCatalogPipe(t *testing.T) {
	dir := project(t, map[string]string{"locales/active.en.toml": "Hello = \"Hello\"\n"})
	if err := syscall.Mkfifo(filepath.Join(dir, "locales", "active.ru.toml"), 0o666); err != nil {
		t.Skip(err)
	}
	if w := open(t, dir, workspace.Options{}); len(w.Diagnostics) == 0 {
		t.Error("no finding")
	}
}

// A named pipe in place of a file is rejected: to open it would wait for ever.
func TestPipes(t *testing.T) {
	for _, name := range []string{".hexapla/memory.db", "memory/pipe.tmx", "glossary/pipe.csv"} {
		dir := project(t, nil)
		pipe := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(pipe), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mkfifo(pipe, 0o666); err != nil {
			t.Skip(err)
		}
		for _, mode := range []workspace.MemoryMode{workspace.ReadWrite, workspace.ReadOnly, workspace.DryRun} {
			if w, err := workspace.Open(t.Context(), dir, workspace.Options{Memory: mode}); exit.Code(err) != exit.Usage {
				t.Errorf("%s, mode %d: %v, want a usage error", name, mode, err)
				if err == nil {
					w.Close()
				}
			}
		}
	}
}
