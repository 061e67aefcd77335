package quality

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/diag"
)

// currency reports an amount of money whose currency has become another. Amounts of a
// segment with very many numbers are not compared, see manyPairs.
func currency(s *segment, r *report) {
	if s.hasManyNumbers() {
		return
	}
	for i := range s.srcNum {
		a := &s.srcNum[i]
		if a.currency == "" {
			continue
		}
		var other *quantity
		kept := false
		for k := range s.tgtNum {
			b := &s.tgtNum[k]
			if b.currency == a.currency || isFranc(a.currency) && isFranc(b.currency) || a.currency == "CNY" && b.currency == "JPY" || a.currency == "JPY" && b.currency == "CNY" ||
				a.currency == "GBP" && b.currency == "TRY" && s.to.lang != "tr" && !strings.ContainsRune(s.tgt, '₺') && !strings.Contains(s.tgt, "TRY") { // "lire" are pounds, too
				kept = true
			} else if b.currency != "" && len(a.readings) > 0 && len(b.readings) > 0 && (equalValues(a.first(), b.first()) || len(s.srcNum) == 1 && len(s.tgtNum) == 1) {
				other = b
			}
		}
		if other != nil && !kept && !sourceHas(s, other.currency) {
			sourceStart, sourceEnd := withSign(s.src, a.start, a.last)
			targetStart, targetEnd := withSign(s.tgt, other.start, other.last)
			r.place(sourceStart, sourceEnd, targetStart, targetEnd)
			sev := r.check.Severity
			if !equalValues(a.first(), other.first()) {
				sev = diag.Warning
			}
			r.addFindingWithSeverity(sev, "", "the currency %s has become %s", diag.Arg("currency", a.currency), diag.Arg("otherCurrency", other.currency))
			return
		}
	}
	if pounds(s, r) {
		return
	}
	currencyWord(s, r)
}

// isFranc reports whether a currency is a franc; which country's, texts seldom repeat.
func isFranc(code string) bool { return code == "franc" || code == "CHF" }

// pounds reports an amount of pounds, which may be money or a weight, that has become one
// of another currency, or was one. Pounds are "lira" too, where they are those of Turkey's
// neighbors.
func pounds(s *segment, r *report) bool {
	inPounds := func(q *quantity) bool {
		return q.currency == "" && q.unit >= 0 && unitWords[q.unit].name == "lb" && len(q.readings) > 0
	}
	inOther := func(q *quantity) bool {
		return q.currency != "" && q.currency != "GBP" && q.currency != "TRY" && len(q.readings) > 0
	}
	nameOf := func(q *quantity, text string) string {
		if q.currency == "" {
			return strings.Trim(text[q.end:q.last], gapRunes)
		}
		return q.currency
	}
	has := func(qs []quantity, code string) bool {
		return slices.ContainsFunc(qs, func(q quantity) bool { return q.currency == code })
	}
	for i := range s.srcNum {
		a := &s.srcNum[i]
		for k := range s.tgtNum {
			b := &s.tgtNum[k]
			switch {
			case inPounds(a) && inOther(b) && !has(s.srcNum, b.currency):
			case inOther(a) && inPounds(b) && !has(s.tgtNum, a.currency):
			default:
				continue
			}
			if !equalValues(a.first(), b.first()) {
				continue
			}
			sourceStart, sourceEnd := withSign(s.src, a.start, a.last)
			targetStart, targetEnd := withSign(s.tgt, b.start, b.last)
			r.place(sourceStart, sourceEnd, targetStart, targetEnd)
			r.addFinding("", "the currency %s has become %s", diag.Arg("currency", nameOf(a, s.src)), diag.Arg("otherCurrency", nameOf(b, s.tgt)))
			return true
		}
	}
	return false
}

// withSign returns the span of an amount with the currency sign beside its number.
func withSign(text string, start, end int) (int, int) {
	before := strings.TrimRight(text[:start], " \u00a0\u202f")
	if sign, size := utf8.DecodeLastRuneInString(before); unicode.Is(unicode.Sc, sign) {
		start = len(before) - size
	}
	behind := strings.TrimLeft(text[end:], " \u00a0\u202f")
	if sign, size := utf8.DecodeRuneInString(behind); unicode.Is(unicode.Sc, sign) {
		end = len(text) - len(behind) + size
	}
	return start, end
}

