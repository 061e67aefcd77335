package html

import (
	"slices"
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// itemKind is what an item of a run is.
type itemKind uint8

const (
	itemText itemKind = iota
	itemStart
	itemEnd
	itemAlone
)

// item is a piece of a run of inline content: text, or a code.
type item struct {
	kind       itemKind
	meaningful bool // a placeholder that stands for words, or that must stay in the text
	visible    bool // a placeholder that is seen, so that space beside it counts; of a start tag, if it is empty
	br         bool
	blank      bool // text of white space only
	start, end int
	pair       int // the item of the pair's other half in this run, or -1
	id         int // the number that a start tag's code got
	props      *properties
	units      [2]int // the units whose text stands inside
	more       *itemMore
}

// itemMore is what few items have.
type itemMore struct {
	equiv string // the text of a placeholder, to be shown
	note  string // of a start tag, from its author
	lang  string // of a start tag, if it is another language
}

// setDisplayText gives a placeholder its text, for which it stays where it is.
func (it *item) setDisplayText(text string) {
	if text != "" {
		it.more = &itemMore{equiv: text}
		it.meaningful = true
	}
}

// run is the inline content between two boundaries of blocks, as it is
// collected. Content of a placeholder that is text of its own has a run of its
// own, inside the other.
type run struct {
	items   []item
	serial  int  // grows with each run, by which two items are known to be in the same one
	hasText bool // there is text that is not white space
	units   int  // how many units there were when it began
}

// top is the run that is being collected.
func (s *splitter) top() *run { return &s.runs[len(s.runs)-1] }

// addItem adds to the current run.
func (s *splitter) addItem(it item) int {
	r := s.top()
	if len(r.items) == 0 {
		r.units = len(s.doc.Units)
		if it.units[1] > it.units[0] {
			r.units = it.units[0]
		}
	}
	r.items = append(r.items, it)
	return len(r.items) - 1
}

// addText adds characters to the current run.
func (s *splitter) addText(start, end int) {
	blank := true
	for i := start; i < end; i++ {
		if !isSpace(s.z.s[i]) {
			blank = false
			break
		}
	}
	r := s.top()
	if blank && len(r.items) == 0 {
		return
	}
	if !blank {
		r.hasText = true
	}
	if n := len(r.items); n > 0 && r.items[n-1].kind == itemText && r.items[n-1].end == start {
		r.items[n-1].end = end
		r.items[n-1].blank = r.items[n-1].blank && blank
		return
	}
	s.addItem(item{kind: itemText, start: start, end: end, blank: blank, pair: -1})
}

// flush ends the current run and makes a unit of it, if it has words.
func (s *splitter) flush() {
	r := s.top()
	if len(r.items) == 0 {
		return
	}
	if r.hasText {
		s.unit(r)
	}
	r.items = r.items[:0]
	r.hasText = false
	s.serial++
	r.serial = s.serial
}

// trim gives the part of a run that a translator needs: without white space,
// codes around the whole, and codes without meaning at its edges.
func trim(items []item) (lo, hi int) {
	lo, hi = 0, len(items)-1
	meaningful := func(it *item) bool { return it.kind == itemText && !it.blank || it.meaningful }
	from, to := 0, hi // the first and the last item with a meaning
	for from <= hi && !meaningful(&items[from]) {
		from++
	}
	for to >= 0 && !meaningful(&items[to]) {
		to--
	}
	for lo <= hi {
		first, last := &items[lo], &items[hi]
		switch {
		case first.kind == itemText && first.blank, first.kind == itemAlone && !first.meaningful:
			lo++
		case last.kind == itemText && last.blank, last.kind == itemAlone && !last.meaningful:
			hi--
		case first.kind == itemEnd, first.kind == itemStart && first.pair < 0:
			lo++
		case last.kind == itemStart, last.kind == itemEnd && last.pair < 0:
			hi--
		case first.kind == itemStart && first.pair == hi:
			lo++
			hi--
		case first.kind == itemStart && first.pair < from:
			lo = first.pair + 1
		case last.kind == itemEnd && last.pair > to:
			hi = last.pair - 1
		default:
			return lo, hi
		}
	}
	return lo, hi
}

// unit makes a unit of a run.
func (s *splitter) unit(r *run) {
	lo, hi := trim(r.items)
	if lo > hi {
		return
	}
	b := s.blockState()
	locale := b.locale
	for i := range lo {
		// A pair around the whole text may declare its language.
		if it := &r.items[i]; it.kind == itemStart && it.more != nil && it.more.lang != "" && it.pair > hi {
			locale = it.more.lang
		}
	}
	m := mode{fold: !b.preserve, refs: true}
	w := &s.w
	w.reset()
	var notes []bitext.Note
	if b.preserve {
		s.trimPreserved(&r.items[lo], &r.items[hi])
	}
	for i := lo; i <= hi; i++ {
		it := &r.items[i]
		if it.kind == itemText {
			w.text(it.start, it.end, m)
			continue
		}
		c := bitext.Code{Type: it.props.typ, SubType: it.props.subType}
		switch it.kind {
		case itemStart:
			c.Kind = bitext.Start
			c.ID = w.id()
			if it.pair > hi {
				it.pair = -1
			}
			it.id = w.nextID
			c.Disp = s.disp(it)
			if it.more != nil && it.more.lang != "" {
				c.Disp = "<" + s.tagName(it.start+1) + ` lang="` + it.more.lang + `">`
				notes = append(notes, bitext.Note{Category: "context", Text: "The text in " + c.Disp + " is in another language."})
			}
			if it.more != nil && it.more.note != "" {
				notes = append(notes, bitext.Note{Category: "author", Text: it.more.note})
			}
		case itemEnd:
			c.Kind = bitext.End
			if it.pair >= lo {
				c.ID = number(r.items[it.pair].id)
			} else {
				c.ID = w.id()
			}
			c.Disp = s.disp(it)
		default:
			c.ID = w.id()
			c.Disp = s.disp(it)
			if it.meaningful {
				c.NoDelete = true
				if it.more.equiv != "" {
					c.Equiv, c.Disp = it.more.equiv, diag.Excerpt(it.more.equiv)
				}
			}
			if it.br {
				c.Equiv = "\n"
				if m.fold && w.space {
					w.dropSpace()
				}
			}
		}
		if it.units[1] > it.units[0] {
			for _, u := range s.doc.Units[it.units[0]:it.units[1]] {
				c.Subflows = append(c.Subflows, u.ID)
			}
		}
		w.code(c, it.start, it.end)
		icon := it.kind == itemEnd && it.pair >= lo && r.items[it.pair].visible &&
			(it.pair == i-1 || it.pair == i-2 && r.items[i-1].kind == itemText && r.items[i-1].blank)
		if it.br {
			w.line, w.space = true, false
		} else if it.visible && it.kind == itemAlone || icon {
			w.line, w.space = false, false
		}
	}
	if !w.word {
		return
	}
	text, hole := w.finish(m)
	hole.Context = inText
	if b.flat {
		hole.Context = inPlain
	}
	if b.preserve && strings.Contains(s.z.s[hole.Start:hole.End], "\r\n") {
		hole.Context += withCRLF
	}
	b.text.units++
	b.text.start, b.text.end = hole.Start, hole.End
	u := s.insert(r.units, hole)
	u.Kind, u.Level, u.Preserve, u.Source, u.Notes = b.kind(), b.level(), b.preserve, text, s.pendingNotes(notes)
	if otherLanguage(locale, s.base) {
		u.Locale = locale
	}
	switch {
	case b.props.el == elTitle && !b.drawing:
		u.Name, u.ID = "title", s.ids.Named("head.title")
	case nameable(b.id):
		u.ID = s.ids.Named(b.id)
	default:
		u.ID = s.ids.Content(u.Kind, text)
	}
}

// trimPreserved takes the line breaks before and the white space behind a text
// off it whose white space is otherwise kept.
func (s *splitter) trimPreserved(first, last *item) {
	if last.kind == itemText {
		for last.end > last.start && isSpace(s.z.s[last.end-1]) {
			last.end--
		}
	}
	if first.kind == itemText {
		for i := first.start; i < first.end && isSpace(s.z.s[i]); i++ {
			if c := s.z.s[i]; c == '\n' || c == '\r' {
				first.start = i + 1
			}
		}
	}
}

// insert adds a hole, and a unit for it, behind those of the first from units,
// before those whose text begins later. It gives the unit to be filled in.
func (s *splitter) insert(from int, h bitext.UnitSpan) *bitext.Unit {
	d := s.doc
	holes := d.Skeleton.Spans
	if len(d.Units) == cap(d.Units) {
		n := max(len(d.Units), 64)
		d.Units, holes = slices.Grow(d.Units, n), slices.Grow(holes, n)
	}
	at := len(d.Units)
	for at > from && holes[at-1].Start > h.Start {
		at--
	}
	d.Units = append(d.Units, bitext.Unit{})
	holes = append(holes, h)
	if at < len(holes)-1 {
		copy(d.Units[at+1:], d.Units[at:])
		copy(holes[at+1:], holes[at:])
		d.Units[at], holes[at] = bitext.Unit{}, h
	}
	for i := at; i < len(holes); i++ {
		holes[i].Unit = i
	}
	d.Skeleton.Spans = holes
	return &d.Units[at]
}

// disp is how a code is shown to a person.
func (s *splitter) disp(it *item) string {
	raw := s.z.s[it.start:it.end]
	switch {
	case len(raw) < 3 || raw[1] == '!' || raw[1] == '?' || raw[1] == '%' || raw[1] == '/' && !isLetter(raw[2]):
		return diag.Excerpt(raw)
	case raw[1] == '/' && it.props.name == "":
		return "</" + s.tagName(it.start+2) + ">"
	case raw[1] == '/':
		return it.props.end
	case it.props.name == "":
		return "<" + s.tagName(it.start+1) + ">"
	}
	return it.props.start
}

// tagName is the name that begins at p, as it is written.
func (s *splitter) tagName(p int) string { return diag.Excerpt(s.nameAt(p)) }

// shownText is how much of a placeholder's text is kept to be shown.
const shownText = 4096

// plainText is the text of a piece of markup.
func (s *splitter) plainText(from, to int) string {
	to = min(to, from+shownText)
	for to < len(s.z.s) && to > from && s.z.s[to]&0xC0 == 0x80 {
		to--
	}
	z := scanner{s: s.z.s[:to], pos: from, cdata: s.z.cdata}
	w := &s.plain
	w.reset()
	m := mode{fold: true, refs: true}
	for {
		z.next()
		switch z.kind {
		case textToken:
			w.text(z.start, z.end, m)
		case cdataToken:
			w.text(z.start+len("<![CDATA["), z.end-len("]]>"), mode{fold: true})
		case startToken:
			if z.props.flags&rawText != 0 {
				z.raw(z.props.name)
			}
		case tailToken, noToken:
			return w.string(m)
		}
	}
}
