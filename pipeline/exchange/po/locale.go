package po

import (
	"strings"

	"golang.org/x/text/language"
)

// gettextLocale returns a BCP 47 tag as gettext writes locales: "sr_RS@latin" for
// "sr-Latn-RS" (gettext manual, "Header Entry").
func gettextLocale(tag string) string {
	parts := strings.Split(tag, "-")
	out, modifier := parts[0], ""
	for _, p := range parts[1:] {
		switch {
		case len(p) == 4 && modifier == "" && modifierOf[strings.ToLower(p)] != "":
			modifier = "@" + modifierOf[strings.ToLower(p)]
		case strings.EqualFold(p, "valencia"):
			modifier = "@valencia"
		default:
			out += "_" + p
		}
	}
	return out + modifier
}

// localeOf returns the BCP 47 tag of a gettext locale, "sr-Latn-RS" for
// "sr_RS.UTF-8@latin"; empty if it is none.
func localeOf(name string) string {
	name, modifier, _ := strings.Cut(strings.TrimSpace(name), "@")
	name, _, _ = strings.Cut(name, ".")
	if strings.ContainsAny(name, " \t(") {
		return ""
	}
	parts := strings.Split(strings.ReplaceAll(name, "_", "-"), "-")
	if modifier = strings.ToLower(modifier); modifier != "" {
		tag, ok := scriptOf[modifier]
		switch {
		case ok:
			parts = append(parts[:1], append([]string{tag}, parts[1:]...)...)
		case len(modifier) >= 5 && len(modifier) <= 8:
			parts = append(parts, modifier)
		}
	}
	tag := strings.Join(parts, "-")
	if t, err := language.Raw.Parse(tag); err == nil && t.String() != "und" {
		return tag
	}
	return ""
}

// The scripts that gettext locales name by a modifier (glibc's locales).
var (
	scriptOf   = map[string]string{"latin": "Latn", "cyrillic": "Cyrl", "devanagari": "Deva", "arabic": "Arab"}
	modifierOf = map[string]string{"latn": "latin", "cyrl": "cyrillic", "deva": "devanagari", "arab": "arabic"}
)
