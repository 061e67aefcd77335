package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"hexapla/cmd/internal/tracing"
	"hexapla/cmd/internal/workspace"
)

// WorkOptions control a worker. Dir is the folder of the project; Queues are those to
// work for, all if none; Workers is how many articles are built at the same time.
type WorkOptions struct {
	Dir     string
	Allow   bool // hooks may run programs
	Queues  []string
	Workers int
	Every   time.Duration // build all articles so often; 0 for never
	Log     *slog.Logger
	Grace   time.Duration    // for running jobs when the worker is told to stop
	Clock   func() time.Time // of this machine; nil for the system's
	Tracer  *tracing.Tracer  // nil for none

	// Run runs a command of this program and returns its exit code and what it printed.
	Run func(ctx context.Context, command []string) (code int, out, errs string)
}

// Life is by the clock of the server: a worker gives a sign of it every beat, and is
// dead when the last one is older than deadAfter. One that has had no answer to a sign
// for aliveFor ends its builds, before another worker may begin them: live looks every
// two beats at least.
const (
	beat      = 2 * time.Second
	aliveFor  = 5 * time.Second
	deadAfter = "interval '10 seconds'"
)

// Worker works for a queue.
type Worker struct {
	queue   *Queue
	o       WorkOptions
	name    string
	client  *river.Client[pgx.Tx]
	metrics *meter
	clock   serverClock

	revisions revisions

	mu       sync.Mutex
	seen     time.Time                         // when the last sign of life was sent that was answered
	builds   map[int64]context.CancelCauseFunc // that run, by job
	sessions map[sessionKey]*session
	inboxes  map[sessionKey]*inbox // of the builds that run here
	jobs     map[int64]time.Time   // those that run, with a zero time, and when others ended
	attempts atomic.Int64          // of builds
}

// attemptName names an attempt of a build. An attempt that is handed back does not count,
// so that the next one may have the same number.
func (w *Worker) attemptName(attempt int) string {
	return fmt.Sprintf("%s/%d/%d", w.name, attempt, w.attempts.Add(1))
}

// NewWorker returns a worker.
func NewWorker(q *Queue, o WorkOptions) (*Worker, error) {
	host, err := os.Hostname()
	if err != nil {
		return nil, err
	}
	w := &Worker{queue: q, o: o, name: fmt.Sprintf("%s-%d-%d", host, os.Getpid(), time.Now().UnixNano()), sessions: map[sessionKey]*session{}, inboxes: map[sessionKey]*inbox{}, jobs: map[int64]time.Time{}, builds: map[int64]context.CancelCauseFunc{}, metrics: newMetrics(), revisions: revisions{dir: o.Dir}}
	if w.clock.machine = o.Clock; o.Clock == nil {
		w.clock.machine = time.Now
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &buildWorker{w: w})
	river.AddWorker(workers, &articleWorker{w: w})
	river.AddWorker(workers, &commandWorker{w: w})
	config := &river.Config{
		ID: w.name, Logger: o.Log, Workers: workers, Queues: map[string]river.QueueConfig{},
		JobTimeout: -1, FetchCooldown: 2 * time.Millisecond, FetchPollInterval: 500 * time.Millisecond,
		RetryPolicy: retryPolicy{&w.clock}, RescueStuckJobsAfter: 10 * 365 * 24 * time.Hour, // the dead are found by beat
		SoftStopTimeout: o.Grace,
		Middleware:      []rivertype.Middleware{river.WorkerMiddlewareFunc(w.leaveNewer)},
		Test:            river.TestConfig{Time: &w.clock},
	}
	for _, name := range []string{BuildQueue, ArticleQueue, CommandQueue} {
		atOnce := 2
		if name == ArticleQueue {
			atOnce = o.Workers
		}
		if len(o.Queues) == 0 || slices.Contains(o.Queues, name) {
			config.Queues[name] = river.QueueConfig{MaxWorkers: atOnce}
		}
	}
	if o.Every > 0 {
		config.PeriodicJobs = []*river.PeriodicJob{river.NewPeriodicJob(river.PeriodicInterval(o.Every), func() (river.JobArgs, *river.InsertOpts) { return BuildArgs{}, nil }, nil)}
	}
	if w.client, err = river.NewClient(riverpgxv5.New(q.store.Pool()), config); err != nil {
		return nil, err
	}
	return w, nil
}

