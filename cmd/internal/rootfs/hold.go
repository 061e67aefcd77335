package rootfs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Holder is the process that holds a lock. The zero value is one that is not known.
type Holder struct {
	Process int
	Host    string
}

// Hold locks a file for this process until unlock is called, and creates it if it does not
// exist. While another process holds it, Hold waits; it calls waiting once, with what that
// process is. Where there are no locks, or the file cannot be made, it does not wait. The
// error is that of the context.
func (d *Dir) Hold(ctx context.Context, name string, waiting func(Holder)) (unlock func(), err error) {
	file, err := d.openLock(name)
	if err != nil {
		return func() {}, nil
	}
	unlock = func() {
		_ = file.Truncate(0)
		_ = file.Close()
	}
	reported := false
	for tries := 0; ; tries++ {
		locked, err := lock(file)
		if err != nil {
			return func() { _ = file.Close() }, nil
		}
		if locked {
			_ = file.Truncate(0)
			host, _ := os.Hostname()
			_, _ = file.WriteAt(fmt.Appendf(nil, holderFormat, os.Getpid(), cmp.Or(host, "localhost")), 0)
			return unlock, nil
		}
		if !reported {
			holder, ok := readHolder(file)
			if reported = ok || tries == mostTries; reported { // it may not have written what it is yet
				waiting(holder)
			}
		}
		select {
		case <-ctx.Done():
			_ = file.Close()
			return nil, ctx.Err()
		case <-time.After(holdPause):
		}
	}
}

const (
	holderFormat = "process %d on %s"    // what a process writes into its lock
	maxHolder    = 300                   // bytes that are read of that
	holdPause    = 50 * time.Millisecond // between two tries
	mostTries    = 20                    // after which a holder that has written nothing is reported
)

// readHolder returns what a process has written into its lock.
func readHolder(file io.ReaderAt) (h Holder, ok bool) {
	data, err := io.ReadAll(io.NewSectionReader(file, 0, maxHolder))
	if err != nil {
		return Holder{}, false
	}
	if _, err := fmt.Sscanf(strings.ToValidUTF8(string(data), ""), holderFormat, &h.Process, &h.Host); err != nil {
		return Holder{}, false
	}
	return h, true
}

// openLock opens a file that is only used as a lock. It is never a link, or anything else
// that the process would write into.
func (d *Dir) openLock(name string) (*os.File, error) {
	local := filepath.FromSlash(name)
	if err := d.root.MkdirAll(filepath.Dir(local), 0o777); err != nil {
		return nil, err
	}
	if info, err := d.root.Lstat(local); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", d.Path(name))
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	file, err := d.root.OpenFile(local, os.O_RDWR|os.O_CREATE|syscall.O_NONBLOCK, 0o666)
	if err != nil {
		return nil, err
	}
	opened, err1 := file.Stat()
	there, err2 := d.root.Lstat(local)
	if err := errors.Join(err1, err2); err != nil || !os.SameFile(opened, there) || opened.Size() > maxHolder {
		_ = file.Close()
		return nil, fmt.Errorf("%s is not a lock", d.Path(name))
	}
	return file, nil
}
