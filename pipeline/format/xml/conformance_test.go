package xml

import (
	"fmt"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/formattest"
	"hexapla/pipeline/format/html"
	"hexapla/pipeline/format/internal/xmltree"
	"hexapla/pipeline/format/markdown"
)

const rss = `<?xml version="1.0" encoding="UTF-8"?>
<!-- A feed -->
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/">
 <channel>
  <title>The Valley Post</title>
  <link>https://example.org/</link>
  <description>News of the valley</description>
  <language>en-us</language>
  <item>
   <title>Rain &amp; wind return</title>
   <guid>https://example.org/1</guid>
   <description><![CDATA[<p>It rained on <b>Monday</b>.</p><p>And on Tuesday.</p>]]></description>
   <content:encoded>&lt;p&gt;Nobody was &lt;em&gt;hurt&lt;/em&gt; &amp;amp; all went home.&lt;/p&gt;</content:encoded>
   <category domain="x">Weather</category>
   <media:title type="plain">The river</media:title>
  </item>
  <item><title><![CDATA[Tom & Jerry]]></title><description/></item>
 </channel>
</rss>
`

const atom = `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<title>A feed</title><id>urn:1</id>
<entry><title type="html">One &amp;lt;b&gt; two</title><summary>Plain text</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>In <em>XHTML</em>.<br/>A line.</p><ul><li>An item</li></ul></div></content></entry>
<entry><title>Other</title><content type="xhtml"><h:div xmlns:h="http://www.w3.org/1999/xhtml"><h:p>With <h:em>prefixes</h:em>.</h:p></h:div></content><category term="x" label="Sport"/></entry>
</feed>`

const nitf = `<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "nitf-3-6.dtd">
<nitf><head><title>The bill</title></head><body><body.head><hedline><hl1>A bill passes</hl1></hedline><byline>By <person>Ann Lee</person></byline></body.head>
<body.content><p id="x">The <org>House</org> passed it,
   <num units="votes">210</num> to 5.</p><media media-type="image"><media-reference source="a.jpg" alternate-text="The House"/><media-caption><p>The House at night</p></media-caption></media></body.content></body></nitf>`

const newsml = `<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" xml:lang="en" guid="urn:x"><itemMeta><itemClass qcode="ninat:text"/></itemMeta>
<contentMeta><urgency>3</urgency><language tag="en"/><headline xml:lang="en">Talks begin</headline><headline xml:lang="fr">Début des pourparlers</headline><description role="drol:summary">A summary.</description><subject qcode="a:b"><name xml:lang="en">Politics</name></subject></contentMeta>
<contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>Talks</title></head><body><p>They <b>met</b> today.</p></body></html></inlineXML></contentSet></newsItem>`

const its = `<doc xmlns:its="http://www.w3.org/2005/11/its" its:version="2.0"><head><its:rules version="2.0"><its:translateRule selector="//code" translate="no"/><its:withinTextRule selector="//b | //code | //img" withinText="yes"/><its:withinTextRule selector="//fn" withinText="nested"/><its:translateRule selector="//img/@alt" translate="yes"/><its:locNoteRule selector="/doc/p" locNoteType="description"><its:locNote>A note for all</its:locNote></its:locNoteRule></its:rules></head>
<p xml:id="one">Some <b>bold <code>x = 1</code></b> text<fn>A footnote.</fn> with <img alt="a picture"/> inside<block>A block</block> and after.</p>
<p its:translate="no">Not this <q its:translate="yes">but this</q></p><pre xml:space="preserve">  two
  lines</pre></doc>`

const mixed = `<a><t>Plain <!-- c --> text <?pi x?> and <![CDATA[a <section>]]> here &#x41;&#65; <i>x</i></t><m># Head

One *two*</m><h att="An attribute">&lt;p>x&lt;/p></h></a>`

var rules = []Rule{{
	Files: []string{"**/mixed*.xml"}, Text: []string{"//t", "//@att"}, Markdown: []string{"//m"}, HTML: []string{"//h"}, Title: []string{"/a/t"},
}, {Files: []string{"**/outer.xml"}, ITS: []string{"rules/its.xml"}}}

