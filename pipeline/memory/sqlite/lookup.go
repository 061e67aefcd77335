package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
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
		return s.stPair.QueryRowContext(ctx, source, target).Scan(&id)
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
	clear(out) // of what was found before the file was locked, see retry
	var revision int64
	if err := s.stRevision.QueryRow().Scan(&revision); err != nil {
		return err
	}
	keys := make([]string, len(queries))
	ids := make(map[textRef]int64, len(queries))
	for i := range queries {
		keys[i] = queries[i].Source.Key()
		ids[textRef{source, keys[i]}] = 0
	}
	if err := s.findTexts(revision, ids); err != nil {
		return err
	}
	asked := make(map[int64][]int, len(queries)) // text → queries
	for i := range queries {
		if id := ids[textRef{source, keys[i]}]; id != 0 {
			asked[id] = append(asked[id], i)
		}
	}
	if len(asked) > 0 {
		if err := s.lookupExact(revision, source, pair, queries, keys, asked, out); err != nil {
			return err
		}
	}
	return s.addFuzzy(ctx, source, pair, queries, keys, out)
}

// lookupExact answers those queries whose texts the memory knows.
func (s *Store) lookupExact(revision int64, source string, pair int64, queries []memory.Query, keys []string, asked map[int64][]int, out [][]bitext.Match) error {
	slots := make([][]indexed, len(queries))
	frequent := make([]*frequentText, len(queries))
	for text, t := range s.frequent.find(revision, pair, asked) {
		for _, i := range asked[text] {
			frequent[i] = t
		}
		delete(asked, text)
	}
	if err := s.findSlots(pair, asked, func(i int, c indexed) { slots[i] = append(slots[i], c) }); err != nil {
		return err
	}
	for _, all := range asked {
		if first := slots[all[0]]; len(first) >= frequentFrom {
			s.frequent.add(revision, pair, first)
		}
	}
	contexts, err := s.contexts(revision, source, queries, slots, frequent)
	if err != nil {
		return err
	}
	wanted := make([][]indexed, len(queries))
	for i, t := range frequent {
		if t != nil {
			slots[i] = t.best(&contexts[i])
		} else {
			for n := range slots[i] {
				c := &slots[i][n]
				c.context = contexts[i].sharedWith(c)
			}
			slots[i] = best(slots[i])
		}
		wanted[i] = slots[i]
		if queries[i].MaxMatches() == 1 {
			wanted[i] = inBestContext(slots[i])
		}
	}
	if err := s.answerExact(revision, queries, keys, frequent, wanted, out); err != nil {
		return err
	}
	more := false
	for i := range wanted {
		// Those in the best context may all be no translation.
		if len(out[i]) == 0 && len(wanted[i]) < len(slots[i]) {
			wanted[i], more = slots[i], true
		} else {
			wanted[i] = nil
		}
	}
	if !more {
		return nil
	}
	return s.answerExact(revision, queries, keys, frequent, wanted, out)
}

// answerExact answers the queries that have slots.
func (s *Store) answerExact(revision int64, queries []memory.Query, keys []string, frequent []*frequentText, slots [][]indexed, out [][]bitext.Match) error {
	known := make([][]memory.Candidate, len(queries))
	unread := slices.Clone(slots)
	for i, t := range frequent {
		if t != nil {
			known[i], unread[i] = t.known(slots[i])
		}
	}
	found, err := s.readRows(unread)
	if err != nil {
		return err
	}
	for i := range queries {
		cs, err := candidates(found[i], func(r *row) string { return keys[i] })
		if err != nil {
			return err
		}
		if t := frequent[i]; t != nil {
			s.frequent.keep(revision, t, found[i], cs)
			cs = append(cs, known[i]...)
		}
		if len(cs) > 0 {
			out[i] = memory.Exact(queries[i], cs)
		}
	}
	return nil
}

// inBestContext returns those of some slots that are in the best context, if any is in
// context: they alone decide on the best match.
func inBestContext(slots []indexed) []indexed {
	var most memory.Context
	for i := range slots {
		most = max(most, slots[i].context)
	}
	if most == 0 {
		return slots
	}
	return slices.DeleteFunc(slices.Clone(slots), func(c indexed) bool { return c.context < most })
}

// slotContext is the context of a query in ids of texts. One that the memory does not have
// is -1; a part of the context that is not known is 0.
type slotContext struct {
	prev, next int64
	places     []int64 // above 0
}

// sharedWith returns the part of the context that a slot shares.
func (q *slotContext) sharedWith(c *indexed) (shared memory.Context) {
	if c.prev == q.prev && c.next == q.next && (q.prev != 0 || q.next != 0) {
		shared = memory.SameNeighbors
	}
	if c.place != 0 && slices.Contains(q.places, c.place) {
		shared |= memory.SamePlace
	}
	return shared
}

