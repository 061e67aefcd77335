package docx

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/internal/xmltree"
)

// edition is what an edition is: its locale and direction. known is false where only
// texts are written.
type edition struct {
	locale, source string
	rtl, known     bool
	notices        []*bitext.Notice
}

// foreign reports whether an edition is another one than the source's.
func (e *edition) foreign() bool { return e.known && e.locale != e.source }

// writer writes a translation into one part.
type writer struct {
	*splitter
	edition edition
	doc     *bitext.Document
	tr      *bitext.Translation
	ops     []op
}

// op replaces the bytes between two offsets by what fill appends, or by text.
type op struct {
	from, to int
	text     string
	fill     func(dst []byte) []byte
}

// insertion returns -1 for an operation that inserts, 0 for others, so that it goes
// before what begins at its place.
func (o op) insertion() int {
	if o.from == o.to {
		return -1
	}
	return 0
}

// write returns the part, and whether it has changed.
func (w *writer) write() ([]byte, bool) {
	for i := range w.spans {
		span := &w.spans[i]
		texts, changed := w.target(span.Unit)
		if !changed {
			continue
		}
		switch span.Context {
		case inParagraph:
			p := w.paragraphs[span.Unit]
			w.ops = append(w.ops, op{from: span.Start, to: span.End, fill: func(dst []byte) []byte { return w.rebuild(dst, p, texts) }})
			if w.edition.foreign() {
				w.toggle(p.node, "pPr", "bidi", afterBidi, true)
			}
		default:
			var text []byte
			for _, t := range texts {
				text = xmltree.Escape(text, oneLine(t.text.Chars), span.Context == inAttribute)
			}
			w.ops = append(w.ops, op{from: span.Start, to: span.End, text: string(text)})
		}
	}
	if w.edition.foreign() {
		w.declare()
		w.notices()
	}
	if len(w.ops) == 0 {
		return w.tree.Data, false
	}
	slices.SortStableFunc(w.ops, func(a, b op) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.insertion(), b.insertion()), cmp.Compare(b.to, a.to))
	})
	return w.copy(make([]byte, 0, len(w.tree.Data)+len(w.tree.Data)/4), 0, len(w.tree.Data)), true
}

// copy appends the data between two offsets, with the operations inside it done. An
// insertion at the first one is outside.
func (w *writer) copy(dst []byte, from, to int) []byte {
	data, start := w.tree.Data, from
	i := sort.Search(len(w.ops), func(i int) bool { return w.ops[i].from >= from })
	for ; i < len(w.ops) && w.ops[i].from < to; i++ {
		o := &w.ops[i]
		if o.from < from || o.to > to || o.from == o.to && o.from == start {
			continue // inside the one before it, which has done it
		}
		dst = append(dst, data[from:o.from]...)
		if o.fill != nil {
			dst = o.fill(dst)
		} else {
			dst = append(dst, o.text...)
		}
		from = o.to
	}
	return append(dst, data[from:to]...)
}

// passage is a text in one language: that of the edition if locale is empty.
type passage struct {
	text   bitext.Text
	locale string
}

// target returns the texts of a unit, and whether one is another than the source's.
func (w *writer) target(unit int) (texts []passage, changed bool) {
	u := &w.doc.Units[unit]
	if w.tr == nil {
		return nil, false
	}
	for i := range u.Segments {
		p := passage{text: u.Segments[i].Source}
		if t := &w.tr.Targets[unit][i]; t.Filled {
			changed = changed || !t.Text.Equal(p.text)
			p = passage{t.Text, t.Locale}
		}
		texts = append(texts, p)
	}
	return texts, changed
}

func oneLine(chars string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029':
			return ' '
		}
		return r
	}, chars)
}

// rebuild appends the content of a paragraph with new texts.
func (w *writer) rebuild(dst []byte, p *paragraph, texts []passage) []byte {
	for _, n := range p.front {
		dst = w.copy(dst, n.Start, n.End)
	}
	r := rebuilder{writer: w, p: p, rtl: w.edition.rtl}
	if !w.edition.known {
		for _, it := range p.items {
			r.rtl = r.rtl || it.run != nil && it.run.rtl
		}
	}
	for _, t := range texts {
		r.locale = t.locale
		for piece := range t.text.Pieces() {
			if piece.Code != nil {
				dst = r.code(dst, piece.Code)
			} else {
				dst = r.text(dst, piece.Chars)
			}
		}
	}
	for len(r.open) > 0 {
		dst = r.close(dst)
	}
	dst = r.runEnd(dst)
	for _, n := range p.back {
		dst = w.copy(dst, n.Start, n.End)
	}
	return dst
}

