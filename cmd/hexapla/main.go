// Command hexapla turns a newsroom's articles into localized editions.
//
// Everything that touches the world is here: flags, environment, terminal, exit
// codes and file writes, one file for each command. The work is in package
// pipeline and below.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/report"
)

func main() {
	ctx, stop := interruptible()
	code := run(ctx, os.Args, os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// interruptible is a context that the first Ctrl-C or SIGTERM ends, so that the
// command can leave everything in order. The second one ends the process at once.
func interruptible() (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// run is the whole program but for the process around it.
func run(ctx context.Context, args []string, in io.Reader, out, errw io.Writer) int {
	app := newApp(in, out, errw)
	var w console.Printer
	app.Before = func(c *cli.Context) error {
		w = printer(c)
		return nil
	}
	err := app.RunContext(ctx, args)
	var usage exit.UsageError
	switch {
	case err == nil:
		return exit.OK
	case errors.Is(err, exit.ErrFindings):
		return exit.Findings
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		fmt.Fprintln(errw, "hexapla: "+w.Text("Stopped"))
		return exit.Failed
	}
	for _, d := range diag.From(err, "") {
		for line := range strings.SplitSeq(d.Error(), "\n") {
			fmt.Fprintln(errw, "hexapla: "+report.Visible(line))
		}
	}
	if errors.As(err, &usage) {
		return exit.Usage
	}
	return exit.Failed
}

func newApp(in io.Reader, out, errw io.Writer) *cli.App {
	app := &cli.App{
		Name:                      "hexapla",
		Usage:                     "turn articles into localized editions",
		UsageText:                 "hexapla [--project DIR] COMMAND [FLAG ...] [ARGUMENT ...]",
		Description:               "A project is a folder with a hexapla.toml. Commands look for it in --project, else\nin the current folder and those above it.\n\n" + exit.Help,
		Reader:                    in,
		Writer:                    out,
		ErrWriter:                 errw,
		HideVersion:               true,
		EnableBashCompletion:      true,
		DisableSliceFlagSeparator: true,
		ExitErrHandler:            func(*cli.Context, error) {},
		Flags:                     []cli.Flag{projectFlag(), &cli.StringFlag{Name: "lang", Usage: "speak to the user in this `LOCALE` (default: LC_ALL, LC_MESSAGES or LANG)"}},
		Commands: []*cli.Command{
			initCommand(), buildCommand(), statusCommand(), checkCommand(), splitCommand(), exportCommand(), importCommand(), exchangeCommand(), catalogCommand(), glossaryCommand(),
			memoryCommand(), segmentCommand(), hooksCommand(), checksCommand(), versionCommand(), completionCommand(),
		},
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return exit.Usagef("unknown command %q; 'hexapla help' lists them", c.Args().First())
			}
			return cli.ShowAppHelp(c)
		},
	}
	app.OnUsageError = usageFailed
	prepare(app.Commands)
	return app
}

func projectFlag() cli.Flag {
	return &cli.StringFlag{Name: "project", Aliases: []string{"C"}, Usage: "the project's `FOLDER`", EnvVars: []string{"HEXAPLA_PROJECT"}}
}

func jsonFlag() cli.Flag {
	return &cli.BoolFlag{Name: "json", Usage: "print JSON for programs instead of a table for people"}
}

func usageFailed(c *cli.Context, err error, _ bool) error {
	name := "hexapla"
	if c.Command != nil && c.Command.Name != "" {
		name = c.Command.HelpName // the whole path, "hexapla catalog check"
	}
	return exit.Usagef("%w; see '%s --help'", err, name)
}

// prepare gives every command, nested ones too, what urfave/cli leaves to each:
// usage errors that are told and counted as such, no flag taken for an argument, no
// argument passed over by a command that takes none, the exit codes in its help,
// and --project behind the command as well.
func prepare(commands []*cli.Command) {
	for _, c := range commands {
		c.OnUsageError = usageFailed
		if c.Subcommands != nil {
			prepare(c.Subcommands)
			c.Action = func(ctx *cli.Context) error {
				if ctx.Args().Present() {
					return exit.Usagef("unknown command %q; see 'hexapla %s --help'", ctx.Args().First(), ctx.Command.Name)
				}
				return cli.ShowSubcommandHelp(ctx)
			}
			continue
		}
		c.Description = strings.TrimSpace(c.Description + "\n\n" + exit.Help)
		c.Flags = append(c.Flags, projectFlag())
		action := c.Action
		c.Action = func(ctx *cli.Context) error {
			for _, a := range ctx.Args().Slice() {
				if strings.HasPrefix(a, "-") && a != "-" {
					return exit.Usagef("flag %s stands behind an argument: put flags first", a)
				}
			}
			if c.ArgsUsage == "" && ctx.Args().Present() {
				return exit.Usagef("'%s' takes no arguments: %q%s", strings.TrimPrefix(ctx.Command.HelpName, "hexapla "), ctx.Args().First(), dirHint(c, ctx.Args().First()))
			}
			return action(ctx)
		}
	}
}

// dirHint is what somebody means who gives a folder to a command with --dir.
func dirHint(c *cli.Command, arg string) string {
	for _, f := range c.Flags {
		if slices.Contains(f.Names(), "dir") {
			return fmt.Sprintf("; did you mean --dir %q?", arg)
		}
	}
	return ""
}

// printer returns what a command prints with: in the language of --lang, else in
// that of the environment.
func printer(c *cli.Context) console.Printer {
	p := console.Printer{Out: c.App.Writer, Err: c.App.ErrWriter, Locale: console.EnvLocale(os.Getenv)}
	for _, ctx := range c.Lineage() {
		if ctx.IsSet("lang") {
			p.Locale = canonicalOr(ctx.String("lang"))
			break
		}
	}
	return p
}
