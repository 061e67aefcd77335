// Package web serves the review page: editors and translators work on a project side
// by side, in a browser.
//
// Pages are made on the server and work without JavaScript; app.js, our own, makes
// them faster to work with. Everything is in the program: pages ask no other server.
// What a person saves goes through the same decisions as an imported file
// (pipeline.Decide) into the memory, by name and time.
package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/netutil"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/workspace"
)

// Options are the settings of a server.
type Options struct {
	Folder    string            // the project's
	Workspace workspace.Options // how it is opened; memory and selection are the server's business
	Listen    string            // host and port
	URL       string            // the address that people use, if it is another one, as behind a proxy
	Author    string            // who works on the page if there are no users
	Language  string            // of the page for browsers whose languages it does not have

	UsersFile      string         // users and roles; "" for none
	ProxyHeader    string         // a header with the name of the user, set by a proxy
	TrustedProxies []netip.Prefix // whose header counts

	CertFile, KeyFile string // for TLS; "" for plain HTTP

	Poll time.Duration                    // how often the folder is looked at; 0 for a second
	Log  func(format string, args ...any) // may be nil
}

// Limits of requests and connections.
const (
	headerTime     = 10 * time.Second // to send the head of a request
	readTime       = time.Minute      // to send all of it
	writeTime      = time.Minute      // to read the answer
	keepAlive      = 2 * time.Minute
	maxHeader      = 64 << 10
	maxForm        = 1 << 20  // bytes of a form
	maxUpload      = 64 << 20 // bytes of an uploaded file
	maxConnections = 1024
)

// Server is the review page of one project.
type Server struct {
	options  Options
	listener net.Listener
	origin   *url.URL // where people reach it
	token    string   // lets one in if there are no users
	users    *Users   // nil without a file
	local    User     // who works here without users
	log      func(format string, args ...any)
	handler  http.Handler

	sessions     sessions
	loginLimit   limiter // by name and network
	networkLimit limiter // by network
	draftLimit   limiter // requests to engines, by user

	events      hub
	batches     batches
	views       views
	board       boardState
	saves       sync.Mutex // one save decides at a time: the second sees the first
	saveJournal atomic.Bool
	retired     sync.WaitGroup

	ctx context.Context // of Serve: ends what runs in the background

	mu      sync.RWMutex
	project *project
	problem error // why the project could not be opened again
}

// New opens the project and the address. A public address without users is refused:
// anybody in the network could change the project.
func New(ctx context.Context, o Options) (*Server, error) {
	if o.Poll <= 0 {
		o.Poll = time.Second
	}
	s := &Server{
		ctx: ctx, options: o, token: rand.Text(), log: o.Log,
		local:        User{Name: o.Author, Role: Editor},
		loginLimit:   limiter{byKey: nil, every: 20 * time.Second, burst: 5},
		networkLimit: limiter{every: 3 * time.Second, burst: 20},
		draftLimit:   limiter{every: 2 * time.Second, burst: 20},
	}
	for _, l := range []*limiter{&s.loginLimit, &s.networkLimit, &s.draftLimit} {
		l.init()
	}
	s.sessions.init()
	s.views.byKey = map[[2]string]*view{}
	s.board.init()
	if s.log == nil {
		s.log = func(string, ...any) {}
	}
	if o.UsersFile != "" {
		var err error
		if s.users, err = openUsers(o.UsersFile); err != nil {
			return nil, err
		}
	}
	if o.ProxyHeader != "" && (s.users == nil || len(o.TrustedProxies) == 0) {
		return nil, exit.Usagef("a proxy header needs a file of users, and the addresses of the proxies whose header counts")
	}
	host, _, err := net.SplitHostPort(o.Listen)
	if err != nil {
		return nil, exit.Usagef("address %q: must be HOST:PORT: %w", o.Listen, err)
	}
	if !isLoopback(host) && s.users == nil {
		return nil, exit.Usagef("%s can be reached by others: give a file of users with --users, or listen on 127.0.0.1", o.Listen)
	}
	if s.listener, err = net.Listen("tcp", o.Listen); err != nil {
		return nil, err
	}
	if err := s.setOrigin(host); err != nil {
		s.listener.Close()
		return nil, err
	}
	if s.project, err = openProject(ctx, o.Folder, o.Workspace); err != nil {
		s.listener.Close()
		return nil, err
	}
	s.handler = s.routes()
	return s, nil
}

