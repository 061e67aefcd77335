package tracing

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// collector takes spans as a collector of OpenTelemetry does.
type collector struct {
	*httptest.Server
	mu       sync.Mutex
	requests []*http.Request
	bodies   [][]byte
	spans    []jsonSpan
	status   int // to answer with; 200 if 0
}

func newCollector(t *testing.T) *collector {
	c := &collector{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, err := io.ReadAll(r.Body)
		var body jsonRequest
		d := json.NewDecoder(strings.NewReader(string(data)))
		d.DisallowUnknownFields()
		if err == nil {
			err = d.Decode(&body)
		}
		if err != nil {
			t.Error(err)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.requests, c.bodies = append(c.requests, r), append(c.bodies, data)
		if c.status != 0 {
			w.WriteHeader(c.status)
			return
		}
		for _, resource := range body.ResourceSpans {
			for _, scope := range resource.ScopeSpans {
				c.spans = append(c.spans, scope.Spans...)
			}
		}
	}))
	t.Cleanup(c.Close)
	return c
}

func fromMap(m map[string]string) func(string) string {
	return func(name string) string { return m[name] }
}

func closeSoon(t *testing.T, tr *Tracer) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tr.Close(ctx)
}

// Spans of two processes are one trace, with what they say of their work.
func TestTrace(t *testing.T) {
	c := newCollector(t)
	env := map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": c.URL, "OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20abc,x-team=desk", "OTEL_SERVICE_NAME": "news", "OTEL_RESOURCE_ATTRIBUTES": "service.name=other,deployment.environment.name=test"}
	one, err := FromEnvironment(fromMap(env), "1.2")
	if err != nil {
		t.Fatal(err)
	}
	two, err := FromEnvironment(fromMap(env), "1.2")
	if err != nil {
		t.Fatal(err)
	}
	ctx, outer := Start(one.With(t.Context(), ""), "submit", Attr{"job", int64(7)})
	parent := Parent(ctx)
	ctx, job := Start(two.With(t.Context(), parent), "job build")
	_, inner := Start(ctx, "article", Attr{"path", "a\xff.md"}, Attr{"locales", 27}, Attr{"share", 0.5}, Attr{"new", true})
	inner.End(errors.New("no such file"))
	job.Set("written", 3)
	job.End(nil)
	job.End(errors.New("again"))
	outer.End(nil)
	closeSoon(t, one)
	closeSoon(t, two)
	byName := map[string]jsonSpan{}
	for _, s := range c.spans {
		byName[s.Name] = s
	}
	s, j, a := byName["submit"], byName["job build"], byName["article"]
	if len(c.spans) != 3 || s.TraceID != j.TraceID || j.TraceID != a.TraceID || len(s.TraceID) != 32 || s.ParentID != "" || j.ParentID != s.SpanID || a.ParentID != j.SpanID || len(a.SpanID) != 16 {
		t.Errorf("%+v", c.spans)
	}
	if a.Status != (jsonStatus{"no such file", 2}) || j.Status.Code != 0 || a.Start == "" || a.End < a.Start {
		t.Errorf("%+v %+v", a, j)
	}
	if parent != "00-"+s.TraceID+"-"+s.SpanID+"-01" {
		t.Errorf("traceparent %s", parent)
	}
	r, body := c.requests[0], string(c.bodies[0])
	if r.Method != "POST" || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/json" || r.Header.Get("Authorization") != "Bearer abc" || r.Header.Get("X-Team") != "desk" {
		t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
	}
	for _, want := range []string{`{"key":"service.name","value":{"stringValue":"news"}}`, `"deployment.environment.name"`, `{"key":"job","value":{"intValue":"7"}}`} {
		if !strings.Contains(body, want) {
			t.Errorf("without %s: %s", want, body)
		}
	}
	if dir := os.Getenv("HEXAPLA_TEST_TRACES"); dir != "" { // to check them by another program
		for _, b := range c.bodies {
			if err := os.WriteFile(filepath.Join(dir, "traces.json"), b, 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A collector that is slow, full or away holds up nobody, and what it misses is counted.
func TestDropped(t *testing.T) {
	c := newCollector(t)
	c.status = http.StatusServiceUnavailable
	tr, err := FromEnvironment(fromMap(map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": c.URL + "/own"}), "")
	if err != nil {
		t.Fatal(err)
	}
	ctx := tr.With(t.Context(), "")
	const n = 3*maxQueue + 5
	for range n {
		_, s := Start(ctx, "work")
		s.End(nil)
	}
	closeSoon(t, tr)
	if got := tr.Dropped(); got != n {
		t.Errorf("%d of %d spans are counted as dropped", got, n)
	}
	if len(c.requests) < 2 || c.requests[0].URL.Path != "/own" {
		t.Errorf("%d requests: a collector that is busy is asked again", len(c.requests))
	}
	_, s := Start(ctx, "later")
	s.End(nil) // no panic
}

func TestSampling(t *testing.T) {
	const sampled, not = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
	for _, test := range []struct {
		name, arg, parent string
		want              bool
	}{
		{"", "", "", true}, {"", "", sampled, true}, {"", "", not, false},
		{"always_off", "", sampled, false}, {"always_on", "", not, true}, {"parentbased_always_off", "", sampled, true}, {"parentbased_always_off", "", "", false},
		{"traceidratio", "0", sampled, false}, {"traceidratio", "1", not, true}, {"parentbased_traceidratio", "0", "", false}, {"parentbased_traceidratio", "0", sampled, true},
		{"traceidratio", "0.52", sampled, true}, {"traceidratio", "0.51", sampled, false}, // 0x8448eb211c80319c of 2^64
	} {
		c := newCollector(t)
		tr, err := FromEnvironment(fromMap(map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": c.URL, "OTEL_TRACES_SAMPLER": test.name, "OTEL_TRACES_SAMPLER_ARG": test.arg}), "")
		if err != nil {
			t.Fatal(err)
		}
		ctx, s := Start(tr.With(t.Context(), test.parent), "work")
		s.End(nil)
		closeSoon(t, tr)
		if got := len(c.spans) == 1; got != test.want || strings.HasSuffix(Parent(ctx), "-01") != test.want {
			t.Errorf("%s %s of %q: sent %v, %s", test.name, test.arg, test.parent, got, Parent(ctx))
		}
	}
}

func TestParseParent(t *testing.T) {
	const good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	for s, want := range map[string]bool{
		good: true, "cc" + good[2:] + "-more": true, good + "-more": false, "ff" + good[2:]: false, "": false, good[:54]: false, strings.ToUpper(good): false,
		"00-00000000000000000000000000000000-b7ad6b7169203331-01": false, "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01": false,
		strings.Replace(good, "0af", "xyz", 1): false, strings.Repeat("é", 28): false,
	} {
		if _, ok := parseParent(s); ok != want {
			t.Errorf("%q: %v", s, ok)
		}
	}
}

// Nothing is traced that nobody asked for, and wrong variables are described without what
// is secret in them.
func TestEnvironment(t *testing.T) {
	const to = "http://127.0.0.1:4318"
	for _, test := range []struct {
		env  map[string]string
		want string // "" for no tracer and no error
	}{
		{map[string]string{}, ""}, {map[string]string{"OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": to}, ""}, {map[string]string{"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": to}, ""},
		{map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "ftp://a"}, "OTEL_EXPORTER_OTLP_ENDPOINT"}, {map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://a:hidden@b"}, "without a password"},
		{map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": to, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "http/json"},
		{map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": to, "OTEL_EXPORTER_OTLP_HEADERS": "hidden"}, "key=value"}, {map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": to, "OTEL_EXPORTER_OTLP_HEADERS": "a=hidden%0d%0ax"}, "key=value"},
		{map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": to, "OTEL_TRACES_SAMPLER": "some"}, "always_on"}, {map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": to, "OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "NaN"}, "from 0 to 1"},
		{map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": to, "OTEL_EXPORTER_OTLP_TIMEOUT": "5s"}, "milliseconds"}, {map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": to, "OTEL_RESOURCE_ATTRIBUTES": "a"}, "OTEL_RESOURCE_ATTRIBUTES"},
	} {
		tr, err := FromEnvironment(fromMap(test.env), "")
		switch {
		case test.want == "" && (err != nil || tr != nil), test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%v: %v", test.env, err)
		case err != nil && strings.Contains(err.Error(), "hidden"):
			t.Errorf("a secret is in %v", err)
		}
	}
	var none *Tracer
	ctx, s := Start(none.With(t.Context(), "x"), "work")
	s.Set("a", 1)
	s.End(nil)
	none.Close(ctx)
	if Parent(ctx) != "" || none.Dropped() != 0 {
		t.Error("a trace without a tracer")
	}
}
