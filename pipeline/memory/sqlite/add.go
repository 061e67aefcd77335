package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/memory"
)

// Add implements memory.Writer.
func (s *Store) Add(ctx context.Context, b memory.Batch, entries []bitext.Entry) (memory.Result, error) {
	return s.AddAll(ctx, b, func(yield func(bitext.Entry, error) bool) {
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
	})
}

// AddAll implements memory.Writer.
func (s *Store) AddAll(ctx context.Context, b memory.Batch, entries iter.Seq2[bitext.Entry, error]) (memory.Result, error) {
	var result memory.Result
	var theirs error
	err := s.update(ctx, func(tx *sql.Tx) error {
		a, err := newAdder(tx, b)
		if err != nil {
			return err
		}
		defer a.close()
		chunk := make([]bitext.Entry, 0, chunkSize)
		for e, err := range entries {
			if err != nil {
				theirs = err
				return err
			}
			if chunk = append(chunk, e); len(chunk) == cap(chunk) {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := a.add(chunk); err != nil {
					return err
				}
				chunk = chunk[:0]
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := a.add(chunk); err != nil {
			return err
		}
		result, err = a.finish()
		return err
	})
	if theirs != nil {
		return memory.Result{}, theirs
	}
	if err != nil {
		return memory.Result{}, s.wrap(err)
	}
	return result, nil
}

// chunkSize is how many entries are looked up and inserted at a time.
const chunkSize = 512

// textRef names a text: a locale (empty for a place) and a key.
type textRef struct{ locale, key string }

// adder adds entries within one transaction.
type adder struct {
	tx     *sql.Tx
	batch  memory.Batch
	now    int64
	known  bool // the batch has its row
	result memory.Result

	locales     map[string]int64
	pairs       map[[2]string]int64
	nextEntry   map[int64]int64 // by pair
	nextText    int64
	firstText   int64 // texts from here on came with this transaction
	nextVersion int64
	filed       map[int64]*bits // by pair: the new texts that have an entry

	texts map[textRef]int64 // of this chunk

	// Inserts take one row at a time: for several SQLite keeps a journal of the
	// statement, which costs more than it saves.
	findTexts, findSlot, findHistory, putText, putEntry, putHistory *sql.Stmt
}

func newAdder(tx *sql.Tx, b memory.Batch) (*adder, error) {
	a := &adder{tx: tx, batch: b, locales: map[string]int64{"": 0}, pairs: map[[2]string]int64{},
		nextEntry: map[int64]int64{}, filed: map[int64]*bits{}}
	if a.batch.Time.IsZero() {
		a.batch.Time = time.Now()
	}
	a.now = a.batch.Time.Unix()
	if b.ID != 0 {
		if err := continued(tx, b.ID); err != nil {
			return nil, err
		}
		a.known = true
	}
	if err := tx.QueryRow("SELECT (SELECT value FROM meta WHERE name = 'version'), (SELECT coalesce(max(id), 0) FROM text)").
		Scan(&a.nextVersion, &a.nextText); err != nil {
		return nil, err
	}
	a.firstText = a.nextText + 1
	var errs []error
	prepare := func(query string) *sql.Stmt {
		st, err := tx.Prepare(query)
		errs = append(errs, err)
		return st
	}
	a.findTexts = prepare(findTexts)
	a.findSlot = prepare("SELECT " + entryColumns + " FROM entry WHERE text = ? AND pair = ? AND place = ? AND prev = ? AND next = ?")
	a.findHistory = prepare("SELECT " + historyColumns + " FROM former WHERE entry = ? AND withdrawn = 0")
	a.putText = prepare("INSERT INTO text (id, locale, hash, key) VALUES (?, ?, ?, ?)")
	a.putEntry = prepare(putEntry)
	a.putHistory = prepare(putHistory)
	return a, errors.Join(errs...)
}

func (a *adder) close() {
	for _, st := range []*sql.Stmt{a.findTexts, a.findSlot, a.findHistory, a.putText, a.putEntry, a.putHistory} {
		if st != nil {
			st.Close()
		}
	}
}

// continued checks that a batch may take more versions.
func continued(tx *sql.Tx, id int64) error {
	var undoes, undone int64
	err := tx.QueryRow("SELECT undoes, undone FROM batch WHERE id = ?", id).Scan(&undoes, &undone)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("batch %d: %w", id, memory.ErrNoBatch)
	case err != nil:
		return err
	case undone != 0:
		return fmt.Errorf("batch %d: %w by batch %d", id, memory.ErrUndone, undone)
	case undoes != 0:
		return fmt.Errorf("batch %d only undoes batch %d: %w to add to", id, undoes, memory.ErrNoBatch)
	}
	return nil
}

// add files one chunk of entries.
func (a *adder) add(chunk []bitext.Entry) error {
	if len(chunk) == 0 {
		return nil
	}
	keys := make([]string, len(chunk))
	for i := range chunk {
		if e := &chunk[i]; e.SourceLocale == "" || e.TargetLocale == "" {
			return fmt.Errorf("entry %q has no %s locale", diag.Excerpt(e.Source.Chars), either(e.SourceLocale == "", "source", "target"))
		}
		keys[i] = chunk[i].Source.Key()
	}
	if err := a.resolve(chunk, keys); err != nil {
		return err
	}
	for i := range chunk {
		if err := a.insert(&chunk[i], keys[i]); err != nil {
			return err
		}
	}
	return nil
}

// refs are the texts that an entry names: its source, neighbours and place.
func refs(e *bitext.Entry, key string) [4]textRef {
	return [4]textRef{{e.SourceLocale, key}, {e.SourceLocale, e.Prev}, {e.SourceLocale, e.Next}, {"", e.Place}}
}

// resolve finds or makes the ids of all texts that a chunk names.
func (a *adder) resolve(chunk []bitext.Entry, keys []string) error {
	a.texts = make(map[textRef]int64, 2*len(chunk))
	var order []textRef
	for i := range chunk {
		for n, r := range refs(&chunk[i], keys[i]) {
			if r.key == "" && n > 0 {
				continue // no context: id 0
			}
			if _, ok := a.texts[r]; !ok {
				a.texts[r] = -1
				order = append(order, r)
			}
		}
	}
	hashes := make([]int64, len(order))
	for i, r := range order {
		hashes[i] = hashKey(r.locale, r.key)
	}
	if err := eachText(a.findTexts, hashes, func(id int64, r textRef) {
		if _, ok := a.texts[r]; ok {
			a.texts[r] = id
		}
	}); err != nil {
		return err
	}
	for i, r := range order {
		if a.texts[r] >= 0 {
			continue
		}
		locale, err := a.locale(r.locale)
		if err != nil {
			return err
		}
		a.nextText++
		a.texts[r] = a.nextText
		if _, err := a.putText.Exec(a.nextText, locale, hashes[i], r.key); err != nil {
			return err
		}
	}
	return nil
}

// eachText calls f for every text with one of the hashes.
func eachText(find *sql.Stmt, hashes []int64, f func(id int64, r textRef)) error {
	rows, err := find.Query(jsonList(hashes))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var tag sql.NullString
		var r textRef
		if err := rows.Scan(&id, &tag, &r.key); err != nil {
			return err
		}
		r.locale = tag.String
		f(id, r)
	}
	return rows.Err()
}

