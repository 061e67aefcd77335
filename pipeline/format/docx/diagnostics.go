package docx

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "docx.package", Severity: diag.Error, Description: "a Word file that is not a zip package of Office Open XML, or is damaged, encrypted or made to do harm"},
		{ID: "docx.part", Severity: diag.Error, Description: "a part of a Word file that cannot be read; nothing of it is translated"},
		{ID: "docx.signed", Severity: diag.Warning, Description: "a Word file with a digital signature, which its editions break"},
		{ID: "docx.tracked", Severity: diag.Warning, Description: "a Word file with tracked changes, which translated paragraphs have accepted"},
	}
}
