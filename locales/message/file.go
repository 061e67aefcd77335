// Package message reads go-i18n's message files (TOML, JSON, YAML) with the
// position of every key and value, and takes message templates apart. What a
// file means is decided by go-i18n's own parser; this package adds where it
// stands, and refuses what go-i18n lets pass in silence.
package message

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/pelletier/go-toml/v2"
	"go.yaml.in/yaml/v3"

	"hexapla/pipeline/diag"
)

// Limits for files from outside.
const (
	MaxFile  = 64 << 20 // bytes of a file
	maxDepth = 64       // nesting of tables
)

// Categories are go-i18n's names of plural forms, in CLDR's order.
var Categories = []string{"zero", "one", "two", "few", "many", "other"}

// A File is a parsed message file.
type File struct {
	Path    string
	Format  string  // "toml", "json", "yaml"
	Entries []Entry // in the file's order
}

// An Entry is one message. Line and Column, from 1, are those of its key.
type Entry struct {
	i18n.Message
	Line, Column int
	Fields       []Field // in the file's order
}

// A Field is one string of a message: "other" for a message that is only a
// string. Name is lower case. Line and Column are those of its value.
type Field struct {
	Name, Value  string
	Line, Column int
	Offset       int // byte offset of the value, its quotation mark included
}

// Form is the text of a plural category, "" where the message has none.
func (e *Entry) Form(category string) string { return Form(&e.Message, category) }

// Form is the text of a plural category of a go-i18n message.
func Form(m *i18n.Message, category string) string {
	switch category {
	case "zero":
		return m.Zero
	case "one":
		return m.One
	case "two":
		return m.Two
	case "few":
		return m.Few
	case "many":
		return m.Many
	case "other":
		return m.Other
	}
	return ""
}

// fromFields sets the plural forms to those of the fields, the last of each.
func (e *Entry) fromFields() {
	forms := map[string]*string{"zero": &e.Zero, "one": &e.One, "two": &e.Two, "few": &e.Few, "many": &e.Many, "other": &e.Other}
	for _, f := range e.Fields {
		if form := forms[f.Name]; form != nil {
			*form = f.Value
		}
	}
}

// Field finds a field by name.
func (e *Entry) Field(name string) (Field, bool) {
	i := slices.IndexFunc(e.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return e.Fields[i], true
}

// SplitName takes a file name active.LOCALE.FORMAT apart. The error says what
// such a name must look like; go-i18n itself takes any other for the locale
// "und" without a word.
func SplitName(file string) (prefix, locale, format string, err error) {
	parts := strings.Split(path.Base(file), ".")
	if len(parts) != 3 || parts[0] == "" || parts[1] == "" {
		return "", "", "", fmt.Errorf("file name %q does not say its locale: want active.LOCALE.toml, .json or .yaml", path.Base(file))
	}
	format = parts[2]
	switch format {
	case "toml", "json", "yaml":
	case "yml":
		format = "yaml"
	default:
		return "", "", "", fmt.Errorf("file name %q does not end in .toml, .json or .yaml", path.Base(file))
	}
	return parts[0], parts[1], format, nil
}

// Parse reads one file, whose format is that of its name. A file with an error
// that hides its contents gives no entries; the diagnostics say why.
func Parse(name string, data []byte) (*File, []diag.Diagnostic) {
	f := &File{Path: name}
	at := func(id string, line, column int, format string, args ...any) []diag.Diagnostic {
		return []diag.Diagnostic{{ID: id, Severity: diag.Error, Place: diag.Place{Path: name, Line: line, Column: column}, Message: fmt.Sprintf(format, args...)}}
	}
	f.Format = strings.TrimPrefix(path.Ext(name), ".")
	if f.Format == "yml" {
		f.Format = "yaml"
	}
	if len(data) > MaxFile {
		return f, at("catalog.too-large", 0, 0, "file of %d bytes is larger than %d", len(data), MaxFile)
	}
	body := bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(body) {
		line, column := invalidAt(body)
		return f, at("catalog.encoding", line, column, "file is not valid UTF-8")
	}
	if i := conflictMarker(body); i >= 0 {
		line, column := diag.At(body, i)
		return f, at("catalog.conflict", line, column, "merge conflict marker")
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return f, nil
	}
	var leaves []leaf
	var unmarshal i18n.UnmarshalFunc
	var err error
	switch f.Format {
	case "toml":
		leaves, err = scanTOML(body)
		unmarshal = toml.Unmarshal
	case "json":
		leaves, err = scanJSON(body)
		unmarshal = json.Unmarshal
	case "yaml":
		leaves, err = scanYAML(body)
		unmarshal = yaml.Unmarshal
	default:
		return f, at("catalog.file-name", 0, 0, "%q is no format of message files: want toml, json or yaml", f.Format)
	}
	if err != nil {
		return f, []diag.Diagnostic{syntaxDiagnostic(name, body, err)}
	}
	messages, err := i18n.ParseMessageBytes(body, unmarshal)
	if err != nil {
		d := syntaxDiagnostic(name, body, err)
		d.ID = "catalog.structure"
		if d.Place.Line == 0 {
			d.Place.Line, d.Place.Column = offender(leaves, newLineIndex(body))
		}
		return f, []diag.Diagnostic{d}
	}
	return f, f.collect(messages, leaves, body)
}

// collect joins go-i18n's messages with the places that the scan found.
func (f *File) collect(messages []*i18n.Message, leaves []leaf, body []byte) []diag.Diagnostic {
	var ds []diag.Diagnostic
	lines := newLineIndex(body)
	byID := map[string]*Entry{}
	var order []string
	twice := map[string]bool{}
	firstKey := map[string]string{} // id to the path of keys it was first seen at
	for _, l := range leaves {
		id, field := l.message()
		e := byID[id]
		if e == nil {
			e = &Entry{}
			e.Line, e.Column = lines.at(l.keyOffset)
			byID[id] = e
			order = append(order, id)
			firstKey[id] = strings.Join(l.table(), "\x00")
		}
		line, column := lines.at(l.keyOffset)
		place := diag.Place{Path: f.Path, Line: line, Column: column, Unit: id}
		if l.duplicate {
			twice[id] = true
			ds = append(ds, diag.Diagnostic{ID: "catalog.duplicate", Severity: diag.Error, Place: place,
				Message: fmt.Sprintf("key %q is given twice", l.path[len(l.path)-1]), Hint: "keep one of them"})
		} else if firstKey[id] != strings.Join(l.table(), "\x00") {
			twice[id] = true
			ds = append(ds, diag.Diagnostic{ID: "catalog.duplicate", Severity: diag.Error, Place: place,
				Message: fmt.Sprintf("message %q is given twice, once with a quoted and once with a nested key", id), Hint: "keep one of them"})
		}
		line, column = lines.at(l.valueOffset)
		e.Fields = append(e.Fields, Field{Name: field, Value: l.value, Line: line, Column: column, Offset: l.valueOffset})
	}
	parsed := make(map[string]*i18n.Message, len(messages))
	for _, m := range messages {
		parsed[m.ID] = m
	}
	for _, id := range order {
		e := byID[id]
		if own, ok := e.Field("id"); ok && own.Value != "" {
			// An "id" field takes the place of the innermost key.
			if i := strings.LastIndexByte(firstKey[id], 0); i >= 0 && !strings.HasPrefix(firstKey[id], "#") {
				id = strings.ReplaceAll(firstKey[id][:i], "\x00", ".") + "." + own.Value
			} else {
				id = own.Value
			}
		}
		if m := parsed[id]; m != nil {
			e.Message = *m
			if twice[id] {
				e.fromFields() // which of the two go-i18n gives is left to chance
			}
			f.Entries = append(f.Entries, *e)
		}
	}
	return ds
}

// invalidAt is the line and column of the first byte that is not UTF-8.
func invalidAt(b []byte) (int, int) {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n <= 1 {
			return diag.At(b, i)
		}
		i += n
	}
	return diag.At(b, len(b))
}

