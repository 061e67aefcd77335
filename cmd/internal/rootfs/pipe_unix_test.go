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
