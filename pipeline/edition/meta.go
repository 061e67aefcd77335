package edition

import (
	"net/url"
	"slices"
	"strings"

	"hexapla/locales"
	"hexapla/pipeline/bitext"
)

// Address is an edition's address: base with {locale} and {path} replaced, each
// path segment escaped (RFC 3986). An empty base gives an empty address.
func Address(base, locale, path string) string {
	if base == "" {
		return ""
	}
	segments := strings.Split(path, "/")
	for i, s := range segments {
		segments[i] = url.PathEscape(s)
	}
	return strings.NewReplacer("{locale}", url.PathEscape(locale), "{path}", strings.Join(segments, "/")).Replace(base)
}

// Meta is the metadata of the edition of d in locale, one of all the project's
// locales. published says which of them have an edition of this article: a page
// must not name an alternate that does not exist
// (https://developers.google.com/search/docs/specialty/international/localized-versions).
func Meta(d *bitext.Document, base, path, locale string, published []string) *bitext.EditionMeta {
	m := &bitext.EditionMeta{
		Locale:    locale,
		Dir:       locales.Direction(locale),
		OpenGraph: locales.OpenGraph(locale),
		URL:       Address(base, locale, path),
		Key:       d.Meta["key"],
	}
	if m.Key == "" {
		m.Key = strings.TrimSuffix(path, extension(path))
	}
	seen := map[string]bool{m.OpenGraph: true}
	for _, l := range published {
		if base != "" {
			m.Alternates = append(m.Alternates, bitext.Alternate{Locale: l, URL: Address(base, l, path)})
		}
		if og := locales.OpenGraph(l); og != "" && !seen[og] {
			seen[og] = true
			m.OpenGraphAlternates = append(m.OpenGraphAlternates, og)
		}
	}
	if base != "" && slices.Contains(published, d.Locale) {
		m.XDefault = Address(base, d.Locale, path)
	}
	return m
}

func extension(path string) string {
	if i := strings.LastIndexByte(path, '.'); i > strings.LastIndexByte(path, '/') {
		return path[i:]
	}
	return ""
}
