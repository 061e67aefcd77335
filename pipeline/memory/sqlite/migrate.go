package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"hexapla/pipeline/memory/internal/stored"
)

// openCopy opens for reading a copy of a memory with an older schema, brought up to
// date: the file itself may not be written.
func (s *Store) openCopy(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "hexapla-memory-")
	if err != nil {
		return err
	}
	s.scratch = dir
	path := filepath.Join(dir, "memory.db")
	if _, err := s.read.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		return err
	}
	if err := s.read.Close(); err != nil {
		return err
	}
	original := s.path
	s.path = path
	defer func() { s.path = original }()
	if err := s.open(ctx, false); err != nil {
		return err
	}
	err = s.write.Close()
	s.write = nil
	return err
}

// migrate brings a memory of schema version 1 to the present one, in one
// transaction. What version 1 did not have is derived from what it has, so that two
// copies of one memory stay copies of one memory.
func (s *Store) migrate(ctx context.Context) error {
	return s.updateLarge(ctx, func(tx *sql.Tx) error {
		var version int
		if err := tx.QueryRow("PRAGMA user_version").Scan(&version); err != nil || version == schemaVersion {
			return err // another process was faster
		}
		var tables []string
		for _, statement := range strings.SplitAfter(schema, ";\n") {
			for _, name := range []string{"TABLE state", "TABLE batch", "TABLE entry", "TABLE history", "TABLE pending", "TABLE addition", "INDEX entry_slot", "INDEX history_entry"} {
				if strings.Contains(statement, "CREATE "+name+" ") {
					tables = append(tables, statement)
				}
			}
		}
		if _, err := tx.Exec(`INSERT INTO meta VALUES ('clock', 0), ('revision', 1);
			ALTER TABLE batch RENAME TO old_batch; ALTER TABLE entry RENAME TO old_entry; ALTER TABLE former RENAME TO old_former;
			DROP INDEX entry_slot; DROP INDEX former_entry;` + strings.Join(tables, "")); err != nil {
			return err
		}
		m := &migration{tx: tx, uids: map[int64]string{}, first: map[int64]int64{}}
		if err := m.batches(); err != nil {
			return err
		}
		if err := m.versions(ctx); err != nil {
			return err
		}
		if _, err := tx.Exec("UPDATE meta SET value = ? WHERE name = 'clock'; DROP TABLE old_batch; DROP TABLE old_entry; DROP TABLE old_former", m.clock); err != nil {
			return err
		}
		if err := m.alternatives(); err != nil {
			return err
		}
		_, err := tx.Exec(fmt.Sprintf("PRAGMA user_version=%d", schemaVersion))
		return err
	})
}

type migration struct {
	tx       *sql.Tx
	uids     map[int64]string
	times    map[int64]int64 // of batches, in seconds
	recorded map[int64]int64 // by version
	first    map[int64]int64 // by entry
	clock    int64
}

func (m *migration) tick(seconds int64) int64 {
	m.clock = max(m.clock+1, seconds*1e6)
	return m.clock
}

