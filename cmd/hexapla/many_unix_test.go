//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"hexapla/pipeline/hook"
)

var segments = flag.Int("segments", 0, "how many segments TestManySegments has translated; 0 for none")

// TestManySegments builds a project of many segments with a service that answers each
// request in 50 ms, and prints the time beside the best possible one for the engine's
// concurrency, and the memory that was used. answer is how long the service took in fact
// on this machine, call how long that was for the build. idle is how much of the time of
// the senders, from the first call to the end of the last one, no call was made in. bare
// is how long a call takes on this machine for as many senders that do nothing else: what
// the build takes beyond that is its own, and ratio is the time beside theirs. The figures
// are for reading. On a machine that is busy with other work, a real-time priority takes
// that out: chrt -r 5 go test ./cmd/hexapla -run ManySegments -segments 100000.
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
	fmt.Printf("%9s %9s %9s %9s %7s %9s %9s %9s %6s %7s %9s %9s\n", "segments", "requests", "best", "took", "over", "answer", "call", "bare", "ratio", "idle", "CPU", "memory")
	for _, n := range []int{*segments / 4, *segments} {
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
		bare := bareCall(t, server.URL, concurrency, batch, n/batch/concurrency/8+1)
		requests.Store(0)
		busy.Store(0)
		cmd := exec.Command("hexapla", "build", "--quiet", "--trace", "trace.jsonl")
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
		call, idle := readTrace(t, filepath.Join(dir, "trace.jsonl"), concurrency)
		fmt.Printf("%9d %9d %8.1fs %8.1fs %6.1f%% %7.1fms %7.1fms %7.1fms %6.3f %6.1f%% %8.1fs %6d MB\n", n, requests.Load(), best.Seconds(), took.Seconds(), 100*(took.Seconds()/best.Seconds()-1),
			answer.Seconds()*1000, call.Seconds()*1000, bare.Seconds()*1000, took.Seconds()*answerTime.Seconds()/(best.Seconds()*bare.Seconds()), 100*idle, cpu.Seconds(), memory)
		if want := int64((n + batch - 1) / batch); requests.Load() != want {
			t.Errorf("%d requests for %d segments, want %d", requests.Load(), n, want)
		}
	}
}

// bareCall returns how long a call takes when so many senders make calls of a number of
// texts, each of them so many, one after another.
func bareCall(t *testing.T, url string, senders, texts, calls int) time.Duration {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: senders}}
	defer client.CloseIdleConnections()
	q := make([]string, texts)
	for i := range q {
		q[i] = "The freight has arrived at the harbour."
	}
	body, err := json.Marshal(map[string]any{"q": q})
	if err != nil {
		t.Fatal(err)
	}
	var took atomic.Int64
	var senderGroup sync.WaitGroup
	for range senders {
		senderGroup.Go(func() {
			for range calls {
				begin := time.Now()
				r, err := client.Post(url+"/translate", "application/json", bytes.NewReader(body))
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, r.Body) // only the time counts
				_ = r.Body.Close()
				took.Add(int64(time.Since(begin)))
			}
		})
	}
	senderGroup.Wait()
	return time.Duration(took.Load() / int64(senders*calls))
}

// readTrace returns how long the calls of a trace took on average, and the part of the
// time of so many senders in which none of them was made.
func readTrace(t *testing.T, name string, senders int) (call time.Duration, idle float64) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var first, last time.Time
	var sum time.Duration
	n := 0
	for line := range strings.Lines(string(data)) {
		var e hook.TraceEvent
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		took := time.Duration(e.Millis * float64(time.Millisecond))
		if end := e.Time.Add(took); end.After(last) {
			last = end
		}
		if first.IsZero() || e.Time.Before(first) {
			first = e.Time
		}
		sum += took
		n++
	}
	if n == 0 {
		t.Fatal("no call was traced")
	}
	return sum / time.Duration(n), 1 - sum.Seconds()/(last.Sub(first).Seconds()*float64(senders))
}
