package ninjs

import (
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/formattest"
	"hexapla/pipeline/format/html"
	"hexapla/pipeline/format/plaintext"
)

func newFormat() *Format { return &Format{HTML: new(html.Format), Text: new(plaintext.Format)} }

const item1 = `{
  "uri": "urn:example:1", "language": "en", "version": "1",
  "headline": "Ta\u0072avia \"calls\" for a pact\/river \ud83d\ude00",
  "byline": "By A. Reporter",
  "body_html": "<p class=\"a\">One <b>bold<\/b> word.</p>\n<p><img src=\"x.png\" alt=\"A \\ cat\"> Two &amp; three.</p>",
  "body_text": "The first paragraph.\n\nThe second one.",
  "keywords": ["river", "2026", "water"],
  "subject": [{"code": "x:1", "name": "Politics"}],
  "associations": {"main": {"type": "picture", "headline": "The Sarna at dusk", "body_html": "<p>One <b>bold</b> word.</p>"}},
  "unknown": {"headline": "Not this"}
}
`

const item2 = "\ufeff" + `{"headlines": [{"role": "main", "value": "A headline"}, {"contenttype": "text/html", "value": "<b>A</b> headline"}],
	"bodies": [{"contenttype": "text/html; charset=utf-8", "value": "<p>A body.</p>"}, {"contenttype": "text/plain", "value": "A body."}],
	"language" : "en-GB"}`

func TestConformance(t *testing.T) {
	formattest.Run(t, formattest.Suite{
		New: func() formattest.Format { return newFormat() },
		Documents: map[string]string{
			"1.ninjs": item1, "2.ninjs": item2, "not-json.ninjs": "{\"headline\": ", "list.ninjs": "[1]", "half.ninjs": `{"headline": "Half \ud800 pair"}`, "empty.ninjs": "",
		},
		Path:   "paragraphs.ninjs",
		Before: `{"headline": "A headline", "body_html": "`,
		Paragraphs: []string{
			`<h1>A headline of the body</h1>`, `<p>The first <b>paragraph</b>.</p>`, `<p>And, it wouldn't be the first time.</p>`, `<ul><li>An item</li></ul>`, `<p class=\"x\">The last one.</p>`,
		},
		After: `", "byline": "By A. Reporter"}`,
	})
}

func TestAssemble(t *testing.T) {
	f := newFormat()
	d, ds := f.Split("a.ninjs", []byte(item1))
	if len(ds) > 0 || len(d.Units) != 12 || len(d.Skeleton.Parts) != 3 {
		t.Fatalf("%d units, %d parts, %v", len(d.Units), len(d.Skeleton.Parts), ds)
	}
	formattest.Segment(d, nil)
	out, ds := f.Assemble(d, formattest.Fill(d, formattest.Upper), &bitext.EditionMeta{Locale: "ru"})
	want := `{
  "uri": "urn:example:1", "language": "ru", "version": "1",
  "headline": "TARAVIA \"CALLS\" FOR A PACT/RIVER 😀",
  "byline": "BY A. REPORTER",
  "body_html": "<p class=\"a\">ONE <b>BOLD</b> WORD.</p>\n<p><img src=\"x.png\" alt=\"A \\ CAT\"> TWO &amp; THREE.</p>",
  "body_text": "THE FIRST PARAGRAPH.\n\nTHE SECOND ONE.",
  "keywords": ["RIVER", "2026", "WATER"],
  "subject": [{"code": "x:1", "name": "POLITICS"}],
  "associations": {"main": {"type": "picture", "headline": "THE SARNA AT DUSK", "body_html": "<p>ONE <b>BOLD</b> WORD.</p>"}},
  "unknown": {"headline": "Not this"}
}
`
	if string(out) != want || len(ds) > 0 {
		t.Errorf("got %s %v", out, ds)
	}
}

func FuzzSplit(f *testing.F) {
	f.Add([]byte(item1), uint64(1))
	f.Add([]byte(item2), uint64(2))
	f.Add([]byte(`{"headline":"\uDEAD a","body_html":"\u003cp\u003eHi\ud83d\ude00<p>","associations":[{"byline":"x\\"}]}`), uint64(3))
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		if _, err := formattest.Check(newFormat(), "a.ninjs", data, formattest.Random(seed)); err != nil {
			t.Fatal(err)
		}
	})
}

// The links of bodies lead to editions, and the first body tells of corrections.
func TestLinksAndNotices(t *testing.T) {
	prefixes := []string{"https://x.example/en/"}
	f := &Format{HTML: &html.Format{Options: html.Options{Links: prefixes, RelativeLinks: true}}, Text: &plaintext.Format{}}
	meta := &bitext.EditionMeta{
		Locale: "fa", Dir: "rtl", URL: "https://x.example/fa/a.ninjs", Site: &bitext.SitePage{Path: "a.ninjs", File: "a.ninjs"},
		Correction: &bitext.Notice{Text: "A <note>", Place: bitext.NoticeAfterHeadline},
		Link: func(path string) (bitext.Link, bool) {
			return bitext.Link{Path: path, File: path, URL: "https://x.example/ru/" + path, Locale: "ru"}, path == "c.html"
		},
	}
	for _, x := range []struct{ source, want string }{
		{`{"headline": "H", "description_html": "<p>D</p>", "body_html": "<p>One <a href=\"https://x.example/en/c.html#s\">two</a></p>", "body_text": "T"}`,
			`{"headline": "H", "description_html": "<p>D</p>", "body_html": "<p class=\"correction\" role=\"note\" lang=\"fa\" dir=\"rtl\">A &lt;note&gt;</p><p>One <a href=\"https://x.example/ru/c.html#s\" hreflang=\"ru\">two</a></p>", "body_text": "T"}`},
		{`{"headline": "H", "body_text": "One."}`, `{"headline": "H", "body_text": "A <note>\n\nOne."}`},
		{`{"headlines": [{"value": "H"}], "bodies": [{"contenttype": "text/html", "value": "<p>One</p>"}]}`,
			`{"headlines": [{"value": "H"}], "bodies": [{"contenttype": "text/html", "value": "<p class=\"correction\" role=\"note\" lang=\"fa\" dir=\"rtl\">A &lt;note&gt;</p><p>One</p>"}]}`},
	} {
		d, _ := f.Split("a.ninjs", []byte(x.source))
		d.Locale = "en"
		formattest.Segment(d, nil)
		got, ds := f.Assemble(d, formattest.Fill(d, func(t bitext.Text) bitext.Text { return t }), meta)
		if string(got) != x.want || len(ds) > 0 {
			t.Errorf("got\n%s\nwant\n%s\n%v", got, x.want, ds)
		}
	}
}
