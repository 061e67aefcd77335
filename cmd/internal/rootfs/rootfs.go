// Package rootfs reads and writes files below a folder. No path and no symbolic
// link leads out of it (os.Root), and a file is written whole or not at all.
package rootfs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/bmatcuk/doublestar/v4"

	"hexapla/cmd/internal/exit"
)

// Dir is an open folder. Its methods take slash-separated paths below it.
type Dir struct {
	root    *os.Root
	name    string
	cleaned folders // that removeAbandoned has looked into
}

// Open opens a folder.
func Open(name string) (*Dir, error) {
	if info, err := os.Stat(name); err == nil && info.Mode()&fs.ModeNamedPipe != 0 { // it would wait for a writer
		return nil, exit.Usagef("open folder: %s is not a folder", name)
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, fmt.Errorf("open folder: %w", err)
	}
	return &Dir{root: root, name: name}, nil
}

// Create opens a folder and creates it if it does not exist.
func Create(name string) (*Dir, error) {
	if err := os.MkdirAll(name, 0o777); err != nil {
		return nil, fmt.Errorf("create folder: %w", err)
	}
	return Open(name)
}

// Sub opens a folder inside d and creates it if it does not exist. A symbolic
// link that leads out of d is an error.
func (d *Dir) Sub(name string) (*Dir, error) {
	local := filepath.FromSlash(name)
	if err := d.root.MkdirAll(local, 0o777); err != nil {
		return nil, fmt.Errorf("create folder %s: %w", d.Path(name), err)
	}
	root, err := d.root.OpenRoot(local)
	if err != nil {
		return nil, fmt.Errorf("open folder %s: %w", d.Path(name), err)
	}
	return &Dir{root: root, name: d.Path(name)}, nil
}

// Close closes the folder.
func (d *Dir) Close() { _ = d.root.Close() }

// Name returns the name that the folder was opened with.
func (d *Dir) Name() string { return d.name }

// Path returns the path of a file in the form of the operating system, for
// messages and for libraries that open files by name.
func (d *Dir) Path(name string) string { return filepath.Join(d.name, filepath.FromSlash(name)) }

// Root returns the folder for packages that work in one. It is closed by Close.
func (d *Dir) Root() *os.Root { return d.root }

// FS returns the folder as a file system of folders and regular files: others, and
// symbolic links out of the folder, cannot be opened.
func (d *Dir) FS() fs.FS { return regularFS{d} }

type regularFS struct{ dir *Dir }

func (f regularFS) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	file, err := f.dir.open(name, true)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return file, nil
}

// MaxFile is the size in bytes up to which ReadFile reads a file.
const MaxFile = 1 << 30

// Sizes in bytes of what the program itself writes or people write for it. None comes
// near in a project of a million paragraphs: a file of more is damaged or hostile, and
// reading it would take gigabytes.
const (
	MaxConfig = 4 << 20   // hexapla.toml
	MaxState  = 128 << 20 // lists and caches
	MaxUnits  = 512 << 20 // the identities of all paragraphs, and what a manifest has of a locale
)

// ReadFile returns the content of a regular file of at most MaxFile bytes.
func (d *Dir) ReadFile(name string) ([]byte, error) { return d.ReadLimited(name, MaxFile) }

// ReadState returns the content of a regular file of at most MaxState bytes.
func (d *Dir) ReadState(name string) ([]byte, error) { return d.ReadLimited(name, MaxState) }

// ReadLimited returns the content of a regular file of at most limit bytes. A larger one
// is a usage error, and is not read.
func (d *Dir) ReadLimited(name string, limit int64) ([]byte, error) {
	tooLarge := exit.Usagef("%s is larger than the limit of %d bytes", d.Path(name), limit)
	if info, err := d.root.Stat(filepath.FromSlash(name)); err == nil && info.Mode().IsRegular() && info.Size() > limit {
		return nil, tooLarge
	}
	data, err := d.ReadPrefix(name, limit+1)
	if err == nil && int64(len(data)) > limit {
		return nil, tooLarge
	}
	return data, err
}

