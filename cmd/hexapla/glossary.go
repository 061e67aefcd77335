package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/handoff"
	"hexapla/cmd/internal/rootfs"
	"hexapla/cmd/internal/workspace"
	"hexapla/glossary"
	"hexapla/locales"
	"hexapla/pipeline/diag"
)

func glossaryCommand() *cli.Command {
	return &cli.Command{
		Name:  "glossary",
		Usage: "check, convert, try and extract termbases; what a change of terms touches",
		Subcommands: []*cli.Command{
			{
				Name:      "check",
				Usage:     "report what is wrong in termbases, and how the project uses its own",
				ArgsUsage: "[FILE ...]",
				Description: `Without a FILE, the project's glossary is checked against its articles and its memory:
conflicts between concepts, concepts that no text has, terms that many translations do not use.

The FILE - is standard input. Reads CSV, TSV and XLSX tables in our own layouts and in those of Weblate, Phrase,
OmegaT, DeepL and Crowdin, and TBX of 2008 and 2019.

Examples:
  hexapla glossary check glossary/terms.csv
  hexapla glossary check`,
				Flags: append(tableFlags(), jsonFlag()),
				Action: func(c *cli.Context) error {
					if c.NArg() == 0 {
						return runGlossaryReview(c.Context, newEnvironment(c), c.Bool("json"))
					}
					o, err := tableOptions(c)
					if err != nil {
						return err
					}
					return runGlossaryCheck(c.Context, newEnvironment(c), c.Args().Slice(), o, c.Bool("json"))
				},
			},
			{
				Name:      "convert",
				Usage:     "write a termbase as another type",
				ArgsUsage: "FROM TO",
				Description: `The extensions of the files decide about the types: .csv, .tsv, .tbx (ISO 30042:2019;
--v2 writes the martif form of 2008, which more tools read, --dct the style that names elements by their categories); .xlsx, .xml (MultiTerm) and .utx are read only. FROM or TO may be "-". --flavor writes a table
of one pair of locales for a tool: ` + strings.Join(glossary.Layouts, ", ") + `.

Examples:
  hexapla glossary convert terms.csv terms.tbx
  hexapla glossary convert --flavor omegat --source-locale en --target-locale uk terms.tbx terms.tsv`,
				Flags: append(tableFlags(),
					&cli.StringFlag{Name: "to-format", Usage: "`TYPE` of standard output: csv, tsv or tbx", Value: "csv"},
					&cli.BoolFlag{Name: "v2", Usage: "write TBX of 2008"},
					&cli.BoolFlag{Name: "dct", Usage: "write TBX of 2019 in the DCT style; without it the DCA style"},
					&cli.StringFlag{Name: "flavor", Usage: "write a table of pairs for this `TOOL`"}),
				Action: func(c *cli.Context) error {
					if c.NArg() != 2 {
						return exit.Usagef("glossary convert: FROM and TO are required, the file to read and the file to write")
					}
					o, err := tableOptions(c)
					if err != nil {
						return err
					}
					f := workspace.GlossaryFormat{TBX2008: c.Bool("v2"), DCT: c.Bool("dct"), Layout: c.String("flavor"), Source: o.SourceLocale, Target: o.TargetLocale}
					if f.TBX2008 && f.DCT {
						return exit.Usagef("glossary convert: --v2 and --dct cannot be used together")
					}
					if f.Layout != "" && (f.Source == "" || f.Target == "") {
						return exit.Usagef("glossary convert: --flavor requires --source-locale and --target-locale")
					}
					return runGlossaryConvert(c.Context, newEnvironment(c), c.Args().Get(0), c.Args().Get(1), c.String("to-format"), o, f)
				},
			},
			glossaryImpactCommand(),
			glossaryExtractCommand(),
			{
				Name:        "mark",
				Usage:       "find the project's terms in a text",
				ArgsUsage:   "TEXT",
				Description: `Example:  hexapla glossary mark --locale ru "The Security Council met."`,
				Flags: []cli.Flag{
					&cli.StringFlag{Name: "source", Usage: "the text is in this `LOCALE` (default: project.source)"},
					&cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "with the terms of this target `LOCALE`"}, jsonFlag(),
				},
				Action: func(c *cli.Context) error {
					if c.NArg() != 1 {
						return exit.Usagef("glossary mark: one TEXT is required")
					}
					locale, err := locales.Canonical(c.String("locale"))
					if err != nil {
						return exit.Usagef("--locale: %w", err)
					}
					source, err := canonicalFlag(c, "source")
					if err != nil {
						return err
					}
					return runGlossaryMark(c.Context, newEnvironment(c), source, locale, c.Args().First(), c.Bool("json"))
				},
			},
		},
	}
}

