package edition_test

import (
	"fmt"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/edition"
)

// Publish decides what readers get: an article of which a half is translated is
// withheld by the default policy, and published by one that allows holes.
func ExamplePublish() {
	d := &bitext.Document{Path: "a.html", Locale: "en", Units: []bitext.Unit{
		{ID: "u1", Kind: "paragraph", Segments: []bitext.Segment{{ID: "s1", Source: bitext.Plain("It rained on Monday.")}}},
		{ID: "u2", Kind: "paragraph", Segments: []bitext.Segment{{ID: "s1", Source: bitext.Plain("It was dry on Friday.")}}},
	}}
	tr := bitext.NewTranslation(d, "ru")
	tr.Targets[0][0] = bitext.Target{Filled: true, State: bitext.Reviewed, Text: bitext.Plain("В понедельник шёл дождь.")}

	p := edition.Publish(tr, edition.Default(), nil)
	fmt.Println(p.Status, p.Count.Published, "of", p.Count.Segments, p.Reasons)

	policy := edition.Default()
	policy.Threshold, policy.Missing = 40, edition.UseSource
	p = edition.Publish(tr, policy, nil)
	fmt.Println(p.Status, p.Count.Published, "of", p.Count.Segments, p.Reasons)
	// Output:
	// withheld 1 of 2 [5 of 9 words are not ready]
	// unfinished 1 of 2 []
}
