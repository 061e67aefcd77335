package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/exit"
	"hexapla/glossary"
	"hexapla/glossary/tbx"
	"hexapla/locales"
	"hexapla/locales/catalog/rule"
	"hexapla/pipeline"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/jsonl"
	"hexapla/pipeline/exchange/po"
	"hexapla/pipeline/exchange/table"
	"hexapla/pipeline/exchange/tmx"
	"hexapla/pipeline/exchange/xliff"
	"hexapla/pipeline/exchange/xmlscan"
	"hexapla/pipeline/format/charset"
	"hexapla/pipeline/format/html"
	"hexapla/pipeline/format/markdown"
	"hexapla/pipeline/format/plaintext"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/quality"
	"hexapla/pipeline/report"
	"hexapla/pipeline/segment"
)

// commandDiagnostics returns the kinds of diagnostics that this package makes.
func commandDiagnostics() []diag.Rule {
	return append([]diag.Rule{
		{ID: "edition.stale", Severity: diag.Warning, Description: "an edition of an article that has changed since"},
		{ID: "import.form", Severity: diag.Info, Description: "a plural form that the locale does not use"},
		{ID: "tmx.read", Severity: diag.Error, Description: "a TMX file that cannot be read"},
	}, completenessRules...)
}

// allDiagnostics returns the kinds of diagnostics of all packages, sorted by id.
func allDiagnostics() []diag.Rule {
	all := slices.Concat(commandDiagnostics(), pipeline.Diagnostics(), config.Diagnostics(), rule.Diagnostics(), charset.Diagnostics(), exchange.Diagnostics(), glossary.Diagnostics(), hook.Diagnostics(),
		html.Diagnostics(), jsonl.Diagnostics(), locales.Diagnostics(), markdown.Diagnostics(), plaintext.Diagnostics(), po.Diagnostics(), quality.Diagnostics(), report.Diagnostics(),
		segment.Diagnostics(), table.Diagnostics(), tbx.Diagnostics(), tmx.Diagnostics(), xliff.Diagnostics(), xmlscan.Diagnostics())
	diag.SortRules(all)
	return all
}

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

` + listDiagnostics(allDiagnostics()),
		Flags: []cli.Flag{jsonFlag()},
		Action: func(c *cli.Context) error {
			rules := allDiagnostics()
			for _, prefix := range c.Args().Slice() {
				if !slices.ContainsFunc(rules, func(r diag.Rule) bool { return hasIDPrefix(r.ID, prefix) }) {
					return exit.Usagef("no id begins with %q; 'hexapla checks' lists them", prefix)
				}
			}
			if c.Args().Present() {
				rules = slices.DeleteFunc(rules, func(r diag.Rule) bool {
					return !slices.ContainsFunc(c.Args().Slice(), func(prefix string) bool { return hasIDPrefix(r.ID, prefix) })
				})
			}
			if c.Bool("json") {
				enc := json.NewEncoder(c.App.Writer)
				enc.SetIndent("", "  ")
				return enc.Encode(rules)
			}
			_, err := fmt.Fprint(c.App.Writer, listDiagnostics(rules))
			return err
		},
	}
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
