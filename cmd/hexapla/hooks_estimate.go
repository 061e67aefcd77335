package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/report"
)

func hooksEstimateCommand() *cli.Command {
	return &cli.Command{
		Name:      "estimate",
		Usage:     "show what a build would ask which engine, and what it costs",
		ArgsUsage: "[ARTICLE ...]",
		Description: `Does what build does with catalogs and memory, and counts what is left for the
engines, each text once: texts, calls, characters, tokens (about four bytes each) and, by
the price of [[hook]], the cost; by its rate_per_second, the least time. Nothing is sent,
no secret is needed and no program is started. The first engine for the locale and the
length is counted; what it does not serve goes to another one.

Example:  hexapla hooks estimate --locale uk`,
		Flags: []cli.Flag{localeFlag(), allowHooksFlag(), jsonFlag()},
		Action: func(c *cli.Context) error {
			return runHooksEstimate(c.Context, newEnvironment(c), workspace.Selection{Articles: c.Args().Slice(), Locales: c.StringSlice("locale")}, c.Bool("json"))
		},
	}
}

func runHooksEstimate(ctx context.Context, e *environment, selection workspace.Selection, json bool) (err error) {
	w, err := e.open(ctx, workspace.Options{Memory: workspace.DryRun, Estimate: true, Select: &selection})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	if w.Estimator() == nil {
		return exit.Usagef("the project has no [[hook]]")
	}
	for _, article := range w.Articles {
		d, err := w.Project.OpenSource(article)
		if err != nil {
			return err
		}
		for _, locale := range w.Targets {
			if _, _, err := w.Project.Prepare(ctx, d, locale); err != nil {
				return err
			}
		}
	}
	estimates := w.Estimator().Estimates()
	if json {
		return e.JSON(estimates)
	}
	if len(estimates) == 0 {
		return e.Println("nothing to ask: the memory has every text")
	}
	return printEstimates(e, estimates)
}

// printEstimates prints a line for each engine.
func printEstimates(e *environment, estimates []hook.Estimate) error {
	for _, s := range estimates {
		line := fmt.Sprintf("%d texts, %d calls, %d characters, about %d + %d tokens", s.Texts, s.Calls, s.Usage.Chars, s.Usage.InputTokens, s.Usage.OutputTokens)
		if s.Cost > 0 {
			line += fmt.Sprintf(", about %s %s", hook.FormatCost(s.Cost), s.Currency)
		}
		if s.AtLeast > 0 {
			line += fmt.Sprintf(", at least %v", s.AtLeast)
		}
		if _, err := fmt.Fprintf(e.Out, "%s\t%s\n", s.Engine, report.Visible(line)); err != nil {
			return err
		}
	}
	return nil
}
