package quality

import (
	"slices"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// TestNamesOfLongSegments: names of a text of many words are not compared, so that the time
// of a check is not quadratic in its length.
func TestNamesOfLongSegments(t *testing.T) {
	u := bitext.Unit{ID: "u", Kind: bitext.Paragraph, Source: bitext.Plain(strings.Repeat("Alice Bob visits Pavlenko ", 20_000))}
	u.Segments = []bitext.Segment{{ID: "s", Source: u.Source}}
	target := bitext.Target{Text: bitext.Plain(strings.Repeat("Аліса Боб Керол ", 20_000)), Filled: true, State: bitext.Translated}
	doc := &bitext.Document{Locale: "en", Units: []bitext.Unit{u}}
	if ds := Check(&bitext.Translation{Document: doc, Locale: "uk", Targets: [][]bitext.Target{{target}}}, Options{}); slices.ContainsFunc(ds, func(d diag.Diagnostic) bool { return d.ID == "quality.names" }) {
		t.Errorf("%v", ds)
	}
}
