package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/handoff"
	"hexapla/cmd/internal/workspace"
	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

func importCommand() *cli.Command {
	return &cli.Command{
		Name:      "import",
		Usage:     "import translators' files into the memory",
		ArgsUsage: "FILE ... | -",
		Description: `Reads each file once, decides on every segment, and stores all that it accepts of it, or
nothing if a segment was rejected (--partial stores the others). All files of one command
are one batch, which 'memory undo' undoes. Importing a file again changes nothing. The next build uses it.

A segment belongs to the place that the file names, else to the segment of the article
that has its source now. If there is none, because the article was changed since, the
translation is kept for matching: the next export proposes it. Only what is wrong with
a text itself is rejected. A translation is stored for its own place: other places with
the same source keep theirs, unless --propagate is given.

FILE is XLIFF, PO, CSV, XLSX or JSON Lines as 'export' wrote it and a tool saved it; a workbook
may come back as an OpenDocument spreadsheet (.ods). Other tables, with nothing but texts and
translations, are for 'memory import'.

A zip file is a package of 'export --package' as it comes back: every bilingual file in
it is imported, wherever it is in the package; other files are ignored.

Examples:
  hexapla import --author Olga returned/ru.zip
  hexapla import --dry-run exchange/ru/2026/story.xlf
  hexapla import --article articles/old.md=articles/new.md returned.xlf
  ssh office cat returned.csv | hexapla import --format csv -`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "import only this target `LOCALE`, also one that the project does not build"},
			&cli.StringFlag{Name: "format", Usage: "file `TYPE`: " + handoff.CodecNames() + "; by the file's extension if left out"},
			&cli.BoolFlag{Name: "partial", Usage: "store what is sound though something else is rejected, or segments are missing"},
			&cli.BoolFlag{Name: "force", Usage: "accept also what lowers a state, is older than the memory's, copies the source, seems to be in another language or lost tags that may be removed"},
			&cli.BoolFlag{Name: "propagate", Usage: "give an edited translation to all places with the same source"},
			&cli.StringSliceFlag{Name: "article", Usage: "`OLD=NEW`: the article OLD of the files is now NEW; may be given again"},
			&cli.StringFlag{Name: "state", Usage: "give all that is accepted this `STATE`: translated, reviewed, final"},
			&cli.StringFlag{Name: "name", Usage: "a `NAME` for the batch, by which 'memory undo' knows it"},
			&cli.StringFlag{Name: "author", Usage: "the translator's `NAME`, for the history", EnvVars: []string{"HEXAPLA_AUTHOR"}},
			&cli.BoolFlag{Name: "verbose", Aliases: []string{"v"}, Usage: "print every segment, not only those rejected"},
			&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "store nothing; print what would be done"},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			o := importOptions{
				files: c.Args().Slice(), format: c.String("format"), verbose: c.Bool("verbose"), json: c.Bool("json"),
				ImportOptions: pipeline.ImportOptions{Partial: c.Bool("partial"), Force: c.Bool("force"), Propagate: c.Bool("propagate"), DryRun: c.Bool("dry-run"), Author: c.String("author"), Name: c.String("name")},
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
			var err error
			if o.Articles, err = renamedArticles(c.StringSlice("article")); err != nil {
				return err
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
	File    string `json:"file"`
	Ignored bool   `json:"ignored,omitempty"` // a file of a package that is not bilingual
	pipeline.ImportResult
	NewNotes []pipeline.ImportedNote `json:"newNotes,omitempty"`

	Segments []pipeline.Decision `json:"segments"`
	Findings []diag.Diagnostic   `json:"findings"`
}

// renamedArticles reads the values of --article.
func renamedArticles(flags []string) (map[string]string, error) {
	renamed := map[string]string{}
	for _, f := range flags {
		from, to, ok := strings.Cut(f, "=")
		if !ok || from == "" || to == "" {
			return nil, exit.Usagef("--article %q: must be OLD=NEW", f)
		}
		renamed[from] = to
	}
	return renamed, nil
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
	inputs, closeInputs, err := handoff.OpenInputs(ctx, o.files, o.format, e.In)
	if err != nil {
		return err
	}
	defer closeInputs()
	exported, err := handoff.Exported(w.Dir)
	if err != nil {
		return err
	}
	var all []importSummary
	var lists []*pipeline.ImportList
	findings := false
	for _, in := range inputs {
		if in.Units == nil {
			all = append(all, importSummary{File: in.Name, Ignored: true, Segments: []pipeline.Decision{}, Findings: []diag.Diagnostic{}})
			if !o.json {
				fmt.Fprintln(e.Out, e.Text("ImportIgnored", console.Args{"File": in.Name}))
			}
			continue
		}
		list, s, err := importFile(ctx, e, w, in.Name, in.Units, o)
		if err != nil {
			return err
		}
		if s.Batch != 0 {
			o.Batch = s.Batch
		}
		findings = findings || s.Refused > 0 || s.Kept > 0 || s.Conflicts > 0
		all, lists = append(all, s), append(lists, list)
		if !o.json {
			printImport(e, s, o)
		}
	}
	missing := w.Shown(pipeline.MissingSegments(lists, exported))
	findings = findings || (len(missing) > 0 && !o.Partial)
	if o.json {
		last := &all[len(all)-1]
		last.Findings = append(last.Findings, missing...)
		if err := e.JSON(all); err != nil {
			return err
		}
	} else {
		for _, d := range missing {
			e.Finding(e.Out, d)
		}
	}
	if findings {
		return exit.ErrFindings
	}
	return nil
}

// progressFrom is the size in bytes from which an import shows its progress.
const progressFrom = 4 << 20

func importFile(ctx context.Context, e *environment, w *workspace.Workspace, name string, read handoff.Units, o importOptions) (*pipeline.ImportList, importSummary, error) {
	bar := &console.Progress{}
	if info, err := os.Stat(name); err == nil && info.Size() > progressFrom {
		bar = console.StartProgress(e.Err, e.Text("ProgressBytes", console.Args{"File": filepath.Base(name)}), int(info.Size()))
	}
	defer bar.Stop()
	o.File, o.Note, o.Brief = name, batchNote(o.files), !o.json && !o.verbose
	list, result, err := w.Import(ctx, w.Articles, read(bar.Reader), o.ImportOptions)
	if err != nil {
		return nil, importSummary{}, err
	}
	return list, importSummary{
		File: name, ImportResult: result, NewNotes: list.NewNotes,
		Segments: listed(list.Decisions), Findings: append([]diag.Diagnostic{}, w.ShownOfFile(list.Findings)...),
	}, nil
}

// listed returns decisions as JSON has them, an empty list where there are none.
func listed(decisions []pipeline.Decision) []pipeline.Decision {
	if decisions == nil {
		return []pipeline.Decision{}
	}
	return decisions
}

// batchNote returns the note of the batch of some files: their names, as far as a few
// hundred bytes hold them.
func batchNote(files []string) string {
	var b strings.Builder
	for i, name := range files {
		if b.Len() > 300 {
			fmt.Fprintf(&b, " … (%d)", len(files))
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(filepath.Base(name))
	}
	return b.String()
}

// printImport prints the result of the import of one file.
func printImport(e *environment, s importSummary, o importOptions) {
	if o.verbose {
		for _, d := range s.Segments {
			if d.Verdict != pipeline.Rejected {
				fmt.Fprintln(e.Out, e.Text("ImportDecision", console.Args{"Place": d.Place.String(), "Verdict": e.Verdict(d.Verdict), "State": e.State(d.State)}))
			}
		}
	}
	for _, d := range s.Findings {
		e.Finding(e.Out, d)
	}
	did := e.Text("ImportNothing")
	switch {
	case s.Stored:
		did = e.Text("ImportStored", console.Args{"Batch": fmt.Sprint(s.Batch)})
	case o.DryRun:
		did = e.Text("ImportDry")
	case s.Refused > 0 && !o.Partial:
		did = e.Text("ImportRejected")
	}
	fmt.Fprintln(e.Out, e.Text("ImportSummary", console.Args{"File": s.File, "Accepted": s.Taken, "Unchanged": s.Unchanged, "NoTarget": s.Empty, "Rejected": s.Refused, "Result": did}))
	if s.Moved > 0 || s.Kept > 0 {
		fmt.Fprintln(e.Out, e.Text("ImportMoved", console.Args{"File": s.File, "Moved": s.Moved, "Kept": s.Kept}))
	}
	if s.Notes > 0 {
		fmt.Fprintln(e.Out, e.Count("ImportNotes", s.Notes, console.Args{"File": s.File}))
		for i := range s.NewNotes[:min(len(s.NewNotes), 20)] {
			n := &s.NewNotes[i]
			fmt.Fprintf(e.Out, "    %s [%s]: %s\n", e.Visible(n.Place), n.Locale, e.Visible(diag.Truncate(strings.Join(strings.Fields(n.Text), " "), 200)))
		}
	}
	if s.Propagated {
		fmt.Fprintln(e.Out, e.Text("ImportPropagated", console.Args{"File": s.File, "Places": s.Others}))
	}
}
