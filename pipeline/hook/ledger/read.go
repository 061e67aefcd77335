package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"hexapla/pipeline/hook"
)

// ErrReadOnly is the error of what would change the accounts of a Reader.
var ErrReadOnly = errors.New("engine ledger: it is only read")

// Reader implements hook.Accounts for a command that writes nothing: it reads what engines
// were used for from the ledger in a folder. A ledger that is not there has no use.
type Reader struct{ Dir string }

// Spend implements hook.Accounts; it fails with ErrReadOnly.
func (r Reader) Spend(context.Context, string, hook.Spending, time.Time, func(hook.Spending) bool) error {
	return ErrReadOnly
}

// Spent implements hook.Accounts.
func (r Reader) Spent(ctx context.Context, engine string, since time.Time) (s hook.Spending, err error) {
	path := filepath.Join(r.Dir, fileName)
	defer func() {
		if errors.Is(err, ErrDamaged) {
			err = fmt.Errorf("%w; the next build with engines moves it away", err)
		}
		if err != nil {
			err = fmt.Errorf("engine ledger %s: %w", path, err)
		}
	}()
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s, nil
	case err != nil:
		return s, err
	case !info.Mode().IsRegular():
		return s, fmt.Errorf("%w: it is not a regular file", ErrDamaged)
	}
	mode := "ro"
	if _, err := os.Lstat(path + "-wal"); errors.Is(err, fs.ErrNotExist) {
		mode += "&immutable=1" // nobody has it open, and no file beside it is made
	}
	db, err := sql.Open("sqlite", uri(path)+fmt.Sprintf("?mode=%s&_busy_timeout=%d&_query_only=1&_dqs=0", mode, busyTimeout.Milliseconds()))
	if err != nil {
		return s, err
	}
	defer db.Close()
	tx, err := db.BeginTx(context.WithoutCancel(ctx), &sql.TxOptions{ReadOnly: true})
	if err == nil {
		defer func() { _ = tx.Rollback() }()
		var objects int
		if _, objects, err = identify(tx); err == nil && objects > 0 {
			s, err = spent(tx, engine, since)
		}
	}
	return s, noteDamage(err)
}

// uri returns the address of a file for SQLite.
func uri(path string) string {
	p := filepath.ToSlash(path)
	if filepath.VolumeName(path) != "" {
		p = "/" + p
	}
	u := url.URL{Path: p}
	return "file:" + strings.ReplaceAll(u.EscapedPath(), "?", "%3f")
}
