package libretranslate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/hooktest"
)

// server behaves as LibreTranslate's API documents it: a list of languages, a
// key, JSON in and out, errors as {"error": …}. It translates by writing capitals
// outside of tags, and white space as the real one leaves it.
type server struct {
	*httptest.Server
	key   string
	spoil func(w http.ResponseWriter, n int) bool // true when it has answered

	mu sync.Mutex
	n  int
	q  []string // the last texts asked
}

func newServer(t *testing.T, key string, spoil func(w http.ResponseWriter, n int) bool) *server {
	s := &server{key: key, spoil: spoil}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /languages", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `[{"code":"en","name":"English","targets":["en","uk","zh-Hans","pt-BR"]},{"code":"uk","name":"Ukrainian","targets":["en","uk"]}]`)
	})
	mux.HandleFunc("POST /translate", s.translate)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func (s *server) translate(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.n++
	n := s.n
	s.mu.Unlock()
	if s.spoil != nil && s.spoil(w, n) {
		return
	}
	var q struct {
		Q                      []string
		Source, Target, Format string
		Key                    string `json:"api_key"`
	}
	refuse := func(code int, msg string) {
		w.WriteHeader(code)
		_ = json.NewEncoder(w).Encode(map[string]string{"error": msg})
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		refuse(400, "Invalid request: "+err.Error())
		return
	}
	s.mu.Lock()
	s.q = q.Q
	s.mu.Unlock()
	switch {
	case s.key != "" && q.Key != s.key:
		refuse(403, "Invalid API key: "+q.Key)
	case q.Format != "html" || q.Source != "en":
		refuse(400, q.Source+" is not supported")
	default:
		var out []string
		for _, t := range q.Q {
			out = append(out, capitals(t))
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"translatedText": out})
	}
}

func capitals(html string) string {
	html = strings.Join(strings.Fields(html), " ")
	var b strings.Builder
	tag, entity := false, false
	for _, r := range html {
		switch r {
		case '<':
			tag = true
		case '>':
			tag = false
		case '&':
			entity = true
		case ';', ' ':
			entity = false
		}
		if tag || entity {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.ToUpper(string(r)))
		}
	}
	return b.String()
}

