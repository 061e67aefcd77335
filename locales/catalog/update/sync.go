package catalog

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"hexapla/locales"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
)

// Kinds of Change.
const (
	New     = "new"     // to be translated; it stands in the file translate.LOCALE
	Stale   = "stale"   // its source has changed; the translation stays in use until there is another
	Partial = "partial" // plural forms are to be translated
	Merged  = "merged"  // translated in translate.LOCALE, now in use
	Stamped = "stamped" // had no hash of its source; it has now
	Extra   = "extra"   // not in the source
	Removed = "removed"
	Renamed = "renamed"
	Updated = "updated" // in the source, from the code
	Empty   = "empty"   // used in the code, which has no text for it
)

// A Change is what an edit did, or saw, about one message.
type Change struct {
	Kind, Locale, ID, Path string
}

// A Result is what to do: files to write, files to delete, and the changes, in
// a fixed order. Files that stay the same are not in it.
type Result struct {
	Write   Files
	Delete  []string
	Changes []Change
}

func (r *Result) change(kind, locale, id, path string) {
	r.Changes = append(r.Changes, Change{kind, locale, id, path})
}

// write notes new contents of a file where they differ.
func (r *Result) write(in Files, name string, data []byte) {
	if old, ok := in[name]; !ok || !bytes.Equal(old, data) {
		r.Write[name] = data
	}
}

// SyncOptions say what Sync and Merge may do.
type SyncOptions struct {
	Locales      []string // further locales, which get a file translate.LOCALE with everything
	Prune        bool     // remove from the translations what the source does not have
	AcceptCopies bool     // a text in translate.LOCALE that is the source text is a translation
}

// Sync brings the catalogs into line with the source, in goi18n's files and
// with its hashes: what is translated in translate.LOCALE goes into
// active.LOCALE; what is new or changed goes into translate.LOCALE. Unlike
// goi18n it leaves a stale translation in use, with its old hash, and touches
// nothing else in a file: comments and order stay. It asks for nothing that a
// parent locale has. A message goes into the file with the prefix of its file in
// the source. Running it twice changes nothing more. Files with errors, and the
// locales of files that cannot be edited, are left alone; the diagnostics say so.
func Sync(in Files, source string, opt SyncOptions) (Result, []diag.Diagnostic) {
	return syncFiles(in, source, opt, true)
}

// Merge is the first half of Sync: it moves what is translated in
// translate.LOCALE into active.LOCALE.
func Merge(in Files, source string, opt SyncOptions) (Result, []diag.Diagnostic) {
	return syncFiles(in, source, opt, false)
}

func syncFiles(in Files, source string, opt SyncOptions, asks bool) (Result, []diag.Diagnostic) {
	r := Result{Write: Files{}}
	s, ds := Parse(in, source)
	src := s.Catalogs[s.Source]
	if src == nil || hasErrors(ds, src.Paths) {
		return r, append(ds, finding("catalog.missing-locale", diag.Place{Locale: s.Source}, "the source locale has no catalog that can be read", ""))
	}
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
	for _, tag := range slices.Compact(tags) {
		if tag == s.Source || pseudoLocale(tag) {
			continue
		}
		y := &syncer{in: in, src: src, locale: tag, opt: opt, out: &r, work: work[tag], target: s.Catalogs[tag], above: s.above(tag), asks: asks, categories: locales.PluralCategories(tag)}
		if y.target == nil {
			y.target = &Catalog{Locale: tag}
		}
		if hasErrors(ds, y.target.Paths) {
			continue
		}
		ds = append(ds, y.run()...)
	}
	diag.Sort(ds)
	return r, ds
}

func hasErrors(ds []diag.Diagnostic, paths []string) bool {
	return slices.ContainsFunc(ds, func(d diag.Diagnostic) bool { return d.Severity == diag.Error && slices.Contains(paths, d.Place.Path) })
}

