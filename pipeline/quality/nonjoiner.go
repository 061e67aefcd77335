package quality

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"hexapla/pipeline/diag"
)

// The zero-width non-joiner parts what belongs to one word in Persian: the prefix of a
// tense (می‌شود), the ending of a plural (کتاب‌ها), parts of compounds (نخست‌وزیر). The
// rules are those of the Academy of Persian Language and Literature (Dastur-e khatt-e
// farsi, 2005); many people type a space or nothing instead.

const zwnj = "\u200c"

// Stems of Persian verbs that news texts have often. Present stems have endings; past
// stems may have none.
const (
	presentStems = "کن گوی شو رو آی دان خواه توان باش رس گیر دار بین ده بر گذار ساز زن کش نویس خوان شناس پرداز آور یاب خور انداز پذیر پرس مان گذر گرد اندیش کوش جنگ ترس فروش خر نشین ایست افزای کاه آموز بخش فرست پوش سوز رسان گردان خوران پوشان ترسان چرخان سوزان نشان کشان"
	pastStems    = "کرد گفت شد رفت آمد دانست خواست توانست رسید گرفت داشت دید داد برد گذاشت ساخت زد کشید نوشت خواند شناخت پرداخت آورد یافت خورد انداخت پذیرفت پرسید ماند گذشت گشت کوشید جنگید ترسید فروخت خرید نشست ایستاد افزود کاست آموخت بخشید فرستاد پوشید سوخت بود کشت افتاد مرد"
)

// Compounds, with | for the non-joiner.
const (
	persianCompounds = "بی|بی|سی رئیس|جمهور نخست|وزیر سه|شنبه پنج|شنبه چهارشنبه|سوری دست|کم پیش|بینی عقب|نشینی هم|چنان گفت|وگو گفت|وگوها جست|وجو شست|وشو خلع|سلاح آتش|بس هیچ|کس هیچ|گونه هیچ|یک بین|المللی پیش|نویس قانون|گذاری شبه|نظامی هم|زمان صلح|آمیز غیرقانونی|ها پناه|جو پناه|جویان رأی|گیری آتش|سوزی به|ویژه به|دلیل به|عنوان به|رغم بی|سابقه بی|نظیر همه|پرسی توافق|نامه قطع|نامه موافقت|نامه پیش|نیاز جامعه|شناس روان|شناس شرکت|کنندگان رأی|دهندگان خشونت|آمیز به|سرعت به|زودی به|تازگی به|طور به|شدت به|خصوص به|خوبی به|تدریج به|علاوه به|ندرت به|هیچ|وجه به|نظر به|خاطر چشم|انداز روزنامه|نگار روزنامه|نگاران گلوله|باران سیل|زده بی|معنا بی|گناه بی|پایان بی|تردید بی|شمار آن|که این|که سانتی|متر میلی|متر"
	pashtoCompounds  = "بي|بي|سي سه|شنبه پنج|شنبه بې|ځایه بې|کاره بې|وزله"
)

// joiningPlural has the endings that stand behind a non-joiner.
var joiningPlural = []string{"ها", "های", "هایی", "هایش", "هایشان", "هایم", "هایمان", "هایت", "هایتان"}

// joiningParticiples are participles that make compounds with a non-joiner.
var joiningParticiples = []string{"یافته", "کننده", "کنندگان", "دهنده", "دهندگان", "شونده", "گرفته", "شده", "شدهٔ", "ساله"}

// noPlurals are words that end like plurals and are none, or are written together.
const noPlurals = "تنها آنها اینها بها انتها منتها رها الها گرانبها سلها جها مها نها ابتها خونبها شهرها"

// persianForms are the forms of verbs, joined to what they are written apart from.
var persianForms = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for s := range strings.FieldsSeq(presentStems) {
		for _, e := range []string{"م", "د", "یم", "ند", "ی", "ید"} {
			if s == "دان" && (e == "ی" || e == "ید") || s == "ده" && e == "ی" || s == "بر" && e == "ی" {
				continue // میدانی is also "of a square"
			}
			m[s+e] = true
		}
	}
	for s := range strings.FieldsSeq(pastStems) {
		for _, e := range []string{"", "م", "یم", "ید", "ند"} {
			m[s+e] = true
		}
	}
	return m
})

// persianPerfects are forms of the perfect without their non-joiner.
var persianPerfects = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for s := range strings.FieldsSeq(pastStems) {
		for _, n := range []string{"", "ن"} {
			for _, e := range []string{"ام", "ای", "ایم", "اید", "اند"} {
				if s == "آمد" && n != "" {
					s, n = "یامد", "ن"
				}
				m[n+s+"ه"+e] = n + s + "ه" + zwnj + e
			}
		}
	}
	return m
})

// compoundsOf returns the compounds of a language by how they look without the
// non-joiner.
var compoundsOf = sync.OnceValue(func() map[string]map[string]string {
	out := map[string]map[string]string{"fa": {}, "ps": {}}
	for lang, list := range map[string]string{"fa": persianCompounds, "ps": pashtoCompounds} {
		for w := range strings.FieldsSeq(list) {
			if joined := strings.ReplaceAll(w, "|", ""); joined != w {
				out[lang][joined] = strings.ReplaceAll(w, "|", zwnj)
			}
		}
	}
	return out
})

