package sitemap_test

import (
	"io"
	"os"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/site/sitemap"
)

// A page and its translation, each of which names both.
func ExampleWriter() {
	alternates := []bitext.Alternate{{Locale: "en", URL: "https://news.example/en/rain"}, {Locale: "uk", URL: "https://news.example/uk/doshch"}}
	links := sitemap.AppendLinks(nil, alternates, "")
	w := sitemap.Writer{Next: func(int) (io.Writer, error) { return os.Stdout, nil }}
	for _, a := range alternates {
		if err := w.Add(sitemap.URL{Address: a.URL, Links: links}); err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
	// <url><loc>https://news.example/en/rain</loc>
	// <xhtml:link rel="alternate" hreflang="en" href="https://news.example/en/rain"/>
	// <xhtml:link rel="alternate" hreflang="uk" href="https://news.example/uk/doshch"/></url>
	// <url><loc>https://news.example/uk/doshch</loc>
	// <xhtml:link rel="alternate" hreflang="en" href="https://news.example/en/rain"/>
	// <xhtml:link rel="alternate" hreflang="uk" href="https://news.example/uk/doshch"/></url>
	// </urlset>
}
