// Package spantext makes the text of a unit from pieces of a document, with the
// anchors and places of codes that its span needs.
package spantext

import (
	"strings"

	"hexapla/pipeline/bitext"
)

// Builder makes one text. Start is where the span begins in the data; set it before
// the first piece. Pieces are added in the order of their places.
type Builder struct {
	Start   int
	Anchors []bitext.Anchor
	Codes   []bitext.Code
	Raws    []int // of Codes, where they are in the data

	chars strings.Builder
	begun bool
	next  int // where the data goes on if characters and data run alike
}

// Chars returns the characters so far.
func (b *Builder) Chars() string { return b.chars.String() }

// Text returns the text.
func (b *Builder) Text() bitext.Text { return bitext.Text{Chars: b.chars.String(), Codes: b.Codes} }

// Add adds characters that stand for the data between two offsets.
func (b *Builder) Add(text string, from, to int) {
	b.anchor(from)
	b.chars.WriteString(text)
	b.next = from + len(text)
	b.anchor(to)
}

// Skip passes over data up to an offset that is neither text nor code.
func (b *Builder) Skip(to int) { b.anchor(to) }

// Code adds a code that is the data between two offsets.
func (b *Builder) Code(c bitext.Code, from, to int) {
	c.Pos = b.chars.Len()
	b.Codes, b.Raws = append(b.Codes, c), append(b.Raws, from)
	b.anchor(to)
}

// anchor relates the end of the characters to an offset of the data.
func (b *Builder) anchor(raw int) {
	if !b.begun {
		b.begun, b.next = true, b.Start
	}
	if raw == b.next {
		return
	}
	b.Anchors = append(b.Anchors, bitext.Anchor{Text: b.chars.Len(), Raw: raw})
	b.next = raw
}

// Span returns the span of the text, which ends at an offset.
func (b *Builder) Span(unit, end int, context string) bitext.UnitSpan {
	return bitext.UnitSpan{Unit: unit, Start: b.Start, End: end, Context: context, Anchors: b.Anchors, Codes: b.Raws}
}
