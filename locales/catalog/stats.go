package catalog

import (
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"hexapla/locales"
	"hexapla/pipeline/report"
)

// Stats counts how complete each locale is, beside its source: a message is
// done when it, or a parent locale's, has text in every plural form that the
// locale needs for numbers below a million. Without a source that can be read
// nothing can be counted, and the result is empty.
func Stats(s *Set) []report.Completeness {
	if s.SourceProblem() != "" {
		return nil
	}
	src := s.Catalogs[s.Source]
	var tags []string
	for tag := range s.Catalogs {
		if !IsPseudo(tag) {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	hashes := make([]string, len(src.IDs))
	for i, id := range src.IDs {
		hashes[i] = src.Messages[id].SourceHash()
	}
	out := make([]report.Completeness, len(tags))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, tag := range tags {
		g.Go(func() error {
			own := append([]*Catalog{s.Catalogs[tag]}, s.Parents(tag)...)
			st := report.Completeness{Locale: tag, Name: locales.EnglishName(tag)}
			categories := slices.DeleteFunc(locales.PluralCategories(tag), func(c string) bool { return c == "many" && locales.RarePlural(tag, c) })
			for k, id := range src.IDs {
				from := src.Messages[id]
				if from.IsEmpty() {
					continue
				}
				st.Total++
				var m *Message
				for _, c := range own {
					if m == nil || m.IsEmpty() {
						m = c.Messages[id]
					}
				}
				if m == nil || m.IsEmpty() || from.IsPlural() && slices.ContainsFunc(categories, func(c string) bool { return m.Form(c) == "" }) || !from.IsPlural() && m.Other == "" {
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
			return nil
		})
	}
	_ = g.Wait()
	return out
}
