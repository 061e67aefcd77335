package markdown

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"hexapla/pipeline/cst"
	"hexapla/pipeline/diag"
)

// yaml reads YAML front matter. looks means that it looks like fields, so that
// an error is worth reporting.
func (f *front) yaml(looks bool) *frontError {
	matter := f.data[f.from:f.to]
	top, err := cst.ParseYAML(matter)
	if err != nil {
		e := &frontError{at: f.from, message: err.Error(), text: !looks}
		if syntax := (*cst.Error)(nil); errors.As(err, &syntax) {
			e.at += syntax.Offset
		}
		return e
	}
	if top == nil || top.IsNull() {
		f.insert("yaml", f.to)
		return nil
	}
	if top.Kind != cst.Mapping {
		return &frontError{text: true}
	}
	if top.Flow {
		if end := bytes.LastIndexByte(matter, '}'); end >= 0 {
			style := "yaml flow"
			if len(top.Elements) == 0 {
				style = "yaml flow-empty"
			}
			f.insert(style, f.from+end)
		}
	} else {
		// A field that is added is indented as the others are; the style's
		// length describes how far.
		f.insert(strings.TrimSpace("yaml "+strings.Repeat("i", max(top.Column, 0))), f.to)
	}
	y := yamlReader{front: f}
	y.mapping(top, nil, false, top.Flow, 0)
	return nil
}

type yamlReader struct{ *front }

// maxNesting is how deep front matter is looked into.
const maxNesting = 50

func (y *yamlReader) mapping(n *cst.Node, path []string, list, flow bool, depth int) {
	for i := range n.Elements {
		if key := n.Elements[i].Key; key.Kind == cst.Scalar && !key.Alias && key.Text != "" {
			y.value(&n.Elements[i], append(path[:len(path):len(path)], key.Text), list, flow, depth)
		}
	}
}

func (y *yamlReader) value(e *cst.Element, path []string, list, flow bool, depth int) {
	if depth > maxNesting {
		return
	}
	n := e.Value
	inFlow := flow || n.Flow
	edition := len(path) == 1 && !list && editionFields[strings.ToLower(path[0])] != ""
	switch {
	case n.Alias:
	case n.Kind == cst.Mapping:
		y.mapping(n, path, list, inFlow, depth+1)
	case n.Kind == cst.Sequence:
		for i := range n.Elements {
			y.value(&n.Elements[i], path, true, inFlow, depth+1)
		}
	default:
		v, ok := y.scalar(n, flow)
		if !ok && n.IsNull() && edition && e.Key != nil && e.Colon > 0 && !bytes.ContainsAny(y.data[y.from+e.Key.Start:y.from+e.Colon], "\r\n") {
			// "lang:" and nothing after it.
			at := y.from + e.Colon
			v, ok = value{from: at, to: at, context: context{kind: yamlContext, style: "plain"}}, true
		}
		if ok {
			y.field(path, v, list)
			return
		}
		if y.wanted(path) && n.IsString() && hasText(n.Text) {
			y.addDiagnostic("markdown.field", diag.Warning, y.from+n.Start, "write the value in quotation marks", "field %q cannot be written back, and is left as it is", diag.Arg("path", strings.Join(path, ".")))
		}
	}
	if edition && (n.Kind != cst.Scalar || n.Alias) {
		y.metaField(path[0], value{context: context{kind: "other"}})
	}
}

// scalar returns a scalar with its span, and whether it can be written back.
func (y *yamlReader) scalar(n *cst.Node, flow bool) (value, bool) {
	v, ok := yamlScalar(y.data[y.from:y.to], n, flow)
	v.from += y.from
	v.to += y.from
	return v, ok
}

