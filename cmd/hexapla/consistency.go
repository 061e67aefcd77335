package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/handoff"
	"hexapla/cmd/internal/workspace"
	"hexapla/locales"
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
			&cli.StringFlag{Name: "source", Usage: "source `LOCALE` of the files"},
			&cli.IntFlag{Name: "min", Usage: "what occurs in at least `N` texts", Value: 3},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			o := consistencyOptions{files: c.Args().Slice(), locales: c.StringSlice("locale"), least: c.Int("min"), json: c.Bool("json")}
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
	files, locales []string
	source         string
	least          int
	json           bool
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
	var err error
	if len(o.files) > 0 {
		err = o.readFiles(add)
	} else {
		err = o.readProject(ctx, e, add)
	}
	if err != nil {
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

func (o *consistencyOptions) readFiles(add func(source, target, document, from, to string)) error {
	var names []string
	for _, l := range o.locales {
		tag, err := locales.Canonical(l)
		if err != nil {
			return exit.Usagef("--locale: %w", err)
		}
		names = append(names, tag)
	}
	for _, name := range o.files {
		units, err := handoff.ReadAnyPairs(name, o.source)
		if err != nil {
			return err
		}
		for u, err := range units {
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			source, target, document := o.source, "", name
			if h := u.Header; h != nil {
				target = h.TargetLocale
				if source == "" {
					source = h.SourceLocale
				}
				if h.Path != "" {
					document = h.Path
				}
			}
			if target == "" && len(names) == 1 {
				target = names[0]
			}
			if source == "" || target == "" {
				return exit.Usagef("%s does not name its languages: give them with --source and --locale", name)
			}
			if len(names) > 0 && !slices.Contains(names, target) {
				continue
			}
			for k := range u.Targets {
				if k < len(u.Segments) && u.Targets[k].Filled {
					add(source, target, document, u.Segments[k].Source.Chars, u.Targets[k].Text.Chars)
				}
			}
		}
	}
	return nil
}

func (o *consistencyOptions) readProject(ctx context.Context, e *environment, add func(source, target, document, from, to string)) (err error) {
	w, err := e.open(ctx, workspace.Options{Memory: workspace.ReadOnly, Select: &workspace.Selection{Locales: o.locales}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	source := w.Config.Project.Source
	for entry, err := range w.Store.Entries(ctx, source, "") {
		if err != nil {
			return err
		}
		if entry.TargetLocale != source && slices.Contains(w.Targets, entry.TargetLocale) {
			document, _, _ := strings.Cut(entry.Place, "#")
			add(source, entry.TargetLocale, document, entry.Source.Chars, entry.Target.Chars)
		}
	}
	return nil
}
