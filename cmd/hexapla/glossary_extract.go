package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/handoff"
	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/glossary"
	"hexapla/locales"
)

func glossaryExtractCommand() *cli.Command {
	return &cli.Command{
		Name:      "extract",
		Usage:     "propose terms: what recurs in the source texts, with translations that recur in the same places",
		ArgsUsage: "[FILE ...]",
		Description: `Reads the project's memory, or bilingual files (XLIFF, TMX, PO, CSV, TSV, XLSX, JSON
Lines) without a project. Proposes recurring names and noun phrases that the glossary does not have, with
the translation that occurs where the term does and seldom elsewhere. The table is to be
edited by a person, and is then a glossary that hexapla reads.

Examples:
  hexapla glossary extract --locale ru,uk --output candidates.csv
  hexapla glossary extract --source en --locale ru memory.tmx`,
		Flags: []cli.Flag{
			localeFlag(),
			&cli.StringFlag{Name: "source", Usage: "source `LOCALE` of the files"},
			&cli.IntFlag{Name: "top", Usage: "at most `N` candidates", Value: 100},
			&cli.IntFlag{Name: "min", Usage: "what occurs in at least `N` texts", Value: 3},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the table to this `FILE`, not to standard output"},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			o := extractOptions{files: c.Args().Slice(), locales: c.StringSlice("locale"), top: c.Int("top"), least: c.Int("min"), output: c.String("output"), json: c.Bool("json")}
			if o.top < 1 || o.least < 2 {
				return exit.Usagef("glossary extract: --top must be 1 or more, --min 2 or more")
			}
			var err error
			if o.source, err = canonicalFlag(c, "source"); err != nil {
				return err
			}
			return runGlossaryExtract(c.Context, newEnvironment(c), o)
		},
	}
}

// extractOptions are the options of glossary extract.
type extractOptions struct {
	files, locales []string
	source         string
	top, least     int
	output         string
	json           bool
}

func runGlossaryExtract(ctx context.Context, e *environment, o extractOptions) error {
	var x *glossary.Extractor
	var known *glossary.Matcher
	var targets []string
	var err error
	if len(o.files) > 0 {
		x, targets, err = o.fromFiles()
	} else {
		x, known, targets, err = o.fromProject(ctx, e)
	}
	if err != nil {
		return err
	}
	list := x.Candidates(o.top, o.least, known)
	if o.json {
		return e.JSON(list)
	}
	data := glossary.EncodeCandidates(o.source, targets, list)
	if o.output == "" {
		_, err := e.Out.Write(data)
		return err
	}
	if !strings.EqualFold(filepath.Ext(o.output), ".csv") {
		return exit.Usagef("--output %s: the extension must be .csv", o.output)
	}
	if err := rootfs.WriteFile(o.output, data); err != nil {
		return err
	}
	return e.Println(e.Count("Candidates", len(list), console.Args{"File": o.output}))
}

// includes reports whether a locale is among those of --locale.
func (o *extractOptions) includes(locale string) bool {
	return len(o.locales) == 0 || slices.Contains(o.locales, locale)
}

func (o *extractOptions) fromFiles() (*glossary.Extractor, []string, error) {
	if o.source == "" {
		o.source = "en"
	}
	if len(o.locales) == 0 {
		return nil, nil, exit.Usagef("glossary extract: --locale LOCALE is required for files")
	}
	for i, l := range o.locales {
		tag, err := locales.Canonical(l)
		if err != nil {
			return nil, nil, exit.Usagef("--locale: %w", err)
		}
		o.locales[i] = tag
	}
	x := glossary.NewExtractor(o.source)
	for _, name := range o.files {
		units, err := handoff.ReadAnyPairs(name, o.source)
		if err != nil {
			return nil, nil, err
		}
		for u, err := range units {
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %w", name, err)
			}
			locale := o.locales[0]
			if u.Header != nil && u.Header.TargetLocale != "" {
				locale = u.Header.TargetLocale
			}
			for k := range u.Targets {
				if k < len(u.Segments) && u.Targets[k].Filled && o.includes(locale) {
					x.Add(locale, u.Segments[k].Source.Chars, u.Targets[k].Text.Chars)
				}
			}
		}
	}
	return x, o.locales, nil
}

func (o *extractOptions) fromProject(ctx context.Context, e *environment) (x *glossary.Extractor, known *glossary.Matcher, targets []string, err error) {
	w, err := e.open(ctx, workspace.Options{Memory: workspace.ReadOnly, Select: &workspace.Selection{Locales: o.locales}})
	if err != nil {
		return nil, nil, nil, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	o.source = w.Config.Project.Source
	targets = slices.DeleteFunc(slices.Clone(w.Targets), func(l string) bool { return l == o.source })
	x = glossary.NewExtractor(o.source)
	for entry, err := range w.Store.Entries(ctx, o.source, "") {
		if err != nil {
			return nil, nil, nil, err
		}
		if slices.Contains(targets, entry.TargetLocale) {
			x.Add(entry.TargetLocale, entry.Source.Chars, entry.Target.Chars)
		}
	}
	if w.Glossary != nil && len(targets) > 0 {
		known = w.Glossary.Matcher(o.source, targets[0], locales.Parents)
	}
	return x, known, targets, nil
}
