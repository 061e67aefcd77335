package web

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hexapla/cmd/internal/exit"
)

// usersIn writes a file of users: olena translates Ukrainian, rita reviews it, and ed is
// an editor. The password of each is NAME-password.
func usersIn(t testing.TB) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "users.toml")
	for _, u := range []User{{Name: "olena", Role: Translator, Locales: []string{"uk"}}, {Name: "rita", Role: Reviewer, Locales: []string{"uk"}}, {Name: "ed", Role: Editor}} {
		if err := AddUser(name, u, u.Name+"-password"); err != nil {
			t.Fatal(err)
		}
	}
	return name
}

func (s *site) logInAs(name string) *site {
	s.t.Helper()
	code, page, _ := s.do("POST", "/login", url.Values{"name": {name}, "password": {name + "-password"}})
	m := csrfPattern.FindStringSubmatch(page)
	if code != http.StatusOK || m == nil {
		s.t.Fatalf("log-in of %s: %d\n%.1000s", name, code, page)
	}
	s.csrf = m[1]
	return s
}

func TestUsersFile(t *testing.T) {
	name := usersIn(t)
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("rights %v, %v", info.Mode(), err)
	}
	data, err := os.ReadFile(name)
	if err != nil || strings.Contains(string(data), "password\"") || strings.Contains(string(data), "ed-password") || !strings.Contains(string(data), "$argon2id$") {
		t.Fatalf("%s, %v", data, err)
	}
	u, err := openUsers(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, password string
		want           bool
	}{{"olena", "olena-password", true}, {"olena", "rita-password", false}, {"nobody", "olena-password", false}, {"", "", false}, {"olena", strings.Repeat("x", 5000), false}} {
		if _, ok := u.Check(tt.name, tt.password); ok != tt.want {
			t.Errorf("%q with %.20q: %v", tt.name, tt.password, ok)
		}
	}
	if err := AddUser(name, User{Name: "olena", Role: Editor}, "another password"); err != nil {
		t.Fatal(err)
	}
	if user, ok := u.Check("olena", "another password"); !ok || user.Role != Editor {
		t.Errorf("a changed file is not read again: %+v", user)
	}
	for text, want := range map[string]string{
		"[[user]]\nname = \"a\"\nrole = \"boss\"\n":                                          "role",
		"[[user]]\nname = \" \"\nrole = \"editor\"\n":                                        "name",
		"[[user]]\nname = \"a\"\nrole = \"editor\"\npassword = \"secret\"\n":                 "argon2id",
		"[[user]]\nname = \"a\"\nrole = \"editor\"\nlocales = [\"not a tag\"]\n":             "locales",
		"[[user]]\nname = \"a\"\nrole = \"editor\"\n[[user]]\nname = \"a\"\nrole=\"editor\"": "twice",
		"[[user]]\nname = \"a\"\nrole = \"editor\"\npasword = \"x\"\n":                       "unknown key",
		"user = 1": "users.toml",
		"":         "no user",
	} {
		bad := filepath.Join(t.TempDir(), "users.toml")
		writeFile(t, bad, text)
		if _, err := openUsers(bad); err == nil || !strings.Contains(err.Error(), want) || !errors.As(err, new(exit.UsageError)) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if err := AddUser(name, User{Name: "x", Role: Editor}, "short"); err == nil {
		t.Error("a short password is accepted")
	}
}

func TestRoles(t *testing.T) {
	u := User{Role: Reviewer, Locales: []string{"uk"}}
	for _, tt := range []struct {
		role   Role
		locale string
		want   bool
	}{{Translator, "uk", true}, {Reviewer, "uk", true}, {Editor, "uk", false}, {Translator, "ru", false}, {Translator, "", false}} {
		if u.May(tt.role, tt.locale) != tt.want {
			t.Errorf("%s in %q: want %v", tt.role, tt.locale, tt.want)
		}
	}
}

