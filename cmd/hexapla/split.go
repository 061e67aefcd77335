package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/checks"
	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/format"
)

func splitCommand() *cli.Command {
	return &cli.Command{
		Name:      "split",
		Usage:     "show how an article is split into units and segments",
		ArgsUsage: "FILE|-",
		Description: `Splits a file, or standard input for -, by its format and the segmentation rules of
its language. In a project these are the project's: the options of its formats, its
SRX file, and its source locale where --locale is not given. It needs no project; with
--no-project it uses none. With --json it prints one JSON object a segment, in order:
unit, segment, kind, source with its codes as numbered tags, and what else is known of
it.

Example:  hexapla split --locale ru --explain story.md`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "the text's `LOCALE` (BCP 47; default: that of an article, see sources.declared; else the project's source locale, else en)"},
			&cli.StringFlag{Name: "format", Usage: fmt.Sprintf("`FORMAT`: one of %v; by the file's extension if left out; or prose, running text with blank lines between paragraphs, the default for -", format.Names())},
			srxFlag(),
			&cli.BoolFlag{Name: "no-project", Usage: "do not use the configuration of the project"},
			&cli.BoolFlag{Name: "explain", Usage: "print the rule that breaks or keeps each place instead"},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return exit.Usagef("split: one FILE is required, or - for standard input")
			}
			o := splitOptions{
				file: c.Args().First(), format: c.String("format"), srx: c.String("srx"),
				explain: c.Bool("explain"), json: c.Bool("json"), noProject: c.Bool("no-project"),
			}
			if l := c.String("locale"); l != "" {
				tags, err := checks.CanonicalTags("--locale", []string{l})
				if err != nil {
					return err
				}
				o.locale = tags[0]
			}
			return runSplit(c.Context, newEnvironment(c), o)
		},
	}
}

// splitOptions are the options of split.
type splitOptions struct {
	file    string // "-" for standard input
	locale  string // "" for the project's source locale, else en
	format  string // "" for that of the extension
	srx     string // a file; "" for the project's rules, else the built-in ones
	explain bool
	json    bool

	noProject bool // ignore the project
}

// splitter returns what splits a file: with the options and rules of the project, if
// there is one and o does not exclude it, and the defaults otherwise.
func splitter(ctx context.Context, e *environment, o splitOptions) (*pipeline.Project, error) {
	var c config.Config
	var r pipeline.Resources
	if !o.noProject {
		w, err := e.open(ctx, workspace.Options{})
		switch {
		case err == nil:
			defer w.Close()
			c, r.Rules, r.ITS = *w.Config, w.Rules, w.ITS
		case e.Project == "" && errors.Is(err, workspace.ErrNoProject):
		default:
			return nil, err
		}
	}
	if o.srx != "" || r.Rules == nil {
		var err error
		if r.Rules, err = readRules(e, o.srx); err != nil {
			return nil, err
		}
	}
	c.Project.Source = cmp.Or(o.locale, c.Project.Source, "en")
	if o.locale != "" { // whatever the file declares
		c.Sources = config.Sources{Declared: config.DeclaredOff}
	}
	return pipeline.New(&c, r)
}

func runSplit(ctx context.Context, e *environment, o splitOptions) error {
	p, err := splitter(ctx, e, o)
	if err != nil {
		return err
	}
	name, in := o.file, e.In
	if name == "-" {
		name = "standard input"
		if o.format == "" {
			o.format = console.Prose
		}
	} else {
		f, err := os.Open(name)
		if err != nil {
			return exit.UsageError{Err: err}
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, rootfs.MaxFile+1))
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	if len(data) > rootfs.MaxFile {
		return exit.Usagef("%s is larger than the limit of %d bytes", name, rootfs.MaxFile)
	}
	var ds []diag.Diagnostic
	d, err := unlessDone(ctx, func() (d *bitext.Document) {
		if o.format == console.Prose {
			return p.OpenProse(name, data)
		}
		d, ds = p.Open(name, o.format, "", data)
		return d
	})
	if err != nil {
		return err
	}
	switch {
	case o.explain:
		err = e.Decisions(d, p.Rules.For(d.Locale), o.json)
	default:
		err = e.Segments(d, o.json)
	}
	for _, d := range ds {
		e.Finding(e.Err, d)
	}
	if err != nil {
		return err
	}
	return findingsError(ds)
}
