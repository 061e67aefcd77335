package glossary

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "glossary.case", Severity: diag.Error, Description: "a value of the column case that is neither yes nor no"},
		{ID: "glossary.cells", Severity: diag.Warning, Description: "a row with more cells than the first row"},
		{ID: "glossary.column", Severity: diag.Info, Description: "an unknown column; it is kept as a remark"},
		{ID: "glossary.concept", Severity: diag.Error, Description: "a row without a concept"},
		{ID: "glossary.conflict", Severity: diag.Warning, Description: "a term of two concepts that other locales call differently"},
		{ID: "glossary.contradiction", Severity: diag.Warning, Description: "a term with two statuses in one concept"},
		{ID: "glossary.definition", Severity: diag.Info, Description: "a second definition of a concept; it is kept as a note"},
		{ID: "glossary.disagreement", Severity: diag.Warning, Description: "a term that many translations do not use"},
		{ID: "glossary.duplicate", Severity: diag.Warning, Description: "a term that a concept has twice"},
		{ID: "glossary.encoding", Severity: diag.Error, Description: "a cell or file that is not in a readable encoding"},
		{ID: "glossary.formula", Severity: diag.Warning, Description: "a cell that a spreadsheet program would run as a formula"},
		{ID: "glossary.header", Severity: diag.Error, Description: "a first row that does not name the columns"},
		{ID: "glossary.homonym", Severity: diag.Info, Description: "a term that is preferred in one concept and not in another"},
		{ID: "glossary.language", Severity: diag.Warning, Description: "a table of pairs that does not name its languages"},
		{ID: "glossary.locale", Severity: diag.Error, Description: "a value that is not a BCP 47 tag"},
		{ID: "glossary.preferred", Severity: diag.Warning, Description: "two preferred terms of one concept in one locale"},
		{ID: "glossary.same", Severity: diag.Warning, Description: "two concepts with the same terms"},
		{ID: "glossary.separator", Severity: diag.Warning, Description: "a term with a semicolon, as between several terms"},
		{ID: "glossary.status", Severity: diag.Error, Description: "an unknown status, or one that needs a locale"},
		{ID: "glossary.syntax", Severity: diag.Error, Description: "a row that is not valid CSV"},
		{ID: "glossary.term", Severity: diag.Error, Description: "a row without a term"},
		{ID: "glossary.unused", Severity: diag.Info, Description: "a concept that no text of the project has"},
	}
}