// yamlScalar returns a scalar of data with its span, and whether it can be written back.
// flow means that it is in a collection in brackets.
func yamlScalar(data []byte, n *cst.Node, flow bool) (value, bool) {
	switch n.Tag {
	case cst.Str, cst.Int, cst.Float, cst.Bool, "!!timestamp":
	default:
		return value{}, false
	}
	if n.Unplaced {
		return value{}, false
	}
	v := value{from: n.Content, to: n.End, text: n.Text, context: context{kind: yamlContext}}
	switch n.Style {
	case cst.Double:
		v.context.style = "double"
	case cst.Single:
		v.context.style = "single"
	case cst.Literal:
		v.context.style = "literal"
		v.preserve = true
		return yamlBlock(data, v)
	case cst.Folded:
		v.context.style = "folded"
		return yamlBlock(data, v)
	default:
		v.context.style = "plain"
		if flow {
			v.context.style = "flow"
		}
	}
	return v, v.to > v.from
}

// yamlBlock finds the span of a block scalar: its header, and its lines up to the
// last that is not blank.
func yamlBlock(data []byte, v value) (value, bool) {
	head := lineEnd(data, v.from)
	indent := -1
	v.to = v.from
	for at := head; at < len(data); {
		end := lineEnd(data, at)
		line := bytes.TrimRight(data[at:end], "\r\n")
		if t := bytes.TrimLeft(line, " "); len(bytes.TrimSpace(t)) > 0 {
			n := len(line) - len(t)
			if indent < 0 {
				indent = n
			}
			if n < indent || n == 0 {
				break
			}
			v.to = at + len(line)
		}
		at = end
	}
	v.text = strings.TrimRight(v.text, "\n")
	if indent < 1 || v.to <= head {
		return v, false
	}
	return v, encodable(string(data[v.from:v.to]), v)
}

// encodable reports whether what we take for the lines of a block scalar says
// what the parser read.
func encodable(was string, v value) bool {
	var n yaml.Node
	doc := "k: " + was + "\n"
	if err := yaml.Unmarshal([]byte(doc), &n); err != nil || len(n.Content) == 0 || len(n.Content[0].Content) != 2 {
		return false
	}
	return strings.TrimRight(n.Content[0].Content[1].Value, "\n") == v.text
}

// encodeYAML writes a scalar in the style of the one that was, as far as the
// style can hold the text.
func encodeYAML(style, was, text string) string {
	switch style {
	case "single":
		if !strings.ContainsFunc(text, isYAMLSpecial) {
			return "'" + strings.ReplaceAll(text, "'", "''") + "'"
		}
	case "literal", "folded":
		if s, ok := encodeYAMLBlock(style, was, text); ok {
			return s
		}
		if head, _, _ := strings.Cut(was, "\n"); !strings.Contains(head, "-") {
			text += "\n"
		}
	case "plain", "flow":
		if isPlainYAML(text) {
			return text
		}
	}
	return doubleQuoted(text, true)
}

// encodeYAMLBlock writes a block scalar with the header and the indentation of
// the one that was.
func encodeYAMLBlock(style, was, text string) (string, bool) {
	n := strings.IndexAny(was, "\r\n")
	if n < 0 || strings.TrimSpace(text) == "" {
		return "", false
	}
	head := was[:n]
	newline := "\n"
	if strings.HasPrefix(was[n:], "\r\n") {
		newline = "\r\n"
	}
	var first string // line with text, for its indentation
	rest := was[n:]
	for {
		// Blank lines may come first.
		line, after, ok := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(rest, "\r"), "\n"), "\n")
		if strings.TrimSpace(line) != "" || !ok {
			first = line
			break
		}
		rest = "\n" + after
	}
	indent := first[:len(first)-len(strings.TrimLeft(first, " "))]
	text = strings.TrimRight(text, "\n")
	if strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && isYAMLSpecial(r) }) || strings.HasPrefix(text, " ") || strings.HasPrefix(text, "\n") {
		return "", false
	}
	var b strings.Builder
	b.WriteString(head)
	last := ""
	for i, line := range strings.Split(text, "\n") {
		if style == "folded" && strings.HasPrefix(line, " ") || strings.HasSuffix(line, " ") {
			return "", false
		}
		if style == "folded" && i > 0 && last != "" {
			b.WriteString(newline) // one line end alone is a space
		}
		last = line
		b.WriteString(newline)
		if line != "" {
			b.WriteString(indent + line)
		}
	}
	return b.String(), true
}