var itsFiles = map[string][]byte{
	"rules/its.xml":  []byte(`<its:rules xmlns:its="http://www.w3.org/2005/11/its" xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="more.xml" version="2.0"><its:translateRule selector="//skip" translate="no"/></its:rules>`),
	"rules/more.xml": []byte(`<its:rules xmlns:its="http://www.w3.org/2005/11/its" version="2.0"><its:withinTextRule selector="//i" withinText="yes"/><its:translateRule selector="//skip" translate="yes"/><its:translateRule selector="//p[contains(., 'x')]" translate="no"/><its:idValueRule selector="//p" idValue="@name"/></its:rules>`),
}

func newFormat() *Format {
	return &Format{Options: Options{Rules: rules, ITSFiles: itsFiles}, HTML: new(html.Format), Markdown: new(markdown.Format)}
}

func TestConformance(t *testing.T) {
	formattest.Run(t, formattest.Suite{
		New: func() formattest.Format { return newFormat() },
		Documents: map[string]string{
			"rss.xml": rss, "atom.xml": atom, "nitf.xml": nitf, "newsml.xml": newsml, "its.xml": its, "mixed.xml": mixed, "bom.xml": "\ufeff" + rss, "crlf.xml": strings.ReplaceAll(rss, "\n", "\r\n"),
			"unknown.xml": "<a>b</a>", "empty.xml": "", "open.xml": "<rss><channel>", "latin1.xml": "<?xml version='1.0' encoding='ISO-8859-1'?><rss><channel><title>Caf\xe9</title></channel></rss>",
		},
		Path:   "paragraphs.xml",
		Before: `<rss><channel>`,
		Paragraphs: []string{
			`<item><title>One</title></item>`, `<item><description>&lt;p>Two&lt;/p>&lt;p>Three&lt;/p></description></item>`, "<item><title><![CDATA[Four]]></title></item>\n", `<item><description><![CDATA[<p>Five <b>six</b></p>]]></description></item>`,
		},
		After: `</channel></rss>`,
	})
}

// units returns the units of a file as lines.
func units(f *Format, path, data string) (string, *bitext.Document, []string) {
	d, ds := f.Split(path, []byte(data))
	var b strings.Builder
	for _, u := range d.Units {
		fmt.Fprintf(&b, "%s %s", u.Kind, u.Source.Tagged())
		if u.Locale != "" {
			fmt.Fprintf(&b, " (%s)", u.Locale)
		}
		for _, n := range u.Notes {
			fmt.Fprintf(&b, " [%s]", n.Text)
		}
		b.WriteString("\n")
	}
	var ids []string
	for _, x := range ds {
		ids = append(ids, x.ID)
	}
	return b.String(), d, ids
}

func TestSplit(t *testing.T) {
	for _, c := range []struct{ path, data, want, title, ids string }{
		{"rss.xml", rss, "title The Valley Post\nparagraph News of the valley\nheading Rain & wind return\nparagraph It rained on <1>Monday</1>.\nparagraph And on Tuesday.\nparagraph Nobody was <1>hurt</1> & all went home.\nfield Weather\nheading The river\nheading Tom & Jerry\n", "The Valley Post", ""},
		{"atom.xml", atom, "title A feed\nparagraph One <b> two\nparagraph Plain text\nparagraph In <1>XHTML</1>.<2/>A line.\nitem An item\nheading Other\nparagraph With <1>prefixes</1>.\nattribute Sport\n", "A feed", ""},
		{"nitf.xml", nitf, "title The bill\nheading A bill passes\nfield By <1>Ann Lee</1>\nparagraph The <1>House</1> passed it, <2>210</2> to 5.\nattribute The House\nparagraph The House at night\n", "The bill", ""},
		{"newsml.xml", newsml, "title Talks begin (en)\ntitle Début des pourparlers (fr)\nparagraph A summary.\nfield Politics (en)\ntitle Talks\nparagraph They <1>met</1> today.\n", "Talks begin", ""},
		{"its.xml", its, "paragraph Some <1>bold <2/></1> text<3/> with <4/> inside [A note for all]\nparagraph A footnote.\nattribute a picture\nparagraph A block\nparagraph and after. [A note for all]\nparagraph but this\nparagraph   two\n  lines\n", "", ""},
		{"mixed.xml", mixed, "title Plain <1/> text <2/> and <3/> here AA <4>x</4>\nheading Head\nparagraph One <1>two</1>\nattribute An attribute\nparagraph x\n", "Plain  text  and  here AA x", ""},
		{"outer.xml", `<d><p name="n">A <i>b</i></p><skip>No</skip><p>C</p></d>`, "paragraph A <1>b</1>\nparagraph C\n", "", "xml.its"},
	} {
		got, d, ids := units(newFormat(), c.path, c.data)
		if got != c.want || d.Meta["title"] != c.title || strings.Join(ids, " ") != c.ids {
			t.Errorf("%s: title %q, %v, got\n%swant\n%s", c.path, d.Meta["title"], ids, got, c.want)
		}
		switch c.path {
		case "its.xml":
			if d.Units[0].ID != "p.one" || len(d.Units[0].Source.Codes) != 5 || len(d.Units[0].Source.Codes[3].Subflows) != 1 || len(d.Units[0].Source.Codes[4].Subflows) != 1 {
				t.Errorf("%s %+v", d.Units[0].ID, d.Units[0].Source.Codes)
			}
		case "outer.xml":
			if d.Units[0].ID != "p.n" {
				t.Error(d.Units[0].ID)
			}
		}
	}
}

