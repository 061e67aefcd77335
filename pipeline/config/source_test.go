package config

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestSourceOf gives each declaration the locale that an article with it is read in, by
// the project's source, its locales and the mode.
func TestSourceOf(t *testing.T) {
	const rules = "[[sources.article]]\narticles = [\"articles/de/**\", \"*.de.md\"]\nlocale = \"de\"\n[[sources.article]]\narticles = [\"articles/**/alt.html\"]\nlocale = \"fr-ca\"\n"
	for _, c := range []struct {
		source, locales, mode, path, declared string
		want                                  string
		wrong                                 bool
	}{
		{"en", "en de uk", "", "a.html", "", "en", false},
		{"en", "en de uk", "", "a.html", "en", "en", false},
		{"en", "en de uk", "", "a.html", "en-GB", "en", false},
		{"en", "en de uk", "", "a.html", "en_US", "en", false},
		{"en", "en de uk", "", "a.html", "ENG", "en", false},
		{"en", "en en-GB de", "", "a.html", "en-GB", "en", false},
		{"en", "en en-GB de", "locales", "a.html", "en-GB", "en-GB", false},
		{"en", "en en-GB de", "locales", "a.html", "en-US", "en", false},
		{"en-GB", "de", "", "a.html", "en", "en-GB", false},
		{"en-GB", "de", "", "a.html", "en-US", "en-GB", false},
		{"en", "en de uk", "", "a.html", "de", "de", false},
		{"en", "en de uk", "", "a.html", "DE", "de", false},
		{"en", "en de uk", "", "a.html", "de-AT", "de", false},
		{"en", "en de uk", "", "a.html", "de_DE.UTF-8", "de", false},
		{"en", "en de-CH uk", "", "a.html", "de", "de-CH", false},
		{"en", "en de-CH de-AT uk", "", "a.html", "de-DE", "de", false},
		{"en", "en de-CH de-AT uk", "", "a.html", "de-AT", "de-AT", false},
		{"en", "en uk", "", "a.html", "fr-FR", "fr", false},
		{"en", "en uk", "", "a.html", "pt-BR", "pt", false},
		{"en", "en uk", "", "a.html", "zh-TW", "zh-Hant", false},
		{"en", "en zh-Hant", "", "a.html", "zh-TW", "zh-Hant", false},
		{"en", "en uk", "off", "a.html", "de", "en", false},
		{"en", "en uk", "off", "articles/de/a.html", "", "de", false},
		{"en", "en uk", "", "articles/de/a.html", "en", "de", false},
		{"en", "en uk", "", "x.de.md", "", "de", false},
		{"en", "en uk", "", "articles/de/alt.html", "", "de", false},
		{"en", "en uk", "", "articles/fr/alt.html", "de", "fr-CA", false},
		{"sr-Latn", "en", "", "a.html", "sr", "sr-Latn", false},
		{"sr-Latn", "en sr", "", "a.html", "sr", "sr", false},
		{"sr", "en sr-Latn", "", "a.html", "sr-Latn", "sr-Latn", false},
		{"sr", "en", "", "a.html", "sr-Latn", "sr", false},
		{"zh-Hant", "en", "", "a.html", "zh", "zh-Hant", false},
		{"en", "en de", "", "a.html", "und", "en", false},
		{"en", "en de", "", "a.html", "mul", "en", false},
		{"en", "en de", "", "a.html", "zxx", "en", false},
		{"en", "en de", "", "a.html", "deutsch", "en", true},
		{"en", "en de", "", "a.html", "x-default", "en", true},
		{"en", "en de", "", "a.html", "i-klingon", "tlh", false},
		{"en", "en de", "", "a.html", "qaa", "en", true},
		{"en", "en de", "", "a.html", "xx", "en", true},
		{"en", "en de", "", "a.html", "{{ .Site.Language }}", "en", true},
		{"en", "en de", "", "a.html", "de;drop", "en", true},
		{"en", "en de", "", "a.html", strings.Repeat("de-", 30) + "de", "en", true},
	} {
		toml := fmt.Sprintf("[project]\nsource = %q\nlocales = [\"%s\"]\n%s", c.source, strings.ReplaceAll(c.locales, " ", `", "`), rules)
		if c.mode != "" {
			toml += fmt.Sprintf("[sources]\ndeclared = %q\n", c.mode)
		}
		cfg, err := Parse("hexapla.toml", []byte(toml))
		if err != nil {
			t.Fatalf("%s: %v", toml, err)
		}
		got, _, err := cfg.SourceOf(c.path, c.declared)
		if got != c.want || errors.Is(err, ErrDeclared) != c.wrong {
			t.Errorf("%s, %s, mode %q: %s declares %q: %s, %v; want %s", c.source, c.locales, c.mode, c.path, c.declared, got, err, c.want)
		}
	}
}

// TestSourceRules refuses wrong rules at their lines.
func TestSourceRules(t *testing.T) {
	for text, want := range map[string]string{
		"[sources]\ndeclared = \"yes\"\n":                                                           `3:12: sources.declared: "yes": must be languages, locales or off`,
		"[[sources.article]]\nlocale = \"de\"\n":                                                    "2:3: sources.article: articles must be given",
		"[[sources.article]]\narticles = [\"a/**\"]\n":                                              "2:3: sources.article: locale must be given",
		"[[sources.article]]\narticles = [\"a[\"]\nlocale = \"de\"\n":                               `3:13: sources.article.articles: "a[" is not a glob pattern`,
		"[[sources.article]]\narticles = [\"a\"]\nlocale = \"deutsch\"\n":                           "4:10: sources.article.locale: \"deutsch\" is not a BCP 47 language tag",
		"[[sources.article]]\narticles = [\"a\"]\nlocale = \"de\"\nsource = \"de\"\n":               `5:1: unknown key "sources.article.source"`,
		"[[sources.article]]\narticles = [\"a\"]\nlocale = \"de\"\n[[sources.article]]\nlocale=1\n": "6:8",
	} {
		_, err := Parse("hexapla.toml", []byte("project.locales = [\"uk\"]\n"+text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want %s", text, err, want)
		}
	}
}
