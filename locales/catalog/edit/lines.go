package edit

import (
	"bytes"

	"hexapla/locales/message"
	"hexapla/pipeline/cst"
	"hexapla/pipeline/diag"
)

// A lineIndex is a file with the offsets at which its lines begin.
type lineIndex struct {
	*diag.Lines
	data []byte
}

func newLineIndex(data []byte) *lineIndex { return &lineIndex{diag.NewLines(data), data} }

// commentStart returns where the comment lines directly above offset begin.
func (l *lineIndex) commentStart(offset int) int {
	return message.CommentStart(l.data, l.Lines, offset)
}

// blankAt reports whether there is a line at offset and it is empty.
func (l *lineIndex) blankAt(offset int) bool {
	return offset < len(l.data) && len(bytes.TrimSpace(l.data[offset:l.End(offset)])) == 0
}

// blankBefore reports whether there is a line before that of offset and it is
// empty.
func (l *lineIndex) blankBefore(offset int) bool {
	start := l.Start(offset)
	return start > 0 && l.blankAt(l.Start(start-1))
}

// replace returns the edit that replaces the bytes from start to end.
func replace(start, end int, text string) cst.Edit {
	return cst.Edit{Start: start, End: end, Text: text}
}
