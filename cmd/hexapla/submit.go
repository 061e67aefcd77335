package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/board"
	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/queue"
	"hexapla/cmd/internal/tracing"
)

func submitCommand() *cli.Command {
	priority := func() cli.Flag {
		return &cli.IntFlag{Name: "priority", Aliases: []string{"p"}, Value: 2, Usage: "from 1, the highest (breaking news), to 4 (an archive)"}
	}
	wait := func() cli.Flag {
		return &cli.BoolFlag{Name: "wait", Aliases: []string{"w"}, Usage: "wait for the end, and exit with the status of the work"}
	}
	commands := []*cli.Command{{
		Name:      "build",
		Usage:     "enqueue a build",
		ArgsUsage: "[ARTICLE ...]",
		Description: `The editions are those of 'hexapla build', byte for byte, made by all workers together. A build
that waits or runs already is not enqueued twice.

With --revision the workers read the project from a commit of the git repository that
their folder is in, and fetch it from there: their folders may be as old as they like.

Examples:
  hexapla submit build --priority 1 --wait articles/breaking.md
  hexapla submit build --revision HEAD --wait`,
		Flags: []cli.Flag{
			localeFlag(), priority(), wait(), jsonFlag(),
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the editions to `FOLDER` of the worker instead of the project's"},
			&cli.StringFlag{Name: "revision", Usage: "build the project as it is at this `REVISION` of its git repository; workers fetch it"},
			&cli.BoolFlag{Name: "no-hooks", Usage: "use catalogs and memory only"},
			&cli.BoolFlag{Name: "force", Usage: "build articles for which nothing has changed, too"},
			&cli.BoolFlag{Name: "overwrite", Usage: "replace pages that were changed by hand, or that no manifest lists"},
		},
		Action: func(c *cli.Context) error {
			e := newEnvironment(c)
			commit, err := commitOf(c.Context, e, c.String("revision"))
			if err != nil {
				return err
			}
			return runSubmit(c.Context, e, queue.BuildArgs{
				Revision: commit,
				Articles: c.Args().Slice(), Locales: splitList(c.StringSlice("locale")), Output: c.String("output"),
				Force: c.Bool("force"), Overwrite: c.Bool("overwrite"), NoHooks: c.Bool("no-hooks"),
			}, submitOptions{c.Int("priority"), c.Bool("wait"), c.Bool("json")})
		},
	}}
	for _, name := range queue.Commands {
		commands = append(commands, &cli.Command{
			Name:        name,
			Usage:       "enqueue 'hexapla " + name + "'",
			ArgsUsage:   "[-- FLAG ...] [ARGUMENT ...]",
			Description: "The flags and arguments behind '--' are those of 'hexapla " + name + "'. Files are those of the worker.\n\nExample:  hexapla submit " + name + " --wait -- --json",
			Flags:       []cli.Flag{priority(), wait(), jsonFlag()},
			Action: func(c *cli.Context) error {
				return runSubmit(c.Context, newEnvironment(c), queue.CommandArgs{Command: append([]string{name}, c.Args().Slice()...)}, submitOptions{c.Int("priority"), c.Bool("wait"), c.Bool("json")})
			},
		})
	}
	return &cli.Command{
		Name:        "submit",
		Usage:       "enqueue work for the project's workers",
		Description: "'hexapla work' takes it, on any machine that has the project. See also 'hexapla jobs'.\n\nExample:  hexapla submit build --wait",
		Subcommands: commands,
	}
}

// commitOf returns the commit that a revision names in the repository of the project,
// "" for none.
func commitOf(ctx context.Context, e *environment, revision string) (string, error) {
	if revision == "" {
		return "", nil
	}
	dir, err := e.projectFolder()
	if err != nil {
		return "", err
	}
	return queue.ResolveRevision(ctx, dir, revision)
}

// submitted is what submit prints as JSON.
type submitted struct {
	ID  int64 `json:"id"`
	New bool  `json:"new"` // false for a job that was waiting already
}

