package quality

import (
	"slices"
	"strings"
	"unicode/utf8"

	"hexapla/locales"
	"hexapla/pipeline/diag"
)

// halfWords has, by language, the words for a half behind a number, and those for one
// and a half.
var halfWords = map[string][2]string{
	"en": {"half", ""}, "fa": {"نیم نیمی", ""}, "ps": {"نیم", "یونیم یوونیم"}, "tg": {"ним", "якуним"}, "ru": {"половиной", "полтора полторы полутора"}, "uk": {"половиною", "півтора півтори"},
	"be": {"паловай", "паўтара паўтары"}, "bg": {"половина", ""}, "mk": {"половина пол", ""}, "sr": {"по пол pol", ""}, "bs": {"po pol", ""}, "hr": {"pol", ""}, "hu": {"fél", "másfél"}, "es": {"medio media", ""},
	"ro": {"jumătate", ""}, "hy": {"կես", ""}, "kk": {"жарым", ""}, "ky": {"жарым", ""}, "tt": {"ярты", ""}, "uz": {"yarim", ""}, "az": {"yarım", ""}, "tr": {"buçuk", ""}, "tk": {"ýarym", ""}, "sq": {"gjysmë", ""},
	"ka": {"ნახევარი ნახევარ", ""}, "fr": {"demi demie", ""}, "it": {"mezzo mezza", ""}, "pt": {"meio meia", ""}, "de": {"", "anderthalb eineinhalb"}, "pl": {"", "półtora półtorej"}, "ar": {"ونصف نصف", ""},
}

// dayWords are words of a language for a day and a night, which "24 hours" may become.
// Other languages have some of them for something else: doba is an age in Czech and Croatian,
// para is "for" in Spanish.
var dayWords = map[string]map[string]bool{
	"ru": wordSet("сутки суток сутках суткам"), "uk": wordSet("доба добу доби"), "be": wordSet("суткі суток"), "bg": wordSet("денонощие денонощието"),
	"fi": wordSet("vuorokausi vuorokauden"), "et": wordSet("ööpäev ööpäeva"), "sv": wordSet("dygn dygnet"), "da": wordSet("døgn døgnet"), "nb": wordSet("døgn døgnet"), "nn": wordSet("døgn døgnet"), "no": wordSet("døgn døgnet"),
	"lv": wordSet("diennakts diennaktī"), "lt": wordSet("para parą"), "nl": wordSet("etmaal"), "pl": wordSet("doba dobę doby dobie"),
	"kk": wordSet("тәулік тәулікте"), "ky": wordSet("сутка"), "tt": wordSet("тәүлек"), "tg": wordSet("шабонарӯз"), "fa": wordSet("شبانه\u200cروز"),
}

