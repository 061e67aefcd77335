package xmlscan

import (
	"bytes"
	"fmt"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/diag"
)

// internable is how many names a Scanner keeps; more are a sign of malice.
const internable = 1 << 12

// short is what a parser of a tag answers when the buffer ends before the tag.
const short = -1

// startTag reads an element's beginning.
func (s *Scanner) startTag() (*Token, error) {
	for {
		n, err := s.parseStart(s.buf[s.pos:s.end])
		if err != nil {
			return nil, err
		}
		if n != short {
			if n > MaxMarkup {
				return nil, s.tooBig("a tag")
			}
			return s.openElement(n)
		}
		if s.end-s.pos > MaxMarkup {
			return nil, s.tooBig("a tag")
		}
		if !s.more() {
			return nil, s.truncated()
		}
	}
}

func (s *Scanner) tooBig(what string) error {
	return s.fail(0, "xml.limit", "", "%s of more than %d bytes", diag.Arg("item", what), diag.Arg("limit", MaxMarkup))
}

// parseStart fills the token's Attrs, without namespaces, and gives the length of
// the tag, or short.
func (s *Scanner) parseStart(b []byte) (int, error) {
	t := &s.tok
	t.Attrs = t.Attrs[:0]
	t.Empty = false
	s.scratch = s.scratch[:0]
	i := nameEnd(b, 1)
	if i == len(b) {
		return short, nil
	}
	q, err := s.qname(b[1:i], 1)
	if err != nil {
		return 0, err
	}
	if q.prefix == "xmlns" {
		return 0, s.fail(1, "xml.namespace", "", "an element may not have the prefix xmlns")
	}
	t.Name.Space, t.Name.Local, t.Prefix = q.raw, q.local, q.prefix // Space is set once the namespaces are known
	for {
		at := i
		for i < len(b) && isSpace(b[i]) {
			i++
		}
		if i == len(b) {
			return short, nil
		}
		switch b[i] {
		case '>':
			return i + 1, nil
		case '/':
			if i+1 == len(b) {
				return short, nil
			}
			if b[i+1] != '>' {
				return 0, s.fail(i, "xml.syntax", "", "“/” must be followed by “>”")
			}
			t.Empty = true
			return i + 2, nil
		}
		if i == at {
			return 0, s.fail(i, "xml.syntax", "", "in the tag <%s> stands %q where a space, “/” or “>” must be", diag.Arg("name", diag.Excerpt(q.raw)), diag.Arg("text", firstRune(b[i:])))
		}
		if len(t.Attrs) == MaxAttributes {
			return 0, s.fail(i, "xml.limit", "", "an element with more than %d attributes", diag.Arg("limit", MaxAttributes))
		}
		a, n, err := s.attribute(b, i)
		if n == short || err != nil {
			return n, err
		}
		t.Attrs = append(t.Attrs, a)
		i = n
	}
}

// attribute reads the attribute at b[i]; n is where it ends.
func (s *Scanner) attribute(b []byte, i int) (a Attr, n int, err error) {
	a.Start = i
	e := nameEnd(b, i)
	if e == len(b) {
		return a, short, nil
	}
	q, err := s.qname(b[i:e], i)
	if err != nil {
		return a, 0, err
	}
	a.Prefix, a.Local = q.prefix, q.local
	for e < len(b) && isSpace(b[e]) {
		e++
	}
	if e == len(b) {
		return a, short, nil
	}
	if b[e] != '=' {
		return a, 0, s.fail(e, "xml.syntax", "", "the attribute %s has no value", diag.Arg("name", diag.Excerpt(q.raw)))
	}
	e++
	for e < len(b) && isSpace(b[e]) {
		e++
	}
	if e == len(b) {
		return a, short, nil
	}
	quote := b[e]
	if quote != '"' && quote != '\'' {
		return a, 0, s.fail(e, "xml.syntax", "", "the value of the attribute %s is not in quotes", diag.Arg("name", diag.Excerpt(q.raw)))
	}
	e++
	length := bytes.IndexByte(b[e:], quote)
	if length < 0 {
		return a, short, nil
	}
	value := b[e : e+length]
	if i := bytes.IndexByte(value, '<'); i >= 0 {
		return a, 0, s.fail(e+i, "xml.syntax", "write &lt;, or close the quotes before", "“<” in the value of the attribute %s", diag.Arg("name", diag.Excerpt(q.raw)))
	}
	a.Value, err = s.attributeValue(value, e)
	a.End = e + length + 1
	return a, a.End, err
}

