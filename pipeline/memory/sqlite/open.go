// Package sqlite keeps a translation memory in one SQLite file, which many
// processes may use at once: readers never wait, writers wait for each other, for
// Options.Wait at most. It implements memory.Store; no type of SQLite leaves it.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"modernc.org/sqlite" // also registers the driver
	sqlite3 "modernc.org/sqlite/lib"

	"hexapla/pipeline/memory"
)

// Options control how a memory is opened. ReadOnly opens without writing a byte and
// without creating a file. Wait is the longest time to wait for another writer,
// 30 seconds if zero. NotEmpty refuses a file of no bytes: the caller knows that the
// memory had entries, and that it must not start anew without a word.
type Options struct {
	ReadOnly bool
	Wait     time.Duration
	NotEmpty bool
}

// Store is an open memory. It implements memory.Store.
type Store struct {
	path  string
	wait  time.Duration
	read  *sql.DB
	write *sql.DB // one connection; nil when read only

	writeLock chan struct{} // holds a token while nobody writes
	grown     bool          // the cache of write is large; who has the lock may use it

	stRevision, stPair, stText, stSlots, stRows *sql.Stmt // look-up

	broken  atomic.Bool // SQLite panicked: nothing can be asked of it any more
	scratch string      // a folder with the copy that is read, to be removed at the end

	mu    sync.Mutex
	pairs map[[2]string]int64 // known locale pairs; they are never removed
	texts map[textRef]int64   // known texts, a bounded number; they are never removed
	fuzzy map[string]*fuzzyIndex

	absent   map[textRef]bool // texts that the memory did not have at absentAt, a bounded number
	absentAt int64            // a revision

	frequent frequentTexts
}

// Open opens the memory in the file path, and makes the file and the folders
// above it if they are not there. A file that is no memory, or a newer one, is
// left as it is.
func Open(ctx context.Context, path string, opt Options) (_ *Store, err error) {
	s := &Store{path: path, wait: opt.Wait, writeLock: make(chan struct{}, 1),
		pairs: map[[2]string]int64{}, texts: map[textRef]int64{}, absent: map[textRef]bool{}, fuzzy: map[string]*fuzzyIndex{}}
	s.writeLock <- struct{}{}
	if s.wait <= 0 {
		s.wait = 30 * time.Second
	}
	defer s.guard(&err)()
	exists, err := checkFile(path, opt.NotEmpty)
	if err != nil {
		return nil, fmt.Errorf("translation memory %s: %w", path, err)
	}
	if !exists {
		if opt.ReadOnly {
			return nil, fmt.Errorf("translation memory %s: %w", path, fs.ErrNotExist)
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, fmt.Errorf("translation memory %s: %w", path, err)
		}
	}
	if err := s.open(ctx, opt.ReadOnly); err != nil {
		s.Close()
		return nil, s.wrap(err)
	}
	return s, nil
}

// checkFile refuses what cannot be a memory before SQLite opens it: a folder, a
// pipe, which would wait for ever, a link to nothing, a file of another kind.
func checkFile(path string, notEmpty bool) (exists bool, err error) {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		info, err = os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			to, _ := os.Readlink(path)
			return false, fmt.Errorf("%w: it is a symbolic link to %s, which does not exist: remove the link, or create its target", memory.ErrNotMemory, to)
		}
		if err != nil {
			return false, err
		}
	}
	if !info.Mode().IsRegular() {
		return false, fmt.Errorf("%w: it is a %s", memory.ErrNotMemory, modeName(info.Mode()))
	}
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	const magic = "SQLite format 3\x00"
	head := make([]byte, len(magic))
	n, err := io.ReadFull(f, head)
	if err == io.EOF {
		if notEmpty {
			return false, fmt.Errorf("%w: the file is empty, but editions have been made with it: restore it, or remove it to start with an empty memory", memory.ErrDamaged)
		}
		return true, nil // empty, as a crash right after creation leaves it
	}
	if err != nil && err != io.ErrUnexpectedEOF {
		return false, err
	}
	if string(head[:n]) != magic {
		return false, memory.ErrNotMemory
	}
	return true, nil
}

