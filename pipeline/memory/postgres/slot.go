package postgres

import (
	"slices"

	"hexapla/pipeline/memory"
)

// slotRows are the versions of one slot.
type slotRows struct {
	rows  []*row
	index *slotIndex // of a large slot, else nil
}

// slotIndex makes adding a version to a large slot independent of the number of its
// versions.
type slotIndex struct {
	content map[string][]*row
	sums    map[int64]*row
	best    *row
	first   int64
	seen    []*row // see adder.seen
}

// largeSlot is the number of versions from which a slot has an index, which is kept
// until the end of the transaction. Without it, n translations of one text would take
// time of n².
const largeSlot = 16

// addIndex gives a slot its index if it is large.
func (w *writer) addIndex(s *slotRows) {
	if len(s.rows) < largeSlot {
		return
	}
	var seen []*row
	if s.index != nil {
		seen = s.index.seen
	}
	x := &slotIndex{content: make(map[string][]*row, len(s.rows)), sums: make(map[int64]*row, len(s.rows)), best: bestOf(s.rows), first: s.rows[0].recordedAt, seen: seen}
	s.index = x
	for _, r := range s.rows {
		x.add(r)
		x.first = min(x.first, r.recordedAt)
	}
	w.large[s.rows[0].slot()] = s
}

func (x *slotIndex) add(r *row) {
	c := r.content()
	x.content[c] = append(x.content[c], r)
	x.sums[r.sum] = r
}

// best returns the version of the highest rank.
func (s *slotRows) best() *row {
	if s.index != nil {
		return s.index.best
	}
	return bestOf(s.rows)
}

// sameContent returns the versions with the content of r.
func (s *slotRows) sameContent(r *row) []*row {
	if s.index != nil {
		return s.index.content[r.content()]
	}
	var out []*row
	for _, old := range s.rows {
		if old.sameContent(r) {
			out = append(out, old)
		}
	}
	return out
}

// withSum returns the version with a checksum, nil if there is none.
func (s *slotRows) withSum(sum int64) *row {
	if s.index != nil {
		return s.index.sums[sum]
	}
	for _, r := range s.rows {
		if r.sum == sum {
			return r
		}
	}
	return nil
}

// put stores new versions of a slot, and reports whether one that was current is no
// longer.
func (w *writer) put(s *slotRows, added ...*row) (superseded bool) {
	if s.index != nil {
		for len(added) > 0 && w.putIndexed(s, added[0]) {
			added = added[1:]
		}
		if len(added) == 0 {
			return false
		}
	}
	var before []*row
	for _, old := range s.rows {
		if old.current {
			before = append(before, old)
		}
	}
	s.rows = append(s.rows, added...)
	w.inserted = append(w.inserted, added...)
	w.place(s.rows)
	w.addIndex(s)
	return slices.ContainsFunc(before, func(r *row) bool { return !r.current })
}

// putIndexed stores r if that changes nothing about the other versions of a large
// slot: as one more alternative of the current batch, or as an old version. It reports
// whether it did.
func (w *writer) putIndexed(s *slotRows, r *row) bool {
	x := s.index
	best := x.best
	if best.withdrawn != 0 || r.recordedAt < x.first {
		return false
	}
	switch higher := r.rank().Compare(best.rank()) > 0; {
	case r.withdrawn == 0 && r.isImported() && best.isImported() && r.batch == best.batch:
		if slices.ContainsFunc(x.content[r.content()], func(o *row) bool { return o.current }) {
			return false
		}
		r.current = true
		if higher {
			x.best = r
		}
	case higher:
		return false
	default:
		r.current = false
	}
	r.first = x.first
	s.rows = append(s.rows, r)
	w.inserted = append(w.inserted, r)
	x.add(r)
	return true
}

// place marks those of a slot's versions, given all of them, that are current.
func (w *writer) place(slot []*row) {
	isCurrent := make([]bool, len(slot))
	for _, i := range currentOf(slot) {
		isCurrent[i] = true
	}
	first := slot[0].recordedAt
	for _, r := range slot {
		first = min(first, r.recordedAt)
	}
	for i, r := range slot {
		if r.current == isCurrent[i] && r.first == first {
			continue
		}
		r.current, r.first = isCurrent[i], first
		if !r.isNew && !r.isChanged {
			r.isChanged = true
			w.changed = append(w.changed, r)
		}
	}
}

// bestOf returns the row of the highest rank.
func bestOf(rows []*row) *row {
	best := rows[0]
	for _, r := range rows[1:] {
		if r.rank().Compare(best.rank()) > 0 {
			best = r
		}
	}
	return best
}

// currentOf returns the places in slot of the current rows.
func currentOf(slot []*row) []int {
	versions := make([]memory.SlotVersion, len(slot))
	imports := 0
	for _, r := range slot {
		if r.isImported() {
			imports++
		}
	}
	for i, r := range slot {
		versions[i] = memory.SlotVersion{Rank: r.rank(), Batch: r.batch, Withdrawn: r.withdrawn != 0, Imported: r.isImported()}
		if imports > 1 && r.isImported() {
			versions[i].Content = r.content()
		}
	}
	return memory.Current(versions)
}
