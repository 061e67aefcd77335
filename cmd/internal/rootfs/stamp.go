package rootfs

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"
)

// Stamp is what a file system knows of a file without reading it. Two equal stamps
// that are Stable are of the same content. It is comparable.
type Stamp struct {
	Size     int64
	Modified int64 // nanoseconds since 1970
	Changed  int64 // the same, of the file's metadata; 0 where that is not known
	Inode    uint64
}

// Stamp returns the stamp of the regular file at a path, which may be a symbolic
// link to one; ok is false if there is none.
func (d *Dir) Stamp(name string) (s Stamp, ok bool) {
	info, err := d.root.Stat(filepath.FromSlash(name))
	if err != nil || !info.Mode().IsRegular() {
		return Stamp{}, false
	}
	return StampOf(info), true
}

// StampOf returns the stamp of a file.
func StampOf(info os.FileInfo) Stamp {
	s := Stamp{Size: info.Size(), Modified: info.ModTime().UnixNano()}
	s.Changed, s.Inode = identity(info)
	return s
}

// restTime is how long before a moment a file must have been changed for the last
// time, so that a later change would give it another stamp: file systems count time
// in steps of up to two seconds (FAT).
const restTime = 2 * time.Second

// Stable reports whether the file was at rest at a time, so that every change after
// that time gives it another stamp. Git has the same rule for its index ("racy git").
func (s Stamp) Stable(at time.Time) bool {
	limit := at.Add(-restTime).UnixNano()
	return s.Modified < limit && s.Changed < limit
}

// Stamps finds many files below a folder, and their stamps. It keeps the folders of the last
// ones open, so that not each path is followed from the beginning. A folder that is replaced
// meanwhile counts as it was. It is for one goroutine.
type Stamps struct {
	dir     *Dir
	folders map[string]*os.Root // nil for one that cannot be opened
	asked   map[string]int      // by folder, how often Exists was
	names   map[string]map[string]bool
}

const (
	maxFolders = 128 // that Stamps keeps open
	manyAsked  = 64  // questions after which Exists reads the names in a folder
)

// NewStamps returns the Stamps of a folder. The caller closes them.
func (d *Dir) NewStamps() *Stamps {
	return &Stamps{d, map[string]*os.Root{}, map[string]int{}, map[string]map[string]bool{}}
}

// Stamp is Dir.Stamp.
func (s *Stamps) Stamp(name string) (Stamp, bool) {
	if info := s.lstat(name); info != nil && info.Mode().IsRegular() {
		return StampOf(info), true
	}
	return s.dir.Stamp(name) // a link may lead to another folder
}

// Exists is Dir.Exists. It reads the names in a folder of which it is asked often.
func (s *Stamps) Exists(name string) bool {
	folder, base := path.Split(name)
	if s.names[folder][base] {
		return true
	}
	info := s.lstat(name)
	if s.asked[folder]++; s.asked[folder] == manyAsked && s.folders[folder] != nil {
		s.names[folder] = list(s.folders[folder])
	}
	return info != nil && info.Mode()&fs.ModeSymlink == 0 || s.dir.Exists(name)
}

// list returns the names in a folder that are not of links.
func list(root *os.Root) map[string]bool {
	names := map[string]bool{}
	f, err := root.Open(".")
	if err != nil {
		return names
	}
	defer f.Close()
	entries, _ := f.ReadDir(-1)
	for _, e := range entries {
		if e.Type()&fs.ModeSymlink == 0 {
			names[e.Name()] = true
		}
	}
	return names
}

// lstat returns what is at a path, without following a link there; nil if it is not known.
func (s *Stamps) lstat(name string) os.FileInfo {
	folder, base := path.Split(name)
	if folder == "" {
		return nil
	}
	root, known := s.folders[folder]
	if !known {
		if len(s.folders) >= maxFolders {
			s.Close()
		}
		root, _ = s.dir.root.OpenRoot(filepath.FromSlash(folder))
		s.folders[folder] = root
	}
	if root != nil {
		if info, err := root.Lstat(base); err == nil {
			return info
		}
	}
	return nil
}

// Close closes the folders.
func (s *Stamps) Close() {
	for _, root := range s.folders {
		if root != nil {
			_ = root.Close()
		}
	}
	clear(s.folders)
}
