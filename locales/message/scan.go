package message

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2/unstable"
	"go.yaml.in/yaml/v3"
)

// A leaf is one scalar of a file with the keys that lead to it.
type leaf struct {
	path                   []string
	value                  string
	isString               bool
	keyOffset, valueOffset int
	duplicate              bool
}

// table is the path of the table that the leaf is in.
func (l leaf) table() []string {
	if l.isString && isField(l.path[len(l.path)-1]) {
		return l.path[:len(l.path)-1]
	}
	return l.path
}

// message gives the id of the message that the leaf belongs to, as go-i18n
// joins it, and the name of the field that it is.
func (l leaf) message() (id, field string) {
	table := l.table()
	field = "other"
	if len(table) < len(l.path) {
		field = strings.ToLower(l.path[len(l.path)-1])
	}
	return strings.Join(table, "."), field
}

// positionError is an error of a scan with its byte offset, or its line.
type positionError struct {
	offset, line int
	text         string
}

func (e *positionError) Error() string { return e.text }

var errDeep = fmt.Sprintf("tables are nested more than %d deep", maxDepth)

// lineIndex turns byte offsets into lines and columns, quickly for many.
type lineIndex struct {
	body   []byte
	starts []int
}

func newLineIndex(body []byte) *lineIndex {
	ix := &lineIndex{body: body, starts: []int{0}}
	for i := 0; ; {
		n := bytes.IndexByte(body[i:], '\n')
		if n < 0 {
			return ix
		}
		i += n + 1
		ix.starts = append(ix.starts, i)
	}
}

func (ix *lineIndex) at(offset int) (line, column int) {
	line = sort.Search(len(ix.starts), func(i int) bool { return ix.starts[i] > offset })
	return line, utf8.RuneCount(ix.body[ix.starts[line-1]:offset]) + 1
}

// offset is the other way round.
func (ix *lineIndex) offset(line, column int) int {
	if line < 1 || line > len(ix.starts) {
		return 0
	}
	at := ix.starts[line-1]
	for ; column > 1 && at < len(ix.body); column-- {
		_, n := utf8.DecodeRune(ix.body[at:])
		at += n
	}
	return at
}

// scanTOML finds the leaves of a TOML file.
func scanTOML(body []byte) ([]leaf, error) {
	var p unstable.Parser
	p.Reset(body)
	var leaves []leaf
	var prefix []string
	key := func(n *unstable.Node) (parts []string, offset int) {
		offset = -1
		for it := n.Key(); it.Next(); {
			k := it.Node()
			if offset < 0 {
				offset = int(k.Raw.Offset)
			}
			parts = append(parts, string(k.Data))
		}
		return parts, max(offset, 0)
	}
	var value func(path []string, keyOffset int, n *unstable.Node) error
	value = func(path []string, keyOffset int, n *unstable.Node) error {
		if len(path) > maxDepth {
			return &positionError{offset: keyOffset, text: errDeep}
		}
		switch n.Kind {
		case unstable.InlineTable:
			for it := n.Children(); it.Next(); {
				kv := it.Node()
				parts, at := key(kv)
				if err := value(append(path[:len(path):len(path)], parts...), at, kv.Value()); err != nil {
					return err
				}
			}
		case unstable.Array:
			i := 0
			for it := n.Children(); it.Next(); i++ {
				if err := value(append(path[:len(path):len(path)], "#"+strconv.Itoa(i)), keyOffset, it.Node()); err != nil {
					return err
				}
			}
		default:
			leaves = append(leaves, leaf{path: path, value: string(n.Data), isString: n.Kind == unstable.String, keyOffset: keyOffset, valueOffset: int(n.Raw.Offset)})
		}
		return nil
	}
	arrays := map[string]int{}
	for p.NextExpression() {
		e := p.Expression()
		switch e.Kind {
		case unstable.Table:
			prefix, _ = key(e)
		case unstable.ArrayTable:
			prefix, _ = key(e)
			name := strings.Join(prefix, ".")
			prefix = append(prefix, "#"+strconv.Itoa(arrays[name]))
			arrays[name]++
		case unstable.KeyValue:
			parts, at := key(e)
			if err := value(append(prefix[:len(prefix):len(prefix)], parts...), at, e.Value()); err != nil {
				return nil, err
			}
		}
	}
	if err := p.Error(); err != nil {
		var perr *unstable.ParserError
		if errors.As(err, &perr) {
			return nil, &positionError{offset: int(p.Range(perr.Highlight).Offset), text: perr.Message}
		}
		return nil, err
	}
	return leaves, nil
}

