package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/stored"
)

// AddNote implements memory.NoteStore.
func (s *Store) AddNote(ctx context.Context, n memory.Note) (memory.Note, error) {
	uid := stored.NewUID()
	var added memory.Note
	err := s.update(ctx, n.Time, func(w *writer) error {
		added = n
		added.UID, added.Batch = uid, ""
		if err := w.addNote(&added); err != nil {
			return err
		}
		return w.finish()
	})
	return added, s.wrap(err)
}

// AddNotes implements memory.NoteStore.
func (s *Store) AddNotes(ctx context.Context, b memory.Batch, notes []memory.Note) (int64, error) {
	if len(notes) == 0 {
		return b.ID, nil
	}
	if b.UID == "" && b.ID == 0 {
		b.UID = stored.NewUID()
	}
	uids := make([]string, len(notes))
	for i := range uids {
		uids[i] = stored.NewUID()
	}
	var id int64
	err := s.update(ctx, b.Time, func(w *writer) error {
		batch := b
		if batch.ID == 0 {
			batch.Time = w.now
			w.newBatch(&batch, 0)
		} else if err := w.checkContinued(batch.ID); err != nil {
			return err
		} else if err := w.tx.QueryRow(ctx, "SELECT uid FROM memory_batch WHERE id = $1", batch.ID).Scan(encoded{&batch.UID}); err != nil {
			return err
		}
		for i, n := range notes {
			n.UID, n.Batch = uids[i], batch.UID
			if err := w.addNote(&n); err != nil {
				return err
			}
		}
		id = batch.ID
		return w.finish()
	})
	if err != nil {
		return 0, s.wrap(err)
	}
	return id, nil
}

// addNote stores a new note, whose UID is set.
func (w *writer) addNote(n *memory.Note) error {
	for _, to := range []string{n.ReplyTo, n.Resolves} {
		if to == "" {
			continue
		}
		// An answer is about what the note is about.
		err := w.tx.QueryRow(w.ctx, "SELECT place, locale FROM memory_note WHERE uid = $1", encode(to)).Scan(encoded{&n.Place}, encoded{&n.TargetLocale})
		if errors.Is(err, pgx.ErrNoRows) {
			return fmt.Errorf("%w: %s", memory.ErrNoNote, to)
		}
		if err != nil {
			return err
		}
	}
	if n.Time.IsZero() {
		n.Time = w.now
	}
	n.Time, n.RecordedAt = n.Time.UTC().Truncate(time.Second), w.tick()
	return w.putNote(n)
}

// putNote stores a note, unless it is there. Of two with one UID the first recorded one
// counts.
func (w *writer) putNote(n *memory.Note) error {
	t, _ := memory.UnixTime(n.Time)
	_, err := w.tx.Exec(w.ctx, `INSERT INTO memory_note AS o (uid, recorded_at, sum, place, locale, author, time, category, priority, text, reply_to, resolves, batch)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (uid) DO UPDATE SET recorded_at = excluded.recorded_at, sum = excluded.sum, place = excluded.place, locale = excluded.locale,
			author = excluded.author, time = excluded.time, category = excluded.category, priority = excluded.priority, text = excluded.text, reply_to = excluded.reply_to, resolves = excluded.resolves, batch = excluded.batch
		WHERE (o.recorded_at, o.sum) > (excluded.recorded_at, excluded.sum)`,
		encode(n.UID), n.RecordedAt, n.Checksum(), encode(n.Place), encode(n.TargetLocale), encode(n.Author), t, encode(n.Category), n.Priority, encode(n.Text), encode(n.ReplyTo), encode(n.Resolves), encode(n.Batch))
	return err
}

// notes returns all notes in the order of their recording.
func notes(ctx context.Context, q interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}) ([]memory.Note, error) {
	rows, err := q.Query(ctx, "SELECT uid, recorded_at, sum, place, locale, author, time, category, priority, text, reply_to, resolves, batch FROM memory_note ORDER BY recorded_at, uid")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []memory.Note
	for rows.Next() {
		var n memory.Note
		var t, sum int64
		if err := rows.Scan(encoded{&n.UID}, &n.RecordedAt, &sum, encoded{&n.Place}, encoded{&n.TargetLocale}, encoded{&n.Author}, &t, encoded{&n.Category}, &n.Priority, encoded{&n.Text}, encoded{&n.ReplyTo}, encoded{&n.Resolves}, encoded{&n.Batch}); err != nil {
			return nil, err
		}
		if n.Time = time.Unix(t, 0).UTC(); n.Checksum() != sum {
			return nil, fmt.Errorf("%w: the checksum of note %s is wrong", memory.ErrDamaged, n.UID)
		}
		out = append(out, n)
	}
	return out, rows.Err()
}

// Notes implements memory.NoteStore.
func (s *Store) Notes(ctx context.Context, f memory.NoteFilter) ([]memory.NoteThread, error) {
	var all []memory.Note
	withdrawn := map[string]bool{}
	err := s.retry(ctx, func() (err error) {
		if all, err = notes(ctx, s.pool); err != nil {
			return err
		}
		rows, err := s.pool.Query(ctx, "SELECT uid FROM memory_batch WHERE undone <> 0")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var uid string
			if err := rows.Scan(encoded{&uid}); err != nil {
				return err
			}
			withdrawn[uid] = true
		}
		return rows.Err()
	})
	if err != nil {
		return nil, s.wrap(err)
	}
	all = slices.DeleteFunc(all, func(n memory.Note) bool { return withdrawn[n.Batch] })
	return memory.Threads(all, f), nil
}
