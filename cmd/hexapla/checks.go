package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/checks"
	"hexapla/cmd/internal/exit"
	"hexapla/pipeline/diag"
)

func checksCommand() *cli.Command {
	return &cli.Command{
		Name:      "checks",
		Usage:     "list the ids of all checks and diagnostics",
		UsageText: "hexapla checks [--json] [PREFIX ...]",
		ArgsUsage: "[PREFIX ...]",
		Description: `Each line is an id, its severity and what it means. [quality] disable, [check]
severity and [check] allow name these ids. A PREFIX such as catalog or
quality.quotes limits the list.

Example:  hexapla checks catalog quality

The ids are:

` + listDiagnostics(checks.AllDiagnostics()),
		Flags: []cli.Flag{jsonFlag()},
		Action: func(c *cli.Context) error {
			return runChecks(newEnvironment(c), c.Args().Slice(), c.Bool("json"))
		},
	}
}

func runChecks(e *environment, prefixes []string, json bool) error {
	rules := checks.AllDiagnostics()
	for _, prefix := range prefixes {
		if !slices.ContainsFunc(rules, func(r diag.Rule) bool { return hasIDPrefix(r.ID, prefix) }) {
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
	_, err := fmt.Fprint(e.Out, listDiagnostics(rules))
	return err
}

// hasIDPrefix reports whether an id is prefix, or begins with it at a dot.
func hasIDPrefix(id, prefix string) bool {
	prefix = strings.TrimSuffix(prefix, ".")
	return id == prefix || strings.HasPrefix(id, prefix+".")
}

func listDiagnostics(rules []diag.Rule) string {
	width := 0
	for _, r := range rules {
		width = max(width, len(r.ID))
	}
	var b strings.Builder
	for _, r := range rules {
		fmt.Fprintf(&b, "%-*s  %-7s  %s\n", width, r.ID, r.Severity, r.Description)
	}
	return b.String()
}
