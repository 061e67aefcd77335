package sitemap

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hexapla/pipeline/bitext"
)

// Sitemaps are divided where one of the limits is reached, and none is lost.
func TestSplit(t *testing.T) {
	urls := func(n int) func(yield func(URL) bool) {
		return func(yield func(URL) bool) {
			for i := range n {
				if !yield(URL{Address: fmt.Sprintf("https://x.example/%d?a&b", i), Links: Links([]bitext.Alternate{{Locale: "en", URL: "https://x.example/"}}, "https://x.example/")}) {
					return
				}
			}
		}
	}
	for _, x := range []struct{ urls, maxURLs, maxBytes, files int }{
		{0, 10, 1 << 20, 0}, {1, 10, 1 << 20, 1}, {10, 10, 1 << 20, 1}, {11, 10, 1 << 20, 2}, {25, 10, 1 << 20, 3},
		{10, 100, 1000, 3}, {3, 100, 1, 3}, // one that is too large goes alone
	} {
		files, n := 0, 0
		var buf []byte
		ended := x.files == 0
		for data, last := range divide(urls(x.urls), &buf, x.maxURLs, x.maxBytes) {
			files++
			if ended {
				t.Errorf("%+v: a file behind the last one", x)
			}
			ended = last
			in := strings.Count(string(data), "<url>")
			n += in
			if in > x.maxURLs || in > 1 && len(data) > x.maxBytes || !strings.HasSuffix(string(data), "</urlset>\n") || strings.Count(string(data), "<urlset") != 1 {
				t.Errorf("%+v: %d URLs in\n%s", x, in, data)
			}
		}
		if files != x.files || n != x.urls || !ended {
			t.Errorf("%+v: %d files with %d URLs", x, files, n)
		}
	}
}

func TestNews(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	data := News("Вестник & Co", "zh-Hant-TW", func(yield func(Article) bool) {
		for i, a := range []Article{{"https://x.example/1", "A\x00 <b>", now.Add(-time.Hour)}, {"https://x.example/2", "old", now.Add(-72 * time.Hour)}, {"https://x.example/3", "early", now.Add(time.Hour)}, {"https://x.example/4", " ", now}} {
			if !yield(a) {
				t.Fatal(i)
			}
		}
	}, now)
	want := `<url><loc>https://x.example/1</loc><news:news><news:publication><news:name>Вестник &amp; Co</news:name><news:language>zh-tw</news:language></news:publication><news:publication_date>2026-03-01T11:00:00Z</news:publication_date><news:title>A &lt;b&gt;</news:title></news:news></url>`
	if !strings.Contains(string(data), want) || strings.Count(string(data), "<url>") != 1 {
		t.Errorf("got\n%s\nwant\n%s", data, want)
	}
	if newsLanguage("zh-Hans") != "zh-cn" || newsLanguage("fa-AF") != "fa" || newsLanguage("crh-Latn") != "crh" {
		t.Error("languages")
	}
}
