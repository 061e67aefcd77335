package plaintext

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
)

// encode appends a target's characters. A line end in them would make another
// paragraph of them, so it becomes a space; where the source's lines were broken
// at a width, so are the target's.
func encode(dst []byte, hole *bitext.UnitSpan, chars string) []byte {
	rest, ok := strings.CutPrefix(hole.Context, "wrap:")
	if !ok {
		if !strings.ContainsFunc(chars, isLineEnd) {
			return append(dst, chars...)
		}
		return append(dst, oneLine(chars)...)
	}
	number, gap, _ := strings.Cut(rest, ":")
	width, _ := strconv.Atoi(number)
	return wrap(dst, oneLine(chars), width, gap)
}

func isLineEnd(r rune) bool {
	switch r {
	case '\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029':
		return true
	}
	return false
}

func oneLine(chars string) string {
	chars = strings.ReplaceAll(chars, "\r\n", " ")
	return strings.Map(func(r rune) rune {
		if isLineEnd(r) {
			return ' '
		}
		return r
	}, chars)
}

// wrap appends chars, with gap (a line end and what the following line begins
// with) in the place of the space before a word that would end behind width.
func wrap(dst []byte, chars string, width int, gap string) []byte {
	line := dst[lastLine(dst):]
	column := columns(0, string(line))
	indent := columns(0, gap[lastLine([]byte(gap)):])
	for len(chars) > 0 {
		n := strings.IndexByte(chars, ' ')
		switch n {
		case 0:
			dst = append(dst, ' ')
			column++
			chars = chars[1:]
			continue
		case -1:
			n = len(chars)
		}
		word := chars[:n]
		if k := len(dst); columns(column, word) > width && column > indent+1 && k > 0 && dst[k-1] == ' ' {
			for k > 0 && dst[k-1] == ' ' {
				k--
			}
			dst = append(dst[:k], gap...)
			column = indent
		}
		dst = append(dst, word...)
		column = columns(column, word)
		chars = chars[n:]
	}
	return dst
}

// lastLine is where the last line of b begins.
func lastLine(b []byte) int {
	for i := len(b); i > 0; {
		r, n := utf8.DecodeLastRune(b[:i])
		if isLineEnd(r) {
			return i
		}
		i -= n
	}
	return 0
}

func columns(column int, s string) int {
	for _, r := range s {
		column = advance(column, r)
	}
	return column
}
