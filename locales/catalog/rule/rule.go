// Package rule is the table of the diagnostics about message catalogs: their ids,
// severities and descriptions.
package rule

import (
	"slices"

	"hexapla/pipeline/diag"
)

// Diagnostics returns the kinds of diagnostics that the packages below
// locales/catalog make, sorted by id. The packages message and locales make some of
// them too.
func Diagnostics() []diag.Rule { return slices.Clone(rules[:]) }

var rules = [...]diag.Rule{
	{ID: "catalog.alphabet", Severity: diag.Warning, Issue: "characters", Description: "letter that the locale's language does not have"},
	{ID: "catalog.arguments", Severity: diag.Error, Issue: "inconsistent-entities", Description: "call that gives no value for a variable of its message, or no usable count"},
	{ID: "catalog.bidi", Severity: diag.Error, Issue: "characters", Description: "bidirectional control that is not closed, or overrides"},
	{ID: "catalog.code", Severity: diag.Info, Description: "Go packages that the go command cannot load"},
	{ID: "catalog.conflict", Severity: diag.Error, Description: "merge conflict marker in the file"},
	{ID: "catalog.control", Severity: diag.Error, Issue: "characters", Description: "control character, U+FFFD or private-use character"},
	{ID: "catalog.count", Severity: diag.Warning, Issue: "inconsistent-entities", Description: "plural form that stands for several numbers and does not show which"},
	{ID: "catalog.default-text", Severity: diag.Warning, Issue: "inconsistency", Description: "default text in the code that differs from the source catalog"},
	{ID: "catalog.duplicate", Severity: diag.Error, Issue: "duplication", Description: "message or key that is given twice"},
	{ID: "catalog.empty", Severity: diag.Error, Issue: "omission", Description: "message or form without text that a reader can see"},
	{ID: "catalog.encoding", Severity: diag.Error, Issue: "characters", Description: "file that is not UTF-8, or that begins with a byte order mark"},
	{ID: "catalog.end-punctuation", Severity: diag.Warning, Issue: "typographical", Description: "text that ends otherwise than its source"},
	{ID: "catalog.extra", Severity: diag.Warning, Issue: "addition", Description: "message that the source does not have"},
	{ID: "catalog.file-name", Severity: diag.Error, Description: "file whose name does not contain its locale"},
	{ID: "catalog.function", Severity: diag.Warning, Issue: "inconsistent-entities", Description: "variable that is written by another function than in the source"},
	{ID: "catalog.go-i18n", Severity: diag.Info, Description: "file that go-i18n has no plural rules for, and does not load"},
	{ID: "catalog.hash", Severity: diag.Info, Description: "translation without a hash of its source"},
	{ID: "catalog.inherited", Severity: diag.Info, Description: "message that is taken from a parent locale"},
	{ID: "catalog.language", Severity: diag.Warning, Issue: "untranslated", Description: "text in another language or script than the locale's"},
	{ID: "catalog.markup", Severity: diag.Error, Issue: "markup", Description: "markup that differs from the source, or is not balanced"},
	{ID: "catalog.misdecoded", Severity: diag.Error, Issue: "characters", Description: "UTF-8 that was read in another encoding, or letters that became question marks"},
	{ID: "catalog.missing", Severity: diag.Error, Issue: "omission", Description: "message that is not translated"},
	{ID: "catalog.missing-locale", Severity: diag.Error, Issue: "omission", Description: "locale without a catalog"},
	{ID: "catalog.nfc", Severity: diag.Info, Issue: "characters", Description: "text that is not in Unicode normalization form C"},
	{ID: "catalog.plural-extra", Severity: diag.Warning, Issue: "addition", Description: "plural form that the locale does not use"},
	{ID: "catalog.plural-missing", Severity: diag.Error, Issue: "omission", Description: "plural form that the locale needs"},
	{ID: "catalog.plural-rare", Severity: diag.Info, Issue: "omission", Description: "plural form that the locale needs for fractions, or for a million and more"},
	{ID: "catalog.printf", Severity: diag.Error, Issue: "inconsistent-entities", Description: "verbs of package fmt that differ from the source"},
	{ID: "catalog.review", Severity: diag.Info, Description: "translation marked as needing review"},
	{ID: "catalog.script", Severity: diag.Error, Issue: "characters", Description: "letters of two alphabets in one word, or of one that the locale does not use"},
	{ID: "catalog.source", Severity: diag.Error, Description: "source catalog that is not there, cannot be read, or is empty"},
	{ID: "catalog.space", Severity: diag.Warning, Issue: "whitespace", Description: "space at an end, or doubled, otherwise than in the source"},
	{ID: "catalog.stale", Severity: diag.Warning, Issue: "inconsistency", Description: "translation of a source that has changed"},
	{ID: "catalog.structure", Severity: diag.Error, Description: "file that is not built as a message file is"},
	{ID: "catalog.syntax", Severity: diag.Error, Description: "file that does not parse"},
	{ID: "catalog.template", Severity: diag.Error, Description: "template that does not parse, or whose braces are separated"},
	{ID: "catalog.template-node", Severity: diag.Error, Description: "template that does more than name variables, or more than its source"},
	{ID: "catalog.too-large", Severity: diag.Error, Description: "file that is too large"},
	{ID: "catalog.translate-differs", Severity: diag.Warning, Issue: "inconsistency", Description: "text of translate.LOCALE that differs from the one in use, which is not older"},
	{ID: "catalog.two-files", Severity: diag.Error, Issue: "duplication", Description: "second file of one locale"},
	{ID: "catalog.undefined", Severity: diag.Error, Issue: "omission", Description: "message that the code uses and the source does not have"},
	{ID: "catalog.untranslated", Severity: diag.Warning, Issue: "untranslated", Description: "translation that is the source text"},
	{ID: "catalog.unused", Severity: diag.Warning, Issue: "addition", Description: "message that the code does not use"},
	{ID: "catalog.url", Severity: diag.Warning, Issue: "inconsistent-entities", Description: "address that differs from the source"},
	{ID: "catalog.variable-extra", Severity: diag.Error, Issue: "inconsistent-entities", Description: "variable that the source does not have"},
	{ID: "catalog.variable-missing", Severity: diag.Error, Issue: "inconsistent-entities", Description: "variable of the source that is left out"},
}

// ByID returns the rule of an id. An id that is not in the table gets the
// severity of an error.
func ByID(id string) diag.Rule {
	for _, r := range rules {
		if r.ID == id {
			return r
		}
	}
	return diag.Rule{ID: id, Severity: diag.Error}
}

// Finding returns a diagnostic with the severity and the ITS type of its rule.
func Finding(id string, place diag.Place, hint, format string, args ...any) diag.Diagnostic {
	r := ByID(id)
	return diag.Diagnostic{ID: id, Severity: r.Severity, Place: place, Hint: hint, Issue: r.Issue}.Messagef(format, args...)
}

// IsError reports whether a diagnostic is an error.
func IsError(d diag.Diagnostic) bool { return d.Severity == diag.Error }
