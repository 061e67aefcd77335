package hook

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// Claims decide which of several processes asks the engines for a text, and take the
// answer to the others.
type Claims interface {
	// Claim takes the claims of those keys that nobody else has, and returns which these
	// are, and the answers that others gave. Claims that the owner has already are
	// extended. A claim ends by itself if it is not extended every 20 seconds.
	Claim(ctx context.Context, owner string, keys []string) (mine map[string]bool, answers map[string]string, err error)

	// Answer gives the answers for keys. They are kept when it returns.
	Answer(ctx context.Context, answers map[string]string) error

	// Release gives back the claims of an owner on those keys that have no answer.
	Release(ctx context.Context, owner string, keys []string) error
}

// How often a process looks whether another one has answered, and how often it extends
// its claims.
const (
	firstPoll   = 5 * time.Millisecond
	longestPoll = 100 * time.Millisecond
	extendEvery = 15 * time.Second
)

// ShareThrough has all processes that share the claims ask for a text only once: for the
// same engines and versions, locales, text and terms. Texts for which another process
// is asking are waited for; if that process ends without an answer, this one asks. It is
// called before the chain is used.
func (c *Chain) ShareThrough(claims Claims) { c.claims, c.flights.most = claims, maxSharedFlights }

// KeepsAnswers reports whether an answer is kept, for the next process too, as soon as it
// is there: see ShareThrough. Who stores answers may then wait for more of them.
func (c *Chain) KeepsAnswers() bool { return c.claims != nil }

// sharedAnswer is the stored form of an outcome.
type sharedAnswer struct {
	Text     string `json:"text"` // with numbered tags
	Engine   string `json:"engine"`
	Version  string `json:"version,omitempty"`
	Repaired string `json:"repaired,omitempty"`
}

// askShared asks the engines for those tasks that no other process asks for, and waits
// for the others. An error of the claims is that of the tasks that are left.
func (c *Chain) askShared(ctx context.Context, source, target string, tasks []task) ([]outcome, []diag.Diagnostic) {
	if c.claims == nil {
		return c.askEngines(ctx, source, target, tasks, true)
	}
	outs := make([]outcome, len(tasks))
	var ds []diag.Diagnostic
	open := make(map[string]int, len(tasks)) // tasks differ in their keys
	for i, t := range tasks {
		open[c.claimKey(source, target, t)] = i
	}
	owner := newOwner()
	fail := func(err error) ([]outcome, []diag.Diagnostic) {
		for _, i := range open {
			outs[i].err = err
		}
		return outs, ds
	}
	for poll := firstPoll; len(open) > 0; poll = min(2*poll, longestPoll) {
		mine, given, err := c.claims.Claim(ctx, owner, slices.Collect(maps.Keys(open)))
		if err != nil {
			return fail(err)
		}
		claimed := map[int]string{}
		for key, i := range open {
			data, ok := given[key]
			if ok {
				outs[i], ok = readAnswer(data, tasks[i].text)
			}
			switch {
			case ok:
				if tasks[i].accept != nil {
					tasks[i].accept(outs[i]) // who asked may have ended before it kept the answer
				}
			case given[key] != "" || mine[key]: // one that cannot be read is replaced
				claimed[i] = key
			default:
				continue
			}
			delete(open, key)
		}
		if len(claimed) > 0 {
			ds = append(ds, c.askClaimed(ctx, source, target, owner, claimed, tasks, outs)...)
			continue
		}
		if len(open) == 0 {
			break
		}
		select {
		case <-ctx.Done():
			return fail(context.Cause(ctx))
		case <-time.After(poll):
		}
	}
	return outs, ds
}

// askClaimed asks the engines for the tasks whose claims the owner has.
func (c *Chain) askClaimed(ctx context.Context, source, target, owner string, claimed map[int]string, tasks []task, outs []outcome) []diag.Diagnostic {
	at := slices.Sorted(maps.Keys(claimed))
	keys := make([]string, len(at))
	part := make([]task, len(at))
	answers := newAnswerQueue(context.WithoutCancel(ctx), c.claims) // what is paid for is kept
	for n, i := range at {
		keys[n], part[n] = claimed[i], tasks[i]
		part[n].accept = func(o outcome) {
			answers.put(keys[n], writeAnswer(o, tasks[i].text))
			if tasks[i].accept != nil {
				tasks[i].accept(o)
			}
		}
	}
	stop := c.keepClaims(ctx, owner, keys)
	defer func() { // also when an engine panics: nobody waits for ever
		stop()
		answers.close()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = c.claims.Release(ctx, owner, keys) // else they end by their time
	}()
	got, ds := c.askEngines(ctx, source, target, part, true)
	for n, i := range at {
		outs[i] = got[n]
	}
	return ds
}

// answerQueue gives answers to the claims in the order in which they come: all that come
// while some are written are written together after these.
type answerQueue struct {
	claims Claims
	wake   chan struct{}
	done   chan struct{}

	mu      sync.Mutex
	pending map[string]string
}

func newAnswerQueue(ctx context.Context, claims Claims) *answerQueue {
	q := &answerQueue{claims: claims, wake: make(chan struct{}, 1), done: make(chan struct{}), pending: map[string]string{}}
	go func() {
		defer close(q.done)
		for range q.wake {
			q.flush(ctx)
		}
		q.flush(ctx)
	}()
	return q
}

func (q *answerQueue) put(key, answer string) {
	q.mu.Lock()
	q.pending[key] = answer
	q.mu.Unlock()
	select {
	case q.wake <- struct{}{}:
	default: // it is awake, and will find the answer
	}
}

func (q *answerQueue) flush(ctx context.Context) {
	q.mu.Lock()
	answers := q.pending
	q.pending = map[string]string{}
	q.mu.Unlock()
	if len(answers) > 0 {
		// An answer that cannot be given to the others is only asked for again.
		_ = q.claims.Answer(ctx, answers)
	}
}

func (q *answerQueue) close() {
	close(q.wake)
	<-q.done
}

// keepClaims extends claims until the returned function is called.
func (c *Chain) keepClaims(ctx context.Context, owner string, keys []string) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(extendEvery):
				_, _, _ = c.claims.Claim(ctx, owner, keys) // those that are answered stay so
			}
		}
	})
	return func() {
		cancel()
		done.Wait()
	}
}

// claimKey identifies what a task asks of the engines.
func (c *Chain) claimKey(source, target string, t task) string {
	h := sha256.New()
	for _, r := range c.runners {
		fmt.Fprintf(h, "%q %q\n", r.Name, r.version)
	}
	fmt.Fprintf(h, "%q\n", flightKey(source, target, t))
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func writeAnswer(o outcome, source bitext.Text) string {
	a := sharedAnswer{Text: o.text.TaggedAs(source), Engine: o.engine, Version: o.version}
	if o.repaired != nil {
		a.Repaired = o.repaired.Error()
	}
	data, err := json.Marshal(a)
	if err != nil {
		panic(err) // strings always marshal
	}
	return string(data)
}

// readAnswer returns the outcome that was stored for a text, false if it does not fit.
func readAnswer(data string, source bitext.Text) (outcome, bool) {
	var a sharedAnswer
	if err := json.Unmarshal([]byte(data), &a); err != nil {
		return outcome{}, false
	}
	text, err := bitext.ParseTagged(a.Text, source)
	if err != nil || compare(source, text) != nil {
		return outcome{}, false
	}
	o := outcome{text: text, engine: a.Engine, version: a.Version}
	if a.Repaired != "" {
		o.repaired = errors.New(a.Repaired)
	}
	return o, true
}

// newOwner returns a random name.
func newOwner() string {
	var b [12]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
