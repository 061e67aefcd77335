// Package xmlscan reads XML 1.0 with namespaces from a stream, fast and in bounded
// memory: markup and text come one token at a time, each with its place and its
// bytes as they stood. It is made for files that strangers send: document types,
// and so every entity but XML's own five, are refused; depth, the number of
// attributes and the size of one piece of markup have limits; text has none, it
// comes in pieces. What it lets through is well-formed and namespace-well-formed
// (https://www.w3.org/TR/xml/, https://www.w3.org/TR/xml-names/).
//
// Input may be UTF-8, UTF-16 or any encoding of the WHATWG Encoding Standard that
// the XML declaration names.
package xmlscan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"hexapla/pipeline/diag"
)

// Limits of what is read.
const (
	MaxDepth      = 256     // elements inside each other
	MaxAttributes = 256     // of one element, namespace declarations included
	MaxNamespaces = 1024    // declarations in force at one place
	MaxMarkup     = 1 << 20 // bytes of one tag, comment or processing instruction
)

// textPiece is how much text is gathered, in bytes, before it is handed out
// without having seen its end.
const textPiece = 1 << 16

// Kind says what a Token is.
type Kind uint8

// The kinds of tokens. Text is character data or a part of it, CDATA sections
// included; an Instruction may be the XML declaration.
const (
	Start Kind = iota + 1
	End
	Text
	Comment
	Instruction
	Doctype
)

// Name is an element's or attribute's name: its namespace's URI, empty for none,
// and its local part.
type Name struct{ Space, Local string }

// The namespaces that are bound in every document.
const (
	XML   = "http://www.w3.org/XML/1998/namespace"
	XMLNS = "http://www.w3.org/2000/xmlns/"
)

// Attr is an attribute. Value is decoded and normalized as XML 1.0, 3.3.3 asks of
// CDATA. Start and End are where the attribute stands in Token.Raw, from its name
// to its closing quote. Namespace declarations are attributes in namespace XMLNS.
type Attr struct {
	Name
	Prefix     string
	Value      []byte
	Start, End int
}

// Token is one piece of a document. Name, Prefix and Attrs are those of a Start;
// an End has Name and Prefix. Empty marks a Start and its End that were written as
// one tag; such an End has no Raw. Text is decoded, with line ends made "\n"; of a
// comment or instruction it is what stands between the delimiters. CData says that
// the text was a CDATA section. Raw is the token as it stood, in UTF-8. All byte
// slices are good until the next call of Next.
type Token struct {
	Kind   Kind
	Name   Name
	Prefix string
	Attrs  []Attr
	Empty  bool
	CData  bool
	Text   []byte
	Raw    []byte

	in           *Scanner
	line         int
	mark, column int // column is that of the byte at buf[mark], which is at or before the token
	at           int // in buf
}

// Place is the line and the column where the token begins, both from 1, columns in
// characters. It may be asked for until the next call of Next.
func (t *Token) Place() (line, column int) {
	s := t.in
	if t.at > t.mark {
		t.column += utf8.RuneCount(s.buf[t.mark:t.at])
		t.mark = t.at
		if s.mark < t.at { // nothing is counted twice
			s.mark, s.column = t.mark, t.column
		}
	}
	return t.line, t.column
}

// Attr is the value of the attribute of that name, and whether there is one.
func (t *Token) Attr(space, local string) ([]byte, bool) {
	for i := range t.Attrs {
		if a := &t.Attrs[i]; a.Local == local && a.Space == space {
			return a.Value, true
		}
	}
	return nil, false
}

