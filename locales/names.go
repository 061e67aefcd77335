package locales

import (
	"strings"
	"sync"

	langtag "hexapla/locales/tag"
)

// Name is the name of the tag's language in that language itself, as in the
// middle of a sentence ("русский", "qırımtatarca"); the tag where none is known.
func Name(tag string) string { return ownName(tag, "self") }

// EnglishName is the name of the tag's language in English.
func EnglishName(tag string) string {
	if n := ownName(tag, "en"); n != tag {
		return n
	}
	return LanguageName("en", tag)
}

// ownName looks at the tag and its equals before it shortens it, so that
// sr-ME does not get the name of sr-Latn.
func ownName(tag, key string) string {
	t, ok := langtag.Parse(tag)
	if !ok {
		return tag
	}
	for _, candidate := range append([]langtag.Tag{t}, t.Parents()...) {
		if _, ok := facts().locales[candidate.String()]; ok {
			if n := localeOf(candidate.String()).get(key); n != "" {
				return n
			}
		}
	}
	return tag
}

// LanguageName is the name of a language in the language of tag, as in the
// middle of a sentence; the name in itself, or the code, where tag's language
// has none for it (CLDR localeDisplayNames).
func LanguageName(tag, language string) string {
	names := languageNames(tag)
	t, ok := langtag.Parse(language)
	if !ok {
		return language
	}
	for _, candidate := range append([]langtag.Tag{t}, append(t.Parents(), langtag.Tag{Language: t.Language})...) {
		code := candidate.String() + ":"
		for _, n := range names {
			if v, ok := strings.CutPrefix(n, code); ok {
				return v
			}
		}
	}
	return Name(language)
}

// languageNames are entries "code:name"; those by hand stand first.
func languageNames(tag string) []string {
	l := localeOf(tag)
	return append(l.list("ln2"), l.list("ln")...)
}

// LanguageNamed returns the tag of the language that has a name in English or in itself,
// in any case: "uk" for "Ukrainian" and "українська"; "" for none.
func LanguageNamed(name string) string {
	if len(name) < 3 || len(name) > 60 {
		return ""
	}
	return tagsByName()[strings.ToLower(strings.TrimSpace(name))]
}

var tagsByName = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for _, entry := range languageNames("en") {
		code, name, _ := strings.Cut(entry, ":")
		for _, n := range []string{name, Name(code)} {
			if n = strings.ToLower(n); n != code && (out[n] == "" || len(code) < len(out[n])) {
				out[n] = code
			}
		}
	}
	return out
})

// Exemplars are the letters that the language is written with, lower case, as
// CLDR's main set lists them: single characters and sequences ("dž").
func Exemplars(tag string) []string { return parseSet(localeOf(tag).get("ex")) }

// Punctuation are the punctuation characters customary in the language (CLDR
// exemplarCharacters, type punctuation).
func Punctuation(tag string) []string { return parseSet(localeOf(tag).get("xp")) }

// parseSet reads a CLDR character set: characters, {sequences}, a-z ranges and
// backslash escapes.
func parseSet(set string) []string {
	set = strings.TrimSuffix(strings.TrimPrefix(set, "["), "]")
	var out []string
	runes := []rune(set)
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; {
		case r == ' ':
		case r == '{':
			end := i
			for end < len(runes) && runes[end] != '}' {
				end++
			}
			out = append(out, strings.ReplaceAll(string(runes[i+1:end]), `\`, ""))
			i = end
		case r == '\\' && i+1 < len(runes):
			i++
			out = append(out, string(runes[i]))
		case r == '-' && len(out) > 0 && i+1 < len(runes) && runes[i+1] != ' ':
			from := []rune(out[len(out)-1])
			if len(from) == 1 {
				for c := from[0] + 1; c <= runes[i+1]; c++ {
					out = append(out, string(c))
				}
			}
			i++
		default:
			out = append(out, string(r))
		}
	}
	return out
}
