package markdown

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/lazy"
)

// scalar makes a unit of a value: its span is the value with its quotation
// marks, from from to to; its text is chars. Such a unit is written as a whole
// or not at all, so its anchors need only rise. It returns the unit's number,
// or -1 if the value has no text.
func (s *splitter) scalar(from, to int, chars string, kind bitext.Kind, c context, name string) int {
	return s.value(from, to, []valuePart{{from: from, to: to, chars: chars}}, kind, c, name)
}

// valuePart is a part of a value: characters, or what a template fills in.
type valuePart struct {
	from, to int
	chars    string
	template bool
}

// value makes a unit of the parts of a value. See scalar.
func (s *splitter) value(from, to int, parts []valuePart, kind bitext.Kind, c context, name string) int {
	p := s.newUnit()
	*p = pendingUnit{span: bitext.UnitSpan{Start: from, End: to, Context: c.String()}}
	var chars strings.Builder
	anchor := func(text, raw int) {
		if n := len(p.span.Anchors); n == 0 || p.span.Anchors[n-1].Text < text {
			p.span.Anchors = append(p.span.Anchors, bitext.Anchor{Text: text, Raw: raw})
		} else {
			p.span.Anchors[n-1].Raw = raw
		}
	}
	for i, part := range parts {
		if part.template {
			p.Source.Codes = append(p.Source.Codes, bitext.Code{
				ID: strconv.Itoa(len(p.Source.Codes) + 1), Pos: chars.Len(), Data: string(s.data[part.from:part.to]), Type: "other", NoDelete: true,
			})
			p.span.Codes = append(p.span.Codes, part.from)
			continue
		}
		raw, last := part.from, part.to
		if i == 0 {
			raw = from
		}
		anchor(chars.Len(), raw)
		// Characters beyond the part's bytes are at its end.
		for k := last - raw + 1; k <= len(part.chars); k++ {
			anchor(chars.Len()+k, last)
		}
		chars.WriteString(part.chars)
	}
	p.Source.Chars = chars.String()
	if !hasText(p.Source.Chars) {
		return -1
	}
	p.Kind, p.Name, p.NoTranslate = kind, name, s.kept
	s.pending = append(s.pending, p)
	return len(s.pending) - 1
}

// templateValue makes a unit of a quoted value in which a template language may
// fill in something; decode resolves what is escaped in the rest.
func (s *splitter) templateValue(from, to int, decode func(from, to int) string, c context, name string) int {
	var parts []valuePart
	at := from + 1
	for i := at; i < to-1; {
		n := templateLength(s.data[i : to-1])
		if n == 0 {
			i++
			continue
		}
		if i > at {
			parts = append(parts, valuePart{from: at, to: i, chars: decode(at, i)})
		}
		parts = append(parts, valuePart{from: i, to: i + n, template: true})
		i += n
		at = i
	}
	if at < to-1 || len(parts) == 0 {
		parts = append(parts, valuePart{from: at, to: to - 1, chars: decode(at, to-1)})
	}
	return s.value(from, to, parts, bitext.Attribute, c, name)
}

// templateLength returns the length of the output or tag of Liquid, Jinja, Hugo or EJS
// that b begins with, 0 if there is none.
func templateLength(b []byte) int {
	for _, t := range [...][2]string{{"{{", "}}"}, {"{%", "%}"}, {"{#", "#}"}, {"<%", "%>"}} {
		if bytes.HasPrefix(b, []byte(t[0])) {
			n := bytes.Index(b[:min(len(b), maxTag)], []byte(t[1]))
			if n < 2 || bytes.ContainsAny(b[:n], "\n\r") {
				return 0
			}
			return n + 2
		}
	}
	return 0
}

// definition makes a unit of the title of a link reference definition.
func (s *splitter) definition(n *ast.LinkReferenceDefinition) {
	s.definitionSlot(n)
	lines := n.Lines()
	if len(n.Title) == 0 || lines.Len() == 0 {
		return
	}
	end := lines.At(lines.Len() - 1).Stop
	for end > 0 && isSpaceByte(s.data[end-1]) {
		end--
	}
	from := end - len(n.Title) - 2
	if from <= lines.At(0).Start || !bytes.Equal(s.src[from+1:end-1], n.Title) {
		return
	}
	s.kept = s.region >= 0 || s.skip[n]
	s.title(from, end, false, "a@title")
}

// title makes a unit of the title, in its quotation marks, between from and to.
func (s *splitter) title(from, to int, cell bool, name string) []int {
	if !utf8.Valid(s.data[from:to]) {
		return nil
	}
	decode := func(from, to int) string {
		var t composed
		return string(t.unescape(nil, s.data, from, to, DialectAuto))
	}
	if k := s.templateValue(from, to, decode, context{kind: titleContext, cell: cell}, name); k >= 0 {
		return []int{k}
	}
	return nil
}

