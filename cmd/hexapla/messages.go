package main

import (
	"embed"
	"os"
	"strings"
	"sync"

	"github.com/urfave/cli/v2"

	"hexapla/locales"
)

// The program's own words, as catalogs like any other's: 'hexapla catalog check
// --dir cmd/hexapla/messages --code 'cmd/hexapla/*.go” looks after them.
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

// T is a message without variables.
func (w words) T(id string) string { return w.with(id, nil) }

// Tr is a message about n things.
func (w words) Tr(id string, n int) string { return w.with(id, locales.Args{locales.PluralCount: n}) }

func (w words) with(id string, args locales.Args) string {
	for _, tag := range []string{w.locale, "en"} {
		if l, err := ownMessages().Localize(tag, id, args); err == nil {
			return l.Text
		}
	}
	return id
}
