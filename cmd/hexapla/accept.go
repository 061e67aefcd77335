package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/memory"
)

func acceptCommand() *cli.Command {
	return &cli.Command{
		Name:      "accept",
		Usage:     "keep the translations of sentences with a minor edit in the source",
		ArgsUsage: "ARTICLE ...",
		Description: `After a correction of the source that does not touch the translations, such as a typo,
the translations of the former sentences are used for the new ones. The differences are
shown first. Nothing is stored without --yes or an answer on the terminal, and 'memory
undo' undoes it. Sentences in which figures or names were changed are refused, because
their translations have the old ones; --force accepts them too.

Examples:
  hexapla accept --dry-run articles/first.md
  hexapla accept --yes --author anna --locale ru --locale uk articles/first.md`,
		Flags: []cli.Flag{
			localeFlag(),
			&cli.BoolFlag{Name: "yes", Aliases: []string{"y"}, Usage: "store without asking"},
			&cli.BoolFlag{Name: "force", Usage: "accept also where figures or names were changed"},
			&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "store nothing; print what would be done"},
			batchNameFlag(), authorFlag(), jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			if !c.Args().Present() {
				return exit.Usagef("accept: at least one ARTICLE is required")
			}
			return runAccept(c.Context, newEnvironment(c), decisionOptions{
				selection: workspace.Selection{Articles: c.Args().Slice(), Locales: c.StringSlice("locale")},
				batch:     memory.Batch{Author: c.String("author"), Name: c.String("name")},
				yes:       c.Bool("yes"), force: c.Bool("force"), dryRun: c.Bool("dry-run"), json: c.Bool("json"),
			})
		},
	}
}

func batchNameFlag() cli.Flag {
	return &cli.StringFlag{Name: "name", Usage: "a `NAME` for the batch"}
}

// decisionOptions are the options of commands that store decisions of a person.
type decisionOptions struct {
	selection workspace.Selection
	batch     memory.Batch
	yes       bool
	force     bool
	dryRun    bool
	json      bool
}

// decision is the result of such a command, also as JSON. Batch is 0 if nothing was
// stored.
type decision[T any] struct {
	Segments []T               `json:"segments"`
	Accepted int               `json:"accepted"`
	Refused  int               `json:"refused"`
	Findings []diag.Diagnostic `json:"findings,omitempty"`
	Batch    int64             `json:"batch,omitempty"`
	Stored   int               `json:"stored"`
}

// conclude stores what a person decided, if the options or the person on the terminal
// say so, and prints the result. show has printed the segments before.
func conclude[T any](ctx context.Context, e *environment, o decisionOptions, d decision[T], store func(context.Context) (memory.Result, error)) error {
	yes, asked := o.yes, false
	if d.Accepted > 0 && !o.dryRun && !yes && !o.json {
		yes, asked = e.confirm(e.Count("DecisionQuestion", d.Accepted))
	}
	if d.Accepted > 0 && !o.dryRun && yes {
		r, err := store(ctx)
		if err != nil {
			return err
		}
		d.Batch, d.Stored = r.Batch, r.Added
	}
	var err error
	switch {
	case o.json:
		err = e.JSON(d)
	case d.Batch != 0:
		err = e.Println(e.Count("DecisionStored", d.Stored, console.Args{"Batch": fmt.Sprint(d.Batch)}))
	case d.Accepted == 0:
		err = e.Println(e.Text("DecisionNone"))
	case o.dryRun:
		err = e.Println(e.Text("DryRun"))
	case yes:
		err = e.Println(e.Text("ImportNothing"))
	case asked:
		err = e.Println(e.Text("DecisionNot"))
	default:
		err = e.Println(e.Count("DecisionPending", d.Accepted))
	}
	if err == nil && d.Refused > 0 {
		return exit.ErrFindings
	}
	return err
}

func (o *decisionOptions) mode() workspace.MemoryMode {
	if o.dryRun {
		return workspace.DryRun
	}
	return workspace.ReadWrite
}

func runAccept(ctx context.Context, e *environment, o decisionOptions) (err error) {
	w, err := e.open(ctx, workspace.Options{Memory: o.mode(), Select: &o.selection})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	d := decision[pipeline.MinorEdit]{Segments: []pipeline.MinorEdit{}}
	for _, a := range w.Articles {
		for _, l := range w.Targets {
			edits, err := w.FindMinorEdits(ctx, w.Store, a, l)
			if err != nil {
				return err
			}
			d.Segments = append(d.Segments, edits...)
		}
	}
	for i := range d.Segments {
		s := &d.Segments[i]
		if s.Accepted(o.force) {
			d.Accepted++
		} else {
			d.Refused++
		}
		if !o.json {
			printMinorEdit(e, s, s.Accepted(o.force))
		}
	}
	o.batch.Time = w.Clock()
	return conclude(ctx, e, o, d, func(ctx context.Context) (memory.Result, error) {
		return w.AcceptMinorEdits(ctx, d.Segments, o.batch, o.force)
	})
}

func printMinorEdit(e *environment, s *pipeline.MinorEdit, accepted bool) {
	fmt.Fprintf(e.Out, "%s (%d %%)\n", e.Visible(s.Place.String()), s.Similarity)
	fmt.Fprintf(e.Out, "  - %s\n  + %s\n  = %s\n", e.Visible(s.OldSource), e.Visible(s.NewSource), e.Visible(s.Target))
	if !accepted {
		id := "DecisionRefused"
		if s.Final {
			id = "DecisionRefusedFinal"
		}
		fmt.Fprintf(e.Out, "    %s\n", e.Text(id, console.Args{"Reason": s.Refusal}))
	}
}
