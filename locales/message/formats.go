package message

import (
	"fmt"
	"slices"
	"strings"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/lazy"
)

// The formats of message catalogs.
const (
	GoI18n   = "go-i18n"    // version 2: active.LOCALE.toml, .json, .yaml
	GoI18nV1 = "go-i18n-v1" // LOCALE.all.json: lists of objects with "id" and "translation"
	I18next  = "i18next"    // JSON version 4: nested keys, plural forms by suffix
)

// Formats returns the names of the formats of catalogs, the default first.
func Formats() []string { return []string{GoI18n, GoI18nV1, I18next} }

// PluralVariable is the variable of go-i18n's templates that chooses the plural form.
// In i18next it is CountVariable.
const (
	PluralVariable = "PluralCount"
	CountVariable  = "count"
)

// interpolation matches a variable in a text of i18next, with its format and with the
// dash that turns escaping off (i18next.com, "Interpolation").
var interpolation = lazy.Regexp(`\{\{-?\s*([\p{L}_][\p{L}\p{N}_.]*)\s*(?:,[^{}]*)?\}\}`)

// fromI18next returns a text of i18next as a template of go-i18n.
func fromI18next(text string) string {
	return interpolation().ReplaceAllStringFunc(text, func(m string) string {
		name := interpolation().FindStringSubmatch(m)[1]
		if name == CountVariable {
			name = PluralVariable
		}
		return "{{." + name + "}}"
	})
}

// goVariable matches a variable in what fromI18next returns.
var goVariable = lazy.Regexp(`\{\{\.([\p{L}_][\p{L}\p{N}_.]*)\}\}`)

// ToI18next returns a text that quotes templates as i18next writes them: what is
// reported about a file of i18next must be found there.
func ToI18next(text string) string {
	text = goVariable().ReplaceAllString(text, "{{$1}}")
	return strings.ReplaceAll(text, PluralVariable, CountVariable)
}

// An I18nextFile is the messages of one JSON file of i18next as they are written, before
// plural forms are put together.
type I18nextFile struct {
	path   string
	leaves []i18nextText
}

// i18nextText is one string of a file.
type i18nextText struct {
	id, value                string
	line, column, offset     int
	valueLine, valueColumn   int
	valueOffset, end, keyPos int
}

// ScanI18next reads a JSON file of i18next (i18next.com, "JSON Format", version 4). The
// keys of nested objects are joined by dots and follow prefix, such as "common:". With a
// diagnostic of severity error there are no messages.
func ScanI18next(name string, data []byte, prefix string) (*I18nextFile, []diag.Diagnostic) {
	f := &I18nextFile{path: name}
	body, ds := textOf(name, data)
	if body == nil {
		return f, ds
	}
	leaves, err := scanJSON(body)
	if err != nil {
		return f, []diag.Diagnostic{syntaxDiagnostic(name, body, err)}
	}
	lines := diag.NewLines(body)
	seen := map[string]int{}
	for _, l := range leaves {
		if l.empty || l.null {
			continue
		}
		t := i18nextText{id: prefix + i18nextID(l.path), value: l.value, offset: l.keyOffset, keyPos: l.keyOffset, valueOffset: l.valueOffset, end: l.valueEnd}
		t.line, t.column = lines.At(l.keyOffset)
		t.valueLine, t.valueColumn = lines.At(l.valueOffset)
		place := diag.Place{Path: name, Line: t.line, Column: t.column, Unit: t.id}
		if !l.isString {
			ds = append(ds, diag.Diagnostic{ID: "catalog.structure", Severity: diag.Warning, Place: place, Hint: "write it in quotation marks, if it is to be translated"}.
				Messagef("the value of %q is no string, and is not read", diag.Arg("key", t.id)))
			continue
		}
		if first, ok := seen[t.id]; ok {
			ds = append(ds, diag.Diagnostic{ID: "catalog.duplicate", Severity: diag.Error, Place: place, Hint: "keep one of them"}.
				Messagef("key %q is given twice", diag.Arg("path", t.id)))
			f.leaves[first] = t // the last counts, as in every JSON reader
			continue
		}
		seen[t.id] = len(f.leaves)
		f.leaves = append(f.leaves, t)
	}
	return f, ds
}

// i18nextID joins the keys that lead to a string; items of lists have their number.
func i18nextID(path []string) string {
	keys := make([]string, len(path))
	for i, k := range path {
		keys[i] = strings.TrimPrefix(k, arrayMark)
	}
	return strings.Join(keys, ".")
}

// pluralSuffix returns the id and the plural category of a key with a suffix such as
// "_other".
func pluralSuffix(key string) (id, category string, ok bool) {
	i := strings.LastIndexByte(key, '_')
	if i <= 0 || !slices.Contains(Categories, key[i+1:]) {
		return "", "", false
	}
	return key[:i], key[i+1:], true
}

// Plurals adds to ids those of the messages with plural forms: those that have the form
// "other".
func (f *I18nextFile) Plurals(ids map[string]bool) {
	for _, l := range f.leaves {
		if id, category, ok := pluralSuffix(l.id); ok && category == "other" {
			ids[id] = true
		}
	}
}

// File returns the messages, with the plural forms of each id of plurals put together.
// The texts are templates of go-i18n. A form "zero" is one where categories, the plural
// categories of the language, have it: otherwise i18next uses it for the number 0, which
// is another message.
func (f *I18nextFile) File(plurals map[string]bool, categories []string) *File {
	out := &File{Path: f.path, Format: "json"}
	index := map[string]int{}
	for _, l := range f.leaves {
		id, field := l.id, "other"
		if base, category, ok := pluralSuffix(l.id); ok && plurals[base] && (category != "zero" || slices.Contains(categories, "zero")) {
			id, field = base, category
		}
		n, ok := index[id]
		if !ok {
			n = len(out.Entries)
			index[id] = n
			e := Entry{Line: l.line, Column: l.column, Offset: l.offset}
			e.ID = id
			out.Entries = append(out.Entries, e)
		}
		e := &out.Entries[n]
		value := fromI18next(l.value)
		e.Fields = append(e.Fields, Field{Name: field, Value: value, Line: l.valueLine, Column: l.valueColumn, Offset: l.valueOffset, End: l.end, Key: l.keyPos})
		e.Set(field, value)
	}
	return out
}

// CheckFormat returns an error that lists the formats for a name that is none.
func CheckFormat(name string) error {
	if !slices.Contains(Formats(), name) {
		return fmt.Errorf("%q: must be one of %s", name, strings.Join(Formats(), ", "))
	}
	return nil
}
