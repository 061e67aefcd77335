//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

// Package filelock locks files between processes, on systems with flock(2).
package filelock

import (
	"os"
	"syscall"
)

// Try locks a file until it is closed, and reports whether it did: not if another
// process, or another opening of the file, has locked it.
func Try(f *os.File) bool {
	c, err := f.SyscallConn()
	if err != nil {
		return false
	}
	locked := false
	err = c.Control(func(fd uintptr) { locked = syscall.Flock(int(fd), syscall.LOCK_EX|syscall.LOCK_NB) == nil })
	return err == nil && locked
}
