//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package ledger

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"hexapla/pipeline/filelock"
)

// newLock makes the file that is locked while this process lives, however it ends. The
// file has its name only when it is locked.
func newLock(dir, process string) (*os.File, error) {
	f, err := os.CreateTemp(dir, "*.new")
	if err != nil {
		return nil, err
	}
	if !filelock.Try(f) {
		return nil, errors.Join(errors.New("a file cannot be locked"), f.Close(), os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), filepath.Join(dir, process+lockSuffix)); err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	return f, nil
}

// isLocked reports whether the process that made a file lives.
func isLocked(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	return !filelock.Try(f)
}

// removeLocks removes the files of processes that are gone.
func removeLocks(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return // there is nothing to remove
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if e.Type().IsRegular() && strings.HasSuffix(path, lockSuffix) && !isLocked(path) {
			_ = os.Remove(path) // another process may have been faster
		}
	}
}
