//go:build unix

package queue

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/rivertype"

	"hexapla/cmd/internal/publish"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/memory/postgres"
	"hexapla/pipeline/memory/postgres/postgrestest"
)

var (
	faults = flag.Int("faults", 1, "how often each fault of TestFaults happens; all kinds from 2 on")
	kills  = flag.Int("kills", 0, "how often TestFaults kills a worker; 0 for as often as the other faults")
)

// workerEnv is the environment variable that makes the test's program a worker for the
// project in a folder; others that begin with it have its database, its queues, and how
// far its clock is ahead.
const workerEnv = "HEXAPLA_TEST_WORKER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(workerEnv); dir != "" {
		if err := workAlone(dir, os.Getenv(workerEnv+"_URL"), os.Getenv(workerEnv+"_AHEAD")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if dir := os.Getenv(aloneEnv); dir != "" {
		if err := buildAlone(context.Background(), dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// buildAlone builds a project on this machine.
func buildAlone(ctx context.Context, dir string) error {
	ws, err := workspace.Open(ctx, dir, workspace.Options{Memory: workspace.ReadWrite, Allow: true, Select: &workspace.Selection{}})
	if err != nil {
		return err
	}
	_, err = publish.Build(ctx, ws, publish.Options{Incremental: true}, silent{})
	return errors.Join(err, ws.Close())
}

// workAlone is a worker in a process of its own, until it is told to stop.
func workAlone(dir, url, ahead string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	store, err := postgres.Open(ctx, url, postgres.Options{})
	if err != nil {
		return err
	}
	q, err := Open(ctx, store)
	if err != nil {
		return err
	}
	o := WorkOptions{Dir: dir, Allow: true, Workers: 2, Grace: time.Second, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))}
	if names := os.Getenv(workerEnv + "_QUEUES"); names != "" {
		o.Queues = strings.Split(names, ",")
	}
	if d, err := time.ParseDuration(ahead); err == nil {
		o.Clock = func() time.Time { return time.Now().Add(d) }
	}
	w, err := NewWorker(q, o)
	if err != nil {
		return err
	}
	return errors.Join(w.Run(ctx), q.Close())
}

// process is a worker that is started again whenever it ends.
type process struct {
	prefix []string // of the command line, such as one that enters a network
	env    []string

	mu     sync.Mutex
	cmd    *exec.Cmd
	closed bool
	ended  sync.WaitGroup
	errors logged
}

func startProcess(t testing.TB, dir, url string, p *process) *process {
	t.Helper()
	p.ended.Go(func() {
		for {
			p.mu.Lock()
			if p.closed {
				p.mu.Unlock()
				return
			}
			args := append(append([]string{}, p.prefix...), os.Args[0])
			p.cmd = exec.Command(args[0], args[1:]...)
			p.cmd.Env = append(append(os.Environ(), workerEnv+"="+dir, workerEnv+"_URL="+url), p.env...)
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
		p.signal(syscall.SIGKILL)
		p.ended.Wait()
	})
	return p
}

// signal sends a signal to the worker. SIGKILL ends it as nothing else does: no handler
// runs.
func (p *process) signal(s os.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd != nil && p.cmd.Process != nil {
		_ = p.cmd.Process.Signal(s)
	}
}

// payedEngine is a service with the protocol of LibreTranslate that keeps account of what
// it is asked below /many: how often it was asked again for a text whose answer had been
// lost with a worker, and how often for one whose answer was in the database.
type payedEngine struct {
	t        testing.TB
	database *pgxpool.Pool // of the server itself

	mu           sync.Mutex
	asked        map[string]bool
	again, twice int
}

func (e *payedEngine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/languages") {
		fmt.Fprint(w, `[{"code":"en","targets":["uk","ru"]}]`)
		return
	}
	var q struct {
		Q      []string
		Target string
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		return // a worker that was killed while it asked
	}
	answers := make([]string, len(q.Q))
	for i, text := range q.Q {
		answers[i] = strings.ToUpper(text)
		if strings.HasPrefix(r.URL.Path, "/many/") {
			e.account(q.Target, text, answers[i])
		}
	}
	time.Sleep(20 * time.Millisecond)
	_ = json.NewEncoder(w).Encode(map[string]any{"translatedText": answers})
}

func (e *payedEngine) account(target, text, answer string) {
	key := target + "\n" + text
	e.mu.Lock()
	known := e.asked[key]
	e.asked[key] = true
	e.mu.Unlock()
	if !known {
		return
	}
	var kept bool
	var err error
	for range 600 { // the server may be down
		err = e.database.QueryRow(context.Background(), `SELECT EXISTS (SELECT 1 FROM memory_version v JOIN memory_pair p ON p.id = v.pair JOIN memory_text t ON t.id = v.text WHERE p.target = $1 AND v.target = $2 AND t.key = $3)
			OR EXISTS (SELECT 1 FROM memory_claim WHERE answer LIKE '%"' || $2 || '"%' AND answer LIKE '%' || $1 || '%')`, target, answer, text).Scan(&kept)
		if err == nil {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if err != nil {
		e.t.Errorf("whether an answer was kept: %v", err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if kept {
		e.twice++
	} else {
		e.again++
	}
}

// world is what a fault happens to: a server, three workers in processes of their own
// and a service that is paid for.
type world struct {
	testing.TB
	random    *rand.Rand
	server    *postgrestest.Server
	proxy     *postgrestest.Proxy
	through   string // the address of the database by the proxy
	engine    *payedEngine
	one, many string // the project on one machine, and on many
	queue     *Queue
	workers   []*process
}

// newWorld makes a world without workers.
func newWorld(t testing.TB, host string, conf ...string) *world {
	w := &world{TB: t, random: rand.New(rand.NewPCG(1, 1)), one: t.TempDir(), many: t.TempDir()}
	w.server = postgrestest.Start(t, append([]string{"fsync = on"}, conf...)...)
	url := w.server.Database(t)
	w.proxy = w.server.Proxy(t)
	w.through = w.server.URLThrough(databaseOf(url), w.proxy.Dir)
	pool, err := pgxpool.New(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	w.engine = &payedEngine{t: t, database: pool, asked: map[string]bool{}}
	l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		t.Fatal(err)
	}
	service := &http.Server{Handler: w.engine}
	go func() { _ = service.Serve(l) }()
	t.Cleanup(func() { service.Close() })
	w.configure(w.one, "", "http://"+l.Addr().String()+"/one")
	w.configure(w.many, w.through, "http://"+l.Addr().String()+"/many")
	return w
}

// databaseOf returns the name of a database from the address of a test's server.
func databaseOf(url string) string {
	return url[len("postgres://hexapla@/"):strings.Index(url, "?")]
}

// configure writes the configuration of a project.
func (w *world) configure(dir, url, engine string) {
	text := "[project]\nsource = \"en\"\nlocales = [\"uk\", \"ru\"]\narticles = [\"articles/*.md\"]\n\n[policy]\nmt = true\n\n[[hook]]\ntype = \"libretranslate\"\nurl = \"" + engine + "\"\nconcurrency = 4\nbatch = 5\n"
	if url != "" {
		text += "\n[memory]\nurl = \"" + url + "\"\n"
	}
	if err := os.MkdirAll(filepath.Join(dir, "articles"), 0o777); err != nil {
		w.Fatal(err)
	}
	write(w, filepath.Join(dir, "hexapla.toml"), text)
}

const worldArticles = 30

// edit gives all articles new texts, of which each is in two articles.
func (w *world) edit(round int) {
	for _, dir := range []string{w.one, w.many} {
		for a := range worldArticles {
			var b strings.Builder
			fmt.Fprintf(&b, "# Report %d of day %d\n", a, round)
			for p := range 6 {
				fmt.Fprintf(&b, "\nThe freight number %d of day %d has arrived at the harbour.\n", 3*a+p, round)
			}
			write(w, filepath.Join(dir, "articles", fmt.Sprintf("report-%d.md", a)), b.String())
		}
	}
}

// some returns one of the workers.
func (w *world) some() *process { return w.workers[w.random.IntN(len(w.workers))] }

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
		want := timeless(w, filepath.Join(w.one, "editions"))
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
		got := timeless(w, filepath.Join(w.many, "editions"))
		for page, sum := range want {
			r.pages++
			if got[page] != sum {
				r.lost++
				if r.lost == 1 {
					w.Errorf("%s: build %d: %s (-one machine +many): %s", name, r.builds, page, cmp.Diff(want[page], got[page]))
				}
			}
		}
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

// manifestTime matches the time, in a manifest, at which the engine was asked.
var manifestTime = regexp.MustCompile(`"time": "[^"]*"`)

// timeless returns the files of a folder without the times at which the engine was asked:
// the two projects have answers of their own.
func timeless(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		out[name] = manifestTime.ReplaceAllString(string(data), "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// patiently calls f until it succeeds: the server may be down.
func (w *world) patiently(deadline time.Time, f func(ctx context.Context) error) {
	w.Helper()
	ctx, cancel := context.WithDeadline(context.Background(), deadline)
	defer cancel()
	for {
		err := f(ctx)
		if err == nil {
			return
		}
		if ctx.Err() != nil {
			w.Fatalf("%v\n%s", err, &w.workers[0].errors)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// start starts the workers: each by a change of the usual one.
func (w *world) start(changes ...func(*process)) {
	w.queue = openQueue(w, w.server.URL(databaseOf(w.through)))
	for len(changes) < 3 {
		changes = append(changes, func(*process) {})
	}
	for _, change := range changes {
		p := &process{}
		change(p)
		w.workers = append(w.workers, startProcess(w, w.many, w.through, p))
	}
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
		{"the project's disk is full for 3 s", false, func(t *testing.T, name string) row { return fullProject(t, name, few) }},
		{"a migration fails", true, failedMigration},
		{"a worker of an older release", false, olderWorker},
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
	fmt.Printf("%-38s %6s %7s %7s %5s %11s %12s %10s\n", "fault", "times", "builds", "pages", "lost", "paid twice", "asked again", "forgotten")
	for _, r := range rows {
		fmt.Printf("%-38s %6d %7d %7d %5d %11d %12d %10d\n", r.name, r.times, r.builds, r.pages, r.lost, r.twice, r.again, r.forgotten)
	}
}

// failedMigration lets the making of tables fail: its connection is cut at some moment,
// or something is in its way. A job that waits in tables of the first release stays.
func failedMigration(t *testing.T, name string) row {
	r := row{name: name}
	server := postgrestest.Start(t)
	proxy := server.Proxy(t)
	for n := range max(4, 2*(*faults)) {
		url := server.Database(t)
		db := databaseOf(url)
		old := n%2 == 1
		if old {
			q := openQueue(t, url)
			if _, _, err := q.Submit(t.Context(), BuildArgs{}, 2); err != nil {
				t.Fatal(err)
			}
			server.Exec(t, db, "DROP TABLE queue_meta, queue_output")
		}
		if n%4 == 3 {
			server.Exec(t, db, "CREATE TABLE queue_output (something text)")
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		go func() {
			for range 5 {
				time.Sleep(time.Duration(rand.IntN(25)) * time.Millisecond)
				proxy.Cut()
			}
		}()
		err := openAndClose(ctx, server.URLThrough(db, proxy.Dir))
		cancel()
		if n%4 == 3 {
			if err == nil {
				t.Error("a table that was in the way has gone unnoticed")
			}
			if err := openAndClose(t.Context(), url); err == nil || !strings.Contains(err.Error(), "bringing its tables to version 2") {
				t.Errorf("a table is in the way: %v", err)
			}
			server.Exec(t, db, "DROP TABLE queue_output")
		}
		r.times++
		if err := openAndClose(t.Context(), url); err != nil {
			t.Errorf("after a migration that failed: %v", err)
			r.lost++
		}
		if old {
			q := openQueue(t, url)
			if jobs, err := q.Jobs(t.Context(), "", true, 10); err != nil || len(jobs) != 1 {
				t.Errorf("the job that waited: %v, %v", jobs, err)
				r.forgotten++
			}
		}
	}
	return r
}

func openAndClose(ctx context.Context, url string) error {
	store, err := postgres.Open(ctx, url, postgres.Options{})
	if err != nil {
		return err
	}
	q, err := Open(ctx, store)
	if err != nil {
		return errors.Join(err, store.Close())
	}
	return q.Close()
}

// olderWorker has jobs of a newer release in the queue, and a worker with other files
// beside those of the project: what a worker does not know it leaves.
func olderWorker(t *testing.T, name string) row {
	w := newWorld(t, "127.0.0.1")
	w.start()
	other := t.TempDir()
	if err := os.CopyFS(other, os.DirFS(w.many)); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(other, "hexapla.toml"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(other, "hexapla.toml"), "# Of another release.\n"+string(data))
	w.workers = append(w.workers, startProcess(t, other, w.through, &process{env: []string{workerEnv + "_QUEUES=article"}}))
	var newer []int64
	for _, j := range []struct{ kind, queue, args string }{
		{"build", BuildQueue, `{"shape": "round"}`},
		{"article", ArticleQueue, `{"build": 1, "pass": 0, "path": "a", "shape": "round"}`},
		{"command", CommandQueue, `{"command": ["polish"]}`},
		{"polish", "polish", `{}`},
	} {
		var id int64
		if err := w.queue.store.Pool().QueryRow(t.Context(), "INSERT INTO river_job (kind, queue, args, max_attempts) VALUES ($1, $2, $3, 3) RETURNING id", j.kind, j.queue, j.args).Scan(&id); err != nil {
			t.Fatal(err)
		}
		newer = append(newer, id)
	}
	r := row{name: name}
	for range max(2, *faults/4) {
		w.edit(r.builds)
		for a := range worldArticles { // the other machine has the same articles
			file := filepath.Join("articles", fmt.Sprintf("report-%d.md", a))
			data, err := os.ReadFile(filepath.Join(w.many, file))
			if err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(other, file), string(data))
		}
		alone(t, w.one)
		j := submit(t, w.queue, BuildArgs{})
		r.builds++
		r.times++
		if j.State != "completed" {
			t.Errorf("build %d: %+v", r.builds, j)
		}
		want, got := timeless(t, filepath.Join(w.one, "editions")), timeless(t, filepath.Join(w.many, "editions"))
		for page, sum := range want {
			r.pages++
			if got[page] != sum {
				r.lost++
			}
		}
	}
	if r.lost > 0 {
		t.Errorf("%d pages are not as on one machine", r.lost)
	}
	left := 0
	rows, err := w.queue.store.Pool().Query(t.Context(), "SELECT attempt, coalesce(array_length(errors, 1), 0), state IN ('available', 'scheduled', 'running') FROM river_job WHERE id = ANY($1)", newer)
	if err != nil {
		t.Fatal(err)
	}
	var attempts, errors int
	var open bool
	if _, err := pgx.ForEachRow(rows, []any{&attempts, &errors, &open}, func() error {
		if open && errors == 0 && attempts <= 1 {
			left++
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if r.forgotten = len(newer) - left; r.forgotten != 0 {
		t.Errorf("%d of %d jobs of a newer release were not left as they were", r.forgotten, len(newer))
	}
	var shown int
	jobs, err := w.queue.Jobs(t.Context(), "", true, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range jobs {
		if j.Newer || j.State == "running" || j.Kind == "polish" {
			shown++
		}
	}
	if shown < len(newer) {
		t.Errorf("%d of %d jobs are shown as those of a newer release", shown, len(newer))
	}
	w.engine.mu.Lock()
	r.again, r.twice = w.engine.again, w.engine.twice
	w.engine.mu.Unlock()
	return r
}

// Arguments that this release does not know are those of a newer one.
func TestKnownArgs(t *testing.T) {
	for _, c := range []struct {
		kind, args string
		want       bool
	}{
		{"build", `{}`, true}, {"build", `{"articles": ["a.md"], "force": true, "after": 3}`, true}, {"build", `{"shape": "round"}`, false},
		{"article", `{"build": 1, "pass": 0, "path": "a.md"}`, true}, {"article", `{"build": "b"}`, false},
		{"command", `{"command": ["check", "--json"]}`, true}, {"command", `{"command": ["polish"]}`, false}, {"command", `{"command": []}`, false}, {"command", `[`, false},
	} {
		if got := knownArgs(&rivertype.JobRow{Kind: c.kind, EncodedArgs: []byte(c.args)}); got != c.want {
			t.Errorf("%s %s: %v", c.kind, c.args, got)
		}
	}
}

// Tables of a newer release are refused in words, and left as they are.
func TestNewerSchema(t *testing.T) {
	server := postgrestest.Start(t)
	for statement, want := range map[string]string{
		"UPDATE queue_meta SET schema = 99":                               "update hexapla",
		"INSERT INTO river_migration (line, version) VALUES ('main', 99)": "newer release of River",
	} {
		url := server.Database(t)
		if err := openAndClose(t.Context(), url); err != nil {
			t.Fatal(err)
		}
		server.Exec(t, databaseOf(url), statement)
		if err := openAndClose(t.Context(), url); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

// A role that may not change tables can use those that are up to date, and is told what
// to do about older ones.
func TestRoleWithoutTables(t *testing.T) {
	server := postgrestest.Start(t)
	url := server.Database(t)
	db := databaseOf(url)
	if err := openAndClose(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	server.Exec(t, db, "CREATE ROLE reader LOGIN; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO reader; GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO reader")
	as := strings.Replace(url, "hexapla@", "reader@", 1)
	if err := openAndClose(t.Context(), as); err != nil {
		t.Error(err)
	}
	server.Exec(t, db, "DROP TABLE queue_meta, queue_output")
	if err := openAndClose(t.Context(), as); err == nil || !strings.Contains(err.Error(), "with a role that may") {
		t.Error(err)
	}
}
