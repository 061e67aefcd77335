package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/board"
	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/publish"
	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/report"
	"hexapla/pipeline/site"
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
			&cli.StringFlag{Name: "at", Usage: "build the site as it will be at `TIME` (2026-12-01T09:00:00+02:00), with --output FOLDER or --dry-run; asks no hook"},
			&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "write nothing and ask no hook; print what would be done, and what the engines would be asked"},
			&cli.BoolFlag{Name: "no-hooks", Usage: "use catalogs and memory only"},
			allowHooksFlag(),
			failOverBudgetFlag(),
			&cli.BoolFlag{Name: "retry-refused", Usage: "ask the engines again for texts that they refused in an earlier build"},
			&cli.StringFlag{Name: "trace", Usage: "append a line of JSON to `FILE` for each call of an engine: sizes, time, status; no texts, no secrets"},
			&cli.BoolFlag{Name: "trace-texts", Usage: "with --trace: the texts and the answers, too"},
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
				findings: c.Bool("findings"), trace: c.String("trace"), traceTexts: c.Bool("trace-texts"), json: c.Bool("json"), at: c.String("at"),
				failOverBudget: c.Bool("fail-over-budget"),
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
	trace        string
	traceTexts   bool
	json         bool
	at           string // a time; "" for now

	failOverBudget bool
}

// clock returns the clock of a build, nil for the system's. A build of another time must
// not write the project's own pages: they would be published early.
func (o *buildOptions) clock() (func() time.Time, error) {
	if o.at == "" {
		return nil, nil
	}
	t, _, err := site.ParseMoment(o.at, nil)
	if err != nil {
		return nil, exit.Usagef("--at: %w", err)
	}
	if o.output == "" && !o.dryRun {
		return nil, exit.Usagef("--at: --output FOLDER or --dry-run is needed, or pages would be published before their time")
	}
	return func() time.Time { return t }, nil
}

func runBuild(ctx context.Context, e *environment, o buildOptions) error {
	clock, err := o.clock()
	if err != nil {
		return err
	}
	if o.failOverBudget && !o.dryRun {
		return exit.Usagef("--fail-over-budget: --dry-run is needed; a build without it ends with status 3 when a budget is used up")
	}
	mode := workspace.ReadWrite
	if o.dryRun || clock != nil {
		mode = workspace.DryRun
	}
	w, err := e.open(ctx, workspace.Options{Memory: mode, Fetch: !o.dryRun, Engines: o.hooks && !o.dryRun && clock == nil, Estimate: o.hooks && o.dryRun && clock == nil, Clock: clock, RetryRefused: o.retryRefused, Select: &o.selection})
	if err != nil {
		return err
	}
	if clock != nil && !o.dryRun && sameFolder(o.output, w.Dir.Path(w.Config.OutputFolder())) {
		return errors.Join(exit.Usagef("--at: %s is the output folder of the project: pages would be published before their time", o.output), w.Close())
	}
	closeTrace, err := startTrace(w.Chain(), o.trace, o.traceTexts)
	if err != nil {
		return errors.Join(err, w.Close())
	}
	if w.Chain() != nil {
		defer addProcessors()()
	}
	progress := console.StartProgress(e.Err, e.Text("ProgressArticles"), len(w.Articles))
	s, err := publish.Build(ctx, w, publish.Options{
		Output: o.output, DryRun: o.dryRun, Overwrite: o.overwrite, Incremental: clock == nil, Force: o.force, Partial: len(o.selection.Articles) > 0, AllFindings: o.findings || o.json,
		Waiting: func(h rootfs.Holder, lock string) {
			line := e.Text("BuildWaits", console.Args{"File": lock})
			if h.Process != 0 {
				line = e.Text("BuildWaitsForProcess", console.Args{"Process": strconv.Itoa(h.Process), "Host": report.Visible(h.Host), "File": lock})
			}
			progress.Println(e.Err, "hexapla: "+line)
		},
	}, buildProgress{progress, e})
	progress.Stop()
	var estimates []hook.Estimate
	if err == nil && w.Estimator() != nil {
		estimates, err = estimate(ctx, w)
	}
	if cerr := errors.Join(w.Close(), closeTrace()); err == nil {
		err = cerr
	}
	if s == nil {
		return err
	}
	s.Findings = w.Shown(s.Findings)
	s.Engines = estimates
	print := printBuild
	if o.json {
		print = func(e *environment, s *publish.Summary) error { return e.JSON(s) }
	}
	if perr := print(e, s); err == nil {
		err = perr
	}
	if err != nil {
		return err
	}
	if err := s.Err(); err != nil || !o.failOverBudget || !isOverBudget(estimates) {
		return err
	}
	return exit.ErrFindings
}

// printBuild prints a summary; of a dry run, what the engines would be asked, too.
func printBuild(e *environment, s *publish.Summary) error {
	if err := board.PrintSummary(e.Printer, s); err != nil || len(s.Engines) == 0 {
		return err
	}
	return printEstimates(e, s.Engines)
}

// sameFolder reports whether two names are of one folder.
func sameFolder(a, b string) bool {
	x, err := os.Stat(a)
	y, err2 := os.Stat(b)
	if err != nil || err2 != nil {
		absA, _ := filepath.Abs(a)
		absB, _ := filepath.Abs(b)
		return absA == absB
	}
	return os.SameFile(x, y)
}

// buildProgress shows the progress of a build.
type buildProgress struct {
	*console.Progress
	e *environment
}

func (p buildProgress) Article(pipeline.Result, []publish.Earlier) { p.Step() }

func (p buildProgress) Wrote(name string, changed bool) {
	if changed && p.e.Verbose() {
		p.Println(p.e.Err, p.e.Text("VerboseWritten", console.Args{"File": name}))
	}
}
