package main

import (
	"context"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/catalogdir"
	"hexapla/cmd/internal/exit"
	"hexapla/locales/catalog"
	"hexapla/locales/catalog/update"
	"hexapla/locales/catalog/usage"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
)

// catalogEditOptions are the options of all commands that edit catalogs.
type catalogEditOptions struct {
	Catalogs []catalogdir.Options
	DryRun   bool
	Check    bool // write nothing, and fail if something would be written
}

// catalogCheckFlag returns the flag of editing commands that only report whether there
// is work to do.
func catalogCheckFlag() cli.Flag {
	return &cli.BoolFlag{Name: "check", Usage: "write nothing, and exit with 1 if a file would change (for CI)"}
}

const syncDescription = `Uses goi18n's file names and hashes, so that both can be mixed. What is new or changed
goes to translate.LOCALE files; what was translated there comes back. A stale
translation stays in use and is marked; comments and order stay. A text in use that is
not older than the one in translate.LOCALE stays, and the difference is reported.

Example:  hexapla catalog `

func syncFlags() []cli.Flag {
	return catalogFlags(localeFlag(),
		&cli.BoolFlag{Name: "prune", Usage: "remove from the translations what the source does not have"},
		&cli.BoolFlag{Name: "accept-copies", Usage: "a text in a translate file that equals its source is a translation"},
		&cli.BoolFlag{Name: "no-hashes", Usage: "add no hash to messages that have none, so that a catalog of plain texts stays one"},
		catalogCheckFlag(), catalogDryRun())
}

func catalogSyncCommand() *cli.Command {
	return &cli.Command{
		Name: "sync", Usage: "bring the catalogs into line with the source", Description: syncDescription + "sync --locale ru --check", Flags: syncFlags(),
		Action: func(c *cli.Context) error { return syncAction(c, update.Sync) },
	}
}

func catalogMergeCommand() *cli.Command {
	return &cli.Command{
		Name: "merge", Usage: "move finished translations from translate.LOCALE files into the catalogs", Description: syncDescription + "merge --locale ru", Flags: syncFlags(),
		Action: func(c *cli.Context) error { return syncAction(c, update.Merge) },
	}
}

type syncOperation func(catalog.Files, string, update.SyncOptions) (update.Result, []diag.Diagnostic)

func syncAction(c *cli.Context, operation syncOperation) error {
	targets, err := localesGiven(c)
	if err != nil {
		return err
	}
	o, err := catalogEditOptionsOf(c)
	if err != nil {
		return err
	}
	return runCatalogSync(c.Context, newEnvironment(c), o, operation, update.SyncOptions{Locales: targets, Prune: c.Bool("prune"), AcceptCopies: c.Bool("accept-copies"), NoHashes: c.Bool("no-hashes")})
}

func runCatalogSync(ctx context.Context, e *environment, o catalogEditOptions, operation syncOperation, sync update.SyncOptions) error {
	return editCatalogs(ctx, e, o, func(d *catalogdir.Dir) (update.Result, []diag.Diagnostic, error) {
		r, ds := operation(d.Files, d.Source, sync)
		return r, ds, nil
	})
}

func catalogRenameCommand() *cli.Command {
	return &cli.Command{
		Name: "rename", Usage: "give a message another id in every catalog",
		Description: "Example:  hexapla catalog rename Read ReadMore",
		ArgsUsage:   "FROM TO",
		Flags:       catalogFlags(catalogDryRun()),
		Action: func(c *cli.Context) error {
			if c.NArg() != 2 {
				return exit.Usagef("catalog rename: the old id and the new one are required")
			}
			o, err := catalogEditOptionsOf(c)
			if err != nil {
				return err
			}
			return runCatalogRename(c.Context, newEnvironment(c), o, c.Args().Get(0), c.Args().Get(1))
		},
	}
}

func runCatalogRename(ctx context.Context, e *environment, o catalogEditOptions, from, to string) error {
	found := false
	err := editCatalogs(ctx, e, o, func(d *catalogdir.Dir) (update.Result, []diag.Diagnostic, error) {
		r, ds := update.Rename(d.Files, d.Source, from, to)
		found = found || len(r.Changes)+len(ds) > 0
		if !found && len(o.Catalogs) == 1 {
			return r, ds, exit.Usagef("no catalog has a message %q", from)
		}
		return r, ds, nil
	})
	if err == nil && !found {
		err = exit.Usagef("no catalog has a message %q", from)
	}
	return err
}

