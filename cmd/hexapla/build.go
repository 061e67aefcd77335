package main

import (
	"context"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/board"
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
segment came from. Files that would not change are not written, and an article is not
built again if nothing that its editions depend on has changed (--force builds it).

ARTICLE is a path or glob below the project; without one, all articles are built.

Example:  hexapla build --locale ru 'articles/2026/*'`,
		Flags: []cli.Flag{
			localeFlag(),
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the editions to `FOLDER` instead of the project's"},
			&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "write nothing and ask no hook; print what would be done"},
			&cli.BoolFlag{Name: "no-hooks", Usage: "use catalogs and memory only"},
			allowHooksFlag(),
			&cli.BoolFlag{Name: "retry-refused", Usage: "ask the engines again for texts that they refused in an earlier build"},
			&cli.BoolFlag{Name: "findings", Aliases: []string{"f"}, Usage: "list every finding, not only errors"},
			&cli.BoolFlag{Name: "force", Usage: "build articles for which nothing has changed, too"},
			&cli.BoolFlag{Name: "overwrite", Usage: "replace pages that were changed by hand, or that no manifest lists"},
			watchFlag(),
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			e, o := newEnvironment(c), buildOptions{
				overwrite: c.Bool("overwrite"), force: c.Bool("force"),
				selection: workspace.Selection{Articles: c.Args().Slice(), Locales: c.StringSlice("locale")},
				output:    c.String("output"), dryRun: c.Bool("dry-run"), retryRefused: c.Bool("retry-refused"), hooks: !c.Bool("no-hooks"),
				findings: c.Bool("findings"), json: c.Bool("json"),
			}
			if c.Bool("watch") {
				return e.watch(c.Context, func(ctx context.Context) error { return runBuild(ctx, e, o) })
			}
			return runBuild(c.Context, e, o)
		},
	}
}

// buildOptions are the options of build.
type buildOptions struct {
	selection    workspace.Selection
	output       string
	dryRun       bool
	overwrite    bool
	force        bool
	hooks        bool
	retryRefused bool
	findings     bool
	json         bool
}

func runBuild(ctx context.Context, e *environment, o buildOptions) error {
	mode := workspace.ReadWrite
	if o.dryRun {
		mode = workspace.DryRun
	}
	w, err := e.open(ctx, workspace.Options{Memory: mode, Engines: o.hooks && !o.dryRun, RetryRefused: o.retryRefused, Select: &o.selection})
	if err != nil {
		return err
	}
	progress := console.StartProgress(e.Err, e.Text("ProgressArticles"), len(w.Articles))
	s, err := publish.Build(ctx, w, publish.Options{
		Output: o.output, DryRun: o.dryRun, Overwrite: o.overwrite, Incremental: true, Force: o.force, Partial: len(o.selection.Articles) > 0, AllFindings: o.findings || o.json,
	}, buildProgress{progress})
	progress.Stop()
	if cerr := w.Close(); err == nil {
		err = cerr
	}
	if s == nil {
		return err
	}
	s.Findings = w.Shown(s.Findings)
	print := func(e *environment, s *publish.Summary) error { return board.PrintSummary(e.Printer, s) }
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

func (p buildProgress) Article(pipeline.Result, []publish.Earlier) { p.Step() }

func (buildProgress) Wrote(string, bool) {}