// TestPublicAddress: without users, nothing but this machine is listened to.
func TestPublicAddress(t *testing.T) {
	dir := newsroom(t)
	for _, listen := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "example.org:80", "nonsense", "127.0.0.1"} {
		if _, err := New(t.Context(), Options{Folder: dir, Listen: listen}); !errors.As(err, new(exit.UsageError)) {
			t.Errorf("%s: %v", listen, err)
		}
	}
	for _, o := range []Options{{ProxyHeader: "X-User"}, {URL: "ftp://x"}, {URL: "https://x/path"}, {URL: "//x"}} {
		o.Folder, o.Listen = dir, "127.0.0.1:0"
		if _, err := New(t.Context(), o); !errors.As(err, new(exit.UsageError)) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	s := serveFolder(t, dir, func(o *Options) { o.Listen, o.UsersFile = "0.0.0.0:0", usersIn(t) })
	if strings.Contains(s.Address(), "token") {
		t.Errorf("a server with users prints a token: %s", s.Address())
	}
}

func TestToken(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil)
	if code, page, _ := s.do("GET", "/", nil); code != http.StatusForbidden || strings.Contains(page, "river-pact") {
		t.Errorf("without a token: %d", code)
	}
	if code, _, _ := s.do("GET", "/?token=wrong", nil); code != http.StatusForbidden {
		t.Errorf("with a wrong token: %d", code)
	}
	for _, path := range []string{"/api/v1/board", "/events"} {
		if code, _, _ := s.do("GET", path, nil); code != http.StatusUnauthorized {
			t.Errorf("%s without a token: %d", path, code)
		}
	}
	s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	code, _, header := s.do("GET", "/?token="+s.token+"&locale=ru", nil)
	if code != http.StatusSeeOther || header.Get("Location") != "/?locale=ru" {
		t.Errorf("%d to %q: the token must leave the address", code, header.Get("Location"))
	}
	cookie := header.Get("Set-Cookie")
	for _, want := range []string{"HttpOnly", "SameSite=Strict", "Path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("cookie %q without %s", cookie, want)
		}
	}
	if code, _, _ := s.do("GET", "/", nil); code != http.StatusOK {
		t.Errorf("with the session: %d", code)
	}
	if code, _, _ := s.another().do("GET", "/api/v1/board", nil, "Authorization", "Bearer "+s.token); code != http.StatusOK {
		t.Errorf("a program with the token: %d", code)
	}
	if code, _, _ := s.another().do("GET", "/api/v1/board", nil, "Authorization", "Bearer x"); code != http.StatusUnauthorized {
		t.Errorf("a program with a wrong token: %d", code)
	}
}