// attributeValue decodes a value: references, and white space to spaces.
func (s *Scanner) attributeValue(b []byte, at int) ([]byte, error) {
	plain := true
	for _, c := range b {
		if c < 0x20 || c == '&' || c >= 0x80 {
			plain = false
			break
		}
	}
	if plain {
		return b, nil
	}
	if !utf8.Valid(b) {
		return nil, s.charError(at+invalid(b), notUTF8)
	}
	mark := len(s.scratch)
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == '&':
			r, n, problem := reference(b[i:])
			if problem != "" {
				return nil, s.charError(at+i, problem)
			}
			s.scratch = utf8.AppendRune(s.scratch, r)
			i += n - 1
		case c == '\r':
			if i+1 == len(b) || b[i+1] != '\n' {
				s.scratch = append(s.scratch, ' ')
			}
		case c == '\t' || c == '\n':
			s.scratch = append(s.scratch, ' ')
		case c < 0x20:
			return nil, s.charError(at+i, fmt.Sprintf("the control character U+%04X may not stand in XML", c))
		case c == 0xEF && (bytes.HasPrefix(b[i:], []byte("\uFFFE")) || bytes.HasPrefix(b[i:], []byte("\uFFFF"))):
			return nil, s.charError(at+i, "U+FFFE and U+FFFF are not characters")
		default:
			s.scratch = append(s.scratch, c)
		}
	}
	return s.scratch[mark:len(s.scratch):len(s.scratch)], nil
}

// openElement takes the tag of n bytes, binds its namespaces and resolves its names.
func (s *Scanner) openElement(n int) (*Token, error) {
	t := &s.tok
	if len(s.open) == 0 && s.rooted {
		return nil, s.fail(0, "xml.syntax", "", "a second root element")
	}
	if len(s.open) == MaxDepth {
		return nil, s.fail(0, "xml.limit", "", "more than %d elements inside each other", diag.Arg("limit", MaxDepth))
	}
	raw := t.Name.Space
	e := element{q: qname{raw, t.Prefix, t.Name.Local}, mark: len(s.bindings)}
	for i := range t.Attrs {
		a := &t.Attrs[i]
		switch {
		case a.Prefix == "xmlns":
			if err := s.bind(a, a.Local); err != nil {
				return nil, err
			}
			a.Space = XMLNS
		case a.Prefix == "" && a.Local == "xmlns":
			if err := s.bind(a, ""); err != nil {
				return nil, err
			}
			a.Space = XMLNS
		}
	}
	uri, ok := s.Namespace(t.Prefix)
	if !ok {
		return nil, s.unbound(1, t.Prefix)
	}
	e.space = uri
	for i := range t.Attrs {
		a := &t.Attrs[i]
		if a.Prefix == "" || a.Space != "" {
			continue
		}
		if a.Space, ok = s.Namespace(a.Prefix); !ok {
			return nil, s.unbound(a.Start, a.Prefix)
		}
	}
	if i := duplicate(t.Attrs); i >= 0 {
		return nil, s.fail(t.Attrs[i].Start, "xml.syntax", "", "the attribute %s stands twice in one tag", diag.Arg("element", diag.Excerpt(t.Attrs[i].Local)))
	}
	attrs, empty := t.Attrs, t.Empty
	s.take(Start, n)
	t.Attrs, t.Empty, t.Prefix = attrs, empty, e.q.prefix
	t.Name = Name{e.space, e.q.local}
	s.open = append(s.open, e)
	s.rooted = true
	s.pending = empty
	return t, nil
}

func (s *Scanner) unbound(at int, prefix string) error {
	return s.fail(at, "xml.namespace", fmt.Sprintf("add xmlns:%s=\"…\"", diag.Excerpt(prefix)), "the prefix %s is not declared", diag.Arg("prefix", diag.Excerpt(prefix)))
}

