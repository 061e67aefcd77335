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

// Search keeps a signature of every source text and every current target: a set of
// bits, one for each sequence of three characters in it. A text that contains another
// has all of its bits. Signatures are kept by blocks of texts, and within a block bit by
// bit, so that a search reads, of each block, only the bits of what it looks for ("bit-
// sliced signature files": C. Faloutsos, S. Christodoulakis, ACM TOIS 2(4), 1984). A
// block is indexed by a search when it is full; the rest is read as it is. What changes
// in an indexed block is listed in search_dirty until the block is indexed again.
const searchSchema = `
CREATE TABLE IF NOT EXISTS search_block (kind INTEGER NOT NULL, block INTEGER NOT NULL, PRIMARY KEY (kind, block)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS search_slice (kind INTEGER NOT NULL, block INTEGER NOT NULL, bit INTEGER NOT NULL, bits BLOB NOT NULL, PRIMARY KEY (kind, block, bit)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS search_dirty (id INTEGER PRIMARY KEY);
`

const (
	blockShift     = 13 // 8192 texts to a block
	signatureBits  = 512
	maxDirty       = 4096
	searchLimit    = 20
	searchMinimum  = 100 // how many results are ranked at least
	maxGrams       = 12
	blocksPerWrite = 16
)

// The kinds of search_block: the ids are those of texts, or of entries.
const (
	sourceKind = iota
	targetKind
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

// grams calls f with the bits of a folded text: for each three characters after each
// other, and for each two where they are of a script without spaces, whose words are
// that short.
func grams(text string, f func(bit int)) {
	var a, b rune = -1, -1
	for _, c := range text {
		if b >= cjk && c >= cjk {
			f(hashGram(0, b, c))
		}
		if a >= 0 {
			f(hashGram(a, b, c))
		}
		a, b = b, c
	}
}

// cjk is where the blocks of East Asian characters begin.
const cjk = 0x2E80

func hashGram(a, b, c rune) int {
	h := uint64(a)*0x9E3779B97F4A7C15 ^ uint64(b)*0xC2B2AE3D27D4EB4F ^ uint64(c)*0x165667B19E3779F9
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	return int(h >> 55) // 9 bits
}

// indexForSearch indexes the blocks that are full, some at a time, so that others can
// write between.
func (s *Store) indexForSearch(ctx context.Context) error {
	for {
		todo, err := s.blocksToIndex(ctx)
		if err != nil || len(todo) == 0 {
			return err
		}
		err = s.update(ctx, func(tx *sql.Tx) error {
			if _, err := tx.Exec(searchSchema); err != nil {
				return err
			}
			f := stored.NewFolder()
			for _, b := range todo[:min(len(todo), blocksPerWrite)] {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := indexBlock(tx, b, f); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

type searchBlock struct{ kind, block int64 }

// blocksToIndex lists the full blocks that have no signatures, or old ones.
func (s *Store) blocksToIndex(ctx context.Context) ([]searchBlock, error) {
	tx, err := s.read.BeginTx(context.WithoutCancel(ctx), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	full, err := fullBlocks(tx)
	if err != nil {
		return nil, err
	}
	has, err := hasSearchIndex(tx)
	if err != nil || !has {
		return full, err
	}
	indexed, err := indexedBlocks(tx)
	if err != nil {
		return nil, err
	}
	var out []searchBlock
	for _, b := range full {
		if !indexed[b] {
			out = append(out, b)
		}
	}
	var dirty int
	if err := tx.QueryRow("SELECT count(*) FROM search_dirty").Scan(&dirty); err != nil || dirty <= maxDirty {
		return out, err
	}
	rows, err := tx.Query(fmt.Sprintf("SELECT DISTINCT id >> %d FROM search_dirty", blockShift))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		b := searchBlock{kind: targetKind}
		if err := rows.Scan(&b.block); err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, rows.Err()
}

func hasSearchIndex(tx *sql.Tx) (has bool, err error) {
	err = tx.QueryRow("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'search_dirty')").Scan(&has)
	return has, err
}

func indexedBlocks(tx *sql.Tx) (map[searchBlock]bool, error) {
	rows, err := tx.Query("SELECT kind, block FROM search_block")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[searchBlock]bool{}
	for rows.Next() {
		var b searchBlock
		if err := rows.Scan(&b.kind, &b.block); err != nil {
			return nil, err
		}
		out[b] = true
	}
	return out, rows.Err()
}

// idRanges returns the last id of the source texts, and of the entries of each pair.
func idRanges(tx *sql.Tx) (texts int64, entries map[int64]int64, err error) {
	if err := tx.QueryRow("SELECT coalesce(max(id), 0) FROM text").Scan(&texts); err != nil {
		return 0, nil, err
	}
	pairs, err := pairsOf(tx, "", "")
	if err != nil {
		return 0, nil, err
	}
	entries = map[int64]int64{}
	for _, p := range pairs {
		var last int64
		if err := tx.QueryRow("SELECT coalesce(max(id), 0) FROM entry WHERE id BETWEEN ? AND ?", p<<pairShift, (p+1)<<pairShift-1).Scan(&last); err != nil {
			return 0, nil, err
		}
		if last > 0 {
			entries[p] = last
		}
	}
	if texts > maxText {
		return 0, nil, fmt.Errorf("%w: text number %d", memory.ErrDamaged, texts)
	}
	for p, last := range entries {
		if last-p<<pairShift > maxText {
			return 0, nil, fmt.Errorf("%w: entry number %d", memory.ErrDamaged, last)
		}
	}
	return texts, entries, nil
}

// fullBlocks lists the blocks that get no more ids.
func fullBlocks(tx *sql.Tx) ([]searchBlock, error) {
	texts, entries, err := idRanges(tx)
	if err != nil {
		return nil, err
	}
	var out []searchBlock
	for b := int64(0); b < texts>>blockShift; b++ {
		out = append(out, searchBlock{sourceKind, b})
	}
	for p, last := range entries {
		for b := p << pairShift >> blockShift; b < last>>blockShift; b++ {
			out = append(out, searchBlock{targetKind, b})
		}
	}
	return out, nil
}

// indexBlock writes the signatures of a block.
func indexBlock(tx *sql.Tx, b searchBlock, f stored.Folder) error {
	query := "SELECT id, key FROM text WHERE id BETWEEN ? AND ? AND locale <> 0"
	if b.kind == targetKind {
		query = "SELECT id, target FROM entry WHERE id BETWEEN ? AND ?"
	}
	first := b.block << blockShift
	last := first + 1<<blockShift - 1
	rows, err := tx.Query(query, first, last)
	if err != nil {
		return err
	}
	defer rows.Close()
	var signatures [signatureBits][]byte
	for rows.Next() {
		var id int64
		var text string
		if err := rows.Scan(&id, &text); err != nil {
			return err
		}
		if b.kind == sourceKind {
			text = stored.WithoutTags(text)
		}
		i := id - first
		grams(f.Fold(text), func(bit int) {
			if signatures[bit] == nil {
				signatures[bit] = make([]byte, 1<<blockShift/8)
			}
			signatures[bit][i/8] |= 1 << (i % 8)
		})
	}
	if err := rows.Err(); err != nil {
		return err
	}
	rows.Close()
	if _, err := tx.Exec("DELETE FROM search_slice WHERE kind = ?1 AND block = ?2; REPLACE INTO search_block VALUES (?1, ?2)", b.kind, b.block); err != nil {
		return err
	}
	if b.kind == targetKind {
		if _, err := tx.Exec("DELETE FROM search_dirty WHERE id BETWEEN ? AND ?", first, last); err != nil {
			return err
		}
	}
	put, err := tx.Prepare("INSERT INTO search_slice VALUES (?, ?, ?, ?)")
	if err != nil {
		return err
	}
	defer put.Close()
	for bit, s := range signatures {
		if s != nil {
			if _, err := put.Exec(b.kind, b.block, bit, s); err != nil {
				return err
			}
		}
	}
	return nil
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
		if !f.pairs[c.pair] {
			continue
		}
		k := foundKey{c.text, c.pair, c.target, c.codes}
		if i, ok := f.seen[k]; ok {
			f.found[i].rank = max(f.found[i].rank, rank)
			continue
		}
		e, err := c.entry(f.uids)
		if err != nil {
			return err
		}
		f.seen[k] = len(f.found)
		f.found = append(f.found, hit{memory.Found{Entry: e, Batch: c.batch}, rank, k})
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
