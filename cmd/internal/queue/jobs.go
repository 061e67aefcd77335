package queue

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"hexapla/cmd/internal/exit"
)

// Job is a job as people see it. Done and All count the articles of a build.
type Job struct {
	ID       int64           `json:"id"`
	Kind     string          `json:"kind"`
	State    string          `json:"state"`
	Queue    string          `json:"queue"`
	Priority int             `json:"priority"`
	Attempt  int             `json:"attempt"`
	Attempts int             `json:"attempts"`
	Created  time.Time       `json:"created"`
	Args     json.RawMessage `json:"args"`
	Error    string          `json:"error,omitempty"`
	Worker   string          `json:"worker,omitempty"`
	Done     int             `json:"done,omitempty"`
	All      int             `json:"all,omitempty"`
	Newer    bool            `json:"newer,omitempty"`    // only a newer release of the program can work on it
	WaitsFor int64           `json:"waitsFor,omitempty"` // the build that writes the same folder

	Outcome *Outcome `json:"outcome,omitempty"`
}

// explain adds to an error about the role's rights how to give them to it.
func (q *Queue) explain(err *error) { *err = q.store.MissingRights(*err) }

// Submit enqueues a job with a priority from 1, the highest, to 4. If the same job waits
// or runs already, it returns that one, and false. A build of the folder as it is now is
// enqueued although the same one runs: that may have read the articles before they were
// changed.
func (q *Queue) Submit(ctx context.Context, args river.JobArgs, priority int) (id int64, isNew bool, err error) {
	defer q.explain(&err)
	var o river.InsertOpts
	if d, ok := args.(river.JobArgsWithInsertOpts); ok {
		o = d.InsertOpts()
	}
	o.Priority, o.Metadata = priority, traceMetadata(ctx)
	r, err := q.client.Insert(ctx, args, &o)
	if err != nil {
		return 0, false, err
	}
	if b, ok := args.(BuildArgs); ok && r.UniqueSkippedAsDuplicate && r.Job.State == rivertype.JobStateRunning && b.Revision == "" {
		b.After = r.Job.ID
		if r, err = q.client.Insert(ctx, b, &o); err != nil {
			return 0, false, err
		}
	}
	return r.Job.ID, !r.UniqueSkippedAsDuplicate, nil
}

const jobQuery = `SELECT j.id, j.kind, j.state::text, j.queue, j.priority, j.attempt, j.max_attempts, j.created_at, j.args, coalesce(j.errors[array_upper(j.errors, 1)]->>'error', ''),
	coalesce(j.attempted_by[array_upper(j.attempted_by, 1)], ''), j.metadata->'output', j.metadata->'` + reasonKey + `',
	(SELECT count(*) FROM queue_article a WHERE a.build = j.id AND (a.result IS NOT NULL OR a.taken <> '')), (SELECT count(*) FROM queue_article a WHERE a.build = j.id) FROM river_job j `

func jobsOf(rows pgx.Rows) ([]Job, error) {
	defer rows.Close()
	out := []Job{}
	for rows.Next() {
		var j Job
		var args string
		var output, why []byte
		if err := rows.Scan(&j.ID, &j.Kind, &j.State, &j.Queue, &j.Priority, &j.Attempt, &j.Attempts, &j.Created, &args, &j.Error, &j.Worker, &output, &why, &j.Done, &j.All); err != nil {
			return nil, err
		}
		var waits reason // it stays in the metadata when the job does not wait any more
		if s := rivertype.JobState(j.State); (s == rivertype.JobStateAvailable || s == rivertype.JobStateScheduled) && json.Unmarshal(why, &waits) == nil {
			j.Newer, j.WaitsFor = waits.Newer, waits.For
		}
		j.Args = json.RawMessage(args)
		if len(output) > 0 {
			j.Outcome = &Outcome{}
			if err := json.Unmarshal(output, j.Outcome); err != nil {
				j.Outcome = nil
			}
		}
		out = append(out, j)
	}
	return out, rows.Err()
}

// Jobs lists jobs, the newest first. With no state, those that are not completed; with
// all, those of articles, too.
func (q *Queue) Jobs(ctx context.Context, state string, all bool, limit int) (jobs []Job, err error) {
	defer q.explain(&err)
	rows, err := q.store.Pool().Query(ctx, jobQuery+"WHERE ($1 = '' AND j.state <> 'completed' OR j.state::text = $1) AND ($2 OR j.kind <> 'article' OR j.state IN ('discarded', 'cancelled')) ORDER BY j.id DESC LIMIT $3", state, all, limit)
	if err != nil {
		return nil, err
	}
	return jobsOf(rows)
}

// Job returns a job.
func (q *Queue) Job(ctx context.Context, id int64) (j Job, err error) {
	defer q.explain(&err)
	rows, err := q.store.Pool().Query(ctx, jobQuery+"WHERE j.id = $1", id)
	if err != nil {
		return Job{}, err
	}
	all, err := jobsOf(rows)
	if err == nil && len(all) == 0 {
		return Job{}, exit.Usagef("there is no job %d", id)
	}
	if err != nil {
		return Job{}, err
	}
	return all[0], nil
}

// Workers returns how many workers give signs of life.
func (q *Queue) Workers(ctx context.Context) (n int, err error) {
	defer q.explain(&err)
	err = q.store.Pool().QueryRow(ctx, "SELECT count(*) FROM queue_worker WHERE seen > clock_timestamp() - "+deadAfter).Scan(&n)
	return n, err
}

// Cancel cancels a job that has not ended, and the articles of a build with it.
func (q *Queue) Cancel(ctx context.Context, id int64) (err error) {
	defer q.explain(&err)
	ids := []int64{id}
	rows, err := q.store.Pool().Query(ctx, "SELECT DISTINCT job FROM queue_article WHERE build = $1 AND job IS NOT NULL AND result IS NULL AND taken = ''", id)
	if err != nil {
		return err
	}
	articles, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	for _, id := range append(ids, articles...) {
		if _, err := q.client.JobCancel(ctx, id); errors.Is(err, rivertype.ErrNotFound) {
			return exit.Usagef("there is no job %d", id)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// Retry makes a job that failed, or was given up, available again.
func (q *Queue) Retry(ctx context.Context, id int64) (err error) {
	defer q.explain(&err)
	_, err = q.client.JobRetry(ctx, id)
	if errors.Is(err, rivertype.ErrNotFound) {
		return exit.Usagef("there is no job %d", id)
	}
	return err
}

// Wait waits for the end of a job. progress is called with the job now and then.
func (q *Queue) Wait(ctx context.Context, id int64, progress func(Job)) (Job, error) {
	for pause := 20 * time.Millisecond; ; pause = min(pause*3/2, 500*time.Millisecond) {
		j, err := q.Job(ctx, id)
		if err != nil {
			return j, err
		}
		progress(j)
		switch rivertype.JobState(j.State) {
		case rivertype.JobStateCompleted, rivertype.JobStateCancelled, rivertype.JobStateDiscarded:
			return j, nil
		}
		select {
		case <-ctx.Done():
			return j, ctx.Err()
		case <-time.After(pause):
		}
	}
}
