package html

import (
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
)

// An iframe's srcdoc attribute holds a document: HTML, written as an attribute's
// value. Its units are found by a splitter of its own; their places and codes are
// those in the outer document, and by their contexts characters are escaped
// twice.

// srcdoc makes units of the texts in a srcdoc attribute.
func (s *splitter) srcdoc(o *openElement, at *attr) {
	if at.quote == 0 || s.inAttribute {
		return
	}
	value, anchors := decodeAttribute(s.z.s, at.value, at.valueEnd)
	if s.inner == nil {
		s.inner = new(splitter)
	}
	in := s.inner
	d := &bitext.Document{Path: "srcdoc.html", Skeleton: bitext.Skeleton{Data: []byte(value), Encoding: "utf-8"}}
	in.begin(s.rules, d, utf8.ValidString(value))
	in.inAttribute, in.base, in.ids = true, first(o.locale, s.base), s.ids
	in.split()
	s.ids, in.ids = in.ids, bitext.IDs{}
	foreign := otherLanguage(in.base, s.base)
	locale := ""
	if foreign {
		locale = in.base
	}
	s.insertInner(d, anchors, inSrcdoc+string(at.quote), locale)
	if len(d.Units) > 0 && !foreign {
		s.srcdocSlots(d, func(offset int) int { return rawOffset(anchors, offset) })
	}
	in.end()
}

// srcdocSlots notes where the inner document declares its language: nothing of
// that is inherited from the page.
func (s *splitter) srcdocSlots(d *bitext.Document, raw func(int) int) {
	found := false
	for _, slot := range d.Skeleton.Slots {
		switch slot.Name {
		case slotHTML, slotHTMLLang, slotHTMLDir, slotNoHTML:
			found = true
			s.slot("srcdoc."+slot.Name, raw(slot.Start), raw(slot.End))
		}
	}
	if !found {
		s.slot("srcdoc."+slotNoHTML, raw(0), raw(0))
	}
}

// decodeAttribute returns the value of an attribute, s[from:to], without its
// character references, and anchors that lead from offsets in it to those in s.
func decodeAttribute(s string, from, to int) (string, []bitext.Anchor) {
	value, anchors, _ := decodeEscapes(s, from, to, '&', func(s string) (string, int) { return reference(s, true) })
	return value, anchors
}

// decodeEscapes returns s[from:to] with the characters that its escapes stand for, and
// anchors that lead from offsets in that to those in s. An escape begins with the byte
// lead; decode returns the characters of the one that its argument begins with, and its
// length: 0 if there is none. Such a byte stays as it is, and ok is false.
func decodeEscapes(s string, from, to int, lead byte, decode func(string) (string, int)) (value string, anchors []bitext.Anchor, ok bool) {
	var b strings.Builder
	anchors, ok = []bitext.Anchor{{Text: 0, Raw: from}}, true
	for i := from; i < to; {
		n := strings.IndexByte(s[i:to], lead)
		if n < 0 {
			b.WriteString(s[i:to])
			break
		}
		b.WriteString(s[i : i+n])
		i += n
		chars, length := decode(s[i:to])
		if length == 0 {
			b.WriteByte(lead)
			i++
			ok = false
			continue
		}
		b.WriteString(chars)
		i += length
		anchors = append(anchors, bitext.Anchor{Text: b.Len(), Raw: i})
	}
	return b.String(), anchors, ok
}

// rawOffset returns where the character at an offset of a decoded value begins in
// the outer document.
func rawOffset(anchors []bitext.Anchor, offset int) int {
	i := sort.Search(len(anchors), func(i int) bool { return anchors[i].Text > offset })
	a := anchors[i-1]
	return a.Raw + offset - a.Text
}

// outerAnchors returns the anchors of a span in the inner document, whose text is
// so long, for the outer one.
func outerAnchors(span bitext.UnitSpan, length int, outer []bitext.Anchor) []bitext.Anchor {
	inner := span.Anchors
	if len(inner) == 0 || inner[0].Text > 0 {
		inner = append([]bitext.Anchor{{Text: 0, Raw: span.Start}}, inner...)
	}
	var out []bitext.Anchor
	add := func(text, raw int) {
		if n := len(out); n > 0 && out[n-1].Text == text {
			out[n-1].Raw = raw
			return
		}
		out = append(out, bitext.Anchor{Text: text, Raw: raw})
	}
	for i, a := range inner {
		end := length
		if i+1 < len(inner) {
			end = inner[i+1].Text
		}
		add(a.Text, rawOffset(outer, a.Raw))
		from := sort.Search(len(outer), func(j int) bool { return outer[j].Text > a.Raw })
		for _, o := range outer[from:] {
			text := a.Text + o.Text - a.Raw
			if text > end || text == end && i+1 < len(inner) {
				break
			}
			add(text, o.Raw)
		}
	}
	return out
}

// encodeSrcdoc appends characters to dst as a srcdoc attribute has them.
func (a *assembler) encodeSrcdoc(dst []byte, h *bitext.UnitSpan, chars string) []byte {
	quote, context := h.Context[len(inSrcdoc)], h.Context[len(inSrcdoc)+1:]
	inner, outer := *h, *h
	inner.Context, outer.Context = context, inDouble
	if quote == '\'' {
		outer.Context = inSingle
	}
	// What stands before, as the inner document has it.
	before := []byte(unescape(string(dst[max(0, len(dst)-64):])))
	text := string(a.encode(before[:len(before):len(before)], &inner, chars)[len(before):])
	return a.escape(dst, &outer, text, strings.HasSuffix(context, withCRLF), true)
}

// srcdocLanguages sets lang and dir of the documents in srcdoc attributes.
func (a *assembler) srcdocLanguages(m *bitext.EditionMeta, by map[string][]bitext.Slot, edit func(int, int, string)) {
	if m.Locale == a.doc.Locale {
		return
	}
	escaped := func(name, value string) string {
		return name + "=&quot;" + attributeSafe(attributeSafe(value)) + "&quot;"
	}
	for _, s := range by["srcdoc."+slotNoHTML] {
		edit(s.Start, s.Start, fmt.Sprintf("&lt;html %s %s&gt;", escaped("lang", m.Locale), escaped("dir", m.Dir)))
	}
	for _, s := range by["srcdoc."+slotHTML] {
		// Its attributes follow, before the next document.
		hasLang, hasDir := false, false
		end := len(a.data)
		for _, next := range by["srcdoc."+slotHTML] {
			if next.Start > s.Start {
				end = next.Start
				break
			}
		}
		attribute := func(name, value string) (has bool) {
			for _, at := range by["srcdoc.html."+name] {
				if at.Start > s.Start && at.Start < end {
					edit(at.Start, at.End, escaped(name, value))
					return true
				}
			}
			return false
		}
		hasLang, hasDir = attribute("lang", m.Locale), attribute("dir", m.Dir)
		add := ""
		if !hasLang {
			add = " " + escaped("lang", m.Locale)
		}
		if !hasDir {
			add += " " + escaped("dir", m.Dir)
		}
		if add != "" {
			edit(s.Start, s.Start, add)
		}
	}
}
