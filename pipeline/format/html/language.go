package html

import (
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"hexapla/locales/tag"
)

// otherLanguage reports whether a language tag names another language than base,
// or the same in another script. An empty tag names none; every other tag differs
// from an unknown base.
func otherLanguage(locale, base string) bool { return locale != "" && !tag.SameText(locale, base) }

// namedLanguage returns the language that an element of a list of languages names in
// itself: a link that declares it for itself and for its page, or an element whose
// text is that language's own name for itself (CLDR), as in
// <a hreflang="fr">Français</a> and <strong lang="en">English</strong>. It returns
// nothing for other elements. lang is the language that the element declares.
func (s *splitter) namedLanguage(o *openElement, lang string) string {
	h := s.attr(atHreflang)
	if h != nil && o.props.el == elA {
		to := s.value(h)
		if lang != "" && !otherLanguage(to, lang) {
			return lang
		}
		if lang == "" {
			lang = to
		}
	}
	if lang == "" || len(lang) > maxTag || h == nil && otherLanguage(lang, s.base) {
		return ""
	}
	text := s.z.s[s.z.end:]
	n := strings.IndexByte(text[:min(len(text), maxLanguageName)], '<')
	if n <= 0 || !strings.HasPrefix(text[n:], "</") || !isOwnName(strings.TrimSpace(text[:n]), lang) {
		return ""
	}
	return lang
}

const (
	maxTag          = 35  // the length of a language tag that programs must accept (BCP 47, 4.4.1)
	maxLanguageName = 100 // bytes
)

// isOwnName reports whether name is what a language is called in itself, with or without
// its region, in whatever case.
func isOwnName(name, locale string) bool {
	t, err := language.Parse(locale)
	if name == "" || err != nil {
		return false
	}
	base, _ := t.Base()
	for _, t := range []language.Tag{t, language.Make(base.String())} {
		if own := display.Self.Name(t); own != "" && strings.EqualFold(own, name) {
			return true
		}
	}
	name, _, _ = strings.Cut(name, " (")
	return strings.EqualFold(display.Self.Name(language.Make(base.String())), name)
}
