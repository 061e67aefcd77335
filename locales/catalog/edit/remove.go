package edit

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
)

// A removal collects the elements that go.
type removal struct {
	t      *tree
	marked map[*node]map[int]bool
	whole  map[*node]bool // containers whose elements go with the comments above them
}

func (r *removal) mark(s step) {
	if r.marked[s.in] == nil {
		r.marked[s.in] = map[int]bool{}
	}
	r.marked[s.in][s.i] = true
}

// message takes away a message, and what then is empty.
func (r *removal) message(s messageNode) {
	for i := len(s.steps) - 1; i >= 0; i-- {
		r.mark(s.steps[i])
		r.whole[s.steps[i].in] = true
		if len(r.marked[s.steps[i].in]) < len(s.steps[i].in.elems) {
			return
		}
	}
}

// fields takes away the fields of a message that are not wanted. One stays, so
// that the message does: set makes another of it.
func (r *removal) fields(n *node, wanted []Field) {
	for _, i := range unwanted(n, wanted) {
		if len(r.marked[n]) < len(n.elems)-1 {
			r.mark(step{n, i})
		}
	}
	if i := n.find("translation"); i >= 0 && n.elems[i].val.kind == mappingNode {
		r.fields(n.elems[i].val, wanted)
	}
}

// unwanted are the fields that have a text and are to have none.
func unwanted(n *node, wanted []Field) []int {
	var out []int
	if n.kind != mappingNode {
		return nil
	}
	for i, e := range n.elems {
		name := strings.ToLower(e.key.text)
		if name == "id" || name == "translation" || !reserved(name) || e.val.kind != scalarNode || e.val.text == "" ||
			slices.ContainsFunc(wanted, func(v Field) bool { return strings.EqualFold(v.Name, name) }) {
			continue
		}
		out = append(out, i)
	}
	return out
}

func (r *removal) splices() []splice {
	var out []splice
	for n, marked := range r.marked {
		if n.flow {
			out = append(out, r.flow(n, marked)...)
		} else {
			out = append(out, r.block(n, marked)...)
		}
	}
	// Of a splice inside another one the outer is made: it comes first.
	slices.SortFunc(out, func(a, b splice) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end)) })
	end := -1
	return slices.DeleteFunc(out, func(s splice) bool {
		if s.end <= end && s.start < end {
			return true
		}
		end = max(end, s.end)
		return false
	})
}

// flow removes elements of brackets with a comma each, and with their lines
// where they have lines of their own.
func (r *removal) flow(n *node, marked map[int]bool) []splice {
	if len(marked) == len(n.elems) {
		return []splice{{n.inside(), n.end - 1, ""}}
	}
	data := r.t.data
	var out []splice
	for i := 0; i < len(n.elems); i++ {
		if !marked[i] {
			continue
		}
		run := i // up to which all go
		for marked[run+1] {
			run++
		}
		start, end := n.elems[i].start, n.elems[run].val.end
		_, own := r.t.indentAt(start)
		alone := len(bytes.Trim(data[end:r.t.End(end)], ", \t\r\n")) == 0
		switch {
		case run+1 < len(n.elems) && n.elems[run+1].start < r.t.End(end):
			end = n.elems[run+1].start
		case run+1 < len(n.elems) && own && alone:
			start, end = r.t.Start(start), r.t.End(end)
		case run+1 < len(n.elems):
			if end = r.t.comma(end); i > 0 {
				start = r.t.comma(n.elems[i-1].val.end)
			}
		case own && r.t.Start(start) >= r.t.comma(n.elems[i-1].val.end):
			before := n.elems[i-1].val.end
			out = append(out, splice{before, r.t.comma(before), ""})
			if alone {
				start, end = r.t.Start(start), r.t.End(end)
			}
		default:
			start = n.elems[i-1].val.end
		}
		out = append(out, splice{start, end, ""})
		i = run
	}
	return out
}

// comma is the offset after the comma behind an element.
func (t *tree) comma(at int) int {
	r := yamlReader{lineIndex: t.lineIndex}
	if i := r.blank(at, ""); i < len(t.data) && t.data[i] == ',' {
		return i + 1
	}
	return at
}

// inside is the offset after the opening bracket.
func (n *node) inside() int { return max(n.start, n.open) + 1 }

// block removes elements with their lines.
func (r *removal) block(n *node, marked map[int]bool) []splice {
	data := r.t.data
	var out []splice
	for i, e := range n.elems {
		if !marked[i] {
			continue
		}
		if _, own := r.t.indentAt(e.start); !own {
			// It begins on a line of something else, such as a dash.
			if i+1 < len(n.elems) {
				out = append(out, splice{e.start, n.elems[i+1].start, ""})
				continue
			}
		}
		start, end := r.t.Start(e.start), r.t.End(e.val.end)
		if r.whole[n] {
			floor := 0
			if i > 0 {
				floor = r.t.End(n.elems[i-1].val.end)
			}
			start = max(floor, r.t.commentStart(e.start))
			if r.t.blankAt(end) && (start == 0 || r.t.blankBefore(start)) {
				end = r.t.End(end) // the blank line between it and the next
			} else if end == len(data) && r.t.blankBefore(start) && r.t.Start(start-1) >= floor {
				start = r.t.Start(start - 1)
			}
		}
		out = append(out, splice{start, end, ""})
	}
	if n == r.t.root && len(marked) == len(n.elems) {
		empty := "{}"
		if n.kind == sequenceNode {
			empty = "[]"
		}
		end := out[len(out)-1].end
		out = append(out, splice{end, end, empty + r.t.newline})
	}
	return out
}
