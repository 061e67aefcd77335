// Package tracing sends traces to a collector of OpenTelemetry, if the environment names
// one. It is the small part of the specification that a command needs: spans, W3C Trace
// Context, sampling, and OTLP over HTTP in the JSON form
// (https://opentelemetry.io/docs/specs/otlp). A program that traces nothing starts nothing.
//
// Work never waits for a collector: spans that it does not take in time are dropped and
// counted.
package tracing

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"sync"
	"sync/atomic"
	"time"
)

// Tracer makes spans. The methods of a nil Tracer do nothing.
type Tracer struct {
	o       options
	queue   chan *span
	dropped atomic.Uint64
	stop    chan struct{} // closed by Close
	ended   chan struct{}
	once    sync.Once
}

// Attr is an attribute of a span: a string, an int, an int64, a float64 or a bool.
type Attr struct {
	Key   string
	Value any
}

// Span is a piece of work that is going on. The methods of a nil Span do nothing.
type Span struct {
	tracer *Tracer
	ids    identity
	parent [8]byte
	name   string
	start  time.Time

	mu    sync.Mutex
	attrs []Attr
	ended bool
}

// identity is what is passed on of a span.
type identity struct {
	trace   [16]byte
	span    [8]byte
	sampled bool
}

// span is a Span that has ended.
type span struct {
	*Span
	end time.Time
	err string
}

type contextKey struct{}

// current is what a context has.
type current struct {
	tracer *Tracer
	ids    identity
}

// With returns a context in which Start makes spans of a new trace, or of the one that a
// traceparent of W3C names (https://www.w3.org/TR/trace-context).
func (t *Tracer) With(ctx context.Context, traceparent string) context.Context {
	if t == nil {
		return ctx
	}
	ids, _ := parseParent(traceparent)
	return context.WithValue(ctx, contextKey{}, current{t, ids})
}

// Start begins a span below the one of the context, and returns a context with it. In a
// context without a tracer it returns a nil Span.
func Start(ctx context.Context, name string, attrs ...Attr) (context.Context, *Span) {
	c, ok := ctx.Value(contextKey{}).(current)
	if !ok {
		return ctx, nil
	}
	s := &Span{tracer: c.tracer, ids: c.ids, parent: c.ids.span, name: name, start: time.Now(), attrs: attrs}
	if s.ids.trace == [16]byte{} {
		_, _ = rand.Read(s.ids.trace[:])
		s.ids.sampled = c.tracer.o.sampler.root(s.ids.trace)
	} else if !c.tracer.o.sampler.parentBased {
		s.ids.sampled = c.tracer.o.sampler.root(s.ids.trace)
	}
	_, _ = rand.Read(s.ids.span[:])
	return context.WithValue(ctx, contextKey{}, current{c.tracer, s.ids}), s
}

// Parent returns the traceparent of the span of a context, "" without one.
func Parent(ctx context.Context) string {
	c, ok := ctx.Value(contextKey{}).(current)
	if !ok || c.ids.trace == [16]byte{} {
		return ""
	}
	flags := "00"
	if c.ids.sampled {
		flags = "01"
	}
	return "00-" + hex.EncodeToString(c.ids.trace[:]) + "-" + hex.EncodeToString(c.ids.span[:]) + "-" + flags
}

// parseParent reads a traceparent. One of a later version has more fields behind those
// that are known.
func parseParent(s string) (ids identity, ok bool) {
	if len(s) < 55 || s[2] != '-' || s[35] != '-' || s[52] != '-' || s[:2] == "ff" || s[:2] == "00" && len(s) != 55 || len(s) > 55 && s[55] != '-' {
		return identity{}, false
	}
	var version, flags [1]byte
	for _, part := range []struct {
		to   []byte
		from string
	}{{version[:], s[:2]}, {ids.trace[:], s[3:35]}, {ids.span[:], s[36:52]}, {flags[:], s[53:55]}} {
		for i := range len(part.from) {
			if c := part.from[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
				return identity{}, false // capitals are not allowed
			}
		}
		if _, err := hex.Decode(part.to, []byte(part.from)); err != nil {
			return identity{}, false
		}
	}
	if ids.trace == [16]byte{} || ids.span == [8]byte{} {
		return identity{}, false
	}
	ids.sampled = flags[0]&1 != 0
	return ids, true
}

// Set adds an attribute.
func (s *Span) Set(key string, value any) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.attrs = append(s.attrs, Attr{key, value})
}

// End ends a span, with the error of its work or nil. Later calls do nothing.
func (s *Span) End(err error) {
	if s == nil {
		return
	}
	s.mu.Lock()
	again := s.ended
	s.ended = true
	s.mu.Unlock()
	if !again {
		s.send(s.start.Add(time.Since(s.start)), err) // by the monotonic clock
	}
}

// Record notes work that has ended already as a span within that of a context.
func Record(ctx context.Context, name string, start time.Time, took time.Duration, err error, attrs ...Attr) {
	if _, s := Start(ctx, name, attrs...); s != nil {
		s.start, s.ended = start, true
		s.send(start.Add(took), err)
	}
}

// send queues a span that has ended.
func (s *Span) send(end time.Time, err error) {
	if !s.ids.sampled {
		return
	}
	done := &span{Span: s, end: end}
	if err != nil {
		done.err = err.Error()
		if done.err == "" {
			done.err = "failed"
		}
	}
	select {
	case s.tracer.queue <- done:
	default:
		s.tracer.dropped.Add(1)
	}
}

// Dropped returns how many spans were dropped: the collector did not take them, or not in
// time.
func (t *Tracer) Dropped() uint64 {
	if t == nil {
		return 0
	}
	return t.dropped.Load()
}

// sampler decides which traces are sent.
type sampler struct {
	parentBased bool    // a span with a parent is sent if its parent is
	ratio       float64 // of the others
}

// root reports whether a trace without a parent is sent. It goes by the number of the
// trace, so that all programs decide the same (specification of TraceIdRatioBased).
func (s sampler) root(trace [16]byte) bool {
	return s.ratio >= 1 || float64(binary.BigEndian.Uint64(trace[8:])>>1) < s.ratio*(1<<63)
}
