package jsonl

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "jsonl.line", Severity: diag.Error, Description: "a line that is not a record of a JSON Lines exchange file"},
		{ID: "jsonl.read", Severity: diag.Error, Description: "a JSON Lines file that cannot be read"},
	}
}
