package queue

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"hexapla/cmd/internal/tracing"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/edition"
)

// articleWorker makes the editions of articles of a build.
type articleWorker struct {
	river.WorkerDefaults[articleArgs]
	w *Worker
}

// Timeout implements river.Worker: engines may take their time.
func (a *articleWorker) Timeout(*river.Job[articleArgs]) time.Duration { return -1 }

// Work implements river.Worker. The results are stored before the job ends: one whose end
// does not reach the database finds them.
func (a *articleWorker) Work(ctx context.Context, job *river.Job[articleArgs]) error {
	err := a.w.measure("article", job.ID, func() error { return a.work(ctx, job) })
	return handBack(ctx, err)
}

func (a *articleWorker) work(ctx context.Context, job *river.Job[articleArgs]) error {
	if len(job.Args.Paths) > 1 && job.Attempt > 1 {
		return a.divide(ctx, job)
	}
	args := job.Args
	rows, err := a.w.queue.store.Pool().Query(ctx, "SELECT path, input FROM queue_article WHERE build = $1 AND pass = $2 AND path = ANY($3) AND result IS NULL AND taken = ''", args.Build, args.Pass, args.paths())
	if err != nil {
		return err
	}
	var all []*builtArticle
	var path string
	var input []byte
	if _, err := pgx.ForEachRow(rows, []any{&path, &input}, func() error {
		all = append(all, &builtArticle{path: path, input: input})
		return nil
	}); err != nil {
		return err
	}
	if len(all) == 0 {
		return nil // the build has ended, or another worker was faster
	}
	s, err := a.w.session(ctx, args)
	if err != nil {
		return err
	}
	defer s.done()
	var group sync.WaitGroup
	for _, b := range all {
		group.Go(func() {
			var in articleInput
			if err := unpack(b.input, &in); err != nil {
				b.err = river.JobCancel(err)
				return
			}
			ctx, span := tracing.Start(ctx, "article", tracing.Attr{Key: "path", Value: b.path}, tracing.Attr{Key: "locales", Value: len(s.context.Targets)})
			b.result, b.err = s.build(ctx, b.path, in)
			span.End(b.err)
		})
	}
	group.Wait()
	var errs []error
	var done []*builtArticle
	for _, b := range all {
		if b.err != nil {
			err := b.err
			var forGood *river.JobCancelError
			if len(all) > 1 && errors.As(err, &forGood) {
				// The others of the group are tried again, and this one gets a job of its own.
				err = errors.Unwrap(forGood)
			}
			errs = append(errs, err)
			continue
		}
		a.w.metrics.article(b.result)
		done = append(done, b)
	}
	// What is computed is kept although the worker is being stopped.
	keep, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := a.w.hand(keep, args, s.ws, done); err != nil {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// builtArticle is an article whose editions are made.
type builtArticle struct {
	path   string
	input  []byte
	result pipeline.Result
	err    error
}

// hand gives the build what it waits for: within the process if the build runs here and
// has room, else by the database.
func (w *Worker) hand(ctx context.Context, args articleArgs, ws *workspace.Workspace, done []*builtArticle) error {
	if len(done) == 0 {
		return nil
	}
	var paths []string
	var inputs [][]byte
	for _, b := range done {
		paths, inputs = append(paths, b.path), append(inputs, b.input)
	}
	// An article whose input is not the same any more has changed since.
	const open = " WHERE a.build = $1 AND a.pass = $2 AND a.path = u.path AND a.input = u.input AND a.result IS NULL AND a.taken = ''"
	if in := w.inbox(args); in != nil && in.reserve(len(done)) {
		rows, err := w.queue.store.Pool().Query(ctx, "UPDATE queue_article a SET taken = $5 FROM unnest($3::text[], $4::bytea[]) u(path, input)"+open+" RETURNING a.path", args.Build, args.Pass, paths, inputs, in.name)
		var taken []string
		if err == nil {
			taken, err = pgx.CollectRows(rows, pgx.RowTo[string])
		}
		var results []pipeline.Result
		for _, b := range done {
			if err == nil && slices.Contains(taken, b.path) {
				b.result.Units = ws.Units.Seen(b.path)
				results = append(results, b.result)
			}
		}
		in.put(results, len(done)-len(results))
		if err != nil {
			in.lose(paths)
		}
		return err
	}
	results := make([][]byte, len(done))
	for i, b := range done {
		r, err := newResult(ws, b.result)
		if err != nil {
			return err
		}
		if results[i], err = packResult(r); err != nil {
			return err
		}
	}
	_, err := w.queue.store.Pool().Exec(ctx, "UPDATE queue_article a SET result = u.result FROM unnest($3::text[], $4::bytea[], $5::bytea[]) u(path, input, result)"+open, args.Build, args.Pass, paths, inputs, results)
	return err
}

// divide gives each article of a job that failed, or whose worker died, a job of its own,
// so that one that cannot be built holds up no other.
func (a *articleWorker) divide(ctx context.Context, job *river.Job[articleArgs]) error {
	args := job.Args
	q := a.w.queue
	return pgx.BeginFunc(ctx, q.store.Pool(), func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, "SELECT path FROM queue_article WHERE build = $1 AND pass = $2 AND path = ANY($3) AND result IS NULL AND taken = '' FOR UPDATE", args.Build, args.Pass, args.Paths)
		if err != nil {
			return err
		}
		paths, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		groups := make([][]string, len(paths))
		for i, path := range paths {
			groups[i] = []string{path}
		}
		return q.insertArticles(ctx, tx, args.Build, args.Pass, job.Priority, groups)
	})
}

// insertArticles enqueues jobs, each for a group of articles.
func (q *Queue) insertArticles(ctx context.Context, tx pgx.Tx, build int64, pass, priority int, groups [][]string) error {
	if len(groups) == 0 {
		return nil
	}
	jobs := make([]river.InsertManyParams, len(groups))
	for i, g := range groups {
		o := articleArgs{}.InsertOpts()
		o.Priority, o.Metadata = priority, traceMetadata(ctx)
		args := articleArgs{Build: build, Pass: pass, Paths: g}
		if len(g) == 1 {
			args.Path, args.Paths = g[0], nil
		}
		jobs[i] = river.InsertManyParams{Args: args, InsertOpts: &o}
	}
	done, err := q.client.InsertManyTx(ctx, tx, jobs)
	if err != nil {
		return err
	}
	var paths []string
	var ids []int64
	for i, d := range done {
		for _, path := range groups[i] {
			paths, ids = append(paths, path), append(ids, d.Job.ID)
		}
	}
	_, err = tx.Exec(ctx, "UPDATE queue_article a SET job = u.id FROM unnest($3::text[], $4::bigint[]) u(path, id) WHERE a.build = $1 AND a.pass = $2 AND a.path = u.path", build, pass, paths, ids)
	return err
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
			w.o.Log.WarnContext(ctx, "articles are left to another worker", "paths", args.paths(), "reason", s.err)
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
	sum, err := fingerprint(ws)
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
	if in.Data != nil {
		a, ok = pipeline.Source{Path: path, Read: func() ([]byte, error) { return in.Data, nil }}, true
	}
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
