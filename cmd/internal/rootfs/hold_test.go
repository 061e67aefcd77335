//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package rootfs

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Who asks for a lock that is held learns who holds it, and gets it after that one.
func TestHold(t *testing.T) {
	d, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	unlock, err := d.Hold(t.Context(), "state/a.lock", func(Holder) { t.Error("waits for nobody") })
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer stop()
	if _, err := d.Hold(ctx, "state/a.lock", func(Holder) {}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("locked twice: %v", err)
	}
	held := make(chan Holder, 1)
	done := make(chan error)
	go func() {
		second, err := d.Hold(t.Context(), "state/a.lock", func(h Holder) { held <- h })
		if err == nil {
			second()
		}
		done <- err
	}()
	if h := <-held; h.Process != os.Getpid() || h.Host == "" {
		t.Errorf("held by %+v", h)
	}
	unlock()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// A link or a large file in the place of a lock is not written into, and nobody waits.
func TestHoldInPlaceOfLock(t *testing.T) {
	root := t.TempDir()
	text := strings.Repeat("text ", 100)
	for _, name := range []string{"article.md", "large.lock"} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("article.md", filepath.Join(root, "link.lock")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(root, "folder.lock"), 0o777); err != nil {
		t.Fatal(err)
	}
	d, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for _, name := range []string{"link.lock", "large.lock", "folder.lock"} {
		unlock, err := d.Hold(t.Context(), name, func(Holder) { t.Error("waits") })
		if err != nil {
			t.Fatal(err)
		}
		unlock()
	}
	for _, name := range []string{"article.md", "large.lock"} {
		if data, err := os.ReadFile(filepath.Join(root, name)); err != nil || string(data) != text {
			t.Errorf("%s is now %q, %v", name, data, err)
		}
	}
}

// What is in a lock that another program has made names no process.
func TestHolder(t *testing.T) {
	for text, want := range map[string]Holder{
		"process 4711 on desk": {4711, "desk"}, "": {}, "4711": {}, "process x on desk": {}, "process 99999999999999999999 on desk": {}, "process 1 on ": {}, "\xff\x00": {},
	} {
		if h, ok := readHolder(strings.NewReader(text)); h != want || ok != (want != Holder{}) {
			t.Errorf("%q: %+v, %t", text, h, ok)
		}
	}
}
