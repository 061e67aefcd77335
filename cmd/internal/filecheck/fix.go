package filecheck

import (
	"context"
	"slices"

	"hexapla/cmd/internal/handoff"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	tables "hexapla/pipeline/exchange/table"
	"hexapla/pipeline/quality"
)

// Fixes are the safe corrections of bilingual files. Written are the files that Write
// has changed; Left are the places that it could not change in their file.
type Fixes struct {
	Fixes   []pipeline.Fix `json:"fixes"`
	Written []string       `json:"written"`
	Left    []diag.Place   `json:"left,omitempty"`

	locales tables.PairOptions
	names   []string
	changes map[string]map[handoff.SegmentRef]bitext.Text
	places  map[string]map[handoff.SegmentRef]diag.Place
}

// FindFixes returns the corrections of files, and calls found, if it is not nil, with
// each of them.
func (f *Run) FindFixes(ctx context.Context, names []string, found func(pipeline.Fix)) (*Fixes, error) {
	out := &Fixes{
		Fixes: []pipeline.Fix{}, Written: []string{}, locales: f.locales(), names: slices.Compact(slices.Sorted(slices.Values(names))),
		changes: map[string]map[handoff.SegmentRef]bitext.Text{}, places: map[string]map[handoff.SegmentRef]diag.Place{},
	}
	for _, name := range names {
		changes, places := map[handoff.SegmentRef]bitext.Text{}, map[handoff.SegmentRef]diag.Place{}
		out.changes[name], out.places[name] = changes, places
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
				changes[ref], places[ref] = c.New, fix.Place
				if found != nil {
					found(fix)
				}
			}
			first += len(units)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Write writes the corrections into their files, each atomically.
func (x *Fixes) Write() error {
	for _, name := range x.names {
		changes := x.changes[name]
		if len(changes) == 0 {
			continue
		}
		left, err := handoff.RewriteTargets(name, x.locales, changes)
		if err != nil {
			return err
		}
		if len(left) < len(changes) {
			x.Written = append(x.Written, name)
		}
		for _, ref := range left {
			x.Left = append(x.Left, x.places[name][ref])
		}
	}
	return nil
}
