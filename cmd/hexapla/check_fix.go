package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/filecheck"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/memory"
)

// runFix corrects what is safe in the translations of the project's memory.
func runFix(ctx context.Context, e *environment, o decisionOptions) (err error) {
	w, err := e.open(ctx, workspace.Options{Memory: o.mode(), Select: &o.selection})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	d := decision[pipeline.Fix]{Segments: []pipeline.Fix{}}
	for _, a := range w.Articles {
		for _, l := range w.Targets {
			fixes, err := w.FindFixes(ctx, a, l)
			if err != nil {
				return err
			}
			d.Segments = append(d.Segments, fixes...)
		}
	}
	d.Accepted = len(d.Segments)
	for i := range d.Segments {
		if !o.json {
			printFix(e, d.Segments[i])
		}
	}
	o.batch.Time = w.Clock()
	if o.batch.Note == "" {
		o.batch.Note = "check --fix"
	}
	return conclude(ctx, e, o, d, func(ctx context.Context) (memory.Result, error) {
		return w.StoreFixes(ctx, d.Segments, o.batch)
	})
}

// printFix prints the difference that a correction makes.
func printFix(e *environment, f pipeline.Fix) {
	short := make([]string, len(f.Checks))
	for i, id := range f.Checks {
		short[i] = strings.TrimPrefix(id, "quality.")
	}
	fmt.Fprintf(e.Out, "%s [%s]\n  - %s\n  + %s\n", e.Visible(f.Place.String()), strings.Join(short, ", "), e.Visible(f.Old), e.Visible(f.New))
}

// runFixFiles corrects what is safe in bilingual files.
func runFixFiles(ctx context.Context, e *environment, o fileCheckOptions, d decisionOptions) error {
	if err := o.complete(); err != nil {
		return err
	}
	if slices.Contains(o.files, "-") {
		return exit.Usagef("check --fix: name a file in place of -: it is corrected where it is")
	}
	f, err := newFileChecks(ctx, o)
	if err != nil {
		return err
	}
	fixes, err := f.FindFixes(ctx, o.files, func(fix pipeline.Fix) {
		if !d.json {
			printFix(e, fix)
		}
	})
	if err != nil {
		return err
	}
	yes, asked := d.yes && !d.dryRun, false
	if len(fixes.Fixes) > 0 && !d.yes && !d.dryRun && !d.json {
		yes, asked = e.confirm(e.Count("FixQuestion", len(fixes.Fixes)))
	}
	if yes {
		if err := fixes.Write(); err != nil {
			return err
		}
	}
	return concludeFiles(e, fixes, d, yes, asked)
}

// concludeFiles prints what was done.
func concludeFiles(e *environment, out *filecheck.Fixes, d decisionOptions, yes, asked bool) error {
	var err error
	switch {
	case d.json:
		err = e.JSON(out)
	case len(out.Fixes) == 0:
		err = e.Println(e.Text("FixNone"))
	case yes:
		for _, p := range out.Left {
			fmt.Fprintf(e.Err, "%s: %s\n", e.Visible(p.String()), e.Text("FixLeft"))
		}
		err = e.Println(e.Count("FilesWritten", len(out.Written)))
	case d.dryRun:
		err = e.Println(e.Text("DryRun"))
	case asked:
		err = e.Println(e.Text("DecisionNot"))
	default:
		err = e.Println(e.Count("FixPending", len(out.Fixes), console.Args{}))
	}
	if err == nil && len(out.Left) > 0 {
		return exit.ErrFindings
	}
	return err
}
