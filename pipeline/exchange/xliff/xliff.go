// Package xliff reads and writes XLIFF, the translators' file: 1.2
// (https://docs.oasis-open.org/xliff/v1.2/os/xliff-core.html), which most tools
// open best, and 2.0 to 2.2
// (https://docs.oasis-open.org/xliff/xliff-core/v2.1/xliff-core-v2.1.html). It also
// changes targets in files of any origin without touching anything else (Rewrite).
// Package xliff/validate checks files against the rules of their version.
//
// # XLIFF 2
//
// A document is a file, a unit a unit, a segment a segment or an ignorable. Codes
// are pc where they nest inside a segment, else sc and ec, isolated when their
// partner is in another unit; their data stands in originalData. Proposals are in
// the translation candidates module, terms in the glossary module with a mrk around
// them, the longest length in the size restriction module, words to be kept in the
// validation module. What has no place of its own stands in metadata whose
// categories begin with "hexapla:". A control character that XML forbids is a cp.
//
// # XLIFF 1.2
//
// A document is a file, a unit a group, a segment a trans-unit with the id
// UNIT/SEGMENT, since tools show trans-units and hardly one shows the segments
// inside them. Bare space between two segments is a context of the first; other text
// there is a trans-unit with translate="no" and restype="x-ignorable". Codes are bpt and ept, or it where the partner is in
// another trans-unit, or ph; they hold the original markup. Proposals are alt-trans,
// terms notes. What has no place of its own stands in contexts, in groups with the
// purpose "x-hexapla". A control character is a ph of the ctype x-cp.
//
// States in 1.2, as written and as read:
//
//	initial               needs-translation
//	translated            translated
//	  hexapla:mt          needs-review-translation, leveraged-mt
//	  hexapla:fuzzy…      needs-review-translation, fuzzy-match
//	  hexapla:exact       needs-review-translation, exact-match
//	  hexapla:check       needs-review-translation
//	reviewed              signed-off, approved="yes"
//	final                 final, approved="yes"
//
//	new, needs-translation                            initial
//	translated                                        translated
//	needs-review-…, needs-l10n, needs-adaptation      translated, hexapla:check
//	mt-suggestion                                     translated, hexapla:mt
//	signed-off                                        reviewed
//	final                                             final
//	no state, approved="yes"                          reviewed
//	no state, a target                                translated
//	new, needs-translation, and a text                initial, hexapla:check: a draft
//
// The last holds for files of other tools: a text that its translator calls
// unfinished is offered, and does not count. What Trados (conf), memoQ (mq:status)
// and Phrase (m:confirmed) say of a segment goes before its state; see toolState.
//
// OmegaT reads targets only and takes them for sources: for the flavor "omegat" a
// segment without target gets its source as target, which reading undoes. OmegaT leaves
// the state as it was: what it changed is translated.
package xliff

import (
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/xliff/internal/ns"
	"hexapla/pipeline/exchange/xliff/validate"
	"hexapla/pipeline/exchange/xmlscan"
)

// Codec is the file type. Units of one XLIFF 2 file must all have the same two
// languages; in 1.2 each document has its own.
var Codec = exchange.Codec{
	Name:              "xliff",
	Extensions:        []string{".xlf", ".xliff", ".xlif", ".sdlxliff", ".mqxliff", ".mxliff", ".txlf"},
	Versions:          slices.Clone(versions),
	Encode:            encode,
	Decode:            decode,
	InlineCodes:       true,
	UnsupportedFields: []exchange.Field{exchange.FieldMessage},
	TargetRequired:    []string{"2.0", "2.1", "2.2"},
	Validate:          validate.File,
	Rewrite:           Rewrite,
	Version:           versionOf,
}

// FlavorOmegaT is the flavor of 1.2 in which OmegaT sees every segment.
const FlavorOmegaT = "omegat"

// toolID is our name in files.
const toolID = "hexapla"

func encode(w io.Writer, o exchange.Options) (exchange.Encoder, error) {
	if o.Flavor != "" && o.Flavor != FlavorOmegaT {
		return nil, fmt.Errorf("xliff: unknown flavor %q: want %s or none", o.Flavor, FlavorOmegaT)
	}
	switch o.Version {
	case "", "1.2":
		return &encoder12{out: out{w: w}, fill: o.Flavor == FlavorOmegaT}, nil
	case "2.0", "2.1", "2.2":
		if o.Flavor == FlavorOmegaT {
			return nil, fmt.Errorf("xliff: OmegaT does not read XLIFF %s: ask for 1.2", o.Version)
		}
		return &encoder2{out: out{w: w}, version: o.Version}, nil
	}
	return nil, fmt.Errorf("xliff: unknown version %q: want %s", o.Version, strings.Join(versions, ", "))
}

// versionOf returns the version that a file's root element names.
func versionOf(r io.Reader) string {
	s := scanner("", r)
	for {
		t, err := s.Next()
		if err != nil {
			return ""
		}
		if t.Kind == xmlscan.Start {
			return attr(t, "version")
		}
	}
}

