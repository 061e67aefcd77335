package markdown

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/format/html"
	"hexapla/pipeline/lazy"
)

// splitter finds the units of one document.
type splitter struct {
	Options
	path    string
	data    []byte
	start   int    // of the body
	src     []byte // data as goldmark sees it
	valid   bool   // data is UTF-8
	masks   []mask
	pending []*pendingUnit
	slots   []bitext.Slot
	meta    map[string]string
	locale  string
	ds      []diag.Diagnostic

	kept     bool // the block at hand is not to be translated
	params   map[string]bool
	notes    []bitext.Note // for the next block
	skip     map[ast.Node]bool
	region   int             // offset of the skip-start we are in, -1 for none
	html     *html.Format    // splits HTML blocks; nil to leave them alone
	unlisted []int           // values of shortcodes that have words and are no parameters to translate
	opaque   []int           // HTML blocks that have words in them and are left alone
	wrappers []wrapper       // elements around blocks that declare a direction
	elements [][2]int        // of HTML whose content is Markdown, see markdownElements
	labels   map[string]bool // what the document defines, once it was asked for
	tables   []tablePart     // cells of tables that are drawn with lines

	context parser.Context // of the parser
	around  parser.Context // in a cell, that of the document it is in; nil in others

	*room
	arena
}

// pendingUnit is a unit before it has its identity. subs are the pending whose text
// is in the data of its codes.
type pendingUnit struct {
	bitext.Unit
	span bitext.UnitSpan
	id   string // the name that the identity is made of, empty for the text
	subs []sub
}

type sub struct{ code, unit int }

// defaultParameterNames is the set of the default parameters. It is only read.
var defaultParameterNames = sync.OnceValue(func() map[string]bool { return setOf(defaultParameters()) })

func setOf(names []string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, n := range names {
		set[n] = true
	}
	return set
}

// newSplitter returns a splitter of data that uses the memory of r.
func newSplitter(o Options, path string, data []byte, r *room) *splitter {
	s := &splitter{Options: o, path: path, data: data, valid: utf8.Valid(data), meta: map[string]string{}, region: -1, room: r, pending: r.pending[:0]}
	if o.Parameters == nil {
		s.params = defaultParameterNames()
	} else {
		s.params = setOf(o.Parameters)
	}
	if bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")) {
		s.start = 3
	}
	return s
}

func (s *splitter) addDiagnostic(id string, severity diag.Severity, offset int, hint, format string, args ...any) {
	line, column := diag.At(s.data, offset)
	s.ds = append(s.ds, diag.Diagnostic{
		ID: id, Severity: severity, Place: diag.Place{Path: s.path, Line: line, Column: column},
		Hint: hint,
	}.Messagef(format, args...))
}

// block is a block of the tree that has text of its own, or affects
// the others.
type block struct {
	node ast.Node
	at   int
	kind bitext.Kind
}

// body finds the units of the Markdown after the front matter.
func (s *splitter) body() {
	s.masks = findMasks(s.room.masks[:0], s.data, s.start, s.path, s.Dialect)
	s.src = s.masked(s.data, s.start, s.masks)
	if isPandoc(s.path) {
		s.src = numbered(s.src)
	}
	root := s.parse(s.src, s.Dialect, s.Dialect.isMDX(s.path))
	collect(root, bitext.Paragraph, &s.blocks)
	// Footnotes are moved in the tree; the source has the order of reading.
	slices.SortStableFunc(s.blocks, func(a, b block) int { return a.at - b.at })
	for _, b := range s.blocks {
		s.block(b)
	}
	s.wrapperSlots(s.blocks)
	s.leftTables()
	for i := range s.masks {
		s.parameters(&s.masks[i], false)
	}
	if len(s.unlisted) > 0 {
		s.addDiagnostic("markdown.parameter", diag.Info, s.unlisted[0], "name the parameters that readers see in markdown.parameters or markdown.positional", "values of shortcodes that have words and are not translated: %d; this is the first", diag.Arg("count", len(s.unlisted)))
	}
	if len(s.opaque) > 0 {
		s.addDiagnostic("markdown.html", diag.Warning, s.opaque[0], "write them as Markdown, or without a prefix on their lines, if they are to be translated", "HTML blocks with text that is not translated: %d; this is the first", diag.Arg("count", len(s.opaque)))
	}
	if s.region >= 0 {
		s.addDiagnostic("markdown.skip", diag.Warning, s.region, "close the region", "hexapla:skip-start without hexapla:skip-end")
	}
}

