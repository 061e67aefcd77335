package main

import (
	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/manual"
	"hexapla/cmd/internal/rootfs"
)

func manCommand() *cli.Command {
	return &cli.Command{
		Name:      "man",
		Usage:     "write the manual pages into a folder",
		ArgsUsage: "FOLDER",
		Description: `Writes a page for man(1) for the program and one for each command. To read one without
installing it: man ./share/man/man1/hexapla-build.1

Example:  hexapla man ~/.local/share/man/man1`,
		Action: func(c *cli.Context) error {
			return runMan(newEnvironment(c), c.App, c.Args().Slice())
		},
	}
}

func runMan(e *environment, app *cli.App, args []string) error {
	if len(args) != 1 {
		return exit.Usagef("man: one folder is required")
	}
	dir, err := rootfs.Create(args[0])
	if err != nil {
		return exit.UsageError{Err: err}
	}
	defer dir.Close()
	v := buildVersion()
	addLists(app, "checks", "config")
	for _, p := range manual.Pages(app, "hexapla "+v.Version, v.Date) {
		if _, err := dir.WriteFile(p.Name+".1", []byte(p.Text)); err != nil {
			return err
		}
	}
	return nil
}
