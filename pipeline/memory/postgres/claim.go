package postgres

import (
	"context"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Claims last for a time of the server, so that the clocks of others do not matter: a
// claim until whoever has it must be gone, an answer until whoever waits for it must
// have found it here or in the memory.
const (
	claimTime  = "interval '60 seconds'"
	answerTime = "interval '10 minutes'"
)

// Claim takes the claims of those keys that nobody else has, and returns which these
// are, and the answers that others gave. Claims that the owner has already are extended.
// Extend a claim at least every 20 seconds.
func (s *Store) Claim(ctx context.Context, owner string, keys []string) (mine map[string]bool, answers map[string]string, err error) {
	keys = slices.Clone(keys)
	slices.Sort(keys) // in one order, so that nobody waits in a circle
	keys = slices.Compact(keys)
	err = s.retry(ctx, func() error {
		mine, answers = map[string]bool{}, map[string]string{}
		b := &pgx.Batch{}
		b.Queue(`INSERT INTO memory_claim AS c (key, owner, until) SELECT k, $2, clock_timestamp() + `+claimTime+` FROM unnest($1::text[]) k
			ON CONFLICT (key) DO UPDATE SET owner = $2, until = clock_timestamp() + `+claimTime+`, answer = NULL
				WHERE c.owner = $2 AND c.answer IS NULL OR c.until < clock_timestamp() RETURNING key`, keys, owner).Query(func(rows pgx.Rows) error {
			var key string
			_, err := pgx.ForEachRow(rows, []any{&key}, func() error {
				mine[key] = true
				return nil
			})
			return err
		})
		b.Queue("SELECT key, answer FROM memory_claim WHERE key = ANY($1) AND answer IS NOT NULL", keys).Query(func(rows pgx.Rows) error {
			var key, answer string
			_, err := pgx.ForEachRow(rows, []any{&key, encoded{&answer}}, func() error {
				answers[key] = answer
				return nil
			})
			return err
		})
		return s.pool.SendBatch(ctx, b).Close()
	})
	return mine, answers, s.wrap(err)
}

// Answer gives the answers for keys, for all who wait for them. They are paid for: a
// server whose disk is full has the time of Options.Wait to get room.
func (s *Store) Answer(ctx context.Context, answers map[string]string) error {
	keys := slices.Sorted(maps.Keys(answers)) // in one order, so that nobody waits in a circle
	texts := make([]string, len(keys))
	for i, key := range keys {
		texts[i] = encode(answers[key])
	}
	err := s.retryWhile(ctx, func(err error) bool { return isTemporary(err) || isFull(err) }, func() error {
		_, err := s.pool.Exec(ctx, "UPDATE memory_claim c SET answer = a.answer, until = clock_timestamp() + "+answerTime+" FROM unnest($1::text[], $2::text[]) a (key, answer) WHERE c.key = a.key", keys, texts)
		return err
	})
	return s.wrap(err)
}

// Release gives back the claims of an owner on those keys that have no answer, so that
// others may take them, and removes what is out of date.
func (s *Store) Release(ctx context.Context, owner string, keys []string) error {
	err := s.retry(ctx, func() error {
		_, err := s.pool.Exec(ctx, "DELETE FROM memory_claim WHERE key = ANY($2) AND owner = $1 AND answer IS NULL OR until < clock_timestamp()", owner, keys)
		return err
	})
	return s.wrap(err)
}
