//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hexapla/pipeline/edition"
)

// A build waits for another one that writes to the same folder, and its message names that
// process and the lock.
func TestTwoBuilds(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("hexapla.toml", `[project]
locales = ["uk"]
articles = ["articles/*.txt"]

[policy]
mt = true

[[hook]]
type = "exec"
command = ["sh", "-c", "echo > '`+dir+`/asked'; while [ ! -e '`+dir+`/go' ]; do sleep 0.05; done; exec upper"]
`)
	write("articles/a.txt", "The freight has arrived at the harbour.\n")
	build := func(args ...string) *exec.Cmd {
		cmd := exec.CommandContext(t.Context(), "hexapla", append([]string{"build"}, args...)...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "HEXAPLA_ALLOW_HOOKS=1", "LC_ALL=C")
		return cmd
	}
	var out bytes.Buffer
	first := build()
	first.Stdout, first.Stderr = &out, &out
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- first.Wait() }()
	for {
		if _, err := os.Stat(filepath.Join(dir, "asked")); err == nil {
			break
		}
		select {
		case err := <-ended:
			t.Fatalf("the first build: %v\n%s", err, &out)
		case <-time.After(10 * time.Millisecond):
		}
	}
	second := build("--no-hooks")
	lines, err := second.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Start(); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewScanner(lines)
	var said []string
	for in.Scan() {
		said = append(said, in.Text())
		if strings.Contains(in.Text(), "waiting for another build") {
			break
		}
	}
	if all := strings.Join(said, "\n"); !strings.Contains(all, fmt.Sprintf("waiting for another build that writes to the same folder: process %d on ", first.Process.Pid)) || !strings.Contains(all, ".lock)") {
		t.Errorf("the second build prints %s", all)
	}
	if _, err := os.Stat(filepath.Join(dir, "editions", "uk", "manifest.json")); err == nil {
		t.Error("the second build has not waited")
	}
	write("go", "")
	if err := <-ended; err != nil {
		t.Errorf("the first build: %v\n%s", err, &out)
	}
	for in.Scan() {
	}
	if err := second.Wait(); err != nil {
		t.Errorf("the second build: %v", err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "editions", "uk", "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	if m, err := edition.ParseManifest("uk", data); err != nil || len(m.Articles) != 1 || m.Articles[0].Edition == "" {
		t.Errorf("manifest %s: %v", data, err)
	}
}
