package hook

import (
	"context"
	"errors"
	"time"
	"unicode/utf8"
)

// TraceEvent is one attempt of one call of an engine. It has no secret, and texts only
// where they are asked for.
type TraceEvent struct {
	Time       time.Time `json:"time"` // when it began
	Engine     string    `json:"engine"`
	Source     string    `json:"source"`
	Target     string    `json:"target"`
	Texts      int       `json:"texts"`
	Chars      int       `json:"chars"`
	Answered   int       `json:"answered"` // texts
	AnswerSize int       `json:"answer_chars"`
	Millis     float64   `json:"ms"`
	Status     string    `json:"status"` // "ok", "partial", "unsupported", "stopped", or the cause of the failure
	Usage      Usage     `json:"usage"`

	// With the option texts of Chain.Trace: what the engine was given and what it
	// returned, in its markup.
	Sources []string `json:"sources,omitempty"`
	Answers []string `json:"answers,omitempty"`
}

// Trace has f called for each attempt of each call, by several goroutines at once, with
// the context of who needed the first of its texts. It is called before the chain is used.
// With texts, the events have the texts too.
func (c *Chain) Trace(texts bool, f func(context.Context, TraceEvent)) {
	for _, r := range c.runners {
		r.trace, r.traceTexts = f, texts
	}
}

// report traces an attempt that began at start and took a time.
func (r *runner) report(ctx context.Context, start time.Time, took time.Duration, job Job, used Usage, answers []string, err error) {
	if r.trace == nil {
		return
	}
	e := TraceEvent{Time: start.UTC(), Engine: r.Name, Source: job.Source, Target: job.Target, Texts: len(job.Texts), Usage: used, Status: "ok", Millis: float64(took.Microseconds()) / 1000}
	for _, t := range job.Texts {
		e.Chars += utf8.RuneCountInString(t)
	}
	if r.traceTexts {
		e.Sources, e.Answers = job.Texts, answers
	}
	partial, some := errors.AsType[*Partial](err)
	for i, a := range answers {
		if err == nil || some && i < len(partial.Errs) && partial.Errs[i] == nil {
			e.Answered++
			e.AnswerSize += utf8.RuneCountInString(a)
		}
	}
	switch {
	case some:
		e.Status = "partial"
	case errors.Is(err, ErrUnsupported):
		e.Status = "unsupported"
	case err != nil:
		if e.Status = failureCause(outcome{err: err}); e.Status == "" {
			e.Status = "stopped"
		}
	}
	r.trace(ctx, e)
}
