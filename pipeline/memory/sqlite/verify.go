package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/slot"
	"hexapla/pipeline/memory/internal/stored"
)

// MaxProblems is how many problems Verify describes.
const MaxProblems = 1000

// Verify reads the whole memory, compares every text and every version with its
// checksum, and returns what is wrong. An error is returned only if the memory cannot
// be read at all.
func (s *Store) Verify(ctx context.Context) (problems []string, err error) {
	defer s.guard(&err)()
	add := func(format string, args ...any) {
		if len(problems) < MaxProblems {
			problems = append(problems, fmt.Sprintf(format, args...))
		}
	}
	rows, err := s.read.QueryContext(ctx, "PRAGMA integrity_check(100)")
	if err != nil {
		add("the structure of the file cannot be read: %v", err)
	} else {
		for rows.Next() {
			var verdict string
			if err := rows.Scan(&verdict); err == nil && verdict != "ok" {
				add("structure of the file: %s", verdict)
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			add("the structure of the file cannot be read: %v", err)
		}
	}
	r := reader{db: s.read, report: add}
	if err := r.load(ctx); err != nil {
		return problems, err
	}
	for range r.versions(ctx) {
		if err := ctx.Err(); err != nil {
			return problems, err
		}
	}
	for range r.notes(ctx) {
	}
	r.counters(ctx)
	return problems, nil
}

// Recovered counts what Recover saved. Lost has what could not be saved, at most
// MaxProblems of it.
type Recovered struct {
	Batches  int
	Versions int
	Lost     []string
}

// Recover reads what can be read in the damaged memory in the file path and stores it
// in a new memory in the file to, which must not exist. What fails its checksum is
// left out. The damaged file is not changed.
func Recover(ctx context.Context, path, to string) (result Recovered, err error) {
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return result, fmt.Errorf("%s: %w", to, errors.Join(err, fs.ErrExist))
	}
	if _, err := checkFile(path, true); err != nil {
		return result, fmt.Errorf("translation memory %s: %w", path, err)
	}
	damaged := &Store{path: path, wait: 5 * time.Second}
	defer damaged.guard(&err)()
	if damaged.read, err = damaged.connect("ro", ""); err != nil {
		return result, damaged.wrap(err)
	}
	defer damaged.Close()
	var version int
	if err := damaged.read.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return result, damaged.wrap(err)
	}
	if version != schemaVersion {
		return result, fmt.Errorf("translation memory %s: %w: it has schema version %d, and only version %d can be recovered", path, memory.ErrDamaged, version, schemaVersion)
	}
	saved, err := Open(ctx, to, Options{})
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, saved.Close()) }()
	r := reader{db: damaged.read, recover: true, report: func(format string, args ...any) {
		if len(result.Lost) < MaxProblems {
			result.Lost = append(result.Lost, fmt.Sprintf(format, args...))
		}
	}}
	if err := r.load(ctx); err != nil {
		return result, damaged.wrap(err)
	}
	_, err = saved.Merge(ctx, func(yield func(memory.Record, error) bool) {
		for _, b := range r.batches {
			result.Batches++
			if !yield(memory.Record{Batch: &b}, nil) {
				return
			}
		}
		for v := range r.versions(ctx) {
			if err := ctx.Err(); err != nil {
				yield(memory.Record{}, err)
				return
			}
			result.Versions++
			if !yield(memory.Record{Version: &v}, nil) {
				return
			}
		}
		for n := range r.notes(ctx) {
			if !yield(memory.Record{Note: &n}, nil) {
				return
			}
		}
	}, nil)
	return result, err
}

// reader reads a memory that may be damaged: table by table, and row by row where a
// table cannot be read as a whole.
type reader struct {
	db      *sql.DB
	recover bool
	report  func(format string, args ...any)

	batches []memory.BatchRecord
	uids    map[int64]string
	locales map[int64]string
	pairs   map[int64][2]string
	texts   map[int64]damagedText

	lastVersion, lastRecorded int64 // the highest number and recorded_at of a version
}

type damagedText struct {
	locale, key string
}

