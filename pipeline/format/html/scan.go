package html

import "strings"

// tokenKind is what a token is.
type tokenKind uint8

const (
	textToken    tokenKind = iota
	startToken             // a start tag
	endToken               // an end tag
	commentToken           // a comment, or what the standard reads as one
	doctypeToken           // a document type declaration
	cdataToken             // a CDATA section, where there can be one
	tailToken              // a construct that the input ends in, up to its end
	noToken                // the input is used up
)

// attr is an attribute in a start tag: where its name and value stand. quote is
// the value's quotation mark, or 0; an attribute without "=" has an empty value
// right behind its name. end is where the whole attribute ends.
type attr struct {
	id              attribute
	quote           byte
	name, nameEnd   int
	value, valueEnd int
	end             int
}

// scanner cuts HTML into tokens by the tokenization rules of the HTML standard
// (13.2.5), as far as where one ends and the next begins. Tokens follow each
// other without a gap.
type scanner struct {
	s     string
	pos   int
	cdata bool // CDATA sections are read as such: in XML and in foreign content
	noPHP bool // there is no "?>" from here on

	// The token read last.
	kind          tokenKind
	start, end    int
	name, nameEnd int
	selfClosing   bool
	attrs         []attr
	props         *properties
}

// begin makes a scanner ready for s.
func (z *scanner) begin(s string) { *z = scanner{s: s, attrs: z.attrs[:0]} }

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'
}

func isLetter(c byte) bool { return c|0x20-'a' < 26 }

// next reads the next token.
func (z *scanner) next() {
	s, p := z.s, z.pos
	z.start = p
	at := p
	for {
		i := strings.IndexByte(s[at:], '<')
		if i < 0 {
			at = len(s)
			break
		}
		at += i
		if at+1 == len(s) {
			at++
			break
		}
		if c := s[at+1]; c|0x20-'a' < 26 || c == '/' || c == '!' || c == '?' || c == '%' && templateTag(s[at:]) > 0 {
			if c == '/' && at+2 == len(s) {
				at += 2
			}
			break
		}
		at++
	}
	if at > p {
		z.kind, z.end, z.pos = textToken, at, at
		return
	}
	if p == len(s) {
		z.kind, z.end = noToken, p
		return
	}
	switch c := s[p+1]; {
	case c == '/':
		c = s[p+2]
		switch {
		case c|0x20-'a' < 26:
			z.tag(p+2, endToken)
		case c == '>':
			z.finish(commentToken, p+3)
		default:
			z.bogus(p + 2)
		}
	case c == '!':
		z.declaration()
	case c == '?':
		z.instruction()
	case c == '%':
		z.finish(commentToken, p+templateTag(s[p:]))
	default:
		z.tag(p+1, startToken)
	}
}

func (z *scanner) finish(k tokenKind, end int) {
	z.kind, z.end, z.pos = k, end, end
}

// tail makes the rest of the input one token.
func (z *scanner) tail() { z.finish(tailToken, len(z.s)) }

// bogus reads what is taken for a comment up to the next ">".
func (z *scanner) bogus(from int) {
	if i := strings.IndexByte(z.s[from:], '>'); i >= 0 {
		z.finish(commentToken, from+i+1)
		return
	}
	z.tail()
}

// instruction reads what begins with "<?". The standard ends it at the first ">";
// an instruction of PHP, which a server replaces, ends at "?>".
func (z *scanner) instruction() {
	rest := z.s[z.start+2:]
	if !z.noPHP && (strings.HasPrefix(rest, "=") || strings.HasPrefix(rest, " ") || len(rest) > 3 && equalFold(rest[:3], "php") && isSpace(rest[3])) {
		if i := strings.Index(rest, "?>"); i >= 0 {
			z.finish(commentToken, z.start+2+i+2)
			return
		}
		z.noPHP = true
	}
	z.bogus(z.start + 1)
}

// templateTag returns the length of the tag of a server's template, "<% … %>", that
// s begins with (ERB, EJS, JSP, ASP), 0 if it does not.
func templateTag(s string) int {
	if len(s) < 4 || s[1] != '%' {
		return 0
	}
	if i := strings.Index(s[2:min(len(s), 2000)], "%>"); i >= 0 && !strings.Contains(s[2:2+i], "<%") {
		return 2 + i + 2
	}
	return 0
}

// printsText reports whether an instruction or template tag stands for text that
// the server puts in its place.
func printsText(raw string) bool {
	rest := strings.TrimLeft(raw[2:], " \t\r\n")
	if len(rest) >= 3 && equalFold(rest[:3], "php") {
		rest = strings.TrimLeft(rest[3:], " \t\r\n")
	}
	return strings.HasPrefix(rest, "=") || strings.HasPrefix(rest, "-=") || strings.HasPrefix(rest, "echo ") || strings.HasPrefix(rest, "print ")
}

