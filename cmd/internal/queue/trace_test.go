package queue

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hexapla/cmd/internal/tracing"
	"hexapla/pipeline/memory/postgres"
	"hexapla/pipeline/memory/postgres/postgrestest"
)

// From who submits a build to the look-ups of its articles there is one trace.
func TestTrace(t *testing.T) {
	type span struct{ TraceID, SpanID, ParentSpanID, Name string }
	var mu sync.Mutex
	var spans []span
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var body struct {
			ResourceSpans []struct{ ScopeSpans []struct{ Spans []span } }
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		spans = append(spans, body.ResourceSpans[0].ScopeSpans[0].Spans...)
	}))
	defer collector.Close()
	tracer, err := tracing.FromEnvironment(func(name string) string {
		return map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": collector.URL}[name]
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	engine := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/languages") {
			_, _ = io.WriteString(w, `[{"code":"en","targets":["uk"]}]`)
			return
		}
		var q struct{ Q []string }
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"translatedText": q.Q})
	}))
	defer engine.Close()
	url := postgrestest.Start(t).Database(t)
	dir := project(t, url, 12)
	text, err := os.ReadFile(filepath.Join(dir, "hexapla.toml"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "hexapla.toml"), string(text)+"\n[[hook]]\ntype = \"libretranslate\"\nurl = \""+engine.URL+"\"\n")
	log, stop := startWorkers(t, url, 1, WorkOptions{Dir: dir, Tracer: tracer})
	q := openQueue(t, url)
	ctx, outer := tracing.Start(tracer.With(t.Context(), ""), "submit")
	id, _, err := q.Submit(ctx, BuildArgs{}, 2)
	if err != nil {
		t.Fatal(err)
	}
	outer.End(nil)
	wait, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	if j, err := q.Wait(wait, id, func(Job) {}); err != nil || j.State != "completed" {
		t.Fatalf("%v: %+v\n%s", err, j, log)
	}
	stop()
	tracer.Close(wait)
	byID := map[string]span{}
	for _, s := range spans {
		byID[s.SpanID] = s
	}
	ways := map[string]bool{}
	for _, s := range spans {
		way := s.Name
		for p, ok := byID[s.ParentSpanID]; ok; p, ok = byID[p.ParentSpanID] {
			if p.TraceID != s.TraceID {
				t.Errorf("%s and %s are in several traces", p.Name, s.Name)
			}
			way = p.Name + " > " + way
		}
		ways[way] = true
	}
	for _, want := range []string{"submit > job build > job article > article > memory lookup", "submit > job build > job article > article > engines > engine call"} {
		if !ways[want] {
			t.Errorf("no %s: %v", want, ways)
		}
	}
	if n := tracer.Dropped(); n != 0 {
		t.Errorf("%d spans were dropped", n)
	}
}

// What engines cost, and what is left of their limits, is counted over all machines.
func TestMetrics(t *testing.T) {
	url := postgrestest.Start(t).Database(t)
	dir := project(t, url, 2)
	name := filepath.Join(dir, "hexapla.toml")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	write(t, name, string(data)+"\n[[hook]]\ntype = \"libretranslate\"\nname = \"paid\"\nurl = \"http://127.0.0.1:9\"\nprice = { per_million_chars = 20, currency = \"EUR\" }\nlimit = { cost = 5, chars = 1000, period = \"ever\" }\n")
	q := openQueue(t, url)
	w, err := NewWorker(q, WorkOptions{Dir: dir, Workers: 1, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := q.store.Spend(t.Context(), "paid", postgres.Use{Chars: 300, Cost: 1.25}, time.Time{}, nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := q.Submit(t.Context(), BuildArgs{}, 2); err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	w.Handler().ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	for _, want := range []string{
		`hexapla_engine_cost{engine="paid",currency="EUR"} 2.5`, `hexapla_engine_limit_left{engine="paid",unit="cost"} 2.5`, `hexapla_engine_limit_left{engine="paid",unit="characters"} 400`,
		`hexapla_queue_jobs{queue="build",state="available"} 1`, "hexapla_trace_spans_dropped_total 0",
	} {
		if !strings.Contains(answer.Body.String(), want+"\n") {
			t.Errorf("no %s", want)
		}
	}
	if t.Failed() {
		t.Log(answer.Body)
	}
}