// bind puts a namespace declaration in force.
func (s *Scanner) bind(a *Attr, prefix string) error {
	uri := string(a.Value)
	switch {
	case prefix == "xmlns" || uri == XMLNS || (prefix == "xml") != (uri == XML):
		return s.fail(a.Start, "xml.namespace", "", "the prefix %q may not be bound to %q", diag.Arg("prefix", prefix), diag.Arg("namespace", diag.Excerpt(uri)))
	case prefix != "" && uri == "":
		return s.fail(a.Start, "xml.namespace", "", "the prefix %s is bound to nothing", diag.Arg("prefix", diag.Excerpt(prefix)))
	case len(s.bindings) >= MaxNamespaces:
		return s.fail(a.Start, "xml.limit", "", "more than %d namespace declarations in force", diag.Arg("limit", MaxNamespaces))
	}
	for i := range s.bindings { // the same strings for the same declarations
		if s.bindings[i].uri == uri {
			uri = s.bindings[i].uri
			break
		}
	}
	s.bindings = append(s.bindings, binding{prefix, uri})
	return nil
}

// duplicate is the place of an attribute whose name has come before, or -1.
func duplicate(attrs []Attr) int {
	if len(attrs) <= 16 {
		for i := range attrs {
			for j := range i {
				if attrs[i].Local == attrs[j].Local && attrs[i].Space == attrs[j].Space {
					return i
				}
			}
		}
		return -1
	}
	seen := make(map[Name]bool, len(attrs))
	for i := range attrs {
		if seen[attrs[i].Name] {
			return i
		}
		seen[attrs[i].Name] = true
	}
	return -1
}

func (s *Scanner) endTag() (*Token, error) {
	for {
		b := s.buf[s.pos:s.end]
		if i := bytes.IndexByte(b, '>'); i >= 0 && i <= MaxMarkup {
			name := bytes.TrimRight(b[2:i], " \t\r\n")
			if len(s.open) == 0 {
				return nil, s.fail(0, "xml.syntax", "", "</%s> closes nothing", diag.Arg("name", diag.Excerpt(string(name))))
			}
			if want := s.open[len(s.open)-1].q.raw; string(name) != want {
				return nil, s.fail(0, "xml.syntax", "", "</%s> stands where </%s> must be", diag.Arg("name", diag.Excerpt(string(name))), diag.Arg("expected", diag.Excerpt(want)))
			}
			return s.closeElement(s.take(End, i+1)), nil
		}
		if len(b) > MaxMarkup {
			return nil, s.tooBig("a tag")
		}
		if !s.more() {
			return nil, s.truncated()
		}
	}
}

// closeElement ends the innermost element; t is its tag, nil if it has none.
func (s *Scanner) closeElement(t *Token) *Token {
	if t == nil {
		t = s.token(End)
		t.Empty = true
	}
	e := s.open[len(s.open)-1]
	s.open = s.open[:len(s.open)-1]
	s.bindings = s.bindings[:e.mark]
	t.Name, t.Prefix = Name{e.space, e.q.local}, e.q.prefix
	return t
}

func (s *Scanner) comment() (*Token, error) {
	return s.delimited(Comment, "<!--", "-->", "a comment")
}

func (s *Scanner) instruction() (*Token, error) {
	return s.delimited(Instruction, "<?", "?>", "a processing instruction")
}

// doctype passes over a document type declaration that has no subset of its own.
func (s *Scanner) doctype() (*Token, error) {
	const most = 4096 // a name and two identifiers
	s.ensure(most)
	b := s.buf[s.pos:s.end]
	quote := byte(0)
	for i, c := range b[:min(len(b), most)] {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '[':
			return nil, s.fail(i, "xml.doctype", "remove the part in brackets", "a document type declaration with entities of its own is not accepted")
		case c == '>':
			return s.take(Doctype, i+1), nil
		}
	}
	if len(b) < most {
		return nil, s.truncated()
	}
	return nil, s.tooBig("the document type declaration")
}

func (s *Scanner) delimited(k Kind, open, shut, what string) (*Token, error) {
	from := len(open)
	for {
		b := s.buf[s.pos:s.end]
		if from < len(b) {
			if i := bytes.Index(b[from:], []byte(shut)); i >= 0 && from+i <= MaxMarkup {
				return s.delimitedToken(k, len(open), from+i, from+i+len(shut))
			}
			from = max(len(open), len(b)-len(shut)+1)
		}
		if len(b) > MaxMarkup {
			return nil, s.tooBig(what)
		}
		if !s.more() {
			return nil, s.truncated()
		}
	}
}

