package rootfs

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"hexapla/pipeline/lazy"
)

// temporaryName matches the names of files that are being written. They do not
// contain the name of the file: that may have the greatest length that there is.
var temporaryName = lazy.Regexp(`^\.hexapla-[A-Z2-7]{8}\.tmp$`)

func newTemporaryName() string { return ".hexapla-" + rand.Text()[:8] + ".tmp" }

// createTemporary creates a file in a folder. It holds a lock on the file until
// the file is closed, which protects the file from removeAbandoned.
func (d *Dir) createTemporary(dir string) (file *os.File, name string, err error) {
	for range 10 {
		name = filepath.Join(dir, newTemporaryName())
		file, err = d.root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
		if err != nil {
			return nil, "", err
		}
		tryLock(file)
		// Another process may have removed the file before it was locked.
		mine, err1 := file.Stat()
		there, err2 := d.root.Lstat(name)
		if err1 == nil && err2 == nil && os.SameFile(mine, there) {
			return file, name, nil
		}
		_ = file.Close()
	}
	return nil, "", fmt.Errorf("temporary files in %s disappear", d.Path(dir))
}

// Temporary is a file for what a process does not keep in memory. It has no name, or
// loses it with Close.
type Temporary struct {
	*os.File
	remove func()
}

// CreateTemporary creates a temporary file in a folder, and the folder if it does not
// exist.
func (d *Dir) CreateTemporary(folder string) (*Temporary, error) {
	dir := filepath.FromSlash(folder)
	if err := d.root.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	d.removeAbandoned(dir)
	file, name, err := d.createTemporary(dir)
	if err != nil {
		return nil, err
	}
	t := &Temporary{file, func() { _ = d.root.Remove(name) }}
	if removeBeforeClose {
		t.remove()
		t.remove = func() {}
	}
	return t, nil
}

// Close closes and removes the file.
func (t *Temporary) Close() error {
	err := t.File.Close()
	t.remove()
	return err
}

// RemoveAbandoned removes the files that killed processes left in the folder of a
// file, as WriteFile does.
func (d *Dir) RemoveAbandoned(name string) { d.removeAbandoned(filepath.Dir(filepath.FromSlash(name))) }

// removeAbandoned removes the files that a process that was killed left in a
// folder: those that nobody has a lock on. It looks once into each folder.
func (d *Dir) removeAbandoned(dir string) {
	if d.cleaned.looked(dir) {
		return
	}
	f, err := d.root.Open(dir)
	if err != nil {
		return
	}
	names, _ := f.Readdirnames(-1)
	_ = f.Close()
	for _, name := range names {
		if temporaryName().MatchString(name) {
			d.removeIfAbandoned(filepath.Join(dir, name))
		}
	}
}

func (d *Dir) removeIfAbandoned(name string) {
	f, err := d.root.OpenFile(name, os.O_WRONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return
	}
	abandoned := tryLock(f)
	if abandoned && !removeBeforeClose {
		_ = f.Close()
	}
	if abandoned {
		_ = d.root.Remove(name)
	}
	_ = f.Close()
}

// folders is a set of folders, for many goroutines.
type folders struct {
	mu  sync.Mutex
	set map[string]bool
}

// looked reports whether a folder is in the set, and adds it.
func (f *folders) looked(dir string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.set[dir] {
		return true
	}
	if f.set == nil {
		f.set = map[string]bool{}
	}
	f.set[dir] = true
	return false
}
