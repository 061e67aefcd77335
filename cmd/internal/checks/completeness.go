package checks

import (
	"fmt"

	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
	"hexapla/pipeline/report"
)

// Tally adds the segments of an edition to the completeness of its locale.
func Tally(l *report.Completeness, e pipeline.Edition) {
	n := e.Published.Count
	l.Total += n.Segments
	l.Done += n.Published
	l.Missing += n.Segments - n.Published
	if e.Published.Status == edition.Original {
		return
	}
	for ref, t := range e.Translation.Segments() {
		if t.Filled && t.SubState != "" {
			l.Review++
		}
		if !t.Filled {
			l.Words += bitext.CountWords(e.Translation.Document.Source(ref).Source.Chars)
		}
	}
}

// Unfinished returns a finding for an edition that is not finished, and one for
// each segment that is the reason.
func Unfinished(path string, e pipeline.Edition) []diag.Diagnostic {
	id, what := "", ""
	switch e.Published.Status {
	case edition.Withheld:
		id, what = "edition.held", "the edition is held back"
	case edition.Unfinished:
		id, what = "edition.unfinished", "the edition is unfinished"
	default:
		return nil
	}
	n := e.Published.Count
	segments := "segments"
	if n.Segments == 1 {
		segments = "segment"
	}
	out := []diag.Diagnostic{{
		ID: id, Severity: diag.Error, Place: diag.Place{Path: path, Locale: e.Locale},
		Message: fmt.Sprintf("%s: %d of %d %s to be done", what, n.Segments-n.Published, n.Segments, segments),
		Hint:    "export them for translation, or allow a replacement for missing translations in the policy",
	}}
	for ref, t := range e.Published.Translation.Segments() {
		if t.Locale != e.Translation.Document.Locale {
			continue
		}
		u := &e.Translation.Document.Units[ref.Unit]
		own := e.Translation.Targets[ref.Unit][ref.Segment]
		why := "not translated"
		if own.Filled {
			why = "translated, but the policy does not accept it yet (" + stateName(own) + ")"
		}
		out = append(out, diag.Diagnostic{
			ID: "edition.segment", Severity: diag.Info,
			Place:   diag.Place{Path: path, Locale: e.Locale, Unit: u.ID, Segment: u.Segments[ref.Segment].ID},
			Message: fmt.Sprintf("%s: %.80q", why, u.Segments[ref.Segment].Source.Chars),
		})
	}
	return out
}

func stateName(t bitext.Target) string {
	if t.SubState != "" {
		return t.State.String() + ", " + t.SubState
	}
	return t.State.String()
}
