package fuzzy

import (
	"cmp"
	"slices"
	"unsafe"
)

// How much work a search may do in a shard: so many list elements read, and so
// many steps of the distance's inner loop (one block of 64 characters of the query
// by one character of a text).
const (
	maxReads = 40_000
	maxSteps = 60_000
)

// scratch is what a search needs and another can use again.
type scratch struct {
	words   []token
	lists   []weighted
	shared  []uint16 // by text: the weight of the words it shares; zero between searches
	touched []uint32
	count   []uint32 // by shared weight
	order   []uint32
}

type weighted struct {
	list   []uint32
	weight uint32
}

// finder is one search.
type finder struct {
	*scratch
	pattern           *pattern
	min, limit        int
	accept            func(int64) bool
	shortest, longest int
	hits              []Hit
}

func (f *finder) search(s *shard) {
	lo := lowerBound(s.length, uint32(f.shortest))
	hi := lo + lowerBound(s.length[lo:], uint32(f.longest)+1)
	if lo == hi {
		return
	}
	f.lists = f.lists[:0]
	for _, w := range f.words {
		if l := s.list(w.hash, uint32(lo), uint32(hi)); len(l) > 0 {
			f.lists = append(f.lists, weighted{l, w.weight + 1})
		}
	}
	// The rare words first: they say most and cost least.
	slices.SortFunc(f.lists, func(a, b weighted) int { return cmp.Compare(len(a.list), len(b.list)) })
	if len(f.shared) < hi-lo {
		f.shared = make([]uint16, hi-lo)
	}
	f.touched = f.touched[:0]
	reads, heaviest := 0, uint32(0)
	for _, w := range f.lists {
		if reads > 0 && reads+len(w.list) > maxReads {
			break
		}
		reads += len(w.list)
		for _, d := range w.list {
			d -= uint32(lo)
			v := uint32(f.shared[d])
			if v == 0 {
				f.touched = append(f.touched, d)
			}
			v = min(v+w.weight, 1<<16-1)
			f.shared[d] = uint16(v)
			heaviest = max(heaviest, v)
		}
	}
	f.verify(s, lo, heaviest)
	for _, d := range f.touched {
		f.shared[d] = 0
	}
}

// verify computes scores, those that share most first, as long as the budget lasts.
func (f *finder) verify(s *shard, lo int, heaviest uint32) {
	// Counting sort, heaviest first.
	if len(f.count) < int(heaviest)+2 {
		f.count = make([]uint32, heaviest+2)
	}
	count := f.count[:heaviest+2]
	clear(count)
	for _, d := range f.touched {
		count[heaviest-uint32(f.shared[d])+1]++
	}
	for i := 1; i < len(count); i++ {
		count[i] += count[i-1]
	}
	f.order = slices.Grow(f.order[:0], len(f.touched))[:len(f.touched)]
	for _, d := range f.touched {
		c := &count[heaviest-uint32(f.shared[d])]
		f.order[*c] = d
		*c++
	}
	steps := 0
	for _, d := range f.order {
		doc := lo + int(d)
		n := max(int(s.length[doc]), f.pattern.length)
		// What the distance may be at most to be of use.
		floor := f.min
		if len(f.hits) == f.limit {
			floor = f.hits[f.limit-1].Score
		}
		most := n - (n*floor+99)/100
		id := s.ids[doc]
		if f.accept != nil && !f.accept(id) {
			continue
		}
		steps += f.pattern.blocks*int(s.length[doc]) + 16
		if score := percent(f.pattern.distance(s.string(doc), most), n); score >= floor {
			f.keep(Hit{id, score})
		}
		if steps > maxSteps {
			break
		}
	}
}

func (f *finder) keep(h Hit) {
	at, _ := slices.BinarySearchFunc(f.hits, h, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
	})
	if at == f.limit {
		return
	}
	if len(f.hits) == f.limit {
		f.hits = f.hits[:f.limit-1]
	}
	f.hits = slices.Insert(f.hits, at, h)
}

// string is a text, without a copy: shards do not change.
func (s *shard) string(doc int) string {
	b := s.text[s.at[doc]:s.at[doc+1]]
	return unsafe.String(unsafe.SliceData(b), len(b))
}
