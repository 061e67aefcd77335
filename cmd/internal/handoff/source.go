package handoff

import (
	"bytes"
	"cmp"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"hexapla/cmd/internal/exit"
	"hexapla/pipeline"
	"hexapla/pipeline/exchange"
)

// maxInput bounds what is read of standard input, in bytes: it must be read twice.
const maxInput = 1 << 30

// A Source is a file that the user names, or standard input. It can be read again and
// again.
type Source struct {
	Name string // as the user gave it; "-" is standard input
	Ext  string // its extension, in lower case with the dot; that of standard input is what its content is
	data []byte // of standard input
}

// NewSource returns the source of a name. Standard input is read to its end, of 1 GiB at
// most, and its type is found by its first bytes.
func NewSource(name string, stdin io.Reader) (*Source, error) {
	if name != "-" || stdin == nil {
		if err := checkFile(name); err != nil {
			return nil, err
		}
		return &Source{Name: name, Ext: strings.ToLower(filepath.Ext(name))}, nil
	}
	data, err := io.ReadAll(io.LimitReader(stdin, maxInput+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxInput {
		return nil, exit.Usagef("standard input is larger than the limit of %d bytes", maxInput)
	}
	return &Source{Name: name, Ext: Sniff(data), data: append([]byte{}, data...)}, nil
}

// Open opens the source at its beginning.
func (s *Source) Open() (io.ReadCloser, error) {
	if s.data != nil {
		return io.NopCloser(bytes.NewReader(s.data)), nil
	}
	f, err := os.Open(s.Name)
	if err != nil {
		return nil, exit.UsageError{Err: err}
	}
	return f, nil
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
var message = regexp.MustCompile(`(?m)^[ \t]*(?:#~ ?)?(?:msgid|msgctxt|domain)[ \t]*"`)

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
	case message.Match(head):
		return ".po"
	case bytes.Contains(first, []byte("\t")) && !bytes.Contains(first, []byte(",")):
		return ".tsv"
	}
	return ".csv"
}
