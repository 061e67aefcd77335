package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/locales"
	"hexapla/locales/catalog"
	"hexapla/locales/catalog/lint"
	"hexapla/locales/catalog/rule"
	"hexapla/locales/catalog/update"
	"hexapla/locales/catalog/usage"
	"hexapla/locales/message"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/report"
)

func catalogCommand() *cli.Command {
	return &cli.Command{
		Name:  "catalog",
		Usage: "check and tend go-i18n message catalogs",
		Subcommands: []*cli.Command{
			catalogCheckCommand(), catalogStatsCommand(), catalogShowCommand(),
			catalogExtractCommand(), catalogSyncCommand("sync", "bring the catalogs into line with the source", update.Sync),
			catalogSyncCommand("merge", "move finished translations from translate.LOCALE files into the catalogs", update.Merge),
			catalogRenameCommand(), catalogPruneCommand(), catalogFmtCommand(), catalogPseudoCommand(),
			catalogExportCommand(), catalogImportCommand(), catalogFillCommand(),
		},
	}
}

// catalogFlags say where the catalogs are. They need no project.
func catalogFlags(more ...cli.Flag) []cli.Flag {
	return append([]cli.Flag{
		&cli.StringFlag{Name: "dir", Usage: "the catalogs' `FOLDER` (default: the project's, else locales)"},
		&cli.StringFlag{Name: "source", Usage: "the `LOCALE` of the source messages (default: the project's, else en)"},
	}, more...)
}

func catalogDryRun() cli.Flag {
	return &cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "write nothing; say what would change"}
}

// catalogs are the message files that a command works on.
type catalogs struct {
	dir    *rootfs.Dir // nil where there is none yet: apply makes it
	name   string
	source string
	config *config.Config // nil without a project
	files  catalog.Files
}

// errNoCatalogs says that a folder has no message file, or is not there. The
// first extraction begins with that; everything else fails.
var errNoCatalogs = errors.New("no message file")

// openCatalogs reads the message files of --dir, or of the project. With
// errNoCatalogs it gives catalogs all the same, which have no files yet.
func openCatalogs(c *cli.Context) (*catalogs, error) {
	k := &catalogs{name: c.String("dir"), source: c.String("source")}
	if root, err := projectFolder(c); err == nil {
		cfg := filepath.Join(root, config.FileName)
		data, err := os.ReadFile(cfg)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, exit.UsageError{Err: err}
		}
		if err == nil {
			if k.config, err = workspace.ParseConfig(cfg, data); err != nil {
				return nil, exit.UsageError{Err: err}
			}
			if k.name == "" {
				k.name = filepath.Join(root, filepath.FromSlash(k.config.Catalogs.Dir))
			}
			if k.source == "" {
				k.source = k.config.Project.Source
			}
		}
	}
	if k.name == "" {
		k.name = "locales"
	}
	said := k.source != ""
	if !said {
		k.source = "en"
	}
	source, err := locales.Canonical(k.source)
	if err != nil {
		return nil, exit.UsageError{Err: err}
	}
	k.source = source
	if k.dir, err = rootfs.Open(k.name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, exit.UsageError{Err: err}
	} else if err != nil {
		k.files = catalog.Files{}
		return k, exit.UsageError{Err: errors.Join(err, errNoCatalogs)}
	}
	if k.files, err = k.read(c.Context, []string{"**/*.{toml,json,yaml,yml}"}, func(name string) bool { return strings.Contains("/"+name, "/testdata/") }); err != nil {
		k.close()
		return nil, err
	}
	if len(k.files) == 0 {
		return k, exit.Usagef("%w in %s: want active.LOCALE.toml, .json or .yaml", errNoCatalogs, k.name)
	}
	if !said {
		k.source = onlyEnglish(k.files, k.source)
	}
	return k, nil
}

// onlyEnglish is the source locale where nobody has said one: English, or the
// only kind of English that there is, such as en-US.
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

