package align_test

import (
	"fmt"
	"time"

	"hexapla/pipeline/align"
	"hexapla/pipeline/bitext"
)

// Align pairs the segments of an article with those of its translation.
func Example() {
	document := func(locale string, texts ...string) *bitext.Document {
		d := &bitext.Document{Path: "a.md", Locale: locale}
		for i, t := range texts {
			u := bitext.Unit{ID: fmt.Sprint("u", i), Kind: "paragraph", Source: bitext.Plain(t)}
			u.SegmentAt(nil, func(int, bitext.Text) bool { return false })
			d.Units = append(d.Units, u)
		}
		return d
	}
	source := document("en", "The river rose by 30 centimetres.", "Nobody was hurt.", "The bridge was closed on 4 May 2026.")
	target := document("uk", "Річка піднялася на 30 сантиметрів.", "Міст закрили 4 травня 2026 року.")
	found := align.New().Align(source, target)
	for _, p := range found.Pairs {
		fmt.Println(p.Source, p.Target)
	}
	for _, e := range found.Entries(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)) {
		fmt.Printf("%q = %q\n", e.Source.Chars, e.Target.Chars)
	}
	// Output:
	// [{0 0}] [{0 0}]
	// [{1 0}] []
	// [{2 0}] [{1 0}]
	// "The river rose by 30 centimetres." = "Річка піднялася на 30 сантиметрів."
	// "The bridge was closed on 4 May 2026." = "Міст закрили 4 травня 2026 року."
}