// lostNonJoiner returns how a word is written with its non-joiner, and whether that is
// the only way that is in use, as it is for verbs; "" if it lacks none.
func lostNonJoiner(w, lang string) (right string, sure bool) {
	if i := strings.Index(w, zwnj); i >= 0 { // something else in it is apart
		for _, part := range [...]string{w[:i], w[i+len(zwnj):]} {
			if right, sure := lostNonJoiner(part, lang); right != "" && strings.Count(w, zwnj) < 4 {
				return strings.Replace(w, part, right, 1), sure
			}
		}
		return "", false
	}
	compounds := compoundsOf()[lang]
	if right := compounds[w]; right != "" {
		return right, false
	}
	if lang != "fa" {
		return "", false
	}
	for _, e := range [...]string{"ای", "ی", "ها", "های", "هایی", "اش"} {
		if base, ok := strings.CutSuffix(w, e); ok && compounds[base] != "" {
			right := compounds[base] + e
			if last, _ := utf8.DecodeLastRuneInString(base); e != "ی" && !strings.ContainsRune("اآدذرزژو", last) {
				right = compounds[base] + zwnj + e
			}
			return right, false
		}
	}
	if right := persianPerfects()[w]; right != "" {
		return right, true
	}
	for _, p := range [...]string{"نمی", "می", "بازمی", "برمی", "درمی", "فرامی", "بازنمی", "برنمی", "درنمی"} {
		if rest, ok := strings.CutPrefix(w, p); ok && persianForms()[rest] {
			return p + zwnj + rest, true
		}
	}
	for _, e := range joiningParticiples {
		base, ok := strings.CutSuffix(w, e)
		if last, _ := utf8.DecodeLastRuneInString(base); ok && utf8.RuneCountInString(base) >= 3 && !strings.ContainsRune("اآدذرزژو", last) {
			return base + zwnj + e, true
		}
	}
	if base, ok := strings.CutSuffix(w, "یترین"); ok && utf8.RuneCountInString(base) >= 3 { // قدیمی‌ترین
		return base + "ی" + zwnj + "ترین", false
	}
	for _, e := range joiningPlural {
		rest, ok := strings.CutSuffix(w, e)
		if !ok || utf8.RuneCountInString(rest) < 3 || containsWord(noPlurals, rest+"ها") {
			continue
		}
		if last, _ := utf8.DecodeLastRuneInString(rest); strings.ContainsRune("اآدذرزژوۀ", last) {
			continue // it does not join, so that nothing is seen
		}
		return rest + zwnj + e, false
	}
	return "", false
}

// nonJoiners reports words of Persian and Pashto that lack their zero-width non-joiner.
// It is a note where people write it either way, and a warning where the document
// itself has such words with it.
func nonJoiners(d *document, r *report) {
	lang := d.to.lang
	if lang != "fa" && lang != "ps" || d.to.script != "Arab" {
		return
	}
	used := map[string]bool{} // words with a non-joiner, without it
	total := 0
	for i := range d.segments {
		text := d.segments[i].target.Text.Chars
		if !strings.Contains(text, zwnj) {
			continue
		}
		for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return scriptOfRune(r) == none && r != '\u200c' }) {
			if strings.Contains(strings.Trim(w, zwnj), zwnj) {
				used[strings.ReplaceAll(w, zwnj, "")] = true
				total++
			}
		}
	}
	for i := range d.segments {
		s := &d.segments[i]
		ws := wordsOf(s.target.Text.Chars)
		for k := range ws {
			w := &ws[k]
			if w.script != arabic {
				continue
			}
			sev := diag.Info
			right, sure := "", false
			end := w.end
			switch {
			case (w.text == "می" || w.text == "نمی") && lang == "fa" && k+1 < len(ws) && ws[k+1].start-w.end == 1 && persianForms()[ws[k+1].text]:
				right, end = w.text+zwnj+ws[k+1].text, ws[k+1].end
			case slices.Contains(joiningPlural, w.text) && lang == "fa" && k > 0 && w.start-ws[k-1].end == 1 && ws[k-1].script == arabic:
				right = ws[k-1].text + zwnj + w.text
			default:
				right, sure = lostNonJoiner(w.text, lang)
				if right == "" && !strings.Contains(w.text, zwnj) && used[w.text] && utf8.RuneCountInString(w.text) > 3 {
					right = "it with a non-joiner, as elsewhere in the document"
				}
			}
			if right == "" {
				continue
			}
			if total > 0 && sure || used[w.text] {
				sev = r.check.Severity
			}
			r.at = s
			r.place(0, 0, w.start, end)
			r.addFindingWithSeverity(sev, "write "+right, "%q lacks its zero-width non-joiner (U+200C)", diag.Arg("text", s.target.Text.Chars[w.start:end]))
			break
		}
	}
}