func (k *catalogs) close() {
	if k.dir != nil {
		k.dir.Close()
	}
}

// read reads the files of the patterns, but for those to skip.
func (k *catalogs) read(ctx context.Context, patterns []string, skip func(string) bool) (catalog.Files, error) {
	names, err := k.dir.Glob(patterns)
	if err != nil {
		return nil, err
	}
	files := catalog.Files{}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if skip != nil && skip(name) {
			continue
		}
		if catalog.IsMessageFile(name) {
			// Of one that is too large no more than shows it: it is told of and left alone.
			files[name], err = k.dir.ReadPrefix(name, message.MaxFile+1)
		} else {
			files[name], err = k.dir.ReadFile(name)
		}
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

func (k *catalogs) check() config.Check {
	if k.config == nil {
		return config.Check{}
	}
	return k.config.Check
}

// apply writes what an edit of the catalogs came to, unless it is a dry run, and
// tells the changes.
func (k *catalogs) apply(c *cli.Context, r update.Result, ds []diag.Diagnostic) (err error) {
	if err := c.Context.Err(); err != nil {
		return err
	}
	for _, d := range ds {
		console.Finding(c.App.ErrWriter, d)
	}
	for _, ch := range r.Changes {
		fmt.Fprintf(c.App.Writer, "%s\t%s\t%s\n", ch.Kind, ch.Locale, report.Visible(ch.ID))
	}
	if !c.Bool("dry-run") {
		if k.dir == nil && len(r.Write) > 0 {
			if k.dir, err = rootfs.Create(k.name); err != nil {
				return err
			}
		}
		for _, name := range slices.Sorted(maps.Keys(r.Write)) {
			if _, err := k.dir.WriteFile(name, r.Write[name]); err != nil {
				return err
			}
		}
		for _, name := range r.Delete {
			if err := k.dir.Remove(name); err != nil {
				return err
			}
		}
	}
	w := printer(c)
	did := console.Args{"Changes": w.Count("Changes", len(r.Changes)), "Written": w.Count("FilesWritten", len(r.Write)), "Removed": w.Count("FilesRemoved", len(r.Delete))}
	switch {
	case c.Bool("dry-run"):
		fmt.Fprintln(c.App.Writer, w.Text("CatalogDry", did))
	case len(r.Delete) > 0:
		fmt.Fprintln(c.App.Writer, w.Text("CatalogRemoved", did))
	default:
		fmt.Fprintln(c.App.Writer, w.Text("CatalogWritten", did))
	}
	if worst, _ := diag.MaxSeverity(ds); worst == diag.Error {
		return exit.ErrFindings
	}
	return nil
}

// codeFlags say where code uses messages.
func codeFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "code", Usage: "look for messages in the files of this `GLOB` (Go sources and templates); may be given again"},
		&cli.StringSliceFlag{Name: "call", Usage: "take calls of the function `NAME`, or NAME:N for its argument N from 0, for uses of a message; may be given again"},
		&cli.StringFlag{Name: "code-dir", Usage: "`FOLDER` that the globs are for", Value: "."},
	}
}

