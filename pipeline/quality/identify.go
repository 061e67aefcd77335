package quality

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"hexapla/locales"
	"hexapla/locales/tag"
	"hexapla/pipeline/diag"
)

//go:embed identify_words.txt
var identifyWords string

// identifier tells languages apart by their common words, endings and letters.
type identifier struct {
	tags    []string
	scripts []script
	letters []map[rune]bool
	words   map[string][]uint8 // word → languages, by index in tags
	endings map[string][]uint8
	longest int              // of the endings, in runes
	rare    map[rune][]uint8 // letters that few languages of a script have
}

var identifierOf = sync.OnceValue(func() *identifier {
	id := &identifier{words: map[string][]uint8{}, endings: map[string][]uint8{}}
	for line := range strings.Lines(identifyWords) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		n := uint8(len(id.tags))
		id.tags = append(id.tags, f[0])
		id.scripts = append(id.scripts, scriptNamed(tag.Script(f[0])))
		l := languageOf(f[0])
		var letters map[rune]bool
		if len(l.letters) >= 20 {
			letters = l.letters
		}
		id.letters = append(id.letters, letters)
		add := func(m map[string][]uint8, w string) {
			if !slices.Contains(m[w], n) {
				m[w] = append(m[w], n)
			}
		}
		for _, w := range f[1:] {
			if e, ok := strings.CutPrefix(w, "-"); ok {
				add(id.endings, e)
				id.longest = max(id.longest, utf8.RuneCountInString(e))
			} else {
				add(id.words, w)
			}
		}
		for _, names := range locales.MonthNames(f[0]) {
			for _, w := range names {
				if w = strings.ToLower(w); utf8.RuneCountInString(w) > 3 && !strings.Contains(w, " ") {
					add(id.words, w)
				}
			}
		}
	}
	id.rare = map[rune][]uint8{}
	for n, letters := range id.letters {
		for r := range letters {
			if r > 0x7f && !unicode.IsUpper(r) {
				id.rare[r] = append(id.rare[r], uint8(n))
			}
		}
	}
	for r, in := range id.rare {
		if len(in) > 4 {
			delete(id.rare, r)
		}
	}
	return id
})

// scores returns how well words go with each language, for the languages of the
// script that most of them are in.
func (id *identifier) scores(ws []word, except func(word) bool) (scores []float64, read int) {
	scores = make([]float64, len(id.tags))
	for i := range ws {
		w := &ws[i]
		if w.script == none || w.script == mixed || except != nil && except(*w) {
			continue
		}
		read++
		low := w.lower()
		if in := id.words[low]; in != nil {
			for _, n := range in {
				scores[n] += 1 / share(len(in))
			}
		} else if first, _ := utf8.DecodeRuneInString(w.text); !unicode.IsUpper(first) || len(low) == len(w.text) && i == 0 {
			id.ending(scores, low)
		}
		for _, r := range low {
			if r <= 0x7f {
				continue
			}
			if in := id.rare[r]; in != nil {
				for _, n := range in {
					if id.scripts[n] == w.script {
						scores[n] += 0.6 / share(len(in))
					}
				}
				break
			}
		}
		for n, letters := range id.letters {
			if letters == nil || id.scripts[n] != w.script {
				continue
			}
			for _, r := range low {
				if !letters[r] && r != '\'' && r != '’' && r != '\u200c' && unicode.IsLetter(r) {
					scores[n] -= 0.7
					break
				}
			}
		}
	}
	return scores, read
}

// share weighs a word down by the number of languages that have it.
func share(n int) float64 { return 0.5 + 0.5*float64(n) }

func (id *identifier) ending(scores []float64, w string) {
	total := utf8.RuneCountInString(w)
	for i, k := len(w), 0; i > 0 && k < id.longest && k < total-1; k++ {
		_, size := utf8.DecodeLastRuneInString(w[:i])
		i -= size
		if in := id.endings[w[i:]]; in != nil && k > 0 {
			for _, n := range in {
				scores[n] += 0.25 / share(len(in)) * float64(min(k+1, 4)) / 2
			}
		}
	}
}

// otherLanguage returns the language of the target's script that a segment seems to
// be in, if it is surely not its own.
func (s *segment) otherLanguage() (language string, sure bool) {
	id := identifierOf()
	own := id.index(s.to)
	if own < 0 {
		return "", false
	}
	names := 0
	scores, read := id.scores(s.tgtWords, func(w word) bool {
		skip := s.inSource(w.text) || s.kept(w.text)
		if skip {
			names++
		}
		return skip
	})
	if read < 3 {
		return "", false
	}
	best := -1
	for n, v := range scores {
		if n == own || id.scripts[n] != id.scripts[own] || closeLanguages(id.tags[n], id.tags[own]) {
			continue
		}
		if best < 0 || v > scores[best] {
			best = n
		}
	}
	if best < 0 {
		return "", false
	}
	v, mine := scores[best], scores[own]
	need := 1.1
	if read > 8 {
		need = 0.13 * float64(read)
	}
	if v < need || mine > 0.34*v {
		return "", false
	}
	return id.tags[best], v >= 2*need && mine < 0.2*v
}

// index returns the place of a locale's language among those known, -1 if it is none.
func (id *identifier) index(l *language) int {
	want := scriptNamed(l.script)
	lang := l.lang
	switch lang {
	case "bs", "hr", "cnr", "sh":
		lang = "sr"
	}
	for n, t := range id.tags {
		if tag.Language(t) == lang && id.scripts[n] == want && (want != other || t == l.lang) {
			return n
		}
	}
	return -1
}

// closeLanguages reports whether sentences of two languages are often the same.
func closeLanguages(a, b string) bool { return tag.Language(a) == tag.Language(b) }

// wrongLanguage reports a segment in another language of the same script.
func wrongLanguage(s *segment, r *report) {
	if len(s.tgtWords) < 3 || strings.EqualFold(s.src, s.tgt) {
		return
	}
	language, sure := s.otherLanguage()
	if language == "" {
		return
	}
	sev := diag.Warning
	if sure {
		sev = r.check.Severity
	}
	r.addFindingWithSeverity(sev, "see whether it belongs to another edition", "the text seems to be in %s, not in %s", locales.EnglishName(language), locales.EnglishName(s.to.tag))
}
