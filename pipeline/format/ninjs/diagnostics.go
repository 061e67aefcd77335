package ninjs

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "ninjs.syntax", Severity: diag.Error, Description: "a news item that is not an object of JSON in UTF-8"},
	}
}
