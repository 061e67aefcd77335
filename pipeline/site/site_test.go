package site

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"hexapla/pipeline/bitext"
)

func TestHreflang(t *testing.T) {
	for _, x := range []struct{ locale, want string }{
		{"fa-AF", "fa-AF"}, {"sr-Latn", "sr-Latn"}, {"uz-Cyrl", "uz-Cyrl"}, {"sr-ME", "sr-ME"}, {"zh-Hant-TW", "zh-Hant-TW"},
		{"crh-Latn", "crh-Latn"}, {"ca-valencia", "ca"}, {"es-419", "es"}, {"de-u-co-phonebk", "de"}, {"en-XA", ""}, {"und", ""}, {"", ""},
		{"iw", "he"}, {"no such tag", ""},
	} {
		got, ok := Hreflang(x.locale)
		if got != x.want || ok != (x.want != "") {
			t.Errorf("Hreflang(%q) = %q, %v; want %q", x.locale, got, ok, x.want)
		}
		if ok {
			if wrong := ValidHreflang(got); wrong != "" {
				t.Errorf("%s: %s", got, wrong)
			}
		}
	}
}

func TestValidHreflang(t *testing.T) {
	for _, x := range []struct{ value, want string }{
		{"x-default", ""}, {"X-Default", ""}, {"en", ""}, {"EN-us", ""}, {"zh-Hans", ""}, {"zh-Hant-HK", ""}, {"crh", ""},
		{"", "is empty"}, {"us", "is a region without a language"}, {"en-UK", "has the region UK; the United Kingdom is GB"},
		{"en_GB", "has an underscore; write en-GB"}, {"es-419", "has a part that search engines do not accept: 419"},
		{"en-US-posix", "has a part that search engines do not accept: posix"}, {"english", "does not begin with a language of ISO 639"},
		{"xqz", "has a language that ISO 639 does not have"}, {"und", "names no language"}, {"en-Xxxx", "has a script that ISO 15924 does not have"},
		{"en-QQ", "has a region that ISO 3166-1 does not have"},
	} {
		if got := ValidHreflang(x.value); got != x.want {
			t.Errorf("ValidHreflang(%q) = %q, want %q", x.value, got, x.want)
		}
	}
}

// All pages of a cluster name the same ones, whatever their order.
func TestCluster(t *testing.T) {
	all := []bitext.Alternate{{Locale: "es-419", URL: "/es-419"}, {Locale: "es", URL: "/es"}, {Locale: "sr-ME", URL: "/sr-ME"}, {Locale: "en-XA", URL: "/x"}, {Locale: "ru"}}
	want := []bitext.Alternate{{Locale: "es", URL: "/es"}, {Locale: "sr-ME", URL: "/sr-ME"}}
	if got := Cluster(all); !reflect.DeepEqual(got, want) {
		t.Errorf("Cluster: %v, want %v", got, want)
	}
	all[0], all[1] = all[1], all[0]
	if got := Cluster(all); !reflect.DeepEqual(got, want) {
		t.Errorf("Cluster of another order: %v, want %v", got, want)
	}
}

func TestParseBase(t *testing.T) {
	for _, x := range []struct {
		base string
		ok   bool
		root string
	}{
		{"https://example.org/{locale}/{path}", true, "https://example.org/"},
		{"https://example.org/news/{locale}/{path}", true, "https://example.org/news/"},
		{"https://example.org/{path}?lang={locale}", true, "https://example.org/"},
		{"https://{locale}.example.org/{path}", true, ""},
		{"https://example.org:8080/{locale}/{path}", true, "https://example.org:8080/"},
		{"//example.org/{locale}/{path}", false, ""},
		{"/{locale}/{path}", false, ""},
		{"ftp://example.org/{locale}/{path}", false, ""},
		{"https:///{locale}/{path}", false, ""},
		{"https://exa mple.org/{locale}/{path}", false, ""},
		{"https://[::1/{locale}/{path}", false, ""},
		{"https://a:b@example.org/{locale}/{path}", false, ""},
		{"https://example.org/{locale}#{path}", false, ""},
		{"https://example.org/%zz/{locale}/{path}", false, ""},
	} {
		err := ParseBase(x.base)
		if (err == nil) != x.ok {
			t.Errorf("ParseBase(%q) = %v", x.base, err)
		}
		if err == nil {
			if got := Root(x.base); got != x.root {
				t.Errorf("Root(%q) = %q, want %q", x.base, got, x.root)
			}
		}
	}
}

