// Package ninjs splits news items in IPTC's ninjs, versions 1 and 2
// (https://iptc.org/standards/ninjs/), and writes translations back. Every byte of
// the JSON file that is not a translated value stays as it is.
//
// What is translated: headline, title, byline and description_text; the values of
// headlines, descriptions and bodies; keywords and the names of subjects and genres;
// and the same in associations, the item's pictures and videos. body_html,
// body_xhtml, description_html and bodies of type text/html are documents of format
// html inside the item, body_text one of format text.
package ninjs

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/cst"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/format/json"
)

// Embedded is a format of documents inside the item.
type Embedded interface {
	Split(path string, data []byte) (*bitext.Document, []diag.Diagnostic)
	Assemble(d *bitext.Document, tr *bitext.Translation, meta *bitext.EditionMeta) ([]byte, []diag.Diagnostic)
}

// Format is ninjs for the pipeline. HTML and Text are the formats of its bodies.
// Its methods may be called from many goroutines at once.
type Format struct {
	HTML, Text Embedded
}

// slotLanguage is the item's language, where it declares one.
const slotLanguage = "language"

// fields are the members of an item that are translated, with the kind of unit.
var fields = map[string]bitext.Kind{
	"headline": bitext.Title, "title": bitext.Title, "byline": bitext.Field, "description_text": bitext.Field,
}

// typedLists are the lists of objects whose member "value" is translated, by its
// "contenttype".
var typedLists = map[string]bitext.Kind{"headlines": bitext.Title, "descriptions": bitext.Field, "bodies": bitext.Paragraph}

// parts are the members that are documents of another format.
var parts = map[string]string{"body_html": "html", "body_xhtml": "html", "description_html": "html", "body_text": "text"}

// Split cuts an item into units. A file that is not an object of JSON in UTF-8 has
// none.
func (f *Format) Split(path string, data []byte) (*bitext.Document, []diag.Diagnostic) {
	d := &bitext.Document{Path: path, Format: "ninjs", Meta: map[string]string{}, Skeleton: bitext.Skeleton{Data: data, Encoding: "utf-8"}}
	fail := func(offset int, message string) (*bitext.Document, []diag.Diagnostic) {
		line, column := diag.At(data, offset)
		return d, []diag.Diagnostic{{
			ID: "ninjs.syntax", Severity: diag.Error, Place: diag.Place{Path: path, Line: line, Column: column},
			Message: message, Hint: "the file is kept as it is; check it with a JSON tool",
		}}
	}
	if !utf8.Valid(data) {
		return fail(0, "the file is not UTF-8")
	}
	start := len(data) - len(bytes.TrimPrefix(data, []byte("\ufeff")))
	root, err := cst.ParseJSON(string(data[start:]), cst.JSONOptions{})
	if err != nil {
		offset := start
		if e, ok := err.(*cst.Error); ok {
			offset += e.Offset
		}
		return fail(offset, err.Error())
	}
	if root == nil || root.Kind != cst.Mapping {
		return fail(start, "the file is not a JSON object")
	}
	s := &splitter{format: f, doc: d, data: data, base: start}
	s.item("", root, true)
	return d, s.diags
}

// splitter reads one item.
type splitter struct {
	format *Format
	doc    *bitext.Document
	data   []byte
	base   int // offset of the JSON text in data
	ids    bitext.IDs
	diags  []diag.Diagnostic
}

// item reads an item; prefix is the way to it from the root.
func (s *splitter) item(prefix string, n *cst.Node, top bool) {
	for _, e := range n.Elements {
		key, v := e.Key.Text, e.Value
		name := prefix + key
		switch {
		case key == "language" && top && v.IsString():
			s.doc.Locale = v.Text
			s.doc.Skeleton.Slots = append(s.doc.Skeleton.Slots, bitext.Slot{Name: slotLanguage, Start: s.base + v.Start, End: s.base + v.End})
		case key == "embargoed" && top && v.IsString():
			s.doc.Meta["publish_at"] = v.Text
		case key == "uri" && top && v.IsString():
			s.doc.Meta["key"] = v.Text
		case fields[key] != "" && v.IsString():
			s.unit(name, fields[key], v)
			if key == "headline" && top {
				s.doc.Meta["title"] = v.Text
			}
		case parts[key] != "" && v.IsString():
			s.part(name, parts[key], v)
		case typedLists[key] != "" && v.Kind == cst.Sequence:
			for i, o := range v.Elements {
				s.typed(name+"."+strconv.Itoa(i), typedLists[key], o.Value)
			}
		case key == "keywords" && v.Kind == cst.Sequence:
			for i, k := range v.Elements {
				if k.Value.IsString() {
					s.unit(name+"."+strconv.Itoa(i), bitext.Field, k.Value)
				}
			}
		case (key == "subject" || key == "subjects" || key == "genre" || key == "genres") && v.Kind == cst.Sequence:
			for i, o := range v.Elements {
				if m := member(o.Value, "name"); m != nil {
					s.unit(name+"."+strconv.Itoa(i)+".name", bitext.Field, m)
				}
			}
		case key == "associations" && v.Kind == cst.Mapping:
			for _, a := range v.Elements {
				if a.Value.Kind == cst.Mapping {
					s.item(name+"."+a.Key.Text+".", a.Value, false)
				}
			}
		case key == "associations" && v.Kind == cst.Sequence:
			for i, a := range v.Elements {
				if a.Value.Kind == cst.Mapping {
					s.item(name+"."+strconv.Itoa(i)+".", a.Value, false)
				}
			}
		}
	}
}