func modeName(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "folder"
	case m&fs.ModeNamedPipe != 0:
		return "named pipe"
	case m&fs.ModeSocket != 0:
		return "socket"
	}
	return "special file"
}

func (s *Store) open(ctx context.Context, readOnly bool) error {
	mode := "rw"
	if readOnly {
		mode = "ro"
	} else if _, err := os.Stat(s.path); errors.Is(err, fs.ErrNotExist) {
		mode = "rwc"
	}
	db, err := s.connect(mode, "")
	if err != nil {
		return err
	}
	version, err := s.version(ctx, db)
	if c := code(err); readOnly && (c == sqlite3.SQLITE_CANTOPEN || c == sqlite3.SQLITE_READONLY) {
		// A folder that may not be written has no place for the shared index of
		// the log. Without a log there is nothing to miss.
		if _, stat := os.Stat(s.path + "-wal"); errors.Is(stat, fs.ErrNotExist) {
			db.Close()
			if db, err = s.connect(mode, "&immutable=1"); err != nil {
				return err
			}
			version, err = s.version(ctx, db)
		}
	}
	if err != nil {
		db.Close()
		return err
	}
	if readOnly {
		s.read = db
		if version == 0 {
			return fmt.Errorf("%w: it is empty", memory.ErrNotMemory)
		}
		if version < schemaVersion {
			return s.openCopy(ctx)
		}
		return s.prepare(ctx)
	}
	db.SetMaxOpenConns(1)
	s.write = db
	if version == 0 {
		if err := s.create(ctx); err != nil {
			return err
		}
	} else if version < schemaVersion {
		if err := s.migrate(ctx); err != nil {
			return fmt.Errorf("bringing the memory to schema version %d: %w", schemaVersion, err)
		}
	}
	// The pragmas come after the checks: they write to the file.
	if err := s.retry(ctx, func() error {
		_, err := db.ExecContext(ctx, "PRAGMA journal_mode=WAL")
		return err
	}); err != nil {
		return err
	}
	if s.read, err = s.connect("rw", "&_query_only=1"); err != nil {
		return err
	}
	return s.prepare(ctx)
}

