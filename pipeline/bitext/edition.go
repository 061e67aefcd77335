package bitext

// EditionMeta is what an edition's document says of itself, for a format to
// write where it has a place for it. Locale is the edition's BCP 47 tag, Dir
// "ltr" or "rtl", OpenGraph the og:locale form ("ru_RU"), with those of the
// other editions in OpenGraphAlternates. Alternates are all editions of the
// article with their addresses, this one included, in the order to be written;
// XDefault is the address for readers of no listed language, empty for none.
// Key is the translation key that all editions of the article share. Encoding is
// the WHATWG name of the encoding to write, empty for UTF-8. URL is the edition's
// own address, SourceURL that of the source's edition, whether it exists or not;
// both are empty if addresses are not known. Locales are all that the project
// builds, the source's included.
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
	Key                 string
	Encoding            string
}

// Alternate is one edition of an article: its locale and its address.
type Alternate struct{ Locale, URL string }
