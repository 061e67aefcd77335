package markdown

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"hexapla/pipeline/diag"
)

// yaml reads YAML front matter. looks says that it looks like fields, so that
// an error is worth telling.
func (f *front) yaml(looks bool) *frontError {
	matter := f.data[f.from:f.to]
	var root yaml.Node
	if err := yaml.Unmarshal(matter, &root); err != nil {
		at, message := f.yamlError(err)
		return &frontError{at: at, message: message, text: !looks}
	}
	if root.Kind == 0 || len(root.Content) == 0 {
		f.insert("yaml", f.to)
		return nil
	}
	top := root.Content[0]
	if top.Kind == yaml.ScalarNode && top.Tag == "!!null" {
		f.insert("yaml", f.to)
		return nil
	}
	if top.Kind != yaml.MappingNode {
		return &frontError{text: true}
	}
	y := yamlReader{front: f, lines: yamlLines(matter)}
	if top.Style&yaml.FlowStyle != 0 {
		if end := bytes.LastIndexByte(matter, '}'); end >= 0 {
			style := "yaml flow"
			if len(top.Content) == 0 {
				style = "yaml flow-empty"
			}
			f.insert(style, f.from+end)
		}
	} else {
		// A field that is added is indented as the others are; the style's
		// length says how far.
		f.insert(strings.TrimSpace("yaml "+strings.Repeat("i", max(top.Column-1, 0))), f.to)
	}
	y.mapping(top, nil, false, top.Style&yaml.FlowStyle != 0, 0)
	return nil
}

