package main

import (
	"cmp"
	"context"
	"maps"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/catalogdir"
	"hexapla/cmd/internal/checks"
	"hexapla/locales/catalog"
	"hexapla/locales/catalog/lint"
	"hexapla/locales/catalog/rule"
	"hexapla/locales/catalog/usage"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/quality"
	"hexapla/pipeline/report"
)

func catalogCheckCommand() *cli.Command {
	return &cli.Command{
		Name:  "check",
		Usage: "report what is missing or wrong in the catalogs",
		Description: `Checks every message of every locale against its source: missing, empty, extra and
stale messages, plural forms that the language needs, variables, templates, markup,
letters and marks of the wrong script, texts in another language; and, with --code,
messages that the code uses and no catalog has, or that nothing uses. Flags, or the
[check] section of hexapla.toml, set what fails the run. Folders named node_modules,
vendor and testdata, and hidden ones, are ignored. Where hexapla.toml has several
[[catalogs]], all are checked, or the one of --catalog.

Example: hexapla catalog check --dir locales --code '**/*.go' --fail-under '*=90'`,
		Flags: catalogFlags(append(append(codeFlags(), localeFlag()), checkFlags()...)...),
		Action: func(c *cli.Context) error {
			dir, err := catalogOptions(c)
			if err != nil {
				return err
			}
			targets, err := localesGiven(c)
			if err != nil {
				return err
			}
			return runCatalogCheck(c.Context, newEnvironment(c), catalogCheckOptions{Catalogs: dir, Code: codeOptions(c), Locales: targets, Checks: checkOptions(c)})
		},
	}
}

type catalogCheckOptions struct {
	Catalogs []catalogdir.Options
	Code     catalogdir.CodeOptions
	Locales  []string // canonical; nil for all
	Checks   checks.Options
}

func runCatalogCheck(ctx context.Context, e *environment, o catalogCheckOptions) error {
	cfg := o.Catalogs[0].Check()
	g, err := checks.Open(ctx, o.Checks, cfg, o.Catalogs[0].Project)
	if err != nil {
		return err
	}
	r := &report.Report{Title: "Message catalogs", Rules: rule.Diagnostics()}
	var sets []*catalog.Set
	var dirs []*catalogdir.Dir
	var folders []string
	changed := map[string]bool{}
	found := map[*catalogdir.Dir][]diag.Diagnostic{}
	for _, one := range o.Catalogs {
		d, err := catalogdir.Open(ctx, one)
		if err != nil {
			return err
		}
		defer d.Close()
		describeCatalogs(e, d)
		own, ds, err := checkCatalogs(ctx, d, o.Locales)
		if err != nil {
			return err
		}
		found[d] = d.Shown(ds)
		sets, dirs, folders = append(sets, own...), append(dirs, d), append(folders, filepath.ToSlash(d.Name))
		if g.Limited() {
			maps.Copy(changed, catalogdir.ChangedMessages(own, func(name string, first, last int) bool {
				return g.Changed(g.ProjectPath(filepath.ToSlash(filepath.Join(d.Name, name))), first, last)
			}))
		}
	}
	r.Locales = catalog.SumStats(sets)
	ds, err := checkUsage(ctx, dirs, o.Code, found)
	if err != nil {
		return err
	}
	for _, d := range dirs {
		r.Diagnostics = append(r.Diagnostics, found[d]...)
	}
	r.Diagnostics = append(r.Diagnostics, ds...)
	if len(o.Locales) > 0 {
		r.Locales = slices.DeleteFunc(r.Locales, func(l report.Completeness) bool { return !slices.Contains(o.Locales, l.Locale) })
	}
	r.Diagnostics = g.ToProject(r.Diagnostics)
	if g.Limited() {
		g.KeepUnits(changed)
	}
	return g.Judge(ctx, e.Printer, r, append(folders, cmp.Or(o.Code.Dir, "."))...)
}

// checkCatalogs checks the catalogs of a folder, which may be those of several programs.
func checkCatalogs(ctx context.Context, d *catalogdir.Dir, want []string) ([]*catalog.Set, []diag.Diagnostic, error) {
	cfg := d.Check()
	if len(want) == 0 && d.Config != nil {
		want = d.Config.Project.Locales
	}
	var sets []*catalog.Set
	var ds []diag.Diagnostic
	for _, files := range d.Groups() {
		var set *catalog.Set
		found, err := unlessDone(ctx, func() (found []diag.Diagnostic) {
			set, found = catalog.ParseFormat(d.Format, files, d.Source)
			return append(found, lint.Check(set, lint.Options{Locales: want, AllowFunctions: cfg.TemplateFunctions, AllowIf: cfg.AllowIf, SameAsSource: cfg.SameAsSource, SeemsIn: quality.SeemsIn})...)
		})
		if err != nil {
			return nil, nil, err
		}
		if d.Format != message.GoI18n {
			found = slices.DeleteFunc(found, onlyGoI18n)
		}
		sets, ds = append(sets, set), append(ds, found...)
	}
	return sets, ds, nil
}

// onlyGoI18n reports whether a finding is about what go-i18n's version 2 alone has.
func onlyGoI18n(d diag.Diagnostic) bool {
	return d.ID == "catalog.hash" || d.ID == "catalog.go-i18n"
}

// checkUsage compares catalogs with the code that uses them: those that name their code
// each with its own, the others together with the project's. What the code explains is
// taken out of the findings of the catalogs.
func checkUsage(ctx context.Context, dirs []*catalogdir.Dir, code catalogdir.CodeOptions, catalogs map[*catalogdir.Dir][]diag.Diagnostic) ([]diag.Diagnostic, error) {
	var groups [][]*catalogdir.Dir
	var common []*catalogdir.Dir
	for _, d := range dirs {
		if d.OwnCode() && len(code.Globs) == 0 {
			groups = append(groups, []*catalogdir.Dir{d})
		} else {
			common = append(common, d)
		}
	}
	if len(common) > 0 {
		groups = append(groups, common)
	}
	var ds []diag.Diagnostic
	for _, group := range groups {
		used, found, err := group[0].ScanCode(ctx, code)
		if err != nil {
			return nil, err
		}
		ds = append(ds, found...)
		if used == nil {
			continue
		}
		all := catalogdir.Sources(group)
		used.ResolveNamespaces(all)
		ds = append(ds, usage.Check(all, used)...)
		for _, d := range group {
			catalogs[d] = used.Explain(catalogs[d], d.Source)
		}
	}
	return ds, nil
}