// isYAMLSpecial reports whether r must be escaped in a scalar of one line.
func isYAMLSpecial(r rune) bool {
	switch {
	case r < ' ', r >= 0x7F && r < 0xA0, r == '\u2028', r == '\u2029', r == '\uFEFF', r == utf8.RuneError, r == 0xFFFE, r == 0xFFFF:
		return true
	}
	return false
}

// yaml11 are words that are no strings to readers of YAML 1.1.
var yaml11 = map[string]bool{"y": true, "n": true, "yes": true, "no": true, "on": true, "off": true, "true": true, "false": true, "null": true, "~": true}

// isPlainYAML reports whether text can be without quotation marks, in a block
// as in a flow.
func isPlainYAML(text string) bool {
	if text == "" || yaml11[strings.ToLower(text)] || strings.ContainsFunc(text, isYAMLSpecial) || strings.TrimSpace(text) != text ||
		strings.HasPrefix(text, "---") || strings.HasPrefix(text, "...") {
		return false
	}
	if plain, known := isPlainPhrase(text); known {
		return plain
	}
	return isReadPlain(text)
}

// isReadPlain reports whether a parser of YAML reads text as itself, in a block and in a
// flow.
func isReadPlain(text string) bool {
	is := func(doc string, kind yaml.Kind) bool {
		var n yaml.Node
		if err := yaml.Unmarshal([]byte(doc), &n); err != nil || len(n.Content) != 1 || n.Content[0].Kind != kind || len(n.Content[0].Content) == 0 {
			return false
		}
		c := n.Content[0].Content
		v := c[len(c)-1]
		return len(c) == 1+int(kind)/int(yaml.MappingNode) && v.Kind == yaml.ScalarNode && v.Style == 0 && v.Tag == "!!str" && v.Value == text &&
			v.Anchor == "" && v.LineComment == ""
	}
	return is("k: "+text+"\n", yaml.MappingNode) && is("["+text+"]\n", yaml.SequenceNode)
}

// isPlainPhrase reports whether text is plain, if that is known without a parser, as of
// most titles. Text that begins with a letter and has no indicator that means something
// within is plain, unless it is one of the words of yaml11 (YAML 1.2, 7.3.3 and 10.3.2);
// text with an indicator of flows, which ends in one before its end, is not.
func isPlainPhrase(text string) (plain, known bool) {
	known = true
	for i, r := range text {
		switch {
		case r == ',' || r == '[' || r == ']' || r == '{' || r == '}':
			return false, true
		case unicode.IsLetter(r):
		case i == 0:
			known = false
		case r == ' ' || r == '.' || r == '-' || r == '(' || r == ')' || r == '/' || r == '\'' || r == '’' || r == '–' || r == '—' || r == '…' || r == '«' || r == '»' || r == '“' || r == '”' || r == '„' || r == '\u200c' || r == '،' || r == '؟':
		case r == '!' || r == '"' || r == '&' || r == '*' || r == '+' || r == ';' || r == '<' || r == '=' || r == '>' || r == '@' || r == '$' || r == '_' || r == '`' || r == '%' || r == '^' || r == '|':
		case !unicode.IsDigit(r) && !unicode.IsMark(r):
			known = false
		}
	}
	return known && !yaml11[strings.ToLower(text)], known
}

// doubleQuoted writes text between quotation marks, with the escapes that JSON,
// TOML and YAML have in common; extended adds those of the C1 controls, which
// JSON does not ask for.
func doubleQuoted(text string, extended bool) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == utf8.RuneError && n == 1:
			b.WriteByte(text[i])
		case r < ' ' || r == 0x7F || extended && isYAMLSpecial(r):
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
		i += n
	}
	b.WriteByte('"')
	return b.String()
}
