package cst

import (
	"bytes"
	"errors"

	"github.com/pelletier/go-toml/v2/unstable"
)

// A TOMLEntry is a table header or a pair of key and value of a TOML file.
type TOMLEntry struct {
	Table      []string // the keys of the header that the entry is or is below; nil above the first one
	TableStart int      // where the line of that header begins, -1 above the first one
	Array      bool     // the header is one of an array of tables
	Keys       []Key    // the keys from the table to the value; nil for a header
	Value      *Node    // nil for a header
	End        int
}

// A Key is one part of a dotted key.
type Key struct {
	Name       string
	Start, End int
}

// ScanTOML calls visit for each table header and each pair of a TOML 1.0 file, in
// their order. Tables and arrays in a value are mappings and sequences in Flow
// style; a dotted key in them is a mapping in a mapping, which is Dotted. Only
// scalars are placed. The entry
// and its Keys and Value are valid until visit returns; Table and all texts are
// valid afterwards too. An error of visit ends the scan and is returned; a syntax
// error is an *Error.
func ScanTOML(data []byte, visit func(e *TOMLEntry) error) error {
	s := tomlScanner{src: string(data)}
	s.p.Reset(data)
	e := TOMLEntry{TableStart: -1}
	var keys []Key
	var scalar Node
	for s.p.NextExpression() {
		n := s.p.Expression()
		e.Keys, e.Value = nil, nil
		switch n.Kind {
		case unstable.Table, unstable.ArrayTable:
			keys = s.keys(keys[:0], n)
			e.Table = make([]string, len(keys))
			for i, k := range keys {
				e.Table[i] = k.Name
			}
			e.Array = n.Kind == unstable.ArrayTable
			e.TableStart = 0
			if len(keys) > 0 {
				e.TableStart = bytes.LastIndexByte(data[:keys[0].Start], '\n') + 1
				e.End = keys[len(keys)-1].End
			}
		case unstable.KeyValue:
			keys = s.keys(keys[:0], n)
			e.Keys = keys
			scalar = Node{}
			if err := s.value(&scalar, n.Value(), keys[0].Start, 0); err != nil {
				return err
			}
			e.Value, e.End = &scalar, int(n.Raw.Offset+n.Raw.Length)
		default:
			continue
		}
		if err := visit(&e); err != nil {
			return err
		}
	}
	if err := s.p.Error(); err != nil {
		var syntax *unstable.ParserError
		if !errors.As(err, &syntax) {
			return errorf(0, "%v", err)
		}
		at := 0
		if len(syntax.Highlight) > 0 {
			at = int(s.p.Range(syntax.Highlight).Offset)
		}
		return &Error{Offset: at, Message: syntax.Message}
	}
	return nil
}

type tomlScanner struct {
	p   unstable.Parser
	src string
}

// text returns the text of a key or value. Nearly every one is in the file as it
// is: those are not copied.
func (s *tomlScanner) text(n *unstable.Node) string {
	for _, quote := range [...]int{0, 1} {
		at := int(n.Raw.Offset) + quote
		if end := at + len(n.Data); end <= len(s.src) && s.src[at:end] == string(n.Data) {
			return s.src[at:end]
		}
	}
	return string(n.Data)
}

func (s *tomlScanner) keys(out []Key, n *unstable.Node) []Key {
	for it := n.Key(); it.Next(); {
		k := it.Node()
		out = append(out, Key{s.text(k), int(k.Raw.Offset), int(k.Raw.Offset + k.Raw.Length)})
	}
	return out
}

// value reads n into out. at is where the key of n begins.
func (s *tomlScanner) value(out *Node, n *unstable.Node, at, depth int) error {
	out.Start, out.End, out.Flow = int(n.Raw.Offset), int(n.Raw.Offset+n.Raw.Length), true
	if n.Kind == unstable.InlineTable || n.Kind == unstable.Array {
		out.Start, out.End, out.Unplaced = at, at, true // the parser does not report them
	}
	out.Content = out.Start
	if depth > MaxDepth {
		return errorf(out.Start, "TOML is nested more than %d deep", MaxDepth)
	}
	switch n.Kind {
	case unstable.InlineTable:
		out.Kind = Mapping
		var keys []Key
		for it := n.Children(); it.Next(); {
			kv := it.Node()
			keys = s.keys(keys[:0], kv)
			in := out
			for i, k := range keys {
				v := &Node{}
				in.Elements = append(in.Elements, Element{Start: k.Start, Key: &Node{Tag: Str, Text: k.Name, Start: k.Start, Content: k.Start, End: k.End}, Value: v})
				if i < len(keys)-1 {
					v.Kind, v.Flow, v.Dotted, v.Unplaced = Mapping, true, true, true
					v.Start, v.Content, v.End = k.Start, k.Start, k.Start
					in = v
					continue
				}
				if err := s.value(v, kv.Value(), k.Start, depth+len(keys)); err != nil {
					return err
				}
			}
		}
	case unstable.Array:
		out.Kind = Sequence
		for it := n.Children(); it.Next(); {
			v := &Node{}
			if err := s.value(v, it.Node(), at, depth+1); err != nil {
				return err
			}
			out.Elements = append(out.Elements, Element{Start: v.Start, Value: v})
		}
	case unstable.String:
		out.Tag, out.Text = Str, s.text(n)
		switch s.src[out.Start] {
		case '"':
			out.Style = Double
		case '\'':
			out.Style = Single
		}
		out.Lines = out.End-out.Start >= 6 && (s.src[out.Start:out.Start+3] == `"""` || s.src[out.Start:out.Start+3] == `'''`)
	default:
		out.Tag, out.Text = tomlTags[n.Kind], s.text(n)
	}
	return nil
}

var tomlTags = map[unstable.Kind]string{
	unstable.Integer: Int, unstable.Float: Float, unstable.Bool: Bool, unstable.DateTime: Time, unstable.LocalDate: Time, unstable.LocalTime: Time, unstable.LocalDateTime: Time,
}
