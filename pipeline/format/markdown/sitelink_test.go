package markdown

import (
	"slices"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// fallbackMeta is the metadata of an edition in Ukrainian whose links to other articles
// lead to those in Russian.
func fallbackMeta() *bitext.EditionMeta {
	return &bitext.EditionMeta{
		Locale: "uk", Dir: "ltr", URL: "https://x.example/uk/b.md", Site: &bitext.SitePage{Path: "b.md", File: "b.md"},
		Link: func(path string) (bitext.Link, bool) {
			if path != "c.html" {
				return bitext.Link{}, false
			}
			return bitext.Link{Path: path, URL: "https://x.example/ru/c.html", Locale: "ru", File: path}, true
		},
	}
}

// linkCases are links in Markdown and what becomes of them by dialect. An empty form is
// that of CommonMark; a form with "!" is reported.
var linkCases = []struct{ source, html, list, none string }{
	{"[a](c.html#x)", `<a href="/ru/c.html#x" hreflang="ru">a</a>`, `[a](/ru/c.html#x){: hreflang="ru"}`, "![a](/ru/c.html#x)"},
	{"[*a* b](<c.html>)", `<a href="/ru/c.html" hreflang="ru">*a* b</a>`, `[*a* b](</ru/c.html>){: hreflang="ru"}`, "![*a* b](</ru/c.html>)"},
	{`[a](c.html "T")`, `<a href="/ru/c.html" hreflang="ru" title="T">a</a>`, `[a](/ru/c.html "T"){: hreflang="ru"}`, `![a](/ru/c.html "T")`},
	{"<https://x.example/en/c.html>", `<a href="https://x.example/ru/c.html" hreflang="ru">https://x.example/ru/c.html</a>`, `<https://x.example/ru/c.html>{: hreflang="ru"}`, "!<https://x.example/ru/c.html>"},
	{"[a][p] [p]\n\n[p]: c.html", "<a href=\"/ru/c.html\" hreflang=\"ru\">a</a> <a href=\"/ru/c.html\" hreflang=\"ru\">p</a>\n\n[p]: /ru/c.html", "[a][p]{: hreflang=\"ru\"} [p]{: hreflang=\"ru\"}\n\n[p]: /ru/c.html", "![a][p] [p]\n\n[p]: /ru/c.html"},
	{`[a ![i](i.png)](c.html)`, `<a href="/ru/c.html" hreflang="ru">a ![i](i.png)</a>`, `[a ![i](i.png)](/ru/c.html){: hreflang="ru"}`, `![a ![i](i.png)](/ru/c.html)`},
	{`<a href='c.html' class=x>a</a>`, `<a href='/ru/c.html' hreflang="ru" class=x>a</a>`, `<a href='/ru/c.html' hreflang="ru" class=x>a</a>`, ""},
	{`<a hreflang="en" href="c.html">a</a> <a href="c.html">b</a>`, `<a hreflang="ru" href="/ru/c.html">a</a> <a href="/ru/c.html" hreflang="ru">b</a>`, `<a hreflang="ru" href="/ru/c.html">a</a> <a href="/ru/c.html" hreflang="ru">b</a>`, ""},
	{"<div>\n<a href=\"https://x.example/en/c.html\">a</a>\n</div>", "<div>\n<a href=\"https://x.example/ru/c.html\" hreflang=\"ru\">a</a>\n</div>", "<div>\n<a href=\"https://x.example/ru/c.html\" hreflang=\"ru\">a</a>\n</div>", ""},
	{"| h |\n|---|\n| [a](c.html) |", "| h |\n|---|\n| <a href=\"/ru/c.html\" hreflang=\"ru\">a</a> |", "| h |\n|---|\n| [a](/ru/c.html){: hreflang=\"ru\"} |", "!| h |\n|---|\n| [a](/ru/c.html) |"},
	{"[a](other.html) [b](#c) <https://y.example/>", "[a](other.html) [b](#c) <https://y.example/>", "[a](other.html) [b](#c) <https://y.example/>", "[a](other.html) [b](#c) <https://y.example/>"},
	{"[\na](c.html)", "![\na](/ru/c.html)", "[\na](/ru/c.html){: hreflang=\"ru\"}", "![\na](/ru/c.html)"},
	{`[a](<c.html>  'A "B" & \'<c>')`, `<a href="/ru/c.html" hreflang="ru" title="A &#34;B&#34; & '&lt;c>">a</a>`, `[a](</ru/c.html>  'A "B" & \'<c>'){: hreflang="ru"}`, `![a](</ru/c.html>  'A "B" & \'<c>')`},
	{"[a][p], [q]\n\n[p]: c.html\n  (T \\) u)\n[q]: <c.html>\n  (T \\) u)", "<a href=\"/ru/c.html\" hreflang=\"ru\" title=\"T ) u\">a</a>, <a href=\"/ru/c.html\" hreflang=\"ru\" title=\"T ) u\">q</a>\n\n[p]: /ru/c.html\n  (T \\) u)\n[q]: </ru/c.html>\n  (T \\) u)", "[a][p]{: hreflang=\"ru\"}, [q]{: hreflang=\"ru\"}\n\n[p]: /ru/c.html\n  (T \\) u)\n[q]: </ru/c.html>\n  (T \\) u)", "![a][p], [q]\n\n[p]: /ru/c.html\n  (T \\) u)\n[q]: </ru/c.html>\n  (T \\) u)"},
	{"[a][p] [q]\n\n[p]: c.html \"T\"\n[q]: c.html \"U\"", "![a][p] [q]\n\n[p]: /ru/c.html \"T\"\n[q]: /ru/c.html \"U\"", "[a][p]{: hreflang=\"ru\"} [q]{: hreflang=\"ru\"}\n\n[p]: /ru/c.html \"T\"\n[q]: /ru/c.html \"U\"", "![a][p] [q]\n\n[p]: /ru/c.html \"T\"\n[q]: /ru/c.html \"U\""},
	{"[a][p]\n\n[p]: c.html\n[q]: d.html", "<a href=\"/ru/c.html\" hreflang=\"ru\">a</a>\n\n[p]: /ru/c.html\n[q]: d.html", "[a][p]{: hreflang=\"ru\"}\n\n[p]: /ru/c.html\n[q]: d.html", "![a][p]\n\n[p]: /ru/c.html\n[q]: d.html"},
	{"[a][p]\n\n[p]: c.html\n\n\"Quoted\" words.", "<a href=\"/ru/c.html\" hreflang=\"ru\">a</a>\n\n[p]: /ru/c.html\n\n\"Quoted\" words.", "[a][p]{: hreflang=\"ru\"}\n\n[p]: /ru/c.html\n\n\"Quoted\" words.", "![a][p]\n\n[p]: /ru/c.html\n\n\"Quoted\" words."},
	{`[a](c.html "x {{ .T }}")`, `![a](/ru/c.html "x {{ .T }}")`, `[a](/ru/c.html "x {{ .T }}"){: hreflang="ru"}`, `![a](/ru/c.html "x {{ .T }}")`},
	{`[a]({{ "c.html" }})`, `[a]({{ "c.html" }})`, `[a]({{ "c.html" }})`, `[a]({{ "c.html" }})`},
}

func linkFormat(d Dialect) *Format {
	f := &Format{Options: Options{Dialect: d, Links: []string{"https://x.example/en/", "/en/"}}}
	f.Options.HTML.RelativeLinks, f.Options.HTML.Links = true, f.Links
	return f
}

// A link to a page in another language declares it where the dialect has a place for it.
func TestLinkLanguage(t *testing.T) {
	for _, x := range linkCases {
		for dialect, want := range map[Dialect]string{DialectCommonMark: x.html, DialectKramdown: x.list, DialectPythonMarkdown: x.list, DialectGoldmark: x.none, DialectAuto: x.html} {
			if want == "" {
				want = x.html
			}
			f := linkFormat(dialect)
			d, _ := f.Split("b.md", []byte(x.source))
			d.Locale = "en"
			got, ds := f.Assemble(d, nil, fallbackMeta())
			for _, one := range ds {
				if one.ID == "markdown.link-language" {
					got = append([]byte("!"), got...)
				}
			}
			if string(got) != want {
				t.Errorf("%s: %s:\n%s\nwant\n%s", dialect, x.source, got, want)
			}
		}
	}
	for _, x := range []struct {
		path, source string
		dialect      Dialect
		ids          HeadingIDs
		want         string
	}{
		{"b.mdx", "[a](c.html)", DialectAuto, HeadingIDsAuto, `<a href="/ru/c.html" hrefLang="ru">a</a>`},
		{"b.md", "[a](c.html)", DialectPythonMarkdown, HeadingIDsAnchor, `<a href="/ru/c.html" hreflang="ru">a</a>`},
		{"b.md", "+++\n+++\n[a](c.html)", DialectAuto, HeadingIDsAuto, "[a](/ru/c.html)"},
		{"b.md", "[a](c.html) <a href=\"d\">x</a>", DialectGoldmark, HeadingIDsAuto, `<a href="/ru/c.html" hreflang="ru">a</a>`},
	} {
		f := linkFormat(x.dialect)
		f.HeadingIDs = x.ids
		d, _ := f.Split(x.path, []byte(x.source))
		if got, _ := f.Assemble(d, nil, fallbackMeta()); !strings.Contains(string(got), x.want) {
			t.Errorf("%s %s: %s\nwant %s", x.dialect, x.source, got, x.want)
		}
	}
}

// The title of a link that becomes one of HTML is translated.
func TestTitleOfLink(t *testing.T) {
	f := linkFormat(DialectCommonMark)
	d, _ := f.Split("b.md", []byte("[a](c.html \"Title\") and [b][p]\n\n[p]: c.html 'Other'\n"))
	d.Locale = "en"
	tr := &bitext.Translation{Document: d, Locale: "uk", Targets: make([][]bitext.Target, len(d.Units))}
	for i := range d.Units {
		u := &d.Units[i]
		u.Segments = []bitext.Segment{{ID: "1", Source: u.Source, To: u.Source.End()}}
		text := u.Source.Clone()
		for from, to := range map[string]string{"Title": "Назва", "Other": "Інша"} {
			text.Chars = strings.ReplaceAll(text.Chars, from, to)
		}
		tr.Targets[i] = []bitext.Target{{Filled: true, Text: text}}
	}
	got, ds := f.Assemble(d, tr, fallbackMeta())
	want := "<a href=\"/ru/c.html\" hreflang=\"ru\" title=\"Назва\">a</a> and <a href=\"/ru/c.html\" hreflang=\"ru\" title=\"Інша\">b</a>\n\n[p]: /ru/c.html 'Інша'\n"
	if string(got) != want || slices.ContainsFunc(ds, func(d diag.Diagnostic) bool { return d.ID == "markdown.link-language" }) {
		t.Errorf("got\n%s\nwant\n%s\n%v", got, want, ds)
	}
}

// What is written is a link with that language for the renderer of the dialect.
func TestLinkLanguageIsRendered(t *testing.T) {
	dialects := map[string]Dialect{"kramdown": DialectKramdown, "kramdown-plain": DialectKramdown, "python-markdown": DialectPythonMarkdown, "markdown-it": DialectMarkdownIt, "remark": DialectRemark}
	for _, r := range renderers {
		dialect, ok := dialects[r.name]
		if !ok {
			continue
		}
		t.Run(r.name, func(t *testing.T) {
			render := r.start(t)
			for _, x := range append(linkCases[:10:10], linkCases[12], linkCases[13], linkCases[15]) {
				f := linkFormat(dialect)
				d, _ := f.Split("b.md", []byte(x.source))
				got, ds := f.Assemble(d, nil, fallbackMeta())
				if page := render(string(got)); !strings.Contains(page, `hreflang="ru"`) && !strings.Contains(page, `\"ru\"`) && len(ds) < 2 {
					t.Errorf("%s\n%s\n%v", got, page, ds)
				}
			}
		})
	}
}

// Outside of a site, links by the address of the source's edition lead to that of the page's
// locale; others stay.
func TestLinksToEditions(t *testing.T) {
	f := &Format{Options: Options{Links: []string{"https://x.example/en/", "/en/"}}}
	f.Options.HTML.Links = f.Links
	const source = "[a](https://x.example/en/c.html#f \"T\"), [b](/en/c.html), [c](c.html), <https://x.example/en/c.html>, https://x.example/en/c.html. [d] <a href='/en/c.html'>e</a> [n](/en/none.html)\n\n<div><a href=\"../en/c.html\">f</a> [x](/en/c.html)</div>\n\n[d]: /en/c.html\n"
	d, _ := f.Split("b.md", []byte(source))
	d.Locale = "en"
	got, ds := f.Assemble(d, nil, &bitext.EditionMeta{
		Locale: "uk", Dir: "ltr", URL: "https://x.example/uk/b.md", SourceURL: "https://x.example/en/b.md",
		Link: func(path string) (bitext.Link, bool) {
			if path == "none.html" {
				return bitext.Link{Path: path}, true
			}
			return bitext.Link{Path: path, URL: "https://x.example/uk/" + path}, path == "c.html"
		},
	})
	want := strings.NewReplacer("../en/c", "/uk/c", "/en/c", "/uk/c").Replace(source)
	want = strings.Replace(want, "[x](/uk/c", "[x](/en/c", 1)
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if !slices.ContainsFunc(ds, func(x diag.Diagnostic) bool {
		return x.ID == "markdown.link" && strings.Contains(x.Message, "none.html")
	}) {
		t.Errorf("the link to an article without an edition is not reported: %v", ds)
	}
}
