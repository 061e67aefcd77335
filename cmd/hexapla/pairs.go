package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/handoff"
	"hexapla/cmd/internal/workspace"
	"hexapla/locales"
	"hexapla/pipeline/exchange/table"
)

// pairSource is where a command reads translated texts from: bilingual files, or without
// any the memory of the project. locales are the targets, all if there are none; read
// makes them canonical, and sets those of the project, and its source if none is given.
type pairSource struct {
	files, locales []string
	source         string // "" for what the files say, or for that of the project
}

// read calls add with each text and its translation. document is the path of an article,
// or the name of the file. opened is called with the project before, if it is read.
func (o *pairSource) read(ctx context.Context, e *environment, opened func(*workspace.Workspace), add func(source, target, document, from, to string)) error {
	if len(o.files) == 0 {
		return o.readMemory(ctx, e, opened, add)
	}
	for i, l := range o.locales {
		tag, err := locales.Canonical(l)
		if err != nil {
			return exit.Usagef("--locale: %w", err)
		}
		o.locales[i] = tag
	}
	for _, name := range o.files {
		if err := o.readFile(ctx, e, name, add); err != nil {
			return err
		}
	}
	return nil
}

func (o *pairSource) readFile(ctx context.Context, e *environment, name string, add func(source, target, document, from, to string)) error {
	units, err := handoff.ReadAnyPairs(ctx, name, table.PairOptions{Source: o.source}, e.In)
	if err != nil {
		return err
	}
	for u, err := range units {
		if ctx.Err() != nil {
			return ctx.Err()
		}
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
		if target == "" && len(o.locales) == 1 {
			target = o.locales[0]
		}
		if source == "" || target == "" {
			return exit.Usagef("%s does not name its languages: give them with --source and --locale", name)
		}
		if len(o.locales) > 0 && !slices.Contains(o.locales, target) {
			continue
		}
		for k := range u.Targets {
			if k < len(u.Segments) && u.Targets[k].Filled {
				add(source, target, document, u.Segments[k].Source.Chars, u.Targets[k].Text.Chars)
			}
		}
	}
	return nil
}

func (o *pairSource) readMemory(ctx context.Context, e *environment, opened func(*workspace.Workspace), add func(source, target, document, from, to string)) (err error) {
	w, err := e.open(ctx, workspace.Options{Memory: workspace.ReadOnly, Select: &workspace.Selection{Locales: o.locales}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	o.source = cmp.Or(o.source, w.Config.Project.Source)
	o.locales = slices.DeleteFunc(slices.Clone(w.Targets), func(l string) bool { return l == o.source })
	opened(w)
	for entry, err := range w.Store.Entries(ctx, o.source, "") {
		if err != nil {
			return err
		}
		if slices.Contains(o.locales, entry.TargetLocale) {
			document, _, _ := strings.Cut(entry.Place, "#")
			add(o.source, entry.TargetLocale, document, entry.Source.Chars, entry.Target.Chars)
		}
	}
	return nil
}
