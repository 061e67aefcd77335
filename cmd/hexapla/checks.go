package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/checks"
	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/quality"
	"hexapla/pipeline/report"
)

func checksCommand() *cli.Command {
	return &cli.Command{
		Name:      "checks",
		Usage:     "list the ids of all checks and diagnostics",
		UsageText: "hexapla checks [--examples | --json] [PREFIX ...]",
		ArgsUsage: "[PREFIX ...]",
		Description: `Each line is an id, its severity and what it means. [quality] disable, [check]
severity and [check] allow name these ids. A PREFIX such as catalog or
quality.quotes limits the list.

Examples:
  hexapla checks catalog quality
  hexapla checks --examples quality.numbers`,
		Flags: []cli.Flag{&cli.BoolFlag{Name: "examples", Usage: "with an example for each check of translations"}, jsonFlag()},
		Action: func(c *cli.Context) error {
			return runChecks(newEnvironment(c), c.Args().Slice(), c.Bool("examples"), c.Bool("json"))
		},
	}
}

func runChecks(e *environment, prefixes []string, examples, json bool) error {
	rules := checks.AllDiagnostics()
	for _, prefix := range prefixes {
		if !slices.ContainsFunc(rules, func(r diag.Rule) bool { return hasIDPrefix(r.ID, prefix) }) {
			var ids []string
			for _, r := range rules {
				ids = append(ids, r.ID)
			}
			if near := diag.Nearest(prefix, ids); near != "" {
				return exit.Usagef("no id begins with %q: did you mean %q?", prefix, near)
			}
			return exit.Usagef("no id begins with %q; 'hexapla checks' lists them", prefix)
		}
	}
	if len(prefixes) > 0 {
		rules = slices.DeleteFunc(rules, func(r diag.Rule) bool {
			return !slices.ContainsFunc(prefixes, func(prefix string) bool { return hasIDPrefix(r.ID, prefix) })
		})
	}
	if json {
		return e.JSON(rules)
	}
	if !examples {
		return listDiagnostics(e.Out, rules)
	}
	list := quality.Examples()
	for _, r := range rules {
		fmt.Fprintf(e.Out, "%s\n  %s: %s\n", r.ID, r.Severity, r.Description)
		if x, ok := list[r.ID]; ok {
			fmt.Fprintf(e.Out, "  en  %s\n  %-3s %s\n", report.Visible(x.Source), x.Locale, report.Visible(x.Target))
		}
	}
	return nil
}

// hasIDPrefix reports whether an id is prefix, or begins with it at a dot.
func hasIDPrefix(id, prefix string) bool {
	prefix = strings.TrimSuffix(prefix, ".")
	return id == prefix || strings.HasPrefix(id, prefix+".")
}

func listDiagnostics(w io.Writer, rules []diag.Rule) error {
	t := console.NewList("")
	for _, r := range rules {
		t.Row(r.ID, r.Severity, r.Description)
	}
	return t.Print(w)
}
