// Package fuzzy finds the texts that are most like a given one, among a million,
// in a fraction of a millisecond.
//
// An Index knows which texts have which words. A search reads the lists of the
// query's rare words first, within the lengths that can reach the wanted score,
// counts how much of the query each text shares, and computes the true distance
// for those that share most. So its scores are exact, while a text that shares only
// frequent words with the query may be missed.
package fuzzy

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"unicode/utf8"
	"unsafe"
)

// MaxLength is the length, in characters, above which texts are not indexed and
// not searched for: nobody reuses a text of some pages for its likeness.
const MaxLength = 4096

// Code is the first of the characters that stand for inline codes in a text, one
// for each bitext.CodeKind: each counts as one character.
const Code = 0xF0000

const (
	codeFirst = Code
	codeLast  = Code + 2
)

// Hit is a text found: its ID and its Score.
type Hit struct {
	ID    int64
	Score int
}

// Text is a text to index, under the ID that a Hit will name.
type Text struct {
	ID   int64
	Text string
}

// Index is a set of texts to search in. The zero value is an empty index. Find may
// run in many goroutines at once, and beside one Add.
type Index struct {
	mu     sync.Mutex
	shards atomic.Pointer[[]*shard]
	spare  sync.Pool
}

// Add puts texts into the index, all of them or, when texts yields an error, none;
// it returns that error. ErrDamaged is as for Find. What it costs is in proportion to what is added; now and
// then it merges what was added before.
func (x *Index) Add(texts iter.Seq2[Text, error]) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	var b builder
	for t, err := range texts {
		if err != nil {
			return err
		}
		b.add(t.ID, t.Text)
	}
	if len(b.docs) == 0 {
		return nil
	}
	var shards []*shard
	if p := x.shards.Load(); p != nil {
		shards = slices.Clone(*p)
	}
	// Like a number's digits carry over, shards of like size merge, so that there
	// are only ever a few.
	if err := x.merge(&b, &shards); err != nil {
		return err
	}
	shards = append(shards, b.build())
	x.shards.Store(&shards)
	return nil
}

// merge takes the last shards, as far as they are small beside what is added.
func (x *Index) merge(b *builder, shards *[]*shard) (err error) {
	defer recoverMapped(*shards, &err)()
	for l := *shards; len(l) > 0 && l[len(l)-1].len() < 4*len(b.docs); l = *shards {
		b.take(l[len(l)-1])
		*shards = l[:len(l)-1]
	}
	return nil
}

// Len is the number of texts.
func (x *Index) Len() int {
	n := 0
	if p := x.shards.Load(); p != nil {
		for _, s := range *p {
			n += s.len()
		}
	}
	return n
}

// Bytes is about how much memory the index holds.
func (x *Index) Bytes() int {
	n := 0
	if p := x.shards.Load(); p != nil {
		for _, s := range *p {
			if s.file != nil {
				n += 4 * len(s.file.sums)
				continue
			}
			n += len(s.text) + int(unsafe.Sizeof(doc{}))*len(s.docs) + 4*len(s.lists) + int(unsafe.Sizeof(slot{}))*len(s.slots)
		}
	}
	return n
}

// Find gives the texts with the highest scores, at least min (from 1 to 100), best
// first, at most limit of them. Texts of equal score come in order of their IDs.
// A text that accept refuses is not looked at; a nil accept takes all.
//
// The error is ErrDamaged, and only for an index that is Mapped: its files are not
// what was written.
func (x *Index) Find(query string, min, limit int, accept func(id int64) bool) (_ []Hit, err error) {
	p := x.shards.Load()
	if p == nil || limit <= 0 {
		return nil, nil
	}
	min = max(min, 1)
	length := utf8.RuneCountInString(query)
	if length > MaxLength || length == 0 {
		return nil, nil
	}
	sc, _ := x.spare.Get().(*scratch)
	if sc == nil {
		sc = &scratch{}
	}
	defer recoverMapped(*p, &err)()
	sc.words = tokens(sc.words[:0], query)
	f := finder{scratch: sc, pattern: compile(query), sign: signOf(query), min: min, limit: limit, accept: accept,
		shortest: (length*min + 99) / 100, longest: length * 100 / min}
	for _, s := range *p {
		f.search(s)
		runtime.KeepAlive(s.file)
	}
	x.spare.Put(sc) // not after a panic, which leaves it half used
	return f.hits, nil
}

// recoverMapped returns a function to be deferred that turns a panic over mapped
// shards into ErrDamaged: a file that is not what was written, or cut short while it
// is used, may lead a search anywhere.
func recoverMapped(shards []*shard, err *error) func() {
	if !slices.ContainsFunc(shards, func(s *shard) bool { return s.file != nil }) {
		return func() {}
	}
	fault := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(fault)
		if r := recover(); r != nil {
			*err = ErrDamaged
			if e, ok := r.(error); ok && !errors.Is(e, ErrDamaged) {
				*err = fmt.Errorf("%w: %w", ErrDamaged, e)
			}
		}
	}
}

// shard is an unchanging part of an index. Its texts are in order of their lengths.
type shard struct {
	text  []byte   // one behind the other
	docs  []doc    // what is known of each
	lists []uint32 // the texts that have a word, list after list
	slots []slot   // hash table of words, open addressing; its size is a power of two
	file  *file    // where all this is mapped from, nil for memory
}

