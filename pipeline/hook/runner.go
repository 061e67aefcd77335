package hook

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/cenkalti/backoff/v5"
	"github.com/sony/gobreaker/v2"
	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"

	"hexapla/pipeline/bitext"
)

// runner is one engine with its limits. All calls of an engine in a Chain's life
// go through the same runner.
type runner struct {
	EngineConfig
	opt     Options
	caps    Capabilities
	turns   *turns
	limiter *rate.Limiter
	breaker *gobreaker.CircuitBreaker[[]string]

	version string // of the engine, if it is Versioned

	trace      func(context.Context, TraceEvent) // nil for none
	traceTexts bool
	accounts   Accounts // nil for none
	uncounted  uncounted
	pacer      Pacer // nil for this process alone
	now        func() time.Time

	mu      sync.Mutex
	usage   Usage
	spent   int   // code points sent
	failure error // the last one, for those who find the circuit open
	hung    bool  // the last call failed because attempts timed out
	stopped error // why the engine is not asked again in this run; nil while it is
}

func newRunner(c EngineConfig, opt Options) *runner {
	if c.Name == "" {
		c.Name = c.Engine.Name()
	}
	c.Timeout = orElse(c.Timeout, time.Minute)
	c.Deadline = orElse(c.Deadline, 2*time.Minute)
	c.Batch = orElse(c.Batch, 50)
	c.BatchChars = orElse(c.BatchChars, 5000)
	c.Concurrency = orElse(c.Concurrency, 1)
	r := &runner{EngineConfig: c, opt: opt, turns: newTurns(c.Concurrency)}
	if e, ok := c.Engine.(Capable); ok {
		r.caps = e.Capabilities()
	}
	if e, ok := c.Engine.(Versioned); ok {
		r.version = e.Version()
	}
	if r.caps.Markup == nil {
		r.caps.Markup = Tagged()
	}
	if n := r.caps.MaxTexts; n > 0 {
		r.Batch = min(r.Batch, n)
	}
	if n := r.caps.MaxChars; n > 0 {
		r.BatchChars = min(r.BatchChars, n)
	}
	limit := rate.Inf
	if c.Rate > 0 {
		limit = rate.Limit(c.Rate)
	}
	r.limiter = rate.NewLimiter(limit, 1)
	r.breaker = gobreaker.NewCircuitBreaker[[]string](gobreaker.Settings{
		Name:    c.Name,
		Timeout: opt.BreakerCooldown,
		// A service that does not answer costs the time limit of each attempt: one call
		// is enough to know.
		ReadyToTrip: func(n gobreaker.Counts) bool {
			return int(n.ConsecutiveFailures) >= opt.BreakerThreshold || n.ConsecutiveFailures > 0 && r.hangs()
		},
		IsSuccessful: func(err error) bool {
			partial, ok := errors.AsType[*Partial](err)
			return err == nil || ok && slices.Contains(partial.Errs, nil)
		},
		IsExcluded: func(err error) bool {
			// A batch that cannot be matched to its texts is asked text by text, which
			// shows whether the engine is of use.
			return errors.Is(err, ErrUnsupported) || errors.Is(err, ErrBudget) || errors.Is(err, context.Canceled) || errors.As(err, new(*batchError)) || isAboutTexts(err)
		},
	})
	return r
}

// isAboutTexts reports whether an error is that of the texts alone: the engine would
// translate others.
func isAboutTexts(err error) bool {
	if partial, ok := errors.AsType[*Partial](err); ok {
		return len(partial.Errs) > 0 && !slices.ContainsFunc(partial.Errs, func(err error) bool { return !isAboutTexts(err) })
	}
	return errors.Is(err, ErrRefused) || errors.Is(err, ErrTooLong)
}

// use adds to what the engine was used for.
func (r *runner) use(u Usage) {
	r.mu.Lock()
	r.usage = r.usage.Add(u)
	r.mu.Unlock()
}

// hangs reports whether the last call failed because its attempts timed out.
func (r *runner) hangs() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.hung
}

// batchError is an answer to several texts that cannot be matched to them.
type batchError struct{ error }

func (e *batchError) Unwrap() error { return e.error }

// timeoutError is an attempt that took longer than its limit.
type timeoutError struct{ error }

func (e *timeoutError) Unwrap() error { return e.error }

