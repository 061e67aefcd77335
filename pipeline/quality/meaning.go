package quality

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/diag"
)

// negations lists, for each language, the words that make a sentence negative. A "*"
// at the end makes a prefix: many negative words are written with one; "~" before an ending of
// verbs makes one that stands somewhere behind the beginning. The lists of
// targets are wide on purpose (words for "without", "refuse", "deny" count), since
// the finding is for a target with no negation at all.
var negations = map[string]string{
	"ru":  "не* ни* нет без* бес* вряд отказ* отриц* отверг* опроверг* запре* против* лиш* кроме перестал* прекрат* избеж* пока",
	"uk":  "не* ні* без* навряд відмов* запереч* відки* спросту* заборон* проти* позбав* окрім крім перест* припин* уник*",
	"be":  "не* ня* ні* без* бяз* наўрад адмов* адмаў* адхіл* абверг* забар* супраць* пазбав* акрамя",
	"bg":  "не* ни* ням* без* отказ* отрич* отхвър* опроверг* забран* против* освен",
	"sr":  "ne* ni* bez* не* ни* без* odbi* одби* protiv* против* osim осим",
	"de":  "nicht* kein* nie* nichts ohne weder noch un* weiger* lehn* ablehn* verweiger* bestr* kaum außer",
	"fr":  "ne n pas jamais sans non aucun* ni rien personne plus refus* rejet* in* im*",
	"es":  "no nunca nadie nada sin jamás tampoco ni ningún* negó niega* rechaz* in* im* des*",
	"mk":  "не* ни* нема* без* одби* негира* против* освен",
	"hu":  "nem* ne nincs* sem* soha* senki* semmi* sehol* nélkül* tilos tagad* cáfol* elutasít* megtagad* visszautasít* tilt* hiány* elmarad* képtelen*",
	"ro":  "nu n nici* niciodată fără ne* in* im* refuz* neag* respin* interzi* nimeni nimic*",
	"sq":  "nuk s mos pa asnjë* askush askë* kurrë jo moh* refuz* kundërsht* pa*",
	"hy":  "չ* ոչ* ան* առանց երբեք մի հերք* մերժ* հրաժար*",
	"it":  "non né mai nessun* niente nulla senza rifiut* nega* in* im*",
	"pt":  "não nunca jamais ninguém nada sem nem nenhum* recus* neg* in* im* des*",
	"pl":  "nie* ni* bez* odm* zaprzecz* odrzuc* zabr* nikt żad*",
	"cs":  "ne* ni* bez* odm* popř* zak*",
	"ka":  "არ* ვერ* ნუ* უ* გარეშე",
	"fa":  "نه نمی* نیست* نبود* ندار* نداشت* نخواه* نخواست* نشد* نشو* نکرد* نکن* نباید نبای* نتوان* نداد* نده* نگفت* نگوی* نرفت* نرو* نیام* نیاور* نیاف* نبرد* نبر* نزد* نگرفت* نگیر* نگذاشت* نگذار* نرسید* نپذیر* نماند* نمان* ندید* ندان* ندانست* نساخت* ننوشت* نخوان* نتوانست* هرگز هیچ* بدون بی* غیر* عدم رد انکار* تکذیب* خودداری* مخالف* ممنوع* امتناع* لغو مانع* ناتوان* فاقد",
	"ps":  "نه* ونه* نۀ نشي نشو* نده نسته نشته نلري نلر* نکړ* نکو* ندي ندو* ندا* نو نوو مه بې* هیڅ* هېڅ* پرته رد نا* انکار* مخالف*",
	"tg":  "на* не нест* ҳеҷ* бе* ғайри* рад инкор* манъ* бидуни",
	"kk":  "емес* жоқ* ешқашан ешбір ешкім* еш* бас* ~ма ~ме ~ба ~бе ~па ~пе ~сыз ~сіз",
	"ky":  "эмес* жок* эч ~бе ~бы ~бай ~ба ~бе ~бо ~бө ~па ~пе ~по ~пө ~сыз ~сиз ~суз ~сүз",
	"tt":  "түгел* юк* беркайчан һич* бер ~ма ~мә ~мый ~ми ~сыз ~сез",
	"ba":  "түгел* юҡ* бер һис* ~ма ~мә ~май ~мәй ~һыҙ ~һеҙ",
	"uz":  "emas* yoʻq* yo‘q* yo'q* hech* rad ~ma ~siz",
	"az":  "deyil* yox* heç* rədd* inkar* ~ma ~mə ~mı ~mi ~mu ~mü ~sız ~siz ~suz ~süz",
	"tr":  "değil* yok* hiç* asla ne red* inkâr* inkar* ~ma ~me ~mı ~mi ~mu ~mü ~sız ~siz ~suz ~süz",
	"tk":  "däl* ~me ~mad ~med ~ma ýok* hiç* ret ~ma ~me ~man ~män ~syz ~siz",
	"crh": "degil* yoq* iç* red* ~ma ~me ~mı ~mi ~mu ~mü ~sız ~siz ~suz ~süz",
	"ar":  "لا لم لن ليس* غير* دون بدون ما عدم بلا كلا أبدا* قط رفض* يرفض* نفى* ينفي ولا ولم ولن وليس* فلا فلم ألا لست* امتنع* منع*",
	"nl":  "niet* geen* nooit niets niemand zonder noch on* weiger* ontken* nergens",
	"sv":  "inte ej icke aldrig ing* utan vägra* o* varken",
	"da":  "ikke ej aldrig ing* uden nægt* u* hverken",
	"nb":  "ikke ei aldri ing* uten nekt* u* verken",
	"fi":  "ei* en et emme ette eivät älä* ilman kieltäyty* ~ton ~tön ~matta ~mättä",
	"et":  "ei* mitte pole* ära* ilma kunagi keeld* ~mata",
	"lv":  "ne* nav* nebij* bez* nekad",
	"lt":  "ne* nė* be*",
	"sk":  "ne* nie* ni* bez* odm*",
	"sl":  "ne* ni* brez* zavr* zanik*",
	"el":  "δεν δε μη* όχι ποτέ κανέν* κανείς χωρίς αρν* α* ούτε",
	"he":  "לא אין אינ* בלי ללא אל מעולם שום סירב* אף",
	"ca":  "no mai ningú res sense tampoc ni cap neg* rebutj* in* des*",
}

