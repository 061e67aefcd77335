package charset

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "charset.doubt", Severity: diag.Error, Description: "bytes that are not UTF-8, and no declared encoding"},
		{ID: "charset.guessed", Severity: diag.Warning, Description: "an encoding that was detected, not declared"},
		{ID: "charset.invalid", Severity: diag.Error, Description: "bytes that the encoding does not have"},
		{ID: "charset.lossy", Severity: diag.Error, Description: "bytes that would not be written back as they are"},
		{ID: "charset.mislabelled", Severity: diag.Warning, Description: "UTF-8 under the declaration of another encoding"},
		{ID: "charset.unknown", Severity: diag.Error, Description: "a name that is not the label of an encoding"},
	}
}
