package glossary

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/csv"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Candidate is a word or phrase that recurs in source texts and may be a term, with what
// it seems to be called in other locales. Name says that it is written as a name is.
type Candidate struct {
	Term         string              `json:"term"`
	Name         bool                `json:"name"`
	Count        int                 `json:"count"`
	Score        float64             `json:"score"`
	Translations map[string]Proposal `json:"translations"`
	Example      string              `json:"example"`
}

// Proposal is a translation that occurs where a candidate does: Count of the texts that
// have both, Confidence from 0 to 1 (Dice's coefficient of their occurrences).
type Proposal struct {
	Text       string  `json:"text"`
	Count      int     `json:"count"`
	Confidence float64 `json:"confidence"`
}

// Extractor collects texts for candidates. The zero value is not ready: use
// NewExtractor.
type Extractor struct {
	source string
	texts  map[string]int // source text → index in sources
	all    []sourceWords
	pairs  map[string][]translatedText // by locale
}

type sourceWords struct {
	text string
	toks []token
}

type translatedText struct {
	source int
	target string
}

// maxTexts limits the texts of one locale that are looked at.
const maxTexts = 40000

// NewExtractor returns an extractor for a source locale.
func NewExtractor(source string) *Extractor {
	return &Extractor{source: source, texts: map[string]int{}, pairs: map[string][]translatedText{}}
}

// Add adds a translation. A pair that was added before counts once.
func (x *Extractor) Add(locale, source, target string) {
	if len(x.pairs[locale]) >= maxTexts {
		return
	}
	i, known := x.texts[source]
	if !known {
		i = len(x.all)
		x.texts[source] = i
		x.all = append(x.all, sourceWords{source, tokenize(nil, source, true)})
	}
	x.pairs[locale] = append(x.pairs[locale], translatedText{i, target})
}

//go:embed common_words.txt
var commonWordsText string

// commonWords are English words that begin and end no term.
var commonWords = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for line := range strings.Lines(commonWordsText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for w := range strings.FieldsSeq(line) {
			m[w] = true
		}
	}
	return m
})

// phrase is a candidate while it is counted.
type phrase struct {
	text   string
	name   bool
	texts  []int // indexes, each once
	count  int
	nouns  int // occurrences behind an article or the like
	nested int // occurrences inside longer phrases
	longer int // in how many of them
	forms  map[string]int
}

// Candidates returns the best n candidates that occur in at least least texts: names,
// and noun phrases of up to three words by their C-value (Frantzi, Ananiadou and Mima,
// "Automatic recognition of multi-word terms", 2000). Terms that known finds are left out.
func (x *Extractor) Candidates(n, least int, known *Matcher) []Candidate {
	phrases := x.phrases(known)
	list := slices.Collect(maps.Values(phrases))
	score := func(p *phrase) float64 {
		c := float64(p.count)
		if p.longer > 0 {
			c -= float64(p.nested) / float64(p.longer)
		}
		s := c * math.Log2(float64(strings.Count(p.text, " "))+1.6)
		if p.name {
			s *= 1.6
		}
		return s
	}
	list = slices.DeleteFunc(list, func(p *phrase) bool {
		if !p.name && !strings.Contains(p.text, " ") && (len(p.texts) < least+2 || 4*p.nouns < p.count) {
			return true // one common noun says little, and what seldom has an article is none
		}
		return len(p.texts) < least || p.longer > 0 && p.nested >= p.count
	})
	slices.SortFunc(list, func(a, b *phrase) int { return cmp.Or(cmp.Compare(score(b), score(a)), cmp.Compare(a.text, b.text)) })
	list = list[:min(len(list), 4*n)]
	models := map[string]*targetModel{}
	for locale, pairs := range x.pairs {
		models[locale] = newTargetModel(locale, pairs)
	}
	var out []Candidate
	for _, p := range list {
		c := Candidate{Term: bestForm(p.forms), Name: p.name, Count: p.count, Score: score(p), Translations: map[string]Proposal{}, Example: x.all[p.texts[0]].text}
		for _, locale := range slices.Sorted(maps.Keys(models)) {
			if t, ok := models[locale].translate(p.texts, p.name); ok {
				c.Translations[locale] = t
			}
		}
		out = append(out, c)
	}
	claim(out)
	// What is called the same wherever it stands is rather a term.
	for i := range out {
		best := 0.0
		for _, t := range out[i].Translations {
			best = max(best, t.Confidence)
		}
		out[i].Score *= 0.25 + best
	}
	slices.SortStableFunc(out, func(a, b Candidate) int { return cmp.Compare(b.Score, a.Score) })
	return out[:min(len(out), n)]
}

