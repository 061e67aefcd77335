package queue

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hexapla/cmd/internal/publish"
	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/memory/postgres/postgrestest"
)

func runGit(t testing.TB, dir string, args ...string) string {
	t.Helper()
	out, err := git(t.Context(), dir, append([]string{"-c", "user.name=Rita", "-c", "user.email=rita@news.example", "-c", "commit.gpgsign=false"}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out)
}

// Workers whose clones are old build what a desk has pushed, and what was there before,
// byte for byte as one machine does.
func TestRevision(t *testing.T) {
	server := postgrestest.Start(t)
	url := server.Database(t)
	origin, desk := t.TempDir(), t.TempDir()
	runGit(t, origin, "init", "--quiet", "--bare", "-b", "main")
	runGit(t, desk, "init", "--quiet", "-b", "main")
	runGit(t, desk, "remote", "add", "origin", origin)
	news := filepath.Join(desk, "news") // the project is a part of the repository
	if err := os.Rename(project(t, url, 6), news); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(desk, ".gitignore"), ".hexapla/\neditions/\n")
	commit := func() string {
		t.Helper()
		runGit(t, desk, "add", ".")
		runGit(t, desk, "commit", "--quiet", "-m", "articles")
		runGit(t, desk, "push", "--quiet", "origin", "main")
		return runGit(t, desk, "rev-parse", "HEAD")
	}
	first := commit()
	var log *logged
	for range 2 {
		clone := filepath.Join(t.TempDir(), "clone")
		runGit(t, desk, "clone", "--quiet", origin, clone)
		log, _ = startWorkers(t, url, 1, WorkOptions{Dir: filepath.Join(clone, "news")})
	}
	write(t, filepath.Join(news, "articles", "report-3.md"), "# Another report\n\nIt is about the [harvest](report-4.md).\n")
	if err := os.Remove(filepath.Join(news, "articles", "report-5.md")); err != nil {
		t.Fatal(err)
	}
	second := commit()
	q := openQueue(t, url)
	for i, revision := range []string{second, first, second} {
		output := filepath.Join(t.TempDir(), "editions")
		j := submit(t, q, BuildArgs{Revision: revision, Output: output})
		if j.State != "completed" {
			t.Fatalf("build %d: %+v\n%s", i, j, log)
		}
		tree := filepath.Join(t.TempDir(), "tree")
		runGit(t, desk, "clone", "--quiet", origin, tree)
		runGit(t, tree, "checkout", "--quiet", "--detach", revision)
		ws, err := workspace.Open(t.Context(), filepath.Join(tree, "news"), workspace.Options{Memory: workspace.ReadWrite, Allow: true, Select: &workspace.Selection{}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := publish.Build(t.Context(), ws, publish.Options{}, silent{}); err != nil {
			t.Fatal(err)
		}
		if err := ws.Close(); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(files(t, filepath.Join(tree, "news", "editions")), files(t, output)); d != "" {
			t.Errorf("build %d (-one machine +workers):\n%s\n%s", i, d, log)
		}
	}
	// A commit that was not pushed cannot be built, and the job says why.
	write(t, filepath.Join(news, "articles", "report-3.md"), "# A third one\n")
	runGit(t, desk, "commit", "--quiet", "-am", "not pushed")
	id, _, err := q.Submit(t.Context(), BuildArgs{Revision: runGit(t, desk, "rev-parse", "HEAD")}, 2)
	if err != nil {
		t.Fatal(err)
	}
	j, err := q.Wait(t.Context(), id, func(Job) {})
	if err != nil || j.State != "cancelled" || !strings.Contains(j.Error, "push it") {
		t.Errorf("%v: %+v", err, j)
	}
}

// A build of a commit is read from a tree of its own. It still waits for a command that builds
// the project at the same time.
func TestRevisionWaits(t *testing.T) {
	url := postgrestest.Start(t).Database(t)
	dir := project(t, url, 2)
	write(t, filepath.Join(dir, ".gitignore"), ".hexapla/\neditions/\n")
	runGit(t, dir, "init", "--quiet", "-b", "main")
	runGit(t, dir, "add", ".")
	runGit(t, dir, "commit", "--quiet", "-m", "articles")
	ws, err := workspace.Open(t.Context(), dir, workspace.Options{Memory: workspace.ReadWrite, Allow: true, Select: &workspace.Selection{}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = publish.Build(t.Context(), ws, publish.Options{}, silent{})
	if err := errors.Join(err, ws.Close()); err != nil {
		t.Fatal(err)
	}
	d, err := rootfs.Open(filepath.Join(dir, workspace.StateFolder, "build"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	locks, err := d.Glob([]string{"*.lock"})
	if err != nil || len(locks) != 1 {
		t.Skip("no locks here:", locks, err)
	}
	unlock, err := d.Hold(t.Context(), locks[0], func(rootfs.Holder) { t.Error("the build has ended") })
	if err != nil {
		t.Fatal(err)
	}
	q := openQueue(t, url)
	log, _ := startWorkers(t, url, 1, WorkOptions{Dir: dir})
	id, _, err := q.Submit(t.Context(), BuildArgs{Revision: runGit(t, dir, "rev-parse", "HEAD")}, 2)
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(2 * time.Minute); !strings.Contains(log.String(), "waiting for a build outside of the queue"); time.Sleep(20 * time.Millisecond) {
		j, err := q.Job(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if j.State == "completed" || time.Now().After(end) {
			t.Fatalf("the job has not waited: %+v\n%s", j, log)
		}
	}
	unlock()
	if j, err := q.Wait(t.Context(), id, func(Job) {}); err != nil || j.State != "completed" {
		t.Errorf("%v: %+v\n%s", err, j, log)
	}
}

func TestResolveRevision(t *testing.T) {
	dir := t.TempDir()
	runGit(t, dir, "init", "--quiet", "-b", "main")
	runGit(t, dir, "commit", "--quiet", "--allow-empty", "-m", "first")
	want := runGit(t, dir, "rev-parse", "HEAD")
	for _, name := range []string{"HEAD", "main", want, want[:10]} {
		if got, err := ResolveRevision(t.Context(), dir, name); err != nil || got != want {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
	for _, name := range []string{"", "other", "--all", "-h", "HEAD~1", "HEAD:a", "$(touch a)"} {
		if got, err := ResolveRevision(t.Context(), dir, name); err == nil {
			t.Errorf("%q: %s", name, got)
		}
	}
	if _, err := ResolveRevision(t.Context(), t.TempDir(), "HEAD"); err == nil {
		t.Error("a folder without a repository has a commit")
	}
}