// Scanner reads tokens. Its errors are diag.Diagnostics with ids that begin with
// "xml.", and stay. External has it pass over a document type declaration that
// only names a DTD, as TMX and TBX files have one; the DTD is never fetched, and
// a declaration with a part of its own is refused all the same.
type Scanner struct {
	External bool

	file     string // for messages
	in       io.Reader
	buf      []byte
	pos, end int
	eof      bool
	begun    bool
	declared bool // something has been read, so that no XML declaration may follow
	rooted   bool // the root element has been seen
	inCData  bool
	pending  bool // the End of an empty element is due
	err      error
	readErr  error

	line         int // of the next byte
	mark, column int // column is that of buf[mark], on the same line
	encoding     string
	bom          bool

	tok      Token
	scratch  []byte
	names    map[string]qname
	recent   [128]qname // of names, found without hashing
	open     []element
	bindings []binding
}

type qname struct{ raw, prefix, local string }

type element struct {
	q     qname
	space string
	mark  int // len(bindings) outside
}

type binding struct{ prefix, uri string }

// New is a Scanner on r; name is for messages.
func New(name string, r io.Reader) *Scanner {
	return &Scanner{
		file: name, in: r, line: 1, column: 1, names: map[string]qname{},
		bindings: []binding{{"", ""}, {"xml", XML}, {"xmlns", XMLNS}},
	}
}

// Encoding is the lower-case name of the input's encoding and whether it began
// with a byte order mark, known after the first Next.
func (s *Scanner) Encoding() (name string, bom bool) { return s.encoding, s.bom }

// Depth is the number of elements that are open: after a Start that element
// included, after an End no longer.
func (s *Scanner) Depth() int { return len(s.open) }

// Namespace is the URI that a prefix is bound to where the scanner stands.
func (s *Scanner) Namespace(prefix string) (uri string, ok bool) {
	for i := len(s.bindings) - 1; i >= 0; i-- {
		if s.bindings[i].prefix == prefix {
			return s.bindings[i].uri, prefix == "" || s.bindings[i].uri != ""
		}
	}
	return "", false
}

// Fail is an error at the place of t, for what a format finds wrong.
func (s *Scanner) Fail(t *Token, id, hint, format string, args ...any) diag.Diagnostic {
	line, column := t.Place()
	return diag.Diagnostic{
		ID: id, Severity: diag.Error, Place: diag.Place{Path: s.file, Line: line, Column: column}, Hint: hint,
	}.Messagef(format, args...)
}

// Next is the next token, or io.EOF behind the last one of a whole document.
func (s *Scanner) Next() (*Token, error) {
	if s.err != nil {
		return nil, s.err
	}
	t, err := s.next()
	if err != nil {
		s.err = err
		return nil, err
	}
	return t, nil
}

func (s *Scanner) next() (*Token, error) {
	if !s.begun {
		s.begun = true
		if err := s.begin(); err != nil {
			return nil, err
		}
	}
	if s.pending {
		s.pending = false
		return s.closeElement(nil), nil
	}
	if !s.ensure(1) {
		return nil, s.atEnd()
	}
	s.scratch = s.scratch[:0]
	if s.inCData {
		return s.cdata(0)
	}
	if s.buf[s.pos] != '<' {
		return s.text()
	}
	s.ensure(len("<![CDATA["))
	b := s.buf[s.pos:s.end]
	switch {
	case len(b) < 2:
		return nil, s.truncated()
	case b[1] == '/':
		return s.endTag()
	case b[1] == '?':
		return s.instruction()
	case b[1] != '!':
		return s.startTag()
	case bytes.HasPrefix(b, []byte("<!--")):
		return s.comment()
	case bytes.HasPrefix(b, []byte("<![CDATA[")):
		if len(s.open) == 0 {
			return nil, s.fail(0, "xml.syntax", "", "text outside of the root element")
		}
		s.inCData = true
		return s.cdata(len("<![CDATA["))
	case s.External && !s.rooted && bytes.HasPrefix(b, []byte("<!DOCTYPE")):
		return s.doctype()
	case bytes.HasPrefix(b, []byte("<!D")):
		return nil, s.fail(0, "xml.doctype", "remove the <!DOCTYPE …> and any entities it declares", "a document type declaration is not accepted")
	case len(b) < len("<![CDATA[") && s.eof:
		return nil, s.truncated()
	}
	return nil, s.fail(0, "xml.syntax", "", "unknown markup after “<!”")
}

