package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/stored"
)

// State returns the state of the memory as it is now, for ChangedSources.
func (s *Store) State(ctx context.Context) (st memory.State, err error) {
	defer s.guard(&err)()
	err = s.retry(ctx, func() error {
		var e error
		st, e = stateOf(s.read.QueryRowContext(ctx, stateQuery))
		return e
	})
	return st, s.wrap(err)
}

const stateQuery = `SELECT (SELECT value FROM meta WHERE name = 'version'), (SELECT count(*) FROM batch WHERE undoes <> 0),
	coalesce((SELECT max(id) FROM batch), 0), coalesce((SELECT uid FROM batch ORDER BY id DESC LIMIT 1), '')`

func stateOf(row *sql.Row) (st memory.State, err error) {
	err = row.Scan(&st.Version, &st.Undos, &st.Batch, &st.BatchUID)
	return st, err
}

// ChangedSources returns the hashes, as SourceHash gives them, of the source texts
// whose translations may have changed since a state. ok is false if that cannot be
// known: a batch was undone meanwhile, or the file is another one.
func (s *Store) ChangedSources(ctx context.Context, since memory.State) (changed map[int64]bool, ok bool, err error) {
	defer s.guard(&err)()
	err = s.retry(ctx, func() error {
		changed, ok = nil, false
		// All in one transaction, so that the state is that of what is read.
		tx, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
		if err != nil {
			return err
		}
		defer tx.Rollback()
		now, err := stateOf(tx.QueryRowContext(ctx, stateQuery))
		if err != nil {
			return err
		}
		if now == since {
			ok = true
			return nil
		}
		if now.Version < since.Version || now.Undos != since.Undos {
			return nil
		}
		if since.Batch != 0 {
			// Another file, or an older copy of this one, has other batches.
			var uid string
			err := tx.QueryRowContext(ctx, "SELECT uid FROM batch WHERE id = ?", since.Batch).Scan(&uid)
			if errors.Is(err, sql.ErrNoRows) || err == nil && uid != since.BatchUID {
				return nil
			}
			if err != nil {
				return err
			}
		}
		// Whatever changes a slot, but for an undoing, brings a new version into it.
		rows, err := tx.QueryContext(ctx, `SELECT t.hash FROM entry e JOIN text t ON t.id = e.text WHERE e.version > ?1
			UNION SELECT t.hash FROM history h JOIN entry e ON e.id = h.entry JOIN text t ON t.id = e.text WHERE h.version > ?1`, since.Version)
		if err != nil {
			return err
		}
		defer rows.Close()
		changed = map[int64]bool{}
		for rows.Next() {
			var hash int64
			if err := rows.Scan(&hash); err != nil {
				return err
			}
			changed[hash] = true
		}
		ok = true
		return rows.Err()
	})
	return changed, ok, s.wrap(err)
}

// SourceHash returns the number by which ChangedSources names a source text in a
// locale. key is bitext.Text.Key. Different texts may have the same number.
func SourceHash(locale, key string) int64 { return stored.HashKey(locale, key) }
