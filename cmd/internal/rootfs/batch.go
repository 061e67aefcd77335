package rootfs

import (
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"sync"
)

// Batch reads and writes many files below a folder. It keeps the folders of the last ones
// open, so that not each path is followed from the beginning, and syncs a folder once, not
// for each file: call Sync before anything is written that says what the files are. A folder
// that is moved meanwhile gets what is written to it in its new place. It may be used by many
// goroutines at once.
type Batch struct {
	dir *Dir

	mu      sync.Mutex
	folders map[string]*batchFolder // nil for one that cannot be opened
	unsaved map[string]bool         // folders that are not synced
}

// batchFolder is an open folder of a Batch.
type batchFolder struct {
	*Dir
	users  int  // calls that use it
	closed bool // the last one of them closes it
}

// NewBatch returns a Batch of a folder. The caller closes it.
func (d *Dir) NewBatch() *Batch {
	return &Batch{dir: d, folders: map[string]*batchFolder{}, unsaved: map[string]bool{}}
}

// find returns the folder of a path, nil if it is not known, and what there is at the path:
// nil for nothing. A link there may lead to another folder: then no folder is returned.
// The caller leaves the folder.
func (b *Batch) find(name string, create bool) (folder *batchFolder, base string, info fs.FileInfo) {
	parent, base := path.Split(name)
	if parent == "" {
		return nil, "", nil
	}
	folder = b.open(parent, create)
	if folder == nil {
		return nil, "", nil
	}
	info, err := folder.root.Lstat(base)
	if err != nil && !errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		b.leave(folder)
		return nil, "", nil
	}
	return folder, base, info
}

// open returns a folder, nil if it cannot be opened. The caller leaves it.
func (b *Batch) open(name string, create bool) *batchFolder {
	b.mu.Lock()
	defer b.mu.Unlock()
	folder, known := b.folders[name]
	if folder != nil {
		folder.users++
	}
	if folder != nil || known && !create {
		return folder
	}
	if len(b.folders) >= maxFolders {
		b.closeFolders()
	}
	local := filepath.FromSlash(name)
	if create && b.dir.root.MkdirAll(local, 0o777) != nil {
		return nil
	}
	if root, err := b.dir.root.OpenRoot(local); err == nil {
		folder = &batchFolder{Dir: &Dir{root: root, name: b.dir.Path(name)}, users: 1}
	}
	b.folders[name] = folder
	return folder
}

// leave ends the use of a folder.
func (b *Batch) leave(folder *batchFolder) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if folder.users--; folder.users == 0 && folder.closed {
		folder.Close()
	}
}

// forget closes a folder, which may have been removed: it is opened anew.
func (b *Batch) forget(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.folders[name].close()
	delete(b.folders, name)
}

// close closes a folder that nobody uses, and lets the last user close another one.
// The Batch is locked.
func (f *batchFolder) close() {
	switch {
	case f == nil:
	case f.users > 0:
		f.closed = true
	default:
		f.Close()
	}
}

// Exists is Dir.Exists.
func (b *Batch) Exists(name string) bool {
	if folder, _, info := b.find(name, false); folder != nil {
		b.leave(folder)
		return info != nil
	}
	return b.dir.Exists(name)
}

// Stamp is Dir.Stamp.
func (b *Batch) Stamp(name string) (Stamp, bool) {
	if folder, _, info := b.find(name, false); folder != nil {
		b.leave(folder)
		if info != nil {
			return StampOf(info), true
		}
	}
	return b.dir.Stamp(name)
}

// ReadFile is Dir.ReadFile.
func (b *Batch) ReadFile(name string) ([]byte, error) {
	if folder, base, info := b.find(name, false); folder != nil {
		defer b.leave(folder)
		if info != nil {
			return folder.ReadFile(base)
		}
	}
	return b.dir.ReadFile(name)
}

// WriteFile is Dir.WriteFile, but for what Sync does.
func (b *Batch) WriteFile(name string, data []byte) (changed bool, err error) {
	folder, base, info := b.find(name, true)
	if folder == nil {
		return b.dir.WriteFile(name, data)
	}
	defer b.leave(folder)
	if info == nil || info.Size() != int64(len(data)) {
		changed, err = folder.create(base, data, false)
	} else {
		changed, err = folder.write(base, data, false)
	}
	if err != nil { // it says what is wrong, or makes a folder anew that has been removed
		parent, _ := path.Split(name)
		b.forget(parent)
		return b.dir.WriteFile(name, data)
	}
	if changed {
		b.mu.Lock()
		b.unsaved[path.Dir(name)] = true
		b.mu.Unlock()
	}
	return changed, nil
}

// Sync makes the names of all files that were written survive a crash.
func (b *Batch) Sync() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for name := range b.unsaved {
		b.dir.syncFolder(filepath.FromSlash(name))
	}
	clear(b.unsaved)
}

// Close closes the folders.
func (b *Batch) Close() {
	b.Sync()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closeFolders()
}

// closeFolders closes the folders. b.mu is locked.
func (b *Batch) closeFolders() {
	for _, folder := range b.folders {
		folder.close()
	}
	clear(b.folders)
}
