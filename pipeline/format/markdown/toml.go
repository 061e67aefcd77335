package markdown

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"hexapla/pipeline/cst"
	"hexapla/pipeline/diag"
)

// toml reads TOML front matter.
func (f *front) toml() *frontError {
	insert := f.from
	err := cst.ScanTOML(f.data[f.from:f.to], func(e *cst.TOMLEntry) error {
		if e.Value == nil {
			return nil
		}
		if e.TableStart < 0 {
			insert = lineEnd(f.data, f.from+e.End)
		}
		path := slices.Clone(e.Table)
		for _, k := range e.Keys {
			path = append(path, k.Name)
		}
		f.tomlValue(e.Value, path, e.Array, 0)
		return nil
	})
	if err != nil {
		e := &frontError{at: f.from, message: err.Error()}
		if syntax := (*cst.Error)(nil); errors.As(err, &syntax) {
			e.at += syntax.Offset
		}
		return e
	}
	f.insert("toml", min(insert, f.to))
	return nil
}

func (f *front) tomlValue(n *cst.Node, path []string, list bool, depth int) {
	if depth > maxNesting || len(path) == 0 {
		return
	}
	switch n.Kind {
	case cst.Mapping:
		for _, e := range n.Elements {
			f.tomlValue(e.Value, append(path[:len(path):len(path)], e.Key.Text), list, depth+1)
		}
	case cst.Sequence:
		for _, e := range n.Elements {
			f.tomlValue(e.Value, path, true, depth+1)
		}
	default:
		v := value{from: f.from + n.Start, to: f.from + n.End, text: n.Text, context: context{kind: tomlContext}, preserve: n.Lines}
		if n.IsString() {
			f.field(path, v, list)
		} else if len(path) == 1 && n.End > n.Start {
			f.metaField(path[0], v)
		} else if len(path) == 2 {
			f.momentField(path[0], path[1], v)
		}
		return
	}
	if len(path) == 1 && depth == 0 && editionFields[strings.ToLower(path[0])] != "" {
		f.metaField(path[0], value{context: context{kind: "other"}})
	}
}

// encodeTOML writes a string in the style of the one that was (TOML 1.0,
// String).
func encodeTOML(was, text string) string {
	control := func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7F }
	lines := func(r rune) bool { return r != '\n' && control(r) }
	switch {
	case strings.HasPrefix(was, `'''`):
		if !strings.Contains(text, `'''`) && !strings.HasSuffix(text, "'") && !strings.ContainsFunc(text, lines) {
			return `'''` + leadingLine(was, text) + text + `'''`
		}
		return multiline(was, text)
	case strings.HasPrefix(was, `"""`):
		return multiline(was, text)
	case strings.HasPrefix(was, `'`):
		if !strings.ContainsRune(text, '\'') && !strings.ContainsFunc(text, control) {
			return `'` + text + `'`
		}
	}
	return doubleQuoted(text, false)
}

// multiline writes a string over several lines.
func multiline(was, text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		q := doubleQuoted(l, false)
		lines[i] = q[1 : len(q)-1]
	}
	return `"""` + leadingLine(was, text) + strings.Join(lines, "\n") + `"""`
}

// leadingLine is the line end right after the opening quotation marks, which
// does not count.
func leadingLine(was, text string) string {
	switch {
	case strings.HasPrefix(text, "\n"):
		return "\n"
	case strings.HasPrefix(was[3:], "\r\n"):
		return "\r\n"
	case strings.HasPrefix(was[3:], "\n"):
		return "\n"
	}
	return ""
}

// json reads JSON front matter: an object that the document begins with.
func (s *splitter) json() {
	data := s.data[s.start:]
	object, err := cst.ParseJSON(string(data), cst.JSONOptions{Depth: maxNesting, Prefix: true})
	if err == nil {
		end := s.start + object.End
		stop := lineEnd(s.data, end)
		if len(bytes.TrimSpace(s.data[end:stop])) > 0 {
			return // text that begins with a brace
		}
		j := jsonReader{&front{splitter: s, from: s.start, to: len(s.data)}}
		j.value(object, nil, false)
		style := "json"
		at := end - 1
		for at > s.start && isSpaceByte(s.data[at-1]) {
			at--
		}
		if len(object.Elements) == 0 {
			style = "json empty"
		}
		j.insert(style, at)
		s.start = stop
		return
	}
	if !jsonLike(data) {
		return
	}
	at, message := s.start, err.Error()
	if syntax := (*cst.Error)(nil); errors.As(err, &syntax) {
		if at += syntax.Offset; syntax.Offset == len(data) {
			message = "it is never closed"
		}
	}
	s.addDiagnostic("markdown.front-matter", diag.Error, at, "correct it; the article has no title or description until then", "front matter does not parse, and is left as it is: %s", diag.Arg("message", message))
	// It ends at the line that is only its closing brace.
	for at := s.start; at < len(s.data); {
		next := lineEnd(s.data, at)
		if string(bytes.TrimRight(s.data[at:next], " \t\r\n")) == "}" {
			s.start = next
			return
		}
		at = next
	}
}

// jsonLike reports whether data begins as an object does, and not as a
// shortcode.
func jsonLike(data []byte) bool {
	t := bytes.TrimLeft(data[1:], " \t\r\n")
	return bytes.HasPrefix(t, []byte(`"`))
}

type jsonReader struct{ *front }

// value reads the fields in a value.
func (j jsonReader) value(n *cst.Node, path []string, list bool) {
	if n.Kind != cst.Scalar && len(path) == 1 && editionFields[strings.ToLower(path[0])] != "" {
		j.metaField(path[0], value{context: context{kind: "other"}})
	}
	switch {
	case n.Kind == cst.Mapping:
		for _, e := range n.Elements {
			j.value(e.Value, append(path[:len(path):len(path)], e.Key.Text), list)
		}
	case n.Kind == cst.Sequence:
		for _, e := range n.Elements {
			j.value(e.Value, path, true)
		}
	case n.IsString():
		j.field(path, value{from: j.from + n.Start, to: j.from + n.End, text: n.Text, context: context{kind: jsonContext}}, list)
	}
}

// encodeJSON writes a string (RFC 8259, 7).
func encodeJSON(text string) string { return doubleQuoted(text, false) }
