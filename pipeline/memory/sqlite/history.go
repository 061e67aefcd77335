package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/stored"
)

// Batches implements memory.Reader.
func (s *Store) Batches(ctx context.Context) (out []memory.BatchInfo, err error) {
	defer s.guard(&err)()
	rows, err := s.read.QueryContext(ctx, "SELECT id, uid, author, note, name, time, versions, undoes, undone FROM batch ORDER BY recorded_at DESC, uid DESC")
	if err != nil {
		return nil, s.wrap(err)
	}
	defer rows.Close()
	for rows.Next() {
		var b memory.BatchInfo
		var t int64
		if err := rows.Scan(&b.ID, &b.UID, &b.Author, &b.Note, &b.Name, &t, &b.Versions, &b.Undoes, &b.Undone); err != nil {
			return nil, s.wrap(err)
		}
		b.Time = time.Unix(t, 0).UTC()
		out = append(out, b)
	}
	return out, s.wrap(rows.Err())
}

// Undo implements memory.Writer.
func (s *Store) Undo(ctx context.Context, batch int64, by memory.Batch) (n int, err error) {
	defer s.guard(&err)()
	err = s.updateLarge(ctx, func(tx *sql.Tx) error {
		var undone int64
		err := tx.QueryRow("SELECT undone FROM batch WHERE id = ?", batch).Scan(&undone)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return fmt.Errorf("batch %d: %w", batch, memory.ErrNoBatch)
		case err != nil:
			return err
		case undone != 0:
			return fmt.Errorf("batch %d: %w by batch %d", batch, memory.ErrUndone, undone)
		}
		w, err := newWriter(tx, by.Time)
		if err != nil {
			return err
		}
		defer w.close()
		by.ID, by.Time = 0, w.now
		if err := w.newBatch(&by, batch); err != nil {
			return err
		}
		if n, err = w.applyUndos(ctx); err != nil {
			return err
		}
		return w.finish()
	})
	if err != nil {
		return 0, s.wrap(err)
	}
	return n, nil
}