// claim removes a translation from all candidates but that with the highest confidence,
// unless one of them is a part of the other: what stands beside a name is not called as
// it is.
func claim(list []Candidate) {
	best := map[[2]string]int{}
	for i := range list {
		for locale, t := range list[i].Translations {
			k := [2]string{locale, strings.ToLower(t.Text)}
			if b, ok := best[k]; !ok || list[b].Translations[locale].Confidence < t.Confidence {
				best[k] = i
			}
		}
	}
	for i := range list {
		for locale, t := range list[i].Translations {
			b := best[[2]string{locale, strings.ToLower(t.Text)}]
			if b != i && !shareWord(list[b].Term, list[i].Term) {
				delete(list[i].Translations, locale)
			}
		}
	}
}

func shareWord(a, b string) bool {
	for x := range strings.FieldsSeq(strings.ToLower(a)) {
		for y := range strings.FieldsSeq(strings.ToLower(b)) {
			if singular(x) == singular(y) {
				return true
			}
		}
	}
	return false
}

func bestForm(forms map[string]int) string {
	best := ""
	for _, f := range slices.Sorted(maps.Keys(forms)) {
		if best == "" || forms[f] > forms[best] || forms[f] == forms[best] && len(f) < len(best) {
			best = f
		}
	}
	return best
}

// phrases counts the phrases of all source texts.
func (x *Extractor) phrases(known *Matcher) map[string]*phrase {
	out := map[string]*phrase{}
	note := func(key, form string, name, noun bool, text int) {
		p := out[key]
		if p == nil {
			p = &phrase{text: key, name: name, forms: map[string]int{}}
			out[key] = p
		}
		p.name = p.name || name
		p.count++
		if noun {
			p.nouns++
		}
		p.forms[form]++
		if k := len(p.texts); k == 0 || p.texts[k-1] != text {
			p.texts = append(p.texts, text)
		}
	}
	for i := range x.all {
		s := &x.all[i]
		covered := make([]bool, len(s.toks))
		if known != nil {
			for _, m := range known.Mark(s.text) {
				for k, t := range s.toks {
					covered[k] = covered[k] || t.start >= m.Start && t.end <= m.End
				}
			}
		}
		x.count(s, covered, func(from, to int, name bool) {
			form := s.text[s.toks[from].start:s.toks[to-1].end]
			form = withoutPossessive(form)
			if last := s.text[s.toks[to-1].start:s.toks[to-1].end]; strings.Contains(last, ".") && strings.HasPrefix(s.text[s.toks[to-1].end:], ".") {
				form += "." // U.S.
			}
			noun := from > 0 && determiners[strings.ToLower(s.text[s.toks[from-1].start:s.toks[from-1].end])]
			note(phraseKey(s, from, to, name), form, name, noun, i)
		})
	}
	// What occurs inside longer phrases.
	for key, p := range out {
		words := strings.Split(key, " ")
		for size := 1; size < len(words); size++ {
			for from := 0; from+size <= len(words); from++ {
				if q := out[strings.Join(words[from:from+size], " ")]; q != nil && len(p.texts) > 1 {
					q.nested += p.count
					q.longer++
				}
			}
		}
	}
	return out
}

// phraseKey returns the words of a phrase in lower case, the last one without the ending
// of the plural; of a name, as they are.
func phraseKey(s *sourceWords, from, to int, name bool) string {
	words := make([]string, 0, to-from)
	for k := from; k < to; k++ {
		w := plain(s.text[s.toks[k].start:s.toks[k].end])
		w = strings.TrimSuffix(w, "'s")
		if !name {
			w = strings.ToLower(w)
			if k == to-1 {
				w = singular(w)
			}
		}
		words = append(words, w)
	}
	return strings.Join(words, " ")
}

func singular(w string) string {
	switch {
	case strings.HasSuffix(w, "ies") && len(w) > 5:
		return w[:len(w)-3] + "y"
	case strings.HasSuffix(w, "sses"), strings.HasSuffix(w, "xes"), strings.HasSuffix(w, "ches"), strings.HasSuffix(w, "shes"):
		return w[:len(w)-2]
	case strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "us") && !strings.HasSuffix(w, "is") && len(w) > 3:
		return w[:len(w)-1]
	}
	return w
}

// determiners are words behind which nouns stand, and verbs seldom.
var determiners = map[string]bool{
	"the": true, "a": true, "an": true, "this": true, "that": true, "these": true, "those": true, "his": true, "her": true, "its": true, "their": true, "our": true, "my": true, "your": true,
	"of": true, "in": true, "for": true, "from": true, "with": true, "by": true, "no": true, "any": true, "some": true, "all": true, "each": true, "every": true, "many": true, "two": true, "three": true, "four": true, "five": true,
}

func withoutPossessive(form string) string {
	for _, end := range [...]string{"'s", "’s", "'", "’"} {
		if base, ok := strings.CutSuffix(form, end); ok && base != "" {
			return base
		}
	}
	return form
}

