package catalog

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"hexapla/locales/message"
)

// A splice replaces data[start:end].
type splice struct {
	start, end int
	text       string
}

func applyTOML(path string, data []byte, file *message.File, edits []edit) ([]byte, error) {
	for _, e := range edits {
		if i := position(file, e.id); i >= 0 && shape(data, &file.Entries[i]) == otherShape {
			// Inline tables and dotted keys are first written as tables, so that there is one way to edit.
			data = formatTOML(data, file)
			file, _ = message.Parse(path, data)
			break
		}
	}
	var splices []splice
	added := map[string]string{} // id that new messages come after, "" for the end, to their text
	anchor := map[string]string{}
	for _, e := range edits {
		i := position(file, e.id)
		if i < 0 {
			if e.fields == nil || e.rename != "" {
				continue
			}
			at := e.after
			for anchor[at] != "" {
				at = anchor[at] // after a message that is new itself
			}
			if position(file, at) < 0 || shape(data, &file.Entries[position(file, at)]) != tableShape {
				at = ""
			}
			anchor[e.id] = at
			added[at] += "\n" + table(e.id, e.fields)
			continue
		}
		if e.rename != "" {
			splices = append(splices, rekey(data, &file.Entries[i], e.rename))
			continue
		}
		splices = append(splices, change(data, file, i, e)...)
	}
	for at, text := range added {
		end := len(data)
		if i := position(file, at); i >= 0 {
			end = tableEnd(data, file, i)
		} else if len(bytes.TrimSpace(data)) == 0 {
			text = strings.TrimPrefix(text, "\n")
		}
		if end > 0 && data[end-1] != '\n' {
			text = "\n" + text
		}
		splices = append(splices, splice{end, end, text})
	}
	return spliced(data, splices), nil
}

