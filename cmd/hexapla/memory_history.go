package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/memory"
)

func memoryHistoryCommand() *cli.Command {
	return &cli.Command{
		Name:      "history",
		Usage:     "list what was added to the memory, or the versions of one text",
		ArgsUsage: "[TEXT]",
		Description: `With a TEXT, the versions of the source text TEXT are listed; if there is none, those
of all texts with TEXT in their source or translation, in any letter case, and the notes
on their places.

Example:  hexapla memory history --locale ru "Breaking news"`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "only this target `LOCALE`"},
			&cli.StringFlag{Name: "batch", Usage: "the versions of the batch with this number or `NAME`"},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			target, err := canonicalFlag(c, "locale")
			if err != nil {
				return err
			}
			e := newEnvironment(c)
			if c.NArg() == 0 && !c.IsSet("batch") && !c.IsSet("locale") {
				return runMemoryBatches(c.Context, e, c.Bool("json"))
			}
			return runMemoryVersions(c.Context, e, historyOptions{c.Args().First(), target, c.String("batch")}, c.Bool("json"))
		},
	}
}

// historyOptions are the options of memory history. Empty ones select all.
type historyOptions struct {
	text, locale string
	batch        string // a number or a name
}

func runMemoryBatches(ctx context.Context, e *environment, json bool) error {
	return withMemory(ctx, e, workspace.ReadOnly, func(w *workspace.Workspace) error {
		batches, err := w.Store.Batches(ctx)
		if err != nil {
			return err
		}
		if json {
			return e.JSON(batches)
		}
		t := console.NewTable(e.Text("HeadBatch"), e.Text("HeadTime"), e.Text("HeadAuthor"), e.Text("HeadVersions"), e.Text("HeadNote"))
		for _, b := range batches {
			note := b.Note
			if b.Name != "" {
				note = e.Text("BatchNamed", console.Args{"Name": b.Name, "Note": note})
			}
			if b.Undoes != 0 {
				note = e.Text("BatchUndoes", console.Args{"Batch": fmt.Sprint(b.Undoes)})
			}
			if b.Undone != 0 {
				note = e.Text("BatchUndone", console.Args{"Note": note, "Batch": fmt.Sprint(b.Undone)})
			}
			t.Row(b.ID, b.Time.Format("2006-01-02 15:04:05"), b.Author, b.Versions, note)
		}
		return t.Print(e.Out)
	})
}

func runMemoryVersions(ctx context.Context, e *environment, o historyOptions, json bool) error {
	return withMemory(ctx, e, workspace.ReadOnly, func(w *workspace.Workspace) error {
		f, err := w.HistoryFilter(ctx, o.text, o.locale, o.batch)
		if err != nil {
			return err
		}
		t := console.NewTable(e.Text("HeadBatch"), e.Text("HeadTarget"), e.Text("HeadState"), e.Text("HeadBy"), e.Text("HeadTime"), "", e.Text("HeadSourceText"), e.Text("HeadText"))
		t.AlignRight(3, 3)
		all := []memory.Version{}
		places := map[string]bool{}
		for v, err := range w.Store.History(ctx, f) {
			if err != nil {
				return err
			}
			if json {
				all = append(all, v)
				continue
			}
			mark := ""
			switch {
			case v.Withdrawn != 0:
				mark = e.Text("VersionUndone", console.Args{"Batch": fmt.Sprint(v.Withdrawn)})
			case v.Current:
				mark = e.Text("VersionCurrent")
			}
			n := v.Entry
			at := ""
			if !n.Origin.Time.IsZero() {
				at = n.Origin.Time.Format("2006-01-02 15:04")
			}
			if o.text != "" && n.Place != "" {
				places[w.PresentPlace(n.Place)] = true
			}
			t.Row(v.Batch, n.TargetLocale, e.State(n.State), e.Origin(n.Origin), at, mark, n.Source.Tagged(), n.Target.TaggedAs(n.Source))
		}
		if json {
			return e.JSON(versionReports(all))
		}
		if err := t.Print(e.Out); err != nil || len(places) == 0 {
			return err
		}
		return printNotesAt(ctx, e, w, places, o.locale)
	})
}
