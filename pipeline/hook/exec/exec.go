// Package exec is an engine that asks a program, over a protocol of JSON Lines
// on its standard input and output. A question is one line,
//
//	{"id":7,"source":"en","target":"uk","text":"Read <1>the report</1>.","terms":[…],"before":"…","after":"…"}
//
// and so is its answer, in any order:
//
//	{"id":7,"text":"Прочитайте <1>звіт</1>."}
//	{"id":7,"error":"busy","retry_after":2.5}
//	{"id":7,"unsupported":true}
//
// PROTOCOL.md in this folder is the whole of it, for those who write programs.
package exec

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/program"
)

// Options of an Engine. Once starts the program for each call and closes its
// input after the last question. MaxLine is the longest line of an answer in
// bytes, 0 for 4 MiB.
type Options struct {
	Command program.Command
	Once    bool
	MaxLine int
}

// Engine implements hook.Engine. It runs as many copies of the program as there
// are calls at once, and keeps them for the next calls.
type Engine struct {
	opt Options

	mu     sync.Mutex
	idle   []*session
	closed bool
	blanks bool // a copy was given up after lines that are no JSON: no other one is waited for as long

	lateBlank time.Duration // the constant of this name; shorter in tests
}

// New makes an Engine. The program is started when it is first asked.
func New(opt Options) *Engine {
	if opt.MaxLine <= 0 {
		opt.MaxLine = 4 << 20
	}
	return &Engine{opt: opt, lateBlank: lateBlank}
}

// Name is "exec".
func (e *Engine) Name() string { return "exec" }

// Close ends the programs that are running.
func (e *Engine) Close() error {
	e.mu.Lock()
	idle := e.idle
	e.idle, e.closed = nil, true
	e.mu.Unlock()
	var errs []error
	for _, s := range idle {
		errs = append(errs, s.stop())
	}
	return errors.Join(errs...)
}

// Translate implements hook.Engine.
func (e *Engine) Translate(ctx context.Context, job hook.Job) ([]string, error) {
	for {
		s, used, err := e.take()
		if err != nil {
			return nil, err
		}
		patience, known := e.patience()
		answers, sound, err := s.ask(ctx, job, e.opt.Once, patience, known)
		if s.silent {
			e.mu.Lock()
			e.blanks = true
			e.mu.Unlock()
		}
		switch {
		case err == nil && e.opt.Once:
			s.finish(ctx)
			return answers, nil
		case sound:
			e.put(s)
			return answers, err
		}
		s.kill()
		if _, gone := errors.AsType[goneError](err); used && gone {
			continue // it went wrong while nobody asked it: not this job's fault
		}
		return answers, err
	}
}

// take gives a session that is idle, or a new one.
func (e *Engine) take() (s *session, used bool, err error) {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return nil, false, errors.New("the engine is closed")
	}
	if n := len(e.idle); n > 0 {
		s = e.idle[n-1]
		e.idle = e.idle[:n-1]
		e.mu.Unlock()
		return s, true, nil
	}
	e.mu.Unlock()
	p, err := program.Start(e.opt.Command)
	if err != nil {
		return nil, false, err
	}
	s = &session{p: p, lines: make(chan []byte), done: make(chan struct{}), over: make(chan struct{})}
	go s.read(e.opt.MaxLine)
	return s, false, nil
}

// patience is how long to wait for answers when a program has written a line that is no
// JSON for each text that it has not answered. known reports whether a copy of it was given
// up for that.
func (e *Engine) patience() (d time.Duration, known bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.blanks {
		return min(lateAnswer, e.lateBlank), true
	}
	return e.lateBlank, false
}

func (e *Engine) put(s *session) {
	e.mu.Lock()
	closed := e.closed
	if !closed {
		e.idle = append(e.idle, s)
	}
	e.mu.Unlock()
	if closed {
		s.kill()
	}
}

// session is one running copy of the program.
type session struct {
	p     *program.Process
	last  int64         // the last id given
	lines chan []byte   // what it writes; closed at its end
	why   error         // why lines was closed, when not by an ordinary end
	done  chan struct{} // closed when nobody reads lines any more
	over  chan struct{} // closed when read has returned

	answers, blanks int  // answers and empty lines so far
	silent          bool // it was given up after lines that are no JSON
}

