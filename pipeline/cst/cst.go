// Package cst reads JSON, YAML and TOML files as values with their byte
// positions, so that a value can be replaced in the file without touching any
// other byte (concrete syntax trees).
//
// The libraries were tried first. goccy/go-yaml drops line ends, and its offsets,
// in characters, are wrong after a folded scalar; tailscale/hujson overflows the
// stack on nested arrays and accepts comments. Both encoding/json and
// go.yaml.in/yaml/v3 report where a value begins at most; the latter parses YAML
// here, and the ends are found in the text. The unstable parser of go-toml reports
// both, and parses TOML here.
package cst

import (
	"cmp"
	"fmt"
	"slices"
)

// Kind is the kind of a value.
type Kind uint8

// The kinds of values.
const (
	Scalar Kind = iota
	Mapping
	Sequence
)

// Style is the way in which a scalar is written.
type Style uint8

// The styles of scalars. JSON has Double for strings and Plain for all others.
const (
	Plain Style = iota
	Single
	Double
	Literal // YAML's block scalar with line ends kept
	Folded  // YAML's block scalar with lines joined
)

// The tags of scalars, for all languages. YAML has more of them.
const (
	Str   = "!!str"
	Null  = "!!null"
	Int   = "!!int"
	Float = "!!float"
	Bool  = "!!bool"
	Time  = "!!timestamp"
	Merge = "!!merge" // the key <<
)

// A Node is one value of a file. Start and End are byte offsets: of the value
// with its quotation marks, brackets, anchor and tag. A block scalar ends before
// its last line break, a block mapping or sequence where its last value does.
type Node struct {
	Kind       Kind
	Style      Style
	Tag        string // of a scalar
	Text       string // of a scalar, decoded
	Start, End int
	Content    int       // where the value begins after its anchor and tag
	Elements   []Element // of a mapping or sequence, in the order of the file

	Flow   bool // JSON, and a YAML collection in brackets
	Bare   bool // a flow mapping without brackets: the only pair of an item of a list
	Dotted bool // a mapping of TOML that is only a part of a dotted key
	Lines  bool // a string of TOML over several lines, in three quotation marks
	Alias  bool // a YAML alias of a scalar; Text and Tag are those of the scalar

	Column   int  // of the keys or dashes of a block collection, from 0
	Unplaced bool // the place of the value is not known: End is no offset to rely on
}

// An Element is a pair of a mapping, in which Key is not nil, or an item of a
// sequence.
type Element struct {
	Start int // of the key or of the dash
	Key   *Node
	Colon int // after the colon of YAML, 0 where there is none
	Value *Node
}

// IsString reports whether n is a scalar that is a string.
func (n *Node) IsString() bool { return n.Kind == Scalar && n.Tag == Str }

// IsNull reports whether n is a null.
func (n *Node) IsNull() bool { return n.Kind == Scalar && n.Tag == Null }

// FirstUnplaced returns a value whose place is not known, or nil.
func (n *Node) FirstUnplaced() *Node {
	if n == nil || n.Unplaced {
		return n
	}
	for i := range n.Elements {
		for _, c := range []*Node{n.Elements[i].Key, n.Elements[i].Value} {
			if u := c.FirstUnplaced(); u != nil {
				return u
			}
		}
	}
	return nil
}

// Error is a syntax error. Line is 0, or the line that the error is in, from 1,
// where its column is not known.
type Error struct {
	Offset  int
	Line    int
	Message string
}

func (e *Error) Error() string { return e.Message }

func errorf(offset int, format string, args ...any) *Error {
	return &Error{Offset: offset, Message: fmt.Sprintf(format, args...)}
}

// An Edit replaces the bytes from Start to End.
type Edit struct {
	Start, End int
	Text       string
}

// Apply returns data with edits made, in the order of their places. An edit that
// begins inside the one before it is not made, except that two deletions that
// overlap are both made.
func Apply(data []byte, edits []Edit) []byte {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b Edit) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) })
	size := len(data)
	for _, e := range edits {
		size += len(e.Text)
	}
	out := make([]byte, 0, size)
	at := 0
	for _, e := range edits {
		if e.Start < at {
			if e.Text == "" {
				at = max(at, e.End)
			}
			continue
		}
		out = append(append(out, data[at:e.Start]...), e.Text...)
		at = e.End
	}
	return append(out, data[at:]...)
}
