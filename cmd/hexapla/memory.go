package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/urfave/cli/v2"

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
		if _, err := store.AddAll(ctx, memory.Batch{Time: p.Now}, real.Entries(ctx, "", "")); err != nil {
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
			w := wordsFor(c)
			return withMemory(c, func(p *project) error {
				for _, name := range c.Args().Slice() {
					f, err := os.Open(name)
					if err != nil {
						return exit.UsageError{Err: err}
					}
					batch := memory.Batch{Author: c.String("author"), Note: filepath.Base(name), Time: p.Now}
					r, err := p.importTMX(c.Context, batch, name, f)
					if err = errors.Join(err, f.Close()); err != nil {
						return err
					}
					if c.Bool("json") {
						err = printJSON(c.App.Writer, r)
					} else {
						_, err = fmt.Fprintln(c.App.Writer, w.T("MemoryImported", vars{"File": name, "Added": r.Added, "Superseded": r.Superseded, "Unchanged": r.Unchanged, "Batch": fmt.Sprint(r.Batch)}))
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
					return printJSON(c.App.Writer, s)
				}
				w := wordsFor(c)
				t := newTable(w.T("HeadSource"), w.T("HeadTarget"), w.T("HeadEntries"), w.T("HeadFormer"),
					w.T("StateTranslated"), w.T("StateReviewed"), w.T("StateFinal"), w.T("HeadByPeople"), w.T("HeadByEngines"))
				for _, p := range s.Pairs {
					t.AppendRow(table.Row{
						p.SourceLocale, p.TargetLocale, p.Entries, p.Former,
						p.States[bitext.Translated], p.States[bitext.Reviewed], p.States[bitext.Final],
						p.Entries - p.Origins[bitext.FromEngine], p.Origins[bitext.FromEngine],
					})
				}
				alignRight(t, 3, 9)
				totals := w.T("MemoryTotals", vars{"Texts": w.Tr("SourceTexts", s.Texts), "Batches": w.Tr("Batches", s.Batches), "Size": w.size(s.Bytes)})
				_, err = fmt.Fprintf(c.App.Writer, "%s\n\n%s\n", t.Render(), totals)
				return err
			})
		},
	}
}

// size is a number of bytes.
func (w words) size(n int64) string {
	units := func(unit int64) vars {
		return vars{"Size": json.Number(strconv.FormatFloat(float64(n)/float64(unit), 'f', 1, 64))}
	}
	switch {
	case n < 1<<10:
		return w.Tr("SizeBytes", int(n))
	case n < 1<<20:
		return w.T("SizeKiB", units(1<<10))
	case n < 1<<30:
		return w.T("SizeMiB", units(1<<20))
	}
	return w.T("SizeGiB", units(1<<30))
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
		return printJSON(c.App.Writer, batches)
	}
	w := wordsFor(c)
	t := newTable(w.T("HeadBatch"), w.T("HeadTime"), w.T("HeadAuthor"), w.T("HeadVersions"), w.T("HeadNote"))
	for _, b := range batches {
		note := b.Note
		if b.Undoes != 0 {
			note = w.T("BatchUndoes", vars{"Batch": fmt.Sprint(b.Undoes)})
		}
		if b.Undone != 0 {
			note = w.T("BatchUndone", vars{"Note": note, "Batch": fmt.Sprint(b.Undone)})
		}
		t.AppendRow(table.Row{b.ID, b.Time.Format("2006-01-02 15:04:05"), b.Author, b.Versions, note})
	}
	_, err = fmt.Fprintln(c.App.Writer, t.Render())
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
	w := wordsFor(c)
	t := newTable(w.T("HeadBatch"), w.T("HeadTarget"), w.T("HeadState"), w.T("HeadBy"), w.T("HeadTime"), "", w.T("HeadSourceText"), w.T("HeadText"))
	alignRight(t, 3, 3)
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
			mark = w.T("VersionUndone", vars{"Batch": fmt.Sprint(v.Withdrawn)})
		case v.Current:
			mark = w.T("VersionCurrent")
		}
		e := v.Entry
		t.AppendRow(table.Row{v.Batch, e.TargetLocale, w.state(e.State), w.origin(e.Origin), e.Origin.Time.Format("2006-01-02 15:04"), mark, e.Source.Tagged(), e.Target.TaggedAs(e.Source)})
	}
	if c.Bool("json") {
		return printJSON(c.App.Writer, all)
	}
	_, err := fmt.Fprintln(c.App.Writer, t.Render())
	return err
}

// origin says whom or what a translation is from.
func (w words) origin(o bitext.Origin) string {
	name := vars{"Name": o.Name}
	switch o.Kind {
	case bitext.FromHuman:
		return w.T("OriginHuman", name)
	case bitext.FromEngine:
		return w.T("OriginEngine", name)
	case bitext.FromCatalog:
		return w.T("OriginCatalog", name)
	case bitext.FromSource:
		return w.T("OriginSource", name)
	case bitext.FromImport:
		return w.T("OriginImport", name)
	}
	return string(o.Kind) + " " + o.Name
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
				n, err := p.store.Undo(c.Context, id, memory.Batch{Author: c.String("author"), Time: p.Now})
				if err != nil {
					return err
				}
				_, err = fmt.Fprintln(c.App.Writer, wordsFor(c).Tr("BatchTakenBack", n, vars{"Batch": fmt.Sprint(id)}))
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
