package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/publish"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
)

func buildCommand() *cli.Command {
	return &cli.Command{
		Name:      "build",
		Usage:     "build the editions of the project's articles",
		ArgsUsage: "[ARTICLE ...]",
		Description: `Splits each article once. For each locale it fills the segments from the message
catalogs, the memory and the hooks, checks them, applies the publishing policy and
writes the edition to editions/LOCALE/, with a manifest.json that lists where every
segment came from. Files that would not change are not written.

ARTICLE is a path or glob below the project; without one, all articles are built.

Example:  hexapla build --locale ru 'articles/2026/*'`,
		Flags: []cli.Flag{
			localeFlag(),
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the editions to `FOLDER` instead of the project's"},
			&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "write nothing and ask no hook; print what would be done"},
			&cli.BoolFlag{Name: "no-hooks", Usage: "use catalogs and memory only"},
			&cli.BoolFlag{Name: "findings", Aliases: []string{"f"}, Usage: "list every finding, not only errors"},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			return runBuild(c.Context, newEnvironment(c), buildOptions{
				selection: workspace.Selection{Articles: c.Args().Slice(), Locales: c.StringSlice("locale")},
				output:    c.String("output"), dryRun: c.Bool("dry-run"), hooks: !c.Bool("no-hooks"),
				findings: c.Bool("findings"), json: c.Bool("json"),
			})
		},
	}
}

func statusCommand() *cli.Command {
	return &cli.Command{
		Name:      "status",
		Usage:     "show the completeness of the editions, and write nothing",
		ArgsUsage: "[ARTICLE ...]",
		Description: `Does what build does with catalogs and memory alone, writes nothing and asks no hook:
how many editions of each locale are finished, unfinished or held back, and what is
missing.

Example:  hexapla status --locale ru`,
		Flags: []cli.Flag{
			localeFlag(),
			&cli.BoolFlag{Name: "findings", Aliases: []string{"f"}, Usage: "list every finding, not only errors"},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			return runBuild(c.Context, newEnvironment(c), buildOptions{
				selection: workspace.Selection{Articles: c.Args().Slice(), Locales: c.StringSlice("locale")},
				dryRun:    true, findings: c.Bool("findings"), json: c.Bool("json"),
			})
		},
	}
}

// buildOptions are the options of build and status.
type buildOptions struct {
	selection workspace.Selection
	output    string
	dryRun    bool
	hooks     bool
	findings  bool
	json      bool
}

func runBuild(ctx context.Context, e *environment, o buildOptions) error {
	mode := workspace.ReadWrite
	if o.dryRun {
		mode = workspace.DryRun
	}
	w, err := e.open(ctx, workspace.Options{Memory: mode, Engines: o.hooks && !o.dryRun, Select: &o.selection})
	if err != nil {
		return err
	}
	progress := console.StartProgress(e.Err, e.Text("ProgressArticles"), len(w.Articles))
	s, err := publish.Build(ctx, w, publish.Options{
		Output: o.output, DryRun: o.dryRun, Partial: len(o.selection.Articles) > 0, AllFindings: o.findings || o.json,
	}, buildProgress{progress})
	progress.Stop()
	if cerr := w.Close(); err == nil {
		err = cerr
	}
	if s == nil {
		return err
	}
	print := printSummary
	if o.json {
		print = func(e *environment, s *publish.Summary) error { return e.JSON(s) }
	}
	if perr := print(e, s); err == nil {
		err = perr
	}
	if err != nil {
		return err
	}
	return s.Err()
}

// buildProgress shows the progress of a build.
type buildProgress struct{ *console.Progress }

func (p buildProgress) Article(pipeline.Result) { p.Step() }

func (buildProgress) Wrote(string, bool) {}

func printSummary(e *environment, s *publish.Summary) error {
	t := console.NewTable(e.Text("HeadLocale"), e.Text("HeadLanguage"), e.Text("HeadFinished"), e.Text("HeadUnfinished"), e.Text("HeadWithheld"),
		e.Text("HeadSegments"), e.Text("HeadUIStrings"), e.Text("HeadReused"), e.Text("HeadMT"), e.Text("HeadMissing"),
		e.Text("HeadFindings"), e.Text("HeadWords"), e.Text("HeadComplete"))
	for _, ls := range s.Locales {
		t.Row(
			ls.Locale, e.Language(ls.Locale), ls.Editions.Finished, ls.Editions.Unfinished, ls.Editions.Withheld, ls.Segments,
			ls.Chrome, ls.Reused, ls.MachineTranslated, ls.Missing, ls.Findings, ls.Words, console.Percent(ls.Completeness))
	}
	t.AlignRight(3, 13)
	if err := t.Print(e.Out); err != nil {
		return err
	}
	fmt.Fprintln(e.Out)
	for _, d := range s.Findings {
		console.Finding(e.Out, d)
	}
	if s.Hidden > 0 {
		fmt.Fprintln(e.Out, e.Count("FindingsHidden", s.Hidden))
	}
	args := console.Args{"Articles": e.Count("Articles", s.Articles), "Locales": e.Count("InLocales", len(s.Locales))}
	switch {
	case s.DryRun:
		return e.Println(e.Text("BuildDry", args))
	case s.Written == 0 && s.Unchanged > 0:
		return e.Println(e.Text("BuildUnchanged", args))
	}
	return e.Println(e.Text("BuildWritten", args, console.Args{"Written": e.Count("FilesWritten", s.Written), "Unchanged": s.Unchanged}))
}
