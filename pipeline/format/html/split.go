package html

import (
	"fmt"
	"slices"
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// deepest is how many elements may be open at once. Those that lie deeper
// inherit from the deepest.
const deepest = 1000

// open is an element on the stack.
type open struct {
	props     *properties
	role      role // what it is here, which may differ from its type
	start     int  // where its start tag begins
	content   int  // where its content begins
	item      int  // the item of its start tag in the run of that serial
	serial    int
	units     int  // how many units there were before its start tag
	own       bool // it has a run of its own
	bare      bool // a placeholder that says nothing of itself
	translate bool
	preserve  bool
	foreign   bool // content is SVG's or MathML's, not HTML's
	scope     bool // ends the search for open elements outside it
	flat      bool
	speaks    bool // its attributes are translated; they may be where its text is not
	quote     bool
	footnote  bool
	noted     bool // it has a note in splitter.notes
	locale    string
	id        string
}

// splitter makes units of tokens.
type splitter struct {
	Options
	doc   *bitext.Document
	z     scanner
	w     writer
	plain writer // for text that is only shown
	ids   bitext.IDs
	diags []diag.Diagnostic
	stack []open
	count [256]int // how many elements of each type are open
	runs  []run
	// serial is that of the run begun last.
	serial int
	base   string // the document's own language, as far as it says
	xml    bool   // empty tags end their element
	notes  []string
	remark string // a comment for translators, to be given to the next unit
	skip   map[string]bool
	more   map[string]bool
	fields map[string]bool
	page   page
	// What the document at hand grows in, and the next one after it.
	names   map[nameKey]string
	units   []bitext.Unit
	holes   []bitext.Hole
	slotted []bitext.Slot
	// brokenJSON is how many scripts did not parse.
	brokenJSON int
}

// begin makes a splitter ready for a document; one that has been used keeps its
// memory. valid says that the document is UTF-8 throughout.
func (s *splitter) begin(o Options, d *bitext.Document, valid bool) {
	if s.stack == nil {
		s.Options = o
		s.skip, s.more, s.fields = set(o.Skip), set(o.Attributes), set(o.Fields)
		s.stack = make([]open, 0, 24)
		s.runs = make([]run, 1, 4)
	}
	s.doc = d
	d.Meta = map[string]string{}
	d.Units, d.Skeleton.Holes, d.Skeleton.Slots = s.units[:0], s.holes[:0], s.slotted[:0]
	s.z.begin(string(d.Skeleton.Data))
	s.w.begin(s.z.s, valid)
	s.plain.begin(s.z.s, valid)
	s.ids, s.page, s.diags = bitext.IDs{}, page{first: -1, headEnd: -1}, nil
	s.count = [256]int{}
	s.base, s.xml, s.remark, s.notes, s.brokenJSON = "", false, "", s.notes[:0], 0
	s.stack = append(s.stack[:0], open{props: &other, role: block, translate: true, speaks: true})
	s.runs = s.runs[:1]
	s.runs[0].items, s.runs[0].hasText = s.runs[0].items[:0], false
}

// end gives the document what belongs to it, and lets go of it.
func (s *splitter) end() {
	d := s.doc
	s.units, d.Units = d.Units, slices.Clone(d.Units)
	s.holes, d.Skeleton.Holes = d.Skeleton.Holes, slices.Clone(d.Skeleton.Holes)
	s.slotted, d.Skeleton.Slots = d.Skeleton.Slots, slices.Clone(d.Skeleton.Slots)
	s.doc, s.page, s.ids, s.diags = nil, page{}, bitext.IDs{}, nil
	clear(s.units)
	clear(s.holes)
	s.z.begin("")
	s.w.begin("", false)
	s.plain.begin("", false)
	s.stack = wipe(s.stack)
	s.notes = wipe(s.notes)
	for i := range s.runs[:cap(s.runs)] {
		s.runs[:cap(s.runs)][i].items = wipe(s.runs[:cap(s.runs)][i].items)
	}
}

// wipe empties a piece of memory to be used again, unless it has grown large.
func wipe[T any](s []T) []T {
	if cap(s) > 256 {
		return make([]T, 0, 16)
	}
	clear(s[:cap(s)])
	return s[:0]
}

func set(words []string) map[string]bool {
	if len(words) == 0 {
		return nil
	}
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[strings.ToLower(w)] = true
	}
	return m
}