// orElse is v, or other where v is zero or less.
func orElse[T int | time.Duration](v, other T) T {
	if v <= 0 {
		return other
	}
	return v
}

// task is a text as run takes it: without its edges and protected.
type task struct {
	text    bitext.Text
	context Context
	pivot   func(ctx context.Context, locale string) *bitext.Text // the text in a pivot locale, nil if unknown; may be nil
	into    func(locale string) Context                           // the context for the way into a pivot locale; may be nil
	known   *bitext.Text                                          // the text in the pivot locale of the engine that is asked; may be nil
	accept  func(outcome)                                         // called with a translation as soon as there is one; may be nil
	other   func(texts, answers string) string                    // see Request.OtherLanguage; may be nil
}

// outcome is what run made of a task.
type outcome struct {
	text     bitext.Text
	engine   string
	version  string
	repaired error // what was wrong with the answer before it was repaired
	err      error
}

// run has the engine translate tasks: in batches first, then alone what a batch
// did not answer soundly. Each outcome depends on the engine's answers only, not
// on the order in which they come.
func (r *runner) run(ctx context.Context, source, target string, tasks []task) []outcome {
	outs := make([]outcome, len(tasks))
	texts := make([]string, len(tasks))
	all := make([]int, 0, len(tasks))
	for i, t := range tasks {
		outs[i].engine, outs[i].version = r.Name, r.version
		texts[i] = r.caps.Markup.Encode(t.text)
		if n := utf8.RuneCountInString(t.text.Chars); n < r.EngineConfig.MinChars || r.EngineConfig.MaxChars > 0 && n > r.EngineConfig.MaxChars {
			outs[i].err = ErrUnsupported // by the configuration
			continue
		}
		if n := utf8.RuneCountInString(texts[i]); r.caps.MaxChars > 0 && n > r.caps.MaxChars {
			outs[i].err = fmt.Errorf("%w: %d characters of at most %d", ErrTooLong, n, r.caps.MaxChars)
			continue
		}
		all = append(all, i)
	}
	first := make([]error, len(tasks)) // what was wrong with the batch's answer
	ask := func(batches [][]int, last bool) {
		var g errgroup.Group
		g.SetLimit(r.Concurrency)
		for _, batch := range batches {
			g.Go(func() error {
				job := Job{Source: source, Target: target}
				for _, i := range batch {
					job.Texts = append(job.Texts, texts[i])
					job.Context = append(job.Context, tasks[i].context)
				}
				accept := func(i int, answer string) bool {
					r.acceptAnswer(&outs[i], tasks[i].text, answer, last)
					if outs[i].err == nil {
						outs[i].err = languageError(tasks[i], tasks[i].text.Chars, outs[i].text.Chars)
					}
					if outs[i].err == nil && tasks[i].accept != nil {
						tasks[i].accept(outs[i])
					}
					return outs[i].err == nil
				}
				early := make([]bool, len(batch)) // accepted while others are waited for
				job.Answered = func(k int, answer string) {
					if !early[k] {
						early[k] = accept(batch[k], answer)
					}
				}
				answers, failure := r.call(ctx, job)
				partial, some := errors.AsType[*Partial](failure)
				elsewhere := misplaced(job.Texts, answers)
				wrong := r.otherLanguage(tasks, batch, answers, early)
				for k, i := range batch {
					err := failure
					if some {
						err = partial.Errs[k]
					}
					switch {
					case early[k] && (err == nil || !some):
						outs[i].err = nil
					case err == nil && elsewhere[k] && !early[k]:
						outs[i].err = fmt.Errorf("%w: it looks like the answer to another text", ErrAnswer)
					case err == nil && wrong != nil && !early[k]:
						outs[i].err = wrong
					case err == nil:
						accept(i, answers[k])
					case errors.Is(err, ErrUnsupported):
						r.refund(texts[i])
						fallthrough
					default:
						outs[i].err = err
					}
				}
				return nil
			})
		}
		_ = g.Wait() // no function above fails
	}
	ask(r.batches(r.reserveBudget(all, texts, outs), texts), false)

	var alone []int
	for i := range outs {
		if err := outs[i].err; errors.Is(err, ErrAnswer) || errors.Is(err, ErrCodes) || errors.Is(err, ErrEmpty) {
			alone = append(alone, i)
			first[i] = err
		}
	}
	var single [][]int
	for _, i := range r.reserveBudget(alone, texts, outs) {
		single = append(single, []int{i})
	}
	ask(single, true)
	for i, o := range outs {
		if o.err != nil && first[i] != nil && !errors.Is(o.err, first[i]) && o.err.Error() != first[i].Error() {
			outs[i].err = fmt.Errorf("%w (before that: %w)", o.err, first[i])
		}
	}
	return outs
}

