package quality

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

func edges(s *segment, r *report) {
	src, tgt := s.source.Chars, s.target.Text.Chars
	if strings.TrimSpace(tgt) == "" || strings.TrimSpace(src) == "" {
		return
	}
	space := func(r rune) bool { return unicode.IsSpace(r) }
	lead := func(t string) bool { return len(t) != len(strings.TrimLeftFunc(t, space)) }
	trail := func(t string) bool { return len(t) != len(strings.TrimRightFunc(t, space)) }
	if lead(src) != lead(tgt) {
		r.addFinding("", "white space at the beginning %s", diag.Arg("difference", differs(lead(tgt))))
	}
	if trail(src) != trail(tgt) {
		r.addFinding("", "white space at the end %s", diag.Arg("difference", differs(trail(tgt))))
	}
}

func differs(has bool) string {
	if has {
		return "that the source does not have"
	}
	return "is missing"
}

func spaces(s *segment, r *report) {
	if !s.unit.Preserve && doubleSpace(s.tgt) && !doubleSpace(s.src) {
		r.addFinding("", "several spaces in a row")
	}
}

// doubleSpace looks between words, not at the edges.
func doubleSpace(text string) bool {
	text = strings.TrimSpace(text)
	last := false
	for _, r := range text {
		is := r == ' ' || r == '\t' || r == '\u00a0'
		if is && last {
			return true
		}
		last = is
	}
	return false
}

// spacedMarks are the marks that have no space before them in a language.
func spacedMarks(l *language) string {
	switch l.lang {
	case "fr":
		return ",."
	case "hy":
		return ",.։"
	}
	return ",.;:!?،؛؟։…"
}

// spacing looks for a space before a mark that stands close, and for a comma
// that has no space behind it.
func spacing(s *segment, r *report) {
	if looseSpacing(s, r) {
		return
	}
	marks := spacedMarks(s.to)
	text := s.tgt
	for i, c := range text {
		if i == 0 || c > '?' && c < 0x500 || c == ' ' || !strings.ContainsRune(marks, c) {
			continue
		}
		before, size := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(c):])
		if (before == ' ' || before == '\u00a0') && c != '…' && (!unicode.IsLetter(after) || (c == ',' || c == '،') && looseBefore(text[:i])) && !unicode.IsDigit(after) && after != c && after != '.' && after != ')' && i-size > 0 && !strings.Contains(s.src, string([]rune{' ', c})) {
			r.addFinding("", "a space before %q", diag.Arg("character", string(c)))
			return
		}
		if (c == ',' || c == '،' || c == '؛') && unicode.IsLetter(before) && unicode.IsLetter(after) && !closeComma(s.src) {
			r.addFinding("", "no space behind %q", diag.Arg("character", string(c)))
			return
		}
	}
}

// looseBefore reports whether a text ends in a letter and a space.
func looseBefore(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text, " "))
	return unicode.IsLetter(r)
}

