package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/catalogdir"
	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/locales/catalog/update"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/report"
)

// eachCatalogs runs a command on each of several catalogs, with a line above that names
// them if there are several. What one finds does not stop the others.
func eachCatalogs(ctx context.Context, e *environment, all []catalogdir.Options, run func(*catalogdir.Dir) error) error {
	var found error
	for _, o := range all {
		if err := oneCatalogs(ctx, e, o, run); errors.Is(err, exit.ErrFindings) {
			found = err
		} else if err != nil {
			return err
		}
	}
	return found
}

func oneCatalogs(ctx context.Context, e *environment, o catalogdir.Options, run func(*catalogdir.Dir) error) error {
	d, err := catalogdir.Open(ctx, o)
	if err != nil {
		return err
	}
	defer d.Close()
	describeCatalogs(e, d)
	if d.Title != "" {
		fmt.Fprintf(e.Out, "# %s\n", report.Visible(d.Title))
	}
	return run(d)
}

// describeCatalogs prints what was read.
func describeCatalogs(e *environment, d *catalogdir.Dir) {
	e.Detail("VerboseCatalogs", console.Args{"Folder": d.Name, "Files": e.Count("Files", len(d.Files)), "Format": d.Format, "Source": d.Source})
}

func catalogEditOptionsOf(c *cli.Context) (catalogEditOptions, error) {
	all, err := catalogOptions(c)
	if err != nil {
		return catalogEditOptions{}, err
	}
	if err := writable(all); err != nil {
		return catalogEditOptions{}, err
	}
	return catalogEditOptions{Catalogs: all, DryRun: c.Bool("dry-run"), Check: c.Bool("check")}, nil
}

// writable returns an error if some of the catalogs are of a format that is only read.
func writable(all []catalogdir.Options) error {
	for _, o := range all {
		if err := o.ReadOnly(); err != nil {
			return err
		}
	}
	return nil
}

// editCatalogs runs an operation on each of the catalogs, and applies its results.
func editCatalogs(ctx context.Context, e *environment, o catalogEditOptions, edit func(*catalogdir.Dir) (update.Result, []diag.Diagnostic, error)) error {
	return eachCatalogs(ctx, e, o.Catalogs, func(d *catalogdir.Dir) error {
		var ds []diag.Diagnostic
		var failed error
		r, err := unlessDone(ctx, func() (r update.Result) {
			r, ds, failed = edit(d)
			return r
		})
		if err == nil { // else edit may still set them
			err = failed
		}
		if err != nil {
			return err
		}
		return applyCatalogs(e, d, r, ds, o)
	})
}

// applyCatalogs writes what an operation changed in the catalogs, unless it is a dry
// run, and prints the findings and changes.
func applyCatalogs(e *environment, d *catalogdir.Dir, r update.Result, ds []diag.Diagnostic, o catalogEditOptions) error {
	dryRun := o.DryRun || o.Check
	for _, found := range ds {
		e.Finding(e.Err, found)
	}
	for _, ch := range r.Changes {
		fmt.Fprintf(e.Out, "%s\t%s\t%s\n", ch.Kind, ch.Locale, report.Visible(ch.ID))
	}
	if !dryRun {
		if err := d.Apply(r); err != nil {
			return err
		}
	}
	args := console.Args{"Changes": e.Count("Changes", len(r.Changes)), "Written": e.Count("FilesWritten", len(r.Write)), "Removed": e.Count("FilesRemoved", len(r.Delete))}
	id := "CatalogWritten"
	switch {
	case dryRun:
		id = "CatalogDry"
	case len(r.Delete) > 0:
		id = "CatalogRemoved"
	}
	if err := e.Println(e.Text(id, args)); err != nil {
		return err
	}
	if o.Check && len(r.Write)+len(r.Delete) > 0 {
		return exit.ErrFindings
	}
	return failOnErrors(ds)
}

// theOnly returns the only ones of several catalogs; a command that cannot know which
// are meant fails.
func theOnly(all []catalogdir.Options, reason string) (catalogdir.Options, error) {
	if len(all) == 1 {
		return all[0], nil
	}
	var names []string
	for _, o := range all {
		names = append(names, o.Table.Name)
	}
	return catalogdir.Options{}, exit.Usagef("%s: --catalog NAME is required; there are %s", reason, strings.Join(names, ", "))
}
