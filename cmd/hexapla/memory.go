package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/locales"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

func memoryCommand() *cli.Command {
	return &cli.Command{
		Name:  "memory",
		Usage: "manage the translation memory",
		Subcommands: []*cli.Command{
			memoryImportCommand(), memoryExportCommand(), memoryStatsCommand(), memorySearchCommand(), memoryHistoryCommand(), memoryEditCommand(), memoryUndoCommand(),
			memoryVerifyCommand(), memoryRecoverCommand(), memoryRebuildCommand(), memoryCopyCommand(),
		},
	}
}

func authorFlag() cli.Flag {
	return &cli.StringFlag{Name: "author", Usage: "the `NAME` of who is responsible, for the history", EnvVars: []string{"HEXAPLA_AUTHOR"}}
}

// withMemory calls f with the project and its memory.
func withMemory(ctx context.Context, e *environment, mode workspace.MemoryMode, f func(*workspace.Workspace) error) (err error) {
	w, err := e.open(ctx, workspace.Options{Memory: mode})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	return f(w)
}

func memoryExportCommand() *cli.Command {
	return &cli.Command{
		Name:  "export",
		Usage: "write the memory as TMX 1.4b",
		Description: `Importing the file into an empty memory gives the same memory, without its history.

Example:  hexapla memory export --locale ru --output ru.tmx`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "source", Usage: "only entries of this source `LOCALE`"},
			&cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "only entries of this target `LOCALE`"},
			&cli.StringFlag{Name: "flavor", Usage: "write inline codes for this `TOOL`: omegat"},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE` instead of standard output"},
		},
		Action: func(c *cli.Context) error {
			source, err := canonicalFlag(c, "source")
			if err != nil {
				return err
			}
			target, err := canonicalFlag(c, "locale")
			if err != nil {
				return err
			}
			return runMemoryExport(c.Context, newEnvironment(c), memoryExportOptions{source, target, c.String("flavor"), outputFile(c)})
		},
	}
}

// canonicalFlag returns the canonical form of the locale of a flag, "" if it is
// not set.
func canonicalFlag(c *cli.Context, name string) (string, error) {
	tag := c.String(name)
	if tag == "" {
		return "", nil
	}
	canonical, err := locales.Canonical(tag)
	if err != nil {
		return "", exit.Usagef("--%s: %w", name, err)
	}
	return canonical, nil
}

// memoryExportOptions are the options of memory export.
type memoryExportOptions struct {
	source, target string // locales; "" for all
	flavor         string
	output         string // a file; "" for standard output
}

func runMemoryExport(ctx context.Context, e *environment, o memoryExportOptions) error {
	return withMemory(ctx, e, workspace.ReadOnly, func(w *workspace.Workspace) error {
		if o.output == "" {
			return w.ExportTMX(ctx, e.Out, o.source, o.target, o.flavor)
		}
		return rootfs.WriteFunc(o.output, func(f io.Writer) error {
			return w.ExportTMX(ctx, f, o.source, o.target, o.flavor)
		})
	})
}

func memoryStatsCommand() *cli.Command {
	return &cli.Command{
		Name:        "stats",
		Usage:       "count what is in the memory, by locale",
		Description: "Example:  hexapla memory stats --json",
		Flags:       []cli.Flag{jsonFlag()},
		Action: func(c *cli.Context) error {
			return runMemoryStats(c.Context, newEnvironment(c), c.Bool("json"))
		},
	}
}

func runMemoryStats(ctx context.Context, e *environment, json bool) error {
	return withMemory(ctx, e, workspace.ReadOnly, func(w *workspace.Workspace) error {
		s, err := w.Store.Stats(ctx)
		if err != nil {
			return err
		}
		if json {
			return e.JSON(s)
		}
		t := console.NewTable(e.Text("HeadSource"), e.Text("HeadTarget"), e.Text("HeadEntries"), e.Text("HeadSuperseded"),
			e.Text("StateTranslated"), e.Text("StateReviewed"), e.Text("StateFinal"), e.Text("HeadByPeople"), e.Text("HeadImported"), e.Text("HeadByEngines"))
		for _, p := range s.Pairs {
			t.Row(
				p.SourceLocale, p.TargetLocale, p.Entries, p.Former,
				p.States[bitext.Translated], p.States[bitext.Reviewed], p.States[bitext.Final],
				p.Entries-p.Origins[bitext.FromImport]-p.Origins[bitext.FromEngine], p.Origins[bitext.FromImport], p.Origins[bitext.FromEngine],
			)
		}
		t.AlignRight(3, 10)
		if err := t.Print(e.Out); err != nil {
			return err
		}
		return e.Println("\n" + e.Text("MemoryTotals", console.Args{"Texts": e.Count("SourceTexts", s.Texts), "Batches": e.Count("Batches", s.Batches), "Size": e.Size(s.Bytes)}))
	})
}

func memoryUndoCommand() *cli.Command {
	return &cli.Command{
		Name:      "undo",
		Usage:     "undo a batch; its history stays",
		ArgsUsage: "BATCH",
		Description: `BATCH is the number or the name of a batch. 'hexapla memory history' lists them.

Examples:  hexapla memory undo 12
           hexapla memory undo "agency, second delivery"`,
		Flags: []cli.Flag{authorFlag()},
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return exit.Usagef("memory undo: the number or name of one batch is required; 'hexapla memory history' lists them")
			}
			return runMemoryUndo(c.Context, newEnvironment(c), c.Args().First(), c.String("author"))
		},
	}
}

func runMemoryUndo(ctx context.Context, e *environment, batch, author string) error {
	return withMemory(ctx, e, workspace.ReadWrite, func(w *workspace.Workspace) error {
		id, err := w.FindBatch(ctx, batch)
		if err != nil {
			return err
		}
		n, err := w.Store.Undo(ctx, id, memory.Batch{Author: author, Time: w.Clock()})
		if err != nil {
			return err
		}
		return e.Println(e.Count("BatchWithdrawn", n, console.Args{"Batch": fmt.Sprint(id)}))
	})
}
