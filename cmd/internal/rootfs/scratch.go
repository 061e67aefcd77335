package rootfs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const (
	scratchPrefix = "hexapla-"
	scratchLock   = "lock"
)

// Scratch is a temporary folder of one process. The process has a lock on a file in
// it, so that another one can remove the folder if the process was killed.
type Scratch struct {
	Path string
	lock *os.File
}

// NewScratch creates a folder in os.TempDir. It removes those that killed processes
// of this user left there.
func NewScratch() (*Scratch, error) {
	removeAbandonedScratch(os.TempDir())
	for range 10 {
		path, err := os.MkdirTemp("", scratchPrefix)
		if err != nil {
			return nil, err
		}
		name := filepath.Join(path, scratchLock)
		lock, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return nil, errors.Join(err, os.RemoveAll(path))
		}
		tryLock(lock)
		// Another process may have removed the folder before it was locked.
		mine, err1 := lock.Stat()
		there, err2 := os.Lstat(name)
		if err1 == nil && err2 == nil && os.SameFile(mine, there) {
			return &Scratch{path, lock}, nil
		}
		_ = lock.Close()
	}
	return nil, fmt.Errorf("temporary folders in %s disappear", os.TempDir())
}

// Remove removes the folder.
func (s *Scratch) Remove() error {
	if !removeBeforeClose {
		_ = s.lock.Close()
	}
	err := os.RemoveAll(s.Path)
	_ = s.lock.Close()
	return err
}

// removeAbandonedScratch removes the folders of this user in dir whose lock nobody
// has. A folder without a lock stays: it is not known whose it is.
func removeAbandonedScratch(dir string) {
	f, err := os.Open(dir)
	if err != nil {
		return
	}
	names, _ := f.Readdirnames(-1)
	_ = f.Close()
	for _, name := range names {
		if strings.HasPrefix(name, scratchPrefix) {
			removeScratchIfAbandoned(filepath.Join(dir, name))
		}
	}
}

func removeScratchIfAbandoned(path string) {
	if info, err := os.Lstat(path); err != nil || !info.IsDir() || !ownFile(info) {
		return
	}
	name := filepath.Join(path, scratchLock)
	if info, err := os.Lstat(name); err != nil || !info.Mode().IsRegular() {
		return
	}
	lock, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return
	}
	if tryLock(lock) {
		_ = (&Scratch{path, lock}).Remove()
		return
	}
	_ = lock.Close()
}
