package hook_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/hooktest"
)

// fake is an engine that answers by a function, and remembers what it was asked.
type fake struct {
	name string
	caps hook.Capabilities
	do   func(n int, job hook.Job) ([]string, error) // n counts calls from 1

	mu   sync.Mutex
	jobs []hook.Job
	busy int
	most int // calls at once
	// pause is how long a call takes, in a synctest bubble.
	pause time.Duration
}

func (f *fake) Name() string                    { return f.name }
func (f *fake) Capabilities() hook.Capabilities { return f.caps }

func (f *fake) Translate(ctx context.Context, job hook.Job) ([]string, error) {
	f.mu.Lock()
	f.jobs = append(f.jobs, job)
	n := len(f.jobs)
	f.busy++
	f.most = max(f.most, f.busy)
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		f.busy--
		f.mu.Unlock()
	}()
	if f.pause > 0 {
		select {
		case <-time.After(f.pause):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return f.do(n, job)
}

// upper is a translation that can be told from its source: capitals, tags kept.
func upper(_ int, job hook.Job) ([]string, error) {
	var out []string
	for _, t := range job.Texts {
		out = append(out, strings.ToUpper(t))
	}
	return out, nil
}

// each answers every text by itself.
func each(f func(text string) string) func(int, hook.Job) ([]string, error) {
	return func(_ int, job hook.Job) ([]string, error) {
		var out []string
		for _, t := range job.Texts {
			out = append(out, f(t))
		}
		return out, nil
	}
}

// alone answers batches with whole and single texts with f.
func alone(whole []string, f func(string) string) func(int, hook.Job) ([]string, error) {
	return func(_ int, job hook.Job) ([]string, error) {
		if len(job.Texts) == 1 {
			return []string{f(job.Texts[0])}, nil
		}
		return whole, nil
	}
}

func fail(err error) func(int, hook.Job) ([]string, error) {
	return func(int, hook.Job) ([]string, error) { return nil, err }
}

func request(texts ...string) hook.Request {
	r := hook.Request{Source: "en", Target: "uk"}
	for i, s := range texts {
		r.Items = append(r.Items, hook.Item{Text: hooktest.Parse(s), Place: diag.Place{Unit: fmt.Sprint("u", i+1)}})
	}
	return r
}

// describe is answers and diagnostics in one readable form.
func describe(r hook.Request, answers []hook.Answer, ds []diag.Diagnostic) string {
	var b strings.Builder
	for i, a := range answers {
		if a.Err != nil {
			fmt.Fprintf(&b, "%s! %v\n", a.Engine, a.Err)
		} else {
			fmt.Fprintf(&b, "%s: %s\n", a.Engine, a.Text.TaggedAs(r.Items[i].Text))
		}
	}
	for _, d := range ds {
		fmt.Fprintf(&b, "%s %s\n", d.ID, d.Error())
	}
	return b.String()
}
