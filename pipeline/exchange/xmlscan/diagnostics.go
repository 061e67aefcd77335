package xmlscan

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "xml.char", Severity: diag.Error, Description: "a character that XML does not allow"},
		{ID: "xml.doctype", Severity: diag.Error, Description: "a document type declaration, which is refused"},
		{ID: "xml.encoding", Severity: diag.Error, Description: "an unknown encoding, or bytes that are not in the declared one"},
		{ID: "xml.entity", Severity: diag.Error, Description: "a reference to an unknown entity"},
		{ID: "xml.limit", Severity: diag.Error, Description: "a file that is larger or nested deeper than the limits"},
		{ID: "xml.namespace", Severity: diag.Error, Description: "a prefix that is not declared, or wrongly declared"},
		{ID: "xml.read", Severity: diag.Error, Description: "a file that cannot be read"},
		{ID: "xml.syntax", Severity: diag.Error, Description: "a file that is not well-formed XML"},
		{ID: "xml.truncated", Severity: diag.Error, Description: "an XML file that ends too early"},
	}
}