var negationsByLang = sync.OnceValue(func() map[string][]string {
	m := map[string][]string{}
	for lang, list := range negations {
		m[lang] = strings.Fields(list)
	}
	for _, lang := range []string{"hr", "bs", "cnr", "sh"} {
		m[lang] = m["sr"]
	}
	return m
})

// negationOf returns the word that makes an English text negative, "" if there is none.
func negationOf(s *sourceText) string {
	if s.from.lang != "en" || len(s.srcWords) < 3 || strings.Contains(s.src, "?") {
		return ""
	}
	found := ""
	for i := range s.srcWords {
		w := strings.ReplaceAll(s.srcWords[i].lower(), "’", "'")
		switch {
		case w == "not" || w == "never":
			if i+1 < len(s.srcWords) {
				if next := s.srcWords[i+1].lower(); next == "only" || next == "just" || next == "least" {
					continue
				}
			}
			// A question ("why not", "or not") and an isolated not negate no verb.
			if i == 0 || s.srcWords[i-1].lower() == "or" || s.srcWords[i-1].lower() == "why" {
				continue
			}
			found = w
		case strings.HasSuffix(w, "n't") || w == "cannot":
			found = w
		}
	}
	return found
}

// negationLost reports a target without any negation for an English source whose
// verb is negated by "not" or "never".
func negationLost(s *segment, r *report) {
	found, list := s.srcNegation, negationsByLang()[s.to.lang]
	if found == "" || list == nil {
		return
	}
	for i := range s.tgtWords {
		w := s.tgtWords[i].lower()
		for _, part := range strings.FieldsFunc(w, isQuoteLike) {
			for _, n := range list {
				if infix, ok := strings.CutPrefix(n, "~"); ok { // of the verb, behind its stem
					if i := strings.Index(part, infix); i > 1 || i >= 0 && strings.Contains(part[i+len(infix):], infix) {
						return
					}
					continue
				}
				if p, ok := strings.CutSuffix(n, "*"); part == n || ok && strings.HasPrefix(part, p) {
					return
				}
			}
		}
	}
	r.addFinding("compare it with the source", "the source has %q, the translation has no negation", diag.Arg("found", found))
}

func isQuoteLike(r rune) bool { return r == '\'' || r == '’' }

// knownNames are names of people that news texts have often, each with at least
// three consonants, so that the skeleton does not fit ordinary words.
var knownNames = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for _, n := range strings.Fields("Trump Biden Putin Merkel Clinton Johnson Zelensky Navalny Medvedev Lukashenko Blinken Lavrov Poroshenko Pashinyan Nazarbayev Mirziyoyev Stalin Gorbachev Kadyrov Prigozhin Erdogan Orban " +
		"Macron Obama Sarkozy Sunak Starmer Tillerson Stoltenberg Guterres Churchill Brezhnev Saakashvili Bolsonaro") {
		m[skeleton(n)] = n
	}
	return m
})

