package main

import (
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/catalogdir"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/workspace"
	"hexapla/locales/catalog/rule"
	"hexapla/locales/message"
	"hexapla/pipeline/diag"
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
		&cli.StringFlag{Name: "catalog", Usage: "only the catalogs of this `NAME`, of those in [[catalogs]]"},
		&cli.StringFlag{Name: "type", Usage: "`FORMAT` of the catalogs: " + strings.Join(message.Formats(), ", ") + " (default: the project's, else " + message.GoI18n + ")"},
		&cli.StringFlag{Name: "source", Usage: "the `LOCALE` of the source messages (default: the project's, else en)"},
		&cli.StringSliceFlag{Name: "exclude", Usage: "leave out the files of the folder that match this `GLOB`, such as 'old/**'; may be given again"},
	}, more...)
}

func catalogDryRun() cli.Flag {
	return &cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "write nothing; print what would change"}
}

// catalogOptions returns the values of catalogFlags: one for each of the project's
// catalogs, if there is a project, no folder is named, and none of them is chosen.
func catalogOptions(c *cli.Context) ([]catalogdir.Options, error) {
	o := catalogdir.Options{Dir: c.String("dir"), Source: c.String("source"), Exclude: c.StringSlice("exclude"), Format: c.String("type")}
	if err := readCatalogProject(c, &o); err != nil {
		return nil, err
	}
	return catalogdir.Select(o, c.String("catalog"))
}

// readCatalogProject reads the configuration of the project, if there is one.
func readCatalogProject(c *cli.Context, o *catalogdir.Options) error {
	root, err := projectFolder(c)
	if err != nil {
		return nil // no project is needed
	}
	cfg, err := workspace.ReadConfig(root)
	if errors.Is(err, fs.ErrNotExist) {
		if newEnvironment(c).Project == "" {
			return nil
		}
		// A folder that the user names must be there, with or without a project.
		if _, err := os.Stat(root); err != nil {
			return exit.Usagef("--project: %w", err)
		}
		o.Project = root
		return nil
	} else if err != nil {
		return exit.UsageError{Err: err}
	}
	o.Project, o.Config = root, cfg
	return nil
}

// codeFlags returns the flags of commands that look for messages in code.
func codeFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "code", Usage: "look for messages in the files of this `GLOB` (Go sources, templates, JavaScript and TypeScript); may be given again"},
		&cli.StringSliceFlag{Name: "call", Usage: "calls of the function `NAME`, or NAME:N for its argument N from 0, are uses of a message, in Go code and templates; may be given again"},
		&cli.StringFlag{Name: "code-dir", Usage: "`FOLDER` that the globs are for (default: the current one; the project's for its own globs)"},
	}
}

// codeOptions returns the values of codeFlags.
func codeOptions(c *cli.Context) catalogdir.CodeOptions {
	return catalogdir.CodeOptions{Globs: c.StringSlice("code"), Dir: c.String("code-dir"), Calls: c.StringSlice("call")}
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
