package catalog

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"hexapla/locales/message"
)

// node is a JSON value whose object keys keep their order.
type node struct {
	keys     []string
	children map[string]*node
	text     string
	null     bool
}

func (n *node) child(key string) *node {
	if n == nil || n.children == nil {
		return nil
	}
	return n.children[key]
}

func (n *node) at(keys []string) *node {
	for _, k := range keys {
		n = n.child(k)
	}
	return n
}

func (n *node) find(keys []string) bool {
	m := n.at(keys)
	if m == nil {
		return false
	}
	if m.children == nil {
		return true
	}
	for _, k := range m.keys {
		if c := m.children[k]; c.children == nil && slices.Contains(message.Categories, strings.ToLower(k)) {
			return true
		}
	}
	return false
}

func (n *node) set(keys []string, fields []value, after []string) {
	parent := n.at(keys[:len(keys)-1])
	last := keys[len(keys)-1]
	m := &node{text: fields[0].text}
	if old := parent.child(last); len(fields) > 1 || fields[0].name != "other" || old != nil && old.children != nil {
		m = &node{children: map[string]*node{}}
		for _, v := range fields {
			m.keys = append(m.keys, v.name)
			m.children[v.name] = &node{text: v.text}
		}
	}
	if _, ok := parent.children[last]; !ok {
		i := len(parent.keys)
		if len(after) == 1 {
			if at := slices.Index(parent.keys, after[0]); at >= 0 {
				i = at + 1
			}
		}
		parent.keys = slices.Insert(parent.keys, i, last)
	}
	parent.children[last] = m
}

func (n *node) remove(keys []string) {
	parent := n.at(keys[:len(keys)-1])
	last := keys[len(keys)-1]
	delete(parent.children, last)
	parent.keys = slices.DeleteFunc(parent.keys, func(k string) bool { return k == last })
	if len(parent.keys) == 0 && len(keys) > 1 {
		n.remove(keys[:len(keys)-1])
	}
}

// rename gives a message another key; a nested one moves to the top, whose ids
// are keys as they are.
func (n *node) rename(keys []string, to string) {
	m := n.at(keys)
	if len(keys) > 1 {
		n.remove(keys)
		n.keys = append(n.keys, to)
	} else {
		n.keys[slices.Index(n.keys, keys[0])] = to
		delete(n.children, keys[0])
	}
	n.children[to] = m
}

func applyJSON(data []byte, file *message.File, edits []edit) ([]byte, error) {
	root := &node{children: map[string]*node{}}
	if len(bytes.TrimSpace(data)) > 0 {
		if bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) {
			return nil, v1(file.Path)
		}
		d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
		var err error
		if root, err = readJSON(d); err != nil {
			return nil, err
		}
	}
	if err := applyTree(root, edits); err != nil {
		return nil, err
	}
	return root.json(indentOf(data)), nil
}

func readJSON(d *json.Decoder) (*node, error) {
	tok, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch v := tok.(type) {
	case json.Delim:
		n := &node{children: map[string]*node{}}
		for d.More() {
			k, err := d.Token()
			if err != nil {
				return nil, err
			}
			key, _ := k.(string)
			child, err := readJSON(d)
			if err != nil {
				return nil, err
			}
			if _, ok := n.children[key]; !ok {
				n.keys = append(n.keys, key)
			}
			n.children[key] = child
		}
		_, err := d.Token()
		return n, err
	case string:
		return &node{text: v}, nil
	}
	return &node{null: true}, nil
}

// indentOf is how deep the first key of a JSON file is indented.
func indentOf(data []byte) string {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		rest := data[i+1:]
		if n := len(rest) - len(bytes.TrimLeft(rest, " \t")); n > 0 {
			return string(rest[:n])
		}
	}
	return "  "
}

