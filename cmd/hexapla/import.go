package main

import (
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
)

func importCommand() *cli.Command {
	return &cli.Command{
		Name:      "import",
		Usage:     "take translators' files into the memory",
		ArgsUsage: "FILE ...",
		Description: `Decides on every segment first and says which it takes, which it refuses and why; then
stores all of a file, or nothing if any was refused (--partial stores what is sound).
What is taken of a file is one batch, which 'memory undo' takes back. Importing a file again changes
nothing. The next build uses it.`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "take only this target `LOCALE`, also one that the project does not build"},
			&cli.StringFlag{Name: "format", Usage: "file `TYPE`: " + codecNames() + "; by the file's extension if left out"},
			&cli.BoolFlag{Name: "partial", Usage: "take what is sound though something else is refused"},
			&cli.BoolFlag{Name: "force", Usage: "take also what lowers a state, is older than the memory's, copies the source or lost tags that may go"},
			&cli.StringFlag{Name: "state", Usage: "give all that is taken this `STATE`: translated, reviewed, final"},
			&cli.StringFlag{Name: "author", Usage: "the translator's `NAME`, for the history", EnvVars: []string{"HEXAPLA_AUTHOR"}},
			&cli.BoolFlag{Name: "verbose", Aliases: []string{"v"}, Usage: "name every segment, not only those refused"},
			&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "store nothing; say what would be done"},
			jsonFlag(),
		},
		Action: runImport,
	}
}

// importSummary is what import prints of one file as JSON.
type importSummary struct {
	File string `json:"file"`
	pipeline.ImportResult
	Segments []pipeline.Decision `json:"segments"`
}

func runImport(c *cli.Context) (err error) {
	if c.NArg() == 0 {
		return exit.Usagef("import wants at least one FILE")
	}
	o := pipeline.ImportOptions{Partial: c.Bool("partial"), Force: c.Bool("force"), DryRun: c.Bool("dry-run"), Author: c.String("author")}
	if s := c.String("state"); s != "" {
		if err := o.State.UnmarshalText([]byte(s)); err != nil {
			return exit.UsageError{Err: err}
		}
		if o.State == bitext.Initial {
			return exit.Usagef("--state initial would take nothing: want translated, reviewed or final")
		}
	}
	if l := c.String("locale"); l != "" {
		if o.Locale, err = locales.Canonical(l); err != nil {
			return exit.UsageError{Err: err}
		}
	}
	p, err := loadProject(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	articles, err := p.articles(nil)
	if err != nil {
		return err
	}
	if o.DryRun {
		err = p.openScratchMemory(c.Context)
	} else {
		err = p.openMemory(c.Context)
	}
	if err != nil {
		return err
	}
	// All files are found before the first is taken.
	readers := map[string]func(*console.Progress) iter.Seq2[*exchange.Unit, error]{}
	for _, name := range c.Args().Slice() {
		if readers[name], err = fileUnits(name, c.String("format")); err != nil {
			return err
		}
	}
	w := printer(c)
	var all []importSummary
	refused := false
	for _, name := range c.Args().Slice() {
		bar := &console.Progress{}
		if info, err := os.Stat(name); err == nil && info.Size() > shownFrom {
			bar = console.StartProgress(c.App.ErrWriter, w.Text("ProgressBytes", console.Args{"File": filepath.Base(name)}), 2*int(info.Size())) // read twice
		}
		units := func() iter.Seq2[*exchange.Unit, error] { return readers[name](bar) }
		s := importSummary{File: name, Segments: []pipeline.Decision{}}
		o.Note = filepath.Base(name)
		s.ImportResult, err = p.Import(c.Context, articles, units, o, func(d pipeline.Decision) {
			switch {
			case c.Bool("json"):
				s.Segments = append(s.Segments, d)
			case d.Verdict == pipeline.Rejected:
				console.Finding(c.App.Writer, d.Diagnostic)
			case c.Bool("verbose"):
				fmt.Fprintln(c.App.Writer, w.Text("ImportDecision", console.Args{"Place": d.Place.String(), "Verdict": w.Verdict(d.Verdict), "State": w.State(d.State)}))
			}
		})
		bar.Stop()
		if err != nil {
			return err
		}
		refused = refused || s.Refused > 0
		all = append(all, s)
		if !c.Bool("json") {
			fmt.Fprintln(c.App.Writer, importLine(w, s, o))
		}
	}
	if c.Bool("json") {
		if err := printer(c).JSON(all); err != nil {
			return err
		}
	}
	if refused {
		return exit.ErrFindings
	}
	return nil
}

// importLine returns the line about one imported file.
func importLine(w console.Printer, s importSummary, o pipeline.ImportOptions) string {
	did := w.Text("ImportNothing")
	switch {
	case s.Stored:
		did = w.Text("ImportStored", console.Args{"Batch": fmt.Sprint(s.Batch)})
	case o.DryRun:
		did = w.Text("ImportDry")
	case s.Refused > 0:
		did = w.Text("ImportRefused")
	}
	return w.Text("ImportSummary", console.Args{"File": s.File, "Taken": s.Taken, "Unchanged": s.Unchanged, "Empty": s.Empty, "Refused": s.Refused, "Did": did})
}

// shownFrom is the size in bytes from which an import shows its progress.
const shownFrom = 4 << 20

// fileUnits gives a way to read a bilingual file's units, again and again.
func fileUnits(name, format string) (func(*console.Progress) iter.Seq2[*exchange.Unit, error], error) {
	if format == "" {
		format = strings.ToLower(filepath.Ext(name))
	}
	codec, ok := pipeline.CodecNamed(format)
	if !ok {
		return nil, exit.Usagef("%s: no file type by its extension; give --format, one of %s", name, codecNames())
	}
	if info, err := os.Stat(name); err != nil {
		return nil, exit.UsageError{Err: err}
	} else if info.IsDir() {
		return nil, exit.Usagef("%s is a folder; name the files in it", name)
	}
	return func(bar *console.Progress) iter.Seq2[*exchange.Unit, error] {
		return func(yield func(*exchange.Unit, error) bool) {
			f, err := os.Open(name)
			if err != nil {
				yield(nil, diag.Diagnostic{ID: "import.file", Severity: diag.Error, Place: diag.Place{Path: name}, Message: err.Error()})
				return
			}
			defer f.Close()
			codec.Decode(name, bar.Reader(f))(yield)
		}
	}, nil
}
