package update

import (
	"maps"
	"path"
	"slices"
	"strings"

	"hexapla/locales"
	"hexapla/locales/catalog"
	"hexapla/locales/catalog/edit"
	"hexapla/locales/catalog/rule"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
)

// SyncOptions say what Sync and Merge may do.
type SyncOptions struct {
	Locales      []string // further locales, which get a file translate.LOCALE with everything
	Prune        bool     // remove from the translations what the source does not have
	AcceptCopies bool     // a text in translate.LOCALE that is the source text is a translation
	NoHashes     bool     // add no hash to a message that has none: what is older than its source stays unknown
}

// Sync brings the catalogs into line with the source, in goi18n's files and
// with its hashes: what is translated in translate.LOCALE goes into
// active.LOCALE; what is new or changed goes into translate.LOCALE. Unlike
// goi18n it leaves a stale translation in use, with its old hash, and touches
// nothing else in a file: comments and order stay. It asks for nothing that a
// parent locale has. A message goes into the file with the prefix of its file in
// the source. Running it twice changes nothing more. Files with errors, and the
// locales of files that cannot be edited, are left alone; the diagnostics say so.
func Sync(in catalog.Files, source string, opt SyncOptions) (Result, []diag.Diagnostic) {
	return syncFiles(in, source, opt, true)
}

// Merge is the first half of Sync: it moves what is translated in
// translate.LOCALE into active.LOCALE.
func Merge(in catalog.Files, source string, opt SyncOptions) (Result, []diag.Diagnostic) {
	return syncFiles(in, source, opt, false)
}

func syncFiles(in catalog.Files, source string, opt SyncOptions, asks bool) (Result, []diag.Diagnostic) {
	r := Result{Write: catalog.Files{}}
	s, ds, sound := load(in, source)
	if !sound {
		return r, ds
	}
	if opt.Prune {
		if ds := partlyRead(s, ds); ds != nil {
			return r, ds
		}
	}
	src := s.Catalogs[s.Source]
	work := translateFiles(in)
	tags := slices.Collect(maps.Keys(s.Catalogs))
	for tag := range work {
		tags = append(tags, tag)
	}
	for _, l := range opt.Locales {
		if c, err := locales.Canonical(l); err == nil {
			tags = append(tags, c)
		}
	}
	slices.Sort(tags)
	hashes := make(map[*catalog.Message]string, len(src.Messages))
	for _, tag := range slices.Compact(tags) {
		if tag == s.Source || catalog.IsPseudo(tag) {
			continue
		}
		y := &syncer{in: in, src: src, locale: tag, opt: opt, out: &r, work: work[tag], target: s.Catalogs[tag], above: s.Parents(tag), hashes: hashes, asks: asks, categories: locales.PluralCategories(tag)}
		if y.target == nil {
			y.target = &catalog.Catalog{Locale: tag}
		}
		if hasErrors(ds, y.target.Paths) {
			continue
		}
		ds = append(ds, y.run()...)
	}
	diag.Sort(ds)
	return r, ds
}

// partlyRead returns the findings about parts of the source that go-i18n does not
// load, such as a second YAML document. An operation that removes what the source
// does not have must not run then.
func partlyRead(s *catalog.Set, ds []diag.Diagnostic) []diag.Diagnostic {
	out := slices.DeleteFunc(slices.Clone(ds), func(d diag.Diagnostic) bool { return d.Place.Locale != s.Source || d.ID != "catalog.structure" })
	if len(out) == 0 {
		return nil
	}
	return append(out, rule.Finding("catalog.source", diag.Place{Locale: s.Source}, "correct the source catalog first", "a part of the source catalog is not loaded; nothing is removed"))
}

func hasErrors(ds []diag.Diagnostic, paths []string) bool {
	return slices.ContainsFunc(ds, func(d diag.Diagnostic) bool { return d.Severity == diag.Error && slices.Contains(paths, d.Place.Path) })
}

// translateFiles are the paths of the files translate.LOCALE by locale.
func translateFiles(in catalog.Files) map[string]string {
	out := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(in)) {
		if !catalog.IsMessageFile(name) {
			continue
		}
		if prefix, locale, err := catalog.FileLocale(name); err == nil && prefix == "translate" && out[locale] == "" {
			out[locale] = name
		}
	}
	return out
}

