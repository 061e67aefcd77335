package xml_test

import (
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/formattest"
	"hexapla/pipeline/format/html"
	"hexapla/pipeline/format/xml"
)

// Links of feeds and news items lead to editions; identifiers, enclosures and what is
// commented out stay.
func TestLinks(t *testing.T) {
	prefixes := []string{"https://x.example/en/", "/en/"}
	f := &xml.Format{HTML: &html.Format{Options: html.Options{Links: prefixes, RelativeLinks: true}}}
	f.Options.Links = prefixes
	meta := &bitext.EditionMeta{
		Locale: "uk", Dir: "ltr", URL: "https://x.example/uk/f.rss", Site: &bitext.SitePage{Path: "f.rss", File: "f.rss"},
		Link: func(path string) (bitext.Link, bool) {
			switch path {
			case "a & b.html", "f.rss":
				return bitext.Link{Path: path, File: path, URL: "https://x.example/uk/" + map[bool]string{true: "f.rss", false: "a%20&%20b.html"}[path == "f.rss"]}, true
			case "c.html":
				return bitext.Link{Path: path, File: path, URL: "https://x.example/ru/c.html", Locale: "ru"}, true
			}
			return bitext.Link{}, false
		},
	}
	for _, x := range []struct{ source, want string }{
		{`<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>T</title><link>
 https://x.example/en/c.html?q=1&amp;r=2#s
</link><atom:link rel="self" href="https://x.example/en/f.rss"/><item><title>T</title><link><![CDATA[https://x.example/en/a%20&%20b.html]]></link><guid>https://x.example/en/c.html</guid><enclosure url="https://x.example/en/c.html"/><description>&lt;a href="https://x.example/en/c.html"&gt;word&lt;/a&gt;</description></item><item><title>T</title><link>https://x.example/<!-- -->en/c.html</link><link/></item></channel></rss>`,
			`<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>T</title><link>
 https://x.example/ru/c.html?q=1&amp;r=2#s
</link><atom:link rel="self" href="https://x.example/uk/f.rss"/><item><title>T</title><link><![CDATA[https://x.example/uk/a%20&%20b.html]]></link><guid>https://x.example/en/c.html</guid><enclosure url="https://x.example/en/c.html"/><description>&lt;a href="https://x.example/ru/c.html" hreflang="ru"&gt;word&lt;/a&gt;</description></item><item><title>T</title><link>https://x.example/<!-- -->en/c.html</link><link/></item></channel></rss>`},
		{`<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><id>https://x.example/en/c.html</id><link href='c.html'/><link href="https://x.example/en/a%20&amp;%20b.html" hreflang="en"/><link href="https://x.example/en/c.html" hreflang="en-GB" rel="related"/><entry><link hreflang="en" href="https://x.example/en/c.html"/><link hreflang="de" href="https://x.example/de/c.html"/><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Word <a href="c.html">link</a></div></content></entry></feed>`,
			`<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="uk"><id>https://x.example/en/c.html</id><link href='/ru/c.html' hreflang="ru"/><link href="https://x.example/uk/a%20&amp;%20b.html" hreflang="uk"/><link href="https://x.example/ru/c.html" hreflang="ru" rel="related"/><entry><link hreflang="en" href="https://x.example/en/c.html"/><link hreflang="de" href="https://x.example/de/c.html"/><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Word <a href="/ru/c.html" hreflang="ru">link</a></div></content></entry></feed>`},
		{`<nitf><body><body.content><p>One <a href="https://x.example/en/c.html">two</a>.</p></body.content></body></nitf>`,
			`<nitf><body><body.content><p>One <a href="https://x.example/ru/c.html">two</a>.</p></body.content></body></nitf>`},
		{`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://y.example/"><title>T</title><link href="c.html"/></feed>`,
			`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://y.example/"><title>T</title><link href="c.html"/></feed>`},
	} {
		d, ds := f.Split("f.rss", []byte(x.source))
		if len(ds) > 0 {
			t.Fatal(ds)
		}
		d.Locale = "en"
		formattest.Segment(d, nil)
		got, ds := f.Assemble(d, formattest.Fill(d, func(t bitext.Text) bitext.Text { return t }), meta)
		if string(got) != x.want || len(ds) > 0 {
			t.Errorf("got\n%s\nwant\n%s\n%v", got, x.want, ds)
		}
		if got, _ := f.Assemble(d, nil, nil); string(got) != x.source {
			t.Errorf("without an edition:\n%s", got)
		}
	}
}
