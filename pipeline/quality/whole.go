package quality

import (
	"hash/maphash"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

func empty(s *segment, r *report) {
	if s.target.Text.IsBlank() && !s.source.IsBlank() {
		r.addFinding("translate it", "the translation is empty")
	}
}

func codes(s *segment, r *report) {
	for _, p := range bitext.CompareCodes(*s.source, s.target.Text) {
		sev := diag.Error
		if p.Kind == bitext.CodeLost && !p.Code.NoDelete {
			sev = diag.Warning
		}
		name := p.Code.Disp
		if name == "" {
			name = p.Code.Data
		}
		if name == "" {
			name = p.Code.ID
		}
		r.addFindingWithSeverity(sev, "", "the code %s is %s", diag.Arg("name", diag.Excerpt(name)), diag.Arg("kind", p.Kind))
	}
}

// untranslated tells a copy of the source: in another script always, in the
// same one when it has words that are no names.
func untranslated(s *segment, r *report) {
	if s.from.lang == s.to.lang || strings.TrimSpace(s.src) == "" || !strings.EqualFold(strings.TrimSpace(s.src), strings.TrimSpace(s.tgt)) {
		return
	}
	foreign := s.from.script != s.to.script
	plainWords, all := 0, 0
	for _, w := range s.srcWords {
		if w.script == none || s.kept(w.text) || w.start > 0 && s.src[w.start-1] == '#' { // a tag
			continue
		}
		first, _ := utf8.DecodeRuneInString(w.text)
		all++
		if !unicode.IsUpper(first) && utf8.RuneCountInString(w.text) > 2 || s.from.common(w.lower()) {
			plainWords++
		}
	}
	if s.foreignSource() {
		return
	}
	if plainWords > 1 || plainWords == 1 && (foreign || all > 2) {
		r.addFinding("translate it", "the translation is the same as the source")
	}
}

// foreignSource reports whether the source seems to be a quotation in another language
// than the document's, which is copied.
func (s *segment) foreignSource() bool {
	id := identifierOf()
	own := s.from.identity(id)
	if own < 0 || len(s.srcWords) < 3 {
		return false
	}
	scores := make([]float64, maxLanguages)[:len(id.tags)]
	id.score(scores, s.srcWords, nil)
	for n, v := range scores {
		if n != own && id.scripts[n] == id.scripts[own] && (v >= 1.5 && scores[own] < 0.34*v || v >= 0.9 && scores[own] <= 0 && len(s.srcWords) >= 4) {
			return true
		}
	}
	return false
}

// kept reports whether a word is part of a term that is not to be translated.
func (s *segment) kept(word string) bool {
	for _, t := range s.target.Terms {
		if t.DoNotTranslate && strings.Contains(t.Source, word) {
			return true
		}
	}
	return false
}

// sourceLeft looks for a run of words that stand in the source in the same
// order; names, which begin with a capital, do not make one.
func sourceLeft(s *segment, r *report) {
	if s.from.lang == s.to.lang || len(s.tgtWords) == 0 || strings.EqualFold(s.src, s.tgt) {
		return
	}
	foreign := s.from.written != s.to.written
	need := 4
	if foreign {
		need = 3
	}
	run := 0 // of words that the source may have
	for i := 0; i < len(s.tgtWords) && run < need; i++ {
		if run++; !s.seen.mayHave(s.tgtWords[i].text) {
			run = 0
		}
	}
	if run < need {
		return
	}
	where := map[string][]int{}
	for i, w := range s.srcWords {
		where[w.text] = append(where[w.text], i)
	}
	for i := 0; i < len(s.tgtWords); i++ {
		best := 0
		for _, at := range where[s.tgtWords[i].text] {
			n := 0
			for i+n < len(s.tgtWords) && at+n < len(s.srcWords) && s.tgtWords[i+n].text == s.srcWords[at+n].text {
				n++
			}
			best = max(best, n)
		}
		if best >= need {
			small := 0
			for _, w := range s.tgtWords[i : i+best] {
				if first, _ := utf8.DecodeRuneInString(w.text); unicode.IsLower(first) && !isMeasure(w.low) && utf8.RuneCountInString(w.text) > 1 && !strings.ContainsFunc(w.text, unicode.IsDigit) && !s.kept(w.text) {
					small++
				}
			}
			if small >= need-1 {
				from, to := s.tgtWords[i].start, s.tgtWords[i+best-1].end
				if s.isTerms(s.tgtWords[i:i+best], from, to) {
					return
				}
				sev := r.check.Severity
				if named(s.tgtWords[i:i+best]) || quotedOrGlossed(s.tgt, from, to) {
					sev = diag.Info
				}
				r.place(0, 0, from, to)
				r.addFindingWithSeverity(sev, "translate it", "%q is left from the source", diag.Arg("target", diag.Excerpt(s.tgt[from:to])))
				return
			}
		}
		i += max(0, best-1)
	}
}

// isTerms reports whether words that the source has, too, are no part of a sentence: a
// list of names with commas or slashes, a term in brackets behind its translation, or what
// ends in "et al.". Such words have none that grammar asks for.
func (s *segment) isTerms(ws []word, from, to int) bool {
	if last := ws[len(ws)-1].low; last == "al" || last == "et" {
		return true
	}
	for i := range ws {
		if s.from.common(ws[i].low) {
			return false
		}
	}
	before, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s.tgt[:from], " \u00a0"))
	rest, _, _ := strings.Cut(s.tgt[to:], ")")
	return strings.ContainsAny(s.tgt[from:to], ",،/;") || before == '(' && len(rest) < 20 && rest != s.tgt[to:]
}

