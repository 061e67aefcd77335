package quality

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/locales"
	"hexapla/pipeline/diag"
)

// small numbers may be written in words in one language and not in the other.
const small = 12

// numbers compares the quantities of source and target.
func numbers(s *segment, r *report) {
	c := newComparison(s)
	months(s, c, r)
	if len(s.srcNum)+len(s.tgtNum) == 0 {
		c.scaleWords(r)
		c.romanNumerals(r)
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
			r.place(l.start, l.last, a.start, a.last)
			if l.scale == a.scale && l.percent == a.percent {
				r.addFinding("", "%s has become %s", l.text, a.text)
			} else {
				r.addFinding("", "%s has become %s", s.src[l.start:l.last], s.tgt[a.start:a.last])
			}
			continue
		}
		v := l.first()
		switch {
		case c.romanOther(v):
			r.place(l.start, l.last, 0, 0)
			r.addFinding("", "%s is missing; the translation has another number in Roman numerals", l.text)
			continue
		case v <= small || l.ordinal && v <= 31 || l.plural || v == 100 && l.percent || math.IsNaN(v):
			continue // a word will do
		}
		r.place(l.start, l.last, 0, 0)
		if len(c.targetWords) > 0 && !l.identifier {
			r.addFindingWithSeverity(diag.Info, "see whether the translation has it in words", "%s is not in the translation in digits", l.text)
			continue
		}
		r.addFindingWithSeverity(diag.Warning, "", "%s is missing", s.src[l.start:l.last])
	}
	for _, a := range added {
		r.place(0, 0, a.start, a.last)
		if v := a.first(); v <= 2 || len(c.sourceWords) > 0 || a.currency != "" && c.money {
			r.addFindingWithSeverity(diag.Info, "", "%s is not in the source in digits", a.text)
			continue
		}
		r.addFindingWithSeverity(diag.Warning, "", "%s is not in the source", s.tgt[a.start:a.last])
	}
	if len(lost)+len(added) == 0 {
		c.scaleWords(r)
		c.romanNumerals(r)
	}
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
}

func newComparison(s *segment) *comparison {
	c := &comparison{s: s}
	c.sourceWords, c.sourceBig = wordNumbers(s.src, s.srcWords, s.from)
	c.targetWords, c.targetBig = wordNumbers(s.tgt, s.tgtWords, s.to)
	c.sourceRoman, c.targetRoman = romans(s.srcWords), romans(s.tgtWords)
	for i := range s.srcNum {
		c.money = c.money || s.srcNum[i].currency != ""
	}
	if s.from.lang == "en" {
		for i, w := range s.srcWords {
			switch l := w.text; {
			case l == "pm" || l == "PM" || l == "p.m" || l == "P.M" || l == "p" && i+1 < len(s.srcWords) && s.srcWords[i+1].text == "m", l[0] <= '9' && strings.HasSuffix(l, "pm"):
				c.afternoon = true
			case l == "noon" || l == "midnight" || l == "afternoon" || l == "evening":
				c.afternoon = true
			}
		}
	}
	return c
}

