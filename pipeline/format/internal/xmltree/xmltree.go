// Package xmltree reads an XML file as elements with their places, so that parts of
// it can be replaced without touching any other byte. It reads what package xmlscan
// lets through: no document types, no entities but XML's own.
package xmltree

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange/xmlscan"
)

// MaxNodes is the most elements that are read of a file: each takes some 200 bytes of
// memory.
const MaxNodes = 5_000_000

// Node is an element. Start and End are its first byte and behind its last one,
// OpenEnd is behind its start tag, CloseStart where its end tag begins: both equal End
// for an element without content that is written as one tag.
type Node struct {
	Space, Local, Prefix            string
	Start, OpenEnd, CloseStart, End int
	Attrs                           []Attr
	Namespaces                      []Namespace // that it declares
	Parent                          *Node
	Children                        []*Node
}

// Namespace is a declaration of a namespace.
type Namespace struct{ Prefix, URI string }

// Attr is an attribute, without namespace declarations. Value is decoded; From and To
// are where it is, without its quotation marks.
type Attr struct {
	Space, Local, Prefix string
	Value                string
	From, To             int
}

// Empty reports whether the element was written as one tag.
func (n *Node) Empty() bool { return n.OpenEnd == n.End }

// Attr returns an attribute, nil if there is none.
func (n *Node) Attr(space, local string) *Attr {
	for i := range n.Attrs {
		if a := &n.Attrs[i]; a.Local == local && a.Space == space {
			return a
		}
	}
	return nil
}

// Child returns the first child of a name, nil if there is none.
func (n *Node) Child(space, local string) *Node {
	for _, c := range n.Children {
		if c.Local == local && c.Space == space {
			return c
		}
	}
	return nil
}

// Tag returns the element's name as it is written, or that of another one in the
// same namespace.
func (n *Node) Tag(local string) string {
	if n.Prefix == "" {
		return local
	}
	return n.Prefix + ":" + local
}

// ErrEncoding is the error for a file in another encoding than UTF-8.
var ErrEncoding = errors.New("the file is not in UTF-8")

// ErrSize is the error for a file with more than MaxNodes elements.
var ErrSize = errors.New("the file has more than " + strconv.Itoa(MaxNodes) + " elements")

// Tree is a file.
type Tree struct {
	Root *Node
	Data []byte
}

// Parse reads a file. name is for messages. External is for a document type that only
// names a DTD, which is passed over. The error is a diag.Diagnostic for a file that is
// not well-formed.
func Parse(name string, data []byte, external bool) (*Tree, error) {
	s := xmlscan.New(name, bytes.NewReader(data))
	s.External = external
	at := 0
	if bytes.HasPrefix(data, []byte("\ufeff")) {
		at = len("\ufeff")
	}
	t := &Tree{Data: data}
	var open *Node
	nodes := 0
	for {
		token, err := s.Next()
		if errors.Is(err, io.EOF) {
			return t, nil
		} else if err != nil {
			return nil, err
		}
		if encoding, _ := s.Encoding(); encoding != "utf-8" {
			return nil, ErrEncoding
		}
		switch token.Kind {
		case xmlscan.Start:
			if nodes++; nodes > MaxNodes {
				return nil, ErrSize
			}
			n := &Node{Space: token.Name.Space, Local: token.Name.Local, Prefix: token.Prefix, Start: at, OpenEnd: at + len(token.Raw), Parent: open}
			n.CloseStart, n.End = n.OpenEnd, n.OpenEnd
			for i := range token.Attrs {
				a := &token.Attrs[i]
				if a.Space == xmlscan.XMLNS {
					d := Namespace{a.Local, string(a.Value)}
					if a.Prefix == "" {
						d.Prefix = ""
					}
					n.Namespaces = append(n.Namespaces, d)
					continue
				}
				raw := token.Raw[a.Start:a.End]
				from := a.Start + bytes.IndexAny(raw, `"'`) + 1
				n.Attrs = append(n.Attrs, Attr{Space: a.Space, Local: a.Local, Prefix: a.Prefix, Value: string(a.Value), From: at + from, To: at + a.End - 1})
			}
			if open == nil {
				t.Root = n
			} else {
				open.Children = append(open.Children, n)
			}
			open = n
		case xmlscan.End:
			if len(token.Raw) > 0 {
				open.CloseStart, open.End = at, at+len(token.Raw)
			}
			open = open.Parent
		}
		at += len(token.Raw)
	}
}

// Walk visits an element and all below it, in the order of the file, as long as visit
// returns true for their parents.
func (n *Node) Walk(visit func(*Node) bool) {
	if !visit(n) {
		return
	}
	for _, c := range n.Children {
		c.Walk(visit)
	}
}

// Chars visits the character data between two offsets, without elements: pieces that
// stand as they are, and decoded ones. Comments and instructions are passed over.
// literal reports a piece of a CDATA section.
func Chars(data []byte, from, to int, visit func(text string, from, to int, literal bool)) {
	for from < to {
		switch c := data[from]; {
		case c == '<':
			rest := data[from:to]
			for _, m := range [...]struct{ open, close string }{{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}} {
				if !bytes.HasPrefix(rest, []byte(m.open)) {
					continue
				}
				n := bytes.Index(rest[len(m.open):], []byte(m.close))
				if n < 0 {
					return
				}
				if start := from + len(m.open); m.open == "<![CDATA[" && n > 0 {
					visit(string(data[start:start+n]), start, start+n, true)
				}
				from += len(m.open) + n + len(m.close)
				rest = nil
				break
			}
			if rest != nil {
				return // an element
			}
		case c == '&':
			n := bytes.IndexByte(data[from:to], ';')
			if n < 0 {
				return
			}
			visit(reference(string(data[from+1:from+n])), from, from+n+1, false)
			from += n + 1
		default:
			n := bytes.IndexAny(data[from:to], "<&")
			if n < 0 {
				n = to - from
			}
			visit(string(data[from:from+n]), from, from+n, false)
			from += n
		}
	}
}

// reference returns the character that a reference stands for.
func reference(name string) string {
	switch name {
	case "amp":
		return "&"
	case "lt":
		return "<"
	case "gt":
		return ">"
	case "quot":
		return `"`
	case "apos":
		return "'"
	}
	if number, ok := strings.CutPrefix(name, "#"); ok {
		base := 10
		if hex, ok := strings.CutPrefix(number, "x"); ok {
			number, base = hex, 16
		}
		if v, err := strconv.ParseUint(number, base, 32); err == nil && utf8.ValidRune(rune(v)) {
			return string(rune(v))
		}
	}
	return ""
}

// Escape appends characters as they are written in text and, with their quotation
// marks escaped too, in attributes. Characters that XML does not allow are left out.
func Escape(dst []byte, chars string, attribute bool) []byte {
	for _, r := range chars {
		switch {
		case r == '&':
			dst = append(dst, "&amp;"...)
		case r == '<':
			dst = append(dst, "&lt;"...)
		case r == '>':
			dst = append(dst, "&gt;"...)
		case r == '"' && attribute:
			dst = append(dst, "&quot;"...)
		case r == '\'' && attribute:
			dst = append(dst, "&#39;"...)
		case (r == '\n' || r == '\t') && attribute:
			dst = append(dst, "&#"+strconv.Itoa(int(r))+";"...)
		case r == '\r':
			dst = append(dst, "&#13;"...)
		case xmlscan.IsChar(r):
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

// Place returns the place of an offset.
func (t *Tree) Place(path string, offset int) diag.Place {
	line, column := diag.At(t.Data, offset)
	return diag.Place{Path: path, Line: line, Column: column}
}