// looseSpacing reports spaces inside brackets, a sentence that begins right behind a
// full stop, a dash without its second space, and what French asks for.
func looseSpacing(s *segment, r *report) bool {
	text := s.tgt
	if strings.Contains(text, "( ") && !strings.Contains(s.src, "( ") || strings.Contains(text, " )") && !strings.Contains(s.src, " )") && !strings.Contains(text, ":)") {
		r.addFinding("", "a space inside brackets")
		return true
	}
	french := s.to.tag == "fr" || s.to.tag == "fr-FR"
	want := scriptNamed(s.to.script)
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '.' && i > 0 && (want == latin || want == cyrillic || want == greek || want == armenian):
			before, size := utf8.DecodeLastRuneInString(text[:i])
			second, _ := utf8.DecodeLastRuneInString(text[:i-size])
			after, n := utf8.DecodeRuneInString(text[i+1:])
			next, _ := utf8.DecodeRuneInString(text[i+1+n:])
			if unicode.IsLower(before) && unicode.IsLower(second) && unicode.IsUpper(after) && unicode.IsLower(next) && scriptOfRune(before) == want && scriptOfRune(after) == want && !strings.Contains(s.src, "."+string(after)) {
				word := strings.LastIndexFunc(text[:i], func(r rune) bool { return !unicode.IsLetter(r) }) + 1
				if utf8.RuneCountInString(text[word:i]) > 3 || unicode.IsLower(second) && utf8.RuneCountInString(text[word:i]) > 2 {
					r.place(0, 0, i, i+1)
					r.addFinding("", "no space behind %q", diag.Arg("character", "."))
					return true
				}
			}
		case c == '-' && i > 1 && text[i-1] == ' ' && (want == latin || want == cyrillic):
			before, _ := utf8.DecodeLastRuneInString(text[:i-1])
			after, _ := utf8.DecodeRuneInString(text[i+1:])
			if unicode.IsLetter(before) && unicode.IsLetter(after) && !strings.Contains(s.src, " -"+string(after)) && !closeDash(s.src) {
				r.place(0, 0, i, i+1)
				r.addFinding("", "a dash with a space on one side only")
				return true
			}
		case french && (c == '?' || c == '!' || c == ';') && i > 0:
			if before, _ := utf8.DecodeLastRuneInString(text[:i]); unicode.IsLetter(before) || unicode.IsDigit(before) {
				r.place(0, 0, i, i+1)
				r.addFinding("write a no-break space before it", "no space before %q", diag.Arg("character", string(c)))
				return true
			}
		case french && strings.HasPrefix(text[i:], "«"):
			if after, _ := utf8.DecodeRuneInString(text[i+2:]); unicode.IsLetter(after) {
				r.place(0, 0, i, i+2)
				r.addFinding("write a no-break space behind it", "no space behind %q", diag.Arg("character", "«"))
				return true
			}
		case french && strings.HasPrefix(text[i:], "»") && i > 0:
			if before, _ := utf8.DecodeLastRuneInString(text[:i]); !unicode.IsSpace(before) {
				r.place(0, 0, i, i+2)
				r.addFinding("write a no-break space before it", "no space before %q", diag.Arg("character", "»"))
				return true
			}
		}
	}
	return false
}

// closeDash reports whether a text has a hyphen with a space before it only.
func closeDash(text string) bool {
	for i := 1; i+1 < len(text); i++ {
		if text[i] == '-' && text[i-1] == ' ' && isASCIILetter(text[i+1]) {
			return true
		}
	}
	return false
}

// closeComma reports whether a text itself has a comma without a space behind it.
func closeComma(text string) bool {
	for i := 0; i+1 < len(text); i++ {
		if text[i] == ',' && i > 0 && isASCIILetter(text[i-1]) && isASCIILetter(text[i+1]) {
			return true
		}
	}
	return false
}

func isASCIILetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func doubledWords(s *segment, r *report) {
	if i := doubledWord(s.tgt, s.tgtWords, s.to.lang); i >= 0 && doubledWord(s.src, s.srcWords, s.from.lang) < 0 {
		r.addFinding("delete one", "%q stands twice", diag.Arg("text", s.tgtWords[i].text))
	} else if i := repeatedText(s.tgtWords); i > 0 && repeatedText(s.srcWords) == 0 {
		r.place(0, 0, s.tgtWords[i].start, s.tgtWords[len(s.tgtWords)-1].end)
		r.addFinding("delete one", "the whole text stands twice")
	}
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
		a, b := ws[i-1], ws[i]
		if a.script == none || utf8.RuneCountInString(a.text) < 2 && (a.start == 0 || text[a.start-1] != ' ' || !strings.Contains("вксуоузі", a.text)) || !strings.EqualFold(a.text, b.text) || b.start-a.end > 3 || strings.TrimSpace(text[a.end:b.start]) != "" {
			continue
		}
		if reduplicates(lang, a.text) || a.script == arabic && letterName(a.text) && (i > 1 && letterName(ws[i-2].text) || i+1 < len(ws) && letterName(ws[i+1].text)) {
			continue
		}
		if i+1 < len(ws) && strings.EqualFold(ws[i+1].text, b.text) || slices.Contains(doubling[lang], strings.ToLower(a.text)) {
			continue
		}
		return i
	}
	return -1
}