// wordNumbers reads the numbers that a text has in words: the value of each word, of
// each run of words, and of runs with a coefficient and a power of ten ("two
// million").
func wordNumbers(text string, ws []word, l *language) (values, big []float64) {
	n := l.numerals
	if len(n.words) == 0 {
		if l.spaceless {
			return ideographs(text), nil
		}
		return nil, nil
	}
	var total, group float64
	run, end := 0, 0 // words read, and where the last of them ends
	bigRun := false
	flush := func() {
		if run > 1 {
			values = append(values, total+group)
			if bigRun && total > 0 {
				big = append(big, total+group)
			}
		}
		total, group, run, bigRun = 0, 0, 0, false
	}
	for i := range ws {
		w := &ws[i]
		if w.script == none {
			flush()
			continue
		}
		if run > 0 && strings.Trim(text[end:w.start], " \u00a0-‑\u200c") != "" {
			flush()
		}
		low := w.lower()
		if s, ok := n.scales.find(low); ok && s.value >= 1000 {
			if run == 0 {
				values = append(values, s.value)
				continue
			}
			group, total = 0, total+max(group, 1)*s.value
			run, end, bigRun = run+1, w.end, true
			continue
		}
		parts := [1]string{low}
		list := parts[:]
		if strings.Contains(low, "\u200c") {
			list = strings.Split(low, "\u200c")
		}
		matched := false
		for _, p := range list {
			v, ok := n.value(p)
			if !ok {
				continue
			}
			matched = true
			values = append(values, v)
			switch {
			case v == 100 && group > 0 && group < 10:
				group *= 100
			default:
				group += v
			}
			run, end = run+1, w.end
		}
		if !matched && run > 0 {
			switch low {
			case "and", "a", "и", "та", "і", "и́", "و", "e", "és", "y", "und", "və", "ve", "şi", "și", "dhe", "ու", "და", "ва", "je", "en", "de", "o":
				end = w.end
			default:
				flush()
			}
		}
	}
	flush()
	if l.lang == "en" {
		for _, w := range ws {
			switch w.text {
			case "half", "Half":
				values = append(values, 0.5, 50, 30, 2, 1)
			case "quarter", "quarters":
				values = append(values, 4, 25, 15, 3, 75)
			case "midnight":
				values = append(values, 0, 24, 12)
			case "noon":
				values = append(values, 12)
			case "fortnight":
				values = append(values, 2, 14)
			case "decade", "decades":
				values = append(values, 10)
			case "weekly":
				values = append(values, 7)
			case "daily":
				values = append(values, 24)
			}
		}
	}
	return values, big
}

// ideographs reads numbers in Chinese numerals.
func ideographs(text string) []float64 {
	var out []float64
	var total, group, unit float64
	open := false
	flush := func() {
		if open {
			out = append(out, total+group+unit)
		}
		total, group, unit, open = 0, 0, 0, false
	}
	for _, r := range text {
		v := -1.0
		switch r {
		case '〇', '零':
			v = 0
		case '一', '两', '兩', '壱':
			v = 1
			if r != '一' && r != '壱' {
				v = 2
			}
		case '二':
			v = 2
		case '三':
			v = 3
		case '四':
			v = 4
		case '五':
			v = 5
		case '六':
			v = 6
		case '七':
			v = 7
		case '八':
			v = 8
		case '九':
			v = 9
		}
		switch {
		case v >= 0:
			unit, open = unit*10+v, true
		case r == '十' || r == '百' || r == '千':
			m := map[rune]float64{'十': 10, '百': 100, '千': 1000}[r]
			group, unit, open = group+max(unit, 1)*m, 0, true
		case open && (r == '万' || r == '萬' || r == '亿' || r == '億'):
			m := 1e4
			if r == '亿' || r == '億' {
				m = 1e8
			}
			total, group, unit = total+max(group+unit, 1)*m, 0, 0
		default:
			flush()
		}
	}
	flush()
	return out
}

