package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/locales"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/format"
	"hexapla/pipeline/segment"
)

func splitCommand() *cli.Command {
	return &cli.Command{
		Name:      "split",
		Usage:     "show how an article is cut into units and segments",
		ArgsUsage: "FILE|-",
		Description: `Splits a file, or standard input for -, by its format and the segmentation rules of
its language. It needs no project. With --json it prints one JSON object a segment,
in order: unit, segment, kind, source with its codes as numbered tags, and what else
is known of it.`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "the text's `LOCALE` (BCP 47)", Value: "en"},
			&cli.StringFlag{Name: "format", Usage: fmt.Sprintf("`FORMAT`: one of %v; by the file's extension if left out; or prose, running text with blank lines between paragraphs, which is what - is taken for", format.Names())},
			&cli.StringFlag{Name: "srx", Usage: "cut by the rules of this SRX `FILE`"},
			&cli.BoolFlag{Name: "explain", Usage: "say which rule broke or held each place instead"},
			jsonFlag(),
		},
		Action: runSplit,
	}
}

func runSplit(c *cli.Context) error {
	if c.NArg() != 1 {
		return exit.Usagef("split wants one FILE, or - for standard input")
	}
	locale, err := locales.Canonical(c.String("locale"))
	if err != nil {
		return exit.UsageError{Err: err}
	}
	rules, err := rulesFlag(c)
	if err != nil {
		return err
	}
	name, formatName := c.Args().First(), c.String("format")
	in := c.App.Reader
	if name == "-" {
		name = "standard input"
		if formatName == "" {
			formatName = prose
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
		return exit.Usagef("%s is larger than %d bytes", name, rootfs.MaxFile)
	}
	p, err := pipeline.New(&config.Config{Project: config.Project{Source: locale}}, pipeline.Resources{Rules: rules})
	if err != nil {
		return err
	}
	var d *bitext.Document
	var ds []diag.Diagnostic
	if formatName == prose {
		d = p.OpenProse(name, data)
	} else {
		d, ds = p.Open(name, formatName, "", data)
	}
	switch {
	case c.Bool("explain"):
		err = printDecisions(c, d, rules.For(locale))
	case c.Bool("json"):
		err = printSegments(c.App.Writer, d)
	default:
		w := printer(c)
		t := console.NewTable(w.Text("HeadUnit"), w.Text("HeadSegment"), w.Text("HeadKind"), w.Text("HeadSourceText"))
		for row := range segmentRows(d) {
			t.Row(row.Unit, row.Segment, row.Kind, row.Source)
		}
		err = t.Print(c.App.Writer)
	}
	for _, d := range ds {
		console.Finding(c.App.ErrWriter, d)
	}
	if err != nil {
		return err
	}
	if worst, _ := diag.MaxSeverity(ds); worst == diag.Error {
		return exit.ErrFindings
	}
	return nil
}

func rulesFlag(c *cli.Context) (*segment.Rules, error) {
	name := c.String("srx")
	if name == "" {
		return segment.Default(), nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, exit.UsageError{Err: err}
	}
	rules, ds := segment.Parse(name, data)
	if worst, _ := diag.MaxSeverity(ds); worst == diag.Error {
		return nil, exit.UsageError{Err: diagnostics(ds)}
	}
	for _, d := range ds {
		console.Finding(c.App.ErrWriter, d)
	}
	return rules, nil
}

// prose is text without any layout but blank lines, for split alone: an article
// has more.
const prose = "prose"

// segmentRow is a segment as split prints it.
type segmentRow struct {
	Unit      string      `json:"unit"`
	Segment   string      `json:"segment"`
	Kind      bitext.Kind `json:"kind"`
	Name      string      `json:"name,omitempty"`
	Source    string      `json:"source"`
	Locale    string      `json:"locale,omitempty"`
	Translate bool        `json:"translate"`
	Notes     []string    `json:"notes,omitempty"`
}

func segmentRows(d *bitext.Document) func(yield func(segmentRow) bool) {
	return func(yield func(segmentRow) bool) {
		for i := range d.Units {
			u := &d.Units[i]
			for _, s := range u.Translatable() {
				row := segmentRow{
					Unit: u.ID, Segment: s.ID, Kind: u.Kind, Name: u.Name, Source: s.Source.Tagged(),
					Locale: u.Locale, Translate: !u.NoTranslate,
				}
				if d.Format == prose {
					row.Source = strings.Join(strings.Fields(s.Source.Chars), " ")
				}
				for _, n := range u.Notes {
					row.Notes = append(row.Notes, n.Text)
				}
				if !yield(row) {
					return
				}
			}
		}
	}
}

func printSegments(w io.Writer, d *bitext.Document) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	var err error
	for row := range segmentRows(d) {
		if err = e.Encode(row); err != nil {
			break
		}
	}
	return err
}
