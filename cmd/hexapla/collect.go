package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// Sizes in bytes, and shares of what is in use, that limit how much a heap grows between two
// collections.
const (
	smallHeap   = 16 << 20 // a heap may have this size in any case
	steadyHeap  = 48 << 20 // in use: a heap of more grows by this size
	largeGrowth = 30       // percent by which a heap grows in any case
)

// usualGrowth is Go's own limit, in percent: a heap may grow to twice what is in use.
const usualGrowth = 100

// limitGarbage limits the garbage of the heap by its size. With Go's default it may be as
// large as what is in use: a command that needs few megabytes collects dozens of times
// before it has 20, and a build that has 150 in use needs 300. So a small heap is collected
// less often, and a large one more often, which takes a build some percent of its time.
// GOGC and GOMEMLIMIT of the user count instead.
func limitGarbage() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	percent := growth(0)
	debug.SetGCPercent(percent)
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	var afterCycle func(*[16]byte)
	afterCycle = func(p *[16]byte) {
		metrics.Read(live)
		if live[0].Value.Kind() == metrics.KindUint64 {
			if want := growth(live[0].Value.Uint64()); want != percent {
				percent = want
				debug.SetGCPercent(percent)
			}
		}
		runtime.SetFinalizer(p, afterCycle) // again, after the next cycle
	}
	runtime.SetFinalizer(new([16]byte), afterCycle)
}

// growth returns the percent by which a heap may grow of which some bytes are in use. Go
// takes them of four megabytes, too, and lets the heap have the larger size of the two.
func growth(live uint64) int {
	const least = smallHeap / (4 << 20) * 100
	switch {
	case live*(100+least) <= smallHeap*100:
		return least
	case live*(100+usualGrowth) <= smallHeap*100:
		return int(smallHeap*100/live) - 100
	case live <= steadyHeap:
		return usualGrowth
	default:
		return max(int(steadyHeap*100/live), largeGrowth)
	}
}