func romans(ws []word) []int {
	var out []int
	for _, w := range ws {
		if w.end-w.start >= 2 {
			if v, ok := romanNumber(w.text); ok && v < 4000 {
				out = append(out, v)
			}
		}
	}
	return out
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
		if d, ok := digit(r); ok {
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

// separatorFinding reports a number of the target with the separators of another
// locale, where it surely is an amount.
func (c *comparison) separatorFinding(a, b *quantity, r *report) {
	if a.identifier || b.identifier || a.groups > 2 && a.scale == 0 && b.groups != a.groups {
		return
	}
	n := c.s.to.numbers
	if n.decimal == 0 || b.text != a.text && strings.ContainsFunc(b.text, unicode.IsLetter) {
		return
	}
	grouping := false
	for _, y := range b.readings {
		grouping = grouping || !y.own && y.fraction == 0
	}
	sep, _ := separator(firstSeparator(b.text))
	if grouping && sep != c.s.from.numbers.group || !grouping && sep != c.s.from.numbers.decimal {
		return // another habit, not the source's number left as it was
	}
	amount := a.percent || b.percent || a.unit >= 0 || b.unit >= 0 || a.currency != "" || b.currency != "" || a.scale > 0 || b.scale > 0 || grouping
	if !amount || c.s.to.script == "Arab" || c.s.to.lang == "es" && !grouping {
		return
	}
	r.place(a.start, a.end, b.start, b.end)
	r.addFindingWithSeverity(diag.Warning, "write "+localNumber(c.s.to.tag, a), "%s is not how numbers are written in %s", b.text, c.s.to.tag)
}

// firstSeparator returns the first character of a number that is no digit.
func firstSeparator(text string) rune {
	for _, r := range text {
		if _, ok := digit(r); !ok {
			return r
		}
	}
	return 0
}

func localNumber(locale string, a *quantity) string {
	if len(a.readings) == 0 {
		return a.text
	}
	x := a.readings[0]
	return locales.FormatNumber(locale, fmt.Sprintf("%.*f", min(x.fraction, 15), x.value))
}

// unitFinding reports a number that is kept while its unit changes.
func (c *comparison) unitFinding(a, b *quantity, r *report) {
	if a.unit < 0 || b.unit < 0 || a.unit == b.unit || len(a.readings) == 0 || a.readings[0].value == 0 {
		return
	}
	u, v := &unitWords[a.unit], &unitWords[b.unit]
	if u.dimension != v.dimension || u.dimension == "temperature" || equalValues(u.factor, v.factor) || a.scale != b.scale {
		return
	}
	// One of them may be right elsewhere in the text: "40 km (25 miles)".
	for i := range c.s.tgtNum {
		if o := &c.s.tgtNum[i]; o.unit == a.unit && c.compare(a, o) == same {
			return
		}
	}
	for i := range c.s.srcNum {
		if o := &c.s.srcNum[i]; o.unit == b.unit && c.compare(o, b) == same {
			return
		}
	}
	r.place(a.start, a.last, b.start, b.last)
	r.addFinding("keep the unit, or convert the number", "%s has become %s: the unit changed, the number did not", c.s.src[a.start:a.last], c.s.tgt[b.start:b.last])
}

// converted reports whether b is a in another unit of the same dimension, within the
// tolerance of a rounded number.
func converted(a, b *quantity) bool {
	if a.unit < 0 || len(a.readings) == 0 || len(b.readings) == 0 {
		return false
	}
	u := &unitWords[a.unit]
	if b.unit >= 0 && unitWords[b.unit].dimension != u.dimension {
		return false
	}
	for _, y := range b.readings {
		if convertedTo(a.first(), u.unit, b.whole(y), b.unit) {
			return true
		}
	}
	return false
}

// convertedTo reports whether w is v of a unit in another unit: a known one, or any
// of its dimension if to is -1.
func convertedTo(v float64, from unit, w float64, to int) bool {
	if from.dimension == "temperature" {
		f := (v - 32) / 1.8
		g := v*1.8 + 32
		switch {
		case from.name != "°C" && math.Abs(w-f) <= 1.5, from.name == "°C" && math.Abs(w-g) <= 2, from.name != "°C" && near(w, v/1.8, 0.05):
			return true
		}
		return false
	}
	if to >= 0 {
		return unitWords[to].factor != from.factor && near(v*from.factor, w*unitWords[to].factor, 0.12)
	}
	switch from.name { // only those that newsrooms convert
	case "mi", "ft", "in", "yd", "lb", "oz", "acre", "gal", "mph":
		for i := range unitWords {
			if u := &unitWords[i]; u.dimension == from.dimension && u.factor != from.factor && near(v*from.factor, w*u.factor, 0.06) {
				return true
			}
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
		case q.plural && v > 1000 && v < 2100 && c.has(c.s.tgtNum, math.Mod(v, 100)):
			return true
		case v == 0 && q.text == "00":
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
		case c.afternoon && v >= 12 && v < 24 && (c.has(c.s.srcNum, v-12) || slices.Contains(c.sourceWords, v-12)):
			return true
		case v == 0 && utf8.RuneCountInString(q.text) >= 2: // 17:00 for 5 p.m.
			return true
		case v < 100 && (c.has(c.s.srcNum, 1900+v) || c.has(c.s.srcNum, 2000+v)):
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

// convertedWord reports whether v is w of some imperial unit.
func (c *comparison) convertedWord(w, v float64) bool {
	for _, u := range unitWords {
		switch u.name {
		case "mi", "ft", "in", "yd", "lb", "oz", "acre", "gal":
			if convertedTo(w, u.unit, v, -1) {
				return true
			}
		}
	}
	return false
}

func imperial(ws []word) bool {
	for _, w := range ws {
		switch w.lower() {
		case "mile", "miles", "foot", "feet", "inch", "inches", "yard", "yards", "pound", "pounds", "acre", "acres", "gallon", "gallons", "ounce", "ounces":
			return true
		}
	}
	return false
}

// monthFollows reports whether a number is that of a month: 10月, 10 월, 25/10.
func (c *comparison) monthFollows(q *quantity) bool {
	rest := strings.TrimLeft(c.s.tgt[q.end:], " ")
	return c.s.to.spaceless || strings.HasPrefix(rest, "月") || strings.HasPrefix(rest, "월") || strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "/")
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
	return len(q.parts) == 2 && q.parts[0] <= 31 && q.parts[1] < 60 && q.readings[0].fraction == 2 && q.scale == 0 && !q.percent && q.currency == "" && q.unit < 0
}

func (c *comparison) persian() bool {
	switch c.s.to.lang {
	case "fa", "ps", "tg", "ckb", "uz":
		return true
	}
	return false
}

// romanOther reports whether the target has Roman numerals that are none of the
// source's numbers, where v is missing.
func (c *comparison) romanOther(v float64) bool {
	for _, n := range c.targetRoman {
		if !c.has(c.s.srcNum, float64(n)) && !slices.Contains(c.sourceRoman, n) && !slices.Contains(c.sourceWords, float64(n)) {
			return true
		}
	}
	return false
}

// romanNumerals compares the Roman numerals of a source with numbers of any kind.
func (c *comparison) romanNumerals(r *report) {
	for _, n := range c.sourceRoman {
		v := float64(n)
		if n > 30 || slices.Contains(c.targetRoman, n) || c.has(c.s.tgtNum, v) || slices.Contains(c.targetWords, v) {
			continue
		}
		for _, w := range c.targetWords {
			if w <= 30 && !slices.Contains(c.sourceWords, w) && !c.has(c.s.srcNum, w) {
				r.addFindingWithSeverity(diag.Warning, "", "the source has the Roman numeral for %d, the translation %v in words", n, w)
				return
			}
		}
		for _, m := range c.targetRoman {
			if !slices.Contains(c.sourceRoman, m) {
				r.addFinding("", "the source has the Roman numeral for %d, the translation that for %d", n, m)
				return
			}
		}
	}
}

// scaleWords compares amounts that are in words on both sides: "two million" and "два
// миллиарда".
func (c *comparison) scaleWords(r *report) {
	for _, v := range c.sourceBig {
		if slices.Contains(c.targetBig, v) {
			continue
		}
		for _, w := range c.targetBig {
			if slices.Contains(c.sourceBig, w) || c.has(c.s.srcNum, w) || c.has(c.s.tgtNum, v) {
				continue
			}
			for _, p := range [...]float64{1e3, 1e6, 1e9} {
				if equalValues(v*p, w) || equalValues(w*p, v) {
					r.addFinding("", "%s has become %s", locales.FormatNumber("en", v), locales.FormatNumber("en", w))
					return
				}
			}
		}
	}
}

func monthsOf(locale string) lexicon {
	l := lexicon{}
	for i, names := range locales.MonthNames(locale) {
		var wide []string
		for _, n := range names {
			n = strings.ToLower(n)
			if strings.ContainsFunc(n, unicode.IsDigit) || n == "" || strings.Contains(n, " ") {
				continue
			}
			wide = append(wide, strings.TrimRight(n, "."))
		}
		if len(wide) == 0 {
			continue
		}
		for _, n := range wide {
			runes := []rune(n)
			switch {
			case len(runes) >= 6:
				l.add(string(runes[:len(runes)-1]), 0, i+1)
			case len(runes) >= 4:
				l.add(n, 0, i+1)
				l.add("="+string(runes[:len(runes)-1]), 0, i+1)
				if last := runes[len(runes)-1]; strings.ContainsRune("ьяйая", last) || last == 'ի' {
					l.add(string(runes[:len(runes)-1]), 0, i+1)
				}
			default:
				l.add("="+n, 0, i+1)
			}
		}
		switch locale {
		case "ru":
			if i == 4 {
				l.add("=мая =май =мае =маю =маем", 0, 5)
			}
		case "be":
			if i == 4 {
				l.add("=мая =май =маі =маю =траўня", 0, 5)
			}
		case "en":
			if i == 4 {
				l.add("=may", 0, 5)
			}
		}
	}
	return l
}

// namedMonths returns the months that words name as a set of bits, 1 for January.
// firm are those that are surely months: with a number next to them, or with a name
// that is no other word.
func namedMonths(ws []word, l *language) (all, firm uint32, first int) {
	if len(l.months) == 0 {
		return 0, 0, -1
	}
	first = -1
	for i := range ws {
		w := &ws[i]
		if w.script == none || l.lang == "en" && (w.text[0] < 'A' || w.text[0] > 'Z') || w.text != "" && utf8.RuneCountInString(w.text) < 3 {
			continue
		}
		m, ok := l.months.find(w.lower())
		if !ok || utf8.RuneCountInString(w.text) > utf8.RuneCountInString(m.text)+5 {
			continue
		}
		all |= 1 << m.id
		numbered := i > 0 && isNumeric(ws[i-1].text) || i+1 < len(ws) && isNumeric(ws[i+1].text)
		if numbered || !(l.lang == "en" && (m.id == 5 || m.id == 3 || m.id == 8)) && utf8.RuneCountInString(m.text) >= 4 {
			firm |= 1 << m.id
			if first < 0 {
				first = i
			}
		}
	}
	return all, firm, first
}

func isNumeric(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return unicode.IsDigit(r)
}

// months compares the months that source and target name, and dates of the Solar
// Hijri calendar with those of the source.
func months(s *segment, c *comparison, r *report) {
	all, firm, at := namedMonths(s.srcWords, s.from)
	c.months = all
	tgt, tgtFirm, tgtAt := namedMonths(s.tgtWords, s.to)
	c.targetMonths = tgt
	solar := false
	switch s.to.lang {
	case "fa", "ps", "tg", "uz", "az":
		solar = c.solarDate(r)
	}
	if solar || firm == 0 || tgtFirm == 0 || firm&^tgt == 0 || tgtFirm&^all == 0 {
		return
	}
	a, b := &s.srcWords[at], &s.tgtWords[tgtAt]
	for i := range s.srcWords {
		if m, ok := s.from.months.find(s.srcWords[i].lower()); ok && firm&^tgt&(1<<m.id) != 0 {
			a = &s.srcWords[i]
			break
		}
	}
	for i := range s.tgtWords {
		if m, ok := s.to.months.find(s.tgtWords[i].lower()); ok && tgtFirm&^all&(1<<m.id) != 0 {
			b = &s.tgtWords[i]
			break
		}
	}
	r.place(a.start, a.end, b.start, b.end)
	r.addFinding("", "the month %s has become %s", a.text, b.text)
}

// solarDate compares a date of the target in the Solar Hijri calendar with the
// source's, and reports whether the target has such a date.
func (c *comparison) solarDate(r *report) bool {
	s := c.s
	for i := 1; i < len(s.tgtWords); i++ {
		m := slices.Index(solarMonths, s.tgtWords[i].text)
		if m < 0 || !isNumeric(s.tgtWords[i-1].text) {
			continue
		}
		c.solarDates = true
		day, month, year, ok := c.sourceDate()
		if !ok {
			return true
		}
		_, sm, sd, ok := locales.SolarHijri(year, month, day)
		if !ok {
			return true
		}
		c.solar = [2]int{sd, sm}
		got := 0
		for k := range s.tgtNum {
			if q := &s.tgtNum[k]; q.start == s.tgtWords[i-1].start && len(q.readings) > 0 {
				got = int(q.readings[0].value)
			}
		}
		// The year, if it is not named, moves the date by a day.
		apart := (m%12+1-sm)*30 + got - sd
		if d := max(apart, -apart); d > 2 && d < 358 {
			w := &s.tgtWords[i]
			r.place(0, 0, s.tgtWords[i-1].start, w.end)
			r.addFinding("", "%s is not the day of the source in the Solar Hijri calendar: that is %d %s", s.tgt[s.tgtWords[i-1].start:w.end], sd, solarMonths[sm-1+m/12*12])
		}
		return true
	}
	return false
}

// sourceDate returns the first full date of an English source; the year is 2024 if it
// names none.
func (c *comparison) sourceDate() (day, month, year int, ok bool) {
	ws := c.s.srcWords
	for i := range ws {
		m, found := c.s.from.months.find(ws[i].lower())
		if !found || c.s.from.lang != "en" {
			continue
		}
		number := func(k int) int {
			if k < 0 || k >= len(ws) || !isNumeric(ws[k].text) {
				return 0
			}
			n := 0
			for _, r := range ws[k].text {
				if d, ok := digit(r); ok && n < 1e6 {
					n = n*10 + d
				}
			}
			return n
		}
		month, year = m.id, 2024
		if d := number(i + 1); d >= 1 && d <= 31 {
			day = d
			if y := number(i + 2); y > 1800 && y < 2200 {
				year = y
			}
		} else if d := number(i - 1); d >= 1 && d <= 31 {
			day = d
			if y := number(i + 1); y > 1800 && y < 2200 {
				year = y
			}
		} else {
			continue
		}
		return day, month, year, true
	}
	return 0, 0, 0, false
}

// currency reports an amount of money whose currency has become another.
func currency(s *segment, r *report) {
	for i := range s.srcNum {
		a := &s.srcNum[i]
		if a.currency == "" {
			continue
		}
		var other *quantity
		kept := false
		for k := range s.tgtNum {
			b := &s.tgtNum[k]
			if b.currency == a.currency || a.currency == "CNY" && b.currency == "JPY" || a.currency == "JPY" && b.currency == "CNY" {
				kept = true
			} else if b.currency != "" && len(a.readings) > 0 && len(b.readings) > 0 && (equalValues(a.first(), b.first()) || len(s.srcNum) == 1 && len(s.tgtNum) == 1) {
				other = b
			}
		}
		if other != nil && !kept && !sourceHas(s, other.currency) {
			r.place(a.start, a.last, other.start, other.last)
			sev := r.check.Severity
			if !equalValues(a.first(), other.first()) {
				sev = diag.Warning
			}
			r.addFindingWithSeverity(sev, "", "the currency %s has become %s", a.currency, other.currency)
			return
		}
	}
}

func sourceHas(s *segment, code string) bool {
	for i := range s.srcNum {
		if s.srcNum[i].currency == code {
			return true
		}
	}
	return false
}

// percentWords are the beginnings of the words for percent, in lower case.
var percentWords = []string{
	"процент", "працэнт", "процэнт", "процант", "відсот", "адсот", "percent", "per cent", "pct", "perqind", "për qind", "përqind", "posto", "postot", "посто", "одсто", "odsto", "procent", "la sută", "qind", "százalék", "տոկոս", "პროცენტ", "faiz", "фоиз", "foiz", "фаиз",
	"пайыз", "пайыҙ", "пайызд", "пайы", "prosent", "göterim", "yüzde", "فیصد", "فيصد", "درصد", "سلنه", "سلن", "في المئة", "في المائة", "بالمئة", "بالمائة", "por ciento", "per cento", "por cento", "prozent", "pour cent", "pour-cent", "per cent",
	"на сто", "на сотню", "по сто", "אחוז", "ποσοστ", "τοις εκατό", "प्रतिशत", "फीसदी", "फ़ीसदी", "百分", "パーセント", "ร้อยละ", "เปอร์เซ็นต์", "퍼센트", "százaléka", "от сто", "п.п.", "дарсад", "дарсат", "yüz",
}

// isPercentWord reports whether a text begins with a word for percent.
func isPercentWord(rest string) bool {
	head := rest[:min(len(rest), 40)]
	for !utf8.ValidString(head) && len(head) > 36 {
		head = head[:len(head)-1]
	}
	head = strings.ToLower(head)
	for _, w := range percentWords {
		if strings.HasPrefix(head, w) && (w != "yüz" || strings.HasPrefix(head, "yüzde")) {
			return true
		}
	}
	return false
}

// percent reports a percentage that has neither a sign nor a word in the target.
func percent(s *segment, r *report) {
	var lost *quantity
	for i := range s.srcNum {
		if q := &s.srcNum[i]; q.percent && lost == nil {
			lost = q
		}
	}
	if lost == nil || strings.ContainsAny(s.tgt, "%٪﹪％؉‰") || len(s.tgtNum) == 0 {
		return
	}
	lower := strings.ToLower(s.tgt)
	for _, w := range percentWords {
		if strings.Contains(lower, w) {
			return
		}
	}
	// The number may be told otherwise: without it there is nothing to point at.
	for k := range s.tgtNum {
		if b := &s.tgtNum[k]; len(b.readings) > 0 && equalValues(b.first(), lost.first()) || (&comparison{s: s}).compare(lost, b) != different {
			r.place(lost.start, lost.last, b.start, b.last)
			r.addFinding("", "the percentage %s has neither a sign nor a word", s.src[lost.start:lost.last])
			return
		}
	}
}

// romanNumber reads a Roman numeral in capitals, typed in Latin or in Cyrillic.
func romanNumber(w string) (int, bool) {
	if len(w) > 16 {
		return 0, false
	}
	total, last := 0, 1001
	for _, r := range w {
		v := 0
		switch r {
		case 'I', 'І':
			v = 1
		case 'V':
			v = 5
		case 'X', 'Х':
			v = 10
		case 'L':
			v = 50
		case 'C', 'С':
			v = 100
		case 'D':
			v = 500
		case 'M', 'М':
			v = 1000
		default:
			return 0, false
		}
		if v > last {
			total -= 2 * last
		}
		total += v
		last = v
	}
	return total, total > 0
}

// digits tells numbers that mix two scripts' digits.
func digits(s *segment, r *report) {
	for _, n := range s.tgtNum {
		zero := rune(-1)
		for _, c := range n.text {
			d, ok := digit(c)
			if !ok {
				continue
			}
			if z := c - rune(d); zero < 0 {
				zero = z
			} else if z != zero {
				r.addFinding("write it with one kind of digits", "%s mixes two kinds of digits", n.text)
				return
			}
		}
	}
	// Persian and Pashto have digits of their own; the Arabic ones look alike.
	if s.to.lang == "fa" || s.to.lang == "ps" || s.to.lang == "ur" {
		if i := strings.IndexFunc(s.tgt, func(r rune) bool { return r >= '٠' && r <= '٩' }); i >= 0 && !strings.ContainsAny(s.src, "٠١٢٣٤٥٦٧٨٩") {
			r.addFinding("use the digits ۰–۹", "the Arabic digit %c, which is another character than the Persian one", []rune(s.tgt[i:])[0])
		}
	}
}

// solarMonths are the months of the Solar Hijri calendar in Persian, Dari and Pashto.
var solarMonths = []string{
	"فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
	"حمل", "ثور", "جوزا", "سرطان", "اسد", "سنبله", "میزان", "عقرب", "قوس", "جدی", "دلو", "حوت",
	"وری", "غویی", "غبرگولی", "چنگاښ", "زمری", "وږی", "تله", "لړم", "لیندۍ", "مرغومی", "سلواغه", "کب",
}
