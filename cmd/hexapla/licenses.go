package main

import (
	"io"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/notice"
)

func licensesCommand() *cli.Command {
	return &cli.Command{
		Name:        "licenses",
		Usage:       "print the licences of what the program is made of",
		Description: "Example:  hexapla licenses > NOTICE",
		Action: func(c *cli.Context) error {
			return runLicenses(newEnvironment(c))
		},
	}
}

func runLicenses(e *environment) error {
	text, err := notice.Text()
	if err != nil {
		return err
	}
	_, err = io.WriteString(e.Out, text)
	return err
}
