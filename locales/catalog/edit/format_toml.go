package edit

import (
	"bytes"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"hexapla/locales/message"
)

// formatTOML writes every message as a table, in the file's order, its fields
// in the customary one. Comments stay before or behind what they were at. A string of
// several lines, and one in single quotation marks that would need escapes in double
// ones, stay as they are.
func formatTOML(data []byte, file *message.File) []byte {
	var b bytes.Buffer
	l := newLineIndex(data)
	keys := tomlKeys{}
	for _, e := range file.Entries {
		keys[e.ID] = true
	}
	left := commentsOf(data)
	// take gives the comments before an offset that have not been taken over.
	take := func(to int) []span {
		n := 0
		for n < len(left) && left[n].start < to {
			n++
		}
		out := left[:n]
		left = left[n:]
		return out
	}
	text := func(c span) string { return strings.TrimSpace(string(data[c.start:c.end])) }
	comments := func(to int) {
		for _, c := range take(to) {
			b.WriteString(text(c) + "\n")
			// A comment that stands alone stays alone.
			if l.blankAt(l.End(c.start)) {
				b.WriteByte('\n')
			}
		}
	}
	for i := range file.Entries {
		e := &file.Entries[i]
		if b.Len() > 0 && !bytes.HasSuffix(b.Bytes(), []byte("\n\n")) {
			b.WriteByte('\n')
		}
		comments(l.Start(e.Offset))
		var above, head []string // comments above the head, and behind it
		if l.shape(e) == tableShape {
			for _, c := range take(l.End(e.Offset)) {
				head = append(head, text(c))
			}
		}
		behind := map[string]string{}
		for _, f := range e.Fields {
			for _, c := range take(l.Start(f.Offset)) {
				above = append(above, text(c))
			}
			for _, c := range take(l.End(f.End)) {
				switch {
				case len(bytes.TrimSpace(data[f.End:c.start])) > 0:
					head = append(head, text(c)) // behind the braces that the message is in
				case behind[f.Name] != "" || f.Name == "id":
					above = append(above, text(c))
				default:
					behind[f.Name] = " " + text(c)
				}
			}
		}
		if n := len(head) - 1; n > 0 {
			above, head = append(above, head[:n]...), head[n:]
		}
		for _, line := range above {
			b.WriteString(line + "\n")
		}
		b.WriteString(strings.Join(append([]string{"[" + keys.of(e.ID) + "]"}, head...), " ") + "\n")
		for _, v := range allFields(&e.Message) {
			// A form that waits for its text stays.
			if f, there := e.Field(strings.ToLower(v.Name)); there || v.Text != "" {
				text := quote(v.Text)
				if raw := string(data[f.Offset:f.End]); there && f.Value == v.Text && keepsQuotes(raw, f.Value) {
					text = raw
				}
				b.WriteString(v.Name + " = " + text + behind[strings.ToLower(v.Name)] + "\n")
			}
		}
	}
	if len(left) > 0 {
		b.WriteByte('\n')
		comments(len(data))
	}
	return append(bytes.TrimRight(b.Bytes(), "\n"), '\n')
}

// keepsQuotes reports whether a TOML string is easier to read as it is written than in
// double quotation marks: it has several lines, or would need escapes.
func keepsQuotes(raw, value string) bool {
	if strings.HasPrefix(raw, `"""`) || strings.HasPrefix(raw, "'''") {
		return strings.Contains(value, "\n") || strings.Count(raw, "\n") > 1
	}
	return strings.HasPrefix(raw, "'") && strings.ContainsAny(value, "\"\\")
}

// A span is a part of a file.
type span struct{ start, end int }

// commentsOf are the comments of a TOML file: what stands from a hash to the
// end of a line, outside strings.
func commentsOf(data []byte) []span {
	var out []span
	for i := 0; i < len(data); i++ {
		switch c := data[i]; c {
		case '#':
			end := len(data)
			if n := bytes.IndexByte(data[i:], '\n'); n >= 0 {
				end = i + n
			}
			out = append(out, span{i, end})
			i = end
		case '"', '\'':
			closing := data[i : i+1]
			if long := bytes.Repeat(closing, 3); bytes.HasPrefix(data[i:], long) {
				closing = long
			}
			for i += len(closing); i < len(data) && !bytes.HasPrefix(data[i:], closing); i++ {
				if c == '"' && data[i] == '\\' {
					i++
				}
			}
			// Up to two quotation marks may stand before the three that close.
			for i += len(closing) - 1; len(closing) == 3 && i+1 < len(data) && data[i+1] == c; i++ {
			}
		}
	}
	return out
}

// tomlComments are all comments, sorted.
func tomlComments(data []byte) []string {
	var out []string
	for _, c := range commentsOf(data) {
		out = append(out, strings.TrimSpace(string(data[c.start:c.end])))
	}
	slices.Sort(out)
	return out
}

// tomlList is where a list begins, -1 where there is none.
func tomlList(data []byte) int {
	var p unstable.Parser
	p.Reset(data)
	var list func(n *unstable.Node) bool
	list = func(n *unstable.Node) bool {
		if n.Kind == unstable.Array {
			return true
		}
		if n.Kind == unstable.InlineTable {
			for it := n.Children(); it.Next(); {
				if list(it.Node().Value()) {
					return true
				}
			}
		}
		return false
	}
	for p.NextExpression() {
		e := p.Expression()
		if e.Kind == unstable.ArrayTable || e.Kind == unstable.KeyValue && list(e.Value()) {
			if it := e.Key(); it.Next() {
				return int(it.Node().Raw.Offset)
			}
		}
	}
	return -1
}
