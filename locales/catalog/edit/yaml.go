package edit

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// readYAML reads the first document of a YAML file with the place of every
// value. The library says where a value begins, not where it ends: that is
// found in the text.
func readYAML(data []byte) (*tree, error) {
	t := &tree{lineIndex: newLineIndex(data), yaml: true, newline: newlineOf(data), unit: "  "}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, err
	}
	if doc.Kind == 0 || len(doc.Content) == 0 {
		return t, nil
	}
	r := &yamlReader{lineIndex: t.lineIndex, lines: yamlLines(data)}
	t.root = r.node(doc.Content[0], 0, -1)
	if r.err != nil {
		return nil, r.err
	}
	if e := t.root.elems; t.root.kind == mappingNode && !t.root.flow {
		for _, e := range e {
			if d := e.val.column - t.root.column; e.val.kind != scalarNode && !e.val.flow && d > 0 {
				t.unit = strings.Repeat(" ", d)
				break
			}
		}
	}
	return t, nil
}

// yamlLines are the offsets at which lines begin, as YAML counts them.
func yamlLines(data []byte) []int {
	starts := []int{0}
	for i := 0; i < len(data); i++ {
		switch n := yamlBreak(data[i:]); {
		case n > 0:
			i += n - 1
			starts = append(starts, i+1)
		}
	}
	return starts
}

// yamlBreak is the length of the line break that b begins with, 0 for none.
func yamlBreak(b []byte) int {
	for _, s := range []string{"\r\n", "\n", "\r", "\u0085", "\u2028", "\u2029"} {
		if len(b) >= len(s) && string(b[:len(s)]) == s {
			return len(s)
		}
	}
	return 0
}

type yamlReader struct {
	*lineIndex
	lines []int // as YAML counts them
	err   error

	last struct{ line, column, offset int } // where a value was found last
}

func (r *yamlReader) fail(n *yaml.Node) *node {
	if r.err == nil {
		r.err = fmt.Errorf("YAML in line %d is too involved to edit", n.Line)
	}
	return &node{start: 0, end: 0}
}

func (r *yamlReader) offset(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(r.lines) {
		return len(r.data)
	}
	// Values come in the order in which they stand: those of one long line are
	// found from one to the next.
	if n.Line != r.last.line || n.Column < r.last.column {
		r.last.line, r.last.column, r.last.offset = n.Line, 1, r.lines[n.Line-1]
	}
	for ; r.last.column < n.Column && r.last.offset < len(r.data); r.last.column++ {
		_, size := utf8.DecodeRune(r.data[r.last.offset:])
		r.last.offset += size
	}
	return r.last.offset
}

// node reads n; column is that of the block it is in, floor where what stands
// before it ends.
func (r *yamlReader) node(n *yaml.Node, floor, column int) *node {
	out := &node{start: r.offset(n), flow: n.Style&yaml.FlowStyle != 0, column: n.Column - 1}
	if r.err != nil || out.start < floor {
		if n.Kind != yaml.ScalarNode || n.Value != "" || r.err != nil {
			return r.fail(n)
		}
		out.start = floor
	}
	switch n.Kind {
	case yaml.ScalarNode:
		r.scalar(n, out, column)
	case yaml.MappingNode, yaml.SequenceNode:
		r.collection(n, out)
	case yaml.AliasNode:
		if n.Alias.Kind != yaml.ScalarNode {
			return r.fail(n)
		}
		out.text, out.end = n.Alias.Value, out.start+len("*")+len(n.Value)
	default:
		return r.fail(n)
	}
	return out
}

func (r *yamlReader) collection(n *yaml.Node, out *node) {
	at := out.start
	if out.flow {
		at = r.properties(at)
		// The one pair of a mapping that is an item of a list needs no braces.
		if out.bare = at >= len(r.data) || r.data[at] != '{' && r.data[at] != '['; !out.bare {
			out.open = at
			at++
		}
	}
	step := 2
	out.kind = mappingNode
	if n.Kind == yaml.SequenceNode {
		step, out.kind = 1, sequenceNode
	}
	for i := 0; i+step <= len(n.Content); i += step {
		var e element
		if step == 2 {
			e.key = r.node(n.Content[i], at, out.column)
			at = e.key.end
			e.start = e.key.start
			if i == 0 && !out.flow {
				out.column = n.Content[0].Column - 1 // the mapping may begin with an anchor
			}
			if colon := r.colon(at); colon > 0 {
				at, e.colon = colon, colon
			}
		}
		e.val = r.node(n.Content[i+step-1], at, out.column)
		if step == 1 {
			e.start = e.val.start
			if !out.flow {
				e.start = r.dash(e.val.start, at, out.column)
			}
		}
		at = max(at, e.val.end)
		if r.err != nil {
			return
		}
		out.elems = append(out.elems, e)
	}
	out.end = at
	if out.flow && !out.bare {
		for out.end = r.blank(at, ","); out.end < len(r.data) && r.data[out.end] != '}' && r.data[out.end] != ']'; {
			r.fail(n)
			return
		}
		out.end++
	}
}

// blank is the first offset from at that is neither white space, nor in a
// comment, nor one of more.
func (r *yamlReader) blank(at int, more string) int {
	for at < len(r.data) {
		switch {
		case r.data[at] == '#':
			for at < len(r.data) && r.data[at] != '\n' {
				at++
			}
		case strings.IndexByte(" \t\r\n"+more, r.data[at]) >= 0:
			at++
		default:
			return at
		}
	}
	return at
}

