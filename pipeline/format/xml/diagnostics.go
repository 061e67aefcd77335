package xml

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "xml.its", Severity: diag.Warning, Description: "an ITS rule that cannot be applied, or a rules file that the configuration does not name"},
		{ID: "xml.no-text", Severity: diag.Warning, Description: "an XML file in which the paths of the configuration find no text"},
		{ID: "xml.rule", Severity: diag.Error, Description: "an XML file of an unknown kind that no [[xml]] table of the configuration is for"},
		{ID: "xml.size", Severity: diag.Error, Description: "an XML file with too many elements"},
		{ID: "xml.unmappable", Severity: diag.Error, Issue: "characters", Description: "an edition that its encoding cannot hold; it is written as UTF-8"},
	}
}
