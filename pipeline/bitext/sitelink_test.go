package bitext

import "testing"

func TestLinkTo(t *testing.T) {
	m := &EditionMeta{
		Locale: "uk", URL: "https://example.org/uk/briefs/b.html", SourceURL: "https://example.org/en/briefs/b.html", Site: &SitePage{Path: "briefs/b.html", File: "briefs/б.html"},
		Link: func(path string) (Link, bool) {
			switch path {
			case "briefs/c.html", "a b.html", "x/index.html":
				return Link{Path: path, URL: "https://example.org/uk/" + path, File: path}, true
			case "x/":
				return Link{Path: "x/index.html", URL: "https://example.org/uk/x/index.html", File: "x/index.html"}, true
			case "briefs/moved.md":
				return Link{Path: path, URL: "https://example.org/uk/briefs/нове.md", File: "briefs/нове.md"}, true
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
		{"../../en/moved.html", "/uk/%D0%BD%D0%BE%D0%B2%D0%B5.html", ""}, {"../../ru/ru.html", "", ""}, {"/en/x/../ru.html", "/ru/ru.html", "ru"}, {"/en/../ru.html", "", ""},
		{"HTTPS://Example.ORG:443/en/moved.html", "https://example.org/uk/нове.html", ""}, {"//example.org:80/en/a%20b.html", "https://example.org/uk/a b.html", ""},
		{"https://example.org/%65n/ru.html", "https://example.org/ru/ru.html", "ru"}, {"https://example.org:8080/en/ru.html", "", ""}, {"https://example.org.evil.example/en/ru.html", "", ""},
		{"c", "c", ""}, {"c?q#f", "c?q#f", ""}, {"../moved", "../%D0%BD%D0%BE%D0%B2%D0%B5", ""}, {"../ru#f", "/ru/ru#f", "ru"}, {"moved/", "%D0%BD%D0%BE%D0%B2%D0%B5/", ""}, {"/en/ru/", "/ru/ru/", "ru"}, {"../none", "", ""}, {"../other", "", ""},
		{"../none.html", "", ""}, {"../../moved.html", "", ""}, {"other.html", "", ""}, {"", "", ""}, {"#f", "", ""},
		{"mailto:a@example.org", "", ""}, {"javascript:c.html", "", ""}, {"%zz.html", "", ""}, {"/ru/ru.html", "", ""}, {"{{url}}", "", ""},
	} {
		to, locale, ok := m.LinkTo(x.address, prefixes)
		if to != x.to || locale != x.locale || ok != (x.to != "") {
			t.Errorf("%s: %q, %q, %v; want %q, %q", x.address, to, locale, ok, x.to, x.locale)
		}
	}
}

func TestResolve(t *testing.T) {
	for _, x := range []struct{ address, page, want string }{
		{"b.html?q#f", "https://Пример.example:8443/a/c.html", "https://Пример.example:8443/a/b.html?q#f"}, {"../b", "https://x.example/a/c/d", "https://x.example/a/b"},
		{"/b", "https://x.example/a", "https://x.example/b"}, {"//y.example/b", "http://x.example/a", "http://y.example/b"}, {"https://y.example/b", "http://x.example/", "https://y.example/b"},
		{"mailto:a@b", "https://x.example/", "mailto:a@b"}, {"b", "", ""}, {"b", "/a", ""}, {"%zz", "https://x.example/", ""}, {"", "https://x.example/a", "https://x.example/a"},
	} {
		if got, ok := Resolve(x.address, x.page); got != x.want || ok != (x.want != "") {
			t.Errorf("Resolve(%q, %q) = %q, %v, want %q", x.address, x.page, got, ok, x.want)
		}
	}
}

func TestCutAddress(t *testing.T) {
	for _, x := range []struct{ address, prefix, want string }{
		{"https://xn--e1afmkfd.example/en/a.html", "https://Пример.example/en/", "a.html"},
		{"https://ПРИМЕР.example:443/en/%D0%B0/", "https://пример.example/en/", "а/"},
		{"https://пример.example:8443/en/a", "https://xn--e1afmkfd.example:8443/en/", "a"},
		{"https://x.example/новости/en/a", "https://x.example/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/en/", "a"},
		{"https://x.example/%d0%bd/en/", "https://x.example/н/en/", ""},
		{"https://x.example/en/a/../b/./c", "https://x.example/en/", "b/c"},
		{"https://x.example/en/%zz", "https://x.example/en/", "!"}, {"https://x.example/en", "https://x.example/en/", "!"},
		{"https://x.example/", "https://x.example/en/", "!"}, {"http://x.example/en/a", "https://x.example/en/", "!"}, {"a//b", "//b/", "!"},
		{"https://x.example/en/../ru/a", "https://x.example/ru/", "a"}, {"/EN/a", "/en/", "!"}, {"/%65n/a", "/en/", "a"}, {"", "/", "!"},
	} {
		got, ok := CutAddress(x.address, x.prefix)
		if !ok {
			got = "!"
		}
		if got != x.want {
			t.Errorf("CutAddress(%q, %q) = %q, want %q", x.address, x.prefix, got, x.want)
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

func TestLinkOutside(t *testing.T) {
	m := &EditionMeta{
		Locale: "uk", URL: "https://example.org/uk/briefs/b.html", SourceURL: "https://example.org/en/briefs/b.html",
		Link: func(path string) (Link, bool) {
			switch path {
			case "briefs/c.html", "a b.html":
				return Link{Path: path, URL: "https://example.org/uk/" + path, File: path}, true
			case "none.html":
				return Link{Path: path}, true
			}
			return Link{}, false
		},
	}
	prefixes := []string{"https://example.org/en/", "http://example.org/en/", "//example.org/en/", "/en/"}
	for _, x := range []struct{ address, to string }{
		{"https://example.org/en/briefs/c.html?q#f", "https://example.org/uk/briefs/c.html?q#f"}, {"http://Example.org:80/en/briefs/c.html", "https://example.org/uk/briefs/c.html"},
		{"//example.org/en/a%20b.html", "https://example.org/uk/a b.html"}, {"/en/briefs/c.html", "/uk/briefs/c.html"}, {"/en/briefs/../briefs/c.html", "/uk/briefs/c.html"},
		{"../../en/briefs/c.html#f", "/uk/briefs/c.html#f"}, {"../../../en/none.html", "../../../en/none.html"}, {"/en/none.html", "/en/none.html"},
		{"../a%20b.html", ""}, {"../briefs/c.html", ""}, {"c.html", ""}, {"/ru/a", ""}, {"../../ru/a", ""}, {"", ""}, {"#f", ""}, {"%zz", ""}, {"{{url}}", ""}, {"/en/other.html", ""},
	} {
		to, l, ok := m.LinkOutside(x.address, prefixes)
		if to != x.to || ok != (x.to != "") || ok && (l.URL == "") != (x.address == x.to) {
			t.Errorf("%s: %q, %v, %v; want %q", x.address, to, l, ok, x.to)
		}
	}
}
