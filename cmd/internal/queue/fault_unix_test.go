//go:build unix

package queue

import (
	"context"
	"flag"
	"fmt"
	"sync"
	"syscall"
	"testing"
	"time"
)

var (
	faults = flag.Int("faults", 1, "how often each fault of TestFaults happens; all kinds from 2 on")
	older  = flag.String("older", "", "a hexapla program of an older release, which TestFaults replaces by this one")
	kills  = flag.Int("kills", 0, "how often TestFaults kills a worker; 0 for as often as the other faults")
)

// row is a line of the table of faults.
type row struct {
	name                          string
	times, builds, pages          int
	lost, twice, again, forgotten int
}

// endure lets builds run, each of new texts, while a fault happens often enough, and
// compares what they write with what one machine writes.
func (w *world) endure(name string, times int, pause time.Duration, harm func()) row {
	r := row{name: name}
	deadline := time.Now().Add(time.Duration(times)*(pause+30*time.Second) + 5*time.Minute)
	for r.times < times {
		w.edit(r.builds)
		alone(w, w.one)
		var id int64
		w.patiently(deadline, func(ctx context.Context) (err error) {
			id, _, err = w.queue.Submit(ctx, BuildArgs{}, 2)
			return err
		})
		ended := make(chan struct{})
		var harming sync.WaitGroup
		harming.Go(func() {
			for r.times < times {
				select {
				case <-ended:
					return
				case <-time.After(pause/2 + time.Duration(w.random.Int64N(int64(pause)))):
					harm()
					r.times++
				}
			}
		})
		var j Job
		w.patiently(deadline, func(ctx context.Context) (err error) {
			j, err = w.queue.Wait(ctx, id, func(Job) {})
			return err
		})
		close(ended)
		harming.Wait()
		r.builds++
		if j.State != "completed" {
			r.forgotten++
			w.Errorf("%s: build %d: %+v\n%s", name, r.builds, j, &w.workers[0].errors)
			break
		}
		w.comparePages(&r)
	}
	w.patiently(deadline, func(ctx context.Context) error {
		var left int
		err := w.queue.store.Pool().QueryRow(ctx, "SELECT (SELECT count(*) FROM queue_article) + (SELECT count(*) FROM river_job WHERE state <> 'completed')").Scan(&left)
		if err == nil && left > 0 {
			err = fmt.Errorf("%d articles or jobs are left in the queue", left)
		}
		return err
	})
	w.engine.mu.Lock()
	r.again, r.twice = w.engine.again, w.engine.twice
	w.engine.mu.Unlock()
	if r.twice > 0 {
		w.Errorf("%s: %d texts were asked for although their answers were kept", name, r.twice)
	}
	return r
}

// TestFaults lets faults happen while builds run, and prints a table of what came of it:
// every build comes to its end, no job is forgotten, no text whose answer was kept is
// asked for again, and the pages are those of a single machine. Texts that are asked for
// again are those whose answer was on its way to a worker that was killed.
func TestFaults(t *testing.T) {
	n := *faults
	few := max(1, n/5) // of faults that last
	cases := []struct {
		name  string
		short bool
		run   func(t *testing.T, name string) row
	}{
		{"a worker is killed", true, func(t *testing.T, name string) row {
			w := newWorld(t, "127.0.0.1")
			w.start()
			times := n
			if *kills > 0 {
				times = *kills
			}
			return w.endure(name, times, 800*time.Millisecond, func() { w.some().signal(syscall.SIGKILL) })
		}},
		{"a worker is told to stop", false, func(t *testing.T, name string) row {
			w := newWorld(t, "127.0.0.1")
			w.start()
			return w.endure(name, n, time.Second, func() { w.some().signal(syscall.SIGTERM) })
		}},
		{"a worker stands still for 12 s", false, func(t *testing.T, name string) row {
			w := newWorld(t, "127.0.0.1")
			w.start()
			return w.endure(name, few, time.Second, func() {
				p := w.some()
				p.signal(syscall.SIGSTOP)
				time.Sleep(12 * time.Second)
				p.signal(syscall.SIGCONT)
			})
		}},
		{"all connections are cut", true, func(t *testing.T, name string) row {
			w := newWorld(t, "127.0.0.1")
			w.start()
			return w.endure(name, n, 800*time.Millisecond, w.proxy.Cut)
		}},
		{"no connection for a second", false, func(t *testing.T, name string) row {
			w := newWorld(t, "127.0.0.1")
			w.start()
			return w.endure(name, n, time.Second, func() {
				w.proxy.Block(true)
				time.Sleep(time.Second)
				w.proxy.Block(false)
			})
		}},
		{"the server is restarted", false, func(t *testing.T, name string) row {
			w := newWorld(t, "127.0.0.1")
			w.start()
			return w.endure(name, n, time.Second, func() {
				if err := w.server.Restart(false); err != nil {
					t.Error(err)
				}
			})
		}},
		{"the server crashes", false, func(t *testing.T, name string) row {
			w := newWorld(t, "127.0.0.1")
			w.start()
			return w.endure(name, n, time.Second, func() {
				if err := w.server.Restart(true); err != nil {
					t.Error(err)
				}
			})
		}},
		{"the network is cut for 15 s", false, func(t *testing.T, name string) row { return partition(t, name, few) }},
		{"workers' clocks 2 h ahead and behind", false, func(t *testing.T, name string) row {
			w := newWorld(t, "127.0.0.1")
			w.start(func(p *process) { p.env = []string{workerEnv + "_AHEAD=2h"} }, func(p *process) { p.env = []string{workerEnv + "_AHEAD=-2h"} })
			return w.endure(name, n, time.Second, func() { w.some().signal(syscall.SIGTERM) })
		}},
		{"the server's clock 2 h behind", false, func(t *testing.T, name string) row {
			w := newWorldBehind(t)
			w.start()
			return w.endure(name, n, time.Second, func() { w.some().signal(syscall.SIGTERM) })
		}},
		{"the server's disk is full for 3 s", false, func(t *testing.T, name string) row { return fullServer(t, name, few) }},
		{"the server's log (pg_wal) is full for 4 s", false, func(t *testing.T, name string) row { return fullLog(t, name, few) }},
		{"the project's disk is full for 3 s", false, func(t *testing.T, name string) row { return fullProject(t, name, few) }},
		{"a migration fails", true, failedMigration},
		{"a worker of an older release", false, olderWorker},
		{"an older release is replaced", false, replacedRelease},
	}
	var rows []row
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if n < 2 && !c.short {
				t.Skip("only with -faults 2 or more")
			}
			rows = append(rows, c.run(t, c.name))
		})
	}
	fmt.Printf("%-42s %6s %7s %7s %5s %11s %12s %10s\n", "fault", "times", "builds", "pages", "lost", "paid twice", "asked again", "forgotten")
	for _, r := range rows {
		fmt.Printf("%-42s %6d %7d %7d %5d %11d %12d %10d\n", r.name, r.times, r.builds, r.pages, r.lost, r.twice, r.again, r.forgotten)
	}
}