// scanCode reads the code that --code, or the configuration, names.
func scanCode(c *cli.Context, cfg config.Check) (*usage.Usage, []diag.Diagnostic, error) {
	globs := c.StringSlice("code")
	if len(globs) == 0 {
		globs = cfg.Code
	}
	if len(globs) == 0 {
		return nil, nil, nil
	}
	o := usage.Options{Calls: slices.Clone(usage.DefaultCalls), Functions: slices.Concat(usage.DefaultFunctions, cfg.Functions)}
	for _, call := range cfg.Calls {
		o.Calls = append(o.Calls, usage.Call{Name: call.Name, Arg: call.Arg})
	}
	for _, name := range c.StringSlice("call") {
		call := usage.Call{Name: name, Arg: -1}
		if name, arg, ok := strings.Cut(name, ":"); ok {
			n, err := strconv.Atoi(arg)
			if err != nil || n < 0 {
				return nil, nil, exit.Usagef("--call %q: want a function's name, or NAME:N for its argument N", call.Name)
			}
			call.Name, call.Arg = name, n
		}
		o.Calls = append(o.Calls, call)
	}
	for _, p := range cfg.Patterns {
		re, err := regexp.Compile(p)
		if err != nil || re.NumSubexp() < 1 {
			return nil, nil, exit.Usagef("check.patterns: %q is not a regular expression with a group for the id: %v", p, err)
		}
		o.Patterns = append(o.Patterns, re)
	}
	dir, err := rootfs.Open(c.String("code-dir"))
	if err != nil {
		return nil, nil, exit.UsageError{Err: err}
	}
	defer dir.Close()
	k := &catalogs{dir: dir}
	files, err := k.read(c.Context, globs, nil)
	if err != nil {
		return nil, nil, err
	}
	var ds []diag.Diagnostic
	o.Packages, ds = goPackages(c.Context, c.String("code-dir"), slices.Sorted(maps.Keys(files)))
	o.At = filepath.ToSlash(c.String("code-dir"))
	u, more := usage.Scan(files, o)
	if err := c.Context.Err(); err != nil {
		return nil, nil, err
	}
	return u, append(ds, more...), nil
}

func catalogCheckCommand() *cli.Command {
	return &cli.Command{
		Name:  "check",
		Usage: "say what is missing or wrong in the catalogs",
		Description: `Looks at every message of every locale beside its source: missing, empty, extra and
stale messages, plural forms that the language needs, variables, templates, markup,
letters and marks of the wrong script; and, with --code, at messages that the code
uses and no catalog has, or that nothing uses. What fails the run is the policy's to
say, by flags or the [check] section of hexapla.toml.`,
		Flags: catalogFlags(append(append(codeFlags(), localeFlag()), checkFlags()...)...),
		Action: func(c *cli.Context) error {
			only, err := localesGiven(c)
			if err != nil {
				return err
			}
			k, err := openCatalogs(c)
			if err != nil {
				return err
			}
			defer k.close()
			cfg := k.check()
			g, err := openGate(c, cfg)
			if err != nil {
				return err
			}
			set, ds := catalog.Parse(k.files, k.source)
			if err := c.Context.Err(); err != nil {
				return err
			}
			want := only
			if len(want) == 0 && k.config != nil {
				want = k.config.Project.Locales
			}
			ds = append(ds, lint.Check(set, lint.Options{Locales: want, AllowFunctions: cfg.TemplateFunctions, AllowIf: cfg.AllowIf, SameAsSource: cfg.SameAsSource})...)
			if err := c.Context.Err(); err != nil {
				return err
			}
			used, more, err := scanCode(c, cfg)
			if err != nil {
				return err
			}
			ds = append(ds, more...)
			if used != nil {
				ds = append(ds, usage.Check(set, used)...)
			}
			r := &report.Report{Title: "Message catalogs", Locales: catalog.Stats(set), Diagnostics: inFolder(ds, k.files, filepath.ToSlash(k.name))}
			if len(only) > 0 {
				r.Locales = slices.DeleteFunc(r.Locales, func(l report.Completeness) bool { return !slices.Contains(only, l.Locale) })
			}
			r.Rules = rule.Diagnostics()
			g.ToProject(r.Diagnostics)
			return g.Judge(c.Context, printer(c), r, k.name, c.String("code-dir"))
		},
	}
}

// inFolder gives findings about catalog files the path from where the user
// stands, which CI systems need to show them at their lines.
func inFolder(ds []diag.Diagnostic, files catalog.Files, dir string) []diag.Diagnostic {
	for i := range ds {
		if _, ok := files[ds[i].Place.Path]; ok {
			ds[i].Place.Path = path.Join(dir, ds[i].Place.Path)
		}
	}
	return ds
}

