package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/stored"
)

// A sentence that stands in ten thousand articles has an entry for each. Of these,
// candidateLimit are read for a query, those of the highest priority, the newest
// first; and where none is in context, up to ambiguityLimit of the highest priority,
// to see whether they agree.
const (
	candidateLimit = 32
	ambiguityLimit = 1000
)

// Lookup implements memory.Reader.
func (s *Store) Lookup(ctx context.Context, source, target string, queries []memory.Query) (out [][]bitext.Match, err error) {
	defer s.guard(&err)()
	out = make([][]bitext.Match, len(queries))
	pair, err := s.pair(ctx, source, target)
	if err != nil || pair == 0 {
		return out, s.wrap(err)
	}
	const many = 512
	for from := 0; from < len(queries); from += many {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		to := min(from+many, len(queries))
		if err := s.retry(ctx, func() error {
			return s.lookup(ctx, source, pair, queries[from:to], out[from:to])
		}); err != nil {
			return nil, s.wrap(err)
		}
	}
	return out, nil
}

// pair is a locale pair's id, 0 if the memory has none.
func (s *Store) pair(ctx context.Context, source, target string) (int64, error) {
	k := [2]string{source, target}
	s.mu.Lock()
	id, ok := s.pairs[k]
	s.mu.Unlock()
	if ok {
		return id, nil
	}
	err := s.retry(ctx, func() error {
		return s.read.QueryRowContext(ctx, "SELECT id FROM pair WHERE source = ? AND target = ?", source, target).Scan(&id)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err == nil {
		s.mu.Lock()
		s.pairs[k] = id
		s.mu.Unlock()
	}
	return id, err
}

// lookup answers a bounded number of queries.
func (s *Store) lookup(ctx context.Context, source string, pair int64, queries []memory.Query, out [][]bitext.Match) error {
	keys := make([]string, len(queries))
	ids := make(map[textRef]int64, 2*len(queries))
	for i := range queries {
		keys[i] = queries[i].Source.Key()
		ids[textRef{source, keys[i]}] = 0
		for _, r := range contextOf(&queries[i], source) {
			if r.key != "" {
				ids[r] = 0
			}
		}
	}
	if err := s.findTexts(ids); err != nil {
		return err
	}
	asked := make(map[int64][]int, len(queries)) // text → queries
	contexts := make([][]int64, len(queries))
	for i := range queries {
		if id := ids[textRef{source, keys[i]}]; id != 0 {
			asked[id] = append(asked[id], i)
		}
		for _, r := range contextOf(&queries[i], source) {
			id := ids[r]
			if r.key == "" {
				id = 0
			} else if id == 0 {
				id = -1 // a text that the memory has never seen is like no other
			}
			contexts[i] = append(contexts[i], id)
		}
	}
	slots := make([][]indexed, len(queries))
	err := s.findSlots(pair, asked, func(i int, c indexed) {
		prev, next, places := contexts[i][0], contexts[i][1], contexts[i][2:]
		if c.prev == prev && c.next == next && (prev != 0 || next != 0) {
			c.context |= memory.SameNeighbors
		}
		if c.place != 0 && slices.Contains(places, c.place) {
			c.context |= memory.SamePlace
		}
		slots[i] = append(slots[i], c)
	})
	if err != nil {
		return err
	}
	for i := range slots {
		slots[i] = best(slots[i])
	}
	found, err := s.readRows(slots)
	if err != nil {
		return err
	}
	for i := range queries {
		cs, err := candidates(found[i], func(r *row) string { return keys[i] })
		if err != nil {
			return err
		}
		out[i] = memory.Exact(queries[i], cs)
	}
	return s.addFuzzy(ctx, source, pair, queries, keys, out)
}

// findTexts sets the ids of those texts that the memory knows.
func (s *Store) findTexts(ids map[textRef]int64) error {
	hashes := make([]int64, 0, len(ids))
	s.mu.Lock()
	for r := range ids {
		if id := s.texts[r]; id != 0 {
			ids[r] = id
		} else {
			hashes = append(hashes, stored.HashKey(r.locale, r.key))
		}
	}
	s.mu.Unlock()
	if len(hashes) == 0 {
		return nil
	}
	found := map[textRef]int64{}
	err := eachText(s.stText, hashes, func(id int64, r textRef) {
		if _, ok := ids[r]; ok {
			ids[r], found[r] = id, id
		}
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.texts)+len(found) > maxKnownTexts {
		clear(s.texts)
	}
	maps.Copy(s.texts, found)
	return err
}

// maxKnownTexts is the number of texts whose ids are kept: a build asks for those of
// an article once for each locale.
const maxKnownTexts = 1 << 14

// indexed is what an index says of an entry, enough to choose which to read.
type indexed struct {
	id, text, place, prev, next, priority, effectiveAt int64
	context                                            memory.Context
}

// compare ranks slots.
func (c *indexed) compare(o *indexed) int {
	return cmp.Or(cmp.Compare(c.context, o.context), cmp.Compare(c.priority, o.priority), cmp.Compare(c.effectiveAt, o.effectiveAt), cmp.Compare(c.id, o.id))
}

// best are the slots to read for a query.
func best(slots []indexed) []indexed {
	if len(slots) <= candidateLimit {
		return slots
	}
	slices.SortFunc(slots, func(a, b indexed) int { return b.compare(&a) })
	n := candidateLimit
	for slots[0].context == 0 && n < min(len(slots), ambiguityLimit) && slots[n].priority == slots[0].priority {
		n++
	}
	return slots[:n]
}

// findSlots calls f with each standing entry of a pair for one of the asked texts,
// once for each query that asks.
func (s *Store) findSlots(pair int64, asked map[int64][]int, f func(i int, c indexed)) error {
	texts := make([]int64, 0, len(asked))
	for id := range asked {
		texts = append(texts, id)
	}
	rows, err := s.stSlots.Query(jsonList(texts), pair)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var c indexed
		if err := rows.Scan(&c.text, &c.place, &c.prev, &c.next, &c.priority, &c.effectiveAt, &c.id); err != nil {
			return err
		}
		for _, i := range asked[c.text] {
			f(i, c)
		}
	}
	return rows.Err()
}

// readRows reads the entries of slots. One that has been withdrawn meanwhile is
// left out.
func (s *Store) readRows(slots [][]indexed) ([][]found, error) {
	full := map[int64]row{}
	for _, cs := range slots {
		for i := range cs {
			full[cs[i].id] = row{}
		}
	}
	all := make([][]found, len(slots))
	if len(full) == 0 {
		return all, nil
	}
	ids := make([]int64, 0, len(full))
	for id := range full {
		ids = append(ids, id)
	}
	rows, err := s.stRows.Query(jsonList(ids))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r row
		if err := rows.Scan(r.entryFields()...); err != nil {
			return nil, err
		}
		full[r.id] = r
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for q, cs := range slots {
		for i := range cs {
			r := full[cs[i].id]
			if r.Number != 0 && r.Text != cs[i].text {
				return nil, fmt.Errorf("%w: the index of entry %d is wrong", memory.ErrDamaged, r.id)
			}
			if r.Number != 0 && r.Withdrawn == 0 {
				all[q] = append(all[q], found{r, cs[i].context})
			}
		}
	}
	return all, nil
}

// found is an entry as the table has it, and the context that it shares with a query.
type found struct {
	row
	context memory.Context
}

// candidates decodes what was found for a query. The function key gives the key of
// a row's source.
func candidates(rows []found, key func(r *row) string) ([]memory.Candidate, error) {
	out := make([]memory.Candidate, len(rows))
	for i := range rows {
		r := &rows[i].row
		e, err := r.entry(key(r))
		if err != nil {
			return nil, err
		}
		out[i] = memory.Candidate{Entry: e, Rank: r.Rank(), Context: rows[i].context, Slot: [3]int64{r.Place, r.Prev, r.Next}}
	}
	return out, nil
}

// contextOf returns the texts of a query's context: neighbours, place and former places.
func contextOf(q *memory.Query, source string) []textRef {
	out := append(make([]textRef, 0, 3), textRef{source, q.Prev}, textRef{source, q.Next}, textRef{"", q.Place})
	for _, p := range q.FormerPlaces {
		out = append(out, textRef{"", p})
	}
	return out
}
