package edit

import (
	"hexapla/locales/message"
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
			e := st.in.elems[st.i]
			own(l.commentStart(e.start), e.start)
			own(e.start, e.start)
			if e.key != nil {
				own(e.key.start, e.key.end)
			}
			if i == len(s.steps)-1 {
				own(e.start, e.val.end)
			}
			own(e.val.end, e.val.end)
		}
	}
	var shared func(n *node)
	shared = func(n *node) {
		for i, e := range n.elems {
			next := n.end - 1
			if i+1 < len(n.elems) {
				next = n.elems[i+1].start
			}
			if n.flow && l.Start(e.val.end) == l.Start(next) {
				own(e.val.end, next)
			}
			shared(e.val)
		}
		if n.flow && (len(n.elems) == 0 || all && n == tr.root) {
			own(n.start, n.end)
		}
	}
	shared(tr.root)
	return out
}
