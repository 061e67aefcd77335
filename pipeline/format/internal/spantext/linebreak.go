package spantext

import "unicode"

// wide are the scripts that are written without spaces between words, so that the
// end of a line means none, except Thai, Lao, Khmer and Burmese, whose spaces divide
// clauses.
var wide = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Yi}

// DropsBreak reports whether a line break between two characters stands for nothing,
// and not for a space: between two wide characters that are no Hangul (CSS Text
// Module Level 3, 4.1.3), or between one and a quotation mark, a dash or an
// ellipsis, whose width depends on the font (Level 4).
func DropsBreak(before, after rune) bool {
	if before < 0x2010 || after < 0x2010 {
		return false
	}
	a, b := Wide(before), Wide(after)
	return a && b || a && isMark(after) || b && isMark(before)
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
