package html

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/cst"
)

// slotArticle begins the name of a place in an article in JSON-LD, where fields can be put
// in; those of articleFields that the article has follow. slotModified is the string in its
// dateModified; the offset of that place follows.
const (
	slotArticle  = "jsonld.article:"
	slotModified = "jsonld.modified:"
)

// ldArticle notes an article in JSON-LD with a field that begins at an offset. modified is
// the value of its dateModified, nil if it has none.
func (s *splitter) ldArticle(at int, has []string, modified *cst.Node) {
	if !s.rules.relative {
		return
	}
	s.slot(slotArticle+strings.Join(has, ","), at, at)
	if modified != nil && modified.IsString() {
		_, start, end := s.ldRaw(modified)
		s.slot(slotModified+strconv.Itoa(at), start, end)
	}
}

// siteArticle merges what a site knows of an article into its JSON-LD: of which work it
// is a translation, or its translations, who translated it, and what it does not declare
// of title, description, author and dates. All else stays byte for byte. A page without an
// article in JSON-LD gets one if that is asked for.
func (a *assembler) siteArticle(m *bitext.EditionMeta, by map[string][]bitext.Slot, edit func(int, int, string)) {
	if m.Site == nil || m.Site.Article == nil {
		return
	}
	found := false
	for _, s := range a.doc.Skeleton.Slots {
		names, ok := strings.CutPrefix(s.Name, slotArticle)
		if !ok || found {
			continue // a second one is part of the first, or a list of others
		}
		found = true
		has := strings.Split(names, ",")
		for _, f := range a.articleFields(m) {
			if !slices.Contains(has, f.name) {
				edit(s.Start, s.Start, `"`+f.name+`": `+f.value+","+a.gap(s.Start))
			}
		}
		if at := by[slotModified+strconv.Itoa(s.Start)]; at != nil && m.Locale != a.doc.Locale && isLater(m.Site.Article.Modified, string(a.data[at[0].Start:at[0].End])) {
			edit(at[0].Start, at[0].End, m.Site.Article.Modified)
		}
	}
	if found || !m.Site.Article.Add || by[slotHead] == nil {
		return
	}
	fields := []ldField{{"inLanguage", a.jsonString(m.Locale)}}
	if m.URL != "" {
		fields = append(fields, ldField{"url", a.jsonString(m.URL)})
	}
	if m.Machine != nil {
		fields = append(fields, ldField{"digitalSourceType", a.jsonString(machineSource)})
	}
	var b strings.Builder
	b.WriteString(`<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle"`)
	for _, f := range append(fields, a.articleFields(m)...) {
		b.WriteString(`, "` + f.name + `": ` + f.value)
	}
	b.WriteString("}</script>")
	at := by[slotHead][0].Start
	edit(at, at, a.newLine(at)+b.String())
}

// isLater reports whether a date of RFC 3339 is later than another one, which may be a day
// without a time. It is false for what is no date.
func isLater(date, than string) bool {
	d, err := time.Parse(time.RFC3339, date)
	if err != nil {
		return false
	}
	for _, layout := range [...]string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, than); err == nil {
			return d.After(t)
		}
	}
	return false
}

// ldField is a field of JSON-LD with its value as JSON.
type ldField struct{ name, value string }

// articleFields returns the fields that an edition adds to those of its article, as
// https://schema.org/NewsArticle has them.
func (a *assembler) articleFields(m *bitext.EditionMeta) []ldField {
	x := m.Site.Article
	var out []ldField
	text := func(name, value string) {
		if value != "" {
			out = append(out, ldField{name, a.jsonString(value)})
		}
	}
	text("headline", x.Title)
	text("description", x.Description)
	text("datePublished", x.Published)
	text("dateModified", x.Modified)
	if x.Author != "" {
		out = append(out, ldField{"author", `{"@type": "Person", "name": ` + a.jsonString(x.Author) + `}`})
	}
	if n := m.Correction; n != nil && n.Text != "" {
		date := ""
		if n.Time != "" {
			date = `, "datePublished": ` + a.jsonString(n.Time)
		}
		out = append(out, ldField{"correction", `{"@type": "CorrectionComment", "text": ` + a.jsonString(n.Text) + date + "}"})
	}
	work := func(w bitext.Alternate) string {
		return fmt.Sprintf(`{"@type": "NewsArticle", "@id": %s, "inLanguage": %s}`, a.jsonString(w.URL), a.jsonString(w.Locale))
	}
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
