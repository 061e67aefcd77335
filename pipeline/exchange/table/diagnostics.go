package table

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "table.csv", Severity: diag.Error, Description: "a file that is not valid CSV"},
		{ID: "table.encoding", Severity: diag.Error, Description: "a cell that is not UTF-8"},
		{ID: "table.header", Severity: diag.Error, Description: "a first row that lacks a required column"},
		{ID: "table.long", Severity: diag.Error, Description: "a text that is longer than a spreadsheet cell can be"},
		{ID: "table.row", Severity: diag.Error, Description: "a row that cannot be read as a unit"},
		{ID: "table.xlsx", Severity: diag.Error, Description: "a file that is not a readable workbook"},
	}
}
