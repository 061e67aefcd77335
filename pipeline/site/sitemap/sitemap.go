// Package sitemap writes sitemaps (https://www.sitemaps.org/protocol.html), with the
// translations of each page as Google reads them
// (https://developers.google.com/search/docs/specialty/international/localized-versions#sitemap)
// and news sitemaps
// (https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap).
package sitemap

import (
	"iter"
	"slices"
	"strings"
	"time"

	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/site"
)

// The limits of a sitemap, which are those of the protocol, and of a news sitemap.
const (
	MaxURLs  = 50_000
	MaxBytes = 50 << 20
	MaxNews  = 1000
	NewsTime = 48 * time.Hour // articles that are older do not belong into a news sitemap
)

// URL is a page in a sitemap. Links are what Links returned for its translations, itself
// among them.
type URL struct {
	Address  string
	Modified time.Time // zero if it is not known
	Links    []byte
}

// Links returns what a sitemap has for the translations of a page, the same for each of
// them; xDefault is the address for readers of no listed language, empty for none.
func Links(alternates []bitext.Alternate, xDefault string) []byte {
	var b []byte
	link := func(lang, address string) {
		b = append(b, "\n<xhtml:link rel=\"alternate\" hreflang=\""...)
		b = append(b, lang...)
		b = append(b, "\" href=\""...)
		b = site.AppendXML(b, address)
		b = append(b, "\"/>"...)
	}
	for _, a := range alternates {
		link(a.Locale, a.URL)
	}
	if xDefault != "" && len(alternates) > 0 {
		link(site.XDefault, xDefault)
	}
	return b
}

const (
	declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	space       = "http://www.sitemaps.org/schemas/sitemap/0.9"
	urlsetEnd   = "</urlset>\n"
)

// Files returns the sitemaps of pages, as many as the limits need; none without pages. Of
// each it reports whether it is the last one. A file is valid until the next one is asked
// for: it is in buf, which grows as needed and can be used again.
func Files(urls iter.Seq[URL], buf *[]byte) iter.Seq2[[]byte, bool] {
	return divide(urls, buf, MaxURLs, MaxBytes)
}

func divide(urls iter.Seq[URL], buf *[]byte, maxURLs, maxBytes int) iter.Seq2[[]byte, bool] {
	return func(yield func([]byte, bool) bool) {
		const head = declaration + `<urlset xmlns="` + space + `" xmlns:xhtml="http://www.w3.org/1999/xhtml">` + "\n"
		b := (*buf)[:0]
		defer func() { *buf = b }()
		n := 0
		for u := range urls {
			if n == 0 {
				b = append(b[:0], head...)
			}
			before := len(b)
			if need := len(b) + len(u.Links) + 4<<10; need > cap(b) {
				// Twice as large, but not larger than a file can be.
				b = append(make([]byte, 0, max(need, min(2*cap(b), maxBytes+1<<10))), b...)
			}
			b = appendURL(b, u)
			if n > 0 && (n == maxURLs || len(b)+len(urlsetEnd) > maxBytes) {
				one := slices.Clone(b[before:])
				if !yield(append(b[:before], urlsetEnd...), false) {
					return
				}
				b = append(append(b[:0], head...), one...)
				n = 0
			}
			n++
		}
		if n > 0 {
			b = append(b, urlsetEnd...)
			yield(b, true)
		}
	}
}

func appendURL(b []byte, u URL) []byte {
	b = append(b, "<url><loc>"...)
	b = site.AppendXML(b, u.Address)
	b = append(b, "</loc>"...)
	if !u.Modified.IsZero() {
		b = append(b, "<lastmod>"...)
		b = u.Modified.UTC().AppendFormat(b, time.RFC3339)
		b = append(b, "</lastmod>"...)
	}
	b = append(b, u.Links...)
	return append(b, "</url>\n"...)
}

// Article is a page in a news sitemap.
type Article struct {
	Address string
	Title   string
	Date    time.Time // of its publication
}

// News returns the news sitemap of the articles of a publication in a locale, those
// that are published within NewsTime before now, the first MaxNews of them. It is nil
// without any.
func News(publication, locale string, articles iter.Seq[Article], now time.Time) []byte {
	b := []byte(declaration + `<urlset xmlns="` + space + `" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">` + "\n")
	n := 0
	for a := range articles {
		if n == MaxNews {
			break
		}
		if a.Date.After(now) || now.Sub(a.Date) > NewsTime {
			continue
		}
		title := site.OneLine(a.Title)
		if title == "" {
			continue
		}
		n++
		b = append(b, "<url><loc>"...)
		b = site.AppendXML(b, a.Address)
		b = append(b, "</loc><news:news><news:publication><news:name>"...)
		b = site.AppendXML(b, site.OneLine(publication))
		b = append(b, "</news:name><news:language>"...)
		b = append(b, newsLanguage(locale)...)
		b = append(b, "</news:language></news:publication><news:publication_date>"...)
		b = a.Date.UTC().AppendFormat(b, time.RFC3339)
		b = append(b, "</news:publication_date><news:title>"...)
		b = site.AppendXML(b, title)
		b = append(b, "</news:title></news:news></url>\n"...)
	}
	if n == 0 {
		return nil
	}
	return append(b, urlsetEnd...)
}

// newsLanguage returns the language of a publication as a news sitemap has it: a code
// of ISO 639, but zh-cn and zh-tw for Chinese.
func newsLanguage(locale string) string {
	language := tag.Language(locale)
	if language != "zh" {
		return language
	}
	if tag.Script(locale) == "Hant" {
		return "zh-tw"
	}
	return "zh-cn"
}

// Index returns the index of sitemaps, by their addresses.
func Index(addresses []string) []byte {
	b := []byte(declaration + `<sitemapindex xmlns="` + space + `">` + "\n")
	for _, a := range addresses {
		b = append(b, "<sitemap><loc>"...)
		b = site.AppendXML(b, strings.TrimSpace(a))
		b = append(b, "</loc></sitemap>\n"...)
	}
	return append(b, "</sitemapindex>\n"...)
}
