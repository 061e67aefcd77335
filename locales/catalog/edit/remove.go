package edit

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"hexapla/pipeline/cst"
)

// A removal collects the elements that go.
type removal struct {
	t      *tree
	marked map[*cst.Node]map[int]bool
	whole  map[*cst.Node]bool // containers whose elements go with the comments above them
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
		if len(r.marked[s.steps[i].in]) < len(s.steps[i].in.Elements) {
			return
		}
	}
}

// fields takes away the fields of a message that are not wanted. One stays, so
// that the message does: set makes another of it.
func (r *removal) fields(n *cst.Node, wanted []Field) {
	for _, i := range unwanted(n, wanted) {
		if len(r.marked[n]) < len(n.Elements)-1 {
			r.mark(step{n, i})
		}
	}
	if i := find(n, "translation"); i >= 0 && n.Elements[i].Value.Kind == cst.Mapping {
		r.fields(n.Elements[i].Value, wanted)
	}
}

// unwanted are the fields that have a text and are to have none.
func unwanted(n *cst.Node, wanted []Field) []int {
	var out []int
	if n.Kind != cst.Mapping {
		return nil
	}
	for i, e := range n.Elements {
		name := strings.ToLower(e.Key.Text)
		if name == "id" || name == "translation" || !reserved(name) || e.Value.Kind != cst.Scalar || e.Value.Text == "" ||
			slices.ContainsFunc(wanted, func(v Field) bool { return strings.EqualFold(v.Name, name) }) {
			continue
		}
		out = append(out, i)
	}
	return out
}

func (r *removal) splices() []cst.Edit {
	var out []cst.Edit
	for n, marked := range r.marked {
		if n.Flow {
			out = append(out, r.flow(n, marked)...)
		} else {
			out = append(out, r.block(n, marked)...)
		}
	}
	// Of a splice inside another one the outer is made: it comes first.
	slices.SortFunc(out, func(a, b cst.Edit) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End)) })
	end := -1
	return slices.DeleteFunc(out, func(s cst.Edit) bool {
		if s.End <= end && s.Start < end {
			return true
		}
		end = max(end, s.End)
		return false
	})
}

// flow removes elements of brackets with a comma each, and with their lines
// where they have lines of their own.
func (r *removal) flow(n *cst.Node, marked map[int]bool) []cst.Edit {
	if len(marked) == len(n.Elements) {
		return []cst.Edit{replace(inside(n), n.End-1, "")}
	}
	data := r.t.data
	var out []cst.Edit
	for i := 0; i < len(n.Elements); i++ {
		if !marked[i] {
			continue
		}
		run := i // up to which all go
		for marked[run+1] {
			run++
		}
		start, end := n.Elements[i].Start, n.Elements[run].Value.End
		_, own := r.t.indentAt(start)
		alone := len(bytes.Trim(data[end:r.t.End(end)], ", \t\r\n")) == 0
		switch {
		case run+1 < len(n.Elements) && n.Elements[run+1].Start < r.t.End(end):
			end = n.Elements[run+1].Start
		case run+1 < len(n.Elements) && own && alone:
			start, end = r.t.Start(start), r.t.End(end)
		case run+1 < len(n.Elements):
			if end = r.t.comma(end); i > 0 {
				start = r.t.comma(n.Elements[i-1].Value.End)
			}
		case own && r.t.Start(start) >= r.t.comma(n.Elements[i-1].Value.End):
			before := n.Elements[i-1].Value.End
			out = append(out, replace(before, r.t.comma(before), ""))
			if alone {
				start, end = r.t.Start(start), r.t.End(end)
			}
		default:
			start = n.Elements[i-1].Value.End
		}
		out = append(out, replace(start, end, ""))
		i = run
	}
	return out
}

// comma returns the offset after the comma behind an element.
func (t *tree) comma(at int) int {
	if i := cst.SkipBlank(t.data, at); i < len(t.data) && t.data[i] == ',' {
		return i + 1
	}
	return at
}

// inside returns the offset after the opening bracket.
func inside(n *cst.Node) int { return n.Content + 1 }

// block removes elements with their lines.
func (r *removal) block(n *cst.Node, marked map[int]bool) []cst.Edit {
	data := r.t.data
	var out []cst.Edit
	for i, e := range n.Elements {
		if !marked[i] {
			continue
		}
		if _, own := r.t.indentAt(e.Start); !own {
			// It begins on a line of something else, such as a dash.
			if i+1 < len(n.Elements) {
				out = append(out, replace(e.Start, n.Elements[i+1].Start, ""))
				continue
			}
		}
		start, end := r.t.Start(e.Start), r.t.End(e.Value.End)
		if r.whole[n] {
			floor := 0
			if i > 0 {
				floor = r.t.End(n.Elements[i-1].Value.End)
			}
			start = max(floor, r.t.commentStart(e.Start))
			if r.t.blankAt(end) && (start == 0 || r.t.blankBefore(start)) {
				end = r.t.End(end) // the blank line between it and the next
			} else if end == len(data) && r.t.blankBefore(start) && r.t.Start(start-1) >= floor {
				start = r.t.Start(start - 1)
			}
		}
		out = append(out, replace(start, end, ""))
	}
	if n == r.t.root && len(marked) == len(n.Elements) {
		empty := "{}"
		if n.Kind == cst.Sequence {
			empty = "[]"
		}
		end := out[len(out)-1].End
		out = append(out, replace(end, end, empty+r.t.newline))
	}
	return out
}