func (s *Server) setOrigin(host string) error {
	_, port, err := net.SplitHostPort(s.listener.Addr().String())
	if err != nil {
		return err
	}
	s.sessions.name = sessionCookie + port
	if s.options.URL == "" {
		scheme := "http"
		if s.options.CertFile != "" {
			scheme = "https"
		}
		if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
			host = "localhost"
		}
		s.origin = &url.URL{Scheme: scheme, Host: net.JoinHostPort(host, port), Path: "/"}
		return nil
	}
	u, err := url.Parse(s.options.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.User != nil {
		return exit.Usagef("URL %q: must be http://HOST or https://HOST, without a path", s.options.URL)
	}
	s.origin = &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/"}
	return nil
}

// isLoopback reports whether only programs of this machine reach a host.
func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// Address returns the address to open, with the token that lets one in if there are no
// users.
func (s *Server) Address() string {
	u := *s.origin
	if s.users == nil {
		u.RawQuery = "token=" + s.token
	}
	return u.String()
}

// NoEngines returns why the engines of the project cannot be used, nil if they can or
// there are none.
func (s *Server) NoEngines() error { return s.project.noEngines }

// Serve answers requests until ctx ends, then lets those finish that run.
func (s *Server) Serve(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s.ctx = ctx
	var background sync.WaitGroup
	background.Go(func() { s.buildBoard(ctx, nil) })
	background.Go(func() { s.watch(ctx) })
	server := s.httpServer(ctx)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		<-ctx.Done()
		s.events.close()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if server.Shutdown(grace) != nil {
			server.Close()
		}
	}()
	listener := netutil.LimitListener(s.listener, maxConnections)
	var err error
	if s.options.CertFile != "" {
		err = server.ServeTLS(listener, s.options.CertFile, s.options.KeyFile)
	} else {
		err = server.Serve(listener)
	}
	cancel()
	<-stopped
	background.Wait()
	s.retired.Wait()
	s.project.retire()
	if cerr := <-s.project.closed; cerr != nil {
		err = errors.Join(err, cerr)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func (s *Server) httpServer(ctx context.Context) *http.Server {
	return &http.Server{
		Handler: s.handler, ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime, IdleTimeout: keepAlive, MaxHeaderBytes: maxHeader,
		ErrorLog: log.New(logWriter(s.log), "", 0), BaseContext: func(net.Listener) context.Context { return ctx },
	}
}

type logWriter func(format string, args ...any)

func (w logWriter) Write(p []byte) (int, error) {
	w("%s", strings.TrimSpace(string(p)))
	return len(p), nil
}

// hostAllowed reports whether a request names us in its Host header: a name that
// somebody else lets lead to this address (DNS rebinding) does not.
func (s *Server) hostAllowed(host string) bool {
	if strings.EqualFold(host, s.origin.Host) {
		return true
	}
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		name, port = host, map[string]string{"http": "80", "https": "443"}[s.origin.Scheme]
	}
	_, own, err := net.SplitHostPort(s.listener.Addr().String())
	if err != nil || port != own {
		return false
	}
	// By its address, the machine cannot be meant by another name.
	_, err = netip.ParseAddr(name)
	return name == "localhost" || err == nil
}

// secure wraps what every answer has: the headers, the limits, the check of the host
// and of the origin of requests that change something.
func (s *Server) secure(next http.Handler) http.Handler {
	origins := http.NewCrossOriginProtection()
	_ = origins.AddTrustedOrigin(s.origin.Scheme + "://" + s.origin.Host) // as a proxy may change the host
	origins.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "request from another site", http.StatusForbidden)
	}))
	checked := origins.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", pagePolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
		h.Set("Cache-Control", "no-store")
		if s.origin.Scheme == "https" {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if r.URL.Path != healthPath && !s.hostAllowed(r.Host) {
			http.Error(w, fmt.Sprintf("unknown host; open %s", s.origin), http.StatusMisdirectedRequest)
			return
		}
		limit := int64(maxForm)
		if r.URL.Path == "/files" || strings.HasPrefix(r.URL.Path, "/api/v1/files") {
			limit = maxUpload
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		checked.ServeHTTP(w, r)
	})
}

// pagePolicy lets pages use nothing but what this server has, no script in the page,
// and no frame around them.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'"

func (l *limiter) init() { l.byKey = newLimiters() }
func (s *sessions) init() {
	s.byID, s.byFiles, s.now = map[string]*session{}, map[string]*session{}, time.Now
}

// localPath returns a path of this site to go to after logging in; "/" for anything
// that leads elsewhere.
func localPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(next, "/") || len(next) > 1 && slices.Contains([]byte{'/', '\\'}, next[1]) || strings.ContainsAny(next, "\r\n\t\\") {
		return "/"
	}
	return next
}
