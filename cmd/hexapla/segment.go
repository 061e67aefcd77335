package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/workspace"
	"hexapla/locales"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/segment"
)

func segmentCommand() *cli.Command {
	return &cli.Command{
		Name:  "segment",
		Usage: "print segmentation rules, and test them",
		Subcommands: []*cli.Command{{
			Name:      "test",
			Usage:     "run your own test cases through the rules",
			ArgsUsage: "CASES.json ...",
			Description: `A file is a JSON array of objects with lang, name, text and sentences. A case passes
when the text is split into exactly these sentences; white space around them is ignored.

Example:  hexapla segment test --locale ru cases.json`,
			Flags: []cli.Flag{
				srxFlag(),
				&cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "only cases of this `LOCALE`"},
				jsonFlag(),
			},
			Action: func(c *cli.Context) error {
				if c.NArg() == 0 {
					return exit.Usagef("segment test: at least one CASES.json is required")
				}
				return runSegmentTest(newEnvironment(c), segmentTestOptions{c.Args().Slice(), c.String("srx"), c.String("locale"), c.Bool("json")})
			},
		}, {
			Name:  "rules",
			Usage: "print the segmentation rules of languages as an SRX file",
			Description: `Prints the built-in rules that texts of the locales are split by, as one SRX 2.0 file
with their comments: a start for rules of your own. Set "srx" in the section
[segmentation] of the configuration to the file, or use --srx to try it.

Example:  hexapla segment rules --locale ru --locale uk > rules.srx
          hexapla split --srx rules.srx --locale ru story.md`,
			Flags: []cli.Flag{
				&cli.StringSliceFlag{Name: "locale", Aliases: []string{"l"}, Usage: "the `LOCALE` (BCP 47) whose rules to print; repeat it for several"},
				&cli.StringFlag{Name: "srx", Usage: "print the rules of this SRX `FILE` instead"},
			},
			Action: func(c *cli.Context) error {
				if c.NArg() != 0 {
					return exit.Usagef("segment rules: unexpected argument %q; name locales with --locale", c.Args().First())
				}
				if len(c.StringSlice("locale")) == 0 {
					return exit.Usagef("segment rules: at least one --locale is required")
				}
				var tags []string
				for _, l := range c.StringSlice("locale") {
					tag, err := locales.Canonical(l)
					if err != nil {
						return exit.Usagef("--locale: %w", err)
					}
					tags = append(tags, tag)
				}
				return runSegmentRules(newEnvironment(c), c.String("srx"), tags)
			},
		}},
	}
}

// runSegmentRules prints the rules that texts of the locales are split by.
func runSegmentRules(e *environment, srx string, tags []string) error {
	rules, err := readRules(e, srx)
	if err != nil {
		return err
	}
	data, err := rules.Export(tags...)
	if err != nil {
		return exit.UsageError{Err: err}
	}
	_, err = e.Out.Write(data)
	return err
}

// segmentTestOptions are the options of segment test.
type segmentTestOptions struct {
	files  []string
	srx    string // a file; "" for the built-in rules
	locale string // "" for all
	json   bool
}

func runSegmentTest(e *environment, o segmentTestOptions) error {
	rules, err := readRules(e, o.srx)
	if err != nil {
		return err
	}
	results := []segment.Result{}
	for _, name := range o.files {
		data, err := os.ReadFile(name)
		if err != nil {
			return exit.UsageError{Err: err}
		}
		cases, err := segment.ParseCases(data)
		if err != nil {
			return exit.Usagef("%s: %w", name, err)
		}
		for _, r := range rules.Test(cases) {
			if o.locale == "" || o.locale == r.Case.Lang {
				results = append(results, r)
			}
		}
	}
	wrong := 0
	for _, r := range results {
		if !r.OK {
			wrong++
		}
	}
	if o.json {
		err = e.JSON(results)
	} else {
		err = printCases(e, results, wrong)
	}
	if err == nil && wrong > 0 {
		err = exit.ErrFindings
	}
	return err
}

func printCases(e *environment, results []segment.Result, wrong int) error {
	for _, r := range results {
		if !r.OK {
			fmt.Fprintln(e.Out, e.Text("CaseWrong", console.Args{"Locale": r.Case.Lang, "Name": r.Case.Name,
				"Want": strings.Join(r.Case.Sentences, " ¦ "), "Got": strings.Join(r.Got, " ¦ ")}))
		}
	}
	return e.Println(e.Text("CasesRight", console.Args{"Right": len(results) - wrong, "All": len(results)}))
}

func srxFlag() cli.Flag {
	return &cli.StringFlag{Name: "srx", Usage: "split by the rules of this SRX `FILE`"}
}

// readRules reads an SRX file; "" is the built-in rules.
func readRules(e *environment, name string) (*segment.Rules, error) {
	if name == "" {
		return segment.Default(), nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, exit.UsageError{Err: err}
	}
	rules, ds := segment.Parse(name, data)
	if worst, _ := diag.MaxSeverity(ds); worst == diag.Error {
		return nil, exit.UsageError{Err: workspace.Join(ds)}
	}
	for _, d := range ds {
		e.Finding(e.Err, d)
	}
	return rules, nil
}
