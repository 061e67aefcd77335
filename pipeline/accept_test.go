package pipeline

import (
	"slices"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

func TestChangedNames(t *testing.T) {
	ordinary := map[string]bool{"the": true, "it": true}
	for _, tt := range []struct {
		before, now string
		want        []string
	}{
		{"The ministr left.", "The minister left.", nil},
		{"Teh minister left.", "The minister left.", nil},
		{"Iran is calm.", "Iraq is calm.", []string{"Iran", "Iraq"}},
		{"We met Olga Koval.", "We met Olga.", []string{"Koval"}},
		{"We met Olga Koval.", "Koval met Olga with us.", []string{"We"}},
		{"In Kyiv, in Lviv.", "In Lviv, in Kyiv.", nil},
		{"Путин и Байдэн", "Путин и Байден", []string{"Байдэн", "Байден"}},
		{"", "Kyiv", []string{"Kyiv"}},
		{"会议在北京举行。", "会议在上海举行。", nil}, // scripts without capitals
	} {
		if got := changedNames(tt.before, tt.now, ordinary); !slices.Equal(got, tt.want) {
			t.Errorf("%q → %q: %q, want %q", tt.before, tt.now, got, tt.want)
		}
	}
}

// A translation keeps its translator through any number of acceptances and reviews.
func TestTranslator(t *testing.T) {
	by := func(kind bitext.OriginKind, name string) bitext.Entry {
		return bitext.Entry{Origin: bitext.Origin{Kind: kind, Name: name}, Props: []bitext.Prop{{Name: "note", Value: "n"}}}
	}
	origin := func(e bitext.Entry) bitext.Origin {
		e.Origin.Translator = memory.Translator(e)
		return e.Origin
	}
	e := memory.WithTranslator(by(bitext.FromHuman, "rita"), origin(by(bitext.FromHuman, "olga")))
	if got := memory.Translator(e); got != "olga" {
		t.Errorf("translator %q", got)
	}
	e = memory.WithTranslator(by(bitext.FromHuman, "anna"), origin(e))
	if got := memory.Translator(e); got != "olga" || len(e.Props) != 2 {
		t.Errorf("translator %q, properties %v", got, e.Props)
	}
	if got := memory.Translator(memory.WithTranslator(e, origin(by(bitext.FromEngine, "apertium")))); got != "" {
		t.Errorf("an engine is a translator: %q", got)
	}
}
