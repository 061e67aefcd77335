// Package script is an engine that writes a text in another script of the same
// language, between Cyrillic and Latin letters: Serbian, Bosnian, Montenegrin,
// Azerbaijani and Crimean Tatar both ways; Uzbek, Kazakh and Tajik to Latin letters
// only, for their Latin letters do not tell all Cyrillic ones apart. It costs nothing and
// asks nobody.
//
// The letters, their sources and the exceptions are data, in the folder rules. What is no
// word of the language stays as it is: Roman numerals, units behind numbers, names with
// foreign letters, identifiers, names of files. Addresses and inline codes are protected
// by the chain.
package script

import (
	"context"
	"fmt"

	"golang.org/x/text/language"

	"hexapla/pipeline/hook"
)

// Options of an Engine. Alphabet chooses the alphabet of a language that has several, by
// language: "kk" has "2021", the default, and "2018".
type Options struct{ Alphabet map[string]string }

// Alphabets returns the alphabets of a language that has several, the default first.
func Alphabets(lang string) []string {
	if lang == "kk" {
		return []string{"2021", "2018"}
	}
	return nil
}

// Engine implements hook.Engine.
type Engine struct{ opt Options }

// New makes an Engine.
func New(opt Options) Engine { return Engine{opt} }

// Version implements hook.Versioned: the alphabets that are not the default.
func (e Engine) Version() string {
	if a := e.opt.Alphabet["kk"]; a != "" && a != Alphabets("kk")[0] {
		return "kk-" + a
	}
	return ""
}

// Name is "script".
func (Engine) Name() string { return "script" }

// Translate implements hook.Engine.
func (e Engine) Translate(ctx context.Context, job hook.Job) ([]string, error) {
	convert := e.converter(job.Source, job.Target)
	if convert == nil {
		return nil, fmt.Errorf("%w: %s to %s", hook.ErrUnsupported, job.Source, job.Target)
	}
	out := make([]string, len(job.Texts))
	for i, t := range job.Texts {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		out[i] = convert(t)
	}
	return out, nil
}

// Serves implements hook.PairKnower.
func (e Engine) Serves(source, target string) bool { return e.converter(source, target) != nil }

// Languages implements hook.LanguageLister.
func (e Engine) Languages(context.Context) (map[string][]string, error) {
	out := map[string][]string{}
	for _, lang := range []string{"az", "bs", "crh", "kk", "sr", "tg", "uz"} {
		cyrillic, latin := lang+"-Cyrl", lang+"-Latn"
		if e.Serves(cyrillic, latin) {
			out[cyrillic] = []string{latin}
		}
		if e.Serves(latin, cyrillic) {
			out[latin] = []string{cyrillic}
		}
	}
	return out, nil
}

// converter returns the conversion from one locale to another, nil if there is none.
func (e Engine) converter(source, target string) func(string) string {
	from, fromScript := languageAndScript(source)
	to, toScript := languageAndScript(target)
	if from == "" || from != to {
		return nil
	}
	switch from + " " + fromScript + " " + toScript {
	case "sr Cyrl Latn":
		return func(s string) string { return serbian().toLatin(s, nil) }
	case "sr Latn Cyrl":
		return func(s string) string { return serbian().toCyrillic(s, serbian().wordToCyrillic) }
	case "az Cyrl Latn":
		return func(s string) string { return azerbaijani().toLatin(s, nil) }
	case "az Latn Cyrl":
		return func(s string) string { return azerbaijani().toCyrillic(s, azerbaijani().wordToCyrillic) }
	case "uz Cyrl Latn":
		return func(s string) string { return uzbek().toLatin(s, uzbekLatin) }
	case "kk Cyrl Latn":
		if e.opt.Alphabet["kk"] == "2018" {
			return func(s string) string { return kazakh2018().toLatin(s, nil) }
		}
		return func(s string) string { return kazakh().toLatin(s, nil) }
	case "tg Cyrl Latn":
		return func(s string) string { return tajik().toLatin(s, tajikLatin) }
	case "crh Cyrl Latn":
		return crimeanLatin
	case "crh Latn Cyrl":
		return func(s string) string { return crimean().toCyrillic(s, crimeanCyrillicPart) }
	}
	return nil
}

// languageAndScript returns the language of a locale, "sr" for all that have
// Serbian's two alphabets, and its script, the most likely one if it is not given.
func languageAndScript(locale string) (lang, script string) {
	t, err := language.Parse(locale)
	if err != nil {
		return "", ""
	}
	b, _ := t.Base()
	s, _ := t.Script()
	lang = b.String()
	switch lang {
	case "bs", "cnr", "sh":
		lang = "sr"
	}
	return lang, s.String()
}
