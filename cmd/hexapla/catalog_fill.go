package main

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/catalogdir"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/publish"
	"hexapla/cmd/internal/workspace"
	"hexapla/locales/catalog"
	"hexapla/locales/catalog/update"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/messages"
)

func catalogFillCommand() *cli.Command {
	return &cli.Command{
		Name:  "fill",
		Usage: "draft what is missing from the project's memory and hooks",
		Description: `Translates messages that are missing or stale as the project translates its articles:
from the memory, then by the hooks, held to the glossary. Everything it writes is marked
'# needs review'.

Example:  hexapla catalog fill --locale ru --no-hooks`,
		Flags: catalogFlags(localeFlag(), &cli.BoolFlag{Name: "no-hooks", Usage: "ask the memory only"}, allowHooksFlag(), catalogDryRun()),
		Action: func(c *cli.Context) (err error) {
			o := catalogFillOptions{Hooks: !c.Bool("no-hooks")}
			if o.Locales, err = localesGiven(c); err != nil {
				return err
			}
			if o.catalogEditOptions, err = catalogEditOptionsOf(c); err != nil {
				return err
			}
			return runCatalogFill(c.Context, newEnvironment(c), o)
		},
	}
}

type catalogFillOptions struct {
	catalogEditOptions
	Locales []string // canonical; nil for all
	Hooks   bool     // ask the hooks too
}

func runCatalogFill(ctx context.Context, e *environment, o catalogFillOptions) (err error) {
	if _, err := e.projectFolder(); err != nil {
		return err // without a project there is no memory
	}
	mode := workspace.ReadWrite
	if o.DryRun {
		mode = workspace.DryRun
	}
	w, err := e.open(ctx, workspace.Options{Memory: mode, Engines: o.Hooks && !o.DryRun})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	return eachCatalogs(ctx, e, o.Catalogs, func(d *catalogdir.Dir) error {
		all, found, err := fillCatalogs(ctx, w, d, o.Locales)
		if err != nil {
			return err
		}
		found, failure := publish.EngineFailures(found)
		err = applyCatalogs(e, d, all, found, catalogEditOptions{DryRun: o.DryRun})
		if failure != nil && (err == nil || errors.Is(err, exit.ErrFindings)) {
			return failure // what was drafted is written
		}
		return err
	})
}

// fillCatalogs drafts what is missing in one folder of catalogs.
func fillCatalogs(ctx context.Context, w *workspace.Workspace, d *catalogdir.Dir, given []string) (update.Result, []diag.Diagnostic, error) {
	all := update.Result{Write: catalog.Files{}}
	set, found, err := d.Set()
	if err != nil {
		return all, nil, err
	}
	targets, err := d.TargetLocales(given, set)
	if err != nil {
		return all, nil, err
	}
	found = append(slices.Clone(w.Diagnostics), catalogdir.Unread(set, targets, found)...)
	for _, locale := range targets {
		if !set.Readable(locale) {
			continue
		}
		draft := messages.NewDraft(set, locale, d.Name)
		if len(draft.Document.Units) == 0 {
			continue
		}
		tr, ds, err := w.Prepare(ctx, draft.Document, locale)
		if err != nil {
			return all, nil, err
		}
		found = append(found, ds...)
		r, ds := update.ApplyTranslations(d.Files, d.Source, locale, draft.Translations(tr))
		found = append(found, d.Shown(ds)...)
		all.Changes = append(all.Changes, r.Changes...)
		maps.Copy(all.Write, r.Write)
	}
	diag.Sort(found)
	return all, found, nil
}
