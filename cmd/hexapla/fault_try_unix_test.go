//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// fault is one try.
type fault struct {
	*testing.T
	s    *faultSuite
	dir  string
	temp string
	rand *rand.Rand
	word string // why the try was skipped
	met  bool   // the signal met a running process
	note string // what came of it, for the table
}

func (f *fault) command(name string, args ...string) (*exec.Cmd, *bytes.Buffer) {
	cmd := exec.Command(name, args...)
	cmd.Dir = f.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C", "NO_COLOR=1", "HEXAPLA_ALLOW_HOOKS=1", "TMPDIR="+f.temp)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = 5 * time.Second // an engine may outlive a killed build
	return cmd, &out
}

var goPanic = regexp.MustCompile(`(?m)^(panic:|fatal error:|goroutine \d+ \[|unexpected fault)`)

// end waits for a command and checks how it ended. It returns its exit status, -1
// if a signal ended it.
func (f *fault) end(cmd *exec.Cmd, out *bytes.Buffer) int {
	f.Helper()
	hang := time.AfterFunc(30*time.Second, func() {
		f.Errorf("%q hangs", cmd.Args)
		_ = cmd.Process.Kill()
	})
	defer hang.Stop()
	_ = cmd.Wait()
	if goPanic.Match(out.Bytes()) {
		f.Errorf("%q panics:\n%.1500s", cmd.Args, out.Bytes())
	}
	code := cmd.ProcessState.ExitCode()
	if code > 3 {
		f.Errorf("%q: exit status %d:\n%.800s", cmd.Args, code, out.Bytes())
	}
	return code
}

func (f *fault) start(args ...string) (*exec.Cmd, *bytes.Buffer) {
	f.Helper()
	cmd, out := f.command("hexapla", args...)
	if err := cmd.Start(); err != nil {
		f.Fatal(err)
	}
	return cmd, out
}

// exec runs a command that nothing kills.
func (f *fault) exec(args ...string) (int, string) {
	f.Helper()
	cmd, out := f.start(args...)
	code := f.end(cmd, out)
	if code < 0 {
		f.Errorf("%q: %v", args, cmd.ProcessState)
	}
	return code, out.String()
}

// must runs a command that has to succeed, with findings at most.
func (f *fault) must(args ...string) string {
	f.Helper()
	code, out := f.exec(args...)
	if code > 1 {
		f.Fatalf("%q: exit status %d:\n%.1500s", args, code, out)
	}
	return out
}

var jsonTarget = regexp.MustCompile(`"source":"The freight number (\d+) [^"]*","target":null`)

// importArgs writes a file of translations of all segments, by one translator, and
// returns the command that imports it.
func (f *fault) importArgs(translator string) []string {
	f.Helper()
	path := filepath.Join(f.dir, translator+".jsonl")
	data := jsonTarget.ReplaceAllString(string(f.s.imported),
		`"source":"The freight number $1 has arrived at the harbour.","target":"Вантаж $1 для `+translator+` прибув до порту.","state":"translated"`)
	if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
		f.Fatal(err)
	}
	return []string{"import", "--partial", "--force", "--author", translator, path}
}

// acknowledged checks that each translation of a translator is in the memory or in
// its history: the journal has every version.
func (f *fault) acknowledged(translator string) {
	f.Helper()
	f.must("status") // brings the journal up to date
	stored := f.must("memory", "export")
	for _, text := range f.tree("memory/journal") {
		stored += text
	}
	lost := 0
	for i := range faultArticles * faultSentences {
		if !strings.Contains(stored, fmt.Sprintf("Вантаж %d для %s ", 1000+i, translator)) {
			lost++
		}
	}
	if lost > 0 {
		f.Errorf("%d acknowledged translations for %s are lost", lost, translator)
	}
	f.fromNothing()
}

// drafts checks that the memory has the translations of a build.
func (f *fault) drafts() {
	f.Helper()
	stored := f.must("memory", "export")
	lost := 0
	for i := range faultArticles * faultSentences {
		if !strings.Contains(stored, fmt.Sprintf("THE FREIGHT NUMBER %d ", 1000+i)) {
			lost++
		}
	}
	if lost > 0 {
		f.Errorf("%d translations are lost", lost)
	}
}

// whole checks that the next build gives the editions of an undisturbed build.
func (f *fault) whole() {
	f.Helper()
	f.must("build")
	f.same(f.tree("editions"), f.s.editions)
	f.noStray()
}

// fromNothing checks that a build gives what a build without earlier editions gives.
func (f *fault) fromNothing() {
	f.Helper()
	f.must("build")
	f.noStray()
	got := f.tree("editions")
	if err := os.RemoveAll(filepath.Join(f.dir, "editions")); err != nil {
		f.Fatal(err)
	}
	f.must("build")
	f.same(got, f.tree("editions"))
}

func (f *fault) same(got, want map[string]string) {
	f.Helper()
	for name, text := range want {
		if got[name] != text {
			f.Errorf("%s is not what a build from nothing gives: %d bytes, want %d", name, len(got[name]), len(text))
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			f.Errorf("%s is no file of a build from nothing", name)
		}
	}
}

func (f *fault) noStray() {
	f.Helper()
	for _, dir := range []string{f.dir, f.temp} {
		_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && (strings.Contains(d.Name(), ".tmp") || strings.HasPrefix(d.Name(), "hexapla-")) {
				f.Errorf("a temporary file stays: %s", path)
			}
			return nil
		})
	}
}

// manifestTime is the only part of an edition that differs between two builds.
var manifestTime = regexp.MustCompile(`\d{4}-\d\d-\d\dT[\d:.]+Z`)

func (f *fault) tree(name string) map[string]string {
	f.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(filepath.Join(f.dir, name), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(f.dir, path)
		out[rel] = manifestTime.ReplaceAllString(string(data), "TIME")
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	return out
}
