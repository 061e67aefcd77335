package markdown

import (
	"bytes"
	"strings"

	"hexapla/pipeline/lazy"
)

// serverTag returns the length of the tag of ERB or EJS that begins at i, 0 if there is
// none: <%= name %>, <% if x %>
func (s *scanner) serverTag(i int) int {
	if s.mdx || !bytes.HasPrefix(s.data[i:], []byte("<%")) || s.unclosed["<%"] {
		return 0
	}
	n := inParagraph(s.data[i:], "%>")
	if n < 0 {
		s.unclosed["<%"] = !bytes.Contains(s.data[i:], []byte("%>"))
	}
	if n < 0 || bytes.Contains(s.data[i+2:i+n], []byte("<%")) {
		return 0
	}
	return n
}

// selfClosing reports whether a shortcode ends itself: {{< name />}}
func selfClosing(tag []byte) bool {
	t := bytes.TrimRight(tag, "}>%")
	return bytes.HasSuffix(bytes.TrimSpace(t), []byte("/"))
}

// isCodeSet reports whether a tag of Nunjucks or Jinja begins the value of a variable that
// the document shows as code: {% set example %}…{% endset %}{{ example | highlight("js") }}.
// Prose is escaped too, so that alone shows no code.
func (s *scanner) isCodeSet(m mask) bool {
	if m.kind != liquidMask || m.name != "set" && m.name != "capture" {
		return false
	}
	name := setName().FindSubmatch(s.data[m.from:m.to])
	if name == nil {
		return false
	}
	if s.code == nil {
		s.code = map[string]bool{}
		if !mayHighlight(s.data) {
			return false
		}
		for _, v := range highlighted().FindAllSubmatch(s.data, -1) {
			s.code[string(v[1])+string(v[2])] = true
		}
	}
	return s.code[string(name[1])]
}

// mayHighlight reports whether highlighted may match in data.
func mayHighlight(data []byte) bool {
	if !bytes.Contains(data, []byte("{{")) {
		return false
	}
	for _, word := range []string{"highlight", "codeblock", "dump", "<pre", "<code"} {
		if bytes.Contains(data, []byte(word)) {
			return true
		}
	}
	return false
}

var (
	setName     = lazy.Regexp(`^\{%-?\s*(?:set|capture)\s+([\w.]+)\s*-?%\}$`)
	highlighted = lazy.Regexp(`\{\{-?\s*([\w.]+)\s*\|\s*(?:highlight|codeblock|dump)\b|<(?:pre|code)\b[^<>]*>\s*\{\{-?\s*([\w.]+)\s*\|\s*(?:escape|e)\b`)
)

// tagName reads what is in a shortcode's or tag's brackets.
func tagName(in []byte) (string, role) {
	in = bytes.TrimSpace(in)
	r := single
	if len(in) > 0 && in[0] == '/' && !bytes.HasPrefix(in, []byte("/*")) {
		r = closing
		in = bytes.TrimSpace(in[1:])
	}
	n := 0
	for n < len(in) && (isAlpha(in[n]) || in[n] >= '0' && in[n] <= '9' || in[n] == '_' || in[n] == '-' || in[n] == '/' || in[n] == '.') {
		n++
	}
	return strings.TrimSuffix(string(in[:n]), "/"), r
}

// maxTag bounds how far the end of a shortcode or tag is looked for.
const maxTag = 1 << 14

// shortcodeEnd is the length of the shortcode that b begins with, -1 if it is
// not closed. The closer may be in a quoted parameter.
func shortcodeEnd(b []byte, closer string) int {
	b = b[:min(len(b), maxTag)]
	if !bytes.Contains(b, []byte(closer)) {
		return -1
	}
	for i := 3; i < len(b); {
		switch c := b[i]; c {
		case '"', '`':
			j := i + 1
			for j < len(b) && b[j] != c {
				if b[j] == '\\' && c == '"' {
					j++
				}
				j++
			}
			if j >= len(b) {
				return unquotedEnd(b, closer)
			}
			i = j + 1
		default:
			if bytes.HasPrefix(b[i:], []byte(closer)) {
				return i + len(closer)
			}
			i++
		}
	}
	return -1
}

// unquotedEnd is for a shortcode whose quotation marks do not match.
func unquotedEnd(b []byte, closer string) int {
	n := bytes.Index(b[3:], []byte(closer))
	if n < 0 || bytes.Count(b[:n+3], []byte{'`'})%2 == 1 {
		return -1
	}
	return n + 3 + len(closer)
}

// inParagraph is the length of b up to and with closer, -1 if it is not in the
// same paragraph, or a code span is in between.
func inParagraph(b []byte, closer string) int {
	b = b[:min(len(b), maxTag)]
	n := bytes.Index(b, []byte(closer))
	if n < 2 || backtick(b[:n]) || !isOneParagraph(b[:n]) {
		return -1
	}
	return n + len(closer)
}

// backtick reports whether a backtick is in b outside of quotation marks.
func backtick(b []byte) bool {
	if bytes.IndexByte(b, '`') < 0 {
		return false
	}
	var quote byte
	for _, c := range b {
		switch {
		case quote == 0 && c == '`':
			return true
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case c == quote:
			quote = 0
		}
	}
	return quote != 0
}

