package spantext

import (
	"unicode"
	"unicode/utf8"
)

// wide are the scripts that are written without spaces between words, so that the
// end of a line means none, except Thai, Lao, Khmer and Burmese, whose spaces divide
// clauses.
var wide = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Yi}

// Break is what a line break between two characters stands for.
type Break uint8

const (
	Space   Break = iota // a space between words
	Nothing              // both sides are written without spaces
	Unsure               // the text around decides
)

// BreakBetween returns what a line break between two characters stands for: nothing
// between two wide characters that are no Hangul (CSS Text Module Level 3, 4.1.3).
// It is unsure between two marks, which Korean has too, and between a wide character
// and a quotation mark, a dash or an ellipsis, whose width depends on the font and
// which may be in a text of another script (Level 4).
func BreakBetween(before, after rune) Break {
	if before < 0x2010 || after < 0x2010 {
		return Space
	}
	a, b := Wide(before), Wide(after)
	switch {
	case a && b && (isWideLetter(before) || isWideLetter(after)):
		return Nothing
	case a && b, a && isMark(after), b && isMark(before):
		return Unsure
	}
	return Space
}

// DropsBreak reports whether a line break between two texts stands for nothing. Tags
// in them are passed over.
func DropsBreak[A, B string | []byte](before A, after B) bool {
	// A string of so few bytes takes no memory of its own.
	a, _ := utf8.DecodeLastRuneInString(string(before[max(0, len(before)-utf8.UTFMax):]))
	b, _ := utf8.DecodeRuneInString(string(after[:min(len(after), utf8.UTFMax)]))
	switch BreakBetween(a, b) {
	case Nothing:
		return true
	case Unsure:
		return isWideText(string(before[max(0, len(before)-evidence):]), string(after[:min(len(after), evidence)]))
	}
	return false
}

// evidence is how many bytes on each side of a line break DropsBreak looks at.
const evidence = 120

// isWideText reports whether texts are of a writing without spaces: they have at least
// as many wide letters as words of other writing.
func isWideText(texts ...string) bool {
	wide, words := 0, 0
	for _, text := range texts {
		tag, word := false, false
		for _, r := range text {
			switch {
			case r == '<':
				tag, word = true, false
			case r == '>':
				tag = false
			case tag:
			case isWideLetter(r):
				wide++
				word = false
			case unicode.IsLetter(r):
				if !word {
					words++
				}
				word = true
			default:
				word = word && unicode.In(r, unicode.M)
			}
		}
	}
	return wide >= words
}

// isWideLetter reports whether r is a wide character that is no punctuation.
func isWideLetter(r rune) bool {
	return r >= 0x2E80 && unicode.IsLetter(r) && unicode.In(r, wide...) || r == 'ー'
}

// Wide reports whether r is a character of Chinese, Japanese or Yi writing that takes
// the place of two.
func Wide(r rune) bool {
	switch {
	case r < 0x2E80:
		return false
	case r > 0x3000 && r <= 0x303F, r >= 0xFF01 && r <= 0xFF60, r == 'ー', r == '・':
		return true
	}
	return unicode.In(r, wide...)
}

// isMark reports whether r is punctuation of an ambiguous width.
func isMark(r rune) bool {
	switch r {
	case '“', '”', '‘', '’', '—', '―', '…':
		return true
	}
	return false
}
