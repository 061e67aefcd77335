package edit

import (
	"bytes"
	"slices"
	"strings"

	"hexapla/locales/catalog/rule"
	"hexapla/locales/message"
	"hexapla/pipeline/cst"
	"hexapla/pipeline/diag"
)

// MarkReview adds or removes the comment "needs review" above messages, by id. A
// JSON file has no comments and stays as it is.
func MarkReview(name string, data []byte, review map[string]bool) ([]byte, error) {
	if message.FormatOf(name) == "json" {
		return data, nil
	}
	body, marked := bytes.CutPrefix(data, message.BOM)
	file, ds := message.Parse(name, body)
	if i := slices.IndexFunc(ds, rule.IsError); i >= 0 {
		return nil, ds[i]
	}
	var splices []cst.Edit
	l := newLineIndex(body)
	for i := range file.Entries {
		e := &file.Entries[i]
		want, given := review[e.ID]
		start, end := l.commentStart(e.Offset), l.Start(e.Offset)
		comment := string(body[start:end])
		has := strings.Contains(comment, message.NeedsReview)
		switch {
		case !given || has == want:
		case want:
			indent := ""
			if line := string(body[end:e.Offset]); strings.TrimSpace(line) == "" {
				indent = line
			}
			splices = append(splices, replace(end, end, indent+"# "+message.NeedsReview+newlineOf(body)))
		default:
			var kept strings.Builder
			for line := range strings.Lines(comment) {
				if !strings.Contains(line, message.NeedsReview) {
					kept.WriteString(line)
				}
			}
			splices = append(splices, replace(start, end, kept.String()))
		}
	}
	out := cst.Apply(body, splices)
	if again, ds := message.Parse(name, out); slices.ContainsFunc(ds, rule.IsError) || !sameMessages(file, again) {
		return nil, rule.Finding("catalog.structure", diag.Place{Path: name, Line: 1}, "mark it by hand", "nothing can be marked for review without changing what is around it")
	}
	if marked {
		out = append(slices.Clone(message.BOM), out...)
	}
	return out, nil
}
