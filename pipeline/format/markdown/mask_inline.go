package markdown

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/lazy"
)

var (
	// imageSize is the size of an image in Obsidian, and the bracket that ends the text
	// before it: ![A river|640x480](river.png)
	imageSize = lazy.Regexp(`^\|\d{1,4}(?:x\d{1,4})?\]\(`)
	// mailto is an address of e-mail with its scheme, which GitHub shows as a link.
	mailto = lazy.Regexp(`^mailto:[\w.+-]+@[\w-]+(?:\.[\w-]+)+`)
	// blockID is the name of a block in Obsidian, at its end: ^river-1
	blockID = lazy.Regexp(`^\^[A-Za-z0-9-]+[ \t\r]*\n?$`)
)

// critic returns the length of a comment or a substitution of CriticMarkup that b
// begins with, 0 if there is none: {>>who says so?<<}, {~~old~>new~~}
func critic(b []byte) int {
	switch {
	case bytes.HasPrefix(b, []byte("{>>")):
		return max(0, inParagraph(b, "<<}"))
	case bytes.HasPrefix(b, []byte("{~~")):
		n := inParagraph(b, "~~}")
		if n > 0 && bytes.Contains(b[:n], []byte("~>")) {
			return n
		}
	}
	return 0
}

// keyNames are the keys of a keyboard as the keys extension of PyMdown has them,
// between plus signs: ++ctrl+alt+del++.
var keyNames = lazy.Regexp(`^\+\+[a-z0-9]+(?:-[a-z0-9]+)*(?:\+[a-z0-9]+(?:-[a-z0-9]+)*)*\+\+`)

// keys returns the length of the names of keys at i, 0 if there are none.
func keys(data []byte, i int) int {
	if !bytes.HasPrefix(data[i:], []byte("++")) || i > 0 && (isAlpha(data[i-1]) || data[i-1] == '+') {
		return 0
	}
	n := len(keyNames().Find(data[i:min(len(data), i+maxName)]))
	if n > 0 && i+n < len(data) && (isAlpha(data[i+n]) || data[i+n] == '+') {
		return 0
	}
	return n
}

// emojiLength returns the length of the name of an emoji or icon between colons that b
// begins with, as GitHub, Hugo, Jekyll (jemoji), MkDocs and markdown-it-emoji have it; 0 if
// there is none.
func emojiLength(b []byte) int {
	if len(b) < 3 || b[0] != ':' || b[1] < 'a' || b[1] > 'z' {
		return 0
	}
	n := 1 + prefixOf(b[1:], isEmojiName)
	if n == len(b) || b[n] != ':' {
		return 0
	}
	return n + 1
}

// emoji returns the length of the name of an emoji at i, 0 if there is none.
func emoji(data []byte, i int) int {
	if i > 0 && (isNameByte(data[i-1]) || data[i-1] >= utf8.RuneSelf) {
		return 0
	}
	n := emojiLength(data[i:min(len(data), i+maxName)])
	if n > 0 && i+n < len(data) && (isNameByte(data[i+n]) || data[i+n] >= utf8.RuneSelf || bytes.HasPrefix(data[i+n:], []byte("//"))) {
		return 0 // or the scheme of an address: [1]:https://x.example/
	}
	return n
}

// comment returns the length of a comment of Obsidian that line begins with, 0 if
// there is none: %%hidden%%
func comment(line []byte) int {
	rest, ok := bytes.CutPrefix(line, []byte("%%"))
	if !ok {
		return 0
	}
	n := bytes.Index(rest, []byte("%%"))
	if n < 1 {
		return 0
	}
	return n + 4
}