// contraction reports whether a word is several, as "don't" and "I'm".
func contraction(w string) bool {
	w = strings.ToLower(strings.ReplaceAll(w, "’", "'"))
	i := strings.IndexByte(w, '\'')
	return i >= 0 && (w[i:] != "'s" && w[i:] != "'" || commonWords()[w[:i]] || len(w) < 5)
}

// linkWords may stand inside a name.
var linkWords = map[string]bool{"of": true, "the": true, "for": true, "de": true, "al": true, "and": true}

// count calls found for each phrase of a text, by its tokens.
func (x *Extractor) count(s *sourceWords, covered []bool, found func(from, to int, name bool)) {
	word := func(k int) string { return s.text[s.toks[k].start:s.toks[k].end] }
	letter := func(k int) bool {
		r, _ := utf8.DecodeRuneInString(word(k))
		return unicode.IsLetter(r)
	}
	upper := func(k int) bool {
		r, _ := utf8.DecodeRuneInString(word(k))
		return unicode.IsUpper(r)
	}
	together := func(k int) bool { // with the token before it
		return k > 0 && strings.TrimSpace(s.text[s.toks[k-1].end:s.toks[k].start]) == ""
	}
	first := func(k int) bool {
		return k == 0 || strings.ContainsAny(word(k-1), ".!?:;“\"«")
	}
	for k := 0; k < len(s.toks); k++ {
		if !upper(k) || covered[k] || contraction(word(k)) && len(word(k)) < 6 {
			continue
		}
		end := k + 1
		for end < len(s.toks) && end-k < 6 && together(end) && !covered[end] {
			if upper(end) {
				end++
				continue
			}
			if linkWords[word(end)] && end+1 < len(s.toks) && upper(end+1) && together(end+1) && word(end) != "and" {
				end += 2
				continue
			}
			break
		}
		from := k
		for from < end && (commonWords()[strings.ToLower(word(from))] || linkWords[word(from)]) { // "The", "On"
			from++
		}
		if from < end && (end-from > 1 || !first(from) || word(from) == strings.ToUpper(word(from))) && (end-from > 1 || utf8.RuneCountInString(word(from)) > 2 || word(from) == strings.ToUpper(word(from)) && len(word(from)) > 1) {
			found(from, end, true)
		}
		k = end - 1
	}
	content := func(k int) bool {
		return letter(k) && !upper(k) && !covered[k] && utf8.RuneCountInString(word(k)) >= 3 && !commonWords()[strings.ToLower(word(k))] && !contraction(word(k))
	}
	for k := range s.toks {
		if !content(k) {
			continue
		}
		for size := 1; size <= 3 && k+size <= len(s.toks); size++ {
			last := k + size - 1
			if size > 1 && (!together(last) || !content(last)) {
				break
			}
			if w := word(last); strings.HasSuffix(w, "ly") || strings.HasSuffix(w, "ed") || strings.HasSuffix(w, "ing") && size == 1 {
				continue // no noun
			}
			found(k, k+size, false)
		}
	}
}

// targetModel counts the words and phrases of one locale's translations by their stems.
type targetModel struct {
	bySource map[int]int // source text → index in texts
	texts    [][]targetStem
	total    map[string]int // stems of a phrase → texts that have it
	stop     map[string]bool
}

type targetStem struct {
	text, stem string
	before     string // what parts it from the word before: a hyphen, a non-joiner or a space
	upper      bool
}

func newTargetModel(locale string, pairs []translatedText) *targetModel {
	m := &targetModel{bySource: map[int]int{}, total: map[string]int{}, stop: map[string]bool{}}
	l := inflectionFor(locale)
	for _, p := range pairs {
		if _, again := m.bySource[p.source]; again {
			continue
		}
		m.bySource[p.source] = len(m.texts)
		var ws []targetStem
		end := 0
		for _, t := range tokenize(nil, p.target, false) {
			w := p.target[t.start:t.end]
			before := p.target[end:t.start]
			if r, size := utf8.DecodeRuneInString(before); size != len(before) || before != nonJoiner && !unicode.Is(unicode.Pd, r) {
				before = " "
			}
			first, _ := utf8.DecodeRuneInString(w)
			ws = append(ws, targetStem{w, roughStem(l.folded(w)), before, unicode.IsUpper(first)})
			end = t.end
		}
		m.texts = append(m.texts, ws)
	}
	for _, ws := range m.texts {
		seen := map[string]bool{}
		phrasesOf(ws, func(key string, _, _ int) {
			if !seen[key] {
				seen[key] = true
				m.total[key]++
			}
		})
	}
	for key, n := range m.total {
		if !strings.Contains(key, " ") && (n > 20 && n*12 > len(m.texts) || utf8.RuneCountInString(key) < 2) {
			m.stop[key] = true
		}
	}
	return m
}