// translateFiles are the paths of the files translate.LOCALE by locale.
func translateFiles(in Files) map[string]string {
	out := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(in)) {
		if !IsMessageFile(name) {
			continue
		}
		if prefix, locale, err := FileLocale(name); err == nil && prefix == "translate" && out[locale] == "" {
			out[locale] = name
		}
	}
	return out
}

// A syncer brings one locale into line.
type syncer struct {
	in          Files
	src, target *Catalog
	above       []*Catalog // of parent locales, whose messages need no translation
	locale      string
	categories  []string
	opt         SyncOptions
	out         *Result
	work        string            // path of translate.LOCALE, "" if there is none
	asks        bool              // what is open goes into the file of work
	edits       map[string][]edit // by file
	changes     []Change
}

func (y *syncer) change(kind, id, path string) {
	y.changes = append(y.changes, Change{kind, y.locale, id, path})
}

func (y *syncer) run() []diag.Diagnostic {
	y.edits = map[string][]edit{}
	done := map[string]*message.Entry{} // what the file of work has translated
	var left []message.Entry
	if y.work != "" {
		file, ds := message.Parse(y.work, y.in[y.work])
		if slices.ContainsFunc(ds, isError) {
			return ds
		}
		left = file.Entries
		for i := range file.Entries {
			done[file.Entries[i].ID] = &file.Entries[i]
		}
	}
	var open []edit
	after := ""
	for _, id := range y.src.IDs {
		src := y.src.Messages[id]
		if src.empty() {
			continue
		}
		now := message.Entry{}
		name := y.target.home(y.src, id)
		if m := y.target.Messages[id]; m != nil {
			now, name = m.Entry, m.Path
		}
		next, kind := y.merge(now, src, done[id])
		if kind != "" {
			y.change(kind, id, name)
			y.edits[name] = append(y.edits[name], edit{id: id, fields: values(&next), after: after})
		}
		if next.Other != "" || next.One != "" {
			after = id
		}
		if fields, kind := y.open(&next, src); fields != nil && !(kind == New && inherited(y.above, id) != nil) {
			y.change(kind, id, name)
			open = append(open, edit{id: id, fields: fields})
		}
	}
	for _, id := range y.target.IDs {
		if y.src.Messages[id] != nil {
			continue
		}
		m := y.target.Messages[id]
		if y.opt.Prune {
			y.edits[m.Path] = append(y.edits[m.Path], edit{id: id})
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
			open = append(open, edit{id: e.ID, fields: values(&e)})
		}
	}
	return y.write(open)
}

// touched says whether a message in the file of work is other than what was
// asked for: its hash is that of the source text.
func touched(e *message.Entry) bool {
	return slices.ContainsFunc(message.Categories, func(c string) bool {
		asked := message.Entry{}
		asked.Description, asked.Other = e.Description, e.Form(c)
		return asked.Other != "" && Hash(&asked) != e.Hash
	})
}

// merge is the message as it is to be in use: what was, with what the file of
// work has translated. Kind says what changed, "" if nothing.
func (y *syncer) merge(now message.Entry, src *Message, done *message.Entry) (message.Entry, string) {
	next, kind := now, ""
	next.ID = src.ID
	hash := Hash(&src.Entry)
	if done != nil {
		for _, category := range message.Categories {
			text := message.Form(&done.Message, category)
			from, _ := src.form(category)
			if text == "" || text == from && !y.opt.AcceptCopies || text == message.Form(&now.Message, category) {
				continue
			}
			setForm(&next, category, text)
			kind = Merged
		}
		if kind == Merged {
			if next.Hash = done.Hash; next.Hash == "" {
				next.Hash = hash
			}
			next.LeftDelim, next.RightDelim = done.LeftDelim, done.RightDelim
		}
	}
	if kind == "" && next.Hash == "" && (next.Other != "" || next.One != "") && y.asks {
		next.Hash, kind = hash, Stamped
	}
	return next, kind
}

