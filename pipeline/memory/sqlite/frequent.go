package sqlite

import (
	"cmp"
	"slices"
	"sync"

	"hexapla/pipeline/memory"
)

// frequentFrom is the number of standing entries of a pair from which on a text is
// frequent: as the links of a page's head and foot, which each article has, in a place of
// its own.
const frequentFrom = 2 * candidateLimit

// maxFrequentSize limits what is kept of frequent texts, in bytes.
const maxFrequentSize = 24 << 20

// frequentTexts has the standing entries of frequent texts at a revision of the memory:
// n articles that ask for a text of each would else read n² slots.
type frequentTexts struct {
	mu       sync.Mutex
	revision int64
	size     int                        // in bytes, about
	texts    map[pairText]*frequentText // nil for one that was read once
}

// pairText names a text in a locale pair by their ids.
type pairText struct{ pair, text int64 }

// frequentText has the standing entries of a text in a locale pair.
type frequentText struct {
	slots       []indexed // the best first, without the context of a query
	byPlace     []int32   // those that have a place, by it
	byNeighbors []int32   // those that have a neighbour, by both

	mu   sync.Mutex
	read map[int64]*memory.Candidate // what was read of the slots, by id
}

// find returns those of the asked texts that are kept at a revision.
func (f *frequentTexts) find(revision, pair int64, asked map[int64][]int) map[int64]*frequentText {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.revision != revision || f.texts == nil {
		f.revision, f.size, f.texts = revision, 0, map[pairText]*frequentText{}
	}
	var out map[int64]*frequentText
	for text := range asked {
		if t := f.texts[pairText{pair, text}]; t != nil {
			if out == nil {
				out = map[int64]*frequentText{}
			}
			out[text] = t
		}
	}
	return out
}

// add keeps the slots of a frequent text that were read after the memory had a revision.
// It does so only if they are read for the second time: where every look-up finds another
// revision, nothing is gained by it.
func (f *frequentTexts) add(revision, pair int64, slots []indexed) {
	f.mu.Lock()
	defer f.mu.Unlock()
	at := pairText{pair, slots[0].text}
	const each = 72 // bytes of a slot with its places in the indexes
	t, again := f.texts[at]
	switch {
	case f.revision != revision || t != nil || f.size+each*len(slots) > maxFrequentSize:
	case !again:
		f.texts[at] = nil
		f.size += each
	default:
		f.texts[at] = newFrequentText(slots)
		f.size += each * len(slots)
	}
}

// newFrequentText returns the text that has the slots, which have no context yet.
func newFrequentText(slots []indexed) *frequentText {
	t := &frequentText{slots: slices.Clone(slots), read: map[int64]*memory.Candidate{}}
	slices.SortFunc(t.slots, func(a, b indexed) int { return b.compare(&a) })
	for i := range t.slots {
		c := &t.slots[i]
		if c.place != 0 {
			t.byPlace = append(t.byPlace, int32(i))
		}
		if c.prev != 0 || c.next != 0 {
			t.byNeighbors = append(t.byNeighbors, int32(i))
		}
	}
	slices.SortFunc(t.byPlace, func(a, b int32) int {
		return cmp.Or(cmp.Compare(t.slots[a].place, t.slots[b].place), cmp.Compare(a, b))
	})
	slices.SortFunc(t.byNeighbors, func(a, b int32) int {
		return cmp.Or(compareNeighbors(&t.slots[a], &t.slots[b]), cmp.Compare(a, b))
	})
	return t
}

func compareNeighbors(a, b *indexed) int {
	return cmp.Or(cmp.Compare(a.prev, b.prev), cmp.Compare(a.next, b.next))
}

// best returns what function best returns of the slots in the context of a query.
func (t *frequentText) best(q *slotContext) []indexed {
	var out []indexed
	for i, place := range q.places {
		if slices.Contains(q.places[:i], place) {
			continue
		}
		at, _ := slices.BinarySearchFunc(t.byPlace, place, func(i int32, place int64) int { return cmp.Compare(t.slots[i].place, place) })
		for ; at < len(t.byPlace) && t.slots[t.byPlace[at]].place == place; at++ {
			c := t.slots[t.byPlace[at]]
			c.context = q.sharedWith(&c)
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b indexed) int { return b.compare(&a) })
	wanted := indexed{prev: q.prev, next: q.next}
	at, _ := slices.BinarySearchFunc(t.byNeighbors, &wanted, func(i int32, w *indexed) int { return compareNeighbors(&t.slots[i], w) })
	for ; at < len(t.byNeighbors) && len(out) < candidateLimit; at++ {
		c := t.slots[t.byNeighbors[at]]
		if compareNeighbors(&c, &wanted) != 0 {
			break
		}
		if c.context = q.sharedWith(&c); c.context == memory.SameNeighbors {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		return best(t.slots)
	}
	for i := 0; i < len(t.slots) && len(out) < candidateLimit; i++ {
		if c := t.slots[i]; q.sharedWith(&c) == 0 {
			out = append(out, c)
		}
	}
	return out[:min(len(out), candidateLimit)]
}

// known returns the candidates of those slots that have been read, without the repeated
// ones, and the other slots.
func (t *frequentText) known(slots []indexed) (known []memory.Candidate, rest []indexed) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range slots {
		c := t.read[s.id]
		if c == nil {
			rest = append(rest, s)
			continue
		}
		at := 0
		for at < len(known) && !c.Repeats(&known[at]) {
			at++
		}
		if at == len(known) {
			known = append(known, *c)
		} else if s.context == known[at].Context && known[at].Rank.Compare(c.Rank) < 0 { // of equal slots, see indexed.compare
			known[at] = *c
		}
		known[at].Context = max(known[at].Context, s.context)
	}
	return known, rest
}

// keep keeps candidates of a text that were read after the memory had a revision, but for
// those of the place of a query, which no other query asks for.
func (f *frequentTexts) keep(revision int64, t *frequentText, rows []found, candidates []memory.Candidate) {
	f.mu.Lock()
	defer f.mu.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, c := range candidates {
		size := 600 + len(c.Entry.Source.Chars) + len(c.Entry.Target.Chars) + 200*(len(c.Entry.Source.Codes)+len(c.Entry.Target.Codes))
		if c.Context&memory.SamePlace != 0 || f.revision != revision || f.size+size > maxFrequentSize {
			continue
		}
		f.size += size
		c.Context = 0
		t.read[rows[i].id] = &c
	}
}
