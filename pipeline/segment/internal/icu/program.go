package icu

import (
	"encoding/binary"
	"slices"
	"sort"
	"unicode/utf8"
)

// bits is a small set of whole numbers.
type bits []uint64

func newBits(n int) bits      { return make(bits, (n+63)/64) }
func (b bits) has(i int) bool { return b[i>>6]&(1<<(i&63)) != 0 }
func (b bits) set(i int)      { b[i>>6] |= 1 << (i & 63) }
func (b bits) or(c bits) {
	for i, w := range c {
		b[i] |= w
	}
}
func (b bits) and(c bits) {
	for i, w := range c {
		b[i] &= w
	}
}

func (b bits) key() string {
	k := make([]byte, 0, len(b)*8)
	for _, w := range b {
		k = binary.LittleEndian.AppendUint64(k, w)
	}
	return string(k)
}

// alphabet divides all characters into classes that no pattern of a rule set
// tells apart, so that automata need a column per class only. Class 0 is the
// edge of the text.
type alphabet struct {
	starts []rune   // where an interval of one class begins, ascending from 0
	class  []uint16 // the class of each interval
	low    []uint16 // the class of each character of the Basic Multilingual Plane
	count  int
}

const lowRunes = 0x10000

const edgeClass = 0

// newAlphabet finds the classes for the given sets, and the classes of each set.
func newAlphabet(sets []runeSet) (*alphabet, []bits) {
	type edge struct {
		at  rune
		set int
	}
	var edges []edge
	for i, s := range sets {
		for _, r := range s {
			edges = append(edges, edge{r.lo, i})
			if r.hi < maxRune {
				edges = append(edges, edge{r.hi + 1, i})
			}
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return int(a.at) - int(b.at) })
	a := &alphabet{count: 1}
	in := newBits(len(sets))
	known := map[string]uint16{}
	var members []bits // of the classes from 1 on, which sets they are in
	interval := func(at rune) {
		k := in.key()
		c, ok := known[k]
		if !ok {
			c = uint16(a.count)
			a.count++
			known[k] = c
			members = append(members, slices.Clone(in))
		}
		a.starts = append(a.starts, at)
		a.class = append(a.class, c)
	}
	if len(edges) == 0 || edges[0].at > 0 {
		interval(0)
	}
	for i := 0; i < len(edges); {
		at := edges[i].at
		for ; i < len(edges) && edges[i].at == at; i++ {
			in[edges[i].set>>6] ^= 1 << (edges[i].set & 63)
		}
		interval(at)
	}
	a.low = make([]uint16, lowRunes)
	for i, lo := range a.starts {
		hi := rune(lowRunes)
		if i+1 < len(a.starts) {
			hi = min(hi, a.starts[i+1])
		}
		for r := lo; r < hi; r++ {
			a.low[r] = a.class[i]
		}
	}
	classes := make([]bits, len(sets))
	for s := range sets {
		classes[s] = newBits(a.count)
		for c, m := range members {
			if m.has(s) {
				classes[s].set(c + 1)
			}
		}
	}
	return a, classes
}

func (a *alphabet) find(r rune) uint16 {
	i := sort.Search(len(a.starts), func(i int) bool { return a.starts[i] > r })
	return a.class[i-1]
}

func (a *alphabet) of(r rune) uint16 {
	if r < rune(len(a.low)) {
		return a.low[r]
	}
	return a.find(r)
}

// next is the class of the character at s[i:] and its length; the edge's at the end.
func (a *alphabet) next(s string, i int) (uint16, int) {
	if i >= len(s) {
		return edgeClass, 0
	}
	c := s[i]
	if c < utf8.RuneSelf {
		return a.low[c], 1
	}
	if 0xC2 <= c && c <= 0xDF && i+1 < len(s) && s[i+1]&0xC0 == 0x80 {
		return a.low[rune(c&0x1F)<<6|rune(s[i+1]&0x3F)], 2
	}
	// Three bytes, but for the lead bytes that not every second byte may follow.
	if 0xE1 <= c && c <= 0xEC && i+2 < len(s) && s[i+1]&0xC0 == 0x80 && s[i+2]&0xC0 == 0x80 {
		return a.low[rune(c&0x0F)<<12|rune(s[i+1]&0x3F)<<6|rune(s[i+2]&0x3F)], 3
	}
	r, n := utf8.DecodeRuneInString(s[i:])
	return a.of(r), n
}