// applyUndos brings what is withdrawn into line with the batches that undo others,
// and returns how many versions it withdrew or put back.
func (w *writer) applyUndos(ctx context.Context) (int, error) {
	if err := w.writeNew(); err != nil {
		return 0, err
	}
	rows, err := w.tx.Query("SELECT id, undoes FROM batch WHERE undoes <> 0 ORDER BY recorded_at, uid")
	if err != nil {
		return 0, err
	}
	var all []stored.Undo
	for rows.Next() {
		var u stored.Undo
		if err := rows.Scan(&u.ID, &u.Undoes); err != nil {
			rows.Close()
			return 0, err
		}
		all = append(all, u)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || len(all) == 0 {
		return 0, err
	}
	undone := stored.EffectiveUndos(all)
	rows, err = w.tx.Query("SELECT id, undone FROM batch WHERE undone <> 0 OR id IN (SELECT undoes FROM batch WHERE undoes <> 0)")
	if err != nil {
		return 0, err
	}
	var changed []int64
	for rows.Next() {
		var id, old int64
		if err := rows.Scan(&id, &old); err != nil {
			rows.Close()
			return 0, err
		}
		if undone[id] != old {
			changed = append(changed, id)
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || len(changed) == 0 {
		return 0, err
	}
	for _, id := range changed {
		if _, err := w.tx.Exec("UPDATE batch SET undone = ? WHERE id = ?", undone[id], id); err != nil {
			return 0, err
		}
	}
	n := 0
	list := jsonList(changed)
	for _, table := range []string{"entry", "history"} {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		// A mark in one column and the sign of the priority: see the schema.
		res, err := w.tx.Exec(`UPDATE `+table+` SET withdrawn = (SELECT undone FROM batch WHERE id = `+table+`.batch),
			priority = CASE (priority < 0) = (0 <> (SELECT undone FROM batch WHERE id = `+table+`.batch)) WHEN 1 THEN priority ELSE -1 - priority END
			WHERE batch IN (SELECT value FROM json_each(?))`, list)
		if err != nil {
			return 0, err
		}
		changed, err := res.RowsAffected()
		if err != nil {
			return 0, err
		}
		n += int(changed)
	}
	return n, w.placeAgain(ctx, list)
}

// placeAgain places the versions of all slots with more than one version, of which one
// belongs to a batch of the list.
func (w *writer) placeAgain(ctx context.Context, batches string) error {
	clear(w.large) // the rows are changed in the tables
	rows, err := w.tx.Query(`SELECT DISTINCT text, pair, place, prev, next FROM entry e
		WHERE EXISTS (SELECT 1 FROM history h WHERE h.entry = e.id)
		AND (e.batch IN (SELECT value FROM json_each(?1))
			OR EXISTS (SELECT 1 FROM history h WHERE h.entry = e.id AND h.batch IN (SELECT value FROM json_each(?1))))`, batches)
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
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for n := range slots {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		s, err := w.loadEntries(&slots[n])
		if err != nil {
			return err
		}
		if err := w.place(s); err != nil {
			return err
		}
	}
	return nil
}

// History implements memory.Reader.
func (s *Store) History(ctx context.Context, f memory.Filter) iter.Seq2[memory.Version, error] {
	return guarded(s, func(yield func(memory.Version, error) bool) error {
		where, args := "1", []any{}
		and := func(cond string, arg ...any) {
			where += " AND " + cond
			args = append(args, arg...)
		}
		if f.SourceLocale != "" {
			and("p.source = ?", f.SourceLocale)
		}
		if f.TargetLocale != "" {
			and("p.target = ?", f.TargetLocale)
		}
		if f.Batch != 0 {
			and("v.batch = ?", f.Batch)
		}
		if !f.Source.IsEmpty() {
			// The hash needs a locale: ask for all that the memory has.
			hashes, err := s.hashes(ctx, f.SourceLocale, f.Source.Key())
			if err != nil {
				return err
			}
			and("t.hash IN (SELECT value FROM json_each(?)) AND t.key = ?", jsonList(hashes), f.Source.Key())
		}
		tx, err := s.read.BeginTx(context.WithoutCancel(ctx), &sql.TxOptions{ReadOnly: true})
		if err != nil {
			return err
		}
		defer tx.Rollback()
		uids, err := uidsOf(ctx, tx)
		if err != nil {
			return err
		}
		needle := stored.FoldCase(f.Contains)
		versions := "SELECT " + historyColumns + ", 0 current FROM history"
		if f.Former {
			versions += " WHERE withdrawn = 0"
		} else {
			versions += " UNION ALL SELECT id, " + versionColumns + ", 1 FROM entry"
		}
		rows, err := tx.QueryContext(ctx, "SELECT "+sourceColumns+`, v.current, e.id, e.pair, e.text, e.place, e.prev, e.next, e.first, `+prefixed("v.", versionColumns)+`
			FROM entry e LEFT JOIN text t ON t.id = e.text LEFT JOIN pair p ON p.id = e.pair
			JOIN (`+versions+`) v ON v.entry = e.id
			LEFT JOIN text prev ON prev.id = e.prev LEFT JOIN text next ON next.id = e.next LEFT JOIN text place ON place.id = e.place
			WHERE `+where+" ORDER BY p.source, p.target, e.first, v.recorded_at, v.sum", args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var v memory.Version
			var current bool
			var c columns
			if err := rows.Scan(append(append(c.source(), &current), c.entryFields()...)...); err != nil {
				return err
			}
			v.Batch, v.Withdrawn, v.Current = c.Batch, c.Withdrawn, current && c.Withdrawn == 0
			if v.Entry, err = c.entry(uids); err != nil {
				return err
			}
			if needle != "" && !strings.Contains(stored.FoldCase(v.Entry.Source.Chars), needle) && !strings.Contains(stored.FoldCase(v.Entry.Target.Chars), needle) {
				continue
			}
			if !yield(v, nil) {
				return nil
			}
		}
		return rows.Err()
	})
}

func prefixed(prefix, columns string) string {
	return prefix + strings.ReplaceAll(columns, ", ", ", "+prefix)
}

// hashes returns those of a key in one source locale, or in all if it is empty.
func (s *Store) hashes(ctx context.Context, locale, key string) ([]int64, error) {
	if locale != "" {
		return []int64{stored.HashKey(locale, key)}, nil
	}
	rows, err := s.read.QueryContext(ctx, "SELECT tag FROM locale")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []int64
	for rows.Next() {
		var tag string
		if err := rows.Scan(&tag); err != nil {
			return nil, err
		}
		out = append(out, stored.HashKey(tag, key))
	}
	return out, rows.Err()
}

// uidsOf returns the UIDs of all batches.
func uidsOf(ctx context.Context, tx *sql.Tx) (map[int64]string, error) {
	rows, err := tx.QueryContext(ctx, "SELECT id, uid FROM batch")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[int64]string{}
	for rows.Next() {
		var id int64
		var uid string
		if err := rows.Scan(&id, &uid); err != nil {
			return nil, err
		}
		out[id] = uid
	}
	return out, rows.Err()
}
