//go:build unix

package rootfs_test

import (
	"errors"
	"net"
	"syscall"
	"testing"

	"hexapla/cmd/internal/exit"
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
	l, err := net.Listen("unix", d.Path("socket"))
	if err != nil {
		t.Skip(err)
	}
	defer l.Close()
	if _, err := d.ReadFile("socket"); !errors.As(err, &usage) {
		t.Errorf("socket: %v", err)
	}
}
