package exchange

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "exchange.more", Severity: diag.Error, Description: "findings of a file that are counted and not listed"},
		{ID: "exchange.read", Severity: diag.Error, Description: "a bilingual file that cannot be read"},
	}
}
