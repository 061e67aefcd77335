package quality

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/diag"
)

// quoteMarks counts a text's quotation marks: those that open, those that
// close, and those that may be either. Apostrophes are none.
type quoteMarks struct {
	open, close, either int
	lean                int    // how many more of the either ones look like opening than like closing ones
	unsure              int    // how many of the either ones look like neither
	seen                []rune // distinct marks in order of appearance
	fault               bool   // a closing one before any was opened
	together            bool   // two closing ones stand beside each other
}

func quotesOf(text string, l *language) quoteMarks {
	var q quoteMarks
	from := firstQuote(text)
	end := -1 // of the last mark
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
			if lean := leaning(text, i); lean != 0 {
				q.lean += lean
			} else {
				q.unsure++
			}
		}
		if i == end && role != '(' {
			q.together = true
		}
		end = i + utf8.RuneLen(r)
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
	case '„', '‚', '「', '『', '\u0082', '\u0084', '\u0091', '\u0093': // the last ones as bytes of Windows-1252
		return '('
	case '」', '』', '\u0092', '\u0094':
		return ')'
	case '"':
		if l.script == "Hebr" {
			if gershayim(text, i, r) {
				return 0
			}
		}
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
	before, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text[:i], directionMarks))
	after, _ := utf8.DecodeRuneInString(strings.TrimLeft(text[i+utf8.RuneLen(r):], directionMarks))
	inWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }
	if l.script == "Hebr" {
		switch {
		case r == '‘' && scriptOfRune(after) != hebrew && lowOpen(recent(text[:i])):
			return ')' // of ‚…‘
		case (r == '‘' || r == '’' || r == '\'') && scriptOfRune(before) == hebrew:
			return 0 // the geresh of a letter
		case r != '«' && r != '»' && gershayim(text, i, r):
			return 0
		case r == '“' && scriptOfRune(before) == hebrew && scriptOfRune(after) == hebrew:
			return '(' // behind a preposition that is joined to the word
		}
	}
	if r == '\'' && l.script == "Kore" { // particles follow without a space
		switch later := strings.ContainsAny(text[i+1:], "'’"); {
		case strings.Count(recent(text[:i]), "'")%2 == 1 || strings.ContainsRune(recent(text[:i]), '‘'):
			return ')'
		case later:
			return '('
		}
		return 0
	}
	if r == '’' || r == '\'' || r == '‘' {
		if scriptOfRune(before) == latin && scriptOfRune(after) == latin {
			return 0 // an apostrophe
		}
		if (l.spaceless || l.script == "Kore") && r != '\'' { // no space shows where they stand
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
			if inWord(before) && !opensSingle(recent(text[:i]), r) && !curlyOpen(text[:i], r, l) {
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
				colon := i > 1 && text[i-1] == ' ' && text[i-2] == ':' && unicode.IsUpper(after)
				if !colon && !closesSingle(text[i+utf8.RuneLen(r):], r) {
					return 0
				}
			}
			return '('
		}
		if inWord(before) && !strings.ContainsAny(text[:i], "‚‘’'`‹") {
			return 0 // Dragons‘ Den
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
			if l.rtl { // mirrored characters: « opens, whatever CLDR's data for Uyghur have
				return []rune("()")[strings.IndexRune("«»", r)/len("«")]
			}
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

// recent returns the end of a text, as far back as a quotation may begin whose mark is at
// its end: what is farther away does not matter, and takes time.
func recent(text string) string { return text[max(0, len(text)-2000):] }

// lowOpen reports whether a Hebrew text has a mark ‚ behind which no ‘ closes: one before a
// letter is a geresh.
func lowOpen(text string) bool {
	rest := text[strings.LastIndex(text, "‚")+1:]
	if len(rest) == len(text) {
		return false
	}
	for i, r := range rest {
		if r == '‘' {
			if after, _ := utf8.DecodeRuneInString(rest[i+len("‘"):]); scriptOfRune(after) != hebrew {
				return false
			}
		}
	}
	return true
}

// gershayim reports whether a mark stands before the last letter of a Hebrew acronym
// (ארה"ב), or before an ending of one (ארה"בי).
func gershayim(text string, i int, r rune) bool {
	before, size := utf8.DecodeLastRuneInString(text[:i])
	after, n := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
	if scriptOfRune(before) != hebrew || scriptOfRune(after) != hebrew {
		return false
	}
	second, _ := utf8.DecodeLastRuneInString(text[:i-size])
	next, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r)+n:])
	return scriptOfRune(next) != hebrew || scriptOfRune(second) == hebrew && !strings.ContainsRune(text[i+utf8.RuneLen(r):], r)
}

// directionMarks are characters that are not seen, and may stand beside any mark in text
// from right to left.
const directionMarks = "\u200e\u200f\u061c"

