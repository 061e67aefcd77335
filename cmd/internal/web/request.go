package web

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/language"

	"hexapla/cmd/internal/console"
	"hexapla/locales"
)

// request is a request of a person who may use the page.
type request struct {
	*http.Request
	session *session // nil for a program that has a token
	user    User
	printer console.Printer
	project *project
}

// handler answers a request. What it returns is shown to the person.
type handler func(w http.ResponseWriter, r *request) error

// statusError is an answer that is not a page. Message is for the person, in the language
// of the page; detail is in English.
type statusError struct {
	code            int
	message, detail string
}

func newStatus(code int, message string) *statusError {
	return &statusError{code: code, message: message}
}

func (e *statusError) Error() string { return remark{e.message, e.detail}.String() }

// routes returns the handler of all addresses.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc(healthPath, s.showHealth) // by any method, so that nothing else is behind the address
	mux.HandleFunc("GET /static/{name}", serveStatic)
	mux.HandleFunc("GET /preview-file/{key}/{name...}", s.previewFile)
	mux.HandleFunc("GET /login", s.showLogin)
	mux.HandleFunc("POST /login", s.logIn)
	for pattern, h := range map[string]handler{
		"GET /{$}":                            s.showBoard,
		"GET /board":                          s.showBoardRows,
		"GET /a/{locale}/{article...}":        s.showArticle,
		"GET /rows/{locale}/{article...}":     s.showRows,
		"POST /save/{locale}/{article...}":    s.save,
		"POST /check/{locale}/{article...}":   s.check,
		"POST /draft/{locale}/{article...}":   s.draft,
		"POST /note/{locale}/{article...}":    s.note,
		"GET /approve/{locale}/{article...}":  s.showApprove,
		"POST /approve/{locale}/{article...}": s.approve,
		"POST /undo/{locale}/{article...}":    s.undo,
		"GET /preview/{locale}/{article...}":  s.preview,
		"GET /changes/{locale}/{article...}":  s.showChanges,
		"POST /changes/{locale}/{article...}": s.acceptChanges,
		"GET /messages":                       s.showMessages,
		"POST /messages":                      s.saveMessage,
		"GET /terms":                          s.showTerms,
		"POST /terms":                         s.saveTerm,
		"GET /memory":                         s.showMemory,
		"GET /files":                          s.showFiles,
		"POST /files":                         s.upload,
		"GET /download/{locale}":              s.download,
		"GET /keys":                           s.showKeys,
		"GET /settings":                       s.showSettings,
		"POST /settings":                      s.saveSettings,
		"POST /logout":                        s.logOut,
	} {
		mux.Handle(pattern, s.page(h))
	}
	mux.Handle("GET /events", s.page(func(w http.ResponseWriter, r *request) error {
		s.serveEvents(w, r)
		return nil
	}))
	s.apiRoutes(mux)
	mux.Handle("/", s.page(func(http.ResponseWriter, *request) error { return errNoArticle }))
	return s.secure(mux)
}

// page returns a handler that only people who may use the page get to.
func (s *Server) page(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		if s.users == nil && hr.Method == http.MethodGet && hr.URL.Query().Has("token") {
			s.enterByToken(w, hr)
			return
		}
		r, ok := s.authenticate(w, hr)
		if !ok {
			s.refuse(w, hr)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead && r.session != nil {
			if err := s.checkToken(r); err != nil {
				s.show(w, r, err)
				return
			}
		}
		r.project = s.acquire()
		defer r.project.release()
		if err := h(w, r); err != nil {
			s.show(w, r, err)
		}
	})
}

// authenticate finds who sent a request: by the name that a trusted proxy gives, by
// the token of a program, or by the session.
func (s *Server) authenticate(w http.ResponseWriter, hr *http.Request) (*request, bool) {
	r := &request{Request: hr, printer: console.Printer{Locale: s.languageOf(hr)}}
	if name := s.proxyUser(hr); name != "" {
		user, ok := s.users.Find(name)
		if !ok {
			return r, false
		}
		r.session = s.sessions.find(hr)
		if r.session == nil || r.session.user.Name != name {
			r.session = s.sessions.begin(user)
			s.setSession(w, r.session)
		}
		r.user = user
		return r, true
	}
	if token, ok := strings.CutPrefix(hr.Header.Get("Authorization"), "Bearer "); ok && s.users == nil {
		r.user = s.local
		return r, equalSecrets(token, s.token)
	}
	if r.session = s.sessions.find(hr); r.session == nil {
		return r, false
	}
	r.user = s.sessions.userOf(r.session)
	if s.users != nil {
		// What the file has now counts: a user may have been removed.
		user, ok := s.users.Find(r.user.Name)
		if !ok {
			s.sessions.end(r.session)
			return r, false
		}
		r.user = user
	}
	return r, true
}

