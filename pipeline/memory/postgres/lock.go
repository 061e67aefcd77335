package postgres

import (
	"context"
	"time"

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
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, s.wrap(err)
	}
	key := int32(stored.HashKey("", name))
	deadline := time.Now().Add(s.wait)
	for pause := time.Millisecond; ; pause = min(2*pause, 50*time.Millisecond) {
		var ok bool
		err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1, hashtext(current_schema()) # $2)", lockSpace, key).Scan(&ok)
		if err == nil && ok {
			break
		}
		if err == nil && time.Now().After(deadline) {
			err = memory.ErrBusy
		}
		if err != nil {
			conn.Release()
			return nil, s.wrap(err)
		}
		select {
		case <-ctx.Done():
			conn.Release()
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