// wordNumbers reads the numbers that a text has in words: the value of each word, of
// each run of words, and of runs with a coefficient and a power of ten ("two
// million"). Of a long text it returns each value once.
func wordNumbers(text string, ws []word, l *language) (values, big []float64) {
	n := l.numerals
	if len(n.words.stems) == 0 {
		if l.spaceless {
			return distinct(ideographs(text)), nil
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
		if run > 0 && l.halves[0][low] { // "one and a half million"
			group += 0.5
			run, end = run+1, w.end
			values = append(values, total+group)
			continue
		}
		if l.halves[1][low] { // полтора
			group += 1.5
			run, end = run+1, w.end
			values = append(values, group)
			continue
		}
		if s, ok := n.scales.find(low); ok && s.value >= 1000 {
			if run == 0 {
				values = append(values, s.value)
				continue
			}
			group, total = 0, total+max(group, 1)*s.value
			run, end, bigRun = run+1, w.end, true
			continue
		}
		if dayWords[l.lang][low] && (i == 0 || !containsWord("в на у na om i per", ws[i-1].low)) { // not "24 hours a day"
			values = append(values, 24)
		}
		if l.script == "Arab" || l.script == "Hebr" {
			low = withoutPrefix(low, n)
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
			case "century", "centuries":
				values = append(values, 100)
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
	return distinct(values), big
}

// distinct returns the values without those that are there before, if they are many: each
// number of a text is compared with each of them. It reuses the slice.
func distinct(values []float64) []float64 {
	const many = 64
	if len(values) < many {
		return values
	}
	seen := map[float64]bool{}
	return slices.DeleteFunc(values, func(v float64) bool {
		if seen[v] {
			return true
		}
		seen[v] = true
		return false
	})
}

// withoutPrefix returns a word without the article and the prepositions that Arabic and
// Hebrew join to it, if the rest is a number word.
func withoutPrefix(low string, n *numerals) string {
	if _, ok := n.words.find(low); ok {
		return low
	}
	switch first, _ := utf8.DecodeRuneInString(low); first {
	case 'و', 'ب', 'ل', 'ف', 'ك', 'ا', 'ה', 'ב', 'ל', 'ו', 'ש', 'מ':
	default:
		return low
	}
	for _, p := range [...]string{"و", "ب", "ل", "ف", "ك", "ال", "بال", "لل", "وال", "ה", "ב", "ל", "ו", "ש", "מ"} {
		if rest, ok := strings.CutPrefix(low, p); ok && utf8.RuneCountInString(rest) >= 3 {
			if s, found := n.words.find(rest); found && utf8.RuneCountInString(s.text) >= 3 {
				return rest
			}
		}
	}
	return low
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
	for i, w := range ws {
		if w.text == "I" && i > 0 && ws[i-1].text == "War" {
			out = append(out, 1)
		}
		if w.end-w.start >= 2 {
			text := strings.TrimRight(w.text, "eèmr") // XIXe
			if v, ok := romanNumber(text); ok && v < 4000 && len(text) >= 2 {
				out = append(out, v)
			}
		}
	}
	return out
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
				r.addFindingWithSeverity(diag.Warning, "", "the source has the Roman numeral for %d, the translation %v in words", diag.Arg("count", n), diag.Arg("word", w))
				return
			}
		}
		for _, m := range c.targetRoman {
			if !slices.Contains(c.sourceRoman, m) {
				r.addFinding("", "the source has the Roman numeral for %d, the translation that for %d", diag.Arg("sourceNumber", n), diag.Arg("number", m))
				return
			}
		}
	}
}

// isScale reports whether a number word is a million, a billion or a trillion.
func isScale(v float64) bool { return v == 1e6 || v == 1e9 || v == 1e12 }

// scaleWords compares amounts that are in words on both sides: "two million" and "два
// миллиарда".
func (c *comparison) scaleWords(r *report) {
	scaled := func(q quantity) bool { return q.scale > 0 }
	bare := !slices.ContainsFunc(c.s.srcNum, scaled) && !slices.ContainsFunc(c.s.tgtNum, scaled)
	for _, v := range c.sourceWords { // "millions", with no number
		if !bare || !isScale(v) || slices.Contains(c.targetWords, v) {
			continue
		}
		for _, w := range c.targetWords {
			if v == 1e9 && w == 1e6 && slices.Contains(c.targetWords, 1e3) { // mil millones
				continue
			}
			if isScale(w) && !slices.Contains(c.sourceWords, w) {
				r.addFindingWithSeverity(diag.Warning, "", "%s has become %s", diag.Arg("number", locales.FormatNumber("en", v)), diag.Arg("otherNumber", locales.FormatNumber("en", w)))
				return
			}
		}
	}
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
					r.addFinding("", "%s has become %s", diag.Arg("number", locales.FormatNumber("en", v)), diag.Arg("otherNumber", locales.FormatNumber("en", w)))
					return
				}
			}
		}
	}
}

var romanDigits = newCharSet("IVXІХ")

// romanNumber reads a Roman numeral in capitals, typed in Latin or in Cyrillic.
func romanNumber(w string) (int, bool) {
	if len(w) > 16 {
		return 0, false
	}
	if !romanDigits.in(w) { // MM and СММ are rather abbreviations
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