func TestLogIn(t *testing.T) {
	s := serveFolder(t, newsroom(t), func(o *Options) { o.UsersFile = usersIn(t) })
	if page := s.get("/a/uk/articles/2026/river-pact.html"); !strings.Contains(page, `name="password"`) || strings.Contains(page, "segments") {
		t.Error("a page is shown to one who did not log in")
	}
	s.logInAs("olena")
	contains(t, s.get("/a/uk/articles/2026/river-pact.html"), "olena", `class="segments"`)
	if code, _ := s.post("/logout"); code != http.StatusOK {
		t.Error(code)
	}
	contains(t, s.get("/"), `name="password"`)
	// A user who is removed from the file has no session any more.
	b := s.another().logInAs("rita")
	if err := os.WriteFile(s.options.UsersFile, []byte("[[user]]\nname = \"ed\"\nrole = \"editor\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	contains(t, b.get("/"), `name="password"`)
}

// TestSessionFixation: an id that somebody planted in a browser is not used, neither
// before nor after the log-in.
func TestSessionFixation(t *testing.T) {
	s := serveFolder(t, newsroom(t), func(o *Options) { o.UsersFile = usersIn(t) })
	base, err := url.Parse(s.base)
	if err != nil {
		t.Fatal(err)
	}
	s.client.Jar.SetCookies(base, []*http.Cookie{{Name: s.sessions.name, Value: "planted", Path: "/"}})
	s.logInAs("olena")
	id := s.client.Jar.Cookies(base)[0].Value
	if id == "planted" || len(id) < 20 {
		t.Errorf("session %q", id)
	}
	s.logInAs("rita")
	if again := s.client.Jar.Cookies(base)[0].Value; again == id {
		t.Error("a second log-in has the same session")
	}
	if s.sessions.byID[id] != nil {
		t.Error("the session before the log-in is still there")
	}
}

func TestLogInLimit(t *testing.T) {
	s := serveFolder(t, newsroom(t), func(o *Options) { o.UsersFile = usersIn(t) })
	s.loginLimit.every = time.Hour // a busy machine may need long for eight guesses
	last := 0
	for range 8 {
		last, _, _ = s.do("POST", "/login", url.Values{"name": {"olena"}, "password": {"guess"}})
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the eighth guess: %d", last)
	}
	if code, page, _ := s.do("POST", "/login", url.Values{"name": {"olena"}, "password": {"olena-password"}}); code != http.StatusTooManyRequests || strings.Contains(page, "segments") {
		t.Errorf("the right password after too many guesses: %d", code)
	}
	if strings.Contains(s.logged.String(), "guess") {
		t.Error("a password is in the log")
	}
}

func TestLimiterIsBounded(t *testing.T) {
	l := limiter{every: time.Hour, burst: 1}
	l.init()
	now := time.Now()
	for i := range maxLimiters + 100 {
		l.allow(fmt.Sprint(i), now)
	}
	if len(l.byKey) > maxLimiters {
		t.Errorf("%d keys", len(l.byKey))
	}
	if !l.allow("later", now.Add(2*time.Hour)) {
		t.Error("keys that had a rest are not forgotten")
	}
}

func TestLocalPath(t *testing.T) {
	for next, want := range map[string]string{
		"/a/ru/x.md?unit=p": "/a/ru/x.md?unit=p", "": "/", "//evil.example": "/", "/\\evil.example": "/", "https://evil.example": "/", "javascript:alert(1)": "/", "/\t/evil": "/", "a": "/",
	} {
		if got := localPath(next); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
}

func TestProxy(t *testing.T) {
	users := usersIn(t)
	for _, tt := range []struct {
		trusted string
		header  []string
		want    int
	}{
		{"127.0.0.0/8", []string{"X-Remote-User", "rita"}, http.StatusOK},
		{"127.0.0.0/8", []string{"X-Remote-User", "nobody"}, http.StatusUnauthorized},
		{"127.0.0.0/8", nil, http.StatusUnauthorized},
		{"10.0.0.0/8", []string{"X-Remote-User", "rita"}, http.StatusUnauthorized},
	} {
		s := serveFolder(t, newsroom(t), func(o *Options) {
			o.UsersFile, o.ProxyHeader, o.TrustedProxies = users, "X-Remote-User", []netip.Prefix{netip.MustParsePrefix(tt.trusted)}
		})
		if code, _, _ := s.do("GET", "/api/v1/board", nil, tt.header...); code != tt.want {
			t.Errorf("trusted %s, header %v: %d, want %d", tt.trusted, tt.header, code, tt.want)
		}
	}
}

func TestHost(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).enter()
	_, port, _ := net.SplitHostPort(s.listener.Addr().String())
	for host, want := range map[string]int{
		"127.0.0.1:" + port: 200, "localhost:" + port: 200, "[::1]:" + port: 200,
		"evil.example:" + port: 421, "127.0.0.1:1": 421, "127.0.0.1.evil.example:" + port: 421, "localhost.:" + port: 421, "": 400,
	} {
		r, err := http.NewRequest("GET", s.base+"/login", nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Host = host; host == "" {
			continue
		}
		answer, err := s.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("host %q: %d, want %d", host, answer.StatusCode, want)
		}
	}
}

// TestForgedRequests: what changes something needs the token of its own page, and comes
// from this site.
func TestForgedRequests(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).enter()
	form := url.Values{"name": {"Mallory"}, "csrf": {s.csrf}}
	for _, tt := range []struct {
		name   string
		form   url.Values
		header []string
		want   int
	}{
		{"own form", form, nil, 200},
		{"no token", url.Values{"name": {"Mallory"}}, nil, 403},
		{"token of another session", url.Values{"name": {"Mallory"}, "csrf": {"AAAA"}}, nil, 403},
		{"another site, by Sec-Fetch-Site", form, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"a sibling site", form, []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"another site, by Origin", form, []string{"Origin", "https://evil.example"}, 403},
		{"a sandboxed frame", form, []string{"Origin", "null"}, 403},
		{"token in the header", url.Values{"name": {"Anna"}}, []string{"X-CSRF-Token", s.csrf}, 200},
	} {
		if code, _, _ := s.do("POST", "/settings", tt.form, tt.header...); code != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, code, tt.want)
		}
	}
}

