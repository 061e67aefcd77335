package quality

import (
	"fmt"
	"slices"

	"hexapla/pipeline/diag"
)

// A fault recurs if it is in this many segments of a document, and in one of
// recurringShare of them.
const (
	recurringLeast = 3
	recurringShare = 8
)

// joinRecurring makes notes of all findings of a recurring fault but the first, which
// keeps its severity and has the number of the others as the argument "others": a wrong
// keyboard or a wrong conversion is one decision of the editor, not one per segment.
func joinRecurring(ds []diag.Diagnostic, segments int) {
	var groups map[string][]int
	for i := range ds {
		d := &ds[i]
		if d.Severity < diag.Warning {
			continue
		}
		key := recurringKey(d)
		if key == "" {
			continue
		}
		if groups == nil {
			groups = map[string][]int{}
		}
		groups[key] = append(groups[key], i)
	}
	for _, at := range groups {
		if len(at) < recurringLeast || len(at)*recurringShare < segments {
			continue
		}
		first := &ds[at[0]]
		others := len(at) - 1
		first.Args["others"] = others
		note := fmt.Sprintf("%d more segments of the document have this fault and a note", others)
		if first.Hint != "" {
			note = first.Hint + "; " + note
		}
		first.Hint = note
		for _, i := range at[1:] {
			ds[i].Severity = diag.Info
		}
	}
}

// recurringKey is the same for findings of one fault of a keyboard or a conversion, and
// "" for one that is by its nature a slip, made anew in each place.
func recurringKey(d *diag.Diagnostic) string {
	switch d.ID {
	case "quality.homoglyphs":
		if d.Args["throughout"] == true {
			scripts := []string{fmt.Sprint(d.Args["script"]), fmt.Sprint(d.Args["otherScript"])}
			slices.Sort(scripts)
			return fmt.Sprint(d.ID, d.Severity, scripts)
		}
	case "quality.control": // quotation marks and dashes of Windows-1252, not converted
		if c, ok := d.Args["codePoint"].(rune); ok && c >= 0x80 && c <= 0x9f {
			return fmt.Sprint(d.ID, d.Severity, c)
		}
	}
	return ""
}
