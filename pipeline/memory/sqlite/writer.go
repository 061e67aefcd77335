package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/slot"
	"hexapla/pipeline/memory/internal/stored"
)

// chunkSize is how many entries are looked up and inserted at a time.
const chunkSize = 512

// textRef names a text: a locale (empty for a place) and a key.
type textRef struct{ locale, key string }

// writer changes the memory within one transaction. It keeps the law of package
// memory, that what is current follows from the set of versions.
type writer struct {
	tx  *sql.Tx
	now time.Time

	clock       int64 // the last recorded_at
	nextText    int64
	firstText   int64 // texts from here on came with this transaction
	nextVersion int64
	journaled   bool // changes are listed in table pending
	searched    bool // changed targets are listed in table search_dirty

	uids      map[int64]string // of batches, as far as they were needed
	added     map[int64]int    // new versions by batch
	locales   map[string]int64
	pairs     map[[2]string]int64
	pairTags  map[int64][2]string
	nextEntry map[int64]int64 // by pair: the last id
	oldEntry  map[int64]int64 // by pair: the last id before this transaction
	texts     map[textRef]int64
	known     map[int64]struct{}     // hashes of all texts that there are, nil if they are too many
	keys      map[int64]string       // of the texts of this chunk
	slots     map[slot.Key]*slotRows // of this chunk
	large     map[slot.Key]*slotRows // of all chunks

	findTexts, findSlot, findSlots, findHistory, putEntry, putHistory *sql.Stmt

	newTexts, newEntries, newPending inserter // rows that no table has yet, see writeNew
}

