package checks

import (
	"slices"

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
	l.Review += e.Published.Review
	l.Words += e.Published.MissingWords
}

// OfQuality returns the diagnostics of an edition that are about its text, without
// those that say whether it is published.
func OfQuality(ds []diag.Diagnostic) []diag.Diagnostic {
	return slices.DeleteFunc(slices.Clone(ds), func(d diag.Diagnostic) bool { return d.ID == "edition.withheld" || d.ID == "edition.outdated" })
}

// Unfinished returns a finding for an edition that is not finished, and one for
// each segment that is the reason.
func Unfinished(path string, e pipeline.Edition) []diag.Diagnostic {
	var out []diag.Diagnostic
	for _, d := range e.Diagnostics {
		if d.ID == "edition.withheld" || d.ID == "edition.outdated" {
			d.Severity = diag.Error
			out = append(out, d)
		}
	}
	n := e.Published.Count
	add := func(id, format string, args ...any) {
		hint := edition.NextStep(e.Published.Status, e.Published.Reasons, path, e.Locale).String()
		out = append(out, diag.Diagnostic{ID: id, Severity: diag.Error, Place: diag.Place{Path: path, Locale: e.Locale}, Hint: hint}.Messagef(format, args...))
	}
	switch e.Published.Status {
	case edition.Unfinished:
		add("edition.unfinished", "published with text in another language: %d of %d segments are not translated",
			diag.Arg("missing", n.Segments-n.Published), diag.Arg("segments", n.Segments))
	case edition.Machine:
		add("edition.machine", "published with raw machine translation")
		return out
	case edition.Withheld, edition.Outdated:
	default:
		return nil
	}
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
			Place: diag.Place{Path: path, Locale: e.Locale, Unit: u.ID, Segment: u.Segments[ref.Segment].ID},
		}.Messagef("%s: %.80q", diag.Arg("why", why), diag.Arg("text", u.Segments[ref.Segment].Source.Chars)))
	}
	return out
}

func stateName(t bitext.Target) string {
	if t.SubState != "" {
		return t.State.String() + ", " + t.SubState
	}
	return t.State.String()
}
