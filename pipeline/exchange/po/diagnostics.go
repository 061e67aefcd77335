package po

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "po.entry", Severity: diag.Error, Description: "an entry that is not valid PO"},
	}
}
