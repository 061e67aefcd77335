package update

import (
	"maps"
	"slices"

	"hexapla/locales/catalog"
	"hexapla/locales/catalog/edit"
	"hexapla/locales/catalog/usage"
	"hexapla/pipeline/diag"
)

// Extract brings the source catalog into line with the code: messages that the
// code defines are added or changed, those that it only uses are added without
// a text, for somebody to write it, and the others are left. Custom delimiters
// are kept. A source catalog that does not exist yet is made at path.
func Extract(in catalog.Files, source, path string, u *usage.Usage) (Result, []diag.Diagnostic) {
	r := Result{Write: catalog.Files{}}
	s, ds := catalog.Parse(in, source)
	src := s.Catalogs[s.Source]
	if slices.ContainsFunc(ds, func(d diag.Diagnostic) bool { return d.Severity == diag.Error && d.Place.Locale == s.Source }) {
		_, ds, _ := load(in, source)
		return r, ds
	}
	if src == nil {
		src = &catalog.Catalog{Locale: s.Source, Paths: []string{path}}
	}
	edits := map[string][]edit.Edit{}
	changes := map[string][]Change{}
	add := func(name, id, kind string, fields []edit.Field) {
		edits[name] = append(edits[name], edit.Edit{ID: id, Fields: fields})
		changes[name] = append(changes[name], Change{kind, s.Source, id, name})
	}
	ids := slices.Concat(slices.Collect(maps.Keys(u.Defined)), slices.Collect(maps.Keys(u.Used)))
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		var fields []edit.Field
		if def := u.Defined[id]; def != nil {
			fields = edit.Fields(&def.Entry)
		}
		m := src.Messages[id]
		switch {
		case m == nil && len(fields) == 0:
			add(src.Paths[0], id, Empty, []edit.Field{{Name: "other"}})
		case m == nil:
			add(src.Paths[0], id, New, fields)
		case len(fields) > 0 && !slices.Equal(edit.Fields(&m.Entry), fields):
			add(m.Path, id, Updated, fields)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(edits)) {
		data, err := edit.Apply(name, in[name], edits[name])
		if err != nil {
			ds = append(ds, diag.From(err, "catalog.syntax")...)
			continue
		}
		r.write(in, name, data)
		r.Changes = append(r.Changes, changes[name]...)
	}
	return r, ds
}