// last is the class of the character that ends at s[:i] and its length.
func (a *alphabet) last(s string, i int) (uint16, int) {
	if i <= 0 {
		return edgeClass, 0
	}
	c := s[i-1]
	if c < utf8.RuneSelf {
		return a.low[c], 1
	}
	if c&0xC0 == 0x80 && i > 1 && 0xC2 <= s[i-2] && s[i-2] <= 0xDF {
		return a.low[rune(s[i-2]&0x1F)<<6|rune(c&0x3F)], 2
	}
	if c&0xC0 == 0x80 && i > 2 && s[i-2]&0xC0 == 0x80 && 0xE1 <= s[i-3] && s[i-3] <= 0xEC {
		return a.low[rune(s[i-3]&0x0F)<<12|rune(s[i-2]&0x3F)<<6|rune(c&0x3F)], 3
	}
	r, n := utf8.DecodeLastRuneInString(s[:i])
	return a.of(r), n
}

// machine is a nondeterministic automaton over classes for all the conditions of
// a rule set on one side of a place. The automaton of what is before a place
// reads backwards.
type machine struct {
	insts  []inst
	starts []int32  // the first instruction of each condition
	sets   []bits   // of classes; those of lookarounds may have the edge in them
	order  []int32  // of each condition, the variant that asks for it; nil if any may matter
	alone  []bool   // whether the variant asks for nothing else on this side
	last   []uint16 // classes that no look at the class behind tells apart share a number
	// Classes that no instruction tells apart share a column in an automaton's table: the
	// alphabet is that of both machines, and one of them has the lists of words.
	column  []uint16
	columns int
}

type inst struct {
	op   instOp
	set  int32
	cond int32
	next int32
	alts []int32 // instSplit: go on at each
}

type instOp uint8

const (
	instSet    instOp = iota // take one character of set
	instSplit                // go on at several places
	instAhead                // the next character, or the edge, is in set
	instBehind               // the one before
	instMatch                // the condition holds
)

// builder compiles patterns to machines. Set numbers are its own until the
// alphabet is known.
type builder struct {
	sets  []runeSet
	index map[string]int32
}

func (b *builder) set(s runeSet) int32 {
	k := make([]byte, 0, 8*len(s))
	for _, r := range s {
		k = binary.LittleEndian.AppendUint32(k, uint32(r.lo))
		k = binary.LittleEndian.AppendUint32(k, uint32(r.hi))
	}
	i, ok := b.index[string(k)]
	if !ok {
		i = int32(len(b.sets))
		b.sets = append(b.sets, s)
		b.index[string(k)] = i
	}
	return i
}

// side is a machine while it is built. Sets are numbered doubly: 2n for set n of
// the builder, 2n+1 for the same with the edge.
type side struct {
	machine
	*builder
	reverse bool
}

func (s *side) add(i inst) int32 {
	i.cond = int32(len(s.starts))
	s.insts = append(s.insts, i)
	return int32(len(s.insts) - 1)
}

// condition compiles a pattern and returns its number on this side.
func (s *side) condition(n *node) int {
	start := s.compile(n, s.add(inst{op: instMatch}))
	s.starts = append(s.starts, start)
	return len(s.starts) - 1
}

