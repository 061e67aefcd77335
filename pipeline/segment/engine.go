package segment

import (
	"slices"
	"unicode/utf8"
)

// program is the rules of one language, compiled. It is read-only; decider holds
// what grows with use.
type program struct {
	rules    []Rule
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
}

// variant is one way in which a rule can hold: numbers of conditions that must
// and must not hold before and behind the place.
type variant struct {
	rule                           int
	back, notBack, ahead, notAhead []int
}

// compile makes a program of parsed rules. Their patterns are known to be sound.
func compile(rules []Rule, parsed [][][]cond) *program {
	p := &program{rules: rules}
	b := &builder{index: map[string]int32{}}
	back := &side{builder: b, reverse: true}
	ahead := &side{builder: b}
	for r := range rules {
		for _, conds := range parsed[r] {
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

func (p *program) masks() {
	n := p.abc.count
	p.lastMask, p.firstMask, p.secondMask = make([]uint64, n), make([]uint64, n), make([]uint64, n)
	all := newBits(n)
	for c := range n {
		all.set(c)
	}
	breaks := 0
	for _, v := range p.variants {
		if !p.rules[v.rule].Break {
			continue
		}
		bit := uint64(1) << min(breaks, 63)
		breaks++
		last, first, second := slices.Clone(all), slices.Clone(all), slices.Clone(all)
		for _, c := range v.back {
			l, _ := p.back.firstTwo(c, n)
			last.and(l)
		}
		for _, c := range v.ahead {
			f, s := p.ahead.firstTwo(c, n)
			first.and(f)
			second.and(s)
		}
		for c := range n {
			if last.has(c) {
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
		last, first := p.lastMask[p.abc.class[i]], p.firstMask[p.abc.class[i]]
		if last|first == 0 {
			continue
		}
		for r := lo; r <= hi; r++ {
			k := utf8.EncodeRune(buf[:], r)
			p.firstByteMask[buf[0]] |= first
			p.lastByteMask[buf[k-1]] |= last
			// In steps of 64 all last bytes and all first bytes are met still.
			if r >= lo+64 && r+64 <= hi && r >= utf8.RuneSelf && r&63 == 0 {
				r += 63
			}
		}
	}
	// A stray byte reads as U+FFFD.
	last, first := p.lastMask[p.abc.of(utf8.RuneError)], p.firstMask[p.abc.of(utf8.RuneError)]
	for b := utf8.RuneSelf; b < 256; b++ {
		p.lastByteMask[b] |= last
		if utf8.RuneStart(byte(b)) {
			p.firstByteMask[b] |= first
		}
	}
}

// decider answers for places in a text. Only one goroutine may use it at a time.
type decider struct {
	*program
	backward, forward *automaton
	forwardStarts     []int32 // by class, 0 not known yet
	allAhead          []int
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

func newDecider(p *program) *decider {
	d := &decider{program: p, backward: newAutomaton(p.back, p.abc.count), forward: newAutomaton(p.ahead, p.abc.count)}
	for c := range p.ahead.starts {
		d.allAhead = append(d.allAhead, c)
	}
	d.reset()
	return d
}

func (d *decider) reset() {
	d.backward.reset()
	d.forward.reset()
	d.forwardStarts = make([]int32, d.abc.count)
	d.plans = nil
}

// begin prepares the decider for another text.
func (d *decider) begin() {
	d.backward.forget()
	d.forward.forget()
}

// next is the first place from i on that a breaking rule could break at, or
// len(text). Places are inside the text, never at its edges.
func (d *decider) next(text string, i int) int {
	if i < 1 {
		i = 1
	}
	if i >= len(text) {
		return len(text)
	}
	last, first := &d.lastByteMask, &d.firstByteMask
	m := last[text[i-1]]
	for ; i < len(text); i++ {
		b := text[i]
		if m&first[b] != 0 && utf8.RuneStart(b) {
			before, _ := d.abc.last(text, i)
			behind, n := d.abc.next(text, i)
			if both := d.lastMask[before] & d.firstMask[behind]; both != 0 {
				second, _ := d.abc.next(text, i+n)
				if both&d.secondMask[second] != 0 {
					return i
				}
			}
		}
		m = last[b]
	}
	return i
}

// decide is the number of the rule that decides at a place, -1 if none does.
func (d *decider) decide(text string, i int) int {
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

// wouldBreak reports whether any rule that holds at a place would break there,
// whatever comes before it. The program must be unsettled.
func (d *decider) wouldBreak(text string, i int) bool {
	p, accept := d.ask(text, i)
	return p.breaks && d.verdict(p, d.backward.accepts[accept], true) >= 0
}

// ask runs the automata over the text around a place. The second result is the
// set of conditions that hold before it, if the plan has any rule that breaks.
func (d *decider) ask(text string, i int) (*plan, int32) {
	if d.backward.full() || d.forward.full() {
		d.reset()
	}
	before, _ := d.abc.last(text, i)
	state := d.forwardStarts[before]
	if state == 0 {
		state = d.forward.start(d.allAhead, before)
		d.forwardStarts[before] = state
	}
	p := d.plan(d.forward.run(state, text, i, d.abc))
	if !p.breaks {
		return p, 0
	}
	behind, _ := d.abc.next(text, i)
	state = p.starts[behind]
	if state == 0 {
		state = d.backward.start(p.conds, behind)
		p.starts[behind] = state
	}
	return p, d.backward.runBack(state, text, i, d.abc)
}

func (d *decider) plan(accept int32) *plan {
	for int(accept) >= len(d.plans) {
		d.plans = append(d.plans, nil)
	}
	if p := d.plans[accept]; p != nil {
		return p
	}
	holds := d.forward.accepts[accept]
	p := &plan{starts: make([]int32, d.abc.count), verdicts: map[int32]int{}}
	for i, v := range d.variants {
		if fits(holds, v.ahead, v.notAhead) {
			p.variants = append(p.variants, i)
			p.breaks = p.breaks || d.rules[v.rule].Break
			p.conds = append(append(p.conds, v.back...), v.notBack...)
		}
	}
	d.plans[accept] = p
	return p
}

// unsettled is the program without the shortcut that forgets rules behind the
// first that holds, for wouldBreak.
func (p *program) unsettled() *program {
	q, back := *p, *p.back
	back.order = nil
	q.back = &back
	return &q
}

// verdict is the first rule of the plan that holds, or the first that breaks.
func (d *decider) verdict(p *plan, holds bits, breaking bool) int {
	for _, i := range p.variants {
		v := d.variants[i]
		if (!breaking || d.rules[v.rule].Break) && fits(holds, v.back, v.notBack) {
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
