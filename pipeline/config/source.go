package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"hexapla/locales"
	langtag "hexapla/locales/tag"
)

// Values of Sources.Declared.
const (
	DeclaredLanguages = "languages" // another language, or another script of it, is believed
	DeclaredLocales   = "locales"   // also another locale of the same language that the project builds
	DeclaredOff       = "off"       // nothing is believed
)

// SourceRule gives the articles that one of the globs matches a locale.
type SourceRule struct {
	Articles []string `toml:"articles"`
	Locale   string   `toml:"locale"`
}

// UnusedPatterns returns the globs of the rule that match none of the articles.
func (r *SourceRule) UnusedPatterns(articles []string) (unused []string) {
	for _, p := range r.Articles {
		if !slices.ContainsFunc(articles, func(name string) bool { return matchesAny([]string{p}, name) }) {
			unused = append(unused, p)
		}
	}
	return unused
}

// ErrDeclared reports that the language which an article declares is no language.
var ErrDeclared = errors.New("it is not the BCP 47 tag of a language")

// SourceOf returns the locale that an article is written in. declared is the language
// that it declares of itself, as it is written there, or empty. The first rule of
// [[sources.article]] that matches the path decides; then byRule is true. Else a
// declaration counts, as far as sources.declared lets it; else the article is in the
// project's source locale, also if the declaration is no language, which is
// ErrDeclared.
//
// A declaration of the project's own source language is the project's source locale,
// whatever region it has: "en-GB" does not make another source of articles in "en". A
// language that the project builds gets the locale that it builds, and any other
// language has no region, so that its texts share one memory.
func (c *Config) SourceOf(path, declared string) (locale string, byRule bool, err error) {
	for i := range c.Sources.Articles {
		if r := &c.Sources.Articles[i]; matchesAny(r.Articles, path) {
			return r.Locale, true, nil
		}
	}
	source := c.Project.Source
	if declared == "" || declared == source || c.Sources.Declared == DeclaredOff {
		return source, false, nil
	}
	tag, ok := parseDeclared(declared)
	switch {
	case !ok:
		return source, false, ErrDeclared
	case nonLanguages[tag.Language]:
		return source, false, nil
	}
	full := tag.String()
	switch {
	case full == langtag.Language(source) && !slices.Contains(c.Project.Locales, full):
		return source, false, nil
	case slices.Contains(c.Project.Locales, full) && (c.Sources.Declared == DeclaredLocales || !langtag.SameText(full, source)):
		return full, false, nil
	case langtag.SameText(full, source):
		return source, false, nil
	}
	known := append([]string{source}, c.Project.Locales...)
	for _, p := range langtag.Parents(full) {
		if slices.Contains(known, p) {
			return p, false, nil
		}
	}
	if near := Nearest(full, known); slices.Contains(known, near) {
		return near, false, nil
	}
	plain := langtag.Tag{Language: tag.Language, Script: tag.Script}
	if !langtag.SameText(plain.String(), full) { // the region decided which script it is
		plain.Script = langtag.Script(full)
	}
	if langtag.SameLanguage(full, source) && !slices.ContainsFunc(known, func(l string) bool { return langtag.SameText(l, plain.String()) }) {
		return source, false, nil // another spelling of the source, which nothing is made for
	}
	return plain.String(), false, nil
}

// nonLanguages are the subtags of text that is in no one language (BCP 47, 2.2.1 and
// ISO 639-2): undetermined, several, none, without a code.
var nonLanguages = map[string]bool{langtag.Und: true, "mul": true, "zxx": true, "mis": true}

// parseDeclared parses the language that an article declares. Programs that go by
// POSIX write "de_DE.UTF-8" (IEEE 1003.1, 8.2).
func parseDeclared(declared string) (langtag.Tag, bool) {
	text, _, _ := strings.Cut(strings.TrimSpace(declared), ".")
	text, _, _ = strings.Cut(text, "@")
	if len(text) > maxDeclared {
		return langtag.Tag{}, false
	}
	tag, ok := langtag.Parse(strings.ReplaceAll(text, "_", "-"))
	if !ok {
		return langtag.Tag{}, false
	}
	tag = tag.Base()
	if n := len(tag.Language); n < 2 || n > 3 || tag.Language >= "qaa" && tag.Language <= "qtz" {
		return langtag.Tag{}, false // for private use
	}
	return tag, true
}

// maxDeclared is the length of a language tag that programs must accept (BCP 47, 4.4.1).
const maxDeclared = 35

// SourceLocales returns the locales that articles of the project may be in by its
// configuration, the project's own first. Articles may declare others.
func (c *Config) SourceLocales() []string {
	out := []string{c.Project.Source}
	for _, r := range c.Sources.Articles {
		if !slices.Contains(out, r.Locale) {
			out = append(out, r.Locale)
		}
	}
	return out
}

// completeSources checks the values of [sources].
func (c *Config) completeSources() (problems []problem) {
	bad := func(key string, err error) {
		if err != nil {
			problems = append(problems, problem{key, err})
		}
	}
	s := &c.Sources
	bad("sources.url", validateStorage(s.URL))
	switch s.Declared {
	case "":
		s.Declared = DeclaredLanguages
	case DeclaredLanguages, DeclaredLocales, DeclaredOff:
	default:
		bad("sources.declared", fmt.Errorf("%q: must be %s, %s or %s", s.Declared, DeclaredLanguages, DeclaredLocales, DeclaredOff))
	}
	for i := range s.Articles {
		r, key := &s.Articles[i], fmt.Sprintf("sources.article[%d]", i)
		if len(r.Articles) == 0 {
			bad(key, errors.New("articles must be given"))
		}
		for j, g := range r.Articles {
			if !doublestar.ValidatePattern(g) {
				bad(fmt.Sprintf("%s.articles[%d]", key, j), fmt.Errorf("%q is not a glob pattern", g))
			}
		}
		if r.Locale == "" {
			bad(key, errors.New("locale must be given"))
			continue
		}
		tag, err := locales.Canonical(r.Locale)
		bad(key+".locale", err)
		if err == nil {
			r.Locale = tag
		}
	}
	return problems
}
