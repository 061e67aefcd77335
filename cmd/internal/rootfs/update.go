package rootfs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Update is a file that gets its content piece by piece, in little memory. What is
// written is compared with the content that the file has: as long as they are the same
// nothing goes to the disk, and a file that has the new content already is not written.
// The content appears whole with Commit.
type Update struct {
	dir  *Dir
	name string
	old  *os.File // nil if there is none
	same int64    // bytes that are the same in both
	file *File    // the new content; nil as long as it is the old one
	part []byte   // of the old content
}

// updatePart is the size in bytes of the parts that are compared.
const updatePart = 32 << 10

// BeginUpdate begins to write a file, and creates its folder if it does not exist. The
// caller ends it with Commit or Abort. Anything but a regular file in its place is a
// usage error.
func (d *Dir) BeginUpdate(name string) (*Update, error) {
	d.RemoveAbandoned(name)
	old, err := d.OpenFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	u := &Update{dir: d, name: name, old: old}
	if old == nil {
		u.file, err = d.CreateFile(name)
	}
	return u, err
}

// Write implements io.Writer.
func (u *Update) Write(p []byte) (n int, err error) {
	for len(p) > 0 && u.file == nil {
		if u.part == nil {
			u.part = make([]byte, updatePart)
		}
		part := u.part[:min(len(p), len(u.part))]
		got, err := io.ReadFull(u.old, part)
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return n, fmt.Errorf("read %s: %w", u.dir.Path(u.name), err)
		}
		if got < len(part) || !bytes.Equal(part, p[:got]) {
			if err := u.divide(); err != nil {
				return n, err
			}
			break
		}
		u.same += int64(got)
		n, p = n+got, p[got:]
	}
	if len(p) == 0 {
		return n, nil
	}
	m, err := u.file.Write(p)
	if err != nil {
		err = fmt.Errorf("write %s: %w", u.dir.Path(u.name), err)
	}
	return n + m, err
}

// divide begins the new file with what it has in common with the old one.
func (u *Update) divide() error {
	file, err := u.dir.CreateFile(u.name)
	if err != nil {
		return err
	}
	u.file = file
	if _, err := io.Copy(file, io.NewSectionReader(u.old, 0, u.same)); err != nil {
		return fmt.Errorf("write %s: %w", u.dir.Path(u.name), err)
	}
	return nil
}

// Replaces returns the content that Commit is going to replace. It is nil if the file is
// new or stays as it is.
func (u *Update) Replaces() (io.Reader, error) {
	if u.old == nil {
		return nil, nil
	}
	info, err := u.old.Stat()
	if err != nil || u.file == nil && info.Size() == u.same {
		return nil, err
	}
	return io.NewSectionReader(u.old, 0, info.Size()), nil
}

// Commit gives the file its new content. changed reports whether it had another one.
func (u *Update) Commit() (changed bool, err error) {
	if u.file == nil {
		replaces, err := u.Replaces()
		if err == nil && replaces != nil { // the old content goes on
			err = u.divide()
		}
		if err != nil || replaces == nil {
			u.Abort()
			return false, err
		}
	}
	if u.old != nil { // not all systems replace a file that is open
		_ = u.old.Close()
	}
	return true, u.file.Commit()
}

// Abort leaves the file as it is.
func (u *Update) Abort() {
	if u.old != nil {
		_ = u.old.Close()
	}
	if u.file != nil {
		_ = u.file.Abort()
	}
}
