// Package queue runs the work of a project on many machines: jobs of River in the
// database of the memory.
//
// A build is a job that has one job for each article, or for a few small ones, with all
// locales: which pages of an article there are decides what each of them names. The job of
// the build has everything that an article's editions depend on beside the article and the
// memory: the editions of earlier builds, the time, a fingerprint of the project. The jobs
// of articles only compute; their results go back by the database, or within the process
// of the build, and the job of the build writes pages and manifests, by the same code as a
// build on one machine. So a build of many workers has the same bytes as one of a single
// process, whatever is done twice.
//
// A worker that dies loses nothing: its jobs are handed to others when its sign of life,
// which is by the clock of the server, is some seconds old.
package queue

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"hexapla/pipeline/memory/postgres"
)

// The queues. A build waits for its articles, so that these have a queue of their own.
const (
	BuildQueue   = "build"
	ArticleQueue = "article"
	CommandQueue = "command"
)

// Queue is the queue of a project.
type Queue struct {
	store  *postgres.Store
	client *river.Client[pgx.Tx] // for enqueuing and looking
	clock  *serverClock
}

// Open opens the queue in the database of a memory, and makes its tables if they are not
// there. Close closes the store.
func Open(ctx context.Context, store *postgres.Store) (*Queue, error) {
	if err := migrate(ctx, store); err != nil {
		return nil, fmt.Errorf("queue in %s: %w", store.Name(), store.MissingRights(err))
	}
	q := &Queue{store: store, clock: &serverClock{machine: time.Now}}
	asked := time.Now()
	var server time.Time
	if err := store.Pool().QueryRow(ctx, "SELECT clock_timestamp()").Scan(&server); err != nil {
		return nil, err
	}
	q.clock.set(server, asked)
	var err error
	q.client, err = river.NewClient(riverpgxv5.New(store.Pool()), &river.Config{Logger: slog.New(slog.DiscardHandler), Test: river.TestConfig{Time: q.clock}})
	return q, err
}

// Close closes the database.
func (q *Queue) Close() error { return q.store.Close() }

// unfinished are the states of jobs that have not come to an end.
var unfinished = []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled}

// BuildArgs are those of a build: of the articles and locales selected, all if none are.
// Revision is the commit that the project is read from, empty for its folder as it is.
type BuildArgs struct {
	Revision  string   `json:"revision,omitempty"`
	Articles  []string `json:"articles,omitempty"`
	Locales   []string `json:"locales,omitempty"`
	Output    string   `json:"output,omitempty"`
	Force     bool     `json:"force,omitempty"`
	Overwrite bool     `json:"overwrite,omitempty"`
	NoHooks   bool     `json:"no_hooks,omitempty"`

	// After is the same build that ran when this one was submitted. It may have read the
	// sources before the change that this one is for.
	After int64 `json:"after,omitempty"`
}

// Kind implements river.JobArgs.
func (BuildArgs) Kind() string { return "build" }

// InsertOpts implements river.JobArgsWithInsertOpts. The same build does not wait twice.
func (BuildArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: BuildQueue, MaxAttempts: 100, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished}}
}

// articleArgs are those of articles of a build: of one, or of several small ones.
type articleArgs struct {
	Build int64    `json:"build"`
	Pass  int      `json:"pass"`
	Path  string   `json:"path,omitempty"`
	Paths []string `json:"paths,omitempty"` // instead of Path
}

// paths returns the articles.
func (a articleArgs) paths() []string {
	if len(a.Paths) > 0 {
		return a.Paths
	}
	return []string{a.Path}
}

// Kind implements river.JobArgs.
func (articleArgs) Kind() string { return "article" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (articleArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: ArticleQueue, MaxAttempts: 8, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished}}
}

// CommandArgs is a command of this program with its arguments, without the project.
type CommandArgs struct {
	Command []string `json:"command"`
}

// Kind implements river.JobArgs.
func (CommandArgs) Kind() string { return "command" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (CommandArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: CommandQueue, MaxAttempts: 8, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished}}
}
