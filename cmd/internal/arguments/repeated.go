package arguments

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/exit"
)

// Key is the key of the program's arguments in the application's metadata.
const Key = "args"

// CheckRepeated returns an error if a flag of the command that takes one value is
// given more than once: the library would use the last one and ignore the others.
func CheckRepeated(c *cli.Context) error {
	args, _ := c.App.Metadata[Key].([]string)
	for _, name := range strings.Fields(c.Command.HelpName)[1:] {
		i := slices.Index(args, name)
		if i < 0 {
			return nil // called in another way, as tests do
		}
		args = args[i+1:]
	}
	seen := map[cli.Flag]bool{}
	for i := 0; i < len(args); i++ {
		name, _, assigned := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		if args[i] == "--" || !strings.HasPrefix(args[i], "-") || name == "" {
			return nil // arguments follow
		}
		f := flagNamed(c.Command.Flags, name)
		switch f.(type) {
		case nil:
			return nil
		case *cli.BoolFlag:
			continue
		case *cli.StringFlag, *cli.IntFlag, *cli.PathFlag, *cli.DurationFlag, *cli.Float64Flag:
			if seen[f] {
				return exit.Usagef("flag --%s is given twice: it takes one value", f.Names()[0])
			}
			seen[f] = true
		}
		if !assigned {
			i++
		}
	}
	return nil
}

func flagNamed(flags []cli.Flag, name string) cli.Flag {
	for _, f := range flags {
		if slices.Contains(f.Names(), name) {
			return f
		}
	}
	return nil
}
