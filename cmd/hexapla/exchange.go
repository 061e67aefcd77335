package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/handoff"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/messages"
)

func exchangeCommand() *cli.Command {
	return &cli.Command{
		Name:  "exchange",
		Usage: "convert and validate bilingual files of any origin",
		Subcommands: []*cli.Command{
			{
				Name:      "validate",
				Usage:     "report what is wrong with bilingual files",
				ArgsUsage: "FILE ...",
				Description: `XLIFF is checked by every rule of its specification, 1.2 and 2.0 to 2.2 with their modules;
PO by the rules of msgfmt --check; TMX by its header, languages and elements. Other types are read to
their end. Every file is checked, even if one before it is invalid.

Example: hexapla exchange validate uk.xlf ru.po`,
				Flags: []cli.Flag{
					&cli.StringFlag{Name: "format", Usage: "file `TYPE`: " + handoff.CodecNames() + ", " + messages.TMX + "; by the file's extension if left out"},
					jsonFlag(),
				},
				Action: func(c *cli.Context) error {
					return runValidate(c.Context, newEnvironment(c), validateOptions{Files: c.Args().Slice(), Format: c.String("format"), JSON: c.Bool("json")})
				},
			},
			{
				Name:      "convert",
				Usage:     "write a bilingual file as another type",
				ArgsUsage: "FROM TO",
				Description: `The extensions give the types: ` + handoff.CodecNames() + `. FROM or TO may be "-".
FROM may be a table or JSON Lines of another program: a text and its translation in columns that are
named source and target, or by their languages ("en" and "uk", "English" and "Ukrainian"), behind a
column of keys or not. Of several languages, --source-locale and --target-locale choose two; with both,
a table of two columns needs no names.
Before anything is written, the command reports what the other type has no place for. A file that is
written as its own type and version stays as it is, byte for byte; with --template, only the targets
of ORIGINAL change, to those of FROM; the tool's own states of segments (Trados, memoQ,
Phrase) are not changed.

Examples:
  hexapla exchange convert --source-locale en uk.po uk.xlf
  hexapla exchange convert --template original.xlf translated.csv translated.xlf`,
				Flags: []cli.Flag{
					&cli.StringFlag{Name: "format", Usage: "`TYPE` of FROM; by its extension if left out"},
					&cli.StringFlag{Name: "to-format", Usage: "`TYPE` of TO; by its extension if left out"},
					&cli.StringFlag{Name: "format-version", Usage: "`VERSION` of the type to write"},
					&cli.StringFlag{Name: "flavor", Usage: "write for this `TOOL`"},
					&cli.StringFlag{Name: "source-locale", Usage: "source `LOCALE`, for a file that does not name it or names a wrong one"},
					&cli.StringFlag{Name: "target-locale", Usage: "target `LOCALE`, likewise"},
					&cli.BoolFlag{Name: "remove-annotations", Usage: "leave out the annotations (mrk, sm, em) of an XLIFF file, for tools that do not read them"},
					&cli.StringFlag{Name: "template", Usage: "write a copy of this XLIFF file, `ORIGINAL`, with the targets of FROM"},
				},
				Action: func(c *cli.Context) error {
					if c.NArg() != 2 {
						return exit.Usagef("exchange convert: the file to read and the file to write are required")
					}
					return runExchangeConvert(c.Context, newEnvironment(c), handoff.ConvertOptions{
						From: c.Args().Get(0), To: c.Args().Get(1), FromFormat: c.String("format"), ToFormat: c.String("to-format"), Template: c.String("template"), RemoveAnnotations: c.Bool("remove-annotations"),
						Convert: exchange.ConvertOptions{
							Options:      exchange.Options{Version: c.String("format-version"), Flavor: c.String("flavor")},
							SourceLocale: c.String("source-locale"), TargetLocale: c.String("target-locale"),
						},
					})
				},
			},
		},
	}
}

// validateOptions are the options of exchange validate.
type validateOptions struct {
	Files  []string
	Format string
	JSON   bool
}

func runValidate(ctx context.Context, e *environment, o validateOptions) error {
	if len(o.Files) == 0 {
		return exit.Usagef("exchange validate: at least one FILE is required")
	}
	all := []diag.Diagnostic{}
	var unknown error
	for _, name := range o.Files {
		ds, err := handoff.Validate(ctx, name, o.Format, e.In)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			unknown = errors.Join(unknown, err) // the other files are checked all the same
			continue
		}
		all = append(all, ds...)
		if o.JSON {
			continue
		}
		for _, d := range ds {
			e.Finding(e.Out, d)
		}
		if findingsError(ds) == nil {
			fmt.Fprintln(e.Out, e.Text("FileValid", console.Args{"File": name}))
		}
	}
	if o.JSON {
		if err := e.JSON(all); err != nil {
			return err
		}
	}
	if unknown != nil {
		return unknown
	}
	return findingsError(all)
}

func runExchangeConvert(ctx context.Context, e *environment, o handoff.ConvertOptions) error {
	o.In = e.In
	c, err := handoff.NewConversion(ctx, o)
	if err != nil {
		return err
	}
	for _, d := range c.Survey.Findings {
		e.Finding(e.Err, d)
	}
	if err := findingsError(c.Survey.Findings); err != nil {
		return err
	}
	if !c.Copies {
		printLosses(e, o.From, c)
	}
	segments, err := c.Write(e.Out)
	if err != nil || o.To == "-" {
		return err
	}
	return e.Println(e.Count("FileSegments", segments, console.Args{"File": o.To}))
}

// printLosses prints what a conversion would lose, and what it assumes.
func printLosses(e *environment, from string, c *handoff.Conversion) {
	s := c.Survey
	if len(s.Losses) > 0 {
		parts := make([]string, len(s.Losses))
		for i, l := range s.Losses {
			parts[i] = fmt.Sprintf("%s (%d)", l.Part, l.Count)
		}
		fmt.Fprintln(e.Err, e.Text("TypeLacks", console.Args{"File": from, "Type": c.Codec.Name, "Fields": strings.Join(parts, "; ")}))
	}
	if s.SourceAssumed {
		fmt.Fprintln(e.Err, e.Text("SourceAssumed", console.Args{"File": from}))
	}
	if c.TargetUnknown() {
		fmt.Fprintln(e.Err, e.Text("TargetUnknown", console.Args{"File": from}))
	}
	if s.GeneratedIDs > 0 {
		fmt.Fprintln(e.Err, e.Count("GeneratedIDs", s.GeneratedIDs, console.Args{"File": from}))
	}
	if s.Drafts > 0 {
		fmt.Fprintln(e.Err, e.Count("FileDrafts", s.Drafts, console.Args{"File": from}))
	}
}
