package memory_test

import (
	"fmt"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
)

// Of the translations of one source, that of the same neighbours comes first, whatever
// the state of the others.
func ExampleExact() {
	source := bitext.Plain("Right.")
	candidate := func(target string, state bitext.State, place string, context memory.Context, slot int64) memory.Candidate {
		return memory.Candidate{
			Entry: bitext.Entry{Source: source, Target: bitext.Plain(target), State: state, Place: place},
			Rank:  memory.Rank{Priority: int64(memory.Priority(state, bitext.FromHuman)), EffectiveAt: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC).Unix()},
			Slot:  [3]int64{slot}, Context: context,
		}
	}
	matches := memory.Exact(memory.Query{Source: source}, []memory.Candidate{
		candidate("Вправо.", bitext.Final, "a.md#p1", 0, 1),
		candidate("Верно.", bitext.Translated, "b.md#p7", memory.SameNeighbors, 2),
	})
	for _, m := range matches {
		fmt.Println(m.Type, m.Target.Chars)
	}
	// Output:
	// in-context Верно.
	// exact Вправо.
}
