package stored

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Pattern is what a search for texts looks for. Parts are folded as FoldCase folds;
// all of them must be in a text, as whole words if Words is set.
type Pattern struct {
	Parts []string
	Words bool
}

// NewPattern returns the pattern of a memory.Search.
func NewPattern(text string, words bool) Pattern {
	p := Pattern{Words: words}
	text = FoldCase(text)
	if words {
		p.Parts = strings.FieldsFunc(text, func(r rune) bool { return !isWordRune(r) })
	} else if text != "" {
		p.Parts = []string{text}
	}
	return p
}

// IsEmpty reports whether there is nothing to look for.
func (p *Pattern) IsEmpty() bool { return len(p.Parts) == 0 }

// Rank reports whether the folded text has the pattern, and how well: 2 if it is the
// pattern, 1 if it begins with it.
func (p *Pattern) Rank(text string) (rank int, ok bool) {
	for _, part := range p.Parts {
		if p.Words && !hasWord(text, part) || !p.Words && !strings.Contains(text, part) {
			return 0, false
		}
	}
	switch {
	case len(p.Parts) == 1 && text == p.Parts[0]:
		return 2, true
	case strings.HasPrefix(text, p.Parts[0]):
		return 1, true
	}
	return 0, true
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// hasWord reports whether text has a word between characters that belong to no word.
func hasWord(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+len(word):])
		if !isWordRune(before) && !isWordRune(after) {
			return true
		}
		from = i + 1
	}
}

// Folder folds texts as FoldCase does, many after each other. It is for one goroutine.
type Folder struct{ caser cases.Caser }

// NewFolder returns a Folder.
func NewFolder() Folder { return Folder{cases.Fold()} }

// Fold returns s in any letter case, composed.
func (f *Folder) Fold(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return norm.NFC.String(f.caser.String(s))
		}
	}
	return strings.ToLower(s)
}