// rebuilder writes one paragraph. Whatever order its codes are in, what it writes is
// well-formed.
type rebuilder struct {
	*writer
	p      *paragraph
	rtl    bool
	locale string
	open   []opened
	inRun  bool   // a run is open
	run    string // its properties
}

// opened is a format or a link that is open.
type opened struct {
	id    string
	item  *item // that opened it
	close *item
}

// format returns the format that text has now.
func (r *rebuilder) format() format {
	if n := len(r.open); n > 0 {
		if top := r.open[n-1].item; top.kind == startOf {
			return top.format
		} else {
			return r.p.base[top.scope]
		}
	}
	return r.p.base[0]
}

func (r *rebuilder) text(dst []byte, chars string) []byte {
	dst = r.runStart(dst, r.format())
	t := r.p.node.Tag("t")
	dst = append(append(append(dst, '<'), t...), ` xml:space="preserve">`...)
	dst = xmltree.Escape(dst, oneLine(chars), false)
	return append(append(append(dst, "</"...), t...), '>')
}

// runStart begins a run with a format, unless one is open.
func (r *rebuilder) runStart(dst []byte, f format) []byte {
	content := r.properties(f)
	if r.inRun && content == r.run {
		return dst
	}
	dst = r.runEnd(dst)
	r.inRun, r.run = true, content
	dst = append(append(append(dst, '<'), r.p.node.Tag("r")...), '>')
	if content != "" {
		tag := r.p.node.Tag("rPr")
		dst = append(dst, "<"+tag+">"+content+"</"+tag+">"...)
	}
	return dst
}

// runEnd ends the run that is open.
func (r *rebuilder) runEnd(dst []byte) []byte {
	if !r.inRun {
		return dst
	}
	r.inRun = false
	return append(append(append(dst, "</"...), r.p.node.Tag("r")...), '>')
}

// complexScript are the properties that have a form of their own for right-to-left
// text (ECMA-376, part 1, 17.3.2).
var complexScript = map[string]string{"b": "bCs", "i": "iCs", "sz": "szCs"}

// properties returns the content of rPr for a format: with the direction, and the
// language of a text that is in another one than the edition's.
func (r *rebuilder) properties(f format) string {
	var b strings.Builder
	var all []string
	for _, e := range elements(string(f)) {
		all = append(all, elementName(e))
	}
	direction, language := r.rtl, r.locale != ""
	add := func(name string) {
		if direction && (name == "" || slices.Contains(afterRTL, name)) {
			b.WriteString("<" + r.p.node.Tag("rtl") + "/>")
			direction = false
		}
		if language && (name == "" || slices.Contains(afterLang, name)) {
			v := r.p.node.Tag("val")
			b.WriteString("<" + r.p.node.Tag("lang") + " " + v + `="` + string(xmltree.Escape(nil, r.locale, true)) + `" ` + r.p.node.Tag("bidi") + `="` + string(xmltree.Escape(nil, r.locale, true)) + `"/>`)
			language = false
		}
	}
	for i, e := range elements(string(f)) {
		add(all[i])
		b.WriteString(e)
		if cs := complexScript[all[i]]; r.rtl && cs != "" && !slices.Contains(all, cs) {
			b.WriteString(strings.Replace(e, all[i], cs, 1))
		}
	}
	add("")
	return b.String()
}

