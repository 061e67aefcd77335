package xml

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange/xmlscan"
	"hexapla/pipeline/format/internal/spantext"
	"hexapla/pipeline/format/internal/xmltree"
)

// splitter makes the units of one file.
type splitter struct {
	format *Format
	doc    *bitext.Document
	tree   *xmltree.Tree
	rule   *compiled
	its    itsRules
	ids    bitext.IDs
	diags  []diag.Diagnostic
	infos  map[*xmltree.Node]*info
	blocks map[*xmltree.Node]bool // elements with an element inside that is a text of its own
	links  bool                   // the file is of a kind whose links are known

	several map[*xmltree.Node]bool // elements with alternates in different languages, once they were asked for
}

// info is what paths and rules say of an element. Empty fields say nothing.
type info struct {
	role       role
	title      bool
	translate  string // "yes" or "no"
	withinText string
	preserve   string
	note       string
	id         string
	attributes []*xmltree.Attr // that are texts
	languages  []*xmltree.Attr
	declares   bool // languages are those of a rule, not of the element alone
	language   bool
}

// state is what elements inherit.
type state struct {
	translate bool
	preserve  bool
	text      bool   // inside a text
	locale    string // by xml:lang, but that of the root element
}

func (s *splitter) split() {
	s.infos, s.blocks = map[*xmltree.Node]*info{}, map[*xmltree.Node]bool{}
	s.its = itsRules{slices.Clone(s.rule.its.paths), slices.Clone(s.rule.its.rules)}
	s.tree.Root.Walk(func(n *xmltree.Node) bool {
		if n.Space == itsSpace && n.Local == "rules" {
			s.diags = append(s.diags, s.its.readITS(s.doc.Path, s.tree, n, s.format.ITSFiles, []string{s.doc.Path})...)
			return false
		}
		return true
	})
	paths, places := newFinder(s.rule.paths)
	rules, itsPlaces := newFinder(s.its.paths)
	s.inform(s.tree.Root, paths, rules, places, itsPlaces)
	s.visit(s.tree.Root, state{translate: true, text: s.rule.all})
	if s.links {
		s.linkSlots()
	}
	slices.SortStableFunc(s.doc.Skeleton.Spans, func(a, b bitext.UnitSpan) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
}

// inform collects what paths and rules say of an element and those below it.
func (s *splitter) inform(n *xmltree.Node, paths, rules *finder, places, itsPlaces []place) {
	var in info
	found, attributes, below := paths.next(places, n)
	for _, p := range found {
		switch r := s.rule.roles[p]; r {
		case titleRole:
			in.title = true
		case languageRole:
			in.language = true
		default:
			in.role = max(in.role, r)
		}
	}
	for _, a := range attributes {
		switch s.rule.roles[a.path] {
		case titleRole:
		case languageRole:
			in.languages, in.declares = append(in.languages, a.attr), true
		default:
			in.attributes = append(in.attributes, a.attr)
		}
	}
	found, attributes, itsBelow := rules.next(itsPlaces, n)
	slices.Sort(found) // the last rule counts
	for _, p := range found {
		in.apply(s.its.rules[p], n)
	}
	for _, a := range attributes {
		if r := s.its.rules[a.path]; r.name == "translateRule" {
			in.attributes = slices.DeleteFunc(in.attributes, func(x *xmltree.Attr) bool { return x == a.attr })
			if r.value == "yes" {
				in.attributes = append(in.attributes, a.attr)
			}
		}
	}
	// Local attributes go before rules.
	for i := range n.Attrs {
		switch a := &n.Attrs[i]; {
		case a.Space == itsSpace && a.Local == "translate":
			in.translate = a.Value
		case a.Space == itsSpace && a.Local == "withinText":
			in.withinText = a.Value
		case a.Space == itsSpace && a.Local == "locNote":
			in.note = a.Value
		case a.Space == xmlscan.XML && a.Local == "space":
			in.preserve = a.Value
		case a.Space == xmlscan.XML && a.Local == "id":
			in.id = a.Value
		case a.Space == xmlscan.XML && a.Local == "lang" && (n.Parent == nil || in.role != noRole):
			in.languages = append(in.languages, a)
		}
	}
	if in.role != noRole || in.title || in.translate != "" || in.withinText != "" || in.preserve != "" || in.note != "" || in.id != "" || len(in.attributes)+len(in.languages) > 0 || in.language {
		s.infos[n] = &in
	}
	if in.role != noRole {
		for p := n.Parent; p != nil && !s.blocks[p]; p = p.Parent {
			s.blocks[p] = true
		}
	}
	for _, c := range n.Children {
		s.inform(c, paths, rules, below, itsBelow)
	}
}

// apply takes a global rule into account.
func (in *info) apply(r itsRule, n *xmltree.Node) {
	switch r.name {
	case "translateRule":
		in.translate = r.value
	case "withinTextRule":
		in.withinText = r.value
	case "preserveSpaceRule":
		in.preserve = r.value
	case "locNoteRule":
		in.note = r.value
	case "idValueRule":
		name, ok := strings.CutPrefix(strings.TrimSpace(r.value), "@")
		if space, local := "", strings.TrimPrefix(name, "xml:"); ok {
			if local != name {
				space = xmlscan.XML
			}
			if a := n.Attr(space, local); a != nil {
				in.id = a.Value
			}
		}
	}
}

var noInfo info

func (s *splitter) info(n *xmltree.Node) *info {
	if in := s.infos[n]; in != nil {
		return in
	}
	return &noInfo
}

// enter returns the state inside an element.
func (s *splitter) enter(n *xmltree.Node, st state) state {
	in := s.info(n)
	switch in.translate {
	case "yes":
		st.translate = true
	case "no":
		st.translate = false
	}
	switch in.preserve {
	case "preserve":
		st.preserve = true
	case "default":
		st.preserve = false
	}
	if a := n.Attr(xmlscan.XML, "lang"); a != nil && n.Parent != nil {
		st.locale = a.Value
	}
	return st
}

// visit makes units of an element that is not part of a text around it.
func (s *splitter) visit(n *xmltree.Node, st state) {
	if n.Space == itsSpace && n.Local == "rules" {
		return
	}
	in := s.info(n)
	st = s.enter(n, st)
	s.attributes(n, st)
	if in.language && len(n.Children) == 0 && !n.Empty() {
		s.declare(string(s.tree.Data[n.OpenEnd:n.CloseStart]))
		s.slot(slotLanguageText, n.OpenEnd, n.CloseStart)
		return
	}
	if st.translate {
		switch in.role {
		case htmlRole, markdownRole:
			if s.part(n, in, st) {
				return
			}
			st.text = true
		case textRole:
			st.text = true
		}
	}
	if st.text && st.translate {
		s.flow(n, st)
		return
	}
	for _, c := range n.Children {
		s.visit(c, st)
	}
}

// declare notes a language that the file declares of itself: the first, for that of the
// root element or of the channel comes before those of single items.
func (s *splitter) declare(language string) {
	if s.doc.Locale == "" {
		s.doc.Locale = strings.TrimSpace(language)
	}
}

func (s *splitter) slot(name string, from, to int) {
	s.doc.Skeleton.Slots = append(s.doc.Skeleton.Slots, bitext.Slot{Name: name, Start: from, End: to})
}

// attributes makes units of the attributes of an element that are texts.
func (s *splitter) attributes(n *xmltree.Node, st state) {
	in := s.info(n)
	for _, a := range in.languages {
		if a.Space != xmlscan.XML || a.Local != "lang" || n.Parent == nil || in.declares {
			s.declare(a.Value)
		}
		s.slot(slotLanguageAttribute, a.From, a.To)
	}
	list := slices.Clone(in.attributes)
	slices.SortFunc(list, func(a, b *xmltree.Attr) int { return cmp.Compare(a.From, b.From) })
	for i, a := range list {
		if i > 0 && list[i-1] == a || !strings.ContainsFunc(a.Value, unicode.IsLetter) || in.translate == "no" && s.rule.all {
			continue
		}
		b := spantext.Builder{Start: a.From}
		xmltree.Chars(s.tree.Data, a.From, a.To, func(text string, from, to int, _ bool) { b.Add(text, from, to) })
		b.Skip(a.To)
		u := bitext.Unit{Kind: bitext.Attribute, Name: n.Local + "@" + a.Local, Locale: st.locale, Source: b.Text()}
		u.ID = s.ids.Content(u.Kind, u.Source)
		s.add(u, b.Span(0, a.To, inAttribute))
	}
}

func (s *splitter) add(u bitext.Unit, span bitext.UnitSpan) {
	if !utf8.ValidString(u.Source.Chars) {
		return
	}
	span.Unit = len(s.doc.Units)
	s.doc.Units = append(s.doc.Units, u)
	s.doc.Skeleton.Spans = append(s.doc.Skeleton.Spans, span)
}

// xhtml is the namespace of XHTML.
const xhtml = "http://www.w3.org/1999/xhtml"

// part makes a document of the content of an element, and reports whether it is one:
// XHTML with prefixes is not.
func (s *splitter) part(n *xmltree.Node, in *info, st state) bool {
	from, to := n.OpenEnd, n.CloseStart
	name, embedded := "html", s.format.HTML
	if in.role == markdownRole {
		name, embedded = "markdown", s.format.Markdown
	}
	var text []byte
	if len(n.Children) > 0 || n.Space == xhtml && in.role == htmlRole {
		if in.role == markdownRole || slices.ContainsFunc(n.Children, func(c *xmltree.Node) bool { return c.Prefix != "" }) || len(n.Children) == 0 {
			return false
		}
		text = s.tree.Data[from:to]
	} else {
		pieces, section := 0, [2]int{}
		blank, contiguous := true, true
		var inner []byte
		xmltree.Chars(s.tree.Data, from, to, func(chars string, a, b int, literal bool) {
			text = append(text, chars...)
			if literal {
				if pieces++; pieces == 1 {
					section[0] = a
				} else if a-section[1] != len("]]><![CDATA[") {
					contiguous = false
				}
				section[1] = b
				inner = append(inner, chars...)
			} else {
				blank = blank && strings.TrimSpace(chars) == ""
			}
		})
		if pieces > 0 && blank && contiguous {
			from, to = section[0], section[1]
			text = inner
		}
	}
	if !utf8.Valid(text) || !strings.ContainsFunc(string(text), unicode.IsLetter) {
		return true
	}
	d, ds := embedded.Split(s.doc.Path, slices.Clone(text))
	for _, x := range ds {
		x.Place = s.tree.Place(s.doc.Path, from)
		s.diags = append(s.diags, x)
	}
	if len(d.Units) == 0 {
		return true
	}
	for i := range d.Units {
		if d.Units[i].Locale == "" {
			d.Units[i].Locale = st.locale
		}
	}
	id := n.Local
	if in.id != "" {
		id += "." + in.id
	}
	s.doc.AddPart(&s.ids, bitext.Part{Name: id, Format: name, Start: from, End: to}, d)
	return true
}

// How an element stands in the text around it.
type inline uint8

const (
	separate    inline = iota // a text of its own, or none
	within                    // a part of the text
	nested                    // a text of its own inside the text, which goes on behind it
	untranslate               // a part of the text that stays as it is
)

// xhtmlInline are the elements of XHTML that are parts of a text, by their local
// names, and those that other vocabularies took from there.
var xhtmlInline = map[string]bool{
	"a": true, "abbr": true, "acronym": true, "b": true, "bdi": true, "bdo": true, "big": true, "br": true, "cite": true, "code": true, "data": true, "del": true, "dfn": true, "em": true, "font": true,
	"i": true, "img": true, "ins": true, "kbd": true, "label": true, "mark": true, "q": true, "ruby": true, "rt": true, "rp": true, "s": true, "samp": true, "small": true, "span": true, "strike": true, "strong": true,
	"sub": true, "sup": true, "time": true, "tt": true, "u": true, "var": true, "wbr": true,
}

// how returns how an element stands in a text.
func (s *splitter) how(n *xmltree.Node) inline {
	in := s.info(n)
	switch {
	case n.Space == itsSpace && n.Local == "rules", in.role != noRole || s.blocks[n]:
		return separate
	case in.withinText == "nested":
		return nested
	case in.withinText == "no":
		return separate
	case in.withinText == "yes":
	case s.rule.all:
		if !(n.Space == xhtml && xhtmlInline[n.Local]) && !(n.Space == itsSpace && n.Local == "span") {
			return separate
		}
	case n.Space == xhtml && !xhtmlInline[n.Local]:
		return separate
	}
	if in.translate == "no" {
		return untranslate
	}
	return within
}

// piece is a piece of a text: characters, a tag or something that is one code.
type piece struct {
	kind     pieceKind
	from, to int
	node     *xmltree.Node
}

type pieceKind uint8

const (
	charsPiece pieceKind = iota
	cdataPiece
	openPiece
	closePiece
	codePiece // an element without content, a comment, something that stays as it is
	nestedPiece
)

// flow makes units of the content of an element: what is between elements that are
// texts of their own.
func (s *splitter) flow(n *xmltree.Node, st state) {
	var pieces []piece
	flush := func() {
		s.unit(n, pieces, st)
		pieces = nil
	}
	var read func(n *xmltree.Node, st state, top bool)
	read = func(n *xmltree.Node, st state, top bool) {
		at := n.OpenEnd
		for _, c := range n.Children {
			pieces = s.chars(pieces, at, c.Start)
			at = c.End
			how := s.how(c)
			if how == separate && !top {
				how = nested // inside an element of the text
			}
			switch how {
			case separate:
				flush()
				s.visit(c, st)
			case nested:
				pieces = append(pieces, piece{nestedPiece, c.Start, c.End, c})
			case untranslate:
				pieces = append(pieces, piece{codePiece, c.Start, c.End, nil})
			case within:
				if c.Empty() || c.OpenEnd == c.CloseStart {
					pieces = append(pieces, piece{codePiece, c.Start, c.End, c})
					continue
				}
				pieces = append(pieces, piece{openPiece, c.Start, c.OpenEnd, c})
				read(c, st, false)
				pieces = append(pieces, piece{closePiece, c.CloseStart, c.End, c})
			}
		}
		pieces = s.chars(pieces, at, n.CloseStart)
	}
	read(n, st, true)
	flush()
}

// chars appends the character data between two offsets; comments and instructions are
// codes.
func (s *splitter) chars(pieces []piece, from, to int) []piece {
	at := from
	add := func(kind pieceKind, a, b int) {
		if n := len(pieces) - 1; n >= 0 && kind == charsPiece && pieces[n].kind == charsPiece && pieces[n].to == a {
			pieces[n].to = b
			return
		}
		if b > a {
			pieces = append(pieces, piece{kind, a, b, nil})
		}
	}
	xmltree.Chars(s.tree.Data, from, to, func(_ string, a, b int, literal bool) {
		if literal {
			a, b = a-len("<![CDATA["), b+len("]]>")
		}
		add(codePiece, at, a)
		kind := charsPiece
		if literal {
			kind = cdataPiece
		}
		add(kind, a, b)
		at = b
	})
	add(codePiece, at, to)
	return pieces
}

// blank reports whether a piece is nothing that a text begins or ends with.
func (s *splitter) blank(p piece) bool {
	switch p.kind {
	case charsPiece:
		return strings.TrimSpace(string(s.tree.Data[p.from:p.to])) == ""
	case codePiece, nestedPiece:
		return true
	}
	return false
}

// unit makes a unit of pieces, and units of what is inside them.
func (s *splitter) unit(n *xmltree.Node, pieces []piece, st state) {
	first, last := 0, len(pieces)
	for first < last && s.blank(pieces[first]) {
		first++
	}
	for last > first && s.blank(pieces[last-1]) {
		last--
	}
	text := pieces[first:last]
	before := len(s.doc.Skeleton.Spans)
	codes := -1
	if len(text) > 0 {
		b, end, context := s.build(text, st.preserve)
		if strings.ContainsFunc(b.Chars(), unicode.IsLetter) {
			in := s.info(n)
			u := bitext.Unit{Kind: kindOf(n), Locale: st.locale, Preserve: st.preserve, Source: b.Text()}
			if strings.HasPrefix(n.Local, "h") && len(n.Local) == 2 && n.Local[1] >= '1' && n.Local[1] <= '6' {
				u.Level = int(n.Local[1] - '0')
			}
			if in.title {
				u.Kind = bitext.Title
				if s.doc.Meta["title"] == "" {
					s.doc.Meta["title"] = b.Chars()
				}
			}
			if in.note != "" {
				u.Notes = append(u.Notes, bitext.Note{Category: "author", Text: in.note})
			}
			if in.id != "" {
				u.ID = s.ids.Named(n.Local + "." + in.id)
			} else {
				u.ID = s.ids.Content(u.Kind, u.Source)
			}
			codes = len(s.doc.Units)
			s.add(u, b.Span(0, end, context))
		}
	}
	// Attributes of the elements in the text, and texts nested in it.
	own := before
	if codes >= 0 {
		own++
	}
	for _, p := range pieces {
		switch {
		case p.node == nil || p.kind == closePiece:
		case p.kind == nestedPiece:
			s.visit(p.node, st)
		default:
			s.attributes(p.node, s.enter(p.node, st))
		}
	}
	if codes < 0 || own > len(s.doc.Skeleton.Spans) || len(s.doc.Skeleton.Spans) == before {
		return
	}
	u, span := &s.doc.Units[codes], s.doc.Skeleton.Spans[before]
	k := 0
	for _, inner := range s.doc.Skeleton.Spans[own:] {
		for k < len(span.Codes) && span.Codes[k]+len(u.Source.Codes[k].Data) <= inner.Start {
			k++
		}
		if k < len(span.Codes) && inner.Start >= span.Codes[k] {
			u.Source.Codes[k].Subflows = append(u.Source.Codes[k].Subflows, s.doc.Units[inner.Unit].ID)
		}
	}
}

// kindOf returns the kind of a unit by the name of its element.
func kindOf(n *xmltree.Node) bitext.Kind {
	switch n.Local {
	case "title", "headline", "hl1", "hl2", "h1", "h2", "h3", "h4", "h5", "h6":
		return bitext.Heading
	case "li", "dt", "dd":
		return bitext.Item
	case "td", "th":
		return bitext.Cell
	case "caption", "media-caption", "figcaption":
		return bitext.Caption
	case "category", "keyword", "name", "by", "byline", "copyright", "credit":
		return bitext.Field
	}
	return bitext.Paragraph
}

// build makes the text of pieces. A text that is nothing but CDATA sections is what is
// inside them; next to other text, a section is a code.
func (s *splitter) build(pieces []piece, preserve bool) (b *spantext.Builder, end int, context string) {
	data := s.tree.Data
	if !slices.ContainsFunc(pieces, func(p piece) bool { return p.kind != cdataPiece }) {
		const open, close = len("<![CDATA["), len("]]>")
		for i, p := range pieces {
			from, to := p.from+open, p.to-close
			if i == 0 {
				from += len(data[from:to]) - len(bytes.TrimLeft(data[from:to], " \t\r\n"))
				b = &spantext.Builder{Start: from}
			}
			if i == len(pieces)-1 {
				to = from + len(bytes.TrimRight(data[from:to], " \t\r\n"))
			}
			b.Skip(from)
			collapse(b, string(data[from:to]), from, to, preserve)
			b.Skip(to)
			end = to
		}
		return b, end, inCDATA
	}
	first, last := &pieces[0], &pieces[len(pieces)-1]
	if !preserve && first.kind == charsPiece {
		text := string(data[first.from:first.to])
		first.from += len(text) - len(strings.TrimLeft(text, " \t\r\n"))
	}
	if !preserve && last.kind == charsPiece {
		last.to = last.from + len(strings.TrimRight(string(data[last.from:last.to]), " \t\r\n"))
	}
	b = &spantext.Builder{Start: first.from}
	next := 0
	var open []string
	code := func(kind bitext.CodeKind, id string, p piece) string {
		if id == "" {
			next++
			id = strconv.Itoa(next)
		}
		raw := string(data[p.from:p.to])
		c := bitext.Code{Kind: kind, ID: id, Data: raw, Disp: diag.Excerpt(raw), Type: "other"}
		if p.node != nil {
			switch p.node.Local {
			case "b", "i", "u":
				c.Type, c.SubType = "fmt", "xlf:"+p.node.Local
			case "em", "strong", "span", "sub", "sup":
				c.Type = "fmt"
			case "br":
				c.Type, c.SubType, c.Equiv = "fmt", "xlf:lb", "\n"
			case "a":
				c.Type = "link"
			case "img":
				c.Type = "image"
			}
		}
		if p.kind == cdataPiece || p.kind == nestedPiece || p.kind == codePiece && p.node == nil && !strings.HasPrefix(raw, "<!--") {
			c.NoDelete = true
		}
		b.Code(c, p.from, p.to)
		return id
	}
	for _, p := range pieces {
		switch p.kind {
		case charsPiece:
			xmltree.Chars(data, p.from, p.to, func(text string, from, to int, _ bool) {
				if data[from] == '&' {
					b.Add(text, from, to)
				} else {
					collapse(b, text, from, to, preserve)
				}
			})
		case openPiece:
			open = append(open, code(bitext.Start, "", p))
		case closePiece:
			code(bitext.End, open[len(open)-1], p)
			open = open[:len(open)-1]
		default:
			code(bitext.Placeholder, "", p)
		}
	}
	b.Skip(last.to)
	return b, last.to, inText
}

// collapse adds characters, with white space that is layout as one space.
func collapse(b *spantext.Builder, text string, from, to int, preserve bool) {
	if preserve {
		b.Add(text, from, to)
		return
	}
	at := 0
	for i := 0; i < len(text); {
		n := i
		for n < len(text) && strings.IndexByte(" \t\r\n", text[n]) >= 0 {
			n++
		}
		if n-i > 1 || n-i == 1 && text[i] != ' ' {
			if i > at {
				b.Add(text[at:i], from+at, from+i)
			}
			if strings.ContainsAny(text[i:n], "\r\n") && spantext.DropsBreak(text[:i], text[n:]) {
				b.Skip(from + n)
			} else {
				b.Add(" ", from+i, from+n)
			}
			at, i = n, n
			continue
		}
		i = max(n, i+1)
	}
	if at < len(text) {
		b.Add(text[at:], from+at, to)
	}
}
