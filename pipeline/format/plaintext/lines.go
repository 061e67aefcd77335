package plaintext

import (
	"bytes"
	"encoding/binary"
	"slices"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/format/internal/spantext"
)

// line is one line of the text, taken apart. All places are byte offsets in the
// data; columns count characters, wide ones twice, a tab reaching to the next multiple of eight.
type line struct {
	start, end int    // without its terminator
	from, to   int    // the text: without indentation, quotation marks, bullet, space behind
	quote      int    // how many > stand before it
	bullet     bool   // a list item begins here
	indent     int    // column of the first thing after the quotation marks
	column     int    // column of the text
	width      int    // column behind the text
	cells      []span // two or more, if the text is in columns
	words      bool   // there is a letter or a digit in the text
	last       bool   // a form feed or paragraph separator ends it
}

type span struct{ from, to int }

func (l *line) blank() bool { return l.from == l.to }

const tabWidth = 8

// appendLines takes data apart. A line ends at LF, CR LF, CR, VT, FF, NEL, LS or PS
// (UAX #14, classes BK, CR, LF and NL).
// The lines are appended to out.
func appendLines(out []line, data []byte) []line {
	out = slices.Grow(out, bytes.Count(data, []byte{'\n'})+1)
	feed := -1 // the next LF from start on, or the end of the data
	for start := 0; start < len(data); {
		if feed < start {
			if feed = bytes.IndexByte(data[start:], '\n'); feed < 0 {
				feed = len(data)
			} else {
				feed += start
			}
		}
		out = append(out, line{start: start, end: feed})
		l := &out[len(out)-1]
		if l.end > start && data[l.end-1] == '\r' && feed < len(data) {
			l.end--
		}
		if isPlain(data[start:l.end]) {
			start = feed + 1
			if l.parsePlain(data) {
				continue
			}
		} else {
			l.end, start, l.last = lineEnd(data, start)
		}
		l.parse(data)
	}
	return out
}

