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
	"hexapla/pipeline"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange/xliff"
)

func exportCommand() *cli.Command {
	return &cli.Command{
		Name:      "export",
		Usage:     "write bilingual files for translators",
		ArgsUsage: "[ARTICLE ...]",
		Description: `Writes what there is to translate to exchange/LOCALE/, one file for each article or
locale, with the proposals of the memory, the glossary's terms and notes, and prints
the analysis that translators are paid by. Units are written whole, so that a sentence
is read with its neighbours; --state and --changed select units.

With --package, each locale gets one zip file LOCALE.zip for its translator: these
files, the glossary in the layout of the tool of --flavor, the analysis, a preview of
each article, and a README.txt in the translator's language. 'hexapla import' reads the
zip file. With --flavor omegat it is an OmegaT project with its memory.

Examples:
  hexapla export --locale ru --format xliff --changed
  hexapla export --locale ru --package --flavor omegat`,
		Flags: []cli.Flag{
			localeFlag(),
			&cli.StringFlag{Name: "format", Usage: "file `TYPE`: " + handoff.CodecNames(), Value: pipeline.Codecs()[0].Name},
			&cli.StringFlag{Name: "format-version", Usage: "the file type's `VERSION`"},
			&cli.StringFlag{Name: "flavor", Usage: "write for this `TOOL`"},
			&cli.StringSliceFlag{Name: "state", Usage: "only segments in this `STATE`: " + strings.Join(pipeline.StateNames, ", ") + "; may be given again"},
			&cli.BoolFlag{Name: "changed", Usage: "only what is new or changed since it was last exported"},
			&cli.BoolFlag{Name: "no-repeats", Usage: "each text once in a locale"},
			&cli.StringFlag{Name: "by", Usage: "one file for each `article` or locale", Value: "article"},
			&cli.IntFlag{Name: "max-words", Usage: "begin another file after `N` source words"},
			&cli.IntFlag{Name: "split", Usage: "divide the articles of a locale among `N` translators, with a folder each"},
			&cli.BoolFlag{Name: "unlocked", Usage: "lock no column of a workbook"},
			&cli.StringFlag{Name: "terms", Usage: "write the glossary next to the files, as `TYPE`: csv, tsv, tbx"},
			&cli.BoolFlag{Name: "package", Usage: "one zip file for the translator of each locale, with glossary, analysis and README"},
			&cli.BoolFlag{Name: "hooks", Usage: "let the hooks draft what the memory does not have"},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FOLDER` instead of the project's; - writes the only file to standard output"},
			&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "write nothing; print the analysis"},
			allowHooksFlag(),
			jsonFlag(),
		},
		Action: func(c *cli.Context) error {
			return runExport(c.Context, newEnvironment(c), exportOptions{
				Options: handoff.Options{
					Format: c.String("format"), Version: c.String("format-version"), Flavor: c.String("flavor"), Unlocked: c.Bool("unlocked"),
					States: c.StringSlice("state"), Changed: c.Bool("changed"), NoRepeats: c.Bool("no-repeats"),
					By: c.String("by"), MaxWords: c.Int("max-words"), Split: c.Int("split"), Terms: c.String("terms"),
					Output: c.String("output"), DryRun: c.Bool("dry-run"),
					Package: c.Bool("package"), Readme: func(locale string) string { return packageReadme(c.String("flavor"), locale) },
				},
				selection: workspace.Selection{Articles: c.Args().Slice(), Locales: c.StringSlice("locale")},
				hooks:     c.Bool("hooks"), json: c.Bool("json"),
			})
		},
	}
}

// exportOptions are the options of export.
type exportOptions struct {
	handoff.Options
	selection workspace.Selection
	hooks     bool
	json      bool
}

// exportReport is what export prints as JSON.
type exportReport struct {
	*handoff.Record
	Sent     map[string]int    `json:"sent"` // segments by locale
	Findings []diag.Diagnostic `json:"findings"`
}

func runExport(ctx context.Context, e *environment, o exportOptions) (err error) {
	if err := o.Check(); err != nil {
		return err
	}
	mode := workspace.ReadOnly
	if o.hooks {
		mode = workspace.ReadWrite // drafts are stored
	}
	if o.DryRun {
		mode = workspace.DryRun
	}
	w, err := e.open(ctx, workspace.Options{Memory: mode, Fetch: !o.DryRun, Engines: o.hooks && !o.DryRun, Select: &o.selection})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	targets := handoff.Targets(w)
	stdout := o.Output == "-" && !o.DryRun
	if stdout {
		dir, err := os.MkdirTemp("", "hexapla-export-*")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		o.Output = dir
	}
	progress := console.StartProgress(e.Err, e.Text("ProgressArticles"), len(w.Articles)*len(targets))
	record, findings, err := handoff.Export(ctx, w, o.Options, progress.Step)
	progress.Stop()
	if err != nil {
		return err
	}
	findings = w.Shown(findings)
	if stdout {
		return errors.Join(printFile(e, o.Output, record.Files), findingsError(findings))
	}
	if o.json {
		err = e.JSON(exportReport{record, sizes(record.Sent), append([]diag.Diagnostic{}, findings...)})
	} else {
		err = printAnalysis(e, record, targets, findings, o.DryRun)
	}
	if err != nil {
		return err
	}
	return findingsError(findings)
}

// printFile writes the only file of an export to standard output.
func printFile(e *environment, dir string, files []string) error {
	if len(files) != 1 {
		return exit.Usagef("export --output -: standard output takes one file, but there are %d: name one article and one locale, or a folder", len(files))
	}
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(files[0])))
	if err != nil {
		return err
	}
	_, err = e.Out.Write(data)
	return err
}

// packageReadme returns the README.txt of a package for a tool, in the language of its
// locale if there are messages in it.
func packageReadme(flavor, locale string) string {
	message := "PackageReadme"
	if flavor == xliff.FlavorOmegaT {
		message = "PackageReadmeOmegaT"
	}
	return console.Printer{Locale: locale}.Text(message, console.Args{"Locale": locale})
}

// findingsError returns exit.ErrFindings if there is a finding of severity error.
func findingsError(ds []diag.Diagnostic) error {
	if worst, _ := diag.MaxSeverity(ds); worst == diag.Error {
		return exit.ErrFindings
	}
	return nil
}

func sizes(m map[string][]string) map[string]int {
	out := map[string]int{}
	for k, v := range m {
		out[k] = len(v)
	}
	return out
}

func printAnalysis(e *environment, r *handoff.Record, targets []string, findings []diag.Diagnostic, dry bool) error {
	header := []string{e.Text("HeadLocale")}
	for _, b := range pipeline.MatchBands {
		header = append(header, e.MatchBand(b))
	}
	t := console.NewTable(append(header, e.Text("HeadSegments"), e.Text("HeadWords"))...)
	for _, l := range r.Routes(targets) {
		row := []any{l}
		for _, b := range pipeline.MatchBands {
			row = append(row, r.Counts[l][b].Words)
		}
		total := r.Counts[l].Total()
		t.Row(append(row, total.Segments, total.Words)...)
	}
	t.AlignRight(2, len(pipeline.MatchBands)+3)
	if err := t.Print(e.Out); err != nil {
		return err
	}
	fmt.Fprintf(e.Out, "\n%s\n", e.Text("AnalysisCaption"))
	for _, d := range findings {
		if d.Severity == diag.Error || d.ID == "export.record" {
			e.Finding(e.Out, d)
		}
	}
	if dry {
		return e.Println(e.Text("DryRun"))
	}
	return e.Println(e.Count("ExportWritten", len(r.Files), console.Args{"Batch": r.Batch}))
}
