//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package rootfs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"hexapla/pipeline/filelock"
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

// Whatever is in the place of a lock stays as it is. What is no file locks nothing, and nobody
// waits for it.
func TestHoldInPlaceOfLock(t *testing.T) {
	root := t.TempDir()
	files := map[string]string{"article.md": strings.Repeat("text ", 100), "large.lock": "process 1 on " + strings.Repeat("h", maxHolder), "other.lock": "# Title\n", "binary.lock": "\xff\x00"}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"link.lock": "article.md", "dangling.lock": "none.md", "out.lock": "/dev/null"} {
		if err := os.Symlink(to, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(root, "folder.lock"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(root, "pipe.lock"), 0o666); err != nil {
		t.Fatal(err)
	}
	d, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for name, locks := range map[string]bool{
		"large.lock": true, "other.lock": true, "binary.lock": true,
		"link.lock": false, "dangling.lock": false, "out.lock": false, "folder.lock": false, "pipe.lock": false, "pipe.lock/a": false,
	} {
		unlock, err := d.Hold(t.Context(), name, func(Holder) { t.Error("waits") })
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Millisecond)
		again, err := d.Hold(ctx, name, func(h Holder) { t.Errorf("%s is held by %+v", name, h) })
		if locks != errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s a second time: %v", name, err)
		}
		if again != nil {
			again()
		}
		stop()
		unlock()
	}
	for name, text := range files {
		if data, err := os.ReadFile(filepath.Join(root, name)); err != nil || string(data) != text {
			t.Errorf("%s is now %q, %v", name, data, err)
		}
	}
	if d.Exists("none.md") {
		t.Error("the file that a link leads to was made")
	}
}

// A process that was killed leaves its text in the lock; who holds it then is another one.
func TestHoldOfKilled(t *testing.T) {
	d, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	killed := exec.Command("sleep", "60")
	if err := killed.Start(); err != nil {
		t.Skip(err)
	}
	host, err := os.Hostname()
	if err != nil {
		t.Skip(err)
	}
	text := fmt.Sprintf(holderFormat, killed.Process.Pid, host)
	if h := readHolder(strings.NewReader(text)); h.Process != killed.Process.Pid {
		t.Errorf("held by %+v", h)
	}
	_ = killed.Process.Kill()
	_ = killed.Wait()
	if _, err := d.WriteFile("a.lock", []byte(text)); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(d.Path("a.lock")) // as one who may only read it
	if err != nil {
		t.Fatal(err)
	}
	if !filelock.Try(f) {
		t.Fatal("not locked")
	}
	unlock, err := d.Hold(t.Context(), "a.lock", func(h Holder) {
		if h != (Holder{}) {
			t.Errorf("held by %+v", h)
		}
		_ = f.Close()
	})
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	if data, err := os.ReadFile(d.Path("a.lock")); err != nil || string(data) != fmt.Sprintf(holderFormat, os.Getpid(), host) {
		t.Errorf("%q, %v", data, err)
	}
}

// What is in a lock that another program has made names no process.
func TestHolder(t *testing.T) {
	for text, want := range map[string]Holder{
		"process 4711 on another.desk": {4711, "another.desk"}, "": {}, "4711": {}, "process x on desk": {}, "process 99999999999999999999 on desk": {}, "process 1 on ": {}, "\xff\x00": {},
		"process 0 on another.desk": {}, "process -1 on another.desk": {},
	} {
		if h := readHolder(strings.NewReader(text)); h != want {
			t.Errorf("%q: %+v", text, h)
		}
	}
}
