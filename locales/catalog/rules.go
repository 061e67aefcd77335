package catalog

import "hexapla/pipeline/diag"

// A Rule is one kind of finding. ITS is the localization quality issue type of
// ITS 2.0.
type Rule struct {
	ID       string
	Severity diag.Severity
	ITS      string
	Title    string
}

// Rules are all findings that Parse, Check and CheckUsage give, sorted by id.
func Rules() []Rule { return rules[:] }

var rules = [...]Rule{
	{"catalog.bidi", diag.Error, "characters", "bidirectional control that is not closed, or overrides"},
	{"catalog.code", diag.Info, "", "Go packages that the go command cannot tell of"},
	{"catalog.conflict", diag.Error, "", "merge conflict marker in the file"},
	{"catalog.control", diag.Error, "characters", "control character, U+FFFD or private-use character"},
	{"catalog.count", diag.Warning, "inconsistent-entities", "plural form that stands for several numbers and does not show which"},
	{"catalog.duplicate", diag.Error, "duplication", "message or key that is given twice"},
	{"catalog.empty", diag.Error, "omission", "message or form without text"},
	{"catalog.encoding", diag.Error, "characters", "file that is not UTF-8, or that begins with a byte order mark"},
	{"catalog.end-punctuation", diag.Warning, "typographical", "text that ends otherwise than its source"},
	{"catalog.extra", diag.Warning, "addition", "message that the source does not have"},
	{"catalog.file-name", diag.Error, "", "file whose name does not say its locale"},
	{"catalog.function", diag.Warning, "inconsistent-entities", "variable that is written by another function than in the source"},
	{"catalog.go-i18n", diag.Info, "", "file that go-i18n has no plural rules for, and does not load"},
	{"catalog.hash", diag.Info, "", "translation without a hash of its source"},
	{"catalog.inherited", diag.Info, "", "message that is taken from a parent locale"},
	{"catalog.markup", diag.Error, "markup", "markup that differs from the source, or is not balanced"},
	{"catalog.missing", diag.Error, "omission", "message that is not translated"},
	{"catalog.missing-locale", diag.Error, "omission", "locale without a catalog"},
	{"catalog.nfc", diag.Info, "characters", "text that is not in Unicode normalization form C"},
	{"catalog.plural-extra", diag.Warning, "addition", "plural form that the locale does not use"},
	{"catalog.plural-missing", diag.Error, "omission", "plural form that the locale needs"},
	{"catalog.plural-rare", diag.Warning, "omission", "plural form that the locale needs for fractions, or for a million and more"},
	{"catalog.printf", diag.Error, "inconsistent-entities", "verbs of package fmt that differ from the source"},
	{"catalog.review", diag.Info, "", "translation marked as needing review"},
	{"catalog.script", diag.Error, "characters", "letters of two alphabets in one word, or of one that the locale does not use"},
	{"catalog.space", diag.Warning, "whitespace", "space at an end, or doubled, otherwise than in the source"},
	{"catalog.stale", diag.Warning, "inconsistency", "translation of a source that has changed"},
	{"catalog.structure", diag.Error, "", "file that is not built as a message file is"},
	{"catalog.syntax", diag.Error, "", "file that does not parse"},
	{"catalog.template", diag.Error, "", "template that does not parse, or that is torn apart"},
	{"catalog.template-node", diag.Error, "", "template that does more than name variables, or more than its source"},
	{"catalog.too-large", diag.Error, "", "file that is too large"},
	{"catalog.two-files", diag.Error, "duplication", "second file of one locale"},
	{"catalog.undefined", diag.Error, "omission", "message that the code uses and the source does not have"},
	{"catalog.untranslated", diag.Warning, "untranslated", "translation that is the source text"},
	{"catalog.unused", diag.Warning, "addition", "message that the code does not use"},
	{"catalog.url", diag.Warning, "inconsistent-entities", "address that differs from the source"},
	{"catalog.variable-extra", diag.Error, "inconsistent-entities", "variable that the source does not have"},
	{"catalog.variable-missing", diag.Error, "inconsistent-entities", "variable of the source that is left out"},
}

// rule finds a rule; its id is one of ours.
func rule(id string) Rule {
	for _, r := range rules {
		if r.ID == id {
			return r
		}
	}
	return Rule{ID: id, Severity: diag.Error}
}
