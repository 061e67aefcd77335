package docx

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/format/internal/spantext"
	"hexapla/pipeline/format/internal/xmltree"
)

// splitter makes the units of one part.
type splitter struct {
	tree   *xmltree.Tree
	kind   string
	styles map[string]style

	ids        bitext.IDs
	units      []bitext.Unit
	spans      []bitext.UnitSpan
	paragraphs map[int]*paragraph // by unit
	tracked    int
}

// document returns the part as a document.
func (s *splitter) document() *bitext.Document {
	return &bitext.Document{Units: s.units, Skeleton: bitext.Skeleton{Data: s.tree.Data, Encoding: "utf-8", Spans: s.spans}}
}

// The contexts of spans.
const (
	inParagraph = "paragraph"
	inAttribute = "attribute"
	inElement   = "element" // the text of an element without markup
)

func (s *splitter) split() {
	s.paragraphs = map[int]*paragraph{}
	if s.tree.Root == nil {
		return
	}
	if s.kind == "core" {
		s.core()
		return
	}
	s.walk(s.tree.Root, "")
}

// coreFields are the properties of a file that are text (ECMA-376, part 2, 11.1).
var coreFields = map[string]bitext.Kind{"title": bitext.Title, "subject": bitext.Field, "description": bitext.Field, "keywords": bitext.Field}

// core makes units of the properties of the file.
func (s *splitter) core() {
	for _, n := range s.tree.Root.Children {
		kind := coreFields[n.Local]
		if kind == "" || len(n.Children) > 0 || n.Empty() {
			continue
		}
		b := spantext.Builder{Start: n.OpenEnd}
		xmltree.Chars(s.tree.Data, n.OpenEnd, n.CloseStart, func(text string, from, to int, _ bool) { b.Add(text, from, to) })
		b.Skip(n.CloseStart)
		if hasLetters(b.Chars()) {
			s.add(bitext.Unit{ID: s.ids.Named(n.Local), Kind: kind, Name: n.Local, Source: b.Text()}, b.Span(0, n.CloseStart, inElement))
		}
	}
}

func hasLetters(text string) bool { return strings.ContainsFunc(text, unicode.IsLetter) }

// add adds a unit and its span.
func (s *splitter) add(u bitext.Unit, span bitext.UnitSpan) {
	span.Unit = len(s.units)
	s.units, s.spans = append(s.units, u), append(s.spans, span)
}

// walk looks for paragraphs below an element. around is the kind of what is around
// them.
func (s *splitter) walk(n *xmltree.Node, around bitext.Kind) {
	switch {
	case is(n, "p"):
		s.paragraph(n, around)
		return
	case is(n, "tc"):
		around = bitext.Cell
	case is(n, "footnote"), is(n, "endnote"):
		around = bitext.Footnote
	case is(n, "ins"), is(n, "del"), is(n, "moveFrom"), is(n, "moveTo"):
		s.tracked++
	case is(n, "sectPr"), is(n, "pPr"), is(n, "rPr"), is(n, "tblPr"):
		return
	}
	for _, c := range n.Children {
		s.walk(c, around)
	}
}

// paragraph makes a unit of a paragraph, and units of what is inside its objects.
func (s *splitter) paragraph(n *xmltree.Node, around bitext.Kind) {
	p := readParagraph(s.tree.Data, n)
	s.tracked += p.tracked
	if !p.hasText {
		s.inside(n)
		return
	}
	b := spantext.Builder{Start: p.from}
	objects := p.build(&b)
	if !hasLetters(b.Chars()) || !utf8.ValidString(b.Chars()) {
		s.inside(n)
		return
	}
	u := bitext.Unit{Kind: bitext.Paragraph, Source: b.Text()}
	if around != "" {
		u.Kind = around
	}
	if ppr := child(n, "pPr"); ppr != nil {
		if st, ok := s.styles[value(ppr, "pStyle")]; ok {
			u.Kind, u.Level = st.kind, st.level
		} else if child(ppr, "numPr") != nil && around == "" {
			u.Kind = bitext.Item
		}
		if v, err := strconv.Atoi(value(ppr, "outlineLvl")); err == nil && v >= 0 && v < 9 {
			u.Kind, u.Level = bitext.Heading, v+1
		}
	}
	u.ID = s.ids.Content(u.Kind, u.Source)
	unit := len(s.units)
	s.add(u, b.Span(0, p.to, inParagraph))
	s.paragraphs[unit] = p
	// What is before the text, in its objects, and behind it.
	before := len(s.units)
	s.inside(n)
	for _, span := range s.spans[before:] {
		for len(objects) > 0 && objects[0].to <= span.Start {
			objects = objects[1:]
		}
		if len(objects) > 0 && span.Start >= objects[0].from && span.End <= objects[0].to {
			code := &s.units[unit].Source.Codes[objects[0].code]
			code.Subflows = append(code.Subflows, s.units[span.Unit].ID)
		}
	}
	s.sortSpans(unit)
}

// sortSpans puts the spans from a unit on into the order of their places: an object
// may stand before the text that it belongs to.
func (s *splitter) sortSpans(unit int) {
	from := len(s.spans)
	for from > 0 && s.spans[from-1].Unit >= unit {
		from--
	}
	spans := s.spans[from:]
	own := spans[0]
	i := 0
	for i+1 < len(spans) && spans[i+1].Start < own.Start {
		spans[i] = spans[i+1]
		i++
	}
	spans[i] = own
}

// inside makes units of text boxes and alternative texts inside a paragraph.
func (s *splitter) inside(n *xmltree.Node) {
	for _, c := range n.Children {
		switch {
		case c.Local == "docPr":
			for _, name := range [...]string{"title", "descr"} {
				s.attribute(c, name)
			}
		case is(c, "p"):
			s.paragraph(c, "")
			continue
		case is(c, "pPr"), is(c, "rPr"), is(c, "tblPr"), is(c, "del"), is(c, "moveFrom"):
			continue
		}
		s.inside(c)
	}
}

// attribute makes a unit of an alternative text.
func (s *splitter) attribute(n *xmltree.Node, name string) {
	a := n.Attr("", name)
	if a == nil || !hasLetters(a.Value) || strings.HasSuffix(strings.ToLower(a.Value), ".png") || strings.HasSuffix(strings.ToLower(a.Value), ".jpg") {
		return
	}
	b := spantext.Builder{Start: a.From}
	xmltree.Chars(s.tree.Data, a.From, a.To, func(text string, from, to int, _ bool) { b.Add(text, from, to) })
	b.Skip(a.To)
	u := bitext.Unit{Kind: bitext.Attribute, Name: "docPr@" + name, Source: b.Text()}
	u.ID = s.ids.Content(u.Kind, u.Source)
	s.add(u, b.Span(0, a.To, inAttribute))
}

// excerpt returns what to show a person of markup.
func excerpt(text string) string { return diag.Excerpt(text) }
