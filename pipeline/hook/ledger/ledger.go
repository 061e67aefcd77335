// Package ledger keeps, in a folder that all processes of a project share, which
// texts the engines are being asked for, what they answered, and what they were used
// for. It implements
// hook.Claims and hook.Accounts.
//
// An answer is in the ledger before it is in the memory, so that nothing that was paid
// for is lost when the program is killed in between. The next process finds it there.
package ledger

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"modernc.org/sqlite" // also registers the driver
	sqlite3 "modernc.org/sqlite/lib"

	"hexapla/pipeline/hook"
)

// Names in the folder. A lock file is locked while the process that made it lives.
const (
	fileName   = "ledger.db"
	lockSuffix = ".lock"
)

// How long things are kept.
const (
	claimTime     = time.Minute        // a claim that is not extended, where processes cannot be seen
	keptAnswers   = 7 * 24 * time.Hour // answers of a process that was killed
	completedTime = 10 * time.Minute   // answers that the memory has, for those who wait for them
	busyTimeout   = 30 * time.Second   // for other processes that write
	keptDays      = 800                // of use, so that a year can be compared with the one before
)

const (
	schemaVersion = 1
	applicationID = 0x48585445 // "HXTE"
)

const schema = `
CREATE TABLE claim (key TEXT PRIMARY KEY, owner TEXT NOT NULL, process TEXT NOT NULL, until INTEGER NOT NULL, answer TEXT, completed INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE used (engine TEXT NOT NULL, day TEXT NOT NULL, chars INTEGER NOT NULL, input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, cost REAL NOT NULL, PRIMARY KEY (engine, day)) WITHOUT ROWID;
`

// pace has when the next call of an engine may be made, in Unix microseconds. It came
// later than the other tables, and programs that do not know it leave it alone.
const paceSchema = `CREATE TABLE IF NOT EXISTS pace (engine TEXT PRIMARY KEY, next INTEGER NOT NULL) WITHOUT ROWID`

// oldIndexes were made by earlier programs. They cost more, at each claim and answer, than
// they saved at the end.
const oldIndexes = `DROP INDEX IF EXISTS claim_until; DROP INDEX IF EXISTS claim_process`

// ErrDamaged is in the error of Open for a file that is not a ledger or is damaged.
var ErrDamaged = errors.New("the file is damaged")

// Ledger is an open ledger. It is safe for use by several goroutines, and the same
// folder by several processes.
type Ledger struct {
	dir     string
	db      *sql.DB
	process string   // names this process in table claim
	lock    *os.File // locked while this process lives
	opened  int64    // in Unix microseconds

	find, take, put, putOwn, drop *sql.Stmt // of claims
	use                           *sql.Stmt

	now func() time.Time

	mu    sync.Mutex
	alive map[string]time.Time // other processes, and when they were seen
}

// Open opens the ledger in a folder, and makes both if they are not there.
func Open(ctx context.Context, dir string) (*Ledger, error) {
	l := &Ledger{dir: dir, now: time.Now, alive: map[string]time.Time{}}
	if err := l.open(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("engine ledger %s: %w", filepath.Join(dir, fileName), err), l.close())
	}
	return l, nil
}

func (l *Ledger) open(ctx context.Context) error {
	if err := os.MkdirAll(l.dir, 0o700); err != nil {
		return err
	}
	var id [12]byte
	rand.Read(id[:])
	l.process = hex.EncodeToString(id[:])
	removeLocks(l.dir)
	var err error
	if l.lock, err = newLock(l.dir, l.process); err != nil {
		return err
	}
	path := filepath.Join(l.dir, fileName)
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%w: it is not a regular file", ErrDamaged) // a pipe would wait for ever
	}
	// Not every commit waits for the disk: a process that is killed loses nothing by it,
	// and a machine that loses power only asks again.
	db, err := sql.Open("sqlite", uri(path)+fmt.Sprintf("?_txlock=immediate&_busy_timeout=%d&_synchronous=NORMAL&_dqs=0&_pragma=cache_size(-4000)", busyTimeout.Milliseconds()))
	if err != nil {
		return err
	}
	l.db = db
	db.SetMaxOpenConns(1)
	if err := l.prepare(ctx); err != nil {
		return noteDamage(err)
	}
	l.opened = l.now().UnixMicro()
	return nil
}

