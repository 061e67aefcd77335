package quality

import (
	"math"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"hexapla/locales"
	"hexapla/pipeline/numeral"
)

// reading is one value that digits may mean.
type reading struct {
	value    float64
	fraction int  // digits behind the decimal separator
	own      bool // by the separators of the locale
}

// quantity is one number of a text, written in digits, with what belongs to it.
type quantity struct {
	start, end int    // of the digits
	last       int    // the end of the words that belong to it: scale, unit, currency
	text       string // the digits
	readings   []reading
	parts      []float64 // of what may be several numbers: "2016 200", "25.09.2026"
	groups     int
	clock      bool    // 17:30
	scale      float64 // 10⁶ of "million"; 0 if no word follows
	scaled     bool    // a word follows that may be one for a power of ten
	kilo       bool    // it is the letter k: $4k, 4k people, a screen of 4k
	below      float64 // of 1万7千: the power of ten that further digits stay below; 0 if it is the scale
	shared     float64 // the scale of a number behind it that may be its own too; see shareMeasures
	percent    bool
	unit       int    // index in unitWords, -1 if none
	currency   string // ISO 4217, empty if none
	plural     bool   // "1990s"
	ordinal    bool   // "16th"
	identifier bool   // behind a letter or hyphen: COVID-19
	century    float64
}

// whole returns the value of a reading with the scale word.
func (q *quantity) whole(r reading) float64 {
	if q.scale > 0 {
		return r.value * q.scale
	}
	return r.value
}

// several reports whether the digits may be several numbers: a date, a time, a year
// and a number behind it.
func (q *quantity) several() bool {
	return len(q.parts) > 2 && (len(q.readings) == 0 || strings.Contains(q.text, " ")) || len(q.parts) > 1 && (len(q.readings) == 0 || strings.ContainsAny(q.text, " \u00a0") || q.looksLikeTime())
}

// first returns the value of the likeliest reading.
func (q *quantity) first() float64 {
	if len(q.readings) == 0 {
		return math.NaN()
	}
	return q.whole(q.readings[0])
}

// notation is how a locale writes numbers.
type notation struct {
	decimal, group byte // as in separator
}

func notationOf(locale string) notation {
	d, g := locales.Separators(locale)
	var n notation
	if r, _ := utf8.DecodeRuneInString(d); d != "" {
		n.decimal, _ = numeral.Separator(r)
	}
	if r, _ := utf8.DecodeRuneInString(g); g != "" {
		n.group, _ = numeral.Separator(r)
	}
	return n
}

var fractions = map[rune]float64{'½': 0.5, '⅓': 1. / 3, '⅔': 2. / 3, '¼': 0.25, '¾': 0.75, '⅕': 0.2, '⅛': 0.125, '⅜': 0.375, '⅝': 0.625, '⅞': 0.875}

var fractionSigns = newCharSet("½⅓⅔¼¾")

