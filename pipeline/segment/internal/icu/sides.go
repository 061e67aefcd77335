package icu

import "slices"

// cond is one demand that a rule makes of the text around a place: that pattern
// matches (or, negative, does not match) what ends there, or what begins there.
type cond struct {
	pattern  *node
	after    bool // of what follows the place, not of what is before it
	negative bool
}

// Rule is two patterns for a place in a text: one that what is before it must
// match, one that what is behind it must match.
type Rule struct {
	Break    bool
	variants [][]cond // one of them must hold
}

// ParseRule parses the patterns of a rule. The errors are of type *SyntaxError.
func ParseRule(brk bool, before, after string) (r Rule, beforeErr, afterErr error) {
	r.Break = brk
	b, beforeErr := parse(before)
	a, afterErr := parse(after)
	if beforeErr != nil || afterErr != nil {
		return r, beforeErr, afterErr
	}
	r.variants, beforeErr, afterErr = conditions(b, a)
	return r, beforeErr, afterErr
}

// Size returns how many instructions a rule compiles to, at most limit.
func (r Rule) Size(limit int) int {
	n := 0
	for _, v := range r.variants {
		for _, c := range v {
			n = min(limit, n+size(c.pattern, limit))
		}
	}
	return n
}

// conditions turns a rule's two patterns into demands. A rule with an
// alternative that has lookarounds of its own becomes several variants, of
// which one must hold.
//
// A lookaround at the place itself is a demand of its own on that side; a
// positive one at the far edge is only a longer pattern, since it does not
// matter what a match takes in. Elsewhere the alphabet's automaton cannot follow.
func conditions(before, after *node) (variants [][]cond, beforeErr, afterErr error) {
	bs, err := sideVariants(before, false)
	if err != nil {
		return nil, err, nil
	}
	as, err := sideVariants(after, true)
	if err != nil {
		return nil, nil, err
	}
	for _, b := range bs {
		for _, a := range as {
			variants = append(variants, append(slices.Clone(b), a...))
		}
	}
	return variants, nil, nil
}

func sideVariants(n *node, after bool) ([][]cond, error) {
	if n.op == opAlt && hasSide(n) {
		var out [][]cond
		for _, s := range n.subs {
			v, err := sideVariants(s, after)
			if err != nil {
				return nil, err
			}
			out = append(out, v...)
		}
		return out, nil
	}
	parts := []*node{n}
	if n.op == opConcat {
		parts = slices.Clone(n.subs)
	}
	var out []cond
	// The edge at the place: the end of what is before, the beginning of what is after.
	for len(parts) > 0 {
		i := len(parts) - 1
		if after {
			i = 0
		}
		s := parts[i]
		if s.op != opSide {
			break
		}
		out = append(out, cond{s.subs[0], s.ahead, s.negative})
		parts = slices.Delete(parts, i, i+1)
	}
	// The far edge.
	for len(parts) > 0 {
		i := 0
		if after {
			i = len(parts) - 1
		}
		s := parts[i]
		if s.op != opSide || s.negative || s.ahead != after {
			break
		}
		parts[i] = s.subs[0]
	}
	main := &node{op: opConcat, subs: parts, at: n.at}
	out = append(out, cond{main, after, false})
	for _, c := range out {
		if bad := findSide(c.pattern); bad != nil {
			return nil, &SyntaxError{bad.at, "a lookaround of more than one character stands where it cannot be followed in linear time",
				"move it to the place of the break, or make it one character or set"}
		}
	}
	return [][]cond{out}, nil
}

func hasSide(n *node) bool { return findSide(n) != nil }

func findSide(n *node) *node {
	if n.op == opSide {
		return n
	}
	for _, s := range n.subs {
		if f := findSide(s); f != nil {
			return f
		}
	}
	return nil
}