// reduplicates reports whether doubling words is grammar in a language: in those of
// South Asia and the Malay archipelago all words may be, but for those that join.
func reduplicates(lang, word string) bool {
	switch lang {
	case "hi", "ur", "bn", "pa", "mr", "gu", "ne", "ta", "te", "ml", "kn", "si", "id", "ms", "tl", "jv", "su", "th", "lo", "km", "zh", "ja":
		return true
	}
	return false
}

// letterName reports whether a word is the name of a Latin letter in the Arabic
// script, as initialisms are written: بی بی سی.
func letterName(word string) bool {
	return containsWord("ای ا بی بي سی سي دی دي ئی ایف اف جی جي اچ ایچ آی ای\u200cای جی کی کې کي ال ایل ام ایم ان این او پی پي کیو آر اس ایس تی تي ټی ټي یو يو وی وي دبلیو ایکس وای زد زیډ اي آي اے", word)
}

// doubling are words that languages say twice by right.
var doubling = map[string][]string{
	"en": {"that", "had", "very", "so"},
	"az": strings.Fields("yavaş tez bir tək addım hərdən vaxt ara cür az qoşa böyük kiçik isti uzun dönə dəstə mərhələ təkrar qrup növ sıra ev qapı tez-tez ayrı asta uca başa-baş"),
	"tr": strings.Fields("yavaş tek bir ayrı sık zaman adım ara yer ağır hızlı küçük büyük kapı sıra azar birer ikişer gün grup parça usul sessiz uzun derin teker bölüm ev köy sokak şehir tane çeşit türlü bol"),
	"kk": strings.Fields("бір жиі тез қайта кейде жер ақырын біртіндеп сан қора топ үй аз зор ұзақ үлкен кішкентай түрлі әр"), "ky": strings.Fields("бир бат кайра акырын улам жер ар түрдүү топ үй аз чоң кичине улуу"),
	"tt": strings.Fields("бер тиз кабат әкрен вакыт урын төркем өй аз зур төрле кат"), "ba": strings.Fields("бер тиҙ ҡабат әкрен ваҡыт урын төркөм өй аҙ ҙур төрлө ҡат"), "uz": strings.Fields("tez bir asta qayta vaqt joy sekin guruh uy oz katta kichik xil"), "tk": strings.Fields("bir ýuwaş tiz gaýta wagtal ýer kem az uly dürli topar"), "crh": strings.Fields("bir tez yavaş vaqıt yer az"),
	"fa": strings.Fields("کم یک دانه آرام پاره آهسته رفته ذره قطره تک دسته گروه نم تند زود بار خیلی اندک جدا گاه تکه خانه شهر بسیار کوچه"), "ps": strings.Fields("یو ورو لږ ډلې ډله ډېر ټوټه ټوټې بېل بیل کله ځای وخت کوچني لوی څو"), "tg": strings.Fields("кам як оҳиста зуд гоҳ гурӯҳ дона тез пора"),
	"ka": {"თან", "ნელ", "ნელა", "ხშირ", "ცალ"}, "hy": strings.Fields("մեկ քիչ խումբ առանձին հետ տեղ կամաց հազիվ մաս"), "ar": {"شيئا", "رويدا", "صفا", "جدا"},
	"sq": {"të", "së", "herë", "pak"}, "hu": {"már", "egy", "lassan", "sok"}, "ro": {"ce"}, "bs": {"da", "se", "malo"}, "sr": {"да", "се", "da", "se", "мало", "malo"}, "ru": {"еле", "чуть", "очень", "долго"}, "uk": {"ледь", "дуже"}, "be": {"ледзь"}, "de": {"die", "der", "das"}, "fr": {"nous", "vous"}, "he": {"יותר", "לאט", "אחד"},
}

