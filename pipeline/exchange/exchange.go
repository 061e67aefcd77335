// Package exchange is what all bilingual files have in common: the units that go
// out to translators and come back. Each file type has a package of its own below
// this one, with a Codec that writes and reads units one at a time, so that a file
// of any size passes in bounded memory.
package exchange

import (
	"io"
	"iter"
	"time"

	"hexapla/pipeline/bitext"
)

// Header says which document units belong to, and from which export they come.
// Path is the article's path in the project: data, never a path to be opened.
// SHA256 is that of the article's bytes when it was exported, in hex; Batch names
// the export. TargetLocale is empty in a file that has no target language yet.
type Header struct {
	Path         string
	Format       string
	SHA256       string
	SourceLocale string
	TargetLocale string
	Batch        string
	Time         time.Time
	Notes        []bitext.Note
}

// Unit is one unit on its way out or in. Targets runs parallel to Unit.Segments,
// ignorable ones included; their Matches and Terms go along where the file type
// has a place for them. Location says for people where the unit stands in the
// article. Line and Column are where it was read from, 0 when it was not. Extensions
// holds what the file says in other vocabularies, in the file type's own form: it is
// kept and written back, never read.
type Unit struct {
	*Header
	bitext.Unit
	Targets      []bitext.Target
	Location     string
	Line, Column int
	Extensions   []byte
}

// Options are what an export may ask of a Codec. Zero is sound.
type Options struct {
	Version string // of the file type ("1.2", "2.1"); empty for the codec's default
	Flavor  string // a tool to write for ("omegat"); empty for any
	Locked  bool   // guard columns that are not for the translator, where the type can
	Plural  Plural // of the target language, for units that are plural messages
}

// Plural is how a language counts, for file types that number plural forms.
// Forms is gettext's Plural-Forms ("nplurals=2; plural=(n != 1);"), Categories
// the CLDR category of each number.
type Plural struct {
	Forms      string
	Categories []string
}

// PluralMessage is the Kind of a unit whose segments are the plural forms of one
// message, each with its CLDR category as its ID.
const PluralMessage bitext.Kind = "plural"

// Encoder writes units of any number of documents, those of one document in a
// row and in order. Close finishes the file; it does not close the writer under it.
type Encoder interface {
	Write(*Unit) error
	Close() error
}

// Codec is one file type. Decode yields units in the order of the file; its error
// is a diag.Diagnostic with line and column where the file has them, and ends the
// sequence unless what follows can still be read. name is for messages only. The
// law, held by exchangetest: decoding what was encoded gives the same units, as
// far as UnsupportedFields does not say otherwise.
type Codec struct {
	Name              string   // "xliff"
	Extensions        []string // ".xlf", without duplicates between codecs
	Versions          []string // the first is the default; nil if there is but one
	Encode            func(w io.Writer, o Options) (Encoder, error)
	Decode            func(name string, r io.Reader) iter.Seq2[*Unit, error]
	UnsupportedFields []string // fields of Unit, Segment or Target that the type has no place for
}

// SetSourceFromSegments sets a unit's Source and its segments' cuts from the segments' sources,
// for a decoder that has read the segments one by one.
func SetSourceFromSegments(u *bitext.Unit) {
	texts := make([]bitext.Text, len(u.Segments))
	at := bitext.Boundary{}
	for i := range u.Segments {
		s := &u.Segments[i]
		texts[i] = s.Source
		s.From = at
		at.Pos += len(s.Source.Chars)
		at.Code += len(s.Source.Codes)
		s.To = at
	}
	u.Source = bitext.Join(texts...)
}
