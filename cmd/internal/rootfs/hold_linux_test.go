package rootfs

import (
	"context"
	"errors"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// The lock of another user may only be read. It is waited for, and locked, all the same.
func TestHoldOfAnotherUser(t *testing.T) {
	d, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	unlock, err := d.Hold(t.Context(), "a.lock", func(Holder) { t.Error("waits for nobody") })
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(d.Path("a.lock"), 0o444); err != nil {
		t.Fatal(err)
	}
	asAnother := func(do func()) {
		done := make(chan bool)
		go func() {
			defer close(done)
			if os.Geteuid() == 0 { // who may write into all files
				runtime.LockOSThread() // which ends with the goroutine
				if err := syscall.Setfsuid(65534); err != nil {
					t.Error(err)
				}
				if _, err := os.OpenFile(d.Path("a.lock"), os.O_RDWR, 0); err == nil {
					t.Error("the file can be written")
				}
			}
			do()
		}()
		<-done
	}
	asAnother(func() {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		if _, err := d.Hold(ctx, "a.lock", func(h Holder) {
			if h.Process != os.Getpid() {
				t.Errorf("held by %+v", h)
			}
			stop()
		}); !errors.Is(err, context.Canceled) {
			t.Errorf("locked by two: %v", err)
		}
	})
	unlock()
	asAnother(func() {
		unlock, err := d.Hold(t.Context(), "a.lock", func(Holder) { t.Error("waits for nobody") })
		if err != nil {
			t.Error(err)
			return
		}
		defer unlock()
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer stop()
		if _, err := d.Hold(ctx, "a.lock", func(Holder) {}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("locked twice: %v", err)
		}
	})
}
