package queue

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"hexapla/cmd/internal/tracing"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/memory"
)

// A trace goes from who submits a job by its metadata to the worker that takes it, and from
// a build to its articles.

// traceOf is what the metadata of a job have of a trace.
type traceOf struct {
	Parent string `json:"traceparent,omitempty"`
}

// traceMetadata returns the metadata of a job that is enqueued in a context, nil without a
// trace.
func traceMetadata(ctx context.Context) []byte {
	parent := tracing.Parent(ctx)
	if parent == "" {
		return nil
	}
	data, err := json.Marshal(traceOf{parent})
	if err != nil {
		return nil
	}
	return data
}

// trace works on a job within a span.
func (w *Worker) trace(ctx context.Context, job *rivertype.JobRow, work func(context.Context) error) error {
	var from traceOf
	_ = json.Unmarshal(job.Metadata, &from) // a job without it begins a trace
	ctx, span := tracing.Start(w.o.Tracer.With(ctx, from.Parent), "job "+job.Kind, tracing.Attr{Key: "job", Value: job.ID},
		tracing.Attr{Key: "attempt", Value: job.Attempt}, tracing.Attr{Key: "priority", Value: job.Priority}, tracing.Attr{Key: "worker", Value: w.name})
	err := work(ctx)
	var snooze *river.JobSnoozeError
	if errors.As(err, &snooze) {
		span.Set("left", true)
		span.End(nil)
	} else {
		span.End(err)
	}
	return err
}

// traceCalls has a span for each attempt of each call of an engine, within that of the
// article and locale for which the first of its texts was needed.
func traceCalls(c *hook.Chain) {
	if c == nil {
		return
	}
	c.Trace(false, func(ctx context.Context, e hook.TraceEvent) {
		var err error
		switch e.Status {
		case "ok", "partial", "unsupported", "stopped":
		default:
			err = errors.New(e.Status)
		}
		tracing.Record(ctx, "engine call", e.Time, time.Duration(e.Millis*float64(time.Millisecond)), err, tracing.Attr{Key: "engine", Value: e.Engine}, tracing.Attr{Key: "locale", Value: e.Target},
			tracing.Attr{Key: "texts", Value: e.Texts}, tracing.Attr{Key: "answered", Value: e.Answered}, tracing.Attr{Key: "characters", Value: e.Chars}, tracing.Attr{Key: "status", Value: e.Status})
	})
}

// traceProject has a span for each question to the memory and to the engines of a project.
func traceProject(p *pipeline.Project) {
	if p.Memory != nil {
		if t, ok := p.Memory.(memory.TargetsReader); ok {
			p.Memory = tracedTargets{tracedMemory{p.Memory}, t}
		} else {
			p.Memory = tracedMemory{p.Memory}
		}
	}
	if p.Hook != nil {
		p.Hook = tracedHook{p.Hook}
	}
}

// tracedMemory is a memory with spans.
type tracedMemory struct{ pipeline.Memory }

// Lookup implements pipeline.Memory.
func (m tracedMemory) Lookup(ctx context.Context, source, target string, queries []memory.Query) ([][]bitext.Match, error) {
	ctx, span := tracing.Start(ctx, "memory lookup", tracing.Attr{Key: "locale", Value: target}, tracing.Attr{Key: "texts", Value: len(queries)})
	found, err := m.Memory.Lookup(ctx, source, target, queries)
	span.End(err)
	return found, err
}

// AddWith implements pipeline.Memory.
func (m tracedMemory) AddWith(ctx context.Context, b memory.Batch, o memory.AddOptions, entries iter.Seq2[bitext.Entry, error]) (memory.Result, error) {
	ctx, span := tracing.Start(ctx, "memory add")
	r, err := m.Memory.AddWith(ctx, b, o, entries)
	span.Set("added", r.Added)
	span.End(err)
	return r, err
}

// tracedTargets is a memory that answers for several target locales, with spans.
type tracedTargets struct {
	tracedMemory
	all memory.TargetsReader
}

// LookupTargets implements memory.TargetsReader.
func (m tracedTargets) LookupTargets(ctx context.Context, source string, targets []string, queries []memory.Query) ([][][]bitext.Match, error) {
	ctx, span := tracing.Start(ctx, "memory lookup", tracing.Attr{Key: "locales", Value: len(targets)}, tracing.Attr{Key: "texts", Value: len(queries)})
	found, err := m.all.LookupTargets(ctx, source, targets, queries)
	span.End(err)
	return found, err
}

// tracedHook is the engines of a project with spans: one for each article and locale.
type tracedHook struct{ pipeline.Hook }

// Translate implements pipeline.Hook.
func (h tracedHook) Translate(ctx context.Context, r hook.Request) ([]hook.Answer, []diag.Diagnostic) {
	ctx, span := tracing.Start(ctx, "engines", tracing.Attr{Key: "locale", Value: r.Target}, tracing.Attr{Key: "texts", Value: len(r.Items)})
	answers, found := h.Hook.Translate(ctx, r)
	failed := 0
	var err error
	for _, a := range answers {
		if a.Err != nil && !errors.Is(a.Err, hook.ErrUnsupported) {
			failed++
			err = a.Err
		}
	}
	span.Set("failed", failed)
	span.End(err)
	return answers, found
}

// Versions, Concurrency and KeepsAnswers are what the pipeline asks of engines that have
// them.

// Versions returns the versions of the engines.
func (h tracedHook) Versions() map[string]string {
	if v, ok := h.Hook.(interface{ Versions() map[string]string }); ok {
		return v.Versions()
	}
	return nil
}

// Concurrency returns how many calls the engines take at the same time.
func (h tracedHook) Concurrency() int {
	if c, ok := h.Hook.(interface{ Concurrency() int }); ok {
		return c.Concurrency()
	}
	return 0
}

// KeepsAnswers reports whether the engines keep their answers themselves.
func (h tracedHook) KeepsAnswers() bool {
	k, ok := h.Hook.(interface{ KeepsAnswers() bool })
	return ok && k.KeepsAnswers()
}
