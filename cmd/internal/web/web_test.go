package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"hexapla/cmd/internal/workspace"
)

// site is a server of a project, and one browser's worth of cookies.
type site struct {
	*Server
	t      testing.TB
	folder string
	client *http.Client
	base   string
	csrf   string
	logged *logBuffer
}

type logBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *logBuffer) add(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	fmt.Fprintf(&b.text, format+"\n", args...)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// newsroom copies the sources of the sample newsroom.
func newsroom(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for _, part := range []string{"articles", "glossary", "memory"} {
		if err := os.CopyFS(filepath.Join(dir, part), os.DirFS(filepath.Join("../../../testdata/newsroom", part))); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile("../../../testdata/newsroom/hexapla.toml")
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "hexapla.toml"), string(data))
	return dir
}

func writeFile(t testing.TB, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// serveFolder serves a project until the test ends.
func serveFolder(t testing.TB, folder string, change func(*Options)) *site {
	t.Helper()
	logged := &logBuffer{}
	o := Options{Folder: folder, Listen: "127.0.0.1:0", Author: "Anna", Language: "en", Poll: 50 * time.Millisecond, Log: logged.add, Workspace: workspace.Options{Engines: true, Allow: true}}
	if change != nil {
		change(&o)
	}
	s, err := New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx) }()
	x := &site{Server: s, t: t, folder: folder, client: newClient(t), base: "http://" + s.listener.Addr().String(), logged: logged}
	t.Cleanup(func() {
		x.client.CloseIdleConnections()
		cancel()
		if err := <-done; err != nil {
			t.Errorf("serve: %v", err)
		}
		if t.Failed() {
			t.Logf("server: %s", logged)
		}
	})
	return x
}

func newClient(t testing.TB) *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, Timeout: patience}
}

// another returns the same server with the cookies of another browser.
func (s *site) another() *site {
	x := *s
	x.client, x.csrf = newClient(s.t), ""
	s.t.Cleanup(x.client.CloseIdleConnections)
	return &x
}

var csrfPattern = regexp.MustCompile(`<meta name="csrf" content="([^"]+)">`)

// enter opens the printed address.
func (s *site) enter() *site {
	s.t.Helper()
	page := s.get("/?token=" + s.token)
	m := csrfPattern.FindStringSubmatch(page)
	if m == nil {
		s.t.Fatalf("no page:\n%s", page)
	}
	s.csrf = m[1]
	return s
}

// do sends a request and returns status, body and header.
func (s *site) do(method, path string, form url.Values, header ...string) (int, string, http.Header) {
	s.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequest(method, s.base+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := s.client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.StatusCode, string(data), answer.Header
}

// get returns a page, which must be there.
func (s *site) get(path string) string {
	s.t.Helper()
	code, body, _ := s.do("GET", path, nil)
	if code != http.StatusOK {
		s.t.Fatalf("GET %s: %d\n%.2000s", path, code, body)
	}
	return body
}

// post sends a form of this session.
func (s *site) post(path string, values ...string) (int, string) {
	s.t.Helper()
	form := url.Values{"csrf": {s.csrf}}
	for i := 0; i+1 < len(values); i += 2 {
		form.Add(values[i], values[i+1])
	}
	code, body, _ := s.do("POST", path, form)
	return code, body
}

// waitBoard waits until all articles are on the board.
func (s *site) waitBoard() *site {
	s.t.Helper()
	eventually(s.t, "the board is ready", func() bool {
		s.board.mu.RLock()
		defer s.board.mu.RUnlock()
		return s.board.ready
	})
	return s
}

// patience is how long a condition is waited for: much longer than it takes on a machine
// that has other things to do.
const patience = 2 * time.Minute

// eventually waits until a condition is true.
func eventually(t testing.TB, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !condition(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

func contains(t *testing.T, page string, wanted ...string) {
	t.Helper()
	for _, w := range wanted {
		if !strings.Contains(page, w) {
			t.Errorf("the page does not have %q:\n%.6000s", w, page)
		}
	}
}