// parameters makes units of the parameters of a shortcode, tag or element that
// are to be translated.
func (s *splitter) parameters(m *mask, cell bool) []int {
	if m.done {
		return nil
	}
	m.done = true
	to := m.to
	if m.head > 0 {
		to = m.head // what a raw tag encloses has no parameters
	}
	switch m.kind {
	case hugoMask:
		return s.attributes(m.from, to, context{kind: hugoContext}, m.name, "\"`")
	case liquidMask:
		return s.attributes(m.from, to, context{kind: liquidContext}, m.name, `"'`)
	case jsxMask:
		return s.attributes(m.from, m.to, context{kind: attrContext, cell: cell}, m.name, `"'`)
	case attrMask:
		if m.head == 0 {
			return s.attributes(m.from, m.to, context{kind: attrContext}, "attributes", `"'`)
		}
	case programMask:
		if from, to, end := expressionString(s.data[:m.to], m.from); end == m.to {
			return s.expression(nil, from, to, "expression")
		}
	case roleMask:
		return s.role(m, cell)
	}
	return nil
}

// attributes makes units of the name="value" pairs between from and to. element
// is the name of what they belong to.
func (s *splitter) attributes(from, to int, c context, element, quotes string) []int {
	var out []int
	data := s.data[:to]
	position := -1 // of the last value without a name; the element's own name is at 0
	isLink := c.kind == attrContext && strings.EqualFold(element, "a")
	var href, hreflang [2]int
	for i := from; i < to; {
		b := data[i]
		if strings.IndexByte(quotes, b) >= 0 {
			end := quotedEnd(data, i, c)
			if position++; c.kind != attrContext && position > 0 && end-i >= 2 {
				name := strconv.Itoa(position)
				out = s.attribute(out, i, end, c, element, name, slices.Contains(s.Positional[element], position))
			}
			i = end
			continue
		}
		if !isNameByte(b) || i > from && isNameByte(data[i-1]) {
			i++
			continue
		}
		first := i
		j := i
		for j < to && isNameByte(data[j]) {
			j++
		}
		name := string(data[i:j])
		for j < to && isSpaceByte(data[j]) {
			j++
		}
		if i = j; j >= to || data[j] != '=' {
			if first == from || isSpaceByte(data[first-1]) || position < 0 {
				position++
			}
			continue
		}
		for j++; j < to && isSpaceByte(data[j]); j++ {
		}
		if i = j; j >= to {
			continue
		}
		if data[j] == '{' && s.isComponent(c) {
			if from, stop, end := expressionString(data, j); end > 0 {
				if i = end; s.params[name] || s.Parameters == nil && isVisible(element, name) {
					out = s.expression(out, from, stop, element+"@"+name)
				}
				continue
			}
		}
		if strings.IndexByte(quotes, data[j]) < 0 {
			continue
		}
		i = quotedEnd(data, j, c)
		out = s.attribute(out, j, i, c, element, name, s.params[name] || s.Parameters == nil && c.kind == attrContext && isVisible(element, name))
		switch {
		case !isLink || i-j < 2 || data[i-1] != data[j]:
		case strings.EqualFold(name, "href"):
			href = [2]int{j + 1, i - 1}
		case strings.EqualFold(name, "hreflang"):
			hreflang = [2]int{first, i}
		}
	}
	s.tagLinkSlots(href[0], href[1], hreflang[0], hreflang[1])
	return out
}

// attribute makes a unit of the quoted value between from and to, if it is
// translated, and appends its number to out. Other values of shortcodes that have
// words are counted.
func (s *splitter) attribute(out []int, from, to int, c context, element, name string, translated bool) []int {
	quote := s.data[from]
	if to-from < 2 || s.data[to-1] != quote || !utf8.Valid(s.data[from:to]) {
		return out
	}
	if !translated {
		if c.kind != attrContext && !codeParameters[name] && phrase().Match(s.data[from+1:to-1]) && !s.kept && s.region < 0 {
			s.unlisted = append(s.unlisted, from)
		}
		return out
	}
	decode := func(from, to int) string {
		value := string(s.data[from:to])
		switch {
		case c.kind == hugoContext && quote == '"':
			value = strings.ReplaceAll(value, `\"`, `"`)
		case c.kind == attrContext:
			value = unescapeHTML(value)
		}
		return value
	}
	var k int
	if c.kind == attrContext || !bytes.ContainsAny(s.data[from+1:to-1], templateQuotes) {
		// There are shortcodes and includes that run their parameters.
		k = s.templateValue(from, to, decode, c, element+"@"+name)
	} else {
		k = s.scalar(from, to, decode(from+1, to-1), bitext.Attribute, c, element+"@"+name)
	}
	if k >= 0 {
		out = append(out, k)
	}
	return out
}

// templateQuotes are marks of a value in a template's tag with which no tags in it are read: they
// could end the value once its quotation marks are others.
const templateQuotes = "\"'`\\"