// attributeStart begins an attribute list with a space in front of it, as
// python-markdown allows, or with a pair, as in {target=_blank}.
var attributeStart = lazy.Regexp(`^\{(?:[ \t]+[:.#][\w-]|[ \t]*[A-Za-z][\w-]*=["'\w])`)

// maxName bounds the first name of an attribute list.
const maxName = 64

// attributeList returns the length of the attribute list that b begins with:
// {: …} (kramdown, python-markdown), {.class …}, {#id …} or {key=value …}. It
// returns 0 if there is none.
func attributeList(b []byte) int {
	n := bytes.IndexAny(b[1:min(len(b), maxTag)], "{}\n\r`")
	if n < 2 || b[n+1] != '}' {
		return 0
	}
	if in := bytes.TrimLeft(b[1:n+1], " \t"); len(in) < 2 || in[0] != ':' && !isAlpha(in[0]) && !isAlpha(in[1]) && in[1] != '_' && in[1] != '-' {
		return 0
	}
	return n + 2
}

// attributeLine reports whether an attribute list that has its line to itself is a
// block's, as kramdown, python-markdown, Hugo and markdown-it-attrs have it: {: .lead},
// { .lead } or {#id}. It must not be joined to the text above or below.
func attributeLine(data []byte, m mask) bool {
	return strings.IndexByte(" \t:#.", data[m.from+1]) >= 0
}

// jsxExpression is the length of the { … } that b begins with, strings and
// nested braces inside, 0 if it is not closed.
func jsxExpression(b []byte) int {
	depth := 0
	b = b[:min(len(b), maxTag)]
	for i := 0; i < len(b); i++ {
		switch c := b[i]; c {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i + 1
			}
		case '"', '\'', '`':
			j := i + 1
			for j < len(b) && b[j] != c && b[j] != '\n' {
				if b[j] == '\\' {
					j++
				}
				j++
			}
			if j < len(b) && b[j] == c {
				i = j
			}
		}
	}
	return 0
}

// jsxTag is the mask of the JSX tag at i.
func jsxTag(data []byte, i int) (mask, bool) {
	b := data[i:min(len(data), i+maxTag)]
	m := mask{from: i, kind: jsxMask, role: opening}
	j := 1
	if j < len(b) && b[j] == '/' {
		m.role = closing
		j++
	}
	k := j
	for k < len(b) && (isAlpha(b[k]) || k > j && (b[k] >= '0' && b[k] <= '9' || b[k] == '.' || b[k] == '-' || b[k] == ':')) {
		k++
	}
	m.name = string(b[j:k])
	if k == j && (k >= len(b) || b[k] != '>') {
		return m, false
	}
	for j = k; j < len(b); j++ {
		switch c := b[j]; c {
		case '>':
			if m.role == opening && b[j-1] == '/' {
				m.role = single
			}
			m.to = i + j + 1
			return m, true
		case '"', '\'':
			n := bytes.IndexByte(b[j+1:], c)
			if n < 0 {
				return m, false
			}
			j += n + 1
		case '{':
			n := jsxExpression(b[j:])
			if n == 0 {
				return m, false
			}
			j += n - 1
		case '<':
			return m, false
		case '@':
			return m, false // an address
		case ':':
			if j == k {
				return m, false // an autolink
			}
		}
	}
	return m, false
}

// rawNames are shortcodes and tags whose inner text is a program's.
var rawNames = map[string]bool{
	"highlight": true, "mermaid": true, "raw": true, "verbatim": true, "comment": true, "math": true, "katex": true,
	"codeblock": true, "code": true, "codetabs": true, "code-toggle": true, "plantuml": true, "graphviz": true, "chart": true,
}

// raw widens the mask of an opening tag whose inner text is a program's over
// its closing tag.
func (s *scanner) raw(m mask) mask {
	if !rawNames[m.name] && !s.isCodeSet(m) || m.role == closing || s.unclosed[m.name] || s.data[m.to-1] == '}' && m.role == single && m.kind == hugoMask && selfClosing(s.data[m.from:m.to]) {
		return m
	}
	for at := m.to; at < len(s.data); {
		n := bytes.IndexByte(s.data[at:], '{')
		if n < 0 {
			break
		}
		at += n
		rest := s.data[at:]
		stop := -1
		var name string
		var r role
		switch {
		case m.kind == hugoMask && (bytes.HasPrefix(rest, []byte("{{<")) || bytes.HasPrefix(rest, []byte("{{%"))):
			if stop = inParagraph(rest, "}}"); stop > 5 {
				name, r = tagName(rest[3 : stop-3])
			}
		case m.kind == liquidMask && bytes.HasPrefix(rest, []byte("{%")):
			if stop = inParagraph(rest, "%}"); stop > 0 {
				name, _ = tagName(bytes.Trim(rest[2:stop-2], "-"))
				if rest, ok := strings.CutPrefix(name, "end"); ok {
					name, r = rest, closing
				}
			}
		}
		if r == closing && name == m.name {
			m.head, m.to, m.role = m.to, at+stop, single
			return m
		}
		at++
	}
	s.unclosed[m.name] = true
	return m
}
