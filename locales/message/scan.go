package message

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"hexapla/pipeline/cst"

	"go.yaml.in/yaml/v3"
)

// A leaf is one scalar of a file with the keys that lead to it.
type leaf struct {
	path                   []string
	value                  string
	isString               bool // or null, which go-i18n takes for an empty message
	null                   bool
	empty                  bool // a list without items, which gives no message
	keyOffset, valueOffset int
	valueEnd               int // 0 where the format does not say
	header                 int // offset of the line of the TOML table that the leaf is in, -1 for none
	headerPath             []string
	duplicate              bool
}

// table is the path of the table that the leaf is in.
func (l leaf) table() []string {
	n := len(l.path)
	if !l.isString || l.null || !isField(l.path[n-1]) {
		return l.path
	}
	if n > 2 && l.path[n-2] == "translation" { // v1 files
		return l.path[:n-2]
	}
	return l.path[:n-1]
}

// message gives the id of the message that the leaf belongs to, as go-i18n
// joins it, and the name of the field that it is.
func (l leaf) message() (id, field string) {
	table := l.table()
	field = "other"
	if len(table) < len(l.path) {
		if field = strings.ToLower(l.path[len(l.path)-1]); field == "translation" {
			field = "other"
		}
	}
	if len(table) == 1 {
		return table[0], field
	}
	return strings.Join(table, "."), field
}

// goID is the id that go-i18n gives to what stands at a path of keys. Items of
// lists have no key: the name of one without an id is empty.
func goID(path []string) string {
	var keys []string
	for _, k := range path {
		if !strings.HasPrefix(k, arrayMark) {
			keys = append(keys, k)
		}
	}
	if inList(path) {
		keys = append(keys, "")
	}
	return strings.Join(keys, ".")
}

// inList reports whether a path leads to an item of a list.
func inList(path []string) bool {
	return len(path) > 0 && strings.HasPrefix(path[len(path)-1], arrayMark)
}

// arrayMark begins the path element of an item of a list (of go-i18n's v1 files).
const arrayMark = "\x00#"

// tree puts the leaves together as a decoder would, for go-i18n to read. The
// decoders themselves are not used: go-toml's takes quadratic time over many
// tables, encoding/json drops duplicate keys, and none gives positions. The
// leaves that are there twice are marked; a key that is both a value and a
// table is an error, but in JSON, where the last one counts.
func tree(leaves []leaf, lastCounts bool) (any, error) {
	top := map[string]any{}
	for i := range leaves {
		l := &leaves[i]
		at := top
		for _, key := range l.path[:len(l.path)-1] {
			switch next := at[key].(type) {
			case nil:
				m := map[string]any{}
				at[key] = m
				at = m
			case map[string]any:
				at = next
			default:
				if !lastCounts {
					return nil, &positionError{offset: l.keyOffset, text: fmt.Sprintf("%q is a string and a table at once", key)}
				}
				l.duplicate = true
				m := map[string]any{}
				at[key] = m
				at = m
			}
		}
		last := l.path[len(l.path)-1]
		switch at[last].(type) {
		case map[string]any:
			if !lastCounts {
				return nil, &positionError{offset: l.keyOffset, text: fmt.Sprintf("%q is a string and a table at once", last)}
			}
			l.duplicate = true
		case string, null, []any:
			l.duplicate = true
		}
		switch {
		case l.empty:
			at[last] = []any{}
		case l.null:
			at[last] = null{}
		default:
			at[last] = l.value
		}
	}
	return lists(top), nil
}

// null stands for a null until lists is done: unlike nil it says that the key
// was there.
type null struct{}

// lists makes lists of the tables whose keys are list items.
func lists(v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		if _, ok := v.(null); ok {
			return nil
		}
		return v
	}
	var list []any
	for k, v := range m {
		if strings.HasPrefix(k, arrayMark) {
			list = append(list, lists(v))
		} else {
			m[k] = lists(v)
		}
	}
	if list != nil {
		return list
	}
	return m
}