// The classes of marks that end a sentence.
const (
	period = 1 << iota
	question
	exclamation
	colon
	ellipsis
	comma
)

// endMarks reads the marks at the end, closing quotation marks and brackets
// among them left aside.
func endMarks(text string, l *language) int {
	marks := 0
	text = strings.TrimRightFunc(text, unicode.IsSpace)
	text = strings.TrimRightFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
	for text != "" {
		if before, ok := strings.CutSuffix(text, "..."); ok {
			marks |= ellipsis
			text = before
			continue
		}
		r, size := utf8.DecodeLastRuneInString(text)
		switch r {
		case '.', '։', '۔', '。', '．', '।', '॥', '።', '။', '។':
			marks |= period
		case '?', '؟', '？', '⸮', '՞':
			marks |= question
		case '!', '！', '՜':
			marks |= exclamation
		case ';':
			if l.lang != "el" {
				return marks
			}
			marks |= question
		case ':', '：':
			if l.lang == "hy" { // typed for the full stop, which looks like it
				marks |= period
			}
			marks |= colon
		case '՝':
			marks |= colon | comma
		case '…':
			marks |= ellipsis
		case ',', '،', '，', '、':
			marks |= comma
		default:
			if !strings.ContainsRune("\"'”“’‘»«›‹)]」』）\u00a0 ", r) && !unicode.Is(unicode.Cf, r) {
				return marks
			}
		}
		text = text[:len(text)-size]
	}
	return marks
}

// endsInAbbreviation reports whether the last period may be a word's own.
func endsInAbbreviation(text string, ws []word) bool {
	if len(ws) == 0 {
		return false
	}
	last := ws[len(ws)-1]
	n := utf8.RuneCountInString(last.text)
	return strings.ContainsRune(last.text, '.') || n <= 4 && last.script != none && (n <= 2 || strings.IndexFunc(last.text, unicode.IsUpper) == 0)
}

func endPunctuation(s *segment, r *report) {
	if len(s.srcWords) == 0 || len(s.tgtWords) == 0 {
		return
	}
	a, b := endMarks(s.src, s.from), endMarks(s.tgt, s.to)
	if s.to.lang == "hy" { // on the word that is asked or cried, not at the end
		if strings.ContainsRune(s.tgt, '՞') {
			b |= question
		}
		if strings.ContainsAny(s.tgt, "՜՛") {
			b |= exclamation
		}
	}
	if s.to.script == "Thai" || s.to.script == "Laoo" { // no period at all
		a &^= period
		b &^= period
	}
	spanishMarks(s, r)
	if a&b != 0 || a == b {
		return
	}
	// Headlines and the like have a full stop or not by the house's own style.
	if a|b == period && (s.unit.Kind == bitext.Heading || s.unit.Kind == bitext.Title) {
		return
	}
	if a|b == period && (a == period && endsInAbbreviation(s.src, s.srcWords) || b == period && endsInAbbreviation(s.tgt, s.tgtWords)) {
		return
	}
	r.addFinding("", "%s at the end, where the source has %s", diag.Arg("mark", markName(b)), diag.Arg("otherMark", markName(a)))
}

// spanishMarks reports a question or exclamation without the mark that opens it, in
// the languages that have one.
func spanishMarks(s *segment, r *report) {
	if s.to.lang != "es" && s.to.lang != "ast" {
		return
	}
	for _, m := range [...]struct{ open, close string }{{"¿", "?"}, {"¡", "!"}} {
		if i := strings.LastIndex(s.tgt, m.close); i > 0 && !strings.Contains(s.tgt, m.open) && !strings.ContainsAny(s.tgt, "¿¡") {
			if before, _ := utf8.DecodeLastRuneInString(s.tgt[:i]); unicode.IsLetter(before) || unicode.IsDigit(before) || strings.ContainsRune("\"»”", before) {
				r.place(0, 0, i, i+1)
				r.addFinding("write "+m.open+" where it begins", "%q without %q before it", diag.Arg("closing", m.close), diag.Arg("opening", m.open))
				return
			}
		}
	}
}

