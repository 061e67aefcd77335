package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/stored"
)

// lockSpace is the first key of the advisory locks of Lock: "HXLK". The second one is of
// the name.
const lockSpace = 0x48584C4B

// Lock takes the lock of a name, which one process at a time has: between looking at a
// text and changing it. The lock ends with the returned function, or when the connection
// is lost. It fails with memory.ErrBusy if others have it for longer than Options.Wait.
func (s *Store) Lock(ctx context.Context, name string) (unlock func(), err error) {
	key := int32(stored.HashKey("", name))
	deadline := time.Now().Add(s.wait)
	var conn *pgxpool.Conn
	for pause := time.Millisecond; conn == nil; pause = min(2*pause, 50*time.Millisecond) {
		if conn, err = s.tryLock(ctx, key); err != nil {
			return nil, s.wrap(err)
		}
		if conn != nil {
			break
		}
		if time.Now().After(deadline) {
			return nil, s.wrap(memory.ErrBusy)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
	}
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if _, err := conn.Exec(ctx, "SELECT pg_advisory_unlock($1, hashtext(current_schema()) # $2)", lockSpace, key); err != nil {
			_ = conn.Conn().Close(ctx) // a lock must not stay with a connection of the pool
		}
		conn.Release()
	}, nil
}

// tryLock takes a lock if nobody has it, and returns the connection that has it now, nil
// if somebody else has it. Who waits keeps no connection, so that others can use them.
func (s *Store) tryLock(ctx context.Context, key int32) (*pgxpool.Conn, error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	var ok bool
	if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1, hashtext(current_schema()) # $2)", lockSpace, key).Scan(&ok); err != nil || !ok {
		conn.Release()
		return nil, err
	}
	return conn, nil
}
