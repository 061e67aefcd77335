package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/quality"
)

func consistencyCommand() *cli.Command {
	return &cli.Command{
		Name:      "consistency",
		Usage:     "report names and short texts that are translated in several ways",
		ArgsUsage: "[FILE ...]",
		Description: `Reads the project's memory, or bilingual files (XLIFF, TMX, PO, CSV, TSV, XLSX, JSON
Lines) without a project, and compares all documents. Lists names of the source with the ways in
which they are written in the translations, inflected forms counted as one, and headings, labels and other short texts
with several translations. It is a report for editors: nothing fails.

Examples:
  hexapla consistency --locale ru
  hexapla consistency --source en --locale uk --min 2 first.xlf second.xlf`,
		Flags: []cli.Flag{
			localeFlag(),
			&cli.StringFlag{Name: "source", Usage: "source `LOCALE` of the files, or of the texts of the memory (default for these: project.source)"},
			&cli.IntFlag{Name: "min", Usage: "what occurs in at least `N` texts", Value: 3},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			o := consistencyOptions{pairSource: pairSource{files: c.Args().Slice(), locales: c.StringSlice("locale")}, least: c.Int("min"), json: c.Bool("json")}
			if o.least < 2 {
				return exit.Usagef("consistency: --min must be 2 or more")
			}
			var err error
			if o.source, err = canonicalFlag(c, "source"); err != nil {
				return err
			}
			return runConsistency(c.Context, newEnvironment(c), o)
		},
	}
}

// consistencyOptions are the options of consistency.
type consistencyOptions struct {
	pairSource
	least int
	json  bool
}

func runConsistency(ctx context.Context, e *environment, o consistencyOptions) error {
	byLocale := map[string]*quality.Consistency{}
	var order []string
	add := func(source, target, document, from, to string) {
		c := byLocale[target]
		if c == nil {
			c = quality.NewConsistency(source, target)
			byLocale[target] = c
			order = append(order, target)
		}
		c.Add(document, from, to)
	}
	if err := o.read(ctx, e, func(*workspace.Workspace) {}, add); err != nil {
		return err
	}
	slices.Sort(order)
	list := []quality.Inconsistency{}
	for _, l := range order {
		list = append(list, byLocale[l].Report(o.least)...)
	}
	if o.json {
		return e.JSON(list)
	}
	for _, x := range list {
		if err := e.Println(fmt.Sprintf("%s: %s", x.Locale, x.Source)); err != nil {
			return err
		}
		for _, f := range x.Forms {
			if err := e.Println(strings.TrimRight(fmt.Sprintf("  %6d  %s  %s", f.Count, f.Text, strings.Join(f.Documents, ", ")), " ")); err != nil {
				return err
			}
		}
	}
	return e.Println(e.Count("Inconsistencies", len(list), console.Args{}))
}
