package icu

import (
	"encoding/binary"
	"math"
	"slices"
	"unicode/utf8"
)

// automaton is a machine made deterministic as far as a text has needed it yet.
// Only one goroutine may use it at a time.
type automaton struct {
	m        *machine
	trans    []uint16 // state × column: the state to go to, with doneBit; 0 where not known yet
	states   []dstate
	index    map[string]int32
	accepts  []bits // sets of conditions, interned
	accepted map[string]int32
	memo     memo
	passed   []memoSlot // by the run that is under way
	texts    uint32     // how many texts were read
	// scratch
	mark  []uint32
	tick  uint32
	stack []int32
	key   []byte
}

// doneBit marks a state that no more text can change: which conditions hold is known.
const doneBit = 1 << 15

// dstate is a set of instructions to go on at, with the conditions that hold by
// now. Conditions that hold have no instructions left: they need no more text.
type dstate struct {
	kernel []int32
	last   uint16 // a class like the one read last
	accept int32
}

func newAutomaton(m *machine) *automaton {
	a := &automaton{m: m, mark: make([]uint32, len(m.insts))}
	a.reset()
	return a
}

func (a *automaton) reset() {
	a.forget()
	a.trans = append(a.trans[:0], make([]uint16, a.m.columns)...) // state 0 is none
	a.states = append(a.states[:0], dstate{})
	a.index = map[string]int32{}
	a.accepts = a.accepts[:0]
	a.accepted = map[string]int32{}
	a.intern(newBits(len(a.m.starts)))
}

func (a *automaton) intern(b bits) int32 {
	k := b.key()
	id, ok := a.accepted[k]
	if !ok {
		id = int32(len(a.accepts))
		a.accepts = append(a.accepts, b)
		a.accepted[k] = id
	}
	return id
}

// state finds or makes the state for a sorted kernel, with doneBit.
func (a *automaton) state(kernel []int32, last uint16, accept int32) int32 {
	k := a.key[:0]
	k = binary.LittleEndian.AppendUint16(k, last)
	k = binary.LittleEndian.AppendUint32(k, uint32(accept))
	for _, pc := range kernel {
		k = binary.LittleEndian.AppendUint32(k, uint32(pc))
	}
	a.key = k
	id, ok := a.index[string(k)]
	if !ok {
		id = int32(len(a.states))
		a.states = append(a.states, dstate{slices.Clone(kernel), last, accept})
		a.trans = append(a.trans, make([]uint16, a.m.columns)...)
		if len(kernel) == 0 {
			id |= doneBit
		}
		a.index[string(k)] = id
	}
	return id
}

// start is the state before anything is read, with class on the place's other side.
func (a *automaton) start(conds []int, class uint16) int32 {
	kernel := make([]int32, len(conds))
	for i, c := range conds {
		kernel[i] = a.m.starts[c]
	}
	slices.Sort(kernel)
	return a.state(kernel, a.m.last[class], 0)
}

// A run looks at the rest of its place's block of text and at the next block in its
// direction, no further. So a rule such as ".*" cannot make segmentation quadratic,
// and runs from places of one block end at the same offset: one that comes where
// another came, in the same state, ends like it.
const (
	blockSize = 1024 // bytes
	memoStep  = 64   // bytes; a power of two that divides blockSize
	memoSlots = 1024 // a power of two, enough for some states at every step of two blocks
)

// memo holds how runs ended, by their state at the first offset that they reached in
// each step of the text.
type memo [memoSlots]memoSlot

// slot returns the slot for a state at an offset.
func (m *memo) slot(pos int, state int32) *memoSlot {
	return &m[(uint32(pos/memoStep)+uint32(state)*0x9E3779B1>>8)%memoSlots]
}

type memoSlot struct {
	pos, end int
	state    int32
	accept   int32
	text     uint32 // the number of the text, from automaton.texts
}

// forget makes the memo invalid, for a new text.
func (a *automaton) forget() { a.texts++ }

// recall returns how a run ends that is in a state at an offset, if that is known,
// and notes the offset for remember if not.
func (a *automaton) recall(pos, end int, state int32) (accept int32, ok bool) {
	slot := a.memo.slot(pos, state)
	if slot.pos == pos && slot.end == end && slot.state == state && slot.text == a.texts {
		return slot.accept, true
	}
	a.passed = append(a.passed, memoSlot{pos, end, state, 0, a.texts})
	return 0, false
}

