package web

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSourceLanguages reviews articles in several languages: each is translated into the
// others, that of the project too, and files for translators have one source language.
func TestSourceLanguages(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "hexapla.toml"), "[project]\nlocales = [\"en\", \"de\", \"uk\"]\n")
	writeFile(t, filepath.Join(dir, "articles", "london.html"), "<html lang=en-GB><title>Roads</title><p>The minister said that the roads would be open again soon.</p></html>")
	writeFile(t, filepath.Join(dir, "articles", "berlin.html"), "<html lang=de-DE><title>Steuern</title><p>Die Regierung hat erklärt, dass sie die Steuern nicht erhöhen wird.</p></html>")
	s := serveFolder(t, dir, nil).enter().waitBoard()
	board := s.get("/")
	contains(t, board, `<span class="name" lang="de" dir="ltr">Steuern</span>`, `<span class="muted">German</span>`, `<span class="name" lang="en" dir="ltr">Roads</span>`,
		`href="/a/en/articles/berlin.html"`, `href="/a/de/articles/london.html"`)
	for _, original := range []string{"/a/de/articles/berlin.html", "/a/en/articles/london.html"} {
		if strings.Contains(board, `href="`+original+`"`) {
			t.Errorf("the board leads to the original %s", original)
		}
		if code, _, _ := s.do("GET", original, nil); code != http.StatusNotFound {
			t.Errorf("GET %s: %d", original, code)
		}
	}
	contains(t, s.get("/a/en/articles/berlin.html"), `<h1 lang="de" dir="ltr">Steuern</h1>`)
	contains(t, s.get("/api/v1/board"), `"sourceLocale":"de"`)
	contains(t, s.get("/files"), "German → English", "/download/uk?source=de&amp;format=po")
	for _, c := range []struct {
		query string
		code  int
		want  string
	}{
		{"uk?format=po&source=de", http.StatusOK, "X-Source-Language: de"},
		{"uk?format=po&source=en", http.StatusOK, "X-Source-Language: en"},
		{"en?format=po", http.StatusOK, "X-Source-Language: de"},
		{"uk?format=po", http.StatusBadRequest, "en, de"},
		{"uk?format=csv", http.StatusOK, "Steuern"},
		{"uk?format=xliff", http.StatusOK, `source-language="de"`},
	} {
		code, file, _ := s.do("GET", "/download/"+c.query, nil)
		if code != c.code || !strings.Contains(file, c.want) {
			t.Errorf("download %s: %d\n%s", c.query, code, file)
		}
	}
}

// TestTermsOfSourceLanguages adds terms for articles in another language than the
// project's, into the project's too.
func TestTermsOfSourceLanguages(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "hexapla.toml"), "[project]\nlocales = [\"en\", \"de\", \"uk\"]\n[glossary]\nfiles = [\"glossary/*.csv\"]\n")
	writeFile(t, filepath.Join(dir, "glossary", "terms.csv"), "concept,locale,term,status\nbank,en,bank,preferred\nbank,uk,банк,preferred\nland,de,Bundesland,preferred\nland,uk,земля,preferred\n")
	writeFile(t, filepath.Join(dir, "articles", "london.html"), "<html lang=en-GB><title>Roads</title><p>The minister said that the Regierung would open the roads again soon.</p></html>")
	writeFile(t, filepath.Join(dir, "articles", "berlin.html"), "<html lang=de-DE><title>Steuern</title><p>Die Regierung hat erklärt, dass sie die Steuern nicht erhöhen wird.</p></html>")
	s := serveFolder(t, dir, nil).enter().waitBoard()
	contains(t, s.get("/terms?locale=uk"), `<option value="en" selected>English</option>`, `<option value="de">German</option>`, "bank")
	contains(t, s.get("/terms?locale=uk&from=de"), `<option value="de" selected>`, `name="from" value="de"`, "Bundesland", "from=de")
	contains(t, s.get("/terms?locale=en&from=en"), `<option value="en" selected>English</option>`, `lang="de" dir="ltr"`) // the locale was chosen in the form

	// The word is in an English article, too, which has the terms of another language.
	code, page := s.post("/terms", "locale", "uk", "from", "de", "source", "Regierung", "target", "уряд", "impact", "1")
	if code != http.StatusOK || strings.Contains(page, "london.html") {
		t.Errorf("%d %s", code, page)
	}
	contains(t, page, "berlin.html")
	if code, page := s.post("/terms", "locale", "uk", "from", "de", "source", "Regierung", "target", "уряд", "status", "preferred"); code != http.StatusOK {
		t.Fatalf("%d %s", code, page)
	}
	var saved apiTermSaved
	if code := s.api("PUT", "/terms/en", apiTermEdit{Source: "Regierung", Target: "government"}, &saved); code != http.StatusOK || !saved.Stored {
		t.Fatalf("%d %+v", code, saved)
	}
	file, err := os.ReadFile(filepath.Join(dir, "glossary", "review.csv"))
	if err != nil {
		t.Fatal(err)
	}
	contains(t, string(file), "Regierung,de,Regierung", "Regierung,uk,уряд", "Regierung,en,government")
	var terms apiTerms
	if code := s.api("GET", "/terms/en?from=de&q=Regierung", nil, &terms); code != http.StatusOK || len(terms.Concepts) != 1 || terms.Concepts[0].Source[0].Text != "Regierung" || terms.Concepts[0].Target[0].Text != "government" {
		t.Errorf("%d %+v", code, terms)
	}
	for locale, from := range map[string]string{"uk": "pl", "de": "de"} {
		if code, page := s.post("/terms", "locale", locale, "from", from, "source", "a", "target", "b"); code != http.StatusBadRequest || !strings.Contains(page, "No article is translated from "+from) {
			t.Errorf("into %s from %s: %d %s", locale, from, code, page)
		}
		if code := s.api("PUT", "/terms/"+locale, apiTermEdit{Source: "a", From: from, Target: "b"}, nil); code != http.StatusBadRequest {
			t.Errorf("API, into %s from %s: %d", locale, from, code)
		}
	}
}
