package sqlite

import (
	"errors"
	"slices"

	"hexapla/pipeline/memory"
)

// slotKey identifies a slot: a source text in a context, for a pair of locales.
type slotKey struct{ text, pair, place, prev, next int64 }

// slotRows are the versions of one slot.
type slotRows struct {
	rows     []*row
	complete bool // the rows of table history are there too

	index *slotIndex // of a large slot, else nil
}

// slotIndex makes adding a version to a large slot independent of the number of its
// versions.
type slotIndex struct {
	content map[string][]*row
	sums    map[int64]*row
	best    *row
	current int   // how many rows table entry has
	lowest  int64 // their lowest id
	first   int64
	seen    []*row // see adder.seen
}

// largeSlot is the number of versions from which a slot has an index, which is kept
// until the end of the transaction. Without it, n translations of one text would take
// time of n².
const largeSlot = 16

// slotOf returns the versions of r's slot, as table entry has them.
func (w *writer) slotOf(r *row) (*slotRows, error) {
	if s := w.large[r.slot()]; s != nil {
		return s, nil
	}
	rows, err := w.loadEntries(r)
	if err != nil {
		return nil, err
	}
	s := &slotRows{rows: rows}
	if len(rows) >= largeSlot {
		err = w.loadHistory(s)
	}
	return s, err
}

func (r *row) slot() slotKey { return slotKey{r.text, r.pair, r.place, r.prev, r.next} }

// loadHistory adds the rows of table history.
func (w *writer) loadHistory(s *slotRows) error {
	if s.complete {
		return nil
	}
	rows, err := w.withHistory(s.rows)
	if err != nil {
		return err
	}
	s.rows, s.complete = rows, true
	w.addIndex(s)
	return nil
}

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
		if !r.inHistory {
			if x.current++; x.current == 1 || r.id < x.lowest {
				x.lowest = r.id
			}
		}
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

// put stores new versions of a slot that has some, and reports whether one that was
// current is no longer.
func (w *writer) put(s *slotRows, added ...*row) (superseded bool, err error) {
	if s.index != nil {
		for len(added) > 0 {
			done, err := w.putIndexed(s, added[0])
			if err != nil {
				return false, err
			}
			if !done {
				break
			}
			added = added[1:]
		}
		if len(added) == 0 {
			return false, nil
		}
	}
	var before []*row
	for _, old := range s.rows {
		if !old.inHistory && old.withdrawn == 0 {
			before = append(before, old)
		}
	}
	s.rows = append(s.rows, added...)
	if err := w.place(s.rows); err != nil {
		return false, err
	}
	w.addIndex(s)
	return slices.ContainsFunc(before, func(r *row) bool { return r.inHistory }), nil
}

// putIndexed stores r if that changes nothing about the other versions of a large
// slot: as one more alternative of the current batch, or as an old version. It reports
// whether it did.
func (w *writer) putIndexed(s *slotRows, r *row) (bool, error) {
	x := s.index
	best := x.best
	if best.withdrawn != 0 || r.recordedAt < x.first {
		return false, nil
	}
	switch higher := r.rank().Compare(best.rank()) > 0; {
	case r.withdrawn == 0 && r.isImported() && best.isImported() && r.batch == best.batch:
		if slices.ContainsFunc(x.content[r.content()], func(o *row) bool { return !o.inHistory }) {
			return false, nil
		}
		if err := w.loadPair(r.pair, "", ""); err != nil {
			return false, err
		}
		w.nextEntry[r.pair]++
		if err := w.putCurrent(r, w.nextEntry[r.pair], x.first); err != nil {
			return false, err
		}
		if x.current++; higher {
			x.best = r
		}
	case higher:
		return false, nil
	default:
		r.id = x.lowest
		if err := w.putOld(r); err != nil {
			return false, err
		}
	}
	s.rows = append(s.rows, r)
	x.add(r)
	return true, nil
}

