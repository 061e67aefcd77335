package locales

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// subtags are the parts of a canonical tag.
type subtags struct {
	language, script, region string
	variants                 []string
	extensions               string // "-u-ca-gregory" or "-x-…", as canonical text
}

func (t subtags) String() string {
	s := t.language
	for _, p := range append([]string{t.script, t.region}, t.variants...) {
		if p != "" {
			s += "-" + p
		}
	}
	return s + t.extensions
}

// base is the tag without variants and extensions.
func (t subtags) base() subtags {
	return subtags{language: t.language, script: t.script, region: t.region}
}

// Canonical checks a BCP 47 tag and gives its canonical form: cases as
// customary, deprecated and legacy subtags replaced as CLDR's aliases say
// (cnr is sr-ME, prs is fa-AF, mo is ro, sh is sr-Latn), a given script kept
// (cnr-Latn is sr-Latn-ME). An underscore counts as a hyphen. It fails for text
// that is not a well-formed tag and for subtags that are not registered.
func Canonical(tag string) (string, error) {
	if len(tag) > 200 {
		return "", fmt.Errorf("language tag of %d characters: more than any real one has", len(tag))
	}
	parsed, err := language.Raw.Parse(tag)
	if err != nil {
		return "", fmt.Errorf("%q is not a BCP 47 language tag: %w", tag, err)
	}
	return split(parsed.String()).canonical().String(), nil
}

// parseTag is Canonical for those who need the parts; a bad tag is not ok.
func parseTag(tag string) (subtags, bool) {
	p := parsedTags.get(tag, func(tag string) parsedTag {
		c, err := Canonical(tag)
		if err != nil {
			return parsedTag{subtags{language: root}, false}
		}
		return parsedTag{split(c), true}
	})
	return p.subtags, p.ok
}

type parsedTag struct {
	subtags
	ok bool
}

var parsedTags memo[parsedTag]

// split takes a well-formed tag apart.
func split(tag string) subtags {
	var t subtags
	parts := strings.Split(tag, "-")
	t.language = parts[0]
	for i, p := range parts {
		switch {
		case i == 0 && len(p) > 1:
		case len(p) == 1:
			t.extensions = "-" + strings.Join(parts[i:], "-")
			if i == 0 { // x-private: no language at all
				t.language, t.extensions = tag, ""
			}
			return t
		case len(p) == 4 && (p[0] < '0' || p[0] > '9'):
			t.script = p
		case len(p) == 2 || len(p) == 3 && p[0] >= '0' && p[0] <= '9':
			t.region = p
		default:
			t.variants = append(t.variants, p)
		}
	}
	return t
}

// canonical replaces aliases until none applies (UTS 35, Annex C).
func (t subtags) canonical() subtags {
	for range 5 {
		keys := []string{}
		for _, v := range t.variants {
			keys = append(keys, t.language+"-"+v)
		}
		if t.region != "" {
			keys = append(keys, t.language+"-"+t.region)
		}
		keys = append(keys, t.language)
		changed := false
		for _, key := range keys {
			to, ok := supplementalLine("languageAlias", key)
			if !ok {
				continue
			}
			used := split(key)
			replacement := split(to)
			t.language = replacement.language
			if used.region != "" {
				t.region = ""
			}
			for _, v := range used.variants {
				t.variants = slices.DeleteFunc(slices.Clone(t.variants), func(x string) bool { return x == v })
			}
			if t.script == "" {
				t.script = replacement.script
			}
			if t.region == "" {
				t.region = replacement.region
			}
			changed = true
			break
		}
		if !changed {
			break
		}
	}
	if to, ok := supplementalLine("scriptAlias", t.script); ok {
		t.script = to
	}
	if to, ok := supplementalLine("territoryAlias", t.region); ok {
		choices := strings.Fields(to)
		likely := subtags{language: t.language, script: t.script}.maximal().region
		t.region = choices[0]
		if slices.Contains(choices, likely) {
			t.region = likely
		}
	}
	for i, v := range t.variants {
		if to, ok := supplementalLine("variantAlias", v); ok {
			t.variants = slices.Clone(t.variants)
			t.variants[i] = to
		}
	}
	t.variants = slices.DeleteFunc(slices.Clone(t.variants), func(v string) bool {
		to, ok := supplementalLine("languageAlias", root+"-"+v)
		return ok && to == root // the variant has become the language itself: hy-arevela
	})
	slices.Sort(t.variants)
	return t
}