// languageError returns the error of answers in another language, nil if they surely are
// not in one.
func languageError(t task, texts, answers string) error {
	if t.other == nil {
		return nil
	}
	if language := t.other(texts, answers); language != "" {
		return fmt.Errorf("%w: it answers in %s", ErrLanguage, language)
	}
	return nil
}

// otherLanguage returns languageError for the answers to a batch together: of many words
// the language is known better than of few.
func (r *runner) otherLanguage(tasks []task, batch []int, answers []string, early []bool) error {
	if len(batch) < 2 || len(answers) != len(batch) || slices.Contains(early, true) {
		return nil
	}
	var texts, translations strings.Builder
	for k, i := range batch {
		if t, err := r.caps.Markup.Decode(answers[k], tasks[i].text); err == nil && len(answers[k]) <= r.opt.MaxAnswerLen {
			texts.WriteString(tasks[i].text.Chars + "\n")
			translations.WriteString(t.Chars + "\n")
		}
	}
	return languageError(tasks[batch[0]], texts.String(), translations.String())
}

// acceptAnswer reads an answer into its outcome. The last time, it is repaired if it can
// be.
func (r *runner) acceptAnswer(o *outcome, source bitext.Text, answer string, last bool) {
	if len(answer) > r.opt.MaxAnswerLen {
		o.err = fmt.Errorf("%w: %d bytes long", ErrAnswer, len(answer))
		return
	}
	o.text, o.err = decode(r.caps.Markup, answer, source)
	if o.err == nil || !last {
		return
	}
	if text, ok := repair(source, o.text); ok && !text.IsBlank() {
		o.text, o.repaired, o.err = text, o.err, nil
	}
}

// reserveBudget takes the price of each text off the budget, in order, and refuses those it
// does not reach for.
func (r *runner) reserveBudget(tasks []int, texts []string, outs []outcome) []int {
	if r.Budget <= 0 {
		return tasks
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var can []int
	for _, i := range tasks {
		n := utf8.RuneCountInString(texts[i])
		if r.spent+n > r.Budget {
			outs[i].err = fmt.Errorf("%w: %d of %d characters used, %d more needed", ErrBudget, r.spent, r.Budget, n)
			continue
		}
		r.spent += n
		can = append(can, i)
	}
	return can
}

func (r *runner) refund(text string) {
	r.mu.Lock()
	r.spent -= utf8.RuneCountInString(text)
	r.mu.Unlock()
}

// batches cuts tasks into runs that keep the limits. A text longer than a
// batch goes alone.
func (r *runner) batches(tasks []int, texts []string) [][]int {
	var out [][]int
	chars := 0
	for _, i := range tasks {
		n := utf8.RuneCountInString(texts[i])
		if k := len(out) - 1; k >= 0 && len(out[k]) < r.Batch && chars+n <= r.BatchChars {
			out[k] = append(out[k], i)
			chars += n
			continue
		}
		out = append(out, []int{i})
		chars = n
	}
	return out
}

// call is one call of the engine, tried again while that may help, unless the
// engine is being left alone. It gives as many answers as there are texts, or an
// error.
func (r *runner) call(ctx context.Context, job Job) ([]string, error) {
	r.mu.Lock()
	stopped := r.stopped
	r.mu.Unlock()
	if stopped != nil {
		return nil, stopped
	}
	answers, err := r.breaker.Execute(func() ([]string, error) {
		answers, err := r.retry(ctx, job)
		if err != nil && !errors.Is(err, ErrUnsupported) && !errors.Is(err, ErrBudget) && ctx.Err() == nil {
			r.mu.Lock()
			r.failure = err
			r.hung = errors.As(err, new(*timeoutError))
			if errors.Is(err, ErrRejected) || errors.Is(err, ErrQuota) {
				r.stopped = err
			}
			r.mu.Unlock()
		}
		if err != nil && len(job.Texts) > 1 && errors.Is(err, ErrAnswer) && !errors.As(err, new(*Partial)) {
			err = &batchError{err}
		}
		return answers, err
	})
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		r.mu.Lock()
		defer r.mu.Unlock()
		return nil, fmt.Errorf("%w: %w", ErrCircuitOpen, r.failure)
	}
	return answers, err
}

