package xml

import (
	"strconv"

	"hexapla/pipeline/exchange/xmlscan"
)

// wellKnown are namespaces by the prefixes that people give them; paths may use these
// without declaring them.
var wellKnown = map[string]string{
	"atom": "http://www.w3.org/2005/Atom", "content": "http://purl.org/rss/1.0/modules/content/", "dc": "http://purl.org/dc/elements/1.1/",
	"its": itsSpace, "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd", "media": "http://search.yahoo.com/mrss/",
	"nar": "http://iptc.org/std/nar/2006-10-01/", "nitf": "http://iptc.org/std/NITF/2006-10-18/", "xhtml": "http://www.w3.org/1999/xhtml", "xlink": xlinkSpace,
}

// knownKind is a kind of file whose texts are known, by its root element.
type knownKind struct {
	space, root string // "*" for any namespace
	rule        Rule
}

// nitfTexts are the elements of NITF 3.x with text (https://iptc.org/standards/nitf/):
// headlines, bylines, paragraphs, list items, cells and captions. What is in them,
// such as person or em, is inline.
func nitfTexts(space string) []string {
	var out []string
	for _, name := range []string{"hl1", "hl2", "byline", "distributor", "dateline", "abstract", "p", "li", "dt", "dd", "td", "th", "caption", "credit", "media-caption", "media-producer", "note", "tagline", "bibliography"} {
		out = append(out, "//"+space+name)
	}
	return append(out, "//"+space+"head/"+space+"title", "//"+space+"media-reference/@alternate-text")
}

// atomTexts returns paths to the constructs for text of Atom (RFC 4287, 3.1) with a
// type that fits a condition.
func atomTexts(end string) []string {
	var out []string
	for _, name := range []string{"title", "subtitle", "summary", "content", "rights"} {
		out = append(out, "//atom:"+name+end)
	}
	return out
}

var knownKinds = []knownKind{
	{"", "rss", Rule{ // https://www.rssboard.org/rss-specification
		HTML:  []string{"//item/description", "//content:encoded", "/rss/channel/description"},
		Text:  []string{"//title", "//category", "//image/description", "//media:title", "//media:description", "//media:text", "//itunes:title", "//itunes:subtitle", "//itunes:summary", "//dc:title", "//dc:description", "/rss/channel/copyright"},
		Title: []string{"/rss/channel/title"}, Language: []string{"/rss/channel/language", "/rss/channel/dc:language"},
	}},
	{wellKnown["atom"], "feed", atomRule}, {wellKnown["atom"], "entry", atomRule},
	{"*", "nitf", Rule{
		Text: append(nitfTexts(""), nitfTexts("nitf:")...), Title: []string{"//head/title", "//nitf:head/nitf:title"}, Language: []string{"/nitf/@xml:lang", "/nitf:nitf/@xml:lang"},
	}},
	{wellKnown["nar"], "newsItem", newsRule}, {wellKnown["nar"], "newsMessage", newsRule}, {wellKnown["nar"], "packageItem", newsRule},
}

var atomRule = Rule{
	HTML:  append(atomTexts("[@type='html' or @type='text/html']"), atomTexts("[@type='xhtml']/xhtml:div")...),
	Text:  append(atomTexts("[not(@type) or @type='text']"), "//atom:category/@label"),
	Title: []string{"/atom:feed/atom:title", "/atom:entry/atom:title"}, Language: []string{"/atom:feed/@xml:lang", "/atom:entry/@xml:lang"},
}

// newsRule is NewsML-G2 (https://iptc.org/standards/newsml-g2/): metadata for people,
// and content as XHTML or NITF.
var newsRule = Rule{
	HTML: []string{"//nar:inlineXML/xhtml:html", "//nar:inlineXML/xhtml:div", "//nar:inlineXML/xhtml:body"},
	Text: append(append(nitfTexts("nitf:"), nitfTexts("")...), "//nar:headline", "//nar:contentMeta/nar:description", "//nar:contentMeta/nar:by", "//nar:contentMeta/nar:dateline", "//nar:contentMeta/nar:subject/nar:name", "//nar:contentMeta/nar:keyword",
		"//nar:itemMeta/nar:title", "//nar:remoteContent/nar:altText"),
	Title: []string{"//nar:contentMeta/nar:headline"}, Language: []string{"/nar:newsItem/@xml:lang", "//nar:contentMeta/nar:language/@tag", "//nar:newsItem/@xml:lang"},
}

// isChar reports whether XML allows a character.
func isChar(r rune) bool { return xmlscan.IsChar(r) }

// appendReference appends a reference to a character.
func appendReference(dst []byte, r rune) []byte {
	return append(append(append(dst, "&#"...), strconv.Itoa(int(r))...), ';')
}
