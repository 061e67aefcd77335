// Package faulttest has a server for tests that speaks the wire format of each service
// that engines ask, and misbehaves on a script: all that a network, a proxy, a busy
// service and a hostile one do.
package faulttest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"
)

// Wire is the wire format of one service, from the side of the server.
type Wire struct {
	Name   string
	Config string // of a [[hook]] table; URL stands for the address of the server
	path   string // what the translations are asked at
	other  map[string]string
	plain  bool // texts have no HTML in them
	single bool // one text in each request
	decode func(body []byte) ([]string, error)
	encode func(texts []string) []byte
}

// Secret is the value of each of the variables that the configurations name.
const Secret = "hush-hush"

// Wires returns the wire formats, from English to Ukrainian.
func Wires() []Wire {
	return []Wire{
		{
			Name: "libretranslate", Config: "type = 'libretranslate'\nurl = 'URL'\nkey_env = 'LT_KEY'", path: "/translate",
			other:  map[string]string{"/languages": `[{"code":"en","targets":["en","uk"]}]`},
			decode: field("q"),
			encode: func(texts []string) []byte { return marshal(map[string]any{"translatedText": texts}) },
		},
		{
			Name: "apy", Config: "type = 'apy'\nurl = 'URL'", path: "/translateRaw", plain: true, single: true,
			other: map[string]string{"/listPairs": `{"responseData":[{"sourceLanguage":"eng","targetLanguage":"ukr"}],"responseDetails":null,"responseStatus":200}`},
			decode: func(body []byte) ([]string, error) {
				form, err := url.ParseQuery(string(body))
				if err == nil && (form.Get("langpair") != "eng|ukr" || form.Get("deformat") != "False") {
					err = fmt.Errorf("asked for %v", form)
				}
				return form["q"], err
			},
			encode: func(texts []string) []byte { return []byte(strings.Join(texts, "")) },
		},
		{
			Name: "deepl", Config: "type = 'deepl'\nurl = 'URL'\nkey_env = 'DEEPL_KEY'\nformality = 'prefer_more'\nmodel_type = 'quality_optimized'\nglossaries = { uk = 'g1' }", path: "/v2/translate",
			other:  map[string]string{"/v2/languages": `[{"language":"EN","name":"English","supports_formality":false},{"language":"UK","name":"Ukrainian","supports_formality":true}]`},
			decode: field("text"),
			encode: func(texts []string) []byte {
				list := []any{}
				for _, s := range texts {
					list = append(list, map[string]any{"detected_source_language": "EN", "text": s})
				}
				return marshal(map[string]any{"translations": list})
			},
		},
		{
			Name: "openai", Config: "type = 'openai'\nurl = 'URL/v1'\nkey_env = 'OPENAI_API_KEY'\nmodel = 'small'\ntemperature = 0.0\nseed = 1\nmax_tokens = 900", path: "/v1/chat/completions",
			decode: func(body []byte) ([]string, error) {
				var r struct{ Messages []struct{ Content string } }
				var q struct{ Texts []struct{ Text string } }
				if err := json.Unmarshal(body, &r); err != nil || len(r.Messages) != 2 {
					return nil, fmt.Errorf("%w: %s", err, body)
				}
				err := json.Unmarshal([]byte(r.Messages[1].Content), &q)
				var out []string
				for _, x := range q.Texts {
					out = append(out, x.Text)
				}
				return out, err
			},
			encode: func(texts []string) []byte {
				list := []any{}
				for i, s := range texts {
					list = append(list, map[string]any{"id": strconv.Itoa(i + 1), "text": s})
				}
				return marshal(completion(string(marshal(map[string]any{"translations": list})), "stop"))
			},
		},
		{
			Name: "google", Config: "type = 'http'\nprofile = 'google'\nurl = 'URL/v3/projects/p/locations/global:translateText'\nheaders = { Authorization = 'Bearer ${GOOGLE_TOKEN}' }", path: "/v3/projects/p/locations/global:translateText",
			decode: field("contents"),
			encode: func(texts []string) []byte {
				list := []any{}
				for _, s := range texts {
					list = append(list, map[string]any{"translatedText": s})
				}
				return marshal(map[string]any{"translations": list})
			},
		},
		{
			Name: "azure", Config: "type = 'http'\nprofile = 'azure'\nurl = 'URL/translate?api-version=3.0&textType=html&from={{.Source}}&to={{.Target}}'\nheaders = { Ocp-Apim-Subscription-Key = '${AZURE_TRANSLATOR_KEY}' }", path: "/translate",
			decode: func(body []byte) ([]string, error) {
				var r []struct{ Text string }
				err := json.Unmarshal(body, &r)
				var out []string
				for _, x := range r {
					out = append(out, x.Text)
				}
				return out, err
			},
			encode: func(texts []string) []byte {
				list := []any{}
				for _, s := range texts {
					list = append(list, map[string]any{"translations": []any{map[string]any{"to": "uk", "text": s}}})
				}
				return marshal(list)
			},
		},
	}
}