// scanJSON finds the leaves of a JSON file, duplicate keys included, which
// encoding/json would drop.
func scanJSON(body []byte) ([]leaf, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	s := &jsonScan{d: d, body: body}
	if err := s.value(nil, 0, false); err != nil {
		return nil, s.place(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, &positionError{offset: s.start(), text: "text after the end of the JSON value"}
	}
	return s.leaves, nil
}

type jsonScan struct {
	d      *json.Decoder
	body   []byte
	leaves []leaf
}

// start is the offset of the next token.
func (s *jsonScan) start() int {
	i := int(s.d.InputOffset())
	for i < len(s.body) && strings.IndexByte(" \t\r\n,:", s.body[i]) >= 0 {
		i++
	}
	return i
}

func (s *jsonScan) place(err error) error {
	var pos *positionError
	if errors.As(err, &pos) {
		return err
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at := max(int(syntax.Offset)-1, 0)
		for at < len(s.body) && strings.IndexByte(" \t\r\n", s.body[at]) >= 0 {
			at++
		}
		return &positionError{offset: at, text: strings.TrimPrefix(syntax.Error(), "json: ")}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &positionError{offset: len(s.body), text: "unexpected end of file"}
	}
	return &positionError{offset: s.start(), text: err.Error()}
}

func (s *jsonScan) value(path []string, keyOffset int, duplicate bool) error {
	if len(path) > maxDepth {
		return &positionError{offset: keyOffset, text: errDeep}
	}
	at := s.start()
	tok, err := s.d.Token()
	if err != nil {
		return err
	}
	child := func(k string) []string { return append(path[:len(path):len(path)], k) }
	switch tok {
	case json.Delim('{'):
		seen := map[string]bool{}
		for s.d.More() {
			keyAt := s.start()
			k, err := s.d.Token()
			if err != nil {
				return err
			}
			name, ok := k.(string)
			if !ok {
				return &positionError{offset: keyAt, text: "object key is not a string"}
			}
			if err := s.value(child(name), keyAt, duplicate || seen[name]); err != nil {
				return err
			}
			seen[name] = true
		}
		_, err = s.d.Token()
		return err
	case json.Delim('['):
		for i := 0; s.d.More(); i++ {
			if err := s.value(child("#"+strconv.Itoa(i)), s.start(), duplicate); err != nil {
				return err
			}
		}
		_, err = s.d.Token()
		return err
	}
	if len(path) == 0 {
		return &positionError{offset: at, text: "file is a single value: want messages by key"}
	}
	l := leaf{path: path, keyOffset: keyOffset, valueOffset: at, duplicate: duplicate}
	switch v := tok.(type) {
	case string:
		l.value, l.isString = v, true
	case nil:
		l.isString = true // go-i18n takes null for an empty string
	default:
		l.value = fmt.Sprint(v)
	}
	s.leaves = append(s.leaves, l)
	return nil
}

// scanYAML finds the leaves of a YAML file.
func scanYAML(body []byte) ([]leaf, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(body, &doc); err != nil {
		return nil, yamlError(err)
	}
	lines := newLineIndex(body)
	var leaves []leaf
	var walk func(path []string, key, n *yaml.Node, duplicate bool) error
	walk = func(path []string, key, n *yaml.Node, duplicate bool) error {
		if len(path) > maxDepth {
			return &positionError{line: n.Line, text: errDeep}
		}
		child := func(k string) []string { return append(path[:len(path):len(path)], k) }
		switch n.Kind {
		case yaml.DocumentNode:
			if len(n.Content) > 0 {
				return walk(path, n.Content[0], n.Content[0], duplicate)
			}
		case yaml.MappingNode:
			seen := map[string]bool{}
			for i := 0; i+1 < len(n.Content); i += 2 {
				k, v := n.Content[i], n.Content[i+1]
				if k.Tag == "!!merge" || k.Kind != yaml.ScalarNode {
					return &positionError{line: k.Line, text: "keys of a message file are plain strings"}
				}
				if err := walk(child(k.Value), k, v, duplicate || seen[k.Value]); err != nil {
					return err
				}
				seen[k.Value] = true
			}
		case yaml.SequenceNode:
			for i, v := range n.Content {
				if err := walk(child("#"+strconv.Itoa(i)), v, v, duplicate); err != nil {
					return err
				}
			}
		case yaml.AliasNode:
			return &positionError{line: n.Line, text: "message files use no aliases"}
		case yaml.ScalarNode:
			if len(path) == 0 {
				return &positionError{line: n.Line, text: "file is a single value: want messages by key"}
			}
			leaves = append(leaves, leaf{path: path, value: n.Value, isString: n.Tag == "!!str" || n.Tag == "!!null", keyOffset: lines.offset(key.Line, key.Column),
				valueOffset: lines.offset(n.Line, n.Column), duplicate: duplicate})
		}
		return nil
	}
	if err := walk(nil, &doc, &doc, false); err != nil {
		return nil, err
	}
	return leaves, nil
}

// yamlError reads the line out of the library's message.
func yamlError(err error) error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	e := &positionError{text: text}
	if i := strings.Index(text, "line "); i >= 0 {
		number, rest, _ := strings.Cut(text[i+5:], ":")
		if n, err := strconv.Atoi(number); err == nil {
			e.line, e.text = n, strings.TrimSpace(rest)
		}
	}
	if e.text == "" {
		e.text = text
	}
	return e
}
