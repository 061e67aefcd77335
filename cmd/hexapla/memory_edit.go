package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/memory"
)

func memoryEditCommand() *cli.Command {
	return &cli.Command{
		Name:      "edit",
		Usage:     "change a translation in the memory",
		ArgsUsage: "SOURCE_TEXT TRANSLATION",
		Description: `All translations of the source text that are in use are replaced, or those at --place
only. Inline codes are written as 'memory search' shows them. The change is a batch
with the reason as its note, which 'memory undo' undoes.

Example:  hexapla memory edit --locale ru --reason "house style" "Breaking news" "Срочно"`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "the target `LOCALE`; required"},
			&cli.StringFlag{Name: "source", Usage: "the source `LOCALE`, if it is not that of the project"},
			&cli.StringFlag{Name: "place", Usage: "only where it is used at `PLACE`, as 'memory search' shows it"},
			&cli.StringFlag{Name: "state", Usage: "the `STATE` of the new translation: initial, translated, reviewed or final; if not set, that of the old one"},
			&cli.StringFlag{Name: "reason", Usage: "why, for the history"},
			&cli.StringFlag{Name: "name", Usage: "a `NAME` for the batch"},
			authorFlag(), jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			o := editOptions{place: c.String("place"), batch: memory.Batch{Author: c.String("author"), Note: c.String("reason"), Name: c.String("name")}}
			if c.NArg() != 2 {
				return exit.Usagef("memory edit: a SOURCE_TEXT and a TRANSLATION are required")
			}
			o.source, o.target = c.Args().Get(0), c.Args().Get(1)
			if s := c.String("state"); s != "" {
				o.state = new(bitext.State)
				if err := o.state.UnmarshalText([]byte(s)); err != nil {
					return exit.Usagef("--state: %w", err)
				}
			}
			var err error
			if o.sourceLocale, err = canonicalFlag(c, "source"); err != nil {
				return err
			}
			if o.targetLocale, err = canonicalFlag(c, "locale"); err != nil {
				return err
			}
			if o.targetLocale == "" {
				return exit.Usagef("memory edit: --locale LOCALE is required")
			}
			return runMemoryEdit(c.Context, newEnvironment(c), o, c.Bool("json"))
		},
	}
}

// editOptions are the options of memory edit.
type editOptions struct {
	source, target             string // tagged
	sourceLocale, targetLocale string // sourceLocale "" for the project's
	place                      string // "" for all
	state                      *bitext.State
	batch                      memory.Batch
}

func runMemoryEdit(ctx context.Context, e *environment, o editOptions, json bool) error {
	source, err := bitext.ParseTaggedUnbound(o.source)
	if err != nil {
		return exit.Usagef("source text: %w", err)
	}
	return withMemory(ctx, e, workspace.ReadWrite, func(w *workspace.Workspace) error {
		if o.sourceLocale == "" {
			o.sourceLocale = w.Config.Project.Source
		}
		o.batch.Time = w.Clock()
		revision, err := w.Store.Revision(ctx)
		if err != nil {
			return err
		}
		var edited []bitext.Entry
		for v, err := range w.Store.History(ctx, memory.Filter{SourceLocale: o.sourceLocale, TargetLocale: o.targetLocale, Source: source}) {
			if err != nil {
				return err
			}
			if !v.Current || o.place != "" && v.Entry.Place != o.place && w.PresentPlace(v.Entry.Place) != o.place {
				continue
			}
			n := v.Entry
			if n.Target, err = bitext.ParseTagged(o.target, n.Source); err != nil {
				return exit.Usagef("translation: %w", err)
			}
			if d := bitext.CompareCodes(n.Source, n.Target); len(d) > 0 {
				return exit.Usagef("translation: code %s %s: %q", d[0].Code.Data, d[0].Kind, o.target)
			}
			if o.state != nil {
				n.State = *o.state
			}
			if n.SubState = ""; n.Target.Equal(v.Entry.Target) && n.State == v.Entry.State {
				continue
			}
			n.Origin = bitext.Origin{Kind: bitext.FromHuman, Name: o.batch.Author, Time: o.batch.Time}
			edited = append(edited, w.WithTerms(n))
		}
		if len(edited) == 0 {
			return exit.Usagef("no translation of %q from %s to %s is changed by this; 'hexapla memory search' finds translations", diag.Excerpt(o.source), o.sourceLocale, o.targetLocale)
		}
		r, err := w.Store.AddWith(ctx, o.batch, memory.AddOptions{Force: true, BasedOn: revision}, func(yield func(bitext.Entry, error) bool) {
			for _, n := range edited {
				if !yield(n, nil) {
					return
				}
			}
		})
		if err != nil {
			return err
		}
		if json {
			return e.JSON(newAddReport(r))
		}
		return e.Println(e.Count("TranslationsEdited", r.Added, console.Args{"Batch": fmt.Sprint(r.Batch)}))
	})
}
