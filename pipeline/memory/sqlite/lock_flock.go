//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package sqlite

import (
	"os"

	"hexapla/pipeline/filelock"
)

// tryLock locks a file until it is closed, and reports whether it did.
func tryLock(f *os.File) bool { return filelock.Try(f) }