var yamlLine = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?`)

// yamlError finds the place that an error of the parser tells of.
func (f *front) yamlError(err error) (int, string) {
	message := err.Error()
	m := yamlLine.FindStringSubmatch(message)
	message = strings.TrimPrefix(message, m[0])
	at := f.from
	if n, err := strconv.Atoi(m[1]); err == nil {
		for ; n > 1 && at < f.to; n-- {
			at = lineEnd(f.data, at)
		}
	}
	for at < f.to && (f.data[at] == ' ' || f.data[at] == '\t') {
		at++
	}
	return at, message
}

// yamlLines are the offsets at which lines begin, by YAML 1.1's line breaks,
// which the parser counts by.
func yamlLines(b []byte) []int {
	out := []int{0}
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] == '\r' && i+1 < len(b) && b[i+1] == '\n':
		case b[i] == '\n' || b[i] == '\r':
			out = append(out, i+1)
		case b[i] == 0xC2 && i+1 < len(b) && b[i+1] == 0x85:
			out = append(out, i+2)
		case b[i] == 0xE2 && i+2 < len(b) && b[i+1] == 0x80 && (b[i+2] == 0xA8 || b[i+2] == 0xA9):
			out = append(out, i+3)
		}
	}
	return out
}

type yamlReader struct {
	*front
	lines []int
}

// maxNesting is how deep front matter is looked into.
const maxNesting = 50

func (y *yamlReader) mapping(n *yaml.Node, path []string, list, flow bool, depth int) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, v := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode || key.Value == "" {
			continue
		}
		y.value(key, v, append(path[:len(path):len(path)], key.Value), list, flow, depth)
	}
}

func (y *yamlReader) value(key, n *yaml.Node, path []string, list, flow bool, depth int) {
	if depth > maxNesting {
		return
	}
	inFlow := flow || n.Style&yaml.FlowStyle != 0
	edition := len(path) == 1 && !list && editionFields[strings.ToLower(path[0])] != ""
	switch n.Kind {
	case yaml.MappingNode:
		y.mapping(n, path, list, inFlow, depth+1)
	case yaml.SequenceNode:
		for _, item := range n.Content {
			y.value(nil, item, path, true, inFlow, depth+1)
		}
	case yaml.ScalarNode:
		v, ok := y.scalar(n, flow)
		if !ok && n.Tag == "!!null" && edition && key != nil {
			// "lang:" and nothing behind it.
			if at, known := y.offset(key); known {
				if c := bytes.IndexByte(y.data[at:y.to], ':'); c >= 0 && !bytes.ContainsAny(y.data[at:at+c], "\r\n") {
					v, ok = value{from: at + c + 1, to: at + c + 1, context: context{kind: yamlContext, style: "plain"}}, true
				}
			}
		}
		if ok {
			y.field(path, v, list)
			return
		}
		if y.wanted(path) && n.Tag == "!!str" && hasText(n.Value) {
			at, _ := y.offset(n)
			y.addDiagnostic("markdown.field", diag.Warning, at, fmt.Sprintf("field %q cannot be written back, and is left as it is", strings.Join(path, ".")),
				"write the value in quotation marks")
		}
	}
	if edition && n.Kind != yaml.ScalarNode {
		y.metaField(path[0], value{context: context{kind: "other"}})
	}
}

// offset is where a node begins.
func (y *yamlReader) offset(n *yaml.Node) (int, bool) {
	if n.Line < 1 || n.Line > len(y.lines) {
		return y.from, false
	}
	at := y.from + y.lines[n.Line-1]
	if n.Line == 1 && bytes.HasPrefix(y.data[at:y.to], []byte("\uFEFF")) {
		at += 3
	}
	for c := 1; c < n.Column; c++ {
		if at >= y.to {
			return y.from, false
		}
		_, size := utf8.DecodeRune(y.data[at:])
		at += size
	}
	return at, at < y.to
}

var yamlProperty = regexp.MustCompile(`^(?:[&!][^\s,\[\]{}]*[ \t]+)+`)

// scalar finds the span of a scalar, and checks it against what the parser made
// of it.
func (y *yamlReader) scalar(n *yaml.Node, flow bool) (value, bool) {
	if n.Tag != "!!str" && n.Tag != "!!int" && n.Tag != "!!timestamp" && n.Tag != "!!float" && n.Tag != "!!bool" || n.Alias != nil {
		return value{}, false
	}
	at, ok := y.offset(n)
	if !ok {
		return value{}, false
	}
	at += len(yamlProperty.Find(y.data[at:y.to]))
	rest := y.data[at:y.to]
	v := value{from: at, text: n.Value, context: context{kind: yamlContext}}
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		v.context.style = "double"
		v.to = at + quotedLength(rest, '"')
	case n.Style&yaml.SingleQuotedStyle != 0:
		v.context.style = "single"
		v.to = at + quotedLength(rest, '\'')
	case n.Style&yaml.LiteralStyle != 0:
		v.context.style = "literal"
		v.preserve = true
		return y.block(v)
	case n.Style&yaml.FoldedStyle != 0:
		v.context.style = "folded"
		return y.block(v)
	default:
		v.context.style = "plain"
		if flow {
			v.context.style = "flow"
		}
		v.to = at + plainLength(rest, n.Value)
	}
	return v, v.to > v.from
}

// quotedLength is the length of the quoted scalar that b begins with, 0 if it is
// none.
func quotedLength(b []byte, quote byte) int {
	if len(b) == 0 || b[0] != quote {
		return 0
	}
	for i := 1; i < len(b); i++ {
		switch {
		case b[i] == '\\' && quote == '"':
			i++
		case b[i] == quote && quote == '\'' && i+1 < len(b) && b[i+1] == quote:
			i++
		case b[i] == quote:
			return i + 1
		}
	}
	return 0
}

// plainLength is the length of the plain scalar that b begins with and that
// reads as text, its lines folded (YAML 1.2, 6.5); 0 if it does not.
func plainLength(b []byte, text string) int {
	i := 0
	for k := 0; k < len(text); {
		if i < len(b) && b[i] == text[k] && b[i] != '\n' {
			i++
			k++
			continue
		}
		// A line break: one for a space, one more for each line feed.
		j := i
		for j > 0 && (b[j-1] == ' ' || b[j-1] == '\t') && k > 0 && text[k-1] == ' ' {
			return 0
		}
		breaks := 0
		for j < len(b) && isSpaceByte(b[j]) {
			if isLF(b, j) {
				breaks++
			}
			j++
		}
		switch {
		case breaks == 0:
			return 0
		case breaks == 1 && text[k] == ' ':
			k++
		case breaks > 1 && strings.HasPrefix(text[k:], strings.Repeat("\n", breaks-1)):
			k += breaks - 1
		default:
			return 0
		}
		i = j
	}
	return i
}

// block finds the span of a block scalar: its header, and its lines up to the
// last that is not blank.
func (y *yamlReader) block(v value) (value, bool) {
	head := lineEnd(y.data[:y.to], v.from)
	indent := -1
	v.to = v.from
	for at := head; at < y.to; {
		end := lineEnd(y.data[:y.to], at)
		line := bytes.TrimRight(y.data[at:end], "\r\n")
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
	return v, encodable(string(y.data[v.from:v.to]), v)
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

// isPlainYAML reports whether text can stand without quotation marks, in a block
// as in a flow.
func isPlainYAML(text string) bool {
	if text == "" || yaml11[strings.ToLower(text)] || strings.ContainsFunc(text, isYAMLSpecial) || strings.TrimSpace(text) != text ||
		strings.HasPrefix(text, "---") || strings.HasPrefix(text, "...") {
		return false
	}
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