func (s *Scanner) atEnd() error {
	switch {
	case s.readErr != nil:
		return s.fail(0, "xml.read", "", "%s", s.readErr.Error())
	case len(s.open) > 0 || s.inCData:
		return s.truncated()
	case !s.rooted:
		return s.fail(0, "xml.truncated", "it is empty or not XML", "the file has no element")
	}
	return io.EOF
}

func (s *Scanner) truncated() error {
	if s.readErr != nil {
		return s.fail(s.end-s.pos, "xml.read", "", "%s", s.readErr.Error())
	}
	message := "the file ends in the middle"
	if n := len(s.open); n > 0 {
		message = fmt.Sprintf("the file ends before </%s>", diag.Excerpt(s.open[n-1].q.raw))
	}
	return s.fail(s.end-s.pos, "xml.truncated", "ask for the whole file", "%s", message)
}

// ensure has at least n unread bytes in the buffer, unless the input ends before.
func (s *Scanner) ensure(n int) bool {
	for s.end-s.pos < n {
		if !s.fill() {
			return false
		}
	}
	return true
}

// fill reads more behind what is unread, which moves to the front.
func (s *Scanner) fill() bool {
	if s.eof {
		return false
	}
	if s.pos > 0 {
		if s.mark < s.pos {
			s.column += utf8.RuneCount(s.buf[s.mark:s.pos])
			s.mark = s.pos
		}
		s.mark -= s.pos
		copy(s.buf, s.buf[s.pos:s.end])
		s.end -= s.pos
		s.pos = 0
	}
	if s.end == len(s.buf) {
		grown := make([]byte, max(2*textPiece, 2*len(s.buf)))
		copy(grown, s.buf[:s.end])
		s.buf = grown
	}
	n, err := io.ReadAtLeast(s.in, s.buf[s.end:], 1)
	s.end += n
	if err != nil {
		s.eof = true
		if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			s.readErr = err
		}
	}
	return n > 0
}

// more reads until there is twice as much as now, so that what looks at all of it
// again after each time stays linear.
func (s *Scanner) more() bool {
	n := s.end - s.pos
	return s.ensure(2*n) || s.end-s.pos > n
}

// take makes the next n bytes the token's, and moves behind them.
func (s *Scanner) take(k Kind, n int) *Token {
	t := s.token(k)
	raw := s.buf[s.pos : s.pos+n : s.pos+n]
	t.Raw = raw
	s.pos += n
	s.declared = true
	if i := bytes.LastIndexByte(raw, '\n'); i >= 0 {
		s.line += bytes.Count(raw[:i+1], newline)
		s.mark, s.column = s.pos-n+i+1, 1
	}
	return t
}

// token is a bare token that begins here.
func (s *Scanner) token(k Kind) *Token {
	t := &s.tok
	t.Kind, t.Empty, t.CData = k, false, false
	t.Attrs, t.Text, t.Raw = t.Attrs[:0], nil, nil
	t.in, t.line, t.mark, t.column, t.at = s, s.line, s.mark, s.column, s.pos
	return t
}

var newline = []byte{'\n'}

// fail is an error at the n-th unread byte.
func (s *Scanner) fail(n int, id, hint, format string, args ...any) error {
	n = min(n, s.end-s.pos)
	raw := s.buf[s.pos : s.pos+n]
	line, column := s.line, 1
	if i := bytes.LastIndexByte(raw, '\n'); i >= 0 {
		line += bytes.Count(raw, newline)
		column += utf8.RuneCount(raw[i+1:])
	} else {
		column = s.column + utf8.RuneCount(s.buf[s.mark:s.pos+n])
	}
	return diag.Diagnostic{
		ID: id, Severity: diag.Error, Place: diag.Place{Path: s.file, Line: line, Column: column}, Hint: hint,
	}.Messagef(format, args...)
}