// colon is the offset after the colon behind a key, 0 if there is none.
func (r *yamlReader) colon(at int) int {
	if at = r.blank(at, ""); at < len(r.data) && r.data[at] == ':' {
		return at + 1
	}
	return 0
}

// dash is where the dash of a list item stands.
func (r *yamlReader) dash(at, floor, column int) int {
	for line := r.Start(at); line >= 0; line = r.Start(line - 1) {
		if d := line + column; d >= floor && d < at && d < len(r.data) && r.data[d] == '-' {
			return d
		}
		if line == 0 || line <= floor {
			break
		}
	}
	return at
}

// properties is the offset after the anchor and tag that stand before a value.
func (r *yamlReader) properties(at int) int {
	for at < len(r.data) && (r.data[at] == '&' || r.data[at] == '!') {
		for at < len(r.data) && strings.IndexByte(" \t\r\n", r.data[at]) < 0 {
			at++
		}
		at = r.blank(at, "")
	}
	return at
}

func (r *yamlReader) scalar(n *yaml.Node, out *node, column int) {
	out.text, out.null = n.Value, n.Tag == "!!null"
	at := r.properties(out.start)
	out.style = n.Style &^ (yaml.TaggedStyle | yaml.FlowStyle)
	switch d := r.data; out.style {
	case yaml.DoubleQuotedStyle:
		for at++; at < len(d) && d[at] != '"'; at++ {
			if d[at] == '\\' {
				at++
			}
		}
		at++
	case yaml.SingleQuotedStyle:
		for at++; at < len(d); at++ {
			if d[at] == '\'' {
				if at+1 < len(d) && d[at+1] == '\'' {
					at++
					continue
				}
				break
			}
		}
		at++
	case yaml.LiteralStyle, yaml.FoldedStyle:
		at = r.block(at, column)
	default:
		if n.Value == "" {
			at = out.start
			if at < len(d) && (d[at] == '&' || d[at] == '!') {
				r.fail(n)
			}
			break
		}
		at = plainEnd(d, at, n.Value)
	}
	if out.end = at; at < 0 || at > len(r.data) {
		r.fail(n)
	}
}

// plainEnd is where a plain scalar ends, -1 if it is not at at: but for folded
// white space it reads as its value.
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

// block is where the block scalar whose head is at at ends; the last line break
// is not part of it.
func (r *yamlReader) block(at, column int) int {
	d := r.data
	head := d[at:r.End(at)]
	if i := bytes.IndexAny(head, " \t#\r\n"); i >= 0 {
		head = head[:i]
	}
	indent := -1
	if i := bytes.IndexAny(head, "123456789"); i >= 0 {
		indent = max(column, 0) + int(head[i]-'0')
	}
	keep := bytes.IndexByte(head, '+') >= 0
	bare := func(line []byte) []byte { return bytes.TrimRight(line, "\r\n") }
	next := r.End(at)
	end := at + len(bare(d[at:next]))
	for next < len(d) {
		start := next
		next = r.End(start)
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

// yamlComments are all comments of a document, sorted.
func yamlComments(n *yaml.Node) []string {
	var out []string
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		for _, c := range []string{n.HeadComment, n.LineComment, n.FootComment} {
			for line := range strings.Lines(c) {
				if line = strings.TrimSpace(line); line != "" {
					out = append(out, line)
				}
			}
		}
		for _, c := range n.Content {
			walk(c)
		}
	}
	walk(n)
	slices.Sort(out)
	return out
}

// formatYAML writes a YAML file indented by two, with its comments.
func formatYAML(data []byte) ([]byte, error) {
	var first yaml.Node
	if err := yaml.Unmarshal(data, &first); err != nil {
		return nil, err
	}
	if first.Kind == 0 {
		return data, nil // nothing but comments
	}
	doc, before := first, data
	// The library moves some comments when it writes them for the first time.
	for range 4 {
		var b bytes.Buffer
		e := yaml.NewEncoder(&b)
		e.SetIndent(2)
		if err := e.Encode(&doc); err != nil {
			return nil, err
		}
		if err := e.Close(); err != nil {
			return nil, err
		}
		doc = yaml.Node{}
		// It may lose a comment without knowing that it was there.
		if err := yaml.Unmarshal(b.Bytes(), &doc); err != nil || !sameYAML(&first, &doc) || !slices.Equal(yamlComments(&first), yamlComments(&doc)) || hashes(data) != hashes(b.Bytes()) {
			break
		}
		if bytes.Equal(before, b.Bytes()) {
			return before, nil
		}
		before = b.Bytes()
	}
	return nil, fmt.Errorf("YAML is too involved to format")
}

// hashes counts the lines that are comments, or look so.
func hashes(data []byte) int {
	n := 0
	for line := range bytes.Lines(data) {
		if bytes.HasPrefix(bytes.TrimSpace(line), []byte("#")) {
			n++
		}
	}
	return n
}

// sameYAML says whether two documents have the same keys and values.
func sameYAML(a, b *yaml.Node) bool {
	return a.Kind == b.Kind && a.Tag == b.Tag && a.Value == b.Value && slices.EqualFunc(a.Content, b.Content, sameYAML)
}
