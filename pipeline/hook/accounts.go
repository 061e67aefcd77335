package hook

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
	"unicode/utf8"
)

// Spending is what an engine was used for, and what that cost by its price.
type Spending struct {
	Usage
	Cost float64 `json:"cost,omitempty"`
}

// Accounts keep what engines were used for, over all runs and processes, by day.
type Accounts interface {
	// Spend adds to what an engine was used for today. allow, if it is not nil, is called
	// with the use since a day, the addition included; if it returns false, nothing is
	// added, and no other process adds in between.
	Spend(ctx context.Context, engine string, add Spending, since time.Time, allow func(Spending) bool) error

	// Spent returns what an engine was used for since a day; a zero time is the beginning.
	Spent(ctx context.Context, engine string, since time.Time) (Spending, error)
}

// Pacer keeps the calls of an engine apart, for all processes that share it.
type Pacer interface {
	// Reserve takes the next moment for a call of an engine that takes so many a second,
	// and returns how long it is until then.
	Reserve(ctx context.Context, engine string, perSecond float64) (time.Duration, error)
}

// KeepPace has the rates of the engines hold for all processes that share the pacer. It is
// called before the chain is used.
func (c *Chain) KeepPace(p Pacer) {
	for _, r := range c.runners {
		r.pacer = p
	}
}

// pace waits until the rate allows a call.
func (r *runner) pace(ctx context.Context) error {
	if r.Rate <= 0 || r.pacer == nil {
		return r.limiter.Wait(ctx)
	}
	wait, err := r.pacer.Reserve(ctx, r.Name, r.Rate)
	if err != nil {
		return err
	}
	select {
	case <-time.After(wait):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// KeepAccounts has the chain count what its engines are used for, and keep the limits of
// their configuration. It is called before the chain is used. now may be nil.
func (c *Chain) KeepAccounts(a Accounts, now func() time.Time) {
	if now == nil {
		now = time.Now
	}
	for _, r := range c.runners {
		r.accounts, r.now = a, now
	}
}

// HasLimits reports whether an engine has a limit that holds over all builds.
func (c *Chain) HasLimits() bool {
	for _, r := range c.runners {
		if !r.Limit.IsZero() {
			return true
		}
	}
	return false
}

// Spent returns what the engine was used for in the period of its limit by all builds of
// the project, the limit and the price. The error wraps errors.ErrUnsupported if there
// are no accounts.
func (e SingleEngine) Spent(ctx context.Context) (Spending, Limit, Price, error) {
	r := e.chain.runners[0]
	if r.accounts == nil {
		return Spending{}, r.Limit, r.Price, fmt.Errorf("%s: accounts: %w", r.Name, errors.ErrUnsupported)
	}
	r.uncounted.wait()
	s, err := r.accounts.Spent(ctx, r.Name, r.Limit.Since(r.now()))
	return s, r.Limit, r.Price, err
}

// tokens is about how many tokens a text has.
func tokens(text string) int { return (len(text) + bytesPerToken - 1) / bytesPerToken }

// bytesPerToken is about how long a token is.
const bytesPerToken = 4

// spend counts a call before it is made: what it is expected to use, so that a process
// that is killed has counted too much rather than too little. The returned function
// corrects that to what the call used.
func (r *runner) spend(ctx context.Context, job Job) (correct func(used Usage), err error) {
	if r.accounts == nil {
		return func(Usage) {}, nil
	}
	var expected Usage
	if !r.Limit.IsZero() {
		for _, t := range job.Texts {
			expected = expected.Add(Usage{utf8.RuneCountInString(t), tokens(t), tokens(t)})
		}
		expected.InputTokens += promptTokens
		if r.Limit.Tokens == 0 && r.Price.InputTokens == 0 && r.Price.OutputTokens == 0 {
			expected.InputTokens, expected.OutputTokens = 0, 0 // nothing depends on them
		}
		over := ""
		err := r.accounts.Spend(ctx, r.Name, Spending{expected, r.Price.Cost(expected)}, r.Limit.Since(r.now()), func(s Spending) bool {
			over = r.Limit.exceeded(s)
			return over == ""
		})
		if err != nil {
			return nil, err
		}
		if over != "" {
			period := "this month"
			switch r.Limit.Period {
			case "day":
				period = "today"
			case "ever":
				period = "in all"
			}
			return nil, fmt.Errorf("%w: the limit of the engine: with this call, %s would be used %s", ErrBudget, over, period)
		}
	}
	return func(used Usage) {
		add := Usage{used.Chars - expected.Chars, used.InputTokens - expected.InputTokens, used.OutputTokens - expected.OutputTokens}
		if add == (Usage{}) {
			return
		}
		if r.Limit.IsZero() {
			r.uncounted.put(context.WithoutCancel(ctx), r, add)
			return
		}
		r.count(context.WithoutCancel(ctx), add) // before the next call is compared with the limit
	}, nil
}

// countTimeout bounds how long a count is waited for: a database that does not answer must
// not keep the program from ending.
const countTimeout = 10 * time.Second

// count adds to what the engine was used for. What cannot be counted is not a reason to
// lose the answer.
func (r *runner) count(ctx context.Context, add Usage) {
	ctx, cancel := context.WithTimeout(ctx, countTimeout)
	defer cancel()
	_ = r.accounts.Spend(ctx, r.Name, Spending{add, r.Price.Cost(add)}, time.Time{}, nil)
}

// uncounted is the use of an engine without a limit that the accounts do not have yet. A
// goroutine writes it while the engine answers other calls: all that comes within a short
// time is written together.
type uncounted struct {
	mu      sync.Mutex
	use     Usage
	hurry   chan struct{} // closed by the first who waits for the goroutine
	hurried bool
	writing chan struct{} // closed when the goroutine ends; nil without one
}

// gatherUse is how long use is gathered: to write that of each call would take more time
// than the rest of the work on it.
const gatherUse = 250 * time.Millisecond

// put adds to the use, and has it counted soon.
func (u *uncounted) put(ctx context.Context, r *runner, add Usage) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.use = u.use.Add(add)
	if u.writing != nil {
		return
	}
	u.hurry, u.hurried, u.writing = make(chan struct{}), false, make(chan struct{})
	go u.write(ctx, r, u.hurry)
}

func (u *uncounted) write(ctx context.Context, r *runner, hurry <-chan struct{}) {
	for {
		select {
		case <-time.After(gatherUse):
		case <-hurry:
		}
		u.mu.Lock()
		add := u.use
		u.use = Usage{}
		if add == (Usage{}) {
			close(u.writing)
			u.writing = nil
			u.mu.Unlock()
			return
		}
		u.mu.Unlock()
		r.count(ctx, add)
	}
}

// wait returns when all use is counted.
func (u *uncounted) wait() {
	u.mu.Lock()
	writing := u.writing
	if writing != nil && !u.hurried {
		close(u.hurry)
		u.hurried = true
	}
	u.mu.Unlock()
	if writing != nil {
		<-writing
	}
}

// isBilled reports whether a service counts a call that ended with err: not one that it
// turned away.
func isBilled(err error) bool {
	return !errors.Is(err, ErrUnsupported) && !errors.Is(err, ErrRejected) && !errors.Is(err, ErrQuota) &&
		(!errors.As(err, new(*Temporary)) || errors.As(err, new(*timeoutError)))
}
