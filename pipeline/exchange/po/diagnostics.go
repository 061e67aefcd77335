package po

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "po.duplicate", Severity: diag.Error, Description: "a message that is defined twice"},
		{ID: "po.entry", Severity: diag.Error, Description: "an entry that is not valid PO"},
		{ID: "po.format", Severity: diag.Error, Description: "a translation that cannot be formatted as its source is"},
		{ID: "po.header", Severity: diag.Error, Description: "a PO file without a header entry, or whose header names an unknown charset"},
		{ID: "po.newline", Severity: diag.Error, Description: "a translation that does not begin or end with a line feed as its source does"},
		{ID: "po.plural", Severity: diag.Error, Description: "plural forms that do not agree with the header"},
	}
}
