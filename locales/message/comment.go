package message

import (
	"bytes"

	"hexapla/pipeline/diag"
)

// BOM is the byte order mark that some editors put before UTF-8.
var BOM = []byte("\xef\xbb\xbf")

// NeedsReview is the comment that marks a translation which a person must still
// look at.
const NeedsReview = "needs review"

// CommentStart returns the offset at which the comment lines directly above the
// line of offset begin; that line's own start if there are none.
func CommentStart(data []byte, lines *diag.Lines, offset int) int {
	start := lines.Start(offset)
	for start > 0 {
		above := lines.Start(start - 1)
		if !bytes.HasPrefix(bytes.TrimLeft(data[above:start], " \t"), []byte("#")) {
			break
		}
		start = above
	}
	return start
}

// CommentAbove returns the comment lines directly above the line of offset.
func CommentAbove(data []byte, lines *diag.Lines, offset int) []byte {
	return data[CommentStart(data, lines, offset):lines.Start(offset)]
}
