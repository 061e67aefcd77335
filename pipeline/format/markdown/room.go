package markdown

import (
	"strings"

	"hexapla/pipeline/bitext"
)

// room is memory that one split uses after the other, for what no document keeps.
type room struct {
	source    []byte // as goldmark sees it
	record    record
	masks     []mask
	blocks    []block
	items     []item        // of the last block
	itemCodes []bitext.Code // of the items of a block
	units     []pendingUnit // of which some are in use
	pending   []*pendingUnit

	chars      []byte // of the unit at hand
	anchors    []bitext.Anchor
	pairIDs    []int
	order      []int
	unitPlaces []int
	ids        bitext.IDs
}

// maxRoom is the number of elements up to which memory is kept for the next document, and
// maxBlockRoom that for the parts of one block.
const (
	maxRoom      = 1 << 12
	maxBlockRoom = 1 << 7
)

// reset forgets the document that was split.
func (r *room) reset(s *splitter) {
	r.ids.Reset()
	r.pending = emptied(s.pending, maxRoom)
	r.blocks, r.units = emptied(r.blocks, maxRoom), emptied(r.units, maxRoom)
	r.items = emptied(r.items[:cap(r.items)], maxBlockRoom)
	r.itemCodes = emptied(r.itemCodes[:cap(r.itemCodes)], maxBlockRoom)
	r.anchors, r.pairIDs = emptied(r.anchors, maxRoom), emptied(r.pairIDs, maxRoom)
	r.order, r.unitPlaces = emptied(r.order, maxRoom), emptied(r.unitPlaces, maxRoom)
	r.record = record{places: emptied(r.record.places, maxRoom), notes: r.record.notes, nodes: r.record.nodes}
	r.record.nodes.reset()
	r.masks = emptied(s.masks, maxRoom)
	if cap(r.source) > maxRoom<<6 {
		r.source = nil
	}
	if cap(r.chars) > maxRoom<<4 {
		r.chars = nil
	}
}

// emptied returns a slice without its elements, or none if its room is for more than most.
func emptied[T any](s []T, most int) []T {
	if cap(s) > most {
		return nil
	}
	clear(s)
	return s[:0]
}

// more returns the next n elements of a slice that has room for more, or of a new one.
// Those before stay where they are.
func more[T any](s *[]T, n int) []T {
	at := len(*s)
	if at+n > cap(*s) {
		at, *s = 0, make([]T, 0, max(n, 16, min(2*cap(*s), maxRoom)))
	}
	*s = (*s)[:at+n]
	return (*s)[at : at+n : at+n]
}

// newUnit returns a unit.
func (r *room) newUnit() *pendingUnit { return &more(&r.units, 1)[0] }

// newCode returns a copy of a code, for an item of the block at hand.
func (r *room) newCode(c bitext.Code) *bitext.Code {
	r.itemCodes = append(r.itemCodes, c)
	return &r.itemCodes[len(r.itemCodes)-1]
}

// arena is the memory of one document's units, many of which share an allocation.
type arena struct {
	freeCodes   []bitext.Code
	freeInts    []int
	freeAnchors []bitext.Anchor
	strings     *strings.Builder
}

// take returns an empty slice with room for n elements, and what is left of free.
func take[T any](free []T, n int) (slice, rest []T) {
	if cap(free)-len(free) < n {
		free = make([]T, 0, max(n, min(2*cap(free), 64), 8))
	}
	at := len(free)
	return free[at : at : at+n], free[:at+n]
}

func (a *arena) codes(n int) (out []bitext.Code) {
	out, a.freeCodes = take(a.freeCodes, n)
	return out
}

func (a *arena) ints(n int) (out []int) {
	out, a.freeInts = take(a.freeInts, n)
	return out
}

// keepAnchors returns a copy of anchors, nil if there are none.
func (a *arena) keepAnchors(anchors []bitext.Anchor) (out []bitext.Anchor) {
	if len(anchors) == 0 {
		return nil
	}
	out, a.freeAnchors = take(a.freeAnchors, len(anchors))
	return append(out, anchors...)
}

// keepString returns a string of b.
func (a *arena) keepString(b []byte) string {
	if a.strings == nil || a.strings.Cap()-a.strings.Len() < len(b) {
		size := 512
		if a.strings != nil {
			size = min(2*a.strings.Cap(), 8192)
		}
		a.strings = &strings.Builder{}
		a.strings.Grow(max(len(b), size))
	}
	at := a.strings.Len()
	a.strings.Write(b)
	return a.strings.String()[at:]
}

// newRoom returns memory for a splitter.
func newRoom() *room { return &room{record: record{notes: map[string]bool{}}} }
