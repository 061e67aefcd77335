package bitext

import (
	"cmp"
	"slices"
	"sort"
)

// Skeleton is the original document and where its units' texts are in it.
// Data is the whole document in UTF-8; Encoding the WHATWG name of the encoding
// it came in, "utf-8" if none was needed; BOM whether a byte order mark stood
// before it (kept in Data for UTF-8 input only). Spans rise by Start; one may lie inside another, when the
// text of a unit is inside a code of another (an image's alt in a
// paragraph). Slots are the named places that an edition's metadata is written
// to; each format has its own names for them. Parts are the documents of other
// formats inside this one, with the units that have no span here.
type Skeleton struct {
	Data     []byte
	Encoding string
	BOM      bool
	Spans    []UnitSpan
	Slots    []Slot
	Parts    []Part
}

// UnitSpan is the span of one unit's text in Skeleton.Data. Context is the format's
// word for how characters are written there ("text", `attribute"`). Anchors
// relate offsets in the unit's characters to offsets in Data; from one anchor to
// the next both run alike. An empty list means that they do from Start on.
// Codes has, for each code of the unit's source, where its Data is.
type UnitSpan struct {
	Unit       int
	Start, End int
	Context    string
	Anchors    []Anchor
	Codes      []int
}

// Anchor places byte Text of the unit's characters at Raw in the data.
type Anchor struct{ Text, Raw int }

// Slot is a named span of Data, empty for a place to insert at.
type Slot struct {
	Name       string
	Start, End int
}

// raw returns where a boundary of the unit's source is in Data.
func (h *UnitSpan) raw(source Text, c Boundary) int {
	if c == (Boundary{}) {
		return h.Start
	}
	if c == source.End() {
		return h.End
	}
	if c.Code > 0 && source.Codes[c.Code-1].Pos == c.Pos {
		return h.Codes[c.Code-1] + len(source.Codes[c.Code-1].Data)
	}
	if c.Code < len(source.Codes) && source.Codes[c.Code].Pos == c.Pos {
		return h.Codes[c.Code]
	}
	if len(h.Anchors) == 0 || c.Pos < h.Anchors[0].Text {
		return h.Start + c.Pos
	}
	i := sort.Search(len(h.Anchors), func(i int) bool { return h.Anchors[i].Text > c.Pos })
	a := h.Anchors[i-1]
	return a.Raw + c.Pos - a.Text
}

// Edit replaces the bytes of Data between Start and End, or inserts Text where
// the two are equal.
type Edit struct {
	Start, End int
	Text       string
}

// Splicer writes a translation into a skeleton. Encode appends characters to dst as
// the span's context requires them; dst ends with all that comes before. Wrap
// gives what to write around a target in another language than the edition's;
// it may be nil.
type Splicer struct {
	Encode func(dst []byte, hole *UnitSpan, chars string) []byte
	Wrap   func(hole *UnitSpan, target *Target) (before, after string)
}

// Splice is the document with the targets of tr in the place of their sources,
// and edits applied. A segment whose target is not filled, or equals its source,
// keeps its original bytes, whatever its markup: so a translation that changes
// nothing gives Data back byte for byte. tr may be nil. Edits must not overlap
// the text of a span, but may be inside one of its codes.
func (s Splicer) Splice(d *Document, tr *Translation, edits []Edit) []byte {
	sp := splice{Splicer: s, doc: d, tr: tr}
	sp.sort(edits)
	n := len(d.Skeleton.Data)
	return sp.span(make([]byte, 0, n+n/4), -1, 0, n)
}

// node is a span or an edit. Nodes are in the order of their places, and what is
// inside one follows it: up to past.
type node struct {
	start, end int
	hole       *UnitSpan // nil for an edit
	text       string
	parent     int // the hole that it lies in, or -1
	past       int
}

type splice struct {
	Splicer
	doc   *Document
	tr    *Translation
	nodes []node
	unit  int // of which codes are the index
	codes map[codeKey][]int
}

type codeKey struct {
	kind CodeKind
	id   string
}

// byPlace orders nodes: what is inserted at a place comes before what starts there; a hole
// comes before what lies inside it.
func byPlace(a, b *node) int {
	if a.start != b.start {
		return cmp.Compare(a.start, b.start)
	}
	if (a.start == a.end) != (b.start == b.end) {
		if a.start == a.end {
			return -1
		}
		return 1
	}
	return cmp.Compare(b.end, a.end)
}

// sortNodes sorts nodes that are mostly in order by their places.
func sortNodes(nodes []node) {
	for i := 1; i < len(nodes); i++ {
		if byPlace(&nodes[i], &nodes[i-1]) < 0 {
			slices.SortStableFunc(nodes, func(a, b node) int { return byPlace(&a, &b) })
			return
		}
	}
}

