package json

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "json.duplicate", Severity: diag.Warning, Description: "a name that a JSON object has more than once, where text is"},
		{ID: "json.locale", Severity: diag.Warning, Description: "an object that has a member for the locale of the edition already"},
		{ID: "json.no-text", Severity: diag.Warning, Description: "a JSON file in which the pointers of the configuration find no text"},
		{ID: "json.rule", Severity: diag.Error, Description: "a JSON file that no [[json]] table of the configuration is for"},
		{ID: "json.string", Severity: diag.Warning, Description: "a JSON string with half a surrogate pair, which is not translated"},
		{ID: "json.syntax", Severity: diag.Error, Description: "a file that is not JSON in UTF-8"},
	}
}
