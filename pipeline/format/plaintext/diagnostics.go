package plaintext

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "text.unmappable", Severity: diag.Error, Description: "characters that the encoding of the edition does not have"},
	}
}
