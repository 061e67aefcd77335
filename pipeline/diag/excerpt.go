package diag

import (
	"github.com/clipperhouse/uax29/v2/graphemes"
)

// excerptLength is the length of an Excerpt in grapheme clusters: with the words
// around it, it fits on one line of a terminal.
const excerptLength = 60

// Excerpt returns the beginning of a text for a message: at most 60 grapheme
// clusters, with an ellipsis if that is not all.
func Excerpt(s string) string { return Truncate(s, excerptLength) }

// Truncate returns s, or its first n grapheme clusters (UAX 29) with an ellipsis.
// A text whose clusters are unusually long is cut after a cluster of about 64
// bytes each, and inside one only where it alone is longer than that.
func Truncate(s string, n int) string {
	if len(s) <= n {
		return s
	}
	limit := 64 * n
	end := 0
	for it := graphemes.FromString(s[:min(len(s), limit+64)]); it.Next(); {
		if n--; n < 0 || it.End() > limit {
			if end == 0 {
				end = boundary(s, limit)
			}
			return s[:end] + "…"
		}
		end = it.End()
	}
	return s
}

// boundary returns the start of the character that the byte at i is part of.
func boundary(s string, i int) int {
	i = min(i, len(s))
	for j := i; j > max(0, i-4); j-- {
		if j == len(s) || s[j]&0xC0 != 0x80 {
			return j
		}
	}
	return i
}
