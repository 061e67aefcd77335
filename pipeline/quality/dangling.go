package quality

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed dangling_words.txt
var danglingWordsText string

// danglingWords are the words that no sentence ends in, by language, in lower case.
// Serbian has those of both scripts.
var danglingWords = sync.OnceValue(func() map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for line := range strings.Lines(danglingWordsText) {
		if tag, list, ok := strings.Cut(line, " "); ok && !strings.HasPrefix(tag, "#") {
			lang, _, _ := strings.Cut(tag, "-")
			if out[lang] == nil || lang == tag {
				out[lang] = wordSet(list)
			}
		}
	}
	for w := range out["bs"] {
		out["sr"][w] = true
	}
	return out
})

// dangles reports whether a text ends in a word that something follows, with no more than
// marks behind it. An ending behind a hyphen, a word in capitals, a question of one word
// and a word behind a comma, as in "No, no", are none.
func (l *language) dangles(text string, ws []word) bool {
	if len(ws) < 3 {
		return false
	}
	last, before := &ws[len(ws)-1], &ws[len(ws)-2]
	switch between := text[before.end:last.start]; {
	case between != " " && between != "\u00a0", last.text != last.low:
		return false
	case strings.ContainsFunc(text[last.end:], func(r rune) bool { // an address is masked by "_"
		return strings.ContainsRune("?؟_%:,;…—–", r) || !unicode.IsPunct(r) && !unicode.IsSpace(r)
	}):
		return false
	case last.script == arabic && utf8.RuneCountInString(before.text) < 3: // of an initialism in words: إتش بي أو
		return false
	}
	return danglingWords()[l.lang][last.lower()]
}

//go:embed final_endings.txt
var finalEndingsText string

// finalEndings are the endings of the last words of sentences in languages whose verb
// stands last, by language.
var finalEndings = sync.OnceValue(func() map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for line := range strings.Lines(finalEndingsText) {
		if lang, list, ok := strings.Cut(line, " "); ok && lang != "#" {
			out[lang] = wordSet(list)
		}
	}
	return out
})

// lacksVerb reports whether a sentence in a language whose verb stands last seems to have
// none at its end, where the source is a sentence with a full stop.
func lacksVerb(s *segment) bool {
	endings := finalEndings()[s.to.lang]
	if endings == nil || len(s.tgtWords) < 3 || !strings.HasSuffix(strings.TrimRight(s.src, " "), ".") {
		return false
	}
	last := s.tgtWords[len(s.tgtWords)-1].low
	start := len(last)
	for range 3 {
		_, size := utf8.DecodeLastRuneInString(last[:start])
		start -= size
	}
	return !endings[last[start:]]
}

// lostProperNames counts the words of a source with capital letters, behind its first one,
// that the target has neither as they are nor in a transliteration. Places and
// organizations may be translated: it is a hint, and no more.
func lostProperNames(s *segment) (n int) {
	if s.to.written == other || s.to.spaceless || s.tooLongForNames() {
		return 0
	}
	small := 0
	for i := range s.srcWords {
		if w := &s.srcWords[i]; utf8.RuneCountInString(w.text) > 3 && !capitalized(w.text) {
			small++
		}
	}
	if small < 2 {
		return 0 // of a headline: capitals are no names
	}
	var name, word [maxSounds]sound
	for i := 1; i < len(s.srcWords); i++ {
		w := &s.srcWords[i]
		if w.script == none || !capitalized(w.text) || w.low == w.text || s.from.common(w.lower()) || isMeasure(w.low) {
			continue
		}
		got := appendSounds(name[:0], strings.TrimSuffix(strings.TrimSuffix(w.lower(), "'s"), "’s"))
		if weight(got) < 1.4 {
			continue
		}
		found := false
		for k := range s.tgtWords {
			found = found || strings.EqualFold(w.text, s.tgtWords[k].text) || alike(got, appendSounds(word[:0], s.tgtWords[k].lower()))
		}
		if !found {
			n++
		}
	}
	return n
}
