package markdown

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"hexapla/pipeline/lazy"
)

// This file knows what the documents of Quarto and R Markdown have beside the cells of code
// in fences: citations and cross-references of Pandoc.

// isPandoc reports whether the document at a path is read by Pandoc.
func isPandoc(p string) bool {
	ext := path.Ext(p)
	return strings.EqualFold(ext, ".qmd") || strings.EqualFold(ext, ".rmd")
}

// citation is the key of a citation, or of what a cross-reference leads to: @smith2020,
// @fig-levels, @{a key} (Pandoc User's Guide, "Citation syntax").
var citation = lazy.Regexp(`^@(?:\{[^{}\s]+\}|[\pL\pN_]+(?:[:.#$%&+?<>~/-][\pL\pN_]+)*)`)

// maxCitation is the length in bytes up to which the end of a key is looked for.
const maxCitation = 256

// citation is the mask of the citation at the @ at i, with the hyphen by which its author
// is left out, on the line from start to end.
func (s *scanner) citation(i, start, end int) (mask, bool) {
	if !s.pandoc {
		return mask{}, false
	}
	begins := func(i int) bool {
		return i == start || isSpaceByte(s.data[i-1]) || strings.IndexByte("[;*_", s.data[i-1]) >= 0 || s.opensText(i, start)
	}
	from := i
	if i > start && s.data[i-1] == '-' {
		from--
	}
	n := len(citation().Find(s.data[i:min(end, i+maxCitation)]))
	if n == 0 || !begins(from) {
		return mask{}, false
	}
	return mask{from: from, to: i + n, kind: emojiMask}, true
}

// beginsCitation reports whether a citation would begin with the @ at byte k of piece i.
func (w *writer) beginsCitation(i, k int) bool {
	r, _ := utf8.DecodeLastRune(w.tail)
	return w.pandoc && r != '/' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && citation().MatchString(w.upcoming(i, k))
}
