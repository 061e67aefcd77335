// Package postgres keeps a translation memory in a PostgreSQL database (version 15 or
// later), which many machines may use at once. It implements memory.Store by the same
// laws as package sqlite; no type of the driver leaves it.
//
// Readers never wait. Writers wait for each other, for Options.Wait at most: each locks
// one row first and keeps the lock until it commits. So numbers of versions and texts
// become visible in the order in which they were given, and "everything above the last
// number that I have seen" is all that came since, whatever the order in which
// transactions began. Sequences do not have that property, and transaction ids with the
// horizon of a snapshot have it only with a delay, as long as the oldest transaction of
// the whole server.
//
// Similar texts are found by the index of package fuzzy, of which each process has its
// own. Among 100,000 sentences of news it answers in 1.3 ms, a trigram index of the
// server (extension pg_trgm) in 130 ms (GiST) or 780 ms (GIN) on the same machine, with
// scores that are not ours.
//
// A call that loses its connection is repeated until Options.Wait is over. If it is not
// known whether a transaction was committed, the server is asked for its status, so
// that nothing is stored twice and nothing that was acknowledged is lost.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"hexapla/pipeline/memory"
)

// Options control how a memory is opened. ReadOnly opens without writing to the
// database. Wait is the longest time to wait for another writer, or for a server that
// cannot be reached; 30 seconds if zero.
type Options struct {
	ReadOnly bool
	Wait     time.Duration
}

// Store is an open memory. It implements memory.Store and memory.NoteStore.
type Store struct {
	name     string // the database, for messages: without a password
	uid      string // of the memory
	wait     time.Duration
	readOnly bool
	pool     *pgxpool.Pool

	// At most one connection of the process waits for the lock of writers, so that
	// the others stay free for readers.
	writeLock chan struct{}

	mu    sync.Mutex
	fuzzy map[string]*fuzzyIndex
	stop  context.CancelFunc // ends the listener; nil without one
	ended chan struct{}
}

// parseURL reads a URL, and what the environment and the files of PostgreSQL's clients
// add to it.
func parseURL(url string) (*pgxpool.Config, error) {
	c, err := pgxpool.ParseConfig(url)
	if err != nil {
		var parse *pgconn.ParseConfigError
		if errors.As(err, &parse) {
			return nil, errors.New("not a valid address of a PostgreSQL database: " + parse.Error())
		}
		return nil, err
	}
	p := c.ConnConfig.RuntimeParams
	for name, value := range map[string]string{
		"application_name": "hexapla",
		"jit":              "off", // the queries are many and small
		// A host that is gone must not keep the lock of writers.
		"idle_in_transaction_session_timeout": "300000",
		"tcp_keepalives_idle":                 "20",
		"tcp_keepalives_interval":             "10",
		"tcp_keepalives_count":                "3",
	} {
		if _, ok := p[name]; !ok {
			p[name] = value
		}
	}
	if c.ConnConfig.RequireAuth == "" {
		// The address comes from a project's configuration: whoever wrote that must not
		// get the user's password from the environment in plain text.
		c.ConnConfig.RequireAuth = "!password"
	}
	if c.ConnConfig.ConnectTimeout == 0 {
		c.ConnConfig.ConnectTimeout = 10 * time.Second
	}
	return c, nil
}

// databaseName returns how a database is called in messages.
func databaseName(c *pgx.ConnConfig) string {
	host := c.Host
	if strings.HasPrefix(host, "/") {
		host = "" // a local socket
	} else if c.Port != 5432 {
		host = net.JoinHostPort(host, fmt.Sprint(c.Port))
	}
	name := "postgres://" + host + "/" + c.Database
	if path := c.RuntimeParams["search_path"]; path != "" {
		name += "?search_path=" + path
	}
	return name
}

// Open opens the memory in a database. It makes the tables if there are none, and
// brings those of an older version up to date; where they are up to date, the role
// needs no right to change them. A memory of a newer version is left as it is.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	c, err := parseURL(url)
	if err != nil {
		return nil, fmt.Errorf("translation memory: %w", err)
	}
	s := &Store{name: databaseName(c.ConnConfig), wait: o.Wait, readOnly: o.ReadOnly, writeLock: make(chan struct{}, 1), fuzzy: map[string]*fuzzyIndex{}}
	if s.wait <= 0 {
		s.wait = 30 * time.Second
	}
	s.writeLock <- struct{}{}
	if o.ReadOnly {
		c.ConnConfig.RuntimeParams["default_transaction_read_only"] = "on"
	}
	if s.pool, err = pgxpool.NewWithConfig(ctx, c); err != nil {
		return nil, s.wrap(err)
	}
	if err := s.retry(ctx, func() error { return s.migrate(ctx) }); err != nil {
		err = s.wrap(err)
		s.pool.Close()
		return nil, err
	}
	return s, nil
}