// currencyWord reports a currency that the target names with an amount in words, where
// the source has another one.
func currencyWord(s *segment, r *report) {
	var want *quantity
	for i := range s.srcNum {
		if q := &s.srcNum[i]; q.currency != "" {
			if want != nil && want.currency != q.currency {
				return
			}
			want = q
		}
	}
	if want == nil {
		moneyInWords(s, r)
		return
	}
	if slices.ContainsFunc(s.tgtNum, func(q quantity) bool { return q.currency != "" }) {
		return
	}
	_, currencies := measures()
	var named *word
	code := ""
	for i := range s.tgtWords {
		c, ok := currencies.find(s.tgtWords[i].lower())
		if !ok || utf8.RuneCountInString(c.text) < 4 {
			continue
		}
		if named, code = &s.tgtWords[i], currencyWords[c.id].code; code == want.currency {
			return
		}
	}
	if named == nil {
		return
	}
	for i := range s.srcWords {
		if c, ok := currencies.find(s.srcWords[i].lower()); ok && currencyWords[c.id].code == code {
			return
		}
	}
	r.place(want.start, want.last, named.start, named.end)
	r.addFindingWithSeverity(diag.Warning, "", "the currency %s has become %s", diag.Arg("source", want.currency), diag.Arg("target", code))
}

