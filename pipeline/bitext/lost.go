package bitext

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// LostLetters reports whether letters of a translation are gone: a program without
// them in its encoding wrote question marks or U+FFFD REPLACEMENT CHARACTER in their
// place. Question marks count where the source does not have them: two or more that are
// left of a text without a letter, and beside letters two words of them, or three in a
// row where a word begins and others follow.
func LostLetters(source, target string) bool {
	if strings.ContainsRune(target, utf8.RuneError) && !strings.ContainsRune(source, utf8.RuneError) {
		return true
	}
	marks := strings.Count(target, "?")
	if marks < 2 || !strings.ContainsFunc(source, unicode.IsLetter) {
		return false
	}
	asked := strings.Count(source, "?")
	if !strings.ContainsFunc(target, unicode.IsLetter) {
		return marks >= asked+2
	}
	if asked > 0 {
		return false
	}
	words := 0
	for i := 0; i < len(target); {
		if target[i] != '?' {
			i++
			continue
		}
		end := i + 1
		for end < len(target) && target[end] == '?' {
			end++
		}
		before, _ := utf8.DecodeLastRuneInString(target[:i])
		if begins := i == 0 || unicode.IsSpace(before) || unicode.In(before, unicode.Ps, unicode.Pi); begins && end-i > 1 {
			words++
			if words > 1 || end-i > 2 && strings.ContainsFunc(target[end:], unicode.IsLetter) {
				return true
			}
		}
		i = end
	}
	return false
}

// LacksText reports whether a translation has nothing to read in it, though its source
// does: it is blank, or has punctuation and combining marks alone while the source has
// letters. Placeholders may have the content. Question marks are for LostLetters.
func LacksText(source, target Text) bool {
	if source.IsBlank() {
		return false
	}
	if target.IsBlank() {
		return true
	}
	hasText := func(r rune) bool { return unicode.In(r, unicode.L, unicode.N, unicode.S, unicode.Co) }
	isPlaceholder := func(c Code) bool { return c.Kind == Placeholder }
	return !strings.ContainsFunc(target.Chars, hasText) && strings.Count(target.Chars, "?") < 2 &&
		strings.ContainsFunc(source.Chars, unicode.IsLetter) && !slices.ContainsFunc(target.Codes, isPlaceholder)
}
