package edit

import (
	"bytes"
	"strings"

	"hexapla/pipeline/cst"
)

// pair writes a new pair of a mapping; after is its neighbour.
func (t *tree) pair(in *cst.Node, p pair, after int) string {
	if !in.Flow {
		return t.key(p.key) + ":" + t.blockText(p.value, in.Column)
	}
	colon := ": "
	indent, own := "", false
	if len(in.Elements) > 0 {
		e := in.Elements[max(after, 0)]
		if !t.yaml {
			colon = string(t.data[e.Key.End:e.Value.Start])
		}
		indent, own = t.indentAt(e.Start)
	} else {
		indent, _ = t.indentAt(in.Start)
		indent, own = indent+t.unit, t.broken(in)
	}
	return t.key(p.key) + colon + t.flowText(p.value, indent, own && !t.yaml)
}

// broken reports whether what is put into empty brackets gets lines of its own.
func (t *tree) broken(in *cst.Node) bool {
	return !t.yaml && (t.root == nil || in == t.root || bytes.IndexByte(t.data[t.root.Start:t.root.End], '\n') >= 0)
}

// item writes a new item of a list.
func (t *tree) item(in *cst.Node, v text, after int) string {
	if !in.Flow {
		return "- " + t.blockPairs(v.pairs, in.Column+2)
	}
	if len(in.Elements) > 0 {
		indent, own := t.indentAt(in.Elements[max(after, 0)].Start)
		return t.flowText(v, indent, own && !t.yaml)
	}
	indent, _ := t.indentAt(in.Start)
	return t.flowText(v, indent+t.unit, t.broken(in))
}

// insert puts texts into a container after one of its elements, -1 for before
// all.
func (t *tree) insert(in *cst.Node, after int, texts []string) []cst.Edit {
	if in.Bare || len(texts) == 0 {
		return nil
	}
	if in.Flow {
		return t.insertFlow(in, after, texts)
	}
	indent := strings.Repeat(" ", in.Column)
	if after < 0 {
		between := t.newline + indent
		return []cst.Edit{replace(in.Elements[0].Start, in.Elements[0].Start, strings.Join(texts, between)+between)}
	}
	e := in.Elements[after]
	at := t.End(e.Value.End)
	blank := ""
	if after > 0 && t.blankBefore(t.commentStart(e.Start)) ||
		after == 0 && len(in.Elements) > 1 && t.blankBefore(t.commentStart(in.Elements[1].Start)) {
		blank = t.newline
	}
	w := ""
	if at > 0 && t.data[at-1] != '\n' {
		w = t.newline
	}
	for _, s := range texts {
		w += blank + indent + s + t.newline
	}
	return []cst.Edit{replace(at, at, w)}
}

func (t *tree) insertFlow(in *cst.Node, after int, texts []string) []cst.Edit {
	if len(in.Elements) == 0 {
		w := strings.Join(texts, ", ")
		if t.broken(in) {
			indent, _ := t.indentAt(in.Start)
			between := t.newline + indent + t.unit
			w = between + strings.Join(texts, ","+between) + t.newline + indent
		}
		return []cst.Edit{replace(inside(in), in.End-1, w)}
	}
	gap := func(k int) string {
		from := inside(in)
		if k > 0 {
			from = in.Elements[k-1].Value.End
		}
		s := strings.Replace(string(t.data[from:in.Elements[k].Start]), ",", "", 1)
		if strings.TrimSpace(s) != "" || k == 0 && !strings.Contains(s, "\n") {
			return " "
		}
		return s
	}
	between := gap(0)
	if after > 0 {
		between = gap(after)
	} else if len(in.Elements) > 1 {
		between = gap(1)
	}
	if after < 0 {
		at := in.Elements[0].Start
		return []cst.Edit{replace(at, at, strings.Join(texts, ","+between)+","+between)}
	}
	at := in.Elements[after].Value.End
	if !strings.Contains(between, "\n") && len(bytes.Trim(t.data[at:t.End(at)], ", \t\r\n")) == 0 {
		indent, _ := t.indentAt(in.Start) // the line is at its end
		between = t.newline + indent + t.unit
	}
	return []cst.Edit{replace(at, at, ","+between+strings.Join(texts, ","+between))}
}
