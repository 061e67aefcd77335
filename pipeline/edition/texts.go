package edition

import (
	"bytes"
	"io"
	"sync"
)

// Texts keeps the entries of manifests in a file, once they need more memory than they
// should. A nil one keeps them in memory.
type Texts struct {
	create func() (TextFile, error)

	mu   sync.Mutex
	size int64 // of the entries in memory
	file TextFile
	end  int64 // of the file
}

// TextFile is a file that grows, and whose parts are read again.
type TextFile interface {
	io.Writer
	io.ReaderAt
}

// maxTexts is the size of the entries that are kept in memory, in bytes.
const maxTexts = 4 << 20

// NewTexts returns Texts that call create for a file when they need it. If that fails,
// the entries stay in memory.
func NewTexts(create func() (TextFile, error)) *Texts { return &Texts{create: create} }

// text is a piece of JSON, in memory or in a file. There is one for each edition, so it is
// small.
type text struct {
	from io.ReaderAt // *memoryText of one in memory; nil for none
	at   int64
	size int
	page bool // of an entry: it has a page
}

// memoryText is a text in memory.
type memoryText []byte

// ReadAt implements io.ReaderAt.
func (m *memoryText) ReadAt(p []byte, at int64) (int, error) {
	return bytes.NewReader(*m).ReadAt(p, at)
}

// newText returns a text in memory.
func newText(data []byte) text {
	if len(data) == 0 {
		return text{}
	}
	return text{from: (*memoryText)(&data), size: len(data)}
}

func (t *text) exists() bool { return t.size > 0 }

// bytes returns the text. It is not to be changed.
func (t *text) bytes() ([]byte, error) {
	if m, ok := t.from.(*memoryText); ok {
		return *m, nil
	}
	if t.from == nil {
		return nil, nil
	}
	data := make([]byte, t.size)
	n, err := t.from.ReadAt(data, t.at)
	if n == len(data) {
		err = nil
	}
	return data, err
}

// same reports whether t and o are the same piece of a file, or of memory.
func (t *text) same(o *text) bool {
	return t.exists() && t.from == o.from && t.at == o.at && t.size == o.size
}

// put keeps data, which must not be changed any more.
func (s *Texts) put(data []byte) (text, error) {
	if s == nil || len(data) == 0 {
		return newText(data), nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil && s.size+int64(len(data)) > maxTexts {
		if f, err := s.create(); err == nil {
			s.file = f
		} else {
			s.size = -1 << 62
		}
	}
	if s.file == nil {
		s.size += int64(len(data))
		return newText(data), nil
	}
	n, err := s.file.Write(data)
	t := text{from: s.file, at: s.end, size: len(data)}
	s.end += int64(n)
	return t, err
}
