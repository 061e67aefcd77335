package quality

import (
	"math/bits"
	"strings"
	"unicode/utf8"
)

// runeSet is a set of characters that is read faster than a map. The zero value is
// empty.
type runeSet struct {
	pages [256]*[4]uint64 // by the high byte of a character of the Basic Multilingual Plane
	rest  map[rune]bool   // the others
}

func (s *runeSet) add(r rune) {
	if uint32(r) > 0xffff {
		if s.rest == nil {
			s.rest = map[rune]bool{}
		}
		s.rest[r] = true
		return
	}
	p := &s.pages[r>>8]
	if *p == nil {
		*p = new([4]uint64)
	}
	(*p)[r>>6&3] |= 1 << (r & 63)
}

func (s *runeSet) has(r rune) bool {
	if uint32(r) > 0xffff {
		return s.rest[r]
	}
	p := s.pages[r>>8]
	return p != nil && p[r>>6&3]&(1<<(r&63)) != 0
}

// languageSet is a set of languages, by their index in an identifier.
type languageSet [2]uint64

// maxLanguages is the number of languages that a languageSet has room for.
const maxLanguages = 128

func (s *languageSet) add(n int) { s[n>>6] |= 1 << (n & 63) }

func (s languageSet) has(n int) bool { return s[n>>6]>>(n&63)&1 != 0 }

func (s languageSet) without(o languageSet) languageSet {
	return languageSet{s[0] &^ o[0], s[1] &^ o[1]}
}

func (s languageSet) or(o languageSet) languageSet { return languageSet{s[0] | o[0], s[1] | o[1]} }

// members returns the languages of a set in ascending order.
func (s languageSet) members() (out []int) {
	for k, set := range s {
		for ; set != 0; set &= set - 1 {
			out = append(out, k<<6|bits.TrailingZeros64(set))
		}
	}
	return out
}

func (s languageSet) empty() bool { return s[0]|s[1] == 0 }

// letterTable has the languages that have each letter.
type letterTable struct {
	pages [256]*[256]languageSet
	rest  map[rune]languageSet
}

func (t *letterTable) add(r rune, n int) {
	if uint32(r) > 0xffff {
		if t.rest == nil {
			t.rest = map[rune]languageSet{}
		}
		s := t.rest[r]
		s.add(n)
		t.rest[r] = s
		return
	}
	p := &t.pages[r>>8]
	if *p == nil {
		*p = new([256]languageSet)
	}
	(*p)[r&0xff].add(n)
}

func (t *letterTable) languages(r rune) languageSet {
	if uint32(r) > 0xffff {
		return t.rest[r]
	}
	if p := t.pages[r>>8]; p != nil {
		return p[r&0xff]
	}
	return languageSet{}
}

// charSet is a set of characters that texts are searched for.
type charSet struct {
	chars string
	first [256]bool // the bytes that its characters begin with

	second [256]bool // the second bytes of those that are not in ASCII
}

func newCharSet(chars string) *charSet {
	s := &charSet{chars: chars}
	for i, r := range chars {
		s.first[chars[i]] = true
		if r >= utf8.RuneSelf {
			s.second[chars[i+1]] = true
		}
	}
	return s
}

// in reports whether a text has a character of the set, as strings.ContainsAny does.
func (s *charSet) in(text string) bool {
	for i := range len(text) {
		c := text[i]
		if !s.first[c] {
			continue
		}
		if c < utf8.RuneSelf {
			return true
		}
		if i+1 == len(text) || !s.second[text[i+1]] {
			continue
		}
		if _, n := utf8.DecodeRuneInString(text[i:]); n > 1 && strings.Contains(s.chars, text[i:i+n]) {
			return true
		}
	}
	return false
}

// wordSet returns the words of a list separated by spaces, nil if there is none.
func wordSet(list string) map[string]bool {
	if list == "" {
		return nil
	}
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}

// starts is a set of the first two characters of words. What begins otherwise is none of
// them.
type starts [1 << 12 / 64]uint64

func (s *starts) add(word string) {
	first, size := utf8.DecodeRuneInString(word)
	second, _ := utf8.DecodeRuneInString(word[size:])
	if size == len(word) {
		second = -1
	}
	h := pairHash(first, second)
	s[h/64] |= 1 << (h % 64)
}

// mayBegin reports whether a word of the set may begin with two characters.
func (s *starts) mayBegin(first, second rune) bool {
	h, alone := pairHash(first, second), pairHash(first, -1)
	return s[h/64]>>(h%64)&1 != 0 || s[alone/64]>>(alone%64)&1 != 0
}

// containsWord reports whether a list separated by spaces has a word.
func containsWord(list, word string) bool {
	if word == "" || strings.Contains(word, " ") {
		return false
	}
	for at := 0; ; {
		i := strings.Index(list[at:], word)
		if i < 0 {
			return false
		}
		at += i
		end := at + len(word)
		if (at == 0 || list[at-1] == ' ') && (end == len(list) || list[end] == ' ') {
			return true
		}
		at = end
	}
}
