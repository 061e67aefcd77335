// Package handoff writes the bilingual files that translators work on, and reads
// those files and others of any origin.
package handoff

import (
	"context"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hexapla/cmd/internal/exit"
	"hexapla/pipeline"
	"hexapla/pipeline/config"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
)

// CodecNames returns the names of the file types, for help and messages.
func CodecNames() string {
	var out []string
	for _, c := range pipeline.Codecs() {
		out = append(out, c.Name)
	}
	return strings.Join(out, ", ")
}

// codecFor returns the codec of a name or an extension with its dot, if it has the
// version; "" is the default version.
func codecFor(name, version string) (exchange.Codec, error) {
	codec, ok := pipeline.CodecNamed(name)
	if !ok {
		return codec, exit.Usagef("unknown format %q: use one of %s", name, CodecNames())
	}
	if version != "" && !slices.Contains(codec.Versions, version) {
		return codec, exit.Usagef("%s has no version %q: use one of %v", codec.Name, version, codec.Versions)
	}
	return codec, nil
}

// Units reads the units of a bilingual file, once. wrap may be nil;
// else the file is read through the reader that it returns.
type Units func(wrap func(io.Reader) io.Reader) iter.Seq2[*exchange.Unit, error]

// ReadUnits returns the units of a bilingual file. The format is the name of a
// codec; if it is empty, the type of the file decides. The name - is stdin, unless that
// is nil.
func ReadUnits(ctx context.Context, name, format string, stdin io.Reader) (Units, error) {
	if name == "-" && stdin != nil && format != "" { // of any length
		codec, err := (&Source{Name: name}).codec(format)
		if err != nil {
			return nil, err
		}
		return func(func(io.Reader) io.Reader) iter.Seq2[*exchange.Unit, error] {
			return codec.Decode("standard input", stdin)
		}, nil
	}
	if name != "-" || stdin == nil { // a wrong type first, whether the file is there or not
		if _, err := (&Source{Name: name, Ext: InputExtension(name)}).codec(format); err != nil {
			return nil, err
		}
	}
	source, err := NewSource(ctx, name, stdin)
	if err != nil {
		return nil, err
	}
	return source.Units(format)
}

// Units returns the units of the source, read by the codec of a format, or by that of its
// type for "".
func (s *Source) Units(format string) (Units, error) {
	codec, err := s.codec(format)
	if err != nil {
		return nil, err
	}
	return func(wrap func(io.Reader) io.Reader) iter.Seq2[*exchange.Unit, error] {
		return func(yield func(*exchange.Unit, error) bool) {
			f, err := s.Open()
			if err != nil {
				yield(nil, diag.Diagnostic{ID: "import.file", Severity: diag.Error, Place: diag.Place{Path: s.Name}, Message: err.Error()})
				return
			}
			defer f.Close()
			var r io.Reader = f
			if wrap != nil {
				r = wrap(f)
			}
			s.units(codec.Decode(s.Name, r))(yield)
		}
	}, nil
}

// checkFile returns a UsageError if a file that the user names is not there, or is a folder.
func checkFile(name string) error {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return exit.UsageError{Err: err}
	case info.IsDir():
		return exit.Usagef("%s is a folder; name the files in it", name)
	}
	return nil
}

// otherCommand returns which command reads a file that is not bilingual, by its
// extension; empty if none is known.
func otherCommand(name string) string {
	if filepath.Base(name) == config.FileName {
		return "the configuration of a project: no command imports it"
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".tmx":
		return "a translation memory: 'hexapla memory import' reads it"
	case ".tbx":
		return "a glossary: name it in glossary.files of hexapla.toml, or convert it with 'hexapla glossary convert'"
	case ".toml", ".yaml", ".yml", ".json":
		return "a message catalog: 'hexapla catalog merge' reads it"
	case ".srx":
		return "segmentation rules: name the file in segmentation.srx of hexapla.toml"
	case ".docx", ".srt", ".vtt", ".txt":
		return "an article, not a bilingual file: 'hexapla align' fills the memory from an article and its translation"
	case ".html", ".htm", ".md", ".markdown", ".mdx", ".qmd", ".rmd":
		return "a page, not a bilingual file: 'hexapla adopt' takes the words of an edition"
	}
	return ""
}
