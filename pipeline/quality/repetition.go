package quality

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/diag"
)

func doubledWords(s *segment, r *report) {
	if i := doubledWord(s.tgt, s.tgtWords, s.to.lang); i >= 0 && doubledWord(s.src, s.srcWords, s.from.lang) < 0 && !(letterName(s.tgtWords[i].text) && doublesLetter(s.srcWords)) {
		sev := r.check.Severity
		if _, often := reduplicates(s.to.lang); often {
			sev = diag.Info
		}
		r.addFindingWithSeverity(sev, "delete one", "%q stands twice", diag.Arg("text", s.tgtWords[i].text))
	} else if i := repeatedText(s.tgtWords); i > 0 && repeatedText(s.srcWords) == 0 {
		r.place(0, 0, s.tgtWords[i].start, s.tgtWords[len(s.tgtWords)-1].end)
		r.addFinding("delete one", "the whole text stands twice")
	}
}

// doublesLetter reports whether a word is an initialism with the same letter twice: CNN.
func doublesLetter(ws []word) bool {
	for i := range ws {
		w := ws[i].text
		if len(w) < 2 || len(w) > 6 || !isUpperASCII(w) {
			continue
		}
		for k := 1; k < len(w); k++ {
			if w[k] == w[k-1] {
				return true
			}
		}
	}
	return false
}

// repeatedText returns the word at which the words of a text begin again, 0 if they do
// not: two equal halves of three words and more.
func repeatedText(ws []word) int {
	n := len(ws) / 2
	if len(ws)%2 == 1 || n < 3 {
		return 0
	}
	for i := range n {
		if ws[i].text != ws[n+i].text {
			return 0
		}
	}
	return n
}

// doubledWord finds two equal words with nothing but space between them, and
// not three. Words that double by right are short or said twice on purpose.
func doubledWord(text string, ws []word, lang string) int {
	for i := 1; i < len(ws); i++ {
		a, b := &ws[i-1], &ws[i]
		if beginOtherwise(a.text, b.text) {
			continue
		}
		if a.script == none || utf8.RuneCountInString(a.text) < 2 && (a.start == 0 || text[a.start-1] != ' ' || !strings.Contains("вксуоузі", a.text)) || !strings.EqualFold(a.text, b.text) || b.start-a.end > 3 || strings.TrimSpace(text[a.end:b.start]) != "" {
			continue
		}
		if always, _ := reduplicates(lang); always || distributes(lang, a.low) || a.script == arabic && letterName(a.text) && (i > 1 && letterName(ws[i-2].text) || i+1 < len(ws) && letterName(ws[i+1].text)) {
			continue
		}
		if i+1 < len(ws) && strings.EqualFold(ws[i+1].text, b.text) || i > 1 && strings.EqualFold(ws[i-2].text, b.text) || slices.Contains(doubling[lang], strings.ToLower(a.text)) {
			continue
		}
		if a.text != b.text && i > 1 && allUpper(b.text) != allUpper(a.text) { // Danish "et ET-møde"
			continue
		}
		if b.end+1 < len(text) && text[b.end] == '-' && startsLetter(text[b.end+1:]) && utf8.RuneCountInString(b.text) <= 3 { // "что что-то", "și și-a"
			continue
		}
		return i
	}
	return -1
}

// beginOtherwise reports whether two words surely begin with different letters, in
// whatever case. Of letters that are not frequent it reports false.
func beginOtherwise(a, b string) bool {
	x, _ := utf8.DecodeRuneInString(a)
	y, _ := utf8.DecodeRuneInString(b)
	switch {
	case x < utf8.RuneSelf && y < utf8.RuneSelf:
		return x|0x20 != y|0x20
	case x >= 0x400 && x < 0x530 && y >= 0x400 && y < 0x530: // Cyrillic
		return characterOf(x).lower != characterOf(y).lower
	case x >= 0x600 && x < 0x700 && y >= 0x600 && y < 0x700: // Arabic
		return x != y
	}
	return false
}

// reduplicates reports whether doubling words is grammar in a language. In those of South
// Asia and the Malay archipelago it is with some words, in few texts of news: what doubling
// does not have is a note there.
func reduplicates(lang string) (always, often bool) {
	switch lang {
	case "th", "lo", "km", "zh", "ja", "tl", "jv", "su", "bn", "pa", "mr", "gu", "ne", "ta", "te", "ml", "kn", "si":
		return true, true
	case "hi", "ur", "id", "ms":
		return false, true
	}
	return false, false
}

// distributes reports whether a word is a number in a language that doubles numbers to
// distribute them: "two by two".
func distributes(lang, low string) bool {
	switch lang {
	case "tr", "az", "tk", "uz", "kk", "ky", "tt", "ba", "crh", "fa", "ps", "tg", "hy", "ka", "ku", "ckb":
		_, ok := numeralsFor(lang).value(low)
		return ok
	}
	return false
}

