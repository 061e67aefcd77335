package main

import (
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

// versionReport is a version of a translation as JSON has it. Inline codes are tags, as in
// tables.
type versionReport struct {
	SourceLocale string        `json:"sourceLocale"`
	TargetLocale string        `json:"targetLocale"`
	Source       string        `json:"source"`
	Target       string        `json:"target"`
	State        bitext.State  `json:"state"`
	SubState     string        `json:"subState,omitempty"`
	Origin       bitext.Origin `json:"origin"`
	Place        string        `json:"place,omitempty"`
	Batch        int64         `json:"batch"`
	Current      bool          `json:"current"`
	Withdrawn    int64         `json:"withdrawn,omitempty"` // the batch that undid it
}

func newVersionReport(n bitext.Entry) versionReport {
	return versionReport{SourceLocale: n.SourceLocale, TargetLocale: n.TargetLocale, Source: n.Source.Tagged(), Target: n.Target.TaggedAs(n.Source),
		State: n.State, SubState: n.SubState, Origin: n.Origin, Place: n.Place}
}

func versionReports(all []memory.Version) []versionReport {
	out := make([]versionReport, len(all))
	for i, v := range all {
		out[i] = newVersionReport(v.Entry)
		out[i].Batch, out[i].Current, out[i].Withdrawn = v.Batch, v.Current, v.Withdrawn
	}
	return out
}

// addReport is what was added to a memory, as JSON has it.
type addReport struct {
	Batch       int64            `json:"batch"`
	Added       int              `json:"added"`
	Unchanged   int              `json:"unchanged"`
	Superseded  int              `json:"superseded"`
	Outranked   int              `json:"outranked"`
	Withdrawn   int              `json:"withdrawn,omitempty"`
	Conflicting int              `json:"conflicting,omitempty"`
	Conflicts   []conflictReport `json:"conflicts,omitempty"` // at most memory.MaxConflicts
}

// conflictReport is a translation that was added while somebody else had added another.
type conflictReport struct {
	Added   versionReport `json:"added"`
	Other   versionReport `json:"other"`
	Current bool          `json:"current"` // the added one is now in use
}

func newAddReport(r memory.Result) addReport {
	out := addReport{r.Batch, r.Added, r.Unchanged, r.Superseded, r.Outranked, r.Withdrawn, r.Conflicting, nil}
	for _, c := range r.Conflicts {
		out.Conflicts = append(out.Conflicts, conflictReport{newVersionReport(c.Entry), versionReports([]memory.Version{c.Other})[0], c.Current})
	}
	return out
}
