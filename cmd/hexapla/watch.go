package main

import (
	"context"
	"errors"
	"fmt"
	"path"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/watch"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/report"
)

func watchFlag() cli.Flag {
	return &cli.BoolFlag{Name: "watch", Usage: "do it again whenever a file of the project changes, until Ctrl-C"}
}

// watch calls run, and again after each change of the project's files, until the
// context ends. What run finds or cannot do is printed; an error of the first call
// ends it, unless it is of findings.
func (e *environment) watch(ctx context.Context, run func(context.Context) error) (err error) {
	dir, err := e.projectFolder()
	if err != nil {
		return err
	}
	w, err := watch.New(dir, workspace.StateFolder, path.Dir(config.UnitsFile))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	e.opened = func(ws *workspace.Workspace) {
		if !ws.Config.HasOutputPattern() {
			w.Ignore(ws.Config.OutputFolder())
		}
	}
	for first := true; ; first = false {
		err := run(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err == nil, errors.Is(err, exit.ErrFindings):
		case first:
			return err
		default:
			for _, d := range diag.From(err, "") {
				fmt.Fprintln(e.Err, "hexapla: "+report.Visible(d.Error()))
			}
		}
		fmt.Fprintln(e.Err, e.Text("Watching"))
		w.Remember()
		if err := w.Wait(ctx); ctx.Err() != nil {
			return nil
		} else if err != nil {
			return err
		}
	}
}
