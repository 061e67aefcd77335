package crawl

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
)

// head is a page with a language, a canonical link and alternates "LANG ADDRESS".
func head(lang, canonical string, alternates ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE html>\n<html lang=%q><head><title>t</title>\n", lang)
	if canonical != "" {
		fmt.Fprintf(&b, "<link rel=\"canonical\" href=%q>\n", canonical)
	}
	for _, a := range alternates {
		l, href, _ := strings.Cut(a, " ")
		fmt.Fprintf(&b, "<link rel=\"alternate\" hreflang=%q href=%q>\n", l, href)
	}
	return b.String() + "</head><body>\n"
}

const x = "https://x.example/"

func TestCheck(t *testing.T) {
	good := []string{"en " + x + "en/a.html", "ru " + x + "ru/a.html", "x-default " + x + "en/a.html"}
	for _, c := range []struct {
		name  string
		base  string
		files map[string]string
		want  []string // "FILE:LINE ID", or with a part of the message
	}{
		{"sound", "", map[string]string{
			"en/a.html": head("en", x+"en/a.html", good...) + `<a href="b.html#s">b</a> <a href="/ru/a.html" hreflang="ru">ru</a> <a href="https://other.example/x">o</a> <a href="mailto:a@x.example">m</a>`,
			"en/b.html": head("en", x+"en/b.html") + `<h1 id=s>b</h1><a name="n"></a><a href="#n">n</a><a href="#top">top</a><a href="a">without its ending</a><a href="../file.pdf">f</a>`,
			"ru/a.html": head("ru", x+"ru/a.html", good...), "file.pdf": "x",
		}, nil},
		{"no return, dead, language, self", "", map[string]string{
			"en/a.html": head("en", x+"en/a.html", "ru "+x+"ru/a.html", "de "+x+"ru/a.html", "fr "+x+"fr/a.html"),
			"ru/a.html": head("ru", x+"ru/a.html", "ru "+x+"ru/a.html"),
		}, []string{
			"en/a.html:4 site.hreflang-return", "en/a.html:4 site.hreflang-self", "en/a.html:5 site.hreflang-language", "en/a.html:5 site.hreflang-return", "en/a.html:6 site.hreflang-dead",
		}},
		{"values", x, map[string]string{
			"a.html": head("en_US!", "", "en-UK "+x+"a.html", "en "+x+"a.html", "en "+x+"b.html", "fr a.html"),
		}, []string{
			"a.html:2 site.lang", `a.html:3 site.hreflang hreflang "en-UK" has the region UK`, "a.html:5 site.hreflang twice", "a.html:5 site.hreflang-dead", "a.html:6 site.hreflang not absolute",
			`a.html:3 site.hreflang-language`, `a.html:4 site.hreflang-language`, `a.html:6 site.hreflang-language`,
		}},
		{"canonical", "", map[string]string{
			"en/a.html": head("en", x+"en/a.html"), "en/b.html": head("en", x+"en/b.html"),
			"ru/a.html": head("ru", x+"en/a.html"), // of another language
			"en/c.html": head("en", x+"en/none.html"),
			"en/d.html": strings.Replace(head("en", x+"en/a.html"), "</head>", "<link rel=canonical href=b.html></head>", 1),
		}, []string{"en/c.html:3 site.canonical not there", "en/d.html:3 site.canonical 2 canonical links", "ru/a.html:3 site.canonical in en"}},
		{"canonical of an alternate", "", map[string]string{
			"en/a.html": head("en", x+"en/a.html", good...), "en/b.html": head("en", x+"en/b.html"), "en/c.html": head("en", x+"en/c.html"),
			"ru/a.html": head("ru", x+"ru/b.html", good...), "ru/b.html": head("ru", x+"ru/b.html"),
		}, []string{"en/a.html:5 site.hreflang-dead whose canonical page is ru/b.html", "ru/a.html:5 site.hreflang-dead whose canonical"}},
		{"links", "", map[string]string{
			"en/a.html": head("en", x+"en/a.html") + "<a href=none.html>x</a>\n<a href=a.html#none>x</a>\n<a href=../ru/a.html>x</a>\n<a href=../ru/a.html hreflang=uk>x</a><a href=/en/>x</a>",
			"ru/a.html": head("ru", x+"ru/a.html") + "<base href=/en/><a href=a.html>x</a>",
		}, []string{"en/a.html:5 site.link-dead", "en/a.html:6 site.anchor", "en/a.html:7 site.link-language", "en/a.html:8 site.link-dead", "en/a.html:8 site.link-language", "ru/a.html:5 site.link-language"}},
		{"scripts", "", map[string]string{
			"sr/a.html":      head("sr-Cyrl", x+"sr/a.html", "sr "+x+"sr/a.html", "sr-Latn "+x+"sr-Latn/a.html"),
			"sr-Latn/a.html": head("sr-Latn", x+"sr-Latn/a.html", "sr "+x+"sr/a.html", "sr-Latn "+x+"sr-Latn/a.html") + `<a href="../sr/a.html">x</a>`,
		}, []string{"sr-Latn/a.html:7 site.link-language"}},
		{"redirects", "", map[string]string{
			"a.html": `<meta http-equiv=refresh content="0; url=b.html">`, "b.html": `<meta http-equiv=refresh content="0;URL='c.html'">`, "c.html": `<meta http-equiv=refresh content="0; a.html">`,
			"d.html": `<meta http-equiv=refresh content="0; url=none.html">`, "e.html": `<meta http-equiv=refresh content="300">` + head("en", ""), "f.html": `<meta http-equiv=refresh content="0; url=e.html">`,
			"_redirects": "/x /y 301\n/y /x 301\n# comment\n/z /e.html\n",
		}, []string{"_redirects:0 site.redirect circle", "a.html:0 site.redirect a.html → b.html → c.html → a.html", "d.html:1 site.redirect"}},
		{"a redirect is no translation", "", map[string]string{
			"en/a.html": head("en", x+"en/a.html", good...), "en/b.html": head("en", x+"en/b.html"),
			"ru/a.html": `<meta http-equiv=refresh content="0; url=b.html">`, "ru/b.html": head("ru", x+"ru/b.html"),
		}, []string{"en/a.html:5 site.hreflang-dead leads on"}},
		{"sitemaps", "", map[string]string{
			"en/a.html": head("en", x+"en/a.html"), "ru/a.html": head("ru", x+"ru/a.html"),
			"sitemap.xml": `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
<url><loc>` + x + `en/a.html</loc><xhtml:link rel="alternate" hreflang="en" href="` + x + `en/a.html"/><xhtml:link rel="alternate" hreflang="ru" href="` + x + `ru/a.html"/></url>
<url><loc>` + x + `en/none.html</loc></url></urlset>`,
			"sitemap-2.xml": `<urlset`, "other.xml": "<a></b>", "feed.xml": "<rss/>",
		}, []string{"sitemap.xml:0 site.hreflang-return", "sitemap-2.xml:0 site.sitemap", "sitemap.xml:3 site.sitemap none.html"}},
		{"hosts of locales", "", map[string]string{
			"en/a.html": head("en", "https://en.example/a.html", "en https://en.example/a.html", "ru https://ru.example/a"),
			"ru/a.html": head("ru", "https://ru.example/a", "en https://en.example:443/a.html", "ru http://RU.example/a"),
		}, nil},
		{"a host in Unicode and in Punycode", "", map[string]string{
			"en/a.html": head("en", "https://Пример.example/en/a.html", "en https://пример.example/en/a.html", "ru https://xn--e1afmkfd.example/ru/a.html") + `<a href="//ПРИМЕР.example/en/none">x</a>`,
			"ru/a.html": head("ru", "https://xn--e1afmkfd.example/ru/a.html", "en https://xn--e1afmkfd.example/en/a.html", "ru https://пример.example:443/ru/a.html"),
		}, []string{"en/a.html:7 site.link-dead"}},
		{"fragments and strange bytes", "", map[string]string{"a.html": "<p>text", "b.html": "\xff\xfe<\x00", "c.html": "", "d.html": head("en", "http://[::1") + "<a href='http://%zz'>x</a><a href='//'>x</a><a href=':'>x</a>"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := fstest.MapFS{}
			for name, text := range c.files {
				files[name] = &fstest.MapFile{Data: []byte(text)}
			}
			r, err := Check(t.Context(), files, Options{Base: c.base})
			if err != nil {
				t.Fatal(err)
			}
			left := map[int]bool{}
			for i := range r.Diagnostics {
				left[i] = true
			}
			for _, want := range c.want {
				place, rest, _ := strings.Cut(want, " ")
				id, part, _ := strings.Cut(rest, " ")
				found := false
				for i, d := range r.Diagnostics {
					at := fmt.Sprintf("%s:%d", d.Place.Path, d.Place.Line)
					if strings.HasPrefix(place, d.Place.Path+":0") {
						at = place
					}
					if left[i] && at == place && d.ID == id && strings.Contains(d.Message, part) {
						delete(left, i)
						found = true
						break
					}
				}
				if !found {
					t.Errorf("not reported: %s", want)
				}
			}
			for i := range left {
				t.Errorf("reported: %v", r.Diagnostics[i])
			}
		})
	}
}

