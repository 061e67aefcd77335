package pipeline

import (
	"bytes"
	"iter"
	"slices"
	"strings"

	"hexapla/pipeline/bitext"
)

// sourceFilter finds out without splitting an article that it has none of some source
// texts: a text is in it only if all of the text's words are in its bytes.
type sourceFilter struct {
	always bool                  // some text has no word to look for
	texts  map[string][][]string // the other words of each text, by its longest one
}

// leastWord is the length in bytes of the words that are looked for.
const leastWord = 3

// newSourceFilter returns the filter for texts.
func newSourceFilter(texts iter.Seq[bitext.Text]) *sourceFilter {
	f := &sourceFilter{texts: map[string][][]string{}}
	for t := range texts {
		var words []string
		for p := range t.Pieces() { // codes may be within a word
			words = append(words, wholeWords(p.Chars)...)
		}
		if len(words) == 0 || strings.Contains(t.Chars, `\`) {
			f.always = true
			continue
		}
		longest := 0
		for i, w := range words {
			if len(w) > len(words[longest]) {
				longest = i
			}
		}
		rest := slices.Delete(slices.Clone(words), longest, longest+1)
		f.texts[words[longest]] = append(f.texts[words[longest]], rest)
	}
	return f
}

// mayHave reports whether a document may have one of the texts. It may be wrong only
// about a document that writes letters of ASCII as character references.
func (f *sourceFilter) mayHave(data []byte) bool {
	if f.always || bytes.IndexByte(data, 0) >= 0 { // UTF-16
		return true
	}
	there := map[string]bool{}
	for w := range asciiWords(data) {
		there[string(w)] = true
	}
	for w := range there {
		for _, rest := range f.texts[w] {
			if !slices.ContainsFunc(rest, func(w string) bool { return !there[w] }) {
				return true
			}
		}
	}
	return false
}

// wholeWords returns the words of a text that are next to nothing but ASCII: a letter
// with a mark has two forms in Unicode, of which one begins with a letter of ASCII.
func wholeWords(chars string) []string {
	var out []string
	at := 0
	for w := range asciiWords([]byte(chars)) {
		from := at + strings.Index(chars[at:], string(w))
		at = from + len(w)
		if (from == 0 || chars[from-1] < 0x80) && (at == len(chars) || chars[at] < 0x80) {
			out = append(out, string(w))
		}
	}
	return out
}

// asciiWords walks over the runs of ASCII letters and digits. An escape sequence of JSON
// is no part of one.
func asciiWords(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for i := 0; i < len(data); {
			if data[i] == '\\' && i+1 < len(data) {
				if i += 2; data[i-1] == 'u' {
					i = min(i+4, len(data))
				}
				continue
			}
			if !isASCIIWord(data[i]) {
				i++
				continue
			}
			from := i
			for i < len(data) && isASCIIWord(data[i]) {
				i++
			}
			if i-from >= leastWord && !yield(data[from:i]) {
				return
			}
		}
	}
}

func isASCIIWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}
