package engines

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/hooktest"
)

// wire is the wire format of one service, from the side of the server.
type wire struct {
	name   string
	config string // of a [[hook]] table; URL is the address of the server
	path   string // what the translations are asked at; others are for languages
	other  map[string]string
	decode func(t *testing.T, body []byte) []string
	encode func(texts []string) any
}

var wires = []wire{
	{
		name: "libretranslate", config: "type = 'libretranslate'\nurl = 'URL'\nkey_env = 'LT_KEY'", path: "/translate",
		other:  map[string]string{"/languages": `[{"code":"en","targets":["en","uk"]}]`},
		decode: field("q"),
		encode: func(texts []string) any { return map[string]any{"translatedText": texts} },
	},
	{
		name: "deepl", config: "type = 'deepl'\nurl = 'URL'\nkey_env = 'DEEPL_KEY'\nformality = 'prefer_more'\nmodel_type = 'quality_optimized'\nglossaries = { uk = 'g1' }", path: "/v2/translate",
		other:  map[string]string{"/v2/languages": `[{"language":"EN","supports_formality":false},{"language":"UK","supports_formality":true}]`},
		decode: field("text"),
		encode: func(texts []string) any {
			list := []any{}
			for _, s := range texts {
				list = append(list, map[string]any{"detected_source_language": "EN", "text": s})
			}
			return map[string]any{"translations": list}
		},
	},
	{
		name: "openai", config: "type = 'openai'\nurl = 'URL/v1'\nkey_env = 'OPENAI_API_KEY'\nmodel = 'small'\ntemperature = 0.0\nseed = 1\nmax_tokens = 900", path: "/v1/chat/completions",
		decode: func(t *testing.T, body []byte) []string {
			var r struct {
				Messages []struct{ Content string }
			}
			var q struct{ Texts []struct{ Text string } }
			if err := json.Unmarshal(body, &r); err != nil || len(r.Messages) != 2 {
				t.Errorf("%v: %s", err, body)
				return nil
			}
			if err := json.Unmarshal([]byte(r.Messages[1].Content), &q); err != nil {
				t.Error(err)
			}
			var out []string
			for _, x := range q.Texts {
				out = append(out, x.Text)
			}
			return out
		},
		encode: func(texts []string) any {
			list := []any{}
			for i, s := range texts {
				list = append(list, map[string]any{"id": strconv.Itoa(i + 1), "text": s})
			}
			content, _ := json.Marshal(map[string]any{"translations": list})
			return completion(string(content), "stop")
		},
	},
	{
		name: "google", config: "type = 'http'\nprofile = 'google'\nurl = 'URL/v3/projects/p/locations/global:translateText'\nheaders = { Authorization = 'Bearer ${GOOGLE_TOKEN}' }", path: "/v3/projects/p/locations/global:translateText",
		decode: field("contents"),
		encode: func(texts []string) any {
			list := []any{}
			for _, s := range texts {
				list = append(list, map[string]any{"translatedText": s})
			}
			return map[string]any{"translations": list}
		},
	},
	{
		name: "azure", config: "type = 'http'\nprofile = 'azure'\nurl = 'URL/translate?api-version=3.0&textType=html&from={{.Source}}&to={{.Target}}'\nheaders = { Ocp-Apim-Subscription-Key = '${AZURE_TRANSLATOR_KEY}' }", path: "/translate",
		decode: func(t *testing.T, body []byte) []string {
			var r []struct{ Text string }
			if err := json.Unmarshal(body, &r); err != nil {
				t.Error(err)
			}
			var out []string
			for _, x := range r {
				out = append(out, x.Text)
			}
			return out
		},
		encode: func(texts []string) any {
			list := []any{}
			for _, s := range texts {
				list = append(list, map[string]any{"translations": []any{map[string]any{"to": "uk", "text": s}}})
			}
			return list
		},
	},
}

func completion(content, finish string) any {
	return map[string]any{
		"id": "c1", "object": "chat.completion", "created": 1, "model": "small",
		"choices": []any{map[string]any{"index": 0, "logprobs": nil, "finish_reason": finish, "message": map[string]any{"role": "assistant", "content": content, "refusal": nil}}},
		"usage":   map[string]any{"prompt_tokens": 20, "completion_tokens": 10, "total_tokens": 30},
	}
}

