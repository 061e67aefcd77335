package edition

import (
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

// text is a piece of JSON, in memory or in a file.
type text struct {
	data []byte
	from io.ReaderAt // nil for data
	at   int64
	size int
	page bool // of an entry: it has a page
}

func (t *text) exists() bool { return t.size > 0 }

// bytes returns the text. It is not to be changed.
func (t *text) bytes() ([]byte, error) {
	if t.from == nil {
		return t.data, nil
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
	return t.exists() && t.from == o.from && t.at == o.at && t.size == o.size && (t.from != nil || &t.data[0] == &o.data[0])
}

// put keeps data, which must not be changed any more.
func (s *Texts) put(data []byte) (text, error) {
	if s == nil || len(data) == 0 {
		return text{data: data, size: len(data)}, nil
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
		return text{data: data, size: len(data)}, nil
	}
	n, err := s.file.Write(data)
	t := text{from: s.file, at: s.end, size: len(data)}
	s.end += int64(n)
	return t, err
}
