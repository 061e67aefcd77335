package locales

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that only this package makes. Load
// also makes some of those of package catalog.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "catalog.unreadable", Severity: diag.Error, Description: "file or folder of catalogs that cannot be read"},
	}
}
