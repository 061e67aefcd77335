// Package deploytest starts object storage for tests: versitygw, a server with the
// protocol of Amazon S3 that keeps objects as files
// (https://github.com/versity/versitygw).
package deploytest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// The keys that servers accept.
const (
	AccessKey = "testkey"
	SecretKey = "testsecret"
)

// Bucket is the bucket that a server has.
const Bucket = "pages"

// ErrAbsent is the error of New where the server is not installed.
var ErrAbsent = errors.New("versitygw is not installed (go install github.com/versity/versitygw/cmd/versitygw@v1.8.0)")

// Server is a running server.
type Server struct {
	Address string // http://127.0.0.1:PORT
	Folder  string // the objects of Bucket, as files

	cmd *exec.Cmd
	log bytes.Buffer
}

// Start starts a server that ends with the test. Where it is not installed the test is
// skipped; with HEXAPLA_REQUIRE_ENGINES set it fails.
func Start(t testing.TB) *Server {
	t.Helper()
	s, err := New(t.TempDir())
	switch {
	case errors.Is(err, ErrAbsent) && os.Getenv("HEXAPLA_REQUIRE_ENGINES") == "":
		t.Skip(err)
	case err != nil:
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// New starts a server with its data in a folder.
func New(dir string) (*Server, error) {
	program, err := exec.LookPath("versitygw")
	if err != nil {
		return nil, ErrAbsent
	}
	// Another process may take the port in between: then the next one is tried.
	for range 5 {
		var s *Server
		if s, err = start(program, dir); err == nil {
			return s, nil
		}
	}
	return nil, err
}

func start(program, dir string) (*Server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		return nil, err
	}
	s := &Server{Address: "http://" + address, Folder: filepath.Join(dir, Bucket)}
	if err := os.MkdirAll(s.Folder, 0o777); err != nil {
		return nil, err
	}
	s.cmd = exec.Command(program, "--quiet", "--port", address, "--access", AccessKey, "--secret", SecretKey, "posix", dir)
	s.cmd.Stdout, s.cmd.Stderr = &s.log, &s.log
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	ended := make(chan error, 1)
	go func() { ended <- s.cmd.Wait() }()
	for range 600 {
		select {
		case err := <-ended:
			return nil, fmt.Errorf("versitygw: %w\n%s", err, s.log.String())
		case <-time.After(50 * time.Millisecond):
		}
		if c, err := net.Dial("tcp", address); err == nil {
			return s, c.Close()
		}
	}
	s.Close()
	return nil, errors.New("versitygw does not answer")
}

// Close ends the server.
func (s *Server) Close() { _ = s.cmd.Process.Kill() }