func (s *splitter) tell(id string, sev diag.Severity, offset int, message, hint string) {
	line, column := diag.At(s.doc.Skeleton.Data, offset)
	s.diags = append(s.diags, diag.Diagnostic{ID: id, Severity: sev, Message: message, Hint: hint,
		Place: diag.Place{Path: s.doc.Path, Line: line, Column: column}})
}

func (s *splitter) split() {
	z := &s.z
	if strings.HasPrefix(z.s, "\uFEFF") {
		z.pos = len("\uFEFF")
	}
	s.prologue()
	z.cdata = s.xml
	for {
		z.next()
		switch z.kind {
		case textToken:
			if !s.page.afterHead && strings.TrimLeft(z.s[z.start:z.end], " \t\n\f\r") != "" {
				s.endHead(z.start)
			}
			if s.state().translate {
				s.addText(z.start, z.end)
			}
		case startToken:
			s.startTag()
		case endToken:
			s.endTag()
		case commentToken:
			s.comment()
		case doctypeToken:
			s.doctype()
		case cdataToken:
			it := item{kind: itemAlone, start: z.start, end: z.end, visible: true}
			it.say(s.plainText(z.start, z.end))
			s.alone(it)
		case tailToken:
			s.truncated(z.start)
			fallthrough
		case noToken:
			s.unfinished()
			s.popTo(1, z.start, z.start)
			s.flush()
			s.finishPage()
			return
		}
	}
}

// truncated tells that the input ends in a construct that begins at an offset.
func (s *splitter) truncated(at int) {
	what := "a tag"
	switch rest := s.z.s[at:]; {
	case strings.HasPrefix(rest, "<![CDATA["):
		what = "a CDATA section"
	case strings.HasPrefix(rest, "<!"), strings.HasPrefix(rest, "<?"):
		what = "a comment or declaration"
	}
	s.tell("html.truncated", diag.Error, at, "the input ends inside "+what+" that begins here",
		"the file seems to be cut off; its end is kept as it is")
}

// unfinished tells of an element left open at the end whose content is not
// translated: it may have taken in more than was meant.
func (s *splitter) unfinished() {
	for i := 1; i < len(s.stack); i++ {
		if o := &s.stack[i]; !o.translate && s.stack[i-1].translate {
			s.tell("html.unclosed", diag.Warning, o.start, fmt.Sprintf("<%s>, whose content is not translated, is never closed", s.tagName(o.start+1)),
				"add the end tag; all that follows is left as it is")
			return
		}
	}
}

// state is the innermost open element.
func (s *splitter) state() *open { return &s.stack[len(s.stack)-1] }

// blockState is the innermost open block, or whatever else bounds a run.
func (s *splitter) blockState() *open {
	for i := len(s.stack) - 1; i > 0; i-- {
		if o := &s.stack[i]; o.role == block || o.own {
			return o
		}
	}
	return &s.stack[0]
}

// alone adds a placeholder, where text is translated at all.
func (s *splitter) alone(it item) {
	if !s.state().translate {
		return
	}
	it.pair = -1
	if it.props == nil {
		it.props = &other
	}
	s.addItem(it)
}

