package main

import (
	"slices"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/checks"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/workspace"
	"hexapla/locales"
)

// checkFlags are the flags of every command with a policy: what fails it, and how
// that is reported.
func checkFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "format", Usage: "write the report as `FORMAT`, or to a file as FORMAT=FILE: " + checks.FormatNames() + "; may be given again"},
		&cli.StringFlag{Name: "fail-under", Usage: "fail where less than this share is done: `SHARES` such as ru=100,crh-Latn=60,*=80 in percent"},
		&cli.StringSliceFlag{Name: "require", Usage: "fail if this `LOCALE` is missing; may be given again"},
		&cli.StringSliceFlag{Name: "optional", Usage: "errors of this `LOCALE` are warnings; may be given again"},
		&cli.StringFlag{Name: "fail-on", Usage: "fail on findings of this `SEVERITY` and above: error, warning, info, or never", Action: func(_ *cli.Context, v string) error {
			if !slices.Contains([]string{"error", "warning", "info", "never"}, v) {
				return exit.Usagef("--fail-on %q: use error, warning, info or never", v)
			}
			return nil
		}},
		&cli.IntFlag{Name: "max-errors", Usage: "fail on more than `N` errors; -1 for no limit", Value: 0},
		&cli.IntFlag{Name: "max-warnings", Usage: "fail on more than `N` warnings; -1 for no limit", Value: -1},
		&cli.IntFlag{Name: "max-notes", Usage: "fail on more than `N` findings of severity info; -1 for no limit", Value: -1},
		&cli.StringFlag{Name: "baseline", Usage: "fail only on findings that are not in this `FILE`, and where less is done than it records"},
		&cli.BoolFlag{Name: "update-baseline", Usage: "write the baseline: all present findings if there is none yet, else without those that are fixed"},
		&cli.StringFlag{Name: "changed-since", Usage: "only findings of what changed since the branch left this git `REVISION`, such as origin/main"},
		&cli.StringFlag{Name: "diff", Usage: "only findings of what this `FILE` with a unified diff changes; - for standard input, where there is no git"},
		&cli.BoolFlag{Name: "no-fail", Usage: "report, and exit with 0 in any case"},
		jsonFlag(),
	}
}

// checkOptions returns the values of checkFlags.
func checkOptions(c *cli.Context) checks.Options {
	o := checks.Options{
		Formats: c.StringSlice("format"), Required: c.StringSlice("require"), Optional: c.StringSlice("optional"),
		FailUnder: stringIfSet(c, "fail-under"), Baseline: stringIfSet(c, "baseline"),
		MaxErrors: intIfSet(c, "max-errors"), MaxWarnings: intIfSet(c, "max-warnings"), MaxNotes: intIfSet(c, "max-notes"),
		UpdateBaseline: c.Bool("update-baseline"), NoFail: c.Bool("no-fail"), ChangedSince: c.String("changed-since"), Diff: c.String("diff"), In: c.App.Reader, Version: buildVersion().Version,
	}
	if c.Bool("json") {
		o.Formats = append(o.Formats, "json")
	}
	// --fail-on is a short form of the limits, which go before it.
	limit := func(to **int) {
		if *to == nil {
			*to = new(int)
		}
	}
	switch c.String("fail-on") {
	case "never":
		o.NoFail = true
	case "info":
		limit(&o.MaxNotes)
		fallthrough
	case "warning":
		limit(&o.MaxWarnings)
		fallthrough
	case "error":
		limit(&o.MaxErrors)
	}
	return o
}

func stringIfSet(c *cli.Context, name string) *string {
	if !c.IsSet(name) {
		return nil
	}
	v := c.String(name)
	return &v
}

func intIfSet(c *cli.Context, name string) *int {
	if !c.IsSet(name) {
		return nil
	}
	v := c.Int(name)
	return &v
}

// localesGiven returns the canonical locales of --locale.
func localesGiven(c *cli.Context) ([]string, error) {
	return checks.CanonicalTags("--locale", c.StringSlice("locale"))
}

// canonicalOr returns the canonical form of a tag, or the tag if it is not valid.
func canonicalOr(tag string) string {
	if c, err := locales.Canonical(tag); err == nil {
		return c
	}
	return tag
}

// projectFolder returns the folder of the project.
func projectFolder(c *cli.Context) (string, error) { return newEnvironment(c).projectFolder() }

func localeFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "locale", Aliases: []string{"l"}, Usage: "only this `LOCALE` (BCP 47); may be given again"}
}

func projectFlag() cli.Flag {
	return &cli.StringFlag{Name: "project", Aliases: []string{"C"}, Usage: "the project's `FOLDER`", EnvVars: []string{"HEXAPLA_PROJECT"}}
}

// allowHooksFlag is for programs that run others, such as CI; people use 'hexapla trust'.
func allowHooksFlag() cli.Flag {
	return &cli.BoolFlag{Name: "allow-hooks", Usage: "let the hooks of the project run programs in this run", EnvVars: []string{workspace.AllowHooksEnv}}
}

func colorFlag() cli.Flag {
	return &cli.StringFlag{Name: "color", Value: "auto", Usage: "`WHEN` to color severities: auto (on terminals; NO_COLOR and FORCE_COLOR count), always or never", Action: func(_ *cli.Context, v string) error {
		if !slices.Contains([]string{"auto", "always", "never"}, v) {
			return exit.Usagef("--color %q: use auto, always or never", v)
		}
		return nil
	}}
}

func quietFlag() cli.Flag {
	return &cli.BoolFlag{Name: "quiet", Usage: "print only results and errors: no notes, warnings or progress on standard error"}
}

func verboseFlag() cli.Flag {
	return &cli.BoolFlag{Name: "verbose", Usage: "print on standard error what the command works with, the files that it writes, and its time"}
}

func jsonFlag() cli.Flag {
	return &cli.BoolFlag{Name: "json", Usage: "print JSON for programs instead of a table for people"}
}

// outputFile returns the file of the flag --output, "" for standard output.
func outputFile(c *cli.Context) string {
	if c.String("output") == "-" {
		return ""
	}
	return c.String("output")
}
