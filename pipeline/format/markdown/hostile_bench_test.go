package markdown

import (
	"fmt"
	"strings"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/format/formattest"
)

// BenchmarkHostile splits inputs that are made to be slow, at n, 2n and 4n: the time
// for a byte must not grow.
func BenchmarkHostile(b *testing.B) {
	for _, tt := range []struct {
		name string
		make func(n int) string
	}{
		{"backticks", func(n int) string {
			var s strings.Builder
			for i := range n {
				s.WriteString(strings.Repeat("`", i%300+1) + " ")
			}
			return s.String()
		}},
		{"footnotes", func(n int) string {
			var s strings.Builder
			for i := range n {
				fmt.Fprintf(&s, "x[^%d]\n\n[^%d]: note\n\n", i, i)
			}
			return s.String()
		}},
		{"wide table", func(n int) string {
			return strings.Repeat("|a", n) + "|\n" + strings.Repeat("|-", n) + "|\n" + strings.Repeat("|b", n) + "|\n"
		}},
		{"open wiki links", func(n int) string { return strings.Repeat("[[", n) }},
		{"rules of grid tables", func(n int) string { return strings.Repeat("+-+\n", n) }},
		{"lines of grid tables", func(n int) string { return "+-----+\n" + strings.Repeat("| one |\n", n) + "+-----+\n" }},
		{"definitions for grid tables", func(n int) string {
			var s strings.Builder
			for i := range n {
				fmt.Fprintf(&s, "[%d]: /x\n", i)
			}
			return s.String() + "\n+---+\n" + strings.Repeat("| a |\n+---+\n", n)
		}},
		{"comments of templates", func(n int) string { return strings.Repeat("{{/*", n) + " */" }},
		{"dollars", func(n int) string { return strings.Repeat("$a ", n) }},
		{"templates in HTML", func(n int) string { return "<div>\n" + strings.Repeat("{{x}} a ", n) + "\n</div>\n" }},
		{"open elements", func(n int) string { return strings.Repeat("<div markdown=\"1\">[a][b] `c`\n", n) }},
		{"elements in one block", func(n int) string {
			return "<div>\n" + strings.Repeat("<p markdown=\"1\">`a` [x]</p>\n", n) + "</div>\n\n[x]: /y\n"
		}},
		{"elements in blocks", func(n int) string { return strings.Repeat("<div markdown=\"1\">`a`</div>\n\n", n) }},
		{"HTML blocks", func(n int) string { return strings.Repeat("<p>a {{x}} https://x.example/</p>\n\n", n) }},
	} {
		for _, n := range []int{1000, 2000, 4000} {
			data := []byte(tt.make(n))
			b.Run(fmt.Sprintf("%s/%d", tt.name, n), func(b *testing.B) {
				b.SetBytes(int64(len(data)))
				for b.Loop() {
					new(Format).Split("a.md", data)
				}
			})
		}
	}
}

// BenchmarkHostileText is the time in which texts of many words are written.
func BenchmarkHostileText(b *testing.B) {
	for _, tt := range []struct {
		name string
		make func(n int) string
	}{
		{"numbers before bars in codes", func(n int) string { return "x\n" + strings.Repeat("1 ", n) + "$$a|b$$ [x](/a|b)\n" }},
	} {
		for _, n := range []int{1000, 2000, 4000} {
			f := &Format{Options: Options{Dialect: DialectKramdown}}
			d, _ := f.Split("a.md", []byte(tt.make(n)))
			formattest.Segment(d, nil)
			tr := formattest.Fill(d, func(text bitext.Text) bitext.Text {
				text.Chars += "x"
				return text
			})
			b.Run(fmt.Sprintf("%s/%d", tt.name, n), func(b *testing.B) {
				b.SetBytes(int64(len(d.Skeleton.Data)))
				for b.Loop() {
					f.Assemble(d, tr, nil)
				}
			})
		}
	}
}
