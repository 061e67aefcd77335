package quality

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/numeral"
)

// small numbers may be written in words in one language and not in the other.
const small = 12

// manyPairs is up to how many pairs of a number of the source and one of the target each
// is compared with each: of 300 and 300. A segment with more is a table or an attack, as is
// one with more than manyOfOne on one side, which are compared with each other.
const (
	manyPairs = 300 * 300
	manyOfOne = 1000
)

// hasManyNumbers reports whether a segment has more numbers than manyPairs and manyOfOne.
func (s *segment) hasManyNumbers() bool {
	return len(s.srcNum)*len(s.tgtNum) > manyPairs || max(len(s.srcNum), len(s.tgtNum)) > manyOfOne
}

// countDigits compares the digits of very many numbers, which takes time in proportion to
// their number alone. It reports the first that are missing, as notes: the same number may
// be written in another way.
func countDigits(s *segment, r *report) {
	const most = 10
	there := map[string]int{}
	for i := range s.tgtNum {
		there[asciiDigits(s.tgtNum[i].text)]++
	}
	reported := 0
	for i := range s.srcNum {
		q := &s.srcNum[i]
		if there[asciiDigits(q.text)]--; there[asciiDigits(q.text)] < 0 && reported < most {
			reported++
			r.place(q.start, q.last, 0, 0)
			r.addFindingWithSeverity(diag.Info, "see whether the translation has it in words", "%s is not in the translation in digits", diag.Arg("text", q.text))
		}
	}
}

