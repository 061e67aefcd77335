package postgres

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/fuzzy"
	"hexapla/pipeline/memory/internal/stored"
)

// fuzzyIndex finds similar source texts of one locale. Each process has its own, which
// is read from the database when it is first needed. Every look-up brings the last
// numbers of the memory with it, in the same round trip, and what came since is read
// before the index is asked: so an answer never depends on a notification. These only
// bring the index up to date before somebody needs it.
type fuzzyIndex struct {
	mu    sync.Mutex // held while it is brought up to date
	index fuzzy.Index
	text  int64 // the last text in the index

	has map[int64]*pairCoverage // by pair
}

// pairCoverage is the set of texts that a pair has entries for.
type pairCoverage struct {
	target  string
	mu      sync.RWMutex
	set     stored.Set
	version int64 // the last version in the set
}

// numbers are the last numbers of the memory, and the number of a pair, 0 for none.
type numbers struct{ text, version, pair int64 }

const numbersQuery = "SELECT text, version, coalesce((SELECT id FROM memory_pair WHERE source = $1 AND target = $2), 0) FROM memory_meta"

func (n *numbers) scan(row pgx.Row) error { return row.Scan(&n.text, &n.version, &n.pair) }

// similarQuery finds the best few entries of each similar text. After the arguments of
// questions come the numbers of the questions and of the texts that are similar.
var similarQuery = "WITH " + questions + " SELECT q.n, v.context, " + rowColumns + `, t.key FROM unnest($12::int[], $13::bigint[]) h(n, text) JOIN q USING (n) JOIN memory_text t ON t.id = h.text CROSS JOIN p CROSS JOIN LATERAL (
	SELECT v.*, ` + contextFlags + ` AS context FROM memory_version v WHERE v.text = h.text AND v.pair = p.id AND v.current ORDER BY context DESC, ` + rankOrder + " LIMIT 4) v"

