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
	"hexapla/pipeline/diag"
)

// Header says which document units belong to, and from which export they come.
// Path is the article's path in the project: data, never a path to be opened.
// SHA256 is that of the article's bytes when it was exported, in hex; Batch names
// the export. TargetLocale is empty in a file that has no target language yet.
// Props hold what the file type says of the document and no other field does; their
// names begin with the file type's ("po:header"), and every codec keeps them.
type Header struct {
	Path         string
	Format       string
	SHA256       string
	SourceLocale string
	TargetLocale string
	PluralForms  string // gettext's, of a file that numbers plural forms and has it
	Batch        string
	Time         time.Time
	Notes        []bitext.Note
	Props        []bitext.Prop

	// Skipped counts the parts of the file that a decoder read and has no field for,
	// by a name that a person understands. It is complete after the last unit.
	Skipped map[string]int
}

// Skip counts a part of the file that no field holds.
func (h *Header) Skip(part string) {
	if h.Skipped == nil {
		h.Skipped = map[string]int{}
	}
	h.Skipped[part]++
}

// SameHeader reports whether two headers are of the same export of one document.
func SameHeader(a, b *Header) bool {
	return a == b || a != nil && b != nil && a.Path == b.Path && a.Format == b.Format && a.SHA256 == b.SHA256 && a.Batch == b.Batch &&
		a.SourceLocale == b.SourceLocale && a.TargetLocale == b.TargetLocale && a.Time.Equal(b.Time)
}

// Unit is one unit on its way out or in. Targets runs parallel to Unit.Segments,
// ignorable ones included; their Matches and Terms go along where the file type
// has a place for them. Location says for people where the unit stands in the
// article. Comments are those of translators and reviewers, while Unit.Notes are
// the author's and ours. Props are to the unit what Header.Props are to the
// document. Line and Column are where it was read from, 0 when it was not.
// Extensions holds what the file says in other vocabularies, in the file type's own
// form: it is kept and written back, never read. GeneratedID says that the file had no
// id for the unit, and a decoder made one of its source.
type Unit struct {
	*Header
	bitext.Unit
	Targets      []bitext.Target
	Location     string
	Comments     []Comment
	Props        []bitext.Prop
	Line, Column int
	Extensions   []byte
	GeneratedID  bool
}

// Prop returns the value of the unit's first property of that name.
func (u *Unit) Prop(name string) (string, bool) { return PropOf(u.Props, name) }

// PropOf returns the value of the first property of that name.
func PropOf(props []bitext.Prop, name string) (string, bool) {
	for _, p := range props {
		if p.Name == name {
			return p.Value, true
		}
	}
	return "", false
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
// law, held by exchangetest: decoding what was encoded gives the same units, but for
// the UnsupportedFields.
type Codec struct {
	Name              string   // "xliff"
	Extensions        []string // ".xlf", without duplicates between codecs
	Versions          []string // the first is the default; nil if there is but one
	InlineCodes       bool     // tools show a code as one thing that cannot be typed into
	PluralForms       bool     // a plural message is one entry with numbered forms
	OneSource         bool     // a file names one source locale, for all of its units
	Encode            func(w io.Writer, o Options) (Encoder, error)
	Decode            func(name string, r io.Reader) iter.Seq2[*Unit, error]
	UnsupportedFields []Field // what the type has no place for

	// TargetRequired are the versions in which a file with targets must name their
	// locale.
	TargetRequired []string

	// Validate returns what is wrong with a file by the rules of its type. If it is
	// nil, the errors of Decode are all that can be found.
	Validate func(name string, r io.Reader) []diag.Diagnostic

	// Rewrite copies a file from r to w, byte for byte but for the targets that edit
	// changes in each unit. It is nil if the type cannot be written so.
	Rewrite func(name string, r io.Reader, w io.Writer, edit func(*Unit) error) error

	// Version returns the version of the file that r begins, empty if it has none.
	Version func(r io.Reader) string
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

// isDraft reports whether a target has a text that its file calls unfinished. It may
// be offered, and a person must look at it before it counts.
func isDraft(t *bitext.Target) bool {
	return t.Filled && t.State == bitext.Initial && t.SubState == bitext.SubStateCheck
}
