// Package tag knows language tags (BCP 47): their canonical form, script,
// direction, region, parents, and which of them are the same language.
//
// The facts are CLDR 48's, generated into cldr.txt by locales/internal/gen, and
// where CLDR has none, written by hand into own.txt with their source.
// golang.org/x/text is used for the syntax of tags only: its tables are CLDR 32.
package tag

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// Und is the tag of an unknown language, the root of all locales.
const Und = "und"

// Tag is a canonical tag by its parts.
type Tag struct {
	Language, Script, Region string
	Variants                 []string
	Extensions               string // "-u-ca-gregory" or "-x-…", as canonical text
}

// String returns the tag as text.
func (t Tag) String() string {
	s := t.Language
	for _, p := range append([]string{t.Script, t.Region}, t.Variants...) {
		if p != "" {
			s += "-" + p
		}
	}
	return s + t.Extensions
}

// Base returns the tag without variants and extensions.
func (t Tag) Base() Tag {
	return Tag{Language: t.Language, Script: t.Script, Region: t.Region}
}

// Canonical returns the canonical form of a BCP 47 tag: letter case as
// customary, deprecated and legacy subtags replaced by CLDR's aliases (cnr is
// sr-ME, prs is fa-AF, mo is ro, sh is sr-Latn), a given script kept (cnr-Latn is
// sr-Latn-ME). An underscore counts as a hyphen. It returns an error for text
// that is not a well-formed tag and for subtags that are not registered.
func Canonical(tag string) (string, error) {
	if len(tag) > 200 {
		return "", fmt.Errorf("language tag of %d characters: more than any real one has", len(tag))
	}
	t, err := language.Raw.Parse(tag)
	if err != nil {
		return "", fmt.Errorf("%q is not a BCP 47 language tag: %w", tag, err)
	}
	return split(t.String()).canonical().String(), nil
}

// Parse returns the parts of the canonical form of a tag. It reports false for a
// tag for which Canonical returns an error; the Tag is then that of Und.
func Parse(tag string) (Tag, bool) {
	p := parsed.Get(tag, func(tag string) parsedTag {
		c, err := Canonical(tag)
		if err != nil {
			return parsedTag{Tag{Language: Und}, false}
		}
		return parsedTag{split(c), true}
	})
	return p.Tag, p.ok
}

type parsedTag struct {
	Tag
	ok bool
}

var parsed Memo[parsedTag]

// split returns the parts of a well-formed tag.
func split(tag string) Tag {
	var t Tag
	parts := strings.Split(tag, "-")
	t.Language = parts[0]
	for i, p := range parts {
		switch {
		case i == 0 && len(p) > 1:
		case len(p) == 1:
			t.Extensions = "-" + strings.Join(parts[i:], "-")
			if i == 0 { // x-private: no language at all
				t.Language, t.Extensions = tag, ""
			}
			return t
		case len(p) == 4 && (p[0] < '0' || p[0] > '9'):
			t.Script = p
		case len(p) == 2 || len(p) == 3 && p[0] >= '0' && p[0] <= '9':
			t.Region = p
		default:
			t.Variants = append(t.Variants, p)
		}
	}
	return t
}

// canonical replaces aliases until none applies (UTS 35, Annex C).
func (t Tag) canonical() Tag {
	for range 5 {
		keys := []string{}
		for _, v := range t.Variants {
			keys = append(keys, t.Language+"-"+v)
		}
		if t.Region != "" {
			keys = append(keys, t.Language+"-"+t.Region)
		}
		keys = append(keys, t.Language)
		changed := false
		for _, key := range keys {
			to, ok := fact("languageAlias", key)
			if !ok {
				continue
			}
			used := split(key)
			replacement := split(to)
			t.Language = replacement.Language
			if used.Region != "" {
				t.Region = ""
			}
			for _, v := range used.Variants {
				t.Variants = slices.DeleteFunc(slices.Clone(t.Variants), func(x string) bool { return x == v })
			}
			if t.Script == "" {
				t.Script = replacement.Script
			}
			if t.Region == "" {
				t.Region = replacement.Region
			}
			changed = true
			break
		}
		if !changed {
			break
		}
	}
	if to, ok := fact("scriptAlias", t.Script); ok {
		t.Script = to
	}
	if to, ok := fact("territoryAlias", t.Region); ok {
		choices := strings.Fields(to)
		likely := Tag{Language: t.Language, Script: t.Script}.Maximal().Region
		t.Region = choices[0]
		if slices.Contains(choices, likely) {
			t.Region = likely
		}
	}
	for i, v := range t.Variants {
		if to, ok := fact("variantAlias", v); ok {
			t.Variants = slices.Clone(t.Variants)
			t.Variants[i] = to
		}
	}
	t.Variants = slices.DeleteFunc(slices.Clone(t.Variants), func(v string) bool {
		to, ok := fact("languageAlias", Und+"-"+v)
		return ok && to == Und // the variant has become the language itself: hy-arevela
	})
	slices.Sort(t.Variants)
	return t
}

// Maximal returns the tag with its likely script and region (UTS 35, likely
// subtags).
func (t Tag) Maximal() Tag {
	for _, key := range []Tag{
		{Language: t.Language, Script: t.Script, Region: t.Region},
		{Language: t.Language, Region: t.Region},
		{Language: t.Language, Script: t.Script},
		{Language: t.Language},
		{Language: Und, Script: t.Script},
	} {
		if key.Language == Und && key.Script == "" && t.Language != Und {
			continue
		}
		to, ok := fact("likely", key.String())
		if !ok {
			continue
		}
		likely := split(to)
		if t.Language == Und && likely.Language != "" {
			t.Language = likely.Language
		}
		if t.Script == "" {
			t.Script = likely.Script
		}
		if t.Region == "" {
			t.Region = likely.Region
		}
		break
	}
	return t
}

