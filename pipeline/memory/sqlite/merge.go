package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"slices"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/slot"
)

// Merge adds records from another copy of the memory, or from its journal, all of
// them or, on an error, none. What the memory has already is left as it is. State,
// which is called after the last record, returns what JournalState returns from now
// on. From the first call with a state on, the store lists for Flush what it gets by Add,
// Undo, and by Merge without a state, which is for records that are not from the journal.
func (s *Store) Merge(ctx context.Context, records iter.Seq2[memory.Record, error], state func() []byte) (result memory.Result, err error) {
	defer s.guard(&err)()
	var theirs error
	err = s.updateLarge(ctx, func(tx *sql.Tx) error {
		w, err := newWriter(tx, time.Time{})
		if err != nil {
			return err
		}
		defer w.close()
		w.clock = 0 // it follows the records
		if err := tx.QueryRow("SELECT value FROM meta WHERE name = 'clock'").Scan(&w.clock); err != nil {
			return err
		}
		m := &merger{writer: w, inJournal: state != nil, batches: map[string]int64{}, undone: map[int64]int64{}}
		if m.inJournal && !w.journaled {
			if err := allPending(tx); err != nil {
				return err
			}
		}
		// What comes from the journal is not pending for it.
		pending := w.journaled
		w.journaled = pending && !m.inJournal
		for r, err := range records {
			if err != nil {
				theirs = err
				return err
			}
			if err := m.record(ctx, r); err != nil {
				return err
			}
		}
		if err := m.flush(ctx); err != nil {
			return err
		}
		w.journaled = pending
		if state != nil {
			if _, err := tx.Exec("REPLACE INTO state (name, value) VALUES ('journal', ?)", state()); err != nil {
				return err
			}
		}
		result = m.result
		return w.finish()
	})
	if theirs != nil {
		return memory.Result{}, theirs
	}
	if err != nil {
		return memory.Result{}, s.wrap(err)
	}
	return result, nil
}

// allPending lists everything in the memory as pending.
func allPending(tx *sql.Tx) error {
	_, err := tx.Exec(`INSERT OR IGNORE INTO pending SELECT version, 0, id FROM entry;
		INSERT OR IGNORE INTO pending SELECT version, 0, entry FROM history;
		INSERT OR IGNORE INTO pending SELECT 0, id, 0 FROM batch WHERE known`)
	if err == nil {
		err = pendNotes(tx)
	}
	return err
}

// merger adds records within one transaction.
type merger struct {
	*writer
	inJournal bool             // the journal has the records
	batches   map[string]int64 // by UID
	undone    map[int64]int64  // by batch that has been asked for
	undos     bool             // batches came that undo others
	notes     bool             // the table of notes is there
	chunk     []memory.VersionRecord
	result    memory.Result
}

func (m *merger) record(ctx context.Context, r memory.Record) error {
	switch {
	case r.Batch != nil:
		return m.batch(r.Batch)
	case r.Note != nil:
		m.clock = max(m.clock, r.Note.RecordedAt)
		return m.note(r.Note)
	}
	m.clock = max(m.clock, r.Version.RecordedAt)
	m.chunk = append(m.chunk, *r.Version)
	if len(m.chunk) < chunkSize {
		return nil
	}
	return m.flush(ctx)
}

// batch adds a batch. Should there be two records of one UID, the first recorded one
// counts, among equals the one whose texts sort first.
func (m *merger) batch(b *memory.BatchRecord) error {
	m.clock = max(m.clock, b.RecordedAt)
	var undoes int64
	if b.Undoes != "" {
		id, err := m.batchID(b.Undoes)
		if err != nil {
			return err
		}
		undoes = id
		m.undos = true
	}
	id, err := m.batchID(b.UID)
	if err != nil {
		return err
	}
	t, _ := memory.UnixTime(b.Time)
	res, err := m.tx.Exec(`UPDATE batch SET author = ?2, note = ?3, name = ?4, time = ?5, recorded_at = ?6, undoes = ?7, known = 1
		WHERE id = ?1 AND (NOT known OR (recorded_at, author, note, name, time) > (?6, ?2, ?3, ?4, ?5))`,
		id, b.Author, b.Note, b.Name, t, b.RecordedAt, undoes)
	if err != nil {
		return err
	}
	changed, err := res.RowsAffected()
	if err != nil {
		return err
	}
	return m.updatePending(0, id, changed > 0)
}

