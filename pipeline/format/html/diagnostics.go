package html

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "charset.unmappable", Severity: diag.Error, Description: "characters that the encoding of the edition does not have"},
		{ID: "html.canonical", Severity: diag.Warning, Description: "a canonical link that is not the edition's own address"},
		{ID: "html.control", Severity: diag.Warning, Description: "a control character that HTML forbids was left out"},
		{ID: "html.fragment", Severity: diag.Info, Description: "a fragment has no element for language, direction and alternates"},
		{ID: "html.jsonld", Severity: diag.Warning, Description: "a JSON-LD script that does not parse"},
		{ID: "html.link", Severity: diag.Info, Description: "a link to the source's edition of an article of the project"},
		{ID: "html.truncated", Severity: diag.Error, Description: "an HTML file that ends inside a tag, a comment or an element"},
		{ID: "html.unclosed", Severity: diag.Warning, Description: "an element without end tag whose content is not translated"},
	}
}
