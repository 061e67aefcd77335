package postgres

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/stored"
)

// LookupTargets implements memory.TargetsReader.
func (s *Store) LookupTargets(ctx context.Context, source string, targets []string, queries []memory.Query) ([][][]bitext.Match, error) {
	out := make([][][]bitext.Match, len(targets))
	number := make(map[string]int, len(targets))
	encodedTargets := make([]string, len(targets))
	for t, target := range targets {
		out[t] = make([][]bitext.Match, len(queries))
		encodedTargets[t], number[target] = encode(target), t
	}
	const many = 8192 // questions, of all targets together
	step := max(64, many/max(1, len(targets)))
	for from := 0; from < len(queries); from += step {
		part := queries[from:min(from+step, len(queries))]
		keys := keysOf(part)
		args := append([]any{encode(source), encodedTargets}, questionColumns(source, part, keys)...)
		var found [][][]memory.Candidate
		if err := s.retry(ctx, func() error {
			found = make([][][]memory.Candidate, len(targets))
			for t := range found {
				found[t] = make([][]memory.Candidate, len(part))
			}
			rows, err := s.pool.Query(ctx, targetsQuery, args...)
			if err != nil {
				return err
			}
			var target string
			return eachCandidate(rows, func(n int, r *row, c memory.Candidate) error {
				var err error
				c.Entry, err = r.Entry(keys[n])
				t := number[target]
				found[t][n] = append(found[t][n], c)
				return err
			}, encoded{&target})
		}); err != nil {
			return nil, s.wrap(err)
		}
		for t := range targets {
			for i := range part {
				out[t][from+i] = memory.Exact(part[i], found[t][i])
			}
		}
	}
	return out, nil
}

// Lookup implements memory.Reader. All queries of an article are answered in one round
// trip; similar texts take one more.
func (s *Store) Lookup(ctx context.Context, source, target string, queries []memory.Query) (out [][]bitext.Match, err error) {
	out = make([][]bitext.Match, len(queries))
	const many = 2048
	for from := 0; from < len(queries); from += many {
		to := min(from+many, len(queries))
		if err := s.retry(ctx, func() error {
			return s.lookup(ctx, source, target, queries[from:to], out[from:to])
		}); err != nil {
			return nil, s.wrap(err)
		}
	}
	return out, nil
}

// A sentence that stands in ten thousand articles has an entry for each. Of these,
// ambiguityLimit of the highest priority are looked at, the newest first, to see whether
// they agree, and contextLimit of those in each kind of context. Of equal translations
// the server sends the best.
const (
	ambiguityLimit = "1000"
	contextLimit   = "32"

	// contextFlags is memory.Context of row v for question q.
	contextFlags = "CASE WHEN v.prev = q.prev AND v.next = q.next AND (q.prev <> 0 OR q.next <> 0) THEN 1 ELSE 0 END + CASE WHEN v.place = q.place AND q.place <> 0 THEN 2 ELSE 0 END"

	rankOrder = "v.priority DESC, v.effective_at DESC, v.recorded_at DESC, v.sum DESC"
)

// textID returns the expression for the number of a text, given its hash and key: 0 for
// no text, -1 for one that the memory does not have.
func textID(hash, locale, key string) string {
	return "CASE WHEN " + hash + " = 0 THEN 0 ELSE coalesce((SELECT id FROM memory_text WHERE hash = " + hash + " AND locale = " + locale + " AND key = " + key + "), -1) END"
}

// questions is the table of questions: $1 is the source locale, $2 the target locale,
// from $3 on come the columns of the arguments of questionArgs.
var questions = "p AS (SELECT id FROM memory_pair WHERE source = $1 AND target = $2), " + questionTable

var questionTable = "q AS MATERIALIZED (SELECT n, " +
	textID("text_hash", "$1", "text_key") + " AS text, " + textID("prev_hash", "$1", "prev_key") + " AS prev, " + textID("next_hash", "$1", "next_key") + " AS next, " + textID("place_hash", "''", "place_key") + ` AS place
	FROM unnest($3::int[], $4::bigint[], $5::text[], $6::bigint[], $7::text[], $8::bigint[], $9::text[], $10::bigint[], $11::text[])
		u(n, text_hash, text_key, prev_hash, prev_key, next_hash, next_key, place_hash, place_key))`

var lookupQuery = "WITH " + questions + " SELECT q.n, v.context, " + rowColumns + lookupTables

// targetsQuery is lookupQuery for several target locales, which are $2.
var targetsQuery = "WITH p AS (SELECT id, target FROM memory_pair WHERE source = $1 AND target = ANY($2::text[])), " + questionTable + " SELECT q.n, v.context, " + rowColumns + ", p.target" + lookupTables

