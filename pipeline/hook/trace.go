package hook

import (
	"errors"
	"time"
	"unicode/utf8"
)

// TraceEvent is one attempt of one call of an engine. It has no text and no secret.
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
}

// Trace has f called for each attempt of each call, by several goroutines at once. It is
// called before the chain is used.
func (c *Chain) Trace(f func(TraceEvent)) {
	for _, r := range c.runners {
		r.trace = f
	}
}

// report traces an attempt that began at start and took a time.
func (r *runner) report(start time.Time, took time.Duration, job Job, used Usage, answers []string, err error) {
	if r.trace == nil {
		return
	}
	e := TraceEvent{Time: start.UTC(), Engine: r.Name, Source: job.Source, Target: job.Target, Texts: len(job.Texts), Usage: used, Status: "ok", Millis: float64(took.Microseconds()) / 1000}
	for _, t := range job.Texts {
		e.Chars += utf8.RuneCountInString(t)
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
	r.trace(e)
}
