//go:build unix

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"hexapla/pipeline/hook/faulttest"
)

// TestEngineFault has the service of each wire format misbehave while a project is
// built. What was sound is kept, the rest is named once, the exit status is 3, and the
// next build, of a service that behaves, asks for the rest only.
func TestEngineFault(t *testing.T) {
	if !*faults {
		t.Skip("the fault suite runs with -fault only")
	}
	var table faultTable
	for _, w := range faulttest.Wires() {
		for _, f := range faulttest.Faults() {
			if w.Single() && f.Batches || f.Name == "none" {
				continue
			}
			t.Run(w.Name+"/"+f.Name, func(t *testing.T) {
				t.Parallel()
				s := faulttest.NewServer(t, w, f, nil)
				p := newEngineProject(t, strings.ReplaceAll(w.Config, "URL", s.URL))
				p.run(&table, w.Name, f.Name, f.Refused, func() map[string]int { return s.Asked() }, func() {
					s.Heal()
					if f.TLS { // the certificate stays unknown: another server takes over
						healthy := faulttest.NewServer(t, w, faulttest.Fault{}, nil)
						p.write("hexapla.toml", strings.ReplaceAll(engineProjectConfig, "HOOK", strings.ReplaceAll(w.Config, "URL", healthy.URL)))
					}
				})
			})
		}
	}
	for _, f := range programFaults {
		t.Run("exec/"+f.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			asked := filepath.Join(dir, "asked")
			p := newEngineProject(t, "type = 'exec'\nenv = { ASKED = '"+asked+"', FAULT = '"+filepath.Join(dir, "fault")+"' }\ncommand = ['sh', 'engine.sh']")
			p.write("engine.sh", programEngine)
			if err := os.WriteFile(filepath.Join(dir, "fault"), []byte(f.script), 0o600); err != nil {
				t.Fatal(err)
			}
			p.run(&table, "exec", f.name, false, func() map[string]int {
				data, _ := os.ReadFile(asked) // none was asked if there is none
				out := map[string]int{}
				for _, m := range regexp.MustCompile(`"text":"([^"]*)"`).FindAllStringSubmatch(string(data), -1) {
					out[m[1]]++
				}
				return out
			}, func() {
				if err := os.WriteFile(filepath.Join(dir, "fault"), []byte(":"), 0o600); err != nil {
					t.Fatal(err)
				}
				_ = os.Remove(asked) // as above
			})
			if f.left != "" {
				p.noneLeft(f.left)
			}
		})
	}
	t.Cleanup(table.print)
}

// programEngine runs the script of a fault and answers as "upper" does.
const programEngine = `. "$FAULT"
tee -a "$ASKED" | upper
`

var programFaults = []struct{ name, script, left string }{
	{name: "killed at start", script: "kill -9 $$"},
	{name: "killed in the middle", script: "head -n 2 | tee -a \"$ASKED\" | upper; kill -9 $$"},
	{name: "exit status 7", script: "exit 7"},
	{name: "garbage on standard output", script: "head -c 100000 /dev/urandom; exit 0"},
	{name: "a gigabyte on standard error, then fine", script: "head -c 1000000000 /dev/zero >&2"},
	{name: "endless line", script: "cat /dev/zero"},
	{name: "hangs at start", script: "exec sleep 1001", left: "sleep 1001"},
	{name: "children left behind", script: "sleep 1002 & exit 1", left: "sleep 1002"},
	{name: "SIGTERM ignored", script: "trap '' TERM INT HUP PIPE; while :; do sleep 1003; done", left: "sleep 1003"},
}

const engineProjectConfig = `[project]
source = "en"
locales = ["uk"]
articles = ["*.txt"]

[policy]
mt = true

[[hook]]
name = "engine"
timeout = "2s"
deadline = "5s"
HOOK
`

type engineProject struct {
	*testing.T
	dir string
}

func newEngineProject(t *testing.T, hook string) *engineProject {
	p := &engineProject{t, t.TempDir()}
	p.write("hexapla.toml", strings.ReplaceAll(engineProjectConfig, "HOOK", hook))
	for i := range 2 {
		p.write(fmt.Sprintf("a%d.txt", i), fmt.Sprintf("One house of 1%d.\n\nPlain and simple 2%d.\n\nThird text of 3%d.\n", i, i, i))
	}
	return p
}

