package diag

import (
	"bytes"
	"sort"
	"unicode/utf8"
)

// Lines is At for many offsets of one text: quick where they rise, however long
// its lines are. Not for several goroutines.
type Lines struct {
	data   []byte
	starts []int // of lines
	// The last answer, from which the next one on the same line is counted.
	offset, line, column int
}

// NewLines looks for the lines of a text.
func NewLines(data []byte) *Lines {
	l := &Lines{data: data, starts: make([]int, 1, bytes.Count(data, []byte("\n"))+1)}
	for i, c := range data {
		if c == '\n' {
			l.starts = append(l.starts, i+1)
		}
	}
	return l
}

// At is the line and column of a byte offset, both from 1. An offset outside the
// text is moved to the nearer end.
func (l *Lines) At(offset int) (line, column int) {
	offset = max(0, min(offset, len(l.data)))
	line = sort.SearchInts(l.starts, offset+1)
	from, column := l.starts[line-1], 1
	if line == l.line && offset >= l.offset && (l.offset == len(l.data) || utf8.RuneStart(l.data[l.offset])) {
		from, column = l.offset, l.column
	}
	column += utf8.RuneCount(l.data[from:offset])
	l.offset, l.line, l.column = offset, line, column
	return line, column
}
