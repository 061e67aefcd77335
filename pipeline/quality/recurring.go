package quality

import (
	"fmt"
	"slices"

	"hexapla/pipeline/diag"
)

// A fault recurs if it is in this many segments of a document, and in one of
// recurringShare of them. A habit of typing shows earlier than a wrong keyboard.
const (
	recurringLeast = 3
	recurringShare = 8
	habitLeast     = 2
	habitShare     = 24
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
	wrongKeyboard := map[string]bool{} // scripts that are mixed throughout the document
	for key, at := range groups {
		least, share := recurringLeast, recurringShare
		if habits[ds[at[0]].ID] || ds[at[0]].ID == "quality.numbers" {
			least, share = habitLeast, habitShare
		}
		if len(at) < least || len(at)*share < segments {
			continue
		}
		first := &ds[at[0]]
		others := len(at) - 1
		first.Args["others"] = others
		note := fmt.Sprintf("%d more segments of the document have this fault and a note", others)
		if others == 1 {
			note = "1 more segment of the document has this fault and a note"
		}
		if first.Hint != "" {
			note = first.Hint + "; " + note
		}
		first.Hint = note
		for _, i := range at[1:] {
			ds[i].Severity = diag.Info
		}
		wrongKeyboard[key] = first.ID == "quality.homoglyphs"
	}
	for i := range ds { // words of one script alone that come from the same keyboard
		if d := &ds[i]; d.ID == "quality.homoglyphs" && d.Severity > diag.Info && d.Args["throughout"] != true && wrongKeyboard[keyboardKey(d)] {
			d.Severity = diag.Info
		}
	}
}

// keyboardKey is the same for all words of two scripts, or of one that looks like the
// other.
func keyboardKey(d *diag.Diagnostic) string {
	other := d.Args["otherScript"]
	if other == nil {
		other = d.Args["expected"]
	}
	scripts := []string{fmt.Sprint(d.Args["script"]), fmt.Sprint(other)}
	slices.Sort(scripts)
	return fmt.Sprint(d.ID, scripts)
}

// habits are the checks whose findings are a matter of how somebody types: with or without
// a full stop, a space, a non-joiner.
var habits = map[string]bool{
	"quality.end": true, "quality.spacing": true, "quality.punctuation": true, "quality.letters": true, "quality.nonjoiner": true, "quality.invisible": true,
	"quality.repeated": true, "quality.quotes": true,
}

// recurringKey is the same for findings of one habit, or of one fault of a keyboard or a
// conversion, and "" for one that is by its nature a slip, made anew in each place.
func recurringKey(d *diag.Diagnostic) string {
	if d.Severity == diag.Warning && habits[d.ID] {
		switch d.ID {
		case "quality.letters": // of any word
			return fmt.Sprint(d.ID, d.Args["character"], d.Args["otherCharacter"])
		case "quality.end":
			return d.ID + d.Message
		}
		return d.ID
	}
	switch d.ID {
	case "quality.homoglyphs":
		if d.Args["throughout"] == true {
			return keyboardKey(d)
		}
	case "quality.numbers": // the separators of the source's locale
		if d.Args["throughout"] == true && d.Severity == diag.Warning {
			return d.ID
		}
	case "quality.control": // quotation marks and dashes of Windows-1252, not converted
		if c, ok := d.Args["codePoint"].(rune); ok && c >= 0x80 && c <= 0x9f {
			return fmt.Sprint(d.ID, d.Severity, c)
		}
	}
	return ""
}