const lookupTables = ` FROM q CROSS JOIN p CROSS JOIN LATERAL (
	SELECT DISTINCT ON (v.target, v.codes, v.source, v.kind) v.*, ` + contextFlags + ` AS context FROM (
		(SELECT * FROM memory_version v WHERE v.text = q.text AND v.pair = p.id AND v.current ORDER BY v.priority DESC, v.effective_at DESC LIMIT ` + ambiguityLimit + `)
		UNION ALL (SELECT * FROM memory_version v WHERE v.text = q.text AND v.pair = p.id AND v.current AND q.place > 0 AND v.place = q.place ORDER BY ` + rankOrder + " LIMIT " + contextLimit + `)
		UNION ALL (SELECT * FROM memory_version v WHERE v.text = q.text AND v.pair = p.id AND v.current AND (q.prev > 0 OR q.next > 0) AND v.prev = q.prev AND v.next = q.next ORDER BY ` + rankOrder + " LIMIT " + contextLimit + `)
	) v ORDER BY v.target, v.codes, v.source, v.kind, context DESC, ` + rankOrder + ") v"

// questionArgs returns the arguments of questions, without similar texts. A query is as
// many questions as it has places; equal translations are the same match for memory.Exact.
func questionArgs(source, target string, queries []memory.Query, keys []string) []any {
	return append([]any{encode(source), encode(target)}, questionColumns(source, queries, keys)...)
}

// questionColumns returns the arguments from $3 on.
func questionColumns(source string, queries []memory.Query, keys []string) []any {
	var n []int32
	hashes := make([][]int64, 4)
	texts := make([][]string, 4)
	for i := range queries {
		q := &queries[i]
		for _, place := range append([]string{q.Place}, q.FormerPlaces...) {
			n = append(n, int32(i))
			for c, ref := range [...]textRef{{source, keys[i]}, {source, q.Prev}, {source, q.Next}, {"", place}} {
				var hash int64
				key := ""
				if ref.key != "" || c == 0 {
					hash, key = stored.HashKey(ref.locale, ref.key), encode(ref.key)
				}
				hashes[c], texts[c] = append(hashes[c], hash), append(texts[c], key)
			}
		}
	}
	return []any{n, hashes[0], texts[0], hashes[1], texts[1], hashes[2], texts[2], hashes[3], texts[3]}
}

func (s *Store) lookup(ctx context.Context, source, target string, queries []memory.Query, out [][]bitext.Match) error {
	keys := keysOf(queries)
	similar := slices.ContainsFunc(queries, func(q memory.Query) bool { return q.Fuzzy > 0 })
	found := make([][]memory.Candidate, len(queries))
	var now numbers
	b := &pgx.Batch{}
	if similar {
		b.Queue(numbersQuery, encode(source), encode(target)).QueryRow(now.scan)
	}
	b.Queue(lookupQuery, questionArgs(source, target, queries, keys)...).Query(func(rows pgx.Rows) error {
		return eachCandidate(rows, func(n int, r *row, c memory.Candidate) error {
			e, err := r.Entry(keys[n])
			c.Entry = e
			found[n] = append(found[n], c)
			return err
		})
	})
	if err := s.pool.SendBatch(ctx, b).Close(); err != nil {
		return err
	}
	for i := range queries {
		out[i] = memory.Exact(queries[i], found[i])
	}
	if !similar || now.pair == 0 {
		return nil
	}
	return s.addFuzzy(ctx, source, target, now, queries, keys, out)
}

// keysOf returns the keys of the texts of queries.
func keysOf(queries []memory.Query) []string {
	keys := make([]string, len(queries))
	for i := range queries {
		keys[i] = queries[i].Source.Key()
	}
	return keys
}

// eachCandidate calls f for each row of a query that selects the number of a question,
// its context and rowColumns. The candidate has no entry yet.
func eachCandidate(rows pgx.Rows, f func(n int, r *row, c memory.Candidate) error, more ...any) error {
	defer rows.Close()
	for rows.Next() {
		var r row
		var n, flags int
		if err := rows.Scan(append(append([]any{&n, &flags}, r.fields()...), more...)...); err != nil {
			return err
		}
		c := memory.Candidate{Rank: r.Rank(), Context: memory.Context(flags), Slot: [3]int64{r.Place, r.Prev, r.Next}}
		if err := f(n, &r, c); err != nil {
			return err
		}
	}
	return rows.Err()
}

// escapeLike returns a text as a pattern of LIKE that finds it anywhere.
func escapeLike(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(text) + "%"
}