// retry tries a call again while its failures may pass.
func (r *runner) retry(ctx context.Context, job Job) ([]string, error) {
	wait := backoff.NewExponentialBackOff()
	wait.InitialInterval = r.opt.InitialBackoff
	wait.MaxInterval = r.opt.MaxWait
	tries, timeouts := 0, 0
	left := r.Deadline
	answers, err := backoff.Retry(ctx, func() ([]string, error) {
		tries++
		answers, took, err := r.try(ctx, job, min(r.Timeout, left))
		left -= took
		if errors.As(err, new(*timeoutError)) {
			timeouts++
		}
		var temporary *Temporary
		switch {
		case err == nil:
			return answers, nil
		case timeouts > 1 || left <= 0:
			return answers, backoff.Permanent(err)
		case !errors.As(err, &temporary):
			return answers, backoff.Permanent(err)
		case temporary.RetryAfter > 0:
			return nil, &waitError{err, &backoff.RetryAfterError{Duration: temporary.RetryAfter}}
		}
		return nil, err
	}, backoff.WithBackOff(wait), backoff.WithMaxTries(uint(r.opt.MaxAttempts)), backoff.WithMaxElapsedTime(r.opt.MaxWait))
	if w, ok := errors.AsType[*waitError](err); ok {
		err = w.error
		if w.after.Duration > r.opt.MaxWait {
			err = fmt.Errorf("%w (asks to retry after %v, longer than the limit)", err, w.after.Duration)
		}
	}
	if p, ok := errors.AsType[*backoff.PermanentError](err); ok {
		err = p.Err // Retry leaves it on when the last try is the one that ends it
	}
	if err != nil && tries > 1 {
		err = fmt.Errorf("%w (after %d tries)", err, tries)
	}
	return answers, err
}

// waitError carries a service's Retry-After to the retry loop beside the
// failure.
type waitError struct {
	error
	after *backoff.RetryAfterError
}

func (w *waitError) Unwrap() []error { return []error{w.error, w.after} }

// try is one attempt within the limits of number and rate, and within a time limit.
// It returns how long the engine took.
func (r *runner) try(ctx context.Context, job Job, limit time.Duration) ([]string, time.Duration, error) {
	if err := r.turns.acquire(ctx); err != nil {
		return nil, 0, err
	}
	release := sync.OnceFunc(r.turns.release)
	defer release()
	if err := r.pace(ctx); err != nil {
		return nil, 0, err
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	used := Usage{}
	for _, t := range job.Texts {
		used.Chars += utf8.RuneCountInString(t)
	}
	correct, err := r.spend(ctx, job)
	if err != nil {
		return nil, 0, err
	}
	r.use(used)
	job.Report = func(u Usage) {
		r.use(u)
		r.mu.Lock()
		used = used.Add(u)
		r.mu.Unlock()
	}
	start := time.Now()
	answers, err := r.Engine.Translate(limited, job)
	took := time.Since(start)
	if r.Limit.IsZero() {
		release() // the next call need not wait until this one is counted and traced
	}
	r.mu.Lock()
	counted := used
	r.mu.Unlock()
	if !isBilled(err) {
		counted.Chars = 0
	}
	correct(counted)
	r.report(ctx, start, took, job, counted, answers, err)
	_, partial := errors.AsType[*Partial](err)
	switch {
	case partial && len(answers) == len(job.Texts):
		return answers, took, err // also when the context is done: what is answered counts
	case ctx.Err() != nil:
		return nil, took, context.Cause(ctx)
	case err != nil && !partial && limited.Err() != nil:
		late := fmt.Errorf("no answer within %v", limit)
		if err != context.DeadlineExceeded { // it has more details
			late = fmt.Errorf("%w: %v", late, err) // but not that the time of the caller is up
		}
		return nil, took, &Temporary{Err: &timeoutError{late}}
	case len(answers) != len(job.Texts) && (err == nil || partial):
		return nil, took, fmt.Errorf("%w: %d for %d texts", ErrAnswer, len(answers), len(job.Texts))
	}
	return answers, took, err
}
