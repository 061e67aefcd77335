package edit

import (
	"bytes"
	"slices"
	"strings"

	"hexapla/locales/message"
	"hexapla/pipeline/cst"
)

// A tomlFile is a TOML file that is edited.
type tomlFile struct {
	*lineIndex
	entries []message.Entry
	at      map[string]int // index of an entry by its id, of the first
	ends    []int          // see floor
}

// applyTOML makes edits in a TOML file. What it cannot do it leaves: apply
// compares the result with what was wanted.
func applyTOML(data []byte, file *message.File, edits []Edit) []byte {
	var splices []cst.Edit
	keys := tomlKeys{}
	for _, e := range file.Entries {
		keys[e.ID] = true
	}
	for _, e := range edits {
		switch {
		case e.Rename != "":
			keys[e.Rename] = true
		case e.Fields == nil:
			delete(keys, e.ID)
		default:
			keys[e.ID] = true
		}
	}
	t := &tomlFile{lineIndex: newLineIndex(data), entries: file.Entries, at: make(map[string]int, len(file.Entries))}
	for i, e := range slices.Backward(file.Entries) {
		t.at[e.ID] = i
	}
	added := map[string][]string{} // id that new messages come after, "" for the end, to their text
	anchor := map[string]string{}
	for _, e := range edits {
		i, there := t.at[e.ID]
		switch {
		case there:
			splices = append(splices, t.change(i, e)...)
		case e.Fields != nil && e.Rename == "":
			at := e.After
			for anchor[at] != "" {
				at = anchor[at] // after a message that is new itself
			}
			if i, there := t.at[at]; !there || t.shape(&t.entries[i]) != tableShape {
				at = ""
			}
			anchor[e.ID] = at
			added[at] = append(added[at], "\n"+table(keys.of(e.ID), e.Fields))
		}
	}
	for at, texts := range added {
		text := strings.Join(texts, "")
		end := len(data)
		if i, there := t.at[at]; there {
			end = t.last(&t.entries[i])
		} else if len(bytes.TrimSpace(data)) == 0 {
			text = strings.TrimPrefix(text, "\n")
		}
		if end > 0 && data[end-1] != '\n' {
			text = "\n" + text
		}
		splices = append(splices, replace(end, end, text))
	}
	// What is written has line breaks only between lines.
	if newline := newlineOf(data); newline != "\n" {
		for i := range splices {
			splices[i].Text = strings.ReplaceAll(splices[i].Text, "\n", newline)
		}
	}
	return cst.Apply(data, splices)
}

// Shapes of a message in a TOML file.
const (
	tableShape  = iota // [ID], then key = "value" lines
	stringShape        // ID = "text"
	lineShape          // ID.key = "value" lines
	inlineShape        // in the braces of an inline table
)

func (l *lineIndex) shape(e *message.Entry) int {
	data := l.data
	if bytes.HasPrefix(bytes.TrimLeft(data[min(e.Offset, len(data)):], " \t"), []byte("[")) {
		return tableShape
	}
	f := e.Fields[0]
	if k := keyParts(data, f); len(e.Fields) == 1 && f.Name == "other" && !strings.EqualFold(unquoted(k[len(k)-1]), "other") {
		return stringShape
	}
	if !l.startsLine(f.Key) {
		return inlineShape
	}
	return lineShape
}

// startsLine reports whether nothing but white space stands before at in its line.
func (l *lineIndex) startsLine(at int) bool {
	return len(bytes.TrimSpace(l.data[l.Start(at):at])) == 0
}

// last is where the message's last field ends, its line included.
func (l *lineIndex) last(e *message.Entry) int {
	end := e.Offset
	for _, f := range e.Fields {
		end = max(end, f.End)
	}
	return l.End(end)
}

// change makes the splices that turn entry i into what the edit wants.
func (t *tomlFile) change(i int, ed Edit) []cst.Edit {
	e, data := &t.entries[i], t.data
	switch {
	case ed.Rename != "":
		return t.rekey(e, ed.Rename)
	case ed.Fields == nil:
		return t.drop(i)
	}
	s := t.shape(e)
	switch f := e.Fields[0]; {
	case s == stringShape && len(ed.Fields) == 1 && ed.Fields[0].Name == "other":
		if f.Value == ed.Fields[0].Text {
			return nil
		}
		return []cst.Edit{replace(f.Offset, f.End, quote(ed.Fields[0].Text))}
	case s == stringShape:
		var parts []string
		for _, v := range ed.Fields {
			text := quote(v.Text)
			if raw := string(data[f.Offset:f.End]); v.Name == "other" && v.Text == f.Value && !strings.Contains(raw, "\n") {
				text = raw
			}
			parts = append(parts, v.Name+" = "+text)
		}
		return []cst.Edit{replace(f.Offset, f.End, "{"+strings.Join(parts, ", ")+"}")}
	case s == inlineShape:
		return inline(data, e, ed.Fields)
	}
	return t.lines(e, ed.Fields)
}

