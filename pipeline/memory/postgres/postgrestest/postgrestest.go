// Package postgrestest starts a private PostgreSQL server for tests: on a Unix socket
// in a temporary folder, as a user that is not root.
package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Server is a running server.
type Server struct {
	dir   string // of the socket, the data and the log
	bin   string // the folder of its programs
	conf  []string
	cmd   *exec.Cmd
	ended chan struct{} // closed when the process has ended
	next  atomic.Int64
}

// ErrAbsent is the error of New where PostgreSQL is not installed.
var ErrAbsent = errors.New("PostgreSQL 15 or later is not installed (Debian: postgresql)")

// Start starts a server that ends with the test. Where PostgreSQL is not installed the
// test is skipped; with HEXAPLA_REQUIRE_ENGINES set it fails. conf are lines of
// postgresql.conf.
func Start(t testing.TB, conf ...string) *Server {
	t.Helper()
	s, err := New(conf...)
	switch {
	case errors.Is(err, ErrAbsent) && os.Getenv("HEXAPLA_REQUIRE_ENGINES") == "":
		t.Skip(err)
	case err != nil:
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// Installed reports whether New can start a server.
func Installed() bool {
	_, err := programs()
	return err == nil
}

// programs returns the folder with the programs of the newest server.
func programs() (string, error) {
	all, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	best, newest := "", 0
	for _, name := range all {
		version := 0
		fmt.Sscan(strings.Split(name, "/")[4], &version)
		if version >= 15 && version > newest {
			best, newest = filepath.Dir(name), version
		}
	}
	if best != "" {
		return best, nil
	}
	if name, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(name), nil
	}
	return "", ErrAbsent
}

// New starts a server. conf are lines of postgresql.conf.
func New(conf ...string) (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	// The path of a socket is short: the folder is not below the test's own.
	dir, err := os.MkdirTemp("/tmp", "hexapla-pg-")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, bin: bin, conf: conf}
	if err := s.create(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Server) create() error {
	if err := own(s.dir); err != nil {
		return err
	}
	initdb := exec.Command(filepath.Join(s.bin, "initdb"), "-D", s.data(), "-U", "hexapla", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
	demote(initdb)
	initdb.Dir = s.dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	lines := append([]string{"listen_addresses = ''", "unix_socket_directories = '" + s.dir + "'", "fsync = off", "max_connections = 200", "shared_buffers = 128MB", "log_min_messages = warning"}, s.conf...)
	f, err := os.OpenFile(filepath.Join(s.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString("\n" + strings.Join(lines, "\n") + "\n")
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return s.run()
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// run starts the server's process and waits until it takes connections.
func (s *Server) run() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		if err := s.launch(); err != nil {
			return err
		}
		err := s.wait(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			text, _ := os.ReadFile(filepath.Join(s.dir, "log"))
			return fmt.Errorf("the server does not start: %w\n%s", err, text)
		}
		time.Sleep(100 * time.Millisecond) // processes of one that was killed may still be there
	}
}

// launch starts the server's process.
func (s *Server) launch() error {
	log, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(filepath.Join(s.bin, "postgres"), "-D", s.data())
	cmd.Stdout, cmd.Stderr, cmd.Dir = log, log, s.dir
	demote(cmd)
	if err := cmd.Start(); err != nil {
		return err
	}
	s.cmd, s.ended = cmd, make(chan struct{})
	go func(ended chan struct{}) {
		defer close(ended)
		_ = cmd.Wait()
	}(s.ended)
	return nil
}

// wait waits until the server takes connections. It fails if its process ends.
func (s *Server) wait(ctx context.Context) error {
	for {
		conn, err := pgx.Connect(ctx, s.URL("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-s.ended:
			return err
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// URL returns the address of a database.
func (s *Server) URL(database string) string { return s.URLThrough(database, s.dir) }

// URLThrough returns the address of a database by a socket in another folder, as of a
// Proxy.
func (s *Server) URLThrough(database, dir string) string {
	return "postgres://hexapla@/" + database + "?host=" + dir
}

// Socket returns the path of the server's socket.
func (s *Server) Socket() string { return filepath.Join(s.dir, ".s.PGSQL.5432") }

// CPU returns the seconds of processors that the server and its processes have used, 0
// where /proc does not have it.
func (s *Server) CPU() float64 {
	own := fmt.Sprint(s.cmd.Process.Pid)
	total := 0.0
	all, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range all {
		data, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended
		}
		_, rest, _ := strings.Cut(string(data), ") ")
		f := strings.Fields(rest) // from the third field of proc(5) on
		if len(f) < 15 || filepath.Base(filepath.Dir(name)) != own && f[1] != own {
			continue
		}
		for i, field := range f[11:15] { // utime, stime, and those of children that were waited for
			n, _ := strconv.ParseFloat(field, 64)
			if i < 2 || filepath.Base(filepath.Dir(name)) == own {
				total += n / 100 // in clock ticks, of which Linux has 100 a second
			}
		}
	}
	return total
}

// Database creates an empty database and returns its address.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	url, err := s.NewDatabase()
	if err != nil {
		t.Fatal(err)
	}
	return url
}

// NewDatabase creates an empty database and returns its address.
func (s *Server) NewDatabase() (string, error) {
	name := fmt.Sprint("test", s.next.Add(1))
	return s.URL(name), s.exec("postgres", "CREATE DATABASE "+name)
}

// Exec runs statements in a database.
func (s *Server) Exec(t testing.TB, database, statements string) {
	t.Helper()
	if err := s.exec(database, statements); err != nil {
		t.Fatal(err)
	}
}

func (s *Server) exec(database, statements string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.URL(database))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statements)
	return errors.Join(err, conn.Close(ctx))
}

// Restart stops the server at once, as a crash does if kill is set, and starts it again.
func (s *Server) Restart(kill bool) error {
	s.stop(kill)
	return s.run()
}

// Ended returns a channel that is closed when the server's process has ended.
func (s *Server) Ended() <-chan struct{} { return s.ended }

// Revive starts the server again if its process has ended, as the manager of a machine's
// services does.
func (s *Server) Revive() error {
	select {
	case <-s.ended:
		return s.run()
	default:
		return nil
	}
}

// MoveLog moves the write-ahead log of the server into an empty folder of another file
// system, which becomes the server's, and starts the server again.
func (s *Server) MoveLog(dir string) error {
	s.stop(false)
	if err := own(dir); err != nil {
		return err
	}
	from := filepath.Join(s.data(), "pg_wal")
	if out, err := exec.Command("cp", "-a", from+"/.", dir).CombinedOutput(); err != nil {
		return fmt.Errorf("cp: %w\n%s", err, out)
	}
	if err := errors.Join(os.RemoveAll(from), os.Symlink(dir, from)); err != nil {
		return err
	}
	return s.run()
}

// stop ends the server: its connections are cut.
func (s *Server) stop(kill bool) {
	if s.cmd == nil || s.cmd.Process == nil {
		return
	}
	_ = stopProcess(s.cmd.Process, kill)
	select {
	case <-s.ended:
	case <-time.After(30 * time.Second):
		_ = s.cmd.Process.Kill()
		<-s.ended
	}
	s.cmd = nil
}

// Close ends the server and removes its files.
func (s *Server) Close() {
	s.stop(true)
	_ = os.RemoveAll(s.dir)
}

// Proxy passes connections on to a server, and cuts them when it is told to.
type Proxy struct {
	Dir      string // of its socket, for Server.URLThrough
	listener net.Listener
	closed   chan struct{}
	blocked  atomic.Bool
	to       string
	gate     chan chan struct{}
}

// Proxy starts a proxy that ends with the test.
func (s *Server) Proxy(t testing.TB) *Proxy {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "hexapla-px-")
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{Dir: dir, listener: l, closed: make(chan struct{}), to: filepath.Join(s.dir, ".s.PGSQL.5432"), gate: make(chan chan struct{}, 1)}
	p.gate <- make(chan struct{})
	go p.serve()
	t.Cleanup(func() {
		l.Close()
		p.Cut()
		<-p.closed
		os.RemoveAll(dir)
	})
	return p
}

func (p *Proxy) serve() {
	defer close(p.closed)
	for {
		c, err := p.listener.Accept()
		if err != nil {
			return
		}
		if p.blocked.Load() {
			c.Close()
			continue
		}
		server, err := net.Dial("unix", p.to)
		if err != nil {
			c.Close()
			continue
		}
		cut := <-p.gate
		p.gate <- cut
		go func() {
			done := make(chan struct{}, 2)
			for _, ends := range [][2]net.Conn{{c, server}, {server, c}} {
				go func() {
					buffer := make([]byte, 32<<10)
					for {
						n, err := ends[0].Read(buffer)
						if n > 0 {
							if _, werr := ends[1].Write(buffer[:n]); werr != nil {
								break
							}
						}
						if err != nil {
							break
						}
					}
					done <- struct{}{}
				}()
			}
			select {
			case <-cut:
			case <-done:
			}
			c.Close()
			server.Close()
		}()
	}
}

// Cut cuts all connections.
func (p *Proxy) Cut() {
	cut := <-p.gate
	close(cut)
	p.gate <- make(chan struct{})
}

// Block cuts all connections, and refuses new ones until Block(false).
func (p *Proxy) Block(blocked bool) {
	p.blocked.Store(blocked)
	if blocked {
		p.Cut()
	}
}
