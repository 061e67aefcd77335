package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/slot"
	"hexapla/pipeline/memory/internal/stored"
)

// chunkSize is how many entries are looked up and inserted at a time.
const chunkSize = 1000

// textRef names a text: a locale (empty for a place) and a key.
type textRef struct{ locale, key string }

// writer changes the memory within one transaction. It keeps the law of package
// memory, that what is current follows from the set of versions. Changes are sent to
// the server chunk by chunk, each chunk in one round trip.
type writer struct {
	ctx context.Context
	tx  pgx.Tx
	xid string // of the transaction
	now time.Time

	clock, nextText, nextVersion, nextBatch int64

	uids     map[int64]string // of batches, as far as they were needed
	added    map[int64]int    // new versions by batch
	pairs    map[[2]string]int64
	pairTags map[int64][2]string
	folder   stored.Folder

	// Of the present chunk.
	texts map[textRef]int64
	keys  map[int64]string
	slots map[slot.Key]*slotRows
	large map[slot.Key]*slotRows // of the whole transaction

	newBatches        []batchRow
	newTexts          []textRef // with the ids up to nextText
	inserted, changed []*row
	earlier           map[*slotRows]bool // slots that have another first version now
}

// batchRow is a batch with what the table has beside it.
type batchRow struct {
	memory.Batch
	recordedAt, undoes int64
}

// newWriter takes the lock of writers.
func newWriter(ctx context.Context, tx pgx.Tx, now time.Time, wait time.Duration) (*writer, error) {
	if now.IsZero() {
		now = time.Now()
	}
	if _, ok := memory.UnixTime(now); !ok {
		return nil, fmt.Errorf("the batch's time %v is outside the years 1 to 9999", now)
	}
	w := &writer{ctx: ctx, tx: tx, now: now, uids: map[int64]string{}, added: map[int64]int{}, folder: stored.NewFolder(),
		pairs: map[[2]string]int64{}, pairTags: map[int64][2]string{}, large: map[slot.Key]*slotRows{}, earlier: map[*slotRows]bool{}}
	b := &pgx.Batch{}
	// The queries of a writer find a few rows each, by an index.
	b.Queue(fmt.Sprintf("SET LOCAL lock_timeout = %d", wait.Milliseconds()))
	b.Queue("SET LOCAL enable_hashjoin = off")
	b.Queue("SET LOCAL enable_mergejoin = off")
	b.Queue("SELECT clock, text, version, batch, pg_current_xact_id()::text FROM memory_meta FOR UPDATE").QueryRow(func(row pgx.Row) error {
		return row.Scan(&w.clock, &w.nextText, &w.nextVersion, &w.nextBatch, &w.xid)
	})
	b.Queue("SELECT id, source, target FROM memory_pair").Query(func(rows pgx.Rows) error {
		var id int64
		var k [2]string
		_, err := pgx.ForEachRow(rows, []any{&id, encoded{&k[0]}, encoded{&k[1]}}, func() error {
			w.pairs[k], w.pairTags[id] = id, k
			return nil
		})
		return err
	})
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		if errors.Is(err, pgx.ErrNoRows) {
			err = fmt.Errorf("%w: table memory_meta is empty", memory.ErrDamaged)
		}
		return nil, err
	}
	if w.nextVersion < 0 || w.nextText < 0 || w.nextBatch < 0 {
		return nil, fmt.Errorf("%w: a counter is negative", memory.ErrDamaged)
	}
	w.clock = max(w.clock, now.UnixMicro()-1)
	return w, nil
}

// tick returns the next recorded_at.
func (w *writer) tick() int64 {
	w.clock++
	return w.clock
}

func (w *writer) newVersion() int64 {
	w.nextVersion++
	return w.nextVersion
}

// refs returns the texts that an entry names: its source, neighbours and place.
func refs(e *bitext.Entry, key string) [4]textRef {
	return [4]textRef{{e.SourceLocale, key}, {e.SourceLocale, e.Prev}, {e.SourceLocale, e.Next}, {"", e.Place}}
}

// begin starts a chunk: it finds or makes the numbers of all texts that it names, and
// reads the slots that it changes.
func (w *writer) begin(chunk []bitext.Entry, keys []string) error {
	w.texts = make(map[textRef]int64, 2*len(chunk))
	var order []textRef
	var hashes []int64
	for i := range chunk {
		for n, r := range refs(&chunk[i], keys[i]) {
			if r.key == "" && n > 0 {
				continue // no context: id 0
			}
			if _, ok := w.texts[r]; !ok {
				w.texts[r] = -1
				order = append(order, r)
				hashes = append(hashes, stored.HashKey(r.locale, r.key))
			}
		}
	}
	rows, err := w.tx.Query(w.ctx, "SELECT id, locale, key FROM memory_text WHERE hash = ANY($1)", hashes)
	if err != nil {
		return err
	}
	var id int64
	var ref textRef
	if _, err := pgx.ForEachRow(rows, []any{&id, encoded{&ref.locale}, encoded{&ref.key}}, func() error {
		if _, ok := w.texts[ref]; ok {
			w.texts[ref] = id
		}
		return nil
	}); err != nil {
		return err
	}
	firstText := w.nextText + 1
	w.keys = make(map[int64]string, len(order))
	for _, r := range order {
		if w.texts[r] < 0 {
			w.nextText++
			w.texts[r] = w.nextText
			w.newTexts = append(w.newTexts, r)
		}
		w.keys[w.texts[r]] = r.key
	}
	return w.loadSlots(chunk, keys, firstText)
}

