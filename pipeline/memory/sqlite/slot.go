package sqlite

import (
	"database/sql"
	"slices"
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory/internal/slot"
)

// slotRows are the versions of one slot. Its ID is what table history has for it: the
// lowest id that it has in table entry.
type slotRows = slot.Rows[*row]

// findSlots finds what table entry has for some slots. Those that are not needed have NULL.
var findSlots = "WITH k (t, l, p, b, n) AS (VALUES " + strings.TrimSuffix(strings.Repeat("(?,?,?,?,?),", slotsPerQuery), ",") + ") SELECT " +
	packedEntry + " FROM k CROSS JOIN entry ON text = t AND pair = l AND place = p AND prev = b AND next = n"

// slotsPerQuery is how many slots are read at a time.
const slotsPerQuery = 64

// loadSlots reads the slots of a chunk. A text from firstText on is new and has none.
func (w *writer) loadSlots(chunk []bitext.Entry, keys []string, firstText int64) error {
	w.slots = make(map[slot.Key]*slotRows, len(chunk))
	var wanted []slot.Key
	for i := range chunk {
		k, err := w.slotKey(&chunk[i], keys[i])
		if err != nil {
			return err
		}
		if _, ok := w.slots[k]; ok {
			continue
		}
		if s := w.large[k]; s != nil {
			w.slots[k] = s
			continue
		}
		w.slots[k] = &slotRows{}
		if k.Text < firstText {
			wanted = append(wanted, k)
		}
	}
	args := make([]any, 5*slotsPerQuery)
	for from := 0; from < len(wanted); from += slotsPerQuery {
		clear(args)
		some := wanted[from:min(from+slotsPerQuery, len(wanted))]
		for i, k := range some {
			copy(args[5*i:], []any{k.Text, k.Pair, k.Place, k.Prev, k.Next})
		}
		rows, err := w.findSlots.Query(args...)
		if err != nil {
			return err
		}
		if err := eachEntry(rows, func(r *row) { addEntry(w.slots[r.Key], r) }); err != nil {
			return err
		}
	}
	for _, k := range wanted {
		if s := w.slots[k]; s.IsLarge() {
			if err := w.Complete(s); err != nil {
				return err
			}
		}
	}
	return nil
}

// loadEntries returns the rows that table entry has for r's slot.
func (w *writer) loadEntries(r *row) (*slotRows, error) {
	rows, err := w.findSlot.Query(r.Text, r.Pair, r.Place, r.Prev, r.Next)
	if err != nil {
		return nil, err
	}
	s := &slotRows{}
	return s, eachEntry(rows, func(r *row) { addEntry(s, r) })
}

// eachEntry reads packedEntry of all rows.
func eachEntry(rows *sql.Rows, f func(r *row)) error {
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		r := &row{inEntry: true}
		if err := r.unpack(text); err != nil {
			return err
		}
		if err := r.verify(); err != nil {
			return err
		}
		r.Current = r.Withdrawn == 0
		f(r)
	}
	return rows.Err()
}

// addEntry adds a row of table entry to its slot.
func addEntry(s *slotRows, r *row) {
	if s.Len() == 0 || r.id < s.ID {
		s.ID = r.id
	}
	s.Load(r)
}

// Complete implements slot.Store: it loads the rows of table history.
func (w *writer) Complete(s *slotRows) error {
	if s.Complete {
		return nil
	}
	s.Complete = true
	for _, e := range slices.Clone(s.All()) {
		if err := w.loadHistory(s, e); err != nil {
			return err
		}
	}
	w.keep(s)
	return nil
}

// loadHistory loads the rows of table history that have the id of row e of table entry.
func (w *writer) loadHistory(s *slotRows, e *row) error {
	rows, err := w.findHistory.Query(e.id)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		h := &row{}
		h.Key, h.First = e.Key, e.First
		if err := rows.Scan(h.historyFields()...); err != nil {
			return err
		}
		if err := h.verify(); err != nil {
			return err
		}
		s.Load(h)
	}
	return rows.Err()
}

// keep keeps a large slot until the end of the transaction.
func (w *writer) keep(s *slotRows) {
	if s.IsLarge() {
		w.large[s.All()[0].Key] = s
	}
}

