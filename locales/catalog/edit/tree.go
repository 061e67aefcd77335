package edit

import (
	"bytes"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"hexapla/locales/message"
)

// A tree is a JSON or YAML file with the place of every key and value. Edits
// are splices of its bytes.
type tree struct {
	*lineIndex
	root          *node // nil where there is no value
	yaml          bool
	newline, unit string // a line's end and one step of indentation, as the file has them
}

type nodeKind byte

const (
	scalarNode nodeKind = iota
	mappingNode
	sequenceNode
)

// A node is one value. A block scalar's last line break is not part of it.
type node struct {
	kind       nodeKind
	start, end int
	text       string
	null, raw  bool // raw: a JSON scalar that is no string
	elems      []element

	flow   bool // JSON, and what YAML has in brackets
	bare   bool // without the brackets
	open   int  // where YAML's bracket is, behind an anchor
	column int  // of the keys or dashes of a block, from 0
	style  yaml.Style
}

// An element is a pair of a mapping or an item of a list.
type element struct {
	start int   // of the key or of the dash
	key   *node // nil in a list
	colon int   // after YAML's colon, 0 where there is none
	val   *node
}

// newlineOf is how the first line ends.
func newlineOf(data []byte) string {
	if i := bytes.IndexByte(data, '\n'); i > 0 && data[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// indentAt is the white space that the line of at begins with, and whether
// nothing else stands before at.
func (t *tree) indentAt(at int) (string, bool) {
	line := t.data[t.Start(at):at]
	indent := line[:len(line)-len(bytes.TrimLeft(line, " \t"))]
	return string(indent), len(indent) == len(line)
}

// A step leads from a container to one of its elements.
type step struct {
	in *node
	i  int
}

// A messageNode is a message in the tree.
type messageNode struct {
	prefix string // of the id: what the keys above give
	steps  []step
	node   *node
	own    *node // the value of its field "id"
	key    string
}

// isMessage says of a value what go-i18n does: whether it is a message or a
// table of messages.
func (n *node) isMessage() bool {
	if n.kind == scalarNode {
		return true
	}
	return n.kind == mappingNode && slices.ContainsFunc(n.elems, func(e element) bool {
		return e.key.text == "translation" || reserved(e.key.text) && e.val.kind == scalarNode && !e.val.null
	})
}

// reserved says whether go-i18n takes a key for a field of a message.
func reserved(key string) bool {
	switch key = strings.ToLower(key); key {
	case "id", "description", "hash", "leftdelim", "rightdelim", "translation":
		return true
	}
	return slices.Contains(message.Categories, key)
}

// find is the index of the field of this name, in any case; -1 for none.
func (n *node) find(name string) int {
	if n.kind != mappingNode {
		return -1
	}
	return slices.IndexFunc(n.elems, func(e element) bool { return strings.EqualFold(e.key.text, name) })
}

// messageNodes are the messages by id, as go-i18n joins them. An id that is there
// twice has a messageNode without a node.
func (t *tree) messageNodes() map[string]messageNode {
	out := map[string]messageNode{}
	var visit func(n *node, key, prefix string, steps []step)
	visit = func(n *node, key, prefix string, steps []step) {
		if n.isMessage() {
			s := messageNode{prefix: prefix, steps: steps, node: n, key: key}
			id := key
			if i := n.find("id"); i >= 0 && n.elems[i].val.kind == scalarNode && n.elems[i].val.text != "" {
				s.own = n.elems[i].val
				id = s.own.text
			}
			if _, twice := out[prefix+id]; twice {
				s = messageNode{}
			}
			out[prefix+id] = s
			return
		}
		if len(steps) > 0 && steps[len(steps)-1].in.kind == mappingNode {
			prefix += key + "."
		}
		for i, e := range n.elems {
			key := ""
			if e.key != nil {
				key = e.key.text
			}
			visit(e.val, key, prefix, append(steps[:len(steps):len(steps)], step{n, i}))
		}
	}
	if t.root != nil {
		visit(t.root, "", "", nil)
	}
	return out
}

// A reader makes the tree of a file.
type reader func([]byte) (*tree, error)

// applyTree makes edits in a JSON or YAML file, one kind after the other, each
// in the file as the one before has left it. What it cannot do it leaves: apply
// compares the result with what was wanted.
func applyTree(read reader, data []byte, edits []Edit) ([]byte, error) {
	t, err := read(data)
	if err != nil {
		return nil, err
	}
	was := t.messageNodes()
	next := func(splices []splice) error {
		if len(splices) == 0 {
			return nil
		}
		data = spliced(data, splices)
		t, err = read(data)
		return err
	}
	for _, e := range edits {
		if e.Rename == "" || was[e.ID].node == nil {
			continue
		}
		if data, err = renamed(read, data, e.ID, e.Rename); err != nil {
			return nil, err
		}
		if t, err = read(data); err != nil {
			return nil, err
		}
	}
	gone := removal{t: t, marked: map[*node]map[int]bool{}, whole: map[*node]bool{}}
	messageNodes := t.messageNodes()
	for _, e := range edits {
		s := messageNodes[e.ID]
		switch {
		case s.node == nil || e.Rename != "":
		case e.Fields == nil:
			gone.message(s)
		default:
			gone.fields(s.node, e.Fields)
		}
	}
	if err := next(gone.splices()); err != nil {
		return nil, err
	}
	var set []splice
	messageNodes = t.messageNodes()
	for _, e := range edits {
		if s := messageNodes[e.ID]; s.node != nil && e.Rename == "" && e.Fields != nil {
			set = append(set, t.replaceFields(s, e.Fields)...)
		}
	}
	if err := next(set); err != nil {
		return nil, err
	}
	adding := newAddition(t)
	for _, e := range edits {
		if _, there := was[e.ID]; !there && e.Rename == "" && e.Fields != nil {
			adding.message(e)
		}
	}
	if err := next(adding.splices()); err != nil {
		return nil, err
	}
	return data, nil
}

// renamed gives a message another id: in place where the tables that it is in
// stay the same, else by moving it to the top, behind where it was.
func renamed(read reader, data []byte, from, to string) ([]byte, error) {
	t, err := read(data)
	if err != nil {
		return nil, err
	}
	s := t.messageNodes()[from]
	if s.node == nil || len(s.steps) == 0 {
		return data, nil
	}
	rest, inPlace := strings.CutPrefix(to, s.prefix)
	at := s.last()
	e := at.in.elems[at.i]
	if inPlace && rest != "" {
		var out []byte
		switch {
		case s.own != nil:
			out = spliced(data, []splice{{s.own.start, s.own.end, t.key(rest)}})
		case e.key != nil:
			out = spliced(data, []splice{{e.key.start, e.key.end, t.key(rest)}})
		}
		if t, err := read(out); err == nil && out != nil && t.messageNodes()[to].node != nil {
			return out, nil
		}
	}
	if t.root.kind != mappingNode || len(s.steps) < 2 || s.own != nil || e.key == nil {
		return data, nil
	}
	w := t.moved(at, to)
	if w == "" {
		return data, nil
	}
	data = spliced(data, t.insert(t.root, s.steps[0].i, []string{w}))
	if t, err = read(data); err != nil {
		return nil, err
	}
	gone := removal{t: t, marked: map[*node]map[int]bool{}, whole: map[*node]bool{}}
	if s = t.messageNodes()[from]; s.node == nil {
		return data, nil
	}
	gone.message(s)
	return spliced(data, gone.splices()), nil
}

// moved is a pair as it stands, with another key and at the top.
func (t *tree) moved(at step, key string) string {
	e := at.in.elems[at.i]
	if t.root.flow != at.in.flow {
		return ""
	}
	if t.root.flow {
		inner, _ := t.indentAt(e.start)
		outer, _ := t.indentAt(t.root.elems[0].start)
		return t.key(key) + outdented(string(t.data[e.key.end:e.val.end]), len(inner)-len(outer))
	}
	depth := at.in.column - t.root.column
	start, end := t.Start(e.start), t.End(e.val.end)
	floor := 0 // where what stands before it ends
	if at.i > 0 {
		floor = t.End(at.in.elems[at.i-1].val.end)
	}
	above := t.data[min(start, max(t.commentStart(e.start), floor)):start]
	if _, own := t.indentAt(e.start); !own {
		above = nil
	}
	s := outdented("\n"+string(above), depth)[1:] + strings.Repeat(" ", t.root.column) + t.key(key) + outdented(string(t.data[e.key.end:end]), depth)
	return strings.TrimRight(strings.TrimPrefix(s, strings.Repeat(" ", t.root.column)), "\r\n")
}

// outdented takes up to depth characters of indentation from every line but the
// first.
func outdented(s string, depth int) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		if b.Len() > 0 {
			n := len(line) - len(strings.TrimLeft(line, " \t"))
			line = line[min(n, max(depth, 0)):]
		}
		b.WriteString(line)
	}
	return b.String()
}
