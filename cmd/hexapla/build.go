package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/publish"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/edition"
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
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			return runBuild(c.Context, newEnvironment(c), buildOptions{
				overwrite: c.Bool("overwrite"), force: c.Bool("force"),
				selection: workspace.Selection{Articles: c.Args().Slice(), Locales: c.StringSlice("locale")},
				output:    c.String("output"), dryRun: c.Bool("dry-run"), retryRefused: c.Bool("retry-refused"), hooks: !c.Bool("no-hooks"),
				findings: c.Bool("findings"), json: c.Bool("json"),
			})
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

func (p buildProgress) Article(pipeline.Result, []publish.Earlier) { p.Step() }

func (buildProgress) Wrote(string, bool) {}

func printSummary(e *environment, s *publish.Summary) error {
	if err := printLocales(e, s); err != nil {
		return err
	}
	printReasons(e, s, math.MaxInt)
	return printOutcome(e, s)
}

// printLocales prints a table of the locales with what each has.
func printLocales(e *environment, s *publish.Summary) error {
	columns := []struct {
		head   string
		value  func(*publish.LocaleSummary) int
		always bool
	}{
		{"HeadFinished", func(l *publish.LocaleSummary) int { return l.Editions.Finished }, true},
		{"HeadUnfinished", func(l *publish.LocaleSummary) int { return l.Editions.Unfinished }, true},
		{"HeadMachine", func(l *publish.LocaleSummary) int { return l.Editions.Machine }, false},
		{"HeadOutdated", func(l *publish.LocaleSummary) int { return l.Editions.Outdated }, false},
		{"HeadEdited", func(l *publish.LocaleSummary) int { return l.Editions.Edited }, false},
		{"HeadWithheld", func(l *publish.LocaleSummary) int { return l.Editions.Withheld }, true},
		{"HeadSegments", func(l *publish.LocaleSummary) int { return l.Segments }, true},
		{"HeadUIStrings", func(l *publish.LocaleSummary) int { return l.Chrome }, true},
		{"HeadReused", func(l *publish.LocaleSummary) int { return l.Reused }, true},
		{"HeadMT", func(l *publish.LocaleSummary) int { return l.MachineTranslated }, true},
		{"HeadMissing", func(l *publish.LocaleSummary) int { return l.Missing }, true},
		{"HeadFindings", func(l *publish.LocaleSummary) int { return l.Findings }, true},
		{"HeadWords", func(l *publish.LocaleSummary) int { return l.Words }, true},
	}
	columns = slices.DeleteFunc(columns, func(c struct {
		head   string
		value  func(*publish.LocaleSummary) int
		always bool
	}) bool {
		return !c.always && !slices.ContainsFunc(s.Locales, func(l *publish.LocaleSummary) bool { return c.value(l) > 0 })
	})
	heads := []string{e.Text("HeadLocale"), e.Text("HeadLanguage")}
	for _, c := range columns {
		heads = append(heads, e.Text(c.head))
	}
	t := console.NewTable(append(heads, e.Text("HeadComplete"))...)
	for _, ls := range s.Locales {
		row := []any{ls.Locale, e.Language(ls.Locale)}
		for _, c := range columns {
			row = append(row, c.value(ls))
		}
		t.Row(append(row, console.Percent(ls.Completeness))...)
	}
	t.AlignRight(3, 3+len(columns))
	return t.Print(e.Out)
}

// printOutcome prints the findings, and what was done.
func printOutcome(e *environment, s *publish.Summary) error {
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

// printReasons prints why editions are not published: one line for all that have
// the same reasons, and a paragraph of their locales. Lines are width columns long at
// most.
func printReasons(e *environment, s *publish.Summary, width int) {
	for _, g := range s.Reasons {
		id := "EditionsWithheld"
		if g.Status == edition.Outdated {
			id = "EditionsOutdated"
		}
		var reasons []string
		for _, c := range g.Codes {
			reasons = append(reasons, e.Text(reasonTexts[c]))
		}
		fmt.Fprintln(e.Out)
		console.Wrap(e.Out, strings.Fields(e.Count(id, g.Editions)+": "+strings.Join(reasons, ", ")), " ", "", width)
		console.Wrap(e.Out, g.Locales, " ", "  ", width)
	}
}

// reasonTexts are the messages of the codes of edition.Reason.
var reasonTexts = map[string]string{
	edition.ReasonEmpty:     "ReasonEmpty",
	edition.ReasonRequired:  "ReasonRequired",
	edition.ReasonThreshold: "ReasonThreshold",
	edition.ReasonMissing:   "ReasonMissing",
	edition.ReasonErrors:    "ReasonErrors",
}
