package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Use is what an engine was used for, and what that cost.
type Use struct {
	Chars, InputTokens, OutputTokens int
	Cost                             float64
}

// dayOfServer is today in UTC by the clock of the server, so that the clocks of others do
// not matter.
const dayOfServer = `to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD')`

// Spend adds to what an engine was used for today. allow, if it is not nil, is called with
// the use since a day, the addition included; if it returns false, nothing is added, and
// no other machine adds in between. It may be called again after a lost connection.
func (s *Store) Spend(ctx context.Context, engine string, add Use, since time.Time, allow func(Use) bool) error {
	spend := func() error {
		return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
			if allow != nil {
				// The row is locked until the end of the transaction. What is read after that
				// has what others added before.
				if _, err := tx.Exec(ctx, "INSERT INTO memory_engine AS e (engine) VALUES ($1) ON CONFLICT (engine) DO UPDATE SET engine = e.engine", encode(engine)); err != nil {
					return err
				}
				u, err := used(ctx, tx, engine, since)
				if err != nil {
					return err
				}
				if !allow(Use{u.Chars + add.Chars, u.InputTokens + add.InputTokens, u.OutputTokens + add.OutputTokens, u.Cost + add.Cost}) {
					return nil
				}
			}
			_, err := tx.Exec(ctx, `INSERT INTO memory_used AS u (engine, day, chars, input_tokens, output_tokens, cost) VALUES ($1, `+dayOfServer+`, $2, $3, $4, $5)
				ON CONFLICT (engine, day) DO UPDATE SET chars = u.chars + excluded.chars, input_tokens = u.input_tokens + excluded.input_tokens,
					output_tokens = u.output_tokens + excluded.output_tokens, cost = u.cost + excluded.cost`,
				encode(engine), add.Chars, add.InputTokens, add.OutputTokens, add.Cost)
			return err
		})
	}
	if allow == nil {
		return s.wrap(spend()) // a correction, which must not count twice
	}
	return s.wrap(s.retry(ctx, spend)) // counts too much rather than too little
}

// Used returns what an engine was used for since a day; a zero time is the beginning.
func (s *Store) Used(ctx context.Context, engine string, since time.Time) (u Use, err error) {
	err = s.retry(ctx, func() error {
		u, err = used(ctx, s.pool, engine, since)
		return err
	})
	return u, s.wrap(err)
}

func used(ctx context.Context, q queryer, engine string, since time.Time) (u Use, err error) {
	err = q.QueryRow(ctx, "SELECT coalesce(sum(chars), 0)::bigint, coalesce(sum(input_tokens), 0)::bigint, coalesce(sum(output_tokens), 0)::bigint, coalesce(sum(cost), 0) FROM memory_used WHERE engine = $1 AND day >= $2",
		encode(engine), since.UTC().Format(time.DateOnly)).Scan(&u.Chars, &u.InputTokens, &u.OutputTokens, &u.Cost)
	return u, err
}

// Reserve takes the next moment for a call of an engine that takes so many a second, on
// all machines together, and returns how long it is until then.
func (s *Store) Reserve(ctx context.Context, engine string, perSecond float64) (wait time.Duration, err error) {
	var seconds float64
	err = s.retry(ctx, func() error {
		// More than an hour ahead is a clock that was put back.
		return s.pool.QueryRow(ctx, `INSERT INTO memory_engine AS e (engine, next) VALUES ($1, clock_timestamp() + make_interval(secs => $2))
			ON CONFLICT (engine) DO UPDATE SET next = make_interval(secs => $2) + CASE
				WHEN e.next > clock_timestamp() AND e.next < clock_timestamp() + interval '1 hour' THEN e.next ELSE clock_timestamp() END
			RETURNING extract(epoch FROM next - make_interval(secs => $2) - clock_timestamp())::float8`, encode(engine), 1/perSecond).Scan(&seconds)
	})
	return max(0, time.Duration(seconds*float64(time.Second))), s.wrap(err)
}