func catalogStatsCommand() *cli.Command {
	return &cli.Command{
		Name:  "stats",
		Usage: "say how complete the catalogs are",
		Flags: catalogFlags(jsonFlag()),
		Action: func(c *cli.Context) error {
			k, err := openCatalogs(c)
			if err != nil {
				return err
			}
			defer k.close()
			set, _ := catalog.Parse(k.files, k.source)
			r := &report.Report{Title: "Message catalogs", Locales: catalog.Stats(set)}
			if c.Bool("json") {
				return printer(c).JSON(r.Locales)
			}
			_, rows := r.Table()
			w := printer(c)
			t := console.NewTable(w.Text("ColumnLocale"), w.Text("ColumnLanguage"), w.Text("ColumnDone"), w.Text("ColumnMissing"),
				w.Text("ColumnStale"), w.Text("ColumnReview"), w.Text("ColumnErrors"), w.Text("ColumnWarnings"))
			for _, row := range rows {
				row[1] = w.Language(row[0])
				t.TextRow(row...)
			}
			t.AlignRight(3, 8)
			return t.Print(c.App.Writer)
		},
	}
}

// editCatalogs runs an edit over the catalogs and applies what it came to.
func editCatalogs(c *cli.Context, edit func(*catalogs) (update.Result, []diag.Diagnostic, error)) error {
	k, err := openCatalogs(c)
	if err != nil {
		return err
	}
	defer k.close()
	r, ds, err := edit(k)
	if err != nil {
		return err
	}
	return k.apply(c, r, ds)
}

func catalogExtractCommand() *cli.Command {
	return &cli.Command{
		Name:  "extract",
		Usage: "bring the source catalog into line with the messages in the code",
		Description: `Finds i18n.Message and i18n.LocalizeConfig literals, calls of helpers such as
T(l, "id") in Go code and in templates, and functions that hand their parameter on to
one of these. A message that the code uses and has no text for is added without one,
for somebody to write it. Custom delimiters are kept.`,
		Flags: catalogFlags(append(codeFlags(), catalogDryRun())...),
		Action: func(c *cli.Context) error {
			k, err := openCatalogs(c)
			if k != nil {
				defer k.close()
			}
			// The first extraction makes the source catalog.
			if err != nil && (!errors.Is(err, errNoCatalogs) || c.String("dir") == "") {
				return err
			}
			u, ds, err := scanCode(c, k.check())
			if err != nil {
				return err
			}
			if u == nil {
				return exit.Usagef("catalog extract wants --code GLOB, or check.code in %s", config.FileName)
			}
			r, more := update.Extract(k.files, k.source, "active."+k.source+".toml", u)
			return k.apply(c, r, append(ds, more...))
		},
	}
}

func catalogSyncCommand(name, help string, do func(catalog.Files, string, update.SyncOptions) (update.Result, []diag.Diagnostic)) *cli.Command {
	return &cli.Command{
		Name:  name,
		Usage: help,
		Description: `Uses goi18n's file names and hashes, so that both can be mixed. What is new or changed
goes to translate.LOCALE files; what was translated there comes back. A stale
translation stays in use and is marked; comments and order stay.`,
		Flags: catalogFlags(localeFlag(),
			&cli.BoolFlag{Name: "prune", Usage: "remove from the translations what the source does not have"},
			&cli.BoolFlag{Name: "accept-copies", Usage: "a text in a translate file that equals its source is a translation"},
			catalogDryRun()),
		Action: func(c *cli.Context) error {
			targets, err := localesGiven(c)
			if err != nil {
				return err
			}
			return editCatalogs(c, func(k *catalogs) (update.Result, []diag.Diagnostic, error) {
				r, ds := do(k.files, k.source, update.SyncOptions{Locales: targets, Prune: c.Bool("prune"), AcceptCopies: c.Bool("accept-copies")})
				return r, ds, nil
			})
		},
	}
}