// isVisible reports whether an attribute of an element of HTML or of a component of JSX is
// text that readers see, besides those that are so everywhere.
func isVisible(element, name string) bool {
	switch {
	case element != "" && element[0] >= 'A' && element[0] <= 'Z':
		return componentAttributes[name]
	case element == "input", element == "textarea":
		return name == "placeholder"
	case element == "attributes":
		return name == "data-toc-label"
	}
	return false
}

// componentAttributes are those of components that the themes of Docusaurus and
// Starlight, and most sites’ own, show.
var componentAttributes = map[string]bool{
	"label": true, "description": true, "heading": true, "subtitle": true, "placeholder": true, "tip": true, "tooltip": true,
}

// phrase is a value with at least two words of letters, and nothing that
// addresses, styles or code have.
var phrase = lazy.Regexp(`^[^/\\{}<>=_;:]*\pL{2}[^/\\{}<>=_;:]*[ \t]+[^/\\{}<>=_;:]*\pL{2}[^/\\{}<>=_;:]*$`)

// codeParameters are parameters whose values are for programs, whatever they look
// like.
var codeParameters = map[string]bool{
	"class": true, "id": true, "style": true, "src": true, "href": true, "url": true, "link": true, "file": true, "lang": true, "options": true,
	"rel": true, "target": true, "type": true, "width": true, "height": true, "icon": true, "color": true, "linenos": true, "hl_lines": true, "query": true,
}

// quotedEnd is where the quoted value that begins at i ends.
func quotedEnd(data []byte, i int, c context) int {
	quote := data[i]
	for j := i + 1; j < len(data); j++ {
		switch {
		case data[j] == quote:
			return j + 1
		case data[j] == '{' && c.kind == attrContext:
			j += max(templateLength(data[j:]), 1) - 1
		case data[j] == '\\' && quote == '"' && c.kind == hugoContext:
			j++
		}
	}
	return len(data)
}

func isNameByte(c byte) bool {
	return isAlpha(c) || c >= '0' && c <= '9' || c == '-' || c == '_' || c == ':' || c == '.'
}

// unescapeHTML resolves character references, as far as Markdown has the same.
func unescapeHTML(s string) string {
	if strings.IndexByte(s, '&') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] == '&' {
			if n, with := reference([]byte(s[i:])); n > 0 {
				b.Write(with)
				i += n
				continue
			}
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

// htmlTags describes what the inline elements of HTML are. A name that is not here is
// "other".
var htmlTags = map[string]bitext.Code{
	"b": {SubType: "xlf:b"}, "strong": {SubType: "xlf:b"}, "i": {SubType: "xlf:i"}, "em": {SubType: "xlf:i"}, "u": {SubType: "xlf:u"},
	"s": {}, "del": {}, "ins": {}, "mark": {}, "small": {}, "sub": {}, "sup": {}, "span": {}, "font": {}, "big": {}, "strike": {},
	"abbr": {}, "cite": {}, "dfn": {}, "q": {Type: "quote"}, "a": {Type: "link"}, "img": {Type: "image"}, "br": {SubType: "xlf:lb", Equiv: "\n"},
	"code": {}, "kbd": {}, "samp": {}, "var": {}, "tt": {},
}

// keptTags are the elements whose content is not prose.
var keptTags = map[string]bool{
	"code": true, "kbd": true, "samp": true, "var": true, "tt": true, "pre": true, "script": true, "style": true, "math": true, "svg": true, "textarea": true,
}

var voidTags = map[string]bool{
	"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true, "input": true, "link": true,
	"meta": true, "source": true, "track": true, "wbr": true,
}

// html makes an item of a tag, comment or other raw HTML.
func (l *inlineCollector) html(at place) bool {
	if at.to > len(l.data) || at.to < at.from+2 {
		return false
	}
	raw := l.data[at.from:at.to]
	it := item{kind: codeItem, from: at.from, to: at.to, code: l.newCode(bitext.Code{Type: "other"})}
	i := 1
	if raw[1] == '/' {
		i, it.role = 2, closing
	}
	j := i
	for j < len(raw) && (isAlpha(raw[j]) || j > i && (raw[j] >= '0' && raw[j] <= '9' || raw[j] == '-')) {
		j++
	}
	if j == i {
		l.add(it) // a comment, declaration or instruction
		return true
	}
	name := strings.ToLower(string(raw[i:j]))
	if c, ok := htmlTags[name]; ok {
		if c.Type == "" {
			c.Type = "fmt"
		}
		*it.code = c
	}
	if it.role != closing {
		it.subs = l.attributes(at.from+j, at.to, context{kind: attrContext, cell: l.cell}, name, `"'`)
	}
	if !voidTags[name] && !bytes.HasSuffix(raw, []byte("/>")) {
		it.tag = "<" + name
		if it.role != closing {
			it.role = opening
			lower := bytes.ToLower(raw)
			it.keep = keptTags[name] || bytes.Contains(lower, []byte(`translate="no"`)) || bytes.Contains(lower, []byte("notranslate"))
		}
	}
	l.add(it)
	return true
}