func setForm(e *message.Entry, category, text string) {
	switch category {
	case "zero":
		e.Zero = text
	case "one":
		e.One = text
	case "two":
		e.Two = text
	case "few":
		e.Few = text
	case "many":
		e.Many = text
	default:
		e.Other = text
	}
}

// open is what is left to translate of a message, nil for nothing.
func (y *syncer) open(m *message.Entry, src *Message) ([]value, string) {
	categories := []string{"other"}
	if src.plural() {
		categories = y.categories
	}
	fields := []value{{"hash", Hash(&src.Entry)}}
	if src.Description != "" {
		fields = append([]value{{"description", src.Description}}, fields...)
	}
	if src.LeftDelim != "" {
		fields = append(fields, value{"leftDelim", src.LeftDelim}, value{"rightDelim", src.RightDelim})
	}
	empty := m.Other == "" && !(&Message{Entry: *m}).plural()
	stale := !empty && m.Hash != "" && m.Hash != Hash(&src.Entry)
	missing := false
	for _, c := range categories {
		if !empty && !stale && message.Form(&m.Message, c) != "" {
			continue
		}
		missing = true
		from, _ := src.form(c)
		fields = append(fields, value{c, from})
	}
	switch {
	case !missing:
		return nil, ""
	case empty:
		return fields, New
	case stale:
		return fields, Stale
	}
	return fields, Partial
}

// home is the file that a message new to the target belongs in: that with the
// prefix of its file in the source, made if need be. A target whose files have
// other names than the source's takes everything into its first.
func (c *Catalog) home(src *Catalog, id string) string {
	from := src.Paths[0]
	if m := src.Messages[id]; m != nil {
		from = m.Path
	}
	like := func(name, other string) bool {
		a, _, _ := FileLocale(name)
		b, _, _ := FileLocale(other)
		return a == b && path.Dir(name) == path.Dir(other)
	}
	named := false
	for _, name := range c.Paths {
		if like(name, from) {
			return name
		}
		named = named || slices.ContainsFunc(src.Paths, func(other string) bool { return like(name, other) })
	}
	if len(c.Paths) > 0 && (!named || len(src.Paths) == 1) {
		return c.Paths[0]
	}
	base := c.Locale + path.Ext(from)
	if prefix, _, _ := FileLocale(from); prefix != "" {
		base = prefix + "." + base
	}
	return path.Join(path.Dir(from), base)
}

