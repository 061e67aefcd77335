package quality

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/diag"
)

// lookAlikes are the letters of one script that readers take for letters of
// another, for words that have no other letters. The table is short on purpose:
// Unicode's confusables (https://www.unicode.org/reports/tr39/) list many that no
// keyboard types, and with i and j in it half of all short Latin words would be
// look-alikes; they are for the languages that have them.
func lookAlikes(s script, lang string) string {
	switch s {
	case latin:
		switch lang {
		case "uk", "be", "kk":
			return "aceopxyiABCEHKMOPTXYI"
		case "sr", "mk":
			return "aceopxyjsABCEHKMOPTXYJS"
		}
		return "aceopxyABCEHKMOPTXY"
	case cyrillic:
		return "асеорхуіјѕАВСЕНКМОРТХУІЈЅ"
	case greek:
		return "ονΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"
	}
	return ""
}

// retyped returns a word in lower case with Cyrillic letters in place of the Latin ones
// that look like them, or that are typed for one which a keyboard lacks.
func retyped(low string) string {
	return strings.Map(func(r rune) rune {
		if r == 'ⱪ' {
			return 'қ'
		}
		if twin, ok := twinLetters[cyrillic][r]; ok {
			return twin
		}
		return r
	}, low)
}

// retypedQuantities reads the numbers of a text in Cyrillic in which some letters are the
// Latin ones that look like them: "10 милиoнa". It puts what the words should be into low
// of each word of two scripts.
func retypedQuantities(text string, ws []word, l *language) []quantity {
	var b strings.Builder
	var at []int // of each byte of the new text: where it comes from
	copyTo := func(part string, from int, same bool) {
		for i := range len(part) {
			if same {
				at = append(at, from+i)
			} else {
				at = append(at, from)
			}
		}
		b.WriteString(part)
	}
	done := 0
	for i := range ws {
		w := &ws[i]
		if w.script != mixed {
			continue
		}
		right := retyped(w.low)
		if right == w.low || scriptOf(right) != cyrillic {
			continue
		}
		copyTo(text[done:w.start], done, true)
		copyTo(right, w.start, false)
		w.low, done = right, w.end
	}
	copyTo(text[done:], done, true)
	at = append(at, len(text))
	qs := quantitiesOf(b.String(), l)
	for i := range qs {
		q := &qs[i]
		q.start, q.end = at[q.start], at[q.end]
		if q.last = at[q.last]; q.last < q.end {
			q.last = q.end
		}
		// The end of a word, not its start.
		if k := sort.Search(len(ws), func(k int) bool { return ws[k].end > q.last }); k < len(ws) && ws[k].start < q.last {
			q.last = ws[k].end
		}
		q.text = text[q.start:q.end]
	}
	return qs
}

// uncommonTwins are letters that stand for those of another script throughout a text: a
// Latin k with descender for the Cyrillic one, which a keyboard lacks.
const uncommonTwins = "ⱩⱪⱧⱨӀ"

// homoglyphs tells words with letters of two scripts, and words wholly of
// letters that look like another script's and that the source does not have.
func homoglyphs(s *segment, r *report) {
	want := s.to.written
	for i, w := range s.tgtWords {
		switch {
		case w.script == mixed && twoScripts(w.text) && !suffixed(w.text) && !joined(w.text):
			if s.inSource(w.text) || chemical(w.text) || s.foreignStem(w.text) || s.cliticsOf(w.text) {
				continue
			}
			a, b := scriptsIn(w.text)
			sev := r.check.Severity
			if a == arabic || b == arabic || a == hebrew || b == hebrew { // they look like no others: a space is missing, or an ending was added
				sev = diag.Warning
				if s.latinPart(w.text) {
					sev = diag.Info
				}
			} else if !disguised(w.text, want) {
				sev = diag.Warning // a part is not transliterated, or a space is missing
			} else if want == cyrillic && graveOnly(w.text) {
				sev = diag.Info // сè and нì for сѐ and нѝ, whose letters keyboards lack
			}
			before := len(r.out)
			r.addFindingWithSeverity(sev, "type the word again", "%q has %s and %s letters", diag.Arg("text", w.text), diag.Arg("script", a), diag.Arg("otherScript", b))
			if n := len(r.out); (s.mistyped || strings.ContainsAny(w.text, uncommonTwins)) && n > before {
				r.out[n-1].Args["throughout"] = true // see recurringKey
			}
			return
		case w.script != want && (want == latin || want == cyrillic || want == greek) && (w.script == latin || w.script == cyrillic || w.script == greek):
			if !allOf(w.text, lookAlikes(w.script, s.to.lang)) || s.inSource(w.text) || len(w.text) > 1 && s.inSource(w.text+"s") || isDegree(s.tgt[:w.start], w.text) {
				continue
			}
			if _, roman := romanNumber(w.text); roman || s.kept(w.text) || len(w.text) > 3 && s.nearSource(w.text) {
				continue
			}
			// Among words of the same foreign script it is a quotation or a name.
			if i > 0 && s.tgtWords[i-1].script == w.script || i+1 < len(s.tgtWords) && s.tgtWords[i+1].script == w.script {
				continue
			}
			if hasInnerCapital(w.text) || len(w.text) == 1 && s.hasLatinLetters(i) { // eBay; sizes S and M
				continue
			}
			if len(w.text) > 2 && allUpper(w.text) { // an initialism is rather misspelled
				r.addFindingWithSeverity(diag.Warning, "type the word again", "%q is in %s letters that look like %s ones", diag.Arg("text", w.text), diag.Arg("script", w.script), diag.Arg("expected", want))
				return
			}
			r.addFinding("type the word again", "%q is in %s letters that look like %s ones", diag.Arg("text", w.text), diag.Arg("script", w.script), diag.Arg("expected", want))
			return
		}
	}
}

