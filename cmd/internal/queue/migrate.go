package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"hexapla/pipeline/memory/postgres"
)

// migrations bring the tables beside River's from one version to the next: migrations[0]
// makes version 1 of nothing. Each runs in a transaction with the one of its version, so
// that one that fails, or whose connection is lost, changes nothing. A migration that has
// been released is never changed.
var migrations = []string{schema1, schema2, schema3}

// schema1 has the tables of builds. queue_build has what the articles of a build have in
// common, queue_article what is different, and the results; pass counts the passes of one
// build. taken is the attempt of a build that has read a result, or was given it within its
// process: then there is none here. queue_worker has the workers that live.
const schema1 = `
CREATE TABLE queue_build (build bigint NOT NULL, pass integer NOT NULL, context bytea NOT NULL, created timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (build, pass));
CREATE TABLE queue_article (build bigint NOT NULL, pass integer NOT NULL, path text COLLATE "C" NOT NULL, input bytea NOT NULL,
  job bigint, result bytea, taken text COLLATE "C" NOT NULL DEFAULT '', PRIMARY KEY (build, pass, path));
CREATE INDEX queue_article_ready ON queue_article (build, pass) WHERE result IS NOT NULL;
CREATE TABLE queue_worker (name text COLLATE "C" PRIMARY KEY, seen timestamptz NOT NULL, version text NOT NULL);
`

// schema2 adds the version of the tables, and for each output folder the build that
// writes it, or wrote it last.
var schema2 = `
CREATE TABLE queue_meta (one boolean PRIMARY KEY DEFAULT true CHECK (one), schema integer NOT NULL);
INSERT INTO queue_meta (schema) VALUES (2);
CREATE TABLE queue_output (output text COLLATE "C" PRIMARY KEY, job bigint NOT NULL);
` + postgres.GrantLike("queue_worker", "queue_meta", "queue_output")

// schema3 has an index of the results that no build has taken. That of schema1 had those
// that were taken, too, so that a build looked at all of its articles again and again.
const schema3 = `
CREATE INDEX IF NOT EXISTS queue_article_new ON queue_article (build, pass) WHERE result IS NOT NULL AND taken = '';
DROP INDEX IF EXISTS queue_article_ready;
`

// migrationLock is the key of the advisory lock that migrations hold.
const migrationLock = 0x48585457

// queryer is a connection, a pool of them or a transaction.
type queryer interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// migrator brings the tables of the queue up to date.
type migrator struct {
	rivers *rivermigrate.Migrator[pgx.Tx]
}

// migrate makes the tables of the queue, unless they are up to date: then the role needs
// no right to change them. Tables of a newer release are left as they are.
func migrate(ctx context.Context, store *postgres.Store) error {
	pool := store.Pool()
	rivers, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	m := migrator{rivers}
	if done, err := m.done(ctx, pool); done || err != nil {
		return err
	}
	// River commits each of its migrations, so that the lock is the session's.
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", migrationLock); err != nil {
		return err
	}
	defer conn.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", migrationLock)
	if done, err := m.done(ctx, conn); done || err != nil {
		return err
	}
	err = m.up(ctx, conn.Conn())
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "42501" {
		return fmt.Errorf("its tables are of an older release, or missing, and the role may not change tables: open the queue once with a role that may, such as by 'hexapla jobs': %w", err)
	}
	return err
}

// done reports whether the tables are up to date.
func (m migrator) done(ctx context.Context, q queryer) (bool, error) {
	ours, err := version(ctx, q)
	if err != nil || ours != len(migrations) {
		return false, err
	}
	var rivers bool
	if err := q.QueryRow(ctx, tableQuery, "river_job").Scan(&rivers); err != nil || !rivers {
		return false, err
	}
	existing, err := m.rivers.ExistingVersions(ctx)
	if err != nil && strings.Contains(err.Error(), "not found in migrator bundle") {
		return false, fmt.Errorf("the tables of River are of a newer release of River than this program has: update hexapla (%w)", err)
	}
	return err == nil && len(existing) >= len(m.rivers.AllVersions()), err
}

const tableQuery = "SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = $1)"

// version returns the version of the tables, 0 if there are none.
func version(ctx context.Context, q queryer) (int, error) {
	var first, versioned bool
	if err := errors.Join(q.QueryRow(ctx, tableQuery, "queue_worker").Scan(&first), q.QueryRow(ctx, tableQuery, "queue_meta").Scan(&versioned)); err != nil {
		return 0, err
	}
	if !versioned {
		if first {
			return 1, nil
		}
		return 0, nil
	}
	var n int
	if err := q.QueryRow(ctx, "SELECT schema FROM queue_meta").Scan(&n); err != nil {
		return 0, err
	}
	if n > len(migrations) {
		return 0, fmt.Errorf("its tables have version %d, this release of hexapla knows those up to version %d: update hexapla", n, len(migrations))
	}
	return n, nil
}

// up runs what is missing. The lock is held.
func (m migrator) up(ctx context.Context, conn *pgx.Conn) error {
	if _, err := m.rivers.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	n, err := version(ctx, conn)
	if err != nil {
		return err
	}
	for ; n < len(migrations); n++ {
		if err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, migrations[n]); err != nil || n == 0 {
				return err
			}
			_, err := tx.Exec(ctx, "UPDATE queue_meta SET schema = $1", n+1)
			return err
		}); err != nil {
			return fmt.Errorf("bringing its tables to version %d: %w", n+1, err)
		}
	}
	return nil
}
