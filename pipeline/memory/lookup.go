package memory

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"

	"hexapla/pipeline/bitext"
)

// defaultLimit is Query.Limit's meaning when it is 0.
const defaultLimit = 5

// A sentence that stands in ten thousand articles has an entry for each. Of these,
// candidateLimit are read for a query, the most trusted and newest; and where none is
// in context, so many of the most trusted as ambiguityLimit, to see whether they agree.
const (
	candidateLimit = 32
	ambiguityLimit = 1000
)

// Lookup answers queries for one locale pair, each with its matches, the best
// first. Locales are compared as they are, without fallback. Matches in context
// come first, then exact ones, both by trust and time, then fuzzy ones by score.
// Of matches with equal targets only the best is kept. The texts of a match bear
// the codes of the query's source where they correspond by order, so that a target
// can be used as it is; a code without a counterpart gets an ID that the query's
// source does not have.
//
// Where no match is in context, and exact matches of the highest trust differ in
// their targets, these are held as ambiguous; so are alternatives from one import
// that are in context. A match whose source has other numbers than the query,
// compared by value, is held for that.
func (s *Store) Lookup(ctx context.Context, source, target string, queries []Query) ([][]bitext.Match, error) {
	out := make([][]bitext.Match, len(queries))
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

// candidate is an entry found for a query.
type candidate struct {
	row
	context int // 0 none, 1 same neighbours, 2 same place, 3 both
}

func (c *candidate) compare(o *candidate) int {
	return cmp.Or(cmp.Compare(c.context, o.context), c.row.compare(&o.row))
}

// equals reports whether nothing but time tells the two apart. In context that is so
// for alternatives from one import only; two places are two contexts.
func (c *candidate) equals(o *candidate) bool {
	return c.trust == o.trust && c.context == o.context &&
		(c.context == 0 || c.place == o.place && c.prev == o.prev && c.next == o.next)
}

// lookup answers a bounded number of queries.
func (s *Store) lookup(ctx context.Context, source string, pair int64, queries []Query, out [][]bitext.Match) error {
	keys := make([]string, len(queries))
	ids := make(map[textRef]int64, 2*len(queries))
	for i := range queries {
		keys[i] = queries[i].Source.Key()
		ids[textRef{source, keys[i]}] = 0
		for _, r := range queries[i].context(source) {
			if r.key != "" {
				ids[r] = 0
			}
		}
	}
	if err := s.findTexts(ids); err != nil {
		return err
	}
	asked := make(map[int64][]int, len(queries)) // text → queries
	contexts := make([][3]int64, len(queries))
	for i := range queries {
		if id := ids[textRef{source, keys[i]}]; id != 0 {
			asked[id] = append(asked[id], i)
		}
		for n, r := range queries[i].context(source) {
			if r.key != "" {
				// A text that the memory has never seen is like no other.
				if contexts[i][n] = ids[r]; contexts[i][n] == 0 {
					contexts[i][n] = -1
				}
			}
		}
	}
	slots := make([][]slot, len(queries))
	err := s.findSlots(pair, asked, func(i int, c slot) {
		prev, next, place := contexts[i][0], contexts[i][1], contexts[i][2]
		if c.prev == prev && c.next == next && (prev != 0 || next != 0) {
			c.context |= 1
		}
		if c.place == place && place != 0 {
			c.context |= 2
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
		if out[i], err = exact(queries[i], keys[i], found[i]); err != nil {
			return err
		}
	}
	return s.addFuzzy(ctx, source, pair, queries, keys, out)
}

// findTexts sets the ids of those texts that the memory knows.
func (s *Store) findTexts(ids map[textRef]int64) error {
	hashes := make([]int64, 0, len(ids))
	for r := range ids {
		hashes = append(hashes, hashKey(r.locale, r.key))
	}
	return eachText(s.stText, hashes, func(id int64, r textRef) {
		if _, ok := ids[r]; ok {
			ids[r] = id
		}
	})
}

// slot is what an index says of an entry, enough to choose which to read.
type slot struct {
	id, text, place, prev, next, trust int64
	context                            int
}

// compare ranks slots; a higher id stands in for a newer version.
func (c *slot) compare(o *slot) int {
	return cmp.Or(cmp.Compare(c.context, o.context), cmp.Compare(c.trust, o.trust), cmp.Compare(c.id, o.id))
}

// best are the slots to read for a query.
func best(slots []slot) []slot {
	if len(slots) <= candidateLimit {
		return slots
	}
	slices.SortFunc(slots, func(a, b slot) int { return b.compare(&a) })
	n := candidateLimit
	for slots[0].context == 0 && n < min(len(slots), ambiguityLimit) && slots[n].trust == slots[0].trust {
		n++
	}
	return slots[:n]
}

// findSlots calls f with each standing entry of a pair for one of the asked texts,
// once for each query that asks.
func (s *Store) findSlots(pair int64, asked map[int64][]int, f func(i int, c slot)) error {
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
		var c slot
		if err := rows.Scan(&c.text, &c.place, &c.prev, &c.next, &c.trust, &c.id); err != nil {
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
func (s *Store) readRows(slots [][]slot) ([][]candidate, error) {
	full := map[int64]row{}
	for _, cs := range slots {
		for i := range cs {
			full[cs[i].id] = row{}
		}
	}
	found := make([][]candidate, len(slots))
	if len(full) == 0 {
		return found, nil
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
			if r := full[cs[i].id]; r.version != 0 && r.withdrawn == 0 {
				found[q] = append(found[q], candidate{r, cs[i].context})
			}
		}
	}
	return found, nil
}

// context is the texts of a query's context: neighbours and place.
func (q *Query) context(source string) [3]textRef {
	return [3]textRef{{source, q.Prev}, {source, q.Next}, {"", q.Place}}
}

func (q *Query) limit() int {
	if q.Limit <= 0 {
		return defaultLimit
	}
	return q.Limit
}

// rank sorts the best first.
func rank(cs []candidate) {
	slices.SortFunc(cs, func(a, b candidate) int { return b.compare(&a) })
}

// exact makes matches of the entries that have the query's very source.
func exact(q Query, key string, cs []candidate) ([]bitext.Match, error) {
	rank(cs)
	var out []bitext.Match
	firsts := 0 // how many different targets are as good as the best
	for i := range cs {
		c := &cs[i]
		e, err := c.entry(key)
		if err != nil {
			return nil, err
		}
		m := match(q.Source, &e)
		m.Type, m.Score = bitext.ExactMatch, 100
		if c.context > 0 {
			m.Type = bitext.InContextMatch
		}
		if slices.ContainsFunc(out, func(o bitext.Match) bool { return o.Target.Equal(m.Target) }) {
			continue
		}
		if c.equals(&cs[0]) && len(out) == firsts {
			firsts++
		}
		out = append(out, m)
	}
	if firsts > 1 {
		for i := range firsts {
			out[i].NotUsable = bitext.ReasonAmbiguous
		}
	}
	return out[:min(len(out), q.limit())], nil
}

// match is an entry as a proposal for source, in the codes of source.
func match(source bitext.Text, e *bitext.Entry) bitext.Match {
	recode := recoder(source, e.Source)
	return bitext.Match{Source: recode(e.Source), Target: recode(e.Target), State: e.State, SubState: e.SubState, Origin: e.Origin}
}

// recoder makes a function that gives a text the codes that wanted has where the
// text has those of known: the nth of one is the nth of the other.
func recoder(wanted, known bitext.Text) func(bitext.Text) bitext.Text {
	if len(wanted.Codes) == 0 && len(known.Codes) == 0 {
		return func(t bitext.Text) bitext.Text { return t }
	}
	type shape struct {
		kind bitext.CodeKind
		n    int
	}
	taken, nth := codeNumbers(wanted), codeNumbers(known)
	ours := make(map[shape]bitext.Code, len(wanted.Codes))
	for _, c := range slices.Backward(wanted.Codes) {
		ours[shape{c.Kind, taken[c.ID]}] = c
	}
	return func(t bitext.Text) bitext.Text {
		t = t.Clone()
		for i, c := range t.Codes {
			n, shared := nth[c.ID]
			our, found := ours[shape{c.Kind, n}]
			if shared && found {
				our.Pos = c.Pos
				t.Codes[i] = our
				continue
			}
			for id := c.ID; ; id = "tm-" + id {
				if _, ok := taken[id]; !ok {
					t.Codes[i].ID = id
					break
				}
			}
		}
		return t
	}
}

// codeNumbers gives each code ID its place in order of appearance.
func codeNumbers(t bitext.Text) map[string]int {
	n := make(map[string]int, len(t.Codes))
	for _, c := range t.Codes {
		if _, ok := n[c.ID]; !ok {
			n[c.ID] = len(n)
		}
	}
	return n
}