// sort puts holes and edits into nodes. Edits are few beside holes, and stand behind a hole
// of the same place.
func (s *splice) sort(edits []Edit) {
	n := len(s.doc.Skeleton.Spans)
	s.nodes = make([]node, n+len(edits))
	for i := range n {
		h := &s.doc.Skeleton.Spans[i]
		s.nodes[i] = node{start: h.Start, end: h.End, hole: h}
	}
	sortNodes(s.nodes[:n])
	added := make([]node, len(edits))
	for i, e := range edits {
		added[i] = node{start: e.Start, end: e.End, text: e.Text}
	}
	sortNodes(added)
	for i := len(added) - 1; i >= 0; i-- {
		at := sort.Search(n, func(k int) bool { return byPlace(&s.nodes[k], &added[i]) > 0 })
		copy(s.nodes[at+i+1:], s.nodes[at:n])
		s.nodes[at+i], n = added[i], at
	}
	open := -1
	for i := range s.nodes {
		n := &s.nodes[i]
		for open >= 0 && n.start >= s.nodes[open].end {
			s.nodes[open].past = i
			open = s.nodes[open].parent
		}
		n.parent, n.past = open, i+1
		if n.hole != nil && n.end > n.start {
			open = i
		}
	}
	for ; open >= 0; open = s.nodes[open].parent {
		s.nodes[open].past = len(s.nodes)
	}
}

// span appends Data[from:to], which lies in the hole of a node (-1 for the
// document), with everything in it put in place. An insertion at to is left to
// the span that begins there, unless none will.
func (s *splice) span(dst []byte, parent, from, to int) []byte {
	data := s.doc.Skeleton.Data
	i, past, end := 0, len(s.nodes), len(data)
	if parent >= 0 {
		i, past, end = parent+1, s.nodes[parent].past, s.nodes[parent].end
	}
	in := s.nodes[i:past]
	i += sort.Search(len(in), func(i int) bool { return in[i].start >= from })
	for ; i < past; i = s.nodes[i].past {
		n := &s.nodes[i]
		if n.start > to || n.end > to || (n.start == to && to != end) {
			break
		}
		if n.start < from || n.parent != parent {
			continue // overlaps what has been written
		}
		dst = append(dst, data[from:n.start]...)
		if n.hole == nil {
			dst = append(dst, n.text...)
		} else {
			dst = s.fill(dst, i)
		}
		from = n.end
	}
	return append(dst, data[from:to]...)
}

// fill appends what is in a span.
func (s *splice) fill(dst []byte, at int) []byte {
	n := &s.nodes[at]
	h := n.hole
	u := &s.doc.Units[h.Unit]
	if s.tr == nil || len(u.Segments) == 0 {
		return s.span(dst, at, n.start, n.end)
	}
	targets := s.tr.Targets[h.Unit]
	for i := range u.Segments {
		seg, t := &u.Segments[i], &targets[i]
		wrapped := t.Filled && t.Locale != "" && s.Wrap != nil && !seg.Ignorable
		var after string
		if wrapped {
			var before string
			before, after = s.Wrap(h, t)
			dst = append(dst, before...)
		}
		if !t.Filled || t.Text.Equal(seg.Source) {
			dst = s.span(dst, at, h.raw(u.Source, seg.From), h.raw(u.Source, seg.To))
		} else {
			dst = s.text(dst, at, u, seg, t.Text)
		}
		dst = append(dst, after...)
	}
	return dst
}

// text appends a target: its characters encoded, its codes as the original
// document has them, with what lies inside them in place.
func (s *splice) text(dst []byte, node int, u *Unit, seg *Segment, t Text) []byte {
	h := s.nodes[node].hole
	for p := range t.Pieces() {
		if p.Code == nil {
			dst = s.Encode(dst, h, p.Chars)
			continue
		}
		at := s.find(h.Unit, u, seg, p.Code)
		if at < 0 || at >= len(h.Codes) {
			dst = append(dst, p.Code.Data...)
			continue
		}
		raw := h.Codes[at]
		dst = s.span(dst, node, raw, raw+len(u.Source.Codes[at].Data))
	}
	return dst
}

// few is how many codes are found sooner by looking at each.
const few = 32

// find is the place in a unit's source of a target's code, -1 if it has none.
// The segment's own codes go first: an ID may come again in the unit.
func (s *splice) find(unit int, u *Unit, seg *Segment, c *Code) int {
	codes := u.Source.Codes
	if len(codes) <= few {
		first := -1
		for i := range codes {
			if codes[i].Kind == c.Kind && codes[i].ID == c.ID {
				if i >= seg.From.Code && i < seg.To.Code {
					return i
				}
				if first < 0 {
					first = i
				}
			}
		}
		return first
	}
	if s.codes == nil || s.unit != unit {
		s.unit, s.codes = unit, make(map[codeKey][]int, len(codes))
		for i := range codes {
			k := codeKey{codes[i].Kind, codes[i].ID}
			s.codes[k] = append(s.codes[k], i)
		}
	}
	at := s.codes[codeKey{c.Kind, c.ID}]
	if len(at) == 0 {
		return -1
	}
	if i := sort.SearchInts(at, seg.From.Code); i < len(at) && at[i] < seg.To.Code {
		return at[i]
	}
	return at[0]
}