// proxyUser returns the name that a trusted proxy gives the user; "" if the request is
// not from one.
func (s *Server) proxyUser(hr *http.Request) string {
	if s.options.ProxyHeader == "" {
		return ""
	}
	remote, err := netip.ParseAddrPort(hr.RemoteAddr)
	if err != nil {
		return ""
	}
	for _, p := range s.options.TrustedProxies {
		if p.Contains(remote.Addr().Unmap()) {
			if all := hr.Header.Values(s.options.ProxyHeader); len(all) == 1 {
				return all[0]
			}
			return ""
		}
	}
	return ""
}

func (s *Server) setSession(w http.ResponseWriter, x *session) {
	http.SetCookie(w, s.cookie(s.sessions.name, x.id, 0))
}

// cookie returns a cookie that no other site and no script gets.
func (s *Server) cookie(name, value string, age time.Duration) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: s.origin.Scheme == "https", MaxAge: int(age / time.Second)}
}

// enterByToken begins a session for one who has the printed address, and removes the
// token from the address.
func (s *Server) enterByToken(w http.ResponseWriter, hr *http.Request) {
	q := hr.URL.Query()
	if !equalSecrets(q.Get("token"), s.token) {
		if !s.networkLimit.allow(network(hr.RemoteAddr), time.Now()) {
			http.Error(w, http.StatusText(http.StatusTooManyRequests), http.StatusTooManyRequests)
			return
		}
		s.refuse(w, hr)
		return
	}
	s.setSession(w, s.sessions.begin(s.local))
	q.Del("token")
	to := url.URL{Path: hr.URL.Path, RawQuery: q.Encode()}
	http.Redirect(w, hr, localPath(to.String()), http.StatusSeeOther)
}

// refuse answers one who may not use the page.
func (s *Server) refuse(w http.ResponseWriter, hr *http.Request) {
	if strings.HasPrefix(hr.URL.Path, "/api/") || hr.Method != http.MethodGet || hr.URL.Path == "/events" {
		writeJSON(w, http.StatusUnauthorized, apiError{Error: console.Printer{Locale: s.languageOf(hr)}.Text("WebUnauthorized")})
		return
	}
	if s.users != nil {
		http.Redirect(w, hr, "/login?next="+url.QueryEscape(hr.URL.RequestURI()), http.StatusSeeOther)
		return
	}
	s.writeLogin(w, hr, http.StatusForbidden, "")
}

// checkToken checks that a form was made for this session.
func (s *Server) checkToken(r *request) error {
	token := r.Header.Get("X-CSRF-Token")
	if token == "" {
		if err := r.ParseForm(); err != nil {
			return r.bodyError(err)
		}
		if token = r.PostForm.Get("csrf"); token == "" && strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
			if err := r.ParseMultipartForm(maxForm); err != nil {
				return r.bodyError(err)
			}
			token = r.FormValue("csrf")
		}
	}
	if !equalSecrets(token, r.session.csrf) {
		return newStatus(http.StatusForbidden, r.printer.Text("WebExpired"))
	}
	return nil
}

// bodyError returns the error of a body that is too large or cannot be read.
func (r *request) bodyError(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return newStatus(http.StatusRequestEntityTooLarge, r.printer.Text("WebTooLarge"))
	}
	return &statusError{http.StatusBadRequest, r.printer.Text("WebBadRequest"), err.Error()}
}

// causeOf returns what is behind the sentinel of an error of an engine.
func causeOf(err error) string {
	_, cause, _ := strings.Cut(err.Error(), ": ")
	return cause
}

// forbidden returns the error of one whose role does not allow something.
func (r *request) forbidden() error {
	return newStatus(http.StatusForbidden, r.printer.Text("WebNotAllowed"))
}

// languages are those that the page has; see console.
var languages = []string{"en", "ru", "uk", "fa"}

var languageMatcher = sync.OnceValue(func() language.Matcher {
	var tags []language.Tag
	for _, l := range languages {
		tags = append(tags, language.Make(l))
	}
	return language.NewMatcher(tags)
})

// languageOf returns the language of the page: the one that was chosen, else one that
// the browser asks for, else that of the server.
func (s *Server) languageOf(hr *http.Request) string {
	if c, err := hr.Cookie(languageCookie); err == nil {
		for _, l := range languages {
			if c.Value == l {
				return l
			}
		}
	}
	accept := hr.Header.Get("Accept-Language")
	if len(accept) < 1000 {
		if tags, _, err := language.ParseAcceptLanguage(accept); err == nil && len(tags) > 0 {
			if _, i, confidence := languageMatcher().Match(tags...); confidence > language.No {
				return languages[i]
			}
		}
	}
	_, i, _ := languageMatcher().Match(language.Make(s.options.Language))
	return languages[i]
}

//go:embed templates/*.html static/*
var files embed.FS

var templates = sync.OnceValue(func() map[string]*template.Template {
	functions := template.FuncMap{
		"link": link, "dir": locales.Direction, "notes": newThreads, "edit": newEditItem,
	}
	base := template.Must(template.New("").Funcs(functions).Option("missingkey=error").ParseFS(files, "templates/layout.html", "templates/parts.html"))
	all := map[string]*template.Template{}
	names, _ := fs.Glob(files, "templates/*.html")
	for _, name := range names {
		t := template.Must(base.Clone())
		all[strings.TrimSuffix(path.Base(name), ".html")] = template.Must(t.ParseFS(files, name))
	}
	return all
})

