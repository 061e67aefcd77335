package message

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkOneLine parses files of one line: a message costs the same in a
// larger one.
func BenchmarkOneLine(b *testing.B) {
	for _, format := range []string{"json", "yaml", "toml"} {
		for _, n := range []int{2_000, 20_000} {
			var parts []string
			for i := range n {
				parts = append(parts, fmt.Sprintf(map[string]string{"json": `"id%d": {"other": "Текст %[1]d"}`, "yaml": `id%d: {other: "Текст %[1]d"}`, "toml": `id%d = {other = "Текст %[1]d"}`}[format], i))
			}
			text := "{" + strings.Join(parts, ", ") + "}"
			if format == "toml" {
				text = "m = " + text
			}
			b.Run(fmt.Sprintf("%s/%d", format, n), func(b *testing.B) {
				for b.Loop() {
					if f, ds := Parse("f."+format, []byte(text)); len(f.Entries) != n || len(ds) > 0 {
						b.Fatal(len(f.Entries), ds)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/message")
			})
		}
	}
}
