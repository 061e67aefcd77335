package handoff

import (
	"context"
	"io"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	"hexapla/cmd/internal/exit"
	"hexapla/cmd/internal/rootfs"
	"hexapla/pipeline"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/jsonl"
	tables "hexapla/pipeline/exchange/table"
	"hexapla/pipeline/exchange/tmx"
	"hexapla/pipeline/exchange/xliff"
	"hexapla/pipeline/messages"
)

// Validate returns what is wrong with a bilingual file or a TMX file. The format is
// the name of a codec or "tmx"; if it is empty, the extension of the file decides.
// The name - is stdin.
func Validate(ctx context.Context, name, format string, stdin io.Reader) ([]diag.Diagnostic, error) {
	source, err := NewSource(ctx, name, stdin)
	if err != nil {
		return nil, err
	}
	if format == "" {
		format = source.Ext
	}
	codec, ok := pipeline.CodecNamed(format)
	isTMX := strings.TrimPrefix(format, ".") == messages.TMX
	if !ok && !isTMX {
		return nil, exit.Usagef("%s: unknown file type; use --format with one of %s, %s", name, CodecNames(), messages.TMX)
	}
	f, err := source.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	switch {
	case isTMX:
		return tmx.Validate(name, f), ctx.Err()
	case codec.Validate != nil:
		return codec.Validate(name, f), ctx.Err()
	}
	ds := []diag.Diagnostic{}
	if codec = tables.WithPairs(codec, tables.PairOptions{}); codec.Name == jsonl.Codec.Name && plainJSON(source) {
		codec.Decode = jsonPairs
	}
	for _, err := range codec.Decode(name, f) {
		if ctx.Err() != nil {
			break
		}
		ds = append(ds, diag.From(err, "exchange.read")...)
	}
	return ds, ctx.Err()
}

// ConvertOptions control a conversion.
type ConvertOptions struct {
	From, To             string // names of files; "-" is standard input and output
	FromFormat, ToFormat string // names of codecs; "" for those of the extensions
	Template             string // write a copy of this file with the targets of From
	RemoveAnnotations    bool   // write a copy of From without annotations
	Convert              exchange.ConvertOptions
	In                   io.Reader // standard input
}

// Conversion is a bilingual file that can be written as another one.
type Conversion struct {
	Codec  exchange.Codec  // of the file to write
	Survey exchange.Survey // what was read, and what would be lost
	Copies bool            // all bytes stay, or all but the targets: nothing is lost

	o   ConvertOptions
	run func(w io.Writer) (segments int, err error)
}

// NewConversion reads a bilingual file to its end and decides how it is written.
func NewConversion(ctx context.Context, o ConvertOptions) (*Conversion, error) {
	in, err := newInput(ctx, o.From, o.FromFormat, o.In, tables.PairOptions{Source: o.Convert.SourceLocale, Target: o.Convert.TargetLocale})
	if err != nil {
		return nil, err
	}
	format := o.ToFormat
	if format == "" {
		format = strings.ToLower(filepath.Ext(o.To))
	}
	codec, ok := pipeline.CodecNamed(format)
	if !ok {
		return nil, exit.Usagef("%s: unknown file type; use --to-format with one of %s", o.To, CodecNames())
	}
	if v := o.Convert.Version; v != "" && !slices.Contains(codec.Versions, v) {
		return nil, exit.Usagef("%s has no version %q; its versions are %s", codec.Name, v, strings.Join(codec.Versions, ", "))
	}
	c := &Conversion{Codec: codec, o: o}
	if err := c.plan(ctx, in); err != nil {
		return nil, err
	}
	to := codec
	if c.Copies {
		to = exchange.Codec{Name: codec.Name}
	}
	c.Survey = exchange.Inspect(to, in.units(), c.o.Convert)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if c.Survey.TargetUnknown && c.o.Convert.TargetLocale == "" && slices.Contains(codec.TargetRequired, c.o.Convert.Version) && !c.Copies {
		c.o.Convert.TargetLocale = exchange.UnknownLocale
	}
	return c, nil
}

// TargetUnknown reports whether the file to write needs a target locale and the
// file that was read has none, so that exchange.UnknownLocale is written.
func (c *Conversion) TargetUnknown() bool { return c.o.Convert.TargetLocale == exchange.UnknownLocale }

