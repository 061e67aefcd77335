package markdown

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/html"
)

// This file keeps what runs from left to right together in editions that run from right to
// left, as package html does it: telephone numbers, "C++", code. The Unicode Bidirectional
// Algorithm (UAX #9) would tear it apart.

// What goes around such a part: an element, for all that show HTML know it as one within a
// line; or, in MDX and where the renderer leaves HTML out, characters
// (UAX #9, 2.4.2).
const (
	isolateStart, isolateEnd         = `<span dir="ltr">`, "</span>"
	isolateStartChar, isolateEndChar = "\u2066", "\u2069"
)

// isIsolable reports whether elements may stand in a unit: its title or alternative text
// would show them, and a link to a page has characters alone.
func isIsolable(h *bitext.UnitSpan, u *bitext.Unit) bool {
	switch c := contextOf(h); c.kind {
	case textContext, partContext, setextContext, cellContext:
	case headingContext:
		if u.Kind != bitext.Heading {
			return false // the title of a container
		}
	default:
		return false
	}
	for i := range u.Source.Codes {
		if strings.HasPrefix(u.Source.Codes[i].Data, "[[") {
			return false
		}
	}
	return true
}

// isolation is the piece that begins or ends a part from left to right.
func (e *encoder) isolation(segment int, begins bool) piece {
	data := [...]string{isolateStartChar, isolateEndChar}
	if e.hasHTML {
		data = [...]string{isolateStart, isolateEnd}
	}
	c := bitext.Code{Kind: bitext.Placeholder, Type: "other", Data: data[0]}
	if !begins {
		c.Data = data[1]
	}
	return piece{seg: segment, text: c.Data, code: &c, kind: c.Kind}
}

// isolate appends the pieces of characters.
func (e *encoder) isolate(out []piece, segment int, chars string) []piece {
	at := 0
	for _, r := range html.LeftToRightRuns(chars) {
		// Marks of highlighting may belong to others outside of the part.
		for strings.HasPrefix(chars[r[0]:r[1]], "==") {
			r[0] += len("==")
		}
		for strings.HasSuffix(chars[r[0]:r[1]], "==") {
			r[1] -= len("==")
		}
		if r[0] == r[1] {
			continue
		}
		if r[0] > at {
			out = append(out, piece{seg: segment, chars: true, text: chars[at:r[0]]})
		}
		out = append(out, e.isolation(segment, true), piece{seg: segment, chars: true, text: chars[r[0]:r[1]]}, e.isolation(segment, false))
		at = r[1]
	}
	if at < len(chars) || at == 0 {
		out = append(out, piece{seg: segment, chars: true, text: chars[at:]})
	}
	return out
}

// isolateCopy appends the edits that isolate a text that is its source unchanged: a
// telephone number in a paragraph of its own.
func (e *encoder) isolateCopy(edits []bitext.Edit, h *bitext.UnitSpan, u *bitext.Unit, targets []bitext.Target) []bitext.Edit {
	if !e.rtl {
		return edits
	}
	start, end := isolateStartChar, isolateEndChar
	switch c := contextOf(h); {
	case c.kind == htmlContext && html.AllowsMarkup(c.style):
		start, end = htmlIsolateStart, htmlIsolateEnd
	case !isIsolable(h, u):
		return edits
	case e.hasHTML:
		start, end = isolateStart, isolateEnd
	}
	for _, r := range html.RunsOfCopy(u, targets, string(e.doc.Skeleton.Data[h.Start:h.End])) {
		edits = append(edits,
			bitext.Edit{Start: h.Start + r[0], End: h.Start + r[0], Text: start},
			bitext.Edit{Start: h.Start + r[1], End: h.Start + r[1], Text: end})
	}
	return edits
}

// What goes around a part from left to right in a block of HTML.
const htmlIsolateStart, htmlIsolateEnd = `<bdi dir="ltr">`, "</bdi>"

// needsIsolation reports whether a code is one of a program that would be torn apart: a
// code span, an address, or an element such as kbd that declares no direction, with a sign or
// a number at an edge.
func needsIsolation(c *bitext.Code) bool {
	if c.Kind != bitext.Placeholder || c.Equiv == "" || c.Equiv == "\n" || c.Data == "" {
		return false
	}
	switch {
	case c.Type == "link", c.Data[0] == '`':
	case c.Data[0] == '<':
		tag, _, _ := strings.Cut(c.Data, ">")
		name, _, _ := strings.Cut(tag[1:], " ")
		if !keptTags[strings.ToLower(name)] || setsDirection(tag) {
			return false
		}
	default:
		return false
	}
	first, _ := utf8.DecodeRuneInString(c.Equiv)
	last, _ := utf8.DecodeLastRuneInString(c.Equiv)
	if strings.ContainsFunc(c.Equiv, isRightToLeft) {
		return false
	}
	return !unicode.IsLetter(first) || !unicode.IsLetter(last) && !unicode.IsDigit(last)
}

// isName reports whether a code that comes behind pieces is the name that a plugin of MkDocs
// looks up, [`name`][], which has to be alone between the brackets.
func (e *encoder) isName(before []piece, codes *unitCodes, c *bitext.Code) bool {
	n := len(before)
	if n == 0 || before[n-1].text != "[" || before[n-1].kind != bitext.Start {
		return false
	}
	end := codes.find(bitext.End, before[n-1].code.ID)
	return end != nil && end.Data == "][]" && !e.labels[foldLabel(c.Data)]
}

// setsDirection reports whether a tag of HTML sets a direction for what follows.
func setsDirection(tag string) bool {
	tag = strings.ToLower(tag)
	return strings.HasPrefix(tag, "<bd") || strings.HasPrefix(tag, "<") && strings.Contains(tag, "dir=")
}

func isRightToLeft(r rune) bool {
	p, _ := bidi.LookupRune(r)
	return p.Class() == bidi.R || p.Class() == bidi.AL
}