// positionError is an error of a scan with its byte offset, or its line.
// structure says that the file parses, and is no message file.
type positionError struct {
	offset, line int
	text         string
	structure    bool
}

func (e *positionError) Error() string { return e.text }

var errDeep = fmt.Sprintf("tables are nested more than %d deep", maxDepth)

// leafPool keeps the room that the leaves of a file took, for the next file.
var leafPool = sync.Pool{New: func() any { return new([]leaf) }}

// release gives the room back; nothing may point to the leaves any more.
func release(leaves []leaf) {
	clear(leaves)
	leafPool.Put(&leaves)
}

// scanTOML returns the leaves of a TOML file, in room from leafPool.
func scanTOML(body []byte) ([]leaf, error) {
	leaves := (*leafPool.Get().(*[]leaf))[:0]
	var prefix []string
	header := -1
	var value func(path []string, keyOffset int, n *cst.Node) error
	value = func(path []string, keyOffset int, n *cst.Node) error {
		if len(path) > maxDepth {
			return &positionError{offset: keyOffset, text: errDeep}
		}
		switch {
		case n.Kind == cst.Mapping:
			for _, e := range n.Elements {
				at := e.Key.Start
				if n.Dotted {
					at = keyOffset // of the first part of the key
				}
				if err := value(append(path[:len(path):len(path)], e.Key.Text), at, e.Value); err != nil {
					return err
				}
			}
		case n.Kind == cst.Sequence && len(n.Elements) == 0:
			leaves = append(leaves, leaf{path: path, empty: true, keyOffset: keyOffset, header: -1})
		case n.Kind == cst.Sequence:
			for i, e := range n.Elements {
				if err := value(append(path[:len(path):len(path)], arrayMark+strconv.Itoa(i)), keyOffset, e.Value); err != nil {
					return err
				}
			}
		default:
			leaves = append(leaves, leaf{path: path, value: n.Text, isString: n.IsString(), keyOffset: keyOffset,
				valueOffset: n.Start, valueEnd: n.End, header: header, headerPath: prefix})
		}
		return nil
	}
	arrays := map[string]int{}
	err := cst.ScanTOML(body, func(e *cst.TOMLEntry) error {
		if e.Value == nil {
			prefix, header = e.Table, e.TableStart
			if e.Array {
				arrays[strings.Join(prefix, ".")]++
			}
			if len(arrays) > 0 {
				prefix = inArrays(prefix, arrays)
			}
			return nil
		}
		path := make([]string, len(prefix), len(prefix)+len(e.Keys))
		copy(path, prefix)
		for _, k := range e.Keys {
			path = append(path, k.Name)
		}
		return value(path, e.Keys[0].Start, e.Value)
	})
	if err != nil {
		return nil, scanError(err)
	}
	return leaves, nil
}

// inArrays adds to the keys of a table the items of the lists that it is in.
func inArrays(keys []string, arrays map[string]int) []string {
	var out []string
	for i, k := range keys {
		out = append(out, k)
		if n := arrays[strings.Join(keys[:i+1], ".")]; n > 0 {
			out = append(out, arrayMark+strconv.Itoa(n-1))
		}
	}
	return out
}

// scanJSON returns the leaves of a JSON file, duplicate keys included, which
// encoding/json would drop.
func scanJSON(body []byte) ([]leaf, error) {
	root, err := cst.ParseJSON(string(body), cst.JSONOptions{Depth: maxDepth})
	if err != nil {
		return nil, scanError(err)
	}
	if root == nil {
		return nil, &positionError{offset: len(body), text: "unexpected end of file"}
	}
	s := treeScan{body: body}
	err = s.value(nil, nil, root, root, false)
	return s.leaves, err
}

// scanYAML returns the leaves of a YAML file.
func scanYAML(body []byte) ([]leaf, error) {
	root, err := cst.ParseYAML(body)
	if err != nil {
		return nil, scanError(err)
	}
	if root == nil {
		return nil, nil
	}
	s := treeScan{body: body, yaml: true}
	err = s.value(nil, nil, root, root, false)
	return s.leaves, err
}

