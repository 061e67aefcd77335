package catalog

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"hexapla/locales/message"
	"hexapla/pipeline/diag"
)

// A value is one field of a message as it is written to a file.
type value struct{ name, text string }

// values are the fields of a message in the order in which files have them.
func values(m *message.Entry) []value {
	var out []value
	for _, v := range []value{{"description", m.Description}, {"hash", m.Hash}, {"leftDelim", m.LeftDelim}, {"rightDelim", m.RightDelim},
		{"zero", m.Zero}, {"one", m.One}, {"two", m.Two}, {"few", m.Few}, {"many", m.Many}, {"other", m.Other}} {
		if v.text != "" {
			out = append(out, v)
		}
	}
	return out
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

// apply makes edits in one file and leaves all else as it is: order, comments,
// spelling. A file that does not exist yet has no data.
func apply(path string, data []byte, edits []edit) ([]byte, error) {
	if len(edits) == 0 {
		return data, nil
	}
	if body, ok := bytes.CutPrefix(data, bom); ok {
		out, err := apply(path, body, edits)
		return append(slices.Clone(bom), out...), err
	}
	file, ds := message.Parse(path, data)
	for _, d := range ds {
		if d.Severity == diag.Error {
			return nil, d
		}
	}
	switch file.Format {
	case "json":
		return applyJSON(data, file, edits)
	case "yaml":
		return applyYAML(data, file, edits)
	}
	return applyTOML(path, data, file, edits)
}

// position is where in the file a message stands: its keys.
func position(file *message.File, id string) int {
	return slices.IndexFunc(file.Entries, func(e message.Entry) bool { return e.ID == id })
}

// editTree is what JSON and YAML have in common: an object whose keys keep
// their order.
type editTree interface {
	find(keys []string) bool
	set(keys []string, fields []value, after []string)
	remove(keys []string)
	rename(keys []string, to string)
}

// keysOf finds the keys that lead to a message: its id may be one key with dots
// in it, or nested ones.
func keysOf(t editTree, id string) ([]string, bool) {
	if t.find([]string{id}) {
		return []string{id}, true
	}
	parts := strings.Split(id, ".")
	for n := range parts {
		// the last n dots belong to the last key
		cut := len(parts) - n
		keys := append(slices.Clone(parts[:cut-1]), strings.Join(parts[cut-1:], "."))
		if t.find(keys) {
			return keys, true
		}
	}
	return nil, false
}

func applyTree(t editTree, edits []edit) error {
	for _, e := range edits {
		keys, found := keysOf(t, e.id)
		switch {
		case e.rename != "":
			if found {
				t.rename(keys, e.rename)
			}
		case e.fields == nil && found:
			t.remove(keys)
		case e.fields == nil:
		case found:
			t.set(keys, e.fields, nil)
		default:
			after, _ := keysOf(t, e.after)
			if len(after) != 1 {
				after = nil
			}
			t.set([]string{e.id}, e.fields, after)
		}
	}
	return nil
}

// v1 says that a file is one of go-i18n's first version, which is read but not
// edited.
func v1(path string) error {
	return fmt.Errorf("%s: a list of messages is the format of go-i18n version 1: convert it first", path)
}
