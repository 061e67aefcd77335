package quality

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// number is one number of a text, as written in digits. values are what it may
// mean, as plain decimals: "1.200" is 1200 to one reader and 1.2 to another.
// parts are its pieces when it may be several numbers after all ("2016 200",
// "25.09.2026"), each a value.
type number struct {
	start, end int
	text       string
	values     []string
	parts      []string
	word       bool // a word follows: 1.2 million
	plural     bool // "1990s"
	ordinal    bool // "16th"
}

// digit is the value of a decimal digit of any script.
func digit(r rune) (int, bool) {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0'), true
	case r < 0x660 || !unicode.Is(unicode.Nd, r):
		return 0, false
	}
	// Nd comes in tens: a range of the table begins with a zero.
	for _, x := range unicode.Nd.R16 {
		if r <= rune(x.Hi) {
			return int(r-rune(x.Lo)) % 10, true
		}
	}
	for _, x := range unicode.Nd.R32 {
		if r <= rune(x.Hi) {
			return int(r-rune(x.Lo)) % 10, true
		}
	}
	return 0, false
}

// separator tells what may stand inside a number: points, commas, apostrophes,
// spaces that do not break, and the Arabic ones.
func separator(r rune) (s byte, ok bool) {
	switch r {
	case '.', '٫', '·':
		return '.', true
	case ',', '٬', '،':
		return ',', true
	case '\'', '’':
		return '\'', true
	case ' ', '\u00a0', '\u202f', '\u2009':
		return ' ', true
	}
	return 0, false
}

// numbersOf finds the numbers of a text.
func numbersOf(text string) []number {
	if !hasDigit(text) {
		return nil
	}
	var out []number
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if _, ok := digit(r); !ok {
			i += size
			continue
		}
		n := readNumber(text, i)
		out = append(out, n)
		i = n.end
	}
	return out
}

func hasDigit(text string) bool {
	for i := range len(text) {
		if c := text[i]; c >= '0' && c <= '9' {
			return true
		} else if c >= 0xd9 {
			return strings.ContainsFunc(text[i:], unicode.IsDigit)
		}
	}
	return false
}

// readNumber reads groups of digits and the separators between them.
func readNumber(text string, start int) number {
	var groups []string
	var seps []byte
	i := start
	for {
		var g []byte
		for i < len(text) {
			r, size := utf8.DecodeRuneInString(text[i:])
			d, ok := digit(r)
			if !ok {
				break
			}
			if len(g) < 40 {
				g = append(g, byte('0'+d))
			}
			i += size
		}
		groups = append(groups, string(g))
		r, size := utf8.DecodeRuneInString(text[i:])
		s, ok := separator(r)
		if !ok || len(groups) > 12 {
			break
		}
		next, _ := utf8.DecodeRuneInString(text[i+size:])
		if _, ok := digit(next); !ok {
			break
		}
		// A space joins groups of three only.
		if (s == ' ' || s == '\'') && (len(groups[len(groups)-1]) > 3 || digitsAhead(text[i+size:]) != 3 || slices.Contains(seps, '.') || slices.Contains(seps, ',')) {
			break
		}
		seps = append(seps, s)
		i += size
	}
	n := number{start: start, end: i, text: text[start:i]}
	n.values, n.parts = readings(groups, seps)
	rest := strings.TrimLeft(text[i:], " \u00a0\u202f-‑\u200c")
	if r, _ := utf8.DecodeRuneInString(rest); unicode.IsLetter(r) {
		n.word = true
	}
	n.plural = strings.HasPrefix(text[i:], "s") || strings.HasPrefix(text[i:], "’s") || strings.HasPrefix(text[i:], "'s")
	for _, suffix := range []string{"st", "nd", "rd", "th"} {
		n.ordinal = n.ordinal || strings.HasPrefix(text[i:], suffix)
	}
	return n
}

func digitsAhead(text string) int {
	n := 0
	for _, r := range text {
		if _, ok := digit(r); !ok {
			break
		}
		n++
	}
	return n
}