// quantitiesOf finds the numbers of a text that are written in digits.
func quantitiesOf(text string, l *language) []quantity {
	if !numeral.HasDigit(text) && !fractionSigns.in(text) {
		return nil
	}
	var out []quantity
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if isPlainLetter(r) || r < '0' {
			i += size
			continue
		}
		if f, ok := fractions[r]; ok && l.rtl && i+size < len(text) {
			if next, _ := utf8.DecodeRuneInString(text[i+size:]); unicode.IsDigit(next) { // ½14, as it looks from right to left
				q := readQuantity(text, i+size, l)
				if len(q.readings) == 1 {
					q.readings[0].value += f
					q.readings[0].fraction = 2
				}
				q.start, q.text = i, text[i:q.end]
				out = append(out, q)
				i = q.end
				continue
			}
		}
		if f, ok := fractions[r]; ok {
			q := quantity{start: i, end: i + size, last: i + size, text: text[i : i+size], unit: -1, readings: []reading{{value: f, fraction: 2, own: true}}}
			q.follow(text, l)
			out = append(out, q)
			i += size
			continue
		}
		if _, ok := numeral.Digit(r); !ok {
			i += size
			continue
		}
		if r == '1' && l.palochka && inCyrillicWord(text, i) { // typed for the letter Ӏ
			i++
			continue
		}
		q := readQuantity(text, i, l)
		if n := len(out); n > 0 && out[n-1].goesOn(text, &q) { // 1億2000万, "1 млн 200 тыс.", "1 мең 100", 1万7千631
			p := &out[n-1]
			p.readings = []reading{{value: p.whole(p.readings[0]) + q.whole(q.readings[0]), own: true}}
			p.scale, p.scaled, p.end, p.last, p.text = 0, false, q.end, q.last, text[p.start:q.end]
			p.below = q.scale
			p.unit, p.currency, p.percent = q.unit, q.currency, q.percent
			i = q.end
			continue
		}
		if n := len(out); n > 0 && l.lang == "fa" && out[n-1].slashDecimal(text, &q) {
			i = q.end
			continue
		}
		if n := len(out); n > 0 && l.lang == "ko" && (q.scale == 1e5 || q.scale == 1e6 || q.scale == 1e7) && (out[n-1].scale == 1e2 || out[n-1].scale == 1e3) && out[n-1].last == q.start && len(out[n-1].readings) > 0 && len(q.readings) > 0 {
			p := &out[n-1] // 3천5백만 is 3천만 and 5백만
			p.readings = []reading{{value: p.whole(p.readings[0])*1e4 + q.whole(q.readings[0]), own: true}}
			p.scale, p.scaled, p.end, p.last, p.text = 0, false, q.end, q.last, text[p.start:q.end]
			p.unit, p.currency, p.percent = q.unit, q.currency, q.percent
			i = q.end
			continue
		}
		// "1950-53": the second year in short.
		if n := len(out); n > 0 && len(q.readings) == 1 && q.end-q.start == 2 && strings.ContainsAny(text[out[n-1].end:q.start], "-–—/") && q.start-out[n-1].end <= 3 {
			if y := out[n-1].first(); y >= 1000 && y < 2200 && out[n-1].groups == 1 {
				q.century = math.Floor(y/100) * 100
			}
		}
		out = append(out, q)
		i = q.end
	}
	if l.lang == "sw" {
		shareScaleBefore(text, out)
	}
	shareMeasures(text, out)
	return out
}

// shareScaleBefore gives the second number of a range the power of ten that stands before
// the first one, as a further reading: milioni 14 hadi 22.
func shareScaleBefore(text string, qs []quantity) {
	for i := 1; i < len(qs); i++ {
		a, b := &qs[i-1], &qs[i]
		if a.scale > 0 && b.scale == 0 && len(b.readings) > 0 && joinsNumbers(text[a.last:b.start]) {
			b.readings = append(b.readings, reading{value: b.readings[0].value * a.scale, fraction: b.readings[0].fraction, own: b.readings[0].own})
		}
	}
}

// goesOn reports whether a number is continued by another one of less than its last power
// of ten.
func (q *quantity) goesOn(text string, next *quantity) bool {
	scale := max(q.scale, q.below)
	plain := len(next.readings) == 1 || len(next.readings) > 1 && next.readings[0].own && next.readings[0].fraction == 0
	return (next.scale > 0 || plain && next.first() < scale && (!next.identifier || q.last == next.start)) && scale > next.scale && q.currency == "" && !q.percent &&
		strings.TrimSpace(text[q.last:next.start]) == "" && len(q.readings) > 0 && len(next.readings) > 0
}

// slashDecimal joins a number with the one behind a slash if they are one in Persian, which
// has a slash where the keyboard lacks the decimal sign: ۹۹/۹۸ درصد. Without a measure it
// may be a date or a fraction.
func (q *quantity) slashDecimal(text string, next *quantity) bool {
	measured := next.percent || next.scale > 0 || next.unit >= 0 || next.currency != ""
	if !measured || text[q.end:next.start] != "/" || q.groups != 1 || next.groups != 1 || text[next.start] < utf8.RuneSelf || strings.HasSuffix(text[:q.start], "/") {
		return false
	}
	fraction := asciiDigits(next.text)
	q.readings = []reading{{value: decimalValue(numeral.Reading{Integer: asciiDigits(q.text), Fraction: fraction}), fraction: len(fraction), own: true}}
	q.end, q.last, q.text = next.end, next.last, text[q.start:next.end]
	q.scale, q.scaled, q.percent, q.unit, q.currency = next.scale, next.scaled, next.percent, next.unit, next.currency
	return true
}