// moneyInWords reports an amount that is in words on both sides, "forty pounds", and whose
// currency has become another.
func moneyInWords(s *segment, r *report) {
	if s.from.lang != "en" || slices.ContainsFunc(s.tgtNum, func(q quantity) bool { return q.currency != "" }) {
		return
	}
	units, currencies := measures()
	codeOf := func(w *word) string {
		if c, ok := currencies.find(w.lower()); ok && utf8.RuneCountInString(c.text) >= 4 {
			return currencyWords[c.id].code
		}
		if u, ok := units.find(w.lower()); ok && unitWords[u.id].name == "lb" {
			return "GBP"
		}
		return ""
	}
	var want *word
	named := map[string]bool{}
	for i := range s.srcWords {
		code := codeOf(&s.srcWords[i])
		if code == "" {
			continue
		}
		named[code] = true
		if i > 0 && want == nil {
			if _, ok := s.from.numerals.value(s.srcWords[i-1].lower()); ok && s.srcWords[i].start-s.srcWords[i-1].end == 1 {
				want = &s.srcWords[i]
			}
		}
	}
	if want == nil || len(named) != 1 {
		return
	}
	var other *word
	for i := range s.tgtWords {
		switch code := codeOf(&s.tgtWords[i]); {
		case code == "":
		case named[code] || isFranc(code) && named["franc"] || code == "TRY" && named["GBP"]:
			return
		default:
			other = &s.tgtWords[i]
		}
	}
	if other != nil {
		r.place(want.start, want.end, other.start, other.end)
		r.addFindingWithSeverity(diag.Warning, "", "the currency %s has become %s", diag.Arg("source", want.text), diag.Arg("target", other.text))
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
	"procenat", "проценат", "porcent", "yüzdə", "په سلو کې",
	"процент", "працэнт", "процэнт", "процант", "відсот", "адсот", "percent", "per cent", "pct", "perqind", "për qind", "përqind", "posto", "postot", "посто", "насто", "на сто", "одсто", "отсто", "odsto", "procent", "la sută", "qind", "százalék", "տոկոս", "პროცენტ", "faiz", "фоиз", "foiz", "фаиз",
	"пайыз", "пайыҙ", "пайызд", "пайы", "prosent", "göterim", "yüzde", "فیصد", "فيصد", "درصد", "سلنه", "سلن", "في المئة", "في المائة", "بالمئة", "بالمائة", "por ciento", "per cento", "por cento", "prozent", "pour cent", "pour-cent", "per cent",
	"на сто", "на сотню", "по сто", "אחוז", "ποσοστ", "τοις εκατό", "प्रतिशत", "फीसदी", "फ़ीसदी", "百分", "パーセント", "ร้อยละ", "เปอร์เซ็น", "เปอร์เซน", "퍼센트", "százaléka", "от сто", "п.п.", "дарсад", "дарсат", "yüz",
	"proc.", "проц.", "відс.", "в.с.", "адс.", // abbreviations
	"در صد", "persen", "prósent", "ehuneko", "y cant", "fil-mija", "faoin gcéad", "sa chéad", "céatadán", "ji sedî", "ji sedê", "ji sedi", "ភាគរយ", "ເປີເຊັນ", "ສ່ວນຮ້ອຍ", "ಶೇಕಡ", "ಪ್ರತಿಶತ", "ಶೇ", "ટકા",
	"टक्के", "टक्क", "ശതമാന", "ਫੀਸਦ", "ਫ਼ੀਸਦ", "ਪ੍ਰਤੀਸ਼ਤ", "சதவீத", "சதவிகித", "சதம", "விழுக்கா", "శాతం", "శాత", "සියයට", "ප්\u200dරතිශත", "শতাংশ", "শতকরা", "хувь", "ရာခိုင်နှုန်း", "ရာခိုင္ႏႈန္း", "asilimia", "porsiyento", "porsyento",
	"protsen", "phần trăm", "хуви", "odstot", "százalék", "protsent", "bách phân", "لەسەدا", "لە سەدا", "لەسەد", "سەدا", "پىرسەنت", "persentase", "peratus", "per sent", "χιλιοστ",
	"በመቶ", "ፐርሰንት", "ፐርሴንት", "boqolkiib", "boqolley", "boqollaan", "phesenti", "amaphesenti", "تا سەت", "سەت", "سيڪڙو", "ሚእታዊ",
}

// percentWordsBy has percentWords by their first letter, and what they begin with.
var percentWordsBy = sync.OnceValues(func() (map[rune][]string, *starts) {
	m := map[rune][]string{}
	var s starts
	for _, w := range percentWords {
		r, _ := utf8.DecodeRuneInString(w)
		m[r] = append(m[r], w)
		s.add(w)
	}
	return m, &s
})

// isPercentWord reports whether a text begins with a word for percent.
func isPercentWord(rest string) bool {
	first, size := utf8.DecodeRuneInString(rest)
	second, _ := utf8.DecodeRuneInString(rest[size:])
	words, begin := percentWordsBy()
	if !begin.mayBegin(characterOf(first).lower, characterOf(second).lower) {
		return false
	}
	head := rest[:min(len(rest), 40)]
	for !utf8.ValidString(head) && len(head) > 36 {
		head = head[:len(head)-1]
	}
	head = strings.ToLower(head)
	for _, w := range words[unicode.ToLower(first)] {
		rest, ok := strings.CutPrefix(head, w)
		if !ok || w == "yüz" && !strings.HasPrefix(head, "yüzde") {
			continue
		}
		switch w {
		case "насто", "qind", "по сто", "на сто", "от сто", "posto", "посто", "odsto", "одсто", "отсто": // "qindra" is hundreds, "по столице" along the capital, "постоянно" always
			if startsLetter(rest) {
				continue
			}
		}
		return true
	}
	return false
}

// hasPercentWord reports whether a text has a word for percent.
func hasPercentWord(text string, ws []word, l *language) bool {
	for i := range ws {
		if isPercentWord(text[ws[i].start:]) || ws[i].script == mixed && isPercentWord(ws[i].low) {
			return true
		}
	}
	if l.numerals.compound { // fünfprozentig
		return slices.ContainsFunc(ws, func(w word) bool {
			return slices.ContainsFunc([]string{"prozent", "procent", "prosent", "protsen", "százalék"}, func(p string) bool { return strings.Contains(w.low, p) })
		})
	}
	if l.script == "Latn" || l.script == "Cyrl" {
		return false
	}
	lower := strings.ToLower(text) // words stand together, or are joined to their number
	return slices.ContainsFunc(percentWords, func(w string) bool { return strings.Contains(lower, w) })
}

// onePercentLost reports a percentage that is a bare number in the target while others
// have their word. Numbers beside each other may share one.
func onePercentLost(s *segment, r *report) {
	n := 0
	for i := range s.srcNum {
		if s.srcNum[i].percent {
			n++
		}
	}
	inWords := 0 // percentages that the source has in words: "the one percent"
	for i := range s.srcWords {
		if isPercentWord(s.src[s.srcWords[i].start:]) {
			inWords++
		}
	}
	n = max(n, inWords)
	marks := 0
	for i := range s.tgtWords {
		if isPercentWord(s.tgt[s.tgtWords[i].start:]) {
			marks++
		}
	}
	if n < 2 || marks >= n || marks == 0 || s.hasManyNumbers() {
		return
	}
	for i := range s.srcNum {
		q := &s.srcNum[i]
		if !q.percent {
			continue
		}
		for k := range s.tgtNum {
			b := &s.tgtNum[k]
			if len(b.readings) == 0 || b.percent || !equalValues(b.first(), q.first()) {
				continue
			}
			if k+1 < len(s.tgtNum) && s.tgtNum[k+1].start-b.end < 24 || k > 0 && b.start-s.tgtNum[k-1].end < 24 || isPercentWord(strings.TrimLeft(s.tgt[b.end:], " \u00a0")) {
				continue
			}
			// The word stands before the number in Turkish, and elsewhere after its noun.
			around := strings.ToLower(s.tgt[max(0, b.start-20):min(len(s.tgt), b.end+40)])
			if slices.ContainsFunc(percentWords, func(w string) bool { return strings.Contains(around, w) }) && !otherPercentWord(s, b) {
				continue
			}
			r.place(q.start, q.last, b.start, b.last)
			r.addFinding("", "the percentage %s has neither a sign nor a word", diag.Arg("source", s.src[q.start:q.last]))
			return
		}
	}
}

// otherPercentWord reports whether each word for percent around a number of the target
// stands behind a number in words, to which it belongs: "99 … jedno procento".
func otherPercentWord(s *segment, q *quantity) bool {
	for i := range s.tgtWords {
		w := &s.tgtWords[i]
		if w.end < q.start-20 || w.start > q.end+40 || !isPercentWord(s.tgt[w.start:]) {
			continue
		}
		if i == 0 || w.start-s.tgtWords[i-1].end > 2 {
			return false
		}
		if _, ok := s.to.numerals.value(s.tgtWords[i-1].lower()); !ok {
			return false
		}
	}
	return true
}

// percentInWords reports a percentage that the source has in words, "twenty percent", and
// of which the target has the number alone.
func percentInWords(s *segment, r *report) {
	if len(s.srcNumbers.words) == 0 || len(s.srcPercent) == 0 || hasPercentWord(s.tgt, s.tgtWords, s.to) {
		return
	}
	there := map[float64]bool{}
	inWords, _ := wordNumbers(s.tgt, s.tgtWords, s.to)
	for _, v := range inWords {
		there[v] = true
	}
	for k := range s.tgtNum {
		if q := &s.tgtNum[k]; len(q.readings) > 0 {
			there[q.first()] = true
		}
	}
	for _, i := range s.srcPercent {
		w := &s.srcWords[i]
		values, _ := wordNumbers(s.src[:s.srcWords[i-1].end], s.srcWords[max(0, i-2):i], s.from)
		if len(values) == 0 {
			return
		}
		for _, v := range values {
			if v > 4 && v != 100 && there[v] {
				r.place(s.srcWords[i-1].start, w.end, 0, 0)
				r.addFinding("", "the percentage %s has neither a sign nor a word", diag.Arg("source", s.src[s.srcWords[i-1].start:w.end]))
				return
			}
			if v > small && v != 100 && s.to.numerals.known { // "a fifth", or a number that is not read
				r.place(s.srcWords[i-1].start, w.end, 0, 0)
				r.addFindingWithSeverity(diag.Info, "", "the percentage %s has neither a sign nor a word", diag.Arg("source", s.src[s.srcWords[i-1].start:w.end]))
				return
			}
		}
	}
}

var percentSigns = newCharSet("%٪﹪％؉‰")

// percent reports a percentage that has neither a sign nor a word in the target.
func percent(s *segment, r *report) {
	var lost *quantity
	for i := range s.srcNum {
		if q := &s.srcNum[i]; q.percent && lost == nil {
			lost = q
		}
	}
	if percentSigns.in(s.tgt) {
		return
	}
	if lost == nil {
		percentInWords(s, r)
		return
	}
	if len(s.tgtNum) == 0 && !hasPercentWord(s.tgt, s.tgtWords, s.to) {
		// "sto siguran" for 100 percent: the number alone, in words.
		inWords, _ := wordNumbers(s.tgt, s.tgtWords, s.to)
		if v := lost.first(); v > 12 && slices.Contains(inWords, v) {
			r.place(lost.start, lost.last, 0, 0)
			r.addFindingWithSeverity(diag.Info, "", "the percentage %s has neither a sign nor a word", diag.Arg("source", s.src[lost.start:lost.last]))
		}
		return
	}
	if len(s.tgtNum) == 0 {
		return
	}
	if hasPercentWord(s.tgt, s.tgtWords, s.to) {
		onePercentLost(s, r)
		return
	}
	// The number may be told otherwise: without it there is nothing to point at.
	for k := range s.tgtNum {
		if b := &s.tgtNum[k]; len(b.readings) > 0 && equalValues(b.first(), lost.first()) || (&comparison{s: s}).compare(lost, b) != different {
			r.place(lost.start, lost.last, b.start, b.last)
			r.addFinding("", "the percentage %s has neither a sign nor a word", diag.Arg("source", s.src[lost.start:lost.last]))
			return
		}
	}
}
