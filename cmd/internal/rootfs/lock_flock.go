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

// lock is tryLock with an error where there are no locks.
func lock(f *os.File) (locked bool, err error) { return filelock.Lock(f) }
