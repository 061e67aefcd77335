package main

import (
	"context"
	"errors"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/report"
)

func trustCommand() *cli.Command {
	return &cli.Command{
		Name:  "trust",
		Usage: "allow the hooks of the project to run programs",
		Description: "Hooks of the types exec and apertium run programs. The first command that would start\none fails until the project is trusted. Look at the [[hook]] tables first, and at the\nprograms that they name. The trust ends when a [[hook]] table changes.\n\n" +
			"Example:  hexapla trust --project news",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "remove", Usage: "no longer allow it"},
		},
		Action: func(c *cli.Context) error {
			return runTrust(c.Context, newEnvironment(c), c.Bool("remove"))
		},
	}
}

func runTrust(ctx context.Context, e *environment, remove bool) (err error) {
	t, err := workspace.UserTrust()
	if err != nil {
		return err
	}
	w, err := e.open(ctx, workspace.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	if remove {
		return t.Remove(w.Dir.Name())
	}
	programs := workspace.Programs(w.Config.Hooks)
	if len(programs) == 0 {
		return e.Println(e.Text("NoPrograms"))
	}
	if err := t.Add(w.Dir.Name(), w.Config.Hooks); err != nil {
		return err
	}
	if err := e.Println(e.Text("Trusted")); err != nil {
		return err
	}
	for _, p := range programs {
		if err := e.Println("  " + report.Visible(p)); err != nil {
			return err
		}
	}
	return nil
}
