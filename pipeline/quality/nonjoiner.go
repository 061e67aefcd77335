package quality

import (
	"maps"
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
	presentStems = "کن گوی شو رو آی دان خواه توان باش رس گیر دار بین ده بر گذار ساز زن کش نویس خوان شناس پرداز آور یاب خور انداز پذیر پرس مان گذر گرد اندیش کوش جنگ ترس فروش خر نشین ایست افزای کاه آموز بخش فرست پوش سوز رسان گردان خوران پوشان ترسان چرخان سوزان نشان کشان افت نام گذران بار شنو ریز سنج خند نگر شکن چین لرز کوب گنج پسند سپار ستیز پیوند گریز خیز بلع"
	pastStems    = "کرد گفت شد رفت آمد دانست خواست توانست رسید گرفت داشت دید داد برد گذاشت ساخت زد کشید نوشت خواند شناخت پرداخت آورد یافت خورد انداخت پذیرفت پرسید ماند گذشت گشت کوشید جنگید ترسید فروخت خرید نشست ایستاد افزود کاست آموخت بخشید فرستاد پوشید سوخت بود کشت افتاد مرد شنید ریخت گذراند نامید بارید پیوست سپرد شکست بست چید سنجید خندید دوید پرید گریخت لرزید"
)

// Compounds, with | for the non-joiner.
const (
	persianCompounds = "بی|بی|سی رئیس|جمهور نخست|وزیر سه|شنبه پنج|شنبه چهارشنبه|سوری دست|کم پیش|بینی عقب|نشینی هم|چنان گفت|وگو گفت|وگوها جست|وجو شست|وشو خلع|سلاح آتش|بس هیچ|کس هیچ|گونه هیچ|یک بین|المللی پیش|نویس قانون|گذاری شبه|نظامی هم|زمان صلح|آمیز غیرقانونی|ها پناه|جو پناه|جویان رأی|گیری آتش|سوزی به|ویژه به|دلیل به|عنوان به|رغم بی|سابقه بی|نظیر همه|پرسی توافق|نامه قطع|نامه موافقت|نامه پیش|نیاز جامعه|شناس روان|شناس شرکت|کنندگان رأی|دهندگان خشونت|آمیز به|سرعت به|زودی به|تازگی به|طور به|شدت به|خصوص به|خوبی به|تدریج به|علاوه به|ندرت به|هیچ|وجه به|نظر به|خاطر چشم|انداز روزنامه|نگار روزنامه|نگاران گلوله|باران سیل|زده بی|معنا بی|گناه بی|پایان بی|تردید بی|شمار آن|که این|که سانتی|متر میلی|متر فوق|العاده بین|الملل بن|بست زمین|لرزه پس|لرزه هم|تیمی هم|وطن هم|وطنان هم|پیمان هم|پیمانان خوش|بین خوش|شانس بد|بین هلی|کوپتر فن|آوری بنیان|گذار بنیان|گذاران دروازه|بان دوچرخه|سوار گلف|باز شبانه|روزی میان|دوره|ای خانه|دار نیمه|نهایی پیش|شرط پیش|فصل پیش|رفت عقب|ماندگی عقب|مانده کلان|شهر محافظه|کار محافظه|کاران محافظه|کارانه کهنه|کار تازه|کار بی|خانمان وب|سایت وب|سایتش تک|تیرانداز راه|آهن علی|رغم هر|چند این|گونه آن|گونه همین|طور این|طور بی|پایه بی|اعتمادی بی|فایده بی|عدالتی بی|طرفی بی|طرف بی|ثمر بی|جان بی|ادبی بی|میلی بی|رحم بی|رحمانه بی|نتیجه بی|اساس بی|خبر بی|کفایتی بی|ثباتی بی|ثبات بی|وقفه کم|فشار کم|خوابی کم|درآمد پر|درآمد لس|آنجلس لاس|وگاس"
	pashtoCompounds  = "بي|بي|سي سه|شنبه پنج|شنبه بې|ځایه بې|کاره بې|وزله"
)

// joiningPlural has the endings that stand behind a non-joiner.
var joiningPlural = []string{"ها", "های", "هایی", "هایش", "هایشان", "هایم", "هایمان", "هایت", "هایتان"}

// joiningParticiples are participles that make compounds with a non-joiner.
var joiningParticiples = []string{"یافته", "کننده", "کنندگان", "دهنده", "دهندگان", "شونده", "گرفته", "شده", "شدهٔ", "ساله"}