// shareMeasures gives numbers of a range or list what stands behind its last number only:
// the unit, the currency and the percent sign in "2 to 3 inches" and, as a further
// reading, the power of ten in "2.5, 3 or 4 million".
func shareMeasures(text string, qs []quantity) {
	for i := len(qs) - 2; i >= 0; i-- {
		a, b := &qs[i], &qs[i+1]
		if a.sharesThousands(b, text[a.end:b.start]) { // "12–15 000"
			a.readings = append(a.readings, reading{value: a.readings[0].value * 1000, own: true})
		}
		if a.last != a.end || a.unit >= 0 || a.scaled || a.percent || len(a.readings) == 0 || a.identifier || a.plural || a.clock || b.identifier || !joinsNumbers(text[a.end:b.start]) {
			continue
		}
		a.unit, a.shared = b.unit, b.scale
		if a.currency == "" {
			a.currency = b.currency
		}
		if b.scale == 0 {
			a.shared = b.shared
		}
		if a.shared > 0 {
			a.readings = append(a.readings, reading{value: a.readings[0].value * a.shared, fraction: a.readings[0].fraction, own: a.readings[0].own})
		}
	}
}

// sharesThousands reports whether a number may be thousands that only the number behind a
// dash has in figures.
func (q *quantity) sharesThousands(next *quantity, gap string) bool {
	dash := strings.Trim(gap, " \u00a0")
	return (dash == "-" || dash == "–" || dash == "—") && q.groups == 1 && q.scale == 0 && len(q.readings) == 1 && !q.identifier && next.groups == 2 && next.scale == 0 &&
		len(next.readings) > 0 && next.readings[0].fraction == 0 && q.first() < 1000 && q.first()*1000 < next.first()
}

// joinsNumbers reports whether what stands between two numbers makes a range or list of
// them: a dash, a comma or one short word (to, or, bis, до).
func joinsNumbers(gap string) bool {
	word := strings.Trim(gap, " \u00a0,")
	if word == "" {
		return strings.Contains(gap, ", ")
	}
	if len(gap) > 16 || utf8.RuneCountInString(word) > 4 || word == "." {
		return false
	}
	if strings.Trim(word, "-–—~−") == "" {
		return true
	}
	return strings.HasPrefix(gap, " ") && !strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
}

// inCyrillicWord reports whether a letter of the Cyrillic script stands before or behind
// the digit at i.
func inCyrillicWord(text string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	after, _ := utf8.DecodeRuneInString(text[i+1:])
	return scriptOfRune(before) == cyrillic || scriptOfRune(after) == cyrillic
}

// readQuantity reads groups of digits, the separators between them and the words
// behind them.
func readQuantity(text string, start int, l *language) quantity {
	var room [4]string
	var sepRoom [4]byte
	groups, seps, size := numeral.Scan(text[start:], room[:0], sepRoom[:0])
	i := start + size
	q := quantity{start: start, end: i, last: i, text: text[start:i], unit: -1, groups: len(groups)}
	q.readings, q.parts = readingsOf(groups, seps, l.numbers)
	if len(groups) == 1 && !l.rtl && beginsInPoint(text[:start]) {
		q.start, q.text = start-1, text[start-1:i]
		q.readings = []reading{{value: decimalValue(numeral.Reading{Fraction: groups[0]}), fraction: len(groups[0]), own: true}}
		start--
	}
	rest := text[i:]
	if r, size := utf8.DecodeRuneInString(rest); fractions[r] > 0 && len(q.readings) > 0 {
		q.readings = []reading{{value: q.readings[0].value + fractions[r], fraction: 2, own: true}}
		q.end, q.last, q.text = i+size, i+size, text[start:i+size]
		rest = rest[size:]
	}
	q.plural = strings.HasPrefix(rest, "s") && !startsLetter(rest[1:]) || strings.HasPrefix(rest, "’s") || strings.HasPrefix(rest, "'s")
	for _, suffix := range [...]string{"st", "nd", "rd", "th"} {
		q.ordinal = q.ordinal || strings.HasPrefix(rest, suffix)
	}
	q.clock = strings.HasPrefix(rest, ":") && len(rest) > 1 && isASCIIDigit(rest[1])
	before, size := utf8.DecodeLastRuneInString(text[:start])
	if before == '-' || before == '–' || before == '‑' {
		b, _ := utf8.DecodeLastRuneInString(text[:start-size])
		q.identifier = unicode.IsLetter(b)
	} else {
		q.identifier = unicode.IsLetter(before)
	}
	_, currencies := measures()
	// A sign or code of a currency before the number.
	head := strings.TrimRight(text[:start], " \u00a0\u202f")
	if r, _ := utf8.DecodeLastRuneInString(head); currencySymbols[r] != "" {
		q.currency = currencySymbols[r]
	} else if len(head) >= 3 && isUpperASCII(head[len(head)-3:]) {
		if c, ok := currencies.find(strings.ToLower(head[len(head)-3:])); ok && c.exact {
			q.currency = currencyWords[c.id].code
		}
	}
	q.follow(text, l)
	if l.lang == "sw" && q.scale == 0 { // milioni 2.4, milioni $2.4, milioni dola 275
		word := strings.TrimRight(head[max(0, len(head)-40):], "$€£ ") // longer than two of them
		word = strings.TrimSuffix(word, " kati ya")                    // milioni kati ya 14 na 22
		before, last := word[:strings.LastIndexByte(word, ' ')+1], word[strings.LastIndexByte(word, ' ')+1:]
		if _, ok := currencies.find(strings.ToLower(last)); ok {
			before = strings.TrimRight(before, " ")
			last = before[strings.LastIndexByte(before, ' ')+1:]
		}
		if s, ok := l.numerals.scales.find(strings.ToLower(last)); ok {
			q.scale, q.scaled = s.value, true
		}
	}
	return q
}