// field decodes a list of texts in a field of an object.
func field(name string) func(*testing.T, []byte) []string {
	return func(t *testing.T, body []byte) []string {
		var r map[string]json.RawMessage
		var out []string
		if err := json.Unmarshal(body, &r); err != nil {
			t.Error(err)
		} else if err := json.Unmarshal(r[name], &out); err != nil {
			t.Error(err)
		}
		return out
	}
}

// capitals is the translation: capital letters outside of tags and entities.
func capitals(s string) string {
	return markup.ReplaceAllStringFunc(s, func(m string) string {
		if m[0] == '<' || m[0] == '&' {
			return m
		}
		return strings.ToUpper(m)
	})
}

var markup = regexp.MustCompile(`<[^>]*>|&[#\w]+;|[^<&]+|.`)

// server answers in a wire format, and misbehaves on a script: fault is called
// with the number of the request from 1, and returns true when it has answered.
type server struct {
	*httptest.Server
	asked func() map[string]int
}

type fault func(w http.ResponseWriter, r *http.Request, n int, texts []string, encode func([]string) []byte) bool

func newServer(t *testing.T, f wire, start func(http.Handler) *httptest.Server, misbehave fault) *server {
	t.Helper()
	request, response := published(t, f)
	var mu sync.Mutex
	n := 0
	asked := map[string]int{}
	s := &server{asked: func() map[string]int { mu.Lock(); defer mu.Unlock(); return asked }}
	s.Server = start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if body, ok := f.other[r.URL.Path]; ok {
			io.WriteString(w, body)
			return
		}
		if r.URL.Path != f.path {
			t.Errorf("asked at %s", r.URL)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		for _, s := range request {
			validate(t, s, body)
		}
		texts := f.decode(t, body)
		mu.Lock()
		n++
		number := n
		for _, s := range texts {
			asked[s]++
		}
		mu.Unlock()
		encode := func(texts []string) []byte {
			data, err := json.Marshal(f.encode(texts))
			if err != nil {
				t.Error(err)
			}
			return data
		}
		if misbehave != nil && misbehave(w, r, number, texts, encode) {
			return
		}
		out := make([]string, len(texts))
		for i, s := range texts {
			out[i] = capitals(s)
		}
		data := encode(out)
		for _, s := range response {
			validate(t, s, data)
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Write(data)
	}))
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s
}

func schemaOf(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile(name)
}

func validate(t *testing.T, s *jsonschema.Schema, data []byte) {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err == nil {
		err = s.Validate(v)
	}
	if err != nil {
		t.Errorf("%s\ndoes not follow the published shape: %v", data, err)
	}
}

func chainFor(t *testing.T, f wire, url, more string) *hook.Chain {
	t.Helper()
	c, err := Build(parse(t, "[[hook]]\n"+strings.ReplaceAll(f.config, "URL", url)+"\n"+more), getenv, Options{InitialBackoff: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// TestConformance runs the suite of engines over each wire format.
func TestConformance(t *testing.T) {
	for _, f := range wires {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, f, httptest.NewServer, nil)
			hooktest.Test(t, hooktest.Pair{Source: "en", Target: "uk"}, func(t *testing.T) hook.Engine {
				configs := parse(t, "[[hook]]\n"+strings.ReplaceAll(f.config, "URL", s.URL))
				settings, errs := decode(configs[0])
				if len(errs) > 0 {
					t.Fatal(errs)
				}
				e, err := settings.make(configs[0], getenv)
				if err != nil {
					t.Fatal(err)
				}
				return e
			})
		})
	}
}

