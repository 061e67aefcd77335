package html

import (
	"strings"

	"hexapla/pipeline/bitext"
)

// deepest is how many elements may be open at once. Those that lie deeper
// inherit from the deepest.
const deepest = 1000

// openElement is an element on the stack.
type openElement struct {
	props               *properties
	role                role // what it is here, which may differ from its type
	start               int  // where its start tag begins
	content             int  // where its content begins
	item                int  // the item of its start tag in the run of that serial
	serial              int
	units               int  // how many units there were before its start tag
	hasOwnRun           bool // it has a run of its own
	noDisplayText       bool // a placeholder whose content is not shown in its place
	translate           bool
	preserve            bool
	foreign             bool // content is SVG's or MathML's, not HTML's
	scope               bool // ends the search for open elements outside it
	flat                bool
	translateAttributes bool // its attributes are translated; they may be where its text is not
	quote               bool
	footnote            bool
	noted               bool // it has a note in splitter.notes
	drawing             bool // content is a drawing whose text is translated
	locale              string
	id                  string

	micro microItem
	text  textRuns
	slots [2]int // its lang and dir attributes in Skeleton.Slots, from and to
}

// textRuns is what an element knows of the text directly in it: how many units
// that text made, where the last of them stands, and how many units there were
// when the element's content began.
type textRuns struct {
	units, start, end, before int
}

// microItem is the item of microdata that an element belongs to: its type, and
// whether it is something other than the page (HTML standard, 5.2).
type microItem struct {
	typ     string
	foreign bool
}

// level returns the level of a heading, from 1 to 6, and 0 for other elements.
func (o *openElement) level() int {
	switch o.props.el {
	case elH1:
		return 1
	case elH2:
		return 2
	case elH3:
		return 3
	case elH4:
		return 4
	case elH5:
		return 5
	case elH6:
		return 6
	}
	return 0
}

// kind returns what the units directly inside an element are.
func (o *openElement) kind() bitext.Kind {
	if o.drawing {
		if o.props.el == elSVGText {
			return bitext.Paragraph
		}
		return bitext.Caption
	}
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

// state is the innermost open element.
func (s *splitter) state() *openElement { return &s.stack[len(s.stack)-1] }

// blockState is the innermost open block, or whatever else bounds a run.
func (s *splitter) blockState() *openElement {
	for i := len(s.stack) - 1; i > 0; i-- {
		if o := &s.stack[i]; o.role == block || o.hasOwnRun {
			return o
		}
	}
	return &s.stack[0]
}

// push opens an element, if it is not too deep. note is one for all its units.
func (s *splitter) push(o *openElement, note string) {
	if len(s.stack) >= deepest {
		return
	}
	if note != "" {
		o.noted = true
		s.notes = append(s.notes, note)
	}
	s.stack = append(s.stack, *o)
	s.openByElement[o.props.el]++
	s.openByName[o.props.index]++
}

// drop takes an element off the stack, wherever it stands.
func (s *splitter) drop(i int) {
	o := &s.stack[i]
	s.openByElement[o.props.el]--
	s.openByName[o.props.index]--
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
		if o.role == block || o.hasOwnRun {
			s.flush()
			s.closeBlock(o)
		}
		if !o.hasOwnRun {
			s.drop(len(s.stack) - 1)
			continue
		}
		s.runs = s.runs[:len(s.runs)-1]
		it := item{kind: itemAlone, start: o.start, end: to, props: o.props, pair: -1, visible: true,
			units: [2]int{o.units, len(s.doc.Units)}}
		switch {
		case o.noDisplayText:
		case s.placeholderDepth == len(s.stack)-1:
			it.setDisplayText(s.placeholderText.string(mode{fold: true}))
			s.placeholderDepth = 0
		default:
			it.setDisplayText(s.plainText(o.content, at))
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
	if o.foreign && !s.foreignEnd(p) {
		return
	}
	switch p.el {
	case elHTML, elBody:
		s.flush() // what follows is still the body's
		return
	case elHead:
		if s.openByElement[elHead] == 0 {
			s.addInvisiblePlaceholder()
			return
		}
		s.endHead(z.start)
	case elBr:
		s.addPlaceholder(item{kind: itemAlone, start: z.start, end: z.end, props: p, br: true})
		return
	}
	at := s.find(p)
	if at < 0 {
		// An end tag without a start changes nothing, but stands where it stands.
		if p.role == block {
			s.flush()
		} else {
			s.addPlaceholder(item{kind: itemAlone, start: z.start, end: z.end, props: p})
		}
		return
	}
	o = &s.stack[at]
	if o.role != inline {
		s.popTo(at+1, z.start, z.start)
		s.popTo(at, z.start, z.end)
		return
	}
	// A placeholder that it stands in ends with it.
	for i := at + 1; i < len(s.stack); i++ {
		if s.stack[i].hasOwnRun {
			s.popTo(i, z.start, z.start)
			break
		}
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
	if s.openByName[p.index] == 0 && !(p.el >= elH1 && p.el <= elH6) {
		return -1
	}
	z := &s.z
	name := z.s[z.name:z.nameEnd]
	for i := len(s.stack) - 1; i > 0; i-- {
		o := &s.stack[i]
		if (o.props == p || p.el == elTemplate && o.props == &shadowRoot) && (p.name != "" || strings.EqualFold(s.tagName(o.start+1), name)) {
			return i
		}
		switch {
		case p.el >= elH1 && p.el <= elH6 && o.props.el >= elH1 && o.props.el <= elH6:
			return i
		case p.el == elTable || p.el == elTemplate:
		case p.flags&formatting != 0 || p.role == literal:
			if o.scope || o.hasOwnRun {
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
