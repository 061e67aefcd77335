package quality

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

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
		if a&colon == 0 && b&period != 0 { // a colon typed for the full stop
			b &^= colon
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
	if a|b == period && (a == period && endsInAbbreviation(s.srcWords, s.from) || b == period && endsInAbbreviation(s.tgtWords, s.to)) {
		return
	}
	if a == comma && b == period { // the source breaks off
		return
	}
	if a == period && b == question && asks(s.src, s.srcWords, s.from) {
		return
	}
	sev := r.check.Severity
	if a == comma || looseEnd(s, a, b) || b&^(comma|colon) == 0 && r.next.goesOn() {
		sev = diag.Info
	}
	r.addFindingWithSeverity(sev, "", "%s at the end, where the source has %s", diag.Arg("mark", markName(b)), diag.Arg("otherMark", markName(a)))
}

// looseEnd reports whether the marks at the ends, a of the source and b of the target,
// differ in a way that good translations have: a full stop behind a headline or a text
// that breaks off, a calmer or livelier sentence, and what the order of quotation and
// speaker does.
func looseEnd(s *segment, a, b int) bool {
	quoted := func(text string) bool {
		r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text, " \u00a0\u200e\u200f\u202f."))
		return strings.ContainsRune("\"'”“’‘»«›‹", r)
	}
	switch {
	case a == 0 && b&(colon|comma) == 0, a == 0 && s.to.lang == "hy":
		return true
	case a == period && b == 0 && len(s.tgtWords) >= 3: // a matter of style in captions and lists; a text that breaks off is short too
		return true
	case a|b == period|exclamation, a|b == period|colon: // a colon stands before what somebody says, or a list
		return true
	case b == 0 && (s.to.script == "Thai" || s.to.script == "Laoo"): // the words show a question
		return true
	case a == period && b == comma && quoted(s.tgt): // "…," for what the source ends with: ," he said.
		return strings.Contains(s.src, ",\"") || strings.Contains(s.src, ",”") || strings.Contains(s.src, ",'") || strings.Contains(s.src, ",’")
	case a == period && b == 0 && quoted(s.tgt) && (quoted(s.src) || s.srcQuotes.total() > 0): // ." and: "…," he said.
		return true
	case a == period && b == question && strings.Contains(s.src, "?"): // the question comes last in the target
		return true
	case a == question && b&^(period|comma) == 0 && strings.ContainsAny(s.tgt, "?؟;՞？"):
		return true
	case a == question && b == period && s.to.lang == "ja" && strings.HasSuffix(strings.TrimRight(s.tgt, "。」』）"), "か"): // the particle asks
		return true
	case a == question && b == period && s.srcQuotes.total() > 0 && s.quotes.total() == 0: // an indirect question
		return true
	}
	return false
}

// asks reports whether the last sentence of an English text is a question by its words,
// though it has no question mark.
func asks(text string, ws []word, l *language) bool {
	if l.lang != "en" || len(ws) == 0 {
		return false
	}
	first := 0
	for i := range ws {
		if i > 0 && strings.ContainsAny(text[ws[i-1].end:ws[i].start], ".:!?\"“") {
			first = i
		}
		if ws[i].low == "whether" {
			return true
		}
	}
	const openers = "are is am was were do does did have has had can could will would shall should may might must who whom whose what which where when why how"
	return containsWord(openers, ws[first].low) || containsWord("what why how who where when", ws[len(ws)-1].low)
}

// goesOn reports whether the target of a segment begins with a small letter: the sentence
// before it goes on there. There may be no segment.
func (s *segment) goesOn() bool {
	if s == nil {
		return false
	}
	for _, r := range s.target.Text.Chars {
		if unicode.IsLetter(r) {
			return unicode.IsLower(r)
		}
	}
	return false
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
	// A dash behind the speaker, whose words go on in the next segment.
	if before, ok := strings.CutSuffix(text, "–"); ok {
		text = strings.TrimRight(before, " \u00a0")
	} else if before, ok := strings.CutSuffix(text, "—"); ok {
		text = strings.TrimRight(before, " \u00a0")
	}
	for text != "" {
		if before, ok := strings.CutSuffix(text, "..."); ok {
			marks |= ellipsis
			text = before
			continue
		}
		if before, ok := strings.CutSuffix(text, "・・・"); ok {
			marks |= ellipsis
			text = before
			continue
		}
		r, size := utf8.DecodeLastRuneInString(text)
		switch r {
		case '.', '։', '۔', '。', '．', '।', '॥', '።', '။', '។', '፡': // the last one doubled, for the full stop of Ethiopic
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
			if !strings.ContainsRune("\"'”“’‘»«›‹)]」』）\u00a0 \x1f", r) && !unicode.Is(unicode.Cf, r) {
				return marks
			}
		}
		text = text[:len(text)-size]
	}
	return marks
}

