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
		if w.script == none || s.kept(w.text) {
			continue
		}
		first, _ := utf8.DecodeRuneInString(w.text)
		all++
		if !unicode.IsUpper(first) && utf8.RuneCountInString(w.text) > 2 || s.from.common(w.lower()) {
			plainWords++
		}
	}
	if plainWords > 1 || plainWords == 1 && (foreign || all > 2) {
		r.addFinding("translate it", "the translation is the same as the source")
	}
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
	foreign := scriptNamed(s.from.script) != scriptNamed(s.to.script)
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
				if first, _ := utf8.DecodeRuneInString(w.text); unicode.IsLower(first) && utf8.RuneCountInString(w.text) > 1 && !strings.ContainsFunc(w.text, unicode.IsDigit) && !s.kept(w.text) {
					small++
				}
			}
			if small >= need-1 {
				r.addFinding("translate it", "%q is left from the source", diag.Arg("target", diag.Excerpt(s.tgt[s.tgtWords[i].start:s.tgtWords[i+best-1].end])))
				return
			}
		}
		i += max(0, best-1)
	}
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
	switch {
	case float64(to) < float64(from)*low-room/3 && from > room, halved(s, from, to):
		r.addFinding("is something missing?", "%d characters for %d", diag.Arg("length", to), diag.Arg("sourceLength", from))
	case float64(to) > float64(from)*high+room:
		r.addFinding("is something doubled?", "%d characters for %d", diag.Arg("length", to), diag.Arg("sourceLength", from))
	}
}

// expansion is the natural logarithm of how long texts are beside English ones, in
// characters, by language: the mean over the sample newsroom and the labelled pairs,
// whose standard deviation is 0.09 to 0.17.
var expansion = map[string]float64{
	"ar": -0.24, "az": 0.03, "ce": -0.05, "crh": -0.04, "de": 0.11, "es": 0.10, "fa": -0.11, "fr": 0.10, "he": -0.25, "hy": 0.05, "it": 0.10, "ka": 0.03, "pt": 0.06,
	"ca": 0.10, "ps": -0.09, "ro": 0.09, "sr": -0.04, "tg": 0.03, "tk": 0.03, "tr": -0.07, "ur": -0.05, "uz": 0.07,
}

// halved reports whether about half of a text seems to be missing: it is shorter than
// its language lets expect by more than translators shorten. The tolerance, in the
// logarithm, is wide for short texts.
func halved(s *segment, from, to int) bool {
	if from < 30 || dense(s.from.script) || dense(s.to.script) || s.to.spaceless || s.from.spaceless {
		return false
	}
	got := math.Log(float64(max(to, 1))/float64(from)) - expansion[s.to.lang] + expansion[s.from.lang]
	limit := 0.42 + 7/float64(from)
	if got >= -0.22 {
		return false
	}
	if got >= -limit { // what is gone with the missing part
		lost := strings.Count(s.src, ", ") - strings.Count(s.tgt, ", ") - strings.Count(s.tgt, "، ")
		if lost >= 2 {
			limit -= 0.12
		}
		limit -= 0.2 * min(1.5, float64(lostNames(s)))
	}
	return got < -limit
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
	if !isNFC(s.target.Text.Chars) {
		r.addFinding("write it in NFC", "letters and their marks are not composed (NFC)")
	}
}

// isNFC reports whether a text is in NFC.
func isNFC(text string) bool {
	steady := steadyInNFC()
	for _, r := range text {
		if !steady.has(r) {
			return norm.NFC.IsNormalString(text)
		}
	}
	return true
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
		if !isNFC(chars) {
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
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}
