package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"os"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

// sourceColumns are those that an Entry has beside its row: its locales and texts.
const sourceColumns = "p.source, p.target, t.key, prev.key, next.key, place.key"

// columns are sourceColumns and a row.
type columns struct {
	row
	sourceLocale, targetLocale, key string
	prevKey, nextKey, placeKey      sql.NullString
}

func (c *columns) source() []any {
	return []any{&c.sourceLocale, &c.targetLocale, &c.key, &c.prevKey, &c.nextKey, &c.placeKey}
}

// entry returns the version with its locales and context, and fails if its
// checksum is wrong. The map has the UIDs of batches.
func (c *columns) entry(uids map[int64]string) (bitext.Entry, error) {
	e, err := c.row.entry(c.key)
	if err != nil {
		return e, err
	}
	c.addContext(&e)
	v := c.Record(e, uids[c.Batch])
	if v.Checksum() != c.Sum {
		return e, fmt.Errorf("%w: the checksum of version %d does not fit its texts", memory.ErrDamaged, c.Number)
	}
	return e, nil
}

// addContext gives a row's entry its locales and context.
func (c *columns) addContext(e *bitext.Entry) {
	e.SourceLocale, e.TargetLocale = c.sourceLocale, c.targetLocale
	e.Prev, e.Next, e.Place = c.prevKey.String, c.nextKey.String, c.placeKey.String
}

// Entries implements memory.Reader.
func (s *Store) Entries(ctx context.Context, source, target string) iter.Seq2[bitext.Entry, error] {
	return guarded(s, func(yield func(bitext.Entry, error) bool) error {
		tx, err := s.read.BeginTx(context.WithoutCancel(ctx), &sql.TxOptions{ReadOnly: true})
		if err != nil {
			return err
		}
		defer tx.Rollback()
		uids, err := uidsOf(ctx, tx)
		if err != nil {
			return err
		}
		pairs, err := pairsOf(tx, source, target)
		if err != nil {
			return err
		}
		for _, pair := range pairs {
			more, err := entriesOf(ctx, tx, pair, uids, yield)
			if err != nil || !more {
				return err
			}
		}
		return nil
	})
}

func pairsOf(tx *sql.Tx, source, target string) ([]int64, error) {
	rows, err := tx.Query("SELECT id FROM pair WHERE (?1 = '' OR source = ?1) AND (?2 = '' OR target = ?2) ORDER BY source, target", source, target)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// entriesOf walks over one pair, and reports whether to go on.
func entriesOf(ctx context.Context, tx *sql.Tx, pair int64, uids map[int64]string, yield func(bitext.Entry, error) bool) (bool, error) {
	rows, err := tx.Query("SELECT "+sourceColumns+", "+prefixed("e.", entryColumns)+` FROM (SELECT id FROM entry WHERE id BETWEEN ? AND ? AND withdrawn = 0 ORDER BY first, recorded_at, sum LIMIT -1) o
		CROSS JOIN entry e ON e.id = o.id
		LEFT JOIN pair p ON p.id = e.pair LEFT JOIN text t ON t.id = e.text
		LEFT JOIN text prev ON prev.id = e.prev LEFT JOIN text next ON next.id = e.next LEFT JOIN text place ON place.id = e.place`, pair<<pairShift, (pair+1)<<pairShift-1)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	for n := 0; rows.Next(); n++ {
		if n%256 == 0 && ctx.Err() != nil {
			return false, ctx.Err()
		}
		var c columns
		if err := rows.Scan(append(c.source(), c.entryFields()...)...); err != nil {
			return false, err
		}
		e, err := c.entry(uids)
		if err != nil {
			return false, err
		}
		if !yield(e, nil) {
			return false, nil
		}
	}
	return true, rows.Err()
}

// Stats implements memory.Reader.
func (s *Store) Stats(ctx context.Context) (st memory.Stats, err error) {
	defer s.guard(&err)()
	st, err = s.stats(ctx)
	return st, s.wrap(err)
}

func (s *Store) stats(ctx context.Context) (memory.Stats, error) {
	var st memory.Stats
	for _, suffix := range []string{"", "-wal"} {
		if info, err := os.Stat(s.path + suffix); err == nil {
			st.Bytes += info.Size()
		}
	}
	if err := s.read.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM text WHERE id IN (SELECT text FROM entry)), (SELECT count(*) FROM batch)").
		Scan(&st.Texts, &st.Batches); err != nil {
		return st, err
	}
	rows, err := s.read.QueryContext(ctx, `SELECT p.source, p.target, e.state, e.kind, count(*), sum((SELECT count(*) FROM history f WHERE f.entry = e.id)), sum(e.withdrawn = 0)
		FROM entry e JOIN pair p ON p.id = e.pair GROUP BY p.source, p.target, e.state, e.kind ORDER BY p.source, p.target`)
	if err != nil {
		return st, err
	}
	defer rows.Close()
	for rows.Next() {
		var source, target, kind string
		var state, all, former, standing int
		if err := rows.Scan(&source, &target, &state, &kind, &all, &former, &standing); err != nil {
			return st, err
		}
		if n := len(st.Pairs); n == 0 || st.Pairs[n-1].SourceLocale != source || st.Pairs[n-1].TargetLocale != target {
			st.Pairs = append(st.Pairs, memory.PairStats{SourceLocale: source, TargetLocale: target,
				States: map[bitext.State]int{}, Origins: map[bitext.OriginKind]int{}})
		}
		p := &st.Pairs[len(st.Pairs)-1]
		p.Entries += standing
		p.Former += former + all - standing
		if standing > 0 {
			p.States[bitext.State(state)] += standing
			p.Origins[bitext.OriginKind(kind)] += standing
		}
	}
	return st, rows.Err()
}

// Revision implements memory.Reader.
func (s *Store) Revision(ctx context.Context) (revision int64, err error) {
	defer s.guard(&err)()
	err = s.retry(ctx, func() error {
		return s.read.QueryRowContext(ctx, "SELECT value + 1 FROM meta WHERE name = 'version'").Scan(&revision)
	})
	return revision, s.wrap(err)
}
