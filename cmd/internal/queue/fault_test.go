package queue

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hexapla/pipeline/memory/postgres"
	"hexapla/pipeline/memory/postgres/postgrestest"
)

var faults = flag.Int("faults", 1, "how often each fault of TestFaults happens; all kinds from 2 on")

// workerEnv is the environment variable that makes the test's program a worker for the
// project in a folder.
const workerEnv = "HEXAPLA_TEST_WORKER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(workerEnv); dir != "" {
		if err := workAlone(dir, os.Getenv(workerEnv+"_URL")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// workAlone is a worker in a process of its own, until it is killed.
func workAlone(dir, url string) error {
	ctx := context.Background()
	store, err := postgres.Open(ctx, url, postgres.Options{})
	if err != nil {
		return err
	}
	q, err := Open(ctx, store)
	if err != nil {
		return err
	}
	w, err := NewWorker(q, WorkOptions{Dir: dir, Allow: true, Workers: 2, Grace: time.Second, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))})
	if err != nil {
		return err
	}
	return w.Run(ctx)
}

// process is a worker that is started again whenever it ends.
type process struct {
	t        testing.TB
	dir, url string
	mu       sync.Mutex
	cmd      *exec.Cmd
	closed   bool
	ended    sync.WaitGroup
	errors   logged
}

func startProcess(t testing.TB, dir, url string) *process {
	t.Helper()
	p := &process{t: t, dir: dir, url: url}
	p.ended.Go(func() {
		for {
			p.mu.Lock()
			if p.closed {
				p.mu.Unlock()
				return
			}
			p.cmd = exec.Command(os.Args[0])
			p.cmd.Env = append(os.Environ(), workerEnv+"="+dir, workerEnv+"_URL="+url)
			p.cmd.Stderr = &p.errors
			err := p.cmd.Start()
			cmd := p.cmd
			p.mu.Unlock()
			if err != nil {
				t.Error(err)
				return
			}
			_ = cmd.Wait()
		}
	})
	t.Cleanup(func() {
		p.mu.Lock()
		p.closed = true
		p.mu.Unlock()
		p.kill()
		p.ended.Wait()
	})
	return p
}

// kill kills the worker as nothing else does: no handler runs.
func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd != nil && p.cmd.Process != nil {
		_ = p.cmd.Process.Kill()
	}
}

// Workers are killed, connections cut and the server restarted while builds run: every
// build comes to its end, no article is forgotten, and the pages are those of a single
// machine.
func TestFaults(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault func(s *postgrestest.Server, p *postgrestest.Proxy, workers []*process, r *rand.Rand)
	}{
		{"a worker is killed", func(_ *postgrestest.Server, _ *postgrestest.Proxy, workers []*process, r *rand.Rand) {
			workers[r.IntN(len(workers))].kill()
		}},
		{"all connections are cut", func(_ *postgrestest.Server, p *postgrestest.Proxy, _ []*process, _ *rand.Rand) { p.Cut() }},
		{"the server is restarted", func(s *postgrestest.Server, _ *postgrestest.Proxy, _ []*process, _ *rand.Rand) {
			if err := s.Restart(false); err != nil {
				t.Error(err)
			}
		}},
		{"the server crashes", func(s *postgrestest.Server, _ *postgrestest.Proxy, _ []*process, _ *rand.Rand) {
			if err := s.Restart(true); err != nil {
				t.Error(err)
			}
		}},
		{"the network is gone for a second", func(_ *postgrestest.Server, p *postgrestest.Proxy, _ []*process, _ *rand.Rand) {
			p.Block(true)
			time.Sleep(time.Second)
			p.Block(false)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if *faults < 2 && !strings.Contains(c.name, "worker") && !strings.Contains(c.name, "connections") {
				t.Skip("only with -faults 2 or more")
			}
			server := postgrestest.Start(t, "fsync = on")
			url := server.Database(t)
			proxy := server.Proxy(t)
			name := url[len("postgres://hexapla@/"):strings.Index(url, "?")]
			through := server.URLThrough(name, proxy.Dir)
			const articles = 30
			one := project(t, "", articles)
			alone(t, one)
			want := files(t, filepath.Join(one, "editions"))
			many := project(t, through, articles)
			q := openQueue(t, url)
			var workers []*process
			for range 3 {
				workers = append(workers, startProcess(t, many, through))
			}
			r := rand.New(rand.NewPCG(1, 1))
			done, builds := 0, 0
			for done < *faults {
				if err := os.RemoveAll(filepath.Join(many, "editions")); err != nil {
					t.Fatal(err)
				}
				if err := os.RemoveAll(filepath.Join(many, ".hexapla", "build")); err != nil {
					t.Fatal(err)
				}
				id, _, err := q.Submit(t.Context(), BuildArgs{Force: true}, 2)
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
				ended := make(chan struct{})
				var harm sync.WaitGroup
				harm.Go(func() {
					for done < *faults {
						select {
						case <-ended:
							return
						case <-time.After(time.Duration(300+r.IntN(1200)) * time.Millisecond):
							c.fault(server, proxy, workers, r)
							done++
						}
					}
				})
				var j Job
				for ctx.Err() == nil { // the server may be down when it is asked
					if j, err = q.Wait(ctx, id, func(Job) {}); err == nil {
						break
					}
					time.Sleep(50 * time.Millisecond)
				}
				close(ended)
				harm.Wait()
				cancel()
				builds++
				if err != nil || j.State != "completed" {
					t.Fatalf("build %d: %v: %+v\n%s", builds, err, j, &workers[0].errors)
				}
				if d := cmp.Diff(want, files(t, filepath.Join(many, "editions"))); d != "" {
					t.Fatalf("build %d (-one machine +many):\n%s", builds, d)
				}
			}
			for range 100 { // the server of the last fault may still be starting
				var left int
				err := q.store.Pool().QueryRow(t.Context(), "SELECT count(*) FROM queue_article").Scan(&left)
				if err == nil {
					if left != 0 {
						t.Errorf("%d articles are left in the queue", left)
					}
					break
				}
				time.Sleep(50 * time.Millisecond)
			}
			t.Logf("%-36s %4d faults, %3d builds of %d articles complete, pages as on one machine", c.name, done, builds, articles+5)
		})
	}
}
