package web

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hexapla/cmd/internal/publish"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/goldentest"
)

// requests is how many requests TestNothingLeaks sends: 100,000 take some minutes.
var requests = flag.Int("requests", 3000, "how many requests the test of leaks sends")

// longArticle is a project with one article of n segments, all different.
func longArticle(t testing.TB, n int) string {
	t.Helper()
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "hexapla.toml"), "[project]\nlocales = [\"uk\", \"ru\"]\narticles = [\"articles/*\"]\n")
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "The %d ships of the <b>northern</b> harbour left in year %d.\n\n", i+2, 1000+i)
	}
	writeFile(t, filepath.Join(dir, "articles/long.md"), b.String())
	return dir
}

const long = "articles/long.md"

// p95 returns the time that 95 of 100 do not exceed.
func p95(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)*95/100]
}

// firstByte asks for a page and returns when its first byte came, and its length.
func (s *site) firstByte(path string) (first time.Duration, length int) {
	s.t.Helper()
	r, err := http.NewRequest("GET", s.base+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	began := time.Now()
	r = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{GotFirstResponseByte: func() { first = time.Since(began) }}))
	answer, err := s.client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	n, err := io.Copy(io.Discard, answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		s.t.Fatal(answer.Status, err)
	}
	return first, int(n)
}

// BenchmarkLongPage loads an article of 2,000 segments: the time to the first byte.
func BenchmarkLongPage(b *testing.B) {
	s := serveFolder(b, longArticle(b, 2000), nil).enter().waitBoard()
	s.firstByte("/a/uk/" + long)
	var times []time.Duration
	for b.Loop() {
		first, _ := s.firstByte("/a/uk/" + long)
		times = append(times, first)
	}
	b.ReportMetric(float64(p95(times).Microseconds())/1000, "p95-ms")
}

// BenchmarkSave saves segments of an article of 2,000, one after the other, while 50
// people look at it.
func BenchmarkSave(b *testing.B) {
	for _, readers := range []int{0, 50} {
		b.Run(fmt.Sprintf("readers=%d", readers), func(b *testing.B) {
			s := serveFolder(b, longArticle(b, 2000), nil).enter().waitBoard()
			time.Sleep(2100 * time.Millisecond) // until the stamp of the new file tells every change; see rootfs.Stamp.Stable
			segments := s.article("uk", long).Segments
			stop := make(chan struct{})
			var people sync.WaitGroup
			for range readers {
				people.Go(func() {
					for i := 0; ; i++ {
						select {
						case <-stop:
							return
						case <-time.After(2 * time.Second): // a person looks at a segment for a while
						}
						seg := segments[i%len(segments)]
						s.do("GET", "/rows/uk/"+long+"?"+url.Values{"unit": {seg.Unit}, "segment": {seg.Segment}}.Encode(), nil)
					}
				})
			}
			var times []time.Duration
			for i := 0; b.Loop(); i++ {
				seg := &segments[i%len(segments)]
				began := time.Now()
				code, body, _ := s.do("POST", "/save/uk/"+long, url.Values{
					"csrf": {s.csrf}, "unit": {seg.Unit}, "segment": {seg.Segment}, "base": {"none"}, "then": {"close"},
					"text": {fmt.Sprintf("%d кораблів <1>північної</1> гавані вийшли %d року.", i%len(segments)+2, 1000+i%len(segments))},
				}, "Accept", "application/json")
				times = append(times, time.Since(began))
				if code != http.StatusOK && i < len(segments) {
					b.Fatal(code, body)
				}
			}
			close(stop)
			people.Wait()
			b.ReportMetric(float64(p95(times).Microseconds())/1000, "p95-ms")
		})
	}
}

// buildFolder is the variable that makes the test binary build the project in a folder
// until it is ended, instead of running tests.
const buildFolder = "HEXAPLA_TEST_BUILD"