// maximal adds the likely script and region (UTS 35, likely subtags).
func (t subtags) maximal() subtags {
	for _, key := range []subtags{
		{language: t.language, script: t.script, region: t.region},
		{language: t.language, region: t.region},
		{language: t.language, script: t.script},
		{language: t.language},
		{language: root, script: t.script},
	} {
		if key.language == root && key.script == "" && t.language != root {
			continue
		}
		to, ok := supplementalLine("likely", key.String())
		if !ok {
			continue
		}
		likely := split(to)
		if t.language == root && likely.language != "" {
			t.language = likely.language
		}
		if t.script == "" {
			t.script = likely.script
		}
		if t.region == "" {
			t.region = likely.region
		}
		break
	}
	return t
}

// parents are the tags that t falls back to, nearest first: see Parents.
func (t subtags) parents() []subtags {
	full := t.base().maximal()
	var out []subtags
	seen := map[string]bool{t.String(): true}
	add := func(c subtags) {
		if c.language != t.language || seen[c.String()] {
			return
		}
		if t.language != root && c.maximal().script != full.script {
			return
		}
		seen[c.String()] = true
		out = append(out, c)
	}
	// twins adds the other spellings of the same locale: with and without the
	// script that is likely anyway.
	twins := func(c subtags) {
		add(c)
		m := c.maximal()
		if c.script == "" {
			// Said only where the bare language would mean another script.
			if (subtags{language: c.language}).maximal().script != m.script {
				c.script = m.script
				add(c)
			}
		} else {
			c.script = ""
			add(c)
		}
	}
	if len(t.variants) > 0 || t.extensions != "" {
		c := t
		c.extensions = ""
		add(c)
	}
	at := t.base()
	twins(at)
	for range 8 {
		if p, ok := supplementalLine("parents", at.String()); ok && p != root {
			next := split(p)
			if next.language != t.language {
				break
			}
			at = next
		} else if at.region != "" {
			if at.script == "" {
				// sr-ME goes on from sr-Latn-ME, not from sr.
				if m := at.maximal().script; (subtags{language: at.language}).maximal().script != m {
					at.script = m
				}
			}
			at.region = ""
		} else if at.script != "" {
			at.script = ""
		} else {
			break
		}
		twins(at)
	}
	return out
}

// Parents are the tags that a missing text may be taken from, nearest first:
// CLDR's parent locales, then the tag shortened, always in the same language
// and the same script. fa-AF gives fa, sr-ME gives sr-Latn-ME and sr-Latn,
// uz-Cyrl gives nothing. It never ends in another language or the root.
func Parents(tag string) []string {
	return slices.Clone(parentTags.get(tag, func(tag string) []string {
		t, ok := parseTag(tag)
		if !ok {
			return nil
		}
		var out []string
		for _, p := range t.parents() {
			out = append(out, p.String())
		}
		return out
	}))
}

var parentTags memo[[]string]

// Script is the tag's script (ISO 15924, "Cyrl"): its own, or the likely one;
// "" if nothing is known.
func Script(tag string) string {
	t, ok := parseTag(tag)
	if !ok || t.language == root && t.script == "" {
		return ""
	}
	return t.maximal().script
}

// Direction is "rtl" for a tag whose script runs from right to left (CLDR
// scriptMetadata) and "ltr" for every other.
func Direction(tag string) string {
	script := Script(tag)
	for line := range strings.Lines(facts().supplemental["rtl"]) {
		if strings.TrimSuffix(line, "\n") == script {
			return "rtl"
		}
	}
	return "ltr"
}

// Region is the tag's region (ISO 3166): its own, or the likely one; "" if
// nothing is known.
func Region(tag string) string {
	t, ok := parseTag(tag)
	if !ok || t.language == root && t.region == "" {
		return ""
	}
	return t.maximal().region
}

// OpenGraph is the tag in the form of og:locale, language_REGION with the
// likely region: ru_RU, sr_RS. Without a known region it is the language.
func OpenGraph(tag string) string {
	t, ok := parseTag(tag)
	if !ok {
		return ""
	}
	if r := Region(tag); r != "" {
		return t.language + "_" + r
	}
	return t.language
}

// SpacesBetweenSentences says whether the language puts a space between one
// sentence and the next, which those that do not space words mostly do not.
// The list is that of the Unicode line breaking class SA and of CJK.
func SpacesBetweenSentences(tag string) bool {
	t, ok := parseTag(tag)
	if !ok {
		return true
	}
	switch t.maximal().script {
	case "Hans", "Hant", "Hani", "Hanb", "Jpan", "Hira", "Kana", "Hrkt", "Bopo", "Yiii", "Tibt":
		return false
	}
	switch t.maximal().script {
	case "Thai", "Laoo", "Khmr", "Mymr", "Lana", "Talu", "Tavt":
		return false
	}
	return true
}

// Quotes are the quotation marks of the language: opening and closing, then
// the pair for a quotation inside a quotation (CLDR delimiters).
func Quotes(tag string) [4]string {
	var q [4]string
	copy(q[:], localeOf(tag).list("q"))
	return q
}
