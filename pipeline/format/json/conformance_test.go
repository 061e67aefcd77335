package json

import (
	"os"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/formattest"
	"hexapla/pipeline/format/html"
	"hexapla/pipeline/format/markdown"
	"hexapla/pipeline/format/plaintext"
)

var rules = []Rule{
	{
		Files: []string{"**/strapi*.json"}, Markdown: []string{"/data/*/attributes/body"},
		Text:  []string{"/data/*/attributes/title", "/data/*/attributes/seo/metaDescription", "/data/*/attributes/blocks/*/text", "/data/*/attributes/blocks/*/alt"},
		Title: []string{"/data/*/attributes/title"}, Language: []string{"/data/*/attributes/locale"},
	},
	{
		Files: []string{"**/contentful*.json"},
		Text:  []string{"/entries/*/fields/title/{en-US}", "/entries/*/fields/body/{en-US}/**/value"},
		Title: []string{"/entries/*/fields/title/{en-US}"},
	},
	{
		Files: []string{"**/wordpress*.json"},
		HTML:  []string{"/*/title/rendered", "/*/content/rendered", "/*/excerpt/rendered"}, Text: []string{"/*/meta/_seo_title"},
		Title: []string{"/*/title/rendered"}, Language: []string{"/*/lang"},
	},
	{Files: []string{"**/*.json"}, Text: []string{"/**/text"}, HTML: []string{"/**/html"}, Markdown: []string{"/**/md"}, Language: []string{"/language"}},
}

func newFormat() *Format {
	return &Format{Options: Options{Rules: rules}, HTML: new(html.Format), Markdown: new(markdown.Format), Text: new(plaintext.Format)}
}

