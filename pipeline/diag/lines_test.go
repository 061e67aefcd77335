package diag

import (
	"math/rand/v2"
	"testing"
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
