package main

import (
	"context"
	"errors"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/checks"
	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/publish"
	"hexapla/cmd/internal/workspace"
	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/quality"
	"hexapla/pipeline/report"
)

func checkCommand() *cli.Command {
	return &cli.Command{
		Name:      "check",
		Usage:     "check the editions, for CI",
		ArgsUsage: "[ARTICLE ...]",
		Description: `Runs the quality checks on what catalogs and memory have for the articles, writes
nothing and asks no hook. With --completeness, what is not finished is a finding too,
so that shares, required locales, baselines and reports apply to articles as they do
to message catalogs ('hexapla catalog check').

Example:  hexapla check --completeness --fail-under ru=100,*=80 --format junit=report.xml`,
		Flags: append([]cli.Flag{
			localeFlag(),
			&cli.BoolFlag{Name: "completeness", Usage: "report editions that are unfinished or held back"},
		}, checkFlags()...),
		Action: func(c *cli.Context) error {
			return runCheck(c.Context, newEnvironment(c), editionCheckOptions{
				selection:    workspace.Selection{Articles: c.Args().Slice(), Locales: c.StringSlice("locale")},
				completeness: c.Bool("completeness"), gate: checkOptions(c),
			})
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
	s, err := publish.Build(ctx, w, publish.Options{DryRun: true, Partial: len(o.selection.Articles) > 0}, observer)
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
	for _, ed := range r.Editions {
		c.report.Diagnostics = append(c.report.Diagnostics, checks.OfQuality(ed.Diagnostics)...)
		checks.Tally(c.byLocale[ed.Locale], ed)
		if c.completeness {
			c.report.Diagnostics = append(c.report.Diagnostics, pipeline.Locate(r.Document, checks.Unfinished(r.Path, ed))...)
		}
	}
}

func (*editionChecks) Wrote(string, bool) {}
