package html

import (
	"fmt"
	"slices"
	"strings"

	"hexapla/pipeline/bitext"
)

// slotArticle begins the name of the place before the headline of an article in JSON-LD;
// those of translationOfWork, workTranslation and translator
// (https://schema.org/CreativeWork) that the article has follow.
const slotArticle = "jsonld.article:"

// ldArticle notes an article in JSON-LD whose headline begins at an offset.
func (s *splitter) ldArticle(headline int, has []string) {
	if s.rules.relative {
		s.slot(slotArticle+strings.Join(has, ","), headline, headline)
	}
}

// siteArticle merges what a site knows of an article into its JSON-LD: of which work it
// is a translation, or its translations, and who translated it. All else stays byte for
// byte. A page without an article in JSON-LD gets one if that is asked for.
func (a *assembler) siteArticle(m *bitext.EditionMeta, by map[string][]bitext.Slot, edit func(int, int, string)) {
	if m.Site == nil || m.Site.Article == nil {
		return
	}
	found := false
	for _, s := range a.doc.Skeleton.Slots {
		has, ok := strings.CutPrefix(s.Name, slotArticle)
		if !ok || found {
			continue // a second one is part of the first, or a list of others
		}
		found = true
		for _, f := range a.articleFields(m) {
			if !slices.Contains(strings.Split(has, ","), f.name) {
				edit(s.Start, s.Start, `"`+f.name+`": `+f.value+","+a.gap(s.Start))
			}
		}
	}
	if found || !m.Site.Article.Add || by[slotHead] == nil {
		return
	}
	x := m.Site.Article
	var b strings.Builder
	b.WriteString(`<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle", "headline": ` + a.jsonString(x.Title))
	add := func(name, value string) {
		if value != "" {
			b.WriteString(`, "` + name + `": ` + value)
		}
	}
	text := func(s string) string {
		if s == "" {
			return ""
		}
		return a.jsonString(s)
	}
	add("description", text(x.Description))
	add("inLanguage", text(m.Locale))
	add("url", text(m.URL))
	add("datePublished", text(x.Published))
	if x.Author != "" {
		add("author", `{"@type": "Person", "name": `+a.jsonString(x.Author)+`}`)
	}
	if m.Machine != nil {
		add("digitalSourceType", a.jsonString(machineSource))
	}
	for _, f := range a.articleFields(m) {
		add(f.name, f.value)
	}
	b.WriteString("}</script>")
	at := by[slotHead][0].Start
	edit(at, at, a.newLine(at)+b.String())
}

// ldField is a field of JSON-LD with its value as JSON.
type ldField struct{ name, value string }

// articleFields returns the fields that an edition adds to those of its article.
func (a *assembler) articleFields(m *bitext.EditionMeta) []ldField {
	x := m.Site.Article
	work := func(w bitext.Alternate) string {
		return fmt.Sprintf(`{"@type": "NewsArticle", "@id": %s, "inLanguage": %s}`, a.jsonString(w.URL), a.jsonString(w.Locale))
	}
	var out []ldField
	if x.TranslationOf.URL != "" {
		out = append(out, ldField{"translationOfWork", work(x.TranslationOf)})
	}
	if len(x.Translations) > 0 {
		var all []string
		for _, t := range x.Translations {
			all = append(all, work(t))
		}
		out = append(out, ldField{"workTranslation", "[" + strings.Join(all, ", ") + "]"})
	}
	if len(x.Translators) > 0 {
		var all []string
		for _, name := range x.Translators {
			all = append(all, fmt.Sprintf(`{"@type": "%s", "name": %s}`, x.TranslatorType, a.jsonString(name)))
		}
		value := all[0]
		if len(all) > 1 {
			value = "[" + strings.Join(all, ", ") + "]"
		}
		out = append(out, ldField{"translator", value})
	}
	return out
}

// jsonString returns a string of JSON as it may be in a script.
func (a *assembler) jsonString(s string) string {
	return `"` + string(a.json(nil, &bitext.UnitSpan{}, strings.ToValidUTF8(strings.Map(func(r rune) rune {
		if r < 0x20 || r >= 0x7F && r < 0xA0 {
			return ' '
		}
		return r
	}, s), ""))) + `"`
}
