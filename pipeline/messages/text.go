// Package messages turns catalog messages into bilingual units, which translators'
// tools and translation hooks work on, and the units back into translations of the
// messages. It reads and writes no files by itself.
//
// Importer and the import of articles (package pipeline) decide differently, because
// what they decide about differs. They have in common how tags are read
// (bitext.ParseTagged) and the ids of what is rejected (pipeline.Rejected…).
//
//	                   article                                 message
//	found by           identity, then source and neighbours    id alone
//	source changed     kept for its own source                 rejected: a plural form has no other place
//	stored in          the memory, with state and history      the catalog: one text, and the hash of its source
//	older than in use  into the history, reported              does not happen: a file has no times of messages
//	state goes back    into the history, reported              marked "needs review", or nothing
//	copy of the source rejected below the state reviewed       rejected without --accept-copies
//	unit of checking   the segment                             the message: all of its plural forms or none
package messages

import (
	"slices"
	"strconv"
	"strings"

	"hexapla/locales/catalog"
	"hexapla/pipeline/bitext"
)

// textWithVariables returns a message's template as a translator gets it: with its
// variables as codes (marked), or as they are written. nextID is the last id of a
// code of the unit.
func textWithVariables(text, left, right string, marked bool, nextID *int) bitext.Text {
	if left == "" {
		left, right = "{{", "}}"
	}
	if !marked {
		return bitext.Plain(text)
	}
	var out bitext.Text
	for {
		before, rest, ok := strings.Cut(text, left)
		inside, after, closed := strings.Cut(rest, right)
		if !ok || !closed {
			out.Chars += text
			return out
		}
		out.Chars += before
		*nextID++
		data := left + inside + right
		out.Codes = append(out.Codes, bitext.Code{Pos: len(out.Chars), Kind: bitext.Placeholder, ID: strconv.Itoa(*nextID), Data: data, Equiv: data, Disp: data, NoDelete: true})
		text = after
	}
}

// templateOf returns the message template of a text: its codes are written out.
func templateOf(t bitext.Text) string {
	var b strings.Builder
	at := 0
	for _, c := range t.Codes {
		b.WriteString(t.Chars[at:c.Pos])
		b.WriteString(c.Data)
		at = c.Pos
	}
	b.WriteString(t.Chars[at:])
	return b.String()
}

// formSource returns the source that a form is translated from. Where variables are
// codes, a form without the count ("one comment") is replaced by the one that shows
// it, which every language can translate.
func formSource(p *catalog.MessagePair, category string, marked bool, nextID *int) bitext.Text {
	m := p.Source
	first := *nextID
	own := textWithVariables(m.SourceForm(category), m.LeftDelim, m.RightDelim, marked, nextID)
	if marked && m.IsPlural() {
		id := first
		if other := textWithVariables(m.SourceForm("other"), m.LeftDelim, m.RightDelim, marked, &id); len(other.Codes) > len(own.Codes) {
			*nextID = id
			return other
		}
	}
	return own
}

// alignCodeIDs returns a target's text whose codes have the ids of the same
// variables in the source.
func alignCodeIDs(text string, m *catalog.Message, source bitext.Text, marked bool) bitext.Text {
	n := 10_000 // ids that no source has
	out := textWithVariables(text, m.LeftDelim, m.RightDelim, marked, &n)
	left := slices.Clone(source.Codes)
	for i := range out.Codes {
		if j := slices.IndexFunc(left, func(c bitext.Code) bool { return c.Data == out.Codes[i].Data }); j >= 0 {
			pos := out.Codes[i].Pos
			out.Codes[i] = left[j]
			out.Codes[i].Pos = pos
			left = slices.Delete(left, j, j+1)
		} else if j := slices.IndexFunc(source.Codes, func(c bitext.Code) bool { return c.Data == out.Codes[i].Data }); j >= 0 {
			out.Codes[i].ID = source.Codes[j].ID // a variable that is there twice
		}
	}
	return out
}
