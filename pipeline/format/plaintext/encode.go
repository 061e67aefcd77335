package plaintext

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/internal/spantext"
)

// encode appends a target's characters. A line end in them would make another
// paragraph of them, so it becomes a space; where the source's lines were broken
// at a width, so are the target's.
func encode(dst []byte, hole *bitext.UnitSpan, chars string) []byte {
	rest, ok := strings.CutPrefix(hole.Context, "wrap:")
	if !ok {
		if !hasLineEnd(chars) {
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

// hasLineEnd reports whether any character is a line end.
func hasLineEnd(chars string) bool {
	for i := range len(chars) {
		if mayEndLine[chars[i]] {
			if r, _ := utf8.DecodeRuneInString(chars[i:]); isLineEnd(r) {
				return true
			}
		}
	}
	return false
}

func oneLine(chars string) string {
	if !hasLineEnd(chars) && utf8.ValidString(chars) {
		return chars
	}
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
		chars = chars[n:]
		for word != "" {
			part := unbroken(word)
			behind := columns(column, part)
			if behind > width && column > indent+1 {
				if k := len(bytes.TrimRight(dst, " ")); k > 0 && mayBreak(dst[:k], part, k < len(dst)) {
					dst = append(dst[:k], gap...)
					behind = columns(indent, part)
				}
			}
			dst = append(dst, part...)
			column = behind
			word = word[len(part):]
		}
	}
	return dst
}

// unbroken returns the beginning of a word up to the first place where a line may
// end without a space.
func unbroken(word string) string {
	before, n := utf8.DecodeRuneInString(word)
	for n < len(word) {
		if before < utf8.RuneSelf && word[n] < utf8.RuneSelf {
			before, n = rune(word[n]), n+1 // no need to look: no line ends in a word of ASCII
			continue
		}
		after, size := utf8.DecodeRuneInString(word[n:])
		if spantext.BreakBetween(before, after) == spantext.Nothing {
			return word[:n]
		}
		before, n = after, n+size
	}
	return word
}

// mayBreak reports whether a line may end behind dst, where a space is left out or
// was none, so that a reader of the lines has the same text: a break between two
// wide characters stands for no space, one between others for a space; where the text
// around decides, the line goes on. Closing
// punctuation begins no line and opening punctuation ends none (JIS X 4051, 6.1).
func mayBreak(dst []byte, next string, space bool) bool {
	before, _ := utf8.DecodeLastRune(dst)
	after, _ := utf8.DecodeRuneInString(next)
	switch spantext.BreakBetween(before, after) {
	case spantext.Unsure:
		return false
	case spantext.Nothing:
		return !space && !strings.ContainsRune("。、，．：；！？」』）】〉》〕］｝”’…‥ー・々ぁぃぅぇぉっゃゅょァィゥェォッャュョ", after) &&
			!strings.ContainsRune("「『（【〈《〔［｛“‘", before)
	}
	return space
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
	for i, r := range s {
		if r >= utf8.RuneSelf || r == '\t' {
			return columnsOfAny(column+i, s[i:])
		}
	}
	return column + len(s)
}

// columnsOfAny is columns, if there may be characters other than of ASCII.
func columnsOfAny(column int, s string) int {
	for _, r := range s {
		column = advance(column, r)
	}
	return column
}
