package main

import (
	"context"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/handoff"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/memory"
)

func memoryImportCommand() *cli.Command {
	return &cli.Command{
		Name:      "import",
		Usage:     "import TMX and bilingual files of any origin into the memory",
		ArgsUsage: "FILE ...",
		Description: `Takes TMX, XLIFF 1.2 and 2, PO, CSV, TSV, XLSX and JSON Lines files, also those of other
projects and tools, and tables of two columns; 'hexapla import' reads what 'export' wrote. All files are
one batch, which 'memory undo' undoes. What the memory already has is not stored again;
nothing is overwritten. The FILE - is standard input; its type is known by its content.

Examples:
  hexapla memory import --author "Agency A" project.tmx
  hexapla memory import --locale ru old-site.po terms.tsv
  zcat memory.tmx.gz | hexapla memory import -`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "the target `LOCALE` of files that do not name theirs"},
			authorFlag(), batchNameFlag(), jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			if c.NArg() == 0 {
				return exit.Usagef("memory import: at least one FILE is required")
			}
			locale, err := canonicalFlag(c, "locale")
			if err != nil {
				return err
			}
			return runMemoryImport(c.Context, newEnvironment(c), memoryImportOptions{
				files: c.Args().Slice(), locale: locale, batch: memory.Batch{Author: c.String("author"), Name: c.String("name")}, json: c.Bool("json"),
			})
		},
	}
}

// memoryImportOptions are the options of memory import.
type memoryImportOptions struct {
	files    []string
	locale   string                   // target of files that name none
	localeOf func(name string) string // the locale for each file, in place of locale; may be nil
	batch    memory.Batch
	json     bool
}

func runMemoryImport(ctx context.Context, e *environment, o memoryImportOptions) error {
	// All files are opened before the first is imported.
	sources := make([]*handoff.Source, len(o.files))
	units := make([]handoff.Units, len(o.files))
	files := make([]io.ReadCloser, len(o.files)) // those of TMX
	for i, name := range o.files {
		var err error
		if sources[i], err = handoff.NewSource(ctx, name, e.In); err != nil {
			return err
		}
		if files[i], err = sources[i].Open(); err != nil {
			return err
		}
		defer files[i].Close()
		if sources[i].Ext == ".tmx" {
			continue
		}
		if units[i], err = sources[i].Units(""); err != nil {
			return err
		}
	}
	return withMemory(ctx, e, workspace.ReadWrite, func(w *workspace.Workspace) error {
		var all []diag.Diagnostic
		o.batch.Note, o.batch.Time = batchNote(o.files), w.Clock()
		for i, name := range o.files {
			locale := o.locale
			if o.localeOf != nil {
				locale = o.localeOf(name)
			}
			var r memory.Result
			var ds []diag.Diagnostic
			var err error
			if units[i] == nil {
				r, ds, err = w.ImportTMX(ctx, o.batch, name, files[i])
			} else if pairs, ok := sources[i].Pairs(w.Config.Project.Source, locale); ok {
				r, err = w.ImportEntries(ctx, o.batch, pairs)
			} else {
				skipped := 0
				r, err = w.ImportEntries(ctx, o.batch, exchange.Entries(units[i](nil), w.Config.Project.Source, locale, &skipped))
				if skipped > 0 {
					ds = append(ds, diag.Diagnostic{
						ID: "import.codes", Severity: diag.Warning, Place: diag.Place{Path: name},
					}.Messagef("translations whose tags do not fit their source or whose letters are lost, not imported: %d", diag.Arg("skipped", skipped)))
				}
			}
			if err != nil {
				return err
			}
			if r.Batch != 0 {
				o.batch.ID = r.Batch
			}
			for _, d := range ds {
				e.Finding(e.Err, d)
			}
			all = append(all, ds...)
			if o.json {
				err = e.JSON(newAddReport(r))
			} else if r.Batch == 0 {
				err = e.Println(e.Text("MemoryImportedNothing", console.Args{"File": name, "Unchanged": r.Unchanged}))
			} else {
				err = e.Println(e.Text("MemoryImported", console.Args{"File": name, "Added": r.Added, "Superseded": r.Superseded, "Unchanged": r.Unchanged, "Batch": fmt.Sprint(r.Batch)}))
			}
			if err != nil {
				return err
			}
		}
		return findingsError(all)
	})
}
