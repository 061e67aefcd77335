package quality

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/locales"
	"hexapla/locales/tag"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/numeral"
)

// monthFollows reports whether a number is that of a month: 10月, 10 월, 25/10.
func (c *comparison) monthFollows(q *quantity) bool {
	rest := strings.TrimLeft(c.s.tgt[q.end:], " ")
	switch c.s.to.lang {
	case "vi":
		before := strings.TrimRight(c.s.tgt[:q.start], " \u00a0")
		return strings.EqualFold(before[max(0, len(before)-len("tháng")):], "tháng")
	case "mn":
		if strings.Contains(rest[:min(len(rest), 19+len("сар"))], "сар") {
			return true
		}
	}
	return c.s.to.spaceless || strings.HasPrefix(rest, "月") || strings.HasPrefix(rest, "월") || strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "/")
}

func (c *comparison) persian() bool {
	switch c.s.to.lang {
	case "fa", "ps", "tg", "ckb", "uz":
		return true
	}
	return false
}

// onlyWithNumber marks a stem that is a month only next to a number.
const onlyWithNumber = 1

// inLowerCase marks a form that is a month only if it is not capitalized within a
// sentence, where it is a name: Maja.
const inLowerCase = 2

// shortMonthEndings are the endings of case of months of three letters whose forms are no
// other words, in the Slavic languages that have them.
var shortMonthEndings = map[string]string{
	"maj": "u om", "jun": "a u om e", "jul": "a u om e",
	"мај": "у ом", "јун": "а у ом е", "јул": "а у ом е",
}

// surelyMonth reports whether a form with fewer than four letters, or with a stem of fewer,
// is no word but the name of a month.
func surelyMonth(low string) bool {
	return containsWord("јун јул мај jun јуни јули юни юли июн июнь июня июне июню июнем июл июль июля июле июлю июлем мае جون जून", low)
}

// moreMonths has names of months in use beside CLDR's, by locale: "5=name name;6=…".
var moreMonths = map[string]string{
	"ps":    "1=جنوري جنورۍ;2=فبروري فبرورۍ;3=مارچ;4=اپرېل اپریل;5=می مې مئ;6=جون;7=جولای;8=اګست آګست اگست;9=سپټمبر سپتمبر;10=اکتوبر;11=نومبر نوامبر;12=ډسمبر ډیسمبر دسمبر",
	"fa-AF": "1=جنوری جنوری;2=فبروری;3=مارچ;4=اپریل;5=می;6=جون;7=جولای;8=آگست اگست;9=سپتمبر سپتامبر;10=اکتوبر اکتبر;11=نومبر نوامبر;12=دسمبر دسامبر",
	"fa":    "5=می;6=ژوئن;7=ژوئیه جولای;8=اوت آگوست",
	"uz":    "5=may;9=sentabr;10=oktabr",
	"be":    "5=мая май траўня",
	"ru":    "5=мая май мае маю маем",
	"uk":    "5=травня",
}

// plainMonths reports whether the names of months have no endings in a language.
func plainMonths(locale string) bool {
	return containsWord("es pt it fr ca gl ro nl sv da nb nn no id ms", tag.Language(locale))
}

// monthsOf returns the names of the months in a locale, with the endings of case, from
// CLDR.
func monthsOf(locale string) *lexicon {
	l := &lexicon{}
	short := func(n string, month int) {
		l.add("="+n, 0, month)
		if utf8.RuneCountInString(n) == 3 { // mayın, маја, júl-
			l.add(n, onlyWithNumber, month)
		}
		for e := range strings.FieldsSeq(shortMonthEndings[n]) {
			l.add("="+n+e, inLowerCase, month)
		}
	}
	for part := range strings.SplitSeq(moreMonths[locale], ";") {
		number, names, _ := strings.Cut(part, "=")
		month, _ := strconv.Atoi(number)
		for n := range strings.FieldsSeq(names) {
			short(n, month)
		}
	}
	for i, names := range locales.MonthNames(locale) {
		var wide []string
		for _, n := range names {
			n = strings.ToLower(n)
			if strings.ContainsFunc(n, unicode.IsDigit) || n == "" || strings.Contains(n, " ") || strings.TrimRight(n, ".") == "ஆக" { // a word of every second sentence in Tamil
				continue
			}
			wide = append(wide, strings.TrimRight(n, "."))
		}
		if len(wide) == 0 {
			continue
		}
		for _, n := range wide {
			runes := []rune(n)
			if plainMonths(locale) { // with no endings of case: Spanish "mayores" is no May
				l.add("="+n, 0, i+1)
				continue
			}
			if cut, ok := strings.CutSuffix(n, "bar"); ok { // septembar, septembra
				l.add(cut+"br", 0, i+1)
			} else if cut, ok := strings.CutSuffix(n, "бар"); ok {
				l.add(cut+"бр", 0, i+1)
			}
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
				short(n, i+1)
			}
		}
	}
	return l
}

// beforeMonths are words behind which May, March and August are months.
const beforeMonths = "in of since until last next early late by from through this during between mid"

