package html

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/charset"
)

// nastyFile is a document of the kind that tools break, with the texts that
// must be found in it ("|" between them; "-" for none looked at).
type nastyFile struct {
	name  string
	data  []byte
	units string
}

func in16(s string, big, bom bool) []byte {
	if bom {
		s = "\uFEFF" + s
	}
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			out = append(out, byte(u>>8), byte(u))
		} else {
			out = append(out, byte(u), byte(u>>8))
		}
	}
	return out
}

func in(s, encoding string) []byte {
	b, err := charset.Encode([]byte(s), encoding, false, nil)
	if err != nil {
		panic(err)
	}
	return b
}

func nasty() []nastyFile {
	many := func(s string, n int) []byte { return []byte(strings.Repeat(s, n)) }
	return []nastyFile{
		{"CR LF", []byte("<p>One\r\ntwo</p>\r\n<p>\r\nThree</p>"), "One two|Three"},
		{"CR", []byte("<p>One\rtwo</p>\r"), "One two"},
		{"byte order mark", []byte("\uFEFF<p>One</p>"), "One"},
		{"byte order mark inside", []byte("<p>One\uFEFF</p>"), "One\uFEFF"},
		{"windows-1251 declared", in("<meta charset=windows-1251><p>Привет", "windows-1251"), "Привет"},
		{"windows-1251 with a byte it has not", append(in("<meta charset=windows-1251><p>Привет", "windows-1251"), 0x98, '!'), "Привет<1/>!"},
		{"windows-1251 undeclared", in("<p>Привет hello</p>", "windows-1251"), "<1/> hello"},
		{"koi8-u by http-equiv", in(`<meta http-equiv=content-type content="text/html; charset=koi8-u"><p>Їжак`, "koi8-u"), "Їжак"},
		{"shift_jis", in("<meta charset=shift_jis><p>日本語", "shift_jis"), "日本語"},
		{"shift_jis that does not lead back", append(in("<meta charset=shift_jis><p>日本語", "shift_jis"), 0xFA, 0x4A), ""},
		{"utf-16le", in16("<p>Привет & <b>ты</b>", false, true), "Привет & <1>ты</1>"},
		{"utf-16be", in16("<p>Привет 😀", true, true), "Привет 😀"},
		{"utf-16le without mark", in16("<p>Plain text</p>", false, false), "Plain text"},
		{"utf-16 with half a pair", append(in16("<p>a", false, true), 0x3D, 0xD8, 'b', 0), "a<1/>b"},
		{"invalid bytes everywhere", []byte("<p\xE9 title='t\xE9'>a\xE9\xE8b<!-- \xE9 --><script type='application/ld+json'>{\"headline\":\"x\xE9\"}</script></p>"), "t<1/>|a<1/>b|x<1/>"},
		{"NUL", []byte("<p>a\x00b</p>\x00<img alt='\x00c'>"), "a<1/>b|<1/>c"},
		{"controls", []byte("<p>a\x01\x7F\xC2\x85b"), "a<1/><2/><3/>b"},
		{"unclosed", []byte("<div><p>One<div>Two<b>three"), "One|Two<1>three"},
		{"inline over a break", []byte("<p><b>One<br><br>two</b></p>"), "One<1/><2/>two"},
		{"CDATA in HTML", []byte("<p>a<![CDATA[b]]>c</p>"), "a<1/>c"},
		{"bdi", []byte("<p>User <bdi>إيان</bdi>: 3</p>"), "User <1>إيان</1>: 3"},
		{"dd", []byte("<dl><dd>One<dd>Two</dl>"), "One|Two"},
		{"overlapping", []byte("<p>a<b>b<i>c</b>d</i>e</p>"), "a<1>b<2>c</1>d</2>e"},
		{"quotes in attributes", []byte(`<img alt='a "b"' title="c 'd'">`), `a "b"|c 'd'`},
		{"> in an attribute", []byte(`<p title="a > b">c</p>`), "a > b|c"},
		{"tag in an attribute", []byte(`<p title="<b>x</b>">c</p>`), "<b>x</b>|c"},
		{"conditional comment", []byte("<!--[if IE]><p>No</p><![endif]--><p>Yes</p><![endif]>"), "Yes"},
		{"template language", []byte("<p>{{ user }} has {% if x < 2 %}<b>one</b>{% endif %}</p>"), "{{ user }} has {% if x < 2 %}<1>one</1>{% endif %}"},
		{"PHP", []byte("<?php echo '<p>'; ?><p>Text <?= $x ?> more"), "Text <1/> more"},
		{"PHP in a title", []byte("<title>News of <?php echo $day; ?>, <%= place %></title><textarea><?= $x ?></textarea>"), "News of <1/>, <2/>"},
		{"typewriter text", []byte("<p>Run <tt>make all</tt> now"), "Run <1/> now"},
		{"JSON-LD in CDATA", []byte("<script type='application/ld+json'>//<![CDATA[\n{\"headline\":\"One\"}\n//]]></script><script type='application/ld+json'>/*<![CDATA[*/{\"headline\":\"Two\"}/*]]>*/</script>"), "One|Two"},
		{"script with tags", []byte("<script>if (a<b) '</p>' + '<!--' </script><p>Yes"), "Yes"},
		{"frameset", []byte("<frameset><frame src=a title=T><noframes><p>No</p></noframes></frameset>"), "T"},
		{"upper case", []byte("<P>One<BR>TWO<SCRIPT>x</SCRIPT></P>"), "One<1/>TWO"},
		{"self-closing in HTML", []byte("<p/>One<div/>Two<br/>three"), "One|Two<1/>three"},
		{"tag soup table", []byte("<table><p>One<tr>Two<td>Three</table></td>Four"), "One|Two|Three|Four"},
		{"end tags only", []byte("</p></b></div>Text</i>"), "Text"},
		{"text only", []byte("Just text & more"), "Just text & more"},
		{"entities without semicolon", []byte("<p>&copy2026 &ampx &notin; &not in &hellip"), "©2026 &x ∉ ¬ in &hellip"},
		{"xml declaration", []byte("<?xml version='1.0' encoding='utf-8'?><html xmlns='http://www.w3.org/1999/xhtml'><p>a<br/>b <a id='x'/>c</p></html>"), "a<1/>b <2/>c"},
		{"line break in a tag that goes", []byte("<html><link rel=alternate\r\nhreflang=de><meta property=og:title content=T>\n"), "T"},
		{"mark of UTF-16 behind what goes", []byte("<meta property=og:locale:alternate content=de>\xFF\xFEa<meta property=og:locale content=x>b"), "<1/>a<2/>b"},
		{"textarea in the deepest", []byte(string(many("<b>", deepest)) + "x<textarea><i>y</i></textarea>z"), "-"},
		{"doctype with a subset", []byte("<?xml version='1.0'?><!DOCTYPE html [<!ENTITY x \"a > b\">]><p>c</p>"), "c"},
		{"declaration between halves of a character", []byte("s\xDF<!DOCTYPE html [<!ENTITY x \">\xBA"), "s<1/><2/><3/>"},
		{"end tag out of MathML", []byte("<p>a <span>b <math>c</span> d</math> e"), "a <1>b <2/></1> d<3/> e"},
		{"head in a text", []byte("<p>a <head>b</head> c</head> d"), "a|b|c<1/> d"},
		{"deep", append(many("<div>", 50_000), "x"...), "x"},
		{"deep inline", append(many("<b>", 50_000), "x"...), "x"},
		{"deep and closed", []byte(string(many("<b>", 20_000)) + "x" + string(many("</b>", 20_000))), "x"},
		{"end tags that close nothing", []byte("<b>" + string(many("<i>", 900)) + "x" + string(many("</u>", 50_000))), "-"},
		{"many attributes", []byte("<p " + string(many("a=b ", 50_000)) + "title=T>x"), "T|x"},
		{"long attribute", []byte(`<p title="` + string(many("word ", 100_000)) + `">x`), "-"},
		{"many equal cells", many("<td>0", 50_000), "-"},
		{"many codes", []byte("<p>" + string(many("<b>x</b>", 20_000))), "-"},
		{"many nested placeholders", append(many("<p>x<video>y<object>", 2000), "z"...), "-"},
		{"many pictures in a paragraph", append([]byte("<p>x"), many("<img alt=y>", 20_000)...), "-"},
		{"many less-than signs", many("< ", 100_000), ""},
		{"many comments begun", many("<!--", 100_000), ""},
		{"many tags begun", many("<a ", 100_000), ""},
		{"many titles begun", many("<title>", 50_000), ""},
		{"many ampersands", append([]byte("x"), many("&", 100_000)...), "-"},
		{"deep JSON", []byte(`<script type="application/ld+json">` + string(many("[", 100_000)) + "</script>"), ""},
		{"deep translate", append(many("<i translate=no><i translate=yes>", 5000), "x"...), "-"},
	}
}

