package difference

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	for _, tt := range []struct {
		old, now string
		want     []Change
	}{
		{"same text", "same text", nil},
		{"", "", nil},
		{"", "a", []Change{{0, 0, 0, 1}}},
		{"a", "", []Change{{0, 1, 0, 0}}},
		{"one two three", "one four three", []Change{{1, 2, 1, 2}}},
		{"a b c d", "a x b c y d", []Change{{1, 1, 1, 2}, {3, 3, 4, 5}}},
		{"a a a", "a a", []Change{{2, 3, 2, 2}}},
	} {
		if got := Of(strings.Fields(tt.old), strings.Fields(tt.now), 100); !slices.Equal(got, tt.want) {
			t.Errorf("%q to %q: %v, want %v", tt.old, tt.now, got, tt.want)
		}
	}
}

// TestLaw checks that the changes make the new sequence of the old one, and touch
// nothing that is the same in both.
func TestLaw(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	random := func() []byte {
		b := make([]byte, r.IntN(12))
		for i := range b {
			b[i] = "abc"[r.IntN(3)]
		}
		return b
	}
	for range 5000 {
		a, b, limit := random(), random(), r.IntN(14)
		var made []byte
		at, newAt := 0, 0
		for _, c := range Of(a, b, limit) {
			if c.From < at || c.To < c.From || c.NewTo < c.NewFrom || c.From-at != c.NewFrom-newAt {
				t.Fatalf("%q to %q: change %v", a, b, c)
			}
			made = append(append(made, a[at:c.From]...), b[c.NewFrom:c.NewTo]...)
			at, newAt = c.To, c.NewTo
		}
		if made = append(made, a[at:]...); string(made) != string(b) {
			t.Fatalf("%q to %q made %q", a, b, made)
		}
	}
}

func TestMarked(t *testing.T) {
	for _, tt := range []struct{ old, now, want string }{
		{"The same.", "The same.", "The same."},
		{"It has 3 bridges.", "It has 4 bridges.", "It has [-3-]{+4+} bridges."},
		{"It has bridges.", "It has four bridges!", "It has {+four +}bridges[-.-]{+!+}"},
		{"", "New.", "{+New.+}"},
		{"橋が三つある。", "橋が四つある。", "橋が[-三-]{+四+}つある。"},
		{"شهر بزرگ است", "شهر کوچک است", "شهر [-بزرگ-]{+کوچک+} است"},
	} {
		if got := Marked(tt.old, tt.now); got != tt.want {
			t.Errorf("%q, %q: %q, want %q", tt.old, tt.now, got, tt.want)
		}
	}
}