// comment handles a comment token.
func (s *splitter) comment() {
	z := &s.z
	raw := z.s[z.start:z.end]
	if strings.HasPrefix(raw, "<!--") {
		text := strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(raw, "<!--"), "-->"))
		for _, word := range [...]string{"translators:", "translator:"} {
			if len(text) >= len(word) && equalFold(text[:len(word)], word) {
				s.remark = strings.TrimSpace(text[len(word):])
			}
		}
	}
	if len(s.top().items) > 0 {
		s.alone(item{kind: itemAlone, start: z.start, end: z.end})
	}
}

// takeNotes adds the notes that apply to the unit made now.
func (s *splitter) takeNotes(out []bitext.Note) []bitext.Note {
	if s.remark != "" {
		out = append(out, bitext.Note{Category: "author", Text: s.remark})
		s.remark = ""
	}
	for _, n := range s.notes {
		out = append(out, bitext.Note{Category: "author", Text: n})
	}
	return out
}

// startTag handles a start tag.
func (s *splitter) startTag() {
	z := &s.z
	p := z.props
	if s.state().foreign && !s.foreignTag(p) {
		return
	}
	if !s.page.afterHead && p.flags&inHead == 0 {
		s.endHead(z.start)
	}
	s.element(p, z.start, z.end)
	if (p.el == elHTML || p.el == elBody) && s.count[p.el] > 0 {
		s.flush()
		return
	}
	if p.role != inline && p.role != void {
		s.imply(p)
	} else if p.el != elOther {
		s.impliedInline(p)
	}
	parent := s.state()
	o := open{props: p, scope: p.flags&scope != 0, start: z.start, content: z.end, units: len(s.doc.Units),
		translate: parent.translate, speaks: parent.speaks, preserve: parent.preserve, flat: parent.flat || p.flags&flat != 0,
		quote: parent.quote || p.el == elBlockquote, footnote: parent.footnote, locale: parent.locale}
	if s.skip != nil && s.skip[strings.ToLower(z.s[z.name:z.nameEnd])] {
		o.translate, o.speaks = false, false
	}
	if p.el == elHTML {
		s.root()
	}
	a := s.attributes(&o)
	o.role = s.roleOf(&o, parent, a)
	units := [2]int{o.units, len(s.doc.Units)}
	empty := s.xml && z.selfClosing
	switch o.role {
	case void:
		s.alone(item{kind: itemAlone, start: z.start, end: z.end, props: p, br: p.el == elBr,
			visible: p.el != elBr && p.flags&inHead == 0, units: units})
	case hard:
		s.flush()
	case block:
		s.flush()
		if !empty {
			s.push(&o, a.note)
			s.rcdata()
		}
	case inline:
		it := item{kind: itemStart, start: z.start, end: z.end, props: p, pair: -1, units: units}
		if empty || len(s.stack) >= deepest {
			it.kind = itemAlone
			s.alone(it)
			return
		}
		if a.note != "" {
			it.more = &itemMore{note: a.note}
		}
		if o.locale != parent.locale && otherLanguage(o.locale, parent.locale) && otherLanguage(o.locale, s.base) {
			if it.more == nil {
				it.more = &itemMore{}
			}
			it.more.lang = o.locale
		}
		if o.translate {
			o.item, o.serial = s.addItem(it), s.top().serial
		}
		s.push(&o, "")
	default: // nest, opaque, literal
		if empty {
			s.alone(item{kind: itemAlone, start: z.start, end: z.end, props: p, visible: true, units: units})
			return
		}
		if p.flags&rawText != 0 {
			s.rawElement(&o)
			return
		}
		if len(s.stack) >= deepest {
			s.alone(item{kind: itemAlone, start: z.start, end: z.end, props: p, units: units})
			return
		}
		o.own = parent.translate
		o.bare = p.role == opaque || o.translate
		s.push(&o, a.note)
		if o.own {
			s.nested()
		}
		s.rcdata()
	}
}

