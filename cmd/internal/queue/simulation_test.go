package queue

import (
	"flag"
	"fmt"
	"testing"
)

// The figures that the simulation begins with: seconds for an article of 7 texts in 27
// locales, and bytes. TestScale has measured all but those that say so, and the wait for the lock, which follows from
// the rate of inserts.
var (
	simWork   = flag.Float64("work", 0.007, "how long a worker computes an article")
	simWait   = flag.Float64("wait", 5, "how long it waits for engines, for an article whose texts are new (assumed)")
	simNew    = flag.Float64("new", 0.1, "which part of the articles has new texts (assumed)")
	simServer = flag.Float64("server", 0.0029, "how long the server's processors work for an article: jobs, results, look-ups")
	simWrite  = flag.Float64("write", 0.0075, "how long the worker that has the build takes to write an article's pages")
	simLock   = flag.Float64("lock", 0.011, "how long the lock of writers is held for an article whose texts are new")
	simBytes  = flag.Float64("bytes", 460, "bytes of an entry of one sentence in the database with its indexes")
	simCores  = flag.Int("cores", 16, "the processors of the server (assumed)")
	simDepth  = flag.Float64("depth", 1.25, "how much longer the server works among 50 million entries than among 364,000: one more level of the indexes (assumed; from 100,000 to 1,000,000 it was 1.06)")
	simListen = flag.Float64("listen", 0.00016, "how long a process that looks up similar texts works for each write of others, for each pair of locales that it looks up")
)

// station is what jobs wait for: as many of them as it has servers are served at a time.
type station struct {
	name    string
	demand  float64 // seconds of service for a job
	servers int
}

// solve returns how many jobs per second a number of workers gets done, each of which
// works for think seconds between two visits of the stations, and how busy the stations
// are. It is the mean value analysis of closed queueing networks (M. Reiser and S. S.
// Lavenberg, Journal of the ACM 27, 1980), with several servers of a station as one that
// is as fast as all and a delay (A. Seidmann, P. J. Schweitzer and S. Shalev-Oren, Large
// Scale Systems 12, 1987).
func solve(workers int, think float64, stations []station) (rate float64, busy []float64) {
	waiting := make([]float64, len(stations))
	for n := 1; n <= workers; n++ {
		total := think
		times := make([]float64, len(stations))
		for i, s := range stations {
			c := float64(s.servers)
			times[i] = s.demand/c*(1+waiting[i]) + s.demand*(c-1)/c
			total += times[i]
		}
		rate = float64(n) / total
		for i, s := range stations {
			// What waits at the part that is one fast server.
			waiting[i] = rate * (times[i] - s.demand*float64(s.servers-1)/float64(s.servers))
		}
	}
	for _, s := range stations {
		busy = append(busy, rate*s.demand/float64(s.servers))
	}
	return rate, busy
}

// TestSimulation prints, with -v, how a memory of 50 million entries serves up to 200
// workers, each a process that builds one article at a time, and what is busy first: with
// one build, and with eight into folders of their own, each with a writer. Assumptions:
// the figures of the flags; the indexes are in the server's memory; a worker waits for
// the server where it asks it, and a build's writer works beside its workers.
func TestSimulation(t *testing.T) {
	t.Logf("50 million entries: %.0f GB with their indexes", 50e6**simBytes/1e9)
	for _, builds := range []int{1, 8} {
		stations := []station{
			{"processors of the server", *simServer * *simDepth, *simCores},
			{"lock of writers", *simLock * *simNew, 1},
			{"writers of pages", *simWrite, builds},
		}
		alone, _ := solve(1, *simWork+*simWait**simNew, stations)
		last := 0.0
		for _, n := range []int{1, 2, 4, 10, 25, 50, 100, 200} {
			rate, busy := solve(n, *simWork+*simWait**simNew, stations)
			if rate < last {
				t.Errorf("%d workers are slower than fewer", n)
			}
			last = rate
			text := ""
			for i, s := range stations {
				text += fmt.Sprintf("; %s %.0f %%", s.name, 100*busy[i])
			}
			text += fmt.Sprintf("; a listener for 26 pairs %.0f %%", 100*rate**simNew*26**simListen)
			t.Logf("%d builds, %3d workers: %6.1f articles/s, %6.0f editions/s, %3.0f %% of so many single ones; busy%s", builds, n, rate, 27*rate, 100*rate/alone/float64(n), text[1:])
		}
	}
	// One worker never waits, and nothing is more than busy.
	if rate, _ := solve(1, 1, []station{{"a", 1, 1}}); rate != 0.5 {
		t.Errorf("one worker: %g jobs per second, want 0.5", rate)
	}
	if rate, busy := solve(1000, 1, []station{{"a", 0.1, 1}}); rate > 10 || rate < 9.99 || busy[0] > 1 {
		t.Errorf("a station of 0.1 s gives %g jobs per second", rate)
	}
}