func TestNasty(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for _, n := range nasty() {
		t.Run(n.name, func(t *testing.T) {
			f := &Format{}
			if n.units != "-" {
				d, _ := f.Split("x.html", n.data)
				var got []string
				for i := range d.Units {
					got = append(got, d.Units[i].Source.Tagged())
				}
				if s := strings.Join(got, "|"); s != n.units {
					t.Errorf("units\n%q, want\n%q", s, n.units)
				}
			}
			check(t, f, "x.html", n.data, r)
		})
	}
}

// An article in an old encoding becomes UTF-8 and says so, or stays in its
// encoding with references for what that has not.
func TestEncodings(t *testing.T) {
	const page = `<html lang="en"><head><meta charset="%"><title>T</title></head><body><p title='x'>Цена — 5</p>` +
		`<script type="application/ld+json">{"headline": "H"}</script></body></html>`
	f := &Format{}
	data := in(strings.Replace(page, "%", "cp1251", 1), "windows-1251")
	d, ds := f.Split("x.html", data)
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	wholeUnits(d)
	tr := translate(t, d, map[string]string{"x": "日\"", "H": "日本 😀", "Цена — 5": "Ціна ☃ 5"})
	for _, tt := range []struct{ encoding, want string }{
		{"", `<html dir="ltr" lang="ru"><head><meta charset="utf-8"><title>T</title></head><body><p title='日"'>Ціна ☃ 5</p>` +
			`<script type="application/ld+json">{"inLanguage": "ru", "headline": "日本 😀"}</script></body></html>`},
		{"windows-1251", `<html dir="ltr" lang="ru"><head><meta charset="cp1251"><title>T</title></head><body><p title='&#26085;"'>Ціна &#9731; 5</p>` +
			`<script type="application/ld+json">{"inLanguage": "ru", "headline": "\u65e5\u672c \ud83d\ude00"}</script></body></html>`},
		{"latin1", `<html dir="ltr" lang="ru"><head><meta charset="windows-1252"><title>T</title></head><body><p title='&#26085;"'>&#1062;&#1110;&#1085;&#1072; &#9731; 5</p>` +
			`<script type="application/ld+json">{"inLanguage": "ru", "headline": "\u65e5\u672c \ud83d\ude00"}</script></body></html>`},
	} {
		out, ds := f.Assemble(d, tr, &bitext.EditionMeta{Locale: "ru", Dir: "ltr", Encoding: tt.encoding})
		if len(ds) > 0 {
			t.Errorf("%s: %v", tt.encoding, ds)
		}
		text := tt.encoding
		if text == "" {
			text = "utf-8"
		}
		dec, _ := charset.Decode("", out, charset.Options{Encoding: text})
		if string(dec.Text) != tt.want || !dec.Exact {
			t.Errorf("%s:\n%s\nwant\n%s", tt.encoding, dec.Text, tt.want)
		}
	}
	if out, ds := f.Assemble(d, nil, &bitext.EditionMeta{Encoding: "klingon"}); len(ds) != 1 || ds[0].ID != "charset.unknown" || len(out) == 0 {
		t.Errorf("an unknown encoding: %v", ds)
	}
	utf16, _ := f.Split("x.html", in16("<html><p>Да</p>", true, true))
	out, _ := f.Assemble(utf16, nil, &bitext.EditionMeta{Locale: "ru", Dir: "ltr"})
	if got := string(out); got != `<html lang="ru" dir="ltr"><meta charset="utf-8"><p>Да</p>` {
		t.Errorf("from UTF-16: %q", got)
	}
}
