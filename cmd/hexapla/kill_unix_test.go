//go:build unix

package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

var kills = flag.Int("kills", 4, "how many builds TestKilledBuilds kills")

// countingEngine is the program "counting": it puts texts into capitals, each in 2 ms,
// and lists in the file COUNT what it has answered.
func countingEngine() {
	log, err := os.OpenFile(os.Getenv("COUNT"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, q := range questions {
		time.Sleep(2 * time.Millisecond)
		if _, err := os.Stdout.Write(append(q.answer(strings.ToUpper(q.Text)), '\n')); err != nil {
			os.Exit(1) // nobody reads it: the build is gone
		}
		fmt.Fprintln(log, q.Text)
	}
}

// TestKilledBuilds kills builds at random moments, one alone and two at once, until each
// text is translated. No text that a build had taken from the engine is asked for again,
// none is lost.
func TestKilledBuilds(t *testing.T) {
	total := killBuilds(t, *kills)
	t.Logf("%d builds killed; the engine answered %d times for %d texts; %d answers came to nobody: they were on the way when the build was killed",
		total.kills, total.answered, total.texts, total.answered-total.texts)
}

// killBuilds kills at least as many builds.
func killBuilds(t *testing.T, kills int) killCounts {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	var total killCounts
	for total.kills < kills {
		p := newKillProject(t)
		for total.kills < kills && p.missing() > 0 {
			builds := 1 + random.IntN(2)
			p.kill(builds, time.Duration(10+random.IntN(400))*time.Millisecond)
			total.kills += builds
		}
		p.finish()
		total.add(p.counts)
	}
	return total
}

type killCounts struct{ kills, texts, answered int }

func (c *killCounts) add(d killCounts) {
	c.texts += d.texts
	c.answered += d.answered
}

type killProject struct {
	*testing.T
	dir    string
	count  string
	taken  map[string]int // how often a text was answered when a killed build had its answer
	counts killCounts
}

func newKillProject(t *testing.T) *killProject {
	p := &killProject{T: t, dir: t.TempDir(), taken: map[string]int{}}
	p.count = filepath.Join(p.dir, "count")
	write := func(name, text string) {
		path := filepath.Join(p.dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("hexapla.toml", `[project]
source = "en"
locales = ["uk"]
articles = ["articles/*.txt"]

[policy]
mt = true

[[hook]]
type = "exec"
command = ["counting"]
env = { COUNT = '`+p.count+`' }
concurrency = 2
batch = 10
`)
	for i := range 4 {
		var b strings.Builder
		for j := range 60 { // half of them are in two articles
			fmt.Fprintf(&b, "The freight number %d has arrived at the harbour.\n\n", 1000+i*30+j)
		}
		write(fmt.Sprintf("articles/a%d.txt", i), b.String())
	}
	p.counts.texts = 3*30 + 60
	return p
}

func (p *killProject) command() (*exec.Cmd, *bytes.Buffer) {
	cmd := exec.Command("hexapla", "build")
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C", "NO_COLOR=1", "HEXAPLA_ALLOW_HOOKS=1")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = 5 * time.Second
	return cmd, &out
}

// kill starts builds and kills them together after a time.
func (p *killProject) kill(builds int, after time.Duration) {
	p.Helper()
	var cmds []*exec.Cmd
	for range builds {
		cmd, _ := p.command()
		if err := cmd.Start(); err != nil {
			p.Fatal(err)
		}
		cmds = append(cmds, cmd)
	}
	time.Sleep(after)
	for _, cmd := range cmds {
		_ = cmd.Process.Signal(syscall.SIGKILL) // it may have ended by itself
	}
	for _, cmd := range cmds {
		_ = cmd.Wait() // it was killed
	}
	time.Sleep(50 * time.Millisecond) // the engines find out by their next answer
	p.again()
	asked := p.asked()
	for text := range p.stored() {
		if _, known := p.taken[text]; !known {
			p.taken[text] = asked[text]
		}
	}
}

// again checks that no text was answered again after a build had its answer.
func (p *killProject) again() {
	p.Helper()
	asked := p.asked()
	for text, n := range p.taken {
		if asked[text] > n {
			p.Errorf("%q was asked for %d times, the last time when its answer was stored", text, asked[text])
		}
	}
}

// asked counts the answers of the engine.
func (p *killProject) asked() map[string]int {
	p.Helper()
	data, err := os.ReadFile(p.count)
	if err != nil && !os.IsNotExist(err) {
		p.Fatal(err)
	}
	n := map[string]int{}
	for line := range strings.Lines(string(data)) {
		n[strings.ToUpper(strings.TrimSpace(line))]++
	}
	return n
}

// stored returns the answers that are kept, in the ledger or in the memory.
func (p *killProject) stored() map[string]bool {
	p.Helper()
	out := map[string]bool{}
	read := func(file, query string, text func(string) string) {
		path := filepath.Join(p.dir, ".hexapla", file)
		if info, err := os.Stat(path); err != nil || info.Size() == 0 {
			return // killed before there was one
		}
		db, err := sql.Open("sqlite", "file:"+path)
		if err != nil {
			p.Fatal(err)
		}
		defer db.Close()
		rows, err := db.QueryContext(context.Background(), query)
		if err != nil {
			if strings.Contains(err.Error(), "no such table") {
				return // as above
			}
			p.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				p.Fatal(err)
			}
			out[text(s)] = true
		}
		if err := rows.Err(); err != nil {
			p.Fatal(err)
		}
	}
	read("engines/ledger.db", "SELECT answer FROM claim WHERE answer IS NOT NULL", func(s string) string {
		var a struct{ Text string }
		if err := json.Unmarshal([]byte(s), &a); err != nil {
			p.Error(err)
		}
		return a.Text
	})
	read("memory.db", "SELECT target FROM entry", func(s string) string { return s })
	return out
}

// missing returns how many texts have no answer that is kept.
func (p *killProject) missing() int { return p.counts.texts - len(p.taken) }

// finish builds to the end and checks that the editions are whole.
func (p *killProject) finish() {
	p.Helper()
	cmd, out := p.command()
	if err := cmd.Run(); err != nil {
		p.Errorf("%v\n%s", err, out)
	}
	p.again()
	asked := p.asked()
	for i := range 4 {
		data, err := os.ReadFile(filepath.Join(p.dir, "editions", "uk", fmt.Sprintf("a%d.txt", i)))
		if err != nil {
			p.Fatal(err)
		}
		for j := range 60 {
			text := fmt.Sprintf("THE FREIGHT NUMBER %d HAS ARRIVED AT THE HARBOUR.", 1000+i*30+j)
			if !strings.Contains(string(data), text) {
				p.Errorf("%q is lost", text)
			}
			if asked[text] == 0 {
				p.Errorf("%q was never asked for", text)
			}
		}
	}
	if len(asked) != p.counts.texts {
		p.Errorf("%d texts were asked for, want %d", len(asked), p.counts.texts)
	}
	for _, n := range asked {
		p.counts.answered += n
	}
}