// Parents returns the tags that t falls back to, nearest first: see the function
// Parents.
func (t Tag) Parents() []Tag {
	full := t.Base().Maximal()
	var out []Tag
	seen := map[string]bool{t.String(): true}
	add := func(c Tag) {
		if c.Language != t.Language || seen[c.String()] {
			return
		}
		if t.Language != Und && c.Maximal().Script != full.Script {
			return
		}
		seen[c.String()] = true
		out = append(out, c)
	}
	// twins adds the other spellings of the same locale: with and without the
	// script that is likely anyway.
	twins := func(c Tag) {
		add(c)
		m := c.Maximal()
		if c.Script == "" {
			// Only where the language alone has another likely script.
			if (Tag{Language: c.Language}).Maximal().Script != m.Script {
				c.Script = m.Script
				add(c)
			}
		} else {
			c.Script = ""
			add(c)
		}
	}
	if len(t.Variants) > 0 || t.Extensions != "" {
		c := t
		c.Extensions = ""
		add(c)
	}
	at := t.Base()
	twins(at)
	for range 8 {
		if p, ok := fact("parents", at.String()); ok && p != Und {
			next := split(p)
			if next.Language != t.Language {
				break
			}
			at = next
		} else if at.Region != "" {
			if at.Script == "" {
				// sr-ME goes on from sr-Latn-ME, not from sr.
				if m := at.Maximal().Script; (Tag{Language: at.Language}).Maximal().Script != m {
					at.Script = m
				}
			}
			at.Region = ""
		} else if at.Script != "" {
			at.Script = ""
		} else {
			break
		}
		twins(at)
	}
	return out
}

// Parents returns the tags that a missing text may be taken from, nearest first:
// CLDR's parent locales, then the tag shortened, always in the same language and
// the same script. fa-AF has fa, sr-ME has sr-Latn-ME and sr-Latn, uz-Cyrl has
// none. The root is never among them.
func Parents(tag string) []string {
	return slices.Clone(parentTags.Get(tag, func(tag string) []string {
		t, ok := Parse(tag)
		if !ok {
			return nil
		}
		var out []string
		for _, p := range t.Parents() {
			out = append(out, p.String())
		}
		return out
	}))
}

var parentTags Memo[[]string]

// ParentLocale returns the locale that CLDR's parentLocales give for a locale, and
// whether there is one; all others inherit by truncation.
func ParentLocale(locale string) (string, bool) { return fact("parents", locale) }

// Script returns the script of a tag (ISO 15924, "Cyrl"): its own, or the likely
// one; "" if none is known.
func Script(tag string) string {
	t, ok := Parse(tag)
	if !ok || t.Language == Und && t.Script == "" {
		return ""
	}
	return t.Maximal().Script
}

// Region returns the region of a tag (ISO 3166): its own, or the likely one; "" if
// none is known.
func Region(tag string) string {
	t, ok := Parse(tag)
	if !ok || t.Language == Und && t.Region == "" {
		return ""
	}
	return t.Maximal().Region
}

// Direction returns "rtl" for a tag whose script is written from right to left
// (CLDR scriptMetadata), else "ltr".
func Direction(tag string) string {
	if RightToLeft(tag) {
		return "rtl"
	}
	return "ltr"
}

// RightToLeft reports whether the script of a tag is written from right to left
// (CLDR scriptMetadata).
func RightToLeft(tag string) bool { return rightToLeft()[Script(tag)] }

// SameLanguage reports whether two tags have the same language, whatever their
// scripts, regions and variants: ro and mo, sr and sr-Latn, en-GB and en_US. Of
// text that is not a BCP 47 tag the part before the first hyphen or underscore is
// compared.
func SameLanguage(a, b string) bool { return a == b || Language(a) == Language(b) }

// Language returns the language subtag of the canonical form of a tag. Of text
// that is not a BCP 47 tag it returns the part before the first hyphen or
// underscore, in lower case.
func Language(tag string) string {
	if t, ok := Parse(tag); ok {
		return t.Language
	}
	if i := strings.IndexAny(tag, "-_"); i >= 0 {
		tag = tag[:i]
	}
	return strings.ToLower(tag)
}

// SameText reports whether text in one tag can be text in the other: the language
// is the same and the scripts do not differ. A script that is not known does not
// differ.
func SameText(a, b string) bool {
	if a == b {
		return true
	}
	s, t := Script(a), Script(b)
	return SameLanguage(a, b) && (s == t || s == "" || t == "")
}

// SpacesBetweenSentences reports whether the language puts a space between one
// sentence and the next. The scripts that do not are those of Unicode's line
// breaking classes ID and SA (UAX 14), which do not put spaces between words
// either, and Tibetan.
func SpacesBetweenSentences(tag string) bool {
	switch Script(tag) {
	case "Hans", "Hant", "Hani", "Hanb", "Jpan", "Hira", "Kana", "Hrkt", "Bopo", "Yiii", "Tibt",
		"Thai", "Laoo", "Khmr", "Mymr", "Lana", "Talu", "Tavt":
		return false
	}
	return true
}
