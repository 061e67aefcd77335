package html

import (
	"strings"

	"golang.org/x/text/language"
)

// otherLanguage reports whether a language tag says another language, or the
// same in another script, than base. An unknown base is another one; no tag
// says none.
func otherLanguage(tag, base string) bool {
	if tag == "" || tag == base {
		return false
	}
	l1, s1 := languageScript(tag)
	l2, s2 := languageScript(base)
	return l1 != l2 || s1 != "" && s2 != "" && s1 != s2
}

// languageScript gives a tag's language and, if it is said, script subtags, in
// lower case.
func languageScript(tag string) (lang, script string) {
	for i, p := range strings.FieldsFunc(strings.ToLower(tag), func(r rune) bool { return r == '-' || r == '_' }) {
		switch {
		case i == 0:
			lang = p
		case i <= 3 && len(p) == 4 && p[0] >= 'a':
			return lang, p
		}
	}
	return lang, ""
}

// direction is "rtl" for a locale whose script is written from right to left,
// else "ltr". Scripts are by CLDR's likely subtags; directions are those of the
// scripts' letters in Unicode.
func direction(locale string) string {
	tag, err := language.Parse(locale)
	if err != nil {
		return "ltr"
	}
	script, _ := tag.Script()
	switch script.String() {
	case "Adlm", "Arab", "Aran", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Syre", "Syrj", "Syrn", "Thaa", "Yezi":
		return "rtl"
	}
	return "ltr"
}