// numbers compares the quantities of source and target.
func numbers(s *segment, r *report) {
	c := newComparison(s)
	months(s, &c, r)
	if len(s.srcNum)+len(s.tgtNum) == 0 {
		c.scaleWords(r)
		c.romanNumerals(r)
		return
	}
	if s.hasManyNumbers() {
		countDigits(s, r)
		return
	}
	taken := make([]bool, len(s.tgtNum)) // matched by a number of the source
	found := make([]bool, len(s.srcNum))
	// Numbers that are equal as they stand go first, one to one.
	for pass := range 2 {
		for i := range s.srcNum {
			for k := range s.tgtNum {
				if found[i] || taken[k] && pass == 0 {
					continue
				}
				a, b := &s.srcNum[i], &s.tgtNum[k]
				switch c.compare(a, b) {
				case same:
					found[i], taken[k] = true, true
				case foreign:
					if found[i], taken[k] = true, true; pass == 0 {
						c.separatorFinding(a, b, r)
					}
				}
			}
		}
	}
	c.milesAsMillions(found, taken)
	c.feetAndInches(found, taken)
	joinedDigits(s.srcNum, s.tgtNum, found, taken)
	joinedDigits(s.tgtNum, s.srcNum, taken, found)
	for i := range s.srcNum {
		if !found[i] {
			continue
		}
		for k := range s.tgtNum {
			if a, b := &s.srcNum[i], &s.tgtNum[k]; taken[k] && c.compare(a, b) == same {
				c.unitFinding(a, b, r)
			}
		}
	}
	// A quantity in another unit.
	for i := range s.srcNum {
		for k := range s.tgtNum {
			if !taken[k] && converted(&s.srcNum[i], &s.tgtNum[k]) {
				found[i], taken[k] = true, true
			}
		}
	}
	for i := range s.srcNum { // "300 km (190 miles)" of which the target has one
		for k := range s.srcNum {
			if i != k && !found[i] && found[k] && s.srcNum[i].unit >= 0 && s.srcNum[k].unit >= 0 && (converted(&s.srcNum[k], &s.srcNum[i]) || converted(&s.srcNum[i], &s.srcNum[k])) {
				found[i] = !c.unitLeft(&s.srcNum[i])
				break
			}
		}
	}
	for i := range s.tgtNum { // and the other way round
		for k := range s.tgtNum {
			if i != k && !taken[i] && taken[k] && s.tgtNum[i].unit >= 0 && s.tgtNum[k].unit >= 0 && (converted(&s.tgtNum[k], &s.tgtNum[i]) || converted(&s.tgtNum[i], &s.tgtNum[k])) {
				taken[i] = true
			}
		}
	}
	for i := range s.srcNum { // "six meters (18 feet)" of which the target has what the source has in words
		if q := &s.srcNum[i]; !found[i] && q.unit >= 0 && strings.HasSuffix(s.src[:q.start], "(") && slices.ContainsFunc(c.sourceWords, func(w float64) bool {
			return w > 1 && c.convertedNear(q, w) && (slices.Contains(c.targetWords, w) || c.has(s.tgtNum, w) || len(s.to.numerals.words.stems) == 0)
		}) {
			found[i] = true
		}
	}
	var lost, added []*quantity
	var seen []string
	for i := range s.srcNum {
		if q := &s.srcNum[i]; !found[i] && !c.inTarget(q) && !slices.Contains(seen, q.text) {
			lost = append(lost, q)
			seen = append(seen, q.text)
		}
	}
	seen = seen[:0]
	for k := range s.tgtNum {
		if q := &s.tgtNum[k]; !taken[k] && !c.inSource(q) && !slices.Contains(seen, q.text) {
			added = append(added, q)
			seen = append(seen, q.text)
		}
	}
	sure := len(lost) == 1 && len(added) == 1 && !c.convertible(lost[0], added[0])
	for _, l := range lost {
		if len(added) > 0 {
			// The likeliest change is to a number of the same kind.
			best := 0
			for k, a := range added {
				if a.percent == l.percent && a.currency == l.currency && (a.scale > 0) == (l.scale > 0) {
					best = k
					break
				}
			}
			a := added[best]
			added = slices.Delete(added, best, best+1)
			if c.sharesScale(l, a, found) {
				continue
			}
			sev := diag.Warning
			if sure && likelySlip(l, a) && (l.scale == a.scale || s.to.scalesSure()) {
				sev = r.check.Severity
			}
			r.place(l.start, l.last, a.start, a.last)
			if l.scale == a.scale && l.percent == a.percent {
				r.addFindingWithSeverity(sev, "", "%s has become %s", diag.Arg("text", l.text), diag.Arg("otherText", a.text))
			} else {
				r.addFindingWithSeverity(sev, "", "%s has become %s", diag.Arg("source", s.src[l.start:l.last]), diag.Arg("target", s.tgt[a.start:a.last]))
			}
			continue
		}
		v := l.first()
		switch {
		case c.romanOther(v):
			r.place(l.start, l.last, 0, 0)
			r.addFinding("", "%s is missing; the translation has another number in Roman numerals", diag.Arg("text", l.text))
			continue
		case v == 100 && l.percent && (percentSigns.in(s.tgt) || hasPercentWord(s.tgt, s.tgtWords, s.to)), l.plural && v >= 1000 && math.Mod(v, 100) == 0 && c.wordsLikely():
			r.place(l.start, l.last, 0, 0)
			r.addFindingWithSeverity(diag.Info, "see whether the translation has it in words", "%s is not in the translation in digits", diag.Arg("text", l.text))
			continue
		case v <= small || (l.ordinal && v <= 31 || l.plural) && c.wordsLikely() || v == 100 && l.percent || math.IsNaN(v):
			continue // a word will do
		}
		r.place(l.start, l.last, 0, 0)
		if k := c.zerosLost(l, taken); k >= 0 {
			b := &s.tgtNum[k]
			r.place(l.start, l.last, b.start, b.last)
			r.addFindingWithSeverity(diag.Warning, "", "%s has become %s", diag.Arg("text", l.text), diag.Arg("otherText", b.text))
			continue
		}
		if len(c.targetWords) > 0 && !l.identifier {
			r.addFindingWithSeverity(diag.Info, "see whether the translation has it in words", "%s is not in the translation in digits", diag.Arg("text", l.text))
			continue
		}
		r.addFindingWithSeverity(diag.Warning, "", "%s is missing", diag.Arg("source", s.src[l.start:l.last]))
	}
	for _, a := range added {
		r.place(0, 0, a.start, a.last)
		if v := a.first(); v <= 2 || len(c.sourceWords) > 0 || a.currency != "" && c.money {
			r.addFindingWithSeverity(diag.Info, "", "%s is not in the source in digits", diag.Arg("text", a.text))
			continue
		}
		// Translators repeat a number, name the day or count a century in another way.
		r.addFindingWithSeverity(diag.Info, "", "%s is not in the source", diag.Arg("target", s.tgt[a.start:a.last]))
	}
	if len(lost)+len(added) == 0 {
		c.scaleWords(r)
		c.romanNumerals(r)
	}
}

