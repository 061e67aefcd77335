package sqlite

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"hexapla/pipeline/memory"
)

// A memory on a full disk is not opened, and the error says why.
func TestOpenOnFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=1m"); err != nil {
		t.Skip("no tmpfs can be mounted here:", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(disk, syscall.MNT_DETACH) })
	path := filepath.Join(disk, "memory.db")
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(disk, "other"), make([]byte, 2<<20), 0o666); !errors.Is(err, syscall.ENOSPC) {
		t.Fatal("the disk is not full:", err)
	}
	if s, err = Open(t.Context(), path, Options{}); !errors.Is(err, memory.ErrFull) {
		t.Errorf("%v, want %v", err, memory.ErrFull)
	}
	if err == nil {
		_ = s.Close()
	}
}
