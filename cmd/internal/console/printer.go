package main

import (
	"embed"
	"maps"
	"os"
	"strings"
	"sync"

	"github.com/urfave/cli/v2"

	"hexapla/locales"
)

// The program's own words, as catalogs like any other's, which this looks after:
//
//	hexapla catalog check --dir cmd/hexapla/messages --code 'cmd/hexapla/*.go'
//
//go:embed messages/*.toml
var messageFiles embed.FS

var ownMessages = sync.OnceValue(func() *locales.Catalogs {
	c, _ := locales.Load(messageFiles, "messages") // a test holds that nothing is found
	return c
})

// words are the program's own messages in the language of its user. What a
// language lacks is said in English.
type words struct{ locale string }

// wordsFor goes by --lang, then by the environment, as POSIX orders it.
func wordsFor(c *cli.Context) words {
	for _, ctx := range c.Lineage() {
		if ctx.IsSet("lang") {
			return words{canonicalOr(ctx.String("lang"))}
		}
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			return words{posixLocale(v)}
		}
	}
	return words{"en"}
}

// posixLocale is the tag of a POSIX locale name (ru_RU.UTF-8, sr_RS@latin); "en"
// for those that are no language.
func posixLocale(name string) string {
	name, modifier, _ := strings.Cut(name, "@")
	name, _, _ = strings.Cut(name, ".")
	if script := map[string]string{"latin": "Latn", "cyrillic": "Cyrl"}[modifier]; script != "" {
		language, region, ok := strings.Cut(name, "_")
		name = language + "-" + script
		if ok {
			name += "-" + region
		}
	}
	tag, err := locales.Canonical(name)
	if err != nil {
		return "en" // C, POSIX
	}
	return tag
}

// vars are the values of a message's variables. Numbers are written as the
// language does; what the user is to type again, such as a batch's number, is a
// string.
type vars = locales.Args

// T is a message.
func (w words) T(id string, args ...vars) string {
	all := vars{}
	for _, a := range args {
		maps.Copy(all, a)
	}
	return w.with(id, all)
}

// Tr is a message about n things.
func (w words) Tr(id string, n int, args ...vars) string {
	return w.T(id, append(args, vars{locales.PluralCount: n})...)
}

// language is the name of a language: in English where the words are.
func (w words) language(tag string) string {
	if l, err := ownMessages().Localize(w.locale, "HeadLanguage", nil); err == nil && l.Locale != "en" {
		return locales.LanguageName(w.locale, tag)
	}
	return locales.EnglishName(tag)
}

func (w words) with(id string, args vars) string {
	for _, tag := range []string{w.locale, "en"} {
		if l, err := ownMessages().Localize(tag, id, args); err == nil {
			return l.Text
		}
	}
	return id
}
