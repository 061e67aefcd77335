package diag

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"unicode/utf8"
)

// Lines says what At says, in any order.
func TestLines(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var data []byte
		for range random.IntN(60) {
			data = append(data, []string{"a", "я", "\n", "中", "\r\n", "\xff", "🙂"}[random.IntN(7)]...)
		}
		lines := NewLines(data)
		for range 40 {
			at := random.IntN(len(data)+4) - 2
			line, column := At(data, at)
			if l, c := lines.At(at); l != line || c != column {
				t.Fatalf("%q at %d: %d:%d, want %d:%d", data, at, l, c, line, column)
			}
		}
	}
}

// TestLongLines: offsets in any order have the line and column that a count
// from the start of the file gives, and the other way round.
func TestLongLines(t *testing.T) {
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
		ix := NewLines(body)
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
			if line, column := ix.At(at); line != wantLine || column != wantColumn {
				t.Fatalf("offset %d of %d: %d:%d, want %d:%d", at, len(body), line, column, wantLine, wantColumn)
			}
			if got := ix.Offset(wantLine, wantColumn); got != at {
				t.Fatalf("%d:%d of %d: offset %d, want %d", wantLine, wantColumn, len(body), got, at)
			}
		}
		if got := ix.Offset(1, 1<<30); got != len(body) {
			t.Fatalf("far column: offset %d of %d", got, len(body))
		}
	}
}
