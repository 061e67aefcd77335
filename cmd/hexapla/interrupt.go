package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"hexapla/cmd/internal/exit"
)

// maxEnding is how long a command may take to end after a signal. Most end at once; one
// that waits for a pipe that nobody writes to never would. The longest is the five seconds
// that a translation program has to end.
const maxEnding = 10 * time.Second

// patientCommands decide themselves how long they finish what is under way.
var patientCommands = []string{"hexapla serve", "hexapla work"}

// signalled is the key of the context that a signal ends. Only the process has one, not
// the commands that a worker runs in it.
type signalled struct{}

// interruptible returns a context that the first Ctrl-C, SIGTERM or SIGHUP ends, so
// that the command can leave everything in order. The second one ends the process
// at once. A SIGHUP that is ignored, as by nohup, stays ignored.
func interruptible() (context.Context, context.CancelFunc) {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	context.AfterFunc(ctx, stop)
	return context.WithValue(ctx, signalled{}, ctx), stop
}

// endInTime ends the process when a command has not ended maxEnding after a signal: all
// that it writes is written whole or not at all. The function that it returns is called
// when the command has ended.
func endInTime(ctx context.Context, command string, errw io.Writer, message func() string) (ended func()) {
	process, ok := ctx.Value(signalled{}).(context.Context)
	if !ok || slices.Contains(patientCommands, command) {
		return func() {}
	}
	done := make(chan struct{})
	stop := context.AfterFunc(process, func() {
		select {
		case <-done:
		case <-time.After(maxEnding):
			fmt.Fprintln(errw, "hexapla: "+message())
			os.Exit(exit.Failed)
		}
	})
	return func() {
		stop()
		close(done)
	}
}

// unlessDone returns what compute returns, or the error of ctx once that is done, without
// waiting any longer: compute writes nothing, and has no place where it could stop.
func unlessDone[T any](ctx context.Context, compute func() T) (T, error) {
	result := make(chan T, 1)
	go func() { result <- compute() }()
	select {
	case r := <-result:
		return r, ctx.Err()
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}
