// Package queue runs the work of a project on many machines: jobs of River in the
// database of the memory.
//
// A build is a job that has one job for each article, with all its locales: which pages
// of an article there are decides what each of them names. The job of the build has
// everything that an article's editions depend on beside the article and the memory: the
// editions of earlier builds, the time, a fingerprint of the project. The jobs of
// articles only compute; their results go back by the database, and the job of the build
// writes pages and manifests, by the same code as a build on one machine. So a build of
// many workers has the same bytes as one of a single process, whatever is done twice.
//
// A worker that dies loses nothing: its jobs are handed to others when its sign of life,
// which is by the clock of the server, is some seconds old.
package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
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
}

// schema are the tables beside River's. queue_build has what the articles of a build have
// in common, queue_article what is different, and the results; pass counts the passes of
// one build. taken is the name of the process that has read a result. queue_worker has
// the workers that live.
const schema = `
CREATE TABLE queue_build (build bigint NOT NULL, pass integer NOT NULL, context bytea NOT NULL, created timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (build, pass));
CREATE TABLE queue_article (build bigint NOT NULL, pass integer NOT NULL, path text COLLATE "C" NOT NULL, input bytea NOT NULL,
  job bigint, result bytea, taken text COLLATE "C" NOT NULL DEFAULT '', PRIMARY KEY (build, pass, path));
CREATE INDEX queue_article_ready ON queue_article (build, pass) WHERE result IS NOT NULL;
CREATE TABLE queue_worker (name text COLLATE "C" PRIMARY KEY, seen timestamptz NOT NULL, version text NOT NULL);
`

// migrationLock is the key of the advisory lock that migrations hold.
const migrationLock = 0x48585457

// Open opens the queue in the database of a memory, and makes its tables if they are not
// there. Close closes the store.
func Open(ctx context.Context, store *postgres.Store) (*Queue, error) {
	if err := migrate(ctx, store); err != nil {
		return nil, fmt.Errorf("queue in %s: %w", store.Name(), err)
	}
	client, err := river.NewClient(riverpgxv5.New(store.Pool()), &river.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	return &Queue{store: store, client: client}, nil
}

// Close closes the database.
func (q *Queue) Close() error { return q.store.Close() }

func migrate(ctx context.Context, store *postgres.Store) error {
	pool := store.Pool()
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	const there = "SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = $1)"
	isMigrated := func(q interface {
		QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	}) (bool, error) {
		var ours, rivers bool
		err := errors.Join(q.QueryRow(ctx, there, "queue_worker").Scan(&ours), q.QueryRow(ctx, there, "river_job").Scan(&rivers))
		if err != nil || !ours || !rivers {
			return false, err
		}
		existing, err := migrator.ExistingVersions(ctx)
		return err == nil && len(existing) >= len(migrator.AllVersions()), err
	}
	if done, err := isMigrated(pool); done || err != nil {
		return err
	}
	// River commits each of its migrations, so that the lock is the session's.
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", migrationLock); err != nil {
		return err
	}
	defer conn.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", migrationLock)
	if done, err := isMigrated(conn); done || err != nil {
		return err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	var ours bool
	if err := conn.QueryRow(ctx, there, "queue_worker").Scan(&ours); err != nil || ours {
		return err
	}
	_, err = conn.Exec(ctx, schema)
	return err
}

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
}

// Kind implements river.JobArgs.
func (BuildArgs) Kind() string { return "build" }

// InsertOpts implements river.JobArgsWithInsertOpts. The same build is not queued twice.
func (BuildArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: BuildQueue, MaxAttempts: 100, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished}}
}

// articleArgs are those of an article of a build.
type articleArgs struct {
	Build int64  `json:"build"`
	Pass  int    `json:"pass"`
	Path  string `json:"path"`
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
