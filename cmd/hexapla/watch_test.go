package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// lines is an output whose parts can be waited for.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// wait waits until the output has a text n times.
func (l *lines) wait(t *testing.T, text string, n int) {
	t.Helper()
	for range 6000 {
		l.mu.Lock()
		have := strings.Count(l.text.String(), text)
		l.mu.Unlock()
		if have >= n {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("no %q for the %d. time in\n%s", text, n, l.text.String())
}

// TestWatch builds again what has changed, and goes on after a mistake.
func TestWatch(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	const config = "[project]\nlocales = [\"uk\"]\n[policy]\nmissing = \"source\"\nthreshold = 0\n"
	write("hexapla.toml", config)
	write("articles/a.txt", "One day.\n")
	for _, command := range []string{"build", "check"} {
		ctx, cancel := context.WithCancel(t.Context())
		var out, errw lines
		code := make(chan int)
		go func() {
			code <- run(ctx, []string{"hexapla", "--lang", "en", command, "--project", dir, "--watch"}, strings.NewReader(""), &out, &errw)
		}()
		errw.wait(t, "watching for changes", 1)
		write("articles/b.txt", "Another day, "+command+".\n")
		errw.wait(t, "watching for changes", 2)
		write("hexapla.toml", "[project\n")
		errw.wait(t, "hexapla.toml:1", 1)
		errw.wait(t, "watching for changes", 3)
		write("hexapla.toml", config)
		errw.wait(t, "watching for changes", 4)
		cancel()
		if got := <-code; got != 0 {
			t.Errorf("%s: exit status %d\n%s", command, got, errw.text.String())
		}
		if command == "build" {
			if _, err := os.Stat(filepath.Join(dir, "editions", "uk", "manifest.json")); err != nil {
				t.Error(err)
			}
			if !strings.Contains(out.text.String(), "2 articles") {
				t.Errorf("the second article was not built:\n%s", out.text.String())
			}
		}
	}
}