func open(t *testing.T, s *server, opt Options) *Engine {
	t.Helper()
	opt.URL = s.URL
	e, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestConformance(t *testing.T) {
	hooktest.Test(t, hooktest.Pair{Source: "en", Target: "uk"}, func(t *testing.T) hook.Engine {
		return open(t, newServer(t, "hush", nil), Options{Key: "hush"})
	})
}

func TestKeep(t *testing.T) {
	s := newServer(t, "", nil)
	c := hook.New([]hook.EngineConfig{{Engine: open(t, s, Options{})}}, hook.Options{})
	answers, _ := c.Translate(t.Context(), hook.Request{Source: "en", Target: "uk", Items: []hook.Item{{
		Text: bitext.Plain("Interfax & others said"), Terms: []bitext.TermMark{{Start: 0, End: 8, DoNotTranslate: true}},
	}}})
	if got := answers[0]; got.Err != nil || got.Text.Chars != "Interfax & OTHERS SAID" {
		t.Errorf("got %q, %v", got.Text.Chars, got.Err)
	}
	if want := `<span id="1" translate="no">Interfax</span> &amp; others said`; s.q[0] != want {
		t.Errorf("the server was asked %q, want %q", s.q[0], want)
	}
}

// TestFailures has the server fail, above it a chain that tries again.
func TestFailures(t *testing.T) {
	first := func(answer http.HandlerFunc) func(http.ResponseWriter, int) bool {
		return func(w http.ResponseWriter, n int) bool {
			if n == 1 {
				answer(w, nil)
			}
			return n == 1
		}
	}
	always := func(body string, code int) func(http.ResponseWriter, int) bool {
		return func(w http.ResponseWriter, _ int) bool {
			w.WriteHeader(code)
			fmt.Fprint(w, body)
			return true
		}
	}
	for _, tt := range []struct {
		name  string
		spoil func(http.ResponseWriter, int) bool
		key   string
		want  string // the answer, or a part of its error after "!"
	}{
		{"rate limit", first(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(429)
			fmt.Fprint(w, `{"error":"Slowdown: 10 per 1 minute"}`)
		}), "hush", "ONE"},
		{"broken for once", first(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }), "hush", "ONE"},
		{"slow for once", first(func(http.ResponseWriter, *http.Request) { time.Sleep(400 * time.Millisecond) }), "hush", "ONE"},
		{"rate limit for long", func(w http.ResponseWriter, _ int) bool {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(429)
			return true
		}, "hush", "!asks to retry after 1h0m0s"},
		{"always broken", always(`{"error":"Cannot translate text"}`, 500), "hush", "!500 Internal Server Error"},
		{"wrong key", nil, "hash", "!403 Forbidden: {\"error\":\"Invalid API key: [key]\"}"},
		{"malformed", always(`{"translatedText":["O`, 200), "hush", "!not the JSON of LibreTranslate"},
		{"a page", always(`<html>Welcome</html>`, 200), "hush", "!not the JSON of LibreTranslate"},
		{"one for many", always(`{"translatedText":"ONE"}`, 200), "hush", "!not the JSON of LibreTranslate"},
		{"nothing", always(`{}`, 200), "hush", "!no list of translatedText"},
		{"too few", always(`{"translatedText":[]}`, 200), "hush", "!0 for 1 texts"},
		{"too many", always(`{"translatedText":["ONE","TWO"]}`, 200), "hush", "!2 for 1 texts"},
		{"not UTF-8", always("{\"translatedText\":[\"\xff\"]}", 200), "hush", "!not UTF-8"},
		{"too long for it", always(`{"error":"Invalid request: request (9999) exceeds text limit (5000)"}`, 400), "hush", "!exceeds text limit"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, "hush", tt.spoil)
			c := hook.New([]hook.EngineConfig{{Engine: open(t, s, Options{Key: tt.key}), Timeout: 300 * time.Millisecond}},
				hook.Options{InitialBackoff: time.Millisecond, MaxWait: 5 * time.Second})
			answers, ds := c.Translate(t.Context(), hook.Request{Source: "en", Target: "uk", Items: []hook.Item{{Text: bitext.Plain("one")}}})
			got := answers[0].Text.Chars
			if answers[0].Err != nil {
				got = "!" + answers[0].Err.Error()
			}
			if part, fails := strings.CutPrefix(tt.want, "!"); !fails && got != tt.want || fails && !strings.Contains(got, part) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			// The wrong key is a key, too.
			if all := fmt.Sprint(answers, ds); strings.Contains(all, "hush") || strings.Contains(all, "hash") {
				t.Errorf("a key is told: %s", all)
			}
		})
	}
}

func TestCode(t *testing.T) {
	e := &Engine{opt: Options{Codes: map[string]string{"sr-Latn": "sr", "be": "xx"}}}
	served := func(code string) bool {
		return strings.Contains(" en uk zh-Hans zt pt pt-BR pb uz sr nb ", " "+code+" ")
	}
	for locale, want := range map[string]string{
		"en": "en", "en-GB": "en", "uk-UA": "uk", "zh-CN": "zh-Hans", "zh": "zh-Hans", "zh-TW": "zt", "pt-BR": "pt-BR", "pt-PT": "pt",
		"uz": "uz", "uz-Cyrl": "", "sr": "sr", "sr-Latn": "sr", "sr-ME": "", "be": "", "en-XA": "", "tt": "", "no tag": "",
	} {
		if got := e.code(locale, served); got != want {
			t.Errorf("%s: %q, want %q", locale, got, want)
		}
	}
}

// TestLanguages holds that a server that was down is asked again.
func TestLanguages(t *testing.T) {
	down := true
	var asked int
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		switch {
		case down:
			w.WriteHeader(503)
		case r.URL.Path == "/languages":
			fmt.Fprint(w, `[{"code":"en","name":"English"},{"code":"uk","name":"Ukrainian"}]`) // an old server
		default:
			fmt.Fprint(w, `{"translatedText":["ОДИН"]}`)
		}
	}))
	defer s.Close()
	e, err := New(Options{URL: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	job := hook.Job{Source: "en", Target: "uk", Texts: []string{"one"}}
	var temporary *hook.Temporary
	if _, err := e.Translate(t.Context(), job); !errors.As(err, &temporary) || !strings.Contains(err.Error(), "asking for its languages") {
		t.Errorf("while it is down: %v", err)
	}
	down = false
	for range 2 {
		if got, err := e.Translate(t.Context(), job); err != nil || got[0] != "ОДИН" {
			t.Errorf("when it is up: %q, %v", got, err)
		}
	}
	if asked != 4 {
		t.Errorf("%d requests, want 4: the list is kept", asked)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Translate(ctx, job); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
