package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"hexapla/pipeline/memory"
)

const stateQuery = `SELECT (SELECT version FROM memory_meta), (SELECT count(*) FROM memory_batch WHERE undoes <> 0),
	coalesce((SELECT max(id) FROM memory_batch), 0), coalesce((SELECT uid FROM memory_batch ORDER BY id DESC LIMIT 1), '')`

func stateOf(row pgx.Row) (st memory.State, err error) {
	err = row.Scan(&st.Version, &st.Undos, &st.Batch, encoded{&st.BatchUID})
	return st, err
}

// State returns the state of the memory as it is now, for ChangedSources.
func (s *Store) State(ctx context.Context) (st memory.State, err error) {
	err = s.retry(ctx, func() (err error) {
		st, err = stateOf(s.pool.QueryRow(ctx, stateQuery))
		return err
	})
	return st, s.wrap(err)
}

// ChangedSources returns the hashes of the source texts whose translations may have
// changed since a state; they are those of sqlite.SourceHash. ok is false if that cannot
// be known: a batch was undone meanwhile, or the memory is another one.
func (s *Store) ChangedSources(ctx context.Context, since memory.State) (changed map[int64]bool, ok bool, err error) {
	err = s.retry(ctx, func() error {
		changed, ok = nil, false
		// All in one snapshot, so that the state is that of what is read.
		return pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
			now, err := stateOf(tx.QueryRow(ctx, stateQuery))
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
				var uid string
				err := tx.QueryRow(ctx, "SELECT uid FROM memory_batch WHERE id = $1", since.Batch).Scan(encoded{&uid})
				if errors.Is(err, pgx.ErrNoRows) || err == nil && uid != since.BatchUID {
					return nil
				}
				if err != nil {
					return err
				}
			}
			// Whatever changes a slot, but for an undoing, brings a new version into it.
			rows, err := tx.Query(ctx, "SELECT DISTINCT t.hash FROM memory_version v JOIN memory_text t ON t.id = v.text WHERE v.version > $1", since.Version)
			if err != nil {
				return err
			}
			changed = map[int64]bool{}
			var hash int64
			_, err = pgx.ForEachRow(rows, []any{&hash}, func() error {
				changed[hash] = true
				return nil
			})
			ok = err == nil
			return err
		})
	})
	return changed, ok, s.wrap(err)
}
