// Package catalogdir reads the message catalogs of a folder, and writes what an
// operation changed in them.
package catalogdir

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"hexapla/cmd/internal/checks"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/locales"
	"hexapla/locales/catalog"
	"hexapla/locales/catalog/update"
	"hexapla/locales/message"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
)

// Options say where catalogs are.
type Options struct {
	Dir     string         // their folder; "" for the project's, else "locales"
	Source  string         // locale of the source; "" for the project's, else English
	Exclude []string       // globs of files to leave out, beside the project's
	Project string         // folder of the project, with or without Config; "" for none
	Config  *config.Config // nil without a project
}

// Dir is a folder of message catalogs.
type Dir struct {
	Name   string // as the user names it
	Source string // canonical locale
	Files  catalog.Files
	Config *config.Config // nil without a project

	root *rootfs.Dir // nil where there is no folder yet: Apply creates it
}

// ErrNoCatalogs means that a folder has no message file, or does not exist.
var ErrNoCatalogs = errors.New("no message file")

// Open reads the message files of a folder. Those below node_modules, vendor,
// testdata and hidden folders do not count. With an error that is ErrNoCatalogs it
// returns a Dir without files all the same.
func Open(ctx context.Context, o Options) (*Dir, error) {
	d := &Dir{Name: o.Dir, Source: o.Source, Config: o.Config, Files: catalog.Files{}}
	if o.Config != nil {
		if d.Name == "" {
			d.Name = filepath.Join(o.Project, filepath.FromSlash(o.Config.Catalogs.Dir))
		}
		if d.Source == "" {
			d.Source = o.Config.Project.Source
		}
	}
	if d.Name == "" {
		d.Name = filepath.Join(o.Project, "locales")
	}
	given := d.Source != ""
	if !given {
		d.Source = "en"
	}
	source, err := locales.Canonical(d.Source)
	if err != nil {
		return nil, exit.UsageError{Err: err}
	}
	d.Source = source
	if d.root, err = rootfs.Open(d.Name); errors.Is(err, fs.ErrNotExist) {
		return d, exit.UsageError{Err: errors.Join(err, ErrNoCatalogs)}
	} else if err != nil {
		return nil, exit.UsageError{Err: err}
	}
	exclude := o.Exclude
	if o.Config != nil {
		exclude = slices.Concat(exclude, o.Config.Catalogs.Exclude)
	}
	if err := d.read(ctx, exclude); err != nil {
		d.Close()
		return nil, err
	}
	if len(d.Files) == 0 {
		return d, exit.Usagef("%w in %s: a catalog is named active.LOCALE.toml, .json or .yaml", ErrNoCatalogs, d.Name)
	}
	if !given {
		d.Source = onlyEnglish(d.Files, d.Source)
	}
	return d, nil
}

// patterns match message files, also those with an ending in capitals.
var patterns = []string{"**/*.{toml,json,yaml,yml,[tT][oO][mM][lL],[jJ][sS][oO][nN],[yY][aA][mM][lL],[yY][mM][lL]}"}

// skipped reports whether a file is in a folder of dependencies, of test data, or
// hidden.
func skipped(name string) bool {
	for part := range strings.SplitSeq(path.Dir(name), "/") {
		if part == "testdata" || part == "node_modules" || part == "vendor" || len(part) > 1 && part[0] == '.' && part != ".." {
			return true
		}
	}
	return false
}

func (d *Dir) read(ctx context.Context, exclude []string) error {
	names, err := d.root.Glob(patterns)
	if err != nil {
		return err
	}
	for _, pattern := range exclude {
		if !doublestar.ValidatePattern(pattern) {
			return exit.Usagef("exclude: %q is not a valid glob", pattern)
		}
	}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		if skipped(name) || slices.ContainsFunc(exclude, func(pattern string) bool { return doublestar.MatchUnvalidated(pattern, name) }) {
			continue
		}
		// A file that is too large is read as far as shows that: it is reported.
		if d.Files[name], err = d.root.ReadPrefix(name, message.MaxFile+1); err != nil {
			return err
		}
	}
	return nil
}

