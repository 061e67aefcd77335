package rootfs

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// WriteFile writes a file that the user named, and creates its folder. See
// WriteFunc.
func WriteFile(name string, data []byte) error {
	if old, err := os.Stat(name); err == nil && old.Mode().IsRegular() && old.Size() == int64(len(data)) {
		if same, err := os.ReadFile(name); err == nil && bytes.Equal(same, data) {
			return nil
		}
	}
	return WriteFunc(name, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// WriteFunc writes a file that the user named, and creates its folder. The file is
// written if write returns without an error: whole or not at all. A symbolic link
// is followed. A device or a pipe, such as /dev/stdout, is written to as it is: to
// replace it would remove it.
func WriteFunc(name string, write func(io.Writer) error) error {
	if info, serr := os.Stat(name); serr == nil && !info.Mode().IsRegular() && !info.IsDir() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
	if target, lerr := filepath.EvalSymlinks(name); lerr == nil {
		name = target
	}
	dir, err := Create(filepath.Dir(name))
	if err != nil {
		return err
	}
	defer dir.Close()
	f, err := dir.CreateFile(filepath.Base(name))
	if err != nil {
		return err
	}
	committed := false
	defer func() {
		if !committed { // after an error, or a panic
			_ = f.Abort()
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	committed = true
	return f.Commit()
}
