package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/glossary"
	"hexapla/glossary/tbx"
	"hexapla/locales"
	"hexapla/pipeline/diag"
)

func glossaryCommand() *cli.Command {
	return &cli.Command{
		Name:  "glossary",
		Usage: "check, convert and try termbases",
		Subcommands: []*cli.Command{
			{
				Name:      "check",
				Usage:     "say what is wrong in termbase files",
				ArgsUsage: "FILE ...",
				Flags:     []cli.Flag{jsonFlag()},
				Action:    runGlossaryCheck,
			},
			{
				Name:        "convert",
				Usage:       "write a termbase as another type",
				ArgsUsage:   "FROM TO",
				Description: "The types go by the files' extensions: .csv, .tsv, .tbx (ISO 30042:2019; --v2 writes the\nmartif form of 2008).",
				Flags:       []cli.Flag{&cli.BoolFlag{Name: "v2", Usage: "write TBX of 2008"}},
				Action:      runGlossaryConvert,
			},
			{
				Name:      "mark",
				Usage:     "find the project's terms in a text",
				ArgsUsage: "TEXT",
				Flags:     []cli.Flag{&cli.StringFlag{Name: "locale", Aliases: []string{"l"}, Usage: "with the terms of this target `LOCALE`"}, jsonFlag()},
				Action:    runGlossaryMark,
			},
		},
	}
}

// readGlossary reads a termbase file that the user names.
func readGlossary(name string) (*glossary.Glossary, []diag.Diagnostic, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, nil, exit.UsageError{Err: err}
	}
	g, ds := parseGlossary(name, data)
	return g, ds, nil
}

func runGlossaryCheck(c *cli.Context) error {
	if c.NArg() == 0 {
		return exit.Usagef("glossary check wants at least one FILE")
	}
	w := printer(c)
	all := []diag.Diagnostic{}
	for _, name := range c.Args().Slice() {
		g, ds, err := readGlossary(name)
		if err != nil {
			return err
		}
		all = append(all, ds...)
		if !c.Bool("json") {
			for _, d := range ds {
				console.Finding(c.App.Writer, d)
			}
			fmt.Fprintln(c.App.Writer, w.Text("GlossarySummary", console.Args{"File": name, "Concepts": w.Count("Concepts", len(g.Concepts)), "Locales": w.Count("InLocales", len(g.Locales()))}))
		}
	}
	if c.Bool("json") {
		if err := printer(c).JSON(all); err != nil {
			return err
		}
	}
	if worst, _ := diag.MaxSeverity(all); worst == diag.Error {
		return exit.ErrFindings
	}
	return nil
}

func runGlossaryConvert(c *cli.Context) error {
	if c.NArg() != 2 {
		return exit.Usagef("glossary convert wants the file to read and the file to write")
	}
	g, ds, err := readGlossary(c.Args().Get(0))
	if err != nil {
		return err
	}
	data, more, err := encodeGlossary(g, c.Args().Get(1), c.Bool("v2"))
	if err != nil {
		return err
	}
	ds = append(ds, more...)
	for _, d := range ds {
		console.Finding(c.App.ErrWriter, d)
	}
	if err := rootfs.WriteFile(c.Args().Get(1), data); err != nil {
		return err
	}
	if worst, _ := diag.MaxSeverity(ds); worst == diag.Error {
		return exit.ErrFindings
	}
	return nil
}

// encodeGlossary writes a termbase as the extension of a path says.
func encodeGlossary(g *glossary.Glossary, name string, v2 bool) ([]byte, []diag.Diagnostic, error) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv":
		return glossary.EncodeCSV(g, ','), nil, nil
	case ".tsv":
		return glossary.EncodeCSV(g, '\t'), nil, nil
	case ".tbx":
		version := tbx.V3
		if v2 {
			version = tbx.V2
		}
		data, ds := tbx.Encode(g, version, "en")
		return data, ds, nil
	}
	return nil, nil, exit.Usagef("%s: want a file that ends in .csv, .tsv or .tbx", name)
}

func runGlossaryMark(c *cli.Context) error {
	if c.NArg() != 1 {
		return exit.Usagef("glossary mark wants one TEXT")
	}
	locale, err := locales.Canonical(c.String("locale"))
	if err != nil {
		return exit.UsageError{Err: err}
	}
	p, err := loadProject(c)
	if err != nil {
		return err
	}
	defer p.dir.Close()
	if p.Glossary == nil {
		return exit.Usagef("the project has no glossary")
	}
	marks := p.Glossary.Matcher(p.Config.Project.Source, locale, locales.Parents).Mark(c.Args().First())
	if c.Bool("json") {
		return printer(c).JSON(marks)
	}
	w := printer(c)
	t := console.NewTable(w.Text("HeadTerm"), w.Text("HeadConcept"), w.Text("HeadUse"), w.Text("HeadNot"))
	for _, m := range marks {
		use := strings.Join(m.Targets, ", ")
		if m.DoNotTranslate {
			use = w.Text("TermKept")
		}
		t.Row(m.Source, m.Concept, use, strings.Join(m.Forbidden, ", "))
	}
	err = t.Print(c.App.Writer)
	return err
}
