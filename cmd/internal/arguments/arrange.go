// Package arguments makes the command line library take arguments as users give them:
// flags and arguments in any order, lists of locales, one value for a flag of one
// value, a hint for what is misspelled, and what a shell may complete.
package arguments

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/lazy"
)

// listFlags are the flags whose value may be a list with commas: -l ru,uk.
var listFlags = []string{"locale", "require", "optional"}

// Arrange returns the program's arguments in the order that the library needs: flags
// of the program, the command, its flags, and then what is no flag. Users may mix
// them: hexapla split article.md --json. What stands behind "--" is never a flag. A
// list of locales becomes one flag for each.
func Arrange(app *cli.App, args []string) []string {
	if len(args) == 0 || slices.Contains(args, completionFlag) {
		return args
	}
	global, rest := takeFlags(app.Flags, args[1:], true)
	path := []string{}
	var leaf *cli.Command
	for commands := app.Commands; len(rest) > 0; commands = leaf.Subcommands {
		c := commandNamed(commands, rest[0])
		if c == nil {
			break
		}
		leaf, path, rest = c, append(path, rest[0]), rest[1:]
	}
	if leaf == nil || len(leaf.Subcommands) > 0 {
		return args
	}
	// Flags of the program are also taken behind the command.
	var flags, others []string
	own := slices.Concat(leaf.Flags, []cli.Flag{cli.HelpFlag})
	for len(rest) > 0 {
		switch {
		case rest[0] == "--":
			others, rest = append(others, rest[1:]...), nil
		case !strings.HasPrefix(rest[0], "-") || rest[0] == "-":
			others, rest = append(others, rest[0]), rest[1:]
		case flagNamed(own, flagName(rest[0])) == nil && flagNamed(app.Flags, flagName(rest[0])) != nil:
			var taken []string
			taken, rest = takeFlags(app.Flags, rest, false)
			global = append(global, taken...)
		default:
			var taken []string
			taken, rest = takeFlags(own, rest, false)
			flags = append(flags, taken...)
		}
	}
	out := slices.Concat(args[:1], global, path, flags)
	if slices.ContainsFunc(others, func(a string) bool { return strings.HasPrefix(a, "-") && a != "-" }) {
		out = append(out, "--")
	}
	return append(out, others...)
}

// takeFlags returns the flags that args begin with, each with its value, and what
// follows: one flag, or all of them. A list of locales is divided.
func takeFlags(flags []cli.Flag, args []string, all bool) (taken, rest []string) {
	for len(args) > 0 && strings.HasPrefix(args[0], "-") && args[0] != "-" && args[0] != "--" {
		arg := args[0]
		args = args[1:]
		name, value, assigned := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		f := flagNamed(flags, name)
		if _, isBool := f.(*cli.BoolFlag); f == nil || isBool {
			taken = append(taken, arg)
		} else {
			if !assigned {
				if len(args) == 0 {
					return append(taken, arg), nil // the library reports it
				}
				value, args = args[0], args[1:]
			}
			taken = append(taken, valued(f, arg, value, assigned)...)
		}
		if !all {
			break
		}
	}
	return taken, args
}

// valued returns a flag with its value, or once for each value of a list.
func valued(f cli.Flag, arg, value string, assigned bool) []string {
	flag, _, _ := strings.Cut(arg, "=")
	if _, ok := f.(*cli.StringSliceFlag); ok && slices.Contains(listFlags, f.Names()[0]) && strings.Contains(value, ",") {
		var out []string
		for v := range strings.SplitSeq(value, ",") {
			if v = strings.TrimSpace(v); v != "" {
				out = append(out, flag, v)
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	if assigned {
		return []string{arg}
	}
	return []string{arg, value}
}

func flagName(arg string) string {
	name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	return name
}

func commandNamed(commands []*cli.Command, name string) *cli.Command {
	if i := slices.IndexFunc(commands, func(c *cli.Command) bool { return c.HasName(name) }); i >= 0 {
		return commands[i]
	}
	return nil
}

// UnknownCommand returns the error for a name that is none of the commands, with the
// one that is nearest to it and the list of all.
func UnknownCommand(commands []*cli.Command, name string) string {
	var names []string
	for _, c := range commands {
		if !c.Hidden {
			names = append(names, c.Name)
		}
	}
	return fmt.Sprintf("unknown command %q%s: use one of %s", name, didYouMean(name, names, ""), strings.Join(names, ", "))
}

// UsageMessage returns what is wrong with a flag in plain words, for an error of package
// flag, with the flag that was meant, if one is near.
func UsageMessage(flags []cli.Flag, err string) string {
	if name, ok := strings.CutPrefix(err, "flag provided but not defined: -"); ok {
		name = strings.TrimLeft(name, "-")
		var names []string
		for _, f := range flags {
			names = append(names, f.Names()...)
		}
		meant := didYouMean(name, names, "--")
		if meant == "" && len(name) > 1 {
			if i := slices.IndexFunc(names, func(n string) bool { return strings.HasPrefix(n, name) }); i >= 0 {
				meant = fmt.Sprintf(" (did you mean --%s?)", names[i])
			}
		}
		return "unknown flag " + dashes(name) + meant
	}
	if name, ok := strings.CutPrefix(err, "flag needs an argument: -"); ok {
		return dashes(strings.TrimLeft(name, "-")) + ": a value is required"
	}
	if m := invalidValue().FindStringSubmatch(err); m != nil {
		kind := "is not a valid value"
		for _, f := range flags {
			if !slices.Contains(f.Names(), m[2]) {
				continue
			}
			switch f.(type) {
			case *cli.IntFlag:
				kind = "must be a whole number"
			case *cli.Float64Flag:
				kind = "must be a number"
			case *cli.DurationFlag:
				kind = "must be a duration such as 30s or 15m"
			case *cli.BoolFlag:
				kind = "must be true or false; the flag alone is true"
			}
		}
		return fmt.Sprintf("%s %q: %s", dashes(m[2]), m[1], kind)
	}
	return err
}

// invalidValue matches the error of package flag for a value that does not parse.
var invalidValue = lazy.Regexp(`^invalid (?:boolean )?value "(.*)" for (?:flag )?-+([\w-]+):`)

// dashes returns a flag's name as it is typed.
func dashes(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// didYouMean returns a question with the name that is nearest to s, "" if none is
// near.
func didYouMean(s string, names []string, prefix string) string {
	if near := diag.Nearest(s, names); near != "" {
		return fmt.Sprintf(" (did you mean %s%s?)", prefix, near)
	}
	return ""
}
