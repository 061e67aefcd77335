package html

import (
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
)

func TestMachineNotice(t *testing.T) {
	page := `<html lang="en"><head><title>T</title><script type="application/ld+json">{"@type": "NewsArticle", "inLanguage": "en", "headline": "H"}</script></head>` +
		"<body>\n<h2>Site</h2>\n<h1>Head <b>line</b></h1>\n<p>Text.</p>\n</body></html>"
	const notice = `<p class="machine-translation" role="note" lang="fa" dir="rtl">A &lt;b&gt; note.</p>`
	for _, tt := range []struct {
		place      bitext.NoticePlace
		data, want string
	}{
		{bitext.NoticeAfterHeadline, page, "</h1>" + notice + "\n<p"},
		{bitext.NoticeTop, page, ">" + notice + "\n<h2"},
		{bitext.NoticeEnd, page, "</p>\n" + notice + "</body>"},
		{bitext.NoticeAfterHeadline, "<p>No headline.</p>", notice + "<p"},
		{bitext.NoticeAfterHeadline, "<h1>Not closed<p>Text.</p>", notice + "<h1"},
		{bitext.NoticeEnd, "<p>Text.</p>", "</p>" + notice},
	} {
		f := &Format{}
		d, _ := f.Split("a.html", []byte(tt.data))
		d.Locale = "en"
		meta := &bitext.EditionMeta{Locale: "fa", Dir: "rtl", Machine: &bitext.Notice{Text: "A <b> note.", Place: tt.place}}
		out, _ := f.Assemble(d, nil, meta)
		if !strings.Contains(string(out), tt.want) {
			t.Errorf("%s in %q: got\n%s\nwant %q in it", tt.place, tt.data, out, tt.want)
		}
		if tt.data == page && !strings.Contains(string(out), `"inLanguage": "fa", "digitalSourceType": "`+machineSource+`"`) {
			t.Errorf("%s: no digitalSourceType in\n%s", tt.place, out)
		}
		meta.Machine = nil
		if out, _ := f.Assemble(d, nil, meta); strings.Contains(string(out), "machine-translation") || strings.Contains(string(out), "digitalSourceType") {
			t.Errorf("%s: a page without machine translation says it has some", tt.place)
		}
	}
	f := &Format{}
	d, _ := f.Split("a.html", []byte(page))
	d.Locale = "en"
	out, _ := f.Assemble(d, nil, &bitext.EditionMeta{Locale: "fa", Machine: &bitext.Notice{Text: "Note", Place: bitext.NoticeOff}})
	if strings.Contains(string(out), "role=\"note\"") || !strings.Contains(string(out), "digitalSourceType") {
		t.Errorf("off: %s", out)
	}
}

// schema.org lets inLanguage be a list; only the source's language in it is another in
// the edition, and the property beside it goes behind the list.
func TestLanguageList(t *testing.T) {
	for _, tt := range []struct{ languages, want string }{
		{`"en"`, `"de", "digitalSourceType"`},
		{`["en"]`, `["de"], "digitalSourceType"`},
		{`[ "en-US", "es" ]`, `[ "de", "es" ], "digitalSourceType"`},
		{`["es","en"]`, `["es","de"], "digitalSourceType"`},
		{`["a]\"b", "en"]`, `["a]\"b", "de"], "digitalSourceType"`},
		{`[{"@type": "Language", "name": "English"}]`, `[{"@type": "Language", "name": "English"}]`},
	} {
		page := `<html lang="en"><head><title>T</title><script type="application/ld+json">{"@type": "NewsArticle", "inLanguage": ` + tt.languages + `, "headline": "H"}</script></head></html>`
		f := &Format{}
		d, _ := f.Split("a.html", []byte(page))
		d.Locale = "en"
		out, _ := f.Assemble(d, nil, &bitext.EditionMeta{Locale: "de", Dir: "ltr", Machine: &bitext.Notice{Text: "Note", Place: bitext.NoticeTop}})
		if !strings.Contains(string(out), `"inLanguage": `+tt.want) {
			t.Errorf("%s: got\n%s\nwant %s", tt.languages, out, tt.want)
		}
	}
}
