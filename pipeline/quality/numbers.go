package quality

import (
	"math"
	"slices"
	"strings"

	"hexapla/pipeline/diag"
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
	c.aroundTheClock(found)
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
	var unitsLeft map[string]bool
	for i := range s.srcNum { // "300 km (190 miles)" of which the target has one
		for k := range s.srcNum {
			if i != k && !found[i] && found[k] && s.srcNum[i].unit >= 0 && s.srcNum[k].unit >= 0 && (converted(&s.srcNum[k], &s.srcNum[i]) || converted(&s.srcNum[i], &s.srcNum[k])) {
				if unitsLeft == nil {
					unitsLeft = c.unitsLeft()
				}
				found[i] = !unitsLeft[unitWords[s.srcNum[i].unit].name]
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
	var kept []float64
	for i := range s.srcNum { // "six meters (18 feet)" of which the target has what the source has in words
		q := &s.srcNum[i]
		if found[i] || q.unit < 0 || !strings.HasSuffix(s.src[:q.start], "(") {
			continue
		}
		if kept == nil {
			kept = c.keptWords()
		}
		found[i] = slices.ContainsFunc(kept, func(w float64) bool { return convertedNear(q, w) })
	}
	var lost, added []*quantity
	var seen []string
	for i := range s.srcNum {
		if q := &s.srcNum[i]; !found[i] && !c.inTarget(q) && !slices.Contains(seen, q.text) {
			lost = append(lost, q)
			if !ofCovid(s.src, q) { // "COVID-19 killed 19 people"
				seen = append(seen, q.text)
			}
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
			if l.scale == a.scale && l.percent == a.percent && !l.kilo {
				r.addFindingWithSeverity(sev, "", "%s has become %s", diag.Arg("text", l.text), diag.Arg("otherText", a.text))
			} else {
				r.addFindingWithSeverity(sev, "", "%s has become %s", diag.Arg("source", s.src[l.start:l.last]), diag.Arg("target", s.tgt[a.start:a.last]))
			}
			continue
		}
		v := l.first()
		switch {
		case ofCovid(s.src, l): // 新冠, "the coronavirus"
			continue
		case c.romanOther(v):
			r.place(l.start, l.last, 0, 0)
			r.addFinding("", "%s is missing; the translation has another number in Roman numerals", diag.Arg("text", l.text))
			continue
		case v == 100 && l.percent && (percentSigns.in(s.tgt) || hasPercentWord(s.tgt, s.tgtWords, s.to)), l.plural && v >= 1000 && math.Mod(v, 100) == 0 && c.wordsLikely():
			r.place(l.start, l.last, 0, 0)
			r.addFindingWithSeverity(diag.Info, "see whether the translation has it in words", "%s is not in the translation in digits", diag.Arg("text", l.text))
			continue
		case v <= small && !l.kilo || (l.ordinal && v <= 31 || l.plural) && c.wordsLikely() || v == 100 && l.percent || math.IsNaN(v):
			continue // a word will do
		}
		r.place(l.start, l.last, 0, 0)
		if k := c.zerosLost(l, taken); k >= 0 {
			b := &s.tgtNum[k]
			r.place(l.start, l.last, b.start, b.last)
			r.addFindingWithSeverity(diag.Warning, "", "%s has become %s", diag.Arg("text", l.text), diag.Arg("otherText", b.text))
			continue
		}
		if (c.mayBeInWords() || c.inOtherWords(l)) && !l.identifier {
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

// ofCovid reports whether a number is that of the name COVID-19.
func ofCovid(text string, q *quantity) bool {
	const name = "COVID-"
	return q.text == "19" && strings.EqualFold(text[max(0, q.start-len(name)):q.start], name)
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
		if q.unit >= 0 || q.kilo || q.clock || q.plural || q.identifier || q.looksLikeTime() || len(q.parts) > 2 {
			return true
		}
	}
	return c.inTimeZone(a) || a.percent != b.percent || a.currency != b.currency && a.currency != "" && b.currency != ""
}

// inTimeZone reports whether a number of the source is an hour before noon or after it,
// which may be another one in the time zone of the readers.
func (c *comparison) inTimeZone(q *quantity) bool {
	rest := strings.ToLower(strings.TrimLeft(c.s.src[q.end:], " \u00a0"))
	for _, m := range [...]string{"am", "pm", "a.m", "p.m"} {
		if after, ok := strings.CutPrefix(rest, m); ok && !startsLetter(after) {
			return true
		}
	}
	return false
}

// likelySlip reports whether a number differs from another as by a slip of the hand: in
// zeros or the power of ten only, or in some of as many digits. Of a single digit that is
// sure only with a percentage or an amount of money: "two" and "three" are also words of
// phrases.
func likelySlip(a, b *quantity) bool {
	x, y := asciiDigits(a.text), asciiDigits(b.text)
	if x == y && (strings.HasPrefix(a.text, ".") || strings.HasPrefix(b.text, ".")) { // typed from right to left
		return false
	}
	if x == y && a.groups == 2 && b.groups == 1 && a.scale == b.scale && len(a.readings) > 1 { // 10.700 for 10700: the point may group
		return false
	}
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

// mayBeInWords reports whether the target has numbers in words that the source does not
// have in words: one of them may be a number of the source. One and two are articles and
// pronouns in many languages.
func (c *comparison) mayBeInWords() bool {
	return slices.ContainsFunc(c.targetWords, func(w float64) bool {
		return w > 2 && !slices.Contains(c.sourceWords, w) && !c.has(c.s.srcNum, w)
	}) || len(c.targetWords) > 0 && !c.s.to.numerals.known
}

// dozens are parts of the words for a dozen, and of the French one for fifteen.
const dozens = "dutzend|douzain|quinzain|docena|dozzin|dozijn|dúzia|duzin|дюжин|tucat|tucet|tuzin|düzin"

// inOtherWords reports whether the target may have a number of the source as another one in
// words, be it only an article: a century, a half, a quarter, two dozen, half an hour, one
// and a half years, a day, a week.
func (c *comparison) inOtherWords(q *quantity) bool {
	if len(c.targetWords) == 0 {
		return false
	}
	v := q.first()
	of := func(n float64) bool { return math.Mod(v, n) == 0 }
	if v == 100 || q.percent && (v == 20 || v == 25 || v == 33 || v == 50 || v == 75) {
		return true
	}
	unit := strings.TrimLeft(c.s.src[q.end:], " \u00a0-")
	if c.s.from.lang == "en" && (strings.HasPrefix(unit, "minute") && of(15) || strings.HasPrefix(unit, "hour") && of(12) || strings.HasPrefix(unit, "day") && of(7) || strings.HasPrefix(unit, "month") && of(6)) {
		return true
	}
	return (of(12) || of(15)) && slices.ContainsFunc(c.s.tgtWords, func(w word) bool {
		return slices.ContainsFunc(strings.Split(dozens, "|"), func(d string) bool { return strings.Contains(w.lower(), d) })
	})
}

// wordsLikely reports whether the target may have a number in words: it has some, or
// words of its language are not known.
func (c *comparison) wordsLikely() bool {
	return len(c.targetWords)+len(c.targetRoman) > 0 || len(c.s.to.numerals.words.stems) == 0
}
