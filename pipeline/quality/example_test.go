package quality_test

import (
	"fmt"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/quality"
)

func ExampleCheck() {
	u := bitext.Unit{ID: "p1", Kind: bitext.Paragraph, Source: bitext.Plain("The bridge cost 12 million (2025).")}
	u.SegmentAt(nil, func(int, bitext.Text) bool { return false })
	tr := &bitext.Translation{
		Document: &bitext.Document{Path: "a.md", Locale: "en", Units: []bitext.Unit{u}}, Locale: "ru",
		Targets: [][]bitext.Target{{{Text: bitext.Plain("Мост стоил 21 миллион (2025."), Filled: true, State: bitext.Reviewed}}},
	}
	for _, d := range quality.Check(tr, quality.Options{}) {
		fmt.Println(d.Severity, d.ID, d.Message)
	}
	// Output:
	// error quality.brackets the bracket "(" has no partner
	// error quality.numbers 12 has become 21
}