// alert is the [!NOTE] that begins a block quote of GitHub's.
func alert(data []byte, at, end int) (mask, bool) {
	i := at
	quotes := 0
	for i < end && (data[i] == ' ' || data[i] == '\t' || data[i] == '>') {
		if data[i] == '>' {
			quotes++
		}
		i++
	}
	if quotes == 0 || !bytes.HasPrefix(data[i:end], []byte("[!")) {
		return mask{}, false
	}
	j := i + 2
	for j < end && isAlpha(data[j]) {
		j++
	}
	if j < end && j > i+2 && data[j] == '|' { // settings of Obsidian's themes
		for j < end && data[j] != ']' && data[j] != '[' {
			j++
		}
	}
	if j == i+2 || j >= end || data[j] != ']' {
		return mask{}, false
	}
	if j++; j < end && (data[j] == '+' || data[j] == '-') {
		j++
	}
	return mask{from: i, to: j, kind: alertMask}, true
}

// taskStates are the states of a task besides open and done, which Obsidian and its themes
// show in the box of an item: - [/] Half done
const taskStates = `/-><!?*"`

// taskState is the box of a task whose state is neither open nor done.
func taskState(data []byte, at, end int) (mask, bool) {
	i := at + prefixOf(data[at:end], isQuotePrefix)
	n := listMarker(data[i:end])
	if n == 0 {
		return mask{}, false
	}
	i += n
	i += prefixOf(data[i:end], isLineSpace)
	if i+3 >= end || data[i] != '[' || strings.IndexByte(taskStates, data[i+1]) < 0 || data[i+2] != ']' || !isLineSpace(data[i+3]) {
		return mask{}, false
	}
	return mask{from: i, to: i + 3, kind: emojiMask}, true
}

// brace is the mask that begins with the { at i; the line began at line.
func (s *scanner) brace(i, line int) (mask, bool) {
	rest := s.data[i:]
	has := func(p string) bool { return bytes.HasPrefix(rest, []byte(p)) }
	switch {
	case has("{{/*"), has("{{- /*"):
		if end := s.templateComment(i); end > 0 {
			return mask{from: i, to: end, kind: outputMask}, true
		}
		return mask{}, false
	case has("{{<"), has("{{%"):
		closer := ">}}"
		if rest[2] == '%' {
			closer = "%}}"
		}
		n := shortcodeEnd(rest, closer)
		if n < 0 {
			return mask{}, false
		}
		m := mask{from: i, to: i + n, kind: hugoMask}
		m.done = bytes.HasPrefix(rest[3:], []byte("/*")) // it shows itself: {{</* figure */>}}
		m.name, m.role = tagName(rest[3 : n-3])
		return s.raw(m), true
	case s.mdx:
		if n := jsxExpression(rest); n > 0 {
			return mask{from: i, to: i + n, kind: programMask}, true
		}
	case has("{!") || has("{*"):
		if n := len(includes().Find(rest[:min(len(rest), maxInclude)])); n > 0 {
			return mask{from: i, to: i + n, kind: outputMask}, true
		}
	case has("{{"):
		if n := inParagraph(rest, "}}"); n > 4 {
			for n < len(rest) && rest[n] == '}' {
				n++
			}
			return mask{from: i, to: i + n, kind: outputMask}, true
		}
	case has("{%"):
		if n := inParagraph(rest, "%}"); n > 0 {
			m := mask{from: i, to: i + n, kind: liquidMask}
			m.name, m.role = tagName(bytes.Trim(rest[2:n-2], "-"))
			if name, ok := strings.CutPrefix(m.name, "end"); ok && name != "" {
				m.name, m.role = name, closing
			}
			m.done = i < s.shown
			raw := s.raw(m)
			if raw.to > m.to && (m.name == "raw" || m.name == "verbatim") && bytes.IndexByte(s.data[m.to:raw.to], '\n') >= 0 {
				// Text around tags that are shown, and not obeyed.
				s.shown = raw.to
				return m, true
			}
			return raw, true
		}
	case has("{:"), has("{#"), has("{."), attributeStart().Match(rest[:min(len(rest), maxName)]), s.bareAttribute(i):
		if has("{#") {
			if n := inParagraph(rest, "#}"); n > 3 {
				return mask{from: i, to: i + n, kind: outputMask}, true
			}
		}
		if n, head := s.kramdownElement(i); n > 0 {
			return mask{from: i, to: i + n, head: i + head, kind: attrMask}, true
		}
		n := attributeList(rest)
		if n > 0 && (!s.heading(i, i+n, line) || s.bareAttribute(i)) {
			return mask{from: i, to: i + n, kind: attrMask}, true
		}
	}
	return mask{}, false
}

