package queue

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/publish"
	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
)

// Outcome is what a job recorded when it ended: the exit code that the command would
// have had, and what it printed, of a build its summary.
type Outcome struct {
	Code    int              `json:"code"`
	Out     string           `json:"out,omitempty"`
	Err     string           `json:"err,omitempty"`
	Summary *publish.Summary `json:"summary,omitempty"`
}

// buildWorker runs a build: it enqueues the articles and writes what comes back.
type buildWorker struct {
	river.WorkerDefaults[BuildArgs]
	w *Worker
}

// Timeout implements river.Worker.
func (b *buildWorker) Timeout(*river.Job[BuildArgs]) time.Duration { return -1 }

// Work implements river.Worker.
func (b *buildWorker) Work(ctx context.Context, job *river.Job[BuildArgs]) error {
	err := b.w.measure("build", job.ID, func() error { return b.work(ctx, job) })
	var usage exit.UsageError
	if errors.As(err, &usage) {
		return river.JobCancel(err) // it will not become right by itself
	}
	return handBack(ctx, err)
}

func (b *buildWorker) work(ctx context.Context, job *river.Job[BuildArgs]) error {
	a := job.Args
	unlock, other, err := b.w.queue.lockOutput(ctx, a.Output, job.ID)
	if err != nil {
		return err
	}
	if unlock == nil {
		if err := river.MetadataSet(ctx, reasonKey, reason{For: other}); err != nil {
			return err
		}
		return river.JobSnooze(300 * time.Millisecond)
	}
	defer unlock()
	ctx, end := b.w.whileSeen(ctx, job.ID)
	defer end()
	b.w.closeIdle(sessionKey{})
	ws, closeProject, err := b.w.open(ctx, a.Revision, workspace.Options{Engines: !a.NoHooks, Fetch: true, Select: &workspace.Selection{Articles: a.Articles, Locales: a.Locales},
		Clock: func() time.Time { return b.w.clock.Now().UTC().Truncate(time.Second) }})
	if errors.Is(err, errTreeBusy) {
		return river.JobSnooze(300 * time.Millisecond)
	}
	if err != nil {
		return err
	}
	own := &builder{worker: b.w, queue: b.w.queue, ws: ws, job: job.ID, priority: job.Priority, name: b.w.attemptName(job.Attempt), noHooks: a.NoHooks, revision: a.Revision}
	log := b.w.o.Log.With("job", job.ID)
	log.InfoContext(ctx, "build started", "articles", len(ws.Articles), "locales", len(ws.Targets))
	project, err := rootfs.Open(b.w.o.Dir) // also of a build that is read from another tree
	if err != nil {
		return errors.Join(err, closeProject())
	}
	defer project.Close()
	if a.Revision != "" && a.Output == "" {
		// The editions are where those of other builds are.
		if ws.Config.HasOutputPattern() {
			return errors.Join(exit.Usagef("the editions of revision %s are among its sources: submit the build with --output", a.Revision), closeProject())
		}
		a.Output = filepath.Join(b.w.o.Dir, filepath.FromSlash(ws.Config.OutputFolder()))
	}
	o := publish.Options{Output: a.Output, Overwrite: a.Overwrite, Incremental: true, Force: a.Force, Partial: len(a.Articles) > 0, Project: project,
		Waiting: func(h rootfs.Holder, lock string) {
			log.InfoContext(ctx, "waiting for a build outside of the queue that writes to the same folder", "process", h.Process, "host", h.Host, "lock", lock)
		}}
	if !ws.ChoosesFiles() {
		o.Builder = own
	}
	s, err := publish.Build(ctx, ws, o, silent{})
	if a.Revision != "" {
		err = errors.Join(err, b.w.revisions.restore(context.WithoutCancel(ctx)))
	}
	if cerr := closeProject(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	s.Findings = ws.Shown(s.Findings)
	outcome := Outcome{Code: exit.Code(s.Err()), Summary: s}
	log.InfoContext(ctx, "build ended", "written", s.Written, "unchanged", s.Unchanged, "code", outcome.Code)
	if err := river.RecordOutput(ctx, outcome); err != nil {
		return err
	}
	return own.finish(context.WithoutCancel(ctx))
}

// lockOutput takes the lock of an output folder for a job: two builds that write the same
// manifests at the same time would lose entries of each other. If another build has it,
// unlock is nil, and other the job of that one if it is known. The server releases the
// lock when the connection ends.
func (q *Queue) lockOutput(ctx context.Context, output string, job int64) (unlock func(), other int64, err error) {
	conn, err := q.store.Pool().Acquire(ctx)
	if err != nil {
		return nil, 0, err
	}
	const lock = "hashtext(current_schema() || ' ' || $1)"
	var ok bool
	err = conn.QueryRow(ctx, "SELECT pg_try_advisory_lock(1212503127, "+lock+"), coalesce((SELECT job FROM queue_output WHERE output = $1), 0)", output).Scan(&ok, &other)
	if err != nil || !ok {
		conn.Release()
		return nil, other, err
	}
	unlock = func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if _, err := conn.Exec(ctx, "SELECT pg_advisory_unlock(1212503127, "+lock+")", output); err != nil {
			_ = conn.Conn().Close(ctx) // a lock must not stay with a connection of the pool
		}
		conn.Release()
	}
	if _, err := conn.Exec(ctx, "INSERT INTO queue_output (output, job) VALUES ($1, $2) ON CONFLICT (output) DO UPDATE SET job = excluded.job", output, job); err != nil {
		unlock()
		return nil, 0, err
	}
	return unlock, 0, nil
}

// silent observes nothing.
type silent struct{}

// Article implements publish.Observer.
func (silent) Article(pipeline.Result, []publish.Earlier) {}

// Wrote implements publish.Observer.
func (silent) Wrote(string, bool) {}

// commandWorker runs a command of this program.
type commandWorker struct {
	river.WorkerDefaults[CommandArgs]
	w *Worker
}

// Timeout implements river.Worker.
func (c *commandWorker) Timeout(*river.Job[CommandArgs]) time.Duration { return -1 }

// Commands are those that can be jobs.
var Commands = []string{"export", "import", "align", "check", "hooks", "deploy"}

// maxOutput is how many bytes of what a command prints are kept.
const maxOutput = 256 << 10

// Work implements river.Worker. Findings are a result, wrong usage is for ever, and any
// other failure is tried again.
func (c *commandWorker) Work(ctx context.Context, job *river.Job[CommandArgs]) error {
	defer c.w.track(job.ID)()
	start := time.Now()
	code, out, errs := c.w.o.Run(ctx, job.Args.Command)
	err := error(nil)
	if code == exit.Failed {
		err = errors.New(lastLine(errs))
	}
	c.w.metrics.job("command", time.Since(start), err)
	if err := river.RecordOutput(ctx, Outcome{Code: code, Out: tail(out), Err: tail(errs)}); err != nil {
		return err
	}
	if code == exit.Usage {
		return river.JobCancel(errors.New(lastLine(errs)))
	}
	return handBack(ctx, err)
}

// tail returns the end of a text.
func tail(s string) string {
	if len(s) <= maxOutput {
		return s
	}
	return "…" + strings.ToValidUTF8(s[len(s)-maxOutput:], "")
}

func lastLine(s string) string {
	s = strings.TrimSpace(s)
	return s[strings.LastIndexByte(s, '\n')+1:]
}
