package pipeline

import (
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"hexapla/pipeline/diag"
)

// summarize makes the findings: what was rejected one by one, and what has one
// cause in common together.
func (im *importer) summarize() {
	type cause struct{ path, locale, id, message string }
	at := map[cause]int{} // index in the findings
	counts := map[cause]int{}
	kept := &im.list.outcomes
	for i := range kept.all {
		o := &kept.all[i]
		if o.reason < 0 {
			continue
		}
		d := &kept.reasons[o.reason]
		c := cause{kept.files[o.file].Path, d.locale, d.ID, ""}
		if isSummarized(c.id) {
			c.message = d.Message
			if counts[c]++; counts[c] > 1 {
				continue
			}
			at[c] = len(im.list.Findings)
		}
		im.list.Findings = append(im.list.Findings, d.Diagnostic)
	}
	for c, i := range at {
		if n := counts[c]; n > 1 {
			f := &im.list.Findings[i]
			f.Place.Unit, f.Place.Segment = "", ""
			f.Message = fmt.Sprintf("%s (%d segments)", f.Message, n)
		}
	}
	if n := len(im.list.others); n > 0 && !im.options.Propagate {
		im.list.Findings = append(im.list.Findings, diag.Diagnostic{
			ID: "import.other-places", Severity: diag.Info, Place: diag.Place{Path: im.options.File},
			Hint: "--propagate gives them the new one",
		}.Messagef("other places with the source of an edited translation keep theirs: %d", diag.Arg("count", n)))
	}
}

// isSummarized reports whether the diagnostics with an id and one message are put together.
func isSummarized(id string) bool {
	return id == RejectedArticle || id == RejectedLocale || id == RejectedOrigin || id == RejectedLanguage
}

// seenOf returns the segments that the file has of an article.
func (l *ImportList) seenOf(at exportedArticle) *seenSegments {
	s := l.seen[at]
	if s == nil {
		s = &seenSegments{other: map[segmentPrint]bool{}}
		l.seen[at] = s
	}
	return s
}

// MissingSegments returns a diagnostic for each article and locale of which
// segments were exported that none of the lists has, though they have others from
// the same export: rows may have been cut off, or filtered out in a spreadsheet.
// exported reports whether the batch of an export had a fingerprint; for a batch that
// is not known, whether any had.
func MissingSegments(lists []*ImportList, exported func(batch, locale, fingerprint string) bool) []diag.Diagnostic {
	seen := map[exportedArticle][]*ImportList{}
	present := map[articleLocale][]segmentPrint{}
	for _, l := range lists {
		for at := range l.seen {
			seen[at] = append(seen[at], l)
		}
		maps.Copy(present, l.present)
	}
	var out []diag.Diagnostic
	for at, in := range seen {
		missing := 0
		has := make([]func(i int, f segmentPrint) bool, len(in))
		for i, l := range in {
			has[i] = l.hasSegment(at, present[at.articleLocale])
		}
		for i, f := range present[at.articleLocale] {
			if !slices.ContainsFunc(has, func(has func(int, segmentPrint) bool) bool { return has(i, f) }) && exported(at.batch, at.locale, hex.EncodeToString(f[:])) {
				missing++
			}
		}
		if missing > 0 {
			out = append(out, diag.Diagnostic{
				ID: "import.missing-segments", Severity: diag.Warning, Place: diag.Place{Path: at.path, Locale: at.locale},
				Hint: "rows may have been lost or filtered: ask for the whole file; --partial accepts a part",
			}.Messagef("segments were exported and are not in the file: %d", diag.Arg("missing", missing)))
		}
	}
	diag.Sort(out)
	return out
}

// hasSegment returns a function that reports whether a file has a segment of an article:
// its index in the article as present has it, and its fingerprint.
func (l *ImportList) hasSegment(at exportedArticle, present []segmentPrint) func(i int, f segmentPrint) bool {
	seen, own := l.seen[at], l.present[at.articleLocale]
	if slices.Equal(own, present) {
		return func(i int, f segmentPrint) bool { return seen.has(i) || seen.other[f] }
	}
	// The article was another one when this file was read.
	prints := maps.Clone(seen.other)
	for i, f := range own {
		if seen.has(i) {
			prints[f] = true
		}
	}
	return func(_ int, f segmentPrint) bool { return prints[f] }
}
