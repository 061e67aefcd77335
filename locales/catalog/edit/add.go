package edit

import (
	"slices"
	"strings"

	"hexapla/pipeline/cst"
)

// An addition collects new messages by their places.
type addition struct {
	t            *tree
	messageNodes map[string]messageNode
	at           map[string]step // where new messages stand, for those that come after them
	texts        map[step][]string
	order        []step
	keys         map[*cst.Node]map[string]int // index of the elements of a table by their keys
}

func newAddition(t *tree) *addition {
	return &addition{t: t, messageNodes: t.messageNodes(), at: map[string]step{}, texts: map[step][]string{}, keys: map[*cst.Node]map[string]int{}}
}

// message puts a new message behind the one it comes after. It goes into the
// tables that its id names, if they are there.
func (a *addition) message(e Edit) {
	t := a.t
	if t.root == nil || len(t.root.Elements) == 0 {
		in := t.root
		if in == nil || t.yaml {
			in = &cst.Node{Kind: cst.Mapping, Flow: !t.yaml}
			if t.root != nil && t.root.Kind == cst.Sequence {
				in.Kind = cst.Sequence
			}
		}
		if len(a.order) > 0 {
			in = a.order[0].in
		}
		a.add(step{in, -1}, e, e.ID)
		return
	}
	in, key := t.root, e.ID
	for in.Kind == cst.Mapping {
		i := a.table(in, key)
		if i < 0 {
			break
		}
		key = strings.TrimPrefix(key, in.Elements[i].Key.Text+".")
		in = in.Elements[i].Value
	}
	at := step{in, len(in.Elements) - 1}
	if to, ok := a.at[e.After]; ok && to.in == in {
		at = to
	}
	for _, s := range a.messageNodes[e.After].steps {
		if s.in == in {
			at = s
		}
	}
	a.add(at, e, key)
}

// table is the index of the first table in a table that an id leads into, -1
// for none.
func (a *addition) table(in *cst.Node, id string) int {
	keys := a.keys[in]
	if keys == nil {
		keys = map[string]int{}
		for i, e := range slices.Backward(in.Elements) {
			if e.Value.Kind == cst.Mapping && !e.Value.Bare && len(e.Value.Elements) > 0 && !isMessage(e.Value) {
				keys[e.Key.Text] = i
			}
		}
		a.keys[in] = keys
	}
	first := -1
	for n := range len(id) - 1 {
		if id[n] != '.' || reserved(id[n+1:]) {
			continue
		}
		if i, there := keys[id[:n]]; there && (first < 0 || i < first) {
			first = i
		}
	}
	return first
}

func (a *addition) add(at step, e Edit, key string) {
	w := ""
	switch at.in.Kind {
	case cst.Mapping:
		w = a.t.pair(at.in, pair{key, textOf(e.Fields, true)}, at.i)
	case cst.Sequence:
		w = a.t.item(at.in, a.t.listItem(e.ID, e.Fields), at.i)
	default:
		return
	}
	if a.texts[at] == nil {
		a.order = append(a.order, at)
	}
	a.texts[at] = append(a.texts[at], w)
	a.at[e.ID] = at
}

func (a *addition) splices() []cst.Edit {
	var out []cst.Edit
	for _, at := range a.order {
		texts := a.texts[at]
		if len(at.in.Elements) > 0 {
			out = append(out, a.t.insert(at.in, at.i, texts)...)
			continue
		}
		out = append(out, a.t.insertFirst(at.in, texts)...)
	}
	return out
}

// insertFirst writes the first elements of a file.
func (t *tree) insertFirst(in *cst.Node, texts []string) []cst.Edit {
	switch {
	case t.root != nil && !t.yaml:
		return t.insertFlow(in, -1, texts)
	case !t.yaml:
		between := t.newline + t.unit
		return []cst.Edit{replace(0, len(t.data), "{"+between+strings.Join(texts, ","+between)+t.newline+"}"+t.newline)}
	}
	w := strings.Join(texts, t.newline)
	if t.root != nil {
		return []cst.Edit{replace(t.root.Start, t.root.End, w)}
	}
	end := len(t.data)
	if end > 0 && t.data[end-1] != '\n' {
		w = t.newline + w
	}
	return []cst.Edit{replace(end, end, w+t.newline)}
}
