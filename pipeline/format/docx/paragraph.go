package docx

import (
	"bytes"
	"sort"
	"strconv"
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/internal/spantext"
	"hexapla/pipeline/format/internal/xmltree"
)

// paragraph is the content of one paragraph, as a list of items in the order of the
// file. from and to are the span of its text: what is before and behind it at the top
// level has none.
type paragraph struct {
	data     []byte
	node     *xmltree.Node
	from, to int
	items    []item
	base     []format // by scope: the format of most of its text
	codes    map[codeKey]*item
	front    []*xmltree.Node // starts of ranges in the span: bookmarks, comments
	back     []*xmltree.Node // their ends, and references to comments
	tracked  int
	hasText  bool
}

type codeKey struct {
	kind bitext.CodeKind
	id   string
}

// item is a piece of a paragraph.
type item struct {
	kind     itemKind
	from, to int
	run      *run
	scope    int
	keep     bool   // must not be lost
	disp     string // what to show for it
	subType  string
	equiv    string
	format   format // of a formatStart
}

type itemKind uint8

const (
	textItem   itemKind = iota
	inRun               // an object inside a run: a tab, a picture
	whole               // an element of its own: a formula, a field
	openScope           // the start of a link or the like; from and to are its tag
	closeScope          // its end
	startOf             // the start of a format, made by build
	endOf               // its end
)

// run is a run: a text with one format.
type run struct {
	node    *xmltree.Node
	content int // where its content begins, behind its format
	format  format
	rtl     bool
	hasText bool
}

// format is the content of a run's rPr, without what does not show: the language, the
// direction, tracked changes.
type format string

// ignoredFormats are the elements of rPr that make no difference for readers, or that
// an edition sets itself.
var ignoredFormats = map[string]bool{
	"lang": true, "noProof": true, "rPrChange": true, "rtl": true, "ins": true, "del": true, "moveFrom": true, "moveTo": true, "webHidden": true,
}

// formatOf returns the format of an rPr, which may be nil.
func formatOf(data []byte, rpr *xmltree.Node) format {
	if rpr == nil {
		return ""
	}
	var parts []string
	for _, c := range rpr.Children {
		if !ignoredFormats[c.Local] {
			parts = append(parts, string(data[c.Start:c.End]))
		}
	}
	return format(strings.Join(parts, ""))
}

// isOn reports whether an element for a property that is on or off is there and on.
func isOn(n *xmltree.Node) bool {
	if n == nil {
		return false
	}
	a := n.Attr(n.Space, "val")
	return a == nil || a.Value != "0" && a.Value != "false" && a.Value != "off"
}