func markName(m int) string {
	var names []string
	for i, n := range []string{"a period", "a question mark", "an exclamation mark", "a colon", "an ellipsis", "a comma"} {
		if m&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	if names == nil {
		return "no mark"
	}
	return strings.Join(names, " and ")
}

// foreignPunctuation tells marks of the Latin script beside letters of a script
// that has its own.
func foreignPunctuation(s *segment, r *report) {
	var own map[rune]rune
	switch s.to.script {
	case "Arab":
		own = map[rune]rune{',': '،', ';': '؛', '?': '؟'}
	case "Armn":
		own = map[rune]rune{'?': '՞', '!': '՜'}
	case "Hans", "Hant", "Jpan":
		own = map[rune]rune{',': '，', '?': '？', '!': '！', ';': '；', '.': '。'}
		if s.to.script == "Jpan" {
			own[','] = '、'
		}
	default:
		return
	}
	want := scriptNamed(s.to.script)
	if s.to.script == "Armn" {
		trimmed := strings.TrimRight(s.tgt, " »”\"")
		if strings.HasSuffix(trimmed, ":") && endMarks(s.src, s.from)&colon == 0 {
			r.place(0, 0, len(trimmed)-1, len(trimmed))
			r.addFindingWithSeverity(diag.Info, "write ։ (U+0589)", "a colon stands for the Armenian full stop")
			return
		}
	}
	for i, c := range s.tgt {
		mark, ok := own[c]
		if !ok || i == 0 {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s.tgt[:i], " \"'”»)"))
		if scriptOfRune(before) == want {
			r.addFinding("write "+string(mark), "%q, where %s has %q", diag.Arg("character", string(c)), diag.Arg("locale", s.to.tag), diag.Arg("mark", string(mark)))
			return
		}
	}
}

// repeatedPunctuation tells ",," and "..", not "..." and "?!".
func repeatedPunctuation(s *segment, r *report) {
	if m := repeatedMark(s.tgt); m != 0 && repeatedMark(s.src) == 0 {
		r.addFinding("delete one", "%q stands twice", diag.Arg("text", string(m)))
	} else if strings.Contains(s.tgt, "....") && !strings.Contains(s.src, "....") || strings.Contains(s.tgt, "….") && !strings.Contains(s.src, "…") {
		r.addFinding("write three", "more than three points")
	}
}

