package pipeline

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
)

// TestMergeTargetsInOrder holds the search by halves against the one through all parts.
func TestMergeTargetsInOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20000 {
		cut := func() (out []bitext.Segment) {
			at := 0
			for range 1 + r.IntN(8) {
				to := at + r.IntN(4)
				out = append(out, bitext.Segment{From: bitext.Boundary{Pos: at}, To: bitext.Boundary{Pos: to}, Ignorable: r.IntN(4) == 0})
				at = to
			}
			return out
		}
		u := &exchange.Unit{}
		u.Segments = cut()
		for range u.Segments {
			u.Targets = append(u.Targets, bitext.Target{Filled: r.IntN(3) > 0, Text: bitext.Plain(string(rune('a' + r.IntN(26)))), State: bitext.State(r.IntN(4))})
		}
		if !areInOrder(u.Segments) {
			t.Fatal(u.Segments)
		}
		for _, s := range cut() {
			a, x := mergeTargets(&s, u, true)
			b, y := mergeTargets(&s, u, false)
			if !reflect.DeepEqual(a, b) || !reflect.DeepEqual(x, y) {
				t.Fatalf("%+v among %+v: %+v, %v; want %+v, %v", s, u.Segments, a, x, b, y)
			}
		}
	}
}
