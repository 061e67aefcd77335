package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
)

func localeCommand() *cli.Command {
	return &cli.Command{
		Name:      "locale",
		Usage:     "show what is known of a locale: plural forms, direction, formats",
		UsageText: "hexapla locale [--json] TAG ...",
		ArgsUsage: "TAG ...",
		Description: `The facts are those of CLDR 48 and of this program where CLDR has none. They
decide how messages are formatted, which plural forms a catalog needs, and what
the checks expect.

Example:  hexapla locale sr-ME`,
		Flags: []cli.Flag{jsonFlag()},
		Action: func(c *cli.Context) error {
			return runLocale(newEnvironment(c), c.Args().Slice(), c.Bool("json"))
		},
	}
}

func runLocale(e *environment, tags []string, json bool) error {
	if len(tags) == 0 {
		return exit.Usagef("locale: at least one BCP 47 tag is required, such as sr-ME")
	}
	var all []console.LocaleFacts
	for _, l := range tags {
		info, err := console.DescribeLocale(l)
		if err != nil {
			return exit.UsageError{Err: err}
		}
		all = append(all, info)
	}
	if json {
		return e.JSON(all)
	}
	for i, info := range all {
		if i > 0 {
			fmt.Fprintln(e.Out)
		}
		if err := info.Print(e.Out); err != nil {
			return err
		}
	}
	return nil
}
