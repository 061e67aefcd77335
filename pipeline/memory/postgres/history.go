package postgres

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/slot"
	"hexapla/pipeline/memory/internal/stored"
)

// Batches implements memory.Reader.
func (s *Store) Batches(ctx context.Context) (out []memory.BatchInfo, err error) {
	err = s.retry(ctx, func() error {
		out = nil
		rows, err := s.pool.Query(ctx, "SELECT id, uid, author, note, name, time, versions, undoes, undone FROM memory_batch ORDER BY recorded_at DESC, uid DESC")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var b memory.BatchInfo
			var t int64
			if err := rows.Scan(&b.ID, encoded{&b.UID}, encoded{&b.Author}, encoded{&b.Note}, encoded{&b.Name}, &t, &b.Versions, &b.Undoes, &b.Undone); err != nil {
				return err
			}
			b.Time = time.Unix(t, 0).UTC()
			out = append(out, b)
		}
		return rows.Err()
	})
	return out, s.wrap(err)
}

// Undo implements memory.Writer.
func (s *Store) Undo(ctx context.Context, batch int64, by memory.Batch) (n int, err error) {
	if by.UID == "" {
		by.UID = stored.NewUID() // the same for every attempt
	}
	err = s.update(ctx, by.Time, func(w *writer) error {
		var undone int64
		err := w.tx.QueryRow(ctx, "SELECT undone FROM memory_batch WHERE id = $1", batch).Scan(&undone)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return fmt.Errorf("batch %d: %w", batch, memory.ErrNoBatch)
		case err != nil:
			return err
		case undone != 0:
			return fmt.Errorf("batch %d: %w by batch %d", batch, memory.ErrUndone, undone)
		}
		b := by
		b.ID, b.Time = 0, w.now
		w.newBatch(&b, batch)
		if err := w.flush(); err != nil {
			return err
		}
		if n, err = w.applyUndos(); err != nil {
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
// and returns how many versions it withdrew or put back. The present chunk must be
// flushed.
func (w *writer) applyUndos() (int, error) {
	rows, err := w.tx.Query(w.ctx, "SELECT id, undoes FROM memory_batch WHERE undoes <> 0 ORDER BY recorded_at, uid")
	if err != nil {
		return 0, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[stored.Undo])
	if err != nil || len(all) == 0 {
		return 0, err
	}
	undone := stored.EffectiveUndos(all)
	rows, err = w.tx.Query(w.ctx, "SELECT id, undone FROM memory_batch WHERE undone <> 0 OR id IN (SELECT undoes FROM memory_batch WHERE undoes <> 0)")
	if err != nil {
		return 0, err
	}
	var changed, by []int64
	var id, old int64
	if _, err := pgx.ForEachRow(rows, []any{&id, &old}, func() error {
		if undone[id] != old {
			changed, by = append(changed, id), append(by, undone[id])
		}
		return nil
	}); err != nil || len(changed) == 0 {
		return 0, err
	}
	if _, err := w.tx.Exec(w.ctx, "UPDATE memory_batch b SET undone = u.undone FROM unnest($1::bigint[], $2::bigint[]) u(id, undone) WHERE b.id = u.id", changed, by); err != nil {
		return 0, err
	}
	// A version that is alone in its slot is current unless it is withdrawn.
	done, err := w.tx.Exec(w.ctx, "UPDATE memory_version v SET withdrawn = b.undone, current = b.undone = 0 FROM memory_batch b WHERE b.id = v.batch AND v.batch = ANY($1)", changed)
	if err != nil {
		return 0, err
	}
	return int(done.RowsAffected()), w.placeAgain(changed)
}

// placeAgain places the versions of all slots with more than one version, of which one
// belongs to one of the batches.
func (w *writer) placeAgain(batches []int64) error {
	clear(w.large) // the rows are changed in the tables
	rows, err := w.tx.Query(w.ctx, `SELECT DISTINCT text, pair, place, prev, next FROM memory_version v WHERE batch = ANY($1)
		AND EXISTS (SELECT 1 FROM memory_version o WHERE o.text = v.text AND o.pair = v.pair AND o.place = v.place AND o.prev = v.prev AND o.next = v.next AND o.version <> v.version)`, batches)
	if err != nil {
		return err
	}
	var wanted []slot.Key
	var k slot.Key
	if _, err := pgx.ForEachRow(rows, []any{&k.Text, &k.Pair, &k.Place, &k.Prev, &k.Next}, func() error {
		wanted = append(wanted, k)
		return nil
	}); err != nil {
		return err
	}
	for len(wanted) > 0 {
		n := min(len(wanted), chunkSize)
		w.slots = make(map[slot.Key]*slotRows, n)
		for _, k := range wanted[:n] {
			w.slots[k] = &slotRows{Complete: true}
		}
		if err := w.readSlots(wanted[:n]); err != nil {
			return err
		}
		for _, s := range w.slots {
			if s.Len() > 0 {
				w.place(s)
			}
		}
		if err := w.flush(); err != nil {
			return err
		}
		clear(w.large)
		wanted = wanted[n:]
	}
	return nil
}

// History implements memory.Reader.
func (s *Store) History(ctx context.Context, f memory.Filter) iter.Seq2[memory.Version, error] {
	where, args := "true", []any{}
	and := func(condition string, arg any) {
		args = append(args, arg)
		where += " AND " + fmt.Sprintf(condition, len(args))
	}
	if f.SourceLocale != "" {
		and("p.source = $%d", encode(f.SourceLocale))
	}
	if f.TargetLocale != "" {
		and("p.target = $%d", encode(f.TargetLocale))
	}
	if f.Batch != 0 {
		and("v.batch = $%d", f.Batch)
	}
	if !f.Source.IsEmpty() {
		key := f.Source.Key()
		if f.SourceLocale != "" {
			and("t.hash = $%d", stored.HashKey(f.SourceLocale, key))
		}
		and("t.key = $%d", encode(key))
	}
	if f.Former {
		where += " AND NOT v.current AND v.withdrawn = 0"
	}
	needle := stored.FoldCase(f.Contains)
	return walk(ctx, s, "SELECT "+fullColumns+" FROM "+fullTables+" WHERE "+where+" ORDER BY p.source, p.target, v.first, v.place, v.prev, v.next, v.text, v.recorded_at, v.sum", args,
		func(c *fullRow) (v memory.Version, ok bool, err error) {
			v.Batch, v.Withdrawn, v.Current = c.Batch, c.Withdrawn, c.Current
			v.Entry, err = c.entry()
			return v, needle == "" || strings.Contains(stored.FoldCase(v.Entry.Source.Chars), needle) || strings.Contains(stored.FoldCase(v.Entry.Target.Chars), needle), err
		})
}

// Entries implements memory.Reader.
func (s *Store) Entries(ctx context.Context, source, target string) iter.Seq2[bitext.Entry, error] {
	return walk(ctx, s, "SELECT "+fullColumns+" FROM "+fullTables+` WHERE v.current AND ($1 = '' OR p.source = $1) AND ($2 = '' OR p.target = $2)
		ORDER BY p.source, p.target, v.first, v.recorded_at, v.sum`, []any{encode(source), encode(target)},
		func(c *fullRow) (bitext.Entry, bool, error) {
			e, err := c.entry()
			return e, true, err
		})
}

// walk walks over the rows of a query that selects fullColumns. The function reports
// whether a row belongs to the walk. A walk that has yielded nothing yet is begun again
// when its connection is lost.
func walk[T any](ctx context.Context, s *Store, query string, args []any, f func(*fullRow) (T, bool, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		began := false
		err := s.retry(ctx, func() error {
			rows, err := s.pool.Query(ctx, query, args...)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var c fullRow
				if err := rows.Scan(c.fields()...); err != nil {
					return callerError{err}
				}
				v, ok, err := f(&c)
				if err != nil {
					return err
				}
				if !ok {
					continue
				}
				began = true
				if !yield(v, nil) {
					return errStopped
				}
			}
			if err := rows.Err(); err != nil && began {
				return callerError{err}
			}
			return rows.Err()
		})
		if err != nil && err != errStopped {
			var zero T
			yield(zero, s.wrap(err))
		}
	}
}

// errStopped ends a walk whose receiver wants no more.
var errStopped = errors.New("stopped")

// Stats implements memory.Reader.
func (s *Store) Stats(ctx context.Context) (st memory.Stats, err error) {
	err = s.retry(ctx, func() error {
		st = memory.Stats{}
		if err := s.pool.QueryRow(ctx, `SELECT (SELECT count(DISTINCT text) FROM memory_version), (SELECT count(*) FROM memory_batch),
			(SELECT sum(pg_total_relation_size(c))::bigint FROM unnest(ARRAY['memory_meta', 'memory_pair', 'memory_batch', 'memory_text', 'memory_version', 'memory_note']::regclass[]) c)`).
			Scan(&st.Texts, &st.Batches, &st.Bytes); err != nil {
			return err
		}
		// A slot without a current version counts with its best one, as a former version.
		rows, err := s.pool.Query(ctx, `SELECT p.source, p.target, v.state, v.kind, count(*), count(*) FILTER (WHERE v.current)
			FROM memory_version v JOIN memory_pair p ON p.id = v.pair GROUP BY p.source, p.target, v.state, v.kind ORDER BY p.source, p.target`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var source, target, kind string
			var state, all, standing int
			if err := rows.Scan(encoded{&source}, encoded{&target}, &state, encoded{&kind}, &all, &standing); err != nil {
				return err
			}
			if n := len(st.Pairs); n == 0 || st.Pairs[n-1].SourceLocale != source || st.Pairs[n-1].TargetLocale != target {
				st.Pairs = append(st.Pairs, memory.PairStats{SourceLocale: source, TargetLocale: target,
					States: map[bitext.State]int{}, Origins: map[bitext.OriginKind]int{}})
			}
			p := &st.Pairs[len(st.Pairs)-1]
			p.Entries += standing
			p.Former += all - standing
			if standing > 0 {
				p.States[bitext.State(state)] += standing
				p.Origins[bitext.OriginKind(kind)] += standing
			}
		}
		return rows.Err()
	})
	return st, s.wrap(err)
}

// Revision implements memory.Reader.
func (s *Store) Revision(ctx context.Context) (revision int64, err error) {
	err = s.retry(ctx, func() error {
		return s.pool.QueryRow(ctx, "SELECT version + 1 FROM memory_meta").Scan(&revision)
	})
	return revision, s.wrap(err)
}