// isPlain reports whether b is ASCII without control characters but DEL.
func isPlain(b []byte) bool {
	for ; len(b) >= 8; b = b[8:] {
		// The subtraction borrows from a neighbour only where a byte below a space is.
		if w := binary.LittleEndian.Uint64(b); (w|(w-0x2020202020202020))&0x8080808080808080 != 0 {
			return false
		}
	}
	for _, c := range b {
		if c < ' ' || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// parsePlain is parse for a line that isPlain reports, if it begins with a letter that
// begins no number of a list, and has no columns. Of other lines it reports false.
func (l *line) parsePlain(data []byte) bool {
	from, to := l.start, l.end
	for from < to && data[from] == ' ' {
		from++
	}
	for to > from && data[to-1] == ' ' {
		to--
	}
	if from == to {
		l.from, l.to = l.start, l.start
		return true
	}
	if c := data[from] | 0x20; c < 'a' || c > 'z' {
		return false
	}
	text := data[from:to]
	if bytes.IndexByte(text[:min(len(text), mostInNumber+1)], ')') >= 0 || bytes.Contains(text, wideGapBytes) {
		return false
	}
	l.from, l.to, l.words = from, to, true
	l.indent = from - l.start
	l.column, l.width = l.indent, to-l.start
	return true
}

var wideGapBytes = bytes.Repeat([]byte{' '}, wideGap)

// lineEnd finds where the line from start ends, and where the next one begins.
func lineEnd(data []byte, start int) (end, next int, last bool) {
	for i := start; i < len(data); i++ {
		if !mayEndLine[data[i]] {
			continue
		}
		switch data[i] {
		case '\n', '\v':
			return i, i + 1, false
		case '\f':
			return i, i + 1, true
		case '\r':
			if i+1 < len(data) && data[i+1] == '\n' {
				return i, i + 2, false
			}
			return i, i + 1, false
		case 0xC2:
			if i+1 < len(data) && data[i+1] == 0x85 {
				return i, i + 2, false
			}
		case 0xE2:
			if i+2 < len(data) && data[i+1] == 0x80 && (data[i+2] == 0xA8 || data[i+2] == 0xA9) {
				return i, i + 3, data[i+2] == 0xA9
			}
		}
	}
	return len(data), len(data), false
}

// mayEndLine has the bytes that line ends begin with.
var mayEndLine = [256]bool{'\n': true, '\v': true, '\f': true, '\r': true, 0xC2: true, 0xE2: true}

// cursor walks over a line and knows its column.
type cursor struct {
	data    []byte
	at, end int
	column  int
}

func (c *cursor) peek() rune {
	if c.at >= c.end {
		return -1
	}
	r, n := utf8.DecodeRune(c.data[c.at:c.end])
	if r == utf8.RuneError && n == 1 {
		return -2 // no character
	}
	return r
}

func (c *cursor) next() {
	r, n := utf8.DecodeRune(c.data[c.at:c.end])
	c.at += n
	c.column = advance(c.column, r)
}

// advance is the column behind r.
func advance(column int, r rune) int {
	switch {
	case r == '\t':
		return column + tabWidth - column%tabWidth
	case r < 0x300 && r != '\u00AD', r >= 0x370 && r < 0x483, r >= 0x48A && r < 0x591:
		return column + 1 // no need to look it up: Latin, Greek, Cyrillic, Armenian
	case r >= 0x4E00 && r <= 0x9FFC:
		return column + 2 // Han
	case r >= 0x2010 && r < 0x2028, r >= 0x2030 && r < 0x2060, r >= 0x2070 && r < 0x20D0, r >= 0x2100 && r < 0x2C00:
		return column + 1 // marks of punctuation, arrows, signs
	case r == '\uFEFF' || r == '\u00AD' || unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return column
	case spantext.Wide(r):
		return column + 2
	}
	return column + 1
}

func isSpace(r rune) bool { return unicode.IsSpace(r) || r == '\uFEFF' }

func (c *cursor) spaces() bool {
	at := c.at
	for isSpace(c.peek()) {
		c.next()
	}
	return c.at > at
}

func (l *line) parse(data []byte) {
	end := l.end
	for end > l.start {
		r, n := utf8.DecodeLastRune(data[l.start:end])
		if !isSpace(r) {
			break
		}
		end -= n
	}
	c := cursor{data: data, at: l.start, end: end}
	c.spaces()
	for c.peek() == '>' {
		l.quote++
		c.next()
		c.spaces()
	}
	l.indent = c.column
	if l.bullet = c.marker(); l.bullet && c.peek() == '[' {
		c.checkbox()
	}
	l.from, l.to, l.column = c.at, end, c.column
	if l.bullet && l.blank() {
		// A bullet without text is text without a bullet.
		*l = line{start: l.start, end: l.end, last: l.last, quote: l.quote, from: end, to: end, indent: l.indent, column: l.indent}
	}
	l.measure(data)
}

// marker moves over a list item's bullet or number, and the space behind it.
func (c *cursor) marker() bool {
	saved := *c
	ok := false
	switch r := c.peek(); {
	case r == '•' || r == '‣' || r == '▪' || r == '●' || r == '◦' || r == '○' || r == '■' || r == '□':
		c.next()
		c.spaces()
		ok = true
	case r == '-' || r == '*' || r == '+' || r == '–' || r == '·':
		c.next()
		ok = c.spaces()
	default:
		if r == '(' {
			c.next()
		}
		ok = c.number(r == '(') && c.spaces()
	}
	if !ok {
		*c = saved
	}
	return ok
}

// mostInNumber is the most digits or letters of the number of a list item.
const mostInNumber = 4

// number moves over "1.", "1)", "a)" or "iv)". A letter with a dot is more
// often a person's initial.
func (c *cursor) number(inside bool) bool {
	digits, letters, roman := 0, 0, true
	for {
		r := c.peek()
		switch {
		case r >= '0' && r <= '9':
			digits++
		case unicode.IsLetter(r):
			letters++
			roman = roman && (r == 'i' || r == 'v' || r == 'x')
		case r == ')' || r == '.' && letters == 0 && !inside:
			c.next()
			return digits >= 1 && digits <= 3 && letters == 0 ||
				digits == 0 && (letters == 1 || letters <= 4 && roman) && letters > 0
		default:
			return false
		}
		if digits+letters > mostInNumber {
			return false
		}
		c.next()
	}
}

// checkbox moves over "[ ] " or "[x] ".
func (c *cursor) checkbox() {
	saved := *c
	c.next()
	if r := c.peek(); r == ' ' || r == 'x' || r == 'X' {
		c.next()
		if c.peek() == ']' {
			c.next()
			if c.spaces() {
				return
			}
		}
	}
	*c = saved
}

// measure finds the text's width, whether it has words, and its columns: what
// stands behind a tab or three spaces.
func (l *line) measure(data []byte) {
	column := l.column
	start := l.from
	gap, tab, gapAt := 0, false, 0
	for i := l.from; i < l.to; {
		if c := data[i]; c == ' ' || c == '\t' {
			if gap == 0 {
				gapAt = i
			}
			gap++
			tab = tab || c == '\t'
			column = advance(column, rune(c))
			i++
			continue
		}
		if tab || gap >= wideGap {
			l.cells = append(l.cells, span{start, gapAt})
			start = i
		}
		gap, tab = 0, false
		n := visibleASCII(data[i:l.to])
		if n > 0 {
			column += n
			l.words = l.words || hasWords(data[i:i+n])
		} else {
			var r rune
			r, n = utf8.DecodeRune(data[i:l.to])
			column = advance(column, r)
			l.words = l.words || isWord(r)
		}
		i += n
	}
	l.width = column
	if l.cells != nil {
		l.cells = append(l.cells, span{start, l.to})
	}
}

// visibleASCII is the number of characters of ASCII that are neither a space nor a control
// character at the beginning of b.
func visibleASCII(b []byte) int {
	n := 0
	for n < len(b) && b[n] > ' ' && b[n] < 0x7F {
		n++
	}
	return n
}

// wideGap is how many spaces part two columns. Justified prose has gaps of two,
// now and then three.
const wideGap = 4

// firstWord is the width of the text's first word; of wide characters, that of
// one with the punctuation that cannot stand apart from it.
func (l *line) firstWord(data []byte) int {
	w := 0
	for i := l.from; i < l.to; {
		if b := data[i]; b > ' ' && b < utf8.RuneSelf {
			w++
			i++
			continue
		}
		r, n := utf8.DecodeRune(data[i:l.to])
		if isSpace(r) {
			break
		}
		w = advance(w, r)
		i += n
		if next, _ := utf8.DecodeRune(data[i:l.to]); spantext.Wide(r) && unicode.IsLetter(next) {
			break
		}
	}
	return w
}

// oneWord reports whether the text has no space: a line that no one can break.
func (l *line) oneWord(data []byte) bool {
	text := data[l.from:l.to]
	if bytes.IndexByte(text, ' ') >= 0 || bytes.IndexByte(text, '\t') >= 0 {
		return false
	}
	first, _ := utf8.DecodeRune(text)
	return !spantext.Wide(first)
}

// ruler reports whether the text is made of one repeated mark, as under a
// heading.
func (l *line) ruler(data []byte) bool {
	text := data[l.from:l.to]
	if len(text) < 3 {
		return false
	}
	switch text[0] {
	case '=', '-', '~', '^', '*', '#', '_', '+', '"', '`', '\'':
		return bytes.Count(text, text[:1]) == len(text)
	}
	return false
}
