package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/stored"
)

// noteSchema is the table of notes, which a memory gets with its first note. In table
// pending a note has its id as a negative version.
const noteSchema = `CREATE TABLE IF NOT EXISTS note (
	id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, recorded_at INTEGER NOT NULL, sum INTEGER NOT NULL,
	place TEXT NOT NULL, locale TEXT NOT NULL, author TEXT NOT NULL, time INTEGER NOT NULL, category TEXT NOT NULL, priority INTEGER NOT NULL,
	text TEXT NOT NULL, reply_to TEXT NOT NULL, resolves TEXT NOT NULL)`

func hasNotes(tx *sql.Tx) (has bool, err error) {
	err = tx.QueryRow("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'note')").Scan(&has)
	return has, err
}

// AddNote implements memory.NoteStore.
func (s *Store) AddNote(ctx context.Context, n memory.Note) (_ memory.Note, err error) {
	defer s.guard(&err)()
	err = s.update(ctx, func(tx *sql.Tx) error {
		w, err := newWriter(tx, n.Time)
		if err != nil {
			return err
		}
		defer w.close()
		if _, err := tx.Exec(noteSchema); err != nil {
			return err
		}
		for _, uid := range []string{n.ReplyTo, n.Resolves} {
			var there bool
			if uid == "" {
				continue
			}
			// An answer is about what the note is about.
			err := tx.QueryRow("SELECT 1, place, locale FROM note WHERE uid = ?", uid).Scan(&there, &n.Place, &n.TargetLocale)
			if err == sql.ErrNoRows {
				return fmt.Errorf("%w: %s", memory.ErrNoNote, uid)
			}
			if err != nil {
				return err
			}
		}
		n.UID, n.Time, n.RecordedAt = stored.NewUID(), w.now.UTC().Truncate(time.Second), w.tick()
		id, err := w.putNote(&n)
		if err != nil {
			return err
		}
		if w.journaled {
			if _, err := w.putPending.Exec(-id, 0, 0); err != nil {
				return err
			}
		}
		return w.finish()
	})
	return n, s.wrap(err)
}

// putNote stores a note, unless it is there, and returns its number. Of two with one
// UID the first recorded one counts.
func (w *writer) putNote(n *memory.Note) (int64, error) {
	if _, err := w.tx.Exec(noteSchema); err != nil {
		return 0, err
	}
	t, _ := memory.UnixTime(n.Time)
	if _, err := w.tx.Exec(`INSERT INTO note (uid, recorded_at, sum, place, locale, author, time, category, priority, text, reply_to, resolves)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uid) DO UPDATE SET recorded_at = excluded.recorded_at, sum = excluded.sum, place = excluded.place, locale = excluded.locale,
			author = excluded.author, time = excluded.time, category = excluded.category, priority = excluded.priority, text = excluded.text, reply_to = excluded.reply_to, resolves = excluded.resolves
		WHERE (recorded_at, sum) > (excluded.recorded_at, excluded.sum)`,
		n.UID, n.RecordedAt, n.Checksum(), n.Place, n.TargetLocale, n.Author, t, n.Category, n.Priority, n.Text, n.ReplyTo, n.Resolves); err != nil {
		return 0, err
	}
	var id int64
	err := w.tx.QueryRow("SELECT id FROM note WHERE uid = ?", n.UID).Scan(&id)
	return id, err
}

// pendNotes lists all notes as pending.
func pendNotes(tx *sql.Tx) error {
	has, err := hasNotes(tx)
	if err == nil && has {
		_, err = tx.Exec("INSERT OR IGNORE INTO pending SELECT -id, 0, 0 FROM note")
	}
	return err
}

// noteRecords walks over the notes that a condition selects, and reports whether to go
// on.
func noteRecords(tx *sql.Tx, where string, yield func(memory.Record, error) bool) (bool, error) {
	has, err := hasNotes(tx)
	if err != nil || !has {
		return true, err
	}
	rows, err := tx.Query("SELECT uid, recorded_at, sum, place, locale, author, time, category, priority, text, reply_to, resolves FROM note WHERE " + where + " ORDER BY recorded_at, uid")
	if err != nil {
		return false, err
	}
	defer rows.Close()
	for rows.Next() {
		var n memory.Note
		var t, sum int64
		if err := rows.Scan(&n.UID, &n.RecordedAt, &sum, &n.Place, &n.TargetLocale, &n.Author, &t, &n.Category, &n.Priority, &n.Text, &n.ReplyTo, &n.Resolves); err != nil {
			return false, err
		}
		if n.Time = time.Unix(t, 0).UTC(); n.Checksum() != sum {
			return false, fmt.Errorf("%w: the checksum of note %s is wrong", memory.ErrDamaged, n.UID)
		}
		if !yield(memory.Record{Note: &n}, nil) {
			return false, nil
		}
	}
	return true, rows.Err()
}

// Notes implements memory.NoteStore.
func (s *Store) Notes(ctx context.Context, f memory.NoteFilter) (out []memory.NoteThread, err error) {
	defer s.guard(&err)()
	tx, err := s.read.BeginTx(context.WithoutCancel(ctx), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, s.wrap(err)
	}
	defer tx.Rollback()
	var all []memory.Note
	if _, err := noteRecords(tx, "1", func(r memory.Record, _ error) bool {
		all = append(all, *r.Note)
		return ctx.Err() == nil
	}); err != nil {
		return nil, s.wrap(err)
	}
	return memory.Threads(all, f), ctx.Err()
}
