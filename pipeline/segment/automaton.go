package segment

import (
	"encoding/binary"
	"math"
	"slices"
)

// automaton is a machine made deterministic as far as a text has needed it yet.
// Only one goroutine may use it at a time.
type automaton struct {
	m        *machine
	classes  int
	trans    []int32 // state × class: the state to go to, 0 where not known yet
	states   []dstate
	index    map[string]int32
	accepts  []bits // sets of conditions, interned
	accepted map[string]int32
	// scratch
	mark  []uint32
	tick  uint32
	stack []int32
	key   []byte
}

// dstate is a set of instructions to go on at, with the conditions that hold by
// now. Conditions that hold have no instructions left: they need no more text.
type dstate struct {
	kernel []int32
	last   uint16 // a class like the one read last
	accept int32
}

func newAutomaton(m *machine, classes int) *automaton {
	a := &automaton{m: m, classes: classes, mark: make([]uint32, len(m.insts))}
	a.reset()
	return a
}

func (a *automaton) reset() {
	a.trans = append(a.trans[:0], make([]int32, a.classes)...) // state 0 is none
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

// state finds or makes the state for a sorted kernel.
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
		a.trans = append(a.trans, make([]int32, a.classes)...)
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

// done reports that no more text can change which conditions hold.
func (a *automaton) done(state int32) bool { return len(a.states[state].kernel) == 0 }

// step is the state after a character of the class, or after the text's edge.
func (a *automaton) step(state int32, class uint16) int32 {
	if to := a.trans[int(state)*a.classes+int(class)]; to != 0 {
		return to
	}
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
	settled := int32(math.MaxInt32)
	for c, o := range a.m.order {
		if a.m.alone[c] && o < settled && accept.has(c) {
			settled = o
		}
	}
	kernel = slices.DeleteFunc(kernel, func(pc int32) bool {
		c := a.m.insts[pc].cond
		return accept.has(int(c)) || a.m.order != nil && a.m.order[c] > settled
	})
	slices.Sort(kernel)
	kernel = slices.Compact(kernel)
	to := a.state(kernel, a.m.last[class], a.intern(accept))
	a.trans[int(state)*a.classes+int(class)] = to
	return to
}

// full reports that the automaton takes more memory than it should keep.
func (a *automaton) full() bool { return len(a.trans) > 1<<20 }
