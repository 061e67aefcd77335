package edit

import (
	"hexapla/locales/message"
	"hexapla/pipeline/cst"
)

// Owned returns the lines of a file that belong to messages: their own, the
// comments above them, and the keys of the tables around them. In brackets a
// line that is shared, with the next element or the closing bracket, counts too.
func Owned(name string, data []byte, ids map[string]bool) map[int]bool {
	out := map[int]bool{}
	l := newLineIndex(data)
	own := func(start, end int) {
		for at := start; ; at = l.End(at) {
			out[l.Start(at)] = true
			if l.End(at) >= end || at >= len(data) {
				break
			}
		}
	}
	file, _ := message.Parse(name, data)
	if file.Format == "toml" {
		for _, e := range file.Entries {
			if ids[e.ID] {
				own(l.commentStart(e.Offset), e.Offset)
				own(e.Offset, e.Offset)
				if l.shape(&e) == tableShape {
					own(e.Offset, l.last(&e)) // with the comments inside
				}
				for _, f := range e.Fields {
					own(min(f.Key, f.Offset), f.End)
				}
			}
		}
		return out
	}
	read := readYAML
	if file.Format == "json" {
		read = readJSON
	}
	tr, err := read(data)
	if err != nil || tr.root == nil {
		return out
	}
	all := true
	for id, s := range tr.messageNodes() {
		if all = all && ids[id]; !ids[id] {
			continue
		}
		for i, st := range s.steps {
			e := st.in.Elements[st.i]
			own(l.commentStart(e.Start), e.Start)
			own(e.Start, e.Start)
			if e.Key != nil {
				own(e.Key.Start, e.Key.End)
			}
			if i == len(s.steps)-1 {
				own(e.Start, e.Value.End)
			}
			own(e.Value.End, e.Value.End)
		}
	}
	var shared func(n *cst.Node)
	shared = func(n *cst.Node) {
		for i, e := range n.Elements {
			next := n.End - 1
			if i+1 < len(n.Elements) {
				next = n.Elements[i+1].Start
			}
			if n.Flow && l.Start(e.Value.End) == l.Start(next) {
				own(e.Value.End, next)
			}
			shared(e.Value)
		}
		if n.Flow && (len(n.Elements) == 0 || all && n == tr.root) {
			own(n.Start, n.End)
		}
	}
	shared(tr.root)
	return out
}