// moreNames are names of people like knownNames whose skeletons other words have, or that
// are spelled otherwise elsewhere. They are compared by their sounds, and are found in a
// source only as they stand here.
var moreNames = sync.OnceValue(func() map[string]bool {
	return wordSet("Scholz Hollande Netanyahu Khamenei Rouhani Pompeo Thatcher Reagan Nixon Roosevelt Yeltsin Khrushchev Tokayev Karzai Trudeau Maduro Zuckerberg Snowden Assange Kaczynski Meloni")
})

// shortNames are known names of few sounds as scripts without capitals, and Armenian,
// spell them. An ending of case may stand behind them.
var shortNames = map[string]string{
	"بایدن": "Biden", "بايدن": "Biden", "بائیڈن": "Biden", "ბაიდენ": "Biden", "բայդեն": "Biden", "ביידן": "Biden",
	"پوتین": "Putin", "پوتين": "Putin", "پوٹن": "Putin", "بوتين": "Putin", "پوټین": "Putin", "პუტინ": "Putin", "պուտին": "Putin", "פוטין": "Putin",
	"اوباما": "Obama", "أوباما": "Obama", "اوبامہ": "Obama", "ობამა": "Obama", "օբամա": "Obama", "אובמה": "Obama",
	"سوناک": "Sunak", "سونک": "Sunak", "سوناك": "Sunak", "სუნაკ": "Sunak", "սունակ": "Sunak", "סונאק": "Sunak",
}

// latinConsonants gives the consonants of Cyrillic letters in Latin, so that a name
// and its transliteration have one skeleton; hushing sounds are written plain.
var latinConsonants = strings.NewReplacer("дж", "j", "б", "b", "в", "v", "г", "g", "ґ", "g", "д", "d", "ж", "z", "з", "z", "к", "k", "л", "l", "м", "m",
	"н", "n", "п", "p", "р", "r", "с", "s", "т", "t", "ф", "f", "ц", "c", "ч", "c", "ш", "s", "щ", "s", "ў", "v", "џ", "j", "ђ", "j", "љ", "l", "њ", "n",
	"ks", "x", "š", "s", "ž", "z", "č", "c", "ć", "c", "w", "v", "ğ", "g", "ph", "f")

// skeleton is the consonants of a name in Latin letters, doubled ones once.
func skeleton(name string) string {
	var b []byte
	for _, c := range []byte(latinConsonants.Replace(strings.ToLower(name))) {
		if c < 'a' || c > 'z' || strings.IndexByte("aeiouyh", c) >= 0 {
			continue
		}
		if c == 'c' {
			c = 'k'
		}
		if len(b) == 0 || b[len(b)-1] != c {
			b = append(b, c)
		}
	}
	return string(b)
}

// nameEndings are what case and number add behind the last consonant of a name.
var nameEndings = append([]string{""}, strings.Fields("а у ом ем е и ы ой ою ої ому ого им ым ами ах ові ем я ю єм єві ей в ов ів м s a u om em e i y ia ul ului nak t")...)

// longestNameEnding is the length of the longest of nameEndings.
const longestNameEnding = 4

// knownName returns the known name that a word is a form of, or "".
func knownName(w string) string {
	first, _ := utf8.DecodeRuneInString(w)
	if !unicode.IsUpper(first) {
		return ""
	}
	for end, letters := len(w), 0; end > 0 && letters <= longestNameEnding+1; letters++ {
		if slices.Contains(nameEndings, strings.ToLower(strings.TrimLeft(w[end:], "'’"))) {
			if n := knownNames()[skeleton(w[:end])]; n != "" && sameVowels(n, w[:end]) {
				return n
			}
		}
		_, size := utf8.DecodeLastRuneInString(w[:end])
		end -= size
	}
	return ""
}

// sameVowels reports whether a name and a transliteration both begin with a vowel, or
// both with a consonant, and have as many syllables before the last consonant.
func sameVowels(name, w string) bool {
	n, nameFirst := syllables(name)
	m, first := syllables(w)
	return n == m && nameFirst == first
}