const engineProjectTexts = 6

func (p *engineProject) write(name, text string) {
	p.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o600); err != nil {
		p.Fatal(err)
	}
}

// command runs a command and returns its exit status and output.
func (p *engineProject) command(args ...string) (int, string) {
	p.Helper()
	cmd := exec.Command("hexapla", args...)
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C", "NO_COLOR=1", "HEXAPLA_ALLOW_HOOKS=1")
	for _, name := range []string{"LT_KEY", "DEEPL_KEY", "OPENAI_API_KEY", "GOOGLE_TOKEN", "AZURE_TRANSLATOR_KEY"} {
		cmd.Env = append(cmd.Env, name+"="+faulttest.Secret)
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = 5 * time.Second
	hang := time.AfterFunc(3*time.Minute, func() {
		p.Errorf("%q hangs", args)
		_ = cmd.Process.Kill()
	})
	defer hang.Stop()
	_ = cmd.Run() // its exit status is looked at
	if goPanic.Match(out.Bytes()) {
		p.Errorf("%q panics:\n%.1500s", args, out.Bytes())
	}
	if bytes.Contains(out.Bytes(), []byte(faulttest.Secret)) {
		p.Errorf("%q prints a secret:\n%.1500s", args, out.Bytes())
	}
	return cmd.ProcessState.ExitCode(), out.String()
}

// kept returns the texts that have a translation in the memory.
func (p *engineProject) kept() map[string]bool {
	p.Helper()
	_, out := p.command("memory", "export")
	kept := map[string]bool{}
	for i := range 2 {
		for _, format := range []string{"One house of 1%d.", "Plain and simple 2%d.", "Third text of 3%d."} {
			if text := fmt.Sprintf(format, i); strings.Contains(out, text) {
				kept[text] = true
			}
		}
	}
	return kept
}

// run builds with the fault and again without it.
func (p *engineProject) run(table *faultTable, wire, name string, refused bool, asked func() map[string]int, heal func()) {
	code, out := p.command("build")
	kept := p.kept()
	named := strings.Count(out, "[hook.failed]")
	switch {
	case len(kept) == engineProjectTexts && (code != 0 || named > 0):
		p.Errorf("all is translated, exit status %d:\n%s", code, out)
	case len(kept) < engineProjectTexts && !refused && (code != 3 || named != 1):
		p.Errorf("%d of %d texts are kept, exit status %d, want 3; the failure is named %d times:\n%s", len(kept), engineProjectTexts, code, named, out)
	}
	heal()
	args := []string{"build"}
	if refused { // it is remembered, and asked for again on demand
		args = append(args, "--retry-refused")
	}
	code2, out := p.command(args...)
	if code2 != 0 {
		p.Errorf("the next build: exit status %d:\n%s", code2, out)
	}
	all := p.kept()
	if len(all) != engineProjectTexts {
		p.Errorf("the next build: %d of %d texts are translated", len(all), engineProjectTexts)
	}
	again := 0
	for text := range asked() {
		for k := range kept {
			if strings.Contains(text, k) {
				again++
				p.Errorf("%q was asked for again", k)
			}
		}
	}
	table.add(wire, name, len(kept), code, again, p.Failed())
}

// noneLeft checks that no process with a command line is left.
func (p *engineProject) noneLeft(command string) {
	p.Helper()
	for try := 0; ; try++ {
		out, err := exec.Command("pgrep", "-f", "^"+command).Output()
		if err != nil || len(bytes.TrimSpace(out)) == 0 {
			return
		}
		if try == 100 {
			p.Errorf("%q is left behind: %s", command, out)
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// faultTable collects what became of each fault.
type faultTable struct {
	mu   sync.Mutex
	rows []string
}

func (t *faultTable) add(wire, name string, kept, code, again int, failed bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	word := ""
	if failed {
		word = "FAILED"
	}
	t.rows = append(t.rows, fmt.Sprintf("%-15s %-44s %4d/%d %5d %6d  %s", wire, name, kept, engineProjectTexts, code, again, word))
}

func (t *faultTable) print() {
	t.mu.Lock()
	defer t.mu.Unlock()
	fmt.Printf("%-15s %-44s %6s %5s %6s\n", "engine", "fault", "kept", "exit", "again")
	for _, row := range t.rows {
		fmt.Println(row)
	}
}