func TestLargeBodies(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).enter()
	code, body := s.post("/save/uk/articles/2026/river-pact.html", "text", strings.Repeat("x", maxForm+1))
	if code != http.StatusRequestEntityTooLarge {
		t.Errorf("a large form: %d %.200s", code, body)
	}
	r, err := http.NewRequest("GET", s.base+"/login", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Large", strings.Repeat("x", 2*maxHeader))
	answer, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("a large header: %d", answer.StatusCode)
	}
}

// TestSlowClient: a client that does not send its head in time is cut off.
func TestSlowClient(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil)
	server := s.httpServer(t.Context())
	if server.ReadHeaderTimeout <= 0 || server.ReadTimeout <= 0 || server.WriteTimeout <= 0 || server.IdleTimeout <= 0 {
		t.Fatalf("%+v", server)
	}
	server.ReadHeaderTimeout = 50 * time.Millisecond
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(l)
	defer server.Close()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: "); err != nil {
		t.Fatal(err)
	}
	if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(c); err != nil {
		t.Errorf("the connection stays open: %v", err)
	}
}

func TestTooManyStreams(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).enter()
	var open []io.Closer
	defer func() {
		for _, c := range open {
			c.Close()
		}
	}()
	last := 0
	for range maxStreams + 1 {
		answer, err := s.client.Get(s.base + "/events")
		if err != nil {
			t.Fatal(err)
		}
		open, last = append(open, answer.Body), answer.StatusCode
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("stream %d: %d", maxStreams+1, last)
	}
}

func TestHeaders(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).enter()
	var files string
	for _, x := range s.sessions.byID {
		files = s.base + "/preview-file/" + x.files + "/"
	}
	preview := previewPolicy(files)
	for path, policy := range map[string]string{"/": pagePolicy, "/a/uk/articles/2026/river-pact.html": pagePolicy, "/preview/uk/articles/2026/river-pact.html": preview, "/static/app.js": pagePolicy, "/nowhere": pagePolicy} {
		_, _, h := s.do("GET", path, nil)
		if h.Get("Content-Security-Policy") != policy || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Frame-Options") == "" || h.Get("Referrer-Policy") == "" {
			t.Errorf("%s: %v", path, h)
		}
	}
	if strings.Contains(pagePolicy, "unsafe") || !strings.HasPrefix(preview, "sandbox;") || strings.Contains(preview, "script-src") {
		t.Error("the policies are too weak")
	}
}

// TestPaths: no address leads out of the articles of the project.
func TestPaths(t *testing.T) {
	dir := newsroom(t)
	writeFile(t, filepath.Join(dir, "secret.html"), "<p>secret</p>")
	s := serveFolder(t, dir, nil).enter()
	for _, path := range []string{
		"/a/uk/secret.html", "/a/uk/../secret.html", "/a/uk/articles/../secret.html", "/a/uk/articles/%2e%2e/secret.html", "/a/uk/articles%2f..%2fsecret.html", "/a/uk/%2fetc/passwd", "/a/uk//etc/passwd",
		"/preview/uk/secret.html", "/preview/uk/..%2f..%2fetc%2fpasswd", "/a/../hexapla.toml", "/static/..%2fserver.go", "/static/%2e%2e/server.go", "/a/xx/articles/2026/river-pact.html", "/a/en/articles/2026/river-pact.html",
		"/download/uk?format=xliff&article=secret.html", "/download/uk?format=../x", "/rows/uk/secret.html",
	} {
		code, body, _ := s.do("GET", path, nil)
		if code < 400 || strings.Contains(body, ">secret<") {
			t.Errorf("%s: %d", path, code)
		}
	}
}

// TestStreamLasts: an event stream outlives the time in which a request must be sent.
func TestStreamLasts(t *testing.T) {
	s := serveFolder(t, newsroom(t), nil).enter()
	server := s.httpServer(t.Context())
	server.ReadTimeout, server.WriteTimeout = 2*time.Second, 2*time.Second // long enough for a busy machine
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(l)
	defer server.Close()
	base, err := url.Parse(s.base)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequest("GET", "http://"+l.Addr().String()+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = base.Host
	for _, c := range s.client.Jar.Cookies(base) {
		r.AddCookie(c)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	time.Sleep(2500 * time.Millisecond)
	s.events.send(event{Type: "board"})
	var got string
	for buf := make([]byte, 100); !strings.Contains(got, `"board"`); {
		n, err := answer.Body.Read(buf)
		if got += string(buf[:n]); err != nil {
			t.Fatalf("%q, %v", got, err)
		}
	}
}
