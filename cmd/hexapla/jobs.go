package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/queue"
)

func jobsCommand() *cli.Command {
	list := func(c *cli.Context) error {
		return runJobs(c.Context, newEnvironment(c), jobsOptions{c.String("state"), c.Bool("all"), c.Int("limit"), c.Bool("json")})
	}
	flags := func() []cli.Flag {
		return []cli.Flag{
			&cli.StringFlag{Name: "state", Usage: "only jobs in this `STATE`: available, running, retryable, scheduled, completed, cancelled, discarded (tried too often)"},
			&cli.BoolFlag{Name: "all", Aliases: []string{"a"}, Usage: "the articles of builds, too"},
			&cli.IntFlag{Name: "limit", Value: 50, Usage: "at most so many, the newest"},
			jsonFlag(),
		}
	}
	each := func(name, usage string, do func(*queue.Queue, context.Context, int64) error, message string) *cli.Command {
		return &cli.Command{
			Name: name, Usage: usage, ArgsUsage: "ID ...",
			Description: "Example:  hexapla jobs " + name + " 17",
			Action: func(c *cli.Context) error {
				return runEachJob(c.Context, newEnvironment(c), name, c.Args().Slice(), do, message)
			},
		}
	}
	return &cli.Command{
		Name:  "jobs",
		Usage: "list, cancel and retry the jobs of the project's workers",
		Description: `Without a subcommand, lists jobs that have not been completed. River's own user interface
shows the same jobs: go install riverqueue.com/riverui/cmd/riverui@v0.22.0, and give it the database
in DATABASE_URL.

Examples:  hexapla jobs --state discarded
           hexapla jobs retry 17`,
		Flags: flags(),
		Subcommands: []*cli.Command{
			{Name: "list", Usage: "list jobs", Description: "Example:  hexapla jobs list --all", Flags: flags(), Action: list},
			{Name: "show", Usage: "print everything about a job, with its errors and what it printed", ArgsUsage: "ID", Description: "Example:  hexapla jobs show 17",
				Action: func(c *cli.Context) error {
					return runJobShow(c.Context, newEnvironment(c), c.Args().Slice())
				}},
			each("cancel", "cancel jobs; a running one is stopped", (*queue.Queue).Cancel, "JobCancelled"),
			each("retry", "try jobs again that failed or were cancelled", (*queue.Queue).Retry, "JobRetried"),
		},
		Action: list,
	}
}

// jobsOptions are the options of jobs list.
type jobsOptions struct {
	state string
	all   bool
	limit int
	json  bool
}

// withQueue calls f with the queue of the project.
func withQueue(ctx context.Context, e *environment, f func(*queue.Queue) error) (err error) {
	q, err := openQueue(ctx, e)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, q.Close()) }()
	return f(q)
}

func runJobs(ctx context.Context, e *environment, o jobsOptions) error {
	return withQueue(ctx, e, func(q *queue.Queue) error {
		jobs, err := q.Jobs(ctx, o.state, o.all, o.limit)
		if err != nil {
			return err
		}
		if o.json {
			return e.JSON(jobs)
		}
		if len(jobs) == 0 {
			return e.Println(e.Text("NoJobs"))
		}
		t := console.NewTable(e.Text("HeadJob"), e.Text("HeadKind"), e.Text("HeadState"), e.Text("HeadPriority"), e.Text("HeadAttempts"), e.Text("HeadTime"), e.Text("HeadProgress"), e.Text("HeadText"))
		for _, j := range jobs {
			progress := ""
			if j.All > 0 {
				progress = fmt.Sprintf("%d/%d", j.Done, j.All)
			}
			text := cmp.Or(waitReason(e, j), e.Visible(j.Error), e.Visible(string(j.Args)))
			t.Row(j.ID, j.Kind, j.State, j.Priority, fmt.Sprintf("%d/%d", j.Attempt, j.Attempts), j.Created.Local().Format(time.DateTime), progress, text)
		}
		return t.Print(e.Out)
	})
}

// waitReason returns why a job waits, "" if it does not wait for anything but a worker.
func waitReason(e *environment, j queue.Job) string {
	switch {
	case j.Newer:
		return e.Text("JobNewer")
	case j.WaitsFor != 0:
		return e.Text("JobWaitsFor", console.Args{"Job": fmt.Sprint(j.WaitsFor)})
	}
	return ""
}

func jobID(s string) (int64, error) {
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, exit.Usagef("%q is not the number of a job; 'hexapla jobs' lists them", s)
	}
	return id, nil
}

func runJobShow(ctx context.Context, e *environment, args []string) error {
	if len(args) != 1 {
		return exit.Usagef("jobs show: the number of one job is required")
	}
	id, err := jobID(args[0])
	if err != nil {
		return err
	}
	return withQueue(ctx, e, func(q *queue.Queue) error {
		j, err := q.Job(ctx, id)
		if err != nil {
			return err
		}
		return e.JSON(j)
	})
}

func runEachJob(ctx context.Context, e *environment, name string, args []string, do func(*queue.Queue, context.Context, int64) error, message string) error {
	if len(args) == 0 {
		return exit.Usagef("jobs %s: the number of at least one job is required", name)
	}
	return withQueue(ctx, e, func(q *queue.Queue) error {
		for _, s := range args {
			id, err := jobID(s)
			if err != nil {
				return err
			}
			if err := do(q, ctx, id); err != nil {
				return err
			}
			if err := e.Println(e.Text(message, console.Args{"Job": s})); err != nil {
				return err
			}
		}
		return nil
	})
}
