package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/fuzzy"
	"hexapla/pipeline/memory/internal/stored"
)

// fuzzyIndex finds similar source texts of one locale. It is shared by all target
// locales: the same article is translated into all of them. It is opened, or made, on
// the first fuzzy query and brought up to date before each; see fuzzyFolder for what is
// kept of it.
type fuzzyIndex struct {
	mu       sync.Mutex // held while it is brought up to date
	index    *fuzzy.Index
	revision int64 // of the memory, when it was last brought up to date
	saved    int64 // the revision that is kept on disk, 0 for none
	unsaved  int   // how many texts and entries came after it
	alone    bool  // nothing more is read from disk or written there

	kept *keptIndex              // what was found on disk
	has  map[int64]*pairCoverage // by pair
}

func newFuzzyIndex() *fuzzyIndex {
	return &fuzzyIndex{index: &fuzzy.Index{}, has: map[int64]*pairCoverage{}}
}

// pairCoverage is the set of texts that a pair has entries for.
type pairCoverage struct {
	mu       sync.RWMutex
	bits     stored.Set
	revision int64
	saved    int64 // the revision that is kept on disk, 0 for none
}

// addFuzzy adds fuzzy matches to those queries that want them and have room. If the
// index on disk proves wrong, it is made anew from the database.
func (s *Store) addFuzzy(ctx context.Context, source string, pair int64, queries []memory.Query, keys []string, out [][]bitext.Match) error {
	err := s.findFuzzy(ctx, source, pair, queries, keys, out)
	if errors.Is(err, fuzzy.ErrDamaged) {
		s.dropFuzzy(source)
		err = s.findFuzzy(ctx, source, pair, queries, keys, out)
	}
	return err
}

