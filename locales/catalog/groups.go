package catalog

import (
	"maps"
	"path"
	"slices"
	"strings"

	"hexapla/locales"
	"hexapla/pipeline/report"
)

// Groups returns the files of each program in a folder with several: each folder that
// has a catalog of the source locale is one, with the files that are nearest to it.
// Programs may use the same ids, and need not have the same locales. A file belongs to
// the folder that its own has the longest path in common with.
func Groups(files Files, source string) []Files {
	if c, err := locales.Canonical(source); err == nil {
		source = c
	}
	var roots []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !IsMessageFile(name) {
			continue
		}
		if prefix, locale, err := FileLocale(name); err == nil && locale == source && prefix != "translate" && !slices.Contains(roots, path.Dir(name)) {
			roots = append(roots, path.Dir(name))
		}
	}
	if len(roots) < 2 {
		return []Files{files}
	}
	out := make([]Files, len(roots))
	for name, data := range files {
		best, longest := 0, -1
		for i, root := range roots {
			if n := commonFolders(path.Dir(name), root); n > longest {
				best, longest = i, n
			}
		}
		if out[best] == nil {
			out[best] = Files{}
		}
		out[best][name] = data
	}
	return out
}

// commonFolders returns how many folders two paths have in common from the top; one
// more if they are the same.
func commonFolders(a, b string) int {
	x, y := strings.Split(a, "/"), strings.Split(b, "/")
	n := 0
	for n < len(x) && n < len(y) && x[n] == y[n] {
		n++
	}
	if a == b {
		n++
	}
	return n
}

// SumStats returns the completeness of several Sets together, by locale. It is empty
// if nothing could be counted in one of them.
func SumStats(sets []*Set) []report.Completeness {
	if len(sets) == 1 {
		return Stats(sets[0])
	}
	byLocale := map[string]*report.Completeness{}
	for _, s := range sets {
		stats := Stats(s)
		if stats == nil {
			return nil
		}
		for _, c := range stats {
			sum := byLocale[c.Locale]
			if sum == nil {
				sum = &report.Completeness{Locale: c.Locale, Name: c.Name}
				byLocale[c.Locale] = sum
			}
			sum.Total, sum.Done, sum.Stale = sum.Total+c.Total, sum.Done+c.Done, sum.Stale+c.Stale
			sum.Review, sum.Missing, sum.Words = sum.Review+c.Review, sum.Missing+c.Missing, sum.Words+c.Words
		}
	}
	var out []report.Completeness
	for _, tag := range slices.Sorted(maps.Keys(byLocale)) {
		out = append(out, *byLocale[tag])
	}
	return out
}
