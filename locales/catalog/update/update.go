// Package update changes the catalogs of a project: it brings them into line with
// their source or the code, applies translations, renames and removes messages. It
// works on file contents in memory and returns the files to write.
package update

import (
	"bytes"
	"fmt"
	"path"
	"slices"

	"hexapla/locales/catalog"
	"hexapla/locales/catalog/rule"
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
	Kept    = "kept"    // a text of translate.LOCALE that differs from the newer one in use
)

// A Change is what an edit did, or saw, about one message.
type Change struct {
	Kind, Locale, ID, Path string
}

// A Result is what to do: files to write, files to delete, and the changes, in
// a fixed order. catalog.Files that stay the same are not in it.
type Result struct {
	Write   catalog.Files
	Delete  []string
	Changes []Change
}

func (r *Result) change(kind, locale, id, path string) {
	r.Changes = append(r.Changes, Change{kind, locale, id, path})
}

// write notes new contents of a file where they differ.
func (r *Result) write(in catalog.Files, name string, data []byte) {
	if old, ok := in[name]; !ok || !bytes.Equal(old, data) {
		r.Write[name] = data
	}
}

// load parses the catalogs for an operation that writes. It reports whether the
// source is sound: without all of the source's messages an operation would take
// translations for superfluous or unasked ones. If it is not, the diagnostics say
// why. Those of other files are returned in any case.
func load(in catalog.Files, source string) (s *catalog.Set, ds []diag.Diagnostic, sound bool) {
	s, ds = catalog.Parse(in, source)
	problem := s.SourceProblem()
	for _, d := range ds {
		if d.Severity == diag.Error && d.Place.Locale == s.Source && problem == "" {
			problem = fmt.Sprintf("the source catalog has errors in %s", d.Place.Path)
		}
	}
	if problem == "" {
		return s, ds, true
	}
	ds = slices.DeleteFunc(ds, func(d diag.Diagnostic) bool { return d.Severity != diag.Error || d.Place.Locale != s.Source })
	place := diag.Place{Locale: s.Source}
	if c := s.Catalogs[s.Source]; c != nil {
		place.Path = c.Paths[0]
	}
	return s, append(ds, rule.Finding("catalog.source", place, "correct the source catalog first", "%s; nothing is written", diag.Arg("problem", problem))), false
}

// fileFor returns the file that a message new to the target belongs in: that with the
// prefix of its file in the source, made if need be. A target whose files have
// other names than the source's takes everything into its first.
func fileFor(c, src *catalog.Catalog, id string) string {
	from := src.Paths[0]
	if m := src.Messages[id]; m != nil {
		from = m.Path
	}
	like := func(name, other string) bool {
		a, _, _ := catalog.FileLocale(name)
		b, _, _ := catalog.FileLocale(other)
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
	if prefix, _, _ := catalog.FileLocale(from); prefix != "" {
		base = prefix + "." + base
	}
	return path.Join(path.Dir(from), base)
}
