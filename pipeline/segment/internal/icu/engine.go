package icu

import (
	"math"
	"slices"
	"unicode/utf8"
)

// Program is the rules of one language, compiled. It is read-only; a Decider holds
// what grows with use.
type Program struct {
	breaks   []bool    // by rule, whether it breaks
	variants []variant // in rule order
	abc      *alphabet
	back     *machine
	ahead    *machine
	// A place can only be a break where the masks of the classes before and
	// behind it meet: a bit is a rule that breaks (the last one, several). The
	// byte masks are the same for a character's last and first byte.
	lastMask, firstMask         []uint64
	secondMask                  []uint64 // of the class behind the first
	lastByteMask, firstByteMask [256]uint64
	// secondByteMask is of the byte behind a character's first one: of the first byte of
	// the character behind it, or of one that goes on with it, which says nothing.
	secondByteMask [256]uint64
}

// variant is one way in which a rule can hold: numbers of conditions that must
// and must not hold before and behind the place.
type variant struct {
	rule                           int
	back, notBack, ahead, notAhead []int
	last                           bits // classes of the character before the place with which it can hold
}

// Compile makes a program of rules, which ParseRule returned without an error.
func Compile(rules []Rule) *Program {
	p := &Program{}
	b := &builder{index: map[string]int32{}}
	back := &side{builder: b, reverse: true}
	ahead := &side{builder: b}
	for r := range rules {
		p.breaks = append(p.breaks, rules[r].Break)
		for _, conds := range rules[r].variants {
			v := variant{rule: r}
			for _, c := range conds {
				switch {
				case c.after && c.negative:
					v.notAhead = append(v.notAhead, ahead.condition(c.pattern))
				case c.after:
					v.ahead = append(v.ahead, ahead.condition(c.pattern))
				case c.negative:
					v.notBack = append(v.notBack, back.condition(c.pattern))
				default:
					v.back = append(v.back, back.condition(c.pattern))
				}
			}
			for range len(v.back) + len(v.notBack) {
				back.order = append(back.order, int32(len(p.variants)))
				back.alone = append(back.alone, len(v.back) == 1 && len(v.notBack) == 0)
			}
			p.variants = append(p.variants, v)
		}
	}
	abc, classes := newAlphabet(b.sets)
	p.abc = abc
	p.back = back.finish(abc.count, classes)
	p.ahead = ahead.finish(abc.count, classes)
	p.masks()
	return p
}

func (p *Program) masks() {
	n := p.abc.count
	p.lastMask, p.firstMask, p.secondMask = make([]uint64, n), make([]uint64, n), make([]uint64, n)
	all := newBits(n)
	for c := range n {
		all.set(c)
	}
	breaks := 0
	for i := range p.variants {
		v := &p.variants[i]
		v.last = slices.Clone(all)
		for _, c := range v.back {
			last, _ := p.back.firstTwo(c, n)
			v.last.and(last)
		}
		if !p.breaks[v.rule] {
			continue
		}
		bit := uint64(1) << min(breaks, 63)
		breaks++
		first, second := slices.Clone(all), slices.Clone(all)
		for _, c := range v.ahead {
			f, s := p.ahead.firstTwo(c, n)
			first.and(f)
			second.and(s)
		}
		for c := range n {
			if v.last.has(c) {
				p.lastMask[c] |= bit
			}
			if first.has(c) {
				p.firstMask[c] |= bit
			}
			if second.has(c) {
				p.secondMask[c] |= bit
			}
		}
	}
	var buf [4]byte
	for i, lo := range p.abc.starts {
		hi := rune(maxRune)
		if i+1 < len(p.abc.starts) {
			hi = p.abc.starts[i+1] - 1
		}
		last, first, second := p.lastMask[p.abc.class[i]], p.firstMask[p.abc.class[i]], p.secondMask[p.abc.class[i]]
		if last|first|second == 0 {
			continue
		}
		for r := lo; r <= hi; r++ {
			k := utf8.EncodeRune(buf[:], r)
			p.firstByteMask[buf[0]] |= first
			p.secondByteMask[buf[0]] |= second
			p.lastByteMask[buf[k-1]] |= last
			// In steps of 64 all last bytes and all first bytes are met still.
			if r >= lo+64 && r+64 <= hi && r >= utf8.RuneSelf && r&63 == 0 {
				r += 63
			}
		}
	}
	// A stray byte reads as U+FFFD.
	stray := p.abc.of(utf8.RuneError)
	last, first, second := p.lastMask[stray], p.firstMask[stray], p.secondMask[stray]
	for b := utf8.RuneSelf; b < 256; b++ {
		p.lastByteMask[b] |= last
		if utf8.RuneStart(byte(b)) {
			p.firstByteMask[b] |= first
			p.secondByteMask[b] |= second
		} else {
			p.secondByteMask[b] = math.MaxUint64
		}
	}
}

// Decider decides at places in a text, which Begin announces. Only one goroutine may use it at a time.
type Decider struct {
	program           *Program
	backward, forward *automaton
	forwardStarts     []int32 // by class, 0 not known yet
	plans             []*plan // by the set of conditions that hold behind the place
}

// plan is what is left to ask before a place once it is known which conditions
// hold behind it.
type plan struct {
	variants []int // that can still hold, in order
	breaks   bool  // whether any of them would break
	conds    []int
	starts   []int32 // by class
	verdicts map[int32]int
}

