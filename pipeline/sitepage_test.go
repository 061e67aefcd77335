package pipeline

import (
	"slices"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/config"
	"hexapla/pipeline/edition"
)

// JSON-LD names the persons who translated a text, not those who reviewed it, and no
// engine.
func TestSiteTranslators(t *testing.T) {
	d := &bitext.Document{Locale: "en", Meta: map[string]string{}}
	for range 4 {
		d.Units = append(d.Units, bitext.Unit{Kind: bitext.Title, Source: bitext.Plain("x"), Segments: []bitext.Segment{{ID: "s1", Source: bitext.Plain("x")}}})
	}
	tr := bitext.NewTranslation(d, "ru")
	for i, o := range []bitext.Origin{
		{Kind: bitext.FromHuman, Name: "Olga"}, {Kind: bitext.FromHuman, Name: "Reviewer", Translator: "Ivan"}, {Kind: bitext.FromEngine, Name: "deepl"}, {Kind: bitext.FromHuman, Name: "Olga"},
	} {
		tr.Targets[i][0] = bitext.Target{Filled: true, Text: bitext.Plain("y"), Origin: o}
	}
	p := &Project{Config: &config.Config{Site: &config.Site{JSONLD: config.JSONLDMerge, Translators: config.TranslatorsPersons}}}
	x := p.siteArticle(tr, []bitext.Alternate{{Locale: "en", URL: "/en"}, {Locale: "ru", URL: "/ru"}}, edition.Dates{})
	if !slices.Equal(x.Translators, []string{"Olga", "Ivan"}) || x.TranslationOf.URL != "/en" || len(x.Translations) != 0 {
		t.Errorf("%+v", x)
	}
}