func buildAgain(dir string) {
	for {
		w, err := workspace.Open(context.Background(), dir, workspace.Options{Memory: workspace.ReadWrite, Select: &workspace.Selection{}})
		if err == nil {
			_, err = publish.Build(context.Background(), w, publish.Options{}, nobody{})
			err = errors.Join(err, w.Close())
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// quantiles reports the median and the 95th percentile of times in milliseconds.
func quantiles(b *testing.B, name string, times []time.Duration) {
	slices.Sort(times)
	if len(times) == 0 {
		return
	}
	b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, name+"-p50-ms")
	b.ReportMetric(float64(p95(times).Microseconds())/1000, name+"-p95-ms")
}

// BenchmarkPeople has 50 people on one article of 2,000 segments, each in a session of
// their own: each loads the page, then opens a segment every two seconds. Beside them another
// process builds the whole project again and again. It measures saves, and first bytes of
// the page.
func BenchmarkPeople(b *testing.B) {
	for _, building := range []bool{false, true} {
		b.Run(fmt.Sprintf("build=%v", building), func(b *testing.B) {
			dir := longArticle(b, 2000)
			for i := range 100 {
				writeFile(b, filepath.Join(dir, fmt.Sprintf("articles/other-%d.md", i)), strings.Repeat(fmt.Sprintf("The %d boats of the southern harbour came back.\n\n", i+2), 20))
			}
			s := serveFolder(b, dir, nil).enter().waitBoard()
			time.Sleep(2100 * time.Millisecond) // until the stamps of the new files tell every change; see rootfs.Stamp.Stable
			segments := s.article("uk", long).Segments
			s.firstByte("/a/uk/" + long)
			stop := make(chan struct{})
			var mu sync.Mutex
			var pages []time.Duration
			var background sync.WaitGroup
			if building {
				build := exec.Command(os.Args[0])
				build.Env = append(os.Environ(), buildFolder+"="+dir)
				build.Stderr = os.Stderr
				if err := build.Start(); err != nil {
					b.Fatal(err)
				}
				defer func() {
					_ = build.Process.Kill()
					_ = build.Wait()
				}()
			}
			for i := range 50 {
				person := s.another().enter()
				background.Go(func() {
					pause := time.Duration(i) * 40 * time.Millisecond // people do not come all at once
					for n := i; ; n++ {
						select {
						case <-stop:
							return
						case <-time.After(pause):
						}
						pause = 2 * time.Second
						if n%5 == 0 {
							first, _ := person.firstByte("/a/uk/" + long)
							mu.Lock()
							pages = append(pages, first)
							mu.Unlock()
							continue
						}
						seg := segments[n%len(segments)]
						person.do("GET", "/rows/uk/"+long+"?"+url.Values{"unit": {seg.Unit}, "segment": {seg.Segment}}.Encode(), nil)
					}
				})
			}
			var times []time.Duration
			for i := 0; b.Loop(); i++ {
				seg := &segments[i%len(segments)]
				time.Sleep(20 * time.Millisecond) // 50 people do not save more often
				began := time.Now()
				code, body, _ := s.do("POST", "/save/uk/"+long, url.Values{
					"csrf": {s.csrf}, "unit": {seg.Unit}, "segment": {seg.Segment}, "base": {"none"}, "then": {"close"},
					"text": {fmt.Sprintf("%d кораблів <1>північної</1> гавані вийшли %d року.", i%len(segments)+2, 1000+i%len(segments))},
				}, "Accept", "application/json")
				times = append(times, time.Since(began))
				if code != http.StatusOK && i < len(segments) {
					b.Fatal(code, body)
				}
			}
			close(stop)
			background.Wait()
			quantiles(b, "save", times)
			quantiles(b, "page", pages)
		})
	}
}

// TestLongArticle: an article of 2,000 segments is one page, which opens any of them.
func TestLongArticle(t *testing.T) {
	n := 2000
	if testing.Short() {
		n = 200
	}
	s := serveFolder(t, longArticle(t, n), nil).enter()
	page := s.get("/a/uk/" + long)
	if got := strings.Count(page, `<li class="row`); got != n {
		t.Errorf("%d rows, want %d", got, n)
	}
	seg := s.article("uk", long).Segments[n-1]
	var saved apiSaved
	text := strings.Replace(strings.Replace(seg.Source, "The", "Ці", 1), "ships of the", "кораблі", 1)
	if code := s.api("PUT", "/segment/uk/"+long, apiEdit{Unit: seg.Unit, Segment: seg.Segment, Text: text, Base: seg.Base, Force: true}, &saved); code != 200 || !saved.Stored {
		t.Fatalf("%d %+v", code, saved)
	}
	contains(t, s.get("/a/uk/"+long+"?show=review"), "кораблі")
}

// TestNothingLeaks: after many requests of all kinds there are as many goroutines as
// before, and the memory in use is bounded.
func TestNothingLeaks(t *testing.T) {
	n := *requests
	if testing.Short() {
		n = min(n, 500)
	}
	s := serveFolder(t, newsroom(t), nil).enter().waitBoard()
	segments := s.article("tt", metro).Segments
	round := func(i int) {
		seg := segments[i%len(segments)]
		at := url.Values{"unit": {seg.Unit}, "segment": {seg.Segment}}
		switch i % 8 {
		case 0:
			s.get("/")
		case 1:
			s.get("/a/tt/" + metro)
		case 2:
			s.get("/rows/tt/" + metro + "?" + at.Encode())
		case 3:
			s.post("/check/tt/"+metro, "unit", seg.Unit, "segment", seg.Segment, "text", "текст 22")
		case 4:
			s.post("/save/tt/"+metro, "unit", seg.Unit, "segment", seg.Segment, "base", "none", "text", fmt.Sprint("текст ", i))
		case 5:
			s.get("/preview/uk/" + metro)
		case 6:
			s.do("GET", "/a/tt/nowhere.md", nil)
		case 7:
			answer, err := s.client.Get(s.base + "/events")
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
		}
	}
	measure := func() (goroutines int, heap uint64) {
		s.client.CloseIdleConnections()
		for range 100 { // until streams and connections have ended
			runtime.GC()
			if goroutines = runtime.NumGoroutine(); goroutines < 40 {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return goroutines, m.HeapAlloc
	}
	for i := range n / 3 {
		round(i)
	}
	before, heapBefore := measure()
	for i := range n {
		round(i)
	}
	after, heapAfter := measure()
	t.Logf("%d requests: %d goroutines, then %d; %d KiB, then %d", n, before, after, heapBefore>>10, heapAfter>>10)
	if after > before+10 {
		t.Errorf("%d goroutines, then %d", before, after)
	}
	if heapAfter > 2*heapBefore+32<<20 {
		t.Errorf("%d KiB in use, then %d", heapBefore>>10, heapAfter>>10)
	}
}

// TestOpenAPI: the description of the API in the repository is that of the program.
func TestOpenAPI(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).enter()
	goldentest.Check(t, "openapi.json", s.openAPI())
	contains(t, s.get(apiPath+"/openapi.json"), `"openapi": "3.1.0"`)
}
