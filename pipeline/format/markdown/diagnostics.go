package markdown

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "markdown.block", Severity: diag.Warning, Description: "a block that cannot be mapped to its source; it is not translated"},
		{ID: "markdown.fence", Severity: diag.Warning, Description: "a code block that is never closed"},
		{ID: "markdown.field", Severity: diag.Warning, Description: "a field of front matter, or an option of a cell, that cannot be written back; it is not translated"},
		{ID: "markdown.front-matter", Severity: diag.Error, Description: "front matter that does not parse or is never closed"},
		{ID: "markdown.html", Severity: diag.Warning, Description: "HTML blocks with text that is not translated"},
		{ID: "markdown.link", Severity: diag.Info, Description: "a link to the source's edition of an article of the project"},
		{ID: "markdown.link-language", Severity: diag.Info, Description: "links to pages in another language that have no place to declare it"},
		{ID: "markdown.no-front-matter", Severity: diag.Info, Description: "an article without front matter, where language and direction would be written"},
		{ID: "markdown.parameter", Severity: diag.Info, Description: "values of shortcodes that have words and are not translated"},
		{ID: "markdown.role", Severity: diag.Warning, Description: "a backtick in the text of a role, which is written as a mark that looks alike"},
		{ID: "markdown.skip", Severity: diag.Warning, Description: "a skip directive that is unknown or has no partner"},
		{ID: "markdown.table", Severity: diag.Warning, Description: "a table whose cells are drawn with lines; it is not translated"},
		{ID: "markdown.unmappable", Severity: diag.Error, Description: "characters that the encoding of the edition does not have"},
	}
}
