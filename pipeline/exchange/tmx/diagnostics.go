package tmx

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "tmx.root", Severity: diag.Error, Description: "a file whose root element is not tmx"},
		{ID: "tmx.seg", Severity: diag.Error, Description: "a translation unit variant with more than one segment"},
		{ID: "tmx.size", Severity: diag.Error, Description: "an element that is larger than the limits"},
	}
}