// note adds a note.
func (m *merger) note(n *memory.Note) error {
	if !m.notes {
		if err := makeNotes(m.tx); err != nil {
			return err
		}
		m.notes = true
	}
	var known bool
	if err := m.tx.QueryRow("SELECT EXISTS (SELECT 1 FROM note WHERE uid = ?)", n.UID).Scan(&known); err != nil {
		return err
	}
	id, err := m.putNote(n)
	if err != nil {
		return err
	}
	return m.updatePending(-id, 0, !known)
}

// updatePending notes whether the journal has a batch or a note that was merged.
func (m *merger) updatePending(version, batch int64, changed bool) error {
	var err error
	switch {
	case m.inJournal:
		_, err = m.tx.Exec("DELETE FROM pending WHERE version = ? AND batch = ?", version, batch)
	case m.journaled && changed:
		_, err = m.tx.Exec("INSERT OR IGNORE INTO pending VALUES (?, ?, 0)", version, batch)
	}
	return err
}

// batchID returns the number of a batch, which gets a row if it has none.
func (m *merger) batchID(uid string) (int64, error) {
	if id, ok := m.batches[uid]; ok {
		return id, nil
	}
	var id int64
	err := m.tx.QueryRow(`INSERT INTO batch (uid, author, note, name, time, recorded_at, known, versions, undoes, undone)
		VALUES (?, '', '', '', 0, 0, 0, 0, 0, 0) ON CONFLICT DO UPDATE SET uid = uid RETURNING id`, uid).Scan(&id)
	m.batches[uid] = id
	m.uids[id] = uid
	return id, err
}

// flush adds the versions that have come.
func (m *merger) flush(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if m.undos {
		if _, err := m.applyUndos(ctx); err != nil {
			return err
		}
		m.undos = false
		clear(m.undone)
	}
	if len(m.chunk) == 0 {
		return nil
	}
	entries := make([]bitext.Entry, len(m.chunk))
	keys := make([]string, len(m.chunk))
	for i := range m.chunk {
		entries[i] = m.chunk[i].Entry
		keys[i] = entries[i].Source.Key()
	}
	if err := m.begin(entries, keys); err != nil {
		return err
	}
	for i := range m.chunk {
		if err := m.insert(&m.chunk[i], keys[i]); err != nil {
			return err
		}
	}
	m.chunk = m.chunk[:0]
	return nil
}

func (m *merger) insert(v *memory.VersionRecord, key string) error {
	r, s, err := m.newRow(&v.Entry, key, v.EffectiveAt)
	if err != nil {
		return err
	}
	if err := m.Complete(s); err != nil {
		return err
	}
	r.SetRecord(v)
	if old, ok := s.WithSum(r.Sum); ok {
		m.result.Unchanged++
		if !m.inJournal {
			return nil
		}
		_, err := m.tx.Exec("DELETE FROM pending WHERE version = ? AND batch = 0", old.Number)
		return err
	}
	if r.Batch, err = m.batchID(v.Batch); err != nil {
		return err
	}
	by, ok := m.undone[r.Batch]
	if !ok {
		if err := m.tx.QueryRow("SELECT undone FROM batch WHERE id = ?", r.Batch).Scan(&by); err != nil {
			return err
		}
		m.undone[r.Batch] = by
	}
	r.Withdraw(by)
	r.Number = m.newVersion()
	m.result.Added++
	m.added[r.Batch]++
	_, err = slot.Put(m, s, r)
	return err
}

// JournalState returns the state that the last Merge or Flush stored, nil if there was
// none, and whether there are records for Flush.
func (s *Store) JournalState(ctx context.Context) (state []byte, pending bool, err error) {
	defer s.guard(&err)()
	err = s.retry(ctx, func() error {
		return s.read.QueryRowContext(ctx, "SELECT (SELECT value FROM state WHERE name = 'journal'), EXISTS (SELECT 1 FROM pending)").Scan(&state, &pending)
	})
	return state, pending, s.wrap(err)
}

// Flush calls write with the records that came by Add and Undo since the last Flush,
// and with all of the locale pairs in lost (two empty tags stand for the batches),
// while it holds the memory's write lock. It stores the state that write returns.
func (s *Store) Flush(ctx context.Context, lost [][2]string, write func(iter.Seq2[memory.Record, error]) ([]byte, error)) (err error) {
	defer s.guard(&err)()
	var theirs error
	err = s.update(ctx, func(tx *sql.Tx) error {
		if len(lost) > 0 {
			if err := s.growCache(tx); err != nil {
				return err
			}
		}
		for _, pair := range lost {
			if err := pendAll(tx, pair); err != nil {
				return err
			}
		}
		state, err := write(func(yield func(memory.Record, error) bool) {
			if err := pendingRecords(tx, yield); err != nil {
				yield(memory.Record{}, s.wrap(err))
			}
		})
		if err != nil {
			theirs = err
			return err
		}
		if _, err := tx.Exec("DELETE FROM pending"); err != nil {
			return err
		}
		_, err = tx.Exec("REPLACE INTO state (name, value) VALUES ('journal', ?)", state)
		return err
	})
	if theirs != nil {
		return theirs
	}
	return s.wrap(err)
}

