//go:build unix

package fuzzy

import (
	"os"
	"syscall"
)

// mapFile maps a file of a size into memory. The pages are shared with other
// processes, and take room only once they are read.
func mapFile(f *os.File, size int) ([]byte, error) {
	return syscall.Mmap(int(f.Fd()), 0, size, syscall.PROT_READ, syscall.MAP_SHARED)
}

func unmap(b []byte) { syscall.Munmap(b) }
