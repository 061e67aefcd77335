package main

import (
	"context"
	"errors"
	"slices"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/checks"
	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/handoff"
	"hexapla/cmd/internal/publish"
	"hexapla/cmd/internal/workspace"
	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/quality"
	"hexapla/pipeline/report"
)

func checkCommand() *cli.Command {
	return &cli.Command{
		Name:      "check",
		Usage:     "check the editions, or any bilingual file, for CI",
		ArgsUsage: "[ARTICLE | FILE ...]",
		Description: `Runs the quality checks on what catalogs and memory have for the articles, writes
nothing and asks no hook. With --completeness, what is not finished is a finding too,
so that shares, required locales, baselines and reports apply to articles as they do
to message catalogs ('hexapla catalog check').

Bilingual files are checked without a project: XLIFF, TMX, PO, CSV, TSV, XLSX and JSON
Lines. A table has columns named source and target, or after two locales. The locales are
read from the file where it has them.

--fix corrects what is safe: spaces, quotation marks, letters of another script that look
alike, Arabic letters and digits in Persian, Pashto and Urdu, apostrophes, and composed form. The
differences are printed first. Corrected translations are new versions in the memory, in one batch
that 'memory undo' undoes; in a bilingual file every other byte stays.

Examples:
  hexapla check --completeness --fail-under ru=100,*=80 --format junit=report.xml
  hexapla check --source en --target ru --glossary terms.csv --fail-on warning pairs.tsv
  hexapla check --fix --locale fa articles/first.md
  hexapla check --fix --yes ru.xlf`,
		Flags: append([]cli.Flag{
			localeFlag(),
			&cli.StringFlag{Name: "source", Usage: "source `LOCALE` of the bilingual files"},
			&cli.StringFlag{Name: "target", Usage: "target `LOCALE` of the bilingual files"},
			&cli.StringSliceFlag{Name: "glossary", Usage: "check the terms of this termbase `FILE` in the bilingual files; may be given again"},
			&cli.StringSliceFlag{Name: "disable", Usage: "do not run the check with this `ID` on the bilingual files; may be given again"},
			&cli.BoolFlag{Name: "spelling", Usage: "look words of the bilingual files up in the dictionaries of Hunspell"},
			&cli.BoolFlag{Name: "fix", Usage: "print corrections of what is safe to correct, and store them on request"},
			&cli.BoolFlag{Name: "yes", Aliases: []string{"y"}, Usage: "with --fix: store without asking"},
			&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "with --fix: store nothing"},
			authorFlag(),
			&cli.BoolFlag{Name: "completeness", Usage: "report editions that are unfinished or held back"},
			watchFlag(),
		}, checkFlags()...),
		Action: func(c *cli.Context) error {
			files := c.Args().Slice()
			fix := decisionOptions{
				selection: workspace.Selection{Articles: files, Locales: c.StringSlice("locale")}, batch: memory.Batch{Author: c.String("author")},
				yes: c.Bool("yes"), dryRun: c.Bool("dry-run"), json: c.Bool("json"),
			}
			if c.IsSet("source") || c.IsSet("target") || c.IsSet("glossary") || len(files) > 0 && !slices.ContainsFunc(files, func(f string) bool { return !handoff.IsBilingual(f) }) {
				o := fileCheckOptions{
					in:    c.App.Reader,
					files: files, glossaries: c.StringSlice("glossary"), disabled: c.StringSlice("disable"),
					source: c.String("source"), target: c.String("target"), spelling: c.Bool("spelling"), gate: checkOptions(c),
				}
				if c.Bool("fix") {
					return runFixFiles(c.Context, newEnvironment(c), o, fix)
				}
				return runCheckFiles(c.Context, newEnvironment(c), o)
			}
			if c.Bool("fix") {
				return runFix(c.Context, newEnvironment(c), fix)
			}
			e, o := newEnvironment(c), editionCheckOptions{
				selection:    workspace.Selection{Articles: c.Args().Slice(), Locales: c.StringSlice("locale")},
				completeness: c.Bool("completeness"), gate: checkOptions(c),
			}
			if c.Bool("watch") {
				return e.watch(c.Context, func(ctx context.Context) error { return runCheck(ctx, e, o) })
			}
			return runCheck(c.Context, e, o)
		},
	}
}

// editionCheckOptions are the options of check.
type editionCheckOptions struct {
	selection    workspace.Selection
	completeness bool
	gate         checks.Options
}

func runCheck(ctx context.Context, e *environment, o editionCheckOptions) (err error) {
	w, err := e.open(ctx, workspace.Options{Memory: workspace.DryRun, Select: &o.selection})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	gate, err := checks.Open(ctx, o.gate, w.Config.Check, w.Dir.Name())
	if err != nil {
		return err
	}
	r := &report.Report{Title: "Editions", Diagnostics: w.Diagnostics}
	byLocale := map[string]*report.Completeness{}
	for _, l := range w.Targets {
		byLocale[l] = &report.Completeness{Locale: l, Name: locales.EnglishName(l)}
	}
	observer := &editionChecks{
		Progress: console.StartProgress(e.Err, e.Text("ProgressArticles"), len(w.Articles)),
		report:   r, byLocale: byLocale, completeness: o.completeness,
	}
	s, err := publish.Build(ctx, w, publish.Options{
		DryRun: true, Incremental: true, WholeResults: true, Unfinished: o.completeness, Partial: len(o.selection.Articles) > 0,
	}, observer)
	observer.Stop()
	if err != nil {
		return err
	}
	if o.completeness {
		r.Diagnostics = append(r.Diagnostics, s.OfPages()...)
	}
	for _, l := range w.Targets {
		r.Locales = append(r.Locales, *byLocale[l])
	}
	r.Rules = append(quality.Diagnostics(), checks.CompletenessDiagnostics()...)
	return gate.Judge(ctx, e.Printer, r)
}

// editionChecks collects what check reports of the editions.
type editionChecks struct {
	*console.Progress
	report       *report.Report
	byLocale     map[string]*report.Completeness
	completeness bool
}

func (c *editionChecks) Article(r pipeline.Result, _ []publish.Earlier) {
	c.Step()
	c.report.Diagnostics = append(c.report.Diagnostics, r.Diagnostics...)
	article := report.Article{Path: r.Path}
	for _, ed := range r.Editions {
		n := ed.Published.Count
		article.Editions = append(article.Editions, report.Edition{Locale: ed.Locale, Status: string(ed.Published.Status), Total: n.Segments, Done: n.Published})
		c.report.Diagnostics = append(c.report.Diagnostics, checks.OfQuality(ed.Diagnostics)...)
		checks.Tally(c.byLocale[ed.Locale], ed)
		if c.completeness {
			found := checks.Unfinished(r.Path, ed)
			if r.Document != nil { // else it is none of its segments
				found = pipeline.Locate(r.Document, found)
			}
			c.report.Diagnostics = append(c.report.Diagnostics, found...)
		}
	}
	c.report.Articles = append(c.report.Articles, article)
}

func (*editionChecks) Wrote(string, bool) {}
