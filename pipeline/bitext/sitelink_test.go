package bitext

import "testing"

func TestLinkTo(t *testing.T) {
	m := &EditionMeta{
		Locale: "uk", URL: "https://example.org/uk/briefs/b.html", Site: &SitePage{Path: "briefs/b.html", File: "briefs/б.html"},
		Link: func(path string) (Link, bool) {
			switch path {
			case "briefs/c.html", "a b.html", "x/index.html":
				return Link{Path: path, URL: "https://example.org/uk/" + path, File: path}, true
			case "x/":
				return Link{Path: "x/index.html", URL: "https://example.org/uk/x/index.html", File: "x/index.html"}, true
			case "moved.html":
				return Link{Path: path, URL: "https://example.org/uk/нове.html", File: "нове.html"}, true
			case "ru.html":
				return Link{Path: path, URL: "https://example.org/ru/ru.html", File: path, Locale: "ru"}, true
			case "de.html":
				return Link{Path: path, URL: "https://de.example/de.html", File: path, Locale: "de"}, true
			case "none.html":
				return Link{Path: path}, true
			}
			return Link{}, false
		},
	}
	prefixes := []string{"https://example.org/en/", "//example.org/en/", "/en/"}
	for _, x := range []struct{ address, to, locale string }{
		{"c.html", "c.html", ""},
		{"c.html?q#f", "c.html?q#f", ""},
		{"../a%20b.html", "../a%20b.html", ""},
		{"../moved.html#f", "../%D0%BD%D0%BE%D0%B2%D0%B5.html#f", ""},
		{"../ru.html", "/ru/ru.html", "ru"},
		{"../de.html", "https://de.example/de.html", "de"},
		{"/en/ru.html?a=b", "/ru/ru.html?a=b", "ru"},
		{"/en/de.html", "https://de.example/de.html", "de"},
		{"https://example.org/en/moved.html", "https://example.org/uk/нове.html", ""},
		{"//example.org/en/ru.html", "https://example.org/ru/ru.html", "ru"},
		{"../x/", "../x/", ""},
		{"../none.html", "", ""}, {"../../moved.html", "", ""}, {"other.html", "", ""}, {"", "", ""}, {"#f", "", ""},
		{"mailto:a@example.org", "", ""}, {"javascript:c.html", "", ""}, {"%zz.html", "", ""}, {"/ru/ru.html", "", ""}, {"{{url}}", "", ""},
	} {
		to, locale, ok := m.LinkTo(x.address, prefixes)
		if to != x.to || locale != x.locale || ok != (x.to != "") {
			t.Errorf("%s: %q, %q, %v; want %q, %q", x.address, to, locale, ok, x.to, x.locale)
		}
	}
}

func TestRelative(t *testing.T) {
	for _, x := range []struct{ dir, file, want string }{
		{".", "a.html", "a.html"}, {"x", "a.html", "../a.html"}, {"x", "x/a.html", "a.html"}, {"x/y", "x/z/a.html", "../z/a.html"},
		{".", "a:b.html", "./a:b.html"}, {".", "x/a:b", "x/a:b"}, {"x", "x", "../x"},
	} {
		if got := relative(x.dir, x.file); got != x.want {
			t.Errorf("relative(%q, %q) = %q, want %q", x.dir, x.file, got, x.want)
		}
	}
}