// Run works until ctx ends. Then running jobs may finish for as long as Grace says; those
// that have not are handed back, and another worker takes them at once.
func (w *Worker) Run(ctx context.Context) error {
	keep := context.WithoutCancel(ctx)
	if err := w.beat(keep); err != nil {
		return w.queue.store.MissingRights(err)
	}
	if err := w.client.Start(keep); err != nil {
		return err
	}
	w.o.Log.InfoContext(ctx, "worker started", "worker", w.name)
	living, stop := context.WithCancel(keep)
	var life sync.WaitGroup
	life.Go(func() { w.live(living) })
	select {
	case <-ctx.Done():
	case <-w.client.Stopped():
	}
	w.o.Log.InfoContext(keep, "worker stops", "worker", w.name)
	limit, cancel := context.WithTimeout(keep, w.o.Grace+20*time.Second)
	defer cancel()
	err := w.client.Stop(limit)
	stop()
	life.Wait()
	w.closeSessions()
	w.revisions.close()
	if _, derr := w.queue.store.Pool().Exec(limit, "DELETE FROM queue_worker WHERE name = $1", w.name); err == nil {
		err = derr
	}
	if rerr := w.release(limit); err == nil {
		err = rerr
	}
	return err
}

// live gives signs of life, and releases the jobs of those who give none.
func (w *Worker) live(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(beat):
		}
		limit, cancel := context.WithTimeout(ctx, beat)
		err := w.beat(limit)
		w.endUnseen()
		if err == nil {
			err = w.release(limit)
		}
		if err == nil {
			err = w.releaseLost(limit)
		}
		cancel()
		if err != nil && ctx.Err() == nil {
			w.o.Log.WarnContext(ctx, "the database does not answer", "error", err)
		}
	}
}

func (w *Worker) beat(ctx context.Context) error {
	version := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
	}
	asked, start := w.clock.machine(), time.Now()
	enqueuing := w.queue.clock.machine()
	var server time.Time
	if err := w.queue.store.Pool().QueryRow(ctx, "INSERT INTO queue_worker (name, seen, version) VALUES ($1, clock_timestamp(), $2) ON CONFLICT (name) DO UPDATE SET seen = clock_timestamp() RETURNING seen", w.name, version).Scan(&server); err != nil {
		return err
	}
	w.clock.set(server, asked)
	w.queue.clock.set(server, enqueuing)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = start
	return nil
}

// errUnseen is the error of a build whose worker others may take for dead.
var errUnseen = errors.New("the database has not answered for too long: another worker may have taken the build")

// isSeen reports whether no other worker may take this one for dead.
func (w *Worker) isSeen() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	// The monotonic clock stands still while the machine sleeps, the other one may be set.
	return max(time.Since(w.seen), time.Now().Round(0).Sub(w.seen.Round(0))) < aliveFor
}

// whileSeen returns a context that ends when other workers may take this one for dead: of
// a job that must not run twice at the same time.
func (w *Worker) whileSeen(ctx context.Context, job int64) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.builds[job] = cancel
	return ctx, func() {
		cancel(nil)
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.builds, job)
	}
}

