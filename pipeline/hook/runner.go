package hook

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
	opt       Options
	caps      Capabilities
	semaphore chan struct{}
	limiter   *rate.Limiter
	breaker   *gobreaker.CircuitBreaker[[]string]

	mu      sync.Mutex
	spent   int   // code points sent
	failure error // the last one, for those who find the engine paused
}

func newRunner(c EngineConfig, opt Options) *runner {
	if c.Name == "" {
		c.Name = c.Engine.Name()
	}
	c.Timeout = orElse(c.Timeout, time.Minute)
	c.Batch = orElse(c.Batch, 50)
	c.BatchChars = orElse(c.BatchChars, 5000)
	c.Concurrency = orElse(c.Concurrency, 1)
	r := &runner{EngineConfig: c, opt: opt, semaphore: make(chan struct{}, c.Concurrency)}
	if e, ok := c.Engine.(Capable); ok {
		r.caps = e.Capabilities()
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
		Name:        c.Name,
		Timeout:     opt.BreakerCooldown,
		ReadyToTrip: func(n gobreaker.Counts) bool { return int(n.ConsecutiveFailures) >= opt.BreakerThreshold },
		IsSuccessful: func(err error) bool {
			partial, ok := errors.AsType[*Partial](err)
			return err == nil || ok && slices.Contains(partial.Errs, nil)
		},
		IsExcluded: func(err error) bool {
			return errors.Is(err, ErrUnsupported) || errors.Is(err, context.Canceled)
		},
	})
	return r
}

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
}

// outcome is what run made of a task.
type outcome struct {
	text     bitext.Text
	engine   string
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
		outs[i].engine = r.Name
		texts[i] = r.caps.Markup.Encode(t.text)
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
				answers, failure := r.call(ctx, job)
				partial, some := errors.AsType[*Partial](failure)
				for k, i := range batch {
					err := failure
					if some {
						err = partial.Errs[k]
					}
					switch {
					case err == nil:
						r.acceptAnswer(&outs[i], tasks[i].text, answers[k], last)
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
	answers, err := r.breaker.Execute(func() ([]string, error) {
		answers, err := r.retry(ctx, job)
		if err != nil && !errors.Is(err, ErrUnsupported) && ctx.Err() == nil {
			r.mu.Lock()
			r.failure = err
			r.mu.Unlock()
		}
		return answers, err
	})
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		r.mu.Lock()
		defer r.mu.Unlock()
		return nil, fmt.Errorf("%w: %v", ErrCircuitOpen, r.failure)
	}
	return answers, err
}

// retry tries a call again while its failures may pass.
func (r *runner) retry(ctx context.Context, job Job) ([]string, error) {
	wait := backoff.NewExponentialBackOff()
	wait.InitialInterval = r.opt.InitialBackoff
	wait.MaxInterval = r.opt.MaxWait
	tries := 0
	answers, err := backoff.Retry(ctx, func() ([]string, error) {
		tries++
		answers, err := r.try(ctx, job)
		var temporary *Temporary
		switch {
		case err == nil:
			return answers, nil
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

// try is one call: within the limits of number, rate and time.
func (r *runner) try(ctx context.Context, job Job) ([]string, error) {
	select {
	case r.semaphore <- struct{}{}:
		defer func() { <-r.semaphore }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if err := r.limiter.Wait(ctx); err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	answers, err := r.Engine.Translate(limited, job)
	_, partial := errors.AsType[*Partial](err)
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case err != nil && !partial && limited.Err() != nil:
		late := fmt.Errorf("no answer within %v", r.Timeout)
		if err != context.DeadlineExceeded { // it has more to tell
			late = fmt.Errorf("%w: %v", late, err) // but not that the caller's time is up
		}
		return nil, &Temporary{Err: late}
	case len(answers) != len(job.Texts) && (err == nil || partial):
		return nil, fmt.Errorf("%w: %d for %d texts", ErrAnswer, len(answers), len(job.Texts))
	}
	return answers, err
}
