package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"hexapla/pipeline/diag"
)

// maxArticles is the number of articles that the table of an HTML report has. Articles
// with errors are always in it.
const maxArticles = 1000

// htmlBoard is the table of articles by locales.
type htmlBoard struct {
	Locales []string
	Rows    []htmlRow
	Left    int // articles that are not in it
}

type htmlRow struct {
	Path  string
	Cells []htmlCell
}

// htmlCell is an edition. Class is its status.
type htmlCell struct {
	Locale, Class, Text, Title string
	Errors                     int
}

// signs are the marks of the statuses of editions.
var signs = map[string]string{"finished": "✓", "source": "✓", "edited": "✓", "unfinished": "●", "machine": "●", "outdated": "○", "withheld": "–"}

// board returns the table of the articles, nil for a report without any.
func (r *Report) board() *htmlBoard {
	if len(r.Articles) == 0 {
		return nil
	}
	b := &htmlBoard{}
	column := map[string]int{}
	for _, a := range r.Articles {
		for _, e := range a.Editions {
			if _, ok := column[e.Locale]; !ok {
				column[e.Locale] = 0
				b.Locales = append(b.Locales, e.Locale)
			}
		}
	}
	slices.Sort(b.Locales)
	for i, l := range b.Locales {
		column[l] = i
	}
	// Findings have paths from the current folder, articles those in the project.
	errors := map[[2]string]int{}
	for _, d := range r.Diagnostics {
		if d.Severity == diag.Error {
			errors[[2]string{d.Place.Path, d.Place.Locale}]++
		}
	}
	broken := map[string]bool{}
	for _, a := range r.Articles {
		row := htmlRow{a.Path, make([]htmlCell, len(b.Locales))}
		for i, l := range b.Locales {
			row.Cells[i] = htmlCell{Locale: l, Title: l + ": no edition"}
		}
		for _, e := range a.Editions {
			n := errors[[2]string{a.Path, e.Locale}]
			if n > 0 {
				broken[a.Path] = true
			}
			share := strconv.Itoa(int(Completeness{Total: e.Total, Done: e.Done}.Percent())) + "%"
			c := htmlCell{Locale: e.Locale, Class: e.Status, Text: signs[e.Status] + " " + share, Errors: n,
				Title: fmt.Sprintf("%s: %s, %d of %d segments ready", e.Locale, e.Status, e.Done, e.Total)}
			if n > 0 {
				c.Title += ", " + count(n, "error")
			}
			row.Cells[column[e.Locale]] = c
		}
		b.Rows = append(b.Rows, row)
	}
	slices.SortStableFunc(b.Rows, func(x, y htmlRow) int { return cmp.Compare(x.Path, y.Path) })
	if len(b.Rows) > maxArticles {
		sound := maxArticles - len(broken)
		kept := slices.DeleteFunc(slices.Clone(b.Rows), func(row htmlRow) bool {
			if broken[row.Path] {
				return false
			}
			sound--
			return sound < 0
		})
		b.Left, b.Rows = len(b.Rows)-len(kept), kept
	}
	return b
}