// tripled reports a letter that stands three times in a row.
func tripled(s *segment, r *report) {
	if s.to.lang == "de" { // Schifffahrt
		return
	}
	for i := range s.tgtWords {
		w := &s.tgtWords[i]
		if !hasTripled(w.text) || s.inSource(w.text) || s.kept(w.text) {
			continue
		}
		if _, roman := romanNumber(w.text); roman {
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

var bracketPairs = map[rune]rune{')': '(', ']': '[', '}': '{', '）': '（', '］': '［', '】': '【', '〉': '〈', '》': '《'}

// bracketFault gives the first bracket that does not match; 0 is none. A
// closing one behind a list's number ("1)", "a)") is no fault.
func bracketFault(text string) rune {
	var open []rune
	for i, r := range text {
		switch r {
		case '(', '[', '{', '（', '［', '【', '〈', '《':
			if len(open) < 1000 {
				open = append(open, r)
			}
		case ')', ']', '}', '）', '］', '】', '〉', '》':
			if n := len(open); n > 0 && open[n-1] == bracketPairs[r] {
				open = open[:n-1]
				continue
			}
			if r == ')' && len(open) == 0 && len(strings.TrimSpace(text[:i])) <= 4 && i > 0 && !strings.ContainsRune(strings.TrimSpace(text[:i]), ' ') {
				continue
			}
			return r
		}
	}
	if len(open) > 0 {
		return open[len(open)-1]
	}
	return 0
}

func brackets(s *segment, r *report) {
	f := bracketFault(s.tgt)
	if f == 0 || bracketFault(s.src) != 0 {
		return
	}
	hint := ""
	if s.to.rtl {
		hint = "in a right-to-left text too the opening bracket is the one typed first"
	}
	r.addFinding(hint, "the bracket %q has no partner", diag.Arg("field", string(f)))
}

// quoteMarks counts a text's quotation marks: those that open, those that
// close, and those that may be either. Apostrophes are none.
type quoteMarks struct {
	open, close, either int
	seen                []rune // distinct marks in order of appearance
	fault               bool   // a closing one before any was opened
}

func quotesOf(text string, l *language) quoteMarks {
	var q quoteMarks
	from := firstQuote(text)
	for i, r := range text[from:] {
		i += from
		if r < utf8.RuneSelf && r != '"' && r != '\'' && r != '`' {
			continue
		}
		role := quoteRole(text, i, r, l)
		switch role {
		case 0:
			continue
		case '(':
			q.open++
		case ')':
			q.close++
			q.fault = q.fault || q.close > q.open+q.either
		default:
			q.either++
		}
		if !slices.Contains(q.seen, r) {
			q.seen = append(q.seen, r)
		}
	}
	return q
}

// firstQuote returns the index of the first character that may be a quotation mark:
// an ASCII one, « and » (U+00AB, U+00BB), one of U+2018 to U+203A or U+300C to U+300F.
func firstQuote(text string) int {
	for i := range len(text) {
		switch text[i] {
		case '"', '\'', '`', 0xc2, 0xe2, 0xe3:
			return i
		}
	}
	return len(text)
}

// quoteRole says what a mark does at its place: '(' opens, ')' closes, '|' one of
// them, 0 is no quotation mark. Marks that languages use both ways are told
// apart by what the language does with them, then by the space beside them.
func quoteRole(text string, i int, r rune, l *language) rune {
	switch r {
	case '„', '‚', '「', '『':
		return '('
	case '」', '』':
		return ')'
	case '"':
		return '|'
	case '`':
		// `so' of old, in sources.
		if closesSingle(text[i+1:], '\'') && !strings.ContainsRune(text[i+1:], '`') {
			return '('
		}
		return 0
	case '«', '»', '‹', '›', '“', '”', '‘', '’', '\'', '‟', '‛':
	default:
		return 0
	}
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	after, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
	inWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	if r == '’' || r == '\'' || r == '‘' {
		if l.spaceless && r != '\'' { // no space shows where they stand
			if r == '‘' {
				return '('
			}
			return ')'
		}
		if inWord(before) && inWord(after) {
			return 0 // an apostrophe
		}
		if (l.lang == "uz" || l.lang == "kaa") && strings.ContainsRune("oOgG", before) {
			return 0 // the letters oʻ and gʻ
		}
		if r == '’' && l.lang != "en" && !inWord(before) && inWord(after) && strings.ContainsRune(text[i:], '‘') && !strings.ContainsRune(text[:i], '‘') {
			return '(' // Macedonian ’…‘
		}
		if r == '\'' || r == '’' {
			if inWord(before) && !opensSingle(text[:i], r) && !(r == '’' && strings.ContainsRune(text[:i], '‘')) {
				return 0 // Reuters’
			}
			if (before == 's' || before == 'S') && unicode.IsSpace(after) && l.lang == "en" {
				if next, _ := utf8.DecodeRuneInString(strings.TrimLeft(text[i+utf8.RuneLen(r):], " ")); unicode.IsLower(next) && !strings.ContainsRune(text[:i], '‘') {
					return 0 // students' minds
				}
			}
		}
		if i == 0 || !inWord(before) && inWord(after) && (unicode.IsSpace(before) || strings.ContainsRune("([«“„\"—–-", before)) {
			if r == '’' && unicode.IsDigit(after) {
				return 0 // ’90s
			}
			if r == '\'' || r == '’' {
				// An elision ('n, ’til) has no partner behind it.
				if !closesSingle(text[i+utf8.RuneLen(r):], r) {
					return 0
				}
			}
			return '('
		}
		return ')'
	}
	opens := i == 0 || unicode.IsSpace(before) || strings.ContainsRune("([{—–-«„“‹/", before) && before != utf8.RuneError
	closes := i+utf8.RuneLen(r) == len(text) || unicode.IsSpace(after) || strings.ContainsRune(".,;:!?)]}»”“’…—–-/>،؛؟։", after)
	for k, mark := range l.quotes {
		if mark != string(r) || l.quotes[k^1] == mark {
			continue
		}
		// The language's own use holds unless the place says otherwise, as it does
		// where English marks are in use beside the language's own.
		if r == '«' || r == '»' {
			return []rune("()")[k%2]
		}
		if k%2 == 0 {
			if closes && !opens {
				return ')'
			}
			return '('
		}
		if opens && !closes {
			return '('
		}
		return ')'
	}
	if opens != closes {
		if opens {
			return '('
		}
		return ')'
	}
	if opens && (r == '«' || r == '“' || r == '‹') {
		return '('
	}
	return ')'
}

// opensSingle reports whether a straight or high single mark opened a quotation.
func opensSingle(text string, r rune) bool {
	for i, c := range text {
		if c != r {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		if i == 0 || unicode.IsSpace(before) || before == '(' {
			return true
		}
	}
	return strings.ContainsAny(text, "‚`")
}

// closesSingle reports whether such a mark closes one further on.
func closesSingle(text string, r rune) bool {
	for i, c := range text {
		if c != r {
			continue
		}
		after, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(c):])
		if i > 0 && !unicode.IsLetter(after) && !unicode.IsDigit(after) {
			return true
		}
	}
	return false
}

// whole reports whether the marks pair by themselves.
func (q *quoteMarks) whole() bool {
	// A straight mark may be the partner of a curly one, badly typed.
	return q.either%2 == 0 && q.open == q.close && !q.fault
}

func (q *quoteMarks) total() int { return q.open + q.close + q.either }

// balance returns how many more marks open than close; an odd straight mark closes
// what is open, and opens otherwise.
func (q *quoteMarks) balance(open int) int {
	d := q.open - q.close
	if q.either%2 == 1 {
		if open+d > 0 {
			d--
		} else {
			d++
		}
	}
	return d
}

// quoteReach is the number of segments over which a quotation may run that the source
// has in one.
const quoteReach = 4

// quoteBalance compares quotation marks with the source's over the document: a
// quotation may run over several segments, and the source may open it anew in each
// paragraph.
func quoteBalance(d *document, r *report) {
	type opened struct {
		s    *segment
		q    quoteMarks
		at   int
		left int
	}
	var pending []opened // opened in the target, where the source is whole
	carry := 0           // open quotations of the target
	fault := func(s *segment, q quoteMarks) {
		r.at = s
		r.addFinding("", "quotation marks do not match: %d opening, %d closing, %d straight", diag.Arg("opening", q.open), diag.Arg("closing", q.close), diag.Arg("straight", q.either))
	}
	for i := range d.segments {
		s := &d.segments[i]
		for len(pending) > 0 && i-pending[0].at > quoteReach {
			fault(pending[0].s, pending[0].q)
			carry = max(0, carry-pending[0].left)
			pending = pending[1:]
		}
		src, tgt := s.srcQuotes, s.quotes
		if src.total()+tgt.total() == 0 {
			continue
		}
		if tgt.whole() {
			if src.whole() && tgt.total() == 0 && carry == 0 {
				r.at = s
				r.addFindingWithSeverity(diag.Info, "", "the quotation marks of the source are missing")
			}
			continue
		}
		delta := tgt.balance(carry)
		switch {
		case delta == 0 && tgt.open+tgt.close > 0 && tgt.either%2 == 0 && carry == 0: // ")("
			if src.whole() {
				fault(s, tgt)
			}
		case delta < 0 && carry >= -delta:
			carry += delta
			for n := -delta; n > 0 && len(pending) > 0; {
				k := len(pending) - 1
				used := min(n, pending[k].left)
				n -= used
				if pending[k].left -= used; pending[k].left == 0 {
					pending = pending[:k]
				}
			}
		case delta < 0:
			if src.whole() || src.balance(0) >= 0 {
				fault(s, tgt)
			}
			carry = 0
		case delta > 0:
			carry += delta
			if src.whole() {
				pending = append(pending, opened{s, tgt, i, delta})
			} else if src.balance(0) < delta {
				fault(s, tgt)
			}
		default:
			if src.whole() && carry == 0 {
				fault(s, tgt)
			}
		}
	}
	for _, p := range pending {
		fault(p.s, p.q)
	}
}

// moreQuotes are marks in good use beside CLDR's, by language; CLDR names two
// pairs a language and falls back to English ones where it has none.
var moreQuotes = map[string]string{
	"ru": "«»„“", "uk": "«»„““”", "be": "«»„““”", "bg": "„“«»‚‘’", "mk": "„“«»’‘", "sr": "„“”’‘»«", "bs": "„”“»«’‘", "hr": "„”“»«‚’‘", "ro": "„”«»", "hu": "„”»«’", "sq": "“”«»„‘’",
	"hy": "«»„“", "ka": "„“«»”", "kk": "«»„““”", "ky": "«»„““”", "tg": "«»„“", "tt": "«»„““”", "ba": "«»„“", "ce": "«»„“", "az": "“”«»„", "tk": "“”«»„", "uz": "“”«»„", "crh": "“”«»„", "tr": "“”‘’",
	"fa": "«»‹›“”", "ps": "«»“”‹›", "ar": "«»“”", "he": "”״“„", "de": "„“‚‘»«›‹", "fr": "«»“”‹›", "es": "«»“”‘’", "ca": "«»“”‘’", "it": "«»“”", "pl": "„”«»", "el": "«»“”", "ja": "「」『』“”", "zh": "“”‘’「」『』", "th": "“”‘’", "hi": "“”‘’",
}

// quoteStyle tells marks of another language, and straight ones.
func quoteStyle(s *segment, r *report) {
	q := &s.quotes
	for _, mark := range q.seen {
		if mark == '"' || mark == '\'' {
			if s.to.lang != "he" {
				r.addFinding("write "+s.to.quotes[0]+"…"+s.to.quotes[1], "straight quotation marks, where %s has %s…%s", diag.Arg("locale", s.to.tag), diag.Arg("quote", s.to.quotes[0]), diag.Arg("otherQuote", s.to.quotes[1]))
			}
			return
		}
		if !slices.Contains(s.to.quotes[:], string(mark)) && !strings.ContainsRune(moreQuotes[s.to.lang], mark) && (moreQuotes[s.to.lang] != "" || s.to.quotes[0] != "") {
			r.addFindingWithSeverity(diag.Info, "write "+s.to.quotes[0]+"…"+s.to.quotes[1], "the quotation mark %q, where %s has %s…%s", diag.Arg("mark", string(mark)), diag.Arg("locale", s.to.tag), diag.Arg("quote", s.to.quotes[0]), diag.Arg("otherQuote", s.to.quotes[1]))
			return
		}
	}
}

// apostrophes tells accents and primes between two letters.
func apostrophes(s *segment, r *report) {
	for i, c := range s.tgt {
		if c != '`' && c != '´' && c != '′' {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(s.tgt[:i])
		after, _ := utf8.DecodeRuneInString(s.tgt[i+utf8.RuneLen(c):])
		if unicode.IsLetter(before) && unicode.IsLetter(after) && !strings.ContainsRune(s.src, c) {
			r.addFinding("write ’, or the letter ʻ or ʼ where the language has it", "%q stands for an apostrophe", diag.Arg("character", string(c)))
			return
		}
	}
}
