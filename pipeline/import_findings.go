package pipeline

import (
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
	for i := range im.list.Decisions {
		d := &im.list.Decisions[i]
		if d.Diagnostic.ID == "" {
			continue
		}
		c := cause{d.Place.Path, d.locale, d.Diagnostic.ID, ""}
		grouped := slices.Contains([]string{RejectedArticle, RejectedLocale, RejectedOrigin, RejectedLanguage}, c.id)
		if grouped {
			c.message = d.Diagnostic.Message
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

// note records that the file has a segment.
func (l *ImportList) note(at exportedArticle, fingerprint string) {
	if l.seen[at] == nil {
		l.seen[at] = map[string]bool{}
	}
	l.seen[at][fingerprint] = true
}

// MissingSegments returns a diagnostic for each article and locale of which
// segments were exported that none of the lists has, though they have others from
// the same export: rows may have been cut off, or filtered out in a spreadsheet.
// exported reports whether the batch of an export had a fingerprint; for a batch that
// is not known, whether any had.
func MissingSegments(lists []*ImportList, exported func(batch, locale, fingerprint string) bool) []diag.Diagnostic {
	seen := map[exportedArticle]map[string]bool{}
	present := map[articleLocale][]string{}
	for _, l := range lists {
		for at, prints := range l.seen {
			if seen[at] == nil {
				seen[at] = map[string]bool{}
			}
			maps.Copy(seen[at], prints)
		}
		maps.Copy(present, l.present)
	}
	var out []diag.Diagnostic
	for at, prints := range seen {
		missing := 0
		for _, f := range present[at.articleLocale] {
			if !prints[f] && exported(at.batch, at.locale, f) {
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
