package segment

import "strings"

// unspaced are the languages in whose running text no space stands between two
// sentences, by the line breaking classes of their scripts (UAX #14: ID, SA).
const unspaced = " ja zh yue cmn wuu th lo km my bo dz "

// Space is what stands between two sentences of a paragraph in the locale: a
// space, or nothing. The white space between segments belongs to the target
// language, not to the source; line ends that the layout asks for do not.
func Space(locale string) string {
	lang, _, _ := strings.Cut(localeKey(locale), "-")
	if strings.Contains(unspaced, " "+lang+" ") {
		return ""
	}
	return " "
}
