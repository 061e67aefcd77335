package plaintext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// narrow is what is known of paragraphs whose lines are broken at a smaller width
// than makes a rule for the whole text: in columns, below a bullet, in a quotation.
// groups are those of several lines, fitting those of them that could be such
// paragraphs; width is that of the widest line in these.
type narrow struct {
	groups, fitting, width int
}

// minNarrow is the least width that lines are broken at.
const minNarrow = 20

// count takes a group of lines into account. One that is narrower than any wrapped
// paragraph, such as a signature, is no evidence.
func (n *narrow) count(s *splitter, i, j int) {
	if j-i < 2 || s.widest(i, j) < minNarrow {
		return
	}
	n.groups++
	if w := s.couldBeNarrow(i, j); w > 0 {
		n.fitting++
		n.width = max(n.width, w)
	}
}

// isParagraph reports whether the lines from i to j are one paragraph: they could
// be, and one of them goes on in the next, or all groups of lines of the text
// could be.
func (n *narrow) isParagraph(s *splitter, i, j int) bool {
	if j-i < 2 {
		return false
	}
	if s.hangs(i, j) {
		return true
	}
	if s.couldBeNarrow(i, j) == 0 {
		return false
	}
	if n.groups >= 2 && n.fitting == n.groups {
		return true
	}
	first, second := &s.lines[i], &s.lines[i+1]
	if first.bullet {
		return second.indent == first.column
	}
	if first.indent > second.indent {
		return true // as the first line of a paragraph is indented
	}
	for k := i; k+1 < j; k++ {
		next, _ := utf8.DecodeRune(s.data[s.lines[k+1].from:])
		if last := s.lastRune(k); unicode.IsLetter(last) && unicode.IsLower(next) || unicode.Is(unicode.Pd, last) || wideLetters(last, next) {
			return true
		}
	}
	return false
}

// hangs reports whether the lines from i to j are an item of a list of which each line
// but the first stands below the item's text and goes on in a small letter.
func (s *splitter) hangs(i, j int) bool {
	if !s.lines[i].bullet || s.lines[i].cells != nil {
		return false
	}
	for k := i; k+1 < j; k++ {
		if next := &s.lines[k+1]; next.bullet || next.cells != nil || next.indent != s.lines[i].column || !s.runsOn(k) {
			return false
		}
	}
	return true
}

// widest returns the width of the widest line from i to j.
func (s *splitter) widest(i, j int) int {
	w := 0
	for k := i; k < j; k++ {
		w = max(w, s.lines[k].width)
	}
	return w
}

// couldBeNarrow returns the width at which the lines from i to j can have been
// broken, each because the next word had no room, if they end as a sentence does;
// 0 if they cannot.
func (s *splitter) couldBeNarrow(i, j int) int {
	w := s.widest(i, j)
	if w < minNarrow || w > maxWrap {
		return 0
	}
	ends := 0
	for k := i; k+1 < j; k++ {
		if !s.isFull(k, w, 0) {
			return 0
		}
		if s.endsSentence(k) {
			ends++
		}
	}
	hangs := s.lines[i].bullet && s.lines[i+1].indent == s.lines[i].column
	if s.endsSentence(i) || ends*3 > j-i || !s.endsSentence(j-1) && !hangs {
		return 0
	}
	return w
}

// endsSentence reports whether a line ends with the mark of a sentence's end,
// perhaps with a quotation mark or bracket behind it.
func (s *splitter) endsSentence(i int) bool {
	text := s.data[s.lines[i].from:s.lines[i].to]
	last, n := utf8.DecodeLastRune(text)
	for n > 0 && strings.ContainsRune(`"'”’»›“)]`, last) {
		text = text[:len(text)-n]
		last, n = utf8.DecodeLastRune(text)
	}
	if last < utf8.RuneSelf {
		return last == '.' || last == '!' || last == '?' || last == ':' // those of STerm, and the colon
	}
	return unicode.Is(unicode.STerm, last) || last == '…' || last == ':'
}

func (s *splitter) lastRune(i int) rune {
	r, _ := utf8.DecodeLastRune(s.data[s.lines[i].from:s.lines[i].to])
	return r
}
