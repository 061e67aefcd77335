package bitext

import (
	"strings"
	"unicode"

	"github.com/clipperhouse/uax29/v2/words"
)

// CountWords counts the words of a text by the boundaries of UAX #29: the
// segments between them that contain a letter or a digit.
func CountWords(text string) int {
	n := 0
	for w := words.FromString(text); w.Next(); {
		if strings.ContainsFunc(w.Value(), isWordRune) {
			n++
		}
	}
	return n
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }
