package icu

import (
	"cmp"
	"slices"
	"sync"
	"unicode"
)

// runeSet is a set of characters as sorted ranges that neither touch nor overlap.
type runeSet []runeRange

type runeRange struct{ lo, hi rune }

const maxRune = unicode.MaxRune

var anyRune = runeSet{{0, maxRune}}

// single is the set of the given characters.
func single(rs ...rune) runeSet {
	var s runeSet
	for _, r := range rs {
		s = append(s, runeRange{r, r})
	}
	return s.clean()
}

// clean sorts the ranges and joins those that touch.
func (s runeSet) clean() runeSet {
	slices.SortFunc(s, func(a, b runeRange) int { return cmp.Compare(a.lo, b.lo) })
	out := s[:0]
	for _, r := range s {
		if n := len(out); n > 0 && r.lo <= out[n-1].hi+1 {
			out[n-1].hi = max(out[n-1].hi, r.hi)
		} else {
			out = append(out, r)
		}
	}
	return out
}

func union(sets ...runeSet) runeSet { return slices.Concat(sets...).clean() }

func (s runeSet) not() runeSet {
	var out runeSet
	next := rune(0)
	for _, r := range s {
		if r.lo > next {
			out = append(out, runeRange{next, r.lo - 1})
		}
		next = r.hi + 1
	}
	if next <= maxRune {
		out = append(out, runeRange{next, maxRune})
	}
	return out
}

func (s runeSet) and(t runeSet) runeSet { return union(s.not(), t.not()).not() }

func (s runeSet) minus(t runeSet) runeSet { return s.and(t.not()) }

func (s runeSet) has(r rune) bool {
	_, ok := slices.BinarySearchFunc(s, r, func(x runeRange, r rune) int {
		switch {
		case x.hi < r:
			return -1
		case x.lo > r:
			return 1
		}
		return 0
	})
	return ok
}

// table turns one of package unicode's tables into a runeSet.
func table(tabs ...*unicode.RangeTable) runeSet {
	var s runeSet
	add := func(lo, hi, stride rune) {
		if stride == 1 {
			s = append(s, runeRange{lo, hi})
			return
		}
		for r := lo; r <= hi; r += stride {
			s = append(s, runeRange{r, r})
		}
	}
	for _, t := range tabs {
		for _, r := range t.R16 {
			add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
		for _, r := range t.R32 {
			add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
	}
	return s.clean()
}

// The classes behind the ICU escapes, as ICU's user guide defines them
// (https://unicode-org.github.io/icu/userguide/strings/regexp.html).
var (
	digitSet = sync.OnceValue(func() runeSet { return table(unicode.Nd) })
	spaceSet = sync.OnceValue(func() runeSet {
		return union(table(unicode.Z), runeSet{{'\t', '\t'}, {'\n', '\n'}, {'\f', '\r'}, {0x85, 0x85}})
	})
	wordSet = sync.OnceValue(func() runeSet {
		return union(alphabetic(), table(unicode.M, unicode.Nd, unicode.Pc), runeSet{{0x200C, 0x200D}})
	})
	horizontalSet = sync.OnceValue(func() runeSet { return union(table(unicode.Zs), single('\t')) })
)

var lineEnds = runeSet{{'\n', '\r'}, {0x85, 0x85}, {0x2028, 0x2029}}

func alphabetic() runeSet {
	return table(unicode.L, unicode.Nl, unicode.Other_Alphabetic)
}

// fold adds the other cases of every character.
func (s runeSet) fold() runeSet {
	out := slices.Clone(s)
	for _, r := range casedRunes() {
		if s.has(r) {
			for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
				out = append(out, runeRange{f, f})
			}
		}
	}
	return out.clean()
}

// casedRunes lists the characters that have more than one case.
var casedRunes = sync.OnceValue(func() []rune {
	var out []rune
	for _, r := range unicode.CaseRanges {
		for c := rune(r.Lo); c <= rune(r.Hi); c++ {
			if unicode.SimpleFold(c) != c {
				out = append(out, c)
			}
		}
	}
	return out
})
