package quality

import (
	"math"
	"slices"
	"strings"

	"hexapla/pipeline/diag"
)

// unitFinding reports a number that is kept while its unit changes.
func (c *comparison) unitFinding(a, b *quantity, r *report) {
	if a.unit < 0 || b.unit < 0 || a.unit == b.unit || len(a.readings) == 0 || a.readings[0].value == 0 {
		return
	}
	u, v := &unitWords[a.unit], &unitWords[b.unit]
	if u.dimension == "temperature" && !(u.name == "°C" && namesFahrenheit(c.s.tgt, b) || v.name == "°C" && namesFahrenheit(c.s.src, a)) {
		return // degrees, which may be of either kind
	}
	if u.dimension != v.dimension || near(u.factor, v.factor, 0.12) || a.scale != b.scale { // 30 yards are about 30 meters
		return
	}
	if u.name == "ft" && v.name == "in" || u.name == "in" && v.name == "ft" { // 6-foot-6
		return
	}
	// Both may be right: 10 inches are 25 cm elsewhere, 4 inches are the 10 cm.
	for i := range c.s.tgtNum {
		if o := &c.s.tgtNum[i]; o != b && converted(a, o) {
			return
		}
	}
	for i := range c.s.srcNum {
		if o := &c.s.srcNum[i]; o != a && converted(o, b) {
			return
		}
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
	r.addFinding("keep the unit, or convert the number", "%s has become %s: the unit changed, the number did not", diag.Arg("source", c.s.src[a.start:a.last]), diag.Arg("target", c.s.tgt[b.start:b.last]))
}

// namesFahrenheit reports whether the unit of a temperature is Fahrenheit by its name or
// sign; "degrees" alone may be Celsius.
func namesFahrenheit(text string, q *quantity) bool {
	if q.unit < 0 || unitWords[q.unit].name != "°F" {
		return false
	}
	low := strings.ToLower(text[q.end:min(len(text), q.end+40)])
	for _, n := range [...]string{"fahr", "°f", "° f", "ºf", "℉", "фаренг", "фарэнг", "فارنه"} {
		if strings.Contains(low, n) {
			return true
		}
	}
	return false
}

// converted reports whether b is a in another unit of the same dimension, within the
// tolerance of a rounded number.
func converted(a, b *quantity) bool {
	if len(a.readings) == 0 || len(b.readings) == 0 {
		return false
	}
	if a.unit < 0 { // "in the 80s", of which the target gives degrees Celsius
		if b.unit < 0 || unitWords[b.unit].dimension != "temperature" {
			return false
		}
		v := a.first()
		return v >= 10 && v <= 120 && math.Abs(b.first()-(v-32)/1.8) <= 3.5
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
	if from.dimension == "temperature" { // as such, or as a difference
		f := (v - 32) / 1.8
		g := v*1.8 + 32
		switch {
		case from.name != "°C" && math.Abs(w-f) <= 2.5, from.name == "°C" && math.Abs(w-g) <= 4, from.name != "°C" && math.Abs(w-v/1.8) <= 1+0.05*v:
			return true
		}
		return false
	}
	if to >= 0 {
		// Newsrooms round: an inch is 2 or 3 centimeters.
		exact := v * from.factor / unitWords[to].factor
		return unitWords[to].factor != from.factor && (near(v*from.factor, w*unitWords[to].factor, 0.12) || w >= 2 && w <= 10 && w == math.Trunc(w) && math.Abs(exact-w) < 0.6)
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

// convertedWord reports whether v is w of some imperial unit.
func convertedWord(w, v float64) bool {
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

// imperial reports whether a text in English names a unit of those measures.
func imperial(ws []word) bool {
	for _, w := range ws {
		switch w.lower() {
		case "mile", "miles", "foot", "feet", "inch", "inches", "yard", "yards", "pound", "pounds", "acre", "acres", "gallon", "gallons", "ounce", "ounces":
			return true
		}
	}
	return false
}

// unitsLeft returns the names of the units that the target has as words of their own, with
// no number before them: a number of such a unit was lost.
func (c *comparison) unitsLeft() map[string]bool {
	left := map[string]bool{}
	units, _ := measures()
	for i := range c.s.tgtWords {
		w := &c.s.tgtWords[i]
		u, ok := units.find(w.lower())
		if !ok || left[unitWords[u.id].name] || slices.ContainsFunc(c.s.tgtNum, func(n quantity) bool { return n.start <= w.start && w.end <= n.last }) {
			continue
		}
		if i > 0 {
			if _, ok := c.s.to.numerals.value(c.s.tgtWords[i-1].lower()); ok {
				continue
			}
		}
		left[unitWords[u.id].name] = true
	}
	return left
}

// keptWords returns the numbers above 1 that the source has in words and the target in some
// form, as far as that is known; never nil.
func (c *comparison) keptWords() []float64 {
	there := map[float64]bool{}
	for _, w := range c.targetWords {
		there[w] = true
	}
	unknown := len(c.s.to.numerals.words.stems) == 0
	kept := []float64{}
	for _, w := range c.sourceWords {
		if w > 1 && (unknown || there[w] || c.has(c.s.tgtNum, w)) {
			kept = append(kept, w)
		}
	}
	return kept
}

// convertedNear reports whether a quantity is w of another unit that measures the same, as
// newsrooms round.
func convertedNear(q *quantity, w float64) bool {
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
