package main

import "github.com/urfave/cli/v2"

func statusCommand() *cli.Command {
	return &cli.Command{
		Name:      "status",
		Usage:     "say how far the editions are, and write nothing",
		ArgsUsage: "[ARTICLE ...]",
		Description: `Does what build does with catalogs and memory alone, writes nothing and asks no hook:
how many editions of each locale are finished, unfinished or held back, and what is
missing.`,
		Flags: []cli.Flag{
			localeFlag(),
			&cli.BoolFlag{Name: "findings", Aliases: []string{"f"}, Usage: "list every finding, not only errors"},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			p, err := loadProject(c)
			if err != nil {
				return err
			}
			s, err := buildAll(c, p, buildOptions{articles: c.Args().Slice(), locales: c.StringSlice("locale"), dryRun: true, findings: c.Bool("findings") || c.Bool("json")})
			if cerr := p.close(); err == nil {
				err = cerr
			}
			if err != nil {
				return err
			}
			if c.Bool("json") {
				err = printer(c).JSON(s)
			} else {
				s.print(c.App.Writer, printer(c))
			}
			if err != nil {
				return err
			}
			return s.err()
		},
	}
}