// readings lists what groups of digits may mean.
func readings(groups []string, seps []byte) (values, parts []string) {
	add := func(whole, fraction string) {
		whole = strings.TrimLeft(whole, "0")
		fraction = strings.TrimRight(fraction, "0")
		if whole == "" {
			whole = "0"
		}
		if fraction != "" {
			whole += "." + fraction
		}
		if !slices.Contains(values, whole) {
			values = append(values, whole)
		}
	}
	for _, g := range groups {
		p := strings.TrimLeft(g, "0")
		if p == "" {
			p = "0"
		}
		parts = append(parts, p)
	}
	last := len(groups) - 1
	if last == 0 {
		add(groups[0], "")
		return values, nil
	}
	grouped := func(gs []string) bool {
		for i, g := range gs {
			if i > 0 && len(g) != 3 && (len(g) != 2 || i == len(gs)-1) || i == 0 && (len(g) > 3 || len(gs) > 1 && g == "") {
				return false
			}
		}
		return true
	}
	same := func(s []byte) bool {
		for _, c := range s {
			if c != s[0] {
				return false
			}
		}
		return true
	}
	if grouped(groups) && same(seps) && groups[0] != "0" {
		add(strings.Join(groups, ""), "")
	}
	decimal := seps[last-1] == '.' || seps[last-1] == ','
	if decimal && grouped(groups[:last]) && same(seps[:last-1]) && (last == 1 || seps[0] != seps[last-1]) {
		add(strings.Join(groups[:last], ""), groups[last])
	}
	return values, parts
}

// small numbers may be written in words in one language and not in the other.
const small = 12

// numbers compares the numbers of source and target by value.
func numbers(s *segment, r *report) {
	if len(s.srcNum)+len(s.tgtNum) == 0 {
		return
	}
	c := newComparison(s)
	var lost, added []string
	inWords := map[string]bool{} // numbers that a target may well write in words
	for i := range s.srcNum {
		if n := &s.srcNum[i]; !c.inTarget(n) && !slices.Contains(lost, n.text) {
			lost = append(lost, n.text)
			v, err := strconv.Atoi(n.values0())
			inWords[n.text] = err == nil && (v <= small || n.ordinal && v <= 31)
		}
	}
	for i := range s.tgtNum {
		if n := &s.tgtNum[i]; !c.inSource(n) && !slices.Contains(added, n.text) {
			added = append(added, n.text)
		}
	}
	for i, l := range lost {
		if i < len(added) {
			r.say("", "%s has become %s", l, added[i])
			continue
		}
		if inWords[l] && len(added) == 0 {
			continue
		}
		r.say("", "%s is missing", l)
	}
	for _, a := range added[min(len(lost), len(added)):] {
		r.say("", "%s is not in the source", a)
	}
}

// values0 is the first reading, empty if there is none.
func (n *number) values0() string {
	if len(n.values) == 0 {
		return ""
	}
	return n.values[0]
}

// comparison holds what numbers on one side may match on the other.
type comparison struct {
	s              *segment
	source, target map[string]bool // values and parts
	loose          map[string]bool // what the source says in words
	months         map[string]bool // the months it names, which count in dates like 25.09.2026
	roman          map[string]bool // in the target
	afternoon      bool
	solar          bool // the target counts by the Solar Hijri calendar
}

func newComparison(s *segment) *comparison {
	c := &comparison{s: s, source: map[string]bool{}, target: map[string]bool{}, loose: map[string]bool{}, months: map[string]bool{}, roman: map[string]bool{}}
	collect := func(into map[string]bool, ns []number) {
		for _, n := range ns {
			for _, v := range n.values {
				into[v] = true
			}
			for _, p := range n.parts {
				into[p] = true
			}
		}
	}
	collect(c.source, s.srcNum)
	collect(c.target, s.tgtNum)
	for i, w := range s.srcWords {
		l := strings.ToLower(w.text)
		if v, ok := englishNumbers[l]; ok {
			for _, x := range strings.Fields(v) {
				c.loose[x] = true
			}
		}
		if m := slices.Index(englishMonths, l); m >= 0 {
			c.months[strconv.Itoa(m+1)] = true
		}
		if (l == "p.m" || l == "pm" || l == "p" && i+1 < len(s.srcWords) && s.srcWords[i+1].text == "m") || strings.HasSuffix(l, "pm") && l[0] <= '9' {
			c.afternoon = true
		}
	}
	for _, w := range s.tgtWords {
		if v, ok := romanNumber(w.text); ok {
			c.roman[strconv.Itoa(v)] = true
		}
	}
	switch s.to.lang {
	case "fa", "ps", "tg", "uz", "az":
		for _, w := range s.tgtWords {
			if slices.Contains(solarMonths, w.text) {
				c.solar = true
			}
		}
	}
	return c
}