// namedMonths returns the months that words name as a set of bits, 1 for January.
// firm are those that are surely months: with a number next to them, or with a name
// that is no other word.
func namedMonths(ws []word, l *language) (all, firm uint32, first int) {
	if len(l.months.stems) == 0 {
		return 0, 0, -1
	}
	first = -1
	for i := range ws {
		w := &ws[i]
		if w.script == none || l.lang == "en" && (w.text[0] < 'A' || w.text[0] > 'Z') {
			continue
		}
		m, ok := l.months.find(w.lower())
		if !ok && l.script == "Hebr" { // with a preposition: במרץ
			if first, size := utf8.DecodeRuneInString(w.text); strings.ContainsRune("בלמהו", first) {
				m, ok = l.months.find(w.text[size:])
			}
		}
		if !ok || utf8.RuneCountInString(w.text) > utf8.RuneCountInString(m.text)+4 || l.lang == "en" && utf8.RuneCountInString(w.text) > utf8.RuneCountInString(m.text)+2 {
			continue
		}
		numbered := i > 0 && (isNumeric(ws[i-1].text) || containsWord("ماه میاشت моҳи", ws[i-1].text)) || // the month of …
			i+1 < len(ws) && isNumeric(ws[i+1].text) ||
			i > 1 && isNumeric(ws[i-2].text) && ws[i-1].start == ws[i-2].end+1 && ws[i-1].end-ws[i-1].start <= 6 || // 14-nji maýda
			l.lang == "ps" && i+2 < len(ws) && ws[i+1].text == "په" && isNumeric(ws[i+2].text)
		if n, ok := l.numerals.words.find(w.lower()); ok && n.text == w.lower() && !numbered { // French "sept" is seven
			continue
		}
		if !numbered && (m.value == onlyWithNumber || m.value == inLowerCase && i > 0 && capitalized(w.text) || utf8.RuneCountInString(w.text) < 3 || l.lowerMonths && i > 0 && capitalized(w.text) && utf8.RuneCountInString(m.text) < 5 && utf8.RuneCountInString(w.text) > utf8.RuneCountInString(m.text)+1 || isMartin(w.lower())) {
			continue
		}
		all |= 1 << m.id
		if l.lang == "en" && i > 0 && containsWord(beforeMonths, ws[i-1].lower()) {
			numbered = true
		}
		if numbered || !(l.lang == "en" && (m.id == 5 || m.id == 3 || m.id == 8)) && (utf8.RuneCountInString(m.text) >= 4 || surelyMonth(w.lower()) || !m.exact && surelyMonth(m.text)) {
			firm |= 1 << m.id
			if first < 0 {
				first = i
			}
		}
	}
	return all, firm, first
}

// isMartin reports whether a word is a form of the name Martin, which begins like March.
func isMartin(low string) bool {
	for _, n := range [...]string{"martin", "мартин", "მარტინ", "մարտինը", "մարտինի", "مارتین", "مارتن"} {
		if strings.HasPrefix(low, n) {
			return true
		}
	}
	return false
}

func isNumeric(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return unicode.IsDigit(r)
}

// months compares the months that source and target name, and dates of the Solar
// Hijri calendar with those of the source.
func months(s *segment, c *comparison, r *report) {
	all, firm, at := s.srcNumbers.months, s.srcNumbers.firmMonths, s.srcNumbers.firstMonth
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
	r.addFinding("", "the month %s has become %s", diag.Arg("text", a.text), diag.Arg("otherText", b.text))
}

// solarDate compares a date of the target in the Solar Hijri calendar with the
// source's, and reports whether the target has such a date.
func (c *comparison) solarDate(r *report) bool {
	s := c.s
	for i := 1; i < len(s.tgtWords); i++ {
		m := slices.Index(solarMonths, s.tgtWords[i].text)
		if m < 0 || !isNumeric(s.tgtWords[i-1].text) || !isDayBefore(s.tgt, &s.tgtWords[i-1], &s.tgtWords[i]) {
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
			r.addFinding("", "%s is not the day of the source in the Solar Hijri calendar: that is %d %s", diag.Arg("target", s.tgt[s.tgtWords[i-1].start:w.end]), diag.Arg("day", sd), diag.Arg("month", solarMonths[sm-1+m/12*12]))
		}
		return true
	}
	return false
}

// isDayBefore reports whether nothing but space stands between a number and the month
// behind it, and the number is not the end of a name: names of months are other words,
// too, as in "Covid-19، میزان" and "6.0% دی".
func isDayBefore(text string, number, month *word) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:number.start])
	return before != '-' && before != '‑' && strings.Trim(text[number.end:month.start], " \u00a0\u200c\u200e\u200f") == ""
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
				if d, ok := numeral.Digit(r); ok && n < 1e6 {
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

// solarMonths are the months of the Solar Hijri calendar in Persian, Dari and Pashto.
var solarMonths = []string{
	"فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
	"حمل", "ثور", "جوزا", "سرطان", "اسد", "سنبله", "میزان", "عقرب", "قوس", "جدی", "دلو", "حوت",
	"وری", "غویی", "غبرگولی", "چنگاښ", "زمری", "وږی", "تله", "لړم", "لیندۍ", "مرغومی", "سلواغه", "کب",
}
