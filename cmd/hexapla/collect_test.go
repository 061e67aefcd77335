package main

import "testing"

// The heap grows from a size that all commands may have to its usual size, and then by less.
func TestGrowth(t *testing.T) {
	const mb = 1 << 20
	for _, c := range []struct{ live, heap uint64 }{ // in use, and before the next collection
		{0, 16}, {1, 16}, {3, 16}, {4, 16}, {8, 16}, {9, 18}, {40, 80}, {48, 96}, {100, 148}, {150, 198}, {160, 208}, {1000, 1300}, {100_000, 130_000},
	} {
		percent := uint64(growth(c.live * mb))
		heap := max(c.live*mb*(100+percent), 4*mb*percent) / 100
		if heap > c.heap*mb || heap < (c.heap-c.heap/50-1)*mb {
			t.Errorf("of %d MB that are in use, the heap has %.1f MB before the next collection, want %d", c.live, float64(heap)/mb, c.heap)
		}
	}
}
