package markdown

import (
	"bytes"
	"math"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// plainParser is goldmark's parser of bare addresses, to which all characters come that
// have no other parser. What follows up to the next mark is made one node at once: for
// goldmark it takes a call for each word.
type plainParser struct{ tracked }

// beginsInline is what an inline parser, an address or an escape may begin with. The rest
// is text, but for the beginnings of words that isAddressStart knows.
var beginsInline = [256]bool{'\\': true, '`': true, '[': true, ']': true, '!': true, '<': true, '*': true, '_': true, '~': true, '(': true, '@': true, ' ': true, '\n': true}

// Trigger returns what goldmark's parser of addresses is asked for, and all marks that have no
// parser, behind which text goes on.
func (p plainParser) Trigger() []byte { return append(p.tracked.Trigger(), textMarks...) }

const textMarks = "\"#$%&'),-./:;=>?@^{|}+"

func (p plainParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	word := line
	switch line[0] {
	case '*', '_', '~':
		return p.tracked.Parse(parent, block, pc)
	case ' ', '(':
		word = line[1:]
	default:
		if strings.IndexByte(textMarks, line[0]) >= 0 {
			word = nil // no address begins within a word
		}
	}
	if segment.Padding != 0 {
		return p.tracked.Parse(parent, block, pc)
	}
	r := pc.Get(recordKey).(*record)
	if r.block != parent {
		r.block, r.noPlain = parent, 0
		if endsEscaped(parent.Lines(), block.Source()) {
			r.noPlain = math.MaxInt
		}
	}
	escaped := segment.Start > 0 && block.Source()[segment.Start-1] == '\\'
	if isAddressStart(word) || util.FindEmailIndex(word) >= 0 {
		if n := p.tracked.Parse(parent, block, pc); n != nil {
			if escaped {
				r.noPlain = math.MaxInt // goldmark takes what follows for escaped, however far it is
			}
			return n
		}
	}
	if escaped || segment.Start < r.noPlain {
		return nil
	}
	n := plainLength(line)
	if n == len(line) {
		return r.plainLine(parent, block, line, segment)
	}
	block.Advance(n)
	return r.appendText(parent, text.NewSegment(segment.Start, segment.Start+n))
}

// CloseBlock passes the end of a block on.
func (p plainParser) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	pc.Get(recordKey).(*record).block = nil
	p.tracked.CloseBlock(parent, block, pc)
}

// endsEscaped reports whether a line of a block ends with a backslash: goldmark may take the
// beginning of the next line for escaped.
func endsEscaped(lines *text.Segments, source []byte) bool {
	for i := range lines.Len() {
		line := lines.At(i)
		if b := bytes.TrimRight(source[line.Start:line.Stop], "\r\n"); len(b) > 0 && b[len(b)-1] == '\\' {
			return true
		}
	}
	return false
}

// plainLine returns the node of the rest of a line, which is plain, and advances to the
// next line.
func (r *record) plainLine(parent ast.Node, block text.Reader, line []byte, segment text.Segment) ast.Node {
	saved, position := block.Position()
	block.AdvanceLine()
	if next, _ := block.PeekLine(); next != nil && line[len(line)-1] != '\n' {
		block.SetPosition(saved, position)
		r.noPlain = segment.Stop
		return nil
	}
	size, hard := len(line), false
	switch n := len(line); {
	case line[n-1] != '\n':
	case n >= 3 && line[n-2] == ' ' && line[n-3] == ' ':
		size, hard = n-3, true
	case n >= 4 && line[n-2] == '\r' && line[n-3] == ' ' && line[n-4] == ' ':
		size, hard = n-4, true
	}
	// goldmark trims what is behind the last space or tab that it comes to, and that one.
	for size > 0 && (line[size-1] == '\n' || line[size-1] == '\r') {
		size--
	}
	if size > 0 && isBlankByte(line[size-1]) {
		size--
	}
	t := r.appendText(parent, text.NewSegment(segment.Start, segment.Start+size))
	t.SetHardLineBreak(hard)
	t.SetSoftLineBreak(!hard && line[len(line)-1] == '\n')
	return t
}

// appendText returns the last child of a node with a segment added, if it is the text
// before that, else a new node.
func (r *record) appendText(parent ast.Node, s text.Segment) *ast.Text {
	if t, ok := parent.LastChild().(*ast.Text); ok && t.Segment.Stop == s.Start && !t.SoftLineBreak() && !t.HardLineBreak() {
		t.Segment = t.Segment.WithStop(s.Stop)
		return t
	}
	t := r.newText()
	t.Segment = s
	return t
}

// plainLength returns the length of the beginning of a line, one byte at least, in which
// no inline parser finds anything.
func plainLength(line []byte) int {
	space := 0 // where the word begins that is looked at, if not with the line
	for i := 1; i < len(line); i++ {
		c := line[i]
		if !beginsInline[c] {
			continue
		}
		switch c {
		case '\n':
			if i+1 == len(line) {
				return len(line)
			}
		case ' ', '(':
			if isAddressStart(line[i+1:]) {
				return i
			}
			space = i
		case '@', '!', '*', '_', '~', '`':
			// They may be in an address of e-mail.
			if space > 0 && util.FindEmailIndex(line[space+1:]) >= 0 {
				return space
			}
			if c != '@' {
				return i
			}
			space = 0
		default:
			return i
		}
	}
	return len(line)
}

// isAddressStart reports whether an address may begin with a word, with a scheme or
// without.
func isAddressStart(word []byte) bool {
	return len(word) >= 4 && beginsAddress[word[0]] && hasAddress(word)
}

// beginsAddress has what such words begin with.
var beginsAddress = [256]bool{'w': true, 'h': true, 'H': true, 'f': true, 'F': true}

func hasAddress(word []byte) bool {
	if word[0] == 'w' {
		return string(word[:4]) == "www."
	}
	return slices.ContainsFunc(bareSchemes, func(s string) bool { return len(word) >= len(s) && string(word[:len(s)]) == s })
}