// beginsInPoint reports whether a decimal point without a digit before it ends a text: .5.
func beginsInPoint(before string) bool {
	head, ok := strings.CutSuffix(before, ".")
	if !ok {
		return false
	}
	r, _ := utf8.DecodeLastRuneInString(head)
	return head == "" || r == ' ' || r == '(' || r == '~' || currencySymbols[r] != ""
}

func isASCIIDigit(c byte) bool { return c >= '0' && c <= '9' }

func isUpperASCII(s string) bool {
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return true
}

func startsLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

const gapRunes = " \u00a0\u202f\u2009-‑–\u200c\u200e\u200f\u2066\u2067\u2068\u2069."

// follow reads the words behind a number: powers of ten, percent, units, currencies.
func (q *quantity) follow(text string, l *language) {
	units, currencies := measures()
	at := q.end
	if rest := strings.TrimLeft(text[at:], " "); strings.HasPrefix(rest, "+ ") && !q.identifier { // $300+ billion
		at = len(text) - len(rest) + 1
	}
	skipped := false  // a conjunction stood between
	stranger := false // and another word that is none of these
	for step := range 4 {
		rest := strings.TrimLeft(text[at:], gapRunes)
		if step == 0 && strings.HasPrefix(strings.TrimLeft(text[at:], " \u00a0\u202f"), ".") || strings.HasPrefix(text[at:], ". ") && q.scale == 0 {
			return // the sentence ends
		}
		from := len(text) - len(rest)
		r, size := utf8.DecodeRuneInString(rest)
		switch {
		case r == '%' || r == '٪' || r == '﹪' || r == '％' || r == '؉':
			q.percent, q.last = true, from+size
			return
		case currencySymbols[r] != "":
			q.currency, q.last = currencySymbols[r], from+size
			if next := strings.TrimLeft(text[q.last:], " \u00a0\u202f"); q.scale == 0 && !skipped { // 120 £ millioner
				end := strings.IndexFunc(next, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
				if end < 0 {
					end = len(next)
				}
				if s, ok := l.numerals.scales.find(strings.ToLower(next[:end])); ok {
					q.scale, q.scaled, q.last = s.value, true, len(text)-len(next)+end
				}
			}
			return
		case r == '°' || r == '℃' || r == '℉' || r == 'º':
			q.unit = temperature(rest)
			q.last = from + size
			return
		}
		if !unicode.IsLetter(r) {
			return
		}
		end := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '/' && r != '"' })
		if end < 0 {
			end = len(rest)
		}
		word := strings.ToLower(rest[:end])
		if word == "" {
			return
		}
		if q.currency != "" && q.scale == 0 && (word == "m" || word == "b" || word == "k") { // $5m
			q.scale, q.scaled, q.last = map[string]float64{"m": 1e6, "b": 1e9, "k": 1e3}[word], true, from+end
			return
		}
		if isPercentWord(rest) { // before در صد is read as "in hundred"
			q.percent, q.last = true, from+end
			return
		}
		about := 0 // bytes of "more than": 550多万
		if l.spaceless {
			for _, w := range [...]string{"多", "余", "餘"} {
				if rest, ok := strings.CutPrefix(word, w); ok {
					word, about = rest, len(w)
				}
			}
		}
		s, ok := l.numerals.scales.find(word)
		if ok && (at > q.last && (l.spaceless || l.lang == "ko") || l.lang == "sw" && q.currency == "") { // of another number, or a particle: 29분 만에
			ok = false
		}
		if !ok && l.written != latin && step == 0 && isASCIILetter(word[0]) { // left in English: 50 billion ډالره
			s, ok = englishScales().find(word)
		}
		if ok && word == "k" && from == q.end { // $4k, and the 4k of a screen
			q.scaled, q.kilo, q.last = true, true, from+end
			return
		}
		if ok && l.spaceless && strings.HasPrefix(word, "兆") && strings.ContainsAny(word, "瓦赫字位比欧帕焦") { // mega-
			ok = false
		}
		if ok && (stranger || word == "k" && from > q.end || q.identifier && from == q.end && isASCIILetter(text[max(0, q.start-1)])) { // "19 у тысяч", 14 K gold, CH30MN
			ok = false
		}
		if ok && l.lang == "th" && s.text == "พัน" && isRank(word) {
			ok = false
		}
		if ok && s.value == 1e6 && word == "mil" && (l.lang == "cs" || l.lang == "sk") && !strings.HasPrefix(rest[end:], ".") { // miles
			q.unit, q.last = unitNamed("mi"), from+end
			return
		}
		if ok && !skipped && (q.scale == 0 || q.scale*s.value <= 1e15) {
			q.scale = max(q.scale, 1) * s.value
			q.scaled = true
			if l.spaceless {
				at = from + about + len(s.text)
			} else {
				at = from + end
			}
			q.last = at
			continue
		}
		if !l.numerals.known && step == 0 {
			q.scaled = true
		}
		if c, ok := currencies.find(word); ok {
			q.currency, q.last = currencyWords[c.id].code, from+end
			if next := strings.TrimLeft(rest[end:], " \u00a0"); strings.HasPrefix(next, "sterlin") { // lire sterline
				q.currency = "GBP"
			}
			return
		}
		if word == "in" && (step > 0 || !isInch(rest[end:])) { // "in 2005 in Xining", "24 centers in Palu"
			return
		}
		if u, ok := units.find(word); ok {
			q.unit, q.last = u.id, from+end
			switch name := unitWords[u.id].name; name {
			case "°", "°F":
				q.unit = temperature(rest)
			case "m":
				if isPerSecond(rest[end:]) {
					q.unit = unitNamed("m/s")
				}
			case "kg": // in two words: كيلو متر
				if next := strings.TrimLeft(rest[end:], " \u200c"); strings.HasPrefix(next, "مت") {
					q.unit = unitNamed("km")
				}
			}
			return
		}
		if _, ok := l.numerals.words.find(word); ok { // another number: "1990 four thousand"
			return
		}
		// "US dollars", "square miles", "de dólares": one word may stand between.
		if utf8.RuneCountInString(word) > 9 || step == 3 || strings.HasPrefix(rest[end:], ".") || strings.HasPrefix(rest[end:], ",") {
			return
		}
		at = from + end
		stranger = word != "de" && word != "di" && word != "plus" && word != "bn" // douăzeci de milioane
		skipped = containsWord("en and und и й і і та y e et og och ja és és a un i és ve və hem va ва және жана һәм и ו و او và dhe și", word)
		if !strings.HasPrefix(text[at:], " ") || q.scale == 0 && step > 0 {
			return
		}
	}
}

