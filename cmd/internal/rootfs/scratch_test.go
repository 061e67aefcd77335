//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package rootfs

import (
	"os"
	"path/filepath"
	"testing"
)

// A scratch folder whose process ended without removing it is removed by the next
// one; one in use, and a folder that is not ours, stay.
func TestScratch(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	killed, err := NewScratch()
	if err != nil {
		t.Fatal(err)
	}
	used, err := NewScratch()
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(temp, "hexapla-notes")
	if err := os.Mkdir(other, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := killed.lock.Close(); err != nil { // as the end of the process does
		t.Fatal(err)
	}
	next, err := NewScratch()
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{killed.Path: false, used.Path: true, other: true, next.Path: true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s: %v, want it there: %v", path, err, want)
		}
	}
	if err := next.Remove(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(next.Path); err == nil {
		t.Errorf("%s is not removed", next.Path)
	}
}