// aheadOf returns the conditions behind a place of the variants that can hold with a class
// before it. The others need not be asked: their conditions before the place do not hold.
func (p *Program) aheadOf(before uint16) []int {
	var conds []int
	for i := range p.variants {
		if v := &p.variants[i]; v.last.has(int(before)) {
			conds = append(append(conds, v.ahead...), v.notAhead...)
		}
	}
	return conds
}

// NewDecider returns a decider that has not read any text.
func NewDecider(p *Program) *Decider {
	d := &Decider{program: p, backward: newAutomaton(p.back), forward: newAutomaton(p.ahead)}
	d.reset()
	return d
}

func (d *Decider) reset() {
	d.backward.reset()
	d.forward.reset()
	d.forwardStarts = make([]int32, d.program.abc.count)
	d.plans = nil
}

// Begin prepares the Decider for another text.
func (d *Decider) Begin() {
	d.backward.forget()
	d.forward.forget()
}

// Next returns the first place from i on at which a breaking rule could break, or
// len(text). Places are inside the text, never at its edges.
func (d *Decider) Next(text string, i int) int {
	if i < 1 {
		i = 1
	}
	if i >= len(text) {
		return len(text)
	}
	// Three bytes at once: the first two alone are of some rule where most words begin.
	last, first, second := &d.program.lastByteMask, &d.program.firstByteMask, &d.program.secondByteMask
	m := last[text[i-1]]
	b := text[i]
	for ; i+1 < len(text); i++ {
		behind := text[i+1]
		if m&first[b]&second[behind] != 0 && d.program.mayBreak(text, i) {
			return i
		}
		m, b = last[b], behind
	}
	if m&first[b] != 0 && d.program.mayBreak(text, i) {
		return i
	}
	return len(text)
}

// mayBreak reports whether a breaking rule could break at a place, by the characters
// beside it.
func (p *Program) mayBreak(text string, i int) bool {
	if !utf8.RuneStart(text[i]) {
		return false
	}
	before, _ := p.abc.last(text, i)
	behind, n := p.abc.next(text, i)
	both := p.lastMask[before] & p.firstMask[behind]
	if both == 0 {
		return false
	}
	second, _ := p.abc.next(text, i+n)
	return both&p.secondMask[second] != 0
}

// Decide returns the number of the rule that decides at a place, -1 if none does.
func (d *Decider) Decide(text string, i int) int {
	p, accept := d.ask(text, i)
	if !p.breaks {
		return -1
	}
	rule, ok := p.verdicts[accept]
	if !ok {
		rule = d.verdict(p, d.backward.accepts[accept], false)
		p.verdicts[accept] = rule
	}
	return rule
}

// WouldBreak reports whether any rule that holds at a place would break there,
// whatever comes before it. The program must be unsettled.
func (d *Decider) WouldBreak(text string, i int) bool {
	p, accept := d.ask(text, i)
	return p.breaks && d.verdict(p, d.backward.accepts[accept], true) >= 0
}

// ask runs the automata over the text around a place. The second result is the
// set of conditions that hold before it, if the plan has any rule that breaks.
func (d *Decider) ask(text string, i int) (*plan, int32) {
	if d.backward.full() || d.forward.full() {
		d.reset()
	}
	before, _ := d.program.abc.last(text, i)
	state := d.forwardStarts[before]
	if state == 0 {
		state = d.forward.start(d.program.aheadOf(before), before)
		d.forwardStarts[before] = state
	}
	p := d.plan(d.forward.run(state, text, i, d.program.abc))
	if !p.breaks {
		return p, 0
	}
	behind, _ := d.program.abc.next(text, i)
	state = p.starts[behind]
	if state == 0 {
		state = d.backward.start(p.conds, behind)
		p.starts[behind] = state
	}
	return p, d.backward.runBack(state, text, i, d.program.abc)
}

func (d *Decider) plan(accept int32) *plan {
	for int(accept) >= len(d.plans) {
		d.plans = append(d.plans, nil)
	}
	if p := d.plans[accept]; p != nil {
		return p
	}
	holds := d.forward.accepts[accept]
	p := &plan{starts: make([]int32, d.program.abc.count), verdicts: map[int32]int{}}
	for i, v := range d.program.variants {
		if fits(holds, v.ahead, v.notAhead) {
			p.variants = append(p.variants, i)
			p.breaks = p.breaks || d.program.breaks[v.rule]
			p.conds = append(append(p.conds, v.back...), v.notBack...)
		}
	}
	d.plans[accept] = p
	return p
}

// Unsettled returns the program without the shortcut that forgets rules behind the
// first that holds, for WouldBreak.
func (p *Program) Unsettled() *Program {
	q, back := *p, *p.back
	back.order = nil
	q.back = &back
	return &q
}

// verdict is the first rule of the plan that holds, or the first that breaks.
func (d *Decider) verdict(p *plan, holds bits, breaking bool) int {
	for _, i := range p.variants {
		v := d.program.variants[i]
		if (!breaking || d.program.breaks[v.rule]) && fits(holds, v.back, v.notBack) {
			return v.rule
		}
	}
	return -1
}

func fits(holds bits, yes, no []int) bool {
	for _, c := range yes {
		if !holds.has(c) {
			return false
		}
	}
	for _, c := range no {
		if holds.has(c) {
			return false
		}
	}
	return true
}
