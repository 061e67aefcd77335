package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/locales"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange/tmx"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/sqlite"
)

func memoryCommand() *cli.Command {
	return &cli.Command{
		Name:  "memory",
		Usage: "look after the translation memory",
		Subcommands: []*cli.Command{
			memoryImportCommand(), memoryExportCommand(), memoryStatsCommand(), memoryHistoryCommand(), memoryUndoCommand(),
		},
	}
}

// withMemory runs f on the project's memory.
func withMemory(c *cli.Context, f func(*project) error) (err error) {
	p, err := loadProject(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if err := p.openMemory(c.Context); err != nil {
		return err
	}
	return f(p)
}

// openScratchMemory gives a dry run the memory that a real run would have. The
// real one is read without being written to; where TMX files are yet to be taken
// in, or there is no memory yet, that is done in a copy, which is removed.
func (p *project) openScratchMemory(ctx context.Context) error {
	path := p.dir.Path(p.Config.Memory.Path)
	real, err := sqlite.Open(ctx, path, sqlite.Options{ReadOnly: true})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if real != nil {
		pending, err := p.pendingTMX(ctx, real)
		if err == nil && len(pending) == 0 {
			p.store, p.Memory = real, real
			return nil
		}
		if err != nil {
			return errors.Join(err, real.Close())
		}
		defer real.Close()
	}
	dir, err := os.MkdirTemp("", "hexapla-")
	if err != nil {
		return err
	}
	p.scratch = dir
	store, err := sqlite.Open(ctx, filepath.Join(dir, "memory.db"), sqlite.Options{})
	if err != nil {
		return err
	}
	p.store, p.Memory = store, store
	if real != nil {
		if _, err := store.AddAll(ctx, memory.Batch{Time: p.Clock()}, real.Entries(ctx, "", "")); err != nil {
			return err
		}
	}
	return p.takeTMX(ctx)
}

// importTMX takes a TMX file into the memory, in one batch. Files have locales in
// any form; look-up goes by the project's.
func (p *project) importTMX(ctx context.Context, batch memory.Batch, name string, r io.Reader) (memory.Result, error) {
	entries := tmx.Entries(tmx.Decode(r, tmx.Options{Name: name}), p.Config.Project.Source)
	known := map[string]string{}
	own := func(tag string) string {
		if c, ok := known[tag]; ok {
			return c
		}
		c, err := locales.Canonical(tag)
		if err == nil {
			c = p.Config.Nearest(c)
		} else {
			c = tag
		}
		known[tag] = c
		return c
	}
	return p.store.AddAll(ctx, batch, func(yield func(bitext.Entry, error) bool) {
		for e, err := range entries {
			e.SourceLocale, e.TargetLocale = own(e.SourceLocale), own(e.TargetLocale)
			if !yield(e, err) {
				return
			}
		}
	})
}

func memoryImportCommand() *cli.Command {
	return &cli.Command{
		Name:      "import",
		Usage:     "take TMX files into the memory",
		ArgsUsage: "FILE.tmx ...",
		Description: `Each file is one batch, which 'memory undo' takes back. What the memory has already is
not stored again; nothing is overwritten.`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "author", Usage: "who answers for it, for the history", EnvVars: []string{"HEXAPLA_AUTHOR"}},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			if c.NArg() == 0 {
				return exit.Usagef("memory import wants at least one FILE.tmx")
			}
			w := printer(c)
			return withMemory(c, func(p *project) error {
				for _, name := range c.Args().Slice() {
					f, err := os.Open(name)
					if err != nil {
						return exit.UsageError{Err: err}
					}
					batch := memory.Batch{Author: c.String("author"), Note: filepath.Base(name), Time: p.Clock()}
					r, err := p.importTMX(c.Context, batch, name, f)
					if err = errors.Join(err, f.Close()); err != nil {
						return err
					}
					if c.Bool("json") {
						err = printer(c).JSON(r)
					} else {
						_, err = fmt.Fprintln(c.App.Writer, w.Text("MemoryImported", console.Args{"File": name, "Added": r.Added, "Superseded": r.Superseded, "Unchanged": r.Unchanged, "Batch": fmt.Sprint(r.Batch)}))
					}
					if err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
}

func memoryExportCommand() *cli.Command {
	return &cli.Command{
		Name:        "export",
		Usage:       "write the memory as TMX 1.4b",
		Description: "Importing the file into an empty memory gives the same memory, without its history.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "source", Usage: "only entries of this source `LOCALE`"},
			&cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "only entries of this target `LOCALE`"},
			&cli.StringFlag{Name: "flavor", Usage: "write inline codes for this `TOOL`: omegat"},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE` instead of standard output"},
		},
		Action: func(c *cli.Context) error {
			return withMemory(c, func(p *project) error {
				name := c.String("output")
				if name == "" {
					return exportTMX(c, p, c.App.Writer)
				}
				dir, err := rootfs.Open(filepath.Dir(name))
				if err != nil {
					return err
				}
				defer dir.Close()
				f, err := dir.CreateFile(filepath.Base(name))
				if err != nil {
					return err
				}
				if err := exportTMX(c, p, f); err != nil {
					return errors.Join(err, f.Abort())
				}
				return f.Commit()
			})
		},
	}
}

func memoryStatsCommand() *cli.Command {
	return &cli.Command{
		Name:  "stats",
		Usage: "count what is in the memory, by locale",
		Flags: []cli.Flag{jsonFlag()},
		Action: func(c *cli.Context) error {
			return withMemory(c, func(p *project) error {
				s, err := p.store.Stats(c.Context)
				if err != nil {
					return err
				}
				if c.Bool("json") {
					return printer(c).JSON(s)
				}
				w := printer(c)
				t := console.NewTable(w.Text("HeadSource"), w.Text("HeadTarget"), w.Text("HeadEntries"), w.Text("HeadFormer"),
					w.Text("StateTranslated"), w.Text("StateReviewed"), w.Text("StateFinal"), w.Text("HeadByPeople"), w.Text("HeadByEngines"))
				for _, p := range s.Pairs {
					t.Row(
						p.SourceLocale, p.TargetLocale, p.Entries, p.Former,
						p.States[bitext.Translated], p.States[bitext.Reviewed], p.States[bitext.Final],
						p.Entries-p.Origins[bitext.FromEngine], p.Origins[bitext.FromEngine],
					)
				}
				t.AlignRight(3, 9)
				totals := w.Text("MemoryTotals", console.Args{"Texts": w.Count("SourceTexts", s.Texts), "Batches": w.Count("Batches", s.Batches), "Size": w.Size(s.Bytes)})
				if err := t.Print(c.App.Writer); err != nil {
					return err
				}
				_, err = fmt.Fprintf(c.App.Writer, "\n%s\n", totals)
				return err
			})
		},
	}
}

func memoryHistoryCommand() *cli.Command {
	return &cli.Command{
		Name:      "history",
		Usage:     "list what was added to the memory, or the versions of one text",
		ArgsUsage: "[SOURCE TEXT]",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "only this target `LOCALE`"},
			&cli.Int64Flag{Name: "batch", Usage: "the versions of this batch `NUMBER`"},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			return withMemory(c, func(p *project) error {
				if c.NArg() == 0 && !c.IsSet("batch") && !c.IsSet("locale") {
					return printBatches(c, p)
				}
				return printVersions(c, p)
			})
		},
	}
}

func printBatches(c *cli.Context, p *project) error {
	batches, err := p.store.Batches(c.Context)
	if err != nil {
		return err
	}
	if c.Bool("json") {
		return printer(c).JSON(batches)
	}
	w := printer(c)
	t := console.NewTable(w.Text("HeadBatch"), w.Text("HeadTime"), w.Text("HeadAuthor"), w.Text("HeadVersions"), w.Text("HeadNote"))
	for _, b := range batches {
		note := b.Note
		if b.Undoes != 0 {
			note = w.Text("BatchUndoes", console.Args{"Batch": fmt.Sprint(b.Undoes)})
		}
		if b.Undone != 0 {
			note = w.Text("BatchUndone", console.Args{"Note": note, "Batch": fmt.Sprint(b.Undone)})
		}
		t.Row(b.ID, b.Time.Format("2006-01-02 15:04:05"), b.Author, b.Versions, note)
	}
	err = t.Print(c.App.Writer)
	return err
}

func printVersions(c *cli.Context, p *project) error {
	f := memory.Filter{Batch: c.Int64("batch")}
	if c.NArg() > 0 {
		f.Source = bitext.Plain(c.Args().First())
	}
	if l := c.String("locale"); l != "" {
		tag, err := locales.Canonical(l)
		if err != nil {
			return exit.UsageError{Err: err}
		}
		f.TargetLocale = tag
	}
	w := printer(c)
	t := console.NewTable(w.Text("HeadBatch"), w.Text("HeadTarget"), w.Text("HeadState"), w.Text("HeadBy"), w.Text("HeadTime"), "", w.Text("HeadSourceText"), w.Text("HeadText"))
	t.AlignRight(3, 3)
	all := []memory.Version{}
	for v, err := range p.store.History(c.Context, f) {
		if err != nil {
			return err
		}
		if c.Bool("json") {
			all = append(all, v)
			continue
		}
		mark := ""
		switch {
		case v.Withdrawn != 0:
			mark = w.Text("VersionUndone", console.Args{"Batch": fmt.Sprint(v.Withdrawn)})
		case v.Current:
			mark = w.Text("VersionCurrent")
		}
		e := v.Entry
		t.Row(v.Batch, e.TargetLocale, w.State(e.State), w.Origin(e.Origin), e.Origin.Time.Format("2006-01-02 15:04"), mark, e.Source.Tagged(), e.Target.TaggedAs(e.Source))
	}
	if c.Bool("json") {
		return printer(c).JSON(all)
	}
	return t.Print(c.App.Writer)
}

func memoryUndoCommand() *cli.Command {
	return &cli.Command{
		Name:      "undo",
		Usage:     "take a batch back; its history stays",
		ArgsUsage: "BATCH",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "author", Usage: "who takes it back, for the history", EnvVars: []string{"HEXAPLA_AUTHOR"}},
		},
		Action: func(c *cli.Context) error {
			id, err := strconv.ParseInt(c.Args().First(), 10, 64)
			if err != nil || c.NArg() != 1 {
				return exit.Usagef("memory undo wants the number of one batch; 'hexapla memory history' lists them")
			}
			return withMemory(c, func(p *project) error {
				n, err := p.store.Undo(c.Context, id, memory.Batch{Author: c.String("author"), Time: p.Clock()})
				if err != nil {
					return err
				}
				_, err = fmt.Fprintln(c.App.Writer, printer(c).Count("BatchTakenBack", n, console.Args{"Batch": fmt.Sprint(id)}))
				return err
			})
		},
	}
}

// exportTMX writes the current entries of the project's memory.
func exportTMX(c *cli.Context, p *project, w io.Writer) error {
	source, target := c.String("source"), c.String("locale")
	for _, tag := range []*string{&source, &target} {
		if *tag == "" {
			continue
		}
		canonical, err := locales.Canonical(*tag)
		if err != nil {
			return exit.UsageError{Err: err}
		}
		*tag = canonical
	}
	h := tmx.Header{SourceLocale: p.Config.Project.Source, Flavor: c.String("flavor")}
	e, err := tmx.NewEncoder(w, h)
	if err != nil {
		return exit.UsageError{Err: err}
	}
	for n, err := range p.store.Entries(c.Context, source, target) {
		if err != nil {
			return err
		}
		if err := e.Write(n); err != nil {
			return err
		}
	}
	return e.Close()
}
