//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package queue

import (
	"os"

	"hexapla/pipeline/filelock"
)

// lock locks a file until it is closed, and reports whether it did.
func lock(f *os.File) (locked bool, err error) { return filelock.Lock(f) }
