package fuzzy

import (
	"cmp"
	"slices"
	"sort"
	"unicode/utf8"
	"unsafe"
)

// How much work a search may do in a shard: so many list elements read, and so
// many steps of the distance's inner loop (one block of 64 characters of the query
// by one character of a text). With a million real segments and a wanted score of
// 75 the best match is found as often with half of this; the rest is for
// short texts and lower scores.
const (
	maxReads = 40_000
	maxSteps = 15_000
	few      = 256 // so many texts are looked at without reading more lists
	pool     = 256 // texts that are looked at, if so many share anything
)

// farthest is the last class of seeming distance, in 64ths of the longer text.
const farthest = 160

// scratch is what a search needs and another can use again.
type scratch struct {
	words   []token
	lists   []weighted
	shared  []uint16 // by text: the weight of the words it shares; all 0 between searches
	touched []uint32
	count   []uint32 // by shared weight
	found   []uint64 // how far a text seems to be, and the text
	order   []uint32
}

type weighted struct {
	list   []uint32
	start  uint32 // its place in shard.lists
	weight uint32
}

// finder is one search.
type finder struct {
	*scratch
	pattern           *pattern
	sign              sign
	min, limit        int
	accept            func(int64) bool
	shortest, longest int
	hits              []Hit
}

func (f *finder) search(s *shard) {
	lo, hi := s.from(f.shortest), s.from(f.longest+1)
	if lo == hi {
		return
	}
	// Words that a text of the wanted score may lack, and some more.
	enough := f.pattern.length * (115 - f.min) / 100
	f.lists = f.lists[:0]
	for _, w := range f.words {
		if start, end := s.list(w.hash, uint32(lo), uint32(hi)); start < end {
			f.lists = append(f.lists, weighted{s.lists[start:end], start, w.weight + 1})
		}
	}
	// The rare words first: they say most and cost least.
	slices.SortFunc(f.lists, func(a, b weighted) int { return cmp.Compare(len(a.list), len(b.list)) })
	if len(f.shared) < hi-lo {
		f.shared = make([]uint16, hi-lo)
	}
	f.touched = f.touched[:0]
	total := uint32(1)
	for _, w := range f.lists {
		total += w.weight
	}
	if len(f.count) <= int(total) {
		f.count = make([]uint32, total+1)
	}
	// How many texts share how much.
	count := f.count[:total+1]
	clear(count)
	reads, read := 0, 0
	for _, w := range f.lists {
		if reads > 0 && reads+len(w.list) > maxReads || len(f.touched) <= few && read > enough {
			break
		}
		reads += len(w.list)
		read += int(w.weight)
		if s.file != nil {
			s.file.check(partLists, 4*int(w.start), 4*len(w.list))
		}
		for _, d := range w.list {
			d -= uint32(lo)
			v := f.shared[d]
			if v == 0 {
				f.touched = append(f.touched, d)
			}
			count[v]--
			v += uint16(w.weight)
			f.shared[d] = v
			count[v]++
		}
	}
	f.verify(s, lo, count)
}

// verify computes scores, those that share most first, as long as the budget lasts.
func (f *finder) verify(s *shard, lo int, count []uint32) {
	// The least weight that is looked at.
	floor, n := len(count)-1, uint32(0)
	for ; floor > 1; floor-- {
		if n += count[floor]; n >= pool {
			break
		}
	}
	// Of those, the ones first that seem nearest: what they do not share of the
	// longer text, and how far apart they are at least. Sorted by counting.
	f.found = f.found[:0]
	var sizes [farthest + 2]uint32
	for _, d := range f.touched {
		if v := int(f.shared[d]); v >= floor {
			at := lo + int(d)
			doc := s.doc(at)
			n := max(int(doc.length), f.pattern.length)
			if a := apart(f.sign, doc.sign); a <= n-(n*f.min+99)/100 {
				far := uint32(min(max(0, n+2*a-v)*64/n, farthest))
				f.found = append(f.found, uint64(far)<<32|uint64(at))
				sizes[far+1]++
			}
		}
		f.shared[d] = 0
	}
	for i := 1; i < len(sizes); i++ {
		sizes[i] += sizes[i-1]
	}
	f.order = slices.Grow(f.order[:0], len(f.found))[:len(f.found)]
	for _, d := range f.found {
		at := &sizes[d>>32]
		f.order[*at] = uint32(d)
		*at++
	}
	steps := 0
	for _, d := range f.order {
		doc := s.doc(int(d))
		n := max(int(doc.length), f.pattern.length)
		// What the distance may be at most to be of use.
		floor := f.min
		if len(f.hits) == f.limit {
			floor = f.hits[f.limit-1].Score
		}
		most := n - (n*floor+99)/100
		if steps++; apart(f.sign, doc.sign) > most {
			continue
		}
		id := doc.id
		if f.accept != nil && !f.accept(id) {
			continue
		}
		steps += f.pattern.blocks*int(doc.length) + 16
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

// from is the first text of a length or more.
func (s *shard) from(length int) int {
	return sort.Search(len(s.docs), func(i int) bool { return int(s.doc(i).length) >= length })
}

// string is a text, without a copy: shards do not change.
func (s *shard) string(d *doc) string {
	if s.file != nil {
		if d.length > MaxLength || d.size > utf8.UTFMax*d.length || int(d.at)+int(d.size) > len(s.text) {
			panic(ErrDamaged)
		}
		s.file.check(partText, int(d.at), int(d.size))
	}
	b := s.text[d.at:][:d.size]
	return unsafe.String(unsafe.SliceData(b), len(b))
}