func read(t testing.TB, name string) string {
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

const several = `{"text": "A \u0061pple\/pear \ud83d\ude00", "language": "en-GB", "list": [{"text": "Two\nlines of it.\n\nA paragraph."},
	{"html": "<p>One <b>bold<\/b> word.</p>", "md": "One *two*\n\n> Three"}, {"slug": "s", "text": "By \"slug\""}]}`

func TestConformance(t *testing.T) {
	formattest.Run(t, formattest.Suite{
		New: func() formattest.Format { return newFormat() },
		Documents: map[string]string{
			"a/strapi.json": read(t, "strapi.json"), "a/contentful.json": read(t, "contentful.json"), "wordpress.json": read(t, "wordpress.json"),
			"several.json": several, "bom.json": "\ufeff" + several, "not-json.json": "{\"text\": ", "half.json": `{"text": "Half \ud800 pair"}`,
			"twice.json": `{"text": "One", "text": "Two"}`, "no-rule.txt": "One", "empty.json": "",
		},
		Path:   "paragraphs.json",
		Before: `{"html": "`,
		Paragraphs: []string{
			`<h1>A headline of the body</h1>`, `<p>The first <b>paragraph</b>.</p>`, `<p>And, it wouldn't be the first time.</p>`, `<ul><li>An item</li></ul>`, `<p class=\"x\">The last one.</p>`,
		},
		After: `", "text": "By A. Reporter"}`,
	})
	formattest.Run(t, formattest.Suite{
		New:    func() formattest.Format { return newFormat() },
		Path:   "items.json",
		Before: `[`,
		Paragraphs: []string{
			`{"text": "One", "id": 1},`, `{"id": "b", "html": "<p>Two</p><p>Three</p>"},`, `{"text": "Without an id"},`, `{"list": [{"text": "Four"}], "slug": "x"},`,
		},
		After: `{"text": "Last"}]`,
	})
}

func upper(t *testing.T, path, data, locale string) (string, *bitext.Document, []string) {
	t.Helper()
	f := newFormat()
	d, ds := f.Split(path, []byte(data))
	d.Locale = "en"
	formattest.Segment(d, nil)
	out, more := f.Assemble(d, formattest.Fill(d, formattest.Upper), &bitext.EditionMeta{Locale: locale})
	var ids []string
	for _, x := range append(ds, more...) {
		ids = append(ids, x.ID)
	}
	return string(out), d, ids
}

func TestAssemble(t *testing.T) {
	replace := func(text string, pairs ...string) string {
		for i := 0; i < len(pairs); i += 2 {
			if !strings.Contains(text, pairs[i]) {
				t.Fatalf("no %q in %s", pairs[i], text)
			}
		}
		return strings.NewReplacer(pairs...).Replace(text)
	}
	for _, c := range []struct {
		path, locale string
		units        int
		title        string
		want         []string
		diagnostics  string
	}{
		{"strapi.json", "pt-BR", 10, "Bridge over the Sarna reopens", []string{
			`"title": "Bridge over the Sarna reopens"`, `"title": "BRIDGE OVER THE SARNA REOPENS"`, `"title": "Rain until Friday"`, `"title": "RAIN UNTIL FRIDAY"`,
			`"locale": "en"`, `"locale": "pt-BR"`, `# Traffic returns\n\nThe bridge is **open** again. Buses run every *ten* minutes.`, `# TRAFFIC RETURNS\n\nTHE BRIDGE IS **OPEN** AGAIN. BUSES RUN EVERY *TEN* MINUTES.`,
			"One lane each way", "ONE LANE EACH WAY", `Timetable](/timetable \"All lines\")`, `TIMETABLE](/timetable \"ALL LINES\")`, `"metaDescription": "The bridge is open again."`, `"metaDescription": "THE BRIDGE IS OPEN AGAIN."`,
			`\u201cWe waited two years.\u201d`, "“WE WAITED TWO YEARS.”", "The bridge at dawn", "THE BRIDGE AT DAWN",
		}, ""},
		{"contentful.json", "de", 3, "A river without borders", []string{
			`{ "en-US": "A river without borders", "de": "Ein alter Titel" }`, `{ "de": "A RIVER WITHOUT BORDERS" }`, "\"body\": {\n          \"en-US\"", "\"body\": {\n          \"de\"",
			"Three states share the river.", "THREE STATES SHARE THE RIVER.", "None of them owns it.", "NONE OF THEM OWNS IT.",
		}, ""},
		{"wordpress.json", "zh-Hant", 6, "Spring market – what’s new", []string{
			"en_US", "zh_Hant", "Spring market &#8211; what&#8217;s new", "SPRING MARKET – WHAT’S NEW", `The market <strong>opens<\/strong> on Saturday.<\/p>`, `THE MARKET <strong>OPENS</strong> ON SATURDAY.</p>`,
			`\n<figure><img src=\"m.jpg\" alt=\"A stall with apples\" \/><figcaption>Apples &amp; pears<\/figcaption><\/figure>`, `\n<figure><img src=\"m.jpg\" alt=\"A STALL WITH APPLES\" /><figcaption>APPLES &amp; PEARS</figcaption></figure>`,
			`<p>The market opens.<\/p>`, `<p>THE MARKET OPENS.</p>`, `"Spring market"`, `"SPRING MARKET"`,
		}, ""},
	} {
		source := read(t, c.path)
		got, d, ids := upper(t, c.path, source, c.locale)
		if len(d.Units) != c.units || d.Meta["title"] != c.title || strings.Join(ids, " ") != c.diagnostics {
			t.Errorf("%s: %d units, title %q, %v", c.path, len(d.Units), d.Meta["title"], ids)
		}
		if want := replace(source, c.want...); got != want {
			t.Errorf("%s: %v", c.path, formattest.Difference([]byte(want), []byte(got)))
		}
	}
	// The source's own edition keeps what it says of its language.
	if got, _, _ := upper(t, "wordpress.json", `[{"lang": "en_US", "title": {"rendered": "A"}}]`, "en"); !strings.Contains(got, "en_US") {
		t.Error(got)
	}
	// A member of another locale makes room, wherever it is.
	for in, want := range map[string]string{
		`{"entries": [{"fields": {"title": {"de":"x" , "en-US": "A"}}}]}`:            `{"entries": [{"fields": {"title": { "de": "A"}}}]}`,
		`{"entries": [{"fields": {"title": {"en-US": "A", "de": "x", "fr": "y"}}}]}`: `{"entries": [{"fields": {"title": {"de": "A", "fr": "y"}}}]}`,
		`{"entries": [{"fields": {"title": {"en-US": "A"}}}]}`:                       `{"entries": [{"fields": {"title": {"de": "A"}}}]}`,
	} {
		if got, _, _ := upper(t, "contentful.json", in, "de"); got != want {
			t.Errorf("of %s: got %s, want %s", in, got, want)
		}
	}
}

func TestDiagnosed(t *testing.T) {
	for _, c := range []struct{ path, data, id, place string }{
		{"a.json", `{"text": "One", "text": "Two"}`, "json.duplicate", "a.json:1:17"},
		{"a.json", `{"text": "Half \ud800 pair"}`, "json.string", "a.json:1:11"},
		{"a.json", "{\n \"text\": x}", "json.syntax", "a.json:2:10"},
		{"a.json", strings.Repeat("[", 100_000), "json.syntax", "a.json:1:1001"},
		{"a.json", strings.Repeat(`{"text":`, 100_000), "json.syntax", "a.json:1:8001"},
		{"a.json", "\xff", "json.syntax", "a.json:1:1"},
		{"a.json", `{} {}`, "json.syntax", "a.json:1:4"},
		{"a.json", `{"a": "no pointer leads here"}`, "json.no-text", "a.json"},
		{"a.txt", `{}`, "json.rule", "a.txt"},
	} {
		_, ds := newFormat().Split(c.path, []byte(c.data))
		if len(ds) != 1 || ds[0].ID != c.id || ds[0].Place.String() != c.place {
			t.Errorf("%.40q: %v", c.data, ds)
		}
	}
}

func TestParsePointer(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "/": "<>", "/a/b": "<a><b>", "/a~1b/~0c": "<a/b><~c>", "/*/**/{en}": "<*><**><{en}>", "/~01": "<~1>",
		"a": "error", "/~": "error", "/a~2": "error", strings.Repeat("/a", 101): "error",
	} {
		p, err := ParsePointer(text)
		got := "error"
		if err == nil {
			got = ""
			for _, token := range p {
				got += "<" + token + ">"
			}
		}
		if got != want {
			t.Errorf("ParsePointer(%q) = %s, %v; want %s", text, got, err, want)
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add([]byte(several), uint64(1))
	f.Add([]byte(read(f, "contentful.json")), uint64(2))
	f.Add([]byte(`{"text":"\uDEAD a","html":"\u003cp\u003eHi\ud83d\ude00<p>","a":[{"text":"x\\","id":{}}],"language":"_"}`), uint64(3))
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		for _, path := range []string{"a.json", "contentful.json"} {
			d, err := formattest.Check(newFormat(), path, data, formattest.Random(seed))
			if err != nil {
				t.Fatal(err)
			}
			if len(d.Units) == 0 {
				continue
			}
			// An edition is JSON again, with the same units.
			f := newFormat()
			d.Locale = "en"
			out, _ := f.Assemble(d, formattest.Fill(d, formattest.Upper), &bitext.EditionMeta{Locale: "de"})
			if e, ds := f.Split(path, out); len(e.Units) == 0 && len(ds) > 0 && ds[0].ID == "json.syntax" {
				t.Fatalf("of %q: %q %v", data, out, ds)
			}
		}
	})
}

func BenchmarkSplit(b *testing.B) {
	// A large file of which little is text: the rest needs no memory.
	data := []byte(`{"numbers": [` + strings.Repeat("[1, {\"a\": null}, \"b\"],", 100_000) + `0], "list": [{"text": "One"}]}`)
	f := newFormat()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if d, _ := f.Split("strapi.json", data); len(d.Units) != 0 {
			b.Fatal("it has text")
		}
	}
}