// templateComment returns the end of the comment of a Go template that begins with the
// brace at i, 0 if it is none.
func (s *scanner) templateComment(i int) int {
	from := i + bytes.Index(s.data[i:], []byte("/*")) + 2
	if c := &s.comment; c.at < from || c.from > from {
		c.from, c.at = from, len(s.data)
		if n := bytes.Index(s.data[from:], []byte("*/")); n >= 0 {
			c.at = from + n
		}
	}
	if s.comment.at == len(s.data) {
		return 0
	}
	rest := bytes.TrimPrefix(s.data[s.comment.at+len("*/"):], []byte(" -"))
	if !bytes.HasPrefix(rest, []byte("}}")) {
		return 0
	}
	return len(s.data) - len(rest) + 2
}

// maxInclude is the length in bytes up to which the end of an included file's name is
// looked for.
const maxInclude = 512

// includes is a file that is put in its place: {!a.py!}, {!> ../a.py!} of markdown-include
// and {* a.py hl[3] *} of mdx-include's variants.
var includes = lazy.Regexp(`^\{(?:![>]?[ \t]*[^\s{}!]+[^{}\n!]*!|\*[ \t]+[^\s{}*]*[./][^{}\n*]*\*)\}`)

// bareAttribute reports whether an attribute list of names alone is at i, right
// behind what it belongs to, or at the end of a heading: [text](url){ data-preview }.
func (s *scanner) bareAttribute(i int) bool {
	if s.dialect != DialectPythonMarkdown || i == 0 {
		return false
	}
	n := len(bareAttributes().Find(s.data[i:min(len(s.data), i+maxName)]))
	return n > 0 && (strings.IndexByte(")]*_`", s.data[i-1]) >= 0 || s.heading(i, i+n, i))
}

var bareAttributes = lazy.Regexp(`^\{[ \t]*[a-z][\w-]*(?:[ \t]+[a-z][\w-]*)*[ \t]*\}`)

// kramdownElement returns the length of the element of kramdown that begins at i
// and whose content is no prose, and that of its start tag; 0 if there is none:
// {::comment}…{:/comment} and {::nomarkdown}…{:/}, as kramdown's syntax page has
// them (Extensions).
func (s *scanner) kramdownElement(i int) (n, head int) {
	m := kramdownStart().FindSubmatch(s.data[i:min(len(s.data), i+maxName)])
	if m == nil || s.unclosed["{::"] {
		return 0, 0
	}
	at := i + len(m[0])
	k := bytes.Index(s.data[at:], []byte("{:/"))
	if k < 0 {
		s.unclosed["{::"] = true
		return 0, 0
	}
	at += k + len("{:/")
	if bytes.HasPrefix(s.data[at:], m[1]) {
		at += len(m[1])
	}
	if at >= len(s.data) || s.data[at] != '}' {
		return 0, 0
	}
	return at + 1 - i, len(m[0])
}

var kramdownStart = lazy.Regexp(`^\{::(comment|nomarkdown)[ \t]*(?:[a-z]+="[^"}]*"[ \t]*)*\}`)

// heading reports whether an attribute list is at the end of a heading,
// where goldmark reads it.
func (s *scanner) heading(from, to, line int) bool {
	end := lineEnd(s.data, to)
	if len(bytes.TrimSpace(s.data[to:end])) > 0 {
		return false
	}
	start := from
	for start > 0 && !isLF(s.data, start-1) {
		start--
	}
	if t := bytes.TrimLeft(s.data[start:from], " \t>"); len(t) > 0 && t[0] == '#' {
		return true
	}
	next := bytes.TrimSpace(bytes.TrimLeft(s.data[end:lineEnd(s.data, end)], " \t>"))
	return len(next) > 0 && (next[0] == '=' || next[0] == '-') && runLength(next, 0, next[0]) == len(next)
}

