package html

import (
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
)

// The page's address among other things is the edition's, and other addresses stay.
func TestSharedAddress(t *testing.T) {
	const in = "https://example.org/en/a.html"
	const encoded = "https%3A%2F%2Fexample.org%2Fen%2Fa.html"
	for _, tt := range []struct{ name, page, want string }{
		{"network", `<a href="https://www.facebook.com/sharer.php?u=` + encoded + `&amp;t=x">Share</a>`, `?u=https%3A%2F%2Fexample.org%2Ffa%2Fa.html&amp;t=x"`},
		{"lower case", `<a href="https://t.example/?url=` + strings.ToLower(encoded) + `">Share</a>`, `?url=https%3A%2F%2Fexample.org%2Ffa%2Fa.html"`},
		{"not encoded", `<a href='https://t.example/share?text=x&url=` + in + `'>Share</a>`, `&url=https://example.org/fa/a.html'`},
		{"with a fragment", `<a href="https://t.example/?u=` + encoded + `%23top">Share</a>`, `Ffa%2Fa.html%23top"`},
		{"in a text", `<a href="https://wa.example/?text=Look%20` + encoded + `%20now">Share</a>`, `Look%20https%3A%2F%2Fexample.org%2Ffa%2Fa.html%20now"`},
		{"mail", `<a href="mailto:?subject=x&amp;body=` + encoded + `">Mail</a>`, `body=https%3A%2F%2Fexample.org%2Ffa%2Fa.html"`},
		{"without a scheme", `<a href="//t.example/?u=` + encoded + `">Share</a>`, `?u=https%3A%2F%2Fexample.org%2Ffa%2Fa.html"`},
		{"without quotation marks", `<a href=https://t.example/?u=` + encoded + `>Share</a>`, `href="https://t.example/?u=https%3A%2F%2Fexample.org%2Ffa%2Fa.html">`},
		{"refresh", `<meta http-equiv="refresh" content="600; url=` + in + `"><p>Text`, `content="600; url=https://example.org/fa/a.html"`},
		{"short link", `<link rel="shortlink" href="` + in + `"><p>Text`, `<link rel="shortlink" href="https://example.org/fa/a.html">`},
		{"without quotation marks, with one", `<a href=https://t.example/?u=` + encoded + `&t="x">Share</a>`, `href="https://t.example/?u=https%3A%2F%2Fexample.org%2Ffa%2Fa.html&t=&quot;x&quot;">`},
		{"not decodable", `<a href="https://t.example/?u=` + encoded + `%zz">Share</a>`, encoded + `%zz"`},
		{"of the last of many", `<a href="https://t.example/?` + strings.Repeat("http+https+", 100) + encoded + `">Share</a>`, `https+https%3A%2F%2Fexample.org%2Ffa%2Fa.html"`},
		{"a word", `<base href="https://example.org/en/"><a href="https://t.example/?q=https">Search</a>`, `?q=https"`},
		{"of another page", `<a href="https://t.example/?u=https%3A%2F%2Fexample.org%2Fen%2Fb.html">Share</a>`, `u=https%3A%2F%2Fexample.org%2Fen%2Fb.html"`},
		{"of a page below", `<a href="https://t.example/?u=` + encoded + `%2Fmore">Share</a>`, encoded + `%2Fmore"`},
		{"short link to a number", `<link rel="shortlink" href="https://example.org/?p=12"><p>Text`, `href="https://example.org/?p=12">`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, relative := range []bool{false, true} {
				f := &Format{Options: Options{Links: []string{"https://example.org/en/"}, RelativeLinks: relative}}
				d, _ := f.Split("a.html", []byte(tt.page))
				d.Locale = "en"
				source := in
				if tt.name == "a word" {
					source = "https://example.org/en/https"
				}
				meta := &bitext.EditionMeta{Locale: "fa", Dir: "rtl", URL: "https://example.org/fa/a.html", SourceURL: source}
				got, _ := f.Assemble(d, bitext.NewTranslation(d, "fa"), meta)
				if !strings.Contains(string(got), tt.want) {
					t.Errorf("relative links %t: got  %s\nwant %s", relative, got, tt.want)
				}
			}
		})
	}
}