// remember records how the run ended that passed the noted offsets.
func (a *automaton) remember(accept int32) int32 {
	if len(a.passed) == 0 {
		return accept
	}
	for _, slot := range a.passed {
		slot.accept = accept
		*a.memo.slot(slot.pos, slot.state) = slot
	}
	a.passed = a.passed[:0]
	return accept
}

// run reads text forward from a place and returns the set of conditions that hold.
func (a *automaton) run(state int32, text string, i int, abc *alphabet) int32 {
	trans, column, columns := a.trans, a.m.column, a.m.columns
	end := (i/blockSize + 2) * blockSize
	mark := i&^(memoStep-1) + memoStep // where the next step begins
	for state&doneBit == 0 && i < end {
		if i >= mark {
			mark = i&^(memoStep-1) + memoStep
			if accept, ok := a.recall(i, end, state); ok {
				return a.remember(accept)
			}
		}
		class, size := uint16(0), 1
		if i < len(text) && text[i] < utf8.RuneSelf {
			class = abc.low[text[i]]
		} else {
			class, size = abc.next(text, i)
		}
		to := int32(trans[int(state)*columns+int(column[class])])
		if to == 0 {
			to = a.step(state, class)
			trans = a.trans
		}
		state = to
		i += size
	}
	return a.remember(a.states[state&^doneBit].accept)
}

// runBack reads text backward from a place and returns the set of conditions that hold.
func (a *automaton) runBack(state int32, text string, i int, abc *alphabet) int32 {
	trans, column, columns := a.trans, a.m.column, a.m.columns
	end := ((i-1)/blockSize - 1) * blockSize
	mark := i &^ (memoStep - 1) // where this step begins
	for state&doneBit == 0 && i > end {
		if i < mark {
			mark = i &^ (memoStep - 1)
			if accept, ok := a.recall(i, end, state); ok {
				return a.remember(accept)
			}
		}
		class, size := uint16(0), 1
		if i > 0 && text[i-1] < utf8.RuneSelf {
			class = abc.low[text[i-1]]
		} else {
			class, size = abc.last(text, i)
		}
		to := int32(trans[int(state)*columns+int(column[class])])
		if to == 0 {
			to = a.step(state, class)
			trans = a.trans
		}
		state = to
		i -= size
	}
	return a.remember(a.states[state&^doneBit].accept)
}

// step makes the transition from a state, which must not be done, by a character of
// the class or by the text's edge.
func (a *automaton) step(state int32, class uint16) int32 {
	from := a.states[state]
	accept := slices.Clone(a.accepts[from.accept])
	a.tick++
	var kernel []int32
	a.stack = append(a.stack[:0], from.kernel...)
	for len(a.stack) > 0 {
		pc := a.stack[len(a.stack)-1]
		a.stack = a.stack[:len(a.stack)-1]
		if a.mark[pc] == a.tick {
			continue
		}
		a.mark[pc] = a.tick
		switch i := &a.m.insts[pc]; i.op {
		case instSet:
			if class != edgeClass && a.m.sets[i.set].has(int(class)) {
				kernel = append(kernel, i.next)
			}
		case instSplit:
			a.stack = append(a.stack, i.alts...)
		case instAhead:
			if a.m.sets[i.set].has(int(class)) {
				a.stack = append(a.stack, i.next)
			}
		case instBehind:
			if a.m.sets[i.set].has(int(from.last)) {
				a.stack = append(a.stack, i.next)
			}
		case instMatch:
			accept.set(int(i.cond))
		}
	}
	// Once a rule holds, rules behind it do not matter.
	first := int32(math.MaxInt32)
	for c, o := range a.m.order {
		if a.m.alone[c] && o < first && accept.has(c) {
			first = o
		}
	}
	kernel = slices.DeleteFunc(kernel, func(pc int32) bool {
		c := a.m.insts[pc].cond
		return accept.has(int(c)) || a.m.order != nil && a.m.order[c] > first
	})
	slices.Sort(kernel)
	kernel = slices.Compact(kernel)
	to := a.state(kernel, a.m.last[class], a.intern(accept))
	a.trans[int(state)*a.m.columns+int(a.m.column[class])] = uint16(to)
	return to
}

// Bounds of an automaton: its table takes 8 MB at most, which are ten to twenty thousand
// states; prose has some thousand. A run makes fewer than 1<<12 states, one for each
// character of two blocks, so that the numbers of states stay below doneBit.
const (
	maxTransitions = 1 << 22
	maxStates      = doneBit - 1<<12
)

// full reports that the automaton takes more memory than it should keep.
func (a *automaton) full() bool { return len(a.trans) > maxTransitions || len(a.states) > maxStates }