// typed reads an object with a value and its content type.
func (s *splitter) typed(name string, kind bitext.Kind, n *cst.Node) {
	value := member(n, "value")
	if value == nil {
		return
	}
	contentType := ""
	if m := member(n, "contenttype"); m != nil {
		contentType, _, _ = strings.Cut(strings.ToLower(m.Text), ";")
	}
	switch {
	case strings.HasSuffix(contentType, "html") || strings.HasSuffix(contentType, "html+xml"):
		s.part(name, "html", value)
	case kind == bitext.Paragraph:
		s.part(name, "text", value)
	default:
		s.unit(name, kind, value)
	}
}

// member returns the string that an object has under a name, nil if none.
func member(n *cst.Node, name string) *cst.Node {
	if n.Kind == cst.Mapping {
		for _, e := range n.Elements {
			if e.Key.Text == name && e.Value.IsString() {
				return e.Value
			}
		}
	}
	return nil
}

// unit makes a unit of a string with letters in it.
func (s *splitter) unit(name string, kind bitext.Kind, v *cst.Node) {
	if !strings.ContainsFunc(v.Text, unicode.IsLetter) || !utf8.ValidString(v.Text) {
		return
	}
	start, end := s.base+v.Start+1, s.base+v.End-1
	text, anchors, ok := json.Decode(s.data, start, end)
	if !ok {
		return // an escape that is no character: half a surrogate pair
	}
	s.doc.Units = append(s.doc.Units, bitext.Unit{
		ID: s.ids.Named(name), Kind: kind, Name: name, Source: bitext.Plain(text), Preserve: strings.Contains(text, "\n"),
	})
	s.doc.Skeleton.Spans = append(s.doc.Skeleton.Spans, bitext.UnitSpan{
		Unit: len(s.doc.Units) - 1, Start: start, End: end, Context: "json", Anchors: anchors,
	})
}

// part makes a document of the format's name of a string.
func (s *splitter) part(name, formatName string, v *cst.Node) {
	start, end := s.base+v.Start+1, s.base+v.End-1
	if _, _, ok := json.Decode(s.data, start, end); !ok || !utf8.ValidString(v.Text) {
		return
	}
	d, ds := s.format.embedded(formatName).Split(s.doc.Path, []byte(v.Text))
	line, column := diag.At(s.data, start)
	for _, x := range ds {
		x.Place = diag.Place{Path: s.doc.Path, Line: line, Column: column}
		s.diags = append(s.diags, x)
	}
	if len(d.Units) > 0 {
		s.doc.AddPart(&s.ids, bitext.Part{Name: name, Format: formatName, Start: start, End: end}, d)
	}
}

func (f *Format) embedded(name string) Embedded {
	if name == "html" {
		return f.HTML
	}
	return f.Text
}

// isBody reports whether a part is the text of the item itself.
func isBody(name string) bool {
	return name == "body_html" || name == "body_xhtml" || name == "body_text" || strings.HasPrefix(name, "bodies.")
}

// withNotices adds to what a body is assembled with that it tells its readers of machine
// translation and corrections: the headline is elsewhere in the item, so that what stands
// below it is the beginning of the body.
func withNotices(inner, meta *bitext.EditionMeta) *bitext.EditionMeta {
	if inner == nil {
		inner = &bitext.EditionMeta{IsPart: true, Locale: meta.Locale}
	}
	below := func(n *bitext.Notice) *bitext.Notice {
		if n == nil || n.Place != bitext.NoticeAfterHeadline {
			return n
		}
		return &bitext.Notice{Text: n.Text, Place: bitext.NoticeTop, Time: n.Time}
	}
	inner.Dir, inner.Machine, inner.Correction = meta.Dir, below(meta.Machine), below(meta.Correction)
	return inner
}

// Assemble writes a translation into an item, the edition's language, and the notices of the
// edition into its first body.
func (f *Format) Assemble(d *bitext.Document, tr *bitext.Translation, meta *bitext.EditionMeta) ([]byte, []diag.Diagnostic) {
	var edits []bitext.Edit
	var ds []diag.Diagnostic
	if meta != nil {
		for _, slot := range d.Skeleton.Slots {
			if slot.Name == slotLanguage {
				edits = append(edits, bitext.Edit{Start: slot.Start, End: slot.End, Text: `"` + string(json.AppendText(nil, meta.Locale)) + `"`})
			}
		}
	}
	noticed := false
	for i := range d.Skeleton.Parts {
		if tr == nil {
			break
		}
		p := &d.Skeleton.Parts[i]
		inner := meta.Part()
		if isBody(p.Name) && !noticed && meta != nil && len(meta.Notices()) > 0 {
			inner, noticed = withNotices(inner, meta), true
		}
		data, more := f.embedded(p.Format).Assemble(d.Part(i), tr.Part(i), inner)
		ds = append(ds, more...)
		if text, _, _ := json.Decode(d.Skeleton.Data, p.Start, p.End); string(data) != text {
			edits = append(edits, bitext.Edit{Start: p.Start, End: p.End, Text: string(json.AppendText(nil, string(data)))})
		}
	}
	s := bitext.Splicer{Encode: func(dst []byte, _ *bitext.UnitSpan, chars string) []byte { return json.AppendText(dst, chars) }}
	return s.Splice(d, tr, edits), ds
}
