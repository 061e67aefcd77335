package quality

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/locales"
	"hexapla/pipeline/bitext"
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
// that look like them.
func retyped(low string) string {
	return strings.Map(func(r rune) rune {
		if i := strings.IndexRune("aceopxyijsⱪ", r); i >= 0 {
			return []rune("асеорхуіјѕқ")[utf8.RuneCountInString("aceopxyijsⱪ"[:i])]
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
	want := scriptNamed(s.to.script)
	for i, w := range s.tgtWords {
		switch {
		case w.script == mixed && twoScripts(w.text) && !suffixed(w.text) && !joined(w.text):
			if s.inSource(w.text) || chemical(w.text) || s.foreignStem(w.text) {
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
			if !allOf(w.text, lookAlikes(w.script, s.to.lang)) || s.inSource(w.text) {
				continue
			}
			if _, roman := romanNumber(w.text); roman || s.kept(w.text) || len(w.text) > 3 && s.nearSource(w.text) {
				continue
			}
			// Among words of the same foreign script it is a quotation or a name.
			if i > 0 && s.tgtWords[i-1].script == w.script || i+1 < len(s.tgtWords) && s.tgtWords[i+1].script == w.script {
				continue
			}
			r.addFinding("type the word again", "%q is in %s letters that look like %s ones", diag.Arg("text", w.text), diag.Arg("script", w.script), diag.Arg("expected", want))
			return
		}
	}
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

// inSource reports whether the source has a word, in whatever case.
func (s *segment) inSource(word string) bool {
	if !s.seen.mayHave(word) {
		return false
	}
	if len(s.bare) <= manyWords {
		for i := range s.bare {
			if s.isWord(i, word) {
				return true
			}
		}
		return false
	}
	if s.sourceIndex == nil {
		s.sourceIndex = &sourceIndex{at: map[string][]int{}, known: map[string]bool{}}
		for i, text := range s.bare {
			key := foldCase(text)
			s.sourceIndex.at[key] = append(s.sourceIndex.at[key], i)
		}
	}
	found, ok := s.sourceIndex.known[word]
	if !ok {
		found = slices.ContainsFunc(s.sourceIndex.at[foldCase(word)], func(i int) bool { return s.isWord(i, word) })
		s.sourceIndex.known[word] = found
	}
	return found
}

// manyWords is the number of words of a source from which on they have an index: without
// it, n words of the target would take time of n².
const manyWords = 200

// sourceIndex has the words of a long source.
type sourceIndex struct {
	at    map[string][]int // places of words, by foldCase
	known map[string]bool  // the answers of inSource
}

// foldCase returns the same for all words that are equal for strings.EqualFold: of each
// character the smallest that it may be.
func foldCase(s string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		return least
	}, s)
}

// isWord reports whether word i of the source is a word, in whatever case.
func (s *segment) isWord(i int, word string) bool {
	text := s.bare[i]
	// The article "A" is no reason for a Latin letter in Cyrillic: "vitamin A" is.
	single := len(word) == 1
	if text == word && single && (!(text == "a" || text == "A") || !s.article(i)) {
		return true
	}
	return strings.EqualFold(text, word) && !(single && (i == 0 || text != strings.ToUpper(word)))
}

// article reports whether the word i of the source, an "a", is rather the article than a
// letter: a noun stands behind it, and it is in capitals at the beginning of a sentence only.
func (s *segment) article(i int) bool {
	w := &s.srcWords[i]
	rest := s.src[w.end:]
	next, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest, " "))
	if !strings.HasPrefix(rest, " ") || !unicode.IsLetter(next) && next != '"' && next != '\'' && next != '“' && next != '‘' && !unicode.IsDigit(next) {
		return false
	}
	before := strings.TrimRight(s.src[:w.start], " \"'“‘(")
	return w.text == "a" && !strings.HasSuffix(s.src[:w.start], "-") || before == "" || strings.ContainsAny(before[len(before)-1:], ".!?:")
}

// nearSource reports whether the source has a word that begins like this one and is as
// long but for a letter: a foreign name, misspelled or inflected.
func (s *segment) nearSource(word string) bool {
	for _, w := range s.bare {
		if d := len(w) - len(word); d >= -1 && d <= 1 && len(w) > 3 && strings.EqualFold(w[:3], word[:3]) {
			return true
		}
	}
	return false
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
	want := scriptNamed(s.to.script)
	if want == other {
		return
	}
	right, wrong := 0, [mixed + 1]int{}
	for _, w := range s.tgtWords {
		switch {
		case w.script == none || s.kept(w.text):
		case w.script == want || w.script == mixed:
			right++
		case !s.inSource(w.text) || w.script != scriptNamed(s.from.script):
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

// letters tells letters of the right script that the language does not have: і
// in Russian, ы in Ukrainian, the Arabic kaf in Persian. Names in Latin keep
// their own letters, so Latin is left aside, but for the Turkic i and ə.
func letters(s *segment, r *report) {
	want := scriptNamed(s.to.script)
	if want == latin {
		latinLetters(s, r)
		return
	}
	if len(s.to.letters) < 20 || want == other {
		return
	}
	for _, w := range s.tgtWords {
		if w.script != want {
			continue
		}
		for _, c := range w.text {
			if s.to.alphabet.has(c) || scriptOfRune(c) != want || locales.LoanLetter(s.to.lang, c) {
				continue
			}
			if strings.ContainsRune(s.src, c) {
				continue
			}
			hint := ""
			if to, ok := arabicTwins[c]; ok && s.to.letters[to] {
				hint = "write " + string(to)
			}
			r.addFinding(hint, "%q has the letter %q (U+%04X), which %s does not have", diag.Arg("text", w.text), diag.Arg("character", string(c)), diag.Arg("codePoint", c), diag.Arg("locale", s.to.tag))
			return
		}
	}
}

// latinTwins are letters that stand for others in text of a language, with the right
// ones: cedillas in Romanian, turned e in Azerbaijani.
var latinTwins = map[string]map[rune]rune{
	"ro": {'ş': 'ș', 'ţ': 'ț', 'Ş': 'Ș', 'Ţ': 'Ț', 'ǎ': 'ă', 'Ǎ': 'Ă'},
	"az": {'ǝ': 'ə', 'Ǝ': 'Ə', 'ă': 'ə', 'ä': 'ə', 'Ä': 'Ə'},
	"hu": {'õ': 'ő', 'û': 'ű', 'Õ': 'Ő', 'Û': 'Ű'},
	"tr": {'ý': 'ı', 'þ': 'ş', 'ð': 'ğ', 'Ý': 'İ', 'Þ': 'Ş', 'Ð': 'Ğ'},
}

// needed are letters that a text of a language can hardly be without, with the number
// of letters from which their lack is sure.
var needed = map[string]struct {
	letters string
	length  int
}{
	"az": {"əƏ", 80}, "tr": {"ıİğşçöüĞŞÇÖÜ", 60}, "hu": {"áéíóöőúüűÁÉ", 75}, "ro": {"ăâîșțĂÂÎȘȚşţ", 90}, "sq": {"ëçËÇ", 90},
	"bs": {"čćžšđČĆŽŠĐ", 160}, "hr": {"čćžšđČĆŽŠĐ", 160}, "sr": {"čćžšđČĆŽŠĐ", 160}, "tk": {"äöüýňşçžÄÖÜÝŇŞÇŽ", 45}, "crh": {"âıñçşğöüİÂÑÇŞĞÖÜ", 45},
	"pl": {"ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", 60}, "cs": {"áčďéěíňóřšťúůýž", 45},
}

// bare has common words of a language without their marks, which are no words of it.
var bare = map[string]string{
	"az": "ve ucun sehv gore qebul dovlet olke ile hemcinin sonra bele sheher ish", "tr": "icin degil gore cok yil gun once karsi baskan ulke soyledi",
	"sr": "vec sto ce zivot moze takode kaze rekao otisao decak covek coveka ljudi djavolu sta zena ucinio", "bs": "vec sto ce zivot moze takoder kaze covjek sta zena", "hr": "vec sto ce zivot moze takoder kaze covjek sta zena",
	"ro": "si sa in asa inca fata tara intre dupa fara guvernului insa daca", "hu": "es hogy kozott szerint azert kozben miatt utan elott allam", "sq": "eshte nje per qe nga ne shume", "tk": "yurt ucin yyl dovlet hem bolyar", "crh": "ucun soñ degil",
}

// properBare keeps the words of bare that are words after all.
var properBare = map[string]string{"az": "sonra ile", "sq": "nga ne", "ro": "sa in fata", "hu": "hogy szerint miatt", "tk": "hem", "crh": "soñ", "sr": "ljudi rekao ce", "bs": "ce", "hr": "ce"}

// dottedI are words and names that begin with İ in Turkish and Azerbaijani.
var dottedI = []string{"Istanbul", "Izmir", "Iran", "Israil", "Israel", "Italya", "Ispanya", "Ingiltere", "Isveç", "Isviçre", "Iki", "Ile", "Ilk", "Insan", "Iş", "Için", "Iyi", "Islam", "Ilham", "Iddia", "Indi", "Isə"}

// latinLetters reports letters and spellings of a Latin alphabet that are not the
// language's.
func latinLetters(s *segment, r *report) {
	lang := s.to.lang
	twins := latinTwins[lang]
	for i, c := range s.tgt {
		if to, ok := twins[c]; ok && !strings.ContainsRune(s.src, c) {
			r.place(0, 0, i, i+utf8.RuneLen(c))
			r.addFinding("write "+string(to), "the letter %q (U+%04X), where %s has %q (U+%04X)", diag.Arg("character", string(c)), diag.Arg("codePoint", c), diag.Arg("locale", s.to.tag), diag.Arg("otherCharacter", string(to)), diag.Arg("otherCodePoint", to))
			return
		}
	}
	switch lang {
	case "uz", "kaa":
		for i, c := range s.tgt {
			if i == 0 || c != '\'' && c != '`' && c != '’' && c != '´' {
				continue
			}
			if b := s.tgt[i-1] | 0x20; b == 'o' || b == 'g' {
				if next, _ := utf8.DecodeRuneInString(s.tgt[i+utf8.RuneLen(c):]); c != '\'' && c != '’' || unicode.IsLetter(next) {
					r.place(0, 0, i-1, i+utf8.RuneLen(c))
					r.addFindingWithSeverity(diag.Info, "write "+s.tgt[i-1:i]+"ʻ (U+02BB)", "%q stands for the mark of the letter %sʻ", diag.Arg("character", string(c)), diag.Arg("target", s.tgt[i-1:i]))
					return
				}
			}
		}
	case "tr", "az", "crh":
		for _, w := range s.tgtWords {
			if w.text[0] == 'I' && slices.Contains(dottedI, strings.TrimRight(strings.SplitN(strings.SplitN(w.text, "'", 2)[0], "’", 2)[0], "-")) {
				r.place(0, 0, w.start, w.end)
				r.addFinding("write İ", "%q begins with I without a dot", diag.Arg("text", w.text))
				return
			}
		}
	}
	if n, ok := needed[lang]; ok {
		letters, bareWords := 0, 0
		var last word
		for _, w := range s.tgtWords {
			if w.script == latin && !s.inSource(w.text) {
				letters += utf8.RuneCountInString(w.text)
			}
			if s.to.bare[w.low] && !s.to.properBare[w.low] || (lang == "az" && strings.Contains(w.low, "ish") && !s.inSource(w.text)) || lang == "sr" && strings.HasPrefix(w.low, "dj") && strings.HasPrefix(w.low[2:], "a") {
				bareWords++
				last = w
			}
		}
		switch {
		case bareWords >= 2, bareWords == 1 && letters < n.length && letters > 8 && !strings.ContainsAny(s.tgt, n.letters):
			r.place(0, 0, last.start, last.end)
			r.addFinding("write the letters with their marks", "%q is written without the letters of %s", diag.Arg("text", last.text), diag.Arg("locale", s.to.tag))
		case letters >= n.length && !strings.ContainsAny(s.tgt, n.letters):
			r.addFinding("write the letters with their marks", "none of the letters %s in %d letters", diag.Arg("letters", n.letters), diag.Arg("otherLetters", letters))
		}
	}
}

// wordSet returns the words of a list separated by spaces, nil if there is none.
func wordSet(list string) map[string]bool {
	if list == "" {
		return nil
	}
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}

// containsWord reports whether a list separated by spaces has a word.
func containsWord(list, word string) bool {
	for w := range strings.FieldsSeq(list) {
		if w == word {
			return true
		}
	}
	return false
}

// arabicTwins are Arabic letters with Persian ones that look the same.
var arabicTwins = map[rune]rune{'ي': 'ی', 'ى': 'ی', 'ك': 'ک', 'ہ': 'ه', 'ە': 'ه'}

// unusual reports characters that text for people does not have.
func unusual(r rune) bool {
	switch {
	case r < ' ':
		return r != '\t' && r != '\n' && r != '\r'
	case r < 0x7f:
		return false
	case r <= 0x9f, r == utf8.RuneError, r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
		return true
	}
	return unicode.Is(unicode.Co, r)
}

func controls(s *segment, r *report) {
	if s.ordinary {
		return
	}
	text, src := s.target.Text.Chars, s.source.Chars
	for i, c := range text {
		if !unusual(c) || strings.ContainsRune(src, c) && c != utf8.RuneError {
			continue
		}
		if c == utf8.RuneError && strings.ContainsRune(src, c) {
			continue
		}
		if c == utf8.RuneError {
			r.addFinding("type the character again", "a replacement character (U+FFFD) or a broken one at byte %d: the text was damaged", diag.Arg("offset", i))
		} else {
			r.addFinding("delete it", "the control character U+%04X", diag.Arg("codePoint", c))
		}
		return
	}
}

// mojibake finds UTF-8 that was read as Windows-1252 or Windows-1251: characters
// that, as bytes of such an encoding, are valid UTF-8. And it finds question marks that
// a program wrote because its encoding lacks the letters.
func mojibake(s *segment, r *report) {
	text := s.target.Text.Chars
	if !strings.ContainsRune(text, utf8.RuneError) && bitext.LostLetters(s.source.Chars, text) {
		r.addFinding("restore the text from before it was converted", "question marks or replacement characters stand for letters of the target: %q", diag.Arg("target", diag.Excerpt(text)))
		return
	}
	if m := locales.Misdecoded(text); m != "" && !strings.Contains(s.source.Chars, m) {
		r.addFinding("restore the text from before it was converted", "%q looks like text read with the wrong encoding", diag.Arg("text", diag.Excerpt(m)))
	}
}

// bidi looks at explicit direction marks (UAX #9, 2.1 to 2.4).
func bidi(s *segment, r *report) {
	if s.ordinary || strings.IndexByte(s.target.Text.Chars, 0xe2) < 0 {
		return // all of them are U+20xx
	}
	// One at the very end does nothing.
	text := strings.TrimRight(s.target.Text.Chars, " \u202a\u202b\u202c\u2066\u2067\u2068\u2069\u200e\u200f")
	if bidiFault(text) != 0 && bidiFault(s.target.Text.Chars) == 0 {
		text = s.target.Text.Chars
	}
	if f := bidiFault(text); f != 0 && bidiFault(s.source.Chars) != f {
		r.addFinding("close it, or delete it", "the direction mark %s has no partner", diag.Arg("name", bidiName(f)))
		return
	}
	for _, c := range []rune{'\u202d', '\u202e'} {
		if strings.ContainsRune(text, c) && !strings.ContainsRune(s.source.Chars, c) {
			r.addFindingWithSeverity(diag.Warning, "delete it", "%s turns the text around", diag.Arg("name", bidiName(c)))
			return
		}
	}
}

func bidiName(r rune) string {
	switch r {
	case '\u202a':
		return "LRE (U+202A)"
	case '\u202b':
		return "RLE (U+202B)"
	case '\u202c':
		return "PDF (U+202C)"
	case '\u202d':
		return "LRO (U+202D)"
	case '\u202e':
		return "RLO (U+202E)"
	case '\u2066':
		return "LRI (U+2066)"
	case '\u2067':
		return "RLI (U+2067)"
	case '\u2068':
		return "FSI (U+2068)"
	}
	return "PDI (U+2069)"
}

func bidiFault(text string) rune {
	var open []rune
	for i := 0; i < len(text); i++ {
		if text[i] != 0xe2 { // all of them are U+20xx
			continue
		}
		r, _ := utf8.DecodeRuneInString(text[i:])
		switch r {
		case '\u202a', '\u202b', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068':
			if len(open) < 200 {
				open = append(open, r)
			}
		case '\u202c':
			if n := len(open); n == 0 || open[n-1] >= '\u2066' {
				return r
			}
			open = open[:len(open)-1]
		case '\u2069':
			n := len(open)
			if n == 0 || open[n-1] < '\u2066' {
				return r
			}
			open = open[:n-1]
		}
	}
	if len(open) > 0 {
		return open[len(open)-1]
	}
	return 0
}

// invisible tells characters without a shape where they have nothing to do.
func invisible(s *segment, r *report) {
	if s.ordinary {
		return
	}
	text := s.target.Text.Chars
	var before rune
	for i, c := range text {
		prev := before
		before = c
		if c < 0xad || c == utf8.RuneError { // which may be one broken byte
			continue
		}
		after, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(c):])
		bad, hint := false, "delete it"
		switch {
		case c == 0xad:
			bad = !unicode.IsLetter(prev) || !unicode.IsLetter(after)
		case c == '\u200b':
			bad = !slices.Contains([]string{"Thai", "Laoo", "Khmr", "Mymr", "Tibt", "Jpan", "Hans", "Hant"}, s.to.script)
		case c == '\u200c' || c == '\u200d':
			bad = !joins(prev, after, c)
			if !bad {
				continue
			}
			if s.to.script == "Arab" {
				hint = "a non-joiner stands between two letters of a word"
			}
		case c == '\u200e' || c == '\u200f' || c == '\u061c':
			bad = !s.to.rtl && !strings.ContainsFunc(text, func(r rune) bool { k := scriptOfRune(r); return k == arabic || k == hebrew })
		case c == '\ufeff', c == '\u2060', c == '\u180e', c == '\u034f', c == '\u2028', c == '\u2029', c >= 0xe0000 && c <= 0xe0fff, c == '\u115f', c == '\u3164', c == '\u2061', c == '\u2062', c == '\u2063':
			bad = true
		}
		if bad && !strings.ContainsRune(s.source.Chars, c) {
			sev := r.check.Severity
			if (c == '\u200b' || c == '\u200c' || c == '\u200d') && !(unicode.IsLetter(prev) && unicode.IsLetter(after)) && !(c == '\u200b' && withinWord(text, i)) {
				sev = diag.Info // beside a space or mark it does nothing
			}
			r.addFindingWithSeverity(sev, hint, "the invisible character U+%04X", diag.Arg("codePoint", c))
			return
		}
	}
}

// withinWord reports whether a run of zero-width spaces that has one at i stands between
// two letters, where it breaks a word.
func withinWord(text string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text[:i], "\u200b"))
	after, _ := utf8.DecodeRuneInString(strings.TrimLeft(text[i:], "\u200b"))
	return unicode.IsLetter(before) && unicode.IsLetter(after)
}

// joins reports whether a joiner or non-joiner has its place: between letters of
// a script that joins, or, for a joiner, in an emoji.
func joins(before, after, c rune) bool {
	joining := func(r rune) bool {
		if r < 0x600 {
			return false
		}
		return unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Devanagari, unicode.Bengali, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Gujarati, unicode.Gurmukhi, unicode.Sinhala, unicode.Oriya, unicode.Khmer, unicode.Myanmar, unicode.Mongolian) || unicode.Is(unicode.Mn, r)
	}
	if c == '\u200d' && !unicode.IsLetter(before) && before > 0x2000 {
		return true // an emoji
	}
	return joining(before) && joining(after) && !unicode.IsPunct(before) && !unicode.IsPunct(after)
}
