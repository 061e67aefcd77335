package journal

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "journal.line", Severity: diag.Warning, Description: "a line of the memory's journal that cannot be read; it is left out"},
		{ID: "journal.merge", Severity: diag.Warning, Description: "markers of an unfinished merge in the memory's journal; both sides are read"},
		{ID: "journal.missing", Severity: diag.Warning, Description: "lines that the memory has and its journal has not any more"},
		{ID: "journal.more", Severity: diag.Warning, Description: "findings in the memory's journal that are counted and not listed"},
	}
}