// letterName reports whether a word is the name of a Latin letter in the Arabic
// script, as initialisms are written: بی بی سی.
func letterName(word string) bool {
	return containsWord("اين اېن إيه أيه إف أف إم أم إن أن إس أس في إل أل إتش أتش إي آر كيو دبليو إكس زد چی اف ای ا بی بي سی سي دی دي ئی ایف اف جی جي اچ ایچ آی ای\u200cای جی کی کې کي ال ایل ام ایم ان این او پی پي کیو آر اس ایس تی تي ټی ټي یو يو وی وي دبلیو ایکس وای زد زیډ اي آي اے", word)
}

// doubling are words that languages say twice by right.
var doubling = map[string][]string{
	"en": {"that", "had", "very", "so"},
	"az": strings.Fields("yavaş tez bir tək addım hərdən vaxt ara cür az qoşa böyük kiçik isti uzun dönə dəstə mərhələ təkrar qrup növ sıra ev qapı tez-tez ayrı asta uca başa-baş"),
	"tr": strings.Fields("diri diken hemen yavaş tek bir ayrı sık zaman adım ara yer ağır hızlı küçük büyük kapı sıra azar birer ikişer gün grup parça usul sessiz uzun derin teker bölüm ev köy sokak şehir tane çeşit türlü bol"),
	"kk": strings.Fields("бір жиі тез қайта кейде жер ақырын біртіндеп сан қора топ үй аз зор ұзақ үлкен кішкентай түрлі әр"), "ky": strings.Fields("бир бат кайра акырын улам жер ар түрдүү топ үй аз чоң кичине улуу"),
	"tt": strings.Fields("вакыты бер тиз кабат әкрен вакыт урын төркем өй аз зур төрле кат"), "ba": strings.Fields("ваҡыты бер тиҙ ҡабат әкрен ваҡыт урын төркөм өй аҙ ҙур төрлө ҡат"), "uz": strings.Fields("tez bir asta qayta vaqt joy sekin guruh uy oz katta kichik xil"), "tk": strings.Fields("bir ýuwaş tiz gaýta wagtal ýer kem az uly dürli topar"), "crh": strings.Fields("bir tez yavaş vaqıt yer az"),
	"fa": strings.Fields("زنده تیک چک کم یک دانه آرام پاره آهسته رفته ذره قطره تک دسته گروه نم تند زود بار خیلی اندک جدا گاه تکه خانه شهر بسیار کوچه کند"), "ps": strings.Fields("یو ورو لږ ډلې ډله ډېر ټوټه ټوټې بېل بیل کله ځای وخت کوچني لوی څو سره بېلو بیلو بیلا یوه يوه هر"), "tg": strings.Fields("каме кам як оҳиста зуд гоҳ гурӯҳ дона тез пора"),
	"ka": {"თან", "ნელ", "ნელა", "ხშირ", "ცალ"}, "hy": strings.Fields("մեկ քիչ խումբ առանձին հետ տեղ կամաց հազիվ մաս"), "ar": {"شيئا", "رويدا", "صفا", "جدا"},
	"mn": strings.Fields("аль хэд өөр дахин хоёр нэг тус янз олон бүр үе цаг сая зам"), "vi": strings.Fields("đường đi mãi luôn dần rất ngày lâu từ chút thường người nhà đời nơi hay khá mỗi xa gần đều vui"),
	"hi": strings.Fields("समय बार साथ अलग कभी जगह धीरे घर तरह दिन साल अपने अपनी अपना जल्दी बड़े बड़ी बड़ा छोटे छोटी छोटा पास दूर थोड़ा थोड़ी थोड़े एक दो तीन चार पाँच क्या कौन कहाँ कहीं किस कुछ कोई नए नई नया गाँव गांव गली शहर जन लोग टुकड़े रोज़ रोज सुबह बीच आगे पीछे ऊपर नीचे हँसते करते चलते जाते होते देखते बूंद बूँद पल खुशी कर पर भिन्न विभिन्न बात रह रुक चुन गिन फूट लग"),
	"ur": strings.Fields("بار ساتھ الگ کبھی جگہ آہستہ گھر طرح دن سال اپنے اپنی اپنا جلدی بڑے بڑی بڑا چھوٹے چھوٹی چھوٹا پاس دور تھوڑا تھوڑی تھوڑے ایک دو تین چار پانچ کیا کون کہاں کہیں کس کچھ کوئی نئے نئی نیا گاؤں گلی شہر لوگ ٹکڑے روز صبح بیچ آگے پیچھے اوپر نیچے ادھر پہلے جیسے لمبی لمبے زور روا بی این ایم کرتے چلتے جاتے ہوتے دیکھتے نکلتے مختلف وقت مل کر رہ رک چن گن پھوٹ لگ"),
	"sq": {"të", "së", "herë", "pak"}, "hu": {"az", "ez", "már", "egy", "lassan", "sok"}, "ro": {"ce"}, "bs": {"da", "se", "malo"}, "sr": {"да", "се", "da", "se", "мало", "malo"}, "ru": {"еле", "чуть", "очень", "долго"}, "uk": {"ледь", "дуже"}, "be": {"ледзь"}, "de": {"die", "der", "das", "sie", "es", "ihr"}, "fr": {"nous", "vous", "un", "ha"}, "nl": {"dat", "die", "je", "zij"}, "sv": {"det", "den", "de", "nej", "ja"}, "da": {"det", "den", "de"}, "nb": {"det", "den", "de"},
	"sw": strings.Fields("huo hiyo hiki hicho huyo hilo wale ile vile huku kule reja moja mbili pole haraka kweli sawa kidogo madogo mbali hapo papo"),
	"pt": {"do", "da", "se"}, "ca": {"els", "les"}, "pl": {"nie"}, "lt": {"labai", "vos"}, "el": {"σιγά", "πολύ", "κάτω", "λίγο"}, "sk": {"tak"}, "cs": {"tak"}, "he": {"יותר", "לאט", "אחד"},
}

