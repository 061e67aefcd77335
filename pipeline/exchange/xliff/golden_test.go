package xliff

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/goldentest"
)

// sample is an article as an export has it: a heading, a paragraph of two segments
// with a span over their break, and the words for an image in it.
func sample() []*exchange.Unit {
	h := &exchange.Header{
		Path: "articles/2026/harbour.html", Format: "html", SHA256: strings.Repeat("0123456789abcdef", 4), SourceLocale: "en", TargetLocale: "uk",
		Batch: "2026-11-01-uk-1", Time: time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC), Notes: []bitext.Note{{Category: "context", Text: "Published at noon"}},
	}
	code := func(k bitext.CodeKind, pos int, id, data, sub string) bitext.Code {
		return bitext.Code{Pos: pos, Kind: k, ID: id, Data: data, Disp: data, Type: "fmt", SubType: sub}
	}
	heading := &exchange.Unit{Header: h, Location: "h1"}
	heading.ID, heading.Kind = "heading-abc", bitext.Heading
	heading.Segments = []bitext.Segment{{ID: "s1", Source: bitext.Plain("The harbour opens again")}}
	heading.Targets = []bitext.Target{{
		Text: bitext.Plain("Гавань знову відкрито"), Filled: true, State: bitext.Reviewed, Match: bitext.InContextMatch,
		Origin: bitext.Origin{Kind: bitext.FromHuman, Name: "Олена", Time: h.Time, Entry: 17},
	}}

	p := &exchange.Unit{Header: h, Location: "under “The harbour opens again”, paragraph 1"}
	p.ID, p.Kind, p.Unit.Notes = "paragraph-def", bitext.Paragraph, []bitext.Note{{Category: "author", Text: "“Kite” is a ship & keeps its name"}}
	first := bitext.Text{Chars: "The Kite sailed.", Codes: []bitext.Code{code(bitext.Start, 4, "1", "<b>", "xlf:b")}}
	second := bitext.Text{Chars: "It is backbell\a < 5 km away.", Codes: []bitext.Code{
		code(bitext.End, 2, "1", "</b>", "xlf:b"), code(bitext.Start, 6, "2", `<a href="/map">`, ""), code(bitext.End, 10, "2", "</a>", ""),
		code(bitext.Placeholder, 27, "3", `<img src="k.png" alt="A kite">`, ""),
	}}
	second.Codes[1].Type, second.Codes[2].Type = "link", "link"
	second.Codes[3].Type, second.Codes[3].NoDelete, second.Codes[3].Subflows = "image", true, []string{"alt-ghi"}
	p.Segments = []bitext.Segment{{ID: "s1", Source: first}, {ID: "i1", Source: bitext.Plain(" "), Ignorable: true}, {ID: "s2", Source: second}}
	p.Targets = []bitext.Target{
		{
			Text: bitext.Text{Chars: "Kite відплив.", Codes: []bitext.Code{code(bitext.Start, 0, "1", "<b>", "xlf:b")}}, Filled: true, State: bitext.Translated,
			SubState: bitext.SubStateFuzzy + "-84", Match: bitext.FuzzyMatch, Origin: bitext.Origin{Kind: bitext.FromHuman, Name: "Іван", Entry: 18},
			Matches: []bitext.Match{
				{Type: bitext.FuzzyMatch, Score: 84, Source: bitext.Plain("The Swan sailed."), Target: bitext.Plain("Swan відплив."), State: bitext.Final,
					Origin: bitext.Origin{Kind: bitext.FromHuman, Name: "Іван", Entry: 18}},
				{Type: bitext.MTMatch, Source: first.Clone(), Target: bitext.Text{Chars: "Змій плив.", Codes: []bitext.Code{code(bitext.Start, 0, "1", "<b>", "xlf:b")}},
					State: bitext.Translated, SubState: bitext.SubStateMT, Origin: bitext.Origin{Kind: bitext.FromEngine, Name: "apertium"}, NotUsable: "term"},
			},
			Terms: []bitext.TermMark{{Start: 4, End: 8, Concept: "c7", Source: "Kite", DoNotTranslate: true, Note: "a ship"}},
		},
		{},
		{Terms: []bitext.TermMark{{Start: 6, End: 18, Concept: "c9", Source: "backbell < 5", Targets: []string{"дзвін"}, Forbidden: []string{"дзвінок"}}}},
	}
	alt := &exchange.Unit{Header: h, Location: "image in paragraph 1"}
	alt.ID, alt.Kind, alt.Name, alt.MaxLength = "alt-ghi", bitext.Attribute, "img@alt", 125
	alt.Segments = []bitext.Segment{{ID: "s1", Source: bitext.Plain("A kite")}}
	alt.Targets = []bitext.Target{{}}
	units := []*exchange.Unit{heading, p, alt}
	for _, u := range units {
		exchange.SetSourceFromSegments(&u.Unit)
	}
	return units
}

func TestGolden(t *testing.T) {
	for _, tt := range []struct {
		file string
		o    exchange.Options
	}{
		{"sample-1.2.xlf", exchange.Options{}},
		{"sample-1.2-omegat.xlf", exchange.Options{Flavor: FlavorOmegaT}},
		{"sample-2.1.xlf", exchange.Options{Version: "2.1"}},
	} {
		goldentest.Check(t, filepath.Join("testdata", "files", tt.file), encoded(t, tt.o, sample()))
	}
}