func spliced(data []byte, splices []splice) []byte {
	slices.SortStableFunc(splices, func(a, b splice) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
	var out bytes.Buffer
	at := 0
	for _, s := range splices {
		if s.start < at {
			continue // inside what was removed
		}
		out.Write(data[at:s.start])
		out.WriteString(s.text)
		at = s.end
	}
	out.Write(data[at:])
	return out.Bytes()
}

// Shapes of a message in a TOML file.
const (
	tableShape  = iota // [ID], then key = "value" lines
	stringShape        // ID = "text"
	otherShape
)

func shape(data []byte, e *message.Entry) int {
	if e.Offset < len(data) && strings.HasPrefix(strings.TrimLeft(string(data[e.Offset:min(len(data), e.Offset+80)]), " \t"), "[") {
		return tableShape
	}
	if len(e.Fields) == 1 && lineStart(data, e.Offset) == e.Offset && e.Offset < e.Fields[0].Offset {
		k := strings.TrimRight(string(data[e.Offset:e.Fields[0].Offset]), " \t=")
		if k == key(e.ID) || k == quote(e.ID) || k == "'"+e.ID+"'" {
			return stringShape
		}
	}
	return otherShape
}

// lineEnd is the offset after the line's newline.
func lineEnd(data []byte, at int) int {
	if i := bytes.IndexByte(data[min(at, len(data)):], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(data)
}

// last is where the message's last field ends, its line included.
func last(data []byte, e *message.Entry) int {
	end := e.Offset
	for _, f := range e.Fields {
		end = max(end, f.End)
	}
	return lineEnd(data, end)
}

func tableEnd(data []byte, file *message.File, i int) int { return last(data, &file.Entries[i]) }

// rekey writes another key in a table's head or before a string.
func rekey(data []byte, e *message.Entry, to string) splice {
	if shape(data, e) == tableShape {
		start := e.Offset + bytes.IndexByte(data[e.Offset:], '[') + 1
		// A quoted key may hold a bracket: the last one of the line before a comment closes the head.
		line := data[start:lineEnd(data, start)]
		if i := bytes.Index(line, []byte("] #")); i >= 0 {
			line = line[:i+1]
		}
		return splice{start, start + bytes.LastIndexByte(line, ']'), key(to)}
	}
	end := e.Fields[0].Offset
	for end > e.Offset && strings.IndexByte(" \t=", data[end-1]) >= 0 {
		end--
	}
	return splice{e.Offset, end, key(to)}
}

// change makes the splices that turn entry i into what the edit wants.
func change(data []byte, file *message.File, i int, ed edit) []splice {
	e := &file.Entries[i]
	if ed.fields == nil {
		start, end := commentStart(data, e.Offset), last(data, e)
		if end < len(data) && data[end] == '\n' && (start == 0 || start > 1 && data[start-2] == '\n') {
			end++ // the blank line between it and the next
		}
		return []splice{{start, end, ""}}
	}
	if shape(data, e) == stringShape {
		f := e.Fields[0]
		if len(ed.fields) == 1 && ed.fields[0].name == "other" {
			if f.Value == ed.fields[0].text {
				return nil
			}
			return []splice{{f.Offset, f.End, quote(ed.fields[0].text)}}
		}
		var parts []string
		for _, v := range ed.fields {
			parts = append(parts, v.name+" = "+quote(v.text))
		}
		return []splice{{f.Offset, f.End, "{" + strings.Join(parts, ", ") + "}"}}
	}
	var out []splice
	at := e.Fields[0].Offset
	at = lineStart(data, at)
	for _, v := range ed.fields {
		f, ok := e.Field(strings.ToLower(v.name))
		switch {
		case !ok:
			out = append(out, splice{at, at, v.name + " = " + quote(v.text) + "\n"})
			continue
		case f.Value != v.text:
			out = append(out, splice{f.Offset, f.End, quote(v.text)})
		}
		if at = lineEnd(data, f.End); data[at-1] != '\n' {
			// The file ends without a newline.
			out = append(out, splice{at, at, "\n"})
		}
	}
	for _, f := range e.Fields {
		if !slices.ContainsFunc(ed.fields, func(v value) bool { return strings.ToLower(v.name) == f.Name }) {
			out = append(out, splice{lineStart(data, f.Offset), lineEnd(data, f.End), ""})
		}
	}
	return out
}

// table writes a message as a TOML table.
func table(id string, fields []value) string {
	var b strings.Builder
	b.WriteString("[" + key(id) + "]\n")
	for _, v := range fields {
		b.WriteString(v.name + " = " + quote(v.text) + "\n")
	}
	return b.String()
}

// key writes an id as a bare key where TOML lets it; dots nest, which go-i18n
// reads as the same id.
func key(id string) string {
	for part := range strings.SplitSeq(id, ".") {
		if part == "" || strings.ContainsFunc(part, func(r rune) bool {
			return r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
		}) {
			return quote(id)
		}
	}
	return id
}

// quote writes a TOML basic string.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r < ' ' || r == 0x7f:
			const hex = "0123456789ABCDEF"
			b.WriteString(`\u00` + string(hex[r>>4]) + string(hex[r&15]))
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// formatTOML writes every message as a table, in the file's order, its fields
// in the customary one. Comments stay with what they stood before or behind.
func formatTOML(data []byte, file *message.File) []byte {
	var b bytes.Buffer
	at := 0 // up to where comments have been taken over
	comments := func(to int) {
		for at < to {
			end := min(lineEnd(data, at), len(data))
			line := strings.TrimSpace(string(data[at:end]))
			if strings.HasPrefix(line, "#") {
				b.WriteString(line + "\n")
				// A comment that stands alone stays alone.
				if end < len(data) && strings.TrimSpace(string(data[end:lineEnd(data, end)])) == "" {
					b.WriteByte('\n')
				}
			}
			at = end
		}
	}
	for i := range file.Entries {
		e := &file.Entries[i]
		if b.Len() > 0 && !bytes.HasSuffix(b.Bytes(), []byte("\n\n")) {
			b.WriteByte('\n')
		}
		// Messages that share a line, in an inline table, have no comments between them.
		comments(lineStart(data, e.Offset))
		behind := map[string]string{}
		var inside []string
		for _, f := range e.Fields {
			start := lineStart(data, f.Offset)
			for at < start {
				end := lineEnd(data, at)
				if line := strings.TrimSpace(string(data[at:end])); strings.HasPrefix(line, "#") {
					inside = append(inside, line)
				}
				at = end
			}
			rest := strings.TrimSpace(string(data[f.End:lineEnd(data, f.End)]))
			if strings.HasPrefix(rest, "#") {
				behind[f.Name] = " " + rest
			}
			at = max(at, lineEnd(data, f.End))
		}
		for _, line := range inside {
			b.WriteString(line + "\n")
		}
		b.WriteString("[" + key(e.ID) + "]\n")
		for _, v := range values(e) {
			b.WriteString(v.name + " = " + quote(v.text) + behind[strings.ToLower(v.name)] + "\n")
		}
	}
	if at < len(data) && bytes.Contains(data[at:], []byte("#")) {
		b.WriteByte('\n')
		comments(len(data))
	}
	return b.Bytes()
}