// roughStem cuts off what cases change, in any language.
func roughStem(w string) string {
	n := utf8.RuneCountInString(w)
	cut := 0
	switch {
	case n >= 12:
		cut = n - 8
	case n >= 10:
		cut = n - 6
	case n >= 7:
		cut = n - 5
	case n >= 6:
		cut = 2
	case n >= 4:
		cut = 1
	}
	for range cut {
		_, size := utf8.DecodeLastRuneInString(w)
		w = w[:len(w)-size]
	}
	return w
}

// phrasesOf calls f for each row of one to four words.
func phrasesOf(ws []targetStem, f func(key string, from, to int)) {
	for i := range ws {
		key := ""
		for k := i; k < len(ws) && k < i+4; k++ {
			if key != "" {
				key += " "
			}
			key += ws[k].stem
			f(key, i, k+1)
		}
	}
}

// translate finds what stands in the translations of texts and seldom in others.
func (m *targetModel) translate(texts []int, name bool) (Proposal, bool) {
	together := map[string]int{}
	forms := map[string]map[string]int{}
	n := 0
	for _, t := range texts {
		at, ok := m.bySource[t]
		if !ok {
			continue
		}
		n++
		ws := m.texts[at]
		seen := map[string]bool{}
		phrasesOf(ws, func(key string, from, to int) {
			if m.stop[ws[from].stem] || m.stop[ws[to-1].stem] || name && !ws[from].upper && !ws[to-1].upper && isCased(ws[from].text) {
				return
			}
			var b strings.Builder
			for k := from; k < to; k++ {
				if k > from {
					b.WriteString(ws[k].before)
				}
				b.WriteString(ws[k].text)
			}
			if forms[key] == nil {
				forms[key] = map[string]int{}
			}
			forms[key][b.String()]++
			if !seen[key] {
				seen[key] = true
				together[key]++
			}
		})
	}
	if n < 2 {
		return Proposal{}, false
	}
	best, value := "", 0.0
	equal := 0 // as good as the best
	for _, key := range slices.Sorted(maps.Keys(together)) {
		c := together[key]
		if c < 2 || float64(c) < 0.4*float64(n) {
			continue
		}
		dice := 2 * float64(c) / float64(n+m.total[key])
		v := dice * (1 + 0.04*float64(strings.Count(key, " "))) // the whole before its parts
		switch {
		case v > value*1.02:
			best, value, equal = key, v, 1
		case v > value:
			best, value = key, v
			equal++
		case v > 0.98*value:
			equal++
		}
	}
	best = m.wholePhrase(best, together)
	dice := 2 * float64(together[best]) / float64(n+m.total[best])
	// In few texts too much stands beside a term.
	if best == "" || dice < 0.3 || equal > 5 && n < 5 {
		return Proposal{}, false
	}
	return Proposal{Text: bestForm(forms[best]), Count: together[best], Confidence: dice}, true
}

// wholePhrase returns the phrase that a part of it stands in nearly always, in the texts
// that have the term and in all others: of "летучих" the whole is "летучих мышей".
func (m *targetModel) wholePhrase(best string, together map[string]int) string {
	for best != "" {
		whole := ""
		for key, c := range together {
			longer := strings.HasPrefix(key, best+" ") || strings.HasSuffix(key, " "+best)
			if !longer || strings.Count(key, " ") != strings.Count(best, " ")+1 || 3*c < 2*together[best] || 5*m.total[key] < 4*m.total[best] {
				continue
			}
			if whole == "" || c > together[whole] || c == together[whole] && key < whole {
				whole = key
			}
		}
		if whole == "" {
			break
		}
		best = whole
	}
	return best
}

func isCased(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return unicode.IsUpper(r) || unicode.IsLower(r)
}

// EncodeCandidates writes candidates as a table of concepts that ParseTable reads after a
// person has edited it: a column for source and for each locale, and a note with the
// figures and an example.
func EncodeCandidates(source string, locales []string, list []Candidate) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(append(append([]string{source}, locales...), "note")) // a bytes.Buffer does not fail
	for _, c := range list {
		row := []string{guard(c.Term)}
		var figures []string
		for _, l := range locales {
			t, ok := c.Translations[l]
			row = append(row, guard(strings.ReplaceAll(t.Text, "|", " ")))
			if ok {
				figures = append(figures, fmt.Sprintf("%s %.2f", l, t.Confidence))
			}
		}
		note := fmt.Sprintf("%d times", c.Count)
		if len(figures) > 0 {
			note += "; " + strings.Join(figures, ", ")
		}
		w.Write(append(row, guard(note+": "+c.Example)))
	}
	w.Flush()
	return b.Bytes()
}