// declaration reads what begins with "<!".
func (z *scanner) declaration() {
	s, p := z.s, z.start
	rest := s[p+2:]
	switch {
	case strings.HasPrefix(rest, "--"):
		from := p + 4
		if strings.HasPrefix(s[from:], ">") {
			z.finish(commentToken, from+1)
			return
		}
		if strings.HasPrefix(s[from:], "->") {
			z.finish(commentToken, from+2)
			return
		}
		for at := from; ; {
			i := strings.IndexByte(s[at:], '>')
			if i < 0 {
				z.tail()
				return
			}
			at += i
			if at-2 >= from && s[at-2:at] == "--" || at-3 >= from && s[at-3:at] == "--!" {
				z.finish(commentToken, at+1)
				return
			}
			at++
		}
	case len(rest) >= 7 && equalFold(rest[:7], "doctype"):
		z.bogus(p + 2)
		if z.kind == commentToken {
			z.kind = doctypeToken
			// The internal subset of XML.
			if z.cdata && strings.IndexByte(s[p:z.end], '[') >= 0 {
				if i := strings.Index(s[p:], "]>"); i >= 0 {
					z.finish(doctypeToken, p+i+2)
				}
			}
		}
	case z.cdata && strings.HasPrefix(rest, "[CDATA["):
		if i := strings.Index(s[p+9:], "]]>"); i >= 0 {
			z.finish(cdataToken, p+9+i+3)
			return
		}
		z.tail()
	default:
		z.bogus(p + 2)
	}
}

// tag reads a tag whose name begins at p.
func (z *scanner) tag(p int, kind tokenKind) {
	s := z.s
	z.name = p
	z.attrs = z.attrs[:0]
	z.selfClosing = false
	for p < len(s) && s[p] != '>' && s[p] != '/' && !isSpace(s[p]) {
		p++
	}
	z.nameEnd = p
	if p < len(s) && s[p] == '>' {
		z.props = lookup(s[z.name:p])
		z.finish(kind, p+1)
		return
	}
	for {
		from := p
		for p < len(s) && (isSpace(s[p]) || s[p] == '/') {
			p++
		}
		if p >= len(s) {
			z.tail()
			return
		}
		if s[p] == '>' {
			z.selfClosing = p > from && s[p-1] == '/'
			z.props = lookup(s[z.name:z.nameEnd])
			z.finish(kind, p+1)
			return
		}
		a := attr{name: p}
		upper := false
		p++ // a "=" here is part of the name
		if c := s[p-1]; c-'A' < 26 {
			upper = true
		}
		for p < len(s) {
			c := s[p]
			if c == '=' || c == '>' || c == '/' || isSpace(c) {
				break
			}
			if c-'A' < 26 {
				upper = true
			}
			p++
		}
		a.nameEnd, a.value, a.valueEnd, a.end = p, p, p, p
		q := p
		for q < len(s) && isSpace(s[q]) {
			q++
		}
		if q < len(s) && s[q] == '=' {
			q++
			for q < len(s) && isSpace(s[q]) {
				q++
			}
			if q >= len(s) {
				z.tail()
				return
			}
			switch c := s[q]; c {
			case '>':
				p = q
			case '"', '\'':
				i := strings.IndexByte(s[q+1:], c)
				if i < 0 {
					z.tail()
					return
				}
				a.quote, a.value, a.valueEnd = c, q+1, q+1+i
				p = q + i + 2
			default:
				p = q
				for p < len(s) && s[p] != '>' && !isSpace(s[p]) {
					p++
				}
				a.value, a.valueEnd = q, p
			}
			a.end = p
		}
		if kind == startToken {
			if name := s[a.name:a.nameEnd]; !upper {
				a.id = attributeNamed(name)
			} else if len(name) <= longestAttribute {
				var lower [longestAttribute]byte
				n := copy(lower[:], name)
				for i, c := range lower[:n] {
					if c-'A' < 26 {
						lower[i] |= 0x20
					}
				}
				a.id = attributeNamed(string(lower[:n]))
			}
			z.attrs = append(z.attrs, a)
		}
	}
}

// raw finds the end of the content of the raw text element whose start tag has
// just been read: where its end tag begins. The next token begins there. If
// there is no end tag, ok is false and everything is content.
func (z *scanner) raw(name string) (end int, ok bool) {
	s := z.s
	script := name == "script"
	const (
		plain = iota
		escaped
		doubled
	)
	state := plain
	dashes := -1 // where the next "-->" is, if it is known
	for at := z.pos; ; {
		i := strings.IndexByte(s[at:], '<')
		if i < 0 {
			z.pos = len(s)
			return len(s), false
		}
		at += i
		if state != plain {
			if dashes < 0 {
				dashes = len(s)
			}
			if dashes < at {
				state, dashes = plain, -1
			}
		}
		rest := s[at+1:]
		switch {
		case strings.HasPrefix(rest, "/") && isTagNamed(rest[1:], name):
			if state != doubled {
				z.pos = at
				return at, true
			}
			state = escaped
		case script && state == plain && strings.HasPrefix(rest, "!--"):
			state = escaped
			dashes = len(s)
			if i := strings.Index(s[at+2:], "-->"); i >= 0 {
				dashes = at + 2 + i
			}
		case script && state == escaped && isTagNamed(rest, name):
			state = doubled
		}
		at++
	}
}

// isTagNamed reports whether a tag's name and what ends it stand at the
// beginning of s.
func isTagNamed(s, name string) bool {
	if len(s) <= len(name) || !equalFold(s[:len(name)], name) {
		return false
	}
	c := s[len(name)]
	return isSpace(c) || c == '/' || c == '>'
}
