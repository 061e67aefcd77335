package main

import (
	"cmp"
	"context"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/config"
)

// environment is what every command works with, apart from its own options.
type environment struct {
	console.Printer
	In      io.Reader
	Project string // --project; "" for the nearest project above the current folder
	Allow   bool   // --allow-hooks

	opened func(*workspace.Workspace) // called with each project that was opened; may be nil
}

func newEnvironment(c *cli.Context) *environment {
	e := &environment{Printer: printer(c), In: c.App.Reader}
	for _, ctx := range c.Lineage() {
		if ctx.IsSet("project") {
			e.Project = ctx.String("project")
			break
		}
	}
	for _, ctx := range c.Lineage() {
		e.Allow = e.Allow || ctx.Bool("allow-hooks")
	}
	return e
}

// printer returns what a command prints with: in the language of --lang, else in
// that of the environment variables.
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

// projectFolder returns the folder of the project.
func (e *environment) projectFolder() (string, error) {
	if e.Project != "" {
		return e.Project, nil
	}
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	return workspace.Find(start)
}

// open opens the project.
func (e *environment) open(ctx context.Context, o workspace.Options) (*workspace.Workspace, error) {
	dir, err := e.projectFolder()
	if err != nil {
		return nil, err
	}
	o.Allow = o.Allow || e.Allow
	w, err := workspace.Open(ctx, dir, o)
	if err == nil && e.Verbose() {
		e.describe(w, o)
	}
	if err == nil && e.opened != nil {
		e.opened(w)
	}
	return w, err
}

// describe prints what was opened.
func (e *environment) describe(w *workspace.Workspace, o workspace.Options) {
	c := w.Config
	e.Detail("VerboseProject", console.Args{"Config": w.Dir.Path(config.FileName), "Articles": e.Count("Articles", len(w.Articles)), "Source": c.Project.Source, "Locales": strings.Join(c.Project.Locales, ", ")})
	memory := c.Memory.URL
	if memory == "" {
		memory = w.Dir.Path(c.Memory.Path)
	}
	e.Detail("VerboseMemory", console.Args{"Memory": memory})
	if o.Engines && len(c.Hooks) > 0 {
		var names []string
		for _, h := range c.Hooks {
			names = append(names, cmp.Or(h.Name, h.Type))
		}
		e.Detail("VerboseEngines", console.Args{"Names": strings.Join(names, ", ")})
	}
}

// setStreams makes the output of the program as --color, --quiet and --verbose choose it.
func setStreams(c *cli.Context) {
	color := func(w io.Writer) bool { return console.UseColor(c.String("color"), w, os.Getenv) }
	c.App.Writer = &console.Stream{Writer: c.App.Writer, Color: color(c.App.Writer)}
	c.App.ErrWriter = &console.Stream{Writer: c.App.ErrWriter, Color: color(c.App.ErrWriter), Quiet: c.Bool("quiet"), Verbose: c.Bool("verbose")}
}