// beginsMask has the bytes that scanner.line looks at.
var beginsMask = [256]bool{
	'\\': true, '$': true, '+': true, '%': true, ':': true, '[': true, '!': true, '`': true, '|': true,
	'm': true, '^': true, '{': true, '<': true, '@': true,
}

// line looks for masks from at to end, and returns where to go on: at the next
// line, or after what reached over its end.
func (s *scanner) line(at, end int) int {
	if m, ok := alert(s.data, at, end); ok {
		s.masks = append(s.masks, m)
		at = m.to
	} else if m, ok := taskState(s.data, at, end); ok && s.dialect == DialectAuto && !s.mdx {
		s.masks = append(s.masks, m)
		at = m.to
	}
	for i := at; i < end; {
		if !beginsMask[s.data[i]] {
			i++
			continue
		}
		switch s.data[i] {
		case '\\':
			m, ok := bracketMath(s.data, i)
			if !ok {
				m, ok = s.rawTeX(i, end)
			}
			if !ok {
				i += 2
				continue
			}
			s.masks = append(s.masks, m)
			if i = m.to; i > end {
				return s.resume(i)
			}
			continue
		case '$':
			m, ok := s.dollarMath(i, at, end)
			if !ok {
				i += runLength(s.data, i, '$')
				continue
			}
			s.masks = append(s.masks, m)
			if i = m.to; i > end {
				return s.resume(i)
			}
			continue
		case '@':
			if m, ok := s.citation(i, at, end); ok {
				s.masks = append(s.masks, m)
				i = m.to
				continue
			}
		case '+':
			if n := keys(s.data, i); n > 0 && (s.dialect == DialectAuto || s.dialect == DialectPythonMarkdown) {
				s.masks = append(s.masks, mask{from: i, to: i + n, kind: keysMask})
				i += n
				continue
			}
		case '%':
			if n := comment(s.data[i:end]); n > 0 && (i == at || isSpaceByte(s.data[i-1])) {
				s.masks = append(s.masks, mask{from: i, to: i + n, kind: emojiMask})
				i += n
				continue
			}
		case ':':
			if n := emoji(s.data, i); n > 0 {
				s.masks = append(s.masks, mask{from: i, to: i + n, kind: emojiMask})
				i += n
				continue
			}
		case '[', '!':
			if ms := s.autoReference(i, end); ms != nil {
				s.masks = append(s.masks, ms...)
				i = ms[len(ms)-1].to
				continue
			}
			if ms := s.wikiLink(i, end); ms != nil && !s.isRow(at, end) {
				s.masks = append(s.masks, ms...)
				i = ms[len(ms)-1].to
				continue
			}
		case '`':
			n := runLength(s.data, i, '`')
			if stop := codeSpanEnd(s.data, i+n, n); stop > 0 && (stop <= end || !isHeading(s.data[at:end])) {
				i = stop
				if i > end {
					return s.resume(i)
				}
				continue
			}
			i += n
			continue
		case '|':
			if i+1 == end || !isDigit(s.data[i+1]) {
				break
			}
			if n := len(imageSize().Find(s.data[i:min(end, i+maxName)])); n > 0 && bytes.LastIndex(s.data[at:i], []byte("![")) > bytes.LastIndexByte(s.data[at:i], ']') && bytes.Count(s.data[at:end], []byte{'|'}) == 1 {
				s.masks = append(s.masks, mask{from: i, to: i + n - 2, kind: emojiMask})
				i += n - 2
				continue
			}
		case 'm':
			if !bytes.HasPrefix(s.data[i:end], []byte("mailto:")) {
				break
			}
			if n := len(mailto().Find(s.data[i:min(end, i+maxName)])); n > 0 && (i == at || isSpaceByte(s.data[i-1]) || s.opensText(i, at)) {
				s.masks = append(s.masks, mask{from: i, to: i + n, kind: emojiMask})
				i += n
				continue
			}
		case '^':
			if s.dialect == DialectAuto && (i == at || isSpaceByte(s.data[i-1])) && blockID().Match(s.data[i:end]) {
				m := mask{from: i, to: i + len(bytes.TrimRight(s.data[i:end], " \t\r\n")), kind: emojiMask}
				s.masks = append(s.masks, m)
				i = m.to
				continue
			}
		case '{':
			if m := s.role(i, end); m != nil {
				n := runLength(s.data, i+m[1]-1, '`')
				if stop := codeSpanEnd(s.data, i+m[1]-1+n, n); stop > 0 && stop <= end {
					s.masks = append(s.masks, mask{from: i, to: stop, head: i + m[1] - 1 + n, kind: roleMask, name: string(s.data[i+1 : i+m[1]-2])})
					i = stop
					continue
				}
			}
			if n := critic(s.data[i:]); n > 0 && (s.dialect == DialectAuto || s.dialect == DialectPythonMarkdown) {
				s.masks = append(s.masks, mask{from: i, to: i + n, kind: emojiMask})
				if i += n; i > end {
					return s.resume(i)
				}
				continue
			}
			if m, ok := s.brace(i, at); ok {
				s.masks = append(s.masks, m)
				if i = m.to; i > end {
					return s.resume(i)
				}
				continue
			}
		case '<':
			if bytes.HasPrefix(s.data[i:], []byte("<!--")) && !s.unclosed["<!--"] {
				n := bytes.Index(s.data[i:], []byte("-->"))
				s.unclosed["<!--"] = n < 0
				if n >= 0 {
					if i += n + 3; i > end {
						return s.resume(i)
					}
					continue
				}
			}
			if n := s.serverTag(i); n > 0 {
				s.masks = append(s.masks, mask{from: i, to: i + n, kind: outputMask})
				if i += n; i > end {
					return s.resume(i)
				}
				continue
			}
			if s.mdx {
				if m, ok := jsxTag(s.data, i); ok {
					s.masks = append(s.masks, m)
					if i = m.to; i > end {
						return s.resume(i)
					}
					continue
				}
			}
		}
		i++
	}
	return end
}