func (s *Store) findFuzzy(ctx context.Context, source string, pair int64, queries []memory.Query, keys []string, out [][]bitext.Match) error {
	var x *fuzzyIndex
	var has *pairCoverage
	hits := make([][]fuzzy.Hit, len(queries))
	wanted := map[int64][]int{}
	for i := range queries {
		q := &queries[i]
		room := q.MaxMatches() - len(out[i])
		if q.Fuzzy <= 0 || room <= 0 {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if x == nil {
			var err error
			if x, has, err = s.refresh(ctx, source, pair); err != nil {
				return err
			}
		}
		has.mu.RLock()
		// One more, since the query's own text is not a fuzzy match.
		var err error
		hits[i], err = x.index.Find(stored.FoldKey(keys[i]), min(q.Fuzzy, 99), room+1, func(id int64) bool { return has.bits.Has(id) })
		has.mu.RUnlock()
		if err != nil {
			return err
		}
		for _, h := range hits[i] {
			wanted[h.ID] = append(wanted[h.ID], i)
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	texts, err := s.textKeys(wanted)
	if err != nil {
		return err
	}
	if x.index.Mapped() {
		// What stands in a file is a hint. The database has the texts.
		for i := range queries {
			if len(hits[i]) == 0 {
				continue
			}
			scorer := fuzzy.NewScorer(stored.FoldKey(keys[i]))
			for _, h := range hits[i] {
				if scorer.Score(stored.FoldKey(texts[h.ID]), 0) != h.Score {
					return fmt.Errorf("%w: the score of text %d", fuzzy.ErrDamaged, h.ID)
				}
			}
		}
	}
	slots := make([][]indexed, len(queries))
	if err := s.findSlots(pair, wanted, func(i int, c indexed) { slots[i] = keepEach(slots[i], c) }); err != nil {
		return err
	}
	all, err := s.readRows(slots)
	if err != nil {
		return err
	}
	for i := range queries {
		if len(hits[i]) == 0 {
			continue
		}
		score := make(map[int64]int, len(hits[i]))
		for _, h := range hits[i] {
			score[h.ID] = h.Score
		}
		// The query's own text is not similar, it is the same.
		own := func(f found) bool { return texts[f.Text] == keys[i] }
		rows := slices.DeleteFunc(all[i], own)
		cs, err := candidates(rows, func(r *row) string { return texts[r.Text] })
		if err != nil {
			return err
		}
		for n := range cs {
			cs[n].Score = score[rows[n].Text]
		}
		out[i] = memory.Fuzzy(queries[i], out[i], cs)
	}
	return nil
}

// keepEach adds c to the best few of its own text.
func keepEach(best []indexed, c indexed) []indexed {
	const few = 4
	n, worst := 0, -1
	for i := range best {
		if best[i].text == c.text {
			if n++; worst < 0 || best[i].compare(&best[worst]) < 0 {
				worst = i
			}
		}
	}
	switch {
	case n < few:
		return append(best, c)
	case best[worst].compare(&c) < 0:
		best[worst] = c
	}
	return best
}

// textKeys reads the keys of texts.
func (s *Store) textKeys(wanted map[int64][]int) (map[int64]string, error) {
	ids := make([]int64, 0, len(wanted))
	for id := range wanted {
		ids = append(ids, id)
	}
	rows, err := s.read.Query("SELECT t.id, t.hash, t.key, l.tag FROM text t LEFT JOIN locale l ON l.id = t.locale WHERE t.id IN (SELECT value FROM json_each(?))", jsonList(ids))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	keys := make(map[int64]string, len(ids))
	for rows.Next() {
		var id, hash int64
		var key, locale string
		if err := rows.Scan(&id, &hash, &key, &locale); err != nil {
			return nil, err
		}
		if stored.HashKey(locale, key) != hash {
			return nil, fmt.Errorf("%w: the checksum of text %d is wrong", memory.ErrDamaged, id)
		}
		keys[id] = key
	}
	return keys, rows.Err()
}

// refresh brings the index of a source locale, and what it knows of a pair, up to
// the state of the file. What other processes added is included.
func (s *Store) refresh(ctx context.Context, source string, pair int64) (*fuzzyIndex, *pairCoverage, error) {
	s.mu.Lock()
	x := s.fuzzy[source]
	if x == nil {
		x = newFuzzyIndex()
		s.fuzzy[source] = x
	}
	s.mu.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	has := x.has[pair]
	if has == nil {
		has = &pairCoverage{}
		x.has[pair] = has
	}
	// All in one transaction, so that the revision is that of what is read.
	tx, err := s.read.BeginTx(context.WithoutCancel(ctx), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, nil, err
	}
	defer tx.Rollback()
	var revision, lastText int64
	if err := tx.QueryRow("SELECT value, (SELECT coalesce(max(id), 0) FROM text) FROM meta WHERE name = 'revision'").Scan(&revision, &lastText); err != nil {
		return nil, nil, err
	}
	if x.revision == 0 && !x.alone {
		s.loadFuzzy(ctx, tx, x, source, revision, lastText)
	}
	if x.revision != 0 && (x.revision > revision || x.revision < revision-keptRevisions) {
		// Too far behind: begin anew. Those who still search x have a whole index.
		alone := x.alone
		x = newFuzzyIndex()
		x.alone = alone
		has = &pairCoverage{}
		x.has[pair] = has
		s.mu.Lock()
		s.fuzzy[source] = x
		s.mu.Unlock()
	}
	if x.revision != revision {
		ranges, err := additions(tx, 0, x.revision)
		if err != nil {
			return nil, nil, err
		}
		for _, r := range ranges {
			if err := x.addTexts(ctx, tx, source, r); err != nil {
				return nil, nil, err
			}
		}
		x.revision = revision
	}
	if has.revision == 0 {
		s.loadCoverage(x, has, pair, lastText)
	}
	if has.revision != revision {
		ranges, err := additions(tx, pair, has.revision)
		if err != nil {
			return nil, nil, err
		}
		for _, r := range ranges {
			n, err := has.addEntries(ctx, tx, lastText, r)
			if err != nil {
				return nil, nil, err
			}
			x.unsaved += n
		}
		has.revision = revision
	}
	if s.write != nil && !x.alone && (x.unsaved >= keptChanges || x.saved != 0 && revision-x.saved >= keptRevisions/4) {
		// It is only a cache: without it, or where it cannot be written, the next
		// process makes the index anew.
		if err := s.saveFuzzy(ctx, tx, x, source, lastText); err != nil {
			x.alone = true
		}
	}
	return x, has, nil
}

// additions returns the ranges of ids that came after a revision: of texts for pair
// 0, else of a pair's entries. It is one range of all for a reader that has nothing
// yet.
func additions(tx *sql.Tx, pair, since int64) ([][2]int64, error) {
	if since == 0 {
		return [][2]int64{{pair << pairShift, (pair+1)<<pairShift - 1}}, nil
	}
	rows, err := tx.Query("SELECT first, last FROM addition WHERE revision > ? AND pair = ? ORDER BY revision", since, pair)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out [][2]int64
	for rows.Next() {
		var r [2]int64
		if err := rows.Scan(&r[0], &r[1]); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// addTexts adds those of a range of texts that are of a locale.
func (x *fuzzyIndex) addTexts(ctx context.Context, tx *sql.Tx, source string, ids [2]int64) error {
	rows, err := tx.Query("SELECT id, key FROM text WHERE id BETWEEN ? AND ? AND locale = (SELECT id FROM locale WHERE tag = ?) ORDER BY id",
		ids[0], ids[1], source)
	if err != nil {
		return err
	}
	defer rows.Close()
	return x.index.Add(func(yield func(fuzzy.Text, error) bool) {
		for n := 0; rows.Next(); n++ {
			var t fuzzy.Text
			err := rows.Scan(&t.ID, &t.Text)
			if err == nil && n%1024 == 0 {
				err = ctx.Err()
			}
			t.Text = stored.FoldKey(t.Text)
			x.unsaved++
			if !yield(t, err) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(fuzzy.Text{}, err)
		}
	})
}

// maxText limits the numbers of texts that are believed: a set of them has a bit for
// each number.
const maxText = 1 << 33

// addEntries notes the texts of a range of a pair's entries, and returns how many
// entries there are.
func (has *pairCoverage) addEntries(ctx context.Context, tx *sql.Tx, lastText int64, ids [2]int64) (n int, err error) {
	rows, err := tx.Query("SELECT text FROM entry WHERE id BETWEEN ? AND ?", ids[0], ids[1])
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	has.mu.Lock()
	defer has.mu.Unlock()
	for ; rows.Next(); n++ {
		var text int64
		if err := rows.Scan(&text); err != nil {
			return 0, err
		}
		if text < 1 || text > lastText || text > maxText {
			return 0, fmt.Errorf("%w: an entry has source text %d", memory.ErrDamaged, text)
		}
		has.bits.Add(text)
		if n%1024 == 0 && ctx.Err() != nil {
			return 0, ctx.Err()
		}
	}
	return n, rows.Err()
}
