package segment

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "srx.attribute", Severity: diag.Error, Description: "an attribute with an invalid value"},
		{ID: "srx.duplicate", Severity: diag.Error, Description: "two language rules with one name"},
		{ID: "srx.map", Severity: diag.Error, Description: "a language map that is empty or names a missing language rule"},
		{ID: "srx.regexp", Severity: diag.Error, Description: "a pattern that is invalid or not supported"},
		{ID: "srx.root", Severity: diag.Error, Description: "a file whose root element is not srx"},
		{ID: "srx.size", Severity: diag.Error, Description: "a file or pattern that is larger than the limits"},
		{ID: "srx.version", Severity: diag.Error, Description: "an unknown version of SRX"},
		{ID: "srx.xml", Severity: diag.Error, Description: "a rules file that is not well-formed XML"},
	}
}
