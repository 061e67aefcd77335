package tmx

import "hexapla/pipeline/diag"

// Diagnostics returns the kinds of diagnostics that this package makes, sorted by
// id.
func Diagnostics() []diag.Rule {
	return []diag.Rule{
		{ID: "tmx.attribute", Severity: diag.Error, Description: "an element without an attribute that TMX requires"},
		{ID: "tmx.element", Severity: diag.Error, Description: "an element that TMX does not have, or in a wrong place"},
		{ID: "tmx.header", Severity: diag.Error, Description: "a file without a header"},
		{ID: "tmx.language", Severity: diag.Error, Description: "a translation unit variant without a language"},
		{ID: "tmx.locale", Severity: diag.Info, Description: "locales that were changed to those of the project"},
		{ID: "tmx.more", Severity: diag.Error, Description: "findings that are counted and not listed"},
		{ID: "tmx.root", Severity: diag.Error, Description: "a file whose root element is not tmx"},
		{ID: "tmx.seg", Severity: diag.Error, Description: "a translation unit variant that has not exactly one segment"},
		{ID: "tmx.size", Severity: diag.Error, Description: "an element that is larger than the limits"},
		{ID: "tmx.tuv", Severity: diag.Error, Description: "a translation unit without a variant"},
		{ID: "tmx.unused", Severity: diag.Warning, Description: "translation units without a text in the source language"},
	}
}
