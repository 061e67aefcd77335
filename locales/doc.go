// Package locales knows what differs from language to language in a newsroom's
// page: the tag and its script and direction, plural rules, dates, numbers,
// lists and quotation marks, and the chrome messages ("Breaking News", "With
// reporting by …") in go-i18n's catalog files.
//
// The facts are CLDR 48's, generated into cldr/facts.txt by internal/gen, and
// where CLDR has none, written by hand into cldr/own.txt with their source.
// Those of language tags alone are in package tag.
//
// A text is looked up in the locale asked for and then only along [Parents]: a
// missing message never answers in another language or script.
package locales

//go:generate go run ./internal/gen -npm node_modules -out cldr/facts.txt -tags tag/cldr.txt
