// Package edit changes single messages in the bytes of a message file (TOML, JSON
// or YAML) and leaves the rest of the file as it is.
package edit

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"

	"hexapla/locales/catalog/rule"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
)

// A Field is one field of a message as it is written to a file.
type Field struct{ Name, Text string }

// allFields returns all fields of a message in the order in which files have them.
func allFields(m *i18n.Message) []Field {
	return []Field{{"description", m.Description}, {"hash", m.Hash}, {"leftDelim", m.LeftDelim}, {"rightDelim", m.RightDelim},
		{"zero", m.Zero}, {"one", m.One}, {"two", m.Two}, {"few", m.Few}, {"many", m.Many}, {"other", m.Other}}
}

// Fields returns the fields of a message that have a text, in the order in which
// files have them.
func Fields(m *message.Entry) []Field {
	return slices.DeleteFunc(allFields(&m.Message), func(v Field) bool { return v.Text == "" })
}

// An Edit changes one message of a file.
type Edit struct {
	ID     string
	Fields []Field // the message's new contents; nil removes it
	After  string  // id of the message that a new one comes after; "" for the end
	Rename string  // new id; Fields are ignored
}

// Apply makes edits in one file and leaves everything else as it is, byte for
// byte: order, comments, quoting, line ends. A file that does not exist yet has no
// data. If one edit cannot be made in this way, none is made, and the error, a
// diag.Diagnostic, names the place.
func Apply(path string, data []byte, edits []Edit) ([]byte, error) {
	if len(edits) == 0 {
		return data, nil
	}
	if body, ok := bytes.CutPrefix(data, message.BOM); ok {
		out, err := Apply(path, body, edits)
		return append(slices.Clone(message.BOM), out...), err
	}
	file, ds := message.Parse(path, data)
	if i := slices.IndexFunc(ds, rule.IsError); i >= 0 {
		return nil, ds[i]
	}
	var out []byte
	var err error
	switch file.Format {
	case "json":
		out, err = applyTree(readJSON, data, edits)
	case "yaml":
		out, err = applyTree(readYAML, data, edits)
	default:
		out = applyTOML(data, file, edits)
	}
	if err != nil {
		return nil, rule.Finding("catalog.structure", diag.Place{Path: path, Line: 1}, "edit it by hand", "file cannot be edited: %s", diag.Arg("error", err.Error()))
	}
	if err := compare(file, path, out, edits); err != nil {
		return nil, err
	}
	return out, nil
}

// compare reports whether a file has the messages that it had, with the edits.
func compare(was *message.File, path string, data []byte, edits []Edit) error {
	want := map[string]i18n.Message{}
	for _, e := range was.Entries {
		want[e.ID] = e.Message
	}
	for _, e := range edits {
		switch m, there := want[e.ID]; {
		case e.Rename != "":
			if there {
				delete(want, e.ID)
				m.ID = e.Rename
				want[e.Rename] = m
			}
		case e.Fields == nil:
			delete(want, e.ID)
		default:
			want[e.ID] = fromFields(e.ID, e.Fields)
		}
	}
	now, ds := message.Parse(path, data)
	refuse := func(id string) error {
		place := diag.Place{Path: path, Line: 1, Unit: id}
		if i := Position(was, id); i >= 0 {
			place.Line, place.Column = was.Entries[i].Line, was.Entries[i].Column
		}
		return rule.Finding("catalog.structure", place, "edit it by hand, or write it as the other messages are written", "message %q cannot be edited without changing what is around it", diag.Arg("id", id))
	}
	if slices.ContainsFunc(ds, rule.IsError) {
		return refuse(edits[0].ID)
	}
	for _, e := range now.Entries {
		if m, ok := want[e.ID]; !ok || m != e.Message {
			return refuse(e.ID)
		}
		delete(want, e.ID)
	}
	for _, e := range edits {
		for _, id := range []string{e.ID, e.Rename} {
			if _, left := want[id]; left {
				return refuse(e.ID)
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(want)) {
		return refuse(id)
	}
	return nil
}

// fromFields returns the message that has these fields.
func fromFields(id string, fields []Field) i18n.Message {
	e := message.Entry{Message: i18n.Message{ID: id}}
	for _, f := range fields {
		e.Set(strings.ToLower(f.Name), f.Text)
	}
	return e.Message
}

// Position returns the index of a message in a file, -1 if it is not there.
func Position(file *message.File, id string) int {
	return slices.IndexFunc(file.Entries, func(e message.Entry) bool { return e.ID == id })
}

// quote writes a string that JSON, YAML and TOML all read, in double quotation
// marks.
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
		case r < ' ', r >= 0x7f && r < 0xa0, r == 0x2028, r == 0x2029, r == 0xfeff, r == 0xfffe, r == 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
