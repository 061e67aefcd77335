package cst

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// MaxDepth is how deep collections of JSON may be nested.
const MaxDepth = 1000

// JSONOptions change what ParseJSON accepts.
type JSONOptions struct {
	// RawLines allows tabs and line breaks in strings, which browsers refuse and
	// search engines read.
	RawLines bool
	// Depth is how deep collections may be nested; 0 for MaxDepth.
	Depth int
	// Prefix stops after the first value: what follows is not read.
	Prefix bool
}

// ParseJSON reads a JSON text (RFC 8259). Members of an object that have the same
// name are all there. It returns nil for a text that is only white space, and an
// *Error otherwise.
func ParseJSON(text string, o JSONOptions) (*Node, error) {
	if o.Depth == 0 {
		o.Depth = MaxDepth
	}
	p := jsonParser{s: text, o: o}
	p.space()
	if p.at == len(p.s) {
		return nil, nil
	}
	n, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if p.space(); p.at < len(p.s) && !o.Prefix {
		return nil, errorf(p.at, "text after the end of the JSON value")
	}
	return n, nil
}

type jsonParser struct {
	s  string
	at int
	o  JSONOptions
}

func (p *jsonParser) space() {
	for p.at < len(p.s) {
		switch p.s[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

// unexpected returns the error for the character at p.at.
func (p *jsonParser) unexpected(where string) *Error {
	if p.at >= len(p.s) {
		return errorf(len(p.s), "unexpected end of JSON input")
	}
	r, _ := utf8.DecodeRuneInString(p.s[p.at:])
	return errorf(p.at, "invalid character %q %s", r, where)
}

func (p *jsonParser) value(depth int) (*Node, error) {
	if p.at == len(p.s) {
		return nil, p.unexpected("")
	}
	n := &Node{Start: p.at, Content: p.at, Flow: true}
	var err error
	switch c := p.s[p.at]; {
	case c == '{' || c == '[':
		err = p.collection(n, depth)
	case c == '"':
		n.Style, n.Tag = Double, Str
		n.Text, err = p.string()
	case c == '-' || c-'0' < 10:
		err = p.number(n)
	default:
		err = p.word(n)
	}
	n.End = p.at
	return n, err
}

func (p *jsonParser) collection(n *Node, depth int) error {
	if depth >= p.o.Depth {
		return errorf(p.at, "JSON is nested more than %d deep", p.o.Depth)
	}
	n.Kind = Mapping
	closing, what := byte('}'), "object"
	if p.s[p.at] == '[' {
		n.Kind, closing, what = Sequence, ']', "array"
	}
	p.at++
	for p.space(); ; p.space() {
		if p.at < len(p.s) && p.s[p.at] == closing && len(n.Elements) == 0 {
			break
		}
		e := Element{Start: p.at}
		if n.Kind == Mapping {
			if p.at == len(p.s) || p.s[p.at] != '"' {
				return p.unexpected("looking for beginning of object key string")
			}
			e.Key = &Node{Start: p.at, Content: p.at, Flow: true, Style: Double, Tag: Str}
			var err error
			if e.Key.Text, err = p.string(); err != nil {
				return err
			}
			e.Key.End = p.at
			if p.space(); p.at == len(p.s) || p.s[p.at] != ':' {
				return p.unexpected("after object key")
			}
			p.at++
			e.Colon = p.at
			p.space()
		}
		var err error
		if e.Value, err = p.value(depth + 1); err != nil {
			return err
		}
		n.Elements = append(n.Elements, e)
		p.space()
		if p.at < len(p.s) && p.s[p.at] == ',' {
			p.at++
			continue
		}
		if p.at == len(p.s) || p.s[p.at] != closing {
			return p.unexpected("after " + what + " element")
		}
		break
	}
	p.at++
	return nil
}

// string reads a string. Its text is part of the file's where nothing in it is
// escaped.
func (p *jsonParser) string() (string, error) {
	start := p.at
	plain := true
	for p.at++; p.at < len(p.s); p.at++ {
		switch c := p.s[p.at]; {
		case c == '"':
			p.at++
			return p.unquoted(start, plain)
		case c == '\\':
			plain = false
			p.at++
			if p.at == len(p.s) {
				continue
			}
			if strings.IndexByte(`"\/bfnrtu`, p.s[p.at]) < 0 {
				return "", p.unexpected("in string escape code")
			}
			if p.s[p.at] == 'u' {
				for range 4 {
					p.at++
					if p.at == len(p.s) || strings.IndexByte("0123456789abcdefABCDEF", p.s[p.at]) < 0 {
						return "", p.unexpected(`in \u hexadecimal character escape`)
					}
				}
			}
		case c < 0x20 && !(p.o.RawLines && (c == '\t' || c == '\n' || c == '\r')):
			return "", p.unexpected("in string literal")
		case c < 0x20:
			plain = false
		}
	}
	return "", &Error{Offset: start, Message: "the string that begins here does not end"}
}

// unquoted returns the text of the string between start and p.at.
func (p *jsonParser) unquoted(start int, plain bool) (string, error) {
	inner := p.s[start+1 : p.at-1]
	if plain && utf8.ValidString(inner) {
		return inner, nil
	}
	literal := p.s[start:p.at]
	if p.o.RawLines {
		literal = rawLines.Replace(literal)
	}
	var text string
	if err := json.Unmarshal([]byte(literal), &text); err != nil {
		return "", errorf(start, "%v", err)
	}
	return text, nil
}

var rawLines = strings.NewReplacer("\t", `\t`, "\n", `\n`, "\r", `\r`)

func (p *jsonParser) number(n *Node) error {
	n.Tag = Int
	digits := func() bool {
		start := p.at
		for p.at < len(p.s) && p.s[p.at]-'0' < 10 {
			p.at++
		}
		return p.at > start
	}
	if p.s[p.at] == '-' {
		p.at++
	}
	if p.at < len(p.s) && p.s[p.at] == '0' {
		p.at++
	} else if !digits() {
		return p.unexpected("in numeric literal")
	}
	if p.at < len(p.s) && p.s[p.at] == '.' {
		n.Tag = Float
		if p.at++; !digits() {
			return p.unexpected("after decimal point in numeric literal")
		}
	}
	if p.at < len(p.s) && p.s[p.at]|0x20 == 'e' {
		n.Tag = Float
		if p.at++; p.at < len(p.s) && (p.s[p.at] == '+' || p.s[p.at] == '-') {
			p.at++
		}
		if !digits() {
			return p.unexpected("in exponent of numeric literal")
		}
	}
	n.Text = p.s[n.Start:p.at]
	return nil
}

func (p *jsonParser) word(n *Node) error {
	for _, w := range [...]struct{ word, tag string }{{"true", Bool}, {"false", Bool}, {"null", Null}} {
		if strings.HasPrefix(p.s[p.at:], w.word) {
			p.at += len(w.word)
			n.Tag, n.Text = w.tag, w.word
			return nil
		}
	}
	return p.unexpected("looking for beginning of value")
}