// loadSlots reads the slots of a chunk. A text from firstText on has none.
func (w *writer) loadSlots(chunk []bitext.Entry, keys []string, firstText int64) error {
	w.slots = make(map[slot.Key]*slotRows, len(chunk))
	var wanted []slot.Key
	for i := range chunk {
		if _, err := w.pair(chunk[i].SourceLocale, chunk[i].TargetLocale); err != nil {
			return err
		}
		k := w.slotKey(&chunk[i], keys[i])
		if _, ok := w.slots[k]; ok {
			continue
		}
		if s := w.large[k]; s != nil {
			w.slots[k] = s
			continue
		}
		w.slots[k] = &slotRows{Complete: true}
		if k.Text < firstText {
			wanted = append(wanted, k)
		}
	}
	return w.readSlots(wanted)
}

// readSlots reads slots into w.slots.
func (w *writer) readSlots(wanted []slot.Key) error {
	if len(wanted) == 0 {
		return nil
	}
	columns := make([][]int64, 5)
	for _, k := range wanted {
		for i, n := range [...]int64{k.Text, k.Pair, k.Place, k.Prev, k.Next} {
			columns[i] = append(columns[i], n)
		}
	}
	rows, err := w.tx.Query(w.ctx, "SELECT "+rowColumns+` FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) k(text, pair, place, prev, next)
		JOIN memory_version v USING (text, pair, place, prev, next) ORDER BY v.version`, columns[0], columns[1], columns[2], columns[3], columns[4])
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		r := &row{}
		if err := rows.Scan(r.fields()...); err != nil {
			return err
		}
		r.Withdraw(r.Withdrawn)
		w.slots[r.Key].Load(r)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, k := range wanted {
		w.keep(w.slots[k])
	}
	return nil
}

func (w *writer) slotKey(e *bitext.Entry, key string) slot.Key {
	k := slot.Key{Pair: w.pairs[[2]string{e.SourceLocale, e.TargetLocale}]}
	at := refs(e, key)
	k.Text = w.texts[at[0]]
	for n, id := range []*int64{&k.Prev, &k.Next, &k.Place} {
		if at[n+1].key != "" {
			*id = w.texts[at[n+1]]
		}
	}
	return k
}

// newRow returns an entry as a new row, and its slot.
func (w *writer) newRow(e *bitext.Entry, key string, batchTime int64) (*row, *slotRows) {
	k := w.slotKey(e, key)
	r := &row{isNew: true}
	r.Key = k
	r.Fill(e, key, batchTime)
	return r, w.slots[k]
}

// pair returns the number of a locale pair, which gets one if it has none.
func (w *writer) pair(source, target string) (int64, error) {
	k := [2]string{source, target}
	if id, ok := w.pairs[k]; ok {
		return id, nil
	}
	id := int64(len(w.pairs) + 1) // they are never removed
	_, err := w.tx.Exec(w.ctx, "INSERT INTO memory_pair (id, source, target) VALUES ($1, $2, $3)", id, encode(source), encode(target))
	w.pairs[k], w.pairTags[id] = id, k
	return id, err
}

// Number implements slot.Store.
func (w *writer) Number(r *row, e *bitext.Entry, b *memory.Batch) error {
	if b.ID == 0 {
		w.newBatch(b, 0)
	}
	r.Number, r.RecordedAt, r.Batch = w.newVersion(), w.tick(), b.ID
	w.added[r.Batch]++
	if e == nil {
		own, err := r.EntryInContext(w.pairTags[r.Pair], w.keys)
		if err != nil {
			return err
		}
		e = &own
	}
	uid, err := w.uid(r.Batch)
	if err != nil {
		return err
	}
	v := r.Record(*e, uid)
	r.Sum = v.Checksum()
	return nil
}

// uid returns the UID of a batch.
func (w *writer) uid(batch int64) (string, error) {
	if uid, ok := w.uids[batch]; ok {
		return uid, nil
	}
	var uid string
	err := w.tx.QueryRow(w.ctx, "SELECT uid FROM memory_batch WHERE id = $1", batch).Scan(encoded{&uid})
	w.uids[batch] = uid
	return uid, err
}

// newBatch gives b its row, ID and UID.
func (w *writer) newBatch(b *memory.Batch, undoes int64) {
	if b.UID == "" {
		b.UID = stored.NewUID()
	}
	w.nextBatch++
	b.ID = w.nextBatch
	w.newBatches = append(w.newBatches, batchRow{*b, w.tick(), undoes})
	w.uids[b.ID] = b.UID
}

