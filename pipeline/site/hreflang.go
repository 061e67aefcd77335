package site

import (
	"slices"
	"strings"

	"golang.org/x/text/language"

	"hexapla/locales/tag"
	"hexapla/pipeline/bitext"
)

// XDefault is the hreflang value of the page for readers of no listed language.
const XDefault = "x-default"

// Hreflang returns the form of a locale that search engines accept as the value of
// hreflang: a language of ISO 639 and at most a script of ISO 15924 and a region of
// two letters of ISO 3166-1
// (https://developers.google.com/search/docs/specialty/international/localized-versions).
// Variants, extensions and regions of the United Nations (419) are left out. ok is
// false if nothing remains: the locale has no language, or is a pseudo-locale.
func Hreflang(locale string) (value string, ok bool) {
	t, known := tag.Parse(locale)
	if !known || t.Language == "" || t.Language == "und" {
		return "", false
	}
	value = t.Language
	if t.Script != "" {
		value += "-" + t.Script
	}
	switch r := t.Region; {
	case r == "XA" || r == "XB": // pseudo-locales (UTS #35, part 1, 3.17)
		return "", false
	case len(r) == 2:
		value += "-" + r
	}
	return value, true
}

// ValidHreflang reports what is wrong with a value of hreflang; it is empty if
// search engines accept it.
func ValidHreflang(value string) string {
	if strings.EqualFold(value, XDefault) {
		return ""
	}
	if strings.Contains(value, "_") {
		return "has an underscore; write " + strings.ReplaceAll(value, "_", "-")
	}
	parts := strings.Split(value, "-")
	at := 1
	if n := len(parts[0]); n < 2 || n > 3 || !isAlpha(parts[0]) {
		if len(parts) == 1 && n == 0 {
			return "is empty"
		}
		return "does not begin with a language of ISO 639"
	}
	if _, err := language.ParseBase(parts[0]); err != nil {
		if region, err := language.ParseRegion(parts[0]); err == nil && region.IsCountry() {
			return "is a region without a language"
		}
		return "has a language that ISO 639 does not have"
	} else if strings.EqualFold(parts[0], "und") {
		return "names no language"
	}
	if at < len(parts) && len(parts[at]) == 4 {
		if _, err := language.ParseScript(parts[at]); err != nil {
			return "has a script that ISO 15924 does not have"
		}
		at++
	}
	if at < len(parts) && len(parts[at]) == 2 {
		region, err := language.ParseRegion(parts[at])
		if strings.EqualFold(parts[at], "UK") {
			return "has the region UK; the United Kingdom is GB"
		}
		if err != nil || !region.IsCountry() {
			return "has a region that ISO 3166-1 does not have"
		}
		at++
	}
	if at < len(parts) {
		return "has a part that search engines do not accept: " + parts[at]
	}
	return ""
}

func isAlpha(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return s != ""
}

// Cluster returns the alternates of an article as search engines accept them: one for
// each value of hreflang. Of locales that have one value, such as es and es-419, the
// one that is that value counts, else the first: so that all pages of the cluster name
// the same ones, as search engines require.
func Cluster(all []bitext.Alternate) []bitext.Alternate {
	out := make([]bitext.Alternate, 0, len(all))
	exact := make([]bool, 0, len(all))
	for _, a := range all {
		value, ok := Hreflang(a.Locale)
		if !ok || a.URL == "" {
			continue
		}
		i := slices.IndexFunc(out, func(b bitext.Alternate) bool { return b.Locale == value })
		switch {
		case i < 0:
			out, exact = append(out, bitext.Alternate{Locale: value, URL: a.URL}), append(exact, a.Locale == value)
		case a.Locale == value && !exact[i]:
			out[i].URL, exact[i] = a.URL, true
		}
	}
	return out
}
