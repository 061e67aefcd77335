//go:build !unix

package fuzzy

import (
	"io"
	"os"
	"unsafe"
)

// mapFile reads a file of a size: there is no mapping in package syscall here. The
// words keep the bytes aligned.
func mapFile(f *os.File, size int) ([]byte, error) {
	words := make([]uint64, (size+7)/8)
	b := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), size)
	_, err := io.ReadFull(f, b)
	return b, err
}

func unmap([]byte) {}
