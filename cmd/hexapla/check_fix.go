package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/handoff"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/quality"
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
			if l == w.Config.Project.Source {
				continue
			}
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

// fileFixes is the result of check --fix for bilingual files, also as JSON.
type fileFixes struct {
	Fixes   []pipeline.Fix `json:"fixes"`
	Written []string       `json:"written"`
	Left    []diag.Place   `json:"left,omitempty"` // what could not be changed in place
}

// runFixFiles corrects what is safe in bilingual files.
func runFixFiles(ctx context.Context, e *environment, o fileCheckOptions, d decisionOptions) error {
	if err := o.complete(); err != nil {
		return err
	}
	f, err := newFileChecks(o)
	if err != nil {
		return err
	}
	out := fileFixes{Fixes: []pipeline.Fix{}, Written: []string{}}
	changes := map[string]map[handoff.SegmentRef]bitext.Text{}
	places := map[string]map[handoff.SegmentRef]diag.Place{}
	for _, name := range o.files {
		changes[name], places[name] = map[handoff.SegmentRef]bitext.Text{}, map[handoff.SegmentRef]diag.Place{}
		first := 0
		err := f.file(ctx, name, func(name string, units []*exchange.Unit) error {
			tr, err := f.translation(name, units)
			if err != nil {
				return err
			}
			for _, c := range quality.Fix(tr, f.checkOptions()) {
				u := units[c.Ref.Unit]
				fix := pipeline.Fix{
					Place:  diag.Place{Path: name, Locale: tr.Locale, Unit: u.ID, Segment: u.Segments[c.Ref.Segment].ID, Line: u.Line, Column: u.Column},
					Source: u.Segments[c.Ref.Segment].Source.Tagged(), Old: c.Old.Tagged(), New: c.New.Tagged(), Checks: c.Checks,
				}
				out.Fixes = append(out.Fixes, fix)
				ref := handoff.SegmentRef{Unit: first + c.Ref.Unit, Segment: c.Ref.Segment}
				changes[name][ref], places[name][ref] = c.New, fix.Place
				if !d.json {
					printFix(e, fix)
				}
			}
			first += len(units)
			return nil
		})
		if err != nil {
			return err
		}
	}
	yes, asked := d.yes && !d.dryRun, false
	if len(out.Fixes) > 0 && !d.yes && !d.dryRun && !d.json {
		yes, asked = e.confirm(e.Count("FixQuestion", len(out.Fixes)))
	}
	if yes {
		for _, name := range slices.Compact(slices.Sorted(slices.Values(o.files))) {
			if len(changes[name]) == 0 {
				continue
			}
			left, err := handoff.RewriteTargets(name, o.source, changes[name])
			if err != nil {
				return err
			}
			if len(left) < len(changes[name]) {
				out.Written = append(out.Written, name)
			}
			for _, ref := range left {
				out.Left = append(out.Left, places[name][ref])
			}
		}
	}
	return concludeFiles(e, out, d, yes, asked)
}

// concludeFiles prints what was done.
func concludeFiles(e *environment, out fileFixes, d decisionOptions, yes, asked bool) error {
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
