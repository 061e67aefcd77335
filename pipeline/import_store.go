package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/memory"
)

// Store stores what was accepted and what is kept, all in one batch that can be
// undone; nothing if a segment was rejected and Partial is not set.
func (p *Project) Store(ctx context.Context, list *ImportList) (ImportResult, error) {
	var r ImportResult
	n := 0
	for i := range list.outcomes.all {
		o := &list.outcomes.all[i]
		if o.entry != noEntry {
			n++
		}
		switch verdicts[o.verdict] {
		case Moved:
			r.Moved++
			r.Taken++
		case Accepted:
			r.Taken++
		case Kept:
			r.Kept++
		case Unchanged:
			r.Unchanged++
		case NoTarget:
			r.Empty++
		case Rejected:
			r.Refused++
		}
	}
	r.Others, r.Propagated = len(list.others), list.options.Propagate && len(list.others) > 0
	o := list.options
	if r.Refused > 0 && !o.Partial {
		return r, nil
	}
	notes, err := p.newNotes(ctx, list)
	r.Notes = len(notes)
	for i := range notes {
		n := &notes[i]
		list.NewNotes = append(list.NewNotes, ImportedNote{Place: n.Place, Locale: n.TargetLocale, Author: n.Author, Text: n.Text})
	}
	if err != nil || o.DryRun || n+len(notes) == 0 {
		return r, err
	}
	batch := memory.Batch{ID: o.Batch, Author: o.Author, Note: o.Note, Name: o.Name, Time: list.now}
	result, err := p.store(ctx, list, batch)
	if err != nil {
		return r, fmt.Errorf("memory: %w", err)
	}
	if len(notes) > 0 {
		batch.ID = cmp.Or(result.Batch, batch.ID)
		if result.Batch, err = p.noteStore().AddNotes(ctx, batch, notes); err != nil {
			return r, fmt.Errorf("memory: %w", err)
		}
	}
	r.Batch, r.Stored, r.Conflicts = result.Batch, result.Batch != 0, result.Conflicting
	for _, c := range result.Conflicts {
		list.Findings = append(list.Findings, conflict(c))
	}
	if more := result.Conflicting - len(result.Conflicts); more > 0 {
		list.Findings = append(list.Findings, diag.Diagnostic{
			ID: "import.conflict", Severity: diag.Warning, Place: diag.Place{Path: o.File},
			Hint: "'hexapla memory history' shows both",
		}.Messagef("further segments that got another translation while this import ran: %d", diag.Arg("more", more)))
	}
	return r, nil
}

// store adds the entries of a list to one batch. What is older than the text in use, or of
// a lower state, goes to the history. What a person edited is used though its state is lower; and
// with Force everything is.
func (p *Project) store(ctx context.Context, list *ImportList, batch memory.Batch) (memory.Result, error) {
	var history, current []entryAt
	force := list.options.Force
	for i := range list.outcomes.all {
		o := &list.outcomes.all[i]
		switch reason := list.outcomes.reasonOf(o); {
		case o.entry == noEntry:
		case reason == RejectedNewer || reason == RejectedState || reason == RejectedTwice:
			history = append(history, o.entry)
		default:
			force = force || o.has(outcomeDemoted)
			current = append(current, o.entry)
		}
	}
	var total memory.Result
	for _, part := range []struct {
		entries []entryAt
		others  []bitext.Entry
		force   bool
	}{{history, list.others, false}, {current, nil, force}} {
		if len(part.entries)+len(part.others) == 0 {
			continue
		}
		o := memory.AddOptions{Force: part.force, BasedOn: list.revision}
		r, err := p.Memory.AddWith(ctx, batch, o, func(yield func(bitext.Entry, error) bool) {
			for _, at := range part.entries {
				if e, _, _ := list.outcomes.entries.get(at); !yield(p.WithTerms(e), nil) {
					return
				}
			}
			for _, e := range part.others {
				if !yield(p.WithTerms(e), nil) {
					return
				}
			}
		})
		if err != nil {
			return total, err
		}
		if r.Batch != 0 {
			batch.ID, total.Batch = r.Batch, r.Batch
		}
		total.Conflicting += r.Conflicting
		total.Conflicts = append(total.Conflicts, r.Conflicts...)
	}
	return total, nil
}

// conflict reports that a segment got another translation while the import ran.
func conflict(c memory.Conflict) diag.Diagnostic {
	use := "that one stays in use"
	if c.Current {
		use = "this one is in use now"
	}
	by := ""
	if name := c.Other.Entry.Origin.Name; name != "" {
		by = " by " + name
	}
	path, unit, _ := strings.Cut(c.Entry.Place, "#")
	unit, segment, _ := strings.Cut(unit, "/")
	return diag.Diagnostic{
		ID: "import.conflict", Severity: diag.Warning, Place: diag.Place{Path: path, Locale: c.Entry.TargetLocale, Unit: unit, Segment: segment},
		Hint: "'hexapla memory history' shows both",
	}.Messagef("another translation%s was stored while this import ran: %q; both are kept, %s", diag.Arg("by", by), diag.Arg("target", c.Other.Entry.Target.TaggedAs(c.Other.Entry.Source)), diag.Arg("use", use))
}
