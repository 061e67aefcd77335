package quality

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// segmentOf returns a translation of one segment.
func segmentOf(locale, source, target string) *bitext.Translation {
	u := bitext.Unit{ID: "u", Kind: bitext.Paragraph, Source: bitext.Plain(source)}
	u.Segments = []bitext.Segment{{ID: "s", Source: u.Source}}
	t := bitext.Target{Text: bitext.Plain(target), Filled: true, State: bitext.Translated}
	return &bitext.Translation{Document: &bitext.Document{Locale: "en", Units: []bitext.Unit{u}}, Locale: locale, Targets: [][]bitext.Target{{t}}}
}

// finds reports whether a check has a finding in a translation.
func finds(t *bitext.Translation, id string) bool {
	return slices.ContainsFunc(Check(t, Options{}), func(d diag.Diagnostic) bool { return d.ID == id })
}

// TestNamesOfLongSegments: names of a text of many words are not compared, so that the time
// of a check is not quadratic in its length.
func TestNamesOfLongSegments(t *testing.T) {
	if finds(segmentOf("uk", strings.Repeat("Alice Bob visits Pavlenko ", 20_000), strings.Repeat("Аліса Боб Керол ", 20_000)), "quality.names") {
		t.Error("names were compared")
	}
}

// TestAmountsOfLongSegments: neither are amounts of a text of many numbers.
func TestAmountsOfLongSegments(t *testing.T) {
	for n, want := range map[int]bool{10: true, 20_000: false} {
		source, target := manyAmounts(n)
		if got := finds(segmentOf("de", source, target), "quality.currency"); got != want {
			t.Errorf("%d amounts: a finding: %t, want %t", n, got, want)
		}
	}
}

// TestQuotesOfLongSegments: the partner of a single mark is looked for nearby only.
func TestQuotesOfLongSegments(t *testing.T) {
	for n, want := range map[int]bool{10: true, 20_000: false} {
		words := strings.Repeat("क ", n) + "क"
		if got := closesSingle(words+"'", '\''); got != want {
			t.Errorf("%d words: closed: %t, want %t", n, got, want)
		}
		if got := opensSingle(recent("'"+words), '\''); got != want {
			t.Errorf("%d words: opened: %t, want %t", n, got, want)
		}
	}
}

// manyAmounts returns a text of n amounts in dollars and one of the same in euros.
func manyAmounts(n int) (source, target string) {
	var dollars, euros strings.Builder
	for i := range n {
		fmt.Fprintf(&dollars, "It cost $%d. ", i+1000)
		fmt.Fprintf(&euros, "Es kostete %d Euro. ", i+1000)
	}
	return dollars.String(), euros.String()
}

// BenchmarkManyAmounts checks a segment whose size grows fourfold: so must the time.
func BenchmarkManyAmounts(b *testing.B) {
	for _, n := range []int{2_500, 10_000} {
		source, target := manyAmounts(n)
		tr := segmentOf("de", source, target)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(len(source) + len(target)))
			for b.Loop() {
				Check(tr, Options{})
			}
		})
	}
}