// compoundSuffixes are endings of compounds.
var compoundSuffixes = []string{"ای", "ی", "ها", "های", "هایی", "اش"}

// verbPrefixes are prefixes of verbs behind which a non-joiner stands.
var verbPrefixes = []string{"نمی", "می", "بازمی", "برمی", "درمی", "فرامی", "بازنمی", "برنمی", "درنمی"}

// joinedEnds are second parts of words that are written behind a non-joiner.
var joinedEnds = []string{"ترین", "تر", "خواهان", "خواه", "گذاری", "بخش", "طلبان", "طلب", "طلبی", "طلبانه", "افزار", "رسانی", "گیری", "پذیری", "سازی", "اش", "شان", "مان"}

// perfectEndings are the endings of the perfect.
var perfectEndings = []string{"ام", "ای", "ایم", "اید", "اند"}

// joiningEnds tells which words may have one of the endings above: nearly all others are
// not compared with them. An ending of a single letter is not in it.
var joiningEnds = sync.OnceValue(func() *[1 << 12]bool {
	var t [1 << 12]bool
	for _, list := range [][]string{compoundSuffixes, joiningParticiples, joiningPlural, joinedEnds, perfectEndings} {
		for _, e := range list {
			if last, before, ok := lastTwo(e); ok {
				t[pairHash(last, before)] = true
			}
		}
	}
	return &t
})

// noPlurals are words that end like plurals and are none, or are written together.
const noPlurals = "تنها آنها اینها بها انتها منتها رها الها گرانبها سلها جها مها نها ابتها خونبها شهرها فارنها وایتها مکینها"

// persianForms are the forms of verbs, joined to what they are written apart from.
var persianForms = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for s := range strings.FieldsSeq(presentStems) {
		if s == "توان" {
			m[s] = true // impersonal
		}
		for _, e := range []string{"م", "د", "یم", "ند", "ی", "ید"} {
			if s == "دان" && (e == "ی" || e == "ید") || s == "ده" && e == "ی" || s == "بر" && e == "ی" {
				continue // میدانی is also "of a square"
			}
			m[s+e] = true
		}
	}
	for s := range strings.FieldsSeq(pastStems) {
		for _, e := range []string{"", "م", "یم", "ید", "ند", "ه"} {
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
			for _, e := range perfectEndings {
				if s == "آمد" && n != "" {
					s, n = "یامد", "ن"
				}
				m[n+s+"ه"+e] = n + s + "ه" + zwnj + e
			}
		}
	}
	return m
})

// silentHe are words in a silent he, behind which the article and the pronouns stand apart:
// هسته‌ای, خانواده‌اش. Written in one word they look like plurals.
const silentHe = "دروازه دوچرخه هسته حرفه بیانیه منطقه مصاحبه گسترده زنجیره ایده دهه شیوه مجموعه زمینه گونه مقاله برنامه رسانه ضربه توسعه تجربه وسیله خاطره گزینه نمونه هزینه خانواده نامه جامعه حمله پروژه مسئله رابطه جلسه کارخانه روزنامه شبکه پایه سرمایه دوره مرحله هفته لحظه چهره واژه جمله قطعه پرونده بهانه نتیجه نظریه فاجعه حادثه انگیزه وعده نقطه نکته اتحادیه بودجه دریاچه محله مدرسه کنگره مبارزه اندازه معامله مقدمه اشاره آینده پیچیده فزاینده برجسته کننده توطئه ترانه خانه پیشینه دانشکده گلخانه رایانه قاره جزیره تخته پرده صفحه ستاره سیاره محموله علاقه اجازه چاره قاعده ماده عده عمده ویژه تازه زنده آماده خسته بسته ساده ماهواره مبادله مذاکره مناظره معاهده مطالعه مداخله محاصره محاکمه مجسمه مزرعه نشانه هدیه همسایه پنجره پدیده پشتوانه سابقه شعبه شماره صحنه ضمیمه طایفه طبقه عرصه فاصله قبیله قصه کارنامه"

// compoundEnds are the second parts of compounds that hardly stand for themselves.
const compoundEnds = "ریزی گذاری گذار گذاران خواه خواهان خواهی خواهانه سازی گیری اندازی برداری رسانی پذیر پذیری ناپذیر آمیز آور افزار افزاری افزارهای دهنده دهندگان کننده کنندگان نویسی نویسان نگاری شناسی شناسان پردازی زدایی بندی سنجی یابی فروشی داری گرایی گرایانه طلب طلبان طلبی نشینی پرسی آموز آموزان آوری آفرین"

