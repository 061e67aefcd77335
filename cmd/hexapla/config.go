package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/hook"
	"hexapla/pipeline/hook/engines"
)

func configCommand() *cli.Command {
	return &cli.Command{
		Name:      "config",
		Usage:     "describe the keys of hexapla.toml",
		ArgsUsage: "[SECTION ...]",
		Description: `Prints every key of a configuration with its type, meaning and default. SECTION is
the name of a table, such as policy, or the type of an engine, such as deepl; with
an engine comes an example that works.

Example:  hexapla config policy openai`,
		Flags: []cli.Flag{jsonFlag()},
		Action: func(c *cli.Context) error {
			return runConfig(newEnvironment(c), c.Args().Slice(), c.Bool("json"))
		},
	}
}

// configSection is a table of the configuration, or the keys of one type of engine
// in [[hook]].
type configSection struct {
	config.Section
	Engine  string `json:"engine,omitempty"`
	Example string `json:"example,omitempty"`
}

// configSections returns all tables, those of the engines last.
func configSections() []configSection {
	var out []configSection
	for _, s := range config.Reference() {
		out = append(out, configSection{Section: s})
	}
	for _, t := range engines.Types() {
		out = append(out, configSection{
			Section: config.Section{Name: "hook", Doc: t.Doc, Keys: t.Keys}, Engine: t.Name, Example: t.Example,
		})
	}
	return out
}

func runConfig(e *environment, names []string, json bool) error {
	all := configSections()
	selected := all
	if len(names) > 0 {
		selected = nil
	}
	var known []string
	for _, s := range all {
		known = append(known, s.label())
	}
	for _, name := range names {
		found := false
		for _, s := range all {
			if s.label() == name {
				selected, found = append(selected, s), true
			}
		}
		if !found {
			if near := diag.Nearest(name, known); near != "" {
				return exit.Usagef("no section or engine %q: did you mean %q?", name, near)
			}
			return exit.Usagef("no section or engine %q: there are %s", name, strings.Join(known, ", "))
		}
	}
	if json {
		return e.JSON(selected)
	}
	return printConfig(e.Out, selected)
}

// label is the name by which a section is asked for.
func (s configSection) label() string {
	if s.Engine != "" {
		return s.Engine
	}
	return s.Name
}

func printConfig(w io.Writer, sections []configSection) error {
	for _, s := range sections {
		head := "[" + s.Name + "]"
		switch {
		case s.Engine != "":
			head = "[[hook]] type = \"" + s.Engine + "\""
		case s.Name == "hook", s.Name == "json", s.Name == "xml":
			head = "[[" + s.Name + "]]"
		}
		fmt.Fprintf(w, "%s  # %s\n", head, s.Doc)
		keys := console.NewList("  ")
		for _, k := range s.Keys {
			keys.Row(k.Name, k.Type+": "+k.Doc+defaultOf(k))
		}
		if err := keys.Print(w); err != nil {
			return err
		}
		if s.Example != "" {
			fmt.Fprint(w, "\n  Example:\n")
			for line := range strings.Lines(s.Example) {
				fmt.Fprint(w, "    "+line)
			}
		}
		if _, err := fmt.Fprintln(w); err != nil {
			return err
		}
	}
	return nil
}

func defaultOf(k hook.Key) string {
	if k.Default == "" {
		return ""
	}
	return " (default: " + k.Default + ")"
}