// endsInAbbreviation reports whether the last period may be a word's own.
func endsInAbbreviation(ws []word, l *language) bool {
	if len(ws) == 0 {
		return false
	}
	last := ws[len(ws)-1]
	n := utf8.RuneCountInString(last.text)
	if l.lang == "en" && !strings.ContainsRune(last.text, '.') && n > 1 {
		return containsWord(englishAbbreviations, last.low)
	}
	if n >= 3 && !strings.ContainsRune(last.text, '.') && strings.ToUpper(last.text) == last.text && last.low != last.text {
		return false // NATO has no point
	}
	if n <= 2 && last.text == last.low && l.common(last.low) {
		return false // "in", "it"
	}
	return strings.ContainsRune(last.text, '.') || n <= 4 && last.script != none && (n <= 2 || strings.IndexFunc(last.text, unicode.IsUpper) == 0)
}

// englishAbbreviations are those without a point within them that end in one: a sentence
// that ends in "Love." or "EU." ends in a point of its own.
const englishAbbreviations = "inc corp ltd co cos jr sr st mr mrs ms dr prof gen col lt maj capt cmdr sgt cpl adm rep reps sen sens gov govs pres rev hon ave blvd rd hwy mt ft " +
	"vs etc al cf ed eds vol pp fig no nos dept univ assn bros est esq jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri sat sun am pm " +
	"calif mass ill tenn wash conn pa va fla ariz ark colo del ga ind kan ky la md mich minn miss mo mont neb nev okla ore penn tex vt wis wyo ph kg km mi lb lbs oz hr hrs min sec approx"

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

// ownMarks are, by script, the marks that stand for those of ASCII.
var ownMarks = map[string]map[rune]rune{
	"Arab": {',': '،', ';': '؛', '?': '؟'},
	"Armn": {'?': '՞', '!': '՜'},
	"Grek": {'?': ';'},
	"Hans": {',': '，', '?': '？', '!': '！', ';': '；', '.': '。'},
	"Hant": {',': '，', '?': '？', '!': '！', ';': '；', '.': '。'},
	"Jpan": {',': '、', '?': '？', '!': '！', ';': '；', '.': '。'},
}

// foreignPunctuation tells marks of the Latin script beside letters of a script
// that has its own.
func foreignPunctuation(s *segment, r *report) {
	own := ownMarks[s.to.script]
	if own == nil {
		return
	}
	want := s.to.written
	if s.to.script == "Armn" {
		trimmed := strings.TrimRight(s.tgt, " »”\"")
		if strings.HasSuffix(trimmed, ":") && endMarks(s.src, s.from)&colon == 0 {
			r.place(0, 0, len(trimmed)-1, len(trimmed))
			r.addFindingWithSeverity(diag.Info, "write ։ (U+0589)", "a colon stands for the Armenian full stop")
			return
		}
	}
	for i, c := range s.tgt {
		if c >= utf8.RuneSelf {
			continue
		}
		mark, ok := own[c]
		if !ok || i == 0 {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s.tgt[:i], " \"'”»)"))
		if scriptOfRune(before) == want {
			sev := r.check.Severity
			if s.to.spaceless { // half as wide, and in use with words in Latin: a matter of style
				sev = diag.Info
			}
			r.addFindingWithSeverity(sev, "write "+string(mark), "%q, where %s has %q", diag.Arg("character", string(c)), diag.Arg("locale", s.to.tag), diag.Arg("mark", string(mark)))
			return
		}
	}
}