// write applies the edits and writes the file of work anew. Where an edit
// cannot be made nothing of the locale is written, so that no text is lost.
func (y *syncer) write(open []edit) []diag.Diagnostic {
	files := Files{}
	var ds []diag.Diagnostic
	for _, name := range slices.Sorted(maps.Keys(y.edits)) {
		data, err := apply(name, y.in[name], y.edits[name])
		if err != nil {
			ds = append(ds, diag.From(err, "catalog.syntax")...)
			continue
		}
		files[name] = data
	}
	name := y.work
	if name == "" {
		active := y.target.home(y.src, "")
		base := path.Base(active)
		if i := strings.IndexByte(base, '.'); strings.Count(base, ".") > 1 {
			base = base[i+1:]
		}
		name = path.Join(path.Dir(active), "translate."+base)
	}
	if y.asks && len(open) > 0 {
		data, err := apply(name, nil, open)
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

// edited parses the catalogs and applies to each file the edits that f wants.
// The changes are those of files that could be edited; refused says that one
// could not.
func edited(in Files, f func(name, locale string, file *message.File) ([]edit, []Change)) (r Result, refused bool, ds []diag.Diagnostic) {
	r = Result{Write: Files{}}
	for _, name := range slices.Sorted(maps.Keys(in)) {
		if !IsMessageFile(name) {
			continue
		}
		_, locale, err := FileLocale(name)
		if err != nil {
			continue
		}
		file, found := message.Parse(name, in[name])
		if ds = append(ds, found...); slices.ContainsFunc(found, isError) {
			continue
		}
		edits, changes := f(name, locale, file)
		data, err := apply(name, in[name], edits)
		if err != nil {
			refused = true
			ds = append(ds, diag.From(err, "catalog.syntax")...)
			continue
		}
		r.Changes = append(r.Changes, changes...)
		r.write(in, name, data)
	}
	return r, refused, ds
}

// Rename gives a message another id in every catalog and file of work. Where
// one of them already has the new id, or cannot be edited, nothing is renamed.
func Rename(in Files, from, to string) (Result, []diag.Diagnostic) {
	if to == "" || from == to {
		return Result{Write: Files{}}, []diag.Diagnostic{finding("catalog.structure", diag.Place{Unit: from}, fmt.Sprintf("message %q cannot be renamed to %q", from, to), "")}
	}
	var taken []diag.Diagnostic
	r, refused, ds := edited(in, func(name, locale string, file *message.File) ([]edit, []Change) {
		if i := position(file, to); i >= 0 {
			e := file.Entries[i]
			taken = append(taken, finding("catalog.duplicate", diag.Place{Path: name, Line: e.Line, Column: e.Column, Locale: locale, Unit: to}, fmt.Sprintf("message %q is already there", to), "choose another id"))
			return nil, nil
		}
		if position(file, from) < 0 {
			return nil, nil
		}
		return []edit{{id: from, rename: to}}, []Change{{Renamed, locale, to, name}}
	})
	if refused || len(taken) > 0 {
		return Result{Write: Files{}}, append(ds, taken...)
	}
	return r, ds
}

// Prune removes the messages with these ids from every catalog, and from the
// translations those that the source does not have.
func Prune(in Files, source string, ids []string) (Result, []diag.Diagnostic) {
	s, _ := Parse(in, source)
	src := s.Catalogs[s.Source]
	r, _, ds := edited(in, func(name, locale string, file *message.File) (edits []edit, changes []Change) {
		for _, e := range file.Entries {
			if slices.Contains(ids, e.ID) || src != nil && locale != s.Source && src.Messages[e.ID] == nil {
				edits = append(edits, edit{id: e.ID})
				changes = append(changes, Change{Removed, locale, e.ID, name})
			}
		}
		return edits, changes
	})
	return r, ds
}

// Fmt writes catalogs in one form: a table for each message of a TOML file,
// fields in the customary order; JSON and YAML indented alike. The order of
// messages and the comments stay. A file of which something would not stay the
// same is left alone, and said.
func Fmt(in Files) (Result, []diag.Diagnostic) {
	r := Result{Write: Files{}}
	var ds []diag.Diagnostic
	for _, name := range slices.Sorted(maps.Keys(in)) {
		if !IsMessageFile(name) || len(bytes.TrimSpace(in[name])) == 0 {
			continue
		}
		if _, _, err := FileLocale(name); err != nil {
			continue // no catalog
		}
		body, marked := bytes.CutPrefix(in[name], bom)
		file, found := message.Parse(name, body)
		if ds = append(ds, found...); slices.ContainsFunc(found, isError) {
			continue
		}
		data, place, err := formatted(body, file)
		if err == nil {
			if again, found := message.Parse(name, data); slices.ContainsFunc(found, isError) || !sameMessages(file, again) {
				err = errors.New("its messages would change")
			}
		}
		if err != nil {
			ds = append(ds, finding("catalog.structure", place, "file cannot be formatted: "+err.Error(), "write its messages as tables or strings"))
			continue
		}
		if marked {
			data = append(slices.Clone(bom), data...)
		}
		r.write(in, name, data)
	}
	diag.Sort(ds)
	return r, ds
}

// formatted writes a file in the one form, with all that is in it. The error,
// at its place, says why that cannot be.
func formatted(body []byte, file *message.File) ([]byte, diag.Place, error) {
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

func sameMessages(a, b *message.File) bool {
	return slices.EqualFunc(a.Entries, b.Entries, func(x, y message.Entry) bool { return x.Message == y.Message })
}
