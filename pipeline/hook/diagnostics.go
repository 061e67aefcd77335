package hook

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "hook.budget", Severity: diag.Error, Description: "the budget or limit of an engine is used up, and texts are not translated; the next build asks again"},
		{ID: "hook.codes", Severity: diag.Warning, Description: "an answer with missing or changed inline codes; it is not used"},
		{ID: "hook.corrected", Severity: diag.Info, Description: "a term of an answer was corrected to the glossary's spelling"},
		{ID: "hook.failed", Severity: diag.Error, Description: "an engine failed, and texts are not translated; the next build asks again"},
		{ID: "hook.fallback", Severity: diag.Info, Description: "an engine failed, and the next one was asked"},
		{ID: "hook.ledger", Severity: diag.Warning, Description: "the file of what engines were used for is damaged and begins anew"},
		{ID: "hook.repaired", Severity: diag.Warning, Description: "inline codes of an answer were repaired"},
		{ID: "hook.refused", Severity: diag.Warning, Description: "a text that no engine translated"},
		{ID: "hook.term", Severity: diag.Warning, Description: "an answer that does not follow the glossary"},
		{ID: "hook.unsupported", Severity: diag.Info, Description: "a pair of locales that no engine translates"},
		{ID: "hook.untranslated", Severity: diag.Warning, Description: "an answer that is the source text"},
	}
}