// Pending walks over the records that Flush is to give, as Records does.
func (s *Store) Pending(ctx context.Context) iter.Seq2[memory.Record, error] {
	return guarded(s, func(yield func(memory.Record, error) bool) error {
		tx, err := s.read.BeginTx(context.WithoutCancel(ctx), &sql.TxOptions{ReadOnly: true})
		if err != nil {
			return err
		}
		defer tx.Rollback()
		return pendingRecords(tx, yield)
	})
}

// SetPending makes records pending for Flush again.
func (s *Store) SetPending(ctx context.Context, ids memory.RecordIDs) (err error) {
	defer s.guard(&err)()
	return s.wrap(s.updateLarge(ctx, func(tx *sql.Tx) error {
		if _, err := tx.Exec("CREATE TEMP TABLE lost (id) ; CREATE INDEX temp.lost_id ON lost (id)"); err != nil {
			return err
		}
		defer tx.Exec("DROP TABLE temp.lost")
		insert, err := tx.Prepare("INSERT INTO temp.lost VALUES (?)")
		if err != nil {
			return err
		}
		defer insert.Close()
		for _, sum := range ids.Versions {
			if _, err := insert.Exec(sum); err != nil {
				return err
			}
		}
		for _, uid := range slices.Concat(ids.Batches, ids.Notes) {
			if _, err := insert.Exec(uid); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(`INSERT OR IGNORE INTO pending SELECT version, 0, id FROM entry WHERE sum IN (SELECT id FROM temp.lost);
			INSERT OR IGNORE INTO pending SELECT version, 0, entry FROM history WHERE sum IN (SELECT id FROM temp.lost);
			INSERT OR IGNORE INTO pending SELECT 0, id, 0 FROM batch WHERE known AND uid IN (SELECT id FROM temp.lost)`); err != nil {
			return err
		}
		if has, err := hasNotes(tx); err != nil || !has {
			return err
		}
		_, err = tx.Exec("INSERT OR IGNORE INTO pending SELECT -id, 0, 0 FROM note WHERE uid IN (SELECT id FROM temp.lost)")
		return err
	}))
}

// pendAll lists all of a locale pair as pending, or all batches.
func pendAll(tx *sql.Tx, pair [2]string) error {
	if pair == [2]string{} {
		_, err := tx.Exec("INSERT OR IGNORE INTO pending SELECT 0, id, 0 FROM batch WHERE known")
		if err == nil {
			err = pendNotes(tx)
		}
		return err
	}
	_, err := tx.Exec(`INSERT OR IGNORE INTO pending SELECT version, 0, id FROM entry WHERE pair = (SELECT id FROM pair WHERE source = ?1 AND target = ?2);
		INSERT OR IGNORE INTO pending SELECT version, 0, entry FROM history
			WHERE entry IN (SELECT id FROM entry WHERE pair = (SELECT id FROM pair WHERE source = ?1 AND target = ?2))`, pair[0], pair[1])
	return err
}

// Records walks over everything in the memory, batches and notes first, then the versions in
// order of their locale pairs and of their recording.
func (s *Store) Records(ctx context.Context) iter.Seq2[memory.Record, error] {
	return guarded(s, func(yield func(memory.Record, error) bool) error {
		tx, err := s.read.BeginTx(context.WithoutCancel(ctx), &sql.TxOptions{ReadOnly: true})
		if err != nil {
			return err
		}
		defer tx.Rollback()
		more, err := batchAndNoteRecords(tx, "SELECT id FROM batch WHERE known", "1", yield)
		if err != nil || !more {
			return err
		}
		_, err = versionRecords(tx, `SELECT v.entry slot, 0 in_history, `+prefixed("v.", versionColumns)+` FROM (SELECT id entry, `+versionColumns+` FROM entry
			UNION ALL SELECT `+historyColumns+` FROM history) v`, yield)
		return err
	})
}

// pendingRecords walks over what is pending.
func pendingRecords(tx *sql.Tx, yield func(memory.Record, error) bool) error {
	more, err := batchAndNoteRecords(tx, "SELECT batch FROM pending WHERE batch <> 0", "id IN (SELECT -version FROM pending WHERE version < 0)", yield)
	if err != nil || !more {
		return err
	}
	seen := 0
	count := func(r memory.Record, err error) bool {
		seen++
		return yield(r, err)
	}
	more, err = versionRecords(tx, `SELECT e.id slot, 0 in_history, `+prefixed("e.", versionColumns)+` FROM pending p CROSS JOIN entry e ON e.id = p.entry AND e.version = p.version
		UNION ALL SELECT h.entry, 1, `+prefixed("h.", versionColumns)+` FROM pending p CROSS JOIN history h ON h.version = p.version`, count)
	if err != nil || !more {
		return err
	}
	all := 0
	if err := tx.QueryRow("SELECT count(*) FROM pending WHERE version > 0").Scan(&all); err != nil || seen == all {
		return err
	}
	// Some have moved within table entry since they were listed.
	_, err = versionRecords(tx, `SELECT e.id slot, 0 in_history, `+prefixed("e.", versionColumns)+` FROM entry e WHERE e.version IN (
		SELECT p.version FROM pending p LEFT JOIN entry x ON x.id = p.entry AND x.version = p.version LEFT JOIN history y ON y.version = p.version
		WHERE p.version > 0 AND x.id IS NULL AND y.version IS NULL)`, yield)
	return err
}

// batchAndNoteRecords walks over batches and notes in the order of their recording, and
// reports whether to go on.
func batchAndNoteRecords(tx *sql.Tx, batches, notes string, yield func(memory.Record, error) bool) (bool, error) {
	var held []memory.Record
	if _, err := noteRecords(tx, notes, func(r memory.Record, _ error) bool {
		held = append(held, r)
		return true
	}); err != nil {
		return false, err
	}
	more, err := batchRecords(tx, batches, func(b memory.Record, _ error) bool {
		for len(held) > 0 && held[0].Note.RecordedAt < b.Batch.RecordedAt {
			if !yield(held[0], nil) {
				return false
			}
			held = held[1:]
		}
		return yield(b, nil)
	})
	if err != nil || !more {
		return false, err
	}
	for _, n := range held {
		if !yield(n, nil) {
			return false, nil
		}
	}
	return true, nil
}

// batchRecords walks over the batches that a query selects, and reports whether to
// go on.
func batchRecords(tx *sql.Tx, ids string, yield func(memory.Record, error) bool) (bool, error) {
	rows, err := tx.Query(`SELECT b.uid, b.author, b.note, b.name, b.time, b.recorded_at, coalesce(u.uid, '')
		FROM batch b LEFT JOIN batch u ON u.id = b.undoes WHERE b.id IN (` + ids + `) ORDER BY b.recorded_at, b.uid`)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	for rows.Next() {
		var b memory.BatchRecord
		var t int64
		if err := rows.Scan(&b.UID, &b.Author, &b.Note, &b.Name, &t, &b.RecordedAt, &b.Undoes); err != nil {
			return false, err
		}
		b.Time = time.Unix(t, 0).UTC()
		if !yield(memory.Record{Batch: &b}, nil) {
			return false, nil
		}
	}
	return true, rows.Err()
}

// versionRecords walks over versions. The query selects the slot's entry id and
// versionColumns.
func versionRecords(tx *sql.Tx, query string, yield func(memory.Record, error) bool) (bool, error) {
	rows, err := tx.Query("SELECT " + sourceColumns + ", b.uid, e.id, e.pair, e.text, e.place, e.prev, e.next, e.first, " + prefixed("v.", versionColumns) + `
		FROM (` + query + `) v LEFT JOIN entry e ON e.id = v.slot LEFT JOIN pair p ON p.id = e.pair LEFT JOIN text t ON t.id = e.text LEFT JOIN batch b ON b.id = v.batch
		LEFT JOIN text prev ON prev.id = e.prev LEFT JOIN text next ON next.id = e.next LEFT JOIN text place ON place.id = e.place
		ORDER BY p.source, p.target, v.recorded_at, v.sum`)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	for rows.Next() {
		var c columns
		var uid string
		if err := rows.Scan(append(append(c.source(), &uid), c.entryFields()...)...); err != nil {
			return false, err
		}
		e, err := c.entry(map[int64]string{c.Batch: uid})
		if err != nil {
			return false, err
		}
		v := c.Record(e, uid)
		if !yield(memory.Record{Version: &v}, nil) {
			return false, nil
		}
	}
	if err := rows.Err(); err != nil {
		return false, fmt.Errorf("%w", err)
	}
	return true, nil
}
