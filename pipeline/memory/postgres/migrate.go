package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/stored"
)

// migrationLock is the key of the advisory lock that migrations of the memories in a
// database hold: "HXTM".
const migrationLock = 0x4858544D

// migrate brings the tables up to the present version, unless they are.
func (s *Store) migrate(ctx context.Context) error {
	version, err := s.version(ctx, s.pool)
	if err != nil || version == schemaVersion {
		return err
	}
	if s.readOnly {
		if version == 0 {
			return fmt.Errorf("%w: the database has no tables of a memory", memory.ErrNotMemory)
		}
		return fmt.Errorf("%w: its schema has version %d and must be brought to version %d first: run a command that writes, such as 'hexapla build', once with a role that may change tables", memory.ErrReadOnly, version, schemaVersion)
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", migrationLock); err != nil {
			return err
		}
		version, err := s.version(ctx, tx) // another process may have been faster
		if err != nil || version == schemaVersion {
			return err
		}
		var schema, encoding *string
		var server int
		if err := tx.QueryRow(ctx, "SELECT current_schema(), current_setting('server_encoding'), current_setting('server_version_num')::int").Scan(&schema, &encoding, &server); err != nil {
			return err
		}
		switch {
		case schema == nil:
			return errors.New("no schema of the search_path exists: create it with CREATE SCHEMA")
		case *encoding != "UTF8":
			return fmt.Errorf("the database has the encoding %s: create one with ENCODING 'UTF8'", *encoding)
		case server < 150000:
			return fmt.Errorf("the server has version %d: PostgreSQL 15 or later is needed", server/10000)
		}
		for n := version; n < schemaVersion; n++ {
			if _, err := tx.Exec(ctx, strings.ReplaceAll(migrations[n], "$UID$", "'"+stored.NewUID()+"'")); err != nil {
				return fmt.Errorf("bringing the memory to schema version %d: %w", n+1, err)
			}
		}
		_, err = tx.Exec(ctx, "UPDATE memory_meta SET schema = $1", schemaVersion)
		return err
	})
	if noRight(err) {
		return fmt.Errorf("%w: %w", errTables, err)
	}
	if err != nil {
		return err
	}
	_, err = s.version(ctx, s.pool)
	return err
}

type queryer interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// version returns the version of the tables, 0 if there are none.
func (s *Store) version(ctx context.Context, q queryer) (int, error) {
	var there bool
	if err := q.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'memory_meta')").Scan(&there); err != nil || !there {
		return 0, err
	}
	var version int
	if err := q.QueryRow(ctx, "SELECT schema, uid FROM memory_meta").Scan(&version, &s.uid); err != nil {
		if errors.Is(err, pgx.ErrNoRows) {
			err = fmt.Errorf("%w: table memory_meta is empty", memory.ErrDamaged)
		}
		return 0, err
	}
	if version > schemaVersion {
		return 0, &memory.NewerError{Path: s.name, Have: version, Want: schemaVersion}
	}
	return version, nil
}
