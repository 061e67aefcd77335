package edit

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"hexapla/pipeline/cst"
)

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

// formatYAML writes a YAML file indented by two, with its comments and the blank
// lines between its messages.
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
			return withBlankLines(data, before), nil
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

// sameYAML reports whether two documents have the same keys and values.
func sameYAML(a, b *yaml.Node) bool {
	return a.Kind == b.Kind && a.Tag == b.Tag && a.Value == b.Value && slices.EqualFunc(a.Content, b.Content, sameYAML)
}

// withBlankLines returns a formatted file with one blank line before each key that has
// one in the original; the formatted file as it is where that would change a text.
func withBlankLines(original, formatted []byte) []byte {
	var was, now yaml.Node
	if yaml.Unmarshal(original, &was) != nil || yaml.Unmarshal(formatted, &now) != nil {
		return formatted
	}
	from, to := newLineIndex(original), newLineIndex(formatted)
	blank := map[int]bool{} // offsets in formatted
	var walk func(a, b *yaml.Node)
	walk = func(a, b *yaml.Node) {
		for i := range min(len(a.Content), len(b.Content)) {
			x, y := a.Content[i], b.Content[i]
			if starts := a.Kind == yaml.MappingNode && i%2 == 0 || a.Kind == yaml.SequenceNode; starts && a.Style&yaml.FlowStyle == 0 {
				if at := from.commentStart(from.Offset(x.Line, 1)); from.blankBefore(at) {
					if line := to.commentStart(to.Offset(y.Line, 1)); line > 0 && !to.blankBefore(line) {
						blank[line] = true
					}
				}
			}
			walk(x, y)
		}
	}
	walk(&was, &now)
	var splices []cst.Edit
	for at := range blank {
		splices = append(splices, replace(at, at, "\n"))
	}
	out := cst.Apply(formatted, splices)
	var again yaml.Node
	if yaml.Unmarshal(out, &again) != nil || !sameYAML(&now, &again) || !slices.Equal(yamlComments(&now), yamlComments(&again)) {
		return formatted
	}
	return out
}
