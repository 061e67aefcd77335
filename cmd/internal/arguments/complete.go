package arguments

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/catalogdir"
	"hexapla/cmd/internal/checks"
	"hexapla/cmd/internal/workspace"
	"hexapla/locales"
	"hexapla/pipeline/lazy"
)

// completionFlag is what shells ask with for what may come next.
const completionFlag = "--generate-bash-completion"

// Complete prints what may stand where a shell asks for it, and reports whether it
// knows: values of flags and arguments. Names of commands and flags are left to the
// library. Errors are silent, for a shell has no place for them.
func Complete(ctx context.Context, app *cli.App, args []string, out io.Writer) bool {
	if len(args) < 2 || args[len(args)-1] != completionFlag {
		return false
	}
	words := args[1 : len(args)-1]
	project := ""
	for i, w := range words {
		if name, value, ok := strings.Cut(w, "="); (name == "--project" || name == "-C") && ok {
			project = value
		} else if (w == "--project" || w == "-C") && i+1 < len(words) {
			project = words[i+1]
		}
	}
	path, leaf := commandPath(app, words)
	flags := app.Flags
	if leaf != nil {
		flags = append(slices.Clone(leaf.Flags), app.Flags...)
	}
	var values []string
	switch last := lastOf(words); {
	case last == "--" && leaf != nil: // the library takes it for the end of the flags
		for _, f := range leaf.VisibleFlags() {
			values = append(values, "--"+f.Names()[0])
		}
	case strings.HasPrefix(last, "-"):
		f := flagNamed(flags, flagName(last))
		if _, isBool := f.(*cli.BoolFlag); f == nil || isBool || strings.Contains(last, "=") {
			return false
		}
		values = flagValues(ctx, f, project)
	case leaf == nil || len(leaf.Subcommands) > 0:
		return false
	default:
		values = argumentValues(ctx, path, project)
	}
	for _, v := range values {
		if strings.ContainsFunc(v, unicode.IsControl) {
			continue // a file's name must not control the terminal
		}
		if os.Getenv("_CLI_ZSH_AUTOCOMPLETE_HACK") == "1" {
			v = strings.ReplaceAll(v, ":", `\:`) // a description follows a colon
		}
		fmt.Fprintln(out, v)
	}
	return len(values) > 0
}

func lastOf(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}

// commandPath returns the names of the command that words begin with, behind flags of
// the program, and the command itself, nil if there is none.
func commandPath(app *cli.App, words []string) (path string, leaf *cli.Command) {
	_, rest := takeFlags(app.Flags, words, true)
	var names []string
	for commands := app.Commands; len(rest) > 0; commands = leaf.Subcommands {
		c := commandNamed(commands, rest[0])
		if c == nil {
			break
		}
		leaf, names, rest = c, append(names, c.Name), rest[1:]
		if len(c.Subcommands) == 0 {
			break
		}
	}
	return strings.Join(names, " "), leaf
}

// choices are the values that a flag's description lists at its end.
var choices = lazy.Regexp(`: ((?:[\w.+-]+, )+(?:or )?[\w.+-]+)(?:;|$)`)

// flagValues returns the values that a flag may have.
func flagValues(ctx context.Context, f cli.Flag, project string) []string {
	switch f.Names()[0] {
	case "locale", "require", "optional", "lang", "locales":
		if ws := projectForCompletion(ctx, project); ws != nil {
			defer ws.Close()
			return ws.Targets
		}
		return locales.Embedded().Locales()
	case "source":
		return locales.Embedded().Locales()
	case "article":
		return articlesForCompletion(ctx, project)
	}
	if d, ok := f.(cli.DocGenerationFlag); ok {
		usage := d.GetUsage()
		if m := choices().FindStringSubmatch(usage); m != nil {
			return strings.Split(strings.ReplaceAll(m[1], "or ", ""), ", ")
		}
	}
	return nil
}

// argumentValues returns the arguments that a command may have.
func argumentValues(ctx context.Context, path, project string) []string {
	switch path {
	case "build", "check", "status", "export", "split", "accept", "adopt", "approve", "note add", "note list":
		return articlesForCompletion(ctx, project)
	case "locale":
		return locales.Embedded().Locales()
	case "checks":
		var ids []string
		for _, r := range checks.AllDiagnostics() {
			ids = append(ids, r.ID)
		}
		return ids
	case "completion":
		return []string{"bash", "zsh", "fish", "powershell"}
	case "catalog show", "catalog rename", "catalog preview":
		return messagesForCompletion(ctx, project)
	}
	return nil
}

// projectForCompletion opens the project without memory or engines, nil if there is
// none.
func projectForCompletion(ctx context.Context, project string) *workspace.Workspace {
	if project == "" {
		var err error
		if project, err = workspace.Find("."); err != nil {
			return nil
		}
	}
	ws, err := workspace.Open(ctx, project, workspace.Options{Select: &workspace.Selection{}})
	if err != nil {
		return nil
	}
	return ws
}

func articlesForCompletion(ctx context.Context, project string) []string {
	ws := projectForCompletion(ctx, project)
	if ws == nil {
		return nil
	}
	defer ws.Close()
	var paths []string
	for _, a := range ws.Articles {
		paths = append(paths, a.Path)
	}
	return paths
}

// messagesForCompletion returns the ids of the source catalogs of the project, or of
// the folder "locales".
func messagesForCompletion(ctx context.Context, project string) []string {
	var o catalogdir.Options
	if ws := projectForCompletion(ctx, project); ws != nil {
		o.Project, o.Config = ws.Dir.Path("."), ws.Config
		ws.Close()
	}
	all, err := catalogdir.Select(o, "")
	if err != nil {
		return nil
	}
	var ids []string
	for _, one := range all {
		dir, err := catalogdir.Open(ctx, one)
		if err != nil {
			continue
		}
		if set, _, err := dir.Set(); err == nil {
			ids = append(ids, set.Catalogs[set.Source].IDs...)
		}
		dir.Close()
	}
	return ids
}
