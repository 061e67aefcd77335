//go:build unix

package queue

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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

var (
	scalePages  = flag.Int("pages", 0, "how many pages TestScale builds in 27 locales; 0 for none")
	scaleRounds = flag.Int("rounds", 1, "how often TestScale builds them in each way")
)

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

// used is the processor time of a process that has ended, in seconds.
type used struct{ user, system float64 }

func (u used) sum() float64 { return u.user + u.system }

// cpu returns what processes that have ended have used together.
func cpu(all ...*exec.Cmd) (u used) {
	for _, cmd := range all {
		u.user += cmd.ProcessState.UserTime().Seconds()
		u.system += cmd.ProcessState.SystemTime().Seconds()
	}
	return u
}

// scale is what TestScale measures with: a project on one machine, and on many.
type scale struct {
	*testing.T
	one, many, url string
	server         *postgrestest.Server
	queue          *Queue
	pages, moved   int
}

// clear moves what an earlier build has written out of the way. It is removed at the end
// of the test: ext4 gives no inode again in the first minutes after its file was removed,
// and looks at one after the other for each file that is created meanwhile, so that each
// build would pay for the files of those before it.
func (s *scale) clear(dir string, parts ...string) {
	s.Helper()
	s.moved++
	for _, part := range parts {
		err := os.Rename(filepath.Join(dir, part), filepath.Join(dir, fmt.Sprintf("%s-%d.old", part, s.moved)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			s.Fatal(err)
		}
	}
}

// plain builds the project in a process by itself.
func (s *scale) plain() (seconds float64, u used) {
	s.Helper()
	s.clear(s.one, "editions") // the memory is in the other folder
	start := time.Now()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), aloneEnv+"="+s.one)
	if out, err := cmd.CombinedOutput(); err != nil {
		s.Fatalf("%v\n%s", err, out)
	}
	return time.Since(start).Seconds(), cpu(cmd)
}

// workers builds the project by workers, each for the queues of a name of queues. first is
// what the first of them has used.
func (s *scale) workers(queues []string) (seconds, server float64, all, first used) {
	s.Helper()
	s.clear(s.many, "editions", ".hexapla")
	var workers []*exec.Cmd
	for _, names := range queues {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), workerEnv+"="+s.many, workerEnv+"_URL="+s.url, workerEnv+"_QUEUES="+names)
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			s.Fatal(err)
		}
		s.Cleanup(func() { _ = cmd.Process.Kill() })
		workers = append(workers, cmd)
	}
	before := s.server.CPU()
	start := time.Now()
	id, _, err := s.queue.Submit(s.Context(), BuildArgs{Force: true}, 2)
	if err != nil {
		s.Fatal(err)
	}
	j, err := s.queue.Wait(context.WithoutCancel(s.Context()), id, func(Job) {})
	if err != nil || j.State != "completed" {
		s.Fatalf("%v: %+v", err, j)
	}
	seconds, server = time.Since(start).Seconds(), s.server.CPU()-before
	for _, cmd := range workers {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			s.Error(err)
		}
	}
	return seconds, server, cpu(workers...), cpu(workers[0])
}

// line prints a line of the table.
func (s *scale) line(name string, seconds float64, u used, server, ratio float64) {
	fmt.Printf("%-12s %8.1f %8.1f %8.1f %8.1f %8.1f %10.1f %14.0f %9.2f\n", name, seconds, u.sum(), u.user, u.system, server, float64(s.pages+1)/seconds, float64(27*s.pages)/seconds, ratio)
}

// TestScale builds many pages in 27 locales on one machine, and by 1, 2 and 4 workers in
// processes of their own with a database, and compares every byte. It prints the time and
// the processor time of each: of the workers, and of the server beside them; and how much
// of it is of the one worker that writes the pages, when it does nothing else. With several
// rounds the last lines are the medians: a machine that does other work is not as fast all
// the time.
func TestScale(t *testing.T) {
	if *scalePages == 0 {
		t.Skip("run it with -pages 2000")
	}
	s := &scale{T: t, pages: *scalePages}
	var entries int
	var rate float64
	s.one, entries, rate = scaleProject(t, "", s.pages)
	fmt.Printf("%d pages, 27 locales, %d entries in the memory; inserted: %.0f/s in a file", s.pages, entries, rate)
	s.server = postgrestest.Start(t, "fsync = on")
	s.url = s.server.Database(t)
	s.many, _, rate = scaleProject(t, s.url, s.pages)
	fmt.Printf(", %.0f/s in a database\n", rate)
	s.queue = openQueue(t, s.url)
	fmt.Printf("%-12s %8s %8s %8s %8s %8s %10s %14s %9s\n", "build", "seconds", "CPU", "user", "system", "server", "jobs/s", "editions/s", "of plain")
	kinds := []struct {
		name   string
		queues []string
	}{{"1 worker", []string{""}}, {"2 workers", []string{"", ""}}, {"4 workers", []string{"", "", "", ""}}, {"apart", []string{BuildQueue, ArticleQueue}}}
	ratios := make([][]float64, len(kinds))
	var want map[string]string
	for round := range max(1, *scaleRounds) {
		took, plain := s.plain()
		s.line("plain", took, plain, 0, 1)
		if want == nil {
			want = files(t, filepath.Join(s.one, "editions"))
		}
		for i := range kinds {
			k := &kinds[(i+round)%len(kinds)] // each is the first one sometimes
			took, server, all, first := s.workers(k.queues)
			ratio := all.sum() / plain.sum()
			ratios[(i+round)%len(kinds)] = append(ratios[(i+round)%len(kinds)], ratio)
			s.line(k.name, took, all, server, ratio)
			if k.queues[0] != "" {
				fmt.Printf("%-12s of these, %.1f by the worker that has the build, which writes the pages\n", "", first.sum())
			}
			got := files(t, filepath.Join(s.many, "editions"))
			if d := cmp.Diff(want, got); d != "" {
				t.Fatalf("%s (-one machine +many):\n%.3000s", k.name, d)
			}
			if len(got) < 26*s.pages {
				t.Errorf("only %d pages were published", len(got))
			}
		}
	}
	fmt.Printf("%d files are the same, byte for byte, each time\n", len(want))
	for i, k := range kinds {
		slices.Sort(ratios[i])
		fmt.Printf("%-12s median of %d: %.2f of plain\n", k.name, len(ratios[i]), ratios[i][len(ratios[i])/2])
	}
}
