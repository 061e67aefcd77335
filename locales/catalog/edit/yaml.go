package edit

import (
	"fmt"
	"strings"

	"hexapla/pipeline/cst"
)

// readYAML reads the first document of a YAML file.
func readYAML(data []byte) (*tree, error) {
	t := &tree{lineIndex: newLineIndex(data), yaml: true, newline: newlineOf(data), unit: "  "}
	var err error
	if t.root, err = cst.ParseYAML(data); err != nil || t.root == nil {
		return t, err
	}
	if n := t.root.FirstUnplaced(); n != nil {
		line, _ := t.At(n.Start)
		return nil, fmt.Errorf("YAML in line %d is too involved to edit", line)
	}
	if t.root.Kind == cst.Mapping && !t.root.Flow {
		for _, e := range t.root.Elements {
			if d := e.Value.Column - t.root.Column; e.Value.Kind != cst.Scalar && !e.Value.Flow && d > 0 {
				t.unit = strings.Repeat(" ", d)
				break
			}
		}
	}
	return t, nil
}
