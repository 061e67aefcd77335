package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/publish"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/memory"
)

func adoptCommand() *cli.Command {
	return &cli.Command{
		Name:      "adopt",
		Usage:     "take the words of pages that were changed by hand into the memory",
		ArgsUsage: "FILE ...",
		Description: `FILE is a page in the folder of the editions. It is split in its own language, and its
parts are matched with the article's by structure. The differences from the memory are
shown first. Nothing is stored without --yes or an answer on the terminal, and 'memory
undo' undoes it. What corresponds to nothing in the article is listed, and the page is
never changed. Once the memory has all its words, the next build writes the same page.

Examples:
  hexapla adopt --dry-run editions/ru/first.html
  hexapla adopt --yes --author anna --state reviewed editions/ru/first.html`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "state", Usage: "the `STATE` of the stored translations: translated, reviewed or final", Value: bitext.Translated.String()},
			&cli.BoolFlag{Name: "yes", Aliases: []string{"y"}, Usage: "store without asking"},
			&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "store nothing; print what would be done"},
			batchNameFlag(), authorFlag(), jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			if !c.Args().Present() {
				return exit.Usagef("adopt: at least one FILE is required")
			}
			state, ok := bitext.ParseState(c.String("state"))
			if !ok || state == bitext.Initial {
				return exit.Usagef("--state %q: must be translated, reviewed or final", c.String("state"))
			}
			return runAdopt(c.Context, newEnvironment(c), c.Args().Slice(), state, decisionOptions{
				batch: memory.Batch{Author: c.String("author"), Name: c.String("name")},
				yes:   c.Bool("yes"), dryRun: c.Bool("dry-run"), json: c.Bool("json"),
			})
		},
	}
}

func runAdopt(ctx context.Context, e *environment, files []string, state bitext.State, o decisionOptions) (err error) {
	w, err := e.open(ctx, workspace.Options{Memory: o.mode(), Select: &workspace.Selection{}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	pages := make([]publish.EditionPage, len(files))
	for i, name := range files {
		if pages[i], err = publish.FindPage(w, name); err != nil {
			return err
		}
	}
	d := decision[pipeline.Adopted]{Segments: []pipeline.Adopted{}}
	for _, p := range pages {
		a, err := w.FindAdoptions(ctx, p.Article, p.Locale, p.Name, p.Data, p.Current)
		if err != nil {
			return err
		}
		d.Segments, d.Findings = append(d.Segments, a.Changed...), append(d.Findings, w.Shown(a.Findings)...)
	}
	d.Accepted, d.Refused = len(d.Segments), len(d.Findings)
	if !o.json {
		for _, s := range d.Segments {
			fmt.Fprintf(e.Out, "%s\n    %s\n  - %s\n  + %s\n", e.Visible(s.Place.String()), e.Visible(s.Source), e.Visible(s.Old), e.Visible(s.New))
		}
		for _, f := range d.Findings {
			e.Finding(e.Out, f)
		}
	}
	o.batch.Time = w.Clock()
	err = conclude(ctx, e, o, d, func(ctx context.Context) (memory.Result, error) {
		return w.Adopt(ctx, d.Segments, o.batch, state)
	})
	if err != nil && !errors.Is(err, exit.ErrFindings) || o.json || o.dryRun {
		return err
	}
	for _, p := range pages {
		if checkErr := printPageState(ctx, e, w, p); checkErr != nil {
			return checkErr
		}
	}
	return err
}

// printPageState prints whether the next build writes a page as it is.
func printPageState(ctx context.Context, e *environment, w *workspace.Workspace, p publish.EditionPage) error {
	made, err := publish.Page(ctx, w, p.Article, p.Locale)
	if err != nil {
		return err
	}
	args := console.Args{"File": p.Name}
	if bytes.Equal(made.Data, p.Data) {
		return e.Println(e.Text("AdoptSame", args))
	}
	if made.Data != nil {
		args["Line"] = fmt.Sprint(publish.DifferentLine(made.Data, p.Data))
		return e.Println(e.Text("AdoptDiffers", args))
	}
	for _, d := range w.Shown(made.Diagnostics) {
		if d.Severity > diag.Info {
			e.Finding(e.Out, d)
		}
	}
	return e.Println(e.Text("AdoptWithheld", args))
}
