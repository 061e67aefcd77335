package edit

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

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

// yamlComments are all comments of a document, sorted.
func yamlComments(n *yaml.Node) []string {
	var out []string
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		for _, c := range []string{n.HeadComment, n.LineComment, n.FootComment} {
			for line := range strings.Lines(c) {
				if line = strings.TrimSpace(line); line != "" {
					out = append(out, line)
				}
			}
		}
		for _, c := range n.Content {
			walk(c)
		}
	}
	walk(n)
	slices.Sort(out)
	return out
}

// formatYAML writes a YAML file indented by two, with its comments.
func formatYAML(data []byte) ([]byte, error) {
	var first yaml.Node
	if err := yaml.Unmarshal(data, &first); err != nil {
		return nil, err
	}
	if first.Kind == 0 {
		return data, nil // nothing but comments
	}
	doc, before := first, data
	// The library moves some comments when it writes them for the first time.
	for range 4 {
		var b bytes.Buffer
		e := yaml.NewEncoder(&b)
		e.SetIndent(2)
		if err := e.Encode(&doc); err != nil {
			return nil, err
		}
		if err := e.Close(); err != nil {
			return nil, err
		}
		doc = yaml.Node{}
		// It may lose a comment without knowing that it was there.
		if err := yaml.Unmarshal(b.Bytes(), &doc); err != nil || !sameYAML(&first, &doc) || !slices.Equal(yamlComments(&first), yamlComments(&doc)) || hashes(data) != hashes(b.Bytes()) {
			break
		}
		if bytes.Equal(before, b.Bytes()) {
			return before, nil
		}
		before = b.Bytes()
	}
	return nil, fmt.Errorf("YAML is too involved to format")
}

// hashes counts the lines that are comments, or look so.
func hashes(data []byte) int {
	n := 0
	for line := range bytes.Lines(data) {
		if bytes.HasPrefix(bytes.TrimSpace(line), []byte("#")) {
			n++
		}
	}
	return n
}

// sameYAML says whether two documents have the same keys and values.
func sameYAML(a, b *yaml.Node) bool {
	return a.Kind == b.Kind && a.Tag == b.Tag && a.Value == b.Value && slices.EqualFunc(a.Content, b.Content, sameYAML)
}
