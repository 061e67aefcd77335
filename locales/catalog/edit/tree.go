package edit

import (
	"bytes"
	"slices"
	"strings"

	"hexapla/locales/message"
	"hexapla/pipeline/cst"
)

// A tree is a JSON or YAML file with the place of every key and value. Edits
// are splices of its bytes.
type tree struct {
	*lineIndex
	root          *cst.Node // nil where there is no value
	yaml          bool
	newline, unit string // a line's end and one step of indentation, as the file has them
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
	in *cst.Node
	i  int
}

// A messageNode is a message in the tree.
type messageNode struct {
	prefix string // of the id: what the keys above give
	steps  []step
	node   *cst.Node
	own    *cst.Node // the value of its field "id"
	key    string
}

// isMessage reports of a value what go-i18n does: whether it is a message or a
// table of messages.
func isMessage(n *cst.Node) bool {
	if n.Kind == cst.Scalar {
		return true
	}
	return n.Kind == cst.Mapping && slices.ContainsFunc(n.Elements, func(e cst.Element) bool {
		return e.Key.Text == "translation" || reserved(e.Key.Text) && e.Value.Kind == cst.Scalar && !isNull(e.Value)
	})
}

// isNull reports whether go-i18n takes a value for none: a null, and in JSON
// whatever is not a string.
func isNull(n *cst.Node) bool {
	return n.IsNull() || n.Kind == cst.Scalar && n.Flow && !n.IsString()
}

// reserved reports whether go-i18n takes a key for a field of a message.
func reserved(key string) bool {
	switch key = strings.ToLower(key); key {
	case "id", "description", "hash", "leftdelim", "rightdelim", "translation":
		return true
	}
	return slices.Contains(message.Categories, key)
}

// find is the index of the field of this name, in any case; -1 for none.
func find(n *cst.Node, name string) int {
	if n.Kind != cst.Mapping {
		return -1
	}
	return slices.IndexFunc(n.Elements, func(e cst.Element) bool { return strings.EqualFold(e.Key.Text, name) })
}

// messageNodes are the messages by id, as go-i18n joins them. An id that is there
// twice has a messageNode without a node.
func (t *tree) messageNodes() map[string]messageNode {
	out := map[string]messageNode{}
	var visit func(n *cst.Node, key, prefix string, steps []step)
	visit = func(n *cst.Node, key, prefix string, steps []step) {
		if isMessage(n) {
			s := messageNode{prefix: prefix, steps: steps, node: n, key: key}
			id := key
			if i := find(n, "id"); i >= 0 && n.Elements[i].Value.Kind == cst.Scalar && n.Elements[i].Value.Text != "" {
				s.own = n.Elements[i].Value
				id = s.own.Text
			}
			if _, twice := out[prefix+id]; twice {
				s = messageNode{}
			}
			out[prefix+id] = s
			return
		}
		if len(steps) > 0 && steps[len(steps)-1].in.Kind == cst.Mapping {
			prefix += key + "."
		}
		for i, e := range n.Elements {
			key := ""
			if e.Key != nil {
				key = e.Key.Text
			}
			visit(e.Value, key, prefix, append(steps[:len(steps):len(steps)], step{n, i}))
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
	next := func(splices []cst.Edit) error {
		if len(splices) == 0 {
			return nil
		}
		data = cst.Apply(data, splices)
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
	gone := removal{t: t, marked: map[*cst.Node]map[int]bool{}, whole: map[*cst.Node]bool{}}
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
	var set []cst.Edit
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
	e := at.in.Elements[at.i]
	if inPlace && rest != "" {
		var out []byte
		switch {
		case s.own != nil:
			out = cst.Apply(data, []cst.Edit{replace(s.own.Start, s.own.End, t.key(rest))})
		case e.Key != nil:
			out = cst.Apply(data, []cst.Edit{replace(e.Key.Start, e.Key.End, t.key(rest))})
		}
		if t, err := read(out); err == nil && out != nil && t.messageNodes()[to].node != nil {
			return out, nil
		}
	}
	if t.root.Kind != cst.Mapping || len(s.steps) < 2 || s.own != nil || e.Key == nil {
		return data, nil
	}
	w := t.moved(at, to)
	if w == "" {
		return data, nil
	}
	data = cst.Apply(data, t.insert(t.root, s.steps[0].i, []string{w}))
	if t, err = read(data); err != nil {
		return nil, err
	}
	gone := removal{t: t, marked: map[*cst.Node]map[int]bool{}, whole: map[*cst.Node]bool{}}
	if s = t.messageNodes()[from]; s.node == nil {
		return data, nil
	}
	gone.message(s)
	return cst.Apply(data, gone.splices()), nil
}

// moved is a pair as it stands, with another key and at the top.
func (t *tree) moved(at step, key string) string {
	e := at.in.Elements[at.i]
	if t.root.Flow != at.in.Flow {
		return ""
	}
	if t.root.Flow {
		inner, _ := t.indentAt(e.Start)
		outer, _ := t.indentAt(t.root.Elements[0].Start)
		return t.key(key) + outdented(string(t.data[e.Key.End:e.Value.End]), len(inner)-len(outer))
	}
	depth := at.in.Column - t.root.Column
	start, end := t.Start(e.Start), t.End(e.Value.End)
	floor := 0 // where what stands before it ends
	if at.i > 0 {
		floor = t.End(at.in.Elements[at.i-1].Value.End)
	}
	above := t.data[min(start, max(t.commentStart(e.Start), floor)):start]
	if _, own := t.indentAt(e.Start); !own {
		above = nil
	}
	s := outdented("\n"+string(above), depth)[1:] + strings.Repeat(" ", t.root.Column) + t.key(key) + outdented(string(t.data[e.Key.End:end]), depth)
	return strings.TrimRight(strings.TrimPrefix(s, strings.Repeat(" ", t.root.Column)), "\r\n")
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