// roleOf is the role that an element has where it stands. It may change
// whether its text is translated.
func (s *splitter) roleOf(o, parent *open, a attributes) role {
	p := o.props
	r := p.role
	switch {
	case r == opaque:
		o.translate, o.speaks = false, false
		if p.el == elSvg || p.el == elMath {
			o.foreign = true
			s.z.cdata = true
		}
		return r
	case r == literal:
		// Code is left as it is, unless someone says that it is text.
		r = inline
		if !a.explicit && !(s.Pre && s.count[elPre] > 0) {
			o.translate = false
		}
	case p.el == elPre:
		o.preserve = true
		if !s.Pre && !a.explicit {
			o.translate = false
		}
	case p.el == elTextarea:
		o.preserve = true
	case r == control:
		r = inline
		if !s.top().hasText {
			r = block
		}
	}
	switch {
	case r == void || r == hard:
		return r
	case equalFold(a.within, "yes") && r == block:
		r = inline
	case equalFold(a.within, "no") && r == inline:
		r = block
	case equalFold(a.within, "nested") && (r == inline || r == block):
		r = nest
	}
	if r == inline && parent.translate != o.translate {
		if o.translate {
			return block // text within what is not
		}
		return nest
	}
	return r
}

// nested begins a run of its own for the element just opened.
func (s *splitter) nested() {
	s.serial++
	if n := len(s.runs); n < cap(s.runs) {
		s.runs = s.runs[:n+1]
		s.runs[n].items = s.runs[n].items[:0]
		s.runs[n].hasText = false
	} else {
		s.runs = append(s.runs, run{})
	}
	s.top().serial = s.serial
}

// kind says what the units directly inside an element are.
func (o *open) kind() bitext.Kind {
	switch o.props.el {
	case elH1, elH2, elH3, elH4, elH5, elH6:
		return bitext.Heading
	case elTitle:
		return bitext.Title
	case elTd, elTh:
		return bitext.Cell
	case elCaption, elFigcaption:
		return bitext.Caption
	case elPre:
		return bitext.Preformat
	}
	switch {
	case o.footnote:
		return bitext.Footnote
	case o.props.el == elLi, o.props.el == elDd, o.props.el == elDt, o.props.el == elOption, o.props.el == elOptgroup:
		return bitext.Item
	case o.quote:
		return bitext.Quote
	}
	return bitext.Paragraph
}

// rawElement handles an element whose content is not tokenized.
func (s *splitter) rawElement(o *open) {
	z := &s.z
	end, ok := z.raw(o.props.name)
	if o.props.el == elPlaintext {
		end, ok = len(z.s), true
		z.pos = end
	}
	if o.props.el == elScript {
		s.script(o.content, end)
	}
	if ok && end < len(z.s) {
		z.next() // the end tag
		if z.kind == tailToken {
			s.truncated(z.start)
		}
	} else if !ok {
		s.unclosed(o)
	}
	s.alone(item{kind: itemAlone, start: o.start, end: z.pos, props: o.props, visible: o.props.flags&inHead == 0,
		units: [2]int{o.units, len(s.doc.Units)}})
}

func (s *splitter) unclosed(o *open) {
	s.tell("html.truncated", diag.Error, o.start, fmt.Sprintf("the %s element that begins here has no end tag", o.props.name),
		"add the end tag; all that follows is its content as it is")
}

// rcdata reads the content of the element just opened, if it is text without
// markup.
func (s *splitter) rcdata() {
	z := &s.z
	o := s.state()
	if o.props.flags&rcdata == 0 || o.start != z.start {
		return
	}
	end, ok := z.raw(o.props.name)
	if !ok {
		s.unclosed(o)
		return
	}
	if o.props.el == elTitle {
		s.title(o.content, end)
	}
	if o.translate && end > o.content {
		s.addText(o.content, end)
	}
}

// push opens an element, if it is not too deep. note is one for all its units.
func (s *splitter) push(o *open, note string) {
	if len(s.stack) >= deepest {
		return
	}
	if note != "" {
		o.noted = true
		s.notes = append(s.notes, note)
	}
	s.stack = append(s.stack, *o)
	s.count[o.props.el]++
}