func (a *adder) locale(tag string) (int64, error) {
	if id, ok := a.locales[tag]; ok {
		return id, nil
	}
	var id int64
	err := a.tx.QueryRow("INSERT INTO locale (tag) VALUES (?) ON CONFLICT DO UPDATE SET tag = tag RETURNING id", tag).Scan(&id)
	a.locales[tag] = id
	return id, err
}

func (a *adder) pair(source, target string) (int64, error) {
	if id, ok := a.pairs[[2]string{source, target}]; ok {
		return id, nil
	}
	var id int64
	err := a.tx.QueryRow("INSERT INTO pair (source, target) VALUES (?, ?) ON CONFLICT DO UPDATE SET source = source RETURNING id",
		source, target).Scan(&id)
	if err != nil {
		return 0, err
	}
	var last int64
	err = a.tx.QueryRow("SELECT coalesce(max(id), 0) FROM entry WHERE id BETWEEN ? AND ?", id<<pairShift, (id+1)<<pairShift-1).Scan(&last)
	a.pairs[[2]string{source, target}] = id
	a.nextEntry[id] = max(last, id<<pairShift)
	a.filed[id] = &bits{}
	return id, err
}

// insert puts one entry into its slot.
func (a *adder) insert(e *bitext.Entry, key string) error {
	pair, err := a.pair(e.SourceLocale, e.TargetLocale)
	if err != nil {
		return err
	}
	r := row{pair: pair}
	at := refs(e, key)
	r.text = a.texts[at[0]]
	for n, id := range []*int64{&r.prev, &r.next, &r.place} {
		if at[n+1].key != "" {
			*id = a.texts[at[n+1]]
		}
	}
	r.fill(e, key, a.now)
	// A text that came with this transaction and has no entry yet needs no search.
	isNew := r.text >= a.firstText && a.filed[pair].add(r.text-a.firstText)
	if !isNew {
		done, err := a.resolveConflict(&r)
		if err != nil || done {
			return err
		}
	}
	if err := a.number(&r); err != nil {
		return err
	}
	a.nextEntry[pair]++
	r.id = a.nextEntry[pair]
	_, err = a.putEntry.Exec(r.entryArgs()...)
	return err
}