// prepare makes the statements of look-up.
func (s *Store) prepare(ctx context.Context) error {
	for _, p := range []struct {
		to    **sql.Stmt
		query string
	}{
		{&s.stText, findTexts},
		{&s.stRevision, "SELECT value FROM meta WHERE name = 'revision'"},
		{&s.stPair, "SELECT id FROM pair WHERE source = ? AND target = ?"},
		{&s.stSlots, "SELECT concat(text, ' ', place, ' ', prev, ' ', next, ' ', priority, ' ', effective_at, ' ', id, ' ') FROM entry WHERE text IN (SELECT value FROM json_each(?)) AND pair = ? AND priority >= 0"},
		{&s.stRows, "SELECT " + packedEntry + " FROM entry WHERE id IN (SELECT value FROM json_each(?))"},
	} {
		if err := s.retry(ctx, func() (err error) {
			*p.to, err = s.read.PrepareContext(ctx, p.query)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// findTexts finds texts by a list of hashes.
const findTexts = "SELECT t.id, l.tag, t.key FROM text t LEFT JOIN locale l ON l.id = t.locale WHERE t.hash IN (SELECT value FROM json_each(?))"

// connect makes a pool of connections to the file. Waiting is done by retry, which
// can be cancelled; SQLite itself waits only briefly.
func (s *Store) connect(mode, more string) (*sql.DB, error) {
	p := filepath.ToSlash(s.path)
	if filepath.VolumeName(s.path) != "" {
		p = "/" + p
	}
	u := url.URL{Path: p}
	dsn := "file:" + strings.ReplaceAll(u.EscapedPath(), "?", "%3f") + "?mode=" + mode +
		"&_txlock=immediate&_busy_timeout=20&_synchronous=FULL&_dqs=0&_error_rc=1&" + fmt.Sprintf("_pragma=cache_size(-%d)", usualCache) + more
	return sql.Open("sqlite", dsn)
}

// version is the file's schema version, 0 for an empty file.
func (s *Store) version(ctx context.Context, db *sql.DB) (int, error) {
	var app, version, objects int
	err := s.retry(ctx, func() error {
		return db.QueryRowContext(ctx,
			"SELECT (SELECT * FROM pragma_application_id), (SELECT * FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)").
			Scan(&app, &version, &objects)
	})
	switch {
	case err != nil:
		return 0, err
	case objects == 0 && app == 0 && version == 0:
		return 0, nil
	case app != applicationID:
		return 0, fmt.Errorf("%w: it is another program's database", memory.ErrNotMemory)
	case version > schemaVersion:
		return 0, &memory.NewerError{Path: s.path, Have: version, Want: schemaVersion}
	case version < 1:
		return 0, memory.ErrDamaged
	}
	return version, nil
}

// create writes the schema into an empty file, unless another process was faster.
func (s *Store) create(ctx context.Context) error {
	return s.update(ctx, func(tx *sql.Tx) error {
		var objects int
		if err := tx.QueryRow("SELECT count(*) FROM sqlite_schema").Scan(&objects); err != nil || objects > 0 {
			return err
		}
		_, err := tx.Exec(schema + fmt.Sprintf("PRAGMA application_id=%d; PRAGMA user_version=%d;", applicationID, schemaVersion))
		return err
	})
}

// Close implements memory.Store.
func (s *Store) Close() error {
	var errs []error
	// The writer goes last: the last connection folds the log into the file.
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil && !s.broken.Load() {
			errs = append(errs, db.Close())
		}
	}
	if s.scratch != "" {
		errs = append(errs, os.RemoveAll(s.scratch))
	}
	if err := errors.Join(errs...); err != nil {
		return s.wrap(err)
	}
	return nil
}

// guard returns a function to be deferred that turns a panic of SQLite, or of this
// package over what it read, into an error: a damaged file may lead it anywhere.
func (s *Store) guard(err *error) func() {
	fault := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(fault)
		if r := recover(); r != nil {
			if !ownPanic() {
				panic(r)
			}
			s.broken.Store(true)
			*err = fmt.Errorf("translation memory %s: %w: %v", s.path, memory.ErrDamaged, r)
		}
	}
}

// ownPanic reports whether the panic that is being handled comes from this package,
// or from what it calls, and not from a caller's iterator.
func ownPanic() bool {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs)])
	panicked := false
	for {
		f, more := frames.Next()
		switch {
		case f.Function == "runtime.gopanic":
			panicked = true
		case panicked && !strings.HasPrefix(f.Function, "runtime."):
			for _, own := range []string{"modernc.org/", "database/sql.", "hexapla/pipeline/memory"} {
				if strings.HasPrefix(f.Function, own) {
					return true
				}
			}
			return false
		}
		if !more {
			return false
		}
	}
}

// guarded returns the walk that f makes, with its error as the last element.
func guarded[T any](s *Store, f func(yield func(T, error) bool) error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		run := func() (err error) {
			defer s.guard(&err)()
			return f(yield)
		}
		if err := run(); err != nil {
			var zero T
			yield(zero, s.wrap(err))
		}
	}
}

// Sizes of the cache of a connection in KiB. Many entries at once touch pages all over the
// file; a build that stores answers one after another should not fill such a cache.
const (
	usualCache = 4000
	largeCache = 32000
)

// updateLarge is update with a large cache, for f that may write very much.
func (s *Store) updateLarge(ctx context.Context, f func(tx *sql.Tx) error) error {
	return s.update(ctx, func(tx *sql.Tx) error {
		if err := s.growCache(tx); err != nil {
			return err
		}
		return f(tx)
	})
}