// prepare creates the tables, unless another process has.
func (l *Ledger) prepare(ctx context.Context) error {
	// SQLite does not wait for another process that changes the mode at the same time.
	for start := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		_, err := l.db.ExecContext(ctx, "PRAGMA journal_mode=WAL")
		if err == nil {
			break
		}
		if !isBusy(err) || time.Since(start) > busyTimeout || ctx.Err() != nil {
			return err
		}
	}
	err := l.update(ctx, func(tx *sql.Tx) error {
		version, objects, err := identify(tx)
		switch {
		case err != nil:
			return err
		case version == schemaVersion:
			var first string
			if err := tx.QueryRow("PRAGMA quick_check(1)").Scan(&first); err != nil || first != "ok" {
				return fmt.Errorf("%w: %s %v", ErrDamaged, first, err)
			}
			_, err := tx.Exec("DELETE FROM used WHERE day < ?", l.now().UTC().AddDate(0, 0, -keptDays).Format(time.DateOnly))
			return err
		case objects > 0:
			return ErrDamaged
		}
		_, err = tx.Exec(schema + fmt.Sprintf("PRAGMA application_id=%d; PRAGMA user_version=%d", applicationID, schemaVersion))
		return err
	})
	if err != nil {
		return err
	}
	if _, err = l.db.ExecContext(ctx, paceSchema+";"+oldIndexes); err != nil {
		return err
	}
	for _, p := range []struct {
		to    **sql.Stmt
		query string
	}{
		{&l.find, "SELECT owner, process, until, answer, completed FROM claim WHERE key = ?"},
		{&l.take, "INSERT OR REPLACE INTO claim (key, owner, process, until, answer) VALUES (?, ?, ?, ?, ?)"},
		{&l.put, "UPDATE claim SET answer = ?, until = ?, process = ? WHERE key = ?"},
		{&l.putOwn, "UPDATE claim SET answer = ?, until = ? WHERE key = ? AND process = ?"},
		{&l.drop, "DELETE FROM claim WHERE key = ? AND owner = ? AND answer IS NULL"},
		{&l.use, `INSERT INTO used VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET chars = chars + excluded.chars,
			input_tokens = input_tokens + excluded.input_tokens, output_tokens = output_tokens + excluded.output_tokens, cost = cost + excluded.cost`},
	} {
		if *p.to, err = l.db.PrepareContext(ctx, p.query); err != nil {
			return err
		}
	}
	return nil
}

// identify returns the version of a ledger, and how many tables and indexes it has: none
// if the process that was making it was killed. The error is ErrDamaged for another
// database.
func identify(tx *sql.Tx) (version, objects int, err error) {
	var app int
	err = tx.QueryRow("SELECT (SELECT * FROM pragma_user_version), (SELECT * FROM pragma_application_id), (SELECT count(*) FROM sqlite_schema)").Scan(&version, &app, &objects)
	switch {
	case err != nil:
		return 0, 0, err
	case objects > 0 && app != applicationID:
		return 0, 0, fmt.Errorf("%w: it is another database", ErrDamaged)
	case version > schemaVersion:
		return 0, 0, fmt.Errorf("a newer version of hexapla has written it (version %d, this one knows %d)", version, schemaVersion)
	}
	return version, objects, nil
}