// collect lists the blocks below n that have lines, with the kind that their
// units are of.
func collect(n ast.Node, kind bitext.Kind, out *[]block) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c.Type() == ast.TypeInline {
			return
		}
		k := kind
		switch c.(type) {
		case *ast.Heading:
			k = bitext.Heading
		case *east.TableCell:
			k = bitext.Cell
		case *ast.Blockquote:
			k = bitext.Quote
		case *ast.ListItem, *east.DefinitionDescription:
			k = bitext.Item
		case *east.Footnote:
			k = bitext.Footnote
		}
		if lines := c.Lines(); lines != nil && lines.Len() > 0 {
			*out = append(*out, block{node: c, at: lines.At(0).Start, kind: k})
		} else {
			switch c.(type) {
			case *ast.FencedCodeBlock, *ast.ThematicBreak:
				*out = append(*out, block{node: c, at: c.Pos(), kind: k})
			}
		}
		collect(c, k, out)
	}
}

func (s *splitter) block(b block) {
	switch n := b.node.(type) {
	case *ast.HTMLBlock:
		start, end := n.Lines().At(0).Start, n.Lines().At(n.Lines().Len()-1).Stop
		if n.HasClosure() {
			end = n.ClosureLine.Stop
		}
		s.comments(n, start, end)
		if !bytes.HasPrefix(s.data[start:end], []byte("<!--")) {
			s.kept = s.keeps(n)
			if !s.htmlBlock(n, start, end) && hasText(wordless().ReplaceAllString(string(s.data[start:end]), "")) && !s.kept {
				s.opaque = append(s.opaque, start)
			}
			s.notes = nil
		}
		return
	case *ast.LinkReferenceDefinition:
		s.definition(n)
		return
	case *ast.ThematicBreak:
		m := maskAt(s.masks, b.at)
		if m == nil || m.kind != gridMask {
			return
		}
		s.kept = s.keeps(n)
		s.gridTable(m)
	case *ast.FencedCodeBlock:
		s.fence(n)
		if isPandoc(s.path) {
			s.kept = s.keeps(n)
			s.cell(n)
		}
	case *ast.CodeBlock:
	case *ast.Paragraph, *ast.TextBlock, *ast.Heading, *east.TableCell, *east.DefinitionTerm, *labelNode:
		s.text(b)
	}
	s.notes = nil
}

// text makes the units of a block that is read inline.
func (s *splitter) text(b block) {
	lines := b.node.Lines()
	l := inlineCollector{splitter: s, items: s.items[:0], at: lines.At(0).Start, lines: lines, cell: b.kind == bitext.Cell, first: len(s.pending)}
	end := lines.At(lines.Len() - 1).Stop
	s.itemCodes = s.itemCodes[:0]
	defer func() { s.items = l.items }()
	s.kept = s.keeps(b.node)
	if !l.children(b.node, 0) || l.at > end || len(bytes.TrimSpace(s.data[l.at:end])) > 0 {
		s.pending = s.pending[:l.first]
		s.addDiagnostic("markdown.block", diag.Warning, lines.At(0).Start, "simplify its markup", "this block cannot be mapped to its source, and is left as it is")
		return
	}
	c := context{kind: textContext}
	switch n := b.node.(type) {
	case *labelNode:
		c.kind = headingContext
		if n.bracketed {
			c.kind = altContext
		}
	case *ast.Heading:
		c.kind = headingContext
		if start, _ := lineStart(s.data, lines.At(0).Start); !hasMarker(s.data[start:lines.At(0).Start]) {
			c.kind = setextContext
		}
	case *east.TableCell:
		c.kind = cellContext
		c.first = !barBefore(s.data, lines.At(0).Start)
	}
	if parts, ok := s.splitAlert(l.items); ok {
		if len(parts) > 1 {
			c.kind = partContext
		}
		for _, items := range parts {
			s.addBlock(b, items, c)
		}
		return
	}
	s.addBlock(b, l.items, c)
}