func (s *side) compile(n *node, next int32) int32 {
	switch n.op {
	case opSet:
		return s.add(inst{op: instSet, set: 2 * s.set(n.set), next: next})
	case opLook:
		op, set := instBehind, 2*s.set(n.set)
		if n.ahead != s.reverse {
			op = instAhead
		}
		if n.edge {
			set++
		}
		return s.add(inst{op: op, set: set, next: next})
	case opConcat:
		for i := range n.subs {
			if !s.reverse {
				i = len(n.subs) - 1 - i
			}
			next = s.compile(n.subs[i], next)
		}
		return next
	case opAlt:
		alts := make([]int32, len(n.subs))
		for i, sub := range n.subs {
			alts[i] = s.compile(sub, next)
		}
		return s.add(inst{op: instSplit, alts: alts})
	case opRepeat:
		if n.max < 0 {
			loop := s.add(inst{op: instSplit})
			s.insts[loop].alts = []int32{s.compile(n.subs[0], loop), next}
			next = loop
		}
		for range n.max - n.min {
			next = s.add(inst{op: instSplit, alts: []int32{s.compile(n.subs[0], next), next}})
		}
		for range n.min {
			next = s.compile(n.subs[0], next)
		}
	}
	return next
}

// size is how many instructions n makes, at most limit.
func size(n *node, limit int) int {
	total := 1
	for _, s := range n.subs {
		total += size(s, limit)
	}
	if n.op == opRepeat {
		times := max(n.max, n.min+1)
		if total > limit/max(times, 1) {
			return limit
		}
		total *= max(times, 1)
	}
	return min(total, limit)
}

// finish turns set numbers into sets of classes.
func (s *side) finish(count int, classes []bits) *machine {
	m := &s.machine
	m.sets = make([]bits, 2*len(classes))
	for i, c := range classes {
		m.sets[2*i] = c
		m.sets[2*i+1] = slices.Clone(c)
		m.sets[2*i+1].set(edgeClass)
	}
	var looked, all []int32
	for _, i := range m.insts {
		switch i.op {
		case instBehind:
			looked, all = append(looked, i.set), append(all, i.set)
		case instSet, instAhead:
			all = append(all, i.set)
		}
	}
	m.last = m.groups(count, looked)
	m.column = make([]uint16, count)
	for c, first := range m.groups(count, all) {
		if int(first) == c {
			m.column[c] = uint16(m.columns)
			m.columns++
		}
		m.column[c] = m.column[first]
	}
	return m
}

// groups returns for each class the first one that is in the same of the sets with the
// given numbers.
func (m *machine) groups(count int, sets []int32) []uint16 {
	slices.Sort(sets)
	sets = slices.Compact(sets)
	known := map[string]uint16{}
	first := make([]uint16, count)
	key := make([]byte, len(sets))
	for c := range count {
		for i, set := range sets {
			key[i] = 0
			if m.sets[set].has(c) {
				key[i] = 1
			}
		}
		if _, ok := known[string(key)]; !ok {
			known[string(key)] = uint16(c)
		}
		first[c] = known[string(key)]
	}
	return first
}

// firstTwo are the sets of classes that a match of condition c can begin with in
// the machine's reading direction, and have in the second place. If a match can
// be shorter, anything may stand there.
func (m *machine) firstTwo(c, count int) (first, second bits) {
	all := newBits(count)
	for c := range count {
		all.set(c)
	}
	first, second = newBits(count), newBits(count)
	behindFirst := map[int32]bool{}
	if m.reach(m.starts[c], map[int32]bool{}, first, behindFirst) {
		return all, all
	}
	seen := map[int32]bool{}
	for pc := range behindFirst {
		if m.reach(pc, seen, second, map[int32]bool{}) {
			return first, all
		}
	}
	return first, second
}

// reach collects the classes that can be taken next from an instruction, and the
// instructions behind them, and reports whether a match can be empty.
func (m *machine) reach(pc int32, seen map[int32]bool, classes bits, behind map[int32]bool) (empty bool) {
	if seen[pc] {
		return false
	}
	seen[pc] = true
	switch i := &m.insts[pc]; i.op {
	case instSet:
		classes.or(m.sets[i.set])
		behind[i.next] = true
	case instSplit:
		for _, a := range i.alts {
			empty = m.reach(a, seen, classes, behind) || empty
		}
	case instAhead, instBehind:
		return m.reach(i.next, seen, classes, behind)
	case instMatch:
		return true
	}
	return empty
}
