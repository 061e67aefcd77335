package fuzzy

import (
	"cmp"
	"slices"
	"unicode"
	"unicode/utf8"
)

// token is a word of a text as the index knows it: a hash of its lower-case
// letters, and its weight, the number of its characters.
type token struct {
	hash   uint32
	weight uint32
}

// tokens appends the words of text to to, without repeats. Digits are all one:
// a text that differs in numbers only has the same words. Letters of scripts
// that do not part words by spaces go in overlapping pairs.
func tokens(to []token, text string) []token {
	from := len(to)
	var h, n uint32
	h = fnvStart
	var before rune // the last letter, in a script without spaces
	flush := func() {
		if n > 0 {
			to = append(to, token{h, n})
		}
		h, n = fnvStart, 0
	}
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r < utf8.RuneSelf {
			switch {
			case 'a' <= r && r <= 'z':
			case 'A' <= r && r <= 'Z':
				r += 'a' - 'A'
			case '0' <= r && r <= '9':
				r = '0'
			default:
				r = -1
			}
		} else {
			r, size = utf8.DecodeRuneInString(text[i:])
			switch {
			case codeFirst <= r && r <= codeLast:
				flush()
				to = append(to, token{mix(fnvStart, r), 1})
				r = -1
			case unspaced(r):
				flush()
				if before != 0 {
					to = append(to, token{mix(mix(fnvStart, before), r), 2})
				} else {
					to = append(to, token{mix(fnvStart, r), 1})
				}
				before = r
				i += size
				continue
			case unicode.IsLetter(r), unicode.IsMark(r):
				r = unicode.ToLower(r)
			case unicode.IsDigit(r):
				r = '0'
			default:
				r = -1
			}
		}
		i += size
		before = 0
		if r < 0 {
			flush()
			continue
		}
		if n++; n <= stem {
			h = mix(h, r)
		}
	}
	flush()
	return unique(to, from)
}

// unique drops repeats from ts[from:].
func unique(ts []token, from int) []token {
	words := ts[from:]
	if len(words) > 32 {
		slices.SortFunc(words, func(a, b token) int { return cmp.Compare(a.hash, b.hash) })
		words = slices.CompactFunc(words, func(a, b token) bool { return a.hash == b.hash })
		return ts[:from+len(words)]
	}
	n := 0
next:
	for _, t := range words {
		for _, o := range words[:n] {
			if o.hash == t.hash {
				continue next
			}
		}
		words[n] = t
		n++
	}
	return ts[:from+n]
}

// stem is how many of a word's first letters are looked at: endings change.
const stem = 6

const fnvStart = 2166136261

// mix is one step of FNV-1a, by characters.
func mix(h uint32, r rune) uint32 { return (h ^ uint32(r)) * 16777619 }

// unspaced reports whether r is a letter of a script that is written without
// spaces between words.
func unspaced(r rune) bool {
	if r < 0x0E00 {
		return false
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
