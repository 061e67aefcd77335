package checks

import (
	"slices"

	"hexapla/glossary"
	"hexapla/glossary/tbx"
	"hexapla/locales"
	"hexapla/locales/catalog/rule"
	"hexapla/pipeline"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/jsonl"
	"hexapla/pipeline/exchange/po"
	"hexapla/pipeline/exchange/table"
	"hexapla/pipeline/exchange/tmx"
	"hexapla/pipeline/exchange/xliff"
	"hexapla/pipeline/exchange/xmlscan"
	"hexapla/pipeline/format/charset"
	"hexapla/pipeline/format/docx"
	"hexapla/pipeline/format/html"
	"hexapla/pipeline/format/json"
	"hexapla/pipeline/format/markdown"
	"hexapla/pipeline/format/ninjs"
	"hexapla/pipeline/format/plaintext"
	"hexapla/pipeline/format/subtitles"
	"hexapla/pipeline/format/xml"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/memory/journal"
	"hexapla/pipeline/quality"
	"hexapla/pipeline/report"
	"hexapla/pipeline/segment"
	"hexapla/pipeline/site/crawl"
)

// Diagnostics returns the kinds of diagnostics that the commands make.
func Diagnostics() []diag.Rule {
	return append([]diag.Rule{
		{ID: "align.language", Severity: diag.Error, Description: "a page that is not in the language that it is aligned for; nothing of it is stored"},
		{ID: "align.no-pair", Severity: diag.Error, Description: "pages that are no translations of each other; nothing of them is stored"},
		{ID: "align.older", Severity: diag.Warning, Description: "a translation that is older than its source; its entries have its date"},
		{ID: "deploy.conflict", Severity: diag.Error, Description: "a file that was changed both in the folder and in the target of a deployment; it is not overwritten"},
		{ID: "deploy.file", Severity: diag.Warning, Description: "a file that cannot be deployed, because it is not a regular one"},
		{ID: "deploy.foreign", Severity: diag.Error, Description: "a file in the target that no deployment has written; it is not overwritten"},
		{ID: "source.changed", Severity: diag.Error, Description: "an article of object storage whose file was changed in the folder; it is not overwritten"},
		{ID: "source.name", Severity: diag.Error, Description: "an object of the sources whose key cannot be the path of a file"},
		{ID: "project.hook", Severity: diag.Warning, Description: "a hook for a locale that the project does not build"},
		{ID: "project.spelling", Severity: diag.Warning, Description: "the spelling of a locale cannot be checked: the program or the dictionary is missing"},
		{ID: "project.pattern", Severity: diag.Warning, Description: "a pattern of the configuration that no file matches"},
		{ID: "project.units", Severity: diag.Warning, Description: "a file of identities that is damaged or of another release; it is not overwritten"},
		{ID: "article.link", Severity: diag.Error, Description: "an article that is a symbolic link to a file that is not an article"},
		{ID: "article.job", Severity: diag.Error, Description: "an article that no worker could build"},
		{ID: "edition.edited", Severity: diag.Warning, Description: "a page that was changed by hand; it is not overwritten"},
		{ID: "edition.manifest", Severity: diag.Error, Description: "a manifest that is damaged or not of this project"},
		{ID: "edition.stale", Severity: diag.Warning, Description: "an edition of an article that has changed since"},
		{ID: "edition.unknown", Severity: diag.Warning, Description: "a page that no manifest lists; it is not overwritten"},
		{ID: "export.record", Severity: diag.Warning, Description: "an export of a project that cannot be written to and has no record of it"},
		{ID: "import.form", Severity: diag.Info, Description: "a plural form that the locale does not use"},
		{ID: "memory.damaged", Severity: diag.Error, Description: "damage of the translation memory"},
		{ID: "site.corrections", Severity: diag.Error, Description: "a list of corrections that is damaged or of another release"},
		{ID: "site.files", Severity: diag.Error, Description: "a list of the files of a site that is damaged or of another release"},
		{ID: "site.foreign", Severity: diag.Warning, Description: "a sitemap or feed that was changed by hand; it is not overwritten"},
		{ID: "site.pages", Severity: diag.Error, Description: "a list of the pages of a site that is damaged or not of this project"},
		{ID: "tmx.read", Severity: diag.Error, Description: "a TMX file that cannot be read"},
	}, CompletenessDiagnostics()...)
}

// CompletenessDiagnostics returns the kinds of diagnostics of Unfinished.
func CompletenessDiagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "edition.machine", Severity: diag.Error, Description: "an edition with raw machine translation"},
		{ID: "edition.segment", Severity: diag.Info, Description: "a segment that does not satisfy the publishing policy"},
		{ID: "edition.unfinished", Severity: diag.Error, Description: "an edition with segments that replace missing translations"},
	}
}

// AllDiagnostics returns the kinds of diagnostics of all packages, sorted by id.
func AllDiagnostics() []diag.Rule {
	all := slices.Concat(Diagnostics(), pipeline.Diagnostics(), config.Diagnostics(), rule.Diagnostics(), charset.Diagnostics(), crawl.Diagnostics(), docx.Diagnostics(), exchange.Diagnostics(), glossary.Diagnostics(), hook.Diagnostics(), journal.Diagnostics(), ninjs.Diagnostics(),
		html.Diagnostics(), json.Diagnostics(), jsonl.Diagnostics(), locales.Diagnostics(), markdown.Diagnostics(), plaintext.Diagnostics(), po.Diagnostics(), quality.Diagnostics(), report.Diagnostics(),
		segment.Diagnostics(), subtitles.Diagnostics(), table.Diagnostics(), tbx.Diagnostics(), tmx.Diagnostics(), xliff.Diagnostics(), xml.Diagnostics(), xmlscan.Diagnostics())
	diag.SortRules(all)
	return all
}