// tripled reports a letter that stands three times in a row.
func tripled(s *segment, r *report) {
	if s.to.lang == "de" { // Schifffahrt
		return
	}
	compounds := map[string]string{"is": "ttt", "et": "äää üüü ööö"}[s.to.lang] // þátttaka, jäääär
	for i := range s.tgtWords {
		w := &s.tgtWords[i]
		if !hasTripled(w.text) || slices.ContainsFunc(strings.Fields(compounds), func(l string) bool { return strings.Contains(w.low, l) }) || s.inSource(w.text) || s.kept(w.text) {
			continue
		}
		if _, roman := romanNumber(w.text); roman || allOf(w.low, string([]rune(w.low)[:1])) || s.to.lang == "ro" && strings.HasSuffix(w.low, "iii") {
			continue // "mmm", and the plural "copiii"
		}
		if isInitialism(w.text) || isInitialism(behindApostrophe(w.text)) || w.script == arabic && strings.HasPrefix(w.text, "للل") { // СССР; لِ and the article before a lam: للليلة
			continue
		}
		if w.script == hebrew && prefixed(w.text) || (s.to.lang == "fil" || s.to.lang == "tl") && !hasTripled(strings.ReplaceAll(w.low, "aaa", "aa")) { // Filipino maaari, maaaring
			continue
		}
		sev := r.check.Severity
		for k := range s.srcWords {
			if hasTripled(s.srcWords[k].text) {
				sev = diag.Info
			}
		}
		r.place(0, 0, w.start, w.end)
		r.addFindingWithSeverity(sev, "", "a letter stands three times in a row in %q", diag.Arg("text", diag.Excerpt(w.text)))
		return
	}
}

// prefixed reports whether a Hebrew word has three equal letters at its beginning since a
// preposition, the article or "and" is joined to a word with two: מממשלה, "from a
// government".
func prefixed(word string) bool {
	_, size := utf8.DecodeRuneInString(word)
	for _, stem := range [...]string{"ממשל", "ממש", "ממוצע", "ממד", "ששה", "ששת", "וושינגט"} {
		if strings.HasPrefix(word[size:], stem) {
			return true
		}
	}
	return false
}

// behindApostrophe returns the part of a word behind its last apostrophe: EEE of l’EEE.
func behindApostrophe(word string) string {
	i := strings.LastIndexAny(word, "'’")
	if i < 0 {
		return word
	}
	_, size := utf8.DecodeRuneInString(word[i:])
	return word[i+size:]
}

// isInitialism reports whether a word is an initialism or a Roman number, with or without an
// ending in small letters: СССР, SSSR-a, XIIIe.
func isInitialism(word string) bool {
	large := strings.TrimRightFunc(word, func(r rune) bool { return !unicode.IsUpper(r) })
	n := utf8.RuneCountInString(large)
	return n >= 3 && n <= 6 && allUpper(large) && utf8.RuneCountInString(word)-n <= 4
}

func allUpper(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsUpper(r) })
}

func hasTripled(w string) bool {
	var last rune
	n := 1
	for _, r := range w {
		if r == last {
			if n++; n == 3 && unicode.IsLetter(r) {
				return true
			}
			continue
		}
		last, n = r, 1
	}
	return false
}

// repeatedPunctuation tells ",," and "..", not "..." and "?!".
func repeatedPunctuation(s *segment, r *report) {
	if m := repeatedMark(s.tgt); m != 0 && repeatedMark(s.src) == 0 {
		r.addFinding("delete one", "%q stands twice", diag.Arg("text", string(m)))
	} else if strings.Contains(s.tgt, "....") && !strings.Contains(s.src, "....") || strings.Contains(s.tgt, "….") && !strings.Contains(s.src, "…") {
		r.addFinding("write three", "more than three points")
	}
}

func repeatedMark(text string) rune {
	var last rune
	n := 0
	for _, r := range text {
		if r == last {
			n++
			continue
		}
		if n == 2 && strings.ContainsRune(",.;:،؛։۔。", last) {
			return last
		}
		last, n = r, 1
	}
	if n == 2 && strings.ContainsRune(",.;:،؛։۔。", last) {
		return last
	}
	return 0
}
