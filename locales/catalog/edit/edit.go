package catalog

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"

	"hexapla/locales/message"
	"hexapla/pipeline/diag"
)

// A value is one field of a message as it is written to a file.
type value struct{ name, text string }

// fieldsOf are all fields of a message in the order in which files have them.
func fieldsOf(m *i18n.Message) []value {
	return []value{{"description", m.Description}, {"hash", m.Hash}, {"leftDelim", m.LeftDelim}, {"rightDelim", m.RightDelim},
		{"zero", m.Zero}, {"one", m.One}, {"two", m.Two}, {"few", m.Few}, {"many", m.Many}, {"other", m.Other}}
}

// values are the fields of a message that have a text.
func values(m *message.Entry) []value {
	return slices.DeleteFunc(fieldsOf(&m.Message), func(v value) bool { return v.text == "" })
}

// An edit changes one message of a file.
type edit struct {
	id     string
	fields []value // what the message is to be; nil removes it
	after  string  // id of the message that a new one comes after; "" for the end
	rename string  // new id; fields are not looked at
}

// bom is the byte order mark that some editors put before UTF-8.
var bom = []byte("\xef\xbb\xbf")

// apply makes edits in one file and leaves all else as it is, byte for byte:
// order, comments, spelling, line ends. A file that does not exist yet has no
// data. An edit that cannot be made so is an error that says where, and none is
// made then.
func apply(path string, data []byte, edits []edit) ([]byte, error) {
	if len(edits) == 0 {
		return data, nil
	}
	if body, ok := bytes.CutPrefix(data, bom); ok {
		out, err := apply(path, body, edits)
		return append(slices.Clone(bom), out...), err
	}
	file, ds := message.Parse(path, data)
	if i := slices.IndexFunc(ds, isError); i >= 0 {
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
		return nil, finding("catalog.structure", diag.Place{Path: path, Line: 1}, "file cannot be edited: "+err.Error(), "edit it by hand")
	}
	if err := compare(file, path, out, edits); err != nil {
		return nil, err
	}
	return out, nil
}

func isError(d diag.Diagnostic) bool { return d.Severity == diag.Error }

// compare says whether a file has the messages that it had, with the edits.
func compare(was *message.File, path string, data []byte, edits []edit) error {
	want := map[string]i18n.Message{}
	for _, e := range was.Entries {
		want[e.ID] = e.Message
	}
	for _, e := range edits {
		switch m, there := want[e.id]; {
		case e.rename != "":
			if there {
				delete(want, e.id)
				m.ID = e.rename
				want[e.rename] = m
			}
		case e.fields == nil:
			delete(want, e.id)
		default:
			want[e.id] = fromValues(e.id, e.fields)
		}
	}
	now, ds := message.Parse(path, data)
	refuse := func(id string) error {
		place := diag.Place{Path: path, Line: 1, Unit: id}
		if i := position(was, id); i >= 0 {
			place.Line, place.Column = was.Entries[i].Line, was.Entries[i].Column
		}
		return finding("catalog.structure", place, fmt.Sprintf("message %q cannot be edited without changing what is around it", id), "edit it by hand, or write it as the other messages are written")
	}
	if slices.ContainsFunc(ds, isError) {
		return refuse(edits[0].id)
	}
	for _, e := range now.Entries {
		if m, ok := want[e.ID]; !ok || m != e.Message {
			return refuse(e.ID)
		}
		delete(want, e.ID)
	}
	for _, e := range edits {
		for _, id := range []string{e.id, e.rename} {
			if _, left := want[id]; left {
				return refuse(e.id)
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(want)) {
		return refuse(id)
	}
	return nil
}

// fromValues is the message that has these fields.
func fromValues(id string, fields []value) i18n.Message {
	e := message.Entry{Message: i18n.Message{ID: id}}
	for _, v := range fields {
		switch v.name {
		case "description":
			e.Description = v.text
		case "hash":
			e.Hash = v.text
		case "leftDelim":
			e.LeftDelim = v.text
		case "rightDelim":
			e.RightDelim = v.text
		default:
			setForm(&e, v.name, v.text)
		}
	}
	return e.Message
}

// position is where in the file a message stands, -1 if it does not.
func position(file *message.File, id string) int {
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