// inTarget reports whether a number of the source is in the target.
func (c *comparison) inTarget(n *number) bool {
	if c.any(n, c.target) {
		return true
	}
	for _, v := range n.values {
		if c.roman[v] {
			return true
		}
		if x, err := strconv.Atoi(v); err == nil {
			switch {
			case c.afternoon && x < 12 && c.target[strconv.Itoa(x+12)]:
				return true
			case n.plural && x > 1000 && x < 2100 && c.target[strconv.Itoa(x%100)]:
				return true
			case x == 0 && n.parts == nil && n.text == "00":
				return true
			case x > 1800 && x < 2200 && (c.target[strconv.Itoa(x-621)] || c.target[strconv.Itoa(x-622)]) && c.persian():
				return true
			case x <= 31 && c.solar:
				return true
			}
		}
	}
	return c.scaled(n, c.s.tgtNum)
}

// inSource reports whether a number of the target is in the source.
func (c *comparison) inSource(n *number) bool {
	if c.any(n, c.source) || c.any(n, c.loose) {
		return true
	}
	for _, v := range n.values {
		if x, err := strconv.Atoi(v); err == nil {
			switch {
			case c.afternoon && x >= 12 && x < 24 && c.source[strconv.Itoa(x-12)]:
				return true
			case x == 0 && utf8.RuneCountInString(n.text) >= 2: // 17:00 for 5 p.m.
				return true
			case x < 100 && (c.source["19"+n.text] || c.source["20"+n.text]):
				return true
			case x > 1200 && x < 1600 && (c.source[strconv.Itoa(x+621)] || c.source[strconv.Itoa(x+622)]) && c.persian():
				return true
			case x <= 31 && c.solar:
				return true
			}
		}
	}
	return c.scaled(n, c.s.srcNum)
}

func (c *comparison) persian() bool {
	switch c.s.to.lang {
	case "fa", "ps", "tg", "ckb", "uz":
		return true
	}
	return false
}

// any reports whether one of n's values, or all of its parts, are in the set.
func (c *comparison) any(n *number, set map[string]bool) bool {
	for _, v := range n.values {
		if set[v] {
			return true
		}
	}
	if len(n.parts) == 0 {
		return false
	}
	for _, p := range n.parts {
		if !set[p] && !c.loose[p] && !c.months[p] && !(c.afternoon && c.half(p, set)) {
			return false
		}
	}
	return true
}

// half compares hours of the day with those of its halves.
func (c *comparison) half(p string, set map[string]bool) bool {
	x, err := strconv.Atoi(p)
	return err == nil && (x >= 12 && set[strconv.Itoa(x-12)] || x < 12 && set[strconv.Itoa(x+12)] || x == 0)
}

// scaled compares "1.2 million" with "1 200 000": a factor of thousands, said
// in a word behind the smaller number.
func (c *comparison) scaled(n *number, others []number) bool {
	for _, v := range n.values {
		for i := range others {
			o := &others[i]
			for _, w := range o.values {
				if n.word && shifted(v, w) || o.word && shifted(w, v) {
					return true
				}
			}
		}
	}
	return false
}

// shifted reports whether big is few times 10³, 10⁵ (lakh), 10⁶, 10⁷, 10⁹ or 10¹².
func shifted(few, big string) bool {
	whole, fraction, _ := strings.Cut(few, ".")
	if strings.Contains(big, ".") || len(big) <= len(whole) {
		return false
	}
	for _, zeros := range []int{3, 5, 6, 7, 9, 12} {
		if len(fraction) <= zeros && strings.TrimLeft(whole+fraction+strings.Repeat("0", zeros-len(fraction)), "0") == big {
			return true
		}
	}
	return false
}

var englishMonths = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

// solarMonths are the months of the Solar Hijri calendar in Persian, Dari and Pashto.
var solarMonths = []string{
	"فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
	"حمل", "ثور", "جوزا", "سرطان", "اسد", "سنبله", "میزان", "عقرب", "قوس", "جدی", "دلو", "حوت",
	"وری", "غویی", "غبرگولی", "چنگاښ", "زمری", "وږی", "تله", "لړم", "لیندۍ", "مرغومی", "سلواغه", "کب",
}

