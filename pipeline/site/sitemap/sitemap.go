// Package sitemap writes sitemaps (https://www.sitemaps.org/protocol.html), with the
// translations of each page as Google reads them
// (https://developers.google.com/search/docs/specialty/international/localized-versions#sitemap)
// and news sitemaps
// (https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap).
package sitemap

import (
	"cmp"
	"io"
	"iter"
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

// URL is a page in a sitemap. Links are what AppendLinks made of its translations, itself
// among them.
type URL struct {
	Address  string
	Modified time.Time // zero if it is not known
	Links    []byte
}

// AppendLinks appends what a sitemap has for the translations of a page, the same for each
// of them; xDefault is the address for readers of no listed language, empty for none.
func AppendLinks(b []byte, alternates []bitext.Alternate, xDefault string) []byte {
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
	urlsetHead  = declaration + `<urlset xmlns="` + space + `" xmlns:xhtml="http://www.w3.org/1999/xhtml">` + "\n"
	urlsetEnd   = "</urlset>\n"
)

// limits count what a sitemap has and tell where the next one begins.
type limits struct {
	maxURLs, maxBytes int // those of the protocol if they are 0
	urls, bytes       int // of the sitemap, its beginning included
	files             int
}

// add counts a page whose element has a size. It reports whether the page is the first of
// a sitemap.
func (l *limits) add(size int) (first bool) {
	if l.files == 0 || l.urls == cmp.Or(l.maxURLs, MaxURLs) || l.bytes+size+len(urlsetEnd) > cmp.Or(l.maxBytes, MaxBytes) {
		l.files++
		l.urls, l.bytes, first = 0, len(urlsetHead), true
	}
	l.urls++
	l.bytes += size
	return first
}

// Counter counts the sitemaps that pages need, before they are written. The zero value is
// one without pages.
type Counter struct {
	limits limits
	buf    []byte
}

// Add counts a page.
func (c *Counter) Add(u URL) {
	links := u.Links
	u.Links = nil
	c.buf = appendURL(c.buf[:0], u)
	c.limits.add(len(c.buf) + len(links))
}

// Files returns the number of sitemaps that Writer makes of the same pages; 0 without any.
func (c *Counter) Files() int { return c.limits.files }

// Writer writes the sitemaps of pages, as many as the limits need. It keeps no more of them
// than a page in memory. Next begins a sitemap, by its number from 0 on: the one before it
// is whole then.
type Writer struct {
	Next   func(number int) (io.Writer, error)
	limits limits
	out    io.Writer
	buf    []byte
}

// Add writes a page.
func (w *Writer) Add(u URL) error {
	w.buf = appendURL(w.buf[:0], u)
	if w.limits.add(len(w.buf)) {
		if err := w.Close(); err != nil {
			return err
		}
		out, err := w.Next(w.limits.files - 1)
		if err != nil {
			return err
		}
		w.out = out
		if _, err := io.WriteString(out, urlsetHead); err != nil {
			return err
		}
	}
	_, err := w.out.Write(w.buf)
	return err
}

// Close ends the last sitemap. It does not close what Next returned.
func (w *Writer) Close() error {
	if w.out == nil {
		return nil
	}
	_, err := io.WriteString(w.out, urlsetEnd)
	w.out = nil
	return err
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
