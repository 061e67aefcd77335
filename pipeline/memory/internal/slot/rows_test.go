package slot

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// version is a row with nothing beside its version.
type version struct{ Version }

func (v *version) Copy() *version {
	c := *v
	c.Current = false
	return &c
}

func (v *version) String() string {
	return fmt.Sprintf("%d (%q, batch %d, rank %v)", v.Number, v.Target, v.Batch, v.Rank())
}

// random returns a version of few contents, times, kinds and batches.
func random(r *rand.Rand, number int64) *version {
	v := &version{}
	v.Number, v.Sum = number, number
	v.Batch, v.RecordedAt = 1+r.Int64N(4), r.Int64N(1000)
	v.Priority, v.EffectiveAt = 1+r.Int64N(2), r.Int64N(3)
	v.Target = fmt.Sprint("перевод ", r.IntN(12))
	v.Kind = []string{"import", "import", "human"}[r.IntN(3)]
	if r.IntN(2) == 0 {
		v.Time = sql.NullInt64{Int64: v.EffectiveAt, Valid: true}
	}
	if v.Batch == 1 {
		v.Withdraw(9)
	}
	return v
}

// numbers returns the sorted numbers of versions.
func numbers(rows []*version) []int64 {
	out := []int64{}
	for _, r := range rows {
		out = append(out, r.Number)
	}
	slices.Sort(out)
	return out
}

// current returns the current ones of versions.
func current(rows []*version) []*version {
	return slices.DeleteFunc(slices.Clone(rows), func(r *version) bool { return !r.Current })
}

// A slot answers from its index what it answers from its rows, and a plan has just what
// has changed.
func TestIndex(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 7))
		s := &Rows[*version]{Complete: true}
		for number := int64(1); number < 80; {
			added := make([]*version, 1)
			if s.Len() > 0 {
				added = make([]*version, 1+r.IntN(3))
			}
			for i := range added {
				added[i] = random(r, number)
				if number++; seed%2 == 0 {
					added[i].RecordedAt = number
				}
			}
			before := numbers(current(s.All()))
			p := s.Put(added...)
			if large := s.index != nil; large != (s.Len() >= Large) {
				t.Fatalf("seed %d: index of %d rows: %v", seed, s.Len(), large)
			}
			after := numbers(current(s.All()))
			if got := numbers(s.Current()); !slices.Equal(got, after) {
				t.Fatalf("seed %d: current %v, want %v", seed, got, after)
			}
			want := slices.DeleteFunc(slices.Clone(after), func(n int64) bool { return slices.Contains(before, n) })
			if got := numbers(p.Raised); !slices.Equal(got, want) {
				t.Fatalf("seed %d: raised %v, want %v", seed, got, want)
			}
			want = slices.DeleteFunc(slices.Clone(before), func(n int64) bool { return slices.Contains(after, n) })
			if got := numbers(p.Lowered); !slices.Equal(got, want) {
				t.Fatalf("seed %d: lowered %v, want %v", seed, got, want)
			}
			if i := slices.Index(p.Raised, s.Best()); i > 0 {
				t.Fatalf("seed %d: the best is number %d of those raised", seed, i)
			}

			plain := &Rows[*version]{} // not complete: without an index
			for _, row := range s.All() {
				c := row.Copy()
				c.Current = row.Current
				plain.Load(c)
			}
			if s.Best().Number != plain.Best().Number || s.Earliest() != plain.Earliest() {
				t.Fatalf("seed %d: best %v, want %v; first %d, want %d", seed, s.Best(), plain.Best(), s.Earliest(), plain.Earliest())
			}
			probe := random(r, 0).Base()
			got, ok := s.currentLike(probe)
			if want, found := plain.currentLike(probe); ok != found || ok && got.Number != want.Number {
				t.Fatalf("seed %d: current %v, want %v", seed, got, want)
			}
			withdrawn, anyTime, force := r.IntN(2) == 0, r.IntN(2) == 0, r.IntN(3) == 0
			got, ok = s.formerLike(probe, withdrawn, anyTime, force)
			if want, found := plain.formerLike(probe, withdrawn, anyTime, force); ok != found || ok && got.Number != want.Number {
				t.Fatalf("seed %d: former %v, want %v", seed, got, want)
			}
			if plain.Place(); !slices.Equal(after, numbers(current(plain.All()))) {
				t.Fatalf("seed %d: current %v, want %v", seed, after, numbers(current(plain.All())))
			}
		}
	}
}