func TestASCIIBase(t *testing.T) {
	for _, x := range [][2]string{
		{"https://Example.org/{locale}/{path}", "https://Example.org/{locale}/{path}"}, {"", ""}, {"/н/{path}", "/н/{path}"},
		{"https://Пример.example:8443/новости/{locale}/{path}?q=я", "https://xn--e1afmkfd.example:8443/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/{locale}/{path}?q=%D1%8F"},
		{"https://{locale}.пример.example/{path}", "https://{locale}.xn--e1afmkfd.example/{path}"},
	} {
		if got := ASCIIBase(x[0]); got != x[1] {
			t.Errorf("ASCIIBase(%q) = %q, want %q", x[0], got, x[1])
		}
	}
}

func TestParseDate(t *testing.T) {
	kyiv, err := time.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ text, want string }{
		{"2026-12-01T09:00:00Z", "2026-12-01T09:00:00Z"}, {"2026-12-01T09:00:00+02:00", "2026-12-01T07:00:00Z"},
		{"2026-12-01", "2026-11-30T22:00:00Z"}, {"2026-07-01T09:00", "2026-07-01T06:00:00Z"}, {" 2026-12-01 09:00:00.5 ", "2026-12-01T07:00:00Z"},
		{"tomorrow", ""}, {"2026-02-30", ""}, {"", ""}, {"2026-12-01T25:00:00Z", ""},
	} {
		got, ok := ParseDate(x.text, kyiv)
		if text := got.Format(time.RFC3339); ok != (x.want != "") || ok && text != x.want {
			t.Errorf("ParseDate(%q) = %s, %v; want %q", x.text, text, ok, x.want)
		}
	}
}

// encodePages returns what WritePages writes.
func encodePages(locale string, pages []*Page) ([]byte, error) {
	var b bytes.Buffer
	err := WritePages(&b, locale, slices.Values(pages))
	return b.Bytes(), err
}

// parsePages returns what ReadPages reads.
func parsePages(locale string, data []byte) (pages []*Page, err error) {
	err = ReadPages(locale, iotest.OneByteReader(bytes.NewReader(data)), func(p *Page) { pages = append(pages, p) })
	return pages, err
}

