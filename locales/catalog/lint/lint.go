package lint

import (
	"maps"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"hexapla/locales"
	"hexapla/locales/catalog"
	"hexapla/locales/catalog/rule"
	"hexapla/pipeline/diag"
)

// Options are the settings of a check.
type Options struct {
	Locales        []string // to check; empty for every one that has a catalog. One without a catalog is a finding.
	AllowFunctions []string // template functions that the project has beside message.Functions
	AllowIf        bool     // {{if}} … {{else}} … {{end}} in templates is no finding
	SameAsSource   []string // ids of messages that may equal their source: names, "OK"

	// SeemsIn returns the tag of the language of the same script that a text seems to be
	// in, if that is another one than the locale's; words of the source do not count. With
	// nil, languages of one script are not told apart.
	SeemsIn func(locale, source, text string) (language string, sure bool)
}

// Check checks every message of every locale against its source and returns the
// diagnostics in their one order (diag.Sort). It does not change the Set, so that
// several goroutines may check one Set.
//
// Without a source that can be read nothing is known to be missing, extra or
// stale: one finding says so, and translations are checked by themselves.
func Check(s *catalog.Set, opt Options) []diag.Diagnostic {
	tags, ds := locale(s, opt)
	source := s.Catalogs[s.Source]
	if reason := s.SourceProblem(); reason != "" {
		id := "catalog.source"
		if source == nil {
			id = "catalog.missing-locale"
		}
		ds = append(ds, rule.Finding(id, sourcePlace(s), sourceHint(s), "%s", reason))
	}
	if source == nil {
		source = &catalog.Catalog{Locale: s.Source}
	}
	sources := &sourceMessages{parsed: make(map[string]*parsedMessage, len(source.IDs))}
	// The source first: translations are compared with its templates.
	ch := newChecker(s, sources, source, opt)
	for _, id := range source.IDs {
		sources.parsed[id] = ch.parse(source.Messages[id])
	}
	ds = append(ds, ch.otherPlaceholders()...)
	sources.commonWords, sources.copied = commonWords(sources.parsed), mostlyCopied(s)
	sources.kept, sources.languageNames = leftAsTheyAre(s), ownLanguageNames(s)
	sources.properNames, sources.endings = properNames(sources), howTheyEnd(s)
	sources.noHashes = noHashes(s)
	if sources.noHashes && s.SourceProblem() == "" {
		ds = append(ds, rule.Finding("catalog.hash", sourcePlace(s), "'hexapla catalog sync' writes them", "no translation has a hash: changes of a source cannot be found"))
	}
	ds = append(ds, ch.run()...)
	results := make([][]diag.Diagnostic, len(tags))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, tag := range tags {
		if tag != s.Source {
			g.Go(func() error {
				results[i] = newChecker(s, sources, s.Catalogs[tag], opt).run()
				return nil
			})
		}
	}
	_ = g.Wait()
	for _, r := range results {
		ds = append(ds, r...)
	}
	diag.Sort(ds)
	return ds
}

// noHashes reports whether several files have translations, and none of them the hash
// of its source: one finding says so for all.
func noHashes(s *catalog.Set) bool {
	files := map[string]bool{}
	for tag, c := range s.Catalogs {
		if tag == s.Source || catalog.IsPseudo(tag) {
			continue
		}
		for _, m := range c.Messages {
			if m.Hash != "" {
				return false
			}
			if !m.IsEmpty() {
				files[m.Path] = true
			}
		}
	}
	return len(files) > 1
}

// locale returns the locales to check, and a finding for each that is asked for
// and has no catalog.
func locale(s *catalog.Set, opt Options) (tags []string, ds []diag.Diagnostic) {
	tags = slices.Sorted(maps.Keys(s.Catalogs))
	if len(opt.Locales) > 0 {
		var asked []string
		for _, l := range opt.Locales {
			c, err := locales.Canonical(l)
			if err != nil {
				continue
			}
			asked = append(asked, c)
			if s.Catalogs[c] == nil && len(s.Parents(c)) == 0 {
				ds = append(ds, rule.Finding("catalog.missing-locale", diag.Place{Locale: c}, "add active."+c+".toml", "locale has no catalog"))
			}
		}
		tags = slices.DeleteFunc(tags, func(tag string) bool { return tag != s.Source && !slices.Contains(asked, tag) })
	}
	return slices.DeleteFunc(tags, catalog.IsPseudo), ds
}

// sourcePlace returns the place of the source's first file.
func sourcePlace(s *catalog.Set) diag.Place {
	place := diag.Place{Locale: s.Source}
	if c := s.Catalogs[s.Source]; c != nil && len(c.Paths) > 0 {
		place.Path = c.Paths[0]
	}
	return place
}

func sourceHint(s *catalog.Set) string {
	switch c := s.Catalogs[s.Source]; {
	case c != nil && c.Unreadable:
		return "correct the errors in its files first"
	case c != nil:
		return "restore the source messages"
	}
	add := "add active." + s.Source + ".toml"
	if len(s.Catalogs) == 0 {
		return add + "; files named translate.LOCALE are lists of work to do and no catalogs"
	}
	return add + ", or name the source locale, which may be one of " + strings.Join(slices.Sorted(maps.Keys(s.Catalogs)), ", ")
}
