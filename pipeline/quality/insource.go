package quality

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

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