// wordEnds are second parts of compounds that are words of their own, too: behind a
// silent he they are joined to nothing.
const wordEnds = "دار داران باز بازی بازان طلبانه افزار"

// noComparatives are words in تر that are no comparatives, or are written together.
const noComparatives = "داکتر دفتر دختر دکتر بستر خاکستر کمتر بیشتر بهتر مهتر کهتر متر سانتیمتر کیلومتر میلیمتر لیتر توییتر تویتر تیتر فیلتر تئاتر چتر شتر کفتر مستر پستر ارتر پیتر کلینتر انتر سنتر هیتر پرینتر آنتر کانتر هانتر وینتر لتر بتر ماستر منچستر روچستر لستر وبستر اکستر پوستر کاستر فاستر گلوستر ورستر مانیتر بسکتر مشتر آمستر هیپستر گنگستر لابستر اینستر ترنسمیتر"

// persianParts has the lists of parts of words as sets.
var persianParts = sync.OnceValue(func() (parts struct{ compoundEnds, wordEnds, silentHe, silentHeEnds, noComparatives, noPlurals map[string]bool }) {
	parts.compoundEnds, parts.noComparatives, parts.noPlurals = wordSet(compoundEnds), wordSet(noComparatives), wordSet(noPlurals)
	parts.wordEnds = wordSet(wordEnds)
	parts.silentHe, parts.silentHeEnds = wordSet(silentHe), wordSet("بان بانان سوار سواران ای اش ام ات ایم")
	return parts
})

// maxCompound is the length in bytes of the longest word that is read as a compound.
const maxCompound = 200

