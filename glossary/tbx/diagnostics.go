package tbx

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "tbx.category", Severity: diag.Warning, Description: "a data category that the DCT style of TBX-Basic does not have"},
		{ID: "tbx.characters", Severity: diag.Warning, Description: "characters that XML does not allow; they are left out"},
		{ID: "tbx.empty", Severity: diag.Warning, Description: "a concept without terms; it is left out"},
		{ID: "tbx.id", Severity: diag.Warning, Description: "two concepts with one id"},
		{ID: "tbx.inline", Severity: diag.Info, Description: "markup inside a text; its characters are kept"},
		{ID: "tbx.locale", Severity: diag.Error, Description: "a value that is not a BCP 47 tag"},
		{ID: "tbx.status", Severity: diag.Warning, Description: "an unknown administrative status"},
		{ID: "tbx.syntax", Severity: diag.Error, Description: "a file that is not well-formed TBX"},
		{ID: "tbx.term", Severity: diag.Warning, Description: "an empty term; it is left out"},
	}
}
