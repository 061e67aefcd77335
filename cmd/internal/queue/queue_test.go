package queue

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hexapla/cmd/internal/publish"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/memory/postgres"
	"hexapla/pipeline/memory/postgres/postgrestest"
)

// project makes a project with articles of several kinds, in a few locales, whose memory
// is in a database. It returns its folder.
func project(t testing.TB, url string, articles int) string {
	t.Helper()
	dir := t.TempDir()
	newsroom := "../../../testdata/newsroom"
	for _, part := range []string{"articles", "glossary", "memory", "locales"} {
		if _, err := os.Stat(filepath.Join(newsroom, part)); err != nil {
			continue
		}
		if err := os.CopyFS(filepath.Join(dir, part), os.DirFS(filepath.Join(newsroom, part))); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(filepath.Join(newsroom, "hexapla.toml"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	if i := strings.Index(text, "[[hook]]"); i >= 0 {
		text = text[:i] // engines are another test's
	}
	if url != "" {
		text = strings.Replace(text, "[memory]", "[memory]\nurl = \""+url+"\"", 1)
	}
	write(t, filepath.Join(dir, "hexapla.toml"), text)
	for i := range articles {
		var b strings.Builder
		fmt.Fprintf(&b, "# Report %d\n\n", i)
		for p := range 5 {
			fmt.Fprintf(&b, "Paragraph %d of report %d is about the [harvest](report-%d.md).\n\nThe river pact was signed in %d.\n\n", p, i, (i+p+1)%articles, 1900+p)
		}
		write(t, filepath.Join(dir, "articles", fmt.Sprintf("report-%d.md", i)), b.String())
	}
	return dir
}

func write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// files returns the hashes of the files of a folder by their names.
func files(t testing.TB, dir string) map[string]string {
	t.Helper()
	return filesAs(t, dir, func(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) })
}

// filesAs returns what content makes of each file of a folder.
func filesAs(t testing.TB, dir string, content func(data []byte) string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		out[name] = content(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// alone builds a project on this machine.
func alone(t testing.TB, dir string) *publish.Summary {
	t.Helper()
	ws, err := workspace.Open(t.Context(), dir, workspace.Options{Memory: workspace.ReadWrite, Engines: true, Allow: true, Select: &workspace.Selection{}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := publish.Build(t.Context(), ws, publish.Options{Incremental: true}, silent{})
	if err != nil {
		t.Fatal(err)
	}
	if err := ws.Close(); err != nil {
		t.Fatal(err)
	}
	return s
}

func openQueue(t testing.TB, url string) *Queue {
	t.Helper()
	store, err := postgres.Open(t.Context(), url, postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	q, err := Open(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { q.Close() })
	return q
}

// logged collects what workers log.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// startWorkers starts workers that end with the test, or by the returned function.
func startWorkers(t testing.TB, url string, n int, o WorkOptions) (log *logged, stop func()) {
	t.Helper()
	log = &logged{}
	o.Log = slog.New(slog.NewTextHandler(log, nil))
	if o.Workers == 0 {
		o.Workers = 2
	}
	if o.Grace == 0 {
		o.Grace = 5 * time.Second
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var group sync.WaitGroup
	for range n {
		q := openQueue(t, url)
		w, err := NewWorker(q, o)
		if err != nil {
			t.Fatal(err)
		}
		group.Go(func() {
			if err := w.Run(ctx); err != nil {
				t.Errorf("worker: %v", err)
			}
		})
	}
	stop = sync.OnceFunc(func() {
		cancel()
		group.Wait()
	})
	t.Cleanup(stop)
	return log, stop
}

// submit enqueues a job and waits for its end.
func submit(t testing.TB, q *Queue, args BuildArgs) Job {
	t.Helper()
	id, _, err := q.Submit(t.Context(), args, 2)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	j, err := q.Wait(ctx, id, func(Job) {})
	if err != nil {
		t.Fatalf("%v: %+v", err, j)
	}
	return j
}

// Four workers make the pages and manifests that one machine makes, byte for byte: at
// first, and after changes.
func TestSameEditions(t *testing.T) {
	server := postgrestest.Start(t)
	one := project(t, "", 24)
	url := server.Database(t)
	many := project(t, url, 24)
	for _, dir := range []string{one, many} { // in another language than the others
		write(t, filepath.Join(dir, "articles", "zvit.md"), "---\ntitle: Міст знову відкрито\nlang: uk\n---\n\nУряд заявив, що цього року не підвищуватиме податки. Дивіться [звіт](report-3.md).\n")
	}
	log, _ := startWorkers(t, url, 4, WorkOptions{Dir: many})
	q := openQueue(t, url)
	check := func(step string) {
		t.Helper()
		want := alone(t, one)
		j := submit(t, q, BuildArgs{})
		if j.State != "completed" || j.Outcome == nil || j.Outcome.Summary == nil {
			t.Fatalf("%s: %+v\n%s", step, j, log)
		}
		got := j.Outcome.Summary
		if got.Written != want.Written || got.Unchanged != want.Unchanged || got.Articles != want.Articles {
			t.Errorf("%s: %d articles, %d written, %d unchanged; want %d, %d, %d", step, got.Articles, got.Written, got.Unchanged, want.Articles, want.Written, want.Unchanged)
		}
		for _, part := range []string{"editions", "memory"} {
			if d := cmp.Diff(files(t, filepath.Join(one, part)), files(t, filepath.Join(many, part))); d != "" {
				t.Fatalf("%s (-one machine +many):\n%s\n%s", step, d, log)
			}
		}
	}
	check("first build")
	if data, err := os.ReadFile(filepath.Join(many, "editions", "ru", "manifest.json")); err != nil || !strings.Contains(string(data), `"sourceLocale": "uk"`) {
		t.Errorf("the manifest does not have the language of the article: %v", err)
	}
	check("nothing has changed") // but links: pages lead to the editions of the first build
	check("nothing at all has changed")
	for _, dir := range []string{one, many} {
		write(t, filepath.Join(dir, "articles", "report-3.md"), "# Another report\n\nIt is about the [harvest](report-4.md).\n")
		if err := os.Remove(filepath.Join(dir, "articles", "report-5.md")); err != nil {
			t.Fatal(err)
		}
	}
	check("one article changed, one gone")
}

// Of a job with several articles, one that can never be built holds up no other.
func TestGroupWithDamagedArticle(t *testing.T) {
	server := postgrestest.Start(t)
	url := server.Database(t)
	dir := project(t, url, 24)
	q := openQueue(t, url)
	log, _ := startWorkers(t, url, 1, WorkOptions{Dir: dir, Queues: []string{BuildQueue}})
	id, _, err := q.Submit(t.Context(), BuildArgs{}, 2)
	if err != nil {
		t.Fatal(err)
	}
	// until waits for the row of a query.
	until := func(query string, args []any, into ...any) {
		t.Helper()
		for end := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
			err := q.store.Pool().QueryRow(t.Context(), query, args...).Scan(into...)
			if err == nil {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("%s: %v\n%s", query, err, log)
			}
		}
	}
	var job int64
	var paths []string
	until("SELECT job, array_agg(path ORDER BY path) FROM queue_article WHERE build = $1 AND path LIKE 'articles/report-%' GROUP BY job HAVING count(*) > 1 LIMIT 1", []any{id}, &job, &paths)
	damaged, failed := paths[0], paths[1]
	if _, err := q.store.Pool().Exec(t.Context(), "UPDATE queue_article SET input = 'x' WHERE build = $1 AND path = $2", id, damaged); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, filepath.FromSlash(failed))
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	write(t, name, "# Another text\n")
	startWorkers(t, url, 1, WorkOptions{Dir: dir, Queues: []string{ArticleQueue}})
	var n int
	until("SELECT array_length(errors, 1) FROM river_job WHERE id = $1 AND array_length(errors, 1) > 0", []any{job}, &n)
	write(t, name, string(text))
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	j, err := q.Wait(ctx, id, func(Job) {})
	if err != nil || j.State != "completed" || j.Outcome == nil || j.Outcome.Summary == nil {
		t.Fatalf("%v: %+v\n%s", err, j, log)
	}
	var given []string
	for _, f := range j.Outcome.Summary.Findings {
		if f.ID == "article.job" {
			given = append(given, strings.TrimPrefix(f.Place.Path, dir+"/"))
		}
	}
	if d := cmp.Diff([]string{damaged}, given); d != "" {
		t.Errorf("articles that were given up (-want +got):\n%s", d)
	}
}

// Builds of other locales into one folder are made one after another, whichever worker has
// them; what waits says for which job. No manifest loses an entry, and a build of all has
// nothing else to write than one machine has.
func TestLocalesSideBySide(t *testing.T) {
	server := postgrestest.Start(t)
	url := server.Database(t)
	one, many := project(t, "", 6), project(t, url, 6)
	q := openQueue(t, url)
	unlock, _, err := q.lockOutput(t.Context(), "", 4711) // as another build
	if err != nil || unlock == nil {
		t.Fatal(unlock == nil, err)
	}
	log, _ := startWorkers(t, url, 2, WorkOptions{Dir: many})
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	var ids []int64
	for _, locale := range []string{"uk", "ru", "fa"} {
		id, isNew, err := q.Submit(ctx, BuildArgs{Locales: []string{locale}}, 2)
		if err != nil || !isNew {
			t.Fatal(isNew, err)
		}
		ids = append(ids, id)
	}
	if n, err := q.Workers(ctx); err != nil || n == 0 {
		t.Errorf("%d workers, %v", n, err)
	}
	waited, others := map[int64]bool{}, map[int64]bool{}
	wait := func(id int64, until func(j Job) bool) {
		t.Helper()
		watch, stop := context.WithCancel(ctx)
		defer stop()
		j, err := q.Wait(watch, id, func(j Job) {
			if j.WaitsFor != 0 {
				waited[id], others[j.WaitsFor] = true, true
			}
			if until(j) {
				stop()
			}
		})
		if err != nil && ctx.Err() != nil || err == nil && j.State != "completed" {
			t.Fatalf("%v: %+v\n%s", err, j, log)
		}
	}
	for _, id := range ids[:2] { // as many builds as two workers try at a time, at least
		wait(id, func(j Job) bool { return j.WaitsFor != 0 })
	}
	if !waited[ids[0]] || !waited[ids[1]] || !others[4711] {
		t.Errorf("builds that wait: %v, for %v", waited, others)
	}
	unlock()
	for _, id := range ids {
		wait(id, func(Job) bool { return false })
	}
	for _, locale := range []string{"uk", "ru", "fa"} {
		data, err := os.ReadFile(filepath.Join(many, "editions", locale, "manifest.json"))
		if err != nil {
			t.Fatal(err)
		}
		for i := range 6 {
			if !bytes.Contains(data, fmt.Appendf(nil, "report-%d.md", i)) {
				t.Errorf("the manifest of %s has no report-%d.md", locale, i)
			}
		}
	}
	for range 4 { // until no page has other editions to name
		alone(t, one)
		if j := submit(t, q, BuildArgs{}); j.State != "completed" {
			t.Fatalf("%+v\n%s", j, log)
		}
	}
	if d := cmp.Diff(files(t, filepath.Join(one, "editions")), files(t, filepath.Join(many, "editions"))); d != "" {
		t.Errorf("(-one machine +many):\n%s", d)
	}
}

// Workers with Every have all articles built again and again, though nobody submits a
// build: pages appear and disappear at their time.
func TestPeriodicBuilds(t *testing.T) {
	url := postgrestest.Start(t).Database(t)
	dir := project(t, url, 2)
	q := openQueue(t, url)
	log, _ := startWorkers(t, url, 2, WorkOptions{Dir: dir, Every: time.Second})
	ended := func() (n int) {
		t.Helper()
		jobs, err := q.Jobs(t.Context(), "completed", false, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range jobs {
			if j.Kind == "build" {
				n++
			}
		}
		return n
	}
	for end := time.Now().Add(2 * time.Minute); ended() < 2; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d builds have ended\n%s", ended(), log)
		}
	}
}
