package message

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestLineIndex: offsets in any order have the line and column that a count
// from the start of the file gives, and the other way round.
func TestLineIndex(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var b bytes.Buffer
		alphabet := []string{"a", "ж", "語", "😀", "\r", "x y", "\xff", "\x80", "\xe8\xaa"}[:4+r.IntN(6)]
		size := r.IntN(20_000)
		for long := 1 + r.IntN(8000); b.Len() < size; {
			if r.IntN(long) == 0 {
				b.WriteByte('\n')
			}
			b.WriteString(alphabet[r.IntN(len(alphabet))])
		}
		body := b.Bytes()
		ix := newLineIndex(body)
		rising := r.IntN(2) == 0
		at := 0
		for range 200 {
			if at = r.IntN(len(body) + 1); rising {
				at = min(at/50, len(body))
			}
			for at < len(body) && !utf8.RuneStart(body[at]) {
				at++
			}
			start := bytes.LastIndexByte(body[:at], '\n') + 1
			wantLine, wantColumn := bytes.Count(body[:at], []byte("\n"))+1, utf8.RuneCount(body[start:at])+1
			if line, column := ix.at(at); line != wantLine || column != wantColumn {
				t.Fatalf("offset %d of %d: %d:%d, want %d:%d", at, len(body), line, column, wantLine, wantColumn)
			}
			if got := ix.offset(wantLine, wantColumn); got != at {
				t.Fatalf("%d:%d of %d: offset %d, want %d", wantLine, wantColumn, len(body), got, at)
			}
		}
		if got := ix.offset(1, 1<<30); got != len(body) {
			t.Fatalf("far column: offset %d of %d", got, len(body))
		}
	}
}

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