func decode(name string, r io.Reader) iter.Seq2[*exchange.Unit, error] {
	return exchange.LimitErrors(name, func(yield func(*exchange.Unit, error) bool) {
		newDecoder(name, r).run(yield)
	})
}

// checkUnit finds what no encoder may let pass.
func checkUnit(u *exchange.Unit) error {
	if len(u.Targets) != len(u.Segments) {
		return fmt.Errorf("xliff: unit %s has %d segments and %d targets", u.ID, len(u.Segments), len(u.Targets))
	}
	if u.ID == "" {
		return fmt.Errorf("xliff: a unit of %s has no id", u.Path)
	}
	for i := range u.Segments {
		if u.Segments[i].ID == "" {
			return fmt.Errorf("xliff: unit %s: segment %d has no id", u.ID, i+1)
		}
	}
	if i := doubled(u.Segments); i >= 0 {
		return fmt.Errorf("xliff: unit %s: two segments have the id %s", u.ID, u.Segments[i].ID)
	}
	return nil
}

// prop is a remark that XLIFF has no place of its own for: a meta of the metadata
// module in 2.x, a context in 1.2.
type prop struct{ name, value string }

type props []prop

func (p *props) add(name, value string) {
	if value != "" {
		*p = append(*p, prop{name, value})
	}
}

func (p props) get(name string) (string, bool) {
	for _, q := range p {
		if q.name == name {
			return q.value, true
		}
	}
	return "", false
}

func (p props) text(name string) string {
	v, _ := p.get(name)
	return v
}

// ours are the names that this package's own remarks in metadata begin with.
const ours = "hexapla"

// flags names a code's limits, in the order that they are written in.
func flags(c *bitext.Code) string {
	var f []string
	if c.NoCopy {
		f = append(f, "no-copy")
	}
	if c.NoDelete {
		f = append(f, "no-delete")
	}
	if c.NoReorder {
		f = append(f, "no-reorder")
	}
	if f == nil {
		return "none"
	}
	return strings.Join(f, " ")
}

func setFlags(c *bitext.Code, f string) {
	c.NoCopy, c.NoDelete, c.NoReorder = strings.Contains(f, "no-copy"), strings.Contains(f, "no-delete"), strings.Contains(f, "no-reorder")
}

var versions = []string{"1.2", "2.0", "2.1", "2.2"}

// doubled is the place of a segment whose id has come before, or -1.
func doubled(segments []bitext.Segment) int {
	var seen map[string]bool
	if len(segments) > 16 {
		seen = make(map[string]bool, len(segments))
	}
	for i := range segments {
		if seen != nil {
			if seen[segments[i].ID] {
				return i
			}
			seen[segments[i].ID] = true
			continue
		}
		for j := range i {
			if segments[i].ID == segments[j].ID {
				return i
			}
		}
	}
	return -1
}

// uniqueIDs gives ids to units of one file: their own, or, when that is taken, the
// same with a number.
type uniqueIDs struct {
	ns.IDSet
	next map[string]int
}

func (u *uniqueIDs) name(id string) string {
	if u.Add(id) {
		return id
	}
	if u.next == nil {
		u.next = map[string]int{}
	}
	for n := max(2, u.next[id]); ; n++ {
		if free := id + "." + strconv.Itoa(n); u.Add(free) {
			u.next[id] = n + 1
			return free
		}
	}
}

// addProps adds what a unit or a document has from a file of another type.
func (p *props) addProps(from []bitext.Prop) {
	for _, q := range from {
		p.add("prop", exchange.EncodeProp(q))
	}
}

// propsOf returns what addProps added.
func (p props) propsOf() (out []bitext.Prop) {
	for _, q := range p {
		if q.name == "prop" {
			if prop, ok := exchange.DecodeProp(q.value); ok {
				out = append(out, prop)
			}
		}
	}
	return out
}

// addComments adds what the notes of comments have no attribute for.
func (p *props) addComments(comments []exchange.Comment) {
	for _, c := range comments {
		p.add("comment", exchange.EncodeComment(c))
	}
}

// comments returns the comments that notes are: those that addComments added as they
// were, the others with what their notes say.
func (p props) comments(notes []exchange.Comment) []exchange.Comment {
	if len(notes) == 0 {
		return nil
	}
	var known []exchange.Comment
	for _, q := range p {
		if q.name == "comment" {
			if c, ok := exchange.DecodeComment(q.value); ok {
				known = append(known, c)
			}
		}
	}
	out := make([]exchange.Comment, len(notes))
	for i, n := range notes {
		out[i] = n
		for j, k := range known {
			if strings.TrimSpace(k.Text) == strings.TrimSpace(n.Text) {
				out[i] = k
				known = slices.Delete(known, j, j+1)
				break
			}
		}
	}
	return out
}
