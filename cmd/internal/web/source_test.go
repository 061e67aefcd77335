package web

import (
	"net/http"
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
