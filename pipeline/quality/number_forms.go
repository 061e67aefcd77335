package quality

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// inTarget reports whether a number of the source is in the target in another form.
func (c *comparison) inTarget(q *quantity) bool {
	if c.parts(q, c.s.tgtNum, c.targetWords, c.targetMonths) || c.partOf(q, c.s.tgtNum) {
		return true
	}
	for _, r := range q.readings {
		v := q.whole(r)
		if slices.ContainsFunc(c.targetWords, func(w float64) bool { return equalValues(v, w) && !q.kilo || q.scale == 0 && q.scaled && shifted(v, w) }) || slices.Contains(c.targetRoman, int(v)) && v == math.Trunc(v) {
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
		case c.decades(q) && (c.has(c.s.tgtNum, 10*v) || slices.Contains(c.targetWords, 10*v)): // three decades in years
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
		// "half a million", "twenty feet"
		if q.unit >= 0 && unitWords[q.unit].dimension != "temperature" && c.s.srcNumbers.imperial && slices.ContainsFunc(c.sourceWords, func(w float64) bool { return w > 1 && convertedWord(w, v) }) {
			return true
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
		case math.Mod(v, 10) == 0 && slices.ContainsFunc(c.s.srcNum, func(o quantity) bool { return c.decades(&o) && o.first()*10 == v }):
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

// decades reports whether a number of an English source counts decades.
func (c *comparison) decades(q *quantity) bool {
	return c.s.from.lang == "en" && strings.HasPrefix(strings.TrimLeft(c.s.src[q.end:], " "), "decade")
}

// aroundTheClock marks the numbers of 24/7 as found, since languages have words for it.
func (c *comparison) aroundTheClock(found []bool) {
	if !strings.Contains(c.s.src, "24/7") {
		return
	}
	for i := range c.s.srcNum {
		q := &c.s.srcNum[i]
		if q.text == "24" && strings.HasPrefix(c.s.src[q.end:], "/7") || q.text == "7" && strings.HasSuffix(c.s.src[:q.start], "24/") {
			found[i] = true
		}
	}
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