// syllables counts the runs of vowels that have a consonant behind them.
func syllables(w string) (n int, vowelFirst bool) {
	inside := false
	for i, r := range strings.ToLower(w) {
		vowel := strings.ContainsRune("aeiouyáéíóúаеиоуыэюяєіїёй", r)
		if vowel && i == 0 {
			vowelFirst = true
		}
		if inside && !vowel {
			n++
		}
		inside = vowel
	}
	return n, vowelFirst
}

// namesChanged reports a person's name in the source for which the target has another
// one.
func namesChanged(s *segment, r *report) {
	if replacedName(s, r) {
		return
	}
	source := s.srcNames
	if len(source) == 0 {
		return
	}
	var target []string
	places := map[string]word{}
	named := make([]string, len(s.tgtWords)) // the known name that a word is
	for i := range s.tgtWords {
		n := ""
		if s.to.script == "Latn" || s.to.script == "Cyrl" {
			n = knownName(s.tgtWords[i].text)
		}
		if n == "" {
			n = s.knownBySound(&s.tgtWords[i])
		}
		if n != "" {
			target = append(target, n)
			places[n] = s.tgtWords[i]
			named[i] = n
		}
	}
	for _, lost := range source {
		if slices.Contains(target, lost) || s.soundsInTarget(lost, named) {
			continue
		}
		for _, added := range target {
			if w := places[added]; !slices.Contains(source, added) {
				r.place(0, 0, w.start, w.end)
				r.addFinding("use the name of the source", "the source has the name %q, the translation %q", diag.Arg("name", lost), diag.Arg("text", w.text))
				return
			}
		}
	}
}

// knownSounds are the sounds of the names that knownBySound finds: those that no other
// word is likely to have.
var knownSounds = sync.OnceValue(func() map[string][]sound {
	m := map[string][]sound{}
	add := func(n string) {
		if got := appendSounds(nil, strings.ToLower(n)); weight(got) >= 4 {
			m[n] = got
		}
	}
	for _, n := range knownNames() {
		add(n)
	}
	for n := range moreNames() {
		add(n)
	}
	return m
})

// knownBySound returns the known name that a word of the target sounds like, or "".
func (s *segment) knownBySound(w *word) string {
	if w.script != s.to.written || s.to.cased() && !capitalized(w.text) {
		return ""
	}
	low := w.lower()
	for end, letters := len(low), 0; end > 0 && letters <= longestNameEnding; letters++ {
		if n := shortNames[low[:end]]; n != "" && (letters == 0 || w.script != arabic) {
			return n
		}
		_, size := utf8.DecodeLastRuneInString(low[:end])
		end -= size
	}
	var room [maxSounds]sound
	got := appendSounds(room[:0], low)
	best, name := float32(0.09), ""
	for n, want := range knownSounds() {
		if d := soundDistance(want, got); d < best || d == best && n < name {
			best, name = d, n
		}
	}
	return name
}

// soundsInTarget reports whether a word of the target may be a form of a name. named has
// the known name that each word is, which is no form of another one.
func (s *segment) soundsInTarget(name string, named []string) bool {
	want := appendSounds(nil, strings.ToLower(name))
	var room [maxSounds]sound
	for i := range s.tgtWords {
		if named[i] == "" && alike(want, appendSounds(room[:0], s.tgtWords[i].lower())) {
			return true
		}
	}
	return false
}

// capitals reports a text of which only the source or only the target is in capitals.
func capitals(s *segment, r *report) {
	from := s.srcCapitals
	if from == 0 {
		return
	}
	to := allCapitals(s.tgtWords)
	switch {
	case from == 1 && to == -1:
		r.addFinding("", "the source is in capitals, the translation is not")
	case from == -1 && to == 1:
		r.addFinding("", "the translation is in capitals, the source is not")
	}
}

// allCapitals returns 1 for words all in capitals, -1 for words of which most begin
// with a small letter, 0 if there are too few words or no such letters.
func allCapitals(words []word) int {
	upper, lower := 0, 0
	for i := range words {
		text := words[i].text
		if s := words[i].script; s == arabic || s == hebrew || utf8.RuneCountInString(text) < 3 {
			continue // of letters without case
		}
		changes, cased := false, false // when it is written in capitals; in lower case
		for i, r := range text {
			c := characterOf(r)
			if c.upper != r || r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd") {
				changes = true
				break
			}
			cased = cased || c.lower != r
		}
		switch {
		case changes:
			lower++
		case cased:
			upper++
		}
	}
	switch {
	case upper >= 3 && lower == 0:
		return 1
	case lower >= 3 && upper <= lower/3: // some abbreviations
		return -1
	}
	return 0
}
