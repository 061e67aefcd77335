package main

import (
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/guide"
)

func guideCommand() *cli.Command {
	return &cli.Command{
		Name:        "guide",
		Usage:       "print the guide for a role: " + strings.Join(guide.Roles(), ", "),
		ArgsUsage:   strings.Join(guide.Roles(), "|"),
		Description: "Example:  hexapla guide translator",
		Action: func(c *cli.Context) error {
			return runGuide(newEnvironment(c), c.Args().Slice())
		},
	}
}

func runGuide(e *environment, args []string) error {
	if len(args) != 1 {
		return exit.Usagef("guide: one role is required: %s", strings.Join(guide.Roles(), ", "))
	}
	page, err := guide.Page(args[0])
	if err != nil {
		return exit.UsageError{Err: err}
	}
	_, err = io.WriteString(e.Out, page)
	return err
}