// role returns the place of the name of a role of MyST that begins at i, from there on; nil
// if there is none.
func (s *scanner) role(i, end int) []int {
	if i+1 >= end || s.data[i+1] < 'a' || s.data[i+1] > 'z' || !s.dialect.allowsMyST() {
		return nil
	}
	return mystRole().FindIndex(s.data[i:min(end, i+maxName)])
}

// opensText reports whether text is between a quotation mark or a bracket and i, on the
// line that begins at start: the mark is not that of an attribute or of a link.
func (s *scanner) opensText(i, start int) bool {
	before := s.data[start:i]
	r, n := utf8.DecodeLastRune(before)
	switch before = before[:len(before)-n]; {
	case r == '(':
		return !bytes.HasSuffix(before, []byte("]"))
	case r == '"' || r == '\'':
		return len(before) == 0 || isSpaceByte(before[len(before)-1]) || before[len(before)-1] == '('
	}
	return r == '“' || r == '„' || r == '«' || r == '‘'
}

// isRow reports whether the line from at to end may be a row of a table: it has
// bars outside of wiki links.
func (s *scanner) isRow(at, end int) bool {
	if s.row.end != end {
		s.row.end, s.row.isRow = end, bars().Match(wikiLinks().ReplaceAll(s.data[at:end], nil))
	}
	return s.row.isRow
}

var (
	wikiLinks = lazy.Regexp(`\[\[[^\n]*?\]\]`)
	bars      = lazy.Regexp(`(?:^|[^\\])\|`)
)

// resume goes on in the middle of a line.
func (s *scanner) resume(at int) int {
	end := lineEnd(s.data, at)
	if at > 0 && isLF(s.data, at-1) {
		return at
	}
	return s.line(at, end)
}