// isMeasure reports whether a word is a unit of measure.
func isMeasure(low string) bool {
	units, _ := measures()
	_, ok := units.find(low)
	return ok || low == "kph" || low == "mph" || low == "kmh"
}

// named reports whether words look like the name of a work or an organization: all of
// them are capitalized but for short ones.
func named(ws []word) bool {
	large := 0
	for i := range ws {
		switch {
		case capitalized(ws[i].text):
			large++
		case utf8.RuneCountInString(ws[i].text) > 4:
			return false
		}
	}
	return large >= 2
}

// quotedOrGlossed reports whether a part of a text stands between quotation marks or
// before a parenthesis that may explain it.
func quotedOrGlossed(text string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text[:from], " \u00a0"))
	rest := strings.TrimLeft(text[to:], " \u00a0.,!?\"”“’»")
	return strings.ContainsRune("\"“„«‘'”", before) || strings.HasPrefix(rest, "(")
}

// ratio compares lengths, with room for short texts.
func ratio(s *segment, r *report) {
	if s.srcBlank || s.target.Text.IsBlank() {
		return
	}
	from, to := s.srcLength, s.length
	low, high := 0.4, 2.2
	if dense(s.to.script) && !dense(s.from.script) {
		low, high = 0.15, 1.2
	} else if dense(s.from.script) && !dense(s.to.script) {
		low, high = 0.9, 7
	}
	const room = 12
	if isExpansion(s.src, s.srcWords, s.tgt, s.tgtWords) || isExpansion(s.tgt, s.tgtWords, s.src, s.srcWords) {
		return
	}
	switch {
	case float64(to) < float64(from)*low-room/3 && from > room, halved(s, from, to):
		sev := r.check.Severity
		if abridged(s, from, to) || !surelyHalved(s, from, to) {
			sev = diag.Info
		}
		r.addFindingWithSeverity(sev, "is something missing?", "%d characters for %d", diag.Arg("length", to), diag.Arg("sourceLength", from))
	case s.to.dangles(s.tgt, s.tgtWords) && !s.from.dangles(s.src, s.srcWords):
		last := &s.tgtWords[len(s.tgtWords)-1]
		sev := r.check.Severity
		if !strings.ContainsAny(s.tgt[last.end:], ".!?։؟。") {
			sev = diag.Info // it may be a heading, or stand before something that is no text
		}
		r.place(0, 0, last.start, last.end)
		r.addFindingWithSeverity(sev, "is something missing?", "the text ends in %q, which something follows in a sentence", diag.Arg("text", last.text))
	case float64(to) > float64(from)*high+room:
		sev := r.check.Severity
		if from < 150 && float64(to) < float64(from)*3.5+room { // initialisms and terms are explained
			sev = diag.Info
		}
		r.addFindingWithSeverity(sev, "is something doubled?", "%d characters for %d", diag.Arg("length", to), diag.Arg("sourceLength", from))
	}
}