// unwantedField reports whether a field has a text and is to have none.
func unwantedField(f message.Field, wanted []Field) bool {
	return f.Value != "" && f.Name != "id" && !slices.ContainsFunc(wanted, func(v Field) bool { return strings.ToLower(v.Name) == f.Name })
}

// lines changes a message whose fields have lines of their own.
func (l *lineIndex) lines(e *message.Entry, fields []Field) []cst.Edit {
	data := l.data
	var out []cst.Edit
	ref := e.Fields[0]
	at := l.Start(ref.Key)
	if ref.Name == "id" {
		at = l.End(ref.End)
	}
	for _, v := range fields {
		f, ok := e.Field(strings.ToLower(v.Name))
		switch {
		case !ok:
			k := keyParts(data, ref)
			k[len(k)-1] = v.Name
			indent := data[l.Start(ref.Key):ref.Key]
			out = append(out, replace(at, at, string(indent)+strings.Join(k, ".")+" = "+quote(v.Text)+"\n"))
			continue
		case f.Value != v.Text:
			out = append(out, replace(f.Offset, f.End, quote(v.Text)))
		}
		ref = f
		if at = l.End(f.End); data[at-1] != '\n' {
			// The file ends without a newline.
			out = append(out, replace(at, at, "\n"))
		}
	}
	for _, f := range e.Fields {
		if unwantedField(f, fields) {
			out = append(out, replace(l.Start(f.Key), l.End(f.End), ""))
		}
	}
	return out
}

// inline changes a message in braces.
func inline(data []byte, e *message.Entry, fields []Field) []cst.Edit {
	first, final := e.Fields[0], e.Fields[len(e.Fields)-1]
	for i, f := range e.Fields[1:] {
		if end := e.Fields[i].End; end > f.Key || strings.Trim(string(data[end:f.Key]), " \t,") != "" {
			return nil // something stands between them
		}
	}
	prefix := keyParts(data, first)
	same := true
	var parts []string
	add := func(name, text string) {
		prefix[len(prefix)-1] = name
		parts = append(parts, strings.Join(prefix, ".")+" = "+text)
	}
	for _, f := range e.Fields {
		if f.Name == "id" {
			add("id", string(data[f.Offset:f.End]))
		}
	}
	for _, v := range fields {
		f, ok := e.Field(strings.ToLower(v.Name))
		if same = same && ok && f.Value == v.Text; ok && f.Value == v.Text {
			add(v.Name, string(data[f.Offset:f.End]))
		} else {
			add(v.Name, quote(v.Text))
		}
	}
	if same && !slices.ContainsFunc(e.Fields, func(f message.Field) bool { return unwantedField(f, fields) }) {
		return nil
	}
	return []cst.Edit{replace(first.Key, final.End, strings.Join(parts, ", "))}
}

// drop removes entry i with the comments above it, if its lines are its own.
func (t *tomlFile) drop(i int) []cst.Edit {
	e, data := &t.entries[i], t.data
	floor := t.floor(e.Offset)
	if floor > 0 {
		floor = t.End(floor)
	}
	start, end := max(floor, t.commentStart(e.Offset)), t.last(e)
	if t.shape(e) == lineShape {
		end = t.End(e.Fields[0].End)
	}
	out := []cst.Edit{replace(start, end, "")}
	if t.shape(e) == lineShape {
		for _, f := range e.Fields[1:] {
			out = append(out, replace(t.Start(f.Key), t.End(f.End), ""))
			out[0].End = min(out[0].End, t.Start(f.Key))
			end = max(end, t.End(f.End))
		}
	}
	if final := &out[len(out)-1]; t.blankAt(end) && (start == 0 || t.blankBefore(start)) {
		final.End = t.End(end) // the blank line between it and the next
	} else if end == len(data) && start > floor && t.blankBefore(start) {
		out[0].Start = t.Start(start - 1)
	}
	return out
}

// floor is where the last of the fields that begin before offset ends.
func (t *tomlFile) floor(offset int) int {
	if t.ends == nil {
		for i := range t.entries {
			for _, f := range t.entries[i].Fields {
				t.ends = append(t.ends, f.End)
			}
		}
		slices.Sort(t.ends)
	}
	// A field that begins before offset ends before it.
	i, _ := slices.BinarySearch(t.ends, offset+1)
	if i == 0 {
		return 0
	}
	return t.ends[i-1]
}