// conflictMarker finds what git leaves of a merge at the start of a line.
func conflictMarker(b []byte) int {
	for _, marker := range []string{"<<<<<<< ", ">>>>>>> "} {
		if bytes.HasPrefix(b, []byte(marker)) {
			return 0
		}
		if i := bytes.Index(b, []byte("\n"+marker)); i >= 0 {
			return i + 1
		}
	}
	return -1
}

// syntaxDiagnostic gives a parser's error its place.
func syntaxDiagnostic(name string, body []byte, err error) diag.Diagnostic {
	d := diag.Diagnostic{ID: "catalog.syntax", Severity: diag.Error, Place: diag.Place{Path: name}, Message: err.Error()}
	var at *positionError
	var tomlErr *toml.DecodeError
	switch {
	case errors.As(err, &at):
		d.Place.Line, d.Place.Column = diag.At(body, at.offset)
		d.Message = at.text
		if at.line > 0 {
			// YAML also counts a lone carriage return as a line's end.
			d.Place.Line, d.Place.Column = min(at.line, bytes.Count(body, []byte("\n"))+1), 0
		}
	case errors.As(err, &tomlErr):
		d.Place.Line, d.Place.Column = tomlErr.Position()
		d.Message = strings.TrimPrefix(tomlErr.Error(), "toml: ")
	}
	d.Message = strings.Join(strings.Fields(d.Message), " ")
	return d
}

// offender is the place of the first message that mixes message fields with
// other keys, which is what go-i18n refuses most; 0, 0 if none does.
func offender(leaves []leaf, lines *lineIndex) (line, column int) {
	reserved := map[string]bool{} // by the table that holds them
	for _, l := range leaves {
		parent := strings.Join(l.path[:len(l.path)-1], "\x00")
		field := l.isString && isField(l.path[len(l.path)-1])
		if before, ok := reserved[parent]; ok && before != field {
			return lines.at(l.keyOffset)
		}
		reserved[parent] = field
	}
	for _, l := range leaves {
		if !l.isString {
			return lines.at(l.keyOffset)
		}
	}
	return 0, 0
}

func isField(key string) bool {
	switch strings.ToLower(key) {
	case "id", "description", "hash", "leftdelim", "rightdelim", "zero", "one", "two", "few", "many", "other", "translation":
		return true
	}
	return false
}