// leaning returns 1 if the straight mark at i has the place of an opening one, -1 if it
// has that of a closing one, 0 if it has neither.
func leaning(text string, i int) int {
	before, size := utf8.DecodeLastRuneInString(strings.TrimRight(text[:i], directionMarks))
	after, _ := utf8.DecodeRuneInString(strings.TrimLeft(text[i+1:], directionMarks))
	opens := size == 0 || unicode.IsSpace(before) || strings.ContainsRune("([{—–-«„“‘'\x1f", before)
	closes := i+1 == len(text) || unicode.IsSpace(after) || strings.ContainsRune(".,;:!?)]}»”’'…—–-،؛؟։۔\x1f", after) ||
		strings.ContainsRune(".!?…", before) && unicode.IsLetter(after) // a particle follows: …니다."라고
	switch {
	case opens && !closes:
		return 1
	case closes && !opens:
		return -1
	}
	return 0
}

// opensSingle reports whether a straight or high single mark opened a quotation.
func opensSingle(text string, r rune) bool {
	for i, c := range text {
		if c != r && (r != '’' || c != '\'') {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		if i == 0 || unicode.IsSpace(before) || before == '(' {
			return true
		}
	}
	return strings.ContainsAny(text, "‚`")
}

// curlyOpen reports whether a mark ‘ is open that a single mark may close.
func curlyOpen(text string, r rune, l *language) bool {
	text = recent(text)
	if r == '\'' {
		return l.lang != "uz" && strings.Count(text, "‘") > strings.Count(text, "’")
	}
	return r == '’' && strings.ContainsRune(text, '‘')
}

// closesSingle reports whether such a mark closes one further on. A straight mark may have
// a curly partner.
func closesSingle(text string, r rune) bool {
	for i, c := range text[:min(len(text), 2000)] { // see recent
		if c != r && (r != '\'' || c != '’') {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(c):])
		if i > 0 && (!unicode.IsLetter(after) && !unicode.IsDigit(after) || strings.ContainsRune(",.!?", before)) {
			return true
		}
	}
	return false
}

// whole reports whether the marks pair by themselves.
func (q *quoteMarks) whole() bool {
	// A straight mark may be the partner of a curly one, badly typed.
	return q.either%2 == 0 && !q.leans() && q.open == q.close && !q.fault
}

// paired reports whether the marks pair, though some may have their space on the wrong
// side, or open with the mark that closes.
func (q *quoteMarks) paired() bool {
	return q.whole() || q.open+q.close == 0 && q.either%2 == 0 || q.open+q.either == 0 && q.close%2 == 0 && len(q.seen) == 1 && q.seen[0] == '”'
}

// leans reports whether the straight marks are surely more opening or more closing ones:
// one of them may have its space on the wrong side.
func (q *quoteMarks) leans() bool { return max(q.lean, -q.lean) > q.either/2 }

// mixed reports whether the marks pair if straight ones count as what they look like, or
// as what is missing if they look like neither: a curly mark has a straight partner.
func (q *quoteMarks) mixed() bool {
	rest := q.open - q.close + q.lean
	return q.either > 0 && q.open+q.close > 0 && max(rest, -rest) <= q.unsure && q.total()%2 == 0
}

func (q *quoteMarks) total() int { return q.open + q.close + q.either }

// balance returns how many more marks open than close; an odd straight mark closes
// what is open, and opens otherwise.
func (q *quoteMarks) balance(open int) int {
	d := q.open - q.close
	if q.leans() {
		return d + q.lean
	}
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
		if tgt.paired() {
			if tgt.total() == 0 && carry == 0 {
				r.at = s
				r.addFindingWithSeverity(diag.Info, "", "the quotation marks of the source are missing")
			}
			continue
		}
		if tgt.mixed() {
			r.at = s
			r.addFindingWithSeverity(diag.Info, "", "a straight quotation mark has a curly partner: %d opening, %d closing, %d straight", diag.Arg("opening", tgt.open), diag.Arg("closing", tgt.close), diag.Arg("straight", tgt.either))
			continue
		}
		delta := tgt.balance(carry)
		asSource := !src.whole() && src.total() == tgt.total() && src.either == tgt.either // one has no partner there either
		switch {
		case delta == 1 && src.together && src.whole() && tgt.total() > 2:
			// One mark closes two quotations, as in many languages.
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
			if src.whole() || src.balance(0) >= 0 && !asSource {
				fault(s, tgt)
			}
			carry = 0
		case delta > 0 && asSource && src.balance(0) < delta:
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
	"fa": "«»‹›“”", "ps": "«»“”‹›", "ar": "«»“”", "he": "”״“„‚‘", "de": "„“‚‘»«›‹", "fr": "«»“”‹›", "es": "«»“”‘’", "ca": "«»“”‘’", "it": "«»“”", "pl": "„”«»", "el": "«»“”", "ja": "「」『』“”", "zh": "“”‘’「」『』", "th": "“”‘’", "hi": "“”‘’", "ur": "“”‘’", "ko": "“”‘’",
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