// englishScales are the English words for powers of ten.
var englishScales = sync.OnceValue(func() *lexicon { return &numeralsFor("en").scales })

// isPerSecond reports whether a text goes on with "a second" in some language.
func isPerSecond(rest string) bool {
	rest = strings.TrimLeft(rest, " \u00a0")
	for _, w := range [...]string{"per ", "a ", "i ", "в ", "за ", "у ", "po ", "par ", "por ", "al ", "pro ", "på ", "în ", "در "} {
		rest = strings.TrimPrefix(rest, w)
	}
	for _, w := range [...]string{"sek", "сек", "second", "segund", "saniye", "másodperc", "ثانی", "sekun"} {
		if strings.HasPrefix(rest, w) {
			return true
		}
	}
	return false
}

// isInch reports whether "in" with such a text behind it is the abbreviation of inches
// rather than the preposition.
func isInch(rest string) bool {
	next, ok := strings.CutPrefix(rest, " ")
	if !ok {
		return !startsLetter(rest)
	}
	word, _, _ := strings.Cut(next[:min(len(next), 16)], " ")
	return !startsLetter(word) || containsWord("of wide long tall deep high thick by x across per", strings.TrimRight(word, ".,;:"))
}

// isRank reports whether a Thai word that begins with "thousand" is a military rank.
func isRank(word string) bool {
	for _, rank := range [...]string{"พันโท", "พันเอก", "พันตรี", "พันตำรวจ", "พันธ"} {
		if strings.HasPrefix(word, rank) {
			return true
		}
	}
	return false
}

