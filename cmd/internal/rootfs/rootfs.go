package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/bmatcuk/doublestar/v4"
)

// folder is a folder that files are read from and written to by slash-separated
// paths, none of which can leave it, by ".." or by a link (os.Root).
type folder struct {
	root *os.Root
	name string
}

func openFolder(name string) (*folder, error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, fmt.Errorf("open folder: %w", err)
	}
	return &folder{root, name}, nil
}

// makeFolder is openFolder that creates the folder if need be.
func makeFolder(name string) (*folder, error) {
	if err := os.MkdirAll(name, 0o777); err != nil {
		return nil, fmt.Errorf("create folder: %w", err)
	}
	return openFolder(name)
}

// sub opens a folder inside f, and creates it if need be. A link that leads out of
// f is refused.
func (f *folder) sub(name string) (*folder, error) {
	local := filepath.FromSlash(name)
	if err := f.root.MkdirAll(local, 0o777); err != nil {
		return nil, fmt.Errorf("create folder %s: %w", f.at(name), err)
	}
	root, err := f.root.OpenRoot(local)
	if err != nil {
		return nil, fmt.Errorf("open folder %s: %w", f.at(name), err)
	}
	return &folder{root, f.at(name)}, nil
}

func (f *folder) close() { _ = f.root.Close() }

// at is the path as the operating system wants it, for messages and for the
// memory's file.
func (f *folder) at(name string) string { return filepath.Join(f.name, filepath.FromSlash(name)) }

// maxFile is the size up to which a file is read whole.
const maxFile = 1 << 30

func (f *folder) read(name string) ([]byte, error) {
	data, err := f.start(name, maxFile+1)
	if err == nil && len(data) > maxFile {
		return nil, fmt.Errorf("%s has more than %d bytes, the most that is read", f.at(name), maxFile)
	}
	return data, err
}

// start reads the first bytes of a file, as many as most.
func (f *folder) start(name string, most int64) ([]byte, error) {
	local := filepath.FromSlash(name)
	info, err := f.root.Stat(local) // to open a pipe would wait for somebody to write
	if err != nil {
		if link, lerr := f.root.Lstat(local); lerr == nil && link.Mode()&fs.ModeSymlink != 0 && exists(err) {
			return nil, usagef("%s is a link that leads out of the folder: such links are not followed", f.at(name))
		}
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, usagef("%s is not a file", f.at(name))
	}
	file, err := f.root.Open(local)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data := bytes.NewBuffer(make([]byte, 0, min(info.Size(), most)+bytes.MinRead))
	if _, err := data.ReadFrom(io.LimitReader(file, most)); err != nil {
		return nil, err
	}
	return data.Bytes(), nil
}

// glob lists the files that match any of the patterns, sorted, each once.
func (f *folder) glob(patterns []string) ([]string, error) {
	var all []string
	for _, p := range patterns {
		found, err := doublestar.Glob(f.root.FS(), path.Clean(p), doublestar.WithFilesOnly(), doublestar.WithNoFollow())
		if err != nil {
			if errors.Is(err, doublestar.ErrBadPattern) {
				return nil, usagef("look for %q: %w", p, err)
			}
			return nil, fmt.Errorf("look for %s: %w", p, err)
		}
		all = append(all, found...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// write puts data into a file all at once: a new file beside it, synced, then
// renamed over it, so that no reader ever sees half of it and a crash leaves the
// old one. A file that holds just these bytes is left alone; changed says whether
// it was not.
func (f *folder) write(name string, data []byte) (changed bool, err error) {
	if old, err := f.read(name); err == nil && bytes.Equal(old, data) {
		return false, nil
	}
	return true, f.replace(name, bytes.NewReader(data))
}

// replace is write for what streams.
func (f *folder) replace(name string, data io.Reader) error {
	p, err := f.create(name)
	if err != nil {
		return err
	}
	if _, err := io.Copy(p, data); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", f.at(name), err), p.abort())
	}
	return p.commit()
}

// pending is a file that is being written and not yet there.
type pending struct {
	*os.File
	folder     *folder
	name, temp string
}

// create begins a file. It comes into being with commit, all at once: nothing of
// it is seen before, and abort leaves no trace.
func (f *folder) create(name string) (*pending, error) {
	name = filepath.FromSlash(name)
	dir := filepath.Dir(name)
	if err := f.root.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("write %s: %w", f.at(name), err)
	}
	temp := filepath.Join(dir, "."+filepath.Base(name)+"."+rand.Text()[:8]+".tmp")
	file, err := f.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", f.at(name), err)
	}
	return &pending{file, f, name, temp}, nil
}

func (p *pending) commit() error {
	err := p.Sync()
	if cerr := p.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = p.folder.root.Rename(p.temp, p.name)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", p.folder.at(p.name), err), p.folder.root.Remove(p.temp))
	}
	// The rename itself must survive a crash too; a file system that cannot sync
	// a folder has nothing better to offer.
	if d, derr := p.folder.root.Open(filepath.Dir(p.name)); derr == nil {
		_ = d.Sync()
		_ = d.Close()
	}
	return nil
}

func (p *pending) abort() error {
	_ = p.Close()
	return p.folder.root.Remove(p.temp)
}

func exists(err error) bool { return !errors.Is(err, fs.ErrNotExist) }