func (m *migration) batches() error {
	rows, err := m.tx.Query("SELECT id, author, note, time, versions, undoes, undone FROM old_batch ORDER BY id")
	if err != nil {
		return err
	}
	type batch struct {
		id, time, versions, undoes, undone int64
		author, note                       string
	}
	var all []batch
	for rows.Next() {
		var b batch
		if err := rows.Scan(&b.id, &b.author, &b.note, &b.time, &b.versions, &b.undoes, &b.undone); err != nil {
			rows.Close()
			return err
		}
		all = append(all, b)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	m.times = make(map[int64]int64, len(all))
	for _, b := range all {
		sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %q %q", b.id, b.time, b.author, b.note))
		uid := stored.UIDEncoding.EncodeToString(sum[:10])
		m.uids[b.id], m.times[b.id] = uid, b.time
		if _, err := m.tx.Exec("INSERT INTO batch VALUES (?, ?, ?, ?, '', ?, ?, 1, ?, ?, ?)",
			b.id, uid, b.author, b.note, b.time, m.tick(b.time), b.versions, b.undoes, b.undone); err != nil {
			return err
		}
	}
	m.clock = 0 // versions are ordered among themselves
	return nil
}

func (m *migration) versions(ctx context.Context) error {
	rows, err := m.tx.Query("SELECT version, batch, id FROM old_entry UNION ALL SELECT version, batch, entry FROM old_former ORDER BY 1")
	if err != nil {
		return err
	}
	m.recorded = map[int64]int64{}
	for rows.Next() {
		var version, batch, entry int64
		if err := rows.Scan(&version, &batch, &entry); err != nil {
			rows.Close()
			return err
		}
		m.recorded[version] = m.tick(m.times[batch])
		if _, ok := m.first[entry]; !ok {
			m.first[entry] = m.recorded[version]
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	const old = "trust, stamp, version, batch, withdrawn, " + wordColumns
	for _, table := range []string{
		"SELECT id slot, " + old + " FROM old_entry",
		"SELECT entry slot, " + old + " FROM old_former",
	} {
		history := strings.Contains(table, "old_former")
		query := putEntry
		if history {
			query = putHistory
		}
		put, err := m.tx.Prepare(query)
		if err != nil {
			return err
		}
		if err := m.copyRows(ctx, table, history, put); err != nil {
			put.Close()
			return err
		}
		put.Close()
	}
	return nil
}

// copyRows copies the versions of an old table.
func (m *migration) copyRows(ctx context.Context, table string, history bool, put *sql.Stmt) error {
	rows, err := m.tx.Query("SELECT " + sourceColumns + `, e.id, e.pair, e.text, e.place, e.prev, e.next, v.trust, v.stamp, v.version, v.batch, v.withdrawn, ` + prefixed("v.", wordColumns) + `
		FROM (` + table + `) v CROSS JOIN old_entry e ON e.id = v.slot CROSS JOIN pair p ON p.id = e.pair CROSS JOIN text t ON t.id = e.text
		LEFT JOIN text prev ON prev.id = e.prev LEFT JOIN text next ON next.id = e.next LEFT JOIN text place ON place.id = e.place`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for n := 0; rows.Next(); n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		var c columns
		r := &c.row
		if err := rows.Scan(append(c.source(), &r.id, &r.Pair, &r.Text, &r.Place, &r.Prev, &r.Next, &r.Priority, &r.EffectiveAt, &r.Number, &r.Batch, &r.Withdrawn,
			&r.Source, &r.Target, &r.Codes, &r.State, &r.SubState, &r.Kind, &r.Name, &r.Time, &r.Terms, &r.Props)...); err != nil {
			return err
		}
		r.RecordedAt, r.First = m.recorded[r.Number], m.first[r.id]
		r.crc = r.check()
		e, err := r.entry(c.key)
		if err != nil {
			return err
		}
		c.addContext(&e)
		v := r.Record(e, m.uids[r.Batch])
		r.Sum = v.Checksum()
		args := r.entryArgs()
		if history {
			args = r.historyArgs()
		}
		if _, err := put.Exec(args...); err != nil {
			return err
		}
	}
	return rows.Err()
}

// alternatives places the versions of those slots that have several entries:
// version 1 had another rule for them.
func (m *migration) alternatives() error {
	rows, err := m.tx.Query("SELECT text, pair, place, prev, next FROM entry GROUP BY text, pair, place, prev, next HAVING count(*) > 1")
	if err != nil {
		return err
	}
	var slots []row
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.Text, &r.Pair, &r.Place, &r.Prev, &r.Next); err != nil {
			rows.Close()
			return err
		}
		slots = append(slots, r)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || len(slots) == 0 {
		return err
	}
	w, err := newWriter(m.tx, time.Time{})
	if err != nil {
		return err
	}
	defer w.close()
	for i := range slots {
		s, err := w.loadEntries(&slots[i])
		if err != nil {
			return err
		}
		if err := w.place(s); err != nil {
			return err
		}
	}
	return nil
}
