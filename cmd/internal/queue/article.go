package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/edition"
)

// articleWorker makes the editions of one article of a build.
type articleWorker struct {
	river.WorkerDefaults[articleArgs]
	w *Worker
}

// Timeout implements river.Worker: engines may take their time.
func (a *articleWorker) Timeout(*river.Job[articleArgs]) time.Duration { return -1 }

// Work implements river.Worker. The result is stored with the end of the job, in one
// transaction.
func (a *articleWorker) Work(ctx context.Context, job *river.Job[articleArgs]) error {
	err := a.w.measure("article", job.ID, func() error { return a.work(ctx, job) })
	return handBack(ctx, err)
}

func (a *articleWorker) work(ctx context.Context, job *river.Job[articleArgs]) error {
	pool := a.w.queue.store.Pool()
	args := job.Args
	var data []byte
	var done bool
	err := pool.QueryRow(ctx, "SELECT input, result IS NOT NULL FROM queue_article WHERE build = $1 AND pass = $2 AND path = $3", args.Build, args.Pass, args.Path).Scan(&data, &done)
	if errors.Is(err, pgx.ErrNoRows) || done {
		return nil // the build has ended, or another worker was faster
	}
	if err != nil {
		return err
	}
	var in articleInput
	if err := unpack(data, &in); err != nil {
		return river.JobCancel(err)
	}
	s, err := a.w.session(ctx, args)
	if err != nil {
		return err
	}
	defer s.done()
	r, err := s.build(ctx, args.Path, in)
	if err != nil {
		return err
	}
	packed, err := pack(newResult(s.ws, r))
	if err != nil {
		return err
	}
	// What is computed is kept although the worker is being stopped.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	a.w.metrics.article(r)
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE queue_article SET result = $4 WHERE build = $1 AND pass = $2 AND path = $3 AND input = $5", args.Build, args.Pass, args.Path, packed, data); err != nil {
			return err
		}
		_, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, job)
		return err
	})
}

// sessionKey is a pass of a build.
type sessionKey struct {
	build int64
	pass  int
}

// session is a project, opened for one pass of a build.
type session struct {
	ws           *workspace.Workspace
	closeProject func() error
	context      buildContext
	articles     map[string]pipeline.Source
	known        pipeline.Siblings

	worker *Worker
	ready  chan struct{} // closed when it is open, or err is set
	err    error
	users  int // guarded by worker.mu
}

// done ends the use of a session.
func (s *session) done() {
	s.worker.mu.Lock()
	defer s.worker.mu.Unlock()
	s.users--
}

// errOther says that a worker has another state of the project than the build.
var errOther = errors.New("this worker has another version of the program or of the project's files than the build")

// closeIdle closes the sessions that nobody uses, except one.
func (w *Worker) closeIdle(except sessionKey) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closeIdleLocked(except)
}

func (w *Worker) closeIdleLocked(except sessionKey) {
	for k, other := range w.sessions {
		if k != except && other.users == 0 {
			delete(w.sessions, k)
			go other.close()
		}
	}
}

// session returns the session of a pass, which is opened for the first article.
// Sessions that nobody uses are closed when another is opened.
func (w *Worker) session(ctx context.Context, args articleArgs) (*session, error) {
	key := sessionKey{args.Build, args.Pass}
	w.mu.Lock()
	s := w.sessions[key]
	first := s == nil
	if first {
		s = &session{worker: w, ready: make(chan struct{})}
		w.sessions[key] = s
		w.closeIdleLocked(key)
	}
	s.users++
	w.mu.Unlock()
	if first {
		s.err = w.openSession(context.WithoutCancel(ctx), s, args)
		close(s.ready)
		if s.err != nil {
			w.mu.Lock()
			delete(w.sessions, key)
			w.mu.Unlock()
		}
	}
	select {
	case <-s.ready:
	case <-ctx.Done():
		s.done()
		return nil, ctx.Err()
	}
	if s.err != nil {
		s.done()
		if errors.Is(s.err, errTreeBusy) {
			return nil, river.JobSnooze(time.Second)
		}
		if errors.Is(s.err, errOther) {
			w.o.Log.WarnContext(ctx, "an article is left to another worker", "path", args.Path, "reason", s.err)
			return nil, river.JobSnooze(2 * time.Second)
		}
		return nil, s.err
	}
	return s, nil
}

func (w *Worker) openSession(ctx context.Context, s *session, args articleArgs) error {
	var data []byte
	if err := w.queue.store.Pool().QueryRow(ctx, "SELECT context FROM queue_build WHERE build = $1 AND pass = $2", args.Build, args.Pass).Scan(&data); err != nil {
		return err
	}
	if err := unpack(data, &s.context); err != nil {
		return err
	}
	now := s.context.Time
	ws, closeProject, err := w.open(ctx, s.context.Revision, workspace.Options{Engines: !s.context.NoHooks, Guest: true, Select: &workspace.Selection{}, Clock: func() time.Time { return now }})
	if err != nil {
		return err
	}
	sum, err := ws.SharedFingerprint()
	if err == nil && sum != s.context.Fingerprint {
		err = errOther
	}
	if err != nil {
		return errors.Join(err, closeProject())
	}
	s.ws, s.closeProject = ws, closeProject
	s.articles = make(map[string]pipeline.Source, len(ws.Articles))
	for _, a := range ws.Articles {
		s.articles[a.Path] = a
	}
	s.context.count()
	s.known = ws.SiblingsOf(s.context.Paths[:s.context.Articles])
	return nil
}

// build makes the editions of an article.
func (s *session) build(ctx context.Context, path string, in articleInput) (pipeline.Result, error) {
	a, ok := s.articles[path]
	if !ok {
		return pipeline.Result{}, fmt.Errorf("%w: it has no article %s", errOther, path)
	}
	known := s.known.With(s.context.index(func(locale, _ string) *edition.Article { return in.Entries[locale] }).WithDates(func(locale, _ string) (edition.Dates, bool) {
		d, ok := in.Dates[locale]
		return d, ok
	}))
	r, err := s.ws.Article(ctx, a, s.context.Targets, known)
	if err != nil {
		return r, fmt.Errorf("%s: %w", path, err)
	}
	if r.SHA256 != in.SHA256 {
		return r, fmt.Errorf("%w: %s is not the same", errOther, path)
	}
	return r, nil
}

func (s *session) close() {
	if s.ws != nil {
		s.worker.metrics.engines(s.ws.Chain())
		_ = s.closeProject()
	}
}

// closeSessions closes all sessions.
func (w *Worker) closeSessions() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for k, s := range w.sessions {
		<-s.ready
		s.close()
		delete(w.sessions, k)
	}
}
