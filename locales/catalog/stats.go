package catalog

import (
	"slices"
	"strings"

	"hexapla/locales"
	"hexapla/pipeline/report"
)

// Stats counts how complete each locale is, beside its source: a message is
// done when it, or a parent locale's, has text in every plural form that the
// locale needs for numbers below a million.
func Stats(s *Set) []report.Completeness {
	src := s.Catalogs[s.Source]
	if src == nil {
		return nil
	}
	var tags []string
	for tag := range s.Catalogs {
		if !pseudoLocale(tag) {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	hashes := make([]string, len(src.IDs))
	for i, id := range src.IDs {
		hashes[i] = Hash(&src.Messages[id].Entry)
	}
	out := make([]report.Completeness, len(tags))
	parallel(len(tags), func(i int) {
		tag := tags[i]
		own := append([]*Catalog{s.Catalogs[tag]}, s.above(tag)...)
		st := report.Completeness{Locale: tag, Name: locales.EnglishName(tag)}
		categories := slices.DeleteFunc(locales.PluralCategories(tag), func(c string) bool { return c == "many" && rareMany(tag) })
		for k, id := range src.IDs {
			from := src.Messages[id]
			if from.empty() {
				continue
			}
			st.Total++
			var m *Message
			for _, c := range own {
				if m == nil || m.empty() {
					m = c.Messages[id]
				}
			}
			if m == nil || m.empty() || from.plural() && slices.ContainsFunc(categories, func(c string) bool { return m.Form(c) == "" }) || !from.plural() && m.Other == "" {
				st.Missing++
				st.Words += len(strings.Fields(from.Other))
				continue
			}
			st.Done++
			if m.NeedsReview {
				st.Review++
			}
			if tag != s.Source && m.Hash != "" && m.Hash != hashes[k] {
				st.Stale++
			}
		}
		out[i] = st
	})
	return out
}
