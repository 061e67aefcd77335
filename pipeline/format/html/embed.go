package html

import "hexapla/pipeline/bitext"

// AppendText appends the characters of a target to dst as a span with the given
// context has them: escaped, so that they never become markup. It is for formats
// that have HTML inside and write it themselves; dst ends with all of the segment
// that comes before. Control characters that HTML forbids are left out.
func AppendText(dst []byte, context, chars string) []byte {
	a := &assembler{doc: &bitext.Document{Units: make([]bitext.Unit, 1)}, nbsp: "\u00A0"}
	return a.encode(dst, &bitext.UnitSpan{Context: context}, chars)
}

// NeedsQuotes reports whether a span with the given context is an attribute value
// without quotation marks, which a target must get.
func NeedsQuotes(context string) bool { return context == inUnquoted }

// AllowsMarkup reports whether elements may stand in a span with the given context.
func AllowsMarkup(context string) bool { return context == inText || context == inText+withCRLF }