// link returns the address of something about an article in a locale, such as
// "/a/ru/2026/first.md".
func link(kind, locale, article string) string {
	return (&url.URL{Path: "/" + kind + "/" + locale + "/" + article}).EscapedPath()
}

// page is what every page has. Body is that of its template.
type page struct {
	L        map[string]string
	Lang     string
	Dir      string
	Theme    string
	Title    string
	Here     string // the part of the site
	User     string
	Role     string
	Editor   bool
	CanLeave bool // there is somebody to log out
	CSRF     string
	Problem  string // of the project's files
	Notice   string // what was done
	Body     any
}

// themes are the values of the theme's cookie.
var themes = []string{"", "light", "dark"}

// theme returns the theme that was chosen; "" follows the system.
func theme(hr *http.Request) string {
	if c, err := hr.Cookie(themeCookie); err == nil {
		for _, t := range themes {
			if c.Value == t {
				return t
			}
		}
	}
	return ""
}

func (s *Server) newPage(r *request, here, title string, body any) page {
	p := page{
		L: labels(r.printer), Lang: r.printer.Locale, Dir: locales.Direction(r.printer.Locale), Theme: theme(r.Request), Title: title, Here: here,
		User: r.user.Name, Editor: r.user.May(Editor, ""), CanLeave: s.users != nil && s.options.ProxyHeader == "", Body: body,
	}
	if s.users != nil {
		p.Role = r.roleName(r.user.Role)
	}
	if r.session != nil {
		p.CSRF = r.session.csrf
	}
	s.mu.RLock()
	problem := s.problem
	s.mu.RUnlock()
	if problem != nil {
		p.Problem = problem.Error()
	}
	return p
}

func (r *request) roleName(role Role) string {
	switch role {
	case Translator:
		return r.printer.Text("WebRoleTranslator")
	case Reviewer:
		return r.printer.Text("WebRoleReviewer")
	}
	return r.printer.Text("WebRoleEditor")
}

// render writes a page. It is made whole before the first byte is sent, so that an
// error never leaves half of one.
func (s *Server) render(w http.ResponseWriter, code int, name string, p page) error {
	var b bytes.Buffer
	if err := templates()[name].ExecuteTemplate(&b, "layout", p); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(code)
	_, _ = w.Write(b.Bytes())
	return nil
}

// acceptsJSON reports whether a script of the page, or a program, sent the request.
func acceptsJSON(hr *http.Request) bool {
	return strings.HasPrefix(hr.URL.Path, "/api/") || strings.HasPrefix(hr.Header.Get("Accept"), "application/json")
}

// show shows an error. What only the operator can understand goes to the log.
func (s *Server) show(w http.ResponseWriter, r *request, err error) {
	var status *statusError
	switch {
	case errors.As(err, &status):
		s.fail(w, r, status.code, status)
	case errors.Is(err, errNoArticle):
		s.fail(w, r, http.StatusNotFound, newStatus(http.StatusNotFound, r.printer.Text("WebNotFound")))
	case r.Context().Err() != nil:
	default:
		s.log("%s %s: %v", r.Method, r.URL.Path, err)
		s.fail(w, r, http.StatusInternalServerError, &statusError{http.StatusInternalServerError, r.printer.Text("WebFailed"), err.Error()})
	}
}

func (s *Server) fail(w http.ResponseWriter, r *request, code int, err *statusError) {
	message := remark{err.message, err.detail}
	if acceptsJSON(r.Request) {
		writeJSON(w, code, apiError{Error: message.String()})
		return
	}
	title := r.printer.Text("WebErrorTitle", console.Args{"Code": locales.FormatNumber(r.printer.Locale, code)})
	if err := s.render(w, code, "error", s.newPage(r, "", title, message)); err != nil {
		s.log("%v", err)
		http.Error(w, message.String(), code)
	}
}

// writeJSON writes a value as JSON.
func writeJSON(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(code)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false) // the type of the answer says that it is no page
	_ = e.Encode(v)
}

// healthPath is the address of the health check. A load balancer asks without a password,
// and names the server by any host.
const healthPath = "/healthz"

// showHealth is 200 as long as the memory answers.
func (s *Server) showHealth(w http.ResponseWriter, hr *http.Request) {
	ctx, cancel := context.WithTimeout(hr.Context(), 5*time.Second)
	defer cancel()
	p := s.acquire()
	defer p.release()
	if _, err := p.Memory.Revision(ctx); err != nil {
		http.Error(w, "the memory does not answer", http.StatusServiceUnavailable)
		return
	}
	_, _ = io.WriteString(w, "ok\n")
}

// serveStatic serves the style sheet and the script.
func serveStatic(w http.ResponseWriter, hr *http.Request) {
	name := hr.PathValue("name")
	data, err := files.ReadFile("static/" + name)
	if err != nil {
		http.NotFound(w, hr)
		return
	}
	kind := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}[path.Ext(name)]
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("ETag", staticTag())
	http.ServeContent(w, hr, name, time.Time{}, bytes.NewReader(data))
}
