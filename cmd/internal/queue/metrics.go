package queue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"github.com/riverqueue/river"

	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/hook"
)

// meter has what a worker counts, in the text format of Prometheus.
type meter struct{ set *metrics.Set }

func newMetrics() *meter { return &meter{metrics.NewSet()} }

// job counts an attempt of a job.
func (m *meter) job(kind string, d time.Duration, err error) {
	outcome := "done"
	var snooze *river.JobSnoozeError
	switch {
	case errors.As(err, &snooze):
		outcome = "left"
	case errors.Is(err, context.Canceled):
		outcome = "handed_back"
	case err != nil:
		outcome = "failed"
	}
	m.set.GetOrCreateCounter(fmt.Sprintf("hexapla_jobs_total{kind=%q,outcome=%q}", kind, outcome)).Inc()
	if err == nil {
		m.set.GetOrCreatePrometheusHistogram(fmt.Sprintf("hexapla_job_seconds{kind=%q}", kind)).Update(d.Seconds())
	}
}

// article counts where the segments of an article's editions came from.
func (m *meter) article(r pipeline.Result) {
	add := func(from string, n int) {
		m.set.GetOrCreateCounter(fmt.Sprintf("hexapla_segments_total{from=%q}", from)).Add(n)
	}
	for _, e := range r.Editions {
		c := e.Published.Count
		add("memory", c.Reused)
		add("catalog", c.Chrome)
		add("engine", c.MachineTranslated)
		add("missing", c.Missing)
		m.set.GetOrCreateCounter(fmt.Sprintf("hexapla_editions_total{status=%q}", e.Published.Status)).Inc()
	}
}

// engines counts what engines were used for.
func (m *meter) engines(c *hook.Chain) {
	if c == nil {
		return
	}
	for name, u := range c.Usage() {
		m.set.GetOrCreateCounter(fmt.Sprintf("hexapla_engine_characters_total{engine=%q}", name)).Add(u.Chars)
		m.set.GetOrCreateCounter(fmt.Sprintf("hexapla_engine_tokens_total{engine=%q,direction=\"in\"}", name)).Add(u.InputTokens)
		m.set.GetOrCreateCounter(fmt.Sprintf("hexapla_engine_tokens_total{engine=%q,direction=\"out\"}", name)).Add(u.OutputTokens)
	}
}

// Handler serves /healthz, which is 200 as long as the database answers, and /metrics.
func (w *Worker) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(rw http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
		defer cancel()
		if err := w.queue.store.Pool().Ping(ctx); err != nil {
			http.Error(rw, "the database does not answer", http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(rw, "ok\n")
	})
	mux.HandleFunc("GET /metrics", func(rw http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
		defer cancel()
		rw.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		w.metrics.set.WritePrometheus(rw)
		metrics.WriteProcessMetrics(rw)
		if err := w.queue.writeMetrics(ctx, rw); err != nil {
			w.o.Log.WarnContext(ctx, "the queue cannot be counted", "error", err)
		}
		if err := w.writeSpent(ctx, rw); err != nil {
			w.o.Log.WarnContext(ctx, "what engines were used for cannot be counted", "error", err)
		}
		fmt.Fprintf(rw, "hexapla_trace_spans_dropped_total %d\n", w.o.Tracer.Dropped())
	})
	return mux
}

// writeSpent writes what the engines of the project have cost on all machines together, and
// what is left of their limits in the period that goes on.
func (w *Worker) writeSpent(ctx context.Context, out io.Writer) error {
	c, err := workspace.ReadConfig(w.o.Dir)
	if err != nil {
		return err
	}
	now := w.clock.Now()
	seen := map[string]bool{}
	for _, h := range c.Hooks {
		name := cmp.Or(h.Name, h.Type)
		if seen[name] {
			continue
		}
		seen[name] = true
		if !h.Price.IsZero() {
			all, err := w.queue.store.Used(ctx, name, time.Time{})
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "hexapla_engine_cost{engine=%q,currency=%q} %g\n", name, h.Price.Currency, all.Cost)
		}
		if h.Limit.IsZero() {
			continue
		}
		used, err := w.queue.store.Used(ctx, name, h.Limit.Since(now))
		if err != nil {
			return err
		}
		for _, l := range []struct {
			unit        string
			limit, used float64
		}{{"characters", float64(h.Limit.Chars), float64(used.Chars)}, {"tokens", float64(h.Limit.Tokens), float64(used.InputTokens + used.OutputTokens)}, {"cost", h.Limit.Cost, used.Cost}} {
			if l.limit > 0 {
				fmt.Fprintf(out, "hexapla_engine_limit_left{engine=%q,unit=%q} %g\n", name, l.unit, max(0, l.limit-l.used))
			}
		}
	}
	return nil
}

// writeMetrics writes how many jobs there are, and how long the oldest has waited.
func (q *Queue) writeMetrics(ctx context.Context, out io.Writer) error {
	rows, err := q.store.Pool().Query(ctx, `SELECT queue, state::text, count(*), coalesce(extract(epoch FROM max(now() - scheduled_at) FILTER (WHERE state = 'available')), 0)::float8
		FROM river_job WHERE state <> 'completed' GROUP BY queue, state ORDER BY queue, state`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var queue, state string
		var n int64
		var age float64
		if err := rows.Scan(&queue, &state, &n, &age); err != nil {
			return err
		}
		fmt.Fprintf(out, "hexapla_queue_jobs{queue=%q,state=%q} %d\n", queue, state, n)
		if state == "available" {
			fmt.Fprintf(out, "hexapla_queue_age_seconds{queue=%q} %g\n", queue, max(age, 0))
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	workers, err := q.Workers(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "hexapla_workers %d\n", workers)
	return err
}