// resolveConflict looks for what is in r's slot, and reports whether that settles it. The
// alternatives of one import do not follow each other, they stand side by side.
func (a *adder) resolveConflict(r *row) (done bool, err error) {
	rows, err := a.findSlot.Query(r.text, r.pair, r.place, r.prev, r.next)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	var last *row // the one to follow
	for rows.Next() {
		old := &row{}
		if err := rows.Scan(old.entryFields()...); err != nil {
			return false, err
		}
		if old.withdrawn == 0 && old.sameContent(r) {
			a.result.Unchanged++
			return true, nil
		}
		const imported = string(bitext.FromImport)
		beside := a.known && old.batch == a.batch.ID && old.withdrawn == 0 && (old.kind == imported || r.kind == imported)
		if !beside && (last == nil || old.compare(last) > 0) {
			last = old
		}
	}
	if err := rows.Err(); err != nil || last == nil {
		return false, err
	}
	rows.Close()
	return true, a.change(last, r)
}

// number makes r a new version of this batch.
func (a *adder) number(r *row) error {
	if !a.known {
		if err := newBatch(a.tx, &a.batch, 0); err != nil {
			return err
		}
		a.known = true
	}
	a.nextVersion++
	r.version, r.batch = a.nextVersion, a.batch.ID
	a.result.Added++
	return nil
}

// newBatch gives b its row and ID.
func newBatch(tx *sql.Tx, b *memory.Batch, undoes int64) error {
	return tx.QueryRow("INSERT INTO batch (author, note, time, versions, undoes, undone) VALUES (?, ?, ?, 0, ?, 0) RETURNING id",
		b.Author, b.Note, b.Time.Unix(), undoes).Scan(&b.ID)
}

// change adds r to the entry whose row is old, which says something else.
func (a *adder) change(old, r *row) error {
	found, err := a.inHistory(old, r)
	if err != nil || found {
		return err
	}
	if err := a.number(r); err != nil {
		return err
	}
	r.id = old.id
	if r.compare(old) < 0 {
		a.result.Outranked++
		_, err := a.putHistory.Exec(r.historyArgs()...)
		return err
	}
	if old.withdrawn == 0 {
		a.result.Superseded++
	}
	if _, err := a.putHistory.Exec(old.historyArgs()...); err != nil {
		return err
	}
	_, err = a.putEntry.Exec(r.entryArgs()...)
	return err
}

// inHistory looks for r among the standing former versions. Below the current
// one's priority the time does not matter: it cannot win by it.
func (a *adder) inHistory(old, r *row) (bool, error) {
	rows, err := a.findHistory.Query(old.id)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	for rows.Next() {
		var f row
		if err := rows.Scan(f.historyFields()...); err != nil {
			return false, err
		}
		if f.sameContent(r) && (f.time == r.time || r.priority < old.priority) {
			a.result.Unchanged++
			return true, nil
		}
	}
	return false, rows.Err()
}

// finish writes the counters.
func (a *adder) finish() (memory.Result, error) {
	if a.result.Added == 0 {
		return a.result, nil
	}
	a.result.Batch = a.batch.ID
	_, err := a.tx.Exec("UPDATE batch SET versions = versions + ? WHERE id = ?", a.result.Added, a.batch.ID)
	if err == nil {
		_, err = a.tx.Exec("UPDATE meta SET value = ? WHERE name = 'version'", a.nextVersion)
	}
	return a.result, err
}

// jsonList is a list of numbers for json_each: one parameter for any length.
func jsonList(n []int64) string {
	b := make([]byte, 0, 20*len(n)+2)
	b = append(b, '[')
	for i, v := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, v, 10)
	}
	return string(append(b, ']'))
}

// bits is a set of small numbers.
type bits struct{ words []uint64 }

// add reports whether n was not in the set before.
func (b *bits) add(n int64) bool {
	w := int(n / 64)
	if w >= len(b.words) {
		b.words = append(b.words, make([]uint64, w+1-len(b.words))...)
	}
	mask := uint64(1) << (n % 64)
	isNew := b.words[w]&mask == 0
	b.words[w] |= mask
	return isNew
}

func (b *bits) has(n int64) bool {
	w := int(n / 64)
	return w < len(b.words) && b.words[w]&(1<<(n%64)) != 0
}

func either(b bool, yes, no string) string {
	if b {
		return yes
	}
	return no
}