// ReadPrefix returns at most the first n bytes of a regular file.
func (d *Dir) ReadPrefix(name string, n int64) ([]byte, error) {
	file, err := d.OpenFile(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	data := bytes.NewBuffer(make([]byte, 0, min(info.Size(), n)+bytes.MinRead))
	if _, err := data.ReadFrom(io.LimitReader(file, n)); err != nil {
		return nil, err
	}
	return data.Bytes(), nil
}

// OpenFile opens a regular file for reading. Anything else, such as a folder or
// a named pipe, is a usage error, as is a symbolic link out of the folder.
func (d *Dir) OpenFile(name string) (*os.File, error) { return d.open(name, false) }

func (d *Dir) open(name string, allowDir bool) (*os.File, error) {
	local := filepath.FromSlash(name)
	// Without O_NONBLOCK, opening a named pipe waits until somebody writes to it.
	file, err := d.root.OpenFile(local, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		link, lerr := d.root.Lstat(local)
		switch {
		case lerr == nil && link.Mode()&fs.ModeSymlink != 0 && !errors.Is(err, fs.ErrNotExist):
			return nil, exit.Usagef("%s: symbolic link points outside the folder; not followed", d.Path(name))
		case lerr == nil && link.Mode()&(fs.ModeSocket|fs.ModeDevice) != 0:
			return nil, exit.Usagef("%s is not a regular file", d.Path(name))
		}
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() && !(allowDir && info.IsDir()) {
		err = exit.Usagef("%s is not a regular file", d.Path(name))
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// Exists reports whether there is a file or a folder at a path.
func (d *Dir) Exists(name string) bool {
	_, err := d.root.Stat(filepath.FromSlash(name))
	return err == nil
}

// IsLink reports whether there is a symbolic link at a path.
func (d *Dir) IsLink(name string) bool {
	info, err := d.root.Lstat(filepath.FromSlash(name))
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

// LinkBelow reports whether a part of a path below one of its folders, base, is a
// symbolic link, the last part included.
func (d *Dir) LinkBelow(base, name string) bool {
	base, name = path.Clean(base), path.Clean(name)
	for name != "." && name != "/" && name != base {
		if d.IsLink(name) {
			return true
		}
		name = path.Dir(name)
	}
	return false
}

// RealPath returns the path of a file of the folder without symbolic links. ok is
// false if there is no such file, or links lead out of the folder.
func (d *Dir) RealPath(name string) (real string, ok bool) {
	if !d.Exists(name) {
		return "", false
	}
	root, err1 := filepath.EvalSymlinks(d.name)
	file, err2 := filepath.EvalSymlinks(d.Path(name))
	if errors.Join(err1, err2) != nil {
		return "", false
	}
	rel, err := filepath.Rel(root, file)
	return filepath.ToSlash(rel), err == nil
}

// MakeParent creates the folder that a file is to be created in.
func (d *Dir) MakeParent(name string) error {
	return d.root.MkdirAll(filepath.Dir(filepath.FromSlash(name)), 0o777)
}

// Remove removes a file.
func (d *Dir) Remove(name string) error { return d.root.Remove(filepath.FromSlash(name)) }

// maxAlternatives is the most patterns that the braces of one pattern may stand for:
// each is searched by itself.
const maxAlternatives = 4096

// alternatives returns for how many patterns the braces of a pattern stand, at least:
// groups inside of groups count as if they stood side by side.
func alternatives(pattern string) int {
	n, commas, depth := 1, 0, 0
	for i := 0; i < len(pattern) && n <= maxAlternatives; i++ {
		switch pattern[i] {
		case '\\':
			i++
		case '{':
			depth++
		case ',':
			if depth > 0 {
				commas++
			}
		case '}':
			if depth > 0 {
				depth--
				n *= 1 + commas
				commas = 0
			}
		}
	}
	return n
}

// globFS is Dir.FS in which files that cannot be opened are seen: who reads one gets the
// error.
type globFS struct{ regularFS }

func (f globFS) Stat(name string) (fs.FileInfo, error) { return fs.Stat(f.dir.root.FS(), name) }

// Glob returns the files that match any of the patterns, sorted, each once. It
// does not descend into linked folders.
func (d *Dir) Glob(patterns []string) ([]string, error) {
	var all []string
	for _, p := range patterns {
		if alternatives(p) > maxAlternatives {
			return nil, exit.Usagef("pattern %q: the braces stand for more than %d patterns", p, maxAlternatives)
		}
		found, err := doublestar.Glob(globFS{regularFS{d}}, path.Clean(p), doublestar.WithFilesOnly(), doublestar.WithNoFollow())
		if err != nil {
			if errors.Is(err, doublestar.ErrBadPattern) {
				return nil, exit.Usagef("pattern %q: %w", p, err)
			}
			return nil, fmt.Errorf("pattern %s: %w", p, err)
		}
		all = append(all, found...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// WriteFile writes a file whole: data goes into a new file in the same folder,
// which is synced and renamed. No reader ever sees half of it, and a crash leaves
// the old file. A file that already has this content is not written; changed
// reports whether it was. Files that a killed process left in the folder of the
// file are removed.
func (d *Dir) WriteFile(name string, data []byte) (changed bool, err error) {
	return d.write(name, data, true)
}

// write is WriteFile; the caller syncs the folder if sync is false.
func (d *Dir) write(name string, data []byte, sync bool) (changed bool, err error) {
	d.removeAbandoned(filepath.Dir(filepath.FromSlash(name)))
	if old, err := d.ReadFile(name); err == nil && bytes.Equal(old, data) {
		return false, nil
	}
	return d.create(name, data, sync)
}

// create is write of a file that has another content, or does not exist.
func (d *Dir) create(name string, data []byte, sync bool) (changed bool, err error) {
	f, err := d.CreateFile(name)
	if err != nil {
		return false, err
	}
	if _, err := f.Write(data); err != nil {
		return false, errors.Join(fmt.Errorf("write %s: %w", d.Path(name), err), f.Abort())
	}
	return true, f.commit(sync)
}

// File is a file that is being written. It appears under its name with Commit.
type File struct {
	*os.File
	dir        *Dir
	name, temp string
}

// CreateFile begins a file, and creates its folder if it does not exist. The
// caller ends it with Commit or Abort.
func (d *Dir) CreateFile(name string) (*File, error) {
	name = filepath.FromSlash(name)
	dir := filepath.Dir(name)
	if dir != "." {
		if err := d.root.MkdirAll(dir, 0o777); err != nil {
			return nil, fmt.Errorf("write %s: %w", d.Path(name), err)
		}
	}
	d.removeAbandoned(dir)
	file, temp, err := d.createTemporary(dir)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", d.Path(name), err)
	}
	return &File{file, d, name, temp}, nil
}

// Commit gives the file its name, in place of the one that had it.
func (f *File) Commit() error { return f.commit(true) }

// commit is Commit; the caller syncs the folder if sync is false.
func (f *File) commit(sync bool) error {
	err := f.Sync()
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = f.dir.root.Rename(f.temp, f.name)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", f.dir.Path(f.name), err), f.dir.root.Remove(f.temp))
	}
	if sync {
		f.dir.syncFolder(filepath.Dir(f.name))
	}
	return nil
}

// syncFolder makes the names in a folder survive a crash, as the files do. Not every file
// system can sync a folder, so a failure is not an error.
func (d *Dir) syncFolder(name string) {
	if f, err := d.root.Open(name); err == nil {
		_ = f.Sync()
		_ = f.Close()
	}
}

// Abort removes what was written.
func (f *File) Abort() error {
	_ = f.Close()
	return f.dir.root.Remove(f.temp)
}