// load reads all tables but the versions.
func (r *reader) load(ctx context.Context) error {
	r.uids, r.locales, r.pairs, r.texts = map[int64]string{}, map[int64]string{0: ""}, map[int64][2]string{}, map[int64]damagedText{}
	undoes := map[string]int64{}
	r.table(ctx, "batch", "id, uid, author, note, name, time, recorded_at, undoes, known", func(scan func(...any) error) error {
		var b memory.BatchRecord
		var id, t, undone int64
		var known bool
		if err := scan(&id, &b.UID, &b.Author, &b.Note, &b.Name, &t, &b.RecordedAt, &undone, &known); err != nil {
			return err
		}
		b.Time = time.Unix(t, 0).UTC()
		if r.uids[id] = b.UID; known {
			r.batches = append(r.batches, b)
		}
		if undone != 0 {
			undoes[b.UID] = undone
		}
		return nil
	})
	for i := range r.batches {
		if id, ok := undoes[r.batches[i].UID]; ok {
			if r.batches[i].Undoes = r.uids[id]; r.batches[i].Undoes == "" {
				r.report("batch %s undid batch %d, which is lost", r.batches[i].UID, id)
			}
		}
	}
	r.table(ctx, "locale", "id, tag", func(scan func(...any) error) error {
		var id int64
		var tag string
		err := scan(&id, &tag)
		r.locales[id] = tag
		return err
	})
	r.table(ctx, "pair", "id, source, target", func(scan func(...any) error) error {
		var id int64
		var tags [2]string
		err := scan(&id, &tags[0], &tags[1])
		r.pairs[id] = tags
		return err
	})
	if r.recover {
		r.loadIndexes(ctx)
	}
	r.table(ctx, "text", "id, locale, hash, key", func(scan func(...any) error) error {
		var id, locale, hash int64
		var t damagedText
		if err := scan(&id, &locale, &hash, &t.key); err != nil {
			return err
		}
		t.locale = r.locales[locale]
		if stored.HashKey(t.locale, t.key) != hash {
			r.report("the checksum of text %d is wrong: %q", id, diag.Excerpt(t.key))
			return nil
		}
		r.texts[id] = t
		return nil
	})
	return ctx.Err()
}

// loadIndexes reads what the indexes of the small tables have, should the tables
// themselves be lost.
func (r *reader) loadIndexes(ctx context.Context) {
	read := func(query string, f func(id int64, a, b string)) {
		rows, err := r.db.QueryContext(ctx, query)
		if err != nil {
			return
		}
		defer rows.Close()
		for rows.Next() {
			var id int64
			var a, b string
			if rows.Scan(&id, &a, &b) == nil {
				f(id, a, b)
			}
		}
	}
	read("SELECT id, tag, '' FROM locale INDEXED BY sqlite_autoindex_locale_1 ORDER BY tag", func(id int64, tag, _ string) {
		if _, ok := r.locales[id]; !ok {
			r.locales[id] = tag
		}
	})
	read("SELECT id, source, target FROM pair INDEXED BY sqlite_autoindex_pair_1 ORDER BY source, target", func(id int64, source, target string) {
		if _, ok := r.pairs[id]; !ok {
			r.pairs[id] = [2]string{source, target}
		}
	})
	read("SELECT id, uid, '' FROM batch INDEXED BY sqlite_autoindex_batch_1 ORDER BY uid", func(id int64, uid, _ string) {
		if _, ok := r.uids[id]; !ok {
			r.uids[id] = uid
		}
	})
}

// versions walks over the versions that are sound.
func (r *reader) versions(ctx context.Context) func(yield func(memory.VersionRecord) bool) {
	return func(yield func(memory.VersionRecord) bool) {
		slots := map[int64]slot.Key{}
		more := true
		one := func(c *row) {
			v, err := r.version(c)
			if err != nil {
				r.report("version %d: %v", c.Number, err)
				return
			}
			r.lastVersion, r.lastRecorded = max(r.lastVersion, c.Number), max(r.lastRecorded, c.RecordedAt)
			if more {
				more = yield(v)
			}
		}
		r.table(ctx, "entry", entryColumns, func(scan func(...any) error) error {
			var c row
			if err := scan(c.entryFields()...); err != nil {
				return err
			}
			slots[c.id] = c.Key
			one(&c)
			return nil
		})
		r.table(ctx, "history", historyColumns, func(scan func(...any) error) error {
			var c row
			if err := scan(c.historyFields()...); err != nil {
				return err
			}
			key, ok := slots[c.id]
			if !ok {
				r.report("version %d: its slot is lost: %q", c.Number, diag.Excerpt(c.Target))
				return nil
			}
			c.Key = key
			one(&c)
			return nil
		})
	}
}

// counters reports what writers could not go on from: new versions would get the numbers
// of old ones, and take their places.
func (r *reader) counters(ctx context.Context) {
	for _, c := range []struct {
		name  string
		least int64
	}{{"version", r.lastVersion}, {"clock", r.lastRecorded}, {"revision", 0}} {
		var value int64
		switch err := r.db.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = ?", c.name).Scan(&value); {
		case errors.Is(err, sql.ErrNoRows):
			r.report("the counter %q is lost", c.name)
		case err != nil:
			r.report("the counter %q cannot be read: %v", c.name, err)
		case value < c.least:
			r.report("the counter %q is %d, and a version has %d", c.name, value, c.least)
		}
	}
}