// treeScan collects the leaves of a tree.
type treeScan struct {
	body   []byte
	yaml   bool
	leaves []leaf
}

// value adds the leaves of n, which key leads to; an item of a list is its own
// key. above is the key above that one, nil at the top.
func (s *treeScan) value(path []string, above, key, n *cst.Node, duplicate bool) error {
	if len(path) > maxDepth {
		return &positionError{offset: key.Start, text: errDeep}
	}
	child := func(k string) []string { return append(path[:len(path):len(path)], k) }
	if key == n && len(path) == 0 {
		key = nil
	}
	switch n.Kind {
	case cst.Mapping:
		seen := map[string]bool{}
		for _, e := range n.Elements {
			k := e.Key
			if k.Tag == cst.Merge || k.Kind != cst.Scalar || k.Alias {
				return &positionError{offset: k.Start, text: "keys of a message file are plain strings"}
			}
			if k.Tag != cst.Str {
				return &positionError{offset: k.Start, structure: true,
					text: fmt.Sprintf("key %s is no string, and go-i18n does not load the file: write it in quotation marks", k.Text)}
			}
			if err := s.value(child(k.Text), key, k, e.Value, duplicate || seen[k.Text]); err != nil {
				return err
			}
			seen[k.Text] = true
		}
	case cst.Sequence:
		for i, e := range n.Elements {
			if err := s.value(child(arrayMark+strconv.Itoa(i)), key, e.Value, e.Value, duplicate); err != nil {
				return err
			}
		}
		if len(n.Elements) == 0 && len(path) > 0 {
			s.leaves = append(s.leaves, leaf{path: path, empty: true, keyOffset: key.Start, header: -1, duplicate: duplicate})
		}
	case cst.Scalar:
		// A text costs nothing to repeat; tables in tables double.
		if n.Alias && (n.Unplaced || key == nil) {
			return &positionError{offset: n.Start, text: fmt.Sprintf("alias *%s stands for more than one text: write out what it stands for", n.Text)}
		}
		if len(path) == 0 {
			return &positionError{offset: n.Start, text: "file is a single value: want messages by key"}
		}
		l := leaf{path: path, value: n.Text, isString: n.IsString() || n.IsNull(), null: n.IsNull(), keyOffset: key.Start,
			valueOffset: n.Start, header: -1, duplicate: duplicate}
		switch {
		case !s.yaml:
			l.valueEnd = n.End
		case above != nil:
			l.header, l.headerPath = above.Start, path[:len(path)-1]
		default:
			l.headerPath = path[:len(path)-1]
		}
		if l.null && !s.yaml {
			l.value = ""
		}
		s.leaves = append(s.leaves, l)
	}
	return nil
}

func scanError(err error) error {
	var e *cst.Error
	if !errors.As(err, &e) {
		return err
	}
	return &positionError{offset: e.Offset, line: e.Line, text: e.Message}
}

// SecondDocument is the offset at which the second document of a YAML file
// begins, which go-i18n does not read; -1 where there is none.
func SecondDocument(body []byte) int {
	if !bytes.Contains(body, []byte("\n---")) && !bytes.Contains(body, []byte("\n...")) {
		return -1
	}
	d := yaml.NewDecoder(bytes.NewReader(body))
	var first, second yaml.Node
	if d.Decode(&first) != nil {
		return -1
	}
	if err := d.Decode(&second); errors.Is(err, io.EOF) || err == nil && second.Content[0].Tag == "!!null" {
		return -1
	}
	at, tries := 0, 100 // what looks like the end of a document may be text
	for line := range bytes.Lines(body) {
		if at > 0 && tries > 0 && (bytes.HasPrefix(line, []byte("---")) || bytes.HasPrefix(line, []byte("..."))) {
			var head yaml.Node
			tries--
			if yaml.Unmarshal(body[:at], &head) == nil && head.Kind != 0 {
				return at
			}
		}
		at += len(line)
	}
	return 0
}
