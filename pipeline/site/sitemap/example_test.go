package sitemap_test

import (
	"fmt"
	"slices"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/site/sitemap"
)

// A page and its translation, each of which names both.
func ExampleFiles() {
	alternates := []bitext.Alternate{{Locale: "en", URL: "https://news.example/en/rain"}, {Locale: "uk", URL: "https://news.example/uk/doshch"}}
	links := sitemap.Links(alternates, "")
	var urls []sitemap.URL
	for _, a := range alternates {
		urls = append(urls, sitemap.URL{Address: a.URL, Links: links})
	}
	var buf []byte
	for data := range sitemap.Files(slices.Values(urls), &buf) {
		fmt.Printf("%s", data)
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
