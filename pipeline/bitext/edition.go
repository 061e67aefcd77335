package bitext

// EditionMeta is what an edition's document declares of itself, for a format to
// write where it has a place for it. Locale is the edition's BCP 47 tag, Dir
// "ltr" or "rtl", OpenGraph the og:locale form ("ru_RU"), with those of the
// other editions in OpenGraphAlternates. Alternates are all editions of the
// article with their addresses, this one included, in the order to be written;
// XDefault is the address for readers of no listed language, empty for none.
// Key is the translation key that all editions of the article share. Encoding is
// the WHATWG name of the encoding to write, empty for UTF-8. URL is the edition's
// own address, SourceURL that of the source's edition, whether it exists or not;
// both are empty if addresses are not known. Link leads from a path below the
// source's editions to the edition of that article in the same locale, see
// Link; it may be nil. Locales are those that the project
// builds. With Machine the page carries its notice, and marks
// of machine translation for programs; with Correction it tells readers that it has been
// corrected.
type EditionMeta struct {
	Locale              string
	Dir                 string
	OpenGraph           string
	OpenGraphAlternates []string
	Alternates          []Alternate
	XDefault            string
	URL                 string
	SourceURL           string
	Locales             []string
	Link                func(path string) (l Link, ok bool)
	Key                 string
	Encoding            string
	Machine             *Notice   // nil unless a part is raw machine translation
	Correction          *Notice   // nil unless the page has been corrected
	Site                *SitePage // nil without a site
	IsPart              bool      // see Part
}

// Part returns what a document inside the document, such as the HTML of a news item, is
// assembled with: its links lead to editions and its notices stand in it, but the document
// around it declares all else. It is nil if there is nothing of that.
func (m *EditionMeta) Part() *EditionMeta {
	if m == nil || m.Link == nil {
		return nil
	}
	return &EditionMeta{IsPart: true, Locale: m.Locale, URL: m.URL, SourceURL: m.SourceURL, Locales: m.Locales, Link: m.Link, Site: m.Site}
}

// EditionEncoding returns the encoding that an edition of a document is written in: the
// one that the document came in with meta nil, else meta.Encoding, by default UTF-8.
func EditionEncoding(d *Document, meta *EditionMeta) string {
	switch {
	case meta == nil:
		return d.Skeleton.Encoding
	case meta.Encoding == "":
		return "utf-8"
	}
	return meta.Encoding
}

// Notices returns the notices that readers see, in their order.
func (m *EditionMeta) Notices() []*Notice {
	var out []*Notice
	for _, n := range []*Notice{m.Machine, m.Correction} {
		if n != nil && n.Text != "" && n.Place != NoticeOff {
			out = append(out, n)
		}
	}
	return out
}

// NoticePlace is where a page tells its readers that it is machine-translated or corrected.
type NoticePlace string

const (
	NoticeAfterHeadline NoticePlace = "headline" // below the first headline, else at the top
	NoticeTop           NoticePlace = "top"      // before the text
	NoticeEnd           NoticePlace = "end"      // behind the text
	NoticeOff           NoticePlace = "off"      // nowhere; the marks for programs stay
)

// Notice is what a page tells its readers of itself: a text in the edition's language, and
// where it goes. Time is that of a correction, as RFC 3339 has it.
type Notice struct {
	Text  string
	Place NoticePlace
	Time  string
}

// Link is an article of the project that a page links to. URL is the address of its
// edition in the page's locale, empty if there is none. In a site, Locale is the
// locale of the edition that the link leads to if it is not the page's, and File its
// file below the folder of that locale.
type Link struct{ Path, URL, Locale, File string }

// Alternate is one edition of an article: its locale and its address.
type Alternate struct{ Locale, URL string }

// SitePage is what a page of a site declares beyond its language. Path is that of the
// edition, which relative links of the article are relative to; File that of the page
// itself. Both are below the folder of the locale. Article may be nil.
type SitePage struct {
	Path, File string
	Article    *SiteArticle
}
