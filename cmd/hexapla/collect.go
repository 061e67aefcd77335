package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

const (
	largeHeap   = 192 << 20 // bytes that are in use, of which a heap is large
	largeGrowth = 30        // percent by which a large heap grows between two collections
)

// collectLargeHeaps makes the garbage of a large heap a smaller part of it. Go's default
// lets a heap grow to twice what is in use, which is right for most projects; an article
// of half a million paragraphs would need gigabytes. It costs such an article some
// percent of time, and others nothing. GOGC and GOMEMLIMIT of the user count instead.
func collectLargeHeaps() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	usual := debug.SetGCPercent(largeGrowth)
	debug.SetGCPercent(usual)
	percent := usual
	var afterCycle func(*[16]byte)
	afterCycle = func(p *[16]byte) {
		metrics.Read(live)
		want := usual
		if live[0].Value.Kind() == metrics.KindUint64 && live[0].Value.Uint64() >= largeHeap {
			want = largeGrowth
		}
		if want != percent {
			percent = want
			debug.SetGCPercent(percent)
		}
		runtime.SetFinalizer(p, afterCycle) // again, after the next cycle
	}
	runtime.SetFinalizer(new([16]byte), afterCycle)
}
