package feed_test

import (
	"fmt"
	"strings"
	"time"

	"hexapla/pipeline/site/feed"
)

func ExampleFeed_RSS() {
	f := feed.Feed{
		Title: "Вестник", Locale: "ru", Address: "https://news.example/ru/rss.xml", Home: "https://news.example/ru/",
		Items: []feed.Item{{ID: "https://news.example/ru/a.html", Address: "https://news.example/ru/pogoda.html", Title: "Дождь & ветер", Published: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}},
	}
	for line := range strings.Lines(string(f.RSS())) {
		if strings.HasPrefix(line, "  ") {
			fmt.Print(strings.TrimSpace(line), "\n")
		}
	}
	// Output:
	// <title>Дождь &amp; ветер</title>
	// <link>https://news.example/ru/pogoda.html</link>
	// <guid isPermaLink="false">https://news.example/ru/a.html</guid>
	// <pubDate>Sun, 01 Mar 2026 09:00:00 +0000</pubDate>
}
