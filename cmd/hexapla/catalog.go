package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/catalogdir"
	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/workspace"
	"hexapla/locales/catalog/rule"
	"hexapla/locales/catalog/update"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/report"
)

func catalogCommand() *cli.Command {
	return &cli.Command{
		Name:  "catalog",
		Usage: "check and edit go-i18n message catalogs",
		Subcommands: []*cli.Command{
			catalogCheckCommand(), catalogStatsCommand(), catalogShowCommand(),
			catalogExtractCommand(), catalogSyncCommand(), catalogMergeCommand(),
			catalogRenameCommand(), catalogPruneCommand(), catalogFmtCommand(), catalogPseudoCommand(),
			catalogExportCommand(), catalogImportCommand(), catalogFillCommand(),
		},
	}
}

// catalogFlags returns the flags of every catalog command. None of them needs a
// project.
func catalogFlags(more ...cli.Flag) []cli.Flag {
	return append([]cli.Flag{
		&cli.StringFlag{Name: "dir", Usage: "the catalogs' `FOLDER` (default: the project's, else locales)"},
		&cli.StringFlag{Name: "source", Usage: "the `LOCALE` of the source messages (default: the project's, else en)"},
		&cli.StringSliceFlag{Name: "exclude", Usage: "leave out the files of the folder that match this `GLOB`, such as 'old/**'; may be given again"},
	}, more...)
}

func catalogDryRun() cli.Flag {
	return &cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "write nothing; print what would change"}
}

// catalogOptions returns the values of catalogFlags, and the configuration of the
// project if there is one.
func catalogOptions(c *cli.Context) (catalogdir.Options, error) {
	o := catalogdir.Options{Dir: c.String("dir"), Source: c.String("source"), Exclude: c.StringSlice("exclude")}
	root, err := projectFolder(c)
	if err != nil {
		return o, nil // no project is needed
	}
	name := filepath.Join(root, config.FileName)
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		if newEnvironment(c).Project == "" {
			return o, nil
		}
		// A folder that the user names must be there, with or without a project.
		if _, err := os.Stat(root); err != nil {
			return o, exit.Usagef("--project: %w", err)
		}
		o.Project = root
		return o, nil
	} else if err != nil {
		return o, exit.UsageError{Err: err}
	}
	cfg, err := workspace.ParseConfig(name, data)
	if err != nil {
		return o, exit.UsageError{Err: err}
	}
	o.Project, o.Config = root, cfg
	return o, nil
}

// codeFlags returns the flags of commands that look for messages in code.
func codeFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "code", Usage: "look for messages in the files of this `GLOB` (Go sources, templates, JavaScript and TypeScript); may be given again"},
		&cli.StringSliceFlag{Name: "call", Usage: "calls of the function `NAME`, or NAME:N for its argument N from 0, are uses of a message, in Go code and templates; may be given again"},
		&cli.StringFlag{Name: "code-dir", Usage: "`FOLDER` that the globs are for", Value: "."},
	}
}

// codeOptions returns the values of codeFlags.
func codeOptions(c *cli.Context) catalogdir.CodeOptions {
	return catalogdir.CodeOptions{Globs: c.StringSlice("code"), Dir: c.String("code-dir"), Calls: c.StringSlice("call")}
}

// applyCatalogs writes what an operation changed in the catalogs, unless it is a dry
// run, and prints the findings and changes.
func applyCatalogs(e *environment, d *catalogdir.Dir, r update.Result, ds []diag.Diagnostic, o catalogEditOptions) error {
	dryRun := o.DryRun || o.Check
	for _, found := range ds {
		console.Finding(e.Err, found)
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

// failOnErrors returns exit.ErrFindings if one of the diagnostics is an error.
func failOnErrors(ds []diag.Diagnostic) error {
	for _, d := range ds {
		if rule.IsError(d) {
			return exit.ErrFindings
		}
	}
	return nil
}