// isExpansion reports whether long may be the name that a text, an initialism, stands for:
// U.S. and "Соединённые Штаты Америки". A name is no sentence, and has about as many words
// as the initialism has letters, small words beside.
func isExpansion(short string, shortWords []word, long string, longWords []word) bool {
	letters := 0
	for _, r := range strings.TrimSpace(short) {
		switch {
		case unicode.IsUpper(r):
			letters++
		case r != '.' && r != '-' && !unicode.IsDigit(r) && !(unicode.IsLetter(r) && !unicode.IsLower(r)):
			return false
		}
	}
	n := len(longWords)
	return letters >= 2 && letters <= 8 && n >= max(2, letters-2) && n <= 2*letters+2 && !strings.ContainsAny(long, ".!?;:") && len(shortWords) <= 3
}

// expansion is the natural logarithm of how long texts are beside English ones, in
// grapheme clusters, by language: the median over the sentences of NTREX-128 (news of
// 2019, https://github.com/MicrosoftTranslator/NTREX), whose standard deviation is 0.13
// to 0.22, and for languages that it does not have over the labelled pairs.
var expansion = map[string]float64{
	"af": 0.07, "am": -0.39, "ar": -0.09, "az": 0.08, "ba": -0.01, "be": 0.03, "bg": 0.08, "bn": -0.39, "bs": 0.02, "ca": 0.13, "ce": -0.05, "ckb": 0.02, "crh": -0.04, "cs": -0.03,
	"cy": 0.08, "da": 0.01, "de": 0.17, "el": 0.18, "es": 0.14, "et": -0.01, "eu": 0.11, "fa": -0.03, "fi": 0.08, "fil": 0.17, "fr": 0.17, "ga": 0.16, "gl": 0.08,
	"gu": -0.40, "he": -0.22, "hi": -0.31, "hr": 0.02, "hu": 0.11, "hy": 0.06, "id": 0.15, "is": 0.06, "it": 0.15, "ka": 0.07, "kk": 0.05, "km": -0.31, "kn": -0.36,
	"ku": -0.02, "ky": 0.01, "lo": -0.24, "lt": 0.04, "lv": 0.06, "mk": 0.07, "ml": -0.25, "mn": 0.06, "mr": -0.35, "ms": 0.11, "mt": 0.10, "my": -0.40, "nb": 0.01,
	"ne": -0.36, "nl": 0.16, "pa": -0.35, "pl": 0.11, "ps": -0.02, "pt": 0.08, "ro": 0.16, "ru": 0.10, "si": -0.30, "sk": 0.01, "sl": 0.02, "sq": 0.13, "sr": 0.01,
	"ja": -0.79, "ko": -0.65, "zh": -1.08,
	"sv": 0.01, "sw": 0.09, "ta": -0.21, "te": -0.46, "tg": 0.10, "th": -0.26, "tk": 0.12, "tr": 0.06, "tt": -0.02, "ug": 0.22, "uk": 0.05, "uz": 0.16, "vi": 0.09,
	"fo": 0.04, "lb": 0.12, "sd": -0.12, "so": 0.16, "zu": 0.04,
}

