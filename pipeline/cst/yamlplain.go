package cst

import (
	"bytes"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// This file reads the YAML that most files have, in one pass: block mappings and
// sequences, lists in brackets, and scalars that are on one line without escapes. It
// leaves all else to the library, comments, anchors, tags and block scalars among it; what it
// reads is what the library would have read (FuzzPlainYAML).

// parsePlainYAML reads data, or reports false.
func parsePlainYAML(data []byte) (*Node, bool) {
	if !isPlainText(data) {
		return nil, false
	}
	p := plainReader{data: data, text: string(data)}
	if !p.next() || p.indent > 0 || !isKeyStart(data[p.at]) {
		return nil, false
	}
	n, ok := p.mapping(0)
	if !ok || !p.done {
		return nil, false
	}
	return n, true
}

// isPlainText reports whether data has nothing but characters that YAML prints, and no line
// breaks but LF: ASCII, and letters of other scripts from U+00A0 on.
func isPlainText(data []byte) bool {
	for i := 0; i < len(data); {
		if c := data[i]; c < utf8.RuneSelf {
			if c < ' ' && c != '\n' || c == 0x7F {
				return false
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(data[i:])
		if r < 0xA0 || r >= 0xD800 || r == '\u2028' || r == '\u2029' {
			return false // rare ones are left to the library
		}
		i += n
	}
	return true
}

// plainReader reads lines. Between its calls it stands at the first character of a line, or
// at the end.
type plainReader struct {
	data   []byte
	at     int // the first character of a line that is no space
	line   int // where the line begins
	end    int // where it ends, without the spaces there
	stop   int // where the next one begins
	indent int
	done   bool
	depth  int

	text  string // of data
	nodes []Node // of which some are in use

	counted struct{ at, column int } // an offset of the line, and its column
}

// node returns a copy of a node.
func (p *plainReader) node(n Node) *Node {
	if len(p.nodes) == cap(p.nodes) {
		p.nodes = make([]Node, 0, 16)
	}
	p.nodes = append(p.nodes, n)
	return &p.nodes[len(p.nodes)-1]
}

// maxPlainDepth is how deep collections may lie in each other, maxPlainLine how long a line
// may be: keys are shorter than 1,024 characters (YAML 1.1, 9.2.2).
const (
	maxPlainDepth = 20
	maxPlainLine  = 1000
)

// next goes to the next line that is not blank. It reports false at the end.
func (p *plainReader) next() bool {
	for p.stop < len(p.data) {
		p.line = p.stop
		p.stop = len(p.data)
		if n := bytes.IndexByte(p.data[p.line:], '\n'); n >= 0 {
			p.stop = p.line + n + 1
		}
		line := bytes.TrimRight(p.data[p.line:p.stop], " \n")
		p.end = p.line + len(line)
		p.indent = len(line) - len(bytes.TrimLeft(line, " "))
		p.at = p.line + p.indent
		if p.at < p.end {
			return true
		}
	}
	p.done = true
	return false
}

// column returns the column of an offset of the line, in characters. It counts from the offset
// that it was asked for before: a list may have many values on one line.
func (p *plainReader) column(at int) int {
	c := &p.counted
	if c.at < p.line || c.at > at {
		c.at, c.column = p.line, 0
	}
	c.column += utf8.RuneCount(p.data[c.at:at])
	c.at = at
	return c.column
}

func isKeyStart(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }

func isKeyByte(c byte) bool { return isKeyStart(c) || c >= '0' && c <= '9' || c == '-' }

// mapping reads the block mapping whose first key is at p.at, and whose keys have the column of
// that place.
func (p *plainReader) mapping(column int) (*Node, bool) {
	if p.depth++; p.depth > maxPlainDepth {
		return nil, false
	}
	defer func() { p.depth-- }()
	out := &Node{Kind: Mapping, Start: p.at, Content: p.at, Column: column, Elements: make([]Element, 0, 8)}
	for {
		key, ok := p.key()
		if !ok {
			return nil, false
		}
		e := Element{Start: key.Start, Key: key, Colon: p.at}
		if e.Value, ok = p.value(column, true); !ok {
			return nil, false
		}
		out.Elements = append(out.Elements, e)
		out.End = max(e.Colon, e.Value.End)
		if p.done || p.indent < column {
			return out, true
		}
		if p.indent > column || !isKeyStart(p.data[p.at]) {
			return nil, false // a dash, too, that would end a sequence's item
		}
	}
}

// key reads a key and its colon.
func (p *plainReader) key() (*Node, bool) {
	if p.end-p.line > maxPlainLine || p.at >= p.end || !isKeyStart(p.data[p.at]) {
		return nil, false
	}
	from := p.at
	for p.at < p.end && isKeyByte(p.data[p.at]) {
		p.at++
	}
	if p.at >= p.end || p.data[p.at] != ':' || p.at+1 < p.end && p.data[p.at+1] != ' ' {
		return nil, false
	}
	n, ok := p.scalar(from, p.at)
	p.at++
	return n, ok && n.Tag == Str
}

// value reads what follows the colon or dash before p.at, in a collection of a column, and goes
// to the next line. After a colon, a sequence may have the column of its key.
func (p *plainReader) value(column int, inMapping bool) (*Node, bool) {
	behind := p.at
	at := behind
	for at < p.end && p.data[at] == ' ' {
		at++
	}
	if at < p.end {
		n, ok := p.inLine(at)
		if !ok {
			return nil, false
		}
		if p.next() && p.indent > column {
			return nil, false // the value goes on
		}
		return n, true
	}
	empty := &Node{Start: behind, End: behind, Content: behind, Tag: Null, Column: p.column(behind)}
	if !p.next() || p.indent < column {
		return empty, true
	}
	isItem := p.data[p.at] == '-'
	switch {
	case p.indent == column && !(inMapping && isItem):
		return empty, true
	case isItem:
		return p.sequence(p.indent)
	case isKeyStart(p.data[p.at]):
		return p.mapping(p.indent)
	}
	return nil, false
}

// sequence reads the block sequence whose dashes have a column.
func (p *plainReader) sequence(column int) (*Node, bool) {
	if p.depth++; p.depth > maxPlainDepth {
		return nil, false
	}
	defer func() { p.depth-- }()
	out := &Node{Kind: Sequence, Start: p.at, Content: p.at, Column: column}
	for {
		if p.at+1 >= p.end || p.data[p.at+1] != ' ' {
			return nil, false
		}
		e := Element{Start: p.at}
		at := p.at + 2
		for p.data[at] == ' ' {
			at++
		}
		var ok bool
		if isKeyStart(p.data[at]) && p.isPair(at) {
			p.at, p.indent = at, at-p.line
			e.Value, ok = p.mapping(p.indent)
		} else {
			p.at++
			e.Value, ok = p.value(column, false)
		}
		if !ok {
			return nil, false
		}
		out.Elements = append(out.Elements, e)
		out.End = e.Value.End
		if p.done || p.indent < column || p.indent == column && p.data[p.at] != '-' {
			return out, true
		}
		if p.indent > column {
			return nil, false
		}
	}
}

// isPair reports whether a key begins at an offset of the line.
func (p *plainReader) isPair(at int) bool {
	for at < p.end && isKeyByte(p.data[at]) {
		at++
	}
	return at < p.end && p.data[at] == ':' && (at+1 == p.end || p.data[at+1] == ' ')
}

// inLine reads the value that has the line from an offset on for itself.
func (p *plainReader) inLine(at int) (*Node, bool) {
	switch c := p.data[at]; c {
	case '"', '\'':
		n, ok := p.quoted(at, p.end)
		return n, ok && n.End == p.end
	case '[':
		return p.list(at)
	}
	text := p.data[at:p.end]
	if !beginsPlain(text[0]) || bytes.Contains(text, []byte(": ")) || bytes.Contains(text, []byte(" #")) || text[len(text)-1] == ':' {
		return nil, false
	}
	return p.scalar(at, p.end)
}

// beginsPlain reports whether a plain scalar may begin with c, whatever follows.
func beginsPlain(c byte) bool {
	return isKeyByte(c) && c != '-' || c == '/' || c == '(' || c >= utf8.RuneSelf
}

// quoted reads a string in quotation marks without an escape, before stop.
func (p *plainReader) quoted(at, stop int) (*Node, bool) {
	quote := p.data[at]
	n := bytes.IndexByte(p.data[at+1:stop], quote)
	if n < 0 {
		return nil, false
	}
	text := p.data[at+1 : at+1+n]
	end := at + n + 2
	if quote == '"' && bytes.IndexByte(text, '\\') >= 0 || quote == '\'' && end < stop && p.data[end] == quote {
		return nil, false
	}
	style := Double
	if quote == '\'' {
		style = Single
	}
	return p.node(Node{Style: style, Tag: Str, Text: p.text[at+1 : end-1], Start: at, Content: at, End: end, Column: p.column(at)}), true
}

// list reads the list in brackets that has the rest of the line for itself.
func (p *plainReader) list(at int) (*Node, bool) {
	out := &Node{Kind: Sequence, Flow: true, Start: at, Content: at, End: p.end, Column: p.column(at)}
	end := p.end - 1
	if p.data[end] != ']' {
		return nil, false
	}
	for at++; ; at++ {
		for p.data[at] == ' ' {
			at++
		}
		if at == end && len(out.Elements) == 0 {
			return out, true
		}
		var n *Node
		var ok bool
		if c := p.data[at]; c == '"' || c == '\'' {
			n, ok = p.quoted(at, end)
		} else {
			stop := at
			for stop < end && isListByte(p.data[stop]) {
				stop++
			}
			for stop > at && p.data[stop-1] == ' ' {
				stop--
			}
			if stop > at && beginsPlain(c) {
				n, ok = p.scalar(at, stop)
			}
		}
		if !ok {
			return nil, false
		}
		out.Elements = append(out.Elements, Element{Start: n.Start, Value: n})
		for at = n.End; p.data[at] == ' '; {
			at++
		}
		if at == end {
			return out, true
		}
		if p.data[at] != ',' {
			return nil, false
		}
	}
}

// isListByte reports whether c means nothing in a plain scalar of a list in brackets.
func isListByte(c byte) bool {
	return isKeyByte(c) || c == ' ' || c == '/' || c == '.' || c >= utf8.RuneSelf
}

// scalar returns the plain scalar from from to to. The library says what the rare ones are; it
// reports false if the library reads more or less of it.
func (p *plainReader) scalar(from, to int) (*Node, bool) {
	n := p.node(Node{Text: p.text[from:to], Tag: Str, Start: from, Content: from, End: to, Column: p.column(from)})
	switch c := n.Text[0]; {
	case c >= '0' && c <= '9':
		n.Tag = plainNumber(n.Text)
	case n.Text == "true", n.Text == "false":
		n.Tag = Bool
	case len(n.Text) < len("false") && strings.IndexByte("yntfo", c|0x20) >= 0, strings.EqualFold(n.Text, "false"):
		n.Tag = ""
	}
	if n.Tag == "" {
		var doc yaml.Node
		if err := yaml.Unmarshal(p.data[from:to], &doc); err != nil || len(doc.Content) != 1 || doc.Content[0].Kind != yaml.ScalarNode || doc.Content[0].Value != n.Text {
			return nil, false
		}
		n.Tag = doc.Content[0].Tag
	}
	return n, true
}

// plainNumber returns the tag of a scalar that begins with a digit, if it is a number in
// decimal digits, a date, or has words, as no number has.
func plainNumber(text string) string {
	digits := 0
	for digits < len(text) && text[digits] >= '0' && text[digits] <= '9' {
		digits++
	}
	switch {
	case digits == len(text) && digits <= 15 && (text[0] != '0' || digits == 1):
		return Int
	case digits < len(text) && text[digits] == '.' && digits <= 15 && strings.Trim(text[digits+1:], "0123456789") == "":
		return Float
	case len(text) == len(time.DateOnly) && text[4] == '-' && text[7] == '-':
		if _, err := time.Parse(time.DateOnly, text); err == nil {
			return Time
		}
	default:
		if n := strings.IndexByte(text, ' '); n > 0 && isKeyStart(text[n+1]) {
			return Str
		}
	}
	return ""
}
