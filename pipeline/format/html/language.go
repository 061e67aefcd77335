package html

import "hexapla/locales/tag"

// otherLanguage reports whether a language tag names another language than base,
// or the same in another script. An empty tag names none; every other tag differs
// from an unknown base.
func otherLanguage(locale, base string) bool { return locale != "" && !tag.SameText(locale, base) }
