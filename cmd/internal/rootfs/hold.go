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

	"hexapla/pipeline/filelock"
)

// Holder is the process that holds a lock. The zero value is one that is not known.
type Holder struct {
	Process int
	Host    string
}

// Hold locks a file for this process until unlock is called, and creates it if it does not
// exist. While another process holds it, Hold waits; it calls waiting once, with what that
// process is. Where there are no locks, or the file can neither be made nor opened, it does
// not wait. The error is that of the context.
func (d *Dir) Hold(ctx context.Context, name string, waiting func(Holder)) (unlock func(), err error) {
	file, named, err := d.openLock(name)
	if err != nil {
		return func() {}, nil
	}
	unlock = func() {
		if named {
			_ = file.Truncate(0)
		}
		_ = file.Close()
	}
	reported, last := false, Holder{}
	for tries := 0; ; tries++ {
		locked, err := filelock.Lock(file)
		if err != nil {
			return func() { _ = file.Close() }, nil
		}
		if locked {
			if named {
				_ = file.Truncate(0)
				host, _ := os.Hostname()
				_, _ = file.WriteAt(fmt.Appendf(nil, holderFormat, os.Getpid(), cmp.Or(host, "localhost")), 0)
			}
			return unlock, nil
		}
		if !reported {
			// What is read once may be left of an earlier process, until the holder has written.
			holder := readHolder(file)
			if reported = holder == last && holder.Process != 0 || tries == mostTries; reported {
				waiting(holder)
			}
			last = holder
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
	holderStart  = "process "
	holderFormat = holderStart + "%d on %s" // what a process writes into its lock
	maxHolder    = 300                      // bytes of that, at most
	holdPause    = 50 * time.Millisecond    // between two tries
	mostTries    = 20                       // after which a holder that has written nothing is reported
)

// readHolder returns what a process has written into its lock, the zero Holder if that is
// nothing. A process that was killed leaves its text there, which the next holder may not be
// allowed to replace.
func readHolder(file io.ReaderAt) (h Holder) {
	data, err := io.ReadAll(io.NewSectionReader(file, 0, maxHolder+1))
	if err != nil || len(data) > maxHolder {
		return Holder{}
	}
	if _, err := fmt.Sscanf(strings.ToValidUTF8(string(data), ""), holderFormat, &h.Process, &h.Host); err != nil || h.Process <= 0 {
		return Holder{}
	}
	if host, err := os.Hostname(); err == nil && host == h.Host && !isAlive(h.Process) {
		return Holder{}
	}
	return h
}

// isAlive reports whether this machine has a process.
func isAlive(process int) bool {
	p, err := os.FindProcess(process)
	if err != nil {
		return false
	}
	defer p.Release()
	return !errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone)
}

// openLock opens a file that is only used as a lock. named reports whether the process may
// write into it what it is: never into a link, a file with something else, or one of another
// user.
func (d *Dir) openLock(name string) (file *os.File, named bool, err error) {
	local := filepath.FromSlash(name)
	if err := d.root.MkdirAll(filepath.Dir(local), 0o777); err != nil {
		return nil, false, err
	}
	if info, err := d.root.Lstat(local); err == nil && !info.Mode().IsRegular() {
		return nil, false, fmt.Errorf("%s is not a regular file", d.Path(name))
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, false, err
	}
	named = true
	file, err = d.root.OpenFile(local, os.O_RDWR|os.O_CREATE|syscall.O_NONBLOCK, 0o666)
	if errors.Is(err, fs.ErrPermission) {
		named = false
		file, err = d.root.OpenFile(local, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	}
	if err != nil {
		return nil, false, err
	}
	opened, err1 := file.Stat()
	there, err2 := d.root.Lstat(local)
	if err := errors.Join(err1, err2); err != nil || !os.SameFile(opened, there) {
		_ = file.Close()
		return nil, false, fmt.Errorf("%s is not a lock", d.Path(name))
	}
	start := make([]byte, len(holderStart))
	n, _ := file.ReadAt(start, 0)
	return file, named && opened.Size() <= maxHolder && strings.HasPrefix(holderStart, string(start[:n])), nil
}