// checkContinued checks that a batch may take more versions.
func (w *writer) checkContinued(id int64) error {
	var undoes, undone int64
	err := w.tx.QueryRow(w.ctx, "SELECT undoes, undone FROM memory_batch WHERE id = $1", id).Scan(&undoes, &undone)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
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

// queueChunk puts what the present chunk changes into a batch of statements.
func (w *writer) queueChunk(b *pgx.Batch) {
	for _, n := range w.newBatches {
		b.Queue("INSERT INTO memory_batch (id, uid, author, note, name, time, recorded_at, known, versions, undoes, undone) VALUES ($1, $2, $3, $4, $5, $6, $7, true, 0, $8, 0)",
			n.ID, encode(n.UID), encode(n.Author), encode(n.Note), encode(n.Name), n.Time.Unix(), n.recordedAt, n.undoes)
	}
	w.newBatches = w.newBatches[:0]
	if n := len(w.newTexts); n > 0 {
		ids, hashes := make([]int64, n), make([]int64, n)
		locales, keys, folded := make([]string, n), make([]string, n), make([]*string, n)
		for i, r := range w.newTexts {
			ids[i], hashes[i] = w.nextText-int64(n-1-i), stored.HashKey(r.locale, r.key)
			locales[i], keys[i] = encode(r.locale), encode(r.key)
			if r.locale != "" {
				folded[i] = w.fold(stored.WithoutTags(r.key), keys[i])
			}
		}
		b.Queue("INSERT INTO memory_text (id, locale, hash, key, folded) SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[])", ids, locales, hashes, keys, folded)
		w.newTexts = w.newTexts[:0]
	}
	for s := range w.earlier {
		w.setFirst(s)
	}
	clear(w.earlier)
	if n := len(w.inserted); n > 0 {
		numbers := make([][]int64, 14)
		texts := make([][]string, 9)
		current, folded, times := make([]bool, n), make([]*string, n), make([]sql.NullInt64, n)
		for i, r := range w.inserted {
			for c, v := range [...]int64{r.Number, r.Pair, r.Text, r.Place, r.Prev, r.Next, r.First, r.AbsolutePriority(), r.EffectiveAt, r.RecordedAt, r.Batch, r.Withdrawn, r.Sum, r.State} {
				numbers[c] = append(numbers[c], v)
			}
			target := encode(r.Target)
			for c, v := range [...]string{r.Source, target, r.Codes, encode(r.SubState), encode(r.Kind), encode(r.Name), encode(r.Terms), r.Props} {
				texts[c] = append(texts[c], v)
			}
			current[i], times[i], folded[i] = r.Current, r.Time, w.fold(r.Target, target)
			r.isNew, r.isChanged = false, false
		}
		b.Queue(`INSERT INTO memory_version (version, pair, text, place, prev, next, first, priority, effective_at, recorded_at, batch, withdrawn, sum, state,
				source, target, codes, substate, kind, name, terms, props, current, folded, time)
			SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[],
				$15::text[], $16::text[], $17::text[], $18::text[], $19::text[], $20::text[], $21::text[], $22::text[], $23::boolean[], $24::text[], $25::bigint[])`,
			numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6], numbers[7], numbers[8], numbers[9], numbers[10], numbers[11], numbers[12], numbers[13],
			texts[0], texts[1], texts[2], texts[3], texts[4], texts[5], texts[6], texts[7], current, folded, times)
		w.inserted = w.inserted[:0]
	}
	if n := len(w.changed); n > 0 {
		versions, firsts, current := make([]int64, n), make([]int64, n), make([]bool, n)
		for i, r := range w.changed {
			versions[i], firsts[i], current[i] = r.Number, r.First, r.Current
			r.isChanged = false
		}
		b.Queue("UPDATE memory_version v SET first = u.first, current = u.current FROM unnest($1::bigint[], $2::bigint[], $3::boolean[]) u(version, first, current) WHERE v.version = u.version", versions, firsts, current)
		w.changed = w.changed[:0]
	}
}

// fold returns a text as searches compare it, nil if that is the text as it is stored.
func (w *writer) fold(text, storedAs string) *string {
	f := encode(w.folder.Fold(text))
	if f == storedAs {
		return nil
	}
	return &f
}

// flush sends what the present chunk changes.
func (w *writer) flush() error {
	b := &pgx.Batch{}
	w.queueChunk(b)
	if b.Len() == 0 {
		return nil
	}
	return w.tx.SendBatch(w.ctx, b).Close()
}

// finish sends the last chunk, the counters and the new revision, and notifies the other
// processes.
func (w *writer) finish() error {
	b := &pgx.Batch{}
	w.queueChunk(b)
	for batch, n := range w.added {
		b.Queue("UPDATE memory_batch SET versions = versions + $1 WHERE id = $2", n, batch)
	}
	b.Queue("UPDATE memory_meta SET version = $1, clock = $2, text = $3, batch = $4, revision = revision + 1", w.nextVersion, w.clock, w.nextText, w.nextBatch)
	b.Queue("SELECT pg_notify($1 || current_schema(), $2)", channelPrefix, fmt.Sprint(w.nextVersion))
	return w.tx.SendBatch(w.ctx, b).Close()
}
