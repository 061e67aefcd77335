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

// TestMeasuresOfLongSegments: a measure is compared with each number in words once, however
// often the text has it.
func TestMeasuresOfLongSegments(t *testing.T) {
	for _, n := range []int{10, 20_000} {
		for _, c := range []struct {
			target string
			want   bool
		}{{"sieben Häuser ", true}, {"sechs Meter ", false}} {
			source := strings.Repeat("a wall (18 feet) ", 250) + strings.Repeat("six meters ", n)
			if got := finds(segmentOf("de", source, strings.Repeat(c.target, n)), "quality.numbers"); got != c.want {
				t.Errorf("%d words, %q: a finding: %t, want %t", n, c.target, got, c.want)
			}
		}
	}
}

// TestUnitsOfLongSegments: the units without a number are looked for once.
func TestUnitsOfLongSegments(t *testing.T) {
	for target, want := range map[string]bool{"Meilen ": true, "zwei Meilen ": false} {
		target := strings.Repeat("300 km ", 200) + "und viele " + strings.Repeat(target, 20_000)
		if got := finds(segmentOf("de", strings.Repeat("300 km (190 miles) ", 200), target), "quality.numbers"); got != want {
			t.Errorf("%.20q: a finding: %t, want %t", target, got, want)
		}
	}
}

// TestLinksOfLongSegments: a link that the target has less often is no finding.
func TestLinksOfLongSegments(t *testing.T) {
	var links strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&links, "http://example.com/%d ", i)
	}
	for source, want := range map[string]bool{strings.Repeat(links.String(), 2): false, links.String() + "http://example.org/": true} {
		if got := finds(segmentOf("de", source, links.String()), "quality.urls"); got != want {
			t.Errorf("%d bytes: a finding: %t, want %t", len(source), got, want)
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

// TestAmountsOfLettersThatGrow: a word behind a currency may be longer in lower case, and
// need not be UTF-8.
func TestAmountsOfLettersThatGrow(t *testing.T) {
	for _, end := range []string{"Ⱥ", strings.Repeat("a", 45) + "ппппп", "\xd0"} {
		for n := range 10 {
			text := "It cost 1£ million" + strings.Repeat("a", n) + end
			Check(segmentOf("de", text, text), Options{})
		}
	}
}

// TestWordsLikeNumbers: words that only begin like a number, or are one elsewhere, explain no
// number that is missing.
func TestWordsLikeNumbers(t *testing.T) {
	for _, c := range [][3]string{
		{"es", "He paid for 350 rooms.", "Pagó para las habitaciones."},
		{"hr", "There were 350 people.", "U to doba bilo je ljudi."},
		{"sv", "There were 350 patients.", "Sjukhuset var fullt av patienter."},
		{"nl", "There were 350 patients.", "Achter de deur stonden patiënten."},
		{"da", "There were 350 dead.", "Attentatet dræbte mange."},
		{"bn", "There were 350 people.", "বিশেষ লোক ছিল।"},
	} {
		found := slices.ContainsFunc(Check(segmentOf(c[0], c[1], c[2]), Options{}), func(d diag.Diagnostic) bool {
			return d.ID == "quality.numbers" && d.Severity == diag.Warning
		})
		if !found {
			t.Errorf("%s: %q: no warning", c[0], c[2])
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

// BenchmarkHostile checks texts of one thing repeated, whose size grows fourfold: so must
// the time.
func BenchmarkHostile(b *testing.B) {
	for _, c := range []struct{ locale, shape string }{
		{"ko", "\u200f'"}, {"ko", "가'"}, {"hi", "a’ "}, {"he", "‚א‘ "}, {"sw", "a1"}, {"sw", "½1"}, {"de", "1 : "}, {"de", "1£ million "}, {"uk", "6 km (4 mi) "}, {"fa", "َ"},
	} {
		for _, size := range []int{40_000, 160_000} {
			text := strings.Repeat(c.shape, size/len(c.shape))
			tr := segmentOf(c.locale, text, text)
			b.Run(fmt.Sprintf("%s/%+q/%d", c.locale, c.shape, size), func(b *testing.B) {
				b.SetBytes(int64(2 * len(text)))
				for b.Loop() {
					Check(tr, Options{})
				}
			})
		}
	}
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