// A date that clocks show twice, or not at all, is two moments.
func TestMoments(t *testing.T) {
	for _, x := range []struct{ zone, text, first, last string }{
		{"Europe/Kyiv", "2026-07-01T09:00", "2026-07-01T06:00:00Z", "2026-07-01T06:00:00Z"},
		{"Europe/Kyiv", "2026-03-29 03:30", "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"}, // clocks go from 3 to 4
		{"Europe/Kyiv", "2026-03-29 02:59:59", "2026-03-29T00:59:59Z", "2026-03-29T00:59:59Z"},
		{"Europe/Kyiv", "2026-03-29 04:00", "2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z"},
		{"Europe/Kyiv", "2026-10-25T03:30", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"}, // and from 4 to 3
		{"America/New_York", "2026-03-08T02:30", "2026-03-08T06:30:00Z", "2026-03-08T07:30:00Z"},
		{"America/New_York", "2026-11-01T01:30", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"},
		{"Africa/Cairo", "2026-04-24", "2026-04-23T21:00:00Z", "2026-04-23T22:00:00Z"}, // a day without midnight
		{"Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"},
		{"Asia/Kathmandu", "2026-01-01", "2025-12-31T18:15:00Z", "2025-12-31T18:15:00Z"}, {"Pacific/Kiritimati", "2026-01-01", "2025-12-31T10:00:00Z", "2025-12-31T10:00:00Z"},
		{"Pacific/Apia", "2011-12-30", "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z"}, // a day that there was not
		{"America/New_York", "2026-11-01T01:30-05:00", "2026-11-01T06:30:00Z", "2026-11-01T06:30:00Z"},
	} {
		zone, err := time.LoadLocation(x.zone)
		if err != nil {
			t.Fatal(err)
		}
		first, last, err := ParseMoment(x.text, zone)
		if f, l := first.Format(time.RFC3339), last.Format(time.RFC3339); err != nil || f != x.first || l != x.last {
			t.Errorf("%s in %s: %s, %s, %v; want %s, %s", x.text, x.zone, f, l, err, x.first, x.last)
		}
	}
	if _, _, err := ParseMoment("2026-07-01T09:00", nil); err == nil {
		t.Error("a date without a zone is accepted")
	}
}

func TestPages(t *testing.T) {
	at := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	for _, x := range []struct {
		pages []*Page
		want  string
	}{
		{nil, "{\n  \"version\": 1,\n  \"locale\": \"fa\",\n  \"pages\": []\n}\n"},
		{[]*Page{{Path: "a.html", Title: "<آ> & \u2028", First: at, Modified: at}, {Path: "b/c.md", File: "b/x.md", Former: []string{"b/y.md"}, First: at, Modified: at}}, `{
  "version": 1,
  "locale": "fa",
  "pages": [
    {"path":"a.html","source":"","sourceSHA256":"","text":"","status":"","title":"<آ> & \u2028","published":"2026-12-01T09:00:00Z","modified":"2026-12-01T09:00:00Z"},
    {"path":"b/c.md","file":"b/x.md","former":["b/y.md"],"source":"","sourceSHA256":"","text":"","status":"","title":"","published":"2026-12-01T09:00:00Z","modified":"2026-12-01T09:00:00Z"}
  ]
}
`},
	} {
		data, err := encodePages("fa", x.pages)
		if err != nil || string(data) != x.want {
			t.Errorf("%v: got\n%s, want\n%s", err, data, x.want)
		}
		got, err := parsePages("fa", data)
		if err != nil || !reflect.DeepEqual(got, x.pages) {
			t.Errorf("got %+v, %v, want %+v", got, err, x.pages)
		}
	}
	for _, text := range []string{
		"", "{}", "[]", "{", `{"version": 2, "locale": "fa"}`, `{"version": 1, "locale": "ru"}`, `{"version": 1, "locale": "fa"} x`,
		`{"version": 1, "locale": "fa", "pages": [{"path": "b"}, {"path": "a"}]}`, `{"version": 1, "locale": "fa", "pages": [{"path": "b"}`,
		`{"version": 1, "locale": "fa", "pages": [{"path": "a", "file": "../../etc/passwd"}]}`, `{"version": 1, "locale": "fa", "pages": {}}`,
		`{"version": 1, "locale": "fa", "pages": [{"path": "a", "former": ["/etc/passwd"]}]}`, `{"version": 1, "locale": "fa", "pages": [{}]}`,
		`{"pages": [{"path": "a"}], "version": 1, "locale": "fa"}`,
	} {
		if _, err := parsePages("fa", []byte(text)); err == nil || !strings.HasPrefix(err.Error(), "list of pages: ") {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := parsePages("fa", []byte(`{"x": [1], "version": 1, "locale": "fa"}`)); err != nil {
		t.Error(err)
	}
}

func FuzzReadPages(f *testing.F) {
	f.Add([]byte(`{"version": 1, "locale": "fa", "pages": [{"path": "a", "title": "x", "published": "2026-12-01T09:00:00Z", "modified": "2026-12-01T09:00:00Z"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := parsePages("fa", data)
		if err != nil {
			return
		}
		again, err := encodePages("fa", p)
		if err != nil {
			return // a year that JSON cannot have
		}
		if q, err := parsePages("fa", again); err != nil || len(q) != len(p) {
			t.Errorf("%v\n%s", err, again)
		}
	})
}
