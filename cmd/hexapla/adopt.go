package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/publish"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/memory"
)

func adoptCommand() *cli.Command {
	return &cli.Command{
		Name:      "adopt",
		Usage:     "take the words of pages that were changed by hand into the memory",
		ArgsUsage: "FILE ...",
		Description: `FILE is a page in the folder of the editions. It is split in its own language, and its
parts are matched with the article's by structure. The differences from the memory are
shown first. Nothing is stored without --yes or an answer on the terminal, and 'memory
undo' undoes it. What corresponds to nothing in the article is listed, and the page is
never changed. Once the memory has all its words, the next build writes the same page.

Examples:
  hexapla adopt --dry-run editions/ru/first.html
  hexapla adopt --yes --author anna --state reviewed editions/ru/first.html`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "state", Usage: "the `STATE` of the stored translations: translated, reviewed or final", Value: bitext.Translated.String()},
			&cli.BoolFlag{Name: "yes", Aliases: []string{"y"}, Usage: "store without asking"},
			&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "store nothing; print what would be done"},
			batchNameFlag(), authorFlag(), jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			if !c.Args().Present() {
				return exit.Usagef("adopt: at least one FILE is required")
			}
			state, ok := bitext.ParseState(c.String("state"))
			if !ok || state == bitext.Initial {
				return exit.Usagef("--state %q: must be translated, reviewed or final", c.String("state"))
			}
			return runAdopt(c.Context, newEnvironment(c), c.Args().Slice(), state, decisionOptions{
				batch: memory.Batch{Author: c.String("author"), Name: c.String("name")},
				yes:   c.Bool("yes"), dryRun: c.Bool("dry-run"), json: c.Bool("json"),
			})
		},
	}
}

// editionPage is a page in the folder of the editions.
type editionPage struct {
	name    string // in the project, for messages
	locale  string
	article pipeline.Source
	data    []byte
	current bool // it was made of the article as it is now
}

func runAdopt(ctx context.Context, e *environment, files []string, state bitext.State, o decisionOptions) (err error) {
	w, err := e.open(ctx, workspace.Options{Memory: o.mode(), Select: &workspace.Selection{}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	pages := make([]editionPage, len(files))
	for i, name := range files {
		if pages[i], err = findPage(w, name); err != nil {
			return err
		}
	}
	d := decision[pipeline.Adopted]{Segments: []pipeline.Adopted{}}
	for _, p := range pages {
		a, err := w.FindAdoptions(ctx, p.article, p.locale, p.name, p.data, p.current)
		if err != nil {
			return err
		}
		d.Segments, d.Findings = append(d.Segments, a.Changed...), append(d.Findings, w.Shown(a.Findings)...)
	}
	d.Accepted, d.Refused = len(d.Segments), len(d.Findings)
	if !o.json {
		for _, s := range d.Segments {
			fmt.Fprintf(e.Out, "%s\n    %s\n  - %s\n  + %s\n", e.Visible(s.Place.String()), e.Visible(s.Source), e.Visible(s.Old), e.Visible(s.New))
		}
		for _, f := range d.Findings {
			console.Finding(e.Out, f)
		}
	}
	o.batch.Time = w.Clock()
	err = conclude(ctx, e, o, d, func(ctx context.Context) (memory.Result, error) {
		return w.Adopt(ctx, d.Segments, o.batch, state)
	})
	if err != nil && !errors.Is(err, exit.ErrFindings) || o.json || o.dryRun {
		return err
	}
	for _, p := range pages {
		if checkErr := printPageState(ctx, e, w, p); checkErr != nil {
			return checkErr
		}
	}
	return err
}

// findPage finds the article and the locale of a page.
func findPage(w *workspace.Workspace, name string) (editionPage, error) {
	p := editionPage{}
	output := w.Config.OutputFolder()
	root, err := filepath.Abs(w.Dir.Path(output))
	if err != nil {
		return p, err
	}
	file, err := filepath.Abs(name)
	if err != nil {
		return p, err
	}
	below, err := filepath.Rel(root, file)
	below = filepath.ToSlash(below)
	locale, path, ok := strings.Cut(below, "/")
	if w.Config.HasOutputPattern() {
		for _, l := range w.Targets {
			for _, a := range w.Articles {
				if edition := w.Config.EditionPath(a.Path); w.Config.PagePath(l, edition) == below {
					locale, path, ok = l, edition, true
				}
			}
		}
	}
	if err != nil || !ok || !slices.Contains(w.Targets, locale) || locale == w.Config.Project.Source {
		return p, exit.Usagef("%s is not an edition: it must be in %s/LOCALE/, of a locale that the project translates into", name, output)
	}
	i := slices.IndexFunc(w.Articles, func(a pipeline.Source) bool { return w.Config.EditionPath(a.Path) == path })
	if i < 0 {
		return p, exit.Usagef("%s is not the edition of an article of the project", name)
	}
	p.name, p.locale, p.article = strings.TrimPrefix(output+"/"+below, "./"), locale, w.Articles[i]
	if p.data, err = w.Dir.ReadFile(p.name); err != nil {
		return p, exit.UsageError{Err: err}
	}
	source, err := p.article.Read()
	if err != nil {
		return p, err
	}
	existing, err := publish.Existing(w)
	if err != nil {
		return p, err
	}
	if a := existing.Get(locale, path); a != nil {
		sum := sha256.Sum256(source)
		p.current = a.SHA256 == hex.EncodeToString(sum[:])
	}
	return p, nil
}

// printPageState prints whether the next build writes a page as it is.
func printPageState(ctx context.Context, e *environment, w *workspace.Workspace, p editionPage) error {
	made, err := publish.Page(ctx, w, p.article, p.locale)
	if err != nil {
		return err
	}
	args := console.Args{"File": p.name}
	if bytes.Equal(made.Data, p.data) {
		return e.Println(e.Text("AdoptSame", args))
	}
	if made.Data != nil {
		args["Line"] = fmt.Sprint(differentLine(made.Data, p.data))
		return e.Println(e.Text("AdoptDiffers", args))
	}
	for _, d := range w.Shown(made.Diagnostics) {
		if d.Severity > diag.Info {
			console.Finding(e.Out, d)
		}
	}
	return e.Println(e.Text("AdoptWithheld", args))
}

// differentLine returns the first line, counted from 1, in which two texts differ.
func differentLine(a, b []byte) int {
	x, y := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	for i := range min(len(x), len(y)) {
		if !bytes.Equal(x[i], y[i]) {
			return i + 1
		}
	}
	return min(len(x), len(y)) + 1
}