// addBlock makes a unit of the items of a block, or of a part of it.
func (s *splitter) addBlock(b block, items []item, c context) {
	k := s.addUnit(items, b.kind, c, b.name())
	if h, ok := b.node.(*ast.Heading); ok && k >= 0 {
		s.pending[k].Level = h.Level
	}
}

// splitAlert takes the marker of an alert or callout, [!NOTE], from the items of
// the paragraph that begins with it. What follows on its line is the callout's
// title, the lines below are its body: texts of their own, for the line that
// the marker is on must end where it does. It reports whether there is a marker.
func (s *splitter) splitAlert(items []item) (parts [][]item, ok bool) {
	if len(items) == 0 || items[0].kind != charsItem {
		return nil, false
	}
	m := maskAt(s.masks, items[0].from)
	if m == nil || m.kind != alertMask {
		return nil, false
	}
	end := len(items)
	for i, it := range items {
		if it.kind == breakItem || it.kind == codeItem && it.code.SubType == "xlf:lb" && it.code.Equiv == "\n" {
			end = i
			break
		}
	}
	title := slices.Clone(items[:end])
	title[0].from = min(m.to, title[0].to)
	for title[0].from < title[0].to && isSpaceByte(s.data[title[0].from]) {
		title[0].from++
	}
	if title[0].from == title[0].to {
		title = title[1:]
	}
	if len(title) > 0 {
		parts = append(parts, title)
	}
	if end+1 < len(items) {
		parts = append(parts, items[end+1:])
	}
	return parts, true
}

// barBefore reports whether a bar is before at on its line.
func barBefore(data []byte, at int) bool {
	for at--; at >= 0 && data[at] != '|' && !isLF(data, at); at-- {
	}
	return at >= 0 && data[at] == '|'
}

// hasMarker reports whether a heading's line begins with #.
func hasMarker(prefix []byte) bool { return bytes.IndexByte(prefix, '#') >= 0 }

// name is the name that the source itself gives to a block: a heading's id.
func (b block) name() string {
	if h, ok := b.node.(*ast.Heading); ok {
		if id, ok := h.AttributeString("id"); ok {
			if id, ok := id.([]byte); ok {
				return string(id)
			}
		}
	}
	return ""
}

// fence reports a code block that is never closed.
func (s *splitter) fence(n *ast.FencedCodeBlock) {
	last := n.Pos()
	if lines := n.Lines(); lines.Len() > 0 {
		last = lines.At(lines.Len() - 1).Stop
	}
	if last < len(s.src) || n.Parent().Kind() != ast.KindDocument || n.Pos() < 0 || n.Pos() >= len(s.src) {
		return
	}
	s.addDiagnostic("markdown.fence", diag.Warning, n.Pos(), "close it, or restore the rest of the file", "this code block is never closed; all that follows is code")
}

// wordless is what is not text in an HTML block.
var wordless = lazy.Regexp(`(?is)<!--.*?(?:-->|$)|<(?:script|style|svg|math|template)\b.*?(?:</(?:script|style|svg|math|template)>|$)|<[^>]*(?:>|$)|&#?\w+;`)

// keeps reports whether the block n is not to be translated.
func (s *splitter) keeps(n ast.Node) bool {
	for ; n != nil && len(s.skip) > 0; n = n.Parent() {
		if s.skip[n] {
			return true
		}
	}
	return s.region >= 0
}

// comments obeys the directives in an HTML block.
func (s *splitter) comments(n *ast.HTMLBlock, start, end int) {
	for at := start; at < end; {
		i := bytes.Index(s.data[at:end], []byte("<!--"))
		if i < 0 {
			return
		}
		at += i
		j := bytes.Index(s.data[at+4:end], []byte("-->"))
		if j < 0 {
			return
		}
		s.directive(n, at, strings.TrimSpace(string(s.data[at+4:at+4+j])))
		at += j + 7
	}
}

