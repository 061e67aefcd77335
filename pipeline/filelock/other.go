//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

// Package filelock locks files between processes, on systems with flock(2): not here.
package filelock

import (
	"errors"
	"os"
)

// Try reports false: nothing is locked.
func Try(*os.File) bool { return false }

// Lock returns an error: nothing is locked.
func Lock(*os.File) (locked bool, err error) { return false, errors.ErrUnsupported }