// submitOptions are the options of all kinds of submit.
type submitOptions struct {
	priority   int
	wait, json bool
}

func runSubmit(ctx context.Context, e *environment, args river.JobArgs, o submitOptions) (err error) {
	if o.priority < 1 || o.priority > 4 {
		return exit.Usagef("--priority must be from 1 to 4")
	}
	tracer, err := openTracer()
	if err != nil {
		return err
	}
	defer closeTracer(ctx, tracer)
	q, err := openQueue(ctx, e)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, q.Close()) }()
	ctx, span := tracing.Start(tracer.With(ctx, os.Getenv("TRACEPARENT")), "submit "+args.Kind())
	defer func() { span.End(err) }()
	id, isNew, err := q.Submit(ctx, args, o.priority)
	if err != nil {
		return err
	}
	if !o.wait {
		if o.json {
			return e.JSON(submitted{id, isNew})
		}
		message := "JobSubmitted"
		if !isNew {
			message = "JobKnown"
		}
		return e.Println(e.Text(message, console.Args{"Job": fmt.Sprint(id)}))
	}
	var progress *console.Progress
	done := 0
	waits := waitingWords{environment: e, queue: q, begun: time.Now(), printed: map[string]bool{}}
	j, err := q.Wait(ctx, id, func(j queue.Job) {
		waits.print(ctx, j)
		if progress == nil && j.All > 1 {
			progress = console.StartProgress(e.Err, e.Text("ProgressArticles"), j.All)
		}
		for ; progress != nil && done < j.Done; done++ {
			progress.Step()
		}
	})
	if progress != nil {
		progress.Stop()
	}
	if err != nil {
		return err
	}
	return printOutcomeOf(e, j, o.json)
}

// patience is how long submit waits for a worker before it looks whether there is one.
const patience = 3 * time.Second

// waitingWords prints why a job waits, each reason once.
type waitingWords struct {
	*environment
	queue   *queue.Queue
	begun   time.Time
	looked  bool
	printed map[string]bool
}

func (w *waitingWords) print(ctx context.Context, j queue.Job) {
	text := waitReason(w.environment, j)
	if text == "" && j.State == "available" && !w.looked && time.Since(w.begun) > patience {
		w.looked = true
		if n, err := w.queue.Workers(ctx); err == nil && n == 0 {
			text = w.Text("JobNoWorker")
		}
	}
	if text != "" && !w.printed[text] {
		w.printed[text] = true
		fmt.Fprintf(w.Err, "%d: %s\n", j.ID, text)
	}
}

// printOutcomeOf prints what a job gave, and returns the error that stands for it.
func printOutcomeOf(e *environment, j queue.Job, json bool) error {
	if j.Outcome == nil {
		if json {
			if err := e.JSON(j); err != nil {
				return err
			}
		}
		return fmt.Errorf("job %d is %s: %s", j.ID, j.State, j.Error)
	}
	if json {
		if err := e.JSON(j); err != nil {
			return err
		}
	} else if s := j.Outcome.Summary; s != nil {
		if err := board.PrintSummary(e.Printer, s); err != nil {
			return err
		}
	} else {
		fmt.Fprint(e.Out, e.VisibleLines(j.Outcome.Out))
		fmt.Fprint(e.Err, e.VisibleLines(j.Outcome.Err))
	}
	switch j.Outcome.Code {
	case exit.OK:
		return nil
	case exit.Findings:
		return exit.ErrFindings
	case exit.Usage:
		return exit.Usagef("job %d: %s", j.ID, j.Error)
	}
	return fmt.Errorf("job %d: %s", j.ID, j.Error)
}

// splitList returns the parts of a list whose elements may be lists, too.
func splitList(list []string) []string {
	var out []string
	for _, s := range list {
		out = append(out, strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })...)
	}
	return slices.Compact(out)
}