// addFuzzy adds fuzzy matches to those queries that want them and have room.
func (s *Store) addFuzzy(ctx context.Context, source, target string, now numbers, queries []memory.Query, keys []string, out [][]bitext.Match) error {
	x, has, err := s.refresh(ctx, source, target, now)
	if err != nil {
		return err
	}
	scores := make([]map[int64]int, len(queries))
	var questions []int32
	var texts []int64
	for i := range queries {
		q := &queries[i]
		room := q.MaxMatches() - len(out[i])
		if q.Fuzzy <= 0 || room <= 0 {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		has.mu.RLock()
		// One more, since the query's own text is not a fuzzy match.
		hits, err := x.index.Find(stored.FoldKey(keys[i]), min(q.Fuzzy, 99), room+1, has.set.Has)
		has.mu.RUnlock()
		if err != nil {
			return err
		}
		scores[i] = make(map[int64]int, len(hits))
		for _, h := range hits {
			scores[i][h.ID] = h.Score
			questions, texts = append(questions, int32(i)), append(texts, h.ID)
		}
	}
	if len(texts) == 0 {
		return nil
	}
	found := make([][]memory.Candidate, len(queries))
	rows, err := s.pool.Query(ctx, similarQuery, append(questionArgs(source, target, queries, keys), questions, texts)...)
	if err != nil {
		return err
	}
	var key string
	if err := eachCandidate(rows, func(n int, r *row, c memory.Candidate) error {
		if key == keys[n] {
			return nil // not similar, but the same
		}
		var err error
		c.Entry, err = r.Entry(key)
		c.Score = scores[n][r.Text]
		found[n] = append(found[n], c)
		return err
	}, encoded{&key}); err != nil {
		return err
	}
	for i := range queries {
		if len(found[i]) > 0 {
			out[i] = memory.Fuzzy(queries[i], out[i], found[i])
		}
	}
	return nil
}

// refresh brings the index of a source locale, and what it knows of a pair, up to the
// given numbers or beyond.
func (s *Store) refresh(ctx context.Context, source, target string, now numbers) (*fuzzyIndex, *pairCoverage, error) {
	s.mu.Lock()
	x := s.fuzzy[source]
	if x == nil {
		x = &fuzzyIndex{has: map[int64]*pairCoverage{}}
		s.fuzzy[source] = x
	}
	if s.stop == nil {
		s.listen()
	}
	s.mu.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	has := x.has[now.pair]
	if has == nil {
		has = &pairCoverage{target: target}
		x.has[now.pair] = has
	}
	if x.text < now.text {
		last := x.text
		rows, err := s.pool.Query(ctx, "SELECT id, key FROM memory_text WHERE id > $1 AND locale = $2 ORDER BY id", x.text, encode(source))
		if err != nil {
			return nil, nil, err
		}
		err = x.index.Add(func(yield func(fuzzy.Text, error) bool) {
			defer rows.Close()
			for rows.Next() {
				var t fuzzy.Text
				err := rows.Scan(&t.ID, encoded{&t.Text})
				last = max(last, t.ID)
				t.Text = stored.FoldKey(t.Text)
				if !yield(t, err) {
					return
				}
			}
			if err := rows.Err(); err != nil {
				yield(fuzzy.Text{}, err)
			}
		})
		if err != nil {
			return nil, nil, err
		}
		x.text = max(last, now.text)
	}
	if has.version < now.version {
		if err := s.cover(ctx, has, now); err != nil {
			return nil, nil, err
		}
	}
	return x, has, nil
}

// cover adds the texts of a pair's new versions.
func (s *Store) cover(ctx context.Context, has *pairCoverage, now numbers) error {
	rows, err := s.pool.Query(ctx, "SELECT text FROM memory_version WHERE pair = $1 AND version > $2", now.pair, has.version)
	if err != nil {
		return err
	}
	texts, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	has.mu.Lock()
	defer has.mu.Unlock()
	for _, t := range texts {
		has.set.Add(t)
	}
	has.version = now.version
	return nil
}

// channelPrefix is the name, before that of the schema, of the channel by which writers
// notify the others.
const channelPrefix = "hexapla_memory_"

// listen starts a goroutine that brings the indexes up to date whenever somebody has
// written. s.mu is held.
func (s *Store) listen() {
	ctx, cancel := context.WithCancel(context.Background())
	s.stop, s.ended = cancel, make(chan struct{})
	go func() {
		defer close(s.ended)
		for ctx.Err() == nil {
			s.follow(ctx)
			// The connection is lost. Until there is another, look-ups read what is new.
			select {
			case <-ctx.Done():
			case <-time.After(5 * time.Second):
			}
		}
	}()
}

// follow listens on a connection of its own until it is lost.
func (s *Store) follow(ctx context.Context) {
	conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig)
	if err != nil {
		return
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var schema string
	if err := conn.QueryRow(ctx, "SELECT current_schema()").Scan(&schema); err != nil {
		return
	}
	if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{channelPrefix + schema}.Sanitize()); err != nil {
		return
	}
	var seen int64 // the last version that the indexes were brought up to
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return
		}
		if version, err := strconv.ParseInt(n.Payload, 10, 64); err == nil && version <= seen {
			continue // it came while the indexes were brought up to what it is about
		}
		version, err := s.catchUp(ctx, conn)
		if err != nil {
			return
		}
		seen = max(seen, version)
	}
}

// catchUp brings the indexes up to date, unless a look-up does. It returns the version up
// to which all of them are, 0 if that is not known. An error is of the connection.
func (s *Store) catchUp(ctx context.Context, conn *pgx.Conn) (version int64, err error) {
	type indexed struct{ source, target string }
	var all []indexed
	isComplete := true
	s.mu.Lock()
	for source, x := range s.fuzzy {
		if !x.mu.TryLock() {
			isComplete = false // a look-up brings it up to date, or to what was there when it began
			continue
		}
		for _, has := range x.has {
			all = append(all, indexed{source, has.target})
		}
		x.mu.Unlock()
	}
	s.mu.Unlock()
	for n, i := range all {
		var now numbers
		if err := now.scan(conn.QueryRow(ctx, numbersQuery, encode(i.source), encode(i.target))); err != nil {
			return 0, err
		}
		if _, _, err := s.refresh(ctx, i.source, i.target, now); err != nil {
			return 0, nil // the next look-up tries again
		}
		if n == 0 && isComplete {
			version = now.version // somebody may write while the others follow
		}
	}
	return version, nil
}