// lostInCompound returns how a word is written of which a part that stands apart is joined
// to the one before it; "" if there is none. ending reports whether the word may end in
// one of joinedEnds.
func lostInCompound(w string, ending bool) string {
	if len(w) > maxCompound {
		return ""
	}
	for i, r := range w {
		if r != 'آ' && r != 'ه' || i < 4 {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(w[:i])
		if r == 'آ' && i > 4 && !strings.ContainsRune("اآدذرزژوأء", before) && !strings.Contains(w, "رآن") && !strings.HasPrefix(w, "الآن") && !strings.HasPrefix(w, "مآ") && !strings.HasPrefix(w, "منشآ") { // دانشآموز
			return w[:i] + zwnj + w[i:]
		}
		if r != 'ه' || i+len("ه") == len(w) {
			continue
		}
		pronounced := strings.ContainsRune("اوآ", before) || strings.HasPrefix(w, "نگه")
		if rest := w[i+len("ه"):]; (persianParts().compoundEnds[rest] || persianParts().wordEnds[rest]) && !pronounced || rest == "ای" && endsInParticiple(w[:i]) || persianParts().silentHeEnds[rest] && persianParts().silentHe[w[:i]+"ه"] {
			return w[:i] + "ه" + zwnj + rest
		}
	}
	if !ending {
		return ""
	}
	for _, e := range joinedEnds {
		base, ok := strings.CutSuffix(w, e)
		if !ok {
			continue
		}
		last, _ := utf8.DecodeLastRuneInString(base)
		n := utf8.RuneCountInString(base)
		if n < 3 || strings.ContainsRune("اآدذرزژو", last) {
			continue
		}
		switch e {
		case "تر", "ترین":
			if persianParts().noComparatives[base+"تر"] || base == "دک" || e == "تر" && (n < 3 || last == 'ی' && n < 5 || last == 'س') {
				continue
			}
		case "اش", "شان", "مان":
			if last != 'ی' || n < 4 || base == "پری" || base == "دروی" || base == "سلی" || strings.HasSuffix(base, "الی") {
				continue
			}
		case "خواه", "بخش", "طلب", "گیری", "سازی", "رسانی":
			if n < 4 {
				continue
			}
		}
		return base + zwnj + e
	}
	return ""
}

// endsInParticiple reports whether a word, without its he, ends in the participle of a
// verb that makes compounds.
func endsInParticiple(w string) bool {
	return strings.HasSuffix(w, "کنند") || strings.HasSuffix(w, "دهند") || strings.HasSuffix(w, "شوند")
}

// lostBetween returns how two words are written that are one with a non-joiner between its
// parts: "شده اند", "هسته ای", "برنامه ریزی"; "" if they are two.
func lostBetween(a, b string) string {
	if a != "بی" && !secondParts()[b] {
		return ""
	}
	last, _ := utf8.DecodeLastRuneInString(a)
	compound := compoundsOf()["fa"][a+b]
	switch {
	case len(compound) == len(a)+len(zwnj)+len(b) && strings.HasPrefix(compound[len(a):], zwnj):
	case (b == "ای" || b == "اند" || b == "ام" || b == "ایم" || b == "اید" || b == "اش") && last == 'ه' && utf8.RuneCountInString(a) >= 3:
	case b == "اش" && last == 'ی' && utf8.RuneCountInString(a) >= 4:
	case (b == "تر" || b == "ترین") && utf8.RuneCountInString(a) >= 3:
	case a == "بی" && b != "بی" && b != "سی" && utf8.RuneCountInString(b) >= 3:
	case persianParts().compoundEnds[b] && utf8.RuneCountInString(a) >= 2 && last != 'ی' || last == 'ی' && (b == "خواه" || b == "خواهان"):
	default:
		return ""
	}
	return a + zwnj + b
}

// secondParts are the words that lostBetween may join to any word before them.
var secondParts = sync.OnceValue(func() map[string]bool {
	m := wordSet("ای اند ام ایم اید اش تر ترین خواه خواهان")
	maps.Copy(m, persianParts().compoundEnds)
	for _, w := range compoundsOf()["fa"] {
		if _, second, ok := strings.Cut(w, zwnj); ok {
			m[second] = true
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
// the only way that is in use, as it is for verbs; "" if it lacks none. compounds are those
// of the language.
func lostNonJoiner(w, lang string, compounds map[string]string) (right string, sure bool) {
	if i := strings.Index(w, zwnj); i >= 0 { // something else in it is apart
		for _, part := range [...]string{w[:i], w[i+len(zwnj):]} {
			if right, sure := lostNonJoiner(part, lang, compounds); right != "" && strings.Count(w, zwnj) < 4 {
				return strings.Replace(w, part, right, 1), sure
			}
		}
		return "", false
	}
	if right := compounds[w]; right != "" {
		return right, false
	}
	if lang != "fa" {
		return "", false
	}
	last, before, two := lastTwo(w)
	ending := two && joiningEnds()[pairHash(last, before)]
	if ending || last == 'ی' {
		for _, e := range compoundSuffixes {
			if base, ok := strings.CutSuffix(w, e); ok && compounds[base] != "" {
				right := compounds[base] + e
				if last, _ := utf8.DecodeLastRuneInString(base); e != "ی" && !strings.ContainsRune("اآدذرزژو", last) {
					right = compounds[base] + zwnj + e
				}
				return right, false
			}
		}
	}
	if ending {
		if right := persianPerfects()[w]; right != "" {
			return right, true
		}
	}
	if strings.Contains(w, "می") {
		for _, p := range verbPrefixes {
			if rest, ok := strings.CutPrefix(w, p); ok && persianForms()[rest] {
				return p + zwnj + rest, true
			}
		}
	}
	if ending {
		if right, sure := lostBeforeEnding(w); right != "" {
			return right, sure
		}
	}
	return lostInCompound(w, ending), false
}

// lostBeforeEnding returns how a word is written of which a participle or the ending of a
// plural or superlative is joined to what stands before it; "" if there is none.
func lostBeforeEnding(w string) (right string, sure bool) {
	for _, e := range joiningParticiples {
		base, ok := strings.CutSuffix(w, e)
		if !ok {
			continue
		}
		if last, _ := utf8.DecodeLastRuneInString(base); utf8.RuneCountInString(base) >= 3 && !strings.ContainsRune("اآدذرزژو", last) {
			return base + zwnj + e, true
		}
	}
	if base, ok := strings.CutSuffix(w, "یترین"); ok && utf8.RuneCountInString(base) >= 3 { // قدیمی‌ترین
		return base + "ی" + zwnj + "ترین", false
	}
	for _, e := range joiningPlural {
		rest, ok := strings.CutSuffix(w, e)
		if !ok || utf8.RuneCountInString(rest) < 3 || persianParts().noPlurals[rest+"ها"] {
			continue
		}
		if last, _ := utf8.DecodeLastRuneInString(rest); strings.ContainsRune("اآدذرزژوۀ", last) {
			continue // it does not join, so that nothing is seen
		}
		return rest + zwnj + e, false
	}
	return "", false
}

// joinedPlural reports whether a word ends in a plural that may be joined: the Academy
// allows both unless the word ends in a silent he.
func joinedPlural(w string) bool {
	for _, e := range joiningPlural {
		if rest, ok := strings.CutSuffix(w, e); ok && utf8.RuneCountInString(rest) >= 3 && !strings.HasSuffix(rest, "ه") {
			return true
		}
	}
	return false
}

// joinedWords are the words of a document that have a non-joiner within, as they are
// without it, and how many there are of them, repeated ones counted again.
type joinedWords struct {
	words map[string]bool
	total int
}

// joinedWordsOf finds the words with a non-joiner in the targets of a document.
func joinedWordsOf(d *document) *joinedWords {
	j := &joinedWords{words: map[string]bool{}}
	for i := range d.segments {
		text := d.segments[i].target.Text.Chars
		if !strings.Contains(text, zwnj) {
			continue
		}
		for at := 0; ; { // the words around non-joiners
			k := strings.Index(text[at:], zwnj)
			if k < 0 {
				break
			}
			from, to := wordAround(text, at, at+k)
			if w := text[from:to]; strings.Contains(strings.Trim(w, zwnj), zwnj) {
				j.words[strings.ReplaceAll(w, zwnj, "")] = true
				j.total++
			}
			at = to
		}
	}
	return j
}

// wordAround returns the beginning, not before least, and the end of the run of letters
// and non-joiners around a byte offset.
func wordAround(text string, least, at int) (from, to int) {
	apart := func(r rune) bool { return scriptOfRune(r) == none && r != '\u200c' }
	for from = at; from > least; {
		r, n := utf8.DecodeLastRuneInString(text[least:from])
		if apart(r) {
			break
		}
		from -= n
	}
	for to = at; to < len(text); {
		r, n := utf8.DecodeRuneInString(text[to:])
		if apart(r) {
			break
		}
		to += n
	}
	return from, to
}

// nonJoiners reports words of Persian and Pashto that lack their zero-width non-joiner.
// It is a note where people write it either way, and a warning where the document
// itself has such words with it.
func nonJoiners(s *segment, r *report) {
	lang := s.to.lang
	if lang != "fa" && lang != "ps" || s.to.script != "Arab" {
		return
	}
	if r.joined == nil {
		r.joined = joinedWordsOf(r.document)
	}
	used, compounds := r.joined.words, compoundsOf()[lang]
	text := s.target.Text.Chars
	ws := s.tgtWords
	if s.tgt != text { // with addresses and placeholders
		ws = appendWords(nil, text, &r.document.words)
	}
	for k := range ws {
		w := &ws[k]
		if w.script != arabic {
			continue
		}
		sev := diag.Info
		right, sure := "", false
		end := w.end
		besides := lang == "fa" && k > 0 && w.start-ws[k-1].end == 1 && ws[k-1].script == arabic // the word before
		switch {
		case (w.text == "می" || w.text == "نمی") && lang == "fa" && k+1 < len(ws) && ws[k+1].start-w.end == 1 && persianForms()[ws[k+1].text]:
			right, end = w.text+zwnj+ws[k+1].text, ws[k+1].end
		case besides && slices.Contains(joiningPlural, w.text):
			right = ws[k-1].text + zwnj + w.text
		default:
			if besides && text[ws[k-1].end] == ' ' {
				right = lostBetween(ws[k-1].text, w.text)
			}
			if right == "" {
				right, sure = lostNonJoiner(w.text, lang, compounds)
			}
			if right == "" && len(used) > 0 && used[w.text] && !strings.Contains(w.text, zwnj) && utf8.RuneCountInString(w.text) > 3 {
				right = "it with a non-joiner, as elsewhere in the document"
			}
		}
		if right == "" {
			continue
		}
		if r.joined.total > 0 && sure || used[w.text] && !joinedPlural(w.text) && !persianParts().noPlurals[w.text] && !persianParts().noComparatives[w.text] {
			sev = r.check.Severity
		}
		if !showsNonJoiner(right) {
			sev = diag.Info
		}
		r.place(0, 0, w.start, end)
		r.addFindingWithSeverity(sev, "write "+right, "%q lacks its zero-width non-joiner (U+200C)", diag.Arg("text", text[w.start:end]))
		break
	}
}

// showsNonJoiner reports whether a reader sees one of the non-joiners of a word: none
// behind a letter that joins to no other, as in بردهای. It reports true for a text without.
func showsNonJoiner(word string) bool {
	parts := strings.Split(word, zwnj)
	for _, p := range parts[:len(parts)-1] {
		if last, _ := utf8.DecodeLastRuneInString(p); !strings.ContainsRune("اآدذرزژوإأؤړډ", last) {
			return true
		}
	}
	return len(parts) == 1
}