func TestAssemble(t *testing.T) {
	for _, c := range []struct {
		path, data string
		pairs      []string
	}{
		{"rss.xml", rss, []string{
			"The Valley Post", "THE VALLEY POST", "News of the valley", "NEWS OF THE VALLEY", "en-us", "fa", "Rain &amp; wind return", "RAIN &amp; WIND RETURN",
			"<p>It rained on <b>Monday</b>.</p><p>And on Tuesday.</p>", "<p>IT RAINED ON <b>MONDAY</b>.</p><p>AND ON TUESDAY.</p>",
			"Nobody was &lt;em&gt;hurt&lt;/em&gt; &amp;amp; all went home.", "NOBODY WAS &lt;em&gt;HURT&lt;/em&gt; &amp;amp; ALL WENT HOME.", "Weather", "WEATHER", "The river", "THE RIVER", "Tom & Jerry", "TOM & JERRY",
		}},
		{"atom.xml", atom, []string{
			`xml:lang="en"`, `xml:lang="fa"`, "A feed", "A FEED", "One &amp;lt;b&gt; two", "ONE &amp;lt;B&amp;gt; TWO", "Plain text", "PLAIN TEXT", "In <em>XHTML</em>.<br/>A line.", "IN <em>XHTML</em>.<br/>A LINE.",
			"An item", "AN ITEM", "Other", "OTHER", "With <h:em>prefixes", "WITH <h:em>PREFIXES", "Sport", "SPORT",
		}},
	} {
		f := newFormat()
		d, _ := f.Split(c.path, []byte(c.data))
		d.Locale = "en"
		formattest.Segment(d, nil)
		out, ds := f.Assemble(d, formattest.Fill(d, formattest.Upper), &bitext.EditionMeta{Locale: "fa"})
		want := strings.NewReplacer(c.pairs...).Replace(c.data)
		if string(out) != want || len(ds) > 0 {
			t.Errorf("%s: %v %v", c.path, formattest.Difference([]byte(want), out), ds)
		}
	}
}

// Characters of a translation are characters, wherever they land.
func TestEscape(t *testing.T) {
	const data = `<a><t>One</t><t><![CDATA[Two]]></t><h>&lt;p>Three&lt;/p></h><h><![CDATA[<p>Four</p>]]></h><x att="Five"/></a>`
	f := newFormat()
	d, _ := f.Split("mixed.xml", []byte(data))
	formattest.Segment(d, nil)
	const text = `<b>&]]> "x" ` + "\x01"
	tr := formattest.Fill(d, func(bitext.Text) bitext.Text { return bitext.Plain(text) })
	out, _ := f.Assemble(d, tr, nil)
	e, ds := f.Split("mixed.xml", out)
	if len(e.Units) != 5 || len(ds) > 0 {
		t.Fatalf("%d units, %v: %s", len(e.Units), ds, out)
	}
	for i := range e.Units {
		if got := e.Units[i].Source; strings.TrimSpace(got.Chars) != strings.TrimSuffix(text, " \x01") || len(got.Codes) > 0 {
			t.Errorf("%q, %+v: %s", got.Chars, got.Codes, out)
		}
	}
}

