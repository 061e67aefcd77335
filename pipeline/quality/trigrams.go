package quality

import (
	_ "embed"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"hexapla/locales/tag"
)

//go:embed identify_trigrams.txt
var identifyTrigrams string

// trigramModel is how likely groups of three letters are in the languages of one
// script, as natural logarithms.
type trigramModel struct {
	tags []string
	rows map[uint64][]float32 // trigram → a value for each language
	rare []float32            // for trigrams that the model does not have, by language
	few  []bool               // little text was counted for the language
	freq map[rune][]float32   // the share of a letter, by language
	at   []int                // the place of the language in the identifier
}

// trigramModels has the models of the scripts.
var trigramModels = sync.OnceValue(func() map[script]*trigramModel {
	type language struct {
		tag    string
		counts map[uint64]float64
		total  float64
	}
	byScript := map[script][]language{}
	for line := range strings.Lines(identifyTrigrams) {
		f := strings.Fields(line)
		if len(f) < 2 || f[0] == "#" {
			continue
		}
		l := language{tag: f[0], counts: map[uint64]float64{}}
		count := 1.0
		for _, t := range f[1:] {
			if level, ok := strings.CutPrefix(t, "~"); ok {
				n, _ := strconv.Atoi(level)
				count = 1.4 * math.Exp2(float64(n)) // the middle of 2ⁿ and 2ⁿ⁺¹
				continue
			}
			l.counts[trigramKey([3]rune([]rune(t)))] = count
			l.total += count
		}
		s := scriptNamed(tag.Script(l.tag))
		byScript[s] = append(byScript[s], l)
	}
	models := map[script]*trigramModel{}
	for s, ls := range byScript {
		m := &trigramModel{rows: map[uint64][]float32{}, freq: map[rune][]float32{}}
		for n, l := range ls {
			m.tags = append(m.tags, l.tag)
			m.few = append(m.few, l.total < 5000)
			m.at = append(m.at, slices.Index(identifierOf().tags, l.tag))
			m.rare = append(m.rare, float32(math.Log(0.35/max(l.total, 6000))))
			for k := range l.counts {
				if m.rows[k] == nil {
					m.rows[k] = make([]float32, len(ls))
				}
				m.rows[k][n] = float32(math.Log(l.counts[k] / l.total))
				last := rune(k & (1<<21 - 1))
				if m.freq[last] == nil {
					m.freq[last] = make([]float32, len(ls))
				}
				m.freq[last][n] += float32(l.counts[k] / l.total)
			}
		}
		for _, row := range m.rows {
			for n := range row {
				if row[n] == 0 {
					row[n] = m.rare[n]
				}
			}
		}
		models[s] = m
	}
	return models
})

func trigramKey(r [3]rune) uint64 { return uint64(r[0])<<42 | uint64(r[1])<<21 | uint64(r[2]) }

// likelihoods adds up how likely words are in each language, and returns the number of
// trigrams. Words that begin with a capital are names, but for the first.
func (m *trigramModel) likelihoods(ws []word, want script, except func(*word) bool) (sums []float32, n int) {
	sums = make([]float32, len(m.tags))
	for i := range ws {
		w := &ws[i]
		first, _ := utf8.DecodeRuneInString(w.text)
		if w.script != want || i > 0 && unicode.IsUpper(first) || except != nil && except(w) {
			continue
		}
		t := [3]rune{0, '_', 0}
		seen := 0
		add := func(r rune) {
			t[0], t[1], t[2] = t[1], t[2], r
			if seen++; seen < 2 {
				return
			}
			row := m.rows[trigramKey(t)]
			if row == nil {
				row = m.rare
			}
			for k, v := range row {
				sums[k] += v
			}
			n++
		}
		t[2] = '_'
		for _, r := range w.lower() {
			if r == '\u200c' || r == '\'' || r == '’' {
				r = '_'
			}
			add(r)
		}
		add('_')
	}
	return sums, n
}

