// Package program runs other programs for engines: without a shell, with an
// environment of a few inherited variables, in a process group of their own that
// is ended as a whole, and with a bounded memory of what they wrote to standard error.
package program

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
	"unicode"

	"hexapla/pipeline/hook"
)

// Command is a program to run. Args begins with its name or path. Env are
// variables beside the inherited ones, which are PATH, HOME, the locale, the time
// zone, the folder for temporary files and what Windows cannot do without: no
// key of another engine is among them.
type Command struct {
	Args    []string
	Env     map[string]string
	Secrets []string // values that are not repeated from standard error
}

// maxStderr is how much of the end of standard error is kept.
const maxStderr = 4 << 10

// grace is how long a program has to close its pipes once it has been killed.
const grace = 5 * time.Second

var inherited = []string{
	"PATH", "HOME", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "TMP", "TEMP",
	"SystemRoot", "SYSTEMROOT", "USERPROFILE", "COMSPEC", "PATHEXT",
}

func (c Command) cmd(ctx context.Context) (*exec.Cmd, *tail, error) {
	if len(c.Args) == 0 || c.Args[0] == "" {
		return nil, nil, errors.New("no program named")
	}
	cmd := exec.CommandContext(ctx, c.Args[0], c.Args[1:]...)
	cmd.Env = []string{}
	for _, name := range inherited {
		if v, ok := os.LookupEnv(name); ok {
			cmd.Env = append(cmd.Env, name+"="+v)
		}
	}
	for name, v := range c.Env {
		cmd.Env = append(cmd.Env, name+"="+v)
	}
	group(cmd)
	cmd.WaitDelay = grace
	stderr := &tail{redact: hook.NewRedactor(c.Secrets...)}
	cmd.Stderr = stderr
	return cmd, stderr, nil
}

// Run gives input to a program and returns what it wrote, at most maxOutput
// bytes of it; more is an error. stderr is the end of what it wrote to standard error, on
// one line: a program may fail in part and still end with success. When ctx is done
// the program and all that it started are killed.
func Run(ctx context.Context, c Command, input []byte, maxOutput int) (output []byte, stderr string, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd, last, err := c.cmd(ctx)
	if err != nil {
		return nil, "", err
	}
	out := &bounded{max: maxOutput, stop: cancel}
	cmd.Stdin = bytes.NewReader(input)
	cmd.Stdout = out
	err = cmd.Run()
	switch {
	case out.over:
		err = fmt.Errorf("%s wrote more than %d bytes", c.Args[0], maxOutput)
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	case err != nil:
		err = ended(c.Args[0], err, last)
	}
	if err != nil {
		return nil, last.String(), err
	}
	return out.buf.Bytes(), last.String(), nil
}

// Process is a running program.
type Process struct {
	Stdin  io.WriteCloser
	Stdout io.Reader

	name   string
	cmd    *exec.Cmd
	stderr *tail
	kill   context.CancelFunc
	once   sync.Once
	err    error
}

// Start starts a program that goes on until Stop or Kill.
func Start(c Command) (*Process, error) {
	ctx, cancel := context.WithCancel(context.Background())
	cmd, stderr, err := c.cmd(ctx)
	if err != nil {
		cancel()
		return nil, err
	}
	p := &Process{name: c.Args[0], cmd: cmd, stderr: stderr, kill: cancel}
	if p.Stdin, err = cmd.StdinPipe(); err == nil {
		p.Stdout, err = cmd.StdoutPipe()
	}
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		cancel()
		return nil, ended(p.name, err, stderr)
	}
	return p, nil
}

// Kill ends the program and all that it started, at once.
func (p *Process) Kill() { p.kill() }

// Stop closes the program's input, gives it a moment to end by itself, and
// kills it if it does not.
func (p *Process) Stop() error {
	_ = p.Stdin.Close() // a program that has gone needs no goodbye
	timer := time.AfterFunc(grace, p.kill)
	defer timer.Stop()
	return p.Wait()
}

// Wait waits until the program has ended and says how, nil for success. Nothing
// may be reading Stdout any more.
func (p *Process) Wait() error {
	p.once.Do(func() {
		if err := p.cmd.Wait(); err != nil {
			p.err = ended(p.name, err, p.stderr)
		}
		p.kill()
	})
	return p.err
}

// StderrTail is the end of what the program wrote to standard error, on one line.
func (p *Process) StderrTail() string { return p.stderr.String() }

// ended says how a program ended, with its last words.
func ended(name string, err error, stderr *tail) error {
	if s := stderr.String(); s != "" {
		return fmt.Errorf("%s: %w; stderr: %s", name, err, s)
	}
	if errors.Is(err, exec.ErrNotFound) {
		return err // names the program itself
	}
	return fmt.Errorf("%s: %w", name, err)
}

// tail keeps the last bytes written to it.
type tail struct {
	mu     sync.Mutex
	buf    []byte
	cut    bool
	redact hook.Redactor
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, p...)
	if over := len(t.buf) - maxStderr; over > 0 {
		t.buf, t.cut = append(t.buf[:0], t.buf[over:]...), true
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := strings.Join(strings.FieldsFunc(t.redact.Redact(strings.ToValidUTF8(string(t.buf), "?")), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
	if t.cut {
		s = "…" + s
	}
	return s
}

// bounded collects output up to a limit and stops the program beyond it.
type bounded struct {
	buf  bytes.Buffer
	max  int
	over bool
	stop context.CancelFunc
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.buf.Len()+len(p) > b.max {
		b.over = true
		b.stop()
		return 0, io.ErrShortWrite
	}
	return b.buf.Write(p)
}
