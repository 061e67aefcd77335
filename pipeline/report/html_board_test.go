package report

import (
	"fmt"
	"strings"
	"testing"

	"hexapla/pipeline/diag"
)

// TestHTMLBoard holds that the table of articles has every article with an error, however
// many there are, and each of their locales.
func TestHTMLBoard(t *testing.T) {
	r := &Report{Title: "Editions"}
	for i := range 3 * maxArticles {
		name := fmt.Sprintf("articles/%05d.md", i)
		r.Articles = append(r.Articles, Article{name, []Edition{{"uk", "finished", 4, 4}, {"ru", "withheld", 4, 1}}})
		if i%7 == 0 && i < 2100 {
			r.Diagnostics = append(r.Diagnostics, diag.Diagnostic{ID: "a.b", Severity: diag.Error, Message: "m", Place: diag.Place{Path: name, Locale: "ru"}})
		}
	}
	b := r.board()
	if len(b.Rows) != maxArticles || b.Left != 2*maxArticles || strings.Join(b.Locales, " ") != "ru uk" {
		t.Errorf("%d rows, %d left, locales %v", len(b.Rows), b.Left, b.Locales)
	}
	errors := 0
	for _, row := range b.Rows {
		errors += row.Cells[0].Errors
	}
	if errors != len(r.Diagnostics) {
		t.Errorf("%d errors in the table, want %d", errors, len(r.Diagnostics))
	}
	var page strings.Builder
	if err := r.HTML(&page); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<th scope="col">ru</th><th scope="col">uk</th>`, `data-path="articles/00007.md" data-locale="ru"`, `– 25%`, `✓ 100%`, "2000 more articles"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page has no %s", want)
		}
	}
	if (&Report{}).board() != nil {
		t.Error("a table without articles")
	}
}
