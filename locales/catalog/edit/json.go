package edit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// readJSON reads a JSON file that is known to be one.
func readJSON(data []byte) (*tree, error) {
	t := &tree{lineIndex: newLineIndex(data), newline: newlineOf(data), unit: "  "}
	if len(bytes.TrimSpace(data)) == 0 {
		return t, nil
	}
	r := &jsonReader{data: data}
	t.root = r.value()
	if r.broken {
		return nil, fmt.Errorf("file is not JSON")
	}
	if e := t.root.elems; len(e) > 0 {
		if unit, own := t.indentAt(e[0].start); own && unit != "" {
			t.unit = unit
		}
	}
	return t, nil
}

type jsonReader struct {
	data   []byte
	at     int
	broken bool
}

func (r *jsonReader) space() {
	for r.at < len(r.data) && strings.IndexByte(" \t\r\n,:", r.data[r.at]) >= 0 {
		r.at++
	}
}

func (r *jsonReader) value() *node {
	r.space()
	n := &node{start: r.at, flow: true}
	if r.broken = r.broken || r.at >= len(r.data); r.broken {
		return n
	}
	switch r.data[r.at] {
	case '{', '[':
		closing := byte('}')
		n.kind = mappingNode
		if r.data[r.at] == '[' {
			closing, n.kind = ']', sequenceNode
		}
		r.at++
		for r.space(); !r.broken && r.at < len(r.data) && r.data[r.at] != closing; r.space() {
			e := element{start: r.at}
			if n.kind == mappingNode {
				e.key = r.value()
			}
			e.val = r.value()
			n.elems = append(n.elems, e)
		}
		r.at++
	case '"':
		for r.at++; r.at < len(r.data) && r.data[r.at] != '"'; r.at++ {
			if r.data[r.at] == '\\' {
				r.at++
			}
		}
		r.at++
		if r.broken = r.at > len(r.data); !r.broken {
			r.broken = json.Unmarshal(r.data[n.start:r.at], &n.text) != nil
		}
	default:
		for r.at < len(r.data) && strings.IndexByte(" \t\r\n,]}", r.data[r.at]) < 0 {
			r.at++
		}
		n.null, n.raw = true, true
	}
	n.end = min(r.at, len(r.data))
	r.broken = r.broken || n.end == n.start
	return n
}

// formatJSON writes a JSON file indented, with all that is in it.
func formatJSON(t *tree) []byte {
	var b bytes.Buffer
	var write func(n *node, depth int)
	write = func(n *node, depth int) {
		switch {
		case n.kind == scalarNode && n.raw:
			b.Write(t.data[n.start:n.end])
		case n.kind == scalarNode:
			b.WriteString(quote(n.text))
		default:
			brackets := "{}"
			if n.kind == sequenceNode {
				brackets = "[]"
			}
			b.WriteByte(brackets[0])
			for i, e := range n.elems {
				if i > 0 {
					b.WriteByte(',')
				}
				b.WriteString("\n" + strings.Repeat(t.unit, depth+1))
				if e.key != nil {
					b.WriteString(quote(e.key.text) + ": ")
				}
				write(e.val, depth+1)
			}
			if len(n.elems) > 0 {
				b.WriteString("\n" + strings.Repeat(t.unit, depth))
			}
			b.WriteByte(brackets[1])
		}
	}
	write(t.root, 0)
	b.WriteByte('\n')
	return b.Bytes()
}
