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
	text TEXT NOT NULL, reply_to TEXT NOT NULL, resolves TEXT NOT NULL, batch TEXT NOT NULL DEFAULT '')`

// noteColumns are the columns of a note. Memories of earlier versions have no batch.
const noteColumns = "uid, recorded_at, sum, place, locale, author, time, category, priority, text, reply_to, resolves"

const hasNoteBatch = "SELECT EXISTS (SELECT 1 FROM pragma_table_info('note') WHERE name = 'batch')"

// makeNotes makes the table of notes.
func makeNotes(tx *sql.Tx) error {
	if _, err := tx.Exec(noteSchema); err != nil {
		return err
	}
	var has bool
	err := tx.QueryRow(hasNoteBatch).Scan(&has)
	if err == nil && !has {
		_, err = tx.Exec("ALTER TABLE note ADD COLUMN batch TEXT NOT NULL DEFAULT ''")
	}
	return err
}

// scanNote reads noteColumns and the batch. It returns the checksum that is stored.
func scanNote(scan func(...any) error, n *memory.Note) (sum int64, err error) {
	var t int64
	err = scan(&n.UID, &n.RecordedAt, &sum, &n.Place, &n.TargetLocale, &n.Author, &t, &n.Category, &n.Priority, &n.Text, &n.ReplyTo, &n.Resolves, &n.Batch)
	n.Time = time.Unix(t, 0).UTC()
	return sum, err
}

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
		if err := makeNotes(tx); err != nil {
			return err
		}
		n.Batch = ""
		if err := w.addNote(&n); err != nil {
			return err
		}
		return w.finish()
	})
	return n, s.wrap(err)
}

// AddNotes implements memory.NoteStore.
func (s *Store) AddNotes(ctx context.Context, b memory.Batch, notes []memory.Note) (_ int64, err error) {
	if len(notes) == 0 {
		return b.ID, nil
	}
	defer s.guard(&err)()
	err = s.update(ctx, func(tx *sql.Tx) error {
		w, err := newWriter(tx, b.Time)
		if err != nil {
			return err
		}
		defer w.close()
		if err := makeNotes(tx); err != nil {
			return err
		}
		if b.ID == 0 {
			b.Time = w.now
			if err := w.newBatch(&b, 0); err != nil {
				return err
			}
		} else if err := checkContinued(tx, b.ID); err != nil {
			return err
		} else if err := tx.QueryRow("SELECT uid FROM batch WHERE id = ?", b.ID).Scan(&b.UID); err != nil {
			return err
		}
		for _, n := range notes {
			n.Batch = b.UID
			if n.Time.IsZero() {
				n.Time = w.now
			}
			if err := w.addNote(&n); err != nil {
				return err
			}
		}
		return w.finish()
	})
	if err != nil {
		return 0, s.wrap(err)
	}
	return b.ID, nil
}

// addNote stores a new note.
func (w *writer) addNote(n *memory.Note) error {
	for _, uid := range []string{n.ReplyTo, n.Resolves} {
		var there bool
		if uid == "" {
			continue
		}
		// An answer is about what the note is about.
		err := w.tx.QueryRow("SELECT 1, place, locale FROM note WHERE uid = ?", uid).Scan(&there, &n.Place, &n.TargetLocale)
		if err == sql.ErrNoRows {
			return fmt.Errorf("%w: %s", memory.ErrNoNote, uid)
		}
		if err != nil {
			return err
		}
	}
	if n.Time.IsZero() {
		n.Time = w.now
	}
	n.UID, n.Time, n.RecordedAt = stored.NewUID(), n.Time.UTC().Truncate(time.Second), w.tick()
	id, err := w.putNote(n)
	if err == nil && w.journaled {
		err = w.newPending.add(w.tx, -id, int64(0), int64(0))
	}
	return err
}

// putNote stores a note, unless it is there, and returns its number. Of two with one
// UID the first recorded one counts.
func (w *writer) putNote(n *memory.Note) (int64, error) {
	t, _ := memory.UnixTime(n.Time)
	if _, err := w.tx.Exec(`INSERT INTO note (uid, recorded_at, sum, place, locale, author, time, category, priority, text, reply_to, resolves, batch)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uid) DO UPDATE SET recorded_at = excluded.recorded_at, sum = excluded.sum, place = excluded.place, locale = excluded.locale,
			author = excluded.author, time = excluded.time, category = excluded.category, priority = excluded.priority, text = excluded.text, reply_to = excluded.reply_to,
			resolves = excluded.resolves, batch = excluded.batch
		WHERE (recorded_at, sum) > (excluded.recorded_at, excluded.sum)`,
		n.UID, n.RecordedAt, n.Checksum(), n.Place, n.TargetLocale, n.Author, t, n.Category, n.Priority, n.Text, n.ReplyTo, n.Resolves, n.Batch); err != nil {
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
	batch := "batch"
	if err := tx.QueryRow(hasNoteBatch).Scan(&has); err != nil {
		return false, err
	} else if !has {
		batch = "''"
	}
	rows, err := tx.Query("SELECT " + noteColumns + ", " + batch + " FROM note WHERE " + where + " ORDER BY recorded_at, uid")
	if err != nil {
		return false, err
	}
	defer rows.Close()
	for rows.Next() {
		var n memory.Note
		sum, err := scanNote(rows.Scan, &n)
		if err != nil {
			return false, err
		}
		if n.Checksum() != sum {
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
	withdrawn, err := undoneBatches(tx)
	if err != nil {
		return nil, s.wrap(err)
	}
	var all []memory.Note
	if _, err := noteRecords(tx, "1", func(r memory.Record, _ error) bool {
		if !withdrawn[r.Note.Batch] {
			all = append(all, *r.Note)
		}
		return ctx.Err() == nil
	}); err != nil {
		return nil, s.wrap(err)
	}
	return memory.Threads(all, f), ctx.Err()
}

// undoneBatches returns the UIDs of the batches that are undone.
func undoneBatches(tx *sql.Tx) (map[string]bool, error) {
	rows, err := tx.Query("SELECT uid FROM batch WHERE undone <> 0")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]bool{}
	for rows.Next() {
		var uid string
		if err := rows.Scan(&uid); err != nil {
			return nil, err
		}
		out[uid] = true
	}
	return out, rows.Err()
}