func completion(content, finish string) any {
	return map[string]any{
		"id": "c1", "object": "chat.completion", "created": 1, "model": "small",
		"choices": []any{map[string]any{"index": 0, "logprobs": nil, "finish_reason": finish, "message": map[string]any{"role": "assistant", "content": content, "refusal": nil}}},
		"usage":   map[string]any{"prompt_tokens": 20, "completion_tokens": 10, "total_tokens": 30},
	}
}

// field decodes a list of texts in a field of an object.
func field(name string) func([]byte) ([]string, error) {
	return func(body []byte) (out []string, err error) {
		var r map[string]json.RawMessage
		if err = json.Unmarshal(body, &r); err == nil {
			err = json.Unmarshal(r[name], &out)
		}
		return out, err
	}
}

func marshal(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps, lists and strings always marshal
	}
	return data
}

// Languages returns the answer to a request for the languages of the service, if path is
// that of one.
func (w Wire) Languages(path string) (answer string, ok bool) {
	answer, ok = w.other[path]
	return answer, ok
}

// Translation is what the server answers: capital letters outside of tags and entities.
func (w Wire) Translation(s string) string {
	m := markup
	if w.plain {
		m = blanks
	}
	return m.ReplaceAllStringFunc(s, func(m string) string {
		if m[0] == '<' || m[0] == '&' || m[0] == '[' {
			return m
		}
		return strings.ToUpper(m)
	})
}

var (
	markup  = regexp.MustCompile(`<[^>]*>|&[#\w]+;|[^<&]+|.`)
	blanks  = regexp.MustCompile(`\[\[[^\]]*\]\]|\[[^\]]*\]|[^\[]+|.`) // of Apertium's stream format
	numbers = regexp.MustCompile(`[0-9]+`)
	tags    = regexp.MustCompile(`<[^>]*>|\[\[[^\]]*\]\]`)
)

// Exchange is one request to the server.
type Exchange struct {
	W     http.ResponseWriter
	R     *http.Request
	N     int // the number of the request, from 1
	Texts []string
	Wire  Wire
}

// Translations returns the sound answers.
func (x Exchange) Translations() []string {
	out := make([]string, len(x.Texts))
	for i, s := range x.Texts {
		out[i] = x.Wire.Translation(s)
	}
	return out
}

// Fault is one kind of misbehaviour. Do answers a request and returns true, or leaves it
// to the server.
type Fault struct {
	Name     string
	Do       func(Exchange) bool
	Answered int  // of Texts texts that are asked for in one batch; -1 for any number
	Requests int  // most requests for them; 0 for any number
	TLS      bool // the server has an unknown certificate
	Refused  bool // the texts are refused for ever, and the engine is not said to have failed
	Batches  bool // only requests for several texts are answered wrong
	Whole    bool // it is seen by who knows languages, not by the engine
}

// Texts is how many texts Fault.Answered counts.
const Texts = 5

