package html

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkHostile splits pages that are made to be slow, at n, 2n and 4n: the time for
// a byte must not grow.
func BenchmarkHostile(b *testing.B) {
	for _, tt := range []struct{ name, before, repeated, after string }{
		{"open paragraphs", "", "<p>a", ""},
		{"open inline elements", "", "<b>x", ""},
		{"end tags without start", "<p>", "</b>x", ""},
		{"nested links", "", "<b><a>", ""},
		{"tables in tables", "", "<table><tr><td>x", ""},
		{"lists in lists", "", "<ul><li>x", ""},
		{"open options", "", "<select><option>x", ""},
		{"open ruby", "", "<ruby>x<rt>y", ""},
		{"foreign content", "", "<svg><p>x", ""},
		{"open comments", "", "<!--", ""},
		{"open scripts", "", "<script><!--<script>", ""},
		{"less-than signs", "", "<", ""},
		{"ampersands", "", "&", ""},
		{"attributes", "<a ", "a=b ", ">x</a>"},
		{"many codes", "<p>", "a <b>b</b> ", ""},
		{"a page in an attribute", `<iframe srcdoc="`, "&lt;p&gt;x", `">`},
		{"JSON-LD", `<script type="application/ld+json">`, "[", "</script>"},
		{"HTML in JSON-LD", `<script type="application/ld+json">{"@type":"Article","articleBody":"`, "<b ", `"}</script>`},
	} {
		for _, n := range []int{10_000, 20_000, 40_000} {
			data := []byte(tt.before + strings.Repeat(tt.repeated, n) + tt.after)
			b.Run(fmt.Sprintf("%s/%d", tt.name, n), func(b *testing.B) {
				b.SetBytes(int64(len(data)))
				for b.Loop() {
					new(Format).Split("a.html", data)
				}
			})
		}
	}
}

// BenchmarkHostileRuns shows that the parts of a text that need isolating are found in
// linear time.
func BenchmarkHostileRuns(b *testing.B) {
	for _, tt := range []struct{ name, repeated, after string }{
		{"numbers", "1234567,", ""}, {"numbers with signs", "+1234567;", ""}, {"stops", "a.b.", strings.Repeat(".", 80_000)},
		{"brackets", ".(", strings.Repeat(")", 40_000)}, {"words", "C++ د ", ""},
	} {
		for _, n := range []int{10_000, 20_000, 40_000} {
			text := strings.Repeat(tt.repeated, n) + tt.after
			b.Run(fmt.Sprintf("%s/%d", tt.name, n), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					LeftToRightRuns(text)
				}
			})
		}
	}
}
