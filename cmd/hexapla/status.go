package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"time"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/board"
	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/publish"
	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/pipeline"
	"hexapla/pipeline/memory"
	"hexapla/pipeline/report"
)

func statusCommand() *cli.Command {
	return &cli.Command{
		Name:      "status",
		Usage:     "show what readers have, what is ready and what is missing, and write nothing",
		ArgsUsage: "[ARTICLE ...]",
		Description: `Decides about every edition as build does with catalogs and memory alone, asks no hook
and writes nothing to the project. It prints articles by locales, each edition with
its state and the percentage of its words that are ready, in parts that fit the
terminal (COLUMNS sets another width).

For one ARTICLE it prints for each locale the reasons, the next command, since when,
who worked on it last, and the open notes; --details does so for all. --by locale prints one line for
each locale. --format html writes one file that needs no other.

Example:  hexapla status articles/2026/river-pact.html
          hexapla status --format html --output board.html`,
		Flags: []cli.Flag{
			localeFlag(),
			&cli.StringFlag{Name: "by", Usage: "print a row for each `KEY`: article or locale", Value: "article"},
			&cli.BoolFlag{Name: "details", Aliases: []string{"d"}, Usage: "print reasons and next commands of all articles"},
			&cli.StringFlag{Name: "format", Usage: "write `FORMAT`: table, html, markdown, csv or json", Value: "table"},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE` instead of standard output"},
			&cli.BoolFlag{Name: "findings", Aliases: []string{"f"}, Usage: "list every finding, not only errors"},
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			o := statusOptions{
				selection: workspace.Selection{Articles: c.Args().Slice(), Locales: c.StringSlice("locale")},
				by:        c.String("by"), details: c.Bool("details"), format: c.String("format"), output: outputFile(c), findings: c.Bool("findings"),
			}
			if c.Bool("json") {
				if c.IsSet("format") && o.format != "json" {
					return exit.Usagef("--json and --format %s exclude each other", o.format)
				}
				o.format = "json"
			}
			switch o.format {
			case "table", "html", "markdown", "csv", "json":
			default:
				return exit.Usagef("--format %s: must be table, html, markdown, csv or json", o.format)
			}
			switch {
			case o.by != "article" && o.by != "locale":
				return exit.Usagef("--by %s: must be article or locale", o.by)
			case o.by == "locale" && (o.details || o.format != "table" && o.format != "json"):
				return exit.Usagef("--by locale prints a table only")
			}
			return runStatus(c.Context, newEnvironment(c), o)
		},
	}
}

// statusOptions are the options of status.
type statusOptions struct {
	selection workspace.Selection
	by        string
	details   bool
	format    string
	output    string
	findings  bool
}

// statusVersion is the version of the JSON form of status. A field that is added
// leaves it.
const statusVersion = 1

// status is the JSON form: what a dry build prints, and the board.
type status struct {
	Version int `json:"version"`
	*publish.Summary
	Board []board.Row `json:"board"`
}

func runStatus(ctx context.Context, e *environment, o statusOptions) error {
	w, err := e.open(ctx, workspace.Options{Memory: workspace.DryRun, Select: &o.selection})
	if err != nil {
		return err
	}
	progress := boardProgress{console.StartProgress(e.Err, e.Text("ProgressArticles"), len(w.Articles)), &board.Board{Locales: w.Targets}}
	s, err := publish.Build(ctx, w, publish.Options{
		DryRun: true, Incremental: true, Partial: len(o.selection.Articles) > 0, AllFindings: o.findings || o.format == "json",
	}, progress)
	progress.Stop()
	var notes []memory.NoteThread
	if err == nil {
		notes, err = w.Notes(ctx, memory.NoteFilter{Open: true})
	}
	if cerr := w.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	s.Findings = w.Shown(s.Findings)
	b := progress.board
	b.AddNotes(notes)
	b.Sort()
	if o.output == "" {
		err = printStatus(e, s, b, o)
	} else {
		var out bytes.Buffer
		file := *e
		file.Out = &out
		if err = printStatus(&file, s, b, o); err == nil {
			err = rootfs.WriteFile(o.output, out.Bytes())
		}
	}
	if err != nil {
		return err
	}
	return s.Err()
}

// writeVisible writes a text without the control characters that names may have.
func writeVisible(w io.Writer, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	_, err := w.Write(report.WithoutControls(b.Bytes()))
	return err
}

func printStatus(e *environment, s *publish.Summary, b *board.Board, o statusOptions) error {
	switch o.format {
	case "json":
		return e.JSON(status{statusVersion, s, b.Rows})
	case "html":
		return writeVisible(e.Out, func(w io.Writer) error { return b.HTML(e.Printer, w, time.Now().UTC()) })
	case "markdown":
		return writeVisible(e.Out, func(w io.Writer) error { return b.Markdown(e.Printer, w) })
	case "csv":
		return writeVisible(e.Out, b.CSV)
	}
	if o.by == "locale" {
		return board.PrintSummary(e.Printer, s)
	}
	width := console.Width(e.Out, os.Getenv)
	if o.details || len(b.Rows) == 1 && len(o.selection.Articles) > 0 {
		if err := b.Details(e.Printer, e.Out, width); err != nil {
			return err
		}
		return board.PrintOutcome(e.Printer, s)
	}
	if err := b.Table(e.Printer, e.Out, width); err != nil {
		return err
	}
	board.PrintReasons(e.Printer, s, max(width, board.MinWidth))
	return board.PrintOutcome(e.Printer, s)
}

// boardProgress shows the progress of a dry build and collects the board.
type boardProgress struct {
	*console.Progress
	board *board.Board
}

func (p boardProgress) Article(r pipeline.Result, pages []publish.Earlier) {
	p.Step()
	p.board.Add(r, pages)
}

func (boardProgress) Wrote(string, bool) {}
