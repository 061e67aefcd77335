package quality

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// A long source answers by its index what its words answer one after the other.
func TestInSourceOfLongSource(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	letters := []rune("abKk\u212aſsсСẞßİıΣσς")
	word := func() string {
		var b strings.Builder
		for range 2 + random.IntN(3) {
			b.WriteRune(letters[random.IntN(len(letters))])
		}
		return b.String()
	}
	s := segment{sourceText: &sourceText{}}
	for range 2 * manyWords {
		w := word()
		s.bare = append(s.bare, w)
		s.seen.add(w)
	}
	for range 5000 {
		w := word()
		want := slices.ContainsFunc(s.bare, func(text string) bool { return strings.EqualFold(text, w) })
		for range 2 {
			if got := s.inSource(w); got != want {
				t.Fatalf("%q: %t, want %t", w, got, want)
			}
		}
	}
}

// BenchmarkLongSegment checks one segment of n, 2n and 4n words: time is linear.
func BenchmarkLongSegment(b *testing.B) {
	for _, n := range []int{1 << 12, 1 << 13, 1 << 14} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := segment{sourceText: &sourceText{}}
			for i := range n {
				w := fmt.Sprintf("word%d", i%1000)
				s.bare = append(s.bare, w)
				s.seen.add(w)
			}
			for b.Loop() {
				s.sourceIndex = nil
				for i := range n {
					if !s.inSource(fmt.Sprintf("WORD%d", i%1000)) {
						b.Fatal("a word of the source is not found")
					}
				}
			}
		})
	}
}
