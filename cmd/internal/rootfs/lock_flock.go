//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package rootfs

import (
	"os"

	"hexapla/pipeline/filelock"
)

// removeBeforeClose: an abandoned file is removed while the lock on it is held.
const removeBeforeClose = true

// tryLock locks a file until it is closed, and reports whether it did: not if
// another process has locked it.
func tryLock(f *os.File) bool { return filelock.Try(f) }
