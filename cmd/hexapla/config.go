package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

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

Example:  hexapla config policy openai

` + strings.TrimSpace(configText(configSections())),
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
	_, err := fmt.Fprint(e.Out, configText(selected))
	return err
}

// label is the name by which a section is asked for.
func (s configSection) label() string {
	if s.Engine != "" {
		return s.Engine
	}
	return s.Name
}

func configText(sections []configSection) string {
	var b strings.Builder
	for _, s := range sections {
		head := "[" + s.Name + "]"
		switch {
		case s.Engine != "":
			head = "[[hook]] type = \"" + s.Engine + "\""
		case s.Name == "hook", s.Name == "json", s.Name == "xml":
			head = "[[" + s.Name + "]]"
		}
		fmt.Fprintf(&b, "%s  # %s\n", head, s.Doc)
		for _, k := range s.Keys {
			fmt.Fprintf(&b, "  %-24s %s: %s%s\n", k.Name, k.Type, k.Doc, defaultOf(k))
		}
		if s.Example != "" {
			b.WriteString("\n  Example:\n")
			for line := range strings.Lines(s.Example) {
				b.WriteString("    " + line)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func defaultOf(k hook.Key) string {
	if k.Default == "" {
		return ""
	}
	return " (default: " + k.Default + ")"
}