// cliticsOf reports whether a word of two scripts is a Latin one with what its language
// joins to it: the conjunction, prepositions and the article of Arabic, the plural of
// Persian, an article with an apostrophe before a term of the source.
func (s *segment) cliticsOf(word string) bool {
	if i := strings.IndexAny(word, "'’"); i > 0 && s.inSource(strings.TrimLeft(word[i:], "'’")) {
		return true
	}
	isLatin := func(w string) bool { return w != "" && scriptOf(w) == latin }
	switch s.to.lang {
	case "ar":
		for _, p := range [...]string{"و", "ب", "ل", "ف", "ك", "ال", "وال", "بال", "لل"} {
			if rest, ok := strings.CutPrefix(word, p); ok && isLatin(rest) {
				return true
			}
		}
	case "fa":
		for _, e := range joiningPlural {
			if rest, ok := strings.CutSuffix(word, e); ok && isLatin(rest) {
				return true
			}
		}
	}
	return false
}

// hasLatinLetters reports whether another word near by in the target than the one at i is a single
// capital letter of the Latin script that looks like none of the language's.
func (s *segment) hasLatinLetters(i int) bool {
	const near = 50
	for k := max(0, i-near); k < min(len(s.tgtWords), i+near); k++ {
		w := &s.tgtWords[k]
		if k != i && len(w.text) == 1 && w.script == latin && isUpperASCII(w.text) && !allOf(w.text, lookAlikes(latin, s.to.lang)) {
			return true
		}
	}
	return false
}

// hasInnerCapital reports whether a capital letter stands behind a small one.
func hasInnerCapital(word string) bool {
	small := false
	for _, r := range word {
		if small && unicode.IsUpper(r) {
			return true
		}
		small = unicode.IsLower(r)
	}
	return false
}

// isDegree reports whether a word is the letter behind a degree sign: 27 °C.
func isDegree(before, word string) bool {
	before = strings.TrimRight(before, " \u00a0\u202f")
	return (word == "C" || word == "F" || word == "K") && (strings.HasSuffix(before, "°") || strings.HasSuffix(before, "º"))
}

// disguised reports whether one of the two scripts of a word has only letters there that
// readers take for the other's, or a single one, so that nobody can have meant them.
func disguised(word string, want script) bool {
	a, b := scriptsIn(word)
	foreign := a
	if a == want {
		foreign = b
	}
	for _, s := range [...]script{foreign, want} {
		alike, letters := true, 0
		for _, r := range word {
			if scriptOfRune(r) == s {
				letters++
				alike = alike && (strings.ContainsRune(twins[s], r) || strings.ContainsRune(uncommonTwins, r))
			}
		}
		if alike || s == foreign && letters == 1 {
			return true
		}
	}
	return false
}

// graveOnly reports whether the only Latin letters of a word are those with a grave accent
// that many people type for the Cyrillic ones.
func graveOnly(word string) bool {
	for _, r := range word {
		if scriptOfRune(r) == latin && !strings.ContainsRune("èìÈÌ", r) {
			return false
		}
	}
	return true
}

