package postgres

import (
	"context"
	"errors"
	"fmt"
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
		for _, to := range []string{n.ReplyTo, n.Resolves} {
			if to == "" {
				continue
			}
			// An answer is about what the note is about.
			err := w.tx.QueryRow(ctx, "SELECT place, locale FROM memory_note WHERE uid = $1", encode(to)).Scan(encoded{&added.Place}, encoded{&added.TargetLocale})
			if errors.Is(err, pgx.ErrNoRows) {
				return fmt.Errorf("%w: %s", memory.ErrNoNote, to)
			}
			if err != nil {
				return err
			}
		}
		added.UID, added.Time, added.RecordedAt = uid, w.now.UTC().Truncate(time.Second), w.tick()
		if err := w.putNote(&added); err != nil {
			return err
		}
		return w.finish()
	})
	return added, s.wrap(err)
}

// putNote stores a note, unless it is there. Of two with one UID the first recorded one
// counts.
func (w *writer) putNote(n *memory.Note) error {
	t, _ := memory.UnixTime(n.Time)
	_, err := w.tx.Exec(w.ctx, `INSERT INTO memory_note AS o (uid, recorded_at, sum, place, locale, author, time, category, priority, text, reply_to, resolves)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (uid) DO UPDATE SET recorded_at = excluded.recorded_at, sum = excluded.sum, place = excluded.place, locale = excluded.locale,
			author = excluded.author, time = excluded.time, category = excluded.category, priority = excluded.priority, text = excluded.text, reply_to = excluded.reply_to, resolves = excluded.resolves
		WHERE (o.recorded_at, o.sum) > (excluded.recorded_at, excluded.sum)`,
		encode(n.UID), n.RecordedAt, n.Checksum(), encode(n.Place), encode(n.TargetLocale), encode(n.Author), t, encode(n.Category), n.Priority, encode(n.Text), encode(n.ReplyTo), encode(n.Resolves))
	return err
}

// notes returns all notes in the order of their recording.
func notes(ctx context.Context, q interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}) ([]memory.Note, error) {
	rows, err := q.Query(ctx, "SELECT uid, recorded_at, sum, place, locale, author, time, category, priority, text, reply_to, resolves FROM memory_note ORDER BY recorded_at, uid")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []memory.Note
	for rows.Next() {
		var n memory.Note
		var t, sum int64
		if err := rows.Scan(encoded{&n.UID}, &n.RecordedAt, &sum, encoded{&n.Place}, encoded{&n.TargetLocale}, encoded{&n.Author}, &t, encoded{&n.Category}, &n.Priority, encoded{&n.Text}, encoded{&n.ReplyTo}, encoded{&n.Resolves}); err != nil {
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
	err := s.retry(ctx, func() (err error) {
		all, err = notes(ctx, s.pool)
		return err
	})
	if err != nil {
		return nil, s.wrap(err)
	}
	return memory.Threads(all, f), nil
}