// drop takes an element off the stack, wherever it stands.
func (s *splitter) drop(i int) {
	o := &s.stack[i]
	s.count[o.props.el]--
	if o.noted {
		s.notes = s.notes[:len(s.notes)-1]
	}
	s.stack = append(s.stack[:i], s.stack[i+1:]...)
}

// popTo closes elements until n are left. The last one ends at end, those
// inside it where its end tag begins.
func (s *splitter) popTo(n, at, end int) {
	for len(s.stack) > n {
		o := &s.stack[len(s.stack)-1]
		to := at
		if len(s.stack) == n+1 {
			to = end
		}
		if o.role == block || o.own {
			s.flush()
		}
		if !o.own {
			s.drop(len(s.stack) - 1)
			continue
		}
		s.runs = s.runs[:len(s.runs)-1]
		it := item{kind: itemAlone, start: o.start, end: to, props: o.props, pair: -1, visible: true,
			units: [2]int{o.units, len(s.doc.Units)}}
		if !o.bare {
			it.say(s.plainText(o.content, at))
		}
		s.drop(len(s.stack) - 1)
		s.addItem(it)
	}
}

// endTag handles an end tag.
func (s *splitter) endTag() {
	z := &s.z
	p := z.props
	o := s.state()
	if o.foreign {
		s.foreignEnd(p)
		return
	}
	switch p.el {
	case elHTML, elBody:
		s.flush() // what follows is still the body's
		return
	case elHead:
		if s.count[elHead] > 0 {
			s.endHead(z.start)
		}
		return
	case elBr:
		s.alone(item{kind: itemAlone, start: z.start, end: z.end, props: p, br: true})
		return
	}
	at := s.find(p)
	if at < 0 {
		// An end tag without a start changes nothing, but stands where it stands.
		if p.role == block {
			s.flush()
		} else {
			s.alone(item{kind: itemAlone, start: z.start, end: z.end, props: p})
		}
		return
	}
	o = &s.stack[at]
	if o.role != inline {
		s.popTo(at+1, z.start, z.start)
		s.popTo(at, z.start, z.end)
		return
	}
	// An inline element, perhaps from among others that stay open.
	if s.state().translate {
		it := item{kind: itemEnd, start: z.start, end: z.end, props: p, pair: -1}
		r := s.top()
		if o.serial == r.serial && o.item < len(r.items) && o.translate {
			it.pair = o.item
			i := s.addItem(it)
			s.top().items[o.item].pair = i
		} else {
			s.addItem(it)
		}
	}
	s.drop(at)
}

// find is the open element that an end tag closes, -1 if there is none.
func (s *splitter) find(p *properties) int {
	if s.count[p.el] == 0 {
		return -1
	}
	z := &s.z
	name := z.s[z.name:z.nameEnd]
	for i := len(s.stack) - 1; i > 0; i-- {
		o := &s.stack[i]
		if o.props == p && (p.name != "" || strings.EqualFold(s.tagName(o.start+1), name)) {
			return i
		}
		switch {
		case p.el >= elH1 && p.el <= elH6 && o.props.el >= elH1 && o.props.el <= elH6:
			return i
		case p.el == elTable || p.el == elTemplate:
		case p.flags&formatting != 0 || p.role == literal:
			if o.scope || o.own {
				return -1
			}
		case p.el == elTd || p.el == elTh || p.el == elTr || p.el == elTbody || p.el == elThead || p.el == elTfoot || p.el == elCaption:
			if o.props.el == elTable || o.props.el == elTemplate {
				return -1
			}
		case p.el == elLi && (o.props.el == elOl || o.props.el == elUl):
			return -1
		case p.role == block || p.role == control:
			if o.scope {
				return -1
			}
		case o.props.flags&special != 0:
			return -1
		}
	}
	return -1
}
