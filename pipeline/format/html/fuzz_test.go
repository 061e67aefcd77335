package html

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/formattest"
)

// pieces are what random markup is made of: whole tags and halves of them.
var pieces = []string{
	"<p>", "</p>", "<p ", "<div>", "</div>", "<b>", "</b>", "<i lang=fr>", "</i>", "<a href='x'>", "</a>", "<span>", "</span>",
	"<br>", "<br/>", "</br>", "<hr>", "<li>", "<ul>", "</ul>", "<table>", "<tr>", "<td>", "</td>", "</table>", "<h1>", "</h2>",
	"<img alt=\"a & b\">", "<img alt=x title='y'>", "<img alt=a\"b>", "<code>", "</code>", "<pre>", "</pre>", "<textarea>", "</textarea>",
	"<title>", "</title>", "<script>", "</script>", "<!--", "-->", "--!>", "<!-- translators: note -->", "<![CDATA[", "]]>", "<!doctype html>",
	"<style>", "</style>", "<svg>", "</svg>", "<svg/>", "<math>", "<mi>", "</math>", "<foreignObject>", "<video>", "</video>",
	"<object>", "</object>", "<select>", "<option>", "</select>", "<button>", "</button>", "<label>", "</label>",
	"<template>", "</template>", "<noscript>", "</noscript>", "<iframe>", "</iframe>", "<html lang=en>", "<head>", "</head>", "<body>",
	"<meta charset=utf-8>", "<meta name=description content=\"d e\">", "<meta property=og:title content='t'>", "<link rel=alternate hreflang=de>",
	" <link rel='alternate alternate' hreflang=\"fr", "<link rel=canonical href=c title=T>", "\n<meta property=og:locale:alternate content=de>", "<meta property=og:locale content=x>",
	"<script type=\"application/ld+json\">{\"headline\": \"H \\u00e9\", \"@type\": \"NewsArticle\"}</script>", "<x-y>", "</x-y>",
	" translate=no>", " translate=yes>", "<span translate=no>", "<p translate=\"no\">", "<b translate=yes>", "<p its-within-text=nested>", "<em its:locNote='n'>",
	"<p style='white-space:pre'>", "\x00", "\x01", "\xE9", "\xFF\xFE", "\xC2\x85", "\xED\xA0\x80", "&", "&amp;", "&amp", "&lt", "&#0;", "&#x41;", "&nbsp;", "&notit;", "&#",
	"<", ">", "\"", "'", "=", "/", " ", "  ", "\n", "\r\n", "\t", "\f", "\u00A0", "a", "B", "ß", "é", "Слово", "日本", "12", ".", "word ", "one. Two.", "دولت ", "U.S. ", "C++", "+1 202-555-0100",
	"<bdi>", "</bdi>", "<ruby>", "<rt>", "<dl>", "<dt>", "<dd>", "<caption>", "<th abbr='A b'>", "</", "<//", "<!", "<?", "?>", "<%", "%>", "<?php echo 1 > 0 ?>", "<?= $x ?>", "<% if a < b %>", "<%= x %>", "<i class=icon></i>", "{{ x }}",
	"<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"articleBody\":\"<p>one <b>\\u0074wo<\\/b> \\\"x\\\" &amp; y<br>\\n<img alt='z'><\\/p>\"}</script>", "<img alt='<%= x %> a <?= y ?>'>", "<img title=\"<% a %>", "<iframe srcdoc='<p>one <b>two</b> &amp;amp; &lt;i>x</i> &quot;y&quot;'></iframe>", "<iframe srcdoc=\"&lt;html lang=en&gt;&lt;img alt='a b'&gt; t &lt; &#98;\">", "<svg><title>", "<desc>", "</desc>", "<svg><text x=1>", "</text>", "<tspan>", "</tspan>", "<g translate=no>", "<g aria-label='t u'>", "<template shadowrootmode=open>",
	"<datalist>", "<option value='v w'>", "</datalist>", "<div dir=ltr>", "<section lang=en dir='ltr'>", "<p lang=fr>", "<strong lang=en>", "<meta itemprop=headline content=H>", "<link rel=canonical href=\"/en/x\">",
	"<meta property=og:url content='https://a.example/en/x#f'>", "<div itemscope itemtype=https://schema.org/Person>", "<meta name=language content=en>",
	"<meta http-equiv=content-language content=en>", "<link rel=alternate hreflang=ga href=/ga>", "<link rel=alternate hreflang=en href=/en/x>", "<input dir=ltr placeholder=t>",
	"<script type='application/ld+json'>{\"@type\":\"WebPage\",\"url\":\"https:\\/\\/a.example/en/x\",\"name\":\"N\",\"inLanguage\":\"en-GB\",\"keywords\":[\"k\"]}</script>",
}

func randomMarkup(r *rand.Rand) []byte {
	var b strings.Builder
	for range 1 + r.IntN(30) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return []byte(b.String())
}

