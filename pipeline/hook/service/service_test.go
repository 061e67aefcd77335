package service

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hexapla/pipeline/hook"
)

func TestNew(t *testing.T) {
	for _, tt := range []struct{ base, want string }{
		{"https://example.org", ""},
		{"http://127.0.0.1:5000/api/", ""},
		{"", "no address"},
		{"example.org", "does not begin with http"},
		{"ftp://example.org", "does not begin with http"},
		{"https://", "names no host"},
		{"https://user:hush@example.org", "key_env"},
		{"https://example.org/?key=hush", "leave out what follows"},
		{"https://example.org/#x", "leave out what follows"},
		{"https://exa mple.org:hush", "not an address"},
	} {
		_, err := New(tt.base, Options{})
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %q", tt.base, err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: the error says %v", tt.base, err)
		}
	}
}

const secret = `k"e/y+1`

// TestPost has servers answer in every way.
func TestPost(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.Errorf("another host was asked for %s", r.URL)
	}))
	defer other.Close()
	for _, tt := range []struct {
		name      string
		handle    http.HandlerFunc
		want      string // the body, or a part of the error after "!"
		temporary bool
		after     time.Duration
	}{
		{"sound", func(w http.ResponseWriter, r *http.Request) {
			if r.Method != "POST" || r.URL.Path != "/base/translate" || r.Header.Get("Content-Type") != "text/x" || !strings.HasPrefix(r.UserAgent(), "hexapla") {
				w.WriteHeader(http.StatusTeapot)
			}
			fmt.Fprint(w, "body")
		}, "body", false, 0},
		{"rate limit", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(429)
		}, "!429 Too Many Requests", true, 7 * time.Second},
		{"broken", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "out\nof\x1b[1mmemory", 500) }, "!500 Internal Server Error: out of [1mmemory", true, 0},
		{"gateway", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) }, "!502", true, 0},
		{"not implemented", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(501) }, "!501", false, 0},
		{"forbidden", func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, `bad key k"e/y+1, k\"e/y+1, k%22e%2Fy%2B1`, http.StatusForbidden)
		}, "!403 Forbidden: bad key [key], [key], [key]", false, 0},
		{"long error", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, strings.Repeat("ж", 1<<20), 400) }, "!ж…", false, 0},
		{"too large", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, strings.Repeat("x", 1001)) }, "!bad answer: longer than 1000 bytes", false, 0},
		{"cut off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "50")
			fmt.Fprint(w, "x")
		}, "!unexpected EOF", true, 0},
		{"hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "!EOF", true, 0},
		{"other host", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL+"/x", http.StatusTemporaryRedirect)
		}, "!if that is right, configure that address", false, 0},
		{"drops the question", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/x", http.StatusFound) }, "!drops the question", false, 0},
		{"same host", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/there" {
				http.Redirect(w, r, "/there", http.StatusPermanentRedirect)
				return
			}
			fmt.Fprint(w, r.Method)
		}, "POST", false, 0},
		{"in circles", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/x", http.StatusTemporaryRedirect) }, "!more than 3 redirects", false, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := httptest.NewServer(tt.handle)
			defer s.Close()
			c, err := New(s.URL+"/base", Options{Secrets: []string{secret, ""}, MaxBody: 1000})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			body, err := c.Post(t.Context(), "translate", "text/x", []byte("question"))
			part, fails := strings.CutPrefix(tt.want, "!")
			if !fails && (err != nil || string(body) != tt.want) || fails && (err == nil || !strings.Contains(err.Error(), part)) {
				t.Errorf("got %q, %v; want %q", body, err, tt.want)
			}
			if err != nil && (strings.Contains(err.Error(), "/y+1") || len(err.Error()) > 600) {
				t.Errorf("the error says %v", err)
			}
			temporary, ok := errors.AsType[*hook.Temporary](err)
			if ok != tt.temporary || ok && temporary.RetryAfter != tt.after {
				t.Errorf("temporary: %t, want %t (%+v)", ok, tt.temporary, temporary)
			}
		})
	}
}

// TestConnections has many calls at the same time, again and again: each of them finds
// the connection of an earlier one.
func TestConnections(t *testing.T) {
	const calls, rounds = 40, 4
	var opened atomic.Int64
	var together sync.WaitGroup
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		together.Done()
		together.Wait() // no call ends before all have begun
		fmt.Fprint(w, "body")
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	s.Start()
	defer s.Close()
	c, err := New(s.URL, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for range rounds {
		together.Add(calls)
		var wait sync.WaitGroup
		for range calls {
			wait.Go(func() {
				if _, err := c.Post(t.Context(), "x", "text/plain", nil); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
	}
	// A call may begin before the connection of the one before it is given back.
	if n := opened.Load(); n > 2*calls {
		t.Errorf("%d connections for %d calls at the same time", n, calls)
	}
}

func TestNoServer(t *testing.T) {
	s := httptest.NewServer(nil)
	c, err := New(s.URL, Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	_, err = c.Get(t.Context(), "x")
	var temporary *hook.Temporary
	if !errors.As(err, &temporary) || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("got %v", err)
	}
}

func TestCertificate(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer s.Close()
	c, err := New(s.URL, Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Get(t.Context(), "x")
	var temporary *hook.Temporary
	if err == nil || errors.As(err, &temporary) || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("an unknown authority: got %v", err)
	}
}

func TestStopped(t *testing.T) {
	free := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-free }))
	defer s.Close()
	defer close(free)
	c, err := New(s.URL, Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := c.Get(ctx, "x"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 5, 16, 12, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "0": 0, "120": 2 * time.Minute, " 3 ": 3 * time.Second, "-1": 0, "soon": 0, "1.5": 0,
		"Sat, 16 May 2026 12:00:30 GMT": 30 * time.Second, "Sat, 16 May 2026 11:00:00 GMT": 0,
		"99999999999": (1 << 30) * time.Second,
	} {
		if got := retryAfter(value, now); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}