// Write writes the other file, whole or not at all, and returns the number of its
// segments. out is standard output.
func (c *Conversion) Write(out io.Writer) (segments int, err error) {
	write := func(w io.Writer) error {
		segments, err = c.run(w)
		return err
	}
	if c.o.To == "-" {
		err = write(out)
	} else {
		err = rootfs.WriteFunc(c.o.To, write)
	}
	if c.Copies {
		segments = c.Survey.Segments
	}
	return segments, err
}

// plan chooses how a file is written.
func (c *Conversion) plan(ctx context.Context, in *input) error {
	if c.o.Template != "" {
		return c.fromTemplate(ctx, in)
	}
	if c.o.RemoveAnnotations {
		if in.codec.Name != c.Codec.Name || c.Codec.Name != xliff.Codec.Name || c.o.Convert.Version != "" && c.o.Convert.Version != in.version() {
			return exit.Usagef("--remove-annotations: both files must be XLIFF of one version")
		}
		c.Copies, c.run = true, func(w io.Writer) (int, error) {
			f, err := in.Open()
			if err != nil {
				return 0, err
			}
			defer f.Close()
			return 0, xliff.RemoveAnnotations(in.Name, f, w)
		}
		return nil
	}
	same := in.codec.Name == c.Codec.Name && c.o.Convert.Flavor == "" && c.o.Convert.SourceLocale == "" && c.o.Convert.TargetLocale == ""
	version := in.version()
	if same && c.o.Convert.Version == "" && slices.Contains(c.Codec.Versions, version) {
		c.o.Convert.Version = version
	}
	if same && (version == c.o.Convert.Version || c.o.Convert.Version == "") && sameExtension(c.o.From, c.o.To) {
		c.Copies, c.run = true, func(w io.Writer) (int, error) {
			f, err := in.Open()
			if err != nil {
				return 0, err
			}
			defer f.Close()
			if c.Codec.Rewrite != nil {
				return 0, c.Codec.Rewrite(in.Name, f, w, func(*exchange.Unit) error { return nil })
			}
			_, err = io.Copy(w, f)
			return 0, err
		}
		return nil
	}
	c.run = func(w io.Writer) (int, error) { return exchange.Convert(w, c.Codec, in.units(), c.o.Convert) }
	return nil
}

// sameExtension reports whether two files of one type are written alike: a table is
// not, with commas or with tabs, nor a workbook of another office program.
func sameExtension(from, to string) bool {
	is := func(name, ext string) bool { return strings.EqualFold(filepath.Ext(name), ext) }
	return is(from, ".tsv") == is(to, ".tsv") && is(from, ".ods") == is(to, ".ods")
}

// fromTemplate writes a copy of another file with the targets of this one.
func (c *Conversion) fromTemplate(ctx context.Context, in *input) error {
	template, err := newInput(ctx, c.o.Template, "", nil, tables.PairOptions{})
	switch {
	case err != nil:
		return err
	case template.codec.Rewrite == nil || template.codec.Name != c.Codec.Name:
		return exit.Usagef("--template: %s cannot be written as a copy of %s; both must be XLIFF files", c.o.To, c.o.Template)
	}
	c.Copies, c.run = true, func(w io.Writer) (int, error) {
		f, err := template.Open()
		if err != nil {
			return 0, err
		}
		defer f.Close()
		return exchange.Merge(w, template.codec, template.Name, f, in.units())
	}
	return nil
}

// input is a bilingual file.
type input struct {
	*Source
	codec exchange.Codec
}

func (in *input) units() iter.Seq2[*exchange.Unit, error] {
	return func(yield func(*exchange.Unit, error) bool) {
		f, err := in.Open()
		if err != nil {
			yield(nil, err)
			return
		}
		defer f.Close()
		in.Source.units(in.codec.Decode(in.Name, f))(yield)
	}
}

// version returns the version of the file.
func (in *input) version() string {
	if in.codec.Version == nil {
		return ""
	}
	f, err := in.Open()
	if err != nil {
		return ""
	}
	defer f.Close()
	return in.codec.Version(f)
}

func newInput(ctx context.Context, name, format string, stdin io.Reader, pairs tables.PairOptions) (*input, error) {
	source, err := NewSource(ctx, name, stdin)
	if err != nil {
		return nil, err
	}
	codec, err := source.codec(format)
	if err != nil {
		return nil, err
	}
	if codec = tables.WithPairs(codec, pairs); codec.Name == jsonl.Codec.Name && plainJSON(source) {
		codec.Decode = jsonPairs
	}
	return &input{source, codec}, nil
}
