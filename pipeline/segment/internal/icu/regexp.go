package icu

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// node is a parsed regular expression.
type node struct {
	op       nodeOp
	set      runeSet // opSet, opLook
	edge     bool    // opLook: the text's beginning or end is in the set too
	ahead    bool    // opLook, opSide: looks at what follows, not at what is before
	negative bool    // opSide
	min, max int     // opRepeat; max -1 for no limit
	subs     []*node
	at       int // byte offset in the pattern
}

type nodeOp uint8

const (
	opEmpty  nodeOp = iota
	opSet           // one character of set
	opConcat        // subs one behind the other
	opAlt           // one of subs
	opRepeat        // subs[0], min to max times
	opLook          // the character on one side is in set; takes nothing
	opSide          // a lookaround of more than one character
)

// SyntaxError reports a regular expression that cannot be used.
type SyntaxError struct {
	At   int // byte offset in the pattern
	Msg  string
	Hint string // what to write instead; may be empty
}

func (e *SyntaxError) Error() string { return e.Msg }

// maxRepeat and maxNodes bound what a pattern may grow to.
const (
	maxRepeat = 1000
	maxDepth  = 200
	maxNodes  = 100_000
)

type flags struct{ fold, dotAll, multi, comments bool }

type parser struct {
	src   string
	pos   int
	depth int
	nodes int
	flags flags
}

// parse reads an ICU regular expression. Groups capture nothing, since
// SRX asks only whether a pattern matches.
func parse(src string) (n *node, err error) {
	p := &parser{src: src}
	defer func() {
		switch e := recover().(type) {
		case nil:
		case *SyntaxError:
			n, err = nil, e
		default:
			panic(e)
		}
	}()
	if i := invalidUTF8(src); i >= 0 {
		p.pos = i
		p.fail("the pattern is not valid UTF-8", "")
	}
	n = p.alternation()
	if p.pos < len(src) {
		p.fail("unmatched )", `write \) for a parenthesis`)
	}
	return n, nil
}

func invalidUTF8(s string) int {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return i
			}
		}
	}
	return -1
}

func (p *parser) fail(msg, hint string) {
	panic(&SyntaxError{At: p.pos, Msg: msg, Hint: hint})
}

func (p *parser) failAt(at int, msg, hint string) {
	p.pos = at
	p.fail(msg, hint)
}

func (p *parser) node(op nodeOp, subs ...*node) *node {
	if p.nodes++; p.nodes > maxNodes {
		p.fail("the pattern is too large", "")
	}
	return &node{op: op, subs: subs, at: p.pos}
}

func (p *parser) setNode(s runeSet) *node {
	n := p.node(opSet)
	if p.flags.fold {
		s = s.fold()
	}
	n.set = s
	return n
}

func (p *parser) look(ahead, edge bool, s runeSet) *node {
	n := p.node(opLook)
	n.ahead, n.edge, n.set = ahead, edge, s
	return n
}

func (p *parser) peek() byte {
	if p.pos < len(p.src) {
		return p.src[p.pos]
	}
	return 0
}

func (p *parser) eat(s string) bool {
	if strings.HasPrefix(p.src[p.pos:], s) {
		p.pos += len(s)
		return true
	}
	return false
}

func (p *parser) rune() rune {
	r, n := utf8.DecodeRuneInString(p.src[p.pos:])
	if n == 0 {
		p.fail("the pattern ends too early", "")
	}
	p.pos += n
	return r
}

func (p *parser) alternation() *node {
	if p.depth++; p.depth > maxDepth {
		p.fail("groups are nested too deeply", "")
	}
	saved := p.flags
	subs := []*node{p.concatenation()}
	for p.eat("|") {
		subs = append(subs, p.concatenation())
	}
	p.flags = saved
	p.depth--
	if len(subs) == 1 {
		return subs[0]
	}
	return p.node(opAlt, subs...)
}

