package journal

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"

	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/stored"
)

// write appends what the store has for the files.
func (s *syncer) write(ctx context.Context, store Store) (written int, err error) {
	err = store.Flush(ctx, s.lost, func(records iter.Seq2[memory.Record, error]) ([]byte, error) {
		w := &fileWriter{syncer: s}
		defer w.abort()
		for r, err := range records {
			if err != nil {
				return nil, err
			}
			if err := w.record(r); err != nil {
				return nil, err
			}
			if written++; written%1024 == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
		}
		if err := w.finish(); err != nil {
			return nil, err
		}
		return s.new.encode(), syncFolder(s.folder)
	})
	if err != nil {
		return 0, err
	}
	return written, nil
}

func syncFolder(folder *os.Root) error {
	d, err := folder.Open(".")
	if err != nil {
		return err
	}
	defer d.Close()
	// Some file systems cannot sync a folder: then there is nothing to be done.
	_ = d.Sync()
	return nil
}

// fileWriter appends records to their files, one file at a time: records come in
// order of their files. An error leaves the files as they were.
type fileWriter struct {
	*syncer
	name  string
	file  *os.File
	out   *bufio.Writer
	state *fileState // of the file as it will be, nil if the file is to be read again
	done  []appended
	line  bytes.Buffer
}

// appended is a file that has grown.
type appended struct {
	name   string
	before int64 // its size
	state  *fileState
	time   int64
}

func (w *fileWriter) record(r memory.Record) error {
	name := fileOf(r)
	h := header{Journal: magic, Version: formatVersion}
	if v := r.Version; v != nil {
		h.Source, h.Target = stored.String(v.Entry.SourceLocale), stored.String(v.Entry.TargetLocale)
	}
	w.line.Reset()
	if err := appendRecord(&w.line, r); err != nil {
		return err
	}
	if name != w.name {
		if err := w.close(); err != nil {
			return err
		}
		if err := w.open(name, h); err != nil {
			return err
		}
	}
	return w.put(w.line.Bytes())
}

// put writes a line, and adds it to the file's state.
func (w *fileWriter) put(line []byte) error {
	if w.state != nil {
		w.state.startChunk()
		w.state.grow(line)
	}
	_, err := w.out.Write(line)
	return err
}

// open opens a file for appending, with the first line to come in w.line.
func (w *fileWriter) open(name string, h header) error {
	if info, err := w.folder.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file", name)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := w.folder.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return err
	}
	w.name, w.file, w.out = name, f, bufio.NewWriterSize(f, 1<<16)
	info, err := f.Stat()
	if err != nil {
		return err
	}
	size := info.Size()
	w.done = append(w.done, appended{name: name, before: size})
	// The state can be carried on only if the file is as it was read.
	w.state = nil
	s := w.new.Files[name]
	named := size > 0 && (h.Source == "" || s != nil && s.Source == string(h.Source) && s.Target == string(h.Target))
	if s != nil && s.Size == size && s.Time == info.ModTime().UnixNano() {
		c := *s
		c.Chunks = append([]chunk(nil), s.Chunks...)
		w.state = &c
	} else if size == 0 {
		w.state = &fileState{Source: string(h.Source), Target: string(h.Target)}
	}
	if size, err = w.endLine(size); err != nil {
		return err
	}
	if _, err := f.Seek(size, io.SeekStart); err != nil {
		return err
	}
	if named && size > 0 {
		return nil
	}
	var b bytes.Buffer
	if err := appendJSON(&b, h); err != nil {
		return err
	}
	if w.state != nil {
		w.state.Source, w.state.Target = string(h.Source), string(h.Target)
	}
	return w.put(b.Bytes())
}

// endLine sees that the file ends with a whole line, and returns its size. What a
// killed process has written of the very line that comes is removed; anything else
// that has no end gets one, and stays.
func (w *fileWriter) endLine(size int64) (int64, error) {
	if size == 0 {
		return 0, nil
	}
	n := min(size, 1<<20)
	tail := make([]byte, n)
	if _, err := w.file.ReadAt(tail, size-n); err != nil {
		return 0, err
	}
	if tail[n-1] == '\n' {
		return size, nil
	}
	w.state = nil
	open := tail[bytes.LastIndexByte(tail, '\n')+1:]
	if int64(len(open)) < n && bytes.HasPrefix(w.line.Bytes(), open) {
		size -= int64(len(open))
		w.done[len(w.done)-1].before = size
		return size, w.file.Truncate(size)
	}
	_, err := w.file.WriteAt([]byte{'\n'}, size)
	return size + 1, err
}

// close ends the file that is open.
func (w *fileWriter) close() error {
	if w.file == nil {
		return nil
	}
	err := w.out.Flush()
	if err == nil {
		err = w.file.Sync()
	}
	if err == nil {
		var info os.FileInfo
		if info, err = w.file.Stat(); err == nil {
			last := &w.done[len(w.done)-1]
			last.state, last.time = w.state, info.ModTime().UnixNano()
		}
	}
	if err != nil {
		return err
	}
	err = w.file.Close()
	w.file = nil
	return err
}

// finish ends the last file and brings the state up to date.
func (w *fileWriter) finish() error {
	if err := w.close(); err != nil {
		return err
	}
	for _, d := range w.done {
		if d.state == nil {
			delete(w.new.Files, d.name)
			continue
		}
		d.state.Time = d.time
		w.new.Files[d.name] = d.state
	}
	w.done = nil
	return nil
}

// abort makes the files as they were, if finish has not been reached.
func (w *fileWriter) abort() {
	if w.file != nil {
		w.file.Close()
		w.file = nil
	}
	for _, d := range w.done {
		if f, err := w.folder.OpenFile(d.name, os.O_RDWR, 0); err == nil {
			f.Truncate(d.before)
			f.Close()
		}
	}
	w.done = nil
}
