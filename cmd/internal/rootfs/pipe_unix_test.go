//go:build unix

package rootfs_test

import (
	"errors"
	"net"
	"os"
	"syscall"
	"testing"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
)

// To open a named pipe without a writer would wait for ever.
func TestPipe(t *testing.T) {
	d := open(t)
	if err := syscall.Mkfifo(d.Path("pipe"), 0o666); err != nil {
		t.Skip(err)
	}
	var usage exit.UsageError
	if _, err := d.ReadFile("pipe"); !errors.As(err, &usage) {
		t.Errorf("pipe: %v", err)
	}
	if f, err := d.FS().Open("pipe"); err == nil {
		t.Error("the file system opens it", f.Close())
	}
	if _, err := rootfs.Open(d.Path("pipe")); !errors.As(err, &usage) {
		t.Errorf("pipe as a folder: %v", err)
	}
	if _, err := d.Sub("pipe"); err == nil {
		t.Error("pipe as a folder inside: no error")
	}
	if found, err := d.Glob([]string{"pipe/*.txt"}); err != nil || len(found) > 0 {
		t.Errorf("files in a pipe: %q, %v", found, err)
	}
	if found, err := d.Glob([]string{"**/*.txt", "p*"}); err != nil || len(found) > 1 {
		t.Errorf("files beside a pipe: %q, %v", found, err)
	}
	stamps := d.NewStamps()
	defer stamps.Close()
	if _, ok := stamps.Stamp("pipe/a.txt"); ok || stamps.Exists("pipe/a.txt") {
		t.Error("a file in a pipe has a stamp")
	}
	// What the user names is written to: it is not replaced.
	read := make(chan string)
	go func() {
		data, err := os.ReadFile(d.Path("pipe"))
		if err != nil {
			t.Error(err)
		}
		read <- string(data)
	}()
	if err := rootfs.WriteFile(d.Path("pipe"), []byte("text")); err != nil {
		t.Error(err)
	}
	if got := <-read; got != "text" {
		t.Errorf("the pipe got %q", got)
	}
	l, err := net.Listen("unix", d.Path("socket"))
	if err != nil {
		t.Skip(err)
	}
	defer l.Close()
	if _, err := d.ReadFile("socket"); !errors.As(err, &usage) {
		t.Errorf("socket: %v", err)
	}
}
