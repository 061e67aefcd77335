package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"time"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/queue"
	"hexapla/cmd/internal/tracing"
	"hexapla/cmd/internal/workspace"
)

func workCommand() *cli.Command {
	return &cli.Command{
		Name:  "work",
		Usage: "work on the jobs of the project, together with other machines",
		Description: `Takes the jobs that 'hexapla submit' enqueues in the database of the memory ([memory] url),
until Ctrl-C or SIGTERM: then running jobs have the time of --grace to finish, and the
others are handed to other workers. Every worker has the project's folder, with the same
files as the one that builds: a worker with other files, or another version of the program,
leaves the articles to others.

--listen serves /healthz and /metrics (Prometheus). Traces go to the collector of OpenTelemetry
that OTEL_EXPORTER_OTLP_ENDPOINT names, by OTLP over HTTP in its JSON form.

Examples:
  hexapla work --listen 127.0.0.1:9090
  hexapla work --queues article --workers 8
  hexapla work --every 15m`,
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "queues", Usage: "work only for these `QUEUES`: build, article, command"},
			&cli.IntFlag{Name: "workers", Value: runtime.GOMAXPROCS(0), DefaultText: "one for each processor", Usage: "how many articles are built at the same time"},
			&cli.DurationFlag{Name: "every", Usage: "enqueue a build of all articles every `TIME` (15m, 1h); of several workers one does it"},
			&cli.DurationFlag{Name: "grace", Value: 10 * time.Second, Usage: "the `TIME` that running jobs have when the worker is to stop"},
			&cli.StringFlag{Name: "listen", Usage: "serve /healthz and /metrics at `ADDRESS`"},
			&cli.StringFlag{Name: "log", Value: "text", Usage: "the form of the log: `text` or json"},
			allowHooksFlag(),
		},
		Action: func(c *cli.Context) error {
			return runWork(c.Context, newEnvironment(c), workOptions{
				queues: splitList(c.StringSlice("queues")), workers: c.Int("workers"), every: c.Duration("every"), grace: c.Duration("grace"), listen: c.String("listen"), log: c.String("log"),
			})
		},
	}
}

// workOptions are the options of work.
type workOptions struct {
	queues       []string
	workers      int
	every, grace time.Duration
	listen, log  string
}

// openQueue opens the queue of the project.
func openQueue(ctx context.Context, e *environment) (*queue.Queue, error) {
	w, err := e.open(ctx, workspace.Options{})
	if err != nil {
		return nil, err
	}
	defer w.Close()
	store, err := w.OpenDatabase(ctx)
	if err != nil {
		return nil, err
	}
	q, err := queue.Open(ctx, store)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return q, nil
}

func runWork(ctx context.Context, e *environment, o workOptions) (err error) {
	for _, name := range o.queues {
		if name != queue.BuildQueue && name != queue.ArticleQueue && name != queue.CommandQueue {
			return exit.Usagef("--queues: there is no queue %q: use build, article or command", name)
		}
	}
	if o.workers < 1 || o.grace <= 0 || o.every < 0 || o.every > 0 && o.every < time.Second {
		return exit.Usagef("--workers must be 1 or more, --grace more than 0, --every 1s or more")
	}
	var handler slog.Handler = slog.NewTextHandler(e.Err, nil)
	switch o.log {
	case "text":
	case "json":
		handler = slog.NewJSONHandler(e.Err, nil)
	default:
		return exit.Usagef("--log: %q is not text or json", o.log)
	}
	dir, err := e.projectFolder()
	if err != nil {
		return err
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
	w, err := queue.NewWorker(q, queue.WorkOptions{
		Dir: dir, Allow: e.Allow, Queues: o.queues, Workers: o.workers, Every: o.every, Log: slog.New(handler), Grace: o.grace, Tracer: tracer,
		Run: func(ctx context.Context, command []string) (int, string, string) {
			var out, errs bytes.Buffer
			args := []string{"hexapla", "--project", dir}
			if e.Allow {
				args = append(args, "--allow-hooks")
			}
			code := run(context.WithValue(ctx, signalled{}, nil), append(args, command...), bytes.NewReader(nil), &out, &errs)
			return code, out.String(), errs.String()
		},
	})
	if err != nil {
		return err
	}
	if o.listen != "" {
		stop, err := serveMetrics(e, o.listen, w.Handler())
		if err != nil {
			return err
		}
		defer stop()
	}
	return w.Run(ctx)
}

// openTracer returns the tracer that the environment asks for, nil for none.
func openTracer() (*tracing.Tracer, error) {
	t, err := tracing.FromEnvironment(os.Getenv, buildVersion().Version)
	if err != nil {
		return nil, exit.UsageError{Err: err}
	}
	return t, nil
}

// closeTracer sends what is left of traces, for some seconds.
func closeTracer(ctx context.Context, t *tracing.Tracer) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	t.Close(ctx)
}

// serveMetrics serves a handler until the returned function is called.
func serveMetrics(e *environment, address string, h http.Handler) (stop func(), err error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, exit.Usagef("--listen: %w", err)
	}
	fmt.Fprintln(e.Err, "http://"+l.Addr().String()+"/metrics")
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(l) }()
	return func() { _ = server.Close() }, nil
}