// readParagraph reads a paragraph.
func readParagraph(data []byte, n *xmltree.Node) *paragraph {
	p := &paragraph{data: data, node: n, base: []format{""}, codes: map[codeKey]*item{}}
	if len(n.Children) == 0 {
		return p
	}
	// The span goes from the first child with text to the last one.
	first, last := -1, -1
	children := fields(data, n.Children)
	for i, c := range children {
		if c.node != nil && hasText(data, c.node) || c.node == nil && c.link {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	r := reader{data: data, p: p}
	if first < 0 {
		r.countChanges(n)
		return p
	}
	p.hasText = true
	p.from, p.to = children[first].from, children[last].to
	r.children(children[first:last+1], 0)
	r.countChanges(n)
	p.chooseBases()
	return p
}

// piece is a child of an element, or several that are one field.
type piece struct {
	node     *xmltree.Node // nil for a field
	from, to int
	link     bool    // a field that is a link: its result is text
	result   []piece // of a link
	codeEnd  int     // where the result begins
	endStart int     // where it ends
}

// fields joins the runs of complex fields (ECMA-376, part 1, 17.16.18) whose
// beginning and end are among the same children. A link's result is text; the result
// of every other field is computed and stays.
func fields(data []byte, children []*xmltree.Node) []piece {
	var out []piece
	for i := 0; i < len(children); i++ {
		c := children[i]
		if fieldChar(c) != "begin" {
			out = append(out, piece{node: c, from: c.Start, to: c.End})
			continue
		}
		depth, separate, end := 0, -1, -1
		var instruction strings.Builder
		for k := i; k < len(children) && k < i+maxField; k++ {
			switch fieldChar(children[k]) {
			case "begin":
				depth++
			case "separate":
				if depth == 1 && separate < 0 {
					separate = k
				}
			case "end":
				if depth--; depth == 0 {
					end = k
				}
			}
			if separate < 0 {
				children[k].Walk(func(n *xmltree.Node) bool {
					if is(n, "instrText") {
						instruction.Write(data[n.OpenEnd:n.CloseStart])
					}
					return true
				})
			}
			if end >= 0 {
				break
			}
		}
		if end < 0 {
			out = append(out, piece{node: c, from: c.Start, to: c.End})
			continue
		}
		f := piece{from: c.Start, to: children[end].End}
		if separate >= 0 && strings.HasPrefix(strings.ToUpper(strings.TrimSpace(instruction.String())), "HYPERLINK") {
			for _, r := range children[separate+1 : end] {
				if hasText(data, r) {
					f.link = true
				}
			}
			f.result = fields(data, children[separate+1:end])
			f.codeEnd, f.endStart = children[separate].End, children[end].Start
		}
		out = append(out, f)
		i = end
	}
	return out
}

// maxField is how many children a field may have, so that reading stays linear.
const maxField = 200

// fieldChar returns the type of the field character that a run has, empty if none.
func fieldChar(n *xmltree.Node) string {
	if !is(n, "r") {
		return ""
	}
	if c := child(n, "fldChar"); c != nil {
		if a := c.Attr(c.Space, "fldCharType"); a != nil {
			return a.Value
		}
	}
	return ""
}

// hasText reports whether a child of a paragraph has text that is translated as part
// of it: not that of text boxes.
func hasText(data []byte, n *xmltree.Node) bool {
	found := false
	n.Walk(func(c *xmltree.Node) bool {
		switch {
		case found:
			return false
		case is(c, "t"):
			found = len(bytes.TrimSpace(data[c.OpenEnd:c.CloseStart])) > 0
			return false
		case is(c, "r"), is(c, "hyperlink"), is(c, "ins"), is(c, "moveTo"), is(c, "smartTag"), is(c, "customXml"), is(c, "sdt"), is(c, "sdtContent"), isSimpleLink(c), is(c, "dir"), is(c, "bdo"):
			return true
		}
		return false
	})
	return found
}

// isSimpleLink reports whether an element is a simple field that is a link.
func isSimpleLink(n *xmltree.Node) bool {
	if !is(n, "fldSimple") {
		return false
	}
	a := n.Attr(n.Space, "instr")
	return a != nil && strings.HasPrefix(strings.ToUpper(strings.TrimSpace(a.Value)), "HYPERLINK")
}

// reader makes the items of a paragraph.
type reader struct {
	data []byte
	p    *paragraph
}

func (r *reader) item(i item) { r.p.items = append(r.p.items, i) }

// scope adds a scope, for what is inside a link.
func (r *reader) scope() int {
	r.p.base = append(r.p.base, "")
	return len(r.p.base) - 1
}

// within adds a container with its own scope.
func (r *reader) within(from, openEnd, closeStart, to int, inner []piece, disp, subType string, outer int) {
	scope := r.scope()
	r.item(item{kind: openScope, from: from, to: openEnd, scope: scope, disp: disp, subType: subType})
	r.children(inner, scope)
	r.item(item{kind: closeScope, from: closeStart, to: to, scope: outer, disp: disp, subType: subType})
}

// children adds the items of the children of an element.
func (r *reader) children(pieces []piece, scope int) {
	for _, c := range pieces {
		n := c.node
		switch {
		case n == nil && c.link:
			r.within(c.from, c.codeEnd, c.endStart, c.to, c.result, "link", "", scope)
		case n == nil:
			r.item(item{kind: whole, from: c.from, to: c.to, scope: scope, keep: true, disp: "field"})
		case is(n, "r"):
			r.run(n, scope)
		case is(n, "hyperlink"), isSimpleLink(n), is(n, "smartTag"), is(n, "customXml"), is(n, "dir"), is(n, "bdo"):
			if hasText(r.data, n) {
				r.within(n.Start, r.afterProperties(n), n.CloseStart, n.End, fields(r.data, withoutProperties(n)), n.Local, "", scope)
			} else {
				r.item(item{kind: whole, from: n.Start, to: n.End, scope: scope, disp: n.Local})
			}
		case is(n, "sdt"):
			if content := child(n, "sdtContent"); content != nil && hasText(r.data, content) {
				r.within(n.Start, content.OpenEnd, content.CloseStart, n.End, fields(r.data, content.Children), "control", "", scope)
			} else {
				r.item(item{kind: whole, from: n.Start, to: n.End, scope: scope, keep: true, disp: "control"})
			}
		case is(n, "ins"), is(n, "moveTo"):
			r.children(fields(r.data, n.Children), scope)
		case is(n, "del"), is(n, "moveFrom"), is(n, "proofErr"):
		case strings.HasSuffix(n.Local, "Start") && len(n.Children) == 0:
			r.p.front = append(r.p.front, n)
		case strings.HasSuffix(n.Local, "End") && len(n.Children) == 0:
			r.p.back = append(r.p.back, n)
		default:
			r.item(item{kind: whole, from: n.Start, to: n.End, scope: scope, keep: true, disp: n.Local})
		}
	}
}

// withoutProperties returns the children of a container but its properties.
func withoutProperties(n *xmltree.Node) []*xmltree.Node {
	if len(n.Children) > 0 && strings.HasSuffix(n.Children[0].Local, "Pr") {
		return n.Children[1:]
	}
	return n.Children
}

// afterProperties returns where the content of a container begins.
func (r *reader) afterProperties(n *xmltree.Node) int {
	if len(n.Children) > 0 && strings.HasSuffix(n.Children[0].Local, "Pr") {
		return n.Children[0].End
	}
	return n.OpenEnd
}

// run adds the items of a run.
func (r *reader) run(n *xmltree.Node, scope int) {
	u := &run{node: n, content: n.OpenEnd}
	children := n.Children
	if len(children) > 0 && is(children[0], "rPr") {
		u.format, u.content = formatOf(r.data, children[0]), children[0].End
		u.rtl = isOn(child(children[0], "rtl"))
		children = children[1:]
	}
	if len(children) > 0 && is(children[len(children)-1], "commentReference") {
		r.p.back = append(r.p.back, n)
		return
	}
	first := len(r.p.items)
	for _, c := range children {
		it := item{kind: inRun, from: c.Start, to: c.End, run: u, scope: scope, disp: c.Local}
		switch {
		case is(c, "t"):
			r.text(c, u, scope)
			continue
		case is(c, "softHyphen"), is(c, "lastRenderedPageBreak"), is(c, "delText"), is(c, "delInstrText"):
			continue
		case is(c, "tab"):
			it.equiv = "\t"
		case is(c, "cr"), is(c, "br") && c.Attr(c.Space, "type") == nil:
			it.equiv, it.subType, it.disp = "\n", "xlf:lb", "↵"
		case is(c, "br"):
			it.disp = "page break"
		case is(c, "noBreakHyphen"):
			it.equiv = "\u2011"
		case is(c, "footnoteReference"), is(c, "endnoteReference"):
			it.keep, it.disp = true, "note"
		default:
			it.keep = true
		}
		r.item(it)
	}
	for _, it := range r.p.items[first:] {
		u.hasText = u.hasText || it.kind == textItem
	}
}

// text adds the characters of a t element. White space at its ends counts only if it
// is preserved.
func (r *reader) text(n *xmltree.Node, u *run, scope int) {
	from, to := n.OpenEnd, n.CloseStart
	if a := n.Attr("http://www.w3.org/XML/1998/namespace", "space"); a == nil || a.Value != "preserve" {
		text := r.data[from:to]
		from += len(text) - len(bytes.TrimLeft(text, " \t\r\n"))
		to = from + len(bytes.TrimRight(r.data[from:to], " \t\r\n"))
	}
	if to > from {
		r.item(item{kind: textItem, from: from, to: to, run: u, scope: scope})
	}
}

// countChanges counts the tracked changes of a paragraph.
func (r *reader) countChanges(n *xmltree.Node) {
	n.Walk(func(c *xmltree.Node) bool {
		if is(c, "ins") || is(c, "del") || is(c, "moveFrom") || is(c, "moveTo") {
			r.p.tracked++
		}
		return !is(c, "txbxContent")
	})
}

// chooseBases sets the format that most of the text of each scope has.
func (p *paragraph) chooseBases() {
	type key struct {
		scope int
		format
	}
	lengths := map[key]int{}
	best := map[int]int{}
	for _, it := range p.items {
		if it.kind == textItem {
			k := key{it.scope, it.run.format}
			if lengths[k] += it.to - it.from; lengths[k] > best[it.scope] {
				best[it.scope], p.base[it.scope] = lengths[k], it.run.format
			}
		}
	}
}

// object is a code whose data may have units of its own.
type object struct{ code, from, to int }

// build adds the text and the codes of a paragraph to b, and returns its objects.
func (p *paragraph) build(b *spantext.Builder) (objects []object) {
	next := 0
	code := func(kind bitext.CodeKind, id string, it *item, from, to int, data []byte) string {
		if id == "" {
			next++
			id = strconv.Itoa(next)
		}
		c := bitext.Code{Kind: kind, ID: id, Data: string(data), Disp: excerpt(it.disp), SubType: it.subType, Equiv: it.equiv, Type: "other", NoDelete: it.keep}
		switch {
		case it.kind == startOf || it.kind == endOf || it.subType == "xlf:lb":
			c.Type = "fmt"
		case it.disp == "hyperlink" || it.disp == "link":
			c.Type = "link"
		case it.disp == "drawing" || it.disp == "pict":
			c.Type = "image"
		}
		b.Code(c, from, to)
		p.codes[codeKey{kind, id}] = it
		return id
	}
	data := p.data
	var open *item // of a format
	var openID string
	var last *run
	closeFormat := func() {
		if open != nil {
			end := &item{kind: endOf, disp: open.disp, subType: open.subType}
			code(bitext.End, openID, end, last.node.CloseStart, last.node.End, data[last.node.CloseStart:last.node.End])
			open = nil
		}
	}
	var scopes []string // IDs of open ones
	for i := range p.items {
		it := &p.items[i]
		if it.run != nil && it.run != last {
			if it.run.hasText && (open == nil && it.run.format != p.base[it.scope] || open != nil && it.run.format != open.format) {
				closeFormat()
				if it.run.format != p.base[it.scope] {
					open = &item{kind: startOf, format: it.run.format, run: it.run}
					open.disp, open.subType = describe(it.run.format, p.base[it.scope])
					openID = code(bitext.Start, "", open, it.run.node.Start, it.run.content, data[it.run.node.Start:it.run.content])
				}
			}
			last = it.run
		}
		switch it.kind {
		case textItem:
			xmltree.Chars(data, it.from, it.to, func(text string, from, to int, _ bool) { b.Add(text, from, to) })
		case inRun, whole:
			if it.kind == whole {
				closeFormat()
			}
			objects = append(objects, object{len(b.Codes), it.from, it.to})
			code(bitext.Placeholder, "", it, it.from, it.to, data[it.from:it.to])
		case openScope:
			closeFormat()
			scopes = append(scopes, code(bitext.Start, "", it, it.from, it.to, data[it.from:it.to]))
			last = nil
		case closeScope:
			closeFormat()
			code(bitext.End, scopes[len(scopes)-1], it, it.from, it.to, data[it.from:it.to])
			scopes = scopes[:len(scopes)-1]
			last = nil
		}
	}
	closeFormat()
	b.Skip(p.to)
	return objects
}

// describe returns what to show for a format beside that of the text around it, and
// its SubType.
func describe(f, base format) (disp, subType string) {
	var names []string
	for _, e := range elements(string(f)) {
		name := e
		if i := strings.IndexByte(name, ':'); i >= 0 {
			name = name[i+1:]
		}
		if end := strings.IndexAny(name, " />"); end >= 0 {
			name = name[:end]
		}
		if !strings.Contains(string(base), e) && !strings.HasSuffix(name, "Cs") {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	if len(names) == 1 && len(names[0]) == 1 && strings.Contains("biu", names[0]) {
		subType = "xlf:" + names[0]
	}
	if len(names) == 0 {
		return "plain", subType
	}
	return strings.Join(names, " "), subType
}

// elements cuts a format into its elements.
func elements(f string) []string {
	var out []string
	for f != "" {
		n := strings.IndexByte(f[1:], '<') + 1
		if n == 0 || strings.HasPrefix(f[n:], "</") {
			n = len(f)
		}
		out = append(out, f[:n])
		f = f[n:]
	}
	return out
}
