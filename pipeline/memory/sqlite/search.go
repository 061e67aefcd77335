package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	mathbits "math/bits"
	"slices"

	sqlite3 "modernc.org/sqlite/lib"

	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/stored"
)

const (
	searchLimit   = 20
	searchMinimum = 100 // how many results are ranked at least
)

// Search implements memory.Reader.
func (s *Store) Search(ctx context.Context, q memory.Search) (out []memory.Found, err error) {
	defer s.guard(&err)()
	if q.Limit <= 0 {
		q.Limit = searchLimit
	}
	p := newSearchPattern(q.Text, q.Words)
	if p.IsEmpty() {
		return nil, nil
	}
	if s.write != nil {
		// Whoever holds the write lock must not keep a search waiting for the index.
		if err := s.indexForSearch(ctx); err != nil && !errors.Is(err, memory.ErrBusy) && code(err) != sqlite3.SQLITE_BUSY {
			return nil, s.wrap(err)
		}
	}
	tx, err := s.read.BeginTx(context.WithoutCancel(ctx), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, s.wrap(err)
	}
	defer tx.Rollback()
	f := &finder{ctx: ctx, tx: tx, query: q, pattern: p, want: max(q.Limit, searchMinimum), seen: map[foundKey]int{}}
	if err := f.run(); err != nil {
		return nil, s.wrap(err)
	}
	out, err = f.results()
	return out, s.wrap(err)
}

// searchPattern is what a search looks for, with the bits that a text with it has.
type searchPattern struct {
	stored.Pattern
	grams []int
}

func newSearchPattern(text string, words bool) *searchPattern {
	p := &searchPattern{Pattern: stored.NewPattern(text, words)}
	set := map[int]bool{}
	for _, part := range p.Parts {
		grams(part, func(bit int) { set[bit] = true })
	}
	for bit := range set {
		p.grams = append(p.grams, bit)
	}
	slices.Sort(p.grams)
	if len(p.grams) > maxGrams {
		// Those that are far from each other say more.
		step := float64(len(p.grams)) / maxGrams
		for i := range maxGrams {
			p.grams[i] = p.grams[int(float64(i)*step)]
		}
		p.grams = p.grams[:maxGrams]
	}
	return p
}

// finder runs a search within one transaction.
type finder struct {
	ctx     context.Context
	tx      *sql.Tx
	query   memory.Search
	pattern *searchPattern
	want    int
	folder  stored.Folder
	slices  *sql.Stmt
	byText  *sql.Stmt // current entries of a source text
	byID    *sql.Stmt // a current entry
	indexed map[searchBlock]bool
	uids    map[int64]string
	pairs   map[int64]bool

	found []hit
	seen  map[foundKey]int
}

type foundKey struct {
	text, pair    int64
	target, codes string
}

type hit struct {
	memory.Found
	rank int
	key  foundKey
}

// isEnough reports whether there are as many results as are ranked.
func (f *finder) isEnough() bool { return len(f.found) >= f.want }

func (f *finder) run() error {
	f.folder = stored.NewFolder()
	has, err := hasSearchIndex(f.tx)
	if err != nil {
		return err
	}
	if has {
		if f.indexed, err = indexedBlocks(f.tx); err != nil {
			return err
		}
		if f.slices, err = f.tx.Prepare("SELECT bits FROM search_slice WHERE kind = ? AND block = ? AND bit IN (SELECT value FROM json_each(?))"); err != nil {
			return err
		}
		defer f.slices.Close()
	}
	const current = "SELECT " + sourceColumns + ", %s" + ` FROM entry e LEFT JOIN pair p ON p.id = e.pair LEFT JOIN text t ON t.id = e.text
		LEFT JOIN text prev ON prev.id = e.prev LEFT JOIN text next ON next.id = e.next LEFT JOIN text place ON place.id = e.place
		WHERE e.withdrawn = 0 AND %s ORDER BY e.priority DESC, e.effective_at DESC, e.id LIMIT ?`
	for _, p := range []struct {
		to    **sql.Stmt
		where string
	}{{&f.byText, "e.text = ?"}, {&f.byID, "e.id = ?"}} {
		if *p.to, err = f.tx.Prepare(fmt.Sprintf(current, prefixed("e.", entryColumns), p.where)); err != nil {
			return err
		}
		defer (*p.to).Close()
	}
	if f.uids, err = uidsOf(f.ctx, f.tx); err != nil {
		return err
	}
	pairs, err := pairsOf(f.tx, f.query.SourceLocale, f.query.TargetLocale)
	if err != nil {
		return err
	}
	f.pairs = map[int64]bool{}
	for _, p := range pairs {
		f.pairs[p] = true
	}
	texts, entries, err := idRanges(f.tx)
	if err != nil {
		return err
	}
	if f.query.Side != memory.TargetSide {
		if err := f.blocks(sourceKind, 0, texts, f.sources); err != nil {
			return err
		}
	}
	if f.query.Side == memory.SourceSide {
		return nil
	}
	slices.Sort(pairs)
	before := len(f.found)
	for _, p := range pairs {
		f.want = max(f.query.Limit, searchMinimum) + before
		if has {
			if err := f.dirty(p); err != nil {
				return err
			}
		}
		if err := f.blocks(targetKind, p<<pairShift, entries[p], f.targets); err != nil {
			return err
		}
	}
	return nil
}