func TestEncoding(t *testing.T) {
	data := "<?xml version='1.0' encoding='ISO-8859-1'?><rss><channel><title>Caf\xe9</title></channel></rss>"
	f := newFormat()
	d, ds := f.Split("a.xml", []byte(data))
	if len(d.Units) != 1 || d.Units[0].Source.Chars != "Café" {
		t.Fatal(d.Units, ds)
	}
	formattest.Segment(d, nil)
	tr := formattest.Fill(d, func(bitext.Text) bitext.Text { return bitext.Plain("Кафе") })
	for encoding, want := range map[string]string{
		"":             "<?xml version='1.0' encoding='UTF-8'?><rss><channel><title>Кафе</title></channel></rss>",
		"windows-1252": "<?xml version='1.0' encoding='ISO-8859-1'?><rss><channel><title>&#1050;&#1072;&#1092;&#1077;</title></channel></rss>",
	} {
		if out, ds := f.Assemble(d, tr, &bitext.EditionMeta{Locale: "ru", Encoding: encoding}); string(out) != want || len(ds) > 0 {
			t.Errorf("%q: %s %v", encoding, out, ds)
		}
	}
}

func TestHostile(t *testing.T) {
	for _, c := range []struct{ name, data, id string }{
		{"entities", `<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss>&b;</rss>`, "xml.doctype"},
		{"external entity", `<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss>&a;</rss>`, "xml.doctype"},
		{"unknown entity", `<!DOCTYPE nitf SYSTEM "x.dtd"><nitf>&nbsp;</nitf>`, "xml.entity"},
		{"deep", strings.Repeat("<rss>", 100_000), "xml.depth"},
		{"not well-formed", "<rss><a></b></rss>", "xml.syntax"},
		{"unknown", "<x>A</x>", "xml.rule"},
		{"nothing", "<rss><channel><link>A</link></channel></rss>", "xml.no-text"},
	} {
		f := newFormat()
		d, ds := f.Split("a.xml", []byte(c.data))
		if len(d.Units) > 0 || len(ds) != 1 || c.id != "xml.entity" && ds[0].ID != c.id && !strings.HasPrefix(ds[0].ID, "xml.") {
			t.Errorf("%s: %v", c.name, ds)
		}
		if out, _ := f.Assemble(d, nil, &bitext.EditionMeta{Locale: "fa"}); string(out) != c.data {
			t.Errorf("%s: it has changed", c.name)
		}
	}
}

func TestRulesFiles(t *testing.T) {
	files := map[string][]byte{
		"a.xml": []byte(`<its:rules xmlns:its="http://www.w3.org/2005/11/its" xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="b.xml" version="2.0"/>`),
		"b.xml": []byte(`<its:rules xmlns:its="http://www.w3.org/2005/11/its" xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="a.xml" version="2.0"/>`),
		"c.xml": []byte(`<its:rules xmlns:its="http://www.w3.org/2005/11/its" version="2.0"><its:translateRule selector="//x:y" translate="no"/><its:translateRule translate="no"/></its:rules>`),
		"d.xml": []byte("<no"),
	}
	for name, want := range map[string]string{"a.xml": "links to itself", "c.xml": "not declared", "d.xml": "cannot be read"} {
		f := &Format{Options: Options{Rules: []Rule{{Files: []string{"*"}, ITS: []string{name}}}, ITSFiles: files}}
		_, ds := f.Split("x", []byte("<x>A</x>"))
		if len(ds) == 0 || !strings.Contains(ds[0].Message, want) {
			t.Errorf("%s: %v", name, ds)
		}
	}
	for _, href := range []string{"../../etc/passwd", "https://example.org/rules.xml", "other.xml"} {
		data := `<d xmlns:its="http://www.w3.org/2005/11/its"><its:rules xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="` + href + `" version="2.0"/>A</d>`
		if _, ds := newFormat().Split("x.xml", []byte(data)); len(ds) != 1 || ds[0].ID != "xml.its" || !strings.Contains(ds[0].Message, href) {
			t.Errorf("%s: %v", href, ds)
		}
	}
}

