package edit

import (
	"bytes"
	"errors"
	"slices"

	"hexapla/locales/catalog/rule"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
)

// Format returns a file in canonical form: in TOML a table for each message, in
// JSON and YAML one indentation, fields in the customary order. The order of
// messages and the comments stay. If something would not stay the same the file
// cannot be formatted; the error, a diag.Diagnostic, says why and where.
func Format(path string, data []byte) ([]byte, error) {
	body, marked := bytes.CutPrefix(data, message.BOM)
	file, found := message.Parse(path, body)
	if i := slices.IndexFunc(found, rule.IsError); i >= 0 {
		return nil, found[i]
	}
	out, place, err := format(body, file)
	if err == nil {
		if again, found := message.Parse(path, out); slices.ContainsFunc(found, rule.IsError) || !sameMessages(file, again) {
			err = errors.New("its messages would change")
		}
	}
	if err != nil {
		return nil, rule.Finding("catalog.structure", place, "write its messages as tables or strings", "file cannot be formatted: %s", diag.Arg("error", err.Error()))
	}
	if marked {
		out = append(slices.Clone(message.BOM), out...)
	}
	return out, nil
}

// format returns a file in canonical form, with everything that is in it. The
// error, at its place, says why that cannot be done.
func format(body []byte, file *message.File) ([]byte, diag.Place, error) {
	place := diag.Place{Path: file.Path, Line: 1}
	switch file.Format {
	case "toml":
		if at := tomlList(body); at >= 0 {
			place.Line, place.Column = diag.At(body, at)
			return nil, place, errors.New("a list has no other form")
		}
		data := formatTOML(body, file)
		if !slices.Equal(tomlComments(body), tomlComments(data)) {
			return nil, place, errors.New("a comment would be lost")
		}
		return data, place, nil
	case "json":
		t, err := readJSON(body)
		if err != nil {
			return nil, place, err
		}
		return formatJSON(t), place, nil
	}
	if at := message.SecondDocument(body); at >= 0 {
		place.Line, place.Column = diag.At(body, at)
		return nil, place, errors.New("it has a second document")
	}
	data, err := formatYAML(body)
	return data, place, err
}

// sameMessages reports whether two files have the same messages in the same order.
func sameMessages(a, b *message.File) bool {
	return slices.EqualFunc(a.Entries, b.Entries, func(x, y message.Entry) bool { return x.Message == y.Message })
}