// temperature returns the unit of a text that begins with degrees.
func temperature(rest string) int {
	name := "°"
	head := strings.ToLower(rest[:min(len(rest), 48)])
	switch {
	case strings.Contains(head, "fahr") || strings.Contains(head, "фаренг") || strings.Contains(head, "فارنه") || strings.Contains(head, "فهرنه") || strings.HasPrefix(head, "°f") || strings.HasPrefix(head, "℉") || strings.HasPrefix(head, "degree"):
		name = "°F"
	case strings.Contains(head, "cels") || strings.Contains(head, "цельс") || strings.Contains(head, "سانت") || strings.Contains(head, "سلس") || strings.HasPrefix(head, "°c") || strings.HasPrefix(head, "℃"):
		name = "°C"
	}
	if strings.HasPrefix(head, "degree") && strings.Contains(head, "cels") {
		name = "°C"
	}
	return unitNamed(name)
}

// unitNamed returns the index of a unit in unitWords, -1 if there is none.
func unitNamed(name string) int {
	for i := range unitWords {
		if unitWords[i].name == name {
			return i
		}
	}
	return -1
}

// readingsOf lists what groups of digits may mean to readers of a locale, theirs
// first; parts are the groups by themselves if there are several.
func readingsOf(groups []string, seps []byte, n notation) (values []reading, parts []float64) {
	last := len(groups) - 1
	if last == 0 {
		return []reading{{value: decimalValue(numeral.Reading{Integer: groups[0]}), own: true}}, nil
	}
	for _, g := range groups {
		parts = append(parts, decimalValue(numeral.Reading{Integer: g}))
	}
	integer, decimal, isInteger, isDecimal := numeral.Readings(groups, seps)
	var whole, point *reading
	if isInteger {
		whole = &reading{value: decimalValue(integer), own: seps[0] == n.group || seps[0] == ' ' || seps[0] == '\'' || n.decimal == 0}
	}
	if isDecimal {
		point = &reading{value: decimalValue(decimal), fraction: len(decimal.Fraction), own: seps[last-1] == n.decimal || n.decimal == 0}
	}
	switch {
	case whole == nil && point == nil:
	case whole == nil:
		values = []reading{*point}
	case point == nil:
		values = []reading{*whole}
	case point.own && !whole.own:
		values = []reading{*point, *whole}
	default:
		values = []reading{*whole, *point}
	}
	return values, parts
}

func decimalValue(n numeral.Reading) float64 {
	v := 0.0
	for i := range len(n.Integer) {
		v = v*10 + float64(n.Integer[i]-'0')
	}
	scale := 1.0
	f := 0.0
	for i := range min(len(n.Fraction), 15) {
		f, scale = f*10+float64(n.Fraction[i]-'0'), scale*10
	}
	return v + f/scale
}

// equalValues reports whether two values are equal but for floating-point error.
func equalValues(a, b float64) bool {
	return a == b || math.Abs(a-b) <= 1e-9*max(math.Abs(a), math.Abs(b))
}

// near reports whether two values are equal within a relative tolerance.
func near(a, b, tolerance float64) bool {
	return math.Abs(a-b) <= tolerance*max(math.Abs(a), math.Abs(b))
}