// onlyEnglish returns the source locale where none is given: English, or the only
// kind of English that there is, such as en-US.
func onlyEnglish(files catalog.Files, source string) string {
	found := map[string]bool{}
	for name := range files {
		if prefix, locale, err := catalog.FileLocale(name); err == nil && prefix != "translate" && catalog.IsMessageFile(name) {
			if locale == source {
				return source
			}
			if strings.HasPrefix(locale, source+"-") {
				found[locale] = true
			}
		}
	}
	if len(found) != 1 {
		return source
	}
	return slices.Collect(maps.Keys(found))[0]
}

// Close closes the folder.
func (d *Dir) Close() {
	if d.root != nil {
		d.root.Close()
	}
}

// Check returns the project's settings of checks, the zero value without a project.
func (d *Dir) Check() config.Check {
	if d.Config == nil {
		return config.Check{}
	}
	return d.Config.Check
}

// Set parses the catalogs. It fails if the source has no messages. The diagnostics
// are those of the files of other locales too.
func (d *Dir) Set() (*catalog.Set, []diag.Diagnostic, error) {
	set, ds := catalog.Parse(d.Files, d.Source)
	if c := set.Catalogs[set.Source]; c == nil || len(c.IDs) == 0 {
		var all []error
		for _, d := range d.Shown(ds) {
			if d.Severity == diag.Error {
				all = append(all, d)
			}
		}
		return nil, nil, errors.Join(append([]error{exit.Usagef("%s has no messages in the source locale %s", d.Name, d.Source)}, all...)...)
	}
	return set, d.Shown(ds), nil
}

// Shown returns findings about the catalogs with paths from the current folder.
func (d *Dir) Shown(ds []diag.Diagnostic) []diag.Diagnostic {
	for i := range ds {
		if _, ok := d.Files[ds[i].Place.Path]; ok {
			ds[i].Place.Path = path.Join(filepath.ToSlash(d.Name), ds[i].Place.Path)
		}
	}
	return ds
}

// TargetLocales returns the given locales, or the project's, or those that have a
// catalog, without the source.
func (d *Dir) TargetLocales(given []string, set *catalog.Set) ([]string, error) {
	if len(given) == 0 && d.Config != nil {
		given = d.Config.Project.Locales
	}
	if len(given) == 0 {
		given = slices.Collect(maps.Keys(set.Catalogs))
	}
	tags, err := checks.CanonicalTags("locale", given)
	if err != nil {
		return nil, err
	}
	slices.Sort(tags)
	return slices.DeleteFunc(slices.Compact(tags), func(l string) bool { return l == d.Source }), nil
}

// Unread returns the findings about files of these locales that could not be read:
// their messages must not be taken for missing.
func Unread(set *catalog.Set, targets []string, ds []diag.Diagnostic) []diag.Diagnostic {
	var out []diag.Diagnostic
	for _, d := range ds {
		if d.Severity == diag.Error && slices.Contains(targets, d.Place.Locale) && !set.Readable(d.Place.Locale) {
			out = append(out, d)
		}
	}
	return out
}

// Apply writes and deletes the files of a result, each atomically.
func (d *Dir) Apply(r update.Result) (err error) {
	if d.root == nil && len(r.Write) > 0 {
		if d.root, err = rootfs.Create(d.Name); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Write)) {
		if _, err := d.root.WriteFile(name, r.Write[name]); err != nil {
			return err
		}
		d.Files[name] = r.Write[name]
	}
	for _, name := range r.Delete {
		if err := d.root.Remove(name); err != nil {
			return err
		}
		delete(d.Files, name)
	}
	return nil
}

// ChangedMessages returns the ids of the source messages that stand at changed lines.
func ChangedMessages(sets []*catalog.Set, changed func(name string, first, last int) bool) map[string]bool {
	out := map[string]bool{}
	for _, set := range sets {
		source := set.Catalogs[set.Source]
		if source == nil {
			continue
		}
		for id, m := range source.Messages {
			last := m.Line
			for _, f := range m.Fields {
				last = max(last, f.Line)
			}
			if m.Line > 0 && changed(m.Path, m.Line, last) {
				out[id] = true
			}
		}
	}
	return out
}
