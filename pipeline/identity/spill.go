package identity

import (
	"fmt"
	"io"
)

// File is a file that grows, and whose parts are read again.
type File interface {
	io.Writer
	io.ReaderAt
}

// line is the text of a line, in memory or in the file of a spill. text is nil if it is in
// the file.
type line struct {
	text []byte
	at   int64
	size int
}

// maxHeld is how many bytes of the lines of articles that were seen are kept in memory.
const maxHeld = 256 << 10

// spill keeps lines in a file, once they need more memory than they should. The zero value
// keeps them in memory.
type spill struct {
	create func() (File, error) // nil if there is no file to be had
	file   File
	end    int64 // of the file
	held   int   // bytes in memory
	err    error // the first one of reading
}

// SpillTo has the register keep what it remembers in a file, which it calls create for
// when it needs it; if that fails, it stays in memory. The file must be there as long as
// the register is used.
func (r *Register) SpillTo(create func() (File, error)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.spill.create = create
}

// keep counts a line of so many bytes that came to lines, and moves all of them into the
// file if they are many.
func (s *spill) keep(size int, lines map[string]line) {
	s.held += size
	if s.held <= maxHeld || s.create == nil {
		return
	}
	if s.file == nil {
		file, err := s.create()
		if err != nil {
			s.create = nil
			return
		}
		s.file = file
	}
	for path, l := range lines {
		if l.text == nil {
			continue
		}
		n, err := s.file.Write(l.text)
		at := s.end
		s.end += int64(n)
		if err != nil { // a disk that is full, for example
			s.create = nil
			return
		}
		lines[path] = line{at: at, size: len(l.text)}
	}
	s.held = 0
}

// read returns the text of a line, which must not be changed, and nil if it cannot be
// read: then s.err is set.
func (s *spill) read(l line) []byte {
	if l.text != nil || s.file == nil {
		return l.text
	}
	text := make([]byte, l.size)
	if n, err := s.file.ReadAt(text, l.at); n < len(text) {
		if s.err == nil {
			s.err = fmt.Errorf("read the identities of units: %w", err)
		}
		return nil
	}
	return text
}
