package edit

import (
	"bytes"
	"fmt"
	"strings"

	"hexapla/pipeline/cst"
)

// readJSON reads a JSON file that is known to be one.
func readJSON(data []byte) (*tree, error) {
	t := &tree{lineIndex: newLineIndex(data), newline: newlineOf(data), unit: "  "}
	if len(bytes.TrimSpace(data)) == 0 {
		return t, nil
	}
	var err error
	if t.root, err = cst.ParseJSON(string(data), cst.JSONOptions{}); err != nil {
		return nil, fmt.Errorf("file is not JSON: %w", err)
	}
	if e := t.root.Elements; len(e) > 0 {
		if unit, own := t.indentAt(e[0].Start); own && unit != "" {
			t.unit = unit
		}
	}
	return t, nil
}

// formatJSON writes a JSON file indented, with all that is in it.
func formatJSON(t *tree) []byte {
	var b bytes.Buffer
	var write func(n *cst.Node, depth int)
	write = func(n *cst.Node, depth int) {
		switch {
		case n.Kind == cst.Scalar && !n.IsString():
			b.Write(t.data[n.Start:n.End])
		case n.Kind == cst.Scalar:
			b.WriteString(quote(n.Text))
		default:
			brackets := "{}"
			if n.Kind == cst.Sequence {
				brackets = "[]"
			}
			b.WriteByte(brackets[0])
			for i, e := range n.Elements {
				if i > 0 {
					b.WriteByte(',')
				}
				b.WriteString("\n" + strings.Repeat(t.unit, depth+1))
				if e.Key != nil {
					b.WriteString(quote(e.Key.Text) + ": ")
				}
				write(e.Value, depth+1)
			}
			if len(n.Elements) > 0 {
				b.WriteString("\n" + strings.Repeat(t.unit, depth))
			}
			b.WriteByte(brackets[1])
		}
	}
	write(t.root, 0)
	b.WriteByte('\n')
	return b.Bytes()
}