// goneError is what went wrong before a session gave its first answer to a job,
// so that it may have been of no use before it was asked.
type goneError struct{ error }

func (e goneError) Unwrap() error { return e.error }

// read passes the program's lines on until its output ends or s is done.
func (s *session) read(maxLine int) {
	defer close(s.over)
	defer close(s.lines)
	r := bufio.NewReaderSize(s.p.Stdout, 64<<10)
	for {
		line, err := readLine(r, maxLine)
		if err == nil || len(bytes.TrimSpace(line)) > 0 {
			select {
			case s.lines <- line:
			case <-s.done:
				return
			}
		}
		if err != nil {
			if err != io.EOF {
				s.why = err
			}
			return
		}
	}
}

// readLine reads up to and without the next line feed. The last line may lack
// it.
func readLine(r *bufio.Reader, limit int) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		if len(line)+len(part) > limit {
			return nil, fmt.Errorf("a line is longer than %d bytes", limit)
		}
		line = append(line, part...)
		if err != bufio.ErrBufferFull {
			return line, err
		}
	}
}

// kill ends the program without more ado.
func (s *session) kill() {
	s.p.Kill()
	close(s.done)
	<-s.over
	_ = s.p.Wait() // it was killed; how it ended says nothing
}

// stop ends the program as the protocol has it.
func (s *session) stop() error {
	close(s.done)
	return s.p.Stop()
}

// finish ends a program that runs once. All texts are answered: what it writes after
// that and how it exits does not make them wrong.
func (s *session) finish(ctx context.Context) {
	timer := time.NewTimer(lateExit)
	defer timer.Stop()
	for {
		select {
		case _, more := <-s.lines:
			if more {
				continue
			}
			close(s.done)
			_ = s.p.Wait() // see above
			return
		case <-timer.C:
		case <-ctx.Done():
		}
		s.kill()
		return
	}
}

// lateExit is how long a program that has answered everything may take to end.
const lateExit = 2 * time.Second