// Write implements slot.Store. The current versions are in table entry, the others in
// table history. A slot without a current version has its best one in table entry.
func (w *writer) Write(s *slotRows, p slot.Plan[*row]) error {
	if s.Len() == 1 {
		return w.putNew(s, p.Added[0])
	}
	in, out := p.Raised, p.Lowered
	if best := s.Best(); !best.Current && !best.inEntry {
		in = append(slices.Clip(in), best)
	}
	if p.Best.Withdrawn != 0 && p.Best.inEntry && p.Best != s.Best() {
		out = append(slices.Clip(out), p.Best) // it was there instead of a current one
	}
	if err := w.move(s, in, out, p.Added); err != nil {
		return err
	}
	if p.Earlier {
		if err := w.setFirst(s); err != nil {
			return err
		}
	}
	w.keep(s)
	return nil
}

// place stores the versions of one slot, of which some were withdrawn or are no longer.
func (w *writer) place(s *slotRows) error {
	if err := w.Complete(s); err != nil {
		return err
	}
	raised, _ := s.Place()
	best := s.Best()
	var in, out []*row
	for _, r := range raised {
		if !r.inEntry {
			in = append(in, r)
		}
	}
	if !best.Current && !best.inEntry {
		in = append(in, best)
	}
	for _, r := range s.All() {
		if r.inEntry && !r.Current && r != best {
			out = append(out, r)
		}
	}
	s.ID = 0 // several entries of version 1 may be one slot now
	if err := w.move(s, in, out, nil); err != nil {
		return err
	}
	return w.setFirst(s)
}

// setFirst gives the versions of a slot that are in table entry the time of its first one.
func (w *writer) setFirst(s *slotRows) error {
	if err := w.writeNew(); err != nil {
		return err
	}
	first, rows := s.Earliest(), s.Current()
	if len(rows) == 0 {
		rows = []*row{s.Best()}
	}
	for _, r := range rows {
		if r.First != first {
			if err := w.putCurrent(r, first); err != nil {
				return err
			}
		}
	}
	return nil
}

// move moves versions into table entry, and out of it into table history, where those of
// added go that do not come into table entry. It sets the slot's ID if it is 0.
func (w *writer) move(s *slotRows, in, out, added []*row) error {
	if err := w.writeNew(); err != nil {
		return err
	}
	free := make([]int64, 0, len(out))
	for _, r := range out {
		free = append(free, r.id)
		r.id, r.inEntry = 0, false
	}
	slices.Sort(free)
	for _, r := range in {
		r.inEntry = true
		if len(free) > 0 {
			r.id, free = free[0], free[1:]
			continue
		}
		if err := w.loadPair(r.Pair, "", ""); err != nil {
			return err
		}
		w.nextEntry[r.Pair]++
		r.id = w.nextEntry[r.Pair]
	}
	old := append(slices.Clip(out), added...)
	if s.ID == 0 || len(free) > 0 && free[0] == s.ID {
		s.ID, old = 0, s.All()
		for _, r := range old {
			if r.inEntry && (s.ID == 0 || r.id < s.ID) {
				s.ID = r.id
			}
		}
	}
	// First what leaves its place, then what comes into it.
	for _, r := range old {
		if r.inEntry || r.id == s.ID {
			continue
		}
		r.id = s.ID
		if _, err := w.putHistory.Exec(r.historyArgs()...); err != nil {
			return err
		}
		if err := w.isStored(r); err != nil {
			return err
		}
	}
	for _, id := range free {
		if _, err := w.tx.Exec("DELETE FROM entry WHERE id = ?", id); err != nil {
			return err
		}
	}
	first := s.Earliest()
	for _, r := range in {
		if !r.isNew {
			if _, err := w.tx.Exec("DELETE FROM history WHERE version = ?", r.Number); err != nil {
				return err
			}
		}
		if err := w.putCurrent(r, first); err != nil {
			return err
		}
	}
	return nil
}

// putCurrent writes a version to table entry.
func (w *writer) putCurrent(r *row, first int64) error {
	r.First = first
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

// putNew stores the first version of a slot.
func (w *writer) putNew(s *slotRows, r *row) error {
	w.nextEntry[r.Pair]++
	r.id, r.inEntry, s.ID = w.nextEntry[r.Pair], true, w.nextEntry[r.Pair]
	w.newEntries.args = r.appendEntry(w.newEntries.args)
	if err := w.newEntries.insertFull(w.tx); err != nil {
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
