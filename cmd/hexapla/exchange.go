package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"hexapla/cmd/internal/console"
	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/handoff"
	"hexapla/cmd/internal/rootfs"
	"hexapla/pipeline"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/tmx"
	"hexapla/pipeline/exchange/xliff"
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
					return runValidate(printer(c), validateOptions{Files: c.Args().Slice(), Format: c.String("format"), JSON: c.Bool("json")})
				},
			},
			{
				Name:      "convert",
				Usage:     "write a bilingual file as another type",
				ArgsUsage: "FROM TO",
				Description: `The extensions give the types: ` + handoff.CodecNames() + `. FROM or TO may be "-".
Before anything is written, the command reports what the other type has no place for. A file that is
written as its own type and version stays as it is, byte for byte; with --template, only the targets
of ORIGINAL change, to those of FROM.

Examples:
  hexapla exchange convert uk.po uk.xlf --source-locale en
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
					return runExchangeConvert(printer(c), exchangeConvertOptions{
						From: c.Args().Get(0), To: c.Args().Get(1), FromFormat: c.String("format"), ToFormat: c.String("to-format"), Template: c.String("template"), Plain: c.Bool("remove-annotations"),
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

type validateOptions struct {
	Files  []string
	Format string
	JSON   bool
}

func runValidate(p console.Printer, o validateOptions) error {
	if len(o.Files) == 0 {
		return exit.Usagef("exchange validate: at least one FILE is required")
	}
	all := []diag.Diagnostic{}
	var unknown error
	for _, name := range o.Files {
		ds, err := validate(name, o.Format)
		if err != nil {
			unknown = errors.Join(unknown, err) // the other files are checked all the same
			continue
		}
		all = append(all, ds...)
		if o.JSON {
			continue
		}
		for _, d := range ds {
			console.Finding(p.Out, d)
		}
		if worst, any := diag.MaxSeverity(ds); !any || worst < diag.Error {
			fmt.Fprintln(p.Out, p.Text("FileValid", console.Args{"File": name}))
		}
	}
	if o.JSON {
		if err := p.JSON(all); err != nil {
			return err
		}
	}
	if unknown != nil {
		return unknown
	}
	if worst, _ := diag.MaxSeverity(all); worst == diag.Error {
		return exit.ErrFindings
	}
	return nil
}

func validate(name, format string) ([]diag.Diagnostic, error) {
	if format == "" {
		format = strings.ToLower(filepath.Ext(name))
	}
	codec, ok := pipeline.CodecNamed(format)
	isTMX := strings.TrimPrefix(format, ".") == messages.TMX
	if !ok && !isTMX {
		return nil, exit.Usagef("%s: the extension names no file type; give --format, one of %s, %s", name, handoff.CodecNames(), messages.TMX)
	}
	f, err := openInput(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	switch {
	case isTMX:
		return tmx.Validate(name, f), nil
	case codec.Validate != nil:
		return codec.Validate(name, f), nil
	}
	ds := []diag.Diagnostic{}
	for _, err := range codec.Decode(name, f) {
		ds = append(ds, diag.From(err, "exchange.read")...)
	}
	return ds, nil
}

// openInput opens a file that the user names; "-" is standard input.
func openInput(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(os.Stdin), nil
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, exit.UsageError{Err: err}
	}
	if info.IsDir() {
		return nil, exit.Usagef("%s is a folder; name the files in it", name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, exit.UsageError{Err: err}
	}
	return f, nil
}

type exchangeConvertOptions struct {
	From, To             string
	FromFormat, ToFormat string
	Template             string
	Plain                bool // without annotations
	Convert              exchange.ConvertOptions
}

// maxInput bounds what is read of standard input, in bytes: it must be read twice.
const maxInput = 1 << 30

// input is a file that can be read again and again.
type input struct {
	name  string
	codec exchange.Codec
	data  []byte // of standard input
}

func (in *input) open() (io.ReadCloser, error) {
	if in.data != nil {
		return io.NopCloser(bytes.NewReader(in.data)), nil
	}
	return openInput(in.name)
}

func (in *input) units() iter.Seq2[*exchange.Unit, error] {
	return func(yield func(*exchange.Unit, error) bool) {
		f, err := in.open()
		if err != nil {
			yield(nil, err)
			return
		}
		defer f.Close()
		in.codec.Decode(in.name, f)(yield)
	}
}

// version returns the version of the file.
func (in *input) version() string {
	if in.codec.Version == nil {
		return ""
	}
	f, err := in.open()
	if err != nil {
		return ""
	}
	defer f.Close()
	return in.codec.Version(f)
}

func newInput(name, format string) (*input, error) {
	if format == "" {
		format = strings.ToLower(filepath.Ext(name))
	}
	codec, ok := pipeline.CodecNamed(format)
	if !ok {
		return nil, exit.Usagef("%s: the extension names no file type; give --format, one of %s", name, handoff.CodecNames())
	}
	in := &input{name: name, codec: codec}
	f, err := openInput(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if name == "-" {
		if in.data, err = io.ReadAll(io.LimitReader(f, maxInput+1)); err != nil {
			return nil, err
		}
		if len(in.data) > maxInput {
			return nil, exit.Usagef("standard input is larger than the limit of %d bytes", maxInput)
		}
	}
	return in, nil
}

func runExchangeConvert(p console.Printer, o exchangeConvertOptions) error {
	in, err := newInput(o.From, o.FromFormat)
	if err != nil {
		return err
	}
	format := o.ToFormat
	if format == "" {
		format = strings.ToLower(filepath.Ext(o.To))
	}
	codec, ok := pipeline.CodecNamed(format)
	if !ok {
		return exit.Usagef("%s: the extension names no file type; give --to-format, one of %s", o.To, handoff.CodecNames())
	}
	if v := o.Convert.Version; v != "" && !slices.Contains(codec.Versions, v) {
		return exit.Usagef("%s has no version %q; its versions are %s", codec.Name, v, strings.Join(codec.Versions, ", "))
	}
	write, err := o.plan(in, codec)
	if err != nil {
		return err
	}
	to := codec
	if write.copies {
		to = exchange.Codec{Name: codec.Name} // nothing is lost
	}
	s := exchange.Inspect(to, in.units(), o.Convert)
	for _, d := range s.Findings {
		console.Finding(p.Err, d)
	}
	if worst, _ := diag.MaxSeverity(s.Findings); worst == diag.Error {
		return exit.ErrFindings
	}
	if s.TargetUnknown && o.Convert.TargetLocale == "" && slices.Contains(codec.TargetRequired, o.Convert.Version) && !write.copies {
		o.Convert.TargetLocale = exchange.UnknownLocale
	}
	o.report(p, s, write, codec)
	var segments int
	err = writeOutput(p, o.To, func(w io.Writer) error {
		segments, err = write.run(w)
		return err
	})
	if err != nil {
		return err
	}
	if o.To == "-" {
		return nil
	}
	if write.copies {
		segments = s.Segments
	}
	_, err = fmt.Fprintln(p.Out, p.Count("FileSegments", segments, console.Args{"File": o.To}))
	return err
}

// report prints what a conversion would lose, and what it assumes.
func (o *exchangeConvertOptions) report(p console.Printer, s exchange.Survey, write conversion, codec exchange.Codec) {
	if write.copies {
		return
	}
	if len(s.Losses) > 0 {
		parts := make([]string, len(s.Losses))
		for i, l := range s.Losses {
			parts[i] = fmt.Sprintf("%s (%d)", l.Part, l.Count)
		}
		fmt.Fprintln(p.Err, p.Text("TypeLacks", console.Args{"File": o.From, "Type": codec.Name, "Fields": strings.Join(parts, "; ")}))
	}
	if s.SourceAssumed {
		fmt.Fprintln(p.Err, p.Text("SourceAssumed", console.Args{"File": o.From}))
	}
	if o.Convert.TargetLocale == exchange.UnknownLocale {
		fmt.Fprintln(p.Err, p.Text("TargetUnknown", console.Args{"File": o.From}))
	}
	if s.Drafts > 0 {
		fmt.Fprintln(p.Err, p.Count("FileDrafts", s.Drafts, console.Args{"File": o.From}))
	}
}

// conversion is one way to write the output. copies says that it keeps the bytes of
// a file, all or all but the targets.
type conversion struct {
	copies bool
	run    func(w io.Writer) (segments int, err error)
}

// plan chooses how a file is written.
func (o *exchangeConvertOptions) plan(in *input, codec exchange.Codec) (conversion, error) {
	if o.Template != "" {
		return o.fromTemplate(in, codec)
	}
	if o.Plain {
		if in.codec.Name != codec.Name || codec.Name != xliff.Codec.Name || o.Convert.Version != "" && o.Convert.Version != in.version() {
			return conversion{}, exit.Usagef("--remove-annotations: both files must be XLIFF of one version")
		}
		return conversion{copies: true, run: func(w io.Writer) (int, error) {
			f, err := in.open()
			if err != nil {
				return 0, err
			}
			defer f.Close()
			return 0, xliff.RemoveAnnotations(in.name, f, w)
		}}, nil
	}
	same := in.codec.Name == codec.Name && o.Convert.Flavor == "" && o.Convert.SourceLocale == "" && o.Convert.TargetLocale == ""
	version := in.version()
	if same && o.Convert.Version == "" && slices.Contains(codec.Versions, version) {
		o.Convert.Version = version
	}
	if same && (version == o.Convert.Version || o.Convert.Version == "") && sameExtension(o.From, o.To) {
		return conversion{copies: true, run: func(w io.Writer) (int, error) {
			f, err := in.open()
			if err != nil {
				return 0, err
			}
			defer f.Close()
			if codec.Rewrite != nil {
				return 0, codec.Rewrite(in.name, f, w, func(*exchange.Unit) error { return nil })
			}
			_, err = io.Copy(w, f)
			return 0, err
		}}, nil
	}
	return conversion{run: func(w io.Writer) (int, error) { return exchange.Convert(w, codec, in.units(), o.Convert) }}, nil
}

// sameExtension reports whether two files of one type are written alike: a table is
// not, with commas or with tabs.
func sameExtension(from, to string) bool {
	tabs := func(name string) bool { return strings.EqualFold(filepath.Ext(name), ".tsv") }
	return tabs(from) == tabs(to)
}

// fromTemplate writes a copy of another file with the targets of this one.
func (o *exchangeConvertOptions) fromTemplate(in *input, codec exchange.Codec) (conversion, error) {
	template, err := newInput(o.Template, "")
	switch {
	case err != nil:
		return conversion{}, err
	case template.codec.Rewrite == nil || template.codec.Name != codec.Name:
		return conversion{}, exit.Usagef("--template: %s cannot be written as a copy of %s; both must be XLIFF files", o.To, o.Template)
	}
	return conversion{copies: true, run: func(w io.Writer) (int, error) {
		f, err := template.open()
		if err != nil {
			return 0, err
		}
		defer f.Close()
		return exchange.Merge(w, template.codec, template.name, f, in.units())
	}}, nil
}

// writeOutput writes a file at once; "-" is standard output.
func writeOutput(p console.Printer, name string, write func(io.Writer) error) error {
	if name == "-" {
		return write(p.Out)
	}
	dir, err := rootfs.Create(filepath.Dir(name))
	if err != nil {
		return err
	}
	defer dir.Close()
	out, err := dir.CreateFile(filepath.Base(name))
	if err != nil {
		return err
	}
	committed := false
	defer func() {
		if !committed { // an error, or a panic on its way
			_ = out.Abort()
		}
	}()
	if err := write(out); err != nil {
		return err
	}
	committed = true
	return out.Commit()
}
