package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/archive"
	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline/format"
	"hexapla/pipeline/memory"
)

func alignCommand() *cli.Command {
	return &cli.Command{
		Name:      "align",
		Usage:     "fill the memory from pages and their existing translations",
		ArgsUsage: "[SOURCE TARGET]",
		Description: `Pairs the sentences of pages with those of their translations, by length, position, words,
numbers, links and names, and stores the pairs in the memory, each with a confidence, the
page and its date. A page and its translation may have different formats. Pairs are
translated, not reviewed, and not published unless policy.aligned is true. Pairs of low
confidence go to the --review file. Pages that do not belong together, or are in another
language, are reported with the evidence, and nothing of them is stored.

SOURCE and TARGET are two files, or with --pairs two patterns with {path} and {locale}.
Without them, pages are found by project.output if it is a pattern, by the layouts of Hugo, Jekyll, Docusaurus and Astro, by a
--list of pages, or with --links by hreflang links and translation keys in the pages.
'memory undo' removes what a run stored.

Examples:
  hexapla align --locale ru news.html news-ru.html
  hexapla align --locale ru --pairs '{path}.html' 'ru/{path}.html'
  hexapla align --review exchange/align.html --dry-run`,
		Flags: []cli.Flag{
			localeFlag(),
			&cli.BoolFlag{Name: "pairs", Usage: "SOURCE and TARGET are patterns: {path}, {source} and {locale}"},
			&cli.StringFlag{Name: "list", Usage: "align the pages of this `FILE`: source, target and locale, with tabs between them"},
			&cli.BoolFlag{Name: "links", Usage: "find translations by hreflang links and translation keys"},
			&cli.Float64Flag{Name: "min-confidence", Usage: "store pairs of at least this `CONFIDENCE`, from 0 to 1", Value: defaultMinConfidence},
			&cli.StringFlag{Name: "review", Usage: "write the other pairs to this `FILE`: .tmx, .xlsx or .html"},
			&cli.BoolFlag{Name: "force", Usage: "store also pairs of pages that seem not to belong together"},
			&cli.StringFlag{Name: "name", Usage: "a `NAME` for the batch, by which 'memory undo' knows it"},
			authorFlag(),
			&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "store nothing; print what would be done"},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			o := alignOptions{
				args: c.Args().Slice(), patterns: c.Bool("pairs"), list: c.String("list"), links: c.Bool("links"), json: c.Bool("json"),
				AlignOptions: archive.AlignOptions{
					MinConfidence: c.Float64("min-confidence"), Review: c.String("review"), Force: c.Bool("force"), DryRun: c.Bool("dry-run"),
					Batch: memory.Batch{Author: c.String("author"), Name: c.String("name"), Note: "align"},
				},
			}
			var err error
			if o.locales, err = localesGiven(c); err != nil {
				return err
			}
			switch {
			case len(o.args) != 0 && len(o.args) != 2:
				return exit.Usagef("align: SOURCE and TARGET are required, or neither")
			case o.patterns && len(o.args) != 2:
				return exit.Usagef("align --pairs: two patterns are required")
			case len(o.args) == 2 && !o.patterns && len(o.locales) != 1:
				return exit.Usagef("align: the locale of TARGET is required: --locale LOCALE")
			case o.MinConfidence < 0 || o.MinConfidence > 1:
				return exit.Usagef("--min-confidence %v: must be from 0 to 1", o.MinConfidence)
			}
			return runAlign(c.Context, newEnvironment(c), o)
		},
	}
}

// defaultMinConfidence is the confidence from which pairs are stored.
const defaultMinConfidence = 0.5

// alignOptions are the options of align.
type alignOptions struct {
	optional bool // it is no error if no page has a translation
	archive.AlignOptions
	args     []string
	locales  []string
	patterns bool
	list     string
	links    bool
	json     bool
}

func runAlign(ctx context.Context, e *environment, o alignOptions) (err error) {
	mode := workspace.ReadWrite
	if o.DryRun {
		mode = workspace.DryRun
	}
	w, err := e.open(ctx, workspace.Options{Memory: mode})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	if o.Pages, err = o.pages(w); err != nil || o.optional && len(o.Pages) == 0 {
		return err
	}
	if len(o.Pages) == 0 {
		return exit.Usagef("align: no page with a translation was found: name two files, or use --pairs, --list or --links")
	}
	o.Batch.Time = w.Clock()
	r, err := archive.Align(ctx, w, o.AlignOptions)
	if err != nil {
		return err
	}
	r.Findings = w.Shown(r.Findings)
	if o.json {
		if err := e.JSON(r); err != nil {
			return err
		}
		return findingsError(r.Findings)
	}
	for _, d := range r.Findings {
		e.Finding(e.Out, d)
	}
	did := e.Text("ImportNothing")
	switch {
	case o.DryRun:
		did = e.Text("ImportDry")
	case r.Batch != 0:
		did = e.Text("ImportStored", console.Args{"Batch": fmt.Sprint(r.Batch)})
	}
	fmt.Fprintln(e.Out, e.Text("AlignSummary", console.Args{"Pages": r.Pages, "Rejected": r.Refused, "Added": r.Stored, "Unchanged": r.Known, "Review": r.Review, "Unpaired": r.Unpaired, "Result": did}))
	return findingsError(r.Findings)
}

// pages finds the pages to align.
func (o *alignOptions) pages(w *workspace.Workspace) ([]archive.Pages, error) {
	source, targets := w.Config.Project.Source, o.locales
	if len(targets) == 0 {
		targets = w.Config.Project.Locales
	}
	switch {
	case o.list != "":
		data, err := readNamed(o.list)
		if err != nil {
			return nil, err
		}
		return archive.ReadList(o.list, data, targets)
	case o.patterns:
		return archive.ByPattern(w.Dir, o.args[0], o.args[1], source, targets)
	case len(o.args) == 2:
		return []archive.Pages{{Source: w.ProjectPath(o.args[0]), Target: w.ProjectPath(o.args[1]), Locale: targets[0]}}, nil
	case o.links:
		return archive.ByLinks(w.Dir, []string{format.Glob()}, source, targets)
	}
	if w.Config.HasOutputPattern() {
		pages, err := archive.ByOutput(w.Dir, w.Config, targets)
		if err != nil || len(pages) > 0 {
			return pages, err
		}
	}
	pages, _, err := archive.Detect(w.Dir, source, targets)
	return pages, err
}

// readNamed reads a file that the user named.
func readNamed(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, exit.UsageError{Err: err}
	}
	if info.Size() > rootfs.MaxFile {
		return nil, exit.Usagef("%s is larger than the limit of %d bytes", name, rootfs.MaxFile)
	}
	return os.ReadFile(name)
}