type question struct {
	ID     int64  `json:"id"`
	Source string `json:"source"`
	Target string `json:"target"`
	Text   string `json:"text"`
	Terms  []term `json:"terms,omitempty"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

type term struct {
	Source    string   `json:"source"`
	Targets   []string `json:"targets"`
	Forbidden []string `json:"forbidden,omitempty"`
}

type answer struct {
	ID          *int64   `json:"id"`
	Text        *string  `json:"text"`
	Error       string   `json:"error"`
	RetryAfter  *float64 `json:"retry_after"`
	Unsupported bool     `json:"unsupported"`
}

// ask puts the questions of one job and collects their answers. sound says that
// the program kept to the protocol and can be asked again, even with an error.
// A program that has written an empty line for each text without an answer is given up
// when it is silent for the patience, and four times as long as it ever was in this job.
// So is one that has answered nothing and written as many other lines that are no JSON as
// there are texts: these seem to be its answers, where there are minPlain of them or known
// says that it answers so. Fewer may be a banner.
func (s *session) ask(ctx context.Context, job hook.Job, last bool, patience time.Duration, known bool) (texts []string, sound bool, err error) {
	first := s.last + 1
	s.last += int64(len(job.Texts))
	lines, err := questions(job, first)
	if err != nil {
		return nil, false, err
	}
	// Written beside the reading: a program may answer before it has read all,
	// and stop reading until its answers are taken.
	written := make(chan struct{})
	go func() {
		defer close(written)
		if _, err := s.p.Stdin.Write(lines); err != nil || last {
			_ = s.p.Stdin.Close() // that it reads no more shows in what it answers
		}
	}()
	defer func() {
		if !sound {
			s.p.Kill() // unblocks the writer
		}
		<-written
	}()

	texts = make([]string, len(job.Texts))
	answered := make([]bool, len(job.Texts))
	refused := make([]error, len(texts))
	var broken error // the first line that is no answer
	lost, stray, blank, plain, n := 0, 0, 0, 0, 0
	pause, since := time.Duration(0), time.Now() // the longest time without a line, and the last line
	// What is sound counts, whatever else the program writes: a banner, a log line, an
	// answer twice. A line that begins as an answer does may have been one.
	for n < len(texts) && stray < maxStray {
		var line []byte
		var more bool
		var late <-chan time.Time // when a lost line may have been the last answer
		if lost > 0 && n+lost >= len(texts) {
			late = time.After(lateAnswer)
		} else if blank > 0 && n+lost+blank >= len(texts) && !s.spacedOut(stray) {
			late = time.After(max(patience, 4*pause))
		} else if n+lost+blank == 0 && plain == len(texts) && (plain >= minPlain || known) {
			late = time.After(max(patience, 4*pause))
		}
		select {
		case line, more = <-s.lines:
			pause, since = max(pause, time.Since(since)), time.Now()
		case <-late:
			if lost == 0 || n+lost < len(texts) {
				s.silent = true
			}
			if broken == nil {
				broken = errBlank
			}
			why := s.with(fmt.Errorf("%w: %w", hook.ErrAnswer, broken))
			if n == 0 {
				return nil, false, why
			}
			return texts, false, partial(answered, why)
		case <-ctx.Done():
			why := s.with(fmt.Errorf("%d of %d texts answered: %w", n, len(texts), context.Cause(ctx)))
			if broken != nil {
				why = fmt.Errorf("%w: %w: %v", hook.ErrAnswer, broken, why)
			}
			if n == 0 {
				return nil, false, why
			}
			return texts, false, partial(answered, fmt.Errorf("%w: %v", hook.ErrAnswer, why))
		}
		if !more {
			why := s.ended(n, len(texts))
			if broken != nil {
				why = fmt.Errorf("%w: %w; %v", hook.ErrAnswer, broken, why)
			}
			if n == 0 {
				return nil, false, why
			}
			return texts, false, partial(answered, why)
		}
		if len(bytes.TrimSpace(line)) == 0 {
			blank++
			s.blanks++
			continue
		}
		a, err := parse(line)
		if err != nil {
			if broken == nil {
				broken = err
			}
			if bytes.HasPrefix(bytes.TrimSpace(line), []byte("{")) {
				lost++
			} else {
				plain++
			}
			stray++
			continue
		}
		i := *a.ID - first
		switch {
		case i < 0:
			continue // late, for texts that were given up
		case i >= int64(len(texts)):
			if broken == nil {
				broken = fmt.Errorf("to id %d, which was not asked", *a.ID)
			}
			lost++
			stray++
			continue
		case answered[i]:
			if a.Text == nil || *a.Text != texts[i] {
				refused[i] = fmt.Errorf("%w: to id %d a second time, with another text", hook.ErrAnswer, *a.ID)
			}
			continue
		}
		answered[i] = true
		n++
		s.answers++
		if a.Text != nil {
			texts[i] = *a.Text
			if job.Answered != nil {
				job.Answered(int(i), *a.Text)
			}
			continue
		}
		refused[i] = a.refusal()
	}
	if n < len(texts) {
		why := s.with(fmt.Errorf("%w: %w", hook.ErrAnswer, broken))
		if n == 0 {
			return nil, false, why
		}
		return texts, false, partial(answered, why)
	}
	sound = !last && lost == 0
	failed := func(err error) bool { return err != nil }
	switch {
	case !slices.ContainsFunc(refused, failed):
		return texts, last || sound, nil
	case !slices.ContainsFunc(refused, func(err error) bool { return err == nil }):
		// All are refused: for one reason that is about all of them, if there is one.
		for _, err := range refused {
			if errors.Is(err, hook.ErrUnsupported) || errors.As(err, new(*hook.Temporary)) {
				return nil, sound, err
			}
		}
	}
	for i, err := range refused {
		if errors.As(err, new(*hook.Temporary)) {
			refused[i] = fmt.Errorf("%w: %v", hook.ErrAnswer, err) // asked for again by itself
		}
	}
	return texts, sound, &hook.Partial{Errs: refused}
}

// spacedOut reports whether the empty lines of a program seem to stand between what it
// writes: they follow each answer, or are part of a banner of stray lines.
func (s *session) spacedOut(stray int) bool {
	if s.answers == 0 {
		return stray > 0
	}
	return s.blanks >= s.answers
}

// errBlank is a program that answers with empty lines.
var errBlank = errors.New("an empty line in place of an answer")

// minPlain is the number of lines that are no JSON, one for each text, which are taken for
// answers and not for a banner.
const minPlain = 3

// lateBlank is the patience with a program that has written as many lines that are no JSON
// as there are texts: it may be loading.
const lateBlank = 5 * time.Second

// lateAnswer is how long to wait for an answer that may have been in a broken line.
const lateAnswer = time.Second

// maxStray is how many lines that are no answers are passed over.
const maxStray = 1000

// partial is the error for the texts that were not answered.
func partial(answered []bool, why error) error {
	errs := make([]error, len(answered))
	for i, ok := range answered {
		if !ok {
			errs[i] = why
		}
	}
	return &hook.Partial{Errs: errs}
}

// questions are the lines for one job.
func questions(job hook.Job, first int64) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for i, text := range job.Texts {
		q := question{ID: first + int64(i), Source: job.Source, Target: job.Target, Text: text}
		if i < len(job.Context) {
			c := job.Context[i]
			q.Before, q.After, q.Terms = c.Before, c.After, terms(c.Terms)
		}
		if err := enc.Encode(q); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

func terms(marks []bitext.TermMark) []term {
	var out []term
	for _, m := range marks {
		out = append(out, term{m.Source, m.Targets, m.Forbidden})
	}
	return out
}

// parse reads one line of the program's.
func parse(line []byte) (answer, error) {
	var a answer
	line = bytes.TrimPrefix(line, []byte("\ufeff"))
	if !utf8.Valid(line) {
		return a, fmt.Errorf("a line is not UTF-8: %s", excerpt(line))
	}
	if err := json.Unmarshal(line, &a); err != nil {
		return a, fmt.Errorf("a line is no answer: %s (%w)", excerpt(line), err)
	}
	switch {
	case a.ID == nil:
		return a, fmt.Errorf("an answer has no id: %s", excerpt(line))
	case a.Text == nil && a.Error == "" && !a.Unsupported && a.RetryAfter == nil:
		return a, fmt.Errorf("the answer to id %d has neither text nor error", *a.ID)
	case a.Text != nil && (a.Error != "" || a.Unsupported || a.RetryAfter != nil):
		return a, fmt.Errorf("the answer to id %d has both text and error", *a.ID)
	}
	return a, nil
}

// refusal is the error of an answer without a text.
func (a *answer) refusal() error {
	msg := a.Error
	if msg == "" {
		msg = "no reason given"
	}
	if len(msg) > 200 {
		msg = excerpt([]byte(msg))
	}
	err := fmt.Errorf("the program refuses: %s", msg)
	switch {
	case a.Unsupported:
		return hook.ErrUnsupported
	case a.RetryAfter != nil:
		seconds := min(max(*a.RetryAfter, 0), math.MaxInt32)
		return &hook.Temporary{Err: err, RetryAfter: time.Duration(seconds * float64(time.Second))}
	}
	return hook.Refused(err)
}

// ended is the error of a program whose output ended after n answers of many.
func (s *session) ended(n, many int) error {
	if s.why != nil {
		return s.with(fmt.Errorf("%w: %w", hook.ErrAnswer, s.why))
	}
	s.p.Kill() // it may have closed its output and gone on
	how := "closed its output"
	if err := s.p.Wait(); err != nil && !errors.Is(err, context.Canceled) { // so it is if it had ended well before Kill
		how = err.Error() // includes standard error
	}
	err := fmt.Errorf("%w: %d for %d texts, then the program ended (%s)", hook.ErrAnswer, n, many, how)
	if n == 0 {
		return goneError{err}
	}
	return err
}

// with adds the end of the standard error of the program.
func (s *session) with(err error) error {
	if stderr := s.p.StderrTail(); stderr != "" {
		return fmt.Errorf("%w; standard error: %s", err, stderr)
	}
	return err
}

// excerpt returns the beginning of a line, quoted for a message.
func excerpt(line []byte) string {
	line = bytes.TrimSpace(line)
	line = line[:min(len(line), 4096)]
	return fmt.Sprintf("%q", diag.Excerpt(string(bytes.ToValidUTF8(line, nil))))
}
