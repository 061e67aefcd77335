package html

import (
	"slices"
	"strings"
	"unsafe"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// splitter makes units of tokens. It serves one document after another: begin
// resets documentState as a whole, buffers keep their memory.
type splitter struct {
	rules *rules
	buffers
	documentState
}

// buffers is the memory that a splitter works in.
type buffers struct {
	z     scanner
	w     writer
	plain writer // for text that is only shown
	// placeholderText collects the text of the element at placeholderDepth of
	// the stack, which becomes a placeholder that is shown by its text.
	placeholderText writer
	stack           []openElement
	runs            []run
	notes           []string // of the open elements, for all their units
	jsonStart       int      // where the JSON-LD script that is read begins
	names           map[nameKey]string
	units           []bitext.Unit
	spans           []bitext.UnitSpan
	slotted         []bitext.Slot
	inner           *splitter // for documents in attributes
}

// documentState is what a splitter knows of the document that it splits.
type documentState struct {
	doc              *bitext.Document
	ids              bitext.IDs
	diags            []diag.Diagnostic
	page             page
	placeholderDepth int // 0 for none
	// How many elements are open of each kind that has rules, and of each name
	// in listed.
	openByElement, openByName [256]int
	serial                    int    // of the run that was begun last
	base                      string // the document's own language, as declared
	xml                       bool   // empty tags end their element
	endsForeign               bool   // the start tag just scanned ended SVG or MathML
	translatorComment         string // for the next unit
	inAttribute               bool   // it is in an attribute of another
	brokenJSON                int    // how many JSON-LD scripts did not parse
}

// begin makes a splitter ready for a document. valid means that the document is
// UTF-8 throughout.
func (s *splitter) begin(r *rules, d *bitext.Document, valid bool) {
	if s.stack == nil {
		s.stack = make([]openElement, 0, 24)
		s.runs = make([]run, 1, 4)
	}
	s.rules = r
	s.documentState = documentState{doc: d, page: page{first: -1, headEnd: -1}, ids: s.ids}
	d.Meta = map[string]string{}
	d.Units, d.Skeleton.Spans, d.Skeleton.Slots = s.units[:0], s.spans[:0], s.slotted[:0]
	// Texts share the document's bytes, which do not change any more (see Split).
	s.z.begin(unsafe.String(unsafe.SliceData(d.Skeleton.Data), len(d.Skeleton.Data)))
	s.w.begin(s.z.s, valid)
	s.plain.begin(s.z.s, valid)
	s.placeholderText.begin(s.z.s, valid)
	s.notes = s.notes[:0]
	s.stack = append(s.stack[:0], openElement{props: &other, role: block, translate: true, translateAttributes: true})
	s.runs = s.runs[:1]
	s.runs[0].items, s.runs[0].hasText = s.runs[0].items[:0], false
}

// end gives the document its units, and drops all references to it.
func (s *splitter) end() {
	d := s.doc
	s.units, d.Units = d.Units, kept(d.Units)
	s.spans, d.Skeleton.Spans = d.Skeleton.Spans, kept(d.Skeleton.Spans)
	s.slotted, d.Skeleton.Slots = d.Skeleton.Slots, kept(d.Skeleton.Slots)
	s.ids.Reset()
	s.documentState = documentState{ids: s.ids}
	clear(s.units)
	clear(s.spans)
	s.z.begin("")
	s.w.begin("", false)
	s.plain.begin("", false)
	s.placeholderText.begin("", false)
	s.stack = wipe(s.stack)
	s.notes = wipe(s.notes)
	for i := range s.runs[:cap(s.runs)] {
		s.runs[:cap(s.runs)][i].items = wipe(s.runs[:cap(s.runs)][i].items)
	}
}

// kept returns a copy of s, nil if it has no elements: a document must not show whether the
// splitter had memory from another one.
func kept[T any](s []T) []T {
	if len(s) == 0 {
		return nil
	}
	return slices.Clone(s)
}

// wipe empties a piece of memory to be used again, unless it has grown large.
func wipe[T any](s []T) []T {
	if cap(s) > 256 {
		return make([]T, 0, 16)
	}
	clear(s[:cap(s)])
	return s[:0]
}

func (s *splitter) addDiagnostic(id string, sev diag.Severity, offset int, hint, format string, args ...any) {
	line, column := diag.At(s.doc.Skeleton.Data, offset)
	s.diags = append(s.diags, diag.Diagnostic{ID: id, Severity: sev, Hint: hint,
		Place: diag.Place{Path: s.doc.Path, Line: line, Column: column}}.Messagef(format, args...))
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
			if s.placeholderDepth > 0 && s.placeholderText.len() < shownText {
				s.placeholderText.text(z.start, min(z.end, z.start+shownText), mode{fold: true, refs: true})
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
			s.addInvisiblePlaceholder()
		case cdataToken:
			s.endHead(z.start) // it is text
			it := item{kind: itemAlone, start: z.start, end: z.end, visible: true}
			it.setDisplayText(s.plainText(z.start, z.end))
			s.addPlaceholder(it)
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

// truncated reports that the input ends in a construct that begins at an offset.
func (s *splitter) truncated(at int) {
	what := "a tag"
	switch rest := s.z.s[at:]; {
	case strings.HasPrefix(rest, "<![CDATA["):
		what = "a CDATA section"
	case strings.HasPrefix(rest, "<!"), strings.HasPrefix(rest, "<?"):
		what = "a comment or declaration"
	}
	s.addDiagnostic("html.truncated", diag.Error, at, "the file seems to be cut off; its end is kept as it is", "the input ends inside %s that begins here", diag.Arg("what", what))
}

// unfinished reports an element that is open at the end and whose content is not
// translated: it may hold more than was meant.
func (s *splitter) unfinished() {
	for i := 1; i < len(s.stack); i++ {
		if o := &s.stack[i]; !o.translate && s.stack[i-1].translate {
			s.addDiagnostic("html.unclosed", diag.Warning, o.start, "add the end tag; all that follows is left as it is", "<%s>, whose content is not translated, is never closed", diag.Arg("tag", s.tagName(o.start+1)))
			return
		}
	}
}

// addPlaceholder adds a placeholder, where text is translated at all.
func (s *splitter) addPlaceholder(it item) {
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
	if raw[1] == '?' || raw[1] == '%' {
		s.instruction(raw)
		return
	}
	if strings.HasPrefix(raw, "<!--") {
		text := strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(raw, "<!--"), "-->"))
		for _, word := range [...]string{"translators:", "translator:"} {
			if len(text) >= len(word) && equalFold(text[:len(word)], word) {
				s.translatorComment = strings.TrimSpace(text[len(word):])
			}
		}
	}
	s.addInvisiblePlaceholder()
}

// instruction handles an instruction to a program that reads the page. Space beside
// it counts, for text may take its place.
func (s *splitter) instruction(raw string) {
	it := item{kind: itemAlone, start: s.z.start, end: s.z.end, visible: true}
	if printsText(raw) {
		s.endHead(s.z.start)
		it.meaningful, it.more = true, &itemMore{}
	}
	if it.meaningful || len(s.top().items) > 0 {
		s.addPlaceholder(it)
	}
}

// addInvisiblePlaceholder keeps the token just read, which is not seen, in the text that it stands
// in, if any.
func (s *splitter) addInvisiblePlaceholder() {
	if len(s.top().items) > 0 {
		s.addPlaceholder(item{kind: itemAlone, start: s.z.start, end: s.z.end})
	}
}

// pendingNotes adds the notes that apply to the unit made now.
func (s *splitter) pendingNotes(out []bitext.Note) []bitext.Note {
	if s.translatorComment != "" {
		out = append(out, bitext.Note{Category: "author", Text: s.translatorComment})
		s.translatorComment = ""
	}
	for _, n := range s.notes {
		out = append(out, bitext.Note{Category: "author", Text: n})
	}
	return out
}

// startTag handles a start tag.
func (s *splitter) startTag() {
	z := &s.z
	if z.props.el == elTemplate && s.attr(atShadowRootMode) != nil {
		z.props = &shadowRoot
	}
	p := z.props
	s.endsForeign = s.state().foreign
	if s.endsForeign && !s.foreignTag(p) {
		return
	}
	if !s.page.afterHead && p.flags&inHead == 0 {
		s.endHead(z.start)
	}
	s.element(p, z.start, z.end)
	// Content that comes before an html element implies one: in an element, the
	// tag opens none.
	late := p.el == elHTML && s.page.afterHead && !s.page.hasHead && len(s.stack) > 1
	if late || (p.el == elHTML || p.el == elBody) && s.openByElement[p.el] > 0 {
		s.flush()
		return
	}
	if p.role != inline && p.role != void {
		s.imply(p)
	} else if p.el != elOther {
		s.impliedInline(p)
	}
	parent := s.state()
	o := openElement{props: p, scope: p.flags&scope != 0, start: z.start, content: z.end, units: len(s.doc.Units),
		translate: parent.translate, translateAttributes: parent.translateAttributes, preserve: parent.preserve, flat: parent.flat || p.flags&flat != 0,
		quote: parent.quote || p.el == elBlockquote, footnote: parent.footnote, locale: parent.locale, micro: parent.micro}
	if s.rules.skip != nil && s.rules.skip[strings.ToLower(z.s[z.name:z.nameEnd])] {
		o.translate, o.translateAttributes = false, false
	}
	if p.el == elHTML {
		s.root()
	}
	a := s.attributes(&o)
	o.role = s.roleOf(&o, parent, a)
	s.languageSlots(&o, parent, a)
	units := [2]int{o.units, len(s.doc.Units)}
	empty := s.xml && z.selfClosing
	switch o.role {
	case void:
		s.addPlaceholder(item{kind: itemAlone, start: z.start, end: z.end, props: p, br: p.el == elBr,
			visible: p.el != elBr && p.flags&inHead == 0, units: units})
	case hard:
		s.flush()
	case block:
		s.flush()
		if !empty {
			o.text.before = len(s.doc.Units)
			s.push(&o, a.note)
			s.rcdata()
		}
	case inline:
		it := item{kind: itemStart, start: z.start, end: z.end, props: p, pair: -1, units: units, visible: s.mayBeIcon(p)}
		if empty || len(s.stack) >= deepest {
			it.kind = itemAlone
			s.addPlaceholder(it)
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
			s.addPlaceholder(item{kind: itemAlone, start: z.start, end: z.end, props: p, visible: true, units: units})
			return
		}
		if p.flags&rawText != 0 || p.flags&rcdata != 0 && len(s.stack) >= deepest {
			s.rawElement(&o)
			return
		}
		if len(s.stack) >= deepest {
			z.cdata = s.xml || parent.foreign
			s.addPlaceholder(item{kind: itemAlone, start: z.start, end: z.end, props: p, units: units})
			return
		}
		o.hasOwnRun = parent.translate
		o.text.before = len(s.doc.Units)
		o.noDisplayText = p.role == opaque || o.translate
		s.push(&o, a.note)
		if o.hasOwnRun {
			s.nested()
			if !o.noDisplayText && s.placeholderDepth == 0 {
				s.placeholderDepth = len(s.stack) - 1
				s.placeholderText.reset()
			}
		}
		s.rcdata()
	}
}

// mayBeIcon reports whether the inline element just opened is shown even if it is
// empty: by its class, or because a script gives it content.
func (s *splitter) mayBeIcon(p *properties) bool {
	if p.el == elA && s.attr(atHref) == nil {
		return false // the target of a link
	}
	return s.attr(atClass) != nil || strings.Contains(s.z.s[s.z.name:s.z.nameEnd], "-")
}

// roleOf is the role that an element has where it stands. It may change
// whether its text is translated.
func (s *splitter) roleOf(o, parent *openElement, a attributes) role {
	p := o.props
	r := p.role
	switch {
	case r == opaque:
		o.drawing = (p.el == elSvg || p.el == elMath) && o.translate
		o.translate, o.translateAttributes = false, false
		if p.el == elSvg || p.el == elMath {
			o.foreign = true
			s.z.cdata = true
		}
		return r
	case r == literal:
		// Code is left as it is, unless it is declared to be text.
		r = inline
		if !a.explicit && !(s.rules.pre && s.openByElement[elPre] > 0) {
			o.translate = false
		}
	case p.el == elPre:
		o.preserve = true
		if !s.rules.pre && !a.explicit {
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

// rawElement handles an element whose content is not tokenized.
func (s *splitter) rawElement(o *openElement) {
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
	s.addPlaceholder(item{kind: itemAlone, start: o.start, end: z.pos, props: o.props, visible: o.props.flags&inHead == 0,
		units: [2]int{o.units, len(s.doc.Units)}})
}

func (s *splitter) unclosed(o *openElement) {
	s.addDiagnostic("html.truncated", diag.Error, o.start, "add the end tag; all that follows is its content as it is", "the %s element that begins here has no end tag", diag.Arg("name", o.props.name))
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
		s.rcdataText(o.content, end)
	}
}

// rcdataText adds characters of an element that has no markup. What a server
// replaces, <?php … ?>, <?= … ?> and <% … %>, is a code there too.
func (s *splitter) rcdataText(at, end int) {
	last := at + max(strings.LastIndex(s.z.s[at:end], "?>"), strings.LastIndex(s.z.s[at:end], "%>"))
	for i := at; i < last; i++ {
		if s.z.s[i] != '<' {
			continue
		}
		n := serverTag(s.z.s[i:end])
		if n == 0 {
			continue
		}
		if i > at {
			s.addText(at, i)
		}
		it := item{kind: itemAlone, start: i, end: i + n, visible: true}
		if printsText(s.z.s[i : i+n]) {
			it.meaningful, it.more = true, &itemMore{}
		}
		s.addPlaceholder(it)
		at = i + n
		i = at - 1
	}
	if at < end {
		s.addText(at, end)
	}
}

// serverTag returns the length of the instruction of PHP or the tag of a server's
// template that s begins with, 0 if there is none.
func serverTag(s string) int {
	if strings.HasPrefix(s, "<?=") || len(s) > 5 && equalFold(s[:5], "<?php") && isSpace(s[5]) {
		if n := strings.Index(s, "?>"); n > 0 {
			return n + 2
		}
		return 0
	}
	return templateTag(s)
}
