package pipeline

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "adopt.not-matched", Severity: diag.Warning, Description: "text of an article that corresponds to nothing in a page that was changed by hand, or not in its tags or sentences"},
		{ID: "adopt.unknown-text", Severity: diag.Warning, Description: "text of a page that was changed by hand and corresponds to nothing in the article"},
		{ID: "article.format", Severity: diag.Error, Description: "an article whose format is not known by its name"},
		{ID: "article.language", Severity: diag.Warning, Description: "an article whose declaration of its language is malformed, or does not fit its text"},
		{ID: "article.read", Severity: diag.Error, Description: "an article that cannot be read"},
		{ID: "chrome.codes", Severity: diag.Error, Description: "a message of the catalog whose codes do not fit the article"},
		{ID: "chrome.missing", Severity: diag.Warning, Description: "a message that the catalog of the locale does not have"},
		{ID: "edition.outdated", Severity: diag.Warning, Description: "a page that stays published, because its newer edition does not meet the policy"},
		{ID: "edition.withheld", Severity: diag.Warning, Description: "an edition that is not published, because it does not meet the policy"},
		{ID: "import.codes", Severity: diag.Error, Description: "a translation whose inline codes do not fit the source"},
		{ID: "import.conflict", Severity: diag.Warning, Description: "a segment that another import translated at the same time"},
		{ID: "import.copied", Severity: diag.Error, Description: "a translation that is a copy of the source"},
		{ID: "import.empty", Severity: diag.Error, Description: "a translation file without a segment"},
		{ID: "import.file", Severity: diag.Error, Description: "a translation file that cannot be read"},
		{ID: "import.language", Severity: diag.Error, Description: "translations that seem to be in another language than that of the file"},
		{ID: "import.length", Severity: diag.Error, Description: "a translation that is longer than the unit allows"},
		{ID: "import.letters", Severity: diag.Error, Description: "a translation without letters, or with question marks or U+FFFD in their place"},
		{ID: "import.locale", Severity: diag.Error, Description: "a translation for a locale that the project does not build"},
		{ID: "import.missing-segments", Severity: diag.Warning, Description: "segments that were exported and did not come back with the others of the article"},
		{ID: "import.newer", Severity: diag.Warning, Description: "a translation that the memory has a newer one of"},
		{ID: "import.notes", Severity: diag.Warning, Description: "notes of translators that are too long or too many"},
		{ID: "import.other-places", Severity: diag.Info, Description: "other places with the source of an edited translation, which keep theirs"},
		{ID: "import.renamed-article", Severity: diag.Info, Description: "an article of a translation file that has another name now"},
		{ID: "import.source-changed", Severity: diag.Warning, Description: "a translation of a source that has changed"},
		{ID: "import.source-language", Severity: diag.Error, Description: "a translation from another language than that of the article"},
		{ID: "import.state", Severity: diag.Warning, Description: "another translation in a lower state than the one in the memory; it is kept in the history"},
		{ID: "import.twice", Severity: diag.Warning, Description: "a segment that one file has two translations of; the second is kept in the history"},
		{ID: "import.unknown-article", Severity: diag.Warning, Description: "an article that the project does not have"},
		{ID: "import.unknown-segment", Severity: diag.Warning, Description: "a segment that the unit does not have"},
		{ID: "schedule.date", Severity: diag.Error, Description: "a date of an article that cannot be understood, or has no time zone; nothing of it is published"},
		{ID: "site.slug", Severity: diag.Info, Description: "an address that another page has or had; the page gets a number"},
		{ID: "import.unknown-unit", Severity: diag.Warning, Description: "a unit that the article does not have"},
	}
}