// unitLeft reports whether the target has the unit of a number of the source as a word of
// its own, with no number before it: the number was lost.
func (c *comparison) unitLeft(q *quantity) bool {
	if q.unit < 0 {
		return false
	}
	units, _ := measures()
	for i := range c.s.tgtWords {
		w := &c.s.tgtWords[i]
		u, ok := units.find(w.lower())
		if !ok || unitWords[u.id].name != unitWords[q.unit].name || slices.ContainsFunc(c.s.tgtNum, func(n quantity) bool { return n.start <= w.start && w.end <= n.last }) {
			continue
		}
		if i > 0 {
			if _, ok := c.s.to.numerals.value(c.s.tgtWords[i-1].lower()); ok {
				continue
			}
		}
		return true
	}
	return false
}

// convertedNear reports whether a quantity is w of another unit that measures the same, as
// newsrooms round.
func (c *comparison) convertedNear(q *quantity, w float64) bool {
	from := unitWords[q.unit].unit
	for i := range unitWords {
		if unitWords[i].dimension == from.dimension && convertedTo(q.first(), from, w, i) {
			return true
		}
	}
	return false
}

// milesAsMillions matches miles with a word that is read as millions, where a language
// has one for both: 385 میلونو in Pashto, 5 mil. at the end of a sentence in Czech.
func (c *comparison) milesAsMillions(found, taken []bool) {
	switch c.s.to.lang {
	case "ps", "cs", "sk":
	default:
		return
	}
	for i := range c.s.srcNum {
		a := &c.s.srcNum[i]
		if found[i] || a.unit < 0 || unitWords[a.unit].name != "mi" || len(a.readings) == 0 {
			continue
		}
		for k := range c.s.tgtNum {
			if b := &c.s.tgtNum[k]; !taken[k] && b.scale == 1e6 && b.currency == "" && len(b.readings) > 0 && equalValues(a.readings[0].value, b.readings[0].value) {
				found[i], taken[k] = true, true
				break
			}
		}
	}
}

// zerosLost returns the index of a number of the target, matched by none of the source,
// that is a number of thousands of it without its last three zeros; -1 if there is none.
func (c *comparison) zerosLost(q *quantity, taken []bool) int {
	v := q.first()
	if q.scale != 0 || q.groups != 2 || v < 1000 || v != math.Trunc(v) {
		return -1
	}
	for k := range c.s.tgtNum {
		if b := &c.s.tgtNum[k]; !taken[k] && b.scale == 0 && !b.scaled && b.groups == 1 && b.first()*1000 == v {
			return k
		}
	}
	return -1
}

// convertible reports whether one of two numbers may be the other in another unit or
// another way to count: then it is not sure that it was changed by a slip.
func (c *comparison) convertible(a, b *quantity) bool {
	for _, q := range [...]*quantity{a, b} {
		if q.unit >= 0 || q.clock || q.plural || q.identifier || q.looksLikeTime() || len(q.parts) > 2 {
			return true
		}
	}
	return a.percent != b.percent || a.currency != b.currency && a.currency != "" && b.currency != ""
}

// likelySlip reports whether a number differs from another as by a slip of the hand: in
// zeros or the power of ten only, or in some of as many digits. Of a single digit that is
// sure only with a percentage or an amount of money: "two" and "three" are also words of
// phrases.
func likelySlip(a, b *quantity) bool {
	x, y := asciiDigits(a.text), asciiDigits(b.text)
	if strings.TrimRight(x, "0") == strings.TrimRight(y, "0") {
		return len(x) > 1 || a.scale > 0 || b.scale > 0
	}
	amount := a.percent && b.percent || a.currency != "" && a.currency == b.currency
	return len(x) == len(y) && (len(x) > 1 || amount) && a.scale == b.scale && a.groups == b.groups
}

// scalesSure reports whether the words for powers of ten of a language are known in all
// of their forms.
func (l *language) scalesSure() bool {
	switch l.lang {
	case "ko", "bn", "ne", "ta", "hi", "ur", "th", "vi", "mn", "id", "ms":
		return false
	}
	return l.numerals.known
}

