package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// CatchUp does what the listener does for a notification.
func (s *Store) CatchUp(ctx context.Context, conn *pgx.Conn) (version int64, err error) {
	return s.catchUp(ctx, conn)
}

// AddMigration adds a migration until the returned function is called.
func AddMigration(statements string) (remove func()) {
	migrations = append(migrations, statements)
	schemaVersion++
	return func() {
		migrations = migrations[:len(migrations)-1]
		schemaVersion--
	}
}

// Indexed returns the last text in the index of similar texts of a source locale.
func (s *Store) Indexed(source string) int64 {
	s.mu.Lock()
	x := s.fuzzy[source]
	s.mu.Unlock()
	if x == nil {
		return 0
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.text
}