func catalogRenameCommand() *cli.Command {
	return &cli.Command{
		Name:      "rename",
		Usage:     "give a message another id in every catalog",
		ArgsUsage: "FROM TO",
		Flags:     catalogFlags(catalogDryRun()),
		Action: func(c *cli.Context) error {
			if c.NArg() != 2 {
				return exit.Usagef("catalog rename wants the old id and the new one")
			}
			return editCatalogs(c, func(k *catalogs) (update.Result, []diag.Diagnostic, error) {
				r, ds := update.Rename(k.files, k.source, c.Args().Get(0), c.Args().Get(1))
				if len(r.Changes) == 0 && len(ds) == 0 {
					return r, ds, exit.Usagef("no catalog has a message %q", c.Args().First())
				}
				return r, ds, nil
			})
		},
	}
}

func catalogPruneCommand() *cli.Command {
	return &cli.Command{
		Name:      "prune",
		Usage:     "remove messages from every catalog",
		ArgsUsage: "[ID ...]",
		Description: `Removes the messages with these ids, and from the translations those that the source
does not have; with --unused also those that no code uses.`,
		Flags: catalogFlags(append(codeFlags(), &cli.BoolFlag{Name: "unused", Usage: "remove what --code does not use"}, catalogDryRun())...),
		Action: func(c *cli.Context) error {
			return editCatalogs(c, func(k *catalogs) (update.Result, []diag.Diagnostic, error) {
				ids := c.Args().Slice()
				if c.Bool("unused") {
					u, ds, err := scanCode(c, k.check())
					if err != nil {
						return update.Result{}, ds, err
					}
					if u == nil {
						return update.Result{}, nil, exit.Usagef("--unused wants --code GLOB, or check.code in %s", config.FileName)
					}
					set, _ := catalog.Parse(k.files, k.source)
					unused, err := usage.Unused(set, u)
					if err != nil {
						return update.Result{}, nil, exit.UsageError{Err: err}
					}
					ids = append(ids, unused...)
				}
				r, ds := update.Prune(k.files, k.source, ids)
				return r, ds, nil
			})
		},
	}
}

func catalogFmtCommand() *cli.Command {
	return &cli.Command{
		Name:        "fmt",
		Usage:       "write the catalogs in one form",
		Description: "The order of messages and the comments stay. With --check it writes nothing, and fails\nif a file would change.",
		Flags:       catalogFlags(&cli.BoolFlag{Name: "check", Usage: "name the files that would change, and fail if there is one"}, catalogDryRun()),
		Action: func(c *cli.Context) error {
			if !c.Bool("check") {
				return editCatalogs(c, func(k *catalogs) (update.Result, []diag.Diagnostic, error) {
					r, ds := update.Format(k.files, k.source)
					return r, ds, nil
				})
			}
			k, err := openCatalogs(c)
			if err != nil {
				return err
			}
			defer k.close()
			r, ds := update.Format(k.files, k.source)
			for _, d := range ds {
				console.Finding(c.App.ErrWriter, d)
			}
			for _, name := range slices.Sorted(maps.Keys(r.Write)) {
				fmt.Fprintln(c.App.Writer, path.Join(filepath.ToSlash(k.name), name))
			}
			if len(r.Write) > 0 || len(ds) > 0 {
				return exit.ErrFindings
			}
			return nil
		},
	}
}

func catalogPseudoCommand() *cli.Command {
	return &cli.Command{
		Name:      "pseudo",
		Usage:     "make a catalog that looks translated",
		ArgsUsage: "[LOCALE]",
		Description: `en-XA (if left out) has accents, a third more length and brackets; en-XB runs from
right to left. Variables and markup stay.`,
		Flags: catalogFlags(catalogDryRun()),
		Action: func(c *cli.Context) error {
			locale := c.Args().First()
			if locale == "" {
				locale = "en-XA"
			}
			return editCatalogs(c, func(k *catalogs) (update.Result, []diag.Diagnostic, error) {
				r, ds := update.Pseudo(k.files, k.source, locale)
				return r, ds, nil
			})
		},
	}
}
