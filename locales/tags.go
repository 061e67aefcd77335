package locales

import "hexapla/locales/tag"

// Canonical is tag.Canonical.
func Canonical(locale string) (string, error) { return tag.Canonical(locale) }

// Parents is tag.Parents.
func Parents(locale string) []string { return tag.Parents(locale) }

// Script is tag.Script.
func Script(locale string) string { return tag.Script(locale) }

// Direction is tag.Direction.
func Direction(locale string) string { return tag.Direction(locale) }

// OpenGraph returns a tag in the form of og:locale, language_REGION with the
// likely region: ru_RU, sr_RS. Without a known region it is the language.
func OpenGraph(locale string) string { return openGraph.Get(locale, findOpenGraph) }

var openGraph tag.Memo[string]

func findOpenGraph(locale string) string {
	t, ok := tag.Parse(locale)
	if !ok {
		return ""
	}
	if r := tag.Region(locale); r != "" {
		return t.Language + "_" + r
	}
	return t.Language
}

// Quotes returns the quotation marks of the language: opening and closing, then
// the pair for a quotation inside a quotation (CLDR delimiters).
func Quotes(tag string) [4]string {
	var q [4]string
	copy(q[:], localeOf(tag).list("q"))
	return q
}