// sharesScale reports whether a is l without its power of ten, where the target names
// that once for several numbers: "3.1 million and 2.5 million" as "3,1 … 2,5 millió".
func (c *comparison) sharesScale(l, a *quantity, found []bool) bool {
	if l.scale == 0 || a.scale != 0 || len(l.readings) == 0 || len(a.readings) == 0 || !slices.ContainsFunc(a.readings, func(r reading) bool { return equalValues(r.value, l.readings[0].value) }) {
		return false
	}
	for i := range c.s.srcNum {
		if q := &c.s.srcNum[i]; found[i] && q.scale == l.scale && q != l {
			for k := range c.s.tgtNum {
				if b := &c.s.tgtNum[k]; b.scale == l.scale && b.start > a.start && c.compare(q, b) == same {
					return true
				}
			}
		}
	}
	return false
}

// wordsLikely reports whether the target may have a number in words: it has some, or
// words of its language are not known.
func (c *comparison) wordsLikely() bool {
	return len(c.targetWords)+len(c.targetRoman) > 0 || len(c.s.to.numerals.words.stems) == 0
}

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
}

func sourceNumbersOf(s *sourceText) (n sourceNumbers) {
	n.words, n.big = wordNumbers(s.src, s.srcWords, s.from)
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
		if i > 0 && a.readings[0].own && !x.own {
			break // in its own locale the source means one thing
		}
		for _, y := range b.readings {
			v, w := a.whole(x), b.whole(y)
			equal := equalValues(v, w) ||
				a.scale == 0 && a.scaled && shifted(x.value, w) || b.scale == 0 && b.scaled && shifted(y.value, v)
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

// inTarget reports whether a number of the source is in the target in another form.
func (c *comparison) inTarget(q *quantity) bool {
	if c.parts(q, c.s.tgtNum, c.targetWords, c.targetMonths) || c.partOf(q, c.s.tgtNum) {
		return true
	}
	for _, r := range q.readings {
		v := q.whole(r)
		if slices.ContainsFunc(c.targetWords, func(w float64) bool { return equalValues(v, w) || q.scale == 0 && q.scaled && shifted(v, w) }) || slices.Contains(c.targetRoman, int(v)) && v == math.Trunc(v) {
			return true
		}
		// Feet and miles in meters and kilometers, in words.
		if q.unit >= 0 && slices.ContainsFunc(c.targetWords, func(w float64) bool { return w > 1 && convertedTo(v, unitWords[q.unit].unit, w, -1) }) {
			return true
		}
		switch {
		case c.afternoon && v < 12 && c.has(c.s.tgtNum, v+12):
			return true
		case q.clock && v > 12 && v < 24 && c.has(c.s.tgtNum, v-12): // 7:30 in the evening
			return true
		case c.s.to.lang == "sw" && c.swahiliHour(v):
			return true
		case q.ordinal && v <= 21 && c.centuries && c.has(c.s.tgtNum, (v-1)*100): // 1600-talet
			return true
		case q.plural && v >= 1000 && v < 2100 && math.Mod(v, 100) == 0 && (c.has(c.s.tgtNum, v/100+1) || slices.Contains(c.targetRoman, int(v/100)+1)): // the 21st century
			return true
		case q.plural && v > 1000 && v < 2100 && (c.s.to.lang == "lt" || c.s.to.lang == "lv") && c.has(c.s.tgtNum, math.Mod(v, 100)/10+1): // the fourth decade
			return true
		case c.s.to.lang == "th" && v > 1800 && v < 2200 && c.has(c.s.tgtNum, v+543): // of the Buddhist era
			return true
		case v <= 31 && c.inDottedDate(v):
			return true
		case q.plural && v > 1000 && v < 2100 && c.has(c.s.tgtNum, math.Mod(v, 100)):
			return true
		case v == 0 && q.text == "00":
			return true
		case v < 100 && q.identifier && (c.has(c.s.tgtNum, 1900+v) || c.has(c.s.tgtNum, 2000+v)): // SS19
			return true
		case v > 1800 && v < 2200 && c.persian() && (c.has(c.s.tgtNum, v-621) || c.has(c.s.tgtNum, v-622)):
			return true
		case v <= 31 && c.solarDates:
			return true
		}
	}
	return false
}

// inSource reports whether a number of the target is in the source in another form.
func (c *comparison) inSource(q *quantity) bool {
	if c.parts(q, c.s.srcNum, c.sourceWords, c.months) || c.partOf(q, c.s.srcNum) {
		return true
	}
	for _, r := range q.readings {
		v := q.whole(r)
		if slices.ContainsFunc(c.sourceWords, func(w float64) bool { return equalValues(v, w) }) || slices.Contains(c.sourceRoman, int(v)) && v == math.Trunc(v) {
			return true
		}
		for _, w := range c.sourceWords { // "half a million", "twenty feet"
			if w > 1 && q.unit >= 0 && unitWords[q.unit].dimension != "temperature" && imperial(c.s.srcWords) && c.convertedWord(w, v) {
				return true
			}
		}
		switch {
		case v < 12 && slices.ContainsFunc(c.s.srcNum, func(o quantity) bool { return o.clock && o.first() == v+12 }):
			return true
		case c.s.to.lang == "sw" && c.swahiliTarget(q):
			return true
		case c.centuries && v >= 1000 && v < 2100 && math.Mod(v, 100) == 0 && c.has(c.s.srcNum, v/100+1):
			return true
		case v <= 21 && slices.ContainsFunc(c.s.srcNum, func(o quantity) bool { return o.plural && o.first() == (v-1)*100 }):
			return true
		case c.s.to.lang == "th" && v > 2300 && v < 2743 && c.has(c.s.srcNum, v-543):
			return true
		case q.looksLikeDate() && c.months&(1<<uint(q.parts[1])) != 0 && c.has(c.s.srcNum, q.parts[0]):
			return true
		case v == 1 && c.perOne(): // "a barrel"
			return true
		case c.afternoon && v >= 12 && v < 24 && (c.has(c.s.srcNum, v-12) || slices.Contains(c.sourceWords, v-12)):
			return true
		case v == 0 && utf8.RuneCountInString(q.text) >= 2: // 17:00 for 5 p.m.
			return true
		case v < 100 && (c.has(c.s.srcNum, 1900+v) || c.has(c.s.srcNum, 2000+v)):
			return true
		case v >= 1900 && v < 2100 && c.hasIdentifier(math.Mod(v, 100)):
			return true
		case v > 1200 && v < 1600 && c.persian() && (c.has(c.s.srcNum, v+621) || c.has(c.s.srcNum, v+622)):
			return true
		case v >= 1 && v <= 12 && c.months&(1<<uint(v)) != 0 && c.monthFollows(q):
			return true
		case v <= 31 && c.solarDates && (c.solar[0] == 0 || math.Abs(v-float64(c.solar[0])) <= 1 || v >= 29 && c.solar[0] == 1 || v == 1 && c.solar[0] >= 29):
			return true
		}
	}
	return false
}

// looksLikeDate reports whether two groups may be a day and a month: 12.6.
func (q *quantity) looksLikeDate() bool {
	return len(q.parts) == 2 && q.parts[0] >= 1 && q.parts[0] <= 31 && q.parts[1] >= 1 && q.parts[1] <= 12 && strings.ContainsRune(q.text, '.') && q.scale == 0 && !q.percent && q.currency == "" && q.unit < 0
}

// inDottedDate reports whether the target has a day in a date of figures, with a month that
// the source names.
func (c *comparison) inDottedDate(day float64) bool {
	return slices.ContainsFunc(c.s.tgtNum, func(o quantity) bool {
		return o.looksLikeDate() && o.parts[0] == day && c.months&(1<<uint(o.parts[1])) != 0
	})
}

// swahiliHour reports whether the target has an hour of the source as Swahili counts it,
// from sunrise: saa 1 is 7 o'clock.
func (c *comparison) swahiliHour(hour float64) bool {
	return hour < 24 && slices.ContainsFunc(c.s.tgtNum, func(o quantity) bool {
		return c.atHour(&o) && (c.hourOf(&o) == math.Mod(hour+6, 12) || c.hourOf(&o) == 12 && math.Mod(hour, 12) == 6)
	})
}

// swahiliTarget reports whether a number of the target is an hour of the source.
func (c *comparison) swahiliTarget(q *quantity) bool {
	return c.atHour(q) && slices.ContainsFunc(c.s.srcNum, func(o quantity) bool {
		return len(o.readings) > 0 && math.Mod(c.hourOf(&o)+6, 12) == math.Mod(c.hourOf(q), 12)
	})
}

// atHour reports whether a number of a text in Swahili is a time: it looks like one, or
// stands behind the word for hour.
func (c *comparison) atHour(q *quantity) bool {
	if len(q.parts) == 2 && q.looksLikeTime() || q.clock {
		return true
	}
	before := strings.TrimRight(c.s.tgt[:q.start], " ")
	return strings.EqualFold(before[max(0, len(before)-len("saa")):], "saa")
}

// hourOf returns the hour of a time.
func (c *comparison) hourOf(q *quantity) float64 {
	if len(q.parts) == 2 {
		return q.parts[0]
	}
	return q.first()
}

// perOne reports whether the source counts by one of something: "70 dollars a barrel".
func (c *comparison) perOne() bool {
	for i := range c.s.srcNum {
		if rest := c.s.src[c.s.srcNum[i].last:]; c.s.from.lang == "en" && (strings.HasPrefix(rest, " a ") || strings.HasPrefix(rest, " an ") || strings.HasPrefix(rest, " per ")) {
			return true
		}
	}
	return false
}

// hasIdentifier reports whether the source has v joined to a letter, as in SS19.
func (c *comparison) hasIdentifier(v float64) bool {
	for i := range c.s.srcNum {
		if q := &c.s.srcNum[i]; q.identifier && q.groups == 1 && q.first() == v {
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

// feetAndInches matches a height in feet and inches ("6-foot-6") with one in meters or
// centimeters, or with the same two numbers.
func (c *comparison) feetAndInches(found, taken []bool) {
	for i := 0; i+1 < len(c.s.srcNum); i++ {
		a, b := &c.s.srcNum[i], &c.s.srcNum[i+1]
		if found[i] && found[i+1] || a.unit < 0 || unitWords[a.unit].name != "ft" || len(a.readings) == 0 || len(b.readings) == 0 || b.first() >= 12 || strings.Trim(c.s.src[a.last:b.start], " -‑") != "" {
			continue
		}
		m := a.first()*0.3048 + b.first()*0.0254
		match := func(k int) {
			found[i], found[i+1], taken[k] = true, true, true
		}
		for k := range c.s.tgtNum {
			for _, r := range c.s.tgtNum[k].readings {
				v := r.value
				switch {
				case math.Abs(v-m) <= 0.04, math.Abs(v-100*m) <= 4, equalValues(v, a.first()+b.first()/10), equalValues(v, a.first()+b.first()/12):
					match(k)
				case k > 0 && v < 100 && c.s.tgtNum[k-1].first() == math.Floor(m) && math.Abs(v-100*(m-math.Floor(m))) <= 4: // 1 m 98
					match(k - 1)
					match(k)
				case v == a.first() || v == b.first():
					match(k)
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

// parts reports whether a number made of several, as a date, has all of its parts on
// the other side.
func (c *comparison) parts(q *quantity, others []quantity, words []float64, months uint32) bool {
	if !q.several() {
		return false
	}
	for _, p := range q.parts {
		if !c.has(others, p) && !slices.Contains(words, p) && !(p >= 1 && p <= 12 && months&(1<<uint(p)) != 0) &&
			!(c.afternoon && (c.has(others, p-12) || c.has(others, p+12) || p == 0)) && !(p < 100 && (c.has(others, 2000+p) || c.has(others, 1900+p))) {
			return false
		}
	}
	return true
}

// partOf reports whether a number is a part of a date or the like on the other side,
// as 9 of "25.09.2026".
func (c *comparison) partOf(q *quantity, others []quantity) bool {
	if len(q.readings) == 0 || q.groups > 1 || q.scale > 0 {
		return false
	}
	for i := range others {
		o := &others[i]
		if len(o.parts) < 2 || len(o.readings) > 0 && len(o.parts) < 3 && !o.looksLikeTime() {
			continue
		}
		if slices.Contains(o.parts, q.readings[0].value) || c.afternoon && slices.Contains(o.parts, q.readings[0].value+12) {
			return len(o.readings) == 0 || len(o.parts) == 2
		}
	}
	return false
}

// looksLikeTime reports whether two groups may be a time or a day and a month: 17.30,
// 25.09.
func (q *quantity) looksLikeTime() bool {
	return len(q.parts) == 2 && len(q.readings) > 0 && q.parts[0] <= 31 && q.parts[1] < 60 && q.readings[0].fraction == 2 && q.scale == 0 && !q.percent && q.currency == "" && q.unit < 0
}
