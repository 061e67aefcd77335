//go:build unix

package queue

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/memory/postgres/postgrestest"
)

var scalePages = flag.Int("pages", 0, "how many pages TestScale builds in 27 locales; 0 for none")

// aloneEnv is the environment variable that makes the test's program build the project in
// a folder by itself.
const aloneEnv = "HEXAPLA_TEST_ALONE"

// scaleLocales are those of the sample newsroom.
const scaleLocales = `"sq", "hy", "az", "ba", "be", "bs", "bg", "ce", "crh-Latn", "fa-AF", "ka", "hu", "kk", "ky", "mk", "sr-ME", "ps", "fa", "ro", "ru", "sr", "tg", "tt", "tk", "uk", "uz", "en"`

// scaleProject makes a project of pages whose translations are all in its memory.
func scaleProject(t *testing.T, url string, pages int) (dir string, entries int, rate float64) {
	t.Helper()
	dir = t.TempDir()
	text := "[project]\nsource = \"en\"\nlocales = [" + scaleLocales + "]\narticles = [\"articles/**/*.md\"]\n\n[policy]\nmt = true\n"
	if url != "" {
		text += "\n[memory]\nurl = \"" + url + "\"\n"
	}
	write(t, filepath.Join(dir, "hexapla.toml"), text)
	var sources []string
	for a := range pages {
		folder := filepath.Join(dir, "articles", fmt.Sprint("day-", a/100))
		if err := os.MkdirAll(folder, 0o777); err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for p := range 7 {
			s := fmt.Sprintf("The freight number %d has arrived at the harbour on day %d.", 7*a+p, a/100)
			if p == 0 {
				s = fmt.Sprintf("Report number %d of the harbour", a)
				b.WriteString("# ")
			}
			sources = append(sources, s)
			b.WriteString(s + "\n\n")
		}
		write(t, filepath.Join(folder, fmt.Sprintf("page-%d.md", a)), b.String())
	}
	ws, err := workspace.Open(t.Context(), dir, workspace.Options{Memory: workspace.ReadWrite})
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	start := time.Now()
	for _, locale := range ws.Config.Project.Locales {
		if locale == "en" {
			continue
		}
		if _, err := ws.Store.AddAll(t.Context(), memory.Batch{Author: "anna", Time: at}, func(yield func(bitext.Entry, error) bool) {
			for _, s := range sources {
				e := bitext.Entry{SourceLocale: "en", TargetLocale: locale, Source: bitext.Plain(s), Target: bitext.Plain(strings.ToUpper(s)), State: bitext.Final, Origin: bitext.Origin{Kind: bitext.FromHuman, Name: "anna", Time: at}}
				entries++
				if !yield(e, nil) {
					return
				}
			}
		}); err != nil {
			t.Fatal(err)
		}
	}
	return dir, entries, float64(entries) / time.Since(start).Seconds()
}

// cpu returns the seconds of processors that a process which has ended has used.
func cpu(cmd *exec.Cmd) float64 {
	return (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
}

// TestScale builds many pages in 27 locales on one machine, and by 1, 2 and 4 workers in
// processes of their own with a database, and compares every byte. It prints the time and
// the processor time of each: of the workers, and of the server beside them; and how much
// of it is of the one worker that writes the pages, when it does nothing else.
func TestScale(t *testing.T) {
	if *scalePages == 0 {
		t.Skip("run it with -pages 2000")
	}
	one, entries, rate := scaleProject(t, "", *scalePages)
	fmt.Printf("%d pages, 27 locales, %d entries in the memory; inserted: %.0f/s in a file", *scalePages, entries, rate)
	server := postgrestest.Start(t, "fsync = on")
	url := server.Database(t)
	many, _, rate := scaleProject(t, url, *scalePages)
	fmt.Printf(", %.0f/s in a database\n", rate)
	fmt.Printf("%-12s %8s %8s %8s %10s %14s %9s\n", "build", "seconds", "CPU", "server", "jobs/s", "editions/s", "of plain")
	start := time.Now()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), aloneEnv+"="+one)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	plain, took := cpu(cmd), time.Since(start).Seconds()
	want := files(t, filepath.Join(one, "editions"))
	fmt.Printf("%-12s %8.1f %8.1f %8s %10s %14.0f %9s\n", "plain", took, plain, "", "", float64(27**scalePages)/took, "1.00")
	q := openQueue(t, url)
	for _, queues := range [][]string{{""}, {"", ""}, {"", "", "", ""}, {BuildQueue, ArticleQueue}} {
		for _, part := range []string{"editions", ".hexapla"} {
			if err := os.RemoveAll(filepath.Join(many, part)); err != nil {
				t.Fatal(err)
			}
		}
		var workers []*exec.Cmd
		for _, names := range queues {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), workerEnv+"="+many, workerEnv+"_URL="+url, workerEnv+"_QUEUES="+names)
			cmd.Stderr = os.Stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = cmd.Process.Kill() })
			workers = append(workers, cmd)
		}
		before := server.CPU()
		start := time.Now()
		id, _, err := q.Submit(t.Context(), BuildArgs{Force: true}, 2)
		if err != nil {
			t.Fatal(err)
		}
		j, err := q.Wait(context.WithoutCancel(t.Context()), id, func(Job) {})
		if err != nil || j.State != "completed" {
			t.Fatalf("%v: %+v", err, j)
		}
		took := time.Since(start).Seconds()
		database := server.CPU() - before
		sum, first := 0.0, 0.0
		for _, cmd := range workers {
			_ = cmd.Process.Signal(syscall.SIGTERM)
			if err := cmd.Wait(); err != nil {
				t.Error(err)
			}
			if sum += cpu(cmd); first == 0 {
				first = sum
			}
		}
		name := fmt.Sprint(len(queues), " workers")
		if queues[0] != "" {
			name = "apart"
		}
		fmt.Printf("%-12s %8.1f %8.1f %8.1f %10.1f %14.0f %9.2f\n", name, took, sum, database, float64(*scalePages+1)/took, float64(27**scalePages)/took, sum/plain)
		if queues[0] != "" {
			fmt.Printf("%-12s of these, %.1f by the worker that has the build, which writes the pages\n", "", first)
		}
		got := files(t, filepath.Join(many, "editions"))
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("%s (-one machine +many):\n%.3000s", name, d)
		}
		if len(got) < 26**scalePages {
			t.Errorf("only %d pages were published", len(got))
		}
	}
	fmt.Printf("%d files are the same, byte for byte, each time\n", len(want))
}