// endUnseen ends the builds of a worker that others may take for dead.
func (w *Worker) endUnseen() {
	if w.isSeen() {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, cancel := range w.builds {
		cancel(errUnseen)
	}
}

// release makes the running jobs of dead workers available again. A job that has had
// all its attempts is discarded: it may be what kills workers.
func (w *Worker) release(ctx context.Context) error {
	tag, err := w.queue.store.Pool().Exec(ctx, `WITH dead AS (DELETE FROM queue_worker WHERE seen < clock_timestamp() - `+deadAfter+` RETURNING name)
		UPDATE river_job j SET state = CASE WHEN attempt >= max_attempts THEN 'discarded' ELSE 'available' END::river_job_state,
			finalized_at = CASE WHEN attempt >= max_attempts THEN now() END, scheduled_at = now(),
			errors = array_append(errors, jsonb_build_object('at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'attempt', attempt, 'error', 'the worker ' || attempted_by[array_upper(attempted_by, 1)] || ' died', 'trace', ''))
		WHERE j.state = 'running' AND j.attempted_at < clock_timestamp() - interval '3 seconds'
			AND (attempted_by[array_upper(attempted_by, 1)] IN (SELECT name FROM dead) OR attempted_by[array_upper(attempted_by, 1)] NOT IN (SELECT name FROM queue_worker))`)
	if err == nil && tag.RowsAffected() > 0 {
		w.o.Log.WarnContext(ctx, "jobs of dead workers are available again", "jobs", tag.RowsAffected())
	}
	return err
}

// track notes that a job runs, until the returned function is called.
func (w *Worker) track(id int64) (end func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.jobs[id] = time.Time{}
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.jobs[id] = time.Now()
	}
}

// reportTime is how long the end of a job may take to reach the database.
const reportTime = 15 * time.Second

// releaseLost makes those jobs available again that the database has as running here, and
// that do not: the answer to the query that fetched them was lost with its connection, or
// the report of their end.
func (w *Worker) releaseLost(ctx context.Context) error {
	w.mu.Lock()
	known := make([]int64, 0, len(w.jobs))
	for id, ended := range w.jobs {
		if !ended.IsZero() && time.Since(ended) > reportTime {
			delete(w.jobs, id)
			continue
		}
		known = append(known, id)
	}
	w.mu.Unlock()
	tag, err := w.queue.store.Pool().Exec(ctx, `UPDATE river_job SET state = 'available', scheduled_at = now()
		WHERE state = 'running' AND attempted_by[array_upper(attempted_by, 1)] = $1 AND attempted_at < clock_timestamp() - interval '5 seconds' AND id <> ALL($2)`, w.name, known)
	if err == nil && tag.RowsAffected() > 0 {
		w.o.Log.WarnContext(ctx, "lost jobs are available again", "jobs", tag.RowsAffected())
	}
	return err
}

// retryPolicy waits for 1, 4, 9 … seconds, up to ten minutes.
type retryPolicy struct{ clock *serverClock }

// NextRetry implements river.ClientRetryPolicy.
func (p retryPolicy) NextRetry(job *rivertype.JobRow) time.Time {
	n := time.Duration(len(job.Errors) + 1)
	return p.clock.Now().UTC().Add(min(n*n*time.Second, 10*time.Minute))
}

// measure does the work of a job, with its time and its end in the metrics.
func (w *Worker) measure(kind string, id int64, work func() error) error {
	defer w.track(id)()
	start := time.Now()
	err := w.queue.store.MissingRights(work())
	w.metrics.job(kind, time.Since(start), err)
	return err
}

// handBack returns the error by which a job that was interrupted is given to another
// worker at once, or err itself: an attempt that the worker's stopping ended is none.
func handBack(ctx context.Context, err error) error {
	if err != nil && (ctx.Err() != nil || errors.Is(err, context.Canceled) || errors.Is(err, errUnseen)) {
		return river.JobSnooze(0)
	}
	return err
}

// open opens the project, as it is in its folder or at a commit. The returned function
// closes it.
func (w *Worker) open(ctx context.Context, revision string, o workspace.Options) (*workspace.Workspace, func() error, error) {
	o.Memory, o.Allow = workspace.ReadWrite, w.o.Allow
	dir, done := w.o.Dir, func() {}
	if revision != "" {
		var err error
		if dir, done, err = w.revisions.use(ctx, revision); err != nil {
			return nil, nil, err
		}
	}
	ws, err := workspace.Open(ctx, dir, o)
	if err != nil {
		done()
		return nil, nil, err
	}
	if w.o.Tracer != nil {
		traceProject(ws.Project)
		traceCalls(ws.Chain())
	}
	return ws, func() error {
		defer done()
		return ws.Close()
	}, nil
}
