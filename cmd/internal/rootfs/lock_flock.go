//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package rootfs

import (
	"os"
	"syscall"
)

// removeBeforeClose: an abandoned file is removed while the lock on it is held.
const removeBeforeClose = true

// tryLock locks a file until it is closed, and reports whether it did: not if
// another process has locked it.
func tryLock(f *os.File) bool {
	c, err := f.SyscallConn()
	if err != nil {
		return false
	}
	locked := false
	err = c.Control(func(fd uintptr) { locked = syscall.Flock(int(fd), syscall.LOCK_EX|syscall.LOCK_NB) == nil })
	return err == nil && locked
}