// tableFlags are the flags of commands that read tables of terms.
func tableFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "source-locale", Usage: "source `LOCALE` of a table of pairs that does not name it"},
		&cli.StringFlag{Name: "target-locale", Usage: "target `LOCALE`, likewise"},
		&cli.StringFlag{Name: "columns", Usage: "`NAMES` of the columns of a table without a row of names, such as source,target,note"},
	}
}

func tableOptions(c *cli.Context) (o glossary.TableOptions, err error) {
	for flag, to := range map[string]*string{"source-locale": &o.SourceLocale, "target-locale": &o.TargetLocale} {
		if v := c.String(flag); v != "" {
			if *to, err = locales.Canonical(v); err != nil {
				return o, exit.Usagef("--%s: %w", flag, err)
			}
		}
	}
	if v := c.String("columns"); v != "" {
		o.Columns = strings.Split(v, ",")
	}
	return o, nil
}

// readGlossary reads a termbase file that the user names.
// The name - is in, whose type is known by its content.
func readGlossary(ctx context.Context, name string, in io.Reader, o glossary.TableOptions) (*glossary.Glossary, []diag.Diagnostic, error) {
	source, err := handoff.NewSource(ctx, name, in)
	if err != nil {
		return nil, nil, err
	}
	f, err := source.Open()
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, rootfs.MaxFile+1))
	if err == nil && len(data) > rootfs.MaxFile {
		return nil, nil, exit.Usagef("%s is larger than the limit of %d bytes", name, rootfs.MaxFile)
	}
	if err != nil {
		return nil, nil, cmp.Or(ctx.Err(), error(exit.UsageError{Err: err}))
	}
	if name == "-" {
		name += source.Ext
	}
	var ds []diag.Diagnostic
	g, err := unlessDone(ctx, func() (g *glossary.Glossary) {
		g, ds = workspace.ParseGlossary(name, data, o)
		return g
	})
	if err != nil {
		return nil, nil, err // ds may still be written
	}
	return g, ds, nil
}

func runGlossaryCheck(ctx context.Context, e *environment, files []string, o glossary.TableOptions, json bool) error {
	all := []diag.Diagnostic{}
	for _, name := range files {
		g, ds, err := readGlossary(ctx, name, e.In, o)
		if err != nil {
			return err
		}
		source := o.SourceLocale
		if source == "" {
			source = "en"
		}
		conflicts, err := unlessDone(ctx, func() []diag.Diagnostic { return g.Conflicts(source) })
		if err != nil {
			return err
		}
		ds = append(ds, conflicts...)
		all = append(all, ds...)
		if json {
			continue
		}
		for _, d := range ds {
			e.Finding(e.Out, d)
		}
		fmt.Fprintln(e.Out, e.Text("GlossarySummary", console.Args{"File": name, "Concepts": e.Count("Concepts", len(g.Concepts)), "Locales": e.Count("InLocales", len(g.Locales()))}))
	}
	if json {
		if err := e.JSON(all); err != nil {
			return err
		}
	}
	return findingsError(all)
}

func runGlossaryConvert(ctx context.Context, e *environment, from, to, toFormat string, o glossary.TableOptions, f workspace.GlossaryFormat) error {
	g, ds, err := readGlossary(ctx, from, e.In, o)
	if err != nil {
		return err
	}
	name := to
	if to == "-" {
		name += "." + toFormat
	}
	var more []diag.Diagnostic
	var failed error
	data, err := unlessDone(ctx, func() (data []byte) {
		data, more, failed = workspace.EncodeGlossary(g, name, f)
		return data
	})
	if err == nil { // else they may still be written
		err = failed
	}
	if err != nil {
		return err
	}
	ds = append(ds, more...)
	for _, d := range ds {
		e.Finding(e.Err, d)
	}
	if to == "-" {
		_, err = e.Out.Write(data)
	} else {
		err = rootfs.WriteFile(to, data)
	}
	return cmp.Or(err, findingsError(ds))
}

func runGlossaryMark(ctx context.Context, e *environment, source, locale, text string, json bool) (err error) {
	w, err := e.open(ctx, workspace.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	if w.Glossary == nil {
		return exit.Usagef("the project has no glossary")
	}
	marks := w.Glossary.Matcher(cmp.Or(source, w.Config.Project.Source), locale, locales.Parents).Mark(text)
	if json {
		return e.JSON(marks)
	}
	t := console.NewTable(e.Text("HeadTerm"), e.Text("HeadConcept"), e.Text("HeadUse"), e.Text("HeadNot"))
	for _, m := range marks {
		use := strings.Join(m.Targets, ", ")
		if m.DoNotTranslate {
			use = e.Text("TermDoNotTranslate")
		}
		t.Row(m.Source, m.Concept, use, strings.Join(m.Forbidden, ", "))
	}
	return t.Print(e.Out)
}
