package handoff

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"hexapla/cmd/internal/exit"
	"hexapla/pipeline"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/lazy"
)

// maxInput bounds what is read of standard input, in bytes: it must be read twice.
const maxInput = 1 << 30

// A Source is a file that the user names, or standard input. It can be read again and
// again.
type Source struct {
	Name string // as the user gave it; "-" is standard input
	Ext  string // its extension, in lower case with the dot; that of standard input is what its content is
	data []byte // of standard input
	ctx  context.Context
}

// InputExtension returns the extension of a file that is read, in lower case with the dot.
// That of an OpenDocument spreadsheet is .xlsx: the reader of workbooks reads both.
func InputExtension(name string) string {
	ext := strings.ToLower(filepath.Ext(name))
	if ext == ".ods" {
		return ".xlsx"
	}
	return ext
}

// NewSource returns the source of a name. Standard input is read to its end, of 1 GiB at
// most, and its type is found by its first bytes. What is read of the source fails when
// ctx is done.
func NewSource(ctx context.Context, name string, stdin io.Reader) (*Source, error) {
	if name != "-" || stdin == nil {
		if err := checkFile(name); err != nil {
			return nil, err
		}
		return &Source{Name: name, Ext: InputExtension(name), ctx: ctx}, nil
	}
	data, err := io.ReadAll(io.LimitReader(untilDone{ctx, stdin, nil}, maxInput+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxInput {
		return nil, exit.Usagef("standard input is larger than the limit of %d bytes", maxInput)
	}
	return &Source{Name: name, Ext: Sniff(data), data: append([]byte{}, data...), ctx: ctx}, nil
}

// Open opens the source at its beginning.
func (s *Source) Open() (io.ReadCloser, error) {
	if s.data != nil {
		return untilDone{s.ctx, bytes.NewReader(s.data), io.NopCloser(nil)}, nil
	}
	f, err := os.Open(s.Name)
	if err != nil {
		return nil, exit.UsageError{Err: err}
	}
	return untilDone{s.ctx, f, f}, nil
}

// untilDone reads until its context is done.
type untilDone struct {
	ctx context.Context
	r   io.Reader
	io.Closer
}

func (u untilDone) Read(b []byte) (int, error) {
	if u.ctx != nil && u.ctx.Err() != nil {
		return 0, u.ctx.Err()
	}
	return u.r.Read(b)
}

// units passes on what a codec reads until the context of the source is done: then the
// last thing is its error, and what the codec makes of that is left out.
func (s *Source) units(decode iter.Seq2[*exchange.Unit, error]) iter.Seq2[*exchange.Unit, error] {
	return func(yield func(*exchange.Unit, error) bool) {
		for u, err := range decode {
			if s.ctx != nil && s.ctx.Err() != nil {
				yield(nil, s.ctx.Err())
				return
			}
			if !yield(u, err) {
				return
			}
		}
		if s.ctx != nil && s.ctx.Err() != nil {
			yield(nil, s.ctx.Err())
		}
	}
}

// codec returns the codec of a format, or of the type of the source for "".
func (s *Source) codec(format string) (exchange.Codec, error) {
	codec, ok := pipeline.CodecNamed(cmp.Or(format, s.Ext))
	switch {
	case ok:
		return codec, nil
	case otherCommand(s.Name) != "":
		return codec, exit.Usagef("%s: %s", s.Name, otherCommand(s.Name))
	}
	return codec, exit.Usagef("%s: unknown file type; use --format with one of %s", s.Name, CodecNames())
}

// message is what a PO file has a line of in its first 64 KiB.
var message = lazy.Regexp(`(?m)^[ \t]*(?:#~ ?)?(?:msgid|msgctxt|domain)[ \t]*"`)

// Sniff returns the extension of the type of file that data is the content of: .tmx,
// .tbx, .xlf for other XML, .xlsx, .jsonl, .po, .tsv, or else .csv.
func Sniff(data []byte) string {
	head := bytes.TrimLeft(bytes.TrimPrefix(data[:min(len(data), 64<<10)], []byte("\ufeff")), " \t\r\n")
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) { // UTF-16: its ASCII is enough
		head = bytes.ReplaceAll(head[2:], []byte{0}, nil)
	}
	first, _, _ := bytes.Cut(head, []byte("\n"))
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return ".xlsx"
	case bytes.HasPrefix(head, []byte("<")):
		switch {
		case bytes.Contains(head, []byte("<tmx")):
			return ".tmx"
		case bytes.Contains(head, []byte("<tbx")), bytes.Contains(head, []byte("<martif")):
			return ".tbx"
		}
		return ".xlf"
	case bytes.HasPrefix(head, []byte("{")):
		return ".jsonl"
	case message().Match(head):
		return ".po"
	case bytes.Contains(first, []byte("\t")) && !bytes.Contains(first, []byte(",")):
		return ".tsv"
	}
	return ".csv"
}
