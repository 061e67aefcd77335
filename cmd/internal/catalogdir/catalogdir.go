// Package catalogdir reads the message catalogs of a folder, and writes what an
// operation changed in them.
package catalogdir

import (
	"cmp"
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
	Format  string         // one of message.Formats; "" for that of the table

	Table *config.Catalogs // one of those of Config; nil for a folder that none describes
	One   bool             // the project has no other catalogs, or they are not meant
}

// Select returns the options of each of the project's catalogs, or of the one with a
// name. With Dir, or without a project, it returns o.
func Select(o Options, name string) ([]Options, error) {
	if o.Format != "" {
		if err := message.CheckFormat(o.Format); err != nil {
			return nil, exit.Usagef("--type %w", err)
		}
	}
	switch {
	case name != "" && o.Dir != "":
		return nil, exit.Usagef("--catalog and --dir exclude each other: --catalog names a table of %s", config.FileName)
	case name != "" && o.Config == nil:
		return nil, exit.Usagef("--catalog %q: there is no %s with [[catalogs]]", name, config.FileName)
	case o.Dir != "" || o.Config == nil:
		o.One = true
		return []Options{o}, nil
	}
	var out []Options
	var names []string
	for i := range o.Config.Catalogs {
		table := &o.Config.Catalogs[i]
		names = append(names, table.Name)
		if name == "" || name == table.Name {
			one := o
			one.Table = table
			out = append(out, one)
		}
	}
	if len(out) == 0 {
		if near := diag.Nearest(name, names); near != "" {
			return nil, exit.Usagef("no catalogs are named %q: did you mean %q?", name, near)
		}
		return nil, exit.Usagef("no catalogs are named %q: there are %s", name, strings.Join(names, ", "))
	}
	if len(out) == 1 {
		out[0].One = true
	}
	return out, nil
}

// Check returns the project's settings of checks, the zero value without a project.
func (o Options) Check() config.Check {
	if o.Config == nil {
		return config.Check{}
	}
	return o.Config.Check
}

// ReadOnly returns an error for catalogs of a format that is read and not written.
func (o Options) ReadOnly() error {
	format := o.Format
	if format == "" && o.Table != nil {
		format = o.Table.Format
	}
	if format == "" || format == message.GoI18n {
		return nil
	}
	return exit.Usagef("catalogs of the format %s are read, and not written: check, stats and show work on them", format)
}

// Dir is a folder of message catalogs.
type Dir struct {
	Name   string // as the user names it
	Source string // canonical locale
	Files  catalog.Files
	Config *config.Config // nil without a project
	Title  string         // its name among several; "" where there is one
	Format string         // one of message.Formats

	table   *config.Catalogs
	project string      // its folder; "" for none
	root    *rootfs.Dir // nil where there is no folder yet: Apply creates it
}

// ErrNoCatalogs means that a folder has no message file, or does not exist.
var ErrNoCatalogs = errors.New("no message file")

// Open reads the message files of a folder. Those below node_modules, vendor,
// testdata and hidden folders do not count. With an error that is ErrNoCatalogs it
// returns a Dir without files all the same.
func Open(ctx context.Context, o Options) (*Dir, error) {
	d := &Dir{Name: o.Dir, Source: o.Source, Config: o.Config, Files: catalog.Files{}, Format: o.Format, table: o.Table, project: o.Project}
	if t := o.Table; t != nil {
		d.Name = filepath.Join(o.Project, filepath.FromSlash(t.Dir))
		d.Source, d.Format = cmp.Or(d.Source, t.Source), cmp.Or(d.Format, t.Format)
		if !o.One {
			d.Title = t.Name
		}
	}
	d.Format = cmp.Or(d.Format, message.GoI18n)
	if d.Name == "" {
		d.Name = filepath.Join(o.Project, "locales")
	}
	given := d.Source != ""
	if !given && o.Config != nil {
		d.Source = o.Config.Project.Source
	}
	d.Source = cmp.Or(d.Source, "en")
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
	if o.Table != nil {
		exclude = slices.Concat(exclude, o.Table.Exclude)
	}
	if err := d.read(ctx, exclude); err != nil {
		d.Close()
		return nil, err
	}
	if len(d.Files) == 0 {
		return d, exit.Usagef("%w in %s: %s", ErrNoCatalogs, d.Name, fileNames[d.Format])
	}
	if !given {
		d.Source = d.onlyVariant()
	}
	return d, nil
}

// fileNames says how the files of each format are named.
var fileNames = map[string]string{
	message.GoI18n:   "a catalog is named active.LOCALE.toml, .json or .yaml",
	message.GoI18nV1: "a catalog of version 1 is named LOCALE.all.json or LOCALE.json",
	message.I18next:  "a catalog of i18next is named LOCALE/NAMESPACE.json or LOCALE.json",
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

// onlyVariant returns the source locale where none is named for the folder: the project's
// or English, or its only variant that there is, such as en-US.
func (d *Dir) onlyVariant() string {
	found := map[string]bool{}
	for name := range d.Files {
		if prefix, locale, err := catalog.LocaleOf(d.Format, name); err == nil && prefix != "translate" && catalog.IsFileOf(d.Format, name) {
			if locale == d.Source {
				return d.Source
			}
			if strings.HasPrefix(locale, d.Source+"-") {
				found[locale] = true
			}
		}
	}
	if len(found) != 1 {
		return d.Source
	}
	return slices.Collect(maps.Keys(found))[0]
}

// Parse parses the catalogs of the folder together.
func (d *Dir) Parse() (*catalog.Set, []diag.Diagnostic) {
	return catalog.ParseFormat(d.Format, d.Files, d.Source)
}

// Groups returns the files of each program in the folder, see catalog.Groups.
func (d *Dir) Groups() []catalog.Files {
	if d.Format == message.I18next || d.Format == message.GoI18nV1 {
		return []catalog.Files{d.Files}
	}
	return catalog.Groups(d.Files, d.Source)
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
	set, ds := d.Parse()
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
		if d.Format == message.I18next {
			asI18next(&ds[i])
		}
	}
	return ds
}

// asI18next makes a finding quote the texts as they are in the file.
func asI18next(d *diag.Diagnostic) {
	d.Message, d.Hint = message.ToI18next(d.Message), message.ToI18next(d.Hint)
	if strings.HasPrefix(d.Hint, "add active.") {
		d.Hint = "add its files"
	}
	args := make(map[string]any, len(d.Args))
	for name, v := range d.Args {
		if text, ok := v.(string); ok {
			v = message.ToI18next(text)
		}
		args[name] = v
	}
	if d.Args != nil {
		d.Args = args
	}
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
