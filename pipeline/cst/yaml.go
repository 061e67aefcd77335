package cst

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// ParseYAML reads the first document of a YAML file. It returns nil for a file
// without one, and an *Error for one that does not parse. A value whose place in
// the text cannot be found is Unplaced; the others are placed all the same.
func ParseYAML(data []byte) (*Node, error) {
	if n, ok := parsePlainYAML(data); ok {
		return n, nil
	}
	return parseYAML(data)
}

// parseYAML reads a file with the library.
func parseYAML(data []byte) (*Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, yamlError(data, err)
	}
	if doc.Kind == 0 || len(doc.Content) == 0 {
		return nil, nil
	}
	r := &yamlReader{data: data, lines: yamlLines(data)}
	return r.node(doc.Content[0], 0, -1), nil
}

// yamlError takes the line out of the library's message.
func yamlError(data []byte, err error) *Error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	e := &Error{Message: text}
	if i := strings.Index(text, "line "); i >= 0 {
		number, rest, _ := strings.Cut(text[i+len("line "):], ":")
		if n, err := strconv.Atoi(number); err == nil {
			e.Line = n
			if rest = strings.TrimSpace(rest); rest != "" {
				e.Message = rest
			}
			lines := yamlLines(data)
			e.Offset = lines[max(0, min(n, len(lines))-1)]
			for e.Offset < len(data) && (data[e.Offset] == ' ' || data[e.Offset] == '\t') {
				e.Offset++
			}
		}
	}
	return e
}

// yamlLines returns the offsets at which lines begin, by the line breaks of YAML
// 1.1, which the library counts.
func yamlLines(data []byte) []int {
	starts := make([]int, 1, bytes.Count(data, []byte("\n"))+1)
	for i := 0; i < len(data); i++ {
		if n := yamlBreak(data[i:]); n > 0 {
			i += n - 1
			starts = append(starts, i+1)
		}
	}
	return starts
}

// yamlBreak returns the length of the line break that b begins with, 0 for none.
func yamlBreak(b []byte) int {
	switch b[0] {
	case '\n':
		return 1
	case '\r':
		if len(b) > 1 && b[1] == '\n' {
			return 2
		}
		return 1
	case 0xC2:
		if len(b) > 1 && b[1] == 0x85 {
			return 2
		}
	case 0xE2:
		if len(b) > 2 && b[1] == 0x80 && (b[2] == 0xA8 || b[2] == 0xA9) {
			return 3
		}
	}
	return 0
}

type yamlReader struct {
	data  []byte
	lines []int // as YAML counts them

	last struct{ line, column, offset int } // of the value that was placed last
}

func (r *yamlReader) offset(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(r.lines) {
		return len(r.data)
	}
	// Values come in the order of the file: those of one long line are found from
	// one to the next.
	if n.Line != r.last.line || n.Column < r.last.column {
		r.last.line, r.last.column, r.last.offset = n.Line, 1, r.lines[n.Line-1]
		if n.Line == 1 && bytes.HasPrefix(r.data, []byte("\uFEFF")) {
			r.last.offset = len("\uFEFF") // the library does not count the byte order mark
		}
	}
	for ; r.last.column < n.Column && r.last.offset < len(r.data); r.last.column++ {
		_, size := utf8.DecodeRune(r.data[r.last.offset:])
		r.last.offset += size
	}
	return r.last.offset
}

// node reads n; column is that of the block it is in, floor where what comes
// before it ends.
func (r *yamlReader) node(n *yaml.Node, floor, column int) *Node {
	out := &Node{Start: r.offset(n), Flow: n.Style&yaml.FlowStyle != 0, Column: n.Column - 1}
	if out.Start < floor {
		out.Unplaced = n.Kind != yaml.ScalarNode || n.Value != ""
		out.Start = floor
	}
	out.Content = r.properties(out.Start)
	switch n.Kind {
	case yaml.ScalarNode:
		r.scalar(n, out, column)
	case yaml.MappingNode, yaml.SequenceNode:
		r.collection(n, out)
	case yaml.AliasNode:
		out.Alias = true
		out.End = out.Start + len("*") + len(n.Value)
		if n.Alias == nil || n.Alias.Kind != yaml.ScalarNode {
			out.Text, out.Unplaced = n.Value, true
			break
		}
		out.Text, out.Tag = n.Alias.Value, n.Alias.Tag
	default:
		out.Unplaced = true
	}
	if out.End < out.Start || out.End > len(r.data) {
		out.Unplaced, out.End = true, out.Start
	}
	return out
}

