package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/handoff"
	"hexapla/cmd/internal/workspace"
	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
)

func importCommand() *cli.Command {
	return &cli.Command{
		Name:      "import",
		Usage:     "import translators' files into the memory",
		ArgsUsage: "FILE ...",
		Description: `Decides on every segment first, and prints which ones it rejects and why; then stores
all of a file, or nothing if any segment was rejected (--partial stores the others).
What is stored of a file is one batch, which 'memory undo' undoes. Importing a file
again changes nothing. The next build uses it.

Example:  hexapla import --dry-run exchange/ru/2026/story.xlf`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "import only this target `LOCALE`, also one that the project does not build"},
			&cli.StringFlag{Name: "format", Usage: "file `TYPE`: " + handoff.CodecNames() + "; by the file's extension if left out"},
			&cli.BoolFlag{Name: "partial", Usage: "store what is sound though something else is rejected"},
			&cli.BoolFlag{Name: "force", Usage: "accept also what lowers a state, is older than the memory's, copies the source or lost tags that may be removed"},
			&cli.StringFlag{Name: "state", Usage: "give all that is accepted this `STATE`: translated, reviewed, final"},
			&cli.StringFlag{Name: "author", Usage: "the translator's `NAME`, for the history", EnvVars: []string{"HEXAPLA_AUTHOR"}},
			&cli.BoolFlag{Name: "verbose", Aliases: []string{"v"}, Usage: "print every segment, not only those rejected"},
			&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "store nothing; print what would be done"},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			o := importOptions{
				files: c.Args().Slice(), format: c.String("format"), verbose: c.Bool("verbose"), json: c.Bool("json"),
				ImportOptions: pipeline.ImportOptions{Partial: c.Bool("partial"), Force: c.Bool("force"), DryRun: c.Bool("dry-run"), Author: c.String("author")},
			}
			if len(o.files) == 0 {
				return exit.Usagef("import: at least one FILE is required")
			}
			if s := c.String("state"); s != "" {
				if err := o.State.UnmarshalText([]byte(s)); err != nil {
					return exit.UsageError{Err: err}
				}
				if o.State == bitext.Initial {
					return exit.Usagef("--state initial would import nothing: use translated, reviewed or final")
				}
			}
			if l := c.String("locale"); l != "" {
				var err error
				if o.Locale, err = locales.Canonical(l); err != nil {
					return exit.UsageError{Err: err}
				}
			}
			return runImport(c.Context, newEnvironment(c), o)
		},
	}
}

// importOptions are the options of import.
type importOptions struct {
	pipeline.ImportOptions
	files   []string
	format  string
	verbose bool
	json    bool
}

// importSummary is the result of the import of one file, also as JSON.
type importSummary struct {
	File string `json:"file"`
	pipeline.ImportResult
	Segments []pipeline.Decision `json:"segments"`
}

func runImport(ctx context.Context, e *environment, o importOptions) (err error) {
	mode := workspace.ReadWrite
	if o.DryRun {
		mode = workspace.DryRun
	}
	w, err := e.open(ctx, workspace.Options{Memory: mode, Select: &workspace.Selection{}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	// All files are found before the first is imported.
	files := make([]handoff.Units, len(o.files))
	for i, name := range o.files {
		if files[i], err = handoff.ReadUnits(name, o.format); err != nil {
			return err
		}
	}
	var all []importSummary
	rejected := false
	for i, name := range o.files {
		s, err := importFile(ctx, e, w, name, files[i], o)
		if err != nil {
			return err
		}
		rejected = rejected || s.Refused > 0
		all = append(all, s)
		if !o.json {
			fmt.Fprintln(e.Out, importLine(e, s, o.DryRun))
		}
	}
	if o.json {
		if err := e.JSON(all); err != nil {
			return err
		}
	}
	if rejected {
		return exit.ErrFindings
	}
	return nil
}

// progressFrom is the size in bytes from which an import shows its progress.
const progressFrom = 4 << 20

func importFile(ctx context.Context, e *environment, w *workspace.Workspace, name string, read handoff.Units, o importOptions) (importSummary, error) {
	bar := &console.Progress{}
	if info, err := os.Stat(name); err == nil && info.Size() > progressFrom {
		bar = console.StartProgress(e.Err, e.Text("ProgressBytes", console.Args{"File": filepath.Base(name)}), 2*int(info.Size())) // read twice
	}
	defer bar.Stop()
	units := func() iter.Seq2[*exchange.Unit, error] { return read(bar.Reader) }
	s := importSummary{File: name, Segments: []pipeline.Decision{}}
	o.Note = filepath.Base(name)
	var err error
	s.ImportResult, err = w.Import(ctx, w.Articles, units, o.ImportOptions, func(d pipeline.Decision) {
		switch {
		case o.json:
			s.Segments = append(s.Segments, d)
		case d.Verdict == pipeline.Rejected:
			console.Finding(e.Out, d.Diagnostic)
		case o.verbose:
			fmt.Fprintln(e.Out, e.Text("ImportDecision", console.Args{"Place": d.Place.String(), "Verdict": e.Verdict(d.Verdict), "State": e.State(d.State)}))
		}
	})
	return s, err
}

// importLine returns the line about one imported file.
func importLine(e *environment, s importSummary, dry bool) string {
	did := e.Text("ImportNothing")
	switch {
	case s.Stored:
		did = e.Text("ImportStored", console.Args{"Batch": fmt.Sprint(s.Batch)})
	case dry:
		did = e.Text("ImportDry")
	case s.Refused > 0:
		did = e.Text("ImportRefused")
	}
	return e.Text("ImportSummary", console.Args{"File": s.File, "Taken": s.Taken, "Unchanged": s.Unchanged, "Empty": s.Empty, "Refused": s.Refused, "Did": did})
}
