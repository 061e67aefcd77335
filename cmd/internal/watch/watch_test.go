package watch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestWait(t *testing.T) {
	root := t.TempDir()
	state := filepath.Join(root, "state", "memory.db")
	write(t, filepath.Join(root, "articles", "a.md"), "a")
	write(t, filepath.Join(root, "editions", "uk", "a.md"), "a")
	write(t, state, "1")
	write(t, filepath.Join(root, "state", "build", "a.cache"), "1")
	units := filepath.Join(root, "memory", "units", "units.txt")
	write(t, units, "1")
	w, err := New(root, "state", "memory/units")
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	w.Ignore("editions")
	w.Remember()

	changed := func(want bool, what string, change func()) {
		t.Helper()
		change()
		timeout := 200 * time.Millisecond
		if want {
			timeout = time.Minute
		}
		ctx, cancel := context.WithTimeout(t.Context(), timeout)
		defer cancel()
		if err := w.Wait(ctx); (err == nil) != want {
			t.Errorf("%s: %v", what, err)
		}
	}
	changed(true, "an article", func() { write(t, filepath.Join(root, "articles", "a.md"), "b") })
	changed(true, "a new article in a new folder", func() { write(t, filepath.Join(root, "articles", "2026", "b.md"), "b") })
	changed(true, "the article again", func() { write(t, filepath.Join(root, "articles", "2026", "b.md"), "c") })
	changed(true, "the memory", func() { write(t, state, "12") })
	changed(false, "what is known", func() { w.Remember() })
	changed(false, "what a build wrote of an article", func() { write(t, units, "12"); w.Remember() })
	changed(true, "the same file of another branch", func() { write(t, units, "123") })
	changed(false, "an edition", func() { write(t, filepath.Join(root, "editions", "uk", "a.md"), "b") })
	changed(false, "version control", func() { write(t, filepath.Join(root, ".git", "index"), "b") })
	changed(false, "the log of a reader", func() { write(t, state+"-wal", "") })
	changed(false, "the lock of a build", func() { write(t, filepath.Join(root, "state", "build", "a.lock"), "process 1") })
	changed(true, "the lock of a package manager", func() { write(t, filepath.Join(root, "yarn.lock"), "a") })
	changed(false, "a file that is being written", func() { write(t, filepath.Join(root, "articles", ".hexapla-ABCDEFGH.tmp"), "") })

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Wait(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