// TestFaults has each wire format misbehave. What is answered must be right, what is
// not must have an error without a key in it, and nothing may hang.
func TestFaults(t *testing.T) {
	first := func(f fault) fault {
		return func(w http.ResponseWriter, r *http.Request, n int, texts []string, encode func([]string) []byte) bool {
			return n == 1 && f(w, r, n, texts, encode)
		}
	}
	status := func(code int, header ...string) fault {
		return func(w http.ResponseWriter, r *http.Request, _ int, _ []string, _ func([]string) []byte) bool {
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(code)
			fmt.Fprintf(w, `{"message":"key %s is not welcome","n":"%s"}`, r.Header.Get("Authorization"), "\x1b[31m")
			return true
		}
	}
	body := func(s string) fault {
		return func(w http.ResponseWriter, _ *http.Request, _ int, _ []string, _ func([]string) []byte) bool {
			io.WriteString(w, s)
			return true
		}
	}
	change := func(alter func([]string) []string) fault {
		return func(w http.ResponseWriter, _ *http.Request, _ int, texts []string, encode func([]string) []byte) bool {
			var out []string
			for _, s := range texts {
				out = append(out, capitals(s))
			}
			w.Write(encode(alter(out)))
			return true
		}
	}
	several := func(alter func([]string) []string) fault { // of batches only: each text by itself is right
		f := change(alter)
		return func(w http.ResponseWriter, r *http.Request, n int, texts []string, encode func([]string) []byte) bool {
			return len(texts) > 1 && f(w, r, n, texts, encode)
		}
	}
	hijack := func(send string) fault {
		return func(w http.ResponseWriter, _ *http.Request, _ int, _ []string, _ func([]string) []byte) bool {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				io.WriteString(conn, send)
				conn.Close()
			}
			return true
		}
	}
	sleep := func(w http.ResponseWriter, r *http.Request, _ int, _ []string, _ func([]string) []byte) bool {
		select {
		case <-r.Context().Done():
		case <-time.After(3 * time.Second):
		}
		return true
	}
	stream := func(chunk []byte, times int, header ...string) fault {
		return func(w http.ResponseWriter, r *http.Request, _ int, _ []string, _ func([]string) []byte) bool {
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			for range times {
				if _, err := w.Write(chunk); err != nil || r.Context().Err() != nil {
					break
				}
			}
			return true
		}
	}
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for range 64 {
		z.Write(make([]byte, 1<<20))
	}
	z.Close()

	const all = 5
	faults := []struct {
		name     string
		do       fault
		answered int // of all; -1 for any
		requests int // most requests; 0 for any
	}{
		{"none", nil, all, 1},
		{"429 with Retry-After", first(status(429, "Retry-After", "0")), all, 2},
		{"429 without", first(status(429)), all, 2},
		{"500, then fine", first(status(500)), all, 2},
		{"slow", first(func(w http.ResponseWriter, _ *http.Request, _ int, texts []string, encode func([]string) []byte) bool {
			out := make([]string, len(texts))
			for i, s := range texts {
				out[i] = capitals(s)
			}
			for _, b := range bytes.SplitAfter(encode(out), []byte(",")) {
				w.Write(b)
				w.(http.Flusher).Flush()
				time.Sleep(2 * time.Millisecond)
			}
			return true
		}), all, 1},
		{"429 with a long Retry-After", status(429, "Retry-After", "86400"), 0, 1},
		{"403", status(403), 0, 1},
		{"402", status(402), 0, 1},
		{"one text twice", several(func(s []string) []string { return append(s, s[0]) }), all, 0},
		{"all texts empty", change(func(s []string) []string { return make([]string, len(s)) }), 0, 0},
		{"503 always", status(503), 0, 0},
		{"529, then fine", first(status(529)), all, 2},
		{"reset, then fine", first(hijack("")), all, 2},
		{"stalls in the middle of the body, then fine", first(hijack("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"tra")), all, 2},
		{"hangs once", first(sleep), all, 2},
		{"hangs always", sleep, 0, 2},
		{"401", status(401), 0, 1},
		{"HTML page", body("<html><body>Welcome</body></html>"), 0, 0},
		{"wrong JSON", body(`{"a":[`), 0, 0},
		{"another JSON", body(`{"a":[1]}`), 0, 0},
		{"nothing", body(""), 0, 0},
		{"another charset", body("\xd0\xcf\xff\xfe"), 0, 0},
		{"not HTTP", hijack("hello\r\n\r\n"), 0, 0},
		{"too few", several(func(s []string) []string { return s[1:] }), -1, 0},
		{"too many", several(func(s []string) []string { return append(s, "MORE") }), all, 0},
		{"one text empty", several(func(s []string) []string { s[0] = ""; return s }), all, 2},
		{"tags lost", several(func(s []string) []string {
			for i := range s {
				s[i] = regexp.MustCompile(`<[^>]*>`).ReplaceAllString(s[i], "")
			}
			return s
		}), all, 0},
		{"script injected", several(func(s []string) []string { s[2] += "<script>alert(1)</script>"; return s }), all, 0},
		{"endless stream", stream(bytes.Repeat([]byte(" "), 1<<16), 1<<20), 0, 0},
		{"100 MB", stream(bytes.Repeat([]byte("x"), 1<<20), 100), 0, 0},
		{"gzip bomb", stream(bomb.Bytes(), 1, "Content-Encoding", "gzip", "Content-Type", "application/json"), 0, 0},
		{"redirect to another host", status(307, "Location", "http://redirected.invalid/"), 0, 0},
		{"redirect to another scheme", status(308, "Location", "ftp://127.0.0.1/"), 0, 0},
		{"redirect that drops the question", status(302, "Location", "/elsewhere"), 0, 0},
	}
	for _, f := range wires {
		for _, tt := range faults {
			t.Run(f.name+"/"+tt.name, func(t *testing.T) {
				t.Parallel()
				var mu sync.Mutex
				requests := 0
				s := newServer(t, f, httptest.NewServer, func(w http.ResponseWriter, r *http.Request, n int, texts []string, encode func([]string) []byte) bool {
					mu.Lock()
					requests = n
					mu.Unlock()
					return tt.do != nil && tt.do(w, r, n, texts, encode)
				})
				c := chainFor(t, f, s.URL, "timeout = '700ms'\ndeadline = '2s'")
				answered := ask(t, c, all)
				if tt.answered >= 0 && answered != tt.answered {
					t.Errorf("%d of %d texts are answered, want %d", answered, all, tt.answered)
				}
				mu.Lock()
				defer mu.Unlock()
				if tt.requests > 0 && requests > tt.requests {
					t.Errorf("%d requests, want at most %d", requests, tt.requests)
				}
			})
		}
		t.Run(f.name+"/unknown certificate", func(t *testing.T) {
			t.Parallel()
			s := newServer(t, f, func(h http.Handler) *httptest.Server {
				s := httptest.NewUnstartedServer(h)
				s.Config.ErrorLog = nil
				s.StartTLS()
				return s
			}, nil)
			if got := ask(t, chainFor(t, f, s.URL, "timeout = '1s'"), all); got != 0 {
				t.Errorf("%d texts went to a server with an unknown certificate", got)
			}
		})
	}
}

// ask has a chain translate texts, and checks what is answered and what is said of
// the others.
func ask(t *testing.T, c *hook.Chain, n int) (answered int) {
	t.Helper()
	r := hook.Request{Source: "en", Target: "uk"}
	for i := range n {
		text := hooktest.Parse(fmt.Sprintf("one <1>house</1> of %d", i+100))
		if i%2 == 1 {
			text = bitext.Plain(fmt.Sprintf("plain & simple %d", i+100))
		}
		r.Items = append(r.Items, hook.Item{Text: text})
	}
	start := time.Now()
	answers, ds := c.Translate(t.Context(), r)
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %v", took)
	}
	for i, a := range answers {
		source := r.Items[i].Text
		if a.Err != nil {
			for _, secret := range []string{"hush", "HUSH", "\x1b"} {
				if strings.Contains(a.Err.Error(), secret) {
					t.Errorf("the error has %q in it: %v", secret, a.Err)
				}
			}
			continue
		}
		answered++
		if want := strings.ToUpper(source.Chars); a.Text.Chars != want {
			t.Errorf("%q is answered %q", source.Chars, a.Text.Chars)
		}
		if p := bitext.CompareCodes(source, a.Text); len(p) > 0 {
			t.Errorf("%q is answered with codes %v", source.Chars, p)
		}
	}
	if strings.Contains(fmt.Sprint(ds), "hush") {
		t.Errorf("a diagnostic has a key in it: %v", ds)
	}
	return answered
}