// halved reports whether about half of a text seems to be missing: it is shorter than
// its language lets expect by more than translators shorten. The tolerance, in the
// logarithm, is wide for short texts.
func halved(s *segment, from, to int) bool {
	if from < 28 || !s.from.expands() || !s.to.expands() {
		return false
	}
	got := math.Log(float64(max(to, 1))/float64(from)) - s.to.expansion + s.from.expansion
	limit := 0.36 + 11.5/float64(from) // what is not sure is a note, see surelyHalved
	if from >= 40 && from < 80 {
		n := float64(plainLength(s, from))
		got += math.Log(float64(from) / n)
		limit = 0.31 + 9/n
	}
	if from >= 80 { // a long text varies less
		limit = 0.29 + 7.5/float64(from)
	}
	if got >= -0.20 {
		return false
	}
	if got < -limit {
		return true
	}
	// What is gone with the missing part. The weights are those that find most halves of
	// the sentences of NTREX-128 with notes on 2 % of whole ones.
	commas := strings.Count(s.src, ", ") - strings.Count(s.tgt, ", ") - strings.Count(s.tgt, "، ")
	if from >= 80 {
		if commas >= 2 {
			limit -= 0.12
		}
		return got < -max(min(limit, 0.36), limit-0.2*min(1.5, float64(lostNames(s))))
	}
	limit -= 0.06*float64(min(max(commas, 0), 3)) + 0.1*float64(min(max(len(s.srcNum)-len(s.tgtNum), 0), 2))
	if lacksVerb(s) {
		limit -= 0.14
	}
	if got >= -0.42 && from < 80 { // as short as that are whole texts, too
		return false
	}
	const byNames, byProperNames = 0.2, 0.05
	return got < -limit || got < -limit+byNames*2+byProperNames*3 && got < -limit+byNames*float64(min(lostNames(s), 2))+byProperNames*float64(min(lostProperNames(s), 3))
}

// plainLength is the length of a source without what a translation in fewer letters may
// well be without: the end of a very long word, and the name of a scale of temperature.
func plainLength(s *segment, length int) int {
	for i := range s.srcWords {
		w := &s.srcWords[i]
		if n := utf8.RuneCountInString(w.text); w.low == "fahrenheit" || w.low == "celsius" {
			length -= n + 1
		} else {
			length -= max(0, n-10)
		}
	}
	return max(length, 20)
}

// expands reports whether it is known how long texts are in a language.
func (l *language) expands() bool {
	_, ok := expansion[l.lang]
	return l.lang == "en" || ok || !l.spaceless && !dense(l.script)
}

// surelyHalved reports whether a text is so short that a translator seldom shortens as
// much, for all that is in it.
func surelyHalved(s *segment, from, to int) bool {
	got := math.Log(float64(max(to, 1))/float64(from)) - s.to.expansion + s.from.expansion
	limit := 0.50 + 9/float64(from) - 0.15*float64(min(2, lostNames(s)))
	if dense(s.to.script) || dense(s.from.script) {
		limit += 0.15
	}
	// A longer one is not surely a half unless it is shorter than translators shorten.
	least := 0.36 + 11.5/float64(from)
	if from >= 80 {
		least = 0.26 + 11.5/float64(from)
	}
	return from >= 30 && got < -max(limit, least-0.12*float64(min(1, lostNames(s))))
}

// abridged reports whether a text that is too short may have been shortened by its
// translator: it is not so short as a half, and its numbers, names and commas are there.
func abridged(s *segment, from, to int) bool {
	got := math.Log(float64(max(to, 1))/float64(from)) - s.to.expansion + s.from.expansion
	return from >= 30 && got > -0.6 && lostNames(s) == 0 && len(s.tgtNum) >= len(s.srcNum) &&
		strings.Count(s.src, ", ") <= strings.Count(s.tgt, ",")+strings.Count(s.tgt, "،")+strings.Count(s.tgt, "、")
}

