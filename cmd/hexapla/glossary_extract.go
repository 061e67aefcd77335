package main

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
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
			&cli.StringFlag{Name: "source", Usage: "source `LOCALE` of the files, or of the texts of the memory (default for these: project.source)"},
			&cli.IntFlag{Name: "top", Usage: "at most `N` candidates", Value: 100},
			&cli.IntFlag{Name: "min", Usage: "what occurs in at least `N` texts", Value: 3},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the table to this `FILE`, not to standard output"},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			o := extractOptions{pairSource: pairSource{files: c.Args().Slice(), locales: c.StringSlice("locale")}, top: c.Int("top"), least: c.Int("min"), output: outputFile(c), json: c.Bool("json")}
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
	pairSource
	top, least int
	output     string
	json       bool
}

func runGlossaryExtract(ctx context.Context, e *environment, o extractOptions) error {
	if len(o.files) > 0 {
		if o.source == "" {
			o.source = "en"
		}
		if len(o.locales) == 0 {
			return exit.Usagef("glossary extract: --locale LOCALE is required for files")
		}
	}
	var known *glossary.Matcher
	var x *glossary.Extractor
	err := o.read(ctx, e, func(w *workspace.Workspace) {
		if w.Glossary != nil && len(o.locales) > 0 {
			known = w.Glossary.Matcher(o.source, o.locales[0], locales.Parents)
		}
	}, func(source, target, _, from, to string) {
		if x == nil {
			x = glossary.NewExtractor(source)
		}
		x.Add(target, from, to)
	})
	if err != nil {
		return err
	}
	if x == nil {
		x = glossary.NewExtractor(o.source)
	}
	list := x.Candidates(o.top, o.least, known)
	if o.json {
		return e.JSON(list)
	}
	data := glossary.EncodeCandidates(o.source, o.locales, list)
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
