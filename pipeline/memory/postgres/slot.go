package postgres

import "hexapla/pipeline/memory/internal/slot"

// slotRows are the versions of one slot, always complete.
type slotRows = slot.Rows[*row]

// Complete implements slot.Store: readSlots reads all versions of a slot.
func (w *writer) Complete(*slotRows) error { return nil }

// Write implements slot.Store. The changes are sent with those of the chunk.
func (w *writer) Write(s *slotRows, p slot.Plan[*row]) error {
	w.inserted = append(w.inserted, p.Added...)
	w.change(p.Raised...)
	w.change(p.Lowered...)
	if p.Earlier {
		w.earlier[s] = true // all its versions change, so only once in a chunk
	}
	w.keep(s)
	return nil
}

// place marks which versions of a slot are current, of which some were withdrawn or are
// no longer.
func (w *writer) place(s *slotRows) {
	raised, lowered := s.Place()
	w.change(raised...)
	w.change(lowered...)
	w.setFirst(s)
}

// setFirst gives the versions of a slot the time of its first version.
func (w *writer) setFirst(s *slotRows) {
	first := s.Earliest()
	for _, r := range s.All() {
		if r.First != first {
			r.First = first
			w.change(r)
		}
	}
}

// change lists versions to be updated, but for new ones, which are inserted.
func (w *writer) change(rows ...*row) {
	for _, r := range rows {
		if !r.isNew && !r.isChanged {
			r.isChanged = true
			w.changed = append(w.changed, r)
		}
	}
}

// keep keeps a large slot until the end of the transaction.
func (w *writer) keep(s *slotRows) {
	if s.IsLarge() {
		w.large[s.All()[0].Key] = s
	}
}