func TestPaths(t *testing.T) {
	tree, err := xmltree.Parse("a", []byte(`<r xmlns:p="urn:p"><a n="1"><b/><p:c n="2"/></a><a n="3"><d><b n="4"/></d></a></r>`), false)
	if err != nil {
		t.Fatal(err)
	}
	namespaces := func(prefix string) (string, bool) {
		return map[string]string{"p": "urn:p", "": ""}[prefix], prefix == "p" || prefix == ""
	}
	for text, want := range map[string]string{
		"/r": "r", "/r/a": "a a", "//b": "b b", "/r//b": "b b", "/r/a/b": "b", "//a/*": "b c d", "//p:c": "c", "//c": "", "//@n": "@1 @2 @3 @4", "//a/@n": "@1 @3", "a//b": "b b", "//a[@n='3']//b": "b",
		"//a[@n!='3']": "a", "//a[d]": "a", "//a[not(d)]/b": "b", "//*[@n='2' or @n='4']": "c b", "//a[@n='1' and b]": "a", "//p:*": "c", "/a | //d": "d", "//a[@n][d]": "a",
		"//": "error", "//a[": "error", "//a[1]": "error", "//q:a": "error", "count(//a)": "error", "//a[contains(@n,'x')]": "error", "//a/text()": "error", "ancestor::a": "error", "": "error", "/r/": "error", "//a[@n=1]": "error",
	} {
		p, err := ParsePath(text, namespaces)
		got := []string{}
		if err != nil {
			got = append(got, "error")
		} else {
			f, start := newFinder([]Path{p})
			var walk func(n *xmltree.Node, places []place)
			walk = func(n *xmltree.Node, places []place) {
				found, attributes, below := f.next(places, n)
				for range found {
					got = append(got, n.Local)
				}
				for _, a := range attributes {
					got = append(got, "@"+a.attr.Value)
				}
				for _, c := range n.Children {
					walk(c, below)
				}
			}
			walk(tree.Root, start)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v %v, want %s", text, got, err, want)
		}
	}
}

func FuzzSplit(f *testing.F) {
	for i, seed := range []string{rss, atom, nitf, newsml, its, mixed} {
		f.Add([]byte(seed), uint64(i))
	}
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		for _, path := range []string{"a.xml", "mixed.xml", "outer.xml"} {
			format := newFormat()
			d, err := formattest.Check(format, path, data, formattest.Random(seed))
			if err != nil {
				t.Fatal(err)
			}
			if len(d.Units) == 0 {
				continue
			}
			d.Locale = "en"
			out, _ := format.Assemble(d, formattest.Fill(d, formattest.Upper), &bitext.EditionMeta{Locale: "fa"})
			if e, ds := format.Split(path, out); len(e.Units) == 0 && len(ds) > 0 && strings.HasPrefix(ds[0].ID, "xml.") && ds[0].ID != "xml.no-text" && ds[0].ID != "xml.its" && !strings.Contains(string(data), "<p") {
				t.Fatalf("of %q: %q %v", data, out, ds)
			}
		}
	})
}

func FuzzParsePath(f *testing.F) {
	f.Add("//a[@b='c' or not(d)]/p:e | /f/@g")
	f.Fuzz(func(t *testing.T, text string) {
		_, _ = ParsePath(text, func(string) (string, bool) { return "", true })
	})
}

func BenchmarkSplit(b *testing.B) {
	var its strings.Builder
	for i := range maxRules {
		fmt.Fprintf(&its, `<its:translateRule selector="//a//b//c//d//e%d" translate="no"/>`, i)
	}
	for name, data := range map[string]string{
		"feed":  rss[:strings.Index(rss, "  <item>")] + strings.Repeat("<item><title>Rain &amp; wind</title><description>&lt;p>It rained.&lt;/p></description></item>", 1000) + "</channel></rss>",
		"rules": `<d xmlns:its="http://www.w3.org/2005/11/its"><its:rules version="2.0">` + its.String() + "</its:rules>" + strings.Repeat(strings.Repeat("<a><b><c><d>", 10)+"x"+strings.Repeat("</d></c></b></a>", 10), 100) + "</d>",
		"codes": "<rss><channel><title>" + strings.Repeat("<b>a</b> c ", 20_000) + "</title></channel></rss>",
	} {
		b.Run(name, func(b *testing.B) {
			f := newFormat()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if d, ds := f.Split("a.xml", []byte(data)); len(d.Units) == 0 {
					b.Fatal(ds)
				}
			}
		})
	}
}
