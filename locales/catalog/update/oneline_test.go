package update

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hexapla/locales/catalog"
	"hexapla/locales/catalog/rule"
	"hexapla/pipeline/diag"
)

// BenchmarkOneLine edits files of one line, and TOML files of inline tables on
// one line and on a line each: a message costs the same in a larger one.
func BenchmarkOneLine(b *testing.B) {
	forms := map[string]string{"json": `"id%d": {"hash": "sha1-0a", "other": "Текст %[1]d"}`, "yaml": `id%d: {hash: sha1-0a, other: "Текст %[1]d"}`, "toml": `id%d = {hash = "sha1-0a", other = "Текст %[1]d"}`}
	for _, shape := range []string{"json", "yaml", "toml", "lines.toml"} {
		for _, n := range []int{2_000, 20_000} {
			format := strings.TrimPrefix(shape, "lines.")
			// Of the target a third of the messages is old, and a third has to come from the work.
			text := func(prefix string, from, to int) []byte {
				var parts []string
				for i := from; i < to; i++ {
					parts = append(parts, strings.Replace(fmt.Sprintf(forms[format], i), "Текст", prefix, 1))
				}
				switch shape {
				case "toml":
					return []byte("m = {" + strings.Join(parts, ", ") + "}\n")
				case "lines.toml":
					return []byte(strings.Join(parts, "\n") + "\n")
				}
				return []byte("{" + strings.Join(parts, ", ") + "}\n")
			}
			in := catalog.Files{"en." + format: text("Text", 0, n), "ru." + format: text("Текст", n/3, n/3+n), "translate.ru." + format: text("Работа", 0, n)}
			run := func(name string, refused bool, do func() (Result, []diag.Diagnostic)) {
				b.Run(fmt.Sprintf("%s/%s/%d", shape, name, n), func(b *testing.B) {
					for b.Loop() {
						if r, ds := do(); slices.ContainsFunc(ds, rule.IsError) != refused || len(r.Write) == 0 && !refused && name != "fmt" {
							b.Fatal(len(r.Write), ds)
						}
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/message")
				})
			}
			prefix := ""
			if shape == "toml" {
				prefix = "m."
			}
			run("fmt", false, func() (Result, []diag.Diagnostic) { return Format(in, "en") })
			run("sync", false, func() (Result, []diag.Diagnostic) { return Sync(in, "en", SyncOptions{}) })
			// Nothing is taken out of braces in TOML.
			run("prune", shape == "toml", func() (Result, []diag.Diagnostic) { return Prune(in, "en", nil) })
			run("rename", false, func() (Result, []diag.Diagnostic) {
				return Rename(in, "en", fmt.Sprintf("%sid%d", prefix, n/2), prefix+"other-id")
			})
		}
	}
}
