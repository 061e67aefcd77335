//go:build unix

package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river/rivertype"

	"hexapla/pipeline/memory/postgres"
	"hexapla/pipeline/memory/postgres/postgrestest"
)

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
			q.Close() // the server has room for so many connections only
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
			q.Close()
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
		w.comparePages(&r)
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

// replacedRelease has a database that an older release of the program has made, and a build
// that its worker has begun when those of this release come. They bring the tables up to
// date and take the build over. A worker of the older release that comes back is refused in
// words if the tables are newer than it knows, and leaves the articles to others if not.
func replacedRelease(t *testing.T, name string) row {
	if *older == "" {
		t.Skip("only with -older PATH")
	}
	w := newWorld(t, "127.0.0.1")
	arguments := func(args ...string) []string {
		return append([]string{*older, "--project", w.many, "--allow-hooks"}, args...)
	}
	run := func(args ...string) []byte {
		t.Helper()
		args = arguments(args...)
		out, err := exec.Command(args[0], args[1:]...).Output()
		if err != nil {
			t.Fatalf("%s: %v: %s", args, err, out)
		}
		return out
	}
	r := row{name: name}
	rounds := max(2, *faults/4)
	w.edit(0)
	alone(t, w.one)
	var job struct{ ID int64 }
	if err := json.Unmarshal(run("submit", "build", "--json"), &job); err != nil {
		t.Fatal(err)
	}
	before := startProcess(t, w.many, w.through, &process{command: arguments("work", "--workers", "2", "--grace", "1s")})
	tables := 0
	w.patiently(time.Now().Add(time.Minute), func(ctx context.Context) error {
		var begun bool
		err := w.engine.database.QueryRow(ctx, "SELECT (SELECT schema FROM queue_meta), EXISTS (SELECT 1 FROM queue_article WHERE result IS NOT NULL OR taken <> '')").Scan(&tables, &begun)
		if err == nil && !begun {
			err = fmt.Errorf("no article is built: %s", &before.errors)
		}
		return err
	})
	w.start() // which brings the tables up to date while the older worker works
	before.end(syscall.SIGTERM)
	back := startProcess(t, w.many, w.through, &process{command: arguments("work", "--queues", "article", "--workers", "2")})
	// wait waits for the end of a build.
	wait := func(id int64) {
		t.Helper()
		r.builds++
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
		defer cancel()
		if j, err := w.queue.Wait(ctx, id, func(Job) {}); err != nil || j.State != "completed" {
			r.forgotten++
			t.Errorf("build %d: %v: %+v\nolder: %s%s\nnewer: %s", r.builds, err, j, &before.errors, &back.errors, &w.workers[0].errors)
		}
	}
	wait(job.ID)
	r.times++
	for i := range rounds {
		w.edit(i + 1)
		alone(t, w.one)
		id, _, err := w.queue.Submit(t.Context(), BuildArgs{}, 2)
		if err != nil {
			t.Fatal(err)
		}
		wait(id)
		w.comparePages(&r)
	}
	said := fmt.Sprintf("leaves the articles to workers of this one (its tables have version %d, as those of this one)", tables)
	if tables < len(migrations) {
		said = fmt.Sprintf("is refused (it knows tables up to version %d of %d)", tables, len(migrations))
		w.patiently(time.Now().Add(time.Minute), func(context.Context) error {
			if text := back.errors.String(); !strings.Contains(text, "update hexapla") {
				return fmt.Errorf("the older release is not refused in words: %s", text)
			}
			return nil
		})
	}
	fmt.Printf("the older release %s\n", said)
	w.engine.mu.Lock()
	r.again, r.twice = w.engine.again, w.engine.twice
	w.engine.mu.Unlock()
	if r.twice > 0 {
		t.Errorf("%d texts were asked for although their answers were kept", r.twice)
	}
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
	// New tables have the rights that the role has on the older ones.
	if err := openAndClose(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	if err := openAndClose(t.Context(), as); err != nil {
		t.Error(err)
	}
	// One that lost some gets the statement that gives them back.
	server.Exec(t, db, "REVOKE ALL ON queue_article, queue_output FROM reader; REVOKE ALL ON SEQUENCE river_job_id_seq FROM reader")
	_, err := openQueue(t, as).Jobs(t.Context(), "", true, 10)
	_, statements, ok := strings.Cut(fmt.Sprint(err), "must run: ")
	if !ok {
		t.Fatalf("without rights: %v", err)
	}
	server.Exec(t, db, statements)
	q := openQueue(t, as)
	if _, err := q.Jobs(t.Context(), "", true, 10); err != nil {
		t.Error(err)
	}
	id, _, err := q.Submit(t.Context(), BuildArgs{}, 2)
	if err != nil {
		t.Error(err)
	}
	server.Exec(t, db, "REVOKE UPDATE ON river_job FROM reader")
	for name, change := range map[string]func(context.Context, int64) error{"cancel": q.Cancel, "retry": q.Retry} {
		if err := change(t.Context(), id); err == nil || !strings.Contains(err.Error(), "must run: GRANT") {
			t.Errorf("%s without rights: %v", name, err)
		}
	}
}
