//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

// Package filelock locks files between processes, on systems with flock(2).
package filelock

import (
	"errors"
	"os"
	"syscall"
)

// Try locks a file until it is closed, and reports whether it did: not if another
// process, or another opening of the file, has locked it.
func Try(f *os.File) bool {
	locked, err := Lock(f)
	return err == nil && locked
}

// Lock is Try, but returns an error where the file system has no locks.
func Lock(f *os.File) (locked bool, err error) {
	c, err := f.SyscallConn()
	if err != nil {
		return false, err
	}
	var lerr error
	err = c.Control(func(fd uintptr) {
		for lerr = syscall.EINTR; lerr == syscall.EINTR; { // of file systems over a network
			lerr = syscall.Flock(int(fd), syscall.LOCK_EX|syscall.LOCK_NB)
		}
	})
	if err != nil {
		return false, err
	}
	if errors.Is(lerr, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return lerr == nil, lerr
}
