package update

import (
	"bytes"
	"maps"
	"slices"

	"hexapla/locales/catalog"
	"hexapla/locales/catalog/edit"
	"hexapla/locales/catalog/rule"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
)

// editFiles applies to each file the edits that f returns for it. Failed reports
// that a file could not be read or edited; the result is without it.
func editFiles(in catalog.Files, f func(name, locale string, file *message.File) ([]edit.Edit, []Change)) (r Result, failed bool, ds []diag.Diagnostic) {
	r = Result{Write: catalog.Files{}}
	for _, name := range slices.Sorted(maps.Keys(in)) {
		if !catalog.IsMessageFile(name) {
			continue
		}
		_, locale, err := catalog.FileLocale(name)
		if err != nil {
			continue
		}
		file, found := message.Parse(name, in[name])
		for i := range found {
			found[i].Place.Locale = locale
		}
		if ds = append(ds, found...); slices.ContainsFunc(found, rule.IsError) {
			failed = true
			continue
		}
		edits, changes := f(name, locale, file)
		data, err := edit.Apply(name, in[name], edits)
		if err != nil {
			failed = true
			ds = append(ds, diag.From(err, "catalog.syntax")...)
			continue
		}
		r.Changes = append(r.Changes, changes...)
		r.write(in, name, data)
	}
	return r, failed, ds
}

// Rename gives a message another id in every catalog and every file
// translate.LOCALE. If one of them already has the new id, or cannot be read or
// edited, nothing is renamed.
func Rename(in catalog.Files, source, from, to string) (Result, []diag.Diagnostic) {
	none := Result{Write: catalog.Files{}}
	if to == "" || from == to {
		return none, []diag.Diagnostic{rule.Finding("catalog.structure", diag.Place{Unit: from}, "", "message %q cannot be renamed to %q", diag.Arg("from", from), diag.Arg("to", to))}
	}
	if s, ds, sound := load(in, source); !sound && s.Catalogs[s.Source] != nil {
		return none, ds
	}
	var taken []diag.Diagnostic
	r, failed, ds := editFiles(in, func(name, locale string, file *message.File) ([]edit.Edit, []Change) {
		if i := edit.Position(file, to); i >= 0 {
			e := file.Entries[i]
			taken = append(taken, rule.Finding("catalog.duplicate", diag.Place{Path: name, Line: e.Line, Column: e.Column, Locale: locale, Unit: to}, "choose another id", "message %q is already there", diag.Arg("to", to)))
			return nil, nil
		}
		if edit.Position(file, from) < 0 {
			return nil, nil
		}
		return []edit.Edit{{ID: from, Rename: to}}, []Change{{Renamed, locale, to, name}}
	})
	if failed || len(taken) > 0 {
		return none, append(ds, taken...)
	}
	return r, ds
}

// Prune removes the messages with these ids from every catalog, and from the
// translations those that the source does not have. Files that cannot be read or
// edited stay as they are; if the source, or a part of it, cannot be read nothing is
// removed.
func Prune(in catalog.Files, source string, ids []string) (Result, []diag.Diagnostic) {
	none := Result{Write: catalog.Files{}}
	s, found, sound := load(in, source)
	if !sound {
		return none, found
	}
	if ds := partlyRead(s, found); ds != nil {
		return none, ds
	}
	src := s.Catalogs[s.Source]
	r, _, ds := editFiles(in, func(name, locale string, file *message.File) (edits []edit.Edit, changes []Change) {
		for _, e := range file.Entries {
			if slices.Contains(ids, e.ID) || locale != s.Source && src.Messages[e.ID] == nil {
				edits = append(edits, edit.Edit{ID: e.ID})
				changes = append(changes, Change{Removed, locale, e.ID, name})
			}
		}
		return edits, changes
	})
	return r, ds
}

// Format writes catalogs in canonical form, see edit.Format. A file that cannot be
// read or formatted is left alone, and a diagnostic says why.
func Format(in catalog.Files, source string) (Result, []diag.Diagnostic) {
	r := Result{Write: catalog.Files{}}
	s, ds, sound := load(in, source)
	if !sound && s.Catalogs[s.Source] != nil {
		return r, ds
	}
	if !sound {
		_, ds = catalog.Parse(in, source) // no source is needed
	}
	for _, name := range slices.Sorted(maps.Keys(in)) {
		if !catalog.IsMessageFile(name) || len(bytes.TrimSpace(in[name])) == 0 {
			continue
		}
		if _, _, err := catalog.FileLocale(name); err != nil || hasErrors(ds, []string{name}) {
			continue // no catalog, or one that cannot be read
		}
		data, err := edit.Format(name, in[name])
		if err != nil {
			ds = append(ds, diag.From(err, "catalog.syntax")...)
			continue
		}
		r.write(in, name, data)
	}
	diag.Sort(ds)
	return r, ds
}