// dense scripts write a word in one or two characters.
func dense(script string) bool {
	switch script {
	case "Hans", "Hant", "Hani", "Jpan", "Kore", "Hang":
		return true
	}
	return false
}

// firstCase compares the first letters of sentences in scripts that have case.
func firstCase(s *segment, r *report) {
	if len(s.srcWords) < 2 || len(s.tgtWords) < 2 {
		return
	}
	a, _ := utf8.DecodeRuneInString(s.srcWords[0].text)
	b, _ := utf8.DecodeRuneInString(s.tgtWords[0].text)
	if !unicode.IsUpper(a) || !unicode.IsLower(b) || s.kept(s.tgtWords[0].text) {
		return
	}
	// Georgian capitals exist in Unicode, not at the beginning of sentences.
	if s.tgtWords[0].script == georgian {
		return
	}
	// iPhone, e-mail addresses and the like begin so of themselves.
	if s.tgtWords[0].text == s.srcWords[0].text || strings.IndexFunc(s.tgtWords[0].text, unicode.IsUpper) > 0 {
		return
	}
	// A word beside "'" is a contraction: Afrikaans 'n, Crimean Tatar …
	if start := s.tgtWords[0].start; start > 0 && s.tgt[start-1] == '\'' {
		return
	}
	r.addFinding("", "the source begins with a capital letter, the translation with %q", diag.Arg("text", diag.Excerpt(s.tgtWords[0].text)))
}

func composed(s *segment, r *report) {
	if !s.joined && !isNFC(s.target.Text.Chars) {
		r.addFinding("write it in NFC", "letters and their marks are not composed (NFC)")
	}
}

// isNFC reports whether a text is in NFC.
func isNFC(text string) bool {
	steady := steadyInNFC()
	base := false // the character before is no mark
	var before rune
	for _, r := range text {
		switch {
		case r < 0x300 || isSyllable(r) || steady.has(r):
			base, before = true, r
		case base && (isHaraka(r) || r == '\u0654' && !strings.ContainsRune("اويہےە", before)): // a hamza above
			base = false
		default:
			return norm.NFC.IsNormalString(text)
		}
	}
	return true
}

// isHaraka reports whether r is one of the Arabic marks that compose with nothing. NFC
// changes it only beside another mark.
func isHaraka(r rune) bool { return r >= 0x64b && r < 0x653 }

// isSyllable reports whether r is a character of Chinese, Japanese or Korean that NFC
// never changes, of the most frequent blocks.
func isSyllable(r rune) bool {
	return r >= 0x4e00 && r < 0x9ff0 || r >= 0x3041 && r < 0x3097 || r >= 0x30a1 && r < 0x30fb || r >= 0x3000 && r < 0x302a || r >= 0xac00 && r < 0xd7a4
}

// steadyInNFC returns the characters that NFC never changes, whatever stands beside
// them: what is made of them is in NFC. They are those below U+3000, where the
// letters of alphabets are.
var steadyInNFC = sync.OnceValue(func() *runeSet {
	var s runeSet
	for r := rune(0); r < 0x3000; r++ {
		p := norm.NFC.PropertiesString(string(r))
		if p.CCC() == 0 && p.BoundaryBefore() && norm.NFC.IsNormalString(string(r)) {
			s.add(r)
		}
	}
	return &s
})

func fuzzyLeft(s *segment, r *report) {
	if s.target.Match == bitext.FuzzyMatch || strings.HasPrefix(s.target.SubState, bitext.SubStateFuzzy) {
		r.addFinding("compare it with the source", "this is the translation of a similar source, not of this one")
	}
}

func unreviewed(s *segment, r *report) {
	if s.target.State < bitext.Reviewed && (s.target.Match == bitext.MTMatch || strings.HasPrefix(s.target.SubState, bitext.SubStateMT)) {
		r.addFinding("", "translated by %s, read by nobody", diag.Arg("engine", engine(s.target.Origin)))
	}
}