func newWriter(tx *sql.Tx, now time.Time) (*writer, error) {
	if now.IsZero() {
		now = time.Now()
	}
	if _, ok := memory.UnixTime(now); !ok {
		return nil, fmt.Errorf("the batch's time %v is outside the years 1 to 9999", now)
	}
	w := &writer{tx: tx, now: now, uids: map[int64]string{}, added: map[int64]int{},
		locales: map[string]int64{"": 0}, pairs: map[[2]string]int64{}, pairTags: map[int64][2]string{},
		nextEntry: map[int64]int64{}, oldEntry: map[int64]int64{}, large: map[slot.Key]*slotRows{}}
	if err := tx.QueryRow(`SELECT (SELECT value FROM meta WHERE name = 'version'), (SELECT value FROM meta WHERE name = 'clock'),
		(SELECT coalesce(max(id), 0) FROM text), EXISTS (SELECT 1 FROM state WHERE name = 'journal'),
		EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'search_dirty')`).
		Scan(&w.nextVersion, &w.clock, &w.nextText, &w.journaled, &w.searched); err != nil {
		return nil, err
	}
	if w.nextVersion < 0 || w.nextText < 0 {
		return nil, fmt.Errorf("%w: a counter is negative", memory.ErrDamaged)
	}
	w.clock = max(w.clock, now.UnixMicro()-1)
	w.firstText = w.nextText + 1
	if w.nextText == 0 { // the memory is empty: nobody else can add a text now
		w.known = map[int64]struct{}{}
	}
	var errs []error
	prepare := func(query string) *sql.Stmt {
		st, err := tx.Prepare(query)
		errs = append(errs, err)
		return st
	}
	w.findTexts = prepare(findTexts)
	w.findSlot = prepare("SELECT " + packedEntry + " FROM entry WHERE text = ? AND pair = ? AND place = ? AND prev = ? AND next = ?")
	w.findSlots = prepare(findSlots)
	w.findHistory = prepare("SELECT " + historyColumns + " FROM history WHERE entry = ?")
	w.putEntry = prepare(putEntry)
	w.putHistory = prepare(putHistory)
	w.newTexts = inserter{table: "text (id, locale, hash, key)", columns: 4, rows: 1}
	w.newEntries = inserter{table: "entry (" + entryColumns + ")", columns: entryWidth, rows: 16}
	w.newPending = inserter{table: "pending (version, batch, entry)", columns: 3, rows: 64}
	if err := errors.Join(errs...); err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

func (w *writer) close() {
	for _, st := range []*sql.Stmt{w.findTexts, w.findSlot, w.findSlots, w.findHistory, w.putEntry, w.putHistory} {
		if st != nil {
			st.Close()
		}
	}
	for _, in := range []*inserter{&w.newTexts, &w.newEntries, &w.newPending} {
		in.close()
	}
}

// writeNew writes the new rows that are waiting. It is called before one of their tables
// is read or changed otherwise.
func (w *writer) writeNew() error {
	for _, in := range []*inserter{&w.newTexts, &w.newEntries, &w.newPending} {
		if err := in.flush(w.tx); err != nil {
			return err
		}
	}
	return nil
}

// tick returns the next recorded_at.
func (w *writer) tick() int64 {
	w.clock++
	return w.clock
}

func (w *writer) newVersion() int64 {
	w.nextVersion++
	return w.nextVersion
}

// finish writes the rows that are waiting, the counters, and the new revision.
func (w *writer) finish() error {
	if err := w.writeNew(); err != nil {
		return err
	}
	for batch, n := range w.added {
		if _, err := w.tx.Exec("UPDATE batch SET versions = versions + ? WHERE id = ?", n, batch); err != nil {
			return err
		}
	}
	if _, err := w.tx.Exec("UPDATE meta SET value = CASE name WHEN 'version' THEN ? WHEN 'clock' THEN ? ELSE value + 1 END", w.nextVersion, w.clock); err != nil {
		return err
	}
	type addition struct{ pair, first, last int64 }
	var all []addition
	if w.nextText >= w.firstText {
		all = append(all, addition{0, w.firstText, w.nextText})
	}
	for pair, last := range w.nextEntry {
		if last > w.oldEntry[pair] {
			all = append(all, addition{pair, w.oldEntry[pair] + 1, last})
		}
	}
	for _, a := range all {
		if _, err := w.tx.Exec("INSERT INTO addition SELECT value, ?, ?, ? FROM meta WHERE name = 'revision'", a.pair, a.first, a.last); err != nil {
			return err
		}
	}
	if len(all) > 0 {
		_, err := w.tx.Exec("DELETE FROM addition WHERE revision <= (SELECT value FROM meta WHERE name = 'revision') - ?", keptRevisions)
		return err
	}
	return nil
}

// keptRevisions is for how many revisions table addition lists what came: a store
// that was last brought up to date before them reads everything anew.
const keptRevisions = 4096

// refs returns the texts that an entry names: its source, neighbours and place.
func refs(e *bitext.Entry, key string) [4]textRef {
	return [4]textRef{{e.SourceLocale, key}, {e.SourceLocale, e.Prev}, {e.SourceLocale, e.Next}, {"", e.Place}}
}

// begin starts a chunk: it finds or makes the ids of all texts that it names, and reads
// the slots that it changes.
func (w *writer) begin(chunk []bitext.Entry, keys []string) error {
	if err := w.writeNew(); err != nil {
		return err
	}
	firstText := w.nextText + 1
	if err := w.resolve(chunk, keys); err != nil {
		return err
	}
	return w.loadSlots(chunk, keys, firstText)
}

// resolve finds or makes the ids of all texts that a chunk names.
func (w *writer) resolve(chunk []bitext.Entry, keys []string) error {
	w.texts = make(map[textRef]int64, 2*len(chunk))
	var order []textRef
	for i := range chunk {
		for n, r := range refs(&chunk[i], keys[i]) {
			if r.key == "" && n > 0 {
				continue // no context: id 0
			}
			if _, ok := w.texts[r]; !ok {
				w.texts[r] = -1
				order = append(order, r)
			}
		}
	}
	hashes := make([]int64, len(order))
	asked := hashes
	if w.known != nil {
		asked = make([]int64, 0, len(order))
	}
	for i, r := range order {
		hashes[i] = stored.HashKey(r.locale, r.key)
		if w.known != nil {
			if _, ok := w.known[hashes[i]]; ok {
				asked = append(asked, hashes[i])
			}
		}
	}
	if len(asked) > 0 {
		if err := eachText(w.findTexts, asked, func(id int64, r textRef) {
			if _, ok := w.texts[r]; ok {
				w.texts[r] = id
			}
		}); err != nil {
			return err
		}
	}
	w.keys = make(map[int64]string, len(order))
	for i, r := range order {
		if w.texts[r] < 0 {
			locale, err := w.locale(r.locale)
			if err != nil {
				return err
			}
			w.nextText++
			w.texts[r] = w.nextText
			if err := w.newTexts.add(w.tx, w.nextText, locale, hashes[i], r.key); err != nil {
				return err
			}
			if w.known != nil {
				w.known[hashes[i]] = struct{}{}
			}
		}
		w.keys[w.texts[r]] = r.key
	}
	if len(w.known) > maxKnownHashes {
		w.known = nil
	}
	return nil
}

// maxKnownHashes is how many texts a memory that was empty may get before each one is
// looked up in it: as many as take some megabytes.
const maxKnownHashes = 1 << 18

// eachText calls f for every text with one of the hashes.
func eachText(find *sql.Stmt, hashes []int64, f func(id int64, r textRef)) error {
	rows, err := find.Query(jsonList(hashes))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var tag sql.NullString
		var r textRef
		if err := rows.Scan(&id, &tag, &r.key); err != nil {
			return err
		}
		r.locale = tag.String
		f(id, r)
	}
	return rows.Err()
}

func (w *writer) locale(tag string) (int64, error) {
	if id, ok := w.locales[tag]; ok {
		return id, nil
	}
	var id int64
	err := w.tx.QueryRow("INSERT INTO locale (tag) VALUES (?) ON CONFLICT DO UPDATE SET tag = tag RETURNING id", tag).Scan(&id)
	w.locales[tag] = id
	return id, err
}

func (w *writer) pair(source, target string) (int64, error) {
	if id, ok := w.pairs[[2]string{source, target}]; ok {
		return id, nil
	}
	var id int64
	err := w.tx.QueryRow("INSERT INTO pair (source, target) VALUES (?, ?) ON CONFLICT DO UPDATE SET source = source RETURNING id",
		source, target).Scan(&id)
	if err != nil {
		return 0, err
	}
	w.pairs[[2]string{source, target}] = id
	return id, w.loadPair(id, source, target)
}

