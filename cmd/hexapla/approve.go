package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

func approveCommand() *cli.Command {
	return &cli.Command{
		Name:      "approve",
		Usage:     "mark translations as reviewed or final, and take that back",
		ArgsUsage: "[ARTICLE ...]",
		Description: `The segments are listed, and stored with their new state by name, in one batch that
'memory undo' undoes. Translations with an error that 'check' finds, and raw machine
translation, are refused. The manifest names the translator and the reviewer.

Examples:
  hexapla approve --locale ru --author rita articles/first.md
  hexapla approve --locale ru --author rita --state final --unit title articles/first.md
  hexapla approve --locale ru --author rita --back articles/first.md`,
		Flags: []cli.Flag{
			localeFlag(),
			&cli.StringFlag{Name: "state", Usage: "the `STATE` to give: reviewed or final; with --back initial, translated or reviewed (default: reviewed, with --back translated)"},
			&cli.StringSliceFlag{Name: "unit", Usage: "only this `UNIT`, or UNIT/SEGMENT; may be given again"},
			&cli.BoolFlag{Name: "back", Usage: "take an approval back: give a higher state this one"},
			&cli.BoolFlag{Name: "mt", Usage: "approve raw machine translation too"},
			&cli.BoolFlag{Name: "force", Usage: "approve also what 'check' finds an error in"},
			&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "store nothing; print what would be done"},
			batchNameFlag(), authorFlag(), jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			r := pipeline.ReviewOptions{State: bitext.Reviewed, Back: c.Bool("back"), Units: c.StringSlice("unit"), MT: c.Bool("mt"), Force: c.Bool("force")}
			if r.Back {
				r.State = bitext.Translated
			}
			if s := c.String("state"); s != "" {
				var ok bool
				if r.State, ok = bitext.ParseState(s); !ok || !r.Back && r.State < bitext.Reviewed || r.Back && r.State == bitext.Final {
					return exit.Usagef("--state %q: must be reviewed or final; with --back initial, translated or reviewed", s)
				}
			}
			if len(c.StringSlice("locale")) == 0 {
				return exit.Usagef("approve: --locale LOCALE is required")
			}
			if c.String("author") == "" {
				return exit.Usagef("approve: --author NAME is required; HEXAPLA_AUTHOR sets it too")
			}
			return runApprove(c.Context, newEnvironment(c), r, decisionOptions{
				selection: workspace.Selection{Articles: c.Args().Slice(), Locales: c.StringSlice("locale")},
				batch:     memory.Batch{Author: c.String("author"), Name: c.String("name")},
				yes:       true, dryRun: c.Bool("dry-run"), json: c.Bool("json"),
			})
		},
	}
}

func runApprove(ctx context.Context, e *environment, r pipeline.ReviewOptions, o decisionOptions) (err error) {
	w, err := e.open(ctx, workspace.Options{Memory: o.mode(), Select: &o.selection})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	d := decision[pipeline.Reviewed]{Segments: []pipeline.Reviewed{}}
	missing := 0
	var units []string
	for _, a := range w.Articles {
		for _, l := range w.Targets {
			review, err := w.FindReview(ctx, a, l, r)
			if err != nil {
				return err
			}
			d.Segments, missing, units = append(d.Segments, review.Segments...), missing+review.Missing, append(units, review.Units...)
		}
	}
	for _, u := range r.Units {
		if !slices.Contains(units, u) {
			return exit.Usagef("--unit %q: the articles have no such unit; 'hexapla split' lists them", u)
		}
	}
	for i := range d.Segments {
		s := &d.Segments[i]
		if s.Refusal == "" {
			d.Accepted++
		} else {
			d.Refused++
		}
		if !o.json {
			fmt.Fprintf(e.Out, "%s: %s → %s%s\n  + %s\n", e.Visible(s.Place.String()), e.State(s.From), e.State(s.To), e.Visible(named(s.Translator)), e.Visible(s.Target))
			if s.Refusal != "" {
				fmt.Fprintf(e.Out, "    %s\n", e.Text("DecisionRefusedFinal", console.Args{"Reason": s.Refusal}))
			}
		}
	}
	if missing > 0 && !o.json {
		if err := e.Println(e.Count("ApproveMissing", missing)); err != nil {
			return err
		}
	}
	o.batch.Time = w.Clock()
	return conclude(ctx, e, o, d, func(ctx context.Context) (memory.Result, error) {
		return w.StoreReview(ctx, d.Segments, o.batch)
	})
}

// named returns a person's name in parentheses, or nothing.
func named(name string) string {
	if strings.TrimSpace(name) == "" {
		return ""
	}
	return " (" + name + ")"
}