func (p *parser) concatenation() *node {
	var subs []*node
	for p.pos < len(p.src) && p.peek() != '|' && p.peek() != ')' {
		if p.flags.comments {
			if c := p.peek(); c == ' ' || '\t' <= c && c <= '\r' {
				p.pos++
				continue
			} else if c == '#' {
				if i := strings.IndexByte(p.src[p.pos:], '\n'); i >= 0 {
					p.pos += i
				} else {
					p.pos = len(p.src)
				}
				continue
			}
		}
		at := p.pos
		if p.eat(`\Q`) {
			text := p.src[p.pos:]
			if i := strings.Index(text, `\E`); i >= 0 {
				text = text[:i]
				p.pos += len(`\E`)
			}
			for _, r := range text {
				subs = append(subs, p.setNode(single(r)))
			}
			p.pos += len(text)
			continue
		}
		n := p.atom()
		if n == nil {
			continue
		}
		n.at = at
		subs = append(subs, p.quantified(n, at))
	}
	switch len(subs) {
	case 0:
		return p.node(opEmpty)
	case 1:
		return subs[0]
	}
	return p.node(opConcat, subs...)
}

// quantified reads the quantifiers behind an atom.
func (p *parser) quantified(n *node, at int) *node {
	for {
		lo, hi := 0, -1
		start := p.pos
		switch {
		case p.eat("*"):
		case p.eat("+"):
			lo = 1
		case p.eat("?"):
			hi = 1
		case p.peek() == '{':
			lo, hi = p.counts()
		default:
			return n
		}
		if n.op == opSide {
			p.failAt(start, "a lookaround cannot be repeated", "")
		}
		if p.eat("+") {
			n = p.possessive(n, lo, hi, at)
			continue
		}
		p.eat("?") // lazy or greedy: whether it matches is the same
		n = p.repeat(n, lo, hi)
		n.at = at
	}
}

func (p *parser) repeat(n *node, lo, hi int) *node {
	r := p.node(opRepeat, n)
	r.min, r.max = lo, hi
	return r
}

func (p *parser) counts() (lo, hi int) {
	start := p.pos
	end := strings.IndexByte(p.src[p.pos:], '}')
	if end < 0 {
		p.fail("{ without }", `write \{ for a brace`)
	}
	first, second, two := strings.Cut(p.src[start+1:start+end], ",")
	lo, err := strconv.Atoi(first)
	hi = lo
	if err == nil && two {
		if hi = -1; second != "" {
			hi, err = strconv.Atoi(second)
		}
	}
	if err != nil || lo < 0 || hi < -1 || hi >= 0 && hi < lo {
		p.fail("{…} is not a repeat count", `write {2}, {2,} or {2,5}, or \{ for a brace`)
	}
	if max(lo, hi) > maxRepeat {
		p.fail(fmt.Sprintf("repeat count above %d", maxRepeat), "")
	}
	p.pos += end + 1
	return lo, hi
}

// possessive rewrites X*+ into X*(?!X) and its like, which is the same as long
// as X is one character.
func (p *parser) possessive(n *node, lo, hi, at int) *node {
	if n.op != opSet {
		p.failAt(at, "a possessive quantifier or atomic group around more than one character has no equivalent here", "use a plain quantifier")
	}
	stop := p.look(true, true, n.set.not())
	if hi < 0 {
		return p.node(opConcat, p.repeat(n, lo, -1), stop)
	}
	tail := p.node(opEmpty)
	for range hi - lo {
		tail = p.node(opAlt, p.node(opConcat, n, tail), stop)
	}
	return p.node(opConcat, p.repeat(n, lo, lo), tail)
}