// notes walks over the notes that are sound.
func (r *reader) notes(ctx context.Context) func(yield func(memory.Note) bool) {
	return func(yield func(memory.Note) bool) {
		var has bool
		if r.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'note')").Scan(&has) != nil || !has {
			return
		}
		more := true
		batch := "batch"
		if r.db.QueryRowContext(ctx, hasNoteBatch).Scan(&has) == nil && !has {
			batch = "''"
		}
		r.table(ctx, "note", noteColumns+", "+batch, func(scan func(...any) error) error {
			var n memory.Note
			sum, err := scanNote(scan, &n)
			if err != nil {
				return err
			}
			if n.Checksum() != sum {
				r.report("the checksum of note %s is wrong: %q", n.UID, diag.Excerpt(n.Text))
			} else if more {
				more = yield(n)
			}
			return nil
		})
	}
}

// version checks a row and returns it as a record.
func (r *reader) version(c *row) (memory.VersionRecord, error) {
	source, ok := r.texts[c.Text]
	if !ok {
		return memory.VersionRecord{}, fmt.Errorf("its source text %d is lost; the target is %q", c.Text, diag.Excerpt(c.Target))
	}
	e, err := c.entry(source.key)
	if err != nil {
		return memory.VersionRecord{}, err
	}
	pair, ok := r.pairs[c.Pair]
	if !ok {
		return memory.VersionRecord{}, fmt.Errorf("its locale pair %d is lost: %q", c.Pair, diag.Excerpt(c.Target))
	}
	e.SourceLocale, e.TargetLocale = pair[0], pair[1]
	for _, f := range []struct {
		id  int64
		key *string
	}{{c.Prev, &e.Prev}, {c.Next, &e.Next}, {c.Place, &e.Place}} {
		if f.id == 0 {
			continue
		}
		t, ok := r.texts[f.id]
		if !ok {
			return memory.VersionRecord{}, fmt.Errorf("text %d of its context is lost: %q = %q", f.id, diag.Excerpt(source.key), diag.Excerpt(c.Target))
		}
		*f.key = t.key
	}
	uid, ok := r.uids[c.Batch]
	if !ok {
		if !r.recover {
			return memory.VersionRecord{}, fmt.Errorf("its batch %d is lost: %q = %q", c.Batch, diag.Excerpt(source.key), diag.Excerpt(c.Target))
		}
		// The row's own checksum holds: only its batch is unknown.
		r.report("batch %d is lost; its version %d is kept", c.Batch, c.Number)
		return c.Record(e, fmt.Sprint("lost-", c.Batch)), nil
	}
	v := c.Record(e, uid)
	if v.Checksum() != c.Sum {
		return v, fmt.Errorf("its checksum is wrong: %q = %q", diag.Excerpt(source.key), diag.Excerpt(c.Target))
	}
	return v, nil
}

// maxProbes is how many rows are looked for one by one in each hole of a table.
const maxProbes = 1 << 20

// maxFailed is after how many of them without success the search ends: more than any
// page has rows, and many pages after each other are seldom damaged.
const maxFailed = 10_000

// table calls f for each row of a table. Where the table cannot be read on, it begins
// again from the end, and then looks for the rows between one by one.
func (r *reader) table(ctx context.Context, table, columns string, f func(scan func(...any) error) error) {
	key := "id"
	if table == "history" {
		key = "version"
	}
	reported := false
	walk := func(where, order string) (last int64, n int, err error) {
		rows, err := r.db.QueryContext(ctx, fmt.Sprintf("SELECT %s, %s FROM %s NOT INDEXED WHERE %s ORDER BY %s %s", key, columns, table, where, key, order))
		if err != nil {
			return 0, 0, err
		}
		defer rows.Close()
		for rows.Next() {
			var id sql.NullInt64
			err := f(func(to ...any) error { return rows.Scan(append([]any{&id}, to...)...) })
			if err != nil {
				r.report("a row of table %s behind %s %d cannot be read: %v", table, key, last, err)
				continue
			}
			last = id.Int64
			n++
		}
		return last, n, rows.Err()
	}
	first, _, err := walk("1", "")
	if err == nil {
		return
	}
	r.report("table %s cannot be read behind %s %d: %v", table, key, first, err)
	if !r.recover {
		return
	}
	last, n, err := walk(fmt.Sprintf("%s > %d", key, first), "DESC")
	if err == nil {
		return
	}
	if n == 0 {
		last = first + maxProbes
	}
	failed := 0
	for id := first + 1; id < last && id <= first+maxProbes && failed < maxFailed && ctx.Err() == nil; id++ {
		_, _, err := walk(fmt.Sprintf("%s = %d", key, id), "")
		if err == nil {
			failed = 0
			continue
		}
		if failed++; !reported {
			reported = true
			r.report("rows of table %s between %s %d and %d are lost", table, key, first, last)
		}
	}
}