// directive obeys one comment of the block n.
func (s *splitter) directive(n ast.Node, at int, comment string) {
	word, rest, _ := strings.Cut(comment, ":")
	switch strings.ToLower(strings.TrimSpace(word)) {
	case "translators", "translator":
		s.notes = append(s.notes, bitext.Note{Category: "author", Text: strings.Join(strings.Fields(rest), " ")})
	case "hexapla":
		switch strings.TrimSpace(rest) {
		case "skip":
			if next := n.NextSibling(); next != nil {
				if s.skip == nil {
					s.skip = map[ast.Node]bool{}
				}
				s.skip[next] = true
			}
		case "skip-start":
			if s.region < 0 {
				s.region = at
			}
		case "skip-end":
			if s.region < 0 {
				s.addDiagnostic("markdown.skip", diag.Warning, at, "remove it, or begin the region", "hexapla:skip-end without hexapla:skip-start")
			}
			s.region = -1
		default:
			s.addDiagnostic("markdown.skip", diag.Warning, at, "use hexapla:skip, hexapla:skip-start or hexapla:skip-end", "unknown directive %q", diag.Arg("comment", comment))
		}
	}
}

// addUnit makes a unit of items. It returns its number, or -1 if they have no
// text that anyone could translate.
func (s *splitter) addUnit(items []item, kind bitext.Kind, c context, name string) int {
	items = s.pair(s.cut(items, kind == bitext.Cell))
	t := s.compose(items)
	if !hasText(t.source.Chars) {
		return -1
	}
	d := s.newUnit()
	*d = pendingUnit{span: bitext.UnitSpan{Start: items[0].from, End: items[len(items)-1].to, Context: c.String(), Anchors: t.anchors, Codes: t.codes}}
	d.Unit = bitext.Unit{Kind: kind, Source: t.source, NoTranslate: s.kept, Notes: s.notes}
	d.subs = t.subs
	if name != "" {
		d.Name, d.id = name, name
	}
	s.pending = append(s.pending, d)
	return len(s.pending) - 1
}

// hasText reports whether chars has anything but space and punctuation.
func hasText(chars string) bool {
	return strings.ContainsFunc(chars, func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsSymbol(r) && r > unicode.MaxASCII
	})
}

// finish puts the units into the order of the source and gives them identities.
func (s *splitter) finish(d *bitext.Document) {
	order := s.order[:0]
	for i := range s.pending {
		order = append(order, i)
	}
	compare := func(a, b int) int {
		x, y := &s.pending[a].span, &s.pending[b].span
		if x.Start != y.Start {
			return x.Start - y.Start
		}
		return y.End - x.End
	}
	if !slices.IsSortedFunc(order, compare) {
		slices.SortStableFunc(order, compare)
	}
	ids := &s.ids
	ids.Grow(len(order))
	cells := 0
	for i := range s.tables {
		cells += len(s.tables[i].document.Units)
	}
	d.Units = make([]bitext.Unit, 0, len(order)+cells)
	d.Skeleton.Spans = make([]bitext.UnitSpan, len(order))
	place := slices.Grow(s.unitPlaces[:0], len(order))[:len(order)]
	s.order, s.unitPlaces = order, place
	for i, k := range order {
		dr := s.pending[k]
		s.addTableParts(d, dr.span.Start)
		place[k] = len(d.Units)
		if dr.id != "" {
			dr.ID = ids.Named(dr.id)
		} else {
			dr.ID = ids.Content(dr.Kind, dr.Source)
		}
		dr.span.Unit = len(d.Units)
		d.Units = append(d.Units, dr.Unit)
		d.Skeleton.Spans[i] = dr.span
	}
	s.addTableParts(d, len(s.data))
	for k := range s.pending {
		for _, sb := range s.pending[k].subs {
			c := &d.Units[place[k]].Source.Codes[sb.code]
			c.Subflows = append(c.Subflows, d.Units[place[sb.unit]].ID)
		}
	}
	slices.SortStableFunc(s.slots, func(a, b bitext.Slot) int { return a.Start - b.Start })
	d.Skeleton.Slots = s.slots
	d.Locale = s.locale
	d.Meta = s.meta
	if d.Meta["title"] == "" {
		for i := range d.Units {
			if d.Units[i].Kind == bitext.Heading {
				d.Meta["title"] = strings.TrimSpace(d.Units[i].Source.Chars)
				break
			}
		}
	}
}