// Faults returns all faults.
func Faults() []Fault {
	first := func(do func(Exchange) bool) func(Exchange) bool {
		return func(x Exchange) bool { return x.N == 1 && do(x) }
	}
	after := func(n int, do func(Exchange) bool) func(Exchange) bool {
		return func(x Exchange) bool { return x.N > n && do(x) }
	}
	status := func(code int, header ...string) func(Exchange) bool {
		return func(x Exchange) bool {
			for i := 0; i+1 < len(header); i += 2 {
				x.W.Header().Set(header[i], header[i+1])
			}
			x.W.WriteHeader(code)
			fmt.Fprintf(x.W, `{"message":"key %s is not welcome","n":"%s"}`, x.R.Header.Get("Authorization"), "\x1b[31m")
			return true
		}
	}
	body := func(s string, header ...string) func(Exchange) bool {
		return func(x Exchange) bool {
			for i := 0; i+1 < len(header); i += 2 {
				x.W.Header().Set(header[i], header[i+1])
			}
			io.WriteString(x.W, s)
			return true
		}
	}
	change := func(alter func([]string) []string) func(Exchange) bool {
		return func(x Exchange) bool {
			x.W.Write(x.Wire.encode(alter(x.Translations())))
			return true
		}
	}
	several := func(alter func([]string) []string) func(Exchange) bool { // each text by itself is right
		do := change(alter)
		return func(x Exchange) bool { return len(x.Texts) > 1 && do(x) }
	}
	each := func(alter func(string) string) func([]string) []string {
		return func(s []string) []string {
			for i := range s {
				s[i] = alter(s[i])
			}
			return s
		}
	}
	hijack := func(send string) func(Exchange) bool {
		return func(x Exchange) bool {
			conn, _, err := x.W.(http.Hijacker).Hijack()
			if err == nil {
				io.WriteString(conn, send)
				conn.Close()
			}
			return true
		}
	}
	stall := func(send string) func(Exchange) bool {
		return func(x Exchange) bool {
			io.WriteString(x.W, send)
			x.W.(http.Flusher).Flush()
			select {
			case <-x.R.Context().Done():
			case <-time.After(5 * time.Second):
			}
			return true
		}
	}
	stream := func(chunk []byte, times int, header ...string) func(Exchange) bool {
		return func(x Exchange) bool {
			for i := 0; i+1 < len(header); i += 2 {
				x.W.Header().Set(header[i], header[i+1])
			}
			for range times {
				if _, err := x.W.Write(chunk); err != nil || x.R.Context().Err() != nil {
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

	const all = Texts
	return []Fault{
		{Name: "none", Answered: all, Requests: 1},
		{Name: "slow", Do: first(func(x Exchange) bool {
			for _, b := range bytes.SplitAfter(x.Wire.encode(x.Translations()), []byte(",")) {
				x.W.Write(b)
				x.W.(http.Flusher).Flush()
				time.Sleep(2 * time.Millisecond)
			}
			return true
		}), Answered: all, Requests: 1},
		{Name: "stalls in the middle of the body, then fine", Do: first(stall(`{"tra`)), Answered: all, Requests: 2},
		{Name: "stalls in the middle of the body", Do: stall(`{"tra`)},
		{Name: "reset, then fine", Do: first(hijack("")), Answered: all, Requests: 2},
		{Name: "reset", Do: hijack("")},
		{Name: "closed in the middle of the body, then fine", Do: first(hijack("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"tra")), Answered: all, Requests: 2},
		{Name: "429 with Retry-After, then fine", Do: first(status(429, "Retry-After", "0")), Answered: all, Requests: 2},
		{Name: "429 without Retry-After, then fine", Do: first(status(429)), Answered: all, Requests: 2},
		{Name: "429 with a long Retry-After", Do: status(429, "Retry-After", "86400"), Requests: 1},
		{Name: "500, then fine", Do: first(status(500)), Answered: all, Requests: 2},
		{Name: "529, then fine", Do: first(status(529)), Answered: all, Requests: 2},
		{Name: "408, then fine", Do: first(status(408)), Answered: all, Requests: 2},
		{Name: "425, then fine", Do: first(status(425)), Answered: all, Requests: 2},
		{Name: "502, then fine", Do: first(status(502)), Answered: all, Requests: 2},
		{Name: "504, then fine", Do: first(status(504)), Answered: all, Requests: 2},
		{Name: "503 with a date in Retry-After, then fine", Do: first(func(x Exchange) bool {
			return status(503, "Retry-After", time.Now().UTC().Format(http.TimeFormat))(x)
		}), Answered: all, Requests: 2},
		{Name: "503", Do: status(503)},
		{Name: "400 for a batch that is too large", Do: func(x Exchange) bool {
			if len(x.Texts) < 2 {
				return false
			}
			x.W.WriteHeader(400)
			io.WriteString(x.W, `{"error":{"code":400050,"message":"The request exceeds the text limit"}}`)
			return true
		}, Answered: all, Batches: true},
		{Name: "413 for several texts", Do: func(x Exchange) bool { return len(x.Texts) > 1 && status(413)(x) }, Answered: all, Batches: true},
		{Name: "401", Do: status(401), Requests: 1},
		{Name: "402", Do: status(402), Requests: 1},
		{Name: "403", Do: status(403), Requests: 1},
		{Name: "quota spent in the middle", Do: after(1, status(403)), Answered: -1},
		{Name: "wrong JSON, then fine", Do: first(body(`{"a":[`)), Answered: -1},
		{Name: "wrong JSON", Do: body(`{"a":[`)},
		{Name: "another JSON", Do: body(`{"a":[1]}`)},
		{Name: "nothing", Do: body("")},
		{Name: "HTML error page", Do: body("<html><body>Welcome</body></html>", "Content-Type", "text/html")},
		{Name: "HTML error page with 502", Do: func(x Exchange) bool {
			x.W.Header().Set("Content-Type", "text/html")
			x.W.WriteHeader(502)
			io.WriteString(x.W, "<html><body><h1>Bad Gateway</h1></body></html>")
			return true
		}},
		{Name: "too few", Do: several(func(s []string) []string { return s[1:] }), Answered: -1, Batches: true},
		{Name: "too many", Do: several(func(s []string) []string { return append(s, "MORE") }), Answered: all, Batches: true},
		{Name: "reordered", Do: several(func(s []string) []string { return append(s[1:], s[0]) }), Answered: all, Batches: true},
		{Name: "one text empty", Do: several(func(s []string) []string { s[0] = ""; return s }), Answered: all, Requests: 2, Batches: true},
		{Name: "null for one text", Do: func(x Exchange) bool {
			if len(x.Texts) < 2 {
				return false
			}
			s := x.Translations()
			s[1] = "GONE"
			data := bytes.Replace(x.Wire.encode(s), []byte(`\"GONE\"`), []byte("null"), 1)
			x.W.Write(bytes.Replace(data, []byte(`"GONE"`), []byte("null"), 1))
			return true
		}, Answered: all, Requests: 2, Batches: true},
		{Name: "all texts empty", Do: change(func(s []string) []string { return make([]string, len(s)) })},
		{Name: "one text twice", Do: several(func(s []string) []string { return append(s, s[0]) }), Answered: all, Batches: true},
		{Name: "tags lost in batches", Do: several(each(func(s string) string { return tags.ReplaceAllString(s, "") })), Answered: all, Batches: true},
		{Name: "tags lost", Do: change(each(func(s string) string { return tags.ReplaceAllString(s, "") })), Answered: -1, Refused: true},
		{Name: "script injected in a batch", Do: several(func(s []string) []string { s[2] += "<script>alert(1)</script>"; return s }), Answered: all, Batches: true},
		{Name: "script injected", Do: change(each(func(s string) string { return s + "<script>alert(1)</script>" }))},
		{Name: "another language", Do: change(each(func(s string) string {
			return "Les habitants de la ville ont dit que le maire n’est pas venu " + numbers.FindString(s) + "."
		})), Whole: true},
		{Name: "100 MB", Do: stream(bytes.Repeat([]byte("x"), 1<<20), 100)},
		{Name: "gzip bomb", Do: stream(bomb.Bytes(), 1, "Content-Encoding", "gzip", "Content-Type", "application/json")},
		{Name: "endless stream", Do: stream(bytes.Repeat([]byte(" "), 1<<16), 1<<20)},
		{Name: "another charset", Do: body("\xd0\xcf\xff\xfe")},
		{Name: "byte order mark", Do: func(x Exchange) bool {
			x.W.Write(append([]byte("\ufeff"), x.Wire.encode(x.Translations())...))
			return true
		}, Answered: all, Requests: 1},
		{Name: "UTF-16", Do: func(x Exchange) bool {
			x.W.Header().Set("Content-Type", "application/json; charset=utf-16")
			out := []byte{0xff, 0xfe}
			for _, u := range utf16.Encode([]rune(string(x.Wire.encode(x.Translations())))) {
				out = append(out, byte(u), byte(u>>8))
			}
			x.W.Write(out)
			return true
		}},
		{Name: "chunks that are none, then fine", Do: first(hijack("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{")), Answered: all, Requests: 2},
		{Name: "gzip that is none, then fine", Do: first(body("{}", "Content-Encoding", "gzip")), Answered: all, Requests: 2},
		{Name: "early hints", Do: func(x Exchange) bool {
			x.W.WriteHeader(http.StatusEarlyHints)
			return false
		}, Answered: all, Requests: 1},
		{Name: "another protocol", Do: hijack("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")},
		{Name: "not HTTP, then fine", Do: first(hijack("hello\r\n\r\n")), Answered: all, Requests: 2},
		{Name: "not HTTP", Do: hijack("hello\r\n\r\n")},
		{Name: "redirect to another host", Do: status(307, "Location", "http://redirected.invalid/")},
		{Name: "redirect in circles", Do: func(x Exchange) bool {
			http.Redirect(x.W, x.R, x.R.URL.String(), http.StatusTemporaryRedirect)
			return true
		}},
		{Name: "redirect to another scheme", Do: status(308, "Location", "ftp://127.0.0.1/")},
		{Name: "redirect that drops the question", Do: status(302, "Location", "/elsewhere")},
		{Name: "unknown certificate", TLS: true},
		{Name: "hangs once", Do: first(stallHeader), Answered: all, Requests: 2},
		{Name: "hangs", Do: stallHeader, Requests: 2},
	}
}

// stallHeader does not answer.
func stallHeader(x Exchange) bool {
	select {
	case <-x.R.Context().Done():
	case <-time.After(5 * time.Second):
	}
	return true
}

// Server is a server that misbehaves until Heal is called.
type Server struct {
	*httptest.Server
	mu       sync.Mutex
	wire     Wire
	do       func(Exchange) bool
	requests int
	asked    map[string]int
}

// NewServer starts a server, which is closed at the end of the test. check, if it is not
// nil, is called with the body of each request and of each sound answer.
func NewServer(t testing.TB, w Wire, f Fault, check func(request bool, body []byte)) *Server {
	s := &Server{wire: w, do: f.Do, asked: map[string]int{}}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if answer, ok := w.Languages(r.URL.Path); ok {
			io.WriteString(rw, answer)
			return
		}
		if r.URL.Path != w.path {
			t.Errorf("asked at %s", r.URL)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		if check != nil {
			check(true, body)
		}
		texts, err := w.decode(body)
		if err != nil {
			t.Error(err)
		}
		s.mu.Lock()
		s.requests++
		x := Exchange{rw, r, s.requests, texts, w}
		do := s.do
		for _, text := range texts {
			s.asked[text]++
		}
		s.mu.Unlock()
		if do != nil && do(x) {
			return
		}
		data := w.encode(x.Translations())
		if check != nil {
			check(false, data)
		}
		rw.Header().Set("Content-Type", "application/json; charset=utf-8")
		rw.Write(data)
	}))
	if f.TLS {
		s.Config.ErrorLog = log.New(io.Discard, "", 0) // of handshakes that clients refuse
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s
}

// Heal has the server behave from now on, and forgets what it was asked.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.do, s.requests, s.asked = nil, 0, map[string]int{}
}

// Requests returns how many requests came, without those for languages.
func (s *Server) Requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// Asked returns how often each text was asked for, as the service sees it.
func (s *Server) Asked() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]int{}
	for text, n := range s.asked {
		out[text] = n
	}
	return out
}

// Single reports whether the service takes one text at a time: answers to batches
// cannot be wrong there.
func (w Wire) Single() bool { return w.single }
