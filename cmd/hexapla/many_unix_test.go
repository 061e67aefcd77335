//go:build unix

package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

var segments = flag.Int("segments", 0, "how many segments TestManySegments has translated; 0 for none")

// TestManySegments builds a project of many segments with a service that answers each
// request in 50 ms, and prints the time beside the best possible one for the engine's
// concurrency, and the memory that was used: answer is how long the service took in fact
// on this machine, busy how much of the time it had as many calls as it may have. The
// figures are for reading.
func TestManySegments(t *testing.T) {
	if *segments == 0 {
		t.Skip("run it with -segments 100000")
	}
	const answerTime, concurrency, batch, perArticle = 50 * time.Millisecond, 16, 5, 500
	var requests, busy atomic.Int64 // busy in nanoseconds
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/languages" {
			fmt.Fprint(w, `[{"code":"en","targets":["uk"]}]`)
			return
		}
		begin := time.Now()
		defer func() { busy.Add(int64(time.Since(begin))) }()
		var q struct{ Q []string }
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
			t.Error(err)
		}
		requests.Add(1)
		for i := range q.Q {
			q.Q[i] = strings.ToUpper(q.Q[i])
		}
		time.Sleep(answerTime)
		_ = json.NewEncoder(w).Encode(map[string]any{"translatedText": q.Q}) // the build is gone if that fails
	}))
	defer server.Close()
	fmt.Printf("%9s %9s %9s %9s %7s %9s %7s %9s %9s\n", "segments", "requests", "best", "took", "over", "answer", "busy", "CPU", "memory")
	for _, n := range []int{*segments / 10, *segments} {
		dir := t.TempDir()
		write := func(name, text string) {
			path := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		write("hexapla.toml", fmt.Sprintf("[project]\nsource = 'en'\nlocales = ['uk']\narticles = ['articles/*.txt']\n\n[policy]\nmt = true\n\n[[hook]]\ntype = 'libretranslate'\nurl = '%s'\nconcurrency = %d\nbatch = %d\n", server.URL, concurrency, batch))
		for a := 0; a*perArticle < n; a++ {
			var b strings.Builder
			for i := range min(perArticle, n-a*perArticle) {
				fmt.Fprintf(&b, "The freight number %d has arrived at the harbour.\n\n", a*perArticle+i)
			}
			write(fmt.Sprintf("articles/a%05d.txt", a), b.String())
		}
		requests.Store(0)
		busy.Store(0)
		cmd := exec.Command("hexapla", "build", "--quiet")
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "LC_ALL=C", "NO_COLOR=1")
		begin := time.Now()
		out, err := cmd.CombinedOutput()
		took := time.Since(begin)
		if err != nil {
			t.Fatalf("%v\n%.2000s", err, out)
		}
		best := time.Duration((requests.Load()+concurrency-1)/concurrency) * answerTime
		memory := int64(0)
		if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			memory = int64(usage.Maxrss) / 1024 // Linux counts in KiB
		}
		cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		answer := time.Duration(busy.Load() / requests.Load())
		share := 100 * float64(busy.Load()) / float64(took.Nanoseconds()*concurrency)
		fmt.Printf("%9d %9d %8.1fs %8.1fs %6.1f%% %7.1fms %6.1f%% %8.1fs %6d MB\n", n, requests.Load(), best.Seconds(), took.Seconds(), 100*(took.Seconds()/best.Seconds()-1), answer.Seconds()*1000, share, cpu.Seconds(), memory)
		if want := int64((n + batch - 1) / batch); requests.Load() != want {
			t.Errorf("%d requests for %d segments, want %d", requests.Load(), n, want)
		}
	}
}