// What otherSpelling asks for, found by trying the sound pairs of testdata in every
// other language of their script: 97 of 100 are found, 1 sound segment of 300 is taken
// for another language.
const (
	wordWeight = 10 // of a common word, in natural logarithms
	sureRatio  = 14 // how much likelier the other language is, as a natural logarithm
	fewRatio   = 26 // the same for languages with little text
	perTrigram = 0.25

	leastLikely = -8.4 // for each trigram: text without sense is at -9, sound text at -7

	// For a text in Cyrillic without the letters that only its own language has. On the
	// first three to five words of the sentences of NTREX-128, Russian is found 14 %
	// oftener in editions of ten other languages, and 1 sound text of 2,000 more is taken
	// for another language.
	leastLikelyLacking = -9.2
	lackingRatio       = 3 // for each letter of that kind that is expected
	mostLacking        = 8
	lackingLetters     = 15  // in a text of so many letters
	leastExpected      = 1.2 // so many of them must be expected
)

// lacksOwnLetters returns how many letters that its own language has and the other one does
// not, such as ә, ғ and қ of Kazakh in a text that seems to be Russian, a text in Cyrillic
// without any of them is expected to have; 0 if it has one, or too few are expected. The
// languages are places in the model.
func (t *wording) lacksOwnLetters(id *identifier, m *trigramModel, mine, best int) float32 {
	own, other := m.at[mine], m.at[best]
	if other < 0 || id.scripts[own] != cyrillic || !id.spelled[cyrillic].has(own) || !id.spelled[cyrillic].has(other) {
		return 0
	}
	letters := 0
	for i := range t.words {
		w := &t.words[i]
		if w.script != cyrillic || t.except(w) {
			continue
		}
		for _, r := range w.lower() {
			if in := id.letters.languages(r); in.has(own) && !in.has(other) {
				return 0
			}
			letters++
		}
	}
	if letters < lackingLetters {
		return 0
	}
	share := float32(0)
	for r, of := range m.freq {
		if in := id.letters.languages(r); in.has(own) && !in.has(other) {
			share += of[mine]
		}
	}
	if expected := share * float32(letters); expected >= leastExpected {
		return expected
	}
	return 0
}

// otherSpelling returns the language of the target's script whose trigrams and common
// words a segment has, if it is surely not its own. scores are those of common words.
func (t *wording) otherSpelling(id *identifier, own int, scores []float64) (language string, sure bool) {
	want := id.scripts[own]
	m := trigramModels()[want]
	if m == nil {
		return "", false
	}
	mine := slices.Index(m.at, own)
	if mine < 0 {
		return "", false
	}
	sums, n := m.likelihoods(t.words, want, t.except)
	if n < 15 {
		return "", false
	}
	best := -1
	spelled := slices.Clone(sums)
	for k := range sums {
		if at := m.at[k]; at >= 0 {
			sums[k] += wordWeight * float32(max(scores[at], -3))
		}
		if k != mine && tag.Language(m.tags[k]) != id.langs[own] && (best < 0 || sums[k] > sums[best]) {
			best = k
		}
	}
	if best < 0 {
		return "", false
	}
	lacking := t.lacksOwnLetters(id, m, mine, best)
	least := float32(leastLikely)
	if lacking > 0 {
		least = leastLikelyLacking
	}
	if spelled[best] < least*float32(n) {
		return "", false // in none of the languages
	}
	need := float32(sureRatio)
	if m.few[best] || m.few[mine] {
		need = fewRatio
	}
	if n < 30 { // a few words are easily those of a neighbour
		need += 4
	}
	need -= min(mostLacking, lackingRatio*lacking)
	ratio := sums[best] - sums[mine]
	if ratio < need || ratio < perTrigram*float32(n) {
		return "", false
	}
	return m.tags[best], ratio >= 2*need
}
