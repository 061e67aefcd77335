package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/glossary"
	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
)

func codecNames() string {
	var out []string
	for _, c := range pipeline.Codecs() {
		out = append(out, c.Name)
	}
	return strings.Join(out, ", ")
}

func exportCommand() *cli.Command {
	return &cli.Command{
		Name:      "export",
		Usage:     "write bilingual files for translators",
		ArgsUsage: "[ARTICLE ...]",
		Description: `Writes what there is to translate to exchange/LOCALE/, one file for each article or
locale, with the proposals of the memory, the glossary's terms and notes, and prints
the analysis that translators are paid by. Units go out whole, so that a sentence is
read with its neighbours; what is chosen is chosen by --state and --changed.`,
		Flags: []cli.Flag{
			localeFlag(),
			&cli.StringFlag{Name: "format", Usage: "file `TYPE`: " + codecNames(), Value: pipeline.Codecs()[0].Name},
			&cli.StringFlag{Name: "format-version", Usage: "the file type's `VERSION`"},
			&cli.StringFlag{Name: "flavor", Usage: "write for this `TOOL`"},
			&cli.StringSliceFlag{Name: "state", Usage: "only segments in this `STATE`: " + strings.Join(pipeline.StateNames, ", ") + "; may be given again"},
			&cli.BoolFlag{Name: "changed", Usage: "only what is new or changed since it was last exported"},
			&cli.BoolFlag{Name: "no-repeats", Usage: "each text once in a locale"},
			&cli.StringFlag{Name: "by", Usage: "one file for each `article` or locale", Value: "article"},
			&cli.IntFlag{Name: "max-words", Usage: "begin another file after `N` source words"},
			&cli.IntFlag{Name: "split", Usage: "share the articles of a locale out to `N` translators, a folder each"},
			&cli.BoolFlag{Name: "unlocked", Usage: "lock no column of a workbook"},
			&cli.StringFlag{Name: "terms", Usage: "write the glossary beside the files, as `TYPE`: csv, tsv, tbx"},
			&cli.BoolFlag{Name: "hooks", Usage: "have the hooks draft what the memory does not have"},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FOLDER` instead of the project's"},
			&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "write nothing; print the analysis"},
			jsonFlag(),
		},
		Action: runExport,
	}
}

// exportRecord is what is kept of an export, so that --changed knows what went
// out.
type exportRecord struct {
	Batch  string                       `json:"batch"`
	Time   time.Time                    `json:"time"`
	Format string                       `json:"format"`
	Files  []string                     `json:"files"`
	Sent   map[string][]string          `json:"sent"`
	Counts map[string]pipeline.Analysis `json:"analysis"`
}

const exportsFolder = ".hexapla/exports"

func runExport(c *cli.Context) (err error) {
	codec, ok := pipeline.CodecNamed(c.String("format"))
	if !ok || codec.Name != c.String("format") {
		return exit.Usagef("unknown format %q: want one of %s", c.String("format"), codecNames())
	}
	if v := c.String("format-version"); v != "" && !slices.Contains(codec.Versions, v) {
		return exit.Usagef("%s has no version %q: want one of %v", codec.Name, v, codec.Versions)
	}
	if by := c.String("by"); by != "article" && by != "locale" {
		return exit.Usagef("--by %q: want article or locale", by)
	}
	if kind := c.String("terms"); kind != "" && !slices.Contains([]string{"csv", "tsv", "tbx"}, kind) {
		return exit.Usagef("--terms %q: want csv, tsv or tbx", kind)
	}
	for _, s := range c.StringSlice("state") {
		if !slices.Contains(pipeline.StateNames, s) {
			return exit.Usagef("--state %q: want one of %s", s, strings.Join(pipeline.StateNames, ", "))
		}
	}
	p, err := loadProject(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	targets, err := p.targets(c.StringSlice("locale"))
	if err != nil {
		return err
	}
	targets = slices.DeleteFunc(slices.Clone(targets), func(l string) bool { return l == p.Config.Project.Source })
	articles, err := p.articles(c.Args().Slice())
	if err != nil {
		return err
	}
	dry := c.Bool("dry-run")
	if dry {
		err = p.openScratchMemory(c.Context)
	} else {
		err = p.openMemory(c.Context)
	}
	if err != nil {
		return err
	}
	if c.Bool("hooks") && !dry {
		if err := p.openHooks(); err != nil {
			return err
		}
	}
	now := p.Clock()
	record := &exportRecord{
		Batch: now.Format("20060102T150405Z-") + strings.ToLower(rand.Text()[:4]), Time: now, Format: codec.Name,
		Files: []string{}, Sent: map[string][]string{},
	}
	selection := pipeline.Selection{States: c.StringSlice("state"), Changed: c.Bool("changed"), NoRepeats: c.Bool("no-repeats")}
	if selection.Changed {
		if selection.AlreadyExported, err = p.sentBefore(); err != nil {
			return err
		}
	}
	x := &exporter{
		project: p, record: record, codec: codec, dry: dry, by: c.String("by"), maxWords: c.Int("max-words"), split: c.Int("split"),
		options: exchange.Options{Version: c.String("format-version"), Flavor: c.String("flavor"), Locked: !c.Bool("unlocked")},
		files:   map[string]*exportFile{}, load: map[string][]int{},
	}
	if !dry {
		if output := c.String("output"); output == "" {
			x.out, err = p.dir.Sub(p.Config.Project.Exchange)
		} else {
			x.out, err = rootfs.Create(output)
		}
		if err != nil {
			return err
		}
		defer x.out.Close()
	}
	progress := console.StartProgress(c.App.ErrWriter, printer(c).Text("ProgressArticles"), len(articles)*len(targets))
	var findings []diag.Diagnostic
	findings = append(findings, p.found...)
	record.Counts, err = p.Export(c.Context, articles, targets, record.Batch, selection, func(e pipeline.Exported) error {
		progress.Step()
		findings = append(findings, e.Diagnostics...)
		return x.take(e)
	})
	progress.Stop()
	if err = x.close(err); err != nil {
		return err
	}
	if err := x.terms(c.String("terms"), targets); err != nil {
		return err
	}
	if !dry && len(record.Files) > 0 {
		data, err := json.MarshalIndent(record, "", "  ")
		if err != nil {
			return err
		}
		if _, err := p.dir.WriteFile(path.Join(exportsFolder, record.Batch+".json"), append(data, '\n')); err != nil {
			return err
		}
	}
	if c.Bool("json") {
		err = printer(c).JSON(struct {
			*exportRecord
			Sent     map[string]int    `json:"sent"`
			Findings []diag.Diagnostic `json:"findings"`
		}{record, sizes(record.Sent), append([]diag.Diagnostic{}, findings...)})
	} else {
		printAnalysis(c, record, targets, findings)
	}
	if err != nil {
		return err
	}
	if worst, _ := diag.MaxSeverity(findings); worst == diag.Error {
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

// sentBefore reads the records of all earlier exports.
func (p *project) sentBefore() (func(locale, fingerprint string) bool, error) {
	names, err := p.dir.Glob([]string{exportsFolder + "/*.json"})
	if err != nil {
		return nil, err
	}
	sent := map[string]bool{}
	for _, name := range names {
		data, err := p.dir.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var r exportRecord
		if err := json.Unmarshal(data, &r); err != nil {
			return nil, fmt.Errorf("%s is not a record of an export: %w; remove it to export all again", p.dir.Path(name), err)
		}
		for locale, prints := range r.Sent {
			for _, f := range prints {
				sent[locale+" "+f] = true
			}
		}
	}
	return func(locale, fingerprint string) bool { return sent[locale+" "+fingerprint] }, nil
}

// exporter shares units out to files.
type exporter struct {
	project  *project
	out      *rootfs.Dir
	record   *exportRecord
	codec    exchange.Codec
	options  exchange.Options
	by       string
	maxWords int
	split    int
	dry      bool
	files    map[string]*exportFile // those being written, by their name without part and extension
	load     map[string][]int       // words that each translator of a locale has
}

type exportFile struct {
	pending *rootfs.File
	encoder exchange.Encoder
	name    string
	words   int
	part    int
}

func (x *exporter) take(e pipeline.Exported) error {
	x.record.Sent[e.Locale] = append(x.record.Sent[e.Locale], e.Fingerprints...)
	if x.dry || len(e.Units) == 0 {
		return nil
	}
	base := e.Locale
	if x.split > 1 {
		base = path.Join(base, strconv.Itoa(x.translator(e)+1))
	}
	if x.by == "article" {
		base = path.Join(base, x.project.Config.EditionPath(e.Path))
	}
	for _, u := range e.Units {
		words := bitext.CountWords(u.Source.Chars)
		f, err := x.file(base, words)
		if err != nil {
			return err
		}
		f.words += words
		if err := f.encoder.Write(u); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	if x.by == "article" {
		return x.finish(base)
	}
	return nil
}

// terms writes the glossary's concepts that have a term in the locale beside the
// files of each.
func (x *exporter) terms(kind string, targets []string) error {
	if kind == "" || x.dry || x.project.Glossary == nil {
		return nil
	}
	for _, l := range targets {
		g := &glossary.Glossary{}
		for _, concept := range x.project.Glossary.Concepts {
			concept.Terms = slices.DeleteFunc(slices.Clone(concept.Terms), func(t glossary.Term) bool {
				return t.Locale != l && t.Locale != x.project.Config.Project.Source && t.Locale != glossary.AnyLocale
			})
			if slices.ContainsFunc(concept.Terms, func(t glossary.Term) bool { return t.Locale != x.project.Config.Project.Source }) {
				g.Concepts = append(g.Concepts, concept)
			}
		}
		if len(g.Concepts) == 0 {
			continue
		}
		name := path.Join(l, "terms."+kind)
		data, _, err := encodeGlossary(g, name, false)
		if err != nil {
			return err
		}
		if _, err := x.out.WriteFile(name, data); err != nil {
			return err
		}
		x.record.Files = append(x.record.Files, name)
	}
	return nil
}

// translator is the one of a locale who has least to do so far.
func (x *exporter) translator(e pipeline.Exported) int {
	if x.load[e.Locale] == nil {
		x.load[e.Locale] = make([]int, x.split)
	}
	load := x.load[e.Locale]
	i := slices.Index(load, slices.Min(load))
	load[i] += e.Words
	return i
}

// file is the open file for base, a new part of it when the last has enough.
func (x *exporter) file(base string, words int) (*exportFile, error) {
	f := x.files[base]
	part := 1
	if f != nil {
		if x.maxWords <= 0 || f.words == 0 || f.words+words <= x.maxWords {
			return f, nil
		}
		part = f.part + 1
		if err := x.finish(base); err != nil {
			return nil, err
		}
	}
	name := base
	if part > 1 {
		name += "-" + strconv.Itoa(part)
	}
	name += x.codec.Extensions[0]
	pending, err := x.out.CreateFile(name)
	if err != nil {
		return nil, err
	}
	encoder, err := x.codec.Encode(pending, x.options)
	if err != nil {
		return nil, errors.Join(err, pending.Abort())
	}
	f = &exportFile{pending: pending, encoder: encoder, name: name, part: part}
	x.files[base] = f
	return f, nil
}

func (x *exporter) finish(base string) error {
	f := x.files[base]
	delete(x.files, base)
	if f == nil {
		return nil
	}
	if err := f.encoder.Close(); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", f.name, err), f.pending.Abort())
	}
	if err := f.pending.Commit(); err != nil {
		return err
	}
	x.record.Files = append(x.record.Files, f.name)
	return nil
}

// close finishes the files that are open, or takes them back after an error.
func (x *exporter) close(err error) error {
	names := make([]string, 0, len(x.files))
	for base := range x.files {
		names = append(names, base)
	}
	slices.Sort(names)
	for _, base := range names {
		if err != nil {
			err = errors.Join(err, x.files[base].pending.Abort())
			continue
		}
		err = x.finish(base)
	}
	return err
}

func printAnalysis(c *cli.Context, r *exportRecord, targets []string, findings []diag.Diagnostic) {
	w := printer(c)
	header := []string{w.Text("HeadLocale")}
	for _, n := range pipeline.MatchBands {
		header = append(header, w.MatchBand(n))
	}
	t := console.NewTable(append(header, w.Text("HeadSegments"), w.Text("HeadWords"))...)
	for _, l := range targets {
		row := []any{l}
		for _, n := range pipeline.MatchBands {
			row = append(row, r.Counts[l][n].Words)
		}
		total := r.Counts[l].Total()
		t.Row(append(row, total.Segments, total.Words)...)
	}
	t.AlignRight(2, len(pipeline.MatchBands)+3)
	_ = t.Print(c.App.Writer)
	fmt.Fprintf(c.App.Writer, "\n%s\n", w.Text("AnalysisCaption"))
	for _, d := range findings {
		if d.Severity == diag.Error {
			console.Finding(c.App.Writer, d)
		}
	}
	if c.Bool("dry-run") {
		fmt.Fprintln(c.App.Writer, w.Text("DryRun"))
		return
	}
	fmt.Fprintln(c.App.Writer, w.Count("ExportWritten", len(r.Files), console.Args{"Batch": r.Batch}))
}
