package quality

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
		r.say("", "white space at the beginning %s", differs(lead(tgt)))
	}
	if trail(src) != trail(tgt) {
		r.say("", "white space at the end %s", differs(trail(tgt)))
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
		r.say("", "several spaces in a row")
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

// spacing looks for a space before a mark that stands close, and for a comma
// that has no space behind it.
func spacing(s *segment, r *report) {
	marks := ",.;:!?،؛؟։…"
	if s.to.lang == "fr" {
		marks = ",."
	}
	if s.to.lang == "hy" {
		marks = ",.։"
	}
	text := s.tgt
	for i, c := range text {
		if i == 0 || !strings.ContainsRune(marks, c) {
			continue
		}
		before, size := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(c):])
		if (before == ' ' || before == '\u00a0') && c != '…' && !unicode.IsLetter(after) && !unicode.IsDigit(after) && after != c && after != '.' && after != ')' && i-size > 0 && !strings.Contains(s.src, string([]rune{' ', c})) {
			r.say("", "a space before %q", string(c))
			return
		}
		if (c == ',' || c == '،' || c == '؛') && unicode.IsLetter(before) && unicode.IsLetter(after) && !closeComma(s.src) {
			r.say("", "no space behind %q", string(c))
			return
		}
	}
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
		r.say("delete one", "%q stands twice", s.tgtWords[i].text)
	}
}

// doubledWord finds two equal words with nothing but space between them, and
// not three. Words that double by right are short or said twice on purpose.
func doubledWord(text string, ws []word, lang string) int {
	for i := 1; i < len(ws); i++ {
		a, b := ws[i-1], ws[i]
		if a.script == none || utf8.RuneCountInString(a.text) < 2 || !strings.EqualFold(a.text, b.text) || b.start-a.end > 3 || strings.TrimSpace(text[a.end:b.start]) != "" {
			continue
		}
		if i+1 < len(ws) && strings.EqualFold(ws[i+1].text, b.text) || slices.Contains(doubling[lang], strings.ToLower(a.text)) {
			continue
		}
		return i
	}
	return -1
}

// doubling are words that languages say twice by right.
var doubling = map[string][]string{
	"en": {"that", "had", "very", "so"},
	"az": {"yavaş", "tez", "bir"}, "tr": {"yavaş", "tek", "bir", "ayrı"}, "kk": {"бір", "жиі", "тез"}, "uz": {"tez", "bir"},
	"fa": {"کم", "یک", "دانه", "آرام", "پاره"}, "ps": {"یو", "ورو", "لږ"}, "tg": {"кам", "як"}, "ka": {"თან", "ნელ"}, "hy": {"մեկ", "քիչ"},
	"sq": {"të", "së"}, "hu": {"már"}, "ro": {"ce"}, "bs": {"da", "se"}, "sr": {"да", "се", "da", "se"}, "ru": {"еле", "чуть"}, "de": {"die", "der", "das"}, "fr": {"nous", "vous"},
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
	text = strings.TrimRightFunc(text, func(r rune) bool { return r == '\u200f' || r == '\u200e' })
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
			marks |= colon
		case '՝':
			marks |= colon | comma
		case '…':
			marks |= ellipsis
		case ',', '،', '，', '、':
			marks |= comma
		default:
			if !strings.ContainsRune("\"'”“’‘»«›‹)]」』）\u00a0 ", r) {
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
	if a&b != 0 || a == b {
		return
	}
	if a|b == period && (a == period && endsInAbbreviation(s.src, s.srcWords) || b == period && endsInAbbreviation(s.tgt, s.tgtWords)) {
		return
	}
	r.say("", "%s at the end, where the source has %s", markName(b), markName(a))
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
	for i, c := range s.tgt {
		mark, ok := own[c]
		if !ok || i == 0 {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s.tgt[:i], " \"'”»)"))
		if scriptOfRune(before) == want {
			r.say("write "+string(mark), "%q, where %s has %q", string(c), s.to.tag, string(mark))
			return
		}
	}
}

// repeatedPunctuation tells ",," and "..", not "..." and "?!".
func repeatedPunctuation(s *segment, r *report) {
	if m := repeatedMark(s.tgt); m != 0 && repeatedMark(s.src) == 0 {
		r.say("delete one", "%q stands twice", string(m))
	}
}

func repeatedMark(text string) rune {
	var last rune
	n := 0
	for _, r := range text + " " {
		if r == last {
			n++
			continue
		}
		if n == 2 && strings.ContainsRune(",.;:،؛։۔。", last) {
			return last
		}
		last, n = r, 1
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
	r.say(hint, "the bracket %q has no partner", string(f))
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
	for i, r := range text {
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
		if inWord(before) && inWord(after) {
			return 0 // an apostrophe
		}
		if r != '‘' && inWord(before) && !strings.ContainsRune(text[:i], opener(r)) && !opensSingle(text[:i], r) {
			return 0 // Reuters’
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

func opener(r rune) rune {
	if r == '’' {
		return '‘'
	}
	return '\''
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

// quoteBalance compares quotation marks with the source's, since a quotation
// may go on over several segments.
func quoteBalance(s *segment, r *report) {
	src, tgt := quotesOf(s.src, s.from), quotesOf(s.tgt, s.to)
	total := func(q quoteMarks) int { return q.open + q.close + q.either }
	if total(src)+total(tgt) == 0 {
		return
	}
	whole := func(q quoteMarks) bool {
		if q.either%2 == 0 {
			return q.open == q.close && !q.fault
		}
		// A straight mark may be the partner of a curly one, badly typed.
		return false
	}
	switch {
	case total(src)%2 == 0 && whole(src):
		if !whole(tgt) {
			r.say("", "quotation marks do not match: %d opening, %d closing, %d straight", tgt.open, tgt.close, tgt.either)
		} else if total(tgt) == 0 && src.open+src.close+src.either > 0 {
			r.tell(diag.Info, "", "the quotation marks of the source are missing")
		}
	case total(src)%2 != total(tgt)%2:
		r.say("", "%d quotation marks, where the source has %d", total(tgt), total(src))
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
	q := quotesOf(s.tgt, s.to)
	for _, mark := range q.seen {
		if mark == '"' || mark == '\'' {
			if s.to.lang != "he" {
				r.say("write "+s.to.quotes[0]+"…"+s.to.quotes[1], "straight quotation marks, where %s has %s…%s", s.to.tag, s.to.quotes[0], s.to.quotes[1])
			}
			return
		}
		if !slices.Contains(s.to.quotes[:], string(mark)) && !strings.ContainsRune(moreQuotes[s.to.lang], mark) && (moreQuotes[s.to.lang] != "" || s.to.quotes[0] != "") {
			r.tell(diag.Info, "write "+s.to.quotes[0]+"…"+s.to.quotes[1], "the quotation mark %q, where %s has %s…%s", string(mark), s.to.tag, s.to.quotes[0], s.to.quotes[1])
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
			r.say("write ’, or the letter ʻ or ʼ where the language has it", "%q stands for an apostrophe", string(c))
			return
		}
	}
}