// The figures of a report.
func TestFigures(t *testing.T) {
	files := fstest.MapFS{
		"en/a.html": {Data: []byte(head("en", x+"en/a.html", "en "+x+"en/a.html", "ru "+x+"ru/a.html") + "<a href=../ru/a.html>x</a><a href=none>x</a>")},
		"ru/a.html": {Data: []byte(head("ru", x+"ru/a.html", "en "+x+"en/a.html", "ru "+x+"ru/a.html"))},
	}
	r, err := Check(t.Context(), files, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Pages != 2 || r.Clusters != 1 || r.Links != 2 || r.Crossing != 1 || r.Dead != 1 || r.Locales["ru"] != 1 {
		t.Errorf("%+v", r)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add(head("en", x+"en/a.html", "en "+x+"en/a.html")+"<base href=//><a href=../../x#y>", "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>x</loc></url></urlset>", "/a /b")
	f.Add("<meta http-equiv=refresh content='0;url=a.html'>", "", "")
	f.Fuzz(func(t *testing.T, page, sitemap, redirects string) {
		files := fstest.MapFS{"en/a.html": {Data: []byte(page)}, "b/index.html": {Data: []byte(page)}, "sitemap.xml": {Data: []byte(sitemap)}, "_redirects": {Data: []byte(redirects)}}
		if _, err := Check(t.Context(), files, Options{}); err != nil {
			t.Fatal(err)
		}
	})
}

// manyPages is a site of articles in locales whose pages are made when they are read.
type manyPages struct{ articles, locales int }

func (m manyPages) page(locale, i int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE html><html lang=\"%s\"><head><link rel=canonical href=\"%s%d/%d.html\">", codes[locale], x, locale, i)
	for l := range m.locales {
		fmt.Fprintf(&b, "<link rel=alternate hreflang=\"%s\" href=\"%s%d/%d.html\">", codes[l], x, l, i)
	}
	for k := range 10 {
		fmt.Fprintf(&b, "<p id=p%d><a href=\"%d.html#p%d\">x</a>", k, (i+k)%m.articles, k)
	}
	return b.String()
}

var codes = []string{"en", "ru", "uk", "fa", "de", "fr", "es", "it", "pl", "ro"}

func BenchmarkCheck(b *testing.B) {
	m := manyPages{1000, 10}
	files := fstest.MapFS{}
	for l := range m.locales {
		for i := range m.articles {
			files[fmt.Sprintf("%d/%d.html", l, i)] = &fstest.MapFile{Data: []byte(m.page(l, i))}
		}
	}
	var fsys fs.FS = files
	b.ReportAllocs()
	for b.Loop() {
		r, err := Check(b.Context(), fsys, Options{})
		if err != nil || len(r.Diagnostics) > 0 {
			b.Fatal(err, r.Diagnostics[:min(3, len(r.Diagnostics))])
		}
	}
}

// endlessFS has files of a text and then spaces without end; read counts their bytes.
type endlessFS struct {
	fstest.MapFS
	read *atomic.Int64
}

func (f endlessFS) Open(name string) (fs.File, error) {
	file, err := f.MapFS.Open(name)
	if _, ok := f.MapFS[name]; err != nil || !ok {
		return file, err
	}
	return endlessFile{file, f.read}, nil
}

type endlessFile struct {
	fs.File
	read *atomic.Int64
}

func (f endlessFile) Read(p []byte) (int, error) {
	n, err := f.File.Read(p)
	if errors.Is(err, io.EOF) {
		for n = range p {
			p[n] = ' '
		}
		n, err = len(p), nil
	}
	f.read.Add(int64(n))
	return n, err
}

// Of a page, a sitemap and a file of redirects without end a part is read, and that is
// reported.
func TestLarge(t *testing.T) {
	var read atomic.Int64
	found, err := Check(t.Context(), endlessFS{fstest.MapFS{
		"a.html":      {Data: []byte(head("en", x+"a.html"))},
		"sitemap.xml": {Data: []byte(`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url>`)},
		"_redirects":  {Data: []byte("/b.html /a.html 301\n")},
	}, &read}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range found.Diagnostics {
		got = append(got, d.Place.Path+" "+d.ID+" "+d.Message)
	}
	slices.Sort(got)
	want := []string{"a.html site.read the page is larger than 16777216 bytes; the rest was not read", "sitemap.xml site.sitemap the sitemap does not parse: it is larger than 52428800 bytes"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if n := read.Load(); n > 200<<20 {
		t.Errorf("%d bytes were read", n)
	}
}