func (r *yamlReader) collection(n *yaml.Node, out *Node) {
	at := out.Start
	if out.Flow {
		at = out.Content
		// The only pair of a mapping that is an item of a list needs no braces.
		if out.Bare = at >= len(r.data) || r.data[at] != '{' && r.data[at] != '['; !out.Bare {
			at++
		}
	}
	step := 2
	out.Kind = Mapping
	if n.Kind == yaml.SequenceNode {
		step, out.Kind = 1, Sequence
	}
	for i := 0; i+step <= len(n.Content); i += step {
		var e Element
		if step == 2 {
			e.Key = r.node(n.Content[i], at, out.Column)
			at = max(at, e.Key.End)
			e.Start = e.Key.Start
			if i == 0 && !out.Flow {
				out.Column = n.Content[0].Column - 1 // the mapping may begin with an anchor
			}
			if colon := r.colon(at); colon > 0 {
				at, e.Colon = colon, colon
			}
		}
		e.Value = r.node(n.Content[i+step-1], at, out.Column)
		if step == 1 {
			e.Start = e.Value.Start
			if !out.Flow {
				e.Start = r.dash(e.Value.Start, at, out.Column)
			}
		}
		at = max(at, e.Value.End)
		out.Elements = append(out.Elements, e)
	}
	out.End = at
	if out.Flow && !out.Bare {
		out.End = skip(r.data, at, ", \t\r\n")
		if out.End >= len(r.data) || r.data[out.End] != '}' && r.data[out.End] != ']' {
			out.Unplaced, out.End = true, at
			return
		}
		out.End++
	}
}

// SkipBlank returns the first offset from at that is neither white space nor in a
// comment of YAML.
func SkipBlank(data []byte, at int) int { return skip(data, at, " \t\r\n") }

// skip returns the first offset from at that is neither one of chars nor in a
// comment.
func skip(data []byte, at int, chars string) int {
	for at < len(data) {
		switch {
		case data[at] == '#':
			for at < len(data) && data[at] != '\n' {
				at++
			}
		case strings.IndexByte(chars, data[at]) >= 0:
			at++
		default:
			return at
		}
	}
	return at
}

// colon returns the offset after the colon behind a key, 0 if there is none.
func (r *yamlReader) colon(at int) int {
	if at = SkipBlank(r.data, at); at < len(r.data) && r.data[at] == ':' {
		return at + 1
	}
	return 0
}

// lineStart returns where the line of an offset begins, lineEnd where the next one
// does.
func (r *yamlReader) lineStart(at int) int { return bytes.LastIndexByte(r.data[:at], '\n') + 1 }

