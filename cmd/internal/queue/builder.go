package queue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/riverqueue/river/rivertype"

	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/edition"
)

// builder makes the editions of a build by jobs. It implements publish.Builder.
type builder struct {
	worker   *Worker
	queue    *Queue
	ws       *workspace.Workspace
	job      int64 // of the build
	priority int
	name     string // of this attempt
	revision string // "" for the folder
	noHooks  bool
	pass     int
}

// inserted is how many articles are enqueued in one transaction.
const inserted = 200

// Small articles share a job, so that the work is more than what a job costs: at most
// groupSize of at most groupBytes, and so few that each worker has groupsEach jobs.
const (
	groupSize  = 8
	groupBytes = 64 << 10
	groupsEach = 4
)

// Build implements publish.Builder. An attempt of a build that was interrupted finds the
// results that are there already.
func (b *builder) Build(ctx context.Context, articles []pipeline.Source, targets []string, existing edition.Index, paths func(string) []string, emit func(pipeline.Result) error) error {
	pass := b.pass
	b.pass++
	c, err := b.context(ctx, pass, articles, targets, existing, paths)
	if err != nil {
		return err
	}
	data, err := pack(c)
	if err != nil {
		return err
	}
	if _, err := b.queue.store.Pool().Exec(ctx, "INSERT INTO queue_build (build, pass, context) VALUES ($1, $2, $3) ON CONFLICT (build, pass) DO UPDATE SET context = excluded.context", b.job, pass, data); err != nil {
		return err
	}
	// What an earlier attempt had taken is lost with it.
	if _, err := b.queue.store.Pool().Exec(ctx, giveBack, b.job, pass, b.name); err != nil {
		return err
	}
	workers, err := b.queue.Workers(ctx)
	if err != nil {
		return err
	}
	size := min(groupSize, max(1, len(articles)/(groupsEach*max(1, workers))))
	in, closeInbox := b.worker.openInbox(b.job, pass, b.name)
	defer closeInbox()
	waiting := map[string]bool{}
	for len(articles) > 0 {
		n := min(inserted, len(articles))
		if err := b.enqueue(ctx, pass, articles[:n], targets, existing, size, waiting, emit); err != nil {
			return err
		}
		articles = articles[n:]
	}
	return b.collect(ctx, pass, in, waiting, emit)
}

// giveBack gives back what other attempts of a build have taken.
const giveBack = "UPDATE queue_article SET taken = '' WHERE build = $1 AND pass = $2 AND taken <> '' AND taken <> $3"

// context returns the context of a pass: that of the first attempt, unless the project
// has changed since. An attempt that was interrupted may have written some of the
// manifests; what the build began with stays true for all of its articles.
func (b *builder) context(ctx context.Context, pass int, articles []pipeline.Source, targets []string, existing edition.Index, paths func(string) []string) (*buildContext, error) {
	names := make([]string, len(articles))
	for i, a := range articles {
		names[i] = b.ws.Config.EditionPath(a.Path)
	}
	c := newContext(names, b.ws.Config.Project.Locales, existing, paths)
	c.Targets, c.NoHooks, c.Time, c.Revision = targets, b.noHooks, b.ws.Clock(), b.revision
	var err error
	if c.Fingerprint, err = fingerprint(b.ws); err != nil {
		return nil, err
	}
	var data []byte
	err = b.queue.store.Pool().QueryRow(ctx, "SELECT context FROM queue_build WHERE build = $1 AND pass = $2", b.job, pass).Scan(&data)
	if err == pgx.ErrNoRows {
		return c, nil
	}
	if err != nil {
		return nil, err
	}
	var old buildContext
	if err := unpack(data, &old); err != nil {
		return nil, err
	}
	if old.Fingerprint == c.Fingerprint {
		return &old, nil
	}
	// The project has changed since: nothing of the other attempt counts.
	_, err = b.queue.store.Pool().Exec(ctx, "DELETE FROM queue_article WHERE build = $1 AND pass >= $2", b.job, pass)
	return c, err
}

