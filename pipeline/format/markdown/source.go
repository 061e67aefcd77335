package markdown

import "bytes"

// lineEnd is where the line after the one of at begins. A line ends with LF, CR
// LF or CR (CommonMark 0.31, 2.1).
func lineEnd(data []byte, at int) int {
	for at < len(data) {
		stop := min(len(data), at+maxLineLook)
		part := data[at:stop]
		n := bytes.IndexByte(part, '\n')
		if n >= 0 {
			part, stop = part[:n], at+n+1
		}
		if r := bytes.IndexByte(part, '\r'); r >= 0 && isLF(data, at+r) {
			return at + r + 1
		}
		if n >= 0 {
			return stop
		}
		at = stop
	}
	return len(data)
}

// maxLineLook is how far a line feed is looked for at once: lines may end with CR alone.
const maxLineLook = 512

// isLF reports whether a line ends with the byte at i.
func isLF(data []byte, i int) bool {
	return data[i] == '\n' || data[i] == '\r' && (i+1 >= len(data) || data[i+1] != '\n')
}

// paragraphEnd is where the next blank line begins.
func paragraphEnd(data []byte, at int) int {
	for at < len(data) {
		end := lineEnd(data, at)
		if len(bytes.TrimSpace(data[at:end])) == 0 {
			return at
		}
		at = end
	}
	return at
}

// isOneParagraph reports whether data has no blank line. White space at its end may be the
// indentation of the line that goes on.
func isOneParagraph(data []byte) bool {
	data = bytes.TrimRight(data, " \t>")
	return paragraphEnd(data, 0) == len(data)
}

// codeSpanEnd is where the code span ends whose opening run of n backticks ends
// at at, 0 if it is not closed in this paragraph, which a heading, an item of a
// list or a definition ends as well as a blank line.
func codeSpanEnd(data []byte, at, n int) int {
	for i := at; i < len(data); {
		switch {
		case data[i] == '`':
			k := runLength(data, i, '`')
			if i += k; k == n {
				return i
			}
		case isLF(data, i) && (blankLineAt(data, i+1) || interrupts(data[i+1:])):
			return 0
		default:
			i++
		}
	}
	return 0
}

// interrupts reports whether a line begins a heading, an item of a bullet list or a
// definition, in whatever quotation.
func interrupts(line []byte) bool {
	line = line[prefixOf(line, isQuotePrefix):]
	if len(line) > 2 && (line[0] == '-' || line[0] == '+' || line[0] == '*' || line[0] == ':') {
		return line[1] == ' ' && !isSpaceByte(line[2])
	}
	return isHeading(line)
}

// isHeading reports whether a line is a heading of number signs, in whatever quotation.
func isHeading(line []byte) bool {
	line = line[prefixOf(line, isQuotePrefix):]
	n := runLength(line, 0, '#')
	return n > 0 && n <= 6 && n < len(line) && isSpaceByte(line[n])
}

func isQuotePrefix(c byte) bool { return c == ' ' || c == '>' }

func runLength(data []byte, at int, c byte) int {
	n := 0
	for at+n < len(data) && data[at+n] == c {
		n++
	}
	return n
}

func isAlpha(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// lineStart is where the line of at begins, and whether only indentation and
// quotation marks are before at.
func lineStart(data []byte, at int) (int, bool) {
	i := at
	for i > 0 && !isLF(data, i-1) {
		i--
	}
	return i, len(bytes.Trim(data[i:at], " \t>")) == 0
}

func blankLineBefore(data []byte, start int) bool {
	if start == 0 {
		return true
	}
	end := start
	i := end - 1
	for i > 0 && !isLF(data, i-1) {
		i--
	}
	return len(bytes.Trim(data[i:end], " \t\r\n>")) == 0
}

func blankLineAt(data []byte, start int) bool {
	return len(bytes.Trim(data[start:lineEnd(data, start)], " \t\r\n>")) == 0
}