// atom reads one item; nil if it adds nothing, such as a comment.
func (p *parser) atom() *node {
	at := p.pos
	switch p.peek() {
	case '(':
		p.pos++
		return p.group(at)
	case '[':
		return p.setNode(p.class())
	case '.':
		p.pos++
		if p.flags.dotAll {
			return p.setNode(anyRune)
		}
		return p.setNode(lineEnds.not())
	case '^':
		p.pos++
		if p.flags.multi {
			return p.look(false, true, lineEnds)
		}
		return p.look(false, true, nil)
	case '$':
		p.pos++
		if p.flags.multi {
			return p.look(true, true, lineEnds)
		}
		return p.look(true, true, nil)
	case '*', '+', '?':
		p.fail("quantifier without anything before it", `write \`+string(p.peek())+` for the character itself`)
	case '{':
		p.fail("quantifier without anything before it", `write \{ for a brace`)
	case '\\':
		return p.escape()
	}
	return p.setNode(single(p.rune()))
}

func (p *parser) group(at int) *node {
	if !p.eat("?") {
		return p.closeGroup(at, p.alternation())
	}
	switch {
	case p.eat(":"):
		return p.closeGroup(at, p.alternation())
	case p.eat("#"):
		i := strings.IndexByte(p.src[p.pos:], ')')
		if i < 0 {
			p.failAt(at, "comment without )", "")
		}
		p.pos += i + 1
		return nil
	case p.eat(">"):
		n := p.closeGroup(at, p.alternation())
		switch {
		case n.op == opSet || n.op == opEmpty || n.op == opLook:
			return n
		case n.op == opRepeat && n.subs[0].op == opSet:
			return p.possessive(n.subs[0], n.min, n.max, at)
		}
		p.failAt(at, "an atomic group around more than one repeated character has no equivalent here", "use (?:…)")
	case p.eat("="):
		return p.side(at, true, false)
	case p.eat("!"):
		return p.side(at, true, true)
	case p.eat("<="):
		return p.side(at, false, false)
	case p.eat("<!"):
		return p.side(at, false, true)
	case p.eat("<"):
		i := strings.IndexByte(p.src[p.pos:], '>')
		if i < 0 {
			p.failAt(at, "group name without >", "")
		}
		p.pos += i + 1
		return p.closeGroup(at, p.alternation())
	}
	return p.flagGroup(at)
}

func (p *parser) closeGroup(at int, n *node) *node {
	if !p.eat(")") {
		p.failAt(at, "( without )", `write \( for a parenthesis`)
	}
	return n
}

// flagGroup reads (?i) and (?i:…). The flags of (?i) hold to the end of the group.
func (p *parser) flagGroup(at int) *node {
	f, on := p.flags, true
	for {
		switch c := p.peek(); c {
		case '-':
			on = false
		case 'i':
			f.fold = on
		case 's':
			f.dotAll = on
		case 'm':
			f.multi = on
		case 'x':
			f.comments = on
		case 'w', 'u':
			// ICU's Unicode word boundaries; ours are Unicode's anyway.
		case ')':
			p.pos++
			p.flags = f
			return nil
		case ':':
			p.pos++
			saved := p.flags
			p.flags = f
			n := p.alternation()
			p.flags = saved
			return p.closeGroup(at, n)
		default:
			p.failAt(at, "unknown kind of group", "known are (?:…), (?i), (?=…), (?!…), (?<=…), (?<!…)")
		}
		p.pos++
	}
}

// side reads a lookaround. One that looks at a single character can stand
// anywhere; a longer one only at a pattern's edge, which split sees to.
func (p *parser) side(at int, ahead, negative bool) *node {
	n := p.closeGroup(at, p.alternation())
	if set, ok := oneChar(n); ok {
		if negative {
			return p.look(ahead, true, set.not())
		}
		return p.look(ahead, false, set)
	}
	s := p.node(opSide, n)
	s.ahead, s.negative, s.at = ahead, negative, at
	return s
}

// oneChar is the set that n matches, if n matches exactly one character.
func oneChar(n *node) (runeSet, bool) {
	switch n.op {
	case opSet:
		return n.set, true
	case opAlt:
		var all runeSet
		for _, s := range n.subs {
			set, ok := oneChar(s)
			if !ok {
				return nil, false
			}
			all = union(all, set)
		}
		return all, true
	}
	return nil, false
}

func (p *parser) escape() *node {
	at := p.pos
	p.pos++
	c := p.peek()
	switch c {
	case 'b', 'B':
		p.pos++
		return p.boundary(c == 'B')
	case 'A', 'G':
		p.pos++
		return p.look(false, true, nil)
	case 'z', 'Z':
		p.pos++
		return p.look(true, true, nil)
	case 'R':
		p.pos++
		crlf := p.node(opConcat, p.setNode(single('\r')), p.setNode(single('\n')))
		return p.node(opAlt, crlf, p.setNode(lineEnds))
	case 'X':
		p.failAt(at, `\X (a grapheme cluster) is not supported`, `write \P{M}\p{M}*`)
	case 'k':
		p.failAt(at, "a back reference cannot be matched in linear time", "write the rule without it")
	}
	if '1' <= c && c <= '9' {
		p.failAt(at, "a back reference cannot be matched in linear time", "write the rule without it")
	}
	p.pos = at
	set, _ := p.escapedSet()
	return p.setNode(set)
}

// boundary is \b: a word character on exactly one side.
func (p *parser) boundary(negative bool) *node {
	w := wordSet()
	both := func(before, after bool) *node {
		side := func(ahead, word bool) *node {
			if word {
				return p.look(ahead, false, w)
			}
			return p.look(ahead, true, w.not())
		}
		return p.node(opConcat, side(false, before), side(true, after))
	}
	return p.node(opAlt, both(true, negative), both(false, !negative))
}

// escapedSet reads an escape that stands for a set of characters; one reports
// whether it is a single literal one.
func (p *parser) escapedSet() (set runeSet, one bool) {
	at := p.pos
	p.pos++
	if p.pos >= len(p.src) {
		p.failAt(at, `\ at the end of the pattern`, `write \\ for a backslash`)
	}
	c := p.rune()
	switch c {
	case 'd':
		return digitSet(), false
	case 'D':
		return digitSet().not(), false
	case 's':
		return spaceSet(), false
	case 'S':
		return spaceSet().not(), false
	case 'w':
		return wordSet(), false
	case 'W':
		return wordSet().not(), false
	case 'h':
		return horizontalSet(), false
	case 'H':
		return horizontalSet().not(), false
	case 'v':
		return lineEnds, false
	case 'V':
		return lineEnds.not(), false
	case 'p', 'P':
		return p.property(at, c == 'P'), false
	case 't':
		return single('\t'), true
	case 'n':
		return single('\n'), true
	case 'r':
		return single('\r'), true
	case 'f':
		return single('\f'), true
	case 'a':
		return single('\a'), true
	case 'e':
		return single(0x1B), true
	case 'c':
		return single(p.rune() & 0x1F), true
	case 'u':
		return single(p.hex(at, 4, 4)), true
	case 'U':
		return single(p.hex(at, 8, 8)), true
	case 'x':
		if p.eat("{") {
			r := p.hex(at, 1, 6)
			if !p.eat("}") {
				p.failAt(at, `\x{ without }`, "")
			}
			return single(r), true
		}
		return single(p.hex(at, 1, 2)), true
	case '0':
		end := p.pos
		for end < len(p.src) && end < p.pos+3 && '0' <= p.src[end] && p.src[end] <= '7' {
			end++
		}
		v, err := strconv.ParseUint(p.src[p.pos:end], 8, 16)
		if err != nil {
			p.failAt(at, `\0 without octal digits`, "")
		}
		p.pos = end
		return single(rune(v)), true
	case 'N':
		p.failAt(at, `\N{name} is not supported`, `write the character itself or \uhhhh`)
	}
	if unicode.IsLetter(c) && c < utf8.RuneSelf {
		p.failAt(at, `unknown escape \`+string(c), "")
	}
	return single(c), true
}

func (p *parser) hex(at, least, most int) rune {
	end := p.pos
	for end < len(p.src) && end < p.pos+most && strings.IndexByte("0123456789abcdefABCDEF", p.src[end]) >= 0 {
		end++
	}
	v, err := strconv.ParseUint(p.src[p.pos:end], 16, 32)
	if err != nil || end-p.pos < least || v > unicode.MaxRune {
		p.failAt(at, "not the number of a character", `write \uhhhh or \x{h…}`)
	}
	p.pos = end
	return rune(v)
}