func (s *Scanner) delimitedToken(k Kind, begin, end, n int) (*Token, error) {
	inner := s.buf[s.pos+begin : s.pos+end]
	decoded, bad, problem := s.chars(inner, true)
	if problem != "" {
		return nil, s.charError(begin+bad, problem)
	}
	if k == Comment {
		if i := bytes.Index(inner, []byte("--")); i >= 0 || bytes.HasSuffix(inner, []byte("-")) {
			return nil, s.fail(begin+max(i, 0), "xml.syntax", "", "“--” inside a comment")
		}
	} else {
		target := inner[:nameEnd(inner, 0)]
		switch {
		case len(target) == 0 || len(target) < len(inner) && !isSpace(inner[len(target)]):
			return nil, s.fail(begin, "xml.syntax", "", "a processing instruction without a name")
		case bytes.EqualFold(target, []byte("xml")) && (s.declared || string(target) != "xml"):
			return nil, s.fail(0, "xml.syntax", "", "the XML declaration must stand at the very beginning")
		}
	}
	t := s.take(k, n)
	t.Text = decoded
	return t, nil
}

// qname checks a name and parts it. at is where it stands among the unread bytes.
func (s *Scanner) qname(b []byte, at int) (qname, error) {
	var recent *qname
	if len(b) > 0 {
		recent = &s.recent[(len(b)*31^int(b[0])*7^int(b[len(b)-1]))%len(s.recent)]
		if recent.raw == string(b) {
			return *recent, nil
		}
	}
	q, err := s.name(b, at)
	if err == nil && recent != nil {
		*recent = q
	}
	return q, err
}

func (s *Scanner) name(b []byte, at int) (qname, error) {
	if q, ok := s.names[string(b)]; ok {
		return q, nil
	}
	bad := func(message string) (qname, error) {
		return qname{}, s.fail(at, "xml.syntax", "", "%s", message)
	}
	if len(b) == 0 {
		return bad("a name is missing")
	}
	if !utf8.Valid(b) {
		return qname{}, s.charError(at, notUTF8)
	}
	q := qname{raw: string(b)}
	q.local = q.raw
	if i := bytes.IndexByte(b, ':'); i >= 0 {
		q.prefix, q.local = q.raw[:i], q.raw[i+1:]
		if q.prefix == "" || !isName(q.prefix) {
			return bad(fmt.Sprintf("%q is not a name", diag.Excerpt(q.raw)))
		}
	}
	if !isName(q.local) {
		return bad(fmt.Sprintf("%q is not a name", diag.Excerpt(q.raw)))
	}
	if len(s.names) < internable {
		s.names[q.raw] = q
	}
	return q, nil
}

// nameEnd is where the name that begins at b[i] ends.
func nameEnd(b []byte, i int) int {
	for i < len(b) && isNameByte(b[i]) {
		i++
	}
	return i
}

var nameBytes = func() (t [256]bool) {
	for c := range 256 {
		t[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
			c == ':' || c == '_' || c == '-' || c == '.' || c >= 0x80
	}
	return t
}()

func isNameByte(c byte) bool { return nameBytes[c] }

func isNameStart(c byte) bool {
	return nameBytes[c] && c != '-' && c != '.' && (c < '0' || c > '9')
}

// isName reports whether s is an NCName (XML Names 1.0, production 4).
func isName(s string) bool {
	for i, r := range s {
		if !IsNameRune(r) || r == ':' || i == 0 && (r == '-' || r == '.' || r >= '0' && r <= '9' || r == 0xB7 ||
			r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040) {
			return false
		}
	}
	return s != ""
}

// IsNameRune reports whether r may stand in a name (XML 1.0, production 4a, NameChar).
func IsNameRune(r rune) bool {
	if r < 0x80 {
		return nameBytes[byte(r)]
	}
	return unicode.Is(nameRunes, r)
}

// nameRunes are NameChar's characters beyond ASCII.
var nameRunes = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0xB7, 0xB7, 1}, {0xC0, 0xD6, 1}, {0xD8, 0xF6, 1}, {0xF8, 0x37D, 1}, {0x37F, 0x1FFF, 1}, {0x200C, 0x200D, 1},
		{0x203F, 0x2040, 1}, {0x2070, 0x218F, 1}, {0x2C00, 0x2FEF, 1}, {0x3001, 0xD7FF, 1}, {0xF900, 0xFDCF, 1}, {0xFDF0, 0xFFFD, 1},
	},
	R32: []unicode.Range32{{0x10000, 0xEFFFF, 1}},
}

func firstRune(b []byte) string {
	_, n := utf8.DecodeRune(b)
	return string(b[:n])
}