// doc is one text. All that a search asks of it lies in one place: most of a
// search's time goes by waiting for memory.
type doc struct {
	sign   sign
	id     int64
	at     uint32
	size   uint32
	length uint32 // in characters
	_      uint32
}

// slot says where a word's list is. An empty one has no list.
type slot struct{ hash, start, end uint32 }

func (s *shard) len() int { return len(s.docs) }

// list is where in lists the texts from doc lo to before hi stand that have the word.
func (s *shard) list(hash uint32, lo, hi uint32) (start, end uint32) {
	mask := uint32(len(s.slots) - 1)
	i := spread(hash) & mask
	for range s.slots {
		if s.file != nil {
			s.file.check(partSlots, int(i)*int(unsafe.Sizeof(slot{})), int(unsafe.Sizeof(slot{})))
		}
		sl := s.slots[i]
		if sl.end == 0 {
			break
		}
		if sl.hash == hash {
			start = s.lowerBound(sl.start, sl.end, lo)
			return start, s.lowerBound(start, sl.end, hi)
		}
		i = (i + 1) & mask
	}
	return 0, 0
}

// lowerBound is where in lists, between two places, the texts from v on begin.
func (s *shard) lowerBound(from, to, v uint32) uint32 {
	for from < to {
		at := from + (to-from)/2
		if s.file != nil {
			s.file.check(partLists, 4*int(at), 4)
		}
		if s.lists[at] < v {
			from = at + 1
		} else {
			to = at
		}
	}
	return from
}

// doc returns what is known of a text.
func (s *shard) doc(i int) *doc {
	if s.file != nil {
		s.file.check(partDocs, i*int(unsafe.Sizeof(doc{})), 1)
	}
	return &s.docs[i]
}

func spread(h uint32) uint32 {
	h ^= h >> 16
	h *= 0x85ebca6b
	return h ^ h>>13
}

// builder collects texts for a shard.
type builder struct {
	text []byte
	docs []doc
}

// maxShard keeps offsets within 32 bits.
const maxShard = 1<<32 - 1<<20

func (b *builder) add(id int64, text string) {
	n := utf8.RuneCountInString(text)
	if n == 0 || n > MaxLength || len(b.text)+len(text) > maxShard {
		return
	}
	b.docs = append(b.docs, doc{sign: signOf(text), id: id, at: uint32(len(b.text)), size: uint32(len(text)), length: uint32(n)})
	b.text = append(b.text, text...)
}

func (b *builder) take(s *shard) {
	if s.file != nil {
		s.file.check(partDocs, 0, len(raw(s.docs)))
		s.file.check(partText, 0, len(s.text))
		defer runtime.KeepAlive(s.file)
	}
	for _, d := range s.docs {
		d.at += uint32(len(b.text))
		b.docs = append(b.docs, d)
	}
	b.text = append(b.text, s.text...)
}

func (b *builder) build() *shard {
	slices.SortFunc(b.docs, func(x, y doc) int {
		return cmp.Or(cmp.Compare(x.length, y.length), cmp.Compare(x.id, y.id))
	})
	n := len(b.docs)
	s := &shard{text: make([]byte, 0, len(b.text)), docs: b.docs}
	for i := range s.docs {
		d := &s.docs[i]
		s.text = append(s.text, b.text[d.at:d.at+d.size]...)
		d.at = uint32(len(s.text)) - d.size
	}
	b.text, b.docs = nil, nil
	// First which words there are and how often, then the lists.
	words := wordTable{slots: make([]slot, 1024)}
	stream := make([]uint32, 0, n*8) // the words of each text, by number
	ends := make([]uint32, n)
	var ts []token
	for i := range n {
		ts = tokens(ts[:0], s.string(&s.docs[i]))
		for _, t := range ts {
			stream = append(stream, words.number(t.hash))
		}
		ends[i] = uint32(len(stream))
	}
	starts := make([]uint32, len(words.count)+1)
	for i, c := range words.count {
		starts[i+1] = starts[i] + c
	}
	s.lists = make([]uint32, len(stream))
	fill := slices.Clone(starts)
	at := uint32(0)
	for i := range n {
		for ; at < ends[i]; at++ {
			w := stream[at]
			s.lists[fill[w]] = uint32(i)
			fill[w]++
		}
	}
	s.slots = words.slots
	for i := range s.slots {
		if sl := &s.slots[i]; sl.end > 0 {
			w := sl.start
			sl.start, sl.end = starts[w], starts[w+1]
		}
	}
	return s
}

// wordTable numbers words. While it is built, slot.start is the word's number and
// slot.end is 1.
type wordTable struct {
	slots []slot
	count []uint32 // by number
}

func (w *wordTable) number(hash uint32) uint32 {
	mask := uint32(len(w.slots) - 1)
	i := spread(hash) & mask
	for ; w.slots[i].end > 0; i = (i + 1) & mask {
		if w.slots[i].hash == hash {
			w.count[w.slots[i].start]++
			return w.slots[i].start
		}
	}
	n := uint32(len(w.count))
	w.slots[i] = slot{hash, n, 1}
	w.count = append(w.count, 1)
	if len(w.count)*2 > len(w.slots) {
		old := w.slots
		w.slots = make([]slot, 2*len(old))
		mask = uint32(len(w.slots) - 1)
		for _, sl := range old {
			if sl.end > 0 {
				j := spread(sl.hash) & mask
				for w.slots[j].end > 0 {
					j = (j + 1) & mask
				}
				w.slots[j] = sl
			}
		}
	}
	return n
}
