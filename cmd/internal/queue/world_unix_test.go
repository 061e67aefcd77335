//go:build unix

package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime/pprof"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"hexapla/cmd/internal/publish"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/memory/postgres"
	"hexapla/pipeline/memory/postgres/postgrestest"
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

// profile writes a profile of the processor's time into the folder that the environment
// names, until the returned function is called.
func profile(name string) func() {
	dir := os.Getenv("HEXAPLA_TEST_PROFILE")
	if dir == "" {
		return func() {}
	}
	f, err := os.Create(filepath.Join(dir, fmt.Sprintf("%s-%d.prof", name, os.Getpid())))
	if err == nil {
		err = pprof.StartCPUProfile(f)
	}
	if err != nil {
		panic(err)
	}
	return func() {
		pprof.StopCPUProfile()
		f.Close()
	}
}

// buildAlone builds a project on this machine.
func buildAlone(ctx context.Context, dir string) error {
	defer profile("alone")()
	ws, err := workspace.Open(ctx, dir, workspace.Options{Memory: workspace.ReadWrite, Allow: true, Select: &workspace.Selection{}})
	if err != nil {
		return err
	}
	_, err = publish.Build(ctx, ws, publish.Options{Incremental: true, Force: true}, silent{})
	return errors.Join(err, ws.Close())
}

// workAlone is a worker in a process of its own, until it is told to stop.
func workAlone(dir, url, ahead string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	defer profile("worker")()
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
	prefix  []string // of the command line, such as one that enters a network
	env     []string
	command []string // in place of the test's program, started again after a second

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
			if len(p.command) > 0 {
				args = p.command
			}
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
			if len(p.command) > 0 {
				time.Sleep(time.Second)
			}
		}
	})
	t.Cleanup(func() { p.end(syscall.SIGKILL) })
	return p
}

// end ends the worker by a signal, and does not start it again.
func (p *process) end(s os.Signal) {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.signal(s)
	p.ended.Wait()
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

// paidEngine is a service with the protocol of LibreTranslate that keeps account of what
// it is asked below /many: how often it was asked again for a text whose answer had been
// lost with a worker, and how often for one whose answer was in the database.
type paidEngine struct {
	t        testing.TB
	database *pgxpool.Pool // of the server itself

	mu           sync.Mutex
	asked        map[string]bool
	again, twice int
}

func (e *paidEngine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
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

func (e *paidEngine) account(target, text, answer string) {
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
	engine    *paidEngine
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
	w.engine = &paidEngine{t: t, database: pool, asked: map[string]bool{}}
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

// manifestTime matches the time, in a manifest, at which the engine was asked.
var manifestTime = regexp.MustCompile(`"time": "[^"]*"`)

// comparePages counts the pages of many machines, and those that are not as on one, of
// which the first is shown.
func (w *world) comparePages(r *row) {
	w.Helper()
	want, got := timeless(w, filepath.Join(w.one, "editions")), timeless(w, filepath.Join(w.many, "editions"))
	for page, sum := range want {
		r.pages++
		if got[page] != sum {
			r.lost++
			if r.lost == 1 {
				w.Errorf("%s: build %d: %s (-one machine +many): %s", r.name, r.builds, page, cmp.Diff(sum, got[page]))
			}
		}
	}
}

// timeless returns the files of a folder without the times at which the engine was asked:
// the two projects have answers of their own.
func timeless(t testing.TB, dir string) map[string]string {
	t.Helper()
	return filesAs(t, dir, func(data []byte) string { return manifestTime.ReplaceAllString(string(data), "") })
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
			if len(w.workers) == 0 {
				w.Fatal(err)
			}
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