// What follows an element in the order of the schema.
var (
	afterLang     = []string{"eastAsianLayout", "specVanish", "oMath"}
	afterRTL      = append([]string{"cs", "em", "lang"}, afterLang...)
	afterBidi     = []string{"adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing", "mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr", "pPrChange"}
	afterSection  = []string{"rtlGutter", "docGrid", "printerSettings", "sectPrChange"}
	afterBidiRows = []string{"tblStyleRowBandSize", "tblStyleColBandSize", "tblW", "jc", "tblCellSpacing", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook", "tblCaption", "tblDescription", "tblPrChange"}
)

// elementName returns the local name of an element.
func elementName(e string) string {
	name := strings.TrimPrefix(e, "<")
	if end := strings.IndexAny(name, " \t\r\n/>"); end >= 0 {
		name = name[:end]
	}
	return name[strings.IndexByte(name, ':')+1:]
}

// code appends a code of the paragraph. One that the paragraph does not have is left
// out.
func (r *rebuilder) code(dst []byte, c *bitext.Code) []byte {
	it := r.p.codes[codeKey{c.Kind, c.ID}]
	if it == nil {
		return dst
	}
	switch it.kind {
	case inRun:
		return r.copy(r.runStart(dst, it.run.format), it.from, it.to)
	case whole:
		return r.copy(r.runEnd(dst), it.from, it.to)
	case startOf:
		r.open = append(r.open, opened{id: c.ID, item: it})
	case openScope:
		r.open = append(r.open, opened{c.ID, it, r.p.codes[codeKey{bitext.End, c.ID}]})
		return r.copy(r.runEnd(dst), it.from, it.to)
	default:
		if !slices.ContainsFunc(r.open, func(o opened) bool { return o.id == c.ID }) {
			return dst
		}
		for r.open[len(r.open)-1].id != c.ID {
			dst = r.close(dst)
		}
		return r.close(dst)
	}
	return dst
}

// close closes what was opened last.
func (r *rebuilder) close(dst []byte) []byte {
	o := r.open[len(r.open)-1]
	r.open = r.open[:len(r.open)-1]
	if o.close != nil {
		return r.copy(r.runEnd(dst), o.close.from, o.close.to)
	}
	return dst
}

// toggle sets a property that makes something right-to-left, or removes it, in the
// element of properties of n; make reports whether one without properties gets some.
func (w *writer) toggle(n *xmltree.Node, properties, name string, after []string, make bool) {
	p := n
	if properties != "" {
		p = child(n, properties)
	}
	if p == nil {
		if make && w.edition.rtl {
			w.ops = append(w.ops, op{from: n.OpenEnd, to: n.OpenEnd, text: "<" + n.Tag(properties) + "><" + n.Tag(name) + "/></" + n.Tag(properties) + ">"})
		}
		return
	}
	own := child(p, name)
	switch {
	case own != nil && w.edition.rtl != isOn(own):
		text := ""
		if w.edition.rtl {
			text = "<" + p.Tag(name) + "/>"
		}
		w.ops = append(w.ops, op{from: own.Start, to: own.End, text: text})
	case own == nil && w.edition.rtl && p.Empty():
		start := strings.TrimRight(strings.TrimSuffix(string(w.tree.Data[p.Start:p.End]), "/>"), " \t\r\n")
		w.ops = append(w.ops, op{from: p.Start, to: p.End, text: start + "><" + p.Tag(name) + "/></" + p.Tag(p.Local) + ">"})
	case own == nil && w.edition.rtl:
		at := p.CloseStart
		for _, c := range p.Children {
			if slices.Contains(after, c.Local) {
				at = c.Start
				break
			}
		}
		w.ops = append(w.ops, op{from: at, to: at, text: "<" + p.Tag(name) + "/>"})
	}
}

// notices adds the paragraphs that tell readers of machine translation and corrections, in
// italics.
func (w *writer) notices() {
	if w.kind != "main" {
		return
	}
	for _, n := range w.edition.notices {
		w.notice(n)
	}
}

func (w *writer) notice(m *bitext.Notice) {
	body := child(w.tree.Root, "body")
	if body == nil || body.Empty() {
		return
	}
	at := body.OpenEnd
	switch m.Place {
	case bitext.NoticeEnd:
		at = body.CloseStart
		if n := len(body.Children); n > 0 && is(body.Children[n-1], "sectPr") {
			at = body.Children[n-1].Start
		}
	case bitext.NoticeAfterHeadline:
		for i := range w.units {
			p := w.paragraphs[i]
			if k := w.units[i].Kind; p != nil && (k == bitext.Title || k == bitext.Heading) && p.node.Parent == body {
				at = p.node.End
				break
			}
		}
	}
	r := rebuilder{writer: w, p: &paragraph{node: body, base: []format{format("<" + body.Tag("i") + "/>")}}, rtl: w.edition.rtl}
	text := "<" + body.Tag("p") + ">"
	if w.edition.rtl {
		text += "<" + body.Tag("pPr") + "><" + body.Tag("bidi") + "/></" + body.Tag("pPr") + ">"
	}
	text += string(r.runEnd(r.text(nil, m.Text))) + "</" + body.Tag("p") + ">"
	w.ops = append(w.ops, op{from: at, to: at, text: text})
}

// declare sets the direction of sections and tables and the language of the file.
func (w *writer) declare() {
	w.tree.Root.Walk(func(n *xmltree.Node) bool {
		switch {
		case is(n, "sectPr"):
			w.toggle(n, "", "bidi", afterSection, false)
		case is(n, "tbl"):
			w.toggle(n, "tblPr", "bidiVisual", afterBidiRows, false)
		case w.kind == "core" && n.Local == "language" && !n.Empty() && len(n.Children) == 0:
			w.ops = append(w.ops, op{from: n.OpenEnd, to: n.CloseStart, text: string(xmltree.Escape(nil, w.edition.locale, false))})
		}
		return true
	})
}

// styles declares the language of an edition in the styles: in the defaults, and in
// every style that names the language of the source.
func (e *edition) styles(tree *xmltree.Tree) ([]byte, bool) {
	w := writer{splitter: &splitter{tree: tree}, edition: *e}
	root := tree.Root
	lang := func(n *xmltree.Node, own *xmltree.Node) string {
		var b strings.Builder
		b.WriteString("<" + n.Tag("lang"))
		for _, name := range [...]string{"val", "eastAsia", "bidi"} {
			v := ""
			if own != nil {
				if a := own.Attr(own.Space, name); a != nil {
					v = a.Value
				}
			}
			switch {
			case name == "val" && (v == "" || tag.SameLanguage(v, e.source)),
				name == "bidi" && e.rtl,
				name == "eastAsia" && slices.Contains([]string{"Hans", "Hant", "Jpan", "Kore"}, tag.Script(e.locale)):
				v = e.locale
			}
			if v != "" {
				b.WriteString(" " + n.Tag(name) + `="` + string(xmltree.Escape(nil, v, true)) + `"`)
			}
		}
		b.WriteString("/>")
		return b.String()
	}
	insert := func(n *xmltree.Node, names []string, content string) {
		for _, name := range slices.Backward(names) {
			content = "<" + n.Tag(name) + ">" + content + "</" + n.Tag(name) + ">"
		}
		if n.Empty() {
			start := strings.TrimRight(strings.TrimSuffix(string(tree.Data[n.Start:n.End]), "/>"), " \t\r\n")
			w.ops = append(w.ops, op{from: n.Start, to: n.End, text: start + ">" + content + "</" + n.Tag(n.Local) + ">"})
			return
		}
		at := n.OpenEnd
		if len(names) == 0 { // into properties, in their order
			at = n.CloseStart
			for _, c := range n.Children {
				if slices.Contains(afterLang, c.Local) {
					at = c.Start
					break
				}
			}
		}
		w.ops = append(w.ops, op{from: at, to: at, text: content})
	}
	// The defaults: docDefaults/rPrDefault/rPr/lang.
	path := []string{"docDefaults", "rPrDefault", "rPr", "lang"}
	at := root
	for i, name := range path {
		c := child(at, name)
		if c == nil {
			insert(at, path[i:3], lang(root, nil))
			break
		}
		at = c
	}
	root.Walk(func(n *xmltree.Node) bool {
		if is(n, "lang") {
			a := n.Attr(n.Space, "val")
			if n == at || a != nil && tag.SameLanguage(a.Value, e.source) {
				w.ops = append(w.ops, op{from: n.Start, to: n.End, text: lang(n, n)})
			}
		}
		return true
	})
	slices.SortStableFunc(w.ops, func(a, b op) int { return cmp.Compare(a.from, b.from) })
	return w.copy(nil, 0, len(tree.Data)), len(w.ops) > 0
}
