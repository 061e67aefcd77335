package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"

	"hexapla/pipeline/memory"
)

// Batches implements memory.Reader.
func (s *Store) Batches(ctx context.Context) ([]memory.BatchInfo, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT id, author, note, time, versions, undoes, undone FROM batch ORDER BY id DESC")
	if err != nil {
		return nil, s.wrap(err)
	}
	defer rows.Close()
	var out []memory.BatchInfo
	for rows.Next() {
		var b memory.BatchInfo
		var t int64
		if err := rows.Scan(&b.ID, &b.Author, &b.Note, &t, &b.Versions, &b.Undoes, &b.Undone); err != nil {
			return nil, s.wrap(err)
		}
		b.Time = time.Unix(t, 0).UTC()
		out = append(out, b)
	}
	return out, s.wrap(rows.Err())
}

// Undo implements memory.Writer.
func (s *Store) Undo(ctx context.Context, batch int64, by memory.Batch) (int, error) {
	n := 0
	if by.Time.IsZero() {
		by.Time = time.Now()
	}
	err := s.update(ctx, func(tx *sql.Tx) error {
		var undoes, undone int64
		err := tx.QueryRow("SELECT undoes, undone FROM batch WHERE id = ?", batch).Scan(&undoes, &undone)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return fmt.Errorf("batch %d: %w", batch, memory.ErrNoBatch)
		case err != nil:
			return err
		case undone != 0:
			return fmt.Errorf("batch %d: %w by batch %d", batch, memory.ErrUndone, undone)
		}
		by.ID = 0
		if err := newBatch(tx, &by, batch); err != nil {
			return err
		}
		// A mark in one column and the sign of the trust: see the schema.
		set, where, args := "withdrawn = ?, trust = -1 - trust", "batch = ? AND withdrawn = 0", []any{by.ID, batch}
		if undoes != 0 {
			set, where, args = "withdrawn = 0, trust = -1 - trust", "withdrawn = ?", []any{batch}
			if _, err := tx.Exec("UPDATE batch SET undone = 0 WHERE id = ?", undoes); err != nil {
				return err
			}
		}
		for _, table := range []string{"entry", "former"} {
			if err := ctx.Err(); err != nil {
				return err
			}
			res, err := tx.Exec("UPDATE "+table+" SET "+set+" WHERE "+where, args...)
			if err != nil {
				return err
			}
			changed, err := res.RowsAffected()
			if err != nil {
				return err
			}
			n += int(changed)
		}
		if _, err := tx.Exec("UPDATE batch SET undone = ? WHERE id = ?", by.ID, batch); err != nil {
			return err
		}
		return promote(ctx, tx)
	})
	if err != nil {
		return 0, s.wrap(err)
	}
	return n, nil
}

// promote puts into table entry, wherever it is not there, the best version of the
// slot.
func promote(ctx context.Context, tx *sql.Tx) error {
	const better = `SELECT DISTINCT e.id FROM former f JOIN entry e ON e.id = f.entry
		WHERE f.withdrawn = 0 AND (f.trust, f.stamp, f.version) > (e.trust, e.stamp, e.version)`
	rows, err := tx.Query(better)
	if err != nil {
		return err
	}
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			rows.Close()
			return err
		}
		ids = append(ids, id)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for n, id := range ids {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		var cur, best row
		if err := tx.QueryRow("SELECT "+entryColumns+" FROM entry WHERE id = ?", id).Scan(cur.entryFields()...); err != nil {
			return err
		}
		if err := tx.QueryRow("SELECT "+historyColumns+" FROM former WHERE entry = ? AND withdrawn = 0 ORDER BY trust DESC, stamp DESC, version DESC LIMIT 1", id).
			Scan(best.historyFields()...); err != nil {
			return err
		}
		best.pair, best.text, best.place, best.prev, best.next = cur.pair, cur.text, cur.place, cur.prev, cur.next
		if _, err := tx.Exec("DELETE FROM former WHERE version = ?", best.version); err != nil {
			return err
		}
		if _, err := tx.Exec(putHistory, cur.historyArgs()...); err != nil {
			return err
		}
		if _, err := tx.Exec(putEntry, best.entryArgs()...); err != nil {
			return err
		}
	}
	return nil
}

// History implements memory.Reader.
func (s *Store) History(ctx context.Context, f memory.Filter) iter.Seq2[memory.Version, error] {
	return func(yield func(memory.Version, error) bool) {
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
				yield(memory.Version{}, s.wrap(err))
				return
			}
			and("t.hash IN (SELECT value FROM json_each(?)) AND t.key = ?", jsonList(hashes), f.Source.Key())
		}
		const words = "v.source, v.target, v.codes, v.state, v.substate, v.kind, v.name, v.time, v.terms, v.props"
		query := "SELECT " + sourceColumns + ", v.current, e.id, e.pair, e.text, e.place, e.prev, e.next, v.trust, v.stamp, v.version, v.batch, v.withdrawn, " + words + `
			FROM text t JOIN entry e ON e.text = t.id JOIN pair p ON p.id = e.pair
			JOIN (SELECT id entry, trust, stamp, version, batch, withdrawn, ` + wordColumns + `, 1 current FROM entry
				UNION ALL SELECT entry, trust, stamp, version, batch, withdrawn, ` + wordColumns + `, 0 FROM former) v ON v.entry = e.id
			LEFT JOIN text prev ON prev.id = e.prev LEFT JOIN text next ON next.id = e.next LEFT JOIN text place ON place.id = e.place
			WHERE ` + where + " ORDER BY p.source, p.target, e.id, v.version"
		rows, err := s.read.QueryContext(ctx, query, args...)
		if err != nil {
			yield(memory.Version{}, s.wrap(err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var v memory.Version
			var current bool
			var c columns
			if err := rows.Scan(append(append(c.source(), &current), c.entryFields()...)...); err != nil {
				yield(memory.Version{}, s.wrap(err))
				return
			}
			v.Batch, v.Withdrawn, v.Current = c.batch, c.withdrawn, current && c.withdrawn == 0
			if v.Entry, err = c.entry(); err != nil {
				yield(memory.Version{}, s.wrap(err))
				return
			}
			if !yield(v, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(memory.Version{}, s.wrap(err))
		}
	}
}

// hashes are those of a key in one source locale, or in all if it is empty.
func (s *Store) hashes(ctx context.Context, locale, key string) ([]int64, error) {
	if locale != "" {
		return []int64{hashKey(locale, key)}, nil
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
		out = append(out, hashKey(tag, key))
	}
	return out, rows.Err()
}