// enqueue adds the jobs of articles, in one transaction. Those that cannot be read are
// emitted at once.
func (b *builder) enqueue(ctx context.Context, pass int, articles []pipeline.Source, targets []string, existing edition.Index, size int, waiting map[string]bool, emit func(pipeline.Result) error) error {
	var names []string
	var inputs [][]byte
	sums, lengths := map[string]string{}, map[string]int{}
	for _, a := range articles {
		if a.Unchanged {
			continue
		}
		data, err := a.Read()
		if err != nil {
			r := pipeline.Result{Path: a.Path, Document: &bitext.Document{Path: a.Path}, Diagnostics: diag.From(err, "article.read")}
			for i := range r.Diagnostics {
				r.Diagnostics[i].Place.Path = a.Path
			}
			if err := emit(r); err != nil {
				return err
			}
			continue
		}
		sum := sha256.Sum256(data)
		in := articleInput{SHA256: hex.EncodeToString(sum[:]), Entries: map[string]*edition.Article{}, Dates: map[string]edition.Dates{}}
		if b.ws.Config.Sources.URL != "" {
			in.Data = data
		}
		path := b.ws.Config.EditionPath(a.Path)
		for _, l := range targets {
			if e := existing.Get(l, path); e != nil {
				in.Entries[l] = e
			}
			if d, ok := existing.Dates(l, path); ok {
				in.Dates[l] = d
			}
		}
		packed, err := pack(in)
		if err != nil {
			return err
		}
		names, inputs, sums[a.Path] = append(names, a.Path), append(inputs, packed), in.SHA256
		lengths[a.Path] = len(data)
		waiting[a.Path] = true
	}
	if len(names) == 0 {
		return nil
	}
	return pgx.BeginFunc(ctx, b.queue.store.Pool(), func(tx pgx.Tx) error {
		// The input of an earlier attempt stays, and its result, if the article is the same.
		if _, err := tx.Exec(ctx, `INSERT INTO queue_article (build, pass, path, input) SELECT $1, $2, u.path, u.input FROM unnest($3::text[], $4::bytea[]) u(path, input)
			ON CONFLICT (build, pass, path) DO NOTHING`, b.job, pass, names, inputs); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT a.path, a.input, a.result IS NULL, coalesce(j.state IN ('available', 'pending', 'running', 'retryable', 'scheduled'), false)
			FROM queue_article a LEFT JOIN river_job j ON j.id = a.job WHERE a.build = $1 AND a.pass = $2 AND a.path = ANY($3) ORDER BY a.path`, b.job, pass, names)
		if err != nil {
			return err
		}
		var groups [][]string
		var path string
		var packed []byte
		var open, enqueued bool
		room := 0
		changed := map[string][]byte{}
		if _, err := pgx.ForEachRow(rows, []any{&path, &packed, &open, &enqueued}, func() error {
			var in articleInput
			if err := unpack(packed, &in); err != nil {
				return err
			}
			if in.SHA256 != sums[path] {
				open, changed[path] = true, inputs[slices.Index(names, path)]
			}
			if !open || enqueued {
				return nil
			}
			if last := len(groups) - 1; last >= 0 && len(groups[last]) < size && lengths[path] <= room {
				groups[last] = append(groups[last], path)
				room -= lengths[path]
			} else {
				groups = append(groups, []string{path})
				room = groupBytes - lengths[path]
			}
			return nil
		}); err != nil {
			return err
		}
		for path, input := range changed {
			if _, err := tx.Exec(ctx, "UPDATE queue_article SET input = $4, result = NULL, taken = '' WHERE build = $1 AND pass = $2 AND path = $3", b.job, pass, path, input); err != nil {
				return err
			}
		}
		return b.queue.insertArticles(ctx, tx, b.job, pass, b.priority, groups)
	})
}

// collect emits results as they come, until there are all.
func (b *builder) collect(ctx context.Context, pass int, in *inbox, waiting map[string]bool, emit func(pipeline.Result) error) error {
	const shortest, longest = 4 * time.Millisecond, 100 * time.Millisecond
	pause := shortest
	var lastLook, lastCheck time.Time
	for len(waiting) > 0 {
		results := in.take()
		if len(results) == 0 || time.Since(lastLook) > pause {
			stored, err := b.take(ctx, pass, waiting)
			if err != nil {
				return err
			}
			lastLook, pause = time.Now(), min(2*pause, longest)
			if len(stored) > 0 {
				pause = shortest
			}
			results = append(results, stored...)
		}
		for _, r := range results {
			if !waiting[r.Path] {
				continue
			}
			if len(r.Units) > 0 {
				b.ws.Units.AddSeen(r.Path, r.Units)
			}
			if !b.worker.isSeen() {
				return errUnseen // nothing is written beside another worker
			}
			if err := emit(r); err != nil {
				return err
			}
			delete(waiting, r.Path)
		}
		if len(results) > 0 {
			continue
		}
		if time.Since(lastCheck) > 2*time.Second {
			lastCheck = time.Now()
			if err := b.failed(ctx, pass, in, waiting, emit); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-in.filled:
		case <-time.After(pause):
		}
	}
	return nil
}

// take takes a few results of the database that this attempt has not taken.
func (b *builder) take(ctx context.Context, pass int, waiting map[string]bool) ([]pipeline.Result, error) {
	rows, err := b.queue.store.Pool().Query(ctx, `WITH ready AS MATERIALIZED (SELECT path FROM queue_article WHERE build = $1 AND pass = $2 AND result IS NOT NULL AND taken = '' LIMIT 16)
		UPDATE queue_article a SET taken = $3 FROM ready WHERE a.build = $1 AND a.pass = $2 AND a.path = ready.path RETURNING a.path, a.result`, b.job, pass, b.name)
	if err != nil {
		return nil, err
	}
	var results []pipeline.Result
	var path string
	var data pgtype.DriverBytes // of the connection: it is read before the next row
	_, err = pgx.ForEachRow(rows, []any{&path, &data}, func() error {
		if !waiting[path] {
			return nil // not of this attempt's articles
		}
		r, err := unpackResult(data)
		if err != nil {
			return fmt.Errorf("the result of %s: %w", path, err)
		}
		results = append(results, r.result())
		return nil
	})
	return results, err
}

// failed emits the articles whose jobs came to an end without a result: they were tried
// too often, or somebody cancelled them. A job that is gone is enqueued again.
func (b *builder) failed(ctx context.Context, pass int, in *inbox, waiting map[string]bool, emit func(pipeline.Result) error) error {
	if _, err := b.queue.store.Pool().Exec(ctx, giveBack, b.job, pass, b.name); err != nil {
		return err // an attempt that was taken for dead has taken some
	}
	if err := b.giveBackLost(ctx, pass, in, waiting); err != nil {
		return err
	}
	rows, err := b.queue.store.Pool().Query(ctx, `SELECT a.path, coalesce(j.state::text, ''), coalesce(j.attempt, 0), coalesce(j.errors[array_upper(j.errors, 1)]->>'error', '')
		FROM queue_article a LEFT JOIN river_job j ON j.id = a.job WHERE a.build = $1 AND a.pass = $2 AND a.result IS NULL AND a.taken = '' AND (j.id IS NULL OR j.state IN ('discarded', 'cancelled', 'completed'))`, b.job, pass)
	if err != nil {
		return err
	}
	type failure struct {
		path, state, message string
		attempt              int
	}
	var all []failure
	var f failure
	if _, err := pgx.ForEachRow(rows, []any{&f.path, &f.state, &f.attempt, &f.message}, func() error {
		all = append(all, f)
		return nil
	}); err != nil {
		return err
	}
	for _, f := range all {
		if !waiting[f.path] {
			continue
		}
		if f.state != string(rivertype.JobStateDiscarded) && f.state != string(rivertype.JobStateCancelled) {
			if err := b.again(ctx, pass, f.path); err != nil {
				return err
			}
			continue
		}
		delete(waiting, f.path)
		if err := emit(pipeline.Result{Path: f.path, Document: &bitext.Document{Path: f.path}, Diagnostics: []diag.Diagnostic{diag.Diagnostic{
			ID: "article.job", Severity: diag.Error, Place: diag.Place{Path: f.path},
			Hint: "'hexapla jobs --state discarded' lists such jobs, 'hexapla jobs retry' tries them again",
		}.Messagef("no worker could build the article; its job is %s after %d attempts: %s", diag.Arg("state", f.state), diag.Arg("attempts", f.attempt), diag.Arg("error", f.message))}}); err != nil {
			return err
		}
	}
	return nil
}

// giveBackLost gives back the articles that this attempt has taken and never got. One that
// the database does not have as taken may be so later, when a statement that was given up
// ends: it is looked at again.
func (b *builder) giveBackLost(ctx context.Context, pass int, in *inbox, waiting map[string]bool) error {
	lost := slices.DeleteFunc(in.takeLost(), func(path string) bool { return !waiting[path] })
	if len(lost) == 0 {
		return nil
	}
	rows, err := b.queue.store.Pool().Query(ctx, "UPDATE queue_article SET taken = '' WHERE build = $1 AND pass = $2 AND taken = $3 AND result IS NULL AND path = ANY($4) RETURNING path", b.job, pass, b.name, lost)
	if err != nil {
		return err
	}
	back, err := pgx.CollectRows(rows, pgx.RowTo[string])
	in.lose(slices.DeleteFunc(lost, func(path string) bool { return slices.Contains(back, path) }))
	return err
}

// again enqueues an article whose job is gone.
func (b *builder) again(ctx context.Context, pass int, path string) error {
	return pgx.BeginFunc(ctx, b.queue.store.Pool(), func(tx pgx.Tx) error {
		return b.queue.insertArticles(ctx, tx, b.job, pass, b.priority, [][]string{{path}})
	})
}

// finish removes what is kept for the attempts of a build, and of builds that were
// given up long ago.
func (b *builder) finish(ctx context.Context) error {
	pool := b.queue.store.Pool()
	for _, table := range []string{"queue_article", "queue_build"} {
		if _, err := pool.Exec(ctx, "DELETE FROM "+table+" WHERE build = $1 OR build IN (SELECT build FROM queue_build WHERE created < now() - interval '7 days')", b.job); err != nil {
			return err
		}
	}
	return nil
}