func (n *node) json(indent string) []byte {
	var b bytes.Buffer
	var write func(n *node, depth int)
	text := func(s string) {
		var t bytes.Buffer
		e := json.NewEncoder(&t)
		e.SetEscapeHTML(false)
		_ = e.Encode(s) // a string always encodes
		b.Write(bytes.TrimRight(t.Bytes(), "\n"))
	}
	write = func(n *node, depth int) {
		switch {
		case n.null:
			b.WriteString("null")
		case n.children == nil:
			text(n.text)
		case len(n.keys) == 0:
			b.WriteString("{}")
		default:
			b.WriteString("{\n")
			for i, k := range n.keys {
				b.WriteString(strings.Repeat(indent, depth+1))
				text(k)
				b.WriteString(": ")
				write(n.children[k], depth+1)
				if i < len(n.keys)-1 {
					b.WriteByte(',')
				}
				b.WriteByte('\n')
			}
			b.WriteString(strings.Repeat(indent, depth) + "}")
		}
	}
	write(n, 0)
	b.WriteByte('\n')
	return b.Bytes()
}

// yamlTree edits the nodes of a YAML file, which keep its comments.
type yamlTree struct{ root *yaml.Node }

// pair is the index of a key in a mapping's content, -1 if it is not there.
func pair(m *yaml.Node, key string) int {
	if m == nil || m.Kind != yaml.MappingNode {
		return -1
	}
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			return i
		}
	}
	return -1
}

func (t yamlTree) at(keys []string) *yaml.Node {
	n := t.root
	for _, k := range keys {
		i := pair(n, k)
		if i < 0 {
			return nil
		}
		n = n.Content[i+1]
	}
	return n
}

func (t yamlTree) find(keys []string) bool {
	n := t.at(keys)
	switch {
	case n == nil:
		return false
	case n.Kind == yaml.ScalarNode:
		return true
	case n.Kind != yaml.MappingNode:
		return false
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i+1].Kind == yaml.ScalarNode && slices.Contains(message.Categories, strings.ToLower(n.Content[i].Value)) {
			return true
		}
	}
	return false
}

func scalar(s string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(s)
	return n
}

func (t yamlTree) set(keys []string, fields []value, after []string) {
	parent := t.at(keys[:len(keys)-1])
	last := keys[len(keys)-1]
	i := pair(parent, last)
	if i < 0 {
		at := len(parent.Content)
		if len(after) == 1 {
			if a := pair(parent, after[0]); a >= 0 {
				at = a + 2
			}
		}
		parent.Content = slices.Insert(parent.Content, at, scalar(last), scalar(""))
		i = at
	}
	old := parent.Content[i+1]
	if old.Kind == yaml.ScalarNode && len(fields) == 1 && fields[0].name == "other" {
		if old.Value != fields[0].text {
			comment := old.LineComment
			old.SetString(fields[0].text)
			old.LineComment = comment
		}
		return
	}
	m := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", HeadComment: old.HeadComment, LineComment: old.LineComment, FootComment: old.FootComment}
	for _, v := range fields {
		k, val := scalar(v.name), scalar(v.text)
		if j := pair(old, v.name); j >= 0 {
			k = old.Content[j]
			if val = old.Content[j+1]; val.Value != v.text {
				comment := val.LineComment
				val.SetString(v.text)
				val.LineComment = comment
			}
		}
		m.Content = append(m.Content, k, val)
	}
	parent.Content[i+1] = m
}

func (t yamlTree) remove(keys []string) {
	parent := t.at(keys[:len(keys)-1])
	if i := pair(parent, keys[len(keys)-1]); i >= 0 {
		parent.Content = slices.Delete(parent.Content, i, i+2)
	}
	if len(parent.Content) == 0 && len(keys) > 1 {
		t.remove(keys[:len(keys)-1])
	}
}

func (t yamlTree) rename(keys []string, to string) {
	m := t.at(keys)
	if len(keys) > 1 {
		t.remove(keys)
		t.root.Content = append(t.root.Content, scalar(to), m)
		return
	}
	t.root.Content[pair(t.root, keys[0])].SetString(to)
}

func applyYAML(data []byte, file *message.File, edits []edit) ([]byte, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, err
	}
	if doc.Kind == 0 {
		doc = yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{{Kind: yaml.MappingNode, Tag: "!!map"}}}
	}
	t := yamlTree{doc.Content[0]}
	if t.root.Kind != yaml.MappingNode {
		return nil, v1(file.Path)
	}
	if err := applyTree(t, edits); err != nil {
		return nil, err
	}
	return yamlBytes(&doc)
}

func yamlBytes(doc *yaml.Node) ([]byte, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(doc); err != nil {
		return nil, err
	}
	return b.Bytes(), e.Close()
}