// englishNumbers are the words for which a translation may write digits.
var englishNumbers = map[string]string{
	"zero": "0", "one": "1", "first": "1", "once": "1", "single": "1", "two": "2", "second": "2", "twice": "2", "both": "2", "pair": "2", "half": "0.5 50 30 2 1",
	"three": "3", "third": "3 1", "thirds": "2 3", "thrice": "3", "four": "4", "fourth": "4", "quarter": "4 25 15", "quarters": "3 4 75",
	"five": "5", "fifth": "5", "six": "6", "sixth": "6", "seven": "7", "seventh": "7", "eight": "8", "eighth": "8", "nine": "9", "ninth": "9",
	"ten": "10", "tenth": "10", "eleven": "11", "eleventh": "11", "twelve": "12", "twelfth": "12", "dozen": "12", "thirteen": "13", "thirteenth": "13",
	"fourteen": "14", "fourteenth": "14", "fifteen": "15", "fifteenth": "15", "sixteen": "16", "sixteenth": "16", "seventeen": "17", "seventeenth": "17",
	"eighteen": "18", "eighteenth": "18", "nineteen": "19", "nineteenth": "19", "twenty": "20", "twentieth": "20", "thirty": "30", "thirtieth": "30",
	"forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90", "hundred": "100", "hundreds": "100", "thousand": "1000", "thousands": "1000",
	"million": "1000000", "billion": "1000000000", "noon": "12", "midnight": "0 24 12", "fortnight": "2 14", "decade": "10", "weekly": "7", "daily": "24",
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
				r.say("write it with one kind of digits", "%s mixes two kinds of digits", n.text)
				return
			}
		}
	}
	// Persian and Pashto have digits of their own; the Arabic ones look alike.
	if s.to.lang == "fa" || s.to.lang == "ps" || s.to.lang == "ur" {
		if i := strings.IndexFunc(s.tgt, func(r rune) bool { return r >= '٠' && r <= '٩' }); i >= 0 && !strings.ContainsAny(s.src, "٠١٢٣٤٥٦٧٨٩") {
			r.say("use the digits ۰–۹", "the Arabic digit %c, which is another character than the Persian one", []rune(s.tgt[i:])[0])
		}
	}
}

// currency tells a sign that has become another one; a sign that has become a
// word is well.
func currency(s *segment, r *report) {
	from, to := currencySigns(s.src), currencySigns(s.tgt)
	for _, c := range to {
		if !slices.Contains(from, c) && len(from) > 0 {
			r.say("", "the currency sign %c is not in the source, which has %c", c, from[0])
			return
		}
	}
}

func currencySigns(text string) []rune {
	var out []rune
	for _, r := range text {
		if r == '$' || r >= 0xa2 && unicode.Is(unicode.Sc, r) {
			if !slices.Contains(out, r) {
				out = append(out, r)
			}
		}
	}
	return out
}

// percentWords are the beginnings of the word for percent, folded.
var percentWords = []string{
	"процент", "процант", "відсот", "адсот", "percent", "per cent", "posto", "postot", "посто", "procent", "sută", "qind", "százalék", "տոկոս", "პროცენტ", "faiz", "фоиз", "foiz",
	"пайыз", "пайы", "prosent", "göterim", "yüz", "فیصد", "درصد", "سلنه", "سلن", "في المئة", "بالمئة", "por ciento", "per cento", "prozent", "pour cent", "pour-cent",
	"на сто", "по сто", "юз", "yüzde", "אחוז", "ποσοστ", "τοις εκατό", "प्रतिशत", "百分", "パーセント", "ร้อยละ", "퍼센트", "zázalék", "от сто", "п.п.", "дол", "част", "dalis",
}

func percent(s *segment, r *report) {
	i := strings.IndexByte(s.src, '%')
	if i <= 0 || !isDigitAt(s.src, i-1) || strings.ContainsAny(s.tgt, "%٪﹪％؉") || len(s.tgtNum) == 0 {
		return
	}
	lower := strings.ToLower(s.tgt)
	for _, w := range percentWords {
		if strings.Contains(lower, w) {
			return
		}
	}
	r.say("", "the percentage has neither a sign nor a word")
}

func isDigitAt(s string, i int) bool {
	return s[i] >= '0' && s[i] <= '9' || s[i] == ' ' && i > 0 && s[i-1] >= '0' && s[i-1] <= '9'
}
