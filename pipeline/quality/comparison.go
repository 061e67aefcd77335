package quality

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/numeral"
)

// comparison holds what numbers on one side may match on the other.
type comparison struct {
	s                        *segment
	sourceWords, targetWords []float64 // what each text says in words
	sourceBig, targetBig     []float64 // with a coefficient and a power of ten
	sourceRoman, targetRoman []int
	months                   uint32 // bits of the months that the source names
	targetMonths             uint32
	afternoon                bool
	solar                    [2]int // day and month of the Solar Hijri calendar that the source's date is
	solarDates               bool   // the target counts by that calendar
	money                    bool   // the source has an amount of money
	centuries                bool   // the source has the word
}

func newComparison(s *segment) comparison {
	n := &s.srcNumbers
	c := comparison{s: s, sourceWords: n.words, sourceBig: n.big, sourceRoman: n.roman, money: n.money, afternoon: n.afternoon, centuries: n.centuries}
	if len(s.srcNum)+len(s.tgtNum)+len(n.big)+len(n.roman) > 0 || slices.ContainsFunc(n.words, isScale) { // nothing to compare with else
		c.targetWords, c.targetBig = wordNumbers(s.tgt, s.tgtWords, s.to)
		c.targetRoman = romans(s.tgtWords)
	}
	return c
}

// sourceNumbers are the numbers that a source has in words; see comparison.
type sourceNumbers struct {
	words, big       []float64
	roman            []int
	months           uint32
	firmMonths       uint32 // see namedMonths
	firstMonth       int
	afternoon, money bool
	centuries        bool // see comparison
	imperial         bool // it has numbers in words, and imperial units
}

func sourceNumbersOf(s *sourceText) (n sourceNumbers) {
	n.words, n.big = wordNumbers(s.src, s.srcWords, s.from)
	n.imperial = len(n.words) > 0 && imperial(s.srcWords)
	n.roman = romans(s.srcWords)
	n.months, n.firmMonths, n.firstMonth = namedMonths(s.srcWords, s.from)
	for i := range s.srcNum {
		n.money = n.money || s.srcNum[i].currency != ""
	}
	if s.from.lang == "en" {
		for i, w := range s.srcWords {
			switch l := w.text; {
			case l == "pm" || l == "PM" || l == "p.m" || l == "P.M" || l == "p" && i+1 < len(s.srcWords) && s.srcWords[i+1].text == "m", l[0] <= '9' && strings.HasSuffix(l, "pm"):
				n.afternoon = true
			case strings.HasPrefix(l, "century") || l == "centuries":
				n.centuries = true
			case l == "noon" || l == "midnight" || l == "afternoon" || l == "evening":
				n.afternoon = true
			}
		}
	}
	return n
}

// similarity is how two quantities compare.
type similarity uint8

const (
	different similarity = iota
	foreign              // equal if the separators are read as in another locale
	same
)

// compare compares a number of the source with one of the target.
func (c *comparison) compare(a, b *quantity) similarity {
	got := different
	for i, x := range a.readings {
		if i > 0 && a.readings[0].own && !x.own && !pointGroups(a, b) {
			break // in its own locale the source means one thing
		}
		for _, y := range b.readings {
			v, w := a.whole(x), b.whole(y)
			equal := equalValues(v, w) ||
				a.scale == 0 && a.scaled && shifted(x.value, w) || b.scale == 0 && b.scaled && shifted(y.value, v)
			if equal && a.kilo && !b.scaled && equalValues(x.value, w) && !c.isKilo(b) {
				continue // "4k people" are not 4
			}
			if !equal {
				// Rounded fractions: 8.3333 and 8.33 are not the same, ⅓ and 0.33 are.
				if a.text == b.text || !strings.ContainsAny(a.text, "⅓⅔") || !near(v, w, 0.011) {
					continue
				}
			}
			if len(a.text) > 18 && len(b.text) > 18 && asciiDigits(a.text) != asciiDigits(b.text) {
				continue
			}
			// "20,000" is 20 to nobody where the source has 20.
			if y.fraction == 3 && x.fraction != 3 && len(b.readings) > 1 && a.scale == b.scale {
				continue
			}
			if y.own {
				return same
			}
			got = foreign
		}
	}
	if got == different && a.century > 0 && len(a.readings) > 0 && len(b.readings) > 0 && a.century+a.readings[0].value == b.readings[0].value {
		return same
	}
	if got == different && b.century > 0 && len(a.readings) > 0 && len(b.readings) > 0 && b.century+b.readings[0].value == a.readings[0].value {
		return same
	}
	return got
}

// pointGroups reports whether the point of a number groups its digits though its language
// has it for decimals, since the translation has the same digits in groups: 10.700 and
// 10 700.
func pointGroups(a, b *quantity) bool {
	if a.groups != 2 || a.scale != 0 || a.percent || a.readings[0].fraction != 3 || len(a.text) < 6 || len(b.readings) == 0 || !b.readings[0].own || b.readings[0].fraction != 0 {
		return false
	}
	return b.groups == 2 && b.scale == 0 && asciiDigits(a.text) == asciiDigits(b.text) || b.scale == 1000
}

// isKilo reports whether a number of the target may stand for one of the source with the
// letter k: another letter, as the Cyrillic one, or a measure follows (10k as a run of 10
// km, 14k as gold of 14 carats), or it is a name's.
func (c *comparison) isKilo(q *quantity) bool {
	if q.unit >= 0 || q.identifier && !c.s.to.spaceless {
		return true
	}
	rest := c.s.tgt[q.end:]
	close, _ := utf8.DecodeRuneInString(rest)
	next, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest, " \u00a0\u202f-‑"))
	return unicode.IsLetter(close) && !c.s.to.spaceless || strings.ContainsRune("kKcCqQкКקق", next)
}

func asciiDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if d, ok := numeral.Digit(r); ok {
			return rune('0' + d)
		}
		return -1
	}, text)
}

// shifted reports whether big is few times 10³, 10⁵ (lakh), 10⁶, 10⁷, 10⁹ or 10¹².
func shifted(few, big float64) bool {
	if few <= 0 || big != math.Trunc(big) || big < 1000 {
		return false
	}
	for _, p := range [...]float64{1e3, 1e5, 1e6, 1e7, 1e9, 1e12} {
		if equalValues(few*p, big) {
			return true
		}
	}
	return false
}

// joinedDigits matches numbers of several groups that are one number on the other side:
// the telephone number "0800 555 111" as 0800555111.
func joinedDigits(as, bs []quantity, foundA, foundB []bool) {
	for k := range bs {
		digits := asciiDigits(bs[k].text)
		if foundB[k] || len(digits) < 6 {
			continue
		}
		for i := range as {
			rest, n := digits, i
			for n < len(as) && n-i < 6 && rest != "" && (n == i || as[n].start-as[n-1].end <= 2) {
				next, ok := strings.CutPrefix(rest, asciiDigits(as[n].text))
				if !ok {
					break
				}
				rest, n = next, n+1
			}
			if rest == "" && n > i+1 {
				foundB[k] = true
				for j := i; j < n; j++ {
					foundA[j] = true
				}
			}
		}
	}
}

// has reports whether one of the numbers may be v.
func (c *comparison) has(qs []quantity, v float64) bool {
	for i := range qs {
		for _, r := range qs[i].readings {
			if qs[i].whole(r) == v {
				return true
			}
		}
		if qs[i].several() && slices.Contains(qs[i].parts, v) {
			return true
		}
	}
	return false
}
