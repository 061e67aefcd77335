package sqlite

import (
	"context"
	"database/sql"
	"fmt"

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
	maxGrams       = 12
	blocksPerWrite = 16
)

// The kinds of search_block: the ids are those of texts, or of entries.
const (
	sourceKind = iota
	targetKind
)

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
