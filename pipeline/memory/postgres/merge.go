package postgres

import (
	"context"
	"iter"
	"time"

	"github.com/jackc/pgx/v5"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/slot"
)

// Merge adds records from another copy of the memory, or from a journal, all of them
// or, on an error, none. What the memory has already is left as it is.
func (s *Store) Merge(ctx context.Context, records iter.Seq2[memory.Record, error]) (result memory.Result, err error) {
	source := newReplay(records)
	defer source.close()
	err = s.update(ctx, time.Time{}, func(w *writer) error {
		m := &merger{writer: w, batches: map[string]int64{}, undone: map[int64]int64{}}
		// The clock follows the records.
		if err := w.tx.QueryRow(ctx, "SELECT clock FROM memory_meta").Scan(&w.clock); err != nil {
			return err
		}
		for r, err := range source.all() {
			if err != nil {
				return callerError{err}
			}
			if err := m.record(r); err != nil {
				return err
			}
		}
		if err := m.chunkDone(); err != nil {
			return err
		}
		result = m.result
		return w.finish()
	})
	if source.err != nil {
		return memory.Result{}, source.err
	}
	if err != nil {
		return memory.Result{}, s.wrap(err)
	}
	return result, nil
}

// merger adds records within one transaction.
type merger struct {
	*writer
	batches map[string]int64 // by UID
	undone  map[int64]int64  // by batch that has been asked for
	undos   bool             // batches came that undo others
	chunk   []memory.VersionRecord
	result  memory.Result
}

func (m *merger) record(r memory.Record) error {
	switch {
	case r.Batch != nil:
		return m.batch(r.Batch)
	case r.Note != nil:
		m.clock = max(m.clock, r.Note.RecordedAt)
		return m.putNote(r.Note)
	}
	m.clock = max(m.clock, r.Version.RecordedAt)
	m.chunk = append(m.chunk, *r.Version)
	if len(m.chunk) < chunkSize {
		return nil
	}
	return m.chunkDone()
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
	_, err = m.tx.Exec(m.ctx, `UPDATE memory_batch SET author = $2, note = $3, name = $4, time = $5, recorded_at = $6, undoes = $7, known = true
		WHERE id = $1 AND (NOT known OR (recorded_at, author, note, name, time) > ($6, $2, $3, $4, $5))`,
		id, encode(b.Author), encode(b.Note), encode(b.Name), t, b.RecordedAt, undoes)
	return err
}

// batchID returns the number of a batch, which gets a row if it has none.
func (m *merger) batchID(uid string) (int64, error) {
	if id, ok := m.batches[uid]; ok {
		return id, nil
	}
	var id int64
	err := m.tx.QueryRow(m.ctx, "SELECT id FROM memory_batch WHERE uid = $1", encode(uid)).Scan(&id)
	if err == pgx.ErrNoRows {
		m.nextBatch++
		id = m.nextBatch
		_, err = m.tx.Exec(m.ctx, `INSERT INTO memory_batch (id, uid, author, note, name, time, recorded_at, known, versions, undoes, undone)
			VALUES ($1, $2, '', '', '', 0, 0, false, 0, 0, 0)`, id, encode(uid))
	}
	m.batches[uid], m.uids[id] = id, uid
	return id, err
}

// chunkDone adds the versions that have come.
func (m *merger) chunkDone() error {
	if err := m.ctx.Err(); err != nil {
		return err
	}
	if m.undos {
		if _, err := m.applyUndos(); err != nil {
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
	return m.flush()
}

func (m *merger) insert(v *memory.VersionRecord, key string) error {
	r, s := m.newRow(&v.Entry, key, v.EffectiveAt)
	r.SetRecord(v)
	if _, ok := s.WithSum(r.Sum); ok {
		m.result.Unchanged++
		return nil
	}
	var err error
	if r.Batch, err = m.batchID(v.Batch); err != nil {
		return err
	}
	by, ok := m.undone[r.Batch]
	if !ok {
		if err := m.tx.QueryRow(m.ctx, "SELECT undone FROM memory_batch WHERE id = $1", r.Batch).Scan(&by); err != nil {
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

// Records walks over everything in the memory, batches and notes first, then the
// versions in order of their locale pairs and of their recording.
func (s *Store) Records(ctx context.Context) iter.Seq2[memory.Record, error] {
	return func(yield func(memory.Record, error) bool) {
		err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
			return records(ctx, tx, yield)
		})
		if err != nil && err != errStopped {
			yield(memory.Record{}, s.wrap(err))
		}
	}
}

func records(ctx context.Context, tx pgx.Tx, yield func(memory.Record, error) bool) error {
	held, err := notes(ctx, tx)
	if err != nil {
		return err
	}
	rows, err := tx.Query(ctx, `SELECT b.uid, b.author, b.note, b.name, b.time, b.recorded_at, coalesce(u.uid, '')
		FROM memory_batch b LEFT JOIN memory_batch u ON u.id = b.undoes WHERE b.known ORDER BY b.recorded_at, b.uid`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var b memory.BatchRecord
		var t int64
		if err := rows.Scan(encoded{&b.UID}, encoded{&b.Author}, encoded{&b.Note}, encoded{&b.Name}, &t, &b.RecordedAt, encoded{&b.Undoes}); err != nil {
			return err
		}
		b.Time = time.Unix(t, 0).UTC()
		for len(held) > 0 && held[0].RecordedAt < b.RecordedAt {
			if !yield(memory.Record{Note: &held[0]}, nil) {
				return errStopped
			}
			held = held[1:]
		}
		if !yield(memory.Record{Batch: &b}, nil) {
			return errStopped
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for i := range held {
		if !yield(memory.Record{Note: &held[i]}, nil) {
			return errStopped
		}
	}
	rows, err = tx.Query(ctx, "SELECT "+fullColumns+" FROM "+fullTables+" ORDER BY p.source, p.target, v.recorded_at, v.sum")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var c fullRow
		if err := rows.Scan(c.fields()...); err != nil {
			return err
		}
		e, err := c.entry()
		if err != nil {
			return err
		}
		v := c.Record(e, c.uid)
		if !yield(memory.Record{Version: &v}, nil) {
			return errStopped
		}
	}
	return rows.Err()
}
