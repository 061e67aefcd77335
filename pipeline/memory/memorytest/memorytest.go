// Package memorytest is the conformance suite for translation memories. The test of
// an implementation calls Run with a function that opens an empty memory.
package memorytest

import (
	"testing"

	"hexapla/pipeline/memory"
)

// Run tests the stores that open returns, each of them empty.
func Run(t *testing.T, open func(t *testing.T) memory.Store) {
	for _, c := range []struct {
		name string
		test func(t *testing.T, s memory.Store)
	}{
		{"round trip", roundTrip},
		{"adding again changes nothing", idempotence},
		{"priority, then time", ranking},
		{"context", contexts},
		{"ambiguous", ambiguous},
		{"alternatives of one import", alternatives},
		{"alternatives of a changed file", changedFile},
		{"forced", forced},
		{"withdrawn stays withdrawn", keepWithdrawn},
		{"conflicts", conflicts},
		{"blank answers", blankAnswers},
		{"codes of the query", codes},
		{"fuzzy", fuzzies},
		{"numbers", numbers},
		{"fuzzy sees what is added later", fuzzyGrows},
		{"locales are exact", locales},
		{"limit", limits},
		{"all or nothing", allOrNothing},
		{"continued batch", continued},
		{"undo", undo},
		{"undo of an undo", redo},
		{"undone and redone at random", undoLaw},
		{"history", history},
		{"stats", stats},
		{"search", search},
		{"notes", notes},
		{"odd characters", oddities},
		{"cancelled", cancelled},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}