// blocks calls check with the ids in a range that may have the pattern, block by
// block, the newest first, until there are results enough.
func (f *finder) blocks(kind int64, first, last int64, check func(where string, args ...any) error) error {
	for b := last >> blockShift; b >= first>>blockShift && !f.isEnough(); b-- {
		if err := f.ctx.Err(); err != nil {
			return err
		}
		if !f.indexed[searchBlock{kind, b}] || len(f.pattern.grams) == 0 {
			if err := check("id BETWEEN ? AND ?", b<<blockShift, b<<blockShift+1<<blockShift-1); err != nil {
				return err
			}
			continue
		}
		ids, err := f.candidates(kind, b)
		if err != nil {
			return err
		}
		if len(ids) > 0 {
			if err := check("id IN (SELECT value FROM json_each(?))", jsonList(ids)); err != nil {
				return err
			}
		}
	}
	return nil
}

// candidates returns the ids of a block whose signatures have the pattern's bits.
func (f *finder) candidates(kind, block int64) ([]int64, error) {
	grams := make([]int64, len(f.pattern.grams))
	for i, g := range f.pattern.grams {
		grams[i] = int64(g)
	}
	rows, err := f.slices.Query(kind, block, jsonList(grams))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []byte
	n := 0
	for rows.Next() {
		var slice sql.RawBytes
		if err := rows.Scan(&slice); err != nil {
			return nil, err
		}
		if len(slice) != 1<<blockShift/8 {
			return nil, fmt.Errorf("%w: a search index of %d bytes", memory.ErrDamaged, len(slice))
		}
		if n++; n == 1 {
			all = slices.Clone(slice)
			continue
		}
		for i := range all {
			all[i] &= slice[i]
		}
	}
	if err := rows.Err(); err != nil || n < len(grams) {
		return nil, err
	}
	var out []int64
	for i, b := range all {
		for ; b != 0; b &= b - 1 {
			out = append(out, block<<blockShift+int64(i*8+mathbits.TrailingZeros8(b)))
		}
	}
	return out, nil
}

// sources looks for the pattern in source texts.
func (f *finder) sources(where string, args ...any) error {
	rows, err := f.tx.Query("SELECT id, key FROM text WHERE locale <> 0 AND "+where+" ORDER BY id DESC", args...)
	if err != nil {
		return err
	}
	type match struct {
		id   int64
		rank int
	}
	var matches []match
	for rows.Next() {
		var m match
		var key string
		if err := rows.Scan(&m.id, &key); err != nil {
			rows.Close()
			return err
		}
		var ok bool
		if m.rank, ok = f.pattern.Rank(f.folder.Fold(stored.WithoutTags(key))); ok {
			matches = append(matches, m)
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, m := range matches {
		if f.isEnough() {
			return nil
		}
		if err := f.add(m.rank, f.byText, m.id); err != nil {
			return err
		}
	}
	return nil
}

// dirty looks for the pattern in the targets that changed since they were indexed.
func (f *finder) dirty(pair int64) error {
	return f.targets("id IN (SELECT id FROM search_dirty WHERE id BETWEEN ? AND ?)", pair<<pairShift, (pair+1)<<pairShift-1)
}

// targets looks for the pattern in targets.
func (f *finder) targets(where string, args ...any) error {
	rows, err := f.tx.Query("SELECT id, target FROM entry WHERE withdrawn = 0 AND "+where+" ORDER BY id DESC", args...)
	if err != nil {
		return err
	}
	type match struct {
		id   int64
		rank int
	}
	var matches []match
	for rows.Next() {
		var m match
		var target string
		if err := rows.Scan(&m.id, &target); err != nil {
			rows.Close()
			return err
		}
		var ok bool
		if m.rank, ok = f.pattern.Rank(f.folder.Fold(target)); ok {
			matches = append(matches, m)
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, m := range matches {
		if f.isEnough() {
			return nil
		}
		if err := f.add(m.rank, f.byID, m.id); err != nil {
			return err
		}
	}
	return nil
}

// add adds the current entries that a statement selects, at most searchUses of them.
func (f *finder) add(rank int, entries *sql.Stmt, arg int64) error {
	rows, err := entries.Query(arg, searchUses)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var c columns
		if err := rows.Scan(append(c.source(), c.entryFields()...)...); err != nil {
			return err
		}
		if !f.pairs[c.Pair] {
			continue
		}
		k := foundKey{c.Text, c.Pair, c.Target, c.Codes}
		if i, ok := f.seen[k]; ok {
			f.found[i].rank = max(f.found[i].rank, rank)
			continue
		}
		e, err := c.entry(f.uids)
		if err != nil {
			return err
		}
		f.seen[k] = len(f.found)
		f.found = append(f.found, hit{memory.Found{Entry: e, Batch: c.Batch}, rank, k})
	}
	return rows.Err()
}

// searchUses limits how many entries with one source are looked at.
const searchUses = 1000

// results ranks what was found, and finds out where it is used.
func (f *finder) results() ([]memory.Found, error) {
	slices.SortStableFunc(f.found, func(a, b hit) int { return cmp.Compare(b.rank, a.rank) })
	f.found = f.found[:min(len(f.found), f.query.Limit)]
	out := make([]memory.Found, len(f.found))
	for i := range f.found {
		h := &f.found[i]
		rows, err := f.tx.Query(`SELECT coalesce(place.key, '') FROM entry e LEFT JOIN text place ON place.id = e.place
			WHERE e.text = ? AND e.pair = ? AND e.withdrawn = 0 AND e.target = ? AND e.codes = ? ORDER BY e.id LIMIT ?`,
			h.key.text, h.key.pair, h.key.target, h.key.codes, searchUses)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var place string
			if err := rows.Scan(&place); err != nil {
				rows.Close()
				return nil, err
			}
			h.Uses++
			if place != "" && len(h.Places) < memory.MaxPlaces {
				h.Places = append(h.Places, place)
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, err
		}
		out[i] = h.Found
	}
	return out, nil
}
