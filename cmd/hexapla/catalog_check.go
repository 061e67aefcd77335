package main

import (
	"context"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/catalogdir"
	"hexapla/cmd/internal/checks"
	"hexapla/locales/catalog"
	"hexapla/locales/catalog/lint"
	"hexapla/locales/catalog/rule"
	"hexapla/locales/catalog/usage"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/report"
)

func catalogCheckCommand() *cli.Command {
	return &cli.Command{
		Name:  "check",
		Usage: "report what is missing or wrong in the catalogs",
		Description: `Checks every message of every locale against its source: missing, empty, extra and
stale messages, plural forms that the language needs, variables, templates, markup,
letters and marks of the wrong script; and, with --code, messages that the code uses
and no catalog has, or that nothing uses. Flags, or the [check] section of
hexapla.toml, set what fails the run. Folders named node_modules, vendor and testdata,
and hidden ones, are ignored.

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
	Catalogs catalogdir.Options
	Code     catalogdir.CodeOptions
	Locales  []string // canonical; nil for all
	Checks   checks.Options
}

func runCatalogCheck(ctx context.Context, e *environment, o catalogCheckOptions) error {
	d, err := catalogdir.Open(ctx, o.Catalogs)
	if err != nil {
		return err
	}
	defer d.Close()
	cfg := d.Check()
	g, err := checks.Open(ctx, o.Checks, cfg, o.Catalogs.Project)
	if err != nil {
		return err
	}
	want := o.Locales
	if len(want) == 0 && d.Config != nil {
		want = d.Config.Project.Locales
	}
	// A folder may have the catalogs of several programs.
	var sets []*catalog.Set
	var ds []diag.Diagnostic
	for _, files := range catalog.Groups(d.Files, d.Source) {
		set, found := catalog.Parse(files, d.Source)
		found = append(found, lint.Check(set, lint.Options{Locales: want, AllowFunctions: cfg.TemplateFunctions, AllowIf: cfg.AllowIf, SameAsSource: cfg.SameAsSource})...)
		sets, ds = append(sets, set), append(ds, found...)
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	used, more, err := catalogdir.ScanCode(ctx, o.Code, cfg)
	if err != nil {
		return err
	}
	ds = append(ds, more...)
	if used != nil {
		all, _ := catalog.Parse(d.Files, d.Source)
		ds = append(ds, usage.Check(all, used)...)
	}
	r := &report.Report{Title: "Message catalogs", Locales: catalog.SumStats(sets), Diagnostics: d.Shown(ds), Rules: rule.Diagnostics()}
	if len(o.Locales) > 0 {
		r.Locales = slices.DeleteFunc(r.Locales, func(l report.Completeness) bool { return !slices.Contains(o.Locales, l.Locale) })
	}
	r.Diagnostics = g.ToProject(r.Diagnostics)
	if g.Limited() {
		g.KeepUnits(catalogdir.ChangedMessages(sets, func(name string, first, last int) bool {
			return g.Changed(g.ProjectPath(filepath.ToSlash(filepath.Join(d.Name, name))), first, last)
		}))
	}
	return g.Judge(ctx, e.Printer, r, filepath.ToSlash(d.Name), o.Code.Dir)
}