// loadEntries returns the rows that table entry has for r's slot.
func (w *writer) loadEntries(r *row) ([]*row, error) {
	rows, err := w.findSlot.Query(r.text, r.pair, r.place, r.prev, r.next)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []*row
	for rows.Next() {
		old := &row{}
		if err := rows.Scan(old.entryFields()...); err != nil {
			return nil, err
		}
		if err := old.verify(); err != nil {
			return nil, err
		}
		out = append(out, old)
	}
	return out, rows.Err()
}

// withHistory adds the rows of table history to those that table entry has for a
// slot.
func (w *writer) withHistory(slot []*row) ([]*row, error) {
	for _, e := range slot[:len(slot):len(slot)] {
		if e.inHistory {
			return slot, nil // they are there already
		}
	}
	for _, e := range slot[:len(slot):len(slot)] {
		rows, err := w.findHistory.Query(e.id)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			h := &row{inHistory: true, pair: e.pair, text: e.text, place: e.place, prev: e.prev, next: e.next, first: e.first}
			err := rows.Scan(h.historyFields()...)
			if err == nil {
				err = h.verify()
			}
			if err != nil {
				rows.Close()
				return nil, err
			}
			slot = append(slot, h)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, err
		}
	}
	return slot, nil
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

// place stores the versions of one slot, given all of them: the current ones in
// table entry, the others in table history.
func (w *writer) place(slot []*row) error {
	current := currentOf(slot)
	isCurrent := make([]bool, len(slot))
	for _, i := range current {
		isCurrent[i] = true
	}
	var used, free []int64
	first := slot[0].recordedAt
	for i, r := range slot {
		first = min(first, r.recordedAt)
		if !r.inHistory && !r.isNew {
			if isCurrent[i] {
				used = append(used, r.id)
			} else {
				free = append(free, r.id)
			}
		}
	}
	slices.Sort(free)
	ids := make(map[int]int64, len(current))
	for _, i := range current {
		r := slot[i]
		switch {
		case !r.inHistory && !r.isNew:
			ids[i] = r.id
		case len(free) > 0:
			ids[i], free = free[0], free[1:]
			used = append(used, ids[i])
		default:
			if err := w.loadPair(r.pair, "", ""); err != nil {
				return err
			}
			w.nextEntry[r.pair]++
			ids[i] = w.nextEntry[r.pair]
			used = append(used, ids[i])
		}
	}
	lowest := slices.Min(used)
	// First what leaves its place, then what comes into it.
	for i, r := range slot {
		if _, ok := ids[i]; ok {
			continue
		}
		moved := !r.inHistory || r.id != lowest
		if r.id = lowest; !moved {
			continue
		}
		if err := w.putOld(r); err != nil {
			return err
		}
	}
	for _, id := range free {
		if _, err := w.tx.Exec("DELETE FROM entry WHERE id = ?", id); err != nil {
			return err
		}
	}
	for _, i := range current {
		r := slot[i]
		if !r.inHistory && !r.isNew && r.first == first {
			continue
		}
		if r.inHistory {
			if _, err := w.tx.Exec("DELETE FROM history WHERE version = ?", r.version); err != nil {
				return err
			}
		}
		if err := w.putCurrent(r, ids[i], first); err != nil {
			return err
		}
	}
	return nil
}

// putOld writes a version to table history.
func (w *writer) putOld(r *row) error {
	r.inHistory = true
	if _, err := w.putHistory.Exec(r.historyArgs()...); err != nil {
		return err
	}
	return w.isStored(r)
}

// putCurrent writes a version to table entry.
func (w *writer) putCurrent(r *row, id, first int64) error {
	r.inHistory, r.id, r.first = false, id, first
	if w.searched {
		if _, err := w.tx.Exec("INSERT OR IGNORE INTO search_dirty VALUES (?)", r.id); err != nil {
			return err
		}
	}
	if _, err := w.putEntry.Exec(r.entryArgs()...); err != nil {
		return err
	}
	return w.isStored(r)
}

func (w *writer) isStored(r *row) error {
	if !r.isNew {
		return nil
	}
	r.isNew = false
	return w.setPending(r)
}

// currentOf returns the places in slot of the rows that belong into table entry.
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
	current := memory.Current(versions)
	if len(current) == 0 {
		best := bestOf(slot)
		current = []int{slices.Index(slot, best)}
	}
	return current
}
