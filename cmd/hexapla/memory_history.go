package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

func memoryHistoryCommand() *cli.Command {
	return &cli.Command{
		Name:        "history",
		Usage:       "list what was added to the memory, or the versions of one text",
		ArgsUsage:   "[SOURCE TEXT]",
		Description: `Example:  hexapla memory history --locale ru "Breaking news"`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "only this target `LOCALE`"},
			&cli.Int64Flag{Name: "batch", Usage: "the versions of this batch `NUMBER`"},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			target, err := canonicalFlag(c, "locale")
			if err != nil {
				return err
			}
			f := memory.Filter{Batch: c.Int64("batch"), TargetLocale: target}
			if c.NArg() > 0 {
				f.Source = bitext.Plain(c.Args().First())
			}
			run := runMemoryVersions
			if c.NArg() == 0 && !c.IsSet("batch") && !c.IsSet("locale") {
				run = runMemoryBatches
			}
			return run(c.Context, newEnvironment(c), f, c.Bool("json"))
		},
	}
}

func runMemoryBatches(ctx context.Context, e *environment, _ memory.Filter, json bool) error {
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

func runMemoryVersions(ctx context.Context, e *environment, f memory.Filter, json bool) error {
	return withMemory(ctx, e, workspace.ReadOnly, func(w *workspace.Workspace) error {
		t := console.NewTable(e.Text("HeadBatch"), e.Text("HeadTarget"), e.Text("HeadState"), e.Text("HeadBy"), e.Text("HeadTime"), "", e.Text("HeadSourceText"), e.Text("HeadText"))
		t.AlignRight(3, 3)
		all := []memory.Version{}
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
			t.Row(v.Batch, n.TargetLocale, e.State(n.State), e.Origin(n.Origin), n.Origin.Time.Format("2006-01-02 15:04"), mark, n.Source.Tagged(), n.Target.TaggedAs(n.Source))
		}
		if json {
			return e.JSON(all)
		}
		return t.Print(e.Out)
	})
}