// growCache enlarges the cache of the connection that writes until its transaction ends.
func (s *Store) growCache(tx *sql.Tx) error {
	s.grown = true
	_, err := tx.Exec(fmt.Sprintf("PRAGMA cache_size=-%d", largeCache))
	return err
}

// shrinkCache gives back what growCache took. The write lock is held.
func (s *Store) shrinkCache() {
	if s.grown {
		// A cache that stays large is no reason to fail.
		_, _ = s.write.Exec(fmt.Sprintf("PRAGMA cache_size=-%d", usualCache))
		s.grown = false
	}
}

// update runs f in one transaction that holds the file's write lock from the
// beginning, and commits it if f succeeds.
func (s *Store) update(ctx context.Context, f func(tx *sql.Tx) error) error {
	if s.write == nil {
		return memory.ErrReadOnly
	}
	if s.broken.Load() {
		return memory.ErrDamaged
	}
	limit := time.NewTimer(s.wait)
	defer limit.Stop()
	select {
	case <-s.writeLock:
		defer func() { s.writeLock <- struct{}{} }()
	case <-ctx.Done():
		return ctx.Err()
	case <-limit.C:
		return memory.ErrBusy
	}
	var tx *sql.Tx
	err := s.retry(ctx, func() (err error) {
		// The transaction outlives ctx's end by as long as f needs to notice it:
		// statements with a context of their own cost a goroutine each.
		tx, err = s.write.BeginTx(context.WithoutCancel(ctx), nil)
		return err
	})
	if err != nil {
		return err
	}
	if err = f(tx); err == nil {
		err = s.retry(ctx, tx.Commit)
	}
	if err != nil {
		tx.Rollback()
	}
	s.shrinkCache() // not deferred: after a panic the transaction has the only connection, for ever
	return err
}

// retry calls f until it does not find the file locked, or the time is up.
func (s *Store) retry(ctx context.Context, f func() error) error {
	deadline := time.Now().Add(s.wait)
	for pause := time.Millisecond; ; pause = min(2*pause, 50*time.Millisecond) {
		err := f()
		if c := code(err); c != sqlite3.SQLITE_BUSY && c != sqlite3.SQLITE_LOCKED {
			return err
		}
		if time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// code is err's primary SQLite result code, 0 if it has none.
func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		if e.Code() == sqlite3.SQLITE_IOERR_SHMSIZE {
			return sqlite3.SQLITE_FULL // the file beside the log could not be made larger
		}
		return e.Code() & 0xff
	}
	return 0
}

// wrap names the file and puts this package's error for SQLite's code.
func (s *Store) wrap(err error) error {
	if err == nil {
		return nil
	}
	var newer *memory.NewerError
	if errors.As(err, &newer) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if strings.HasPrefix(err.Error(), "translation memory "+s.path) {
		return err
	}
	var ours error
	switch code(err) {
	case sqlite3.SQLITE_NOTADB:
		ours = memory.ErrNotMemory
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FORMAT:
		ours = memory.ErrDamaged
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("translation memory %s: %w; gave up after %v: try again when it has finished", s.path, memory.ErrBusy, s.wait)
	case sqlite3.SQLITE_FULL:
		ours = memory.ErrFull
	case sqlite3.SQLITE_READONLY:
		ours = memory.ErrReadOnly
	case sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_RANGE:
		// The statements are right: if SQLite refuses one, the tables are not ours any more.
		ours = memory.ErrDamaged
	default:
		if strings.Contains(err.Error(), "sql: Scan error") || errors.Is(err, sql.ErrNoRows) {
			ours = memory.ErrDamaged // a value of another type than the table's, a row that must be there
			break
		}
		if errors.Is(err, memory.ErrBusy) {
			return fmt.Errorf("translation memory %s: %w; gave up after %v: try again when it has finished", s.path, err, s.wait)
		}
		return fmt.Errorf("translation memory %s: %w", s.path, err)
	}
	return fmt.Errorf("translation memory %s: %w (%w)", s.path, ours, err)
}