// Name returns the name of the database for messages. It has no password.
func (s *Store) Name() string { return s.name }

// UID identifies the memory among all others.
func (s *Store) UID() string { return s.uid }

// Pool returns the connections of the store, for others that keep something in the same
// database.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }

// Close implements memory.Store.
func (s *Store) Close() error {
	s.mu.Lock()
	stop := s.stop
	s.mu.Unlock()
	if stop != nil {
		stop()
		<-s.ended
	}
	s.pool.Close()
	return nil
}

// retry calls f until it does not fail for a lost connection, or the time is up.
func (s *Store) retry(ctx context.Context, f func() error) error {
	return s.retryWhile(ctx, isTemporary, f)
}

// retryWhile calls f until it does not fail for a reason that may pass, or the time is up.
func (s *Store) retryWhile(ctx context.Context, mayPass func(error) bool, f func() error) error {
	deadline := time.Now().Add(s.wait)
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		err := f()
		if err == nil || !mayPass(err) || ctx.Err() != nil || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// isFull reports whether the server's disk is full.
func isFull(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "53100"
}

// isTemporary reports whether a call failed for a reason that may pass: the connection
// is lost, the server is starting or stopping, or it chose this transaction to fail.
func isTemporary(err error) bool {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	var theirs callerError
	if errors.As(err, &theirs) {
		return false
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "57P01", "57P02", "57P03", // the server stops, crashed, or starts
			"40001", "40P01", // serialization failure, deadlock
			"53300": // too many connections
			return true
		}
		return strings.HasPrefix(pg.Code, "08")
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || pgconn.SafeToRetry(err) || strings.Contains(err.Error(), "conn closed") || strings.Contains(err.Error(), "unexpected EOF")
}

// update runs f in one transaction that holds the lock of writers from the beginning,
// and commits it if f succeeds. f may be called again: after a lost connection.
func (s *Store) update(ctx context.Context, now time.Time, f func(w *writer) error) error {
	if s.readOnly {
		return memory.ErrReadOnly
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
	var uncertain string // the id of a transaction that may have been committed
	return s.retry(ctx, func() error {
		if uncertain != "" {
			if committed, err := s.isCommitted(ctx, uncertain); err != nil || committed {
				return err
			}
			uncertain = ""
		}
		tx, err := s.pool.Begin(ctx)
		if err != nil {
			return err
		}
		defer tx.Rollback(context.WithoutCancel(ctx))
		w, err := newWriter(ctx, tx, now, s.wait)
		if err != nil {
			return err
		}
		if err := f(w); err != nil {
			return err
		}
		// From here on the end of ctx does not matter: what is committed is committed.
		if err := tx.Commit(context.WithoutCancel(ctx)); err != nil {
			if isTemporary(err) {
				uncertain = w.xid
			}
			return err
		}
		return nil
	})
}

// isCommitted reports whether a transaction was committed. It waits for one that is
// still in progress.
func (s *Store) isCommitted(ctx context.Context, xid string) (bool, error) {
	for {
		var status *string
		if err := s.pool.QueryRow(ctx, "SELECT pg_xact_status($1::xid8)", xid).Scan(&status); err != nil {
			return false, err
		}
		if status == nil {
			return false, errors.New("the server does not know any more whether a transaction was committed")
		}
		if *status != "in progress" {
			return *status == "committed", nil
		}
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// wrap names the database and puts the error of package memory for the server's code.
func (s *Store) wrap(err error) error {
	if err == nil {
		return nil
	}
	var newer *memory.NewerError
	if errors.As(err, &newer) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || strings.HasPrefix(err.Error(), "translation memory "+s.name) {
		return err
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		var ours error
		switch pg.Code {
		case "55P03":
			return fmt.Errorf("translation memory %s: %w; gave up after %v: try again when it has finished", s.name, memory.ErrBusy, s.wait)
		case "53100", "53200":
			ours = memory.ErrFull
		case "25006", "42501":
			ours, err = memory.ErrReadOnly, s.MissingRights(err)
		case "XX001", "XX002":
			ours = memory.ErrDamaged
		case "42P01":
			ours = memory.ErrNotMemory
		}
		if ours != nil {
			return fmt.Errorf("translation memory %s: %w (%w)", s.name, ours, err)
		}
	}
	if errors.Is(err, memory.ErrBusy) {
		return fmt.Errorf("translation memory %s: %w; gave up after %v: try again when it has finished", s.name, err, s.wait)
	}
	return fmt.Errorf("translation memory %s: %w", s.name, err)
}
