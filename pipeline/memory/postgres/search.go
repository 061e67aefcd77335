package postgres

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/internal/stored"
)

const (
	searchLimit   = 20
	searchMinimum = 100 // how many results are ranked at least
)

// Search implements memory.Reader. The server compares texts as they are folded by this
// program; without an index it reads all of them. Where searches of a large memory must
// be fast, its administrator may create indexes by trigrams (extension pg_trgm):
//
//	CREATE INDEX ON memory_text USING gin ((coalesce(folded, key)) gin_trgm_ops) WHERE locale <> ''
//	CREATE INDEX ON memory_version USING gin ((coalesce(folded, target)) gin_trgm_ops) WHERE current
func (s *Store) Search(ctx context.Context, q memory.Search) (out []memory.Found, err error) {
	if q.Limit <= 0 {
		q.Limit = searchLimit
	}
	p := stored.NewPattern(q.Text, q.Words)
	if p.IsEmpty() {
		return nil, nil
	}
	err = s.retry(ctx, func() (err error) {
		out, err = s.search(ctx, q, &p)
		return err
	})
	return out, s.wrap(err)
}

// hit is a result with what identifies it.
type hit struct {
	memory.Found
	rank          int
	text, pair    int64
	target, codes string
}

func (s *Store) search(ctx context.Context, q memory.Search, p *stored.Pattern) ([]memory.Found, error) {
	var hits []hit
	if q.Side != memory.TargetSide {
		found, err := s.searchIn(ctx, q, p, "coalesce(t.folded, t.key)")
		if err != nil {
			return nil, err
		}
		hits = found
	}
	if q.Side != memory.SourceSide {
		found, err := s.searchIn(ctx, q, p, "coalesce(v.folded, v.target)")
		if err != nil {
			return nil, err
		}
		hits = append(hits, slices.DeleteFunc(found, func(h hit) bool {
			return slices.ContainsFunc(hits, func(o hit) bool {
				return h.text == o.text && h.pair == o.pair && h.target == o.target && h.codes == o.codes
			})
		})...)
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(b.rank, a.rank) })
	hits = hits[:min(len(hits), q.Limit)]
	return s.withPlaces(ctx, hits)
}

// searchIn returns the current translations whose text in a column has the pattern,
// each once: the best matches first, then the newest. The server finds those that
// contain the parts of the pattern; of these some may not have it, and then more are
// asked for.
func (s *Store) searchIn(ctx context.Context, q memory.Search, p *stored.Pattern, column string) ([]hit, error) {
	args := []any{encode(q.SourceLocale), encode(q.TargetLocale), encode(p.Parts[0])}
	where := "v.current AND t.locale <> '' AND ($1 = '' OR p.source = $1) AND ($2 = '' OR p.target = $2)"
	for _, part := range p.Parts {
		args = append(args, escapeLike(encode(part)))
		where += fmt.Sprintf(" AND %s LIKE $%d", column, len(args))
	}
	want := max(q.Limit, searchMinimum)
	for limit := 10 * want; ; limit *= 10 {
		rows, err := s.pool.Query(ctx, "SELECT "+fullColumns+` FROM (SELECT * FROM (
				SELECT DISTINCT ON (v.text, v.pair, v.target, v.codes) v.version id, CASE WHEN `+column+" = $3 THEN 2 WHEN starts_with("+column+`, $3) THEN 1 ELSE 0 END AS rank
				FROM memory_version v JOIN memory_text t ON t.id = v.text JOIN memory_pair p ON p.id = v.pair WHERE `+where+`
				ORDER BY v.text, v.pair, v.target, v.codes, `+rankOrder+`) o
			ORDER BY rank DESC, id DESC LIMIT `+fmt.Sprint(limit)+") o JOIN "+fullTables+" ON v.version = o.id ORDER BY o.rank DESC, o.id DESC", args...)
		if err != nil {
			return nil, err
		}
		var out []hit
		n := 0
		var c fullRow
		_, err = pgx.ForEachRow(rows, c.fields(), func() error {
			n++
			if len(out) >= want {
				return nil
			}
			e, err := c.entry()
			if err != nil {
				return err
			}
			h := hit{Found: memory.Found{Entry: e, Batch: c.Batch}, text: c.Text, pair: c.Pair, target: c.Target, codes: c.Codes}
			if h.rank = rankOf(p, q.Side, h.Found); h.rank >= 0 {
				out = append(out, h)
			}
			return nil
		})
		if err != nil || len(out) >= want || n < limit {
			return out, err
		}
	}
}

// withPlaces counts where results are used.
func (s *Store) withPlaces(ctx context.Context, hits []hit) ([]memory.Found, error) {
	out := make([]memory.Found, len(hits))
	b := &pgx.Batch{}
	for i := range hits {
		h := &hits[i]
		out[i] = h.Found
		f := &out[i]
		b.Queue(`SELECT coalesce(place.key, '') FROM memory_version v LEFT JOIN memory_text place ON place.id = v.place
			WHERE v.text = $1 AND v.pair = $2 AND v.current AND v.target = $3 AND v.codes = $4 ORDER BY v.first, v.version LIMIT 1000`,
			h.text, h.pair, encode(h.target), h.codes).Query(func(rows pgx.Rows) error {
			var place string
			_, err := pgx.ForEachRow(rows, []any{encoded{&place}}, func() error {
				f.Uses++
				if place != "" && len(f.Places) < memory.MaxPlaces {
					f.Places = append(f.Places, place)
				}
				return nil
			})
			return err
		})
	}
	if b.Len() == 0 {
		return nil, nil
	}
	return out, s.pool.SendBatch(ctx, b).Close()
}

// rankOf returns how well a result has the pattern.
func rankOf(p *stored.Pattern, side memory.Side, f memory.Found) int {
	best := -1
	if side != memory.TargetSide {
		if rank, ok := p.Rank(stored.FoldCase(stored.WithoutTags(f.Entry.Source.Key()))); ok {
			best = rank
		}
	}
	if side != memory.SourceSide {
		if rank, ok := p.Rank(stored.FoldCase(f.Entry.Target.Chars)); ok {
			best = max(best, rank)
		}
	}
	return best
}