// Reserve implements hook.Pacer: the next moment is after those that other processes
// have taken.
func (l *Ledger) Reserve(ctx context.Context, engine string, perSecond float64) (wait time.Duration, err error) {
	gap := time.Duration(float64(time.Second) / perSecond)
	err = l.update(ctx, func(tx *sql.Tx) error {
		now := l.now().UnixMicro()
		at := now
		switch err := tx.QueryRow("SELECT next FROM pace WHERE engine = ?", engine).Scan(&at); {
		case err != nil && !errors.Is(err, sql.ErrNoRows):
			return err
		case at > now+maxReserved.Microseconds():
			at = now // a clock that was put back
		}
		at = max(at, now)
		wait = time.Duration(at-now) * time.Microsecond
		_, err := tx.Exec("INSERT OR REPLACE INTO pace VALUES (?, ?)", engine, at+gap.Microseconds())
		return err
	})
	return wait, err
}

// maxReserved is how far ahead calls are reserved, at most.
const maxReserved = time.Hour

// isBusy reports whether another process has the file locked.
func isBusy(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_BUSY
}

// noteDamage makes an error ErrDamaged if SQLite finds the file damaged or of another kind.
func noteDamage(err error) error {
	if e, ok := errors.AsType[*sqlite.Error](err); ok && !errors.Is(err, ErrDamaged) {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
			return fmt.Errorf("%w: %v", ErrDamaged, err)
		}
	}
	return err
}

// MoveDamaged renames a damaged ledger, so that Open makes a new one, and returns its new
// name.
func MoveDamaged(dir string) (string, error) {
	path := filepath.Join(dir, fileName)
	to := path + ".damaged"
	if err := os.Rename(path, to); err != nil {
		return "", err
	}
	for _, part := range []string{"-wal", "-shm"} {
		if err := os.Remove(path + part); err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
	}
	return to, nil
}

// Close ends the use of the ledger. It is called when all answers are in the memory:
// what this process found out is then kept only for those who still wait for it.
func (l *Ledger) Close() error {
	err := l.update(context.Background(), func(tx *sql.Tx) error {
		now := l.now()
		if _, err := tx.Exec("UPDATE claim SET completed = ?, until = ? WHERE process = ? AND answer IS NOT NULL AND completed = 0",
			now.UnixMicro(), now.Add(completedTime).UnixMicro(), l.process); err != nil {
			return err
		}
		_, err := tx.Exec("DELETE FROM claim WHERE process = ? AND answer IS NULL OR until < ?", l.process, now.UnixMicro())
		return err
	})
	return errors.Join(err, l.close())
}

func (l *Ledger) close() error {
	var errs []error
	if l.db != nil {
		errs = append(errs, l.db.Close())
	}
	if l.lock != nil {
		errs = append(errs, os.Remove(filepath.Join(l.dir, l.process+lockSuffix)), l.lock.Close())
	}
	return errors.Join(errs...)
}

// update runs f in one transaction.
func (l *Ledger) update(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := l.db.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit()
}

