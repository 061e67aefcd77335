package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// errTables is the error of a role that lacks a right which no statement of MissingRights
// gives.
var errTables = errors.New("the role may not create or change tables: open the memory once with a role that may")

// noRight reports whether the server refused a statement because of the role's rights
// (insufficient_privilege, https://www.postgresql.org/docs/current/errcodes-appendix.html).
func noRight(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "42501"
}

// missingQuery lists the tables of the memory, of the queue and of River, and their
// sequences, that the role may not use, with the statement that lets it.
const missingQuery = `SELECT 'GRANT ' || rights || ' ON ' || string_agg(quote_ident(n.nspname) || '.' || quote_ident(c.relname), ', ' ORDER BY c.relname) || ' TO ' || quote_ident(current_user)
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
		LATERAL (SELECT CASE WHEN c.relkind = 'S' THEN 'USAGE' WHEN $1 THEN 'SELECT' ELSE 'SELECT, INSERT, UPDATE, DELETE' END AS rights) r
	WHERE n.nspname = current_schema() AND c.relname ~ '^(memory|queue|river)_' AND NOT (CASE
		WHEN c.relkind = 'S' THEN $1 OR c.relname ~ '^memory_' OR has_sequence_privilege(c.oid, 'USAGE')
		WHEN c.relkind = 'r' THEN has_table_privilege(c.oid, 'SELECT') AND ($1 OR has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))
		ELSE true END)
	GROUP BY rights ORDER BY rights`

// MissingRights returns err, and if it is that the server refused a statement because of
// the role's rights, the statements with it that give the role those which it lacks on the
// tables of the memory and on those beside them. An owner of the tables must run them. A
// release that made new tables without giving the roles of the older ones their rights
// leaves such a database.
func (s *Store) MissingRights(err error) error {
	if !noRight(err) || errors.Is(err, errTables) {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second) // that of the call may be over
	defer cancel()
	rows, qerr := s.pool.Query(ctx, missingQuery, s.readOnly)
	if qerr != nil {
		return err
	}
	all, qerr := pgx.CollectRows(rows, pgx.RowTo[string])
	if qerr != nil || len(all) == 0 {
		return err
	}
	return fmt.Errorf("%w: the owner of the tables must run: %s", err, strings.Join(all, "; "))
}