// loadPair reads what the writer keeps of a pair.
func (w *writer) loadPair(id int64, source, target string) error {
	if _, ok := w.pairTags[id]; ok {
		return nil
	}
	if id < 1 || id >= 1<<(62-pairShift) {
		return fmt.Errorf("%w: locale pair %d", memory.ErrDamaged, id)
	}
	if source == "" {
		if err := w.tx.QueryRow("SELECT source, target FROM pair WHERE id = ?", id).Scan(&source, &target); err != nil {
			return err
		}
	}
	var last int64
	err := w.tx.QueryRow("SELECT coalesce(max(id), 0) FROM entry WHERE id BETWEEN ? AND ?", id<<pairShift, (id+1)<<pairShift-1).Scan(&last)
	w.pairTags[id] = [2]string{source, target}
	w.nextEntry[id] = max(last, id<<pairShift)
	w.oldEntry[id] = w.nextEntry[id]
	return err
}

// slotKey returns the slot of an entry whose texts have their ids.
func (w *writer) slotKey(e *bitext.Entry, key string) (slot.Key, error) {
	pair, err := w.pair(e.SourceLocale, e.TargetLocale)
	at := refs(e, key)
	k := slot.Key{Pair: pair, Text: w.texts[at[0]]}
	for n, id := range []*int64{&k.Prev, &k.Next, &k.Place} {
		if at[n+1].key != "" {
			*id = w.texts[at[n+1]]
		}
	}
	return k, err
}

// newRow returns an entry as a row, and its slot with the versions that table entry has.
func (w *writer) newRow(e *bitext.Entry, key string, batchTime int64) (*row, *slotRows, error) {
	k, err := w.slotKey(e, key)
	if err != nil {
		return nil, nil, err
	}
	r := &row{isNew: true}
	r.Key = k
	r.Fill(e, key, batchTime)
	return r, w.slots[k], nil
}

// Number implements slot.Store. Without an entry the keys of the row's texts must be in
// w.keys.
func (w *writer) Number(r *row, e *bitext.Entry, b *memory.Batch) error {
	if b.ID == 0 {
		if err := w.newBatch(b, 0); err != nil {
			return err
		}
	}
	r.Number, r.RecordedAt, r.Batch = w.newVersion(), w.tick(), b.ID
	w.added[r.Batch]++
	if e == nil {
		own, err := r.EntryInContext(w.pairTags[r.Pair], w.keys)
		if err != nil {
			return err
		}
		e = &own
	}
	uid, err := w.uid(r.Batch)
	if err != nil {
		return err
	}
	v := r.Record(*e, uid)
	r.Sum = v.Checksum()
	return nil
}

// uid returns the UID of a batch.
func (w *writer) uid(batch int64) (string, error) {
	if uid, ok := w.uids[batch]; ok {
		return uid, nil
	}
	var uid string
	err := w.tx.QueryRow("SELECT uid FROM batch WHERE id = ?", batch).Scan(&uid)
	w.uids[batch] = uid
	return uid, err
}

// newBatch gives b its row, ID and UID.
func (w *writer) newBatch(b *memory.Batch, undoes int64) error {
	if b.UID == "" {
		b.UID = stored.NewUID()
	}
	err := w.tx.QueryRow("INSERT INTO batch (uid, author, note, name, time, recorded_at, known, versions, undoes, undone) VALUES (?, ?, ?, ?, ?, ?, 1, 0, ?, 0) RETURNING id",
		b.UID, b.Author, b.Note, b.Name, b.Time.Unix(), w.tick(), undoes).Scan(&b.ID)
	if err != nil {
		return err
	}
	w.uids[b.ID] = b.UID
	if w.journaled {
		err = w.newPending.add(w.tx, int64(0), b.ID, int64(0))
	}
	return err
}

// checkContinued checks that a batch may take more versions.
func checkContinued(tx *sql.Tx, id int64) error {
	var undoes, undone int64
	err := tx.QueryRow("SELECT undoes, undone FROM batch WHERE id = ?", id).Scan(&undoes, &undone)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("batch %d: %w", id, memory.ErrNoBatch)
	case err != nil:
		return err
	case undone != 0:
		return fmt.Errorf("batch %d: %w by batch %d", id, memory.ErrUndone, undone)
	case undoes != 0:
		return fmt.Errorf("batch %d only undoes batch %d: %w to add to", id, undoes, memory.ErrNoBatch)
	}
	return nil
}

// setPending notes a new version for the journal.
func (w *writer) setPending(r *row) error {
	if !w.journaled {
		return nil
	}
	return w.newPending.add(w.tx, r.Number, int64(0), r.id)
}

// jsonList returns a list of numbers for json_each: one parameter for any length.
func jsonList(n []int64) string {
	b := make([]byte, 0, 20*len(n)+2)
	b = append(b, '[')
	for i, v := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, v, 10)
	}
	return string(append(b, ']'))
}