// check holds all that must be true of any input.
func check(t *testing.T, f *Format, path string, data []byte, r *rand.Rand) {
	t.Helper()
	before := bytes.Clone(data)
	d, err := law(f, path, data, r)
	if err != nil {
		t.Fatalf("%q: %v", data, err)
	}
	if !bytes.Equal(before, data) {
		t.Fatalf("%q was changed to %q", before, data)
	}
	if isUndecodable(d) {
		return
	}
	describe(d, nil)
	// UTF-16 without a byte order mark is recognized by text that may be no more.
	reader := &Format{Options: f.Options}
	reader.Encoding = d.Skeleton.Encoding
	sameTexts(t, data, reader, path, d, nil)
	if d.Skeleton.Encoding == "utf-8" {
		sameTexts(t, data, reader, path, d, metas[1]) // some words get a bdi element
	}
	for _, meta := range metas {
		first, _ := f.Assemble(d, nil, meta)
		second, _ := f.Assemble(d, nil, meta)
		if !bytes.Equal(first, second) {
			t.Fatalf("%q: two assemblies differ: %q and %q", data, first, second)
		}
		// Only the head may have grown: the same texts are there. What says what
		// edition it is already does not change.
		edited, _ := f.Split(path, first)
		if again, _ := f.Assemble(edited, nil, meta); !bytes.Equal(first, again) {
			t.Fatalf("%q is, as an edition, %q, and again, %q", data, first, again)
		}
		if len(edited.Units) != len(d.Units) && d.Skeleton.Encoding == "utf-8" {
			t.Fatalf("%q has %d units, as an edition %q %d:\n%s\n%s", data, len(d.Units), first, len(edited.Units), describe(d, nil), describe(edited, nil))
		}
		// Translated, it says of itself what it says untranslated. (Elements that
		// isolate words nest deeper, and there is a limit to that.)
		if d.Skeleton.Encoding == "utf-8" && meta.Dir != "rtl" {
			capitals, _ := f.Assemble(d, formattest.Fill(d, formattest.Upper), meta)
			translated, _ := f.Split(path, capitals)
			if got, want := textOf(translated), textOf(edited); got != want {
				t.Fatalf("%q, as an edition %q, in capitals %q, says\n%s, not\n%s", data, first, capitals, got, want)
			}
		}
	}
}

// textOf is what a page says of what edition it is, in its head or wherever else
// that stands.
func textOf(d *bitext.Document) string {
	var b strings.Builder
	inline := false
	for _, s := range d.Skeleton.Slots {
		switch s.Name {
		case slotTag, slotInlineTag:
			inline = s.Name == slotInlineTag
		case slotLang, slotXMLLang, slotDir:
			if !inline { // it depends on the words in it
				fmt.Fprintf(&b, "%s %s\n", s.Name, d.Skeleton.Data[s.Start:s.End])
			}
		case slotHTMLLang, slotHTMLXMLLang, slotHTMLDir, slotXMLDecl, slotCharset, slotType, slotAlternate,
			slotOGLocale, slotOGOther, slotInLanguage, slotAddress, slotLanguage, slotJSONAddress:
			fmt.Fprintf(&b, "%s %s\n", s.Name, d.Skeleton.Data[s.Start:s.End])
		}
	}
	return b.String()
}

// sameTexts checks that a document's texts, in capitals, are all there in its
// edition.
func sameTexts(t *testing.T, data []byte, f *Format, path string, d *bitext.Document, meta *bitext.EditionMeta) {
	t.Helper()
	out, _ := f.Assemble(d, formattest.Fill(d, formattest.Upper), meta)
	again, _ := f.Split(path, out)
	if len(again.Units) != len(d.Units) {
		t.Fatalf("%q has %d units, in capitals %q %d:\n%s\n%s", data, len(d.Units), out, len(again.Units), describe(d, nil), describe(again, nil))
	}
	for i := range d.Units {
		want := formattest.Upper(d.Units[i].Source).Chars
		// What was cut apart in white space that folds may come back with less of it.
		if got := formattest.Upper(again.Units[i].Source).Chars; squeeze(got) != squeeze(want) {
			t.Fatalf("%q: unit %d is %q, in capitals %q %q", data, i, want, out, got)
		}
	}
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

var metas = []*bitext.EditionMeta{
	{Locale: "ru", Dir: "ltr", OpenGraph: "ru_RU", OpenGraphAlternates: []string{"en_US"},
		Alternates: []bitext.Alternate{{Locale: "en", URL: "https://a.example/?a&b"}, {Locale: "ru", URL: "https://a.example/\"ru\""}}, XDefault: "x"},
	{Locale: "fa", Dir: "rtl"},
	{Locale: "fa", Dir: "rtl", URL: "https://a.example/fa/x", SourceURL: "https://a.example/en/x", Locales: []string{"en", "fa"},
		Alternates: []bitext.Alternate{{Locale: "en", URL: "https://a.example/en/x"}, {Locale: "fa", URL: "https://a.example/fa/x"}}},
}

func TestRandomMarkup(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	n := 5_000
	if testing.Short() {
		n = 1000
	}
	for i := range n {
		f := &Format{Options: Options{Pre: i%3 == 0}}
		path := "x.html"
		if i%5 == 0 {
			path = "x.xhtml"
		}
		data := randomMarkup(r)
		if i%50 == 0 {
			// Where no more elements are kept open.
			data = append(bytes.Repeat([]byte("<b>"), deepest-r.IntN(4)), data...)
		}
		check(t, f, path, data, r)
	}
}

func FuzzSplit(f *testing.F) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 40 {
		f.Add(randomMarkup(r), uint64(1))
	}
	for _, n := range nasty() {
		if len(n.data) < 10_000 {
			f.Add(n.data, uint64(2))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		path := "x.html"
		if seed%5 == 0 {
			path = "x.xhtml"
		}
		check(t, &Format{Options: Options{Pre: seed%2 == 0}}, path, data, rand.New(rand.NewPCG(seed, 1)))
	})
}