// contexts returns the contexts of queries. Only texts are looked for that one of a query's
// slots, or those of its frequent text, can share.
func (s *Store) contexts(revision int64, source string, queries []memory.Query, slots [][]indexed, frequent []*frequentText) ([]slotContext, error) {
	ids := map[textRef]int64{}
	for i := range queries {
		q := &queries[i]
		neighbours, place := false, false
		if t := frequent[i]; t != nil {
			neighbours, place = len(t.byNeighbors) > 0, len(t.byPlace) > 0
		}
		for _, c := range slots[i] {
			neighbours = neighbours || c.prev != 0 || c.next != 0
			place = place || c.place != 0
		}
		if neighbours {
			addRef(ids, source, q.Prev)
			addRef(ids, source, q.Next)
		}
		if place {
			addRef(ids, "", q.Place)
			for _, p := range q.FormerPlaces {
				addRef(ids, "", p)
			}
		}
	}
	out := make([]slotContext, len(queries))
	if len(ids) == 0 {
		return out, nil
	}
	if err := s.findTexts(revision, ids); err != nil {
		return nil, err
	}
	// A text that the memory does not have is like no other.
	idOf := func(locale, key string) int64 {
		if id := ids[textRef{locale, key}]; id != 0 || key == "" {
			return id
		}
		return -1
	}
	for i := range queries {
		q := &queries[i]
		if len(slots[i]) == 0 && frequent[i] == nil {
			continue
		}
		c := &out[i]
		c.prev, c.next = idOf(source, q.Prev), idOf(source, q.Next)
		if id := idOf("", q.Place); id > 0 {
			c.places = append(c.places, id)
		}
		for _, p := range q.FormerPlaces {
			if id := idOf("", p); id > 0 {
				c.places = append(c.places, id)
			}
		}
	}
	return out, nil
}

func addRef(ids map[textRef]int64, locale, key string) {
	if key != "" {
		ids[textRef{locale, key}] = 0
	}
}

// findTexts sets the ids of those texts that the memory knows, at a revision that it had
// before or has now. Texts are never removed,
// so that one is absent as long as the revision is the same; a build asks for those of an
// article once for each locale.
func (s *Store) findTexts(revision int64, ids map[textRef]int64) error {
	unknown := make([]textRef, 0, len(ids))
	s.mu.Lock()
	for r := range ids {
		if id := s.texts[r]; id != 0 {
			ids[r] = id
		} else {
			unknown = append(unknown, r)
		}
	}
	s.mu.Unlock()
	if len(unknown) == 0 {
		return nil
	}
	hashes := make([]int64, 0, len(unknown))
	s.mu.Lock()
	if s.absentAt != revision {
		clear(s.absent)
		s.absentAt = revision
	}
	unknown = slices.DeleteFunc(unknown, func(r textRef) bool { return s.absent[r] })
	s.mu.Unlock()
	if len(unknown) == 0 {
		return nil
	}
	for _, r := range unknown {
		hashes = append(hashes, stored.HashKey(r.locale, r.key))
	}
	if err := eachText(s.stText, hashes, func(id int64, r textRef) {
		if _, ok := ids[r]; ok {
			ids[r] = id
		}
	}); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.texts)+len(unknown) > maxKnownTexts {
		clear(s.texts)
	}
	if len(s.absent)+len(unknown) > maxKnownTexts {
		clear(s.absent)
	}
	for _, r := range unknown {
		switch id := ids[r]; {
		case id != 0:
			s.texts[r] = id
		case s.absentAt == revision:
			s.absent[r] = true
		}
	}
	return nil
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
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		p := packed{rest: text}
		c := indexed{text: p.number(), place: p.number(), prev: p.number(), next: p.number(), priority: p.number(), effectiveAt: p.number(), id: p.number()}
		if p.failed {
			return fmt.Errorf("%w: the values of an index are of other types than the table's", memory.ErrDamaged)
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
	all := make([][]found, len(slots))
	place := map[int64]int{} // id → place in full, from 1
	var ids []int64
	for _, cs := range slots {
		for i := range cs {
			if _, ok := place[cs[i].id]; !ok {
				place[cs[i].id] = 0
				ids = append(ids, cs[i].id)
			}
		}
	}
	if len(ids) == 0 {
		return all, nil
	}
	slices.Sort(ids)
	rows, err := s.stRows.Query(jsonList(ids))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	full := make([]row, 0, len(ids))
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		full = append(full, row{})
		r := &full[len(full)-1]
		if err := r.unpack(text); err != nil {
			return nil, err
		}
		place[r.id] = len(full)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for q, cs := range slots {
		for i := range cs {
			n := place[cs[i].id]
			if n == 0 {
				continue
			}
			r := &full[n-1]
			if r.Text != cs[i].text {
				return nil, fmt.Errorf("%w: the index of entry %d is wrong", memory.ErrDamaged, r.id)
			}
			if r.Withdrawn == 0 {
				all[q] = append(all[q], found{r, cs[i].context})
			}
		}
	}
	return all, nil
}

// found is an entry as the table has it, and the context that it shares with a query.
type found struct {
	*row
	context memory.Context
}

// candidates decodes what was found for a query. The function key gives the key of
// a row's source.
func candidates(rows []found, key func(r *row) string) ([]memory.Candidate, error) {
	out := make([]memory.Candidate, len(rows))
	for i := range rows {
		r := rows[i].row
		e, err := r.entry(key(r))
		if err != nil {
			return nil, err
		}
		out[i] = memory.Candidate{Entry: e, Rank: r.Rank(), Context: rows[i].context, Slot: [3]int64{r.Place, r.Prev, r.Next}}
	}
	return out, nil
}