func catalogPruneCommand() *cli.Command {
	return &cli.Command{
		Name:      "prune",
		Usage:     "remove messages from every catalog",
		ArgsUsage: "[ID ...]",
		Description: `Removes the messages with these ids, and from the translations those that the source
does not have; with --unused also those that no code uses. Nothing is removed while
the source catalog, or a file of the code, cannot be read; nor, with --unused, while
the theme of a Hugo site is not among the files of --code.

Example:  hexapla catalog prune --unused --code '**/*.go' --dry-run`,
		Flags: catalogFlags(append(codeFlags(), &cli.BoolFlag{Name: "unused", Usage: "remove the messages that --code does not use"}, catalogDryRun())...),
		Action: func(c *cli.Context) error {
			o, err := catalogEditOptionsOf(c)
			if err != nil {
				return err
			}
			return runCatalogPrune(c.Context, newEnvironment(c), catalogPruneOptions{catalogEditOptions: o, IDs: c.Args().Slice(), Unused: c.Bool("unused"), Code: codeOptions(c)})
		},
	}
}

type catalogPruneOptions struct {
	catalogEditOptions
	IDs    []string
	Unused bool // remove also what Code does not use
	Code   catalogdir.CodeOptions
}

func runCatalogPrune(ctx context.Context, e *environment, o catalogPruneOptions) error {
	return editCatalogs(ctx, e, o.catalogEditOptions, func(d *catalogdir.Dir) (update.Result, []diag.Diagnostic, error) {
		ids := slices.Clone(o.IDs)
		if o.Unused {
			u, ds, err := d.ScanCode(ctx, o.Code)
			if err != nil {
				return update.Result{}, ds, err
			}
			if u == nil {
				return update.Result{}, nil, exit.Usagef("catalog prune --unused: --code GLOB is required, or check.code in %s", config.FileName)
			}
			set, _ := catalog.Parse(d.Files, d.Source)
			unused, err := usage.Unused(set, u)
			if err != nil {
				return update.Result{}, nil, exit.UsageError{Err: err}
			}
			ids = append(ids, unused...)
		}
		r, ds := update.Prune(d.Files, d.Source, ids)
		return r, ds, nil
	})
}

func catalogFmtCommand() *cli.Command {
	return &cli.Command{
		Name:        "fmt",
		Usage:       "write the catalogs in canonical form",
		Description: "The order of messages and the comments stay. With --check it writes nothing, and fails\nif a file would change.\n\nExample:  hexapla catalog fmt --check",
		Flags:       catalogFlags(&cli.BoolFlag{Name: "check", Usage: "print the files that would change, and fail if there is one"}, catalogDryRun()),
		Action: func(c *cli.Context) error {
			o, err := catalogEditOptionsOf(c)
			if err != nil {
				return err
			}
			return runCatalogFmt(c.Context, newEnvironment(c), o, c.Bool("check"))
		},
	}
}

func runCatalogFmt(ctx context.Context, e *environment, o catalogEditOptions, check bool) error {
	if !check {
		return editCatalogs(ctx, e, o, func(d *catalogdir.Dir) (update.Result, []diag.Diagnostic, error) {
			r, ds := update.Format(d.Files, d.Source)
			return r, ds, nil
		})
	}
	return eachCatalogs(ctx, e, o.Catalogs, func(d *catalogdir.Dir) error {
		r, ds := update.Format(d.Files, d.Source)
		for _, found := range ds {
			e.Finding(e.Err, found)
		}
		for _, name := range slices.Sorted(maps.Keys(r.Write)) {
			fmt.Fprintln(e.Out, e.Visible(path.Join(filepath.ToSlash(d.Name), name)))
		}
		if len(r.Write) > 0 || len(ds) > 0 {
			return exit.ErrFindings
		}
		return nil
	})
}

func catalogPseudoCommand() *cli.Command {
	return &cli.Command{
		Name:      "pseudo",
		Usage:     "make a catalog that looks translated",
		ArgsUsage: "[LOCALE]",
		Description: `en-XA (the default) has accents, a third more length and brackets; en-XB is written
from right to left. Variables and markup stay.

Example:  hexapla catalog pseudo en-XB`,
		Flags: catalogFlags(catalogDryRun()),
		Action: func(c *cli.Context) error {
			locale := c.Args().First()
			if locale == "" {
				locale = "en-XA"
			}
			o, err := catalogEditOptionsOf(c)
			if err != nil {
				return err
			}
			return runCatalogPseudo(c.Context, newEnvironment(c), o, locale)
		},
	}
}

func runCatalogPseudo(ctx context.Context, e *environment, o catalogEditOptions, locale string) error {
	return editCatalogs(ctx, e, o, func(d *catalogdir.Dir) (update.Result, []diag.Diagnostic, error) {
		r, ds := update.Pseudo(d.Files, d.Source, locale)
		return r, ds, nil
	})
}