// A syncer brings one locale into line.
type syncer struct {
	in          catalog.Files
	src, target *catalog.Catalog
	above       []*catalog.Catalog // of parent locales, whose messages need no translation
	locale      string
	categories  []string
	opt         SyncOptions
	out         *Result
	work        string                      // path of translate.LOCALE, "" if there is none
	hashes      map[*catalog.Message]string // of source messages, shared by all locales
	asks        bool                        // what is open goes into the file of work
	edits       map[string][]edit.Edit      // by file
	changes     []Change
}

func (y *syncer) change(kind, id, path string) {
	y.changes = append(y.changes, Change{kind, y.locale, id, path})
}

func (y *syncer) run() []diag.Diagnostic {
	y.edits = map[string][]edit.Edit{}
	done := map[string]*message.Entry{} // what the file of work has translated
	var left []message.Entry
	if y.work != "" {
		file, ds := message.Parse(y.work, y.in[y.work])
		if slices.ContainsFunc(ds, rule.IsError) {
			return ds
		}
		left = file.Entries
		for i := range file.Entries {
			done[file.Entries[i].ID] = &file.Entries[i]
		}
	}
	var open []edit.Edit
	var conflicts []diag.Diagnostic
	after := ""
	names := map[string]string{} // the target's file for new messages of a file of the source
	for _, id := range y.src.IDs {
		src := y.src.Messages[id]
		if src.IsEmpty() {
			continue
		}
		now, name := message.Entry{}, ""
		if m := y.target.Messages[id]; m != nil {
			now, name = m.Entry, m.Path
		} else if name = names[src.Path]; name == "" {
			name = fileFor(y.target, y.src, id)
			names[src.Path] = name
		}
		next, kind, differs := y.merge(now, src, done[id])
		if differs != nil {
			conflicts = append(conflicts, *differs)
			y.change(Kept, id, y.work)
			open = append(open, edit.Edit{ID: id, Fields: edit.Fields(done[id])})
		}
		if kind != "" {
			y.change(kind, id, name)
			y.edits[name] = append(y.edits[name], edit.Edit{ID: id, Fields: edit.Fields(&next), After: after})
		}
		if next.Other != "" || next.One != "" {
			after = id
		}
		if fields, kind := y.open(&next, src); fields != nil && differs == nil && !(kind == New && catalog.Inherited(y.above, id) != nil) {
			y.change(kind, id, name)
			open = append(open, edit.Edit{ID: id, Fields: fields})
		}
	}
	for _, id := range y.target.IDs {
		if y.src.Messages[id] != nil {
			continue
		}
		m := y.target.Messages[id]
		if y.opt.Prune {
			y.edits[m.Path] = append(y.edits[m.Path], edit.Edit{ID: id})
			y.change(Removed, id, m.Path)
		} else if y.asks {
			y.change(Extra, id, m.Path)
		}
	}
	for _, e := range left {
		if y.asks && y.src.Messages[e.ID] == nil && touched(&e) {
			if y.opt.Prune {
				y.change(Removed, e.ID, y.work)
				continue
			}
			y.change(Extra, e.ID, y.work)
			open = append(open, edit.Edit{ID: e.ID, Fields: edit.Fields(&e)})
		}
	}
	return append(y.write(open), conflicts...)
}

// write applies the edits and writes the file of work anew. Where an edit
// cannot be made nothing of the locale is written, so that no text is lost.
func (y *syncer) write(open []edit.Edit) []diag.Diagnostic {
	files := catalog.Files{}
	var ds []diag.Diagnostic
	for _, name := range slices.Sorted(maps.Keys(y.edits)) {
		data, err := edit.Apply(name, y.in[name], y.edits[name])
		if err != nil {
			ds = append(ds, diag.From(err, "catalog.syntax")...)
			continue
		}
		files[name] = data
	}
	name := y.work
	if name == "" {
		active := fileFor(y.target, y.src, "")
		base := path.Base(active)
		if i := strings.IndexByte(base, '.'); strings.Count(base, ".") > 1 {
			base = base[i+1:]
		}
		name = path.Join(path.Dir(active), "translate."+base)
	}
	if y.asks && len(open) > 0 {
		data, err := edit.Apply(name, nil, open)
		if err != nil {
			ds = append(ds, diag.From(err, "catalog.syntax")...)
		}
		files[name] = data
	}
	if len(ds) > 0 {
		for i := range ds {
			ds[i].Place.Locale = y.locale
		}
		return ds
	}
	for name, data := range files {
		y.out.write(y.in, name, data)
	}
	if y.asks && len(open) == 0 && y.work != "" {
		y.out.Delete = append(y.out.Delete, y.work)
	}
	y.out.Changes = append(y.out.Changes, y.changes...)
	return nil
}
