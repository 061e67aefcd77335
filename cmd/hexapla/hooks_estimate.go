package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
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
length is counted; what it does not serve goes to another one. A budget or limit of an
engine that is too small for it, with what was used before, is named, too.

Example:  hexapla hooks estimate --locale uk --fail-over-budget`,
		Flags: []cli.Flag{localeFlag(), failOverBudgetFlag(), allowHooksFlag(), jsonFlag()},
		Action: func(c *cli.Context) error {
			return runHooksEstimate(c.Context, newEnvironment(c), workspace.Selection{Articles: c.Args().Slice(), Locales: c.StringSlice("locale")}, c.Bool("fail-over-budget"), c.Bool("json"))
		},
	}
}

func runHooksEstimate(ctx context.Context, e *environment, selection workspace.Selection, failOver, json bool) (err error) {
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
	estimates, err := estimate(ctx, w)
	switch {
	case err != nil:
		return err
	case json:
		err = e.JSON(estimates)
	case len(estimates) == 0:
		err = e.Println("nothing to ask: the memory has every text")
	default:
		err = printEstimates(e, estimates)
	}
	if err == nil && failOver && isOverBudget(estimates) {
		return exit.ErrFindings
	}
	return err
}

// estimate returns what the engines of a workspace would be asked, and which of their
// budgets and limits are too small for it.
func estimate(ctx context.Context, w *workspace.Workspace) ([]hook.Estimate, error) {
	estimates := w.Estimator().Estimates()
	return estimates, w.Estimator().CompareLimits(ctx, estimates)
}

func failOverBudgetFlag() cli.Flag {
	return &cli.BoolFlag{Name: "fail-over-budget", Usage: "exit with status 1 if a budget or limit of an engine is too small for the estimate"}
}

// isOverBudget reports whether a budget or limit is too small for an estimate.
func isOverBudget(estimates []hook.Estimate) bool {
	return slices.ContainsFunc(estimates, func(s hook.Estimate) bool { return len(s.Over) > 0 })
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
		for _, o := range s.Over {
			if _, err := fmt.Fprintf(e.Out, "%s\t%s\n", s.Engine, report.Visible(overrunText(e, o, s.Currency))); err != nil {
				return err
			}
		}
	}
	return nil
}

// overrunText describes a budget or limit that is too small.
func overrunText(e *environment, o hook.Overrun, currency string) string {
	amount := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	if o.Unit == "cost" {
		amount = func(v float64) string { return strings.TrimSpace(hook.FormatCost(v) + " " + currency) }
	}
	args := console.Args{"Spent": amount(o.Spent), "Needed": amount(o.Needed), "Allowed": amount(o.Allowed)}
	switch o.Period {
	case "day":
		args["Period"] = e.Text("PeriodDay")
	case "month":
		args["Period"] = e.Text("PeriodMonth")
	case "ever":
		args["Period"] = e.Text("PeriodEver")
	}
	switch {
	case o.Of == "budget":
		return e.Text("EstimateOverBudget", args)
	case o.Unit == "tokens":
		return e.Text("EstimateOverTokens", args)
	case o.Unit == "cost":
		return e.Text("EstimateOverCost", args)
	}
	return e.Text("EstimateOverChars", args)
}