func engine(o bitext.Origin) string {
	if o.Name == "" {
		return "a machine"
	}
	return o.Name
}

// maxLength adds up a unit's segments with what stands between them.
func maxLength(d *document, r *report) {
	for i := range d.segments {
		s := &d.segments[i]
		if s.unit.MaxLength <= 0 || i > 0 && d.segments[i-1].unit == s.unit {
			continue
		}
		n := 0
		for j := range s.unit.Segments {
			text := s.unit.Segments[j].Source.Chars
			if t := &d.tr.Targets[s.ref.Unit][j]; t.Filled {
				text = t.Text.Chars
			}
			n += length(text)
		}
		if n > s.unit.MaxLength {
			r.at = s
			r.addFinding("shorten it", "%d characters, where %d fit", diag.Arg("count", n), diag.Arg("limit", s.unit.MaxLength))
		}
	}
}

func consistency(d *document, r *report) {
	first := map[int32]*segment{} // by group of the source
	for i := range d.segments {
		s := &d.segments[i]
		if !s.shared.repeated || s.target.Text.IsBlank() || s.unit.Message != nil {
			continue
		}
		f := first[s.shared.group]
		if f == nil {
			first[s.shared.group] = s
			continue
		}
		if f.target.Text.Key() != s.target.Text.Key() {
			r.at = s
			r.addFinding("use one translation", "the same source is %q in %s/%s", diag.Arg("target", diag.Excerpt(f.target.Text.Chars)), diag.Arg("unit", f.unit.ID), diag.Arg("otherSegment", f.id))
		}
	}
}

// sameTarget tells one translation of sources that differ in their words.
func sameTarget(d *document, r *report) {
	type first struct {
		s   *segment
		i   int
		key string
	}
	seen := map[string]first{}
	for _, i := range repeatedTargets(d) {
		s := &d.segments[i]
		source, key := s.shared.text.letters, s.target.Text.Key()
		f, ok := seen[key]
		if !ok {
			seen[key] = first{s, i, source}
			continue
		}
		if f.key != source {
			r.at = s
			r.addFindingWithSeverity(neighbourSeverity(r, f.s, s, i-f.i), "", "the same translation as of %q in %s/%s", diag.Arg("text", diag.Excerpt(f.s.source.Chars)), diag.Arg("unit", f.s.unit.ID), diag.Arg("otherSegment", f.s.id))
		}
	}
}

// repeatedTargets returns the indices of the segments whose targets have the
// characters of another one. Texts with one key have the same characters in NFC.
func repeatedTargets(d *document) []int {
	seed := maphash.MakeSeed()
	at := make(map[uint64]int, len(d.segments)) // the first segment of a hash, ^index once it is listed
	var out []int
	for i := range d.segments {
		s := &d.segments[i]
		if s.target.Text.IsBlank() || s.unit.Message != nil {
			continue
		}
		chars := s.target.Text.Chars
		if !s.joined && !isNFC(chars) {
			chars = norm.NFC.String(chars)
		}
		h := maphash.String(seed, chars)
		first, again := at[h]
		if !again {
			at[h] = i
			continue
		}
		if first >= 0 {
			out = append(out, first)
			at[h] = ^first
		}
		out = append(out, i)
	}
	slices.Sort(out)
	return out
}

// wordsOnly is a text without case, space and punctuation.
func wordsOnly(text string) string {
	b := make([]byte, 0, len(text))
	for _, r := range text {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b = append(b, byte(r))
		case r >= 'A' && r <= 'Z':
			b = append(b, byte(r)|0x20)
		case r < utf8.RuneSelf:
		case isPlainLetter(r) || unicode.IsLetter(r) || unicode.IsDigit(r):
			b = utf8.AppendRune(b, characterOf(r).lower)
		}
	}
	return string(b)
}