// Claim implements hook.Claims. A claim of a process that is gone counts for nothing.
func (l *Ledger) Claim(ctx context.Context, owner string, keys []string) (mine map[string]bool, answers map[string]string, err error) {
	mine, answers = map[string]bool{}, map[string]string{}
	err = l.update(ctx, func(tx *sql.Tx) error {
		find, take := tx.Stmt(l.find), tx.Stmt(l.take)
		now := l.now()
		for _, key := range slices.Sorted(slices.Values(keys)) { // as the table has them
			var other, process string
			var until, completed int64
			var answer sql.NullString
			switch err := find.QueryRow(key).Scan(&other, &process, &until, &answer, &completed); {
			case errors.Is(err, sql.ErrNoRows):
			case err != nil:
				return err
			case answer.Valid && completed > 0:
				// What the memory had when this process began, and does not give it, was
				// taken back.
				if completed >= l.opened {
					answers[key] = answer.String
					continue
				}
			case answer.Valid:
				answers[key] = answer.String
				if process != l.process && !l.isAlive(process, now) {
					// It was killed: from here on this process brings it into the memory.
					if _, err := take.Exec(key, owner, l.process, now.Add(keptAnswers).UnixMicro(), answer.String); err != nil {
						return err
					}
				}
				continue
			case other != owner && until > now.UnixMicro() && (process == l.process || l.isAlive(process, now)):
				continue
			}
			if _, err := take.Exec(key, owner, l.process, now.Add(claimTime).UnixMicro(), nil); err != nil {
				return err
			}
			mine[key] = true
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("engine ledger: %w", err)
	}
	return mine, answers, nil
}

// Answer implements hook.Claims.
func (l *Ledger) Answer(ctx context.Context, answers map[string]string) error {
	err := l.update(ctx, func(tx *sql.Tx) error {
		// A claim is this process's own, as a rule. Then the process need not be written.
		put, putOwn := tx.Stmt(l.put), tx.Stmt(l.putOwn)
		until := l.now().Add(keptAnswers).UnixMicro()
		for key, answer := range answers {
			done, err := putOwn.Exec(answer, until, key, l.process)
			if err != nil {
				return err
			}
			if n, err := done.RowsAffected(); err == nil && n > 0 {
				continue
			}
			if _, err := put.Exec(answer, until, l.process, key); err != nil { // another process took the claim
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("engine ledger: %w", err)
	}
	return nil
}

// Release implements hook.Claims.
func (l *Ledger) Release(ctx context.Context, owner string, keys []string) error {
	err := l.update(ctx, func(tx *sql.Tx) error {
		drop := tx.Stmt(l.drop)
		for _, key := range keys {
			if _, err := drop.Exec(key, owner); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("engine ledger: %w", err)
	}
	return nil
}

// Spend implements hook.Accounts.
func (l *Ledger) Spend(ctx context.Context, engine string, add hook.Spending, since time.Time, allow func(hook.Spending) bool) error {
	err := l.update(ctx, func(tx *sql.Tx) error {
		if allow != nil {
			s, err := spent(tx, engine, since)
			if err != nil {
				return err
			}
			if !allow(hook.Spending{Usage: s.Usage.Add(add.Usage), Cost: s.Cost + add.Cost}) {
				return nil
			}
		}
		_, err := tx.Stmt(l.use).Exec(engine, l.now().UTC().Format(time.DateOnly), add.Chars, add.InputTokens, add.OutputTokens, add.Cost)
		return err
	})
	if err != nil {
		return fmt.Errorf("engine ledger: %w", err)
	}
	return nil
}

// Spent implements hook.Accounts.
func (l *Ledger) Spent(ctx context.Context, engine string, since time.Time) (s hook.Spending, err error) {
	if err = l.update(ctx, func(tx *sql.Tx) error {
		s, err = spent(tx, engine, since)
		return err
	}); err != nil {
		return s, fmt.Errorf("engine ledger: %w", err)
	}
	return s, nil
}

func spent(tx *sql.Tx, engine string, since time.Time) (s hook.Spending, err error) {
	err = tx.QueryRow("SELECT coalesce(sum(chars), 0), coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0), coalesce(sum(cost), 0.0) FROM used WHERE engine = ? AND day >= ?",
		engine, since.UTC().Format(time.DateOnly)).Scan(&s.Chars, &s.InputTokens, &s.OutputTokens, &s.Cost)
	return s, err
}

// Exclusively calls f while no other process writes to the ledger or calls Exclusively.
func (l *Ledger) Exclusively(ctx context.Context, f func() error) error {
	return l.update(ctx, func(*sql.Tx) error { return f() })
}

// isAlive reports whether another process lives, as far as that can be seen.
func (l *Ledger) isAlive(process string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if seen, ok := l.alive[process]; ok && now.Sub(seen) < 100*time.Millisecond {
		return true
	}
	if isLocked(filepath.Join(l.dir, process+lockSuffix)) {
		l.alive[process] = now
		return true
	}
	delete(l.alive, process)
	return false
}
