package sitemap

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"hexapla/pipeline/bitext"
)

// Sitemaps are divided where one of the limits is reached, and none is lost.
func TestSplit(t *testing.T) {
	links := AppendLinks(nil, []bitext.Alternate{{Locale: "en", URL: "https://x.example/"}}, "https://x.example/")
	for _, x := range []struct{ urls, maxURLs, maxBytes, files int }{
		{0, 10, 1 << 20, 0}, {1, 10, 1 << 20, 1}, {10, 10, 1 << 20, 1}, {11, 10, 1 << 20, 2}, {25, 10, 1 << 20, 3},
		{10, 100, 1000, 3}, {3, 100, 1, 3}, // one that is too large goes alone
	} {
		limits := limits{maxURLs: x.maxURLs, maxBytes: x.maxBytes}
		c := Counter{limits: limits}
		var files []*strings.Builder
		w := Writer{limits: limits, Next: func(number int) (io.Writer, error) {
			if number != len(files) {
				t.Errorf("%+v: sitemap %d is number %d", x, len(files), number)
			}
			files = append(files, &strings.Builder{})
			return files[len(files)-1], nil
		}}
		for i := range x.urls {
			u := URL{Address: fmt.Sprintf("https://x.example/%d?a&b", i), Links: links}
			c.Add(u)
			if err := w.Add(u); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 {
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
		}
		n := 0
		for _, data := range files {
			in := strings.Count(data.String(), "<url>")
			n += in
			if in > x.maxURLs || in > 1 && data.Len() > x.maxBytes || !strings.HasSuffix(data.String(), "</urlset>\n") || strings.Count(data.String(), "<urlset") != 1 {
				t.Errorf("%+v: %d URLs in\n%s", x, in, data)
			}
		}
		if len(files) != x.files || c.Files() != x.files || n != x.urls {
			t.Errorf("%+v: %d files with %d URLs, %d counted", x, len(files), n, c.Files())
		}
	}
}

// An error of a file ends the work.
func TestWriterFails(t *testing.T) {
	broken := errors.New("broken")
	w := Writer{Next: func(int) (io.Writer, error) { return nil, broken }}
	if err := w.Add(URL{Address: "https://x.example/"}); err != broken {
		t.Error(err)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
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
