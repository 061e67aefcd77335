package html

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
)

// A string of JSON-LD may hold HTML: publishers put the body of an article there with
// its tags (https://schema.org/articleBody is plain text, but is filled so). It is split
// as a document in a srcdoc attribute is; see srcdoc.go.

// ldHTML makes units of the texts in the HTML that a string between two offsets holds. It
// reports whether the string is HTML, and whether it has text.
func (s *splitter) ldHTML(key string, start, end int) (isHTML, hasText bool) {
	if s.inAttribute || strings.IndexByte(s.z.s[start:end], '<') < 0 {
		return false, false
	}
	value, anchors, ok := decodeJSON(s.z.s, start, end)
	if !ok || !hasMarkup(value, ldBody[strings.ToLower(key)]) {
		return false, false
	}
	if s.inner == nil {
		s.inner = new(splitter)
	}
	in := s.inner
	d := &bitext.Document{Path: "jsonld.html", Skeleton: bitext.Skeleton{Data: []byte(value), Encoding: "utf-8"}}
	in.begin(s.rules, d, utf8.ValidString(value))
	in.inAttribute, in.base, in.ids = true, s.base, s.ids
	in.split()
	s.ids, in.ids = in.ids, bitext.IDs{}
	for i := range d.Units {
		if d.Units[i].Kind != bitext.Attribute {
			d.Units[i].Kind, d.Units[i].Name = bitext.Field, "jsonld:"+key
		}
	}
	s.insertInner(d, anchors, inJSONHTML, "")
	hasText = len(d.Units) > 0
	in.end()
	return true, hasText
}

// ldBody are the fields of JSON-LD whose texts may have several paragraphs.
var ldBody = map[string]bool{
	"articlebody": true, "text": true, "description": true, "reviewbody": true, "transcript": true, "abstract": true, "backstory": true,
}

// hasMarkup reports whether a text is HTML and not about it: it has an end tag behind a
// start tag of the same name. The tags of a body are enough where they stand alone: <br>, <p>.
func hasMarkup(s string, body bool) bool {
	var open map[string]bool
	last := strings.LastIndexByte(s, '>')
	for at := 0; ; {
		n := strings.IndexByte(s[at:], '<')
		if n < 0 || at+n > last {
			return false
		}
		at += n + 1
		name := at
		if name < len(s) && s[name] == '/' {
			name++
		}
		end := name
		for end < len(s) && (isLetter(s[end]) || end > name && s[end]-'0' < 10) {
			end++
		}
		if end == name || end == len(s) || strings.IndexByte(" \t\n\r/>", s[end]) < 0 || end > last {
			continue
		}
		tag := strings.ToLower(s[name:end])
		switch {
		case lookup(tag) == &other:
		case name > at:
			if open[tag] {
				return true
			}
		case body && (tag == "br" || tag == "p" || tag == "img" || tag == "hr"):
			return true
		default:
			if open == nil {
				open = map[string]bool{}
			}
			open[tag] = true
		}
	}
}

// decodeJSON returns the value of the JSON string s[from:to], and anchors that lead from
// offsets in it to those in s. It reports false if the string has an escape that is no
// character which HTML may have.
func decodeJSON(s string, from, to int) (string, []bitext.Anchor, bool) {
	return decodeEscapes(s, from, to, '\\', jsonEscape)
}

// jsonEscape returns the character of the escape that s begins with, and its length; a
// length of 0 if it is half of a surrogate pair or a control character.
func jsonEscape(s string) (string, int) {
	if len(s) < 2 {
		return "", 0
	}
	switch c := s[1]; c {
	case 'n':
		return "\n", 2
	case 't':
		return "\t", 2
	case 'r':
		return "\r", 2
	case 'b', 'f':
		return "", 0
	case 'u':
		r, n := rune(hex4(s[2:])), 6
		if utf16.IsSurrogate(r) && len(s) > 8 && s[6:8] == `\u` {
			r, n = utf16.DecodeRune(r, rune(hex4(s[8:]))), 12
		}
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r >= 0x7F && r < 0xA0 || !utf8.ValidRune(r) || r == utf8.RuneError {
			return "", 0
		}
		return string(r), n
	default:
		return string(rune(c)), 2
	}
}

// insertInner makes units of this document of those of an inner one, in an attribute or
// a string, whose places anchors lead to. Their contexts get a prefix.
func (s *splitter) insertInner(d *bitext.Document, anchors []bitext.Anchor, prefix, locale string) {
	for i := range d.Units {
		u, span := d.Units[i], d.Skeleton.Spans[i]
		u.Source.Codes = append([]bitext.Code(nil), u.Source.Codes...)
		codes := make([]int, len(span.Codes))
		for j, from := range span.Codes {
			c := &u.Source.Codes[j]
			codes[j] = rawOffset(anchors, from)
			c.Data = s.z.s[codes[j]:rawOffset(anchors, from+len(c.Data))]
		}
		span.Codes = codes
		span.Anchors = outerAnchors(span, len(u.Source.Chars), anchors)
		span.Start, span.End = rawOffset(anchors, span.Start), rawOffset(anchors, span.End)
		span.Context = prefix + span.Context
		if u.Locale == "" {
			u.Locale = locale
		}
		unit := s.insert(len(s.doc.Units), span)
		*unit = u
	}
}

// encodeJSONHTML appends characters to dst as HTML in a string of JSON-LD has them.
func (a *assembler) encodeJSONHTML(dst []byte, h *bitext.UnitSpan, chars string) []byte {
	inner, outer := *h, *h
	inner.Context, outer.Context = h.Context[len(inJSONHTML):], inJSON
	before := []byte(unescapeJSON(string(dst[max(0, len(dst)-64):])))
	text := string(a.encode(before[:len(before):len(before)], &inner, chars)[len(before):])
	return a.json(dst, &outer, text)
}

// unescapeJSON returns s, the end of a JSON string, with its escapes resolved.
func unescapeJSON(s string) string {
	value, _, ok := decodeJSON(s, 0, len(s))
	if !ok {
		return s
	}
	return value
}