// twins are the letters of a script that look like one of another script somewhere, in
// mixed words: more than lookAlikes, since the rest of the word shows what is meant.
var twins = map[script]string{
	latin:    "aceopxyijshkmèìABCEHKMOPTXYIJSÈÌ",
	cyrillic: "асеорхуіјѕһкАВСЕНКМОРТХУІЈЅ",
	greek:    "ονυικαρτΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
	armenian: "օոսհզցյՕՏՍՈՀ",
	georgian: "ოეიბსხჰ",
}

// foreignStem reports whether a word is a Latin name of the source with an ending of
// the target's language: FBIдың.
func (s *segment) foreignStem(word string) bool {
	i := strings.IndexFunc(word, func(r rune) bool { return scriptOfRune(r) != latin && scriptOfRune(r) != none })
	if i < 2 || scriptOf(word[:i]) != latin {
		return false
	}
	stem := strings.TrimRight(word[:i], "-‑֊'’.0123456789")
	if !s.inSource(stem) {
		return false
	}
	rest := word[i:]
	return scriptOf(rest) != mixed && (strings.IndexFunc(rest, unicode.IsUpper) < 0 || len(stem) > 1 && strings.ToUpper(word) == word)
}

// latinPart reports whether the Latin letters of a mixed word are a word of the source.
func (s *segment) latinPart(word string) bool {
	from := strings.IndexFunc(word, func(r rune) bool { return scriptOfRune(r) == latin })
	to := strings.LastIndexFunc(word, func(r rune) bool { return scriptOfRune(r) == latin })
	return from >= 0 && s.inSource(word[from:to+1])
}

func allOf(text, set string) bool {
	letters := 0
	for _, r := range text {
		if !strings.ContainsRune(set, r) {
			return false
		}
		letters++
	}
	return letters > 0
}

// suffixed reports whether a word changes its script at an apostrophe, as
// languages do that put endings on foreign names: Reuters'тин.
func suffixed(w string) bool {
	i := strings.IndexAny(w, "'’ʼ֊‑-")
	if i < 0 {
		return false
	}
	_, size := utf8.DecodeRuneInString(w[i:])
	return scriptOf(w[:i]) != mixed && scriptOf(w[i+size:]) != mixed
}

// joined reports whether a word is made of words of one script each, by a point, a colon
// or a low line: файл.txt, ID_ПРИЛОЖЕНИЯ.
func joined(w string) bool {
	if !strings.ContainsAny(w, "._:") {
		return false
	}
	for part := range strings.FieldsFuncSeq(w, func(r rune) bool { return r == '.' || r == '_' || r == ':' }) {
		if scriptOf(part) == mixed || utf8.RuneCountInString(part) < 2 {
			return false
		}
	}
	return true
}

// twoScripts leaves aside scripts that go together in a word, as in Japanese.
func twoScripts(w string) bool {
	a, b := scriptsIn(w)
	return a != other && b != other
}

func scriptsIn(w string) (a, b script) {
	for _, r := range w {
		k := scriptOfRune(r)
		switch {
		case k == none || k == a:
		case a == none:
			a = k
		default:
			return a, k
		}
	}
	return a, none
}

// chemical reports whether a mixed word is a Greek letter beside Latin ones
// (µm, Δt).
func chemical(w string) bool {
	a, b := scriptsIn(w)
	return (a == greek && b == latin || a == latin && b == greek) && utf8.RuneCountInString(w) <= 3
}

// wrongScript tells a text mostly in another script than its locale's.
func wrongScript(s *segment, r *report) {
	want := s.to.written
	if want == other {
		return
	}
	right, wrong := 0, [mixed + 1]int{}
	for _, w := range s.tgtWords {
		switch {
		case w.script == none || s.kept(w.text):
		case w.script == want || w.script == mixed:
			right++
		case !s.inSource(w.text) || w.script != s.from.written:
			wrong[w.script]++
		}
	}
	for _, k := range []script{latin, cyrillic, greek, armenian, georgian, arabic, hebrew, other} {
		if wrong[k] > right && wrong[k] > 1 {
			r.addFinding("", "the text is in %s letters, where %s is written in %s ones", diag.Arg("script", k), diag.Arg("locale", s.to.tag), diag.Arg("expected", want))
			return
		}
	}
	wrongLanguage(s, r)
}
