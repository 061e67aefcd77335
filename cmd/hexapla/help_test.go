package main

import (
	"io"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// TestHelp checks that the help of every command has an example, and that every
// command is in a group.
func TestHelp(t *testing.T) {
	app := newApp(strings.NewReader(""), io.Discard, io.Discard)
	n := 0
	var walk func(path string, commands []*cli.Command)
	walk = func(path string, commands []*cli.Command) {
		for _, c := range commands {
			name := path + " " + c.Name
			if path == "hexapla" && c.Category == "" {
				t.Errorf("%s is in no group", name)
			}
			if c.Subcommands != nil {
				walk(name, c.Subcommands)
				continue
			}
			n++
			_, examples, ok := strings.Cut(c.Description, "Example")
			if !ok || !strings.Contains(examples, name) {
				t.Errorf("%s --help has no example of %q", name, name)
			}
		}
	}
	walk("hexapla", app.Commands)
	if n < 30 {
		t.Errorf("%d commands", n)
	}
}
