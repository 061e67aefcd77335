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
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/arguments"
	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/report"
)

func main() {
	limitGarbage()
	ctx, stop := interruptible()
	code := run(ctx, os.Args, os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program without the process around it. It returns the exit
// code.
func run(ctx context.Context, args []string, in io.Reader, out, errw io.Writer) int {
	checked := &checkedWriter{Writer: out}
	app := newApp(in, checked, errw)
	var p console.Printer
	app.Before = func(c *cli.Context) error {
		setStreams(c)
		p = printer(c)
		addLists(c.App, c.Args().Slice()...)
		return nil
	}
	if len(args) == 2 && args[1] == "--version" {
		args = []string{args[0], "version"}
	}
	if arguments.Complete(ctx, app, args, checked) {
		return exit.OK
	}
	args = arguments.Arrange(app, args)
	app.Metadata = map[string]any{arguments.Key: args}
	started := time.Now()
	err := app.RunContext(ctx, args)
	p.Detail("VerboseTime", console.Args{"Time": time.Since(started).Round(time.Millisecond).String()})
	if checked.err != nil && (err == nil || errors.Is(err, exit.ErrFindings)) {
		err = fmt.Errorf("write standard output: %w", checked.err)
	}
	code := exit.Code(err)
	switch {
	case code == exit.OK || code == exit.Findings: // what was found is printed
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		fmt.Fprintln(errw, "hexapla: "+p.Text("Stopped"))
		return exit.Failed
	default:
		for _, d := range diag.From(err, "") {
			for line := range strings.SplitSeq(d.Error(), "\n") {
				fmt.Fprintln(errw, "hexapla: "+report.Visible(line))
			}
		}
	}
	return code
}

// checkedWriter remembers the first error of a writer: a command whose results are
// lost, as on a full disk, must not exit with success.
type checkedWriter struct {
	io.Writer
	err error
}

// Unwrap returns the writer inside.
func (w *checkedWriter) Unwrap() io.Writer { return w.Writer }

func (w *checkedWriter) Write(b []byte) (int, error) {
	n, err := w.Writer.Write(b)
	if w.err == nil {
		w.err = err
	}
	return n, err
}

func newApp(in io.Reader, out, errw io.Writer) *cli.App {
	app := &cli.App{
		Name:                      "hexapla",
		Usage:                     "turn articles into localized editions",
		UsageText:                 "hexapla [--project DIR] COMMAND [FLAG ...] [ARGUMENT ...]",
		Description:               "A project is a folder with a hexapla.toml. Commands look for it in --project, else\nin the current folder and those above it.\n\n" + exit.Help + "\n\n" + exit.Environment,
		Reader:                    in,
		Writer:                    out,
		ErrWriter:                 errw,
		HideVersion:               true,
		EnableBashCompletion:      true,
		DisableSliceFlagSeparator: true,
		ExitErrHandler:            func(*cli.Context, error) {},
		Flags:                     []cli.Flag{projectFlag(), allowHooksFlag(), colorFlag(), quietFlag(), verboseFlag(), &cli.StringFlag{Name: "lang", Usage: "print messages in this `LOCALE` (default: LC_ALL, LC_MESSAGES or LANG)"}},
		Commands:                  commandGroups(),
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return exit.Usagef("%s", arguments.UnknownCommand(c.App.Commands, c.Args().First()))
			}
			return cli.ShowAppHelp(c)
		},
	}
	app.OnUsageError = usageFailed
	adaptCommands(app.Commands)
	return app
}

func usageFailed(c *cli.Context, err error, _ bool) error {
	name := "hexapla"
	if c.Command != nil && c.Command.Name != "" {
		name = c.Command.HelpName // the whole path, "hexapla catalog check"
	}
	flags := c.App.Flags
	if c.Command != nil {
		flags = append(slices.Clone(c.Command.Flags), flags...)
	}
	return exit.Usagef("%s; see '%s --help'", arguments.UsageMessage(flags, err.Error()), name)
}

// adaptCommands gives every command, nested ones too, what urfave/cli leaves to
// each: usage errors with their exit code, an error for arguments of a command that has
// none, the exit codes in its help, and
// --project after the command as well.
func adaptCommands(commands []*cli.Command) {
	for _, c := range commands {
		c.OnUsageError = usageFailed
		if c.Subcommands != nil {
			adaptCommands(c.Subcommands)
			own := c.Action // of a command that does something without a subcommand
			c.Action = func(ctx *cli.Context) error {
				if ctx.Args().Present() {
					return exit.Usagef("%s", arguments.UnknownCommand(c.Subcommands, ctx.Args().First()))
				}
				if own != nil {
					return own(ctx)
				}
				return cli.ShowSubcommandHelp(ctx)
			}
			continue
		}
		c.Description = strings.TrimSpace(c.Description + "\n\n" + exit.Help)
		c.Flags = append(c.Flags, projectFlag())
		action := c.Action
		c.Action = func(ctx *cli.Context) error {
			if err := arguments.CheckRepeated(ctx); err != nil {
				return err
			}
			if c.ArgsUsage == "" && ctx.Args().Present() {
				return exit.Usagef("'%s' takes no arguments: %q%s", strings.TrimPrefix(ctx.Command.HelpName, "hexapla "), ctx.Args().First(), dirHint(c, ctx.Args().First()))
			}
			defer endInTime(ctx.Context, ctx.Command.HelpName, ctx.App.ErrWriter, func() string { return printer(ctx).Text("Stopped") })()
			return action(ctx)
		}
	}
}

// dirHint returns a hint for an argument of a command that has --dir.
func dirHint(c *cli.Command, arg string) string {
	for _, f := range c.Flags {
		if slices.Contains(f.Names(), "dir") {
			return fmt.Sprintf("; did you mean --dir %q?", arg)
		}
	}
	return ""
}
