// Package message reads go-i18n's message files (TOML, JSON, YAML) with the
// position of every key and value, and takes message templates apart. What a
// file means is what go-i18n's own parser says (flat files, which are nearly
// all, are read directly, and a test holds the two together); this package adds
// where it stands, and refuses what go-i18n lets pass in silence.
package message

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nicksnyder/go-i18n/v2/i18n"

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

// An Entry is one message. Line and Column, from 1, are those of its key, or of
// the head of its TOML table.
type Entry struct {
	i18n.Message
	Line, Column int
	Offset       int     // the same as a byte offset
	Fields       []Field // in the file's order
}

// A Field is one string of a message: "other" for a message that is only a
// string. Name is lower case. Line and Column are those of its value.
type Field struct {
	Name, Value  string
	Line, Column int
	Offset       int // byte offset of the value, its quotation mark included
	End          int // byte offset of the value's end; 0 in YAML
	Key          int // byte offset of the key that the value is behind
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

// SourceHash returns go-i18n's mark of a source message, which a translation of it
// carries: SHA-1 of the description and the form "other".
func (e *Entry) SourceHash() string {
	sum := sha1.Sum([]byte(e.Description + e.Other))
	return "sha1-" + hex.EncodeToString(sum[:])
}

// fromFields sets the message's fields to those of the file, the last of each.
func (e *Entry) fromFields() {
	for _, f := range e.Fields {
		e.Set(f.Name, f.Value)
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
		return "", "", "", fmt.Errorf("file name %q does not contain its locale: expected active.LOCALE.toml, .json or .yaml", path.Base(file))
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

// FormatOf returns the format that the ending of a file's name stands for: "toml",
// "json" or "yaml"; any other ending as it is.
func FormatOf(name string) string {
	format := strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	if format == "yml" {
		return "yaml"
	}
	return format
}

// textOf returns the text of a file of messages, without the byte order mark; nil if it
// is empty or cannot be read, and why.
func textOf(name string, data []byte) ([]byte, []diag.Diagnostic) {
	if len(data) > MaxFile {
		return nil, fileError(name, "catalog.too-large", 0, 0, "file is larger than %d bytes, the most that is read", diag.Arg("limit", MaxFile))
	}
	body := bytes.TrimPrefix(data, BOM)
	if !utf8.Valid(body) {
		line, column := invalidAt(body)
		return nil, fileError(name, "catalog.encoding", line, column, "file is not valid UTF-8")
	}
	if i := conflictMarker(body); i >= 0 {
		line, column := diag.At(body, i)
		return nil, fileError(name, "catalog.conflict", line, column, "merge conflict marker")
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, nil
	}
	return body, nil
}

func fileError(name, id string, line, column int, format string, args ...any) []diag.Diagnostic {
	return []diag.Diagnostic{diag.Diagnostic{ID: id, Severity: diag.Error, Place: diag.Place{Path: name, Line: line, Column: column}}.Messagef(format, args...)}
}

// Parse reads one file, whose format is that of its name. A file with an error
// that hides its contents gives no entries; the diagnostics say why.
func Parse(name string, data []byte) (*File, []diag.Diagnostic) { return parseFile(name, data, false) }

// ParseV1 reads a file of go-i18n's version 1: a list of objects, of which "id" and
// "translation" are read; that version ignores other keys, such as "modified" of the
// tools of Cloud Foundry.
func ParseV1(name string, data []byte) (*File, []diag.Diagnostic) { return parseFile(name, data, true) }

func parseFile(name string, data []byte, v1 bool) (*File, []diag.Diagnostic) {
	f := &File{Path: name}
	f.Format = FormatOf(name)
	body, ds := textOf(name, data)
	if body == nil {
		return f, ds
	}
	var leaves []leaf
	var err error
	switch f.Format {
	case "toml":
		leaves, err = scanTOML(body)
	case "json":
		leaves, err = scanJSON(body)
	case "yaml":
		leaves, err = scanYAML(body)
	default:
		return f, fileError(name, "catalog.file-name", 0, 0, "%q is no format of message files: want toml, json or yaml", diag.Arg("format", f.Format))
	}
	if err != nil {
		return f, []diag.Diagnostic{syntaxDiagnostic(name, body, err)}
	}
	if v1 {
		leaves = slices.DeleteFunc(leaves, func(l leaf) bool {
			return len(l.path) > 1 && strings.HasPrefix(l.path[0], arrayMark) && l.path[1] != "id" && l.path[1] != "translation"
		})
	}
	if slices.ContainsFunc(leaves, func(l leaf) bool { return !l.isString && !l.empty }) {
		return f, f.structureErrors(leaves, body)
	}
	if f.Format == "yaml" {
		if i := SecondDocument(body); i >= 0 {
			line, column := diag.At(body, i)
			ds = append(ds, f.unread(line, column, "", "move its messages into the first", "go-i18n reads the first document of a YAML file, and not this one"))
		}
	}
	if flat(leaves) {
		f.collectFlat(leaves, body)
		release(leaves)
		return f, ds
	}
	raw, err := tree(leaves, f.Format == "json")
	if err != nil {
		return f, []diag.Diagnostic{syntaxDiagnostic(name, body, err)}
	}
	messages, err := i18n.ParseMessageBytes(body, func(_ []byte, v any) error {
		*v.(*any) = raw
		return nil
	})
	if err != nil {
		if ds := f.structureErrors(leaves, body); ds != nil {
			return f, ds
		}
		d := syntaxDiagnostic(name, body, err)
		d.ID = "catalog.structure"
		return f, []diag.Diagnostic{d}
	}
	return f, append(ds, f.collect(messages, leaves, body)...)
}

// unread warns of what go-i18n loads the file without.
func (f *File) unread(line, column int, id, hint, format string, args ...any) diag.Diagnostic {
	return diag.Diagnostic{ID: "catalog.structure", Severity: diag.Warning, Place: diag.Place{Path: f.Path, Line: line, Column: column, Unit: id}, Hint: hint}.Messagef(format, args...)
}

// flat reports whether the file is nothing but messages at the top level, strings
// or tables of message fields, none twice. Such files, nearly all, mean what
// they say, and go-i18n need not be asked: a test holds the two together.
func flat(leaves []leaf) bool {
	kind := make(map[string]bool, len(leaves)) // whether the key is a table
	last := ""
	var fields []string
	for _, l := range leaves {
		field := isField(l.path[len(l.path)-1])
		if l.null || l.empty || len(l.path) > 2 || (len(l.path) == 2) != field || strings.HasPrefix(l.path[0], arrayMark) || strings.ToLower(l.path[len(l.path)-1]) == "translation" || len(l.path) == 2 && l.path[0] == "translation" {
			return false
		}
		key := l.path[0]
		_, seen := kind[key]
		if !seen {
			kind[key], last, fields = field, key, fields[:0]
		} else if key != last || !field || !kind[key] {
			return false
		}
		if field {
			name := strings.ToLower(l.path[1])
			if name == "id" || slices.Contains(fields, name) {
				return false
			}
			fields = append(fields, name)
		}
	}
	return true
}

// collectFlat makes the entries of a flat file.
func (f *File) collectFlat(leaves []leaf, body []byte) {
	lines := diag.NewLines(body)
	fields := make([]Field, len(leaves)) // one allocation for all
	f.Entries = make([]Entry, 0, len(leaves)/2+1)
	for i := range leaves {
		l := &leaves[i]
		id, name := l.message()
		n := len(f.Entries)
		if n == 0 || f.Entries[n-1].ID != id {
			e := Entry{Message: i18n.Message{ID: id}, Offset: l.keyOffset, Fields: fields[i:i:i]}
			if l.header >= 0 && len(l.path) == 2 && len(l.headerPath) == 1 {
				e.Offset = l.header
			}
			e.Line, e.Column = lines.At(e.Offset)
			f.Entries = append(f.Entries, e)
			n++
		}
		e := &f.Entries[n-1]
		line, column := lines.At(l.valueOffset)
		fields[i] = Field{Name: name, Value: l.value, Line: line, Column: column, Offset: l.valueOffset, End: l.valueEnd, Key: l.keyOffset}
		e.Fields = fields[i-len(e.Fields) : i+1 : i+1]
		e.Set(name, l.value)
	}
}

// Set sets the field of the message that has this name, in lower case.
func (e *Entry) Set(name, value string) {
	switch name {
	case "description":
		e.Description = value
	case "hash":
		e.Hash = value
	case "leftdelim":
		e.LeftDelim = value
	case "rightdelim":
		e.RightDelim = value
	case "zero":
		e.Zero = value
	case "one":
		e.One = value
	case "two":
		e.Two = value
	case "few":
		e.Few = value
	case "many":
		e.Many = value
	case "other":
		e.Other = value
	}
}

// collect joins go-i18n's messages with the places that the scan found.
func (f *File) collect(messages []*i18n.Message, leaves []leaf, body []byte) []diag.Diagnostic {
	var ds []diag.Diagnostic
	lines := diag.NewLines(body)
	byID := map[string]*Entry{}
	var order []string
	twice := map[string]bool{}
	tables := map[string][]string{} // id to the path of keys it was first seen at
	lost := map[string]bool{}       // lists that were told of
	list := func(path []string, offset int, what string) {
		if name := strings.TrimSuffix(goID(path), "."); !lost[name] {
			lost[name] = true
			line, column := lines.At(offset)
			ds = append(ds, f.unread(line, column, name, "message files have no lists but those of messages with an id", "%s", what))
		}
	}
	for _, l := range leaves {
		if l.empty {
			list(l.path, l.keyOffset, "go-i18n reads no message from an empty list")
			if l.duplicate {
				line, column := lines.At(l.keyOffset)
				ds = append(ds, diag.Diagnostic{ID: "catalog.duplicate", Severity: diag.Error, Place: diag.Place{Path: f.Path, Line: line, Column: column},
					Hint: "keep one of them"}.Messagef("key %q is given twice", diag.Arg("path", l.path[len(l.path)-1])))
			}
			continue
		}
		id, field := l.message()
		e := byID[id]
		if e == nil {
			e = &Entry{}
			e.Offset = l.keyOffset
			if l.header >= 0 && len(l.table()) == len(l.headerPath) {
				e.Offset = l.header
			}
			e.Line, e.Column = lines.At(e.Offset)
			byID[id] = e
			order = append(order, id)
			tables[id] = l.table()
		}
		line, column := lines.At(l.keyOffset)
		place := diag.Place{Path: f.Path, Line: line, Column: column, Unit: id}
		if l.duplicate {
			twice[id] = true
			ds = append(ds, diag.Diagnostic{ID: "catalog.duplicate", Severity: diag.Error, Place: place,
				Hint: "keep one of them"}.Messagef("key %q is given twice", diag.Arg("path", l.path[len(l.path)-1])))
		} else if !slices.Equal(tables[id], l.table()) {
			twice[id] = true
			ds = append(ds, diag.Diagnostic{ID: "catalog.duplicate", Severity: diag.Error, Place: place,
				Hint: "keep one of them"}.Messagef("message %q is given twice, once with a quoted and once with a nested key", diag.Arg("id", id)))
		}
		line, column = lines.At(l.valueOffset)
		e.Fields = append(e.Fields, Field{Name: field, Value: l.value, Line: line, Column: column, Offset: l.valueOffset, End: l.valueEnd, Key: l.keyOffset})
	}
	parsed := make(map[string]*i18n.Message, len(messages))
	for _, m := range messages {
		parsed[m.ID] = m
	}
	seen := map[string]bool{}
	for _, id0 := range order {
		table, e := tables[id0], byID[id0]
		id := goID(table)
		if own, ok := e.Field("id"); ok && own.Value != "" {
			// It takes the place of the innermost key; lists have none.
			id = goID(append(slices.Clone(table[:max(len(table)-1, 0)]), own.Value))
		} else if inList(table) {
			list(table, e.Offset, fmt.Sprintf("go-i18n reads each item of a list without an id as message %q, of which the last is left", id))
			continue
		}
		m := parsed[id]
		if m == nil {
			continue
		}
		if seen[id] {
			twice[id0] = true
			ds = append(ds, diag.Diagnostic{ID: "catalog.duplicate", Severity: diag.Error, Place: diag.Place{Path: f.Path, Line: e.Line, Column: e.Column, Unit: id},
				Hint: "keep one of them"}.Messagef("message %q is given twice", diag.Arg("id", id)))
		}
		seen[id] = true
		e.Message = *m
		if twice[id0] {
			e.fromFields() // which of the two go-i18n gives is left to chance
		}
		f.Entries = append(f.Entries, *e)
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
	if errors.As(err, &at) {
		d.Place.Line, d.Place.Column = diag.At(body, at.offset)
		d.Message = at.text
		if at.structure {
			d.ID = "catalog.structure"
		}
		if at.line > 0 {
			// YAML also counts a lone carriage return as a line's end.
			d.Place.Line, d.Place.Column = min(at.line, bytes.Count(body, []byte("\n"))+1), 0
		}
	}
	d.Message = strings.Join(strings.Fields(d.Message), " ")
	return d
}

// isField reports whether go-i18n reads a key as a field of a message.
func isField(key string) bool {
	switch strings.ToLower(key) {
	case "id", "description", "hash", "leftdelim", "rightdelim", "zero", "one", "two", "few", "many", "other", "translation":
		return true
	}
	return false
}
