package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/pipeline"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/tmx"
	"hexapla/pipeline/exchange/xliff"
)

func exchangeCommand() *cli.Command {
	return &cli.Command{
		Name:  "exchange",
		Usage: "convert and validate bilingual files of any origin",
		Subcommands: []*cli.Command{
			{
				Name:      "validate",
				Usage:     "say what is wrong with bilingual files",
				ArgsUsage: "FILE ...",
				Description: `XLIFF is held to every rule of its specification, 1.2 and 2.0 to 2.2 with their modules,
each violation with the rule's place; other types are read to their end.`,
				Flags:  []cli.Flag{jsonFlag()},
				Action: runValidate,
			},
			{
				Name:        "convert",
				Usage:       "write a bilingual file as another type",
				ArgsUsage:   "FROM TO",
				Description: "The types go by the files' extensions: " + codecNames() + ". What the other type has no\nplace for is named first.",
				Flags: []cli.Flag{
					&cli.StringFlag{Name: "format-version", Usage: "the other file type's `VERSION`"},
					&cli.StringFlag{Name: "flavor", Usage: "write for this `TOOL`"},
				},
				Action: runConvert,
			},
		},
	}
}

func runValidate(c *cli.Context) error {
	if c.NArg() == 0 {
		return exit.Usagef("exchange validate wants at least one FILE")
	}
	all := []diag.Diagnostic{}
	for _, name := range c.Args().Slice() {
		ds, err := validate(name)
		if err != nil {
			return err
		}
		all = append(all, ds...)
		if c.Bool("json") {
			continue
		}
		for _, d := range ds {
			console.Finding(c.App.Writer, d)
		}
		if worst, any := diag.MaxSeverity(ds); !any || worst < diag.Error {
			fmt.Fprintln(c.App.Writer, printer(c).Text("FileValid", console.Args{"File": name}))
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

func validate(name string) ([]diag.Diagnostic, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, exit.UsageError{Err: err}
	}
	defer f.Close()
	ext := strings.ToLower(filepath.Ext(name))
	if slices.Contains(xliff.Codec.Extensions, ext) {
		return xliff.Validate(name, f), nil
	}
	var ds []diag.Diagnostic
	if ext == ".tmx" {
		for _, err := range tmx.Decode(f, tmx.Options{Name: name}) {
			ds = append(ds, diag.From(err, "tmx.read")...)
		}
		return ds, nil
	}
	codec, ok := pipeline.CodecNamed(ext)
	if !ok {
		return nil, exit.Usagef("%s: no file type by its extension: want one of %s, tmx", name, codecNames())
	}
	for _, err := range codec.Decode(name, f) {
		ds = append(ds, diag.From(err, "exchange.read")...)
	}
	return ds, nil
}

func runConvert(c *cli.Context) error {
	if c.NArg() != 2 {
		return exit.Usagef("exchange convert wants the file to read and the file to write")
	}
	from, to := c.Args().Get(0), c.Args().Get(1)
	units, err := fileUnits(from, "")
	if err != nil {
		return err
	}
	codec, ok := pipeline.CodecNamed(strings.ToLower(filepath.Ext(to)))
	if !ok {
		return exit.Usagef("%s: no file type by its extension: want one of %s", to, codecNames())
	}
	if v := c.String("format-version"); v != "" && !slices.Contains(codec.Versions, v) {
		return exit.Usagef("%s has no version %q: want one of %v", codec.Name, v, codec.Versions)
	}
	dir, err := rootfs.Create(filepath.Dir(to))
	if err != nil {
		return err
	}
	defer dir.Close()
	out, err := dir.CreateFile(filepath.Base(to))
	if err != nil {
		return err
	}
	segments := 0
	write := func() error {
		e, err := codec.Encode(out, exchange.Options{Version: c.String("format-version"), Flavor: c.String("flavor")})
		if err != nil {
			return err
		}
		for u, err := range units(&console.Progress{}) {
			if err != nil {
				return err
			}
			for range u.Translatable() {
				segments++
			}
			if err := e.Write(u); err != nil {
				return err
			}
		}
		return e.Close()
	}
	if err := write(); err != nil {
		return errors.Join(err, out.Abort())
	}
	if err := out.Commit(); err != nil {
		return err
	}
	w := printer(c)
	if len(codec.UnsupportedFields) > 0 {
		fmt.Fprintln(c.App.ErrWriter, w.Text("TypeLacks", console.Args{"Type": codec.Name, "Fields": strings.Join(codec.UnsupportedFields, "; ")}))
	}
	_, err = fmt.Fprintln(c.App.Writer, w.Count("FileSegments", segments, console.Args{"File": to}))
	return err
}