func (r *yamlReader) lineEnd(at int) int {
	if i := bytes.IndexByte(r.data[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(r.data)
}

// dash returns where the dash of a list item is.
func (r *yamlReader) dash(at, floor, column int) int {
	for line := r.lineStart(at); line >= 0; line = r.lineStart(line - 1) {
		if d := line + column; d >= floor && d < at && d < len(r.data) && r.data[d] == '-' {
			return d
		}
		if line == 0 || line <= floor {
			break
		}
	}
	return at
}

// properties returns the offset after the anchor and tag before a value.
func (r *yamlReader) properties(at int) int {
	for at < len(r.data) && (r.data[at] == '&' || r.data[at] == '!') {
		for at < len(r.data) && strings.IndexByte(" \t\r\n", r.data[at]) < 0 {
			at++
		}
		at = SkipBlank(r.data, at)
	}
	return at
}

func (r *yamlReader) scalar(n *yaml.Node, out *Node, column int) {
	out.Text, out.Tag = n.Value, n.Tag
	at := out.Content
	switch d := r.data; n.Style &^ (yaml.TaggedStyle | yaml.FlowStyle) {
	case yaml.DoubleQuotedStyle:
		out.Style = Double
		at = quotedEnd(d, at, '"')
	case yaml.SingleQuotedStyle:
		out.Style = Single
		at = quotedEnd(d, at, '\'')
	case yaml.LiteralStyle:
		out.Style = Literal
		at = r.block(at, column)
	case yaml.FoldedStyle:
		out.Style = Folded
		at = r.block(at, column)
	default:
		if n.Value == "" {
			at = out.Start
			out.Unplaced = at < len(d) && (d[at] == '&' || d[at] == '!')
			break
		}
		at = plainEnd(d, at, n.Value)
	}
	out.End = at
	if (out.Style == Literal || out.Style == Folded) && out.Content > 0 && (r.lineStart(out.Content) == out.Content || endsWithBreak(r.data[:out.Content])) {
		// Only a block scalar may begin in the column of its key: no other value can be
		// written in its place.
		out.Unplaced = true
	}
}

// endsWithBreak reports whether a text ends with one of the line breaks that YAML 1.1 has
// besides the line feed (5.4, b-break).
func endsWithBreak(d []byte) bool {
	for _, b := range []string{"\r", "\u0085", "\u2028", "\u2029"} {
		if bytes.HasSuffix(d, []byte(b)) {
			return true
		}
	}
	return false
}

// quotedEnd returns where the quoted scalar at at ends, -1 if there is none.
func quotedEnd(d []byte, at int, quote byte) int {
	if at >= len(d) || d[at] != quote {
		return -1
	}
	for at++; at < len(d); at++ {
		switch {
		case d[at] == '\\' && quote == '"':
			at++
		case d[at] == quote && quote == '\'' && at+1 < len(d) && d[at+1] == quote:
			at++
		case d[at] == quote:
			return at + 1
		}
	}
	return -1
}

// plainEnd returns where a plain scalar ends, -1 if it is not at at: except for
// folded white space it must be written as its value.
func plainEnd(d []byte, at int, value string) int {
	const space = " \t\r\n\u0085\u2028\u2029"
	for _, c := range value {
		if strings.ContainsRune(space, c) {
			continue
		}
		for {
			r, size := utf8.DecodeRune(d[min(at, len(d)):])
			if size == 0 {
				return -1
			}
			at += size
			if r == c {
				break
			}
			if !strings.ContainsRune(space, r) {
				return -1
			}
		}
	}
	return at
}

// block returns where the block scalar whose head is at at ends; the last line
// break is not part of it.
func (r *yamlReader) block(at, column int) int {
	d := r.data
	if at >= len(d) {
		return -1
	}
	head := d[at:r.lineEnd(at)]
	if i := bytes.IndexAny(head, " \t#\r\n"); i >= 0 {
		head = head[:i]
	}
	indent := -1
	if i := bytes.IndexAny(head, "123456789"); i >= 0 {
		indent = max(column, 0) + int(head[i]-'0')
	}
	keep := bytes.IndexByte(head, '+') >= 0
	bare := func(line []byte) []byte { return bytes.TrimRight(line, "\r\n") }
	next := r.lineEnd(at)
	end := at + len(bare(d[at:next]))
	for next < len(d) {
		start := next
		next = r.lineEnd(start)
		line := bare(d[start:next])
		depth := len(line) - len(bytes.TrimLeft(line, " "))
		switch {
		case depth == len(line) && (indent < 0 || depth <= indent):
			if keep {
				end = start + len(line)
			}
			continue
		case indent < 0 && depth > column:
			indent = depth
		case indent < 0 || depth < indent:
			return end
		}
		end = start + len(line)
	}
	return end
}
