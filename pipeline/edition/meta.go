package edition

import (
	"net/url"
	"slices"
	"strings"

	"hexapla/locales"
	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
)

// Address is an edition's address: base with {locale} and {path} replaced, each
// path segment escaped (RFC 3986). An empty base gives an empty address.
func Address(base, locale, path string) string { return address(base, locale, escapePath(path)) }

// address is Address for a path that is escaped.
func address(base, locale, path string) string {
	var b strings.Builder
	b.Grow(len(base) + len(locale) + len(path))
	for base != "" {
		i := strings.IndexByte(base, '{')
		if i < 0 {
			b.WriteString(base)
			break
		}
		b.WriteString(base[:i])
		switch base = base[i:]; {
		case strings.HasPrefix(base, "{locale}"):
			b.WriteString(url.PathEscape(locale))
			base = base[len("{locale}"):]
		case strings.HasPrefix(base, "{path}"):
			b.WriteString(path)
			base = base[len("{path}"):]
		default:
			b.WriteByte('{')
			base = base[1:]
		}
	}
	return b.String()
}

// escapePath escapes each segment of a path.
func escapePath(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		segments[i] = url.PathEscape(s)
	}
	return strings.Join(segments, "/")
}

// Meta is the metadata of the edition of d in locale, one of all the project's
// locales. published lists those that have an edition of this article: a page
// must not name an alternate that does not exist
// (https://developers.google.com/search/docs/specialty/international/localized-versions).
func Meta(d *bitext.Document, base, path, locale string, published []string) *bitext.EditionMeta {
	m := &bitext.EditionMeta{
		Locale:    locale,
		Dir:       locales.Direction(locale),
		OpenGraph: openGraph(d, locale),
		Key:       d.Meta["key"],
	}
	if m.Key == "" {
		m.Key = strings.TrimSuffix(path, extension(path))
	}
	escaped := ""
	if base != "" {
		escaped = escapePath(path)
		m.URL, m.SourceURL = address(base, locale, escaped), address(base, d.Locale, escaped)
		m.Alternates = make([]bitext.Alternate, 0, len(published))
	}
	m.OpenGraphAlternates = make([]string, 0, len(published))
	for _, l := range published {
		if base != "" {
			m.Alternates = append(m.Alternates, bitext.Alternate{Locale: l, URL: address(base, l, escaped)})
		}
		if og := openGraph(d, l); og != "" && og != m.OpenGraph && !slices.Contains(m.OpenGraphAlternates, og) {
			m.OpenGraphAlternates = append(m.OpenGraphAlternates, og)
		}
	}
	if base != "" && slices.Contains(published, d.Locale) {
		m.XDefault = m.SourceURL
	}
	return m
}

// openGraph is a locale's form in Open Graph. The source's has the region that
// the article itself declares.
func openGraph(d *bitext.Document, locale string) string {
	if locale == d.Locale {
		for _, page := range [...]string{d.Meta["og:locale"], d.Meta["lang"]} {
			if strings.ContainsAny(page, "-_") && tag.SameLanguage(page, locale) {
				return locales.OpenGraph(page)
			}
		}
	}
	return locales.OpenGraph(locale)
}

// SourcePrefixes returns what the addresses of the source's editions begin with,
// before their path, in links: whole addresses and those from the root. It
// returns none where a path is not the end of an address, or the same in all
// locales.
func SourcePrefixes(base, source string) []string {
	rest, ok := strings.CutSuffix(base, "{path}")
	if !ok || !strings.Contains(rest, "{locale}") {
		return nil
	}
	prefix := address(rest, source, "")
	out := []string{prefix}
	scheme, rest, ok := strings.Cut(prefix, "://")
	if !ok {
		return out
	}
	for _, other := range [...]string{"http", "https"} {
		if other != scheme {
			out = append(out, other+"://"+rest)
		}
	}
	out = append(out, "//"+rest)
	if _, path, _ := strings.Cut(strings.TrimPrefix(base, scheme+"://"), "/"); strings.Contains(path, "{locale}") {
		out = append(out, rest[strings.IndexByte(rest, '/'):])
	}
	return out
}

func extension(path string) string {
	if i := strings.LastIndexByte(path, '.'); i > strings.LastIndexByte(path, '/') {
		return path[i:]
	}
	return ""
}
