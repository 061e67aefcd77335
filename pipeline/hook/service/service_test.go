package service

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"

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
		{"too early", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
			w.WriteHeader(425)
		}, "!425 Too Early", true, time.Hour},
		{"byte order mark", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "\ufeffbody") }, "body", false, 0},
		{"chunks that are none", raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nbody"), "!invalid byte in chunk length", true, 0},
		{"not HTTP", raw("hello\r\n\r\n"), "!malformed HTTP response", true, 0},
		{"a header that is none", raw("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n"), "!Content-Length", true, 0},
		{"gzip that is none", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			fmt.Fprint(w, "body, as it is")
		}, "!gzip", true, 0},
		{"gzip cut short", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			fmt.Fprint(z, "body")
			z.Close()
			w.Write(b.Bytes()[:b.Len()-6])
		}, "!unexpected EOF", true, 0},
		{"early hints", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusEarlyHints)
			fmt.Fprint(w, "body")
		}, "body", false, 0},
		{"hints without end", raw(strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", 1<<16)), "!127.0.0.1", true, 0},
		{"another protocol", raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"), "!101 Switching Protocols", false, 0},
		{"an endless header", raw("HTTP/1.1 200 OK\r\n" + strings.Repeat("X: "+strings.Repeat("x", 1000)+"\r\n", 1000)), "!127.0.0.1", true, 0},
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
			if ok != tt.temporary || ok && temporary.RetryAfter.Round(time.Minute) != tt.after.Round(time.Minute) && temporary.RetryAfter != tt.after {
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

// raw answers with bytes, and leaves the connection open for a while.
func raw(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = io.WriteString(conn, answer) // the client may be gone
		time.AfterFunc(2*time.Second, func() { conn.Close() })
	}
}

// A service that sets cookies does not get them back.
func TestCookies(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c := r.Header.Get("Cookie"); c != "" {
			t.Errorf("a cookie is sent: %s", c)
		}
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
	}))
	defer s.Close()
	c, err := New(s.URL, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := c.Get(t.Context(), "x"); err != nil {
			t.Error(err)
		}
	}
}

// A server that ends an HTTP/2 connection with GOAWAY is asked again.
func TestGoAway(t *testing.T) {
	s := httptest.NewUnstartedServer(nil)
	s.StartTLS() // for its certificate
	defer s.Close()
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: s.TLS.Certificates, NextProtos: []string{"h2"}})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				preface := make([]byte, len(http2.ClientPreface))
				if _, err := io.ReadFull(conn, preface); err != nil {
					return
				}
				f := http2.NewFramer(conn, conn)
				f.WriteSettings()
				for {
					frame, err := f.ReadFrame()
					if err != nil {
						return
					}
					if h, ok := frame.(*http2.HeadersFrame); ok {
						f.WriteGoAway(h.StreamID, http2.ErrCodeEnhanceYourCalm, []byte("later"))
						return
					}
				}
			}()
		}
	}()
	transport := s.Client().Transport.(*http.Transport).Clone()
	transport.ForceAttemptHTTP2 = true
	c, err := New("https://"+l.Addr().String(), Options{Transport: transport})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, err = c.Post(t.Context(), "x", "text/plain", []byte("question"))
	var temporary *hook.Temporary
	if !errors.As(err, &temporary) || !strings.Contains(err.Error(), "GOAWAY") && !strings.Contains(err.Error(), "EOF") && !strings.Contains(err.Error(), "closed") {
		t.Errorf("got %v", err)
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

// TestCertificate holds that a server with a certificate that is not right is not asked,
// and not tried again.
func TestCertificate(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	for _, tt := range []struct {
		name, host string
		until      time.Time
		trusted    bool
		want       string // "" for no error
	}{
		{"right", "127.0.0.1", now.Add(time.Hour), true, ""},
		{"unknown authority", "127.0.0.1", now.Add(time.Hour), false, "certificate"},
		{"expired", "127.0.0.1", now.Add(-time.Hour), true, "expired"},
		{"another host", "127.0.0.2", now.Add(time.Hour), true, "127.0.0.2"},
	} {
		template := &x509.Certificate{
			SerialNumber: big.NewInt(1), NotBefore: now.Add(-2 * time.Hour), NotAfter: tt.until, IPAddresses: []net.IP{net.ParseIP(tt.host)},
			IsCA: true, BasicConstraintsValid: true, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		}
		der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		roots := x509.NewCertPool()
		if tt.trusted {
			roots.AddCert(cert)
		}
		var asked atomic.Int64
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
		s.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
		s.Config.ErrorLog = log.New(io.Discard, "", 0)
		s.StartTLS()
		c, err := New(s.URL, Options{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}})
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Get(t.Context(), "x")
		var temporary *hook.Temporary
		switch {
		case tt.want == "" && err != nil, tt.want != "" && (err == nil || errors.As(err, &temporary) || !strings.Contains(err.Error(), tt.want) || asked.Load() > 0):
			t.Errorf("%s: asked %d times, got %v", tt.name, asked.Load(), err)
		}
		s.Close()
	}
}

// An address with https whose server has none, and the other way round, is a mistake of
// the configuration.
func TestScheme(t *testing.T) {
	plain := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer plain.Close()
	c, err := New("https"+strings.TrimPrefix(plain.URL, "http"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Get(t.Context(), "x")
	var temporary *hook.Temporary
	if err == nil || errors.As(err, &temporary) || !strings.Contains(err.Error(), "HTTP response to HTTPS client") {
		t.Errorf("got %v", err)
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
