package catalog

import (
	"maps"
	"slices"

	"hexapla/pipeline/diag"
)

// Extract brings the source catalog into line with the code: messages that the
// code defines are added or changed, those that it only uses are added without
// a text, for somebody to write it, and the others are left. Custom delimiters
// are kept. A source catalog that does not exist yet is made at path.
func Extract(in Files, source, path string, u *Usage) (Result, []diag.Diagnostic) {
	r := Result{Write: Files{}}
	s, ds := Parse(in, source)
	src := s.Catalogs[s.Source]
	if src != nil && hasErrors(ds, src.Paths) {
		return r, ds
	}
	if src == nil {
		src = &Catalog{Locale: s.Source, Paths: []string{path}}
	}
	edits := map[string][]edit{}
	changes := map[string][]Change{}
	add := func(name, id, kind string, fields []value) {
		edits[name] = append(edits[name], edit{id: id, fields: fields})
		changes[name] = append(changes[name], Change{kind, s.Source, id, name})
	}
	ids := slices.Concat(slices.Collect(maps.Keys(u.Defined)), slices.Collect(maps.Keys(u.Used)))
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		var fields []value
		if def := u.Defined[id]; def != nil {
			fields = values(&def.Entry)
		}
		m := src.Messages[id]
		switch {
		case m == nil && len(fields) == 0:
			add(src.Paths[0], id, Empty, []value{{"other", ""}})
		case m == nil:
			add(src.Paths[0], id, New, fields)
		case len(fields) > 0 && !slices.Equal(values(&m.Entry), fields):
			add(m.Path, id, Updated, fields)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(edits)) {
		data, err := apply(name, in[name], edits[name])
		if err != nil {
			ds = append(ds, diag.From(err, "catalog.syntax")...)
			continue
		}
		r.write(in, name, data)
		r.Changes = append(r.Changes, changes[name]...)
	}
	return r, ds
}
