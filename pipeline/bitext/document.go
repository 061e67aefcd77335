// Package bitext is the vocabulary of the house: documents cut into units and
// segments, and their translations. It holds values and does no input or
// output. Names are those of XLIFF 2.1
// (https://docs.oasis-open.org/xliff/xliff-core/v2.1/).
//
// A Document is made once per article and then only read, by all locales at
// once; a Translation holds what one locale adds to it.
package bitext

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// Kind is what a unit is on the page. It is a word for people and for rules
// that go by it, such as a longest title; formats may have others than these.
type Kind string

const (
	Paragraph Kind = "paragraph"
	Heading   Kind = "heading"
	Title     Kind = "title"
	Item      Kind = "item"
	Cell      Kind = "cell"
	Caption   Kind = "caption"
	Quote     Kind = "quote"
	Attribute Kind = "attribute"
	Field     Kind = "field" // a metadata field: description, og:title, front matter
	Preformat Kind = "preformatted"
	Footnote  Kind = "footnote"
)

// Document is one article cut into units. Path is slash-separated, relative to
// the project. Format is the name of the format that split it; Locale the BCP 47
// tag of its text. Meta holds what the article declares of itself, under the names
// "title", "description", "date", "canonical", "url", "key" (the translation
// key), "author", "lang" and "og:locale" (the language that it declares), "publish_at" and
// "expire_at", also with a colon and a locale in lower case behind them, each only if
// known. Locator finds units in the original; it is nil as long
// as the document may still change.
type Document struct {
	Path     string
	Format   string
	Locale   string
	Meta     map[string]string
	Skeleton Skeleton
	Units    []Unit
	Locator  *Locator
}

// Unit is one translatable block. ID is made from the document's structure or
// from the unit's own text, so that it outlives a change elsewhere; it is an XML
// NMTOKEN. Name is what the source calls it ("og:title", "img@alt"), if it has a
// name. Locale is set when the text is marked as being in another language than
// the document. NoTranslate is ITS translate="no". Preserve keeps white space as
// it is (xml:space). Message is set when the text is not the article's own but a
// message of the source locale's catalog, with the arguments read from it. Source
// is the whole text; Segments, once cut, join to it.
type Unit struct {
	ID          string
	Kind        Kind
	Level       int // of a heading, from 1; 0 for other units
	Name        string
	Locale      string
	NoTranslate bool
	Preserve    bool
	Notes       []Note
	MaxLength   int // in grapheme clusters, 0 for no limit
	Message     *Message
	Source      Text
	Segments    []Segment
}

// Message names a catalog's message and the values of its variables.
type Message struct {
	ID   string
	Args map[string]any
}

// Note is a word to the translator: the author's, or ours.
type Note struct {
	Category string // "context", "author", "location" …; may be empty
	Text     string
}

// Segment is one part of a unit's text: a sentence, or, when Ignorable, the
// space and stray codes between two sentences. From and To are its cuts in
// Unit.Source; the segments of a unit follow each other without a gap.
type Segment struct {
	ID        string
	Source    Text
	Ignorable bool
	From, To  Boundary
}

// Translatable walks over the segments that are not ignorable, with their
// places in Unit.Segments.
func (u *Unit) Translatable() iter.Seq2[int, *Segment] {
	return func(yield func(int, *Segment) bool) {
		for i := range u.Segments {
			if !u.Segments[i].Ignorable && !yield(i, &u.Segments[i]) {
				return
			}
		}
	}
}

// SegmentAt cuts the unit at the given places, which must rise and lie inside
// the text; ignorable reports which of the resulting parts are ignorable. The segments
// get the IDs s1, s2 … and the ignorable parts i1, i2 …
func (u *Unit) SegmentAt(cuts []Boundary, ignorable func(part int, text Text) bool) {
	u.Segments = slices.Grow(u.Segments[:0], len(cuts)+1)
	// The codes of all segments, one behind the other. Those of the first have the
	// same places in it.
	codes := u.Source.Codes
	if len(cuts) > 0 && cuts[0].Code < len(codes) {
		codes = slices.Clone(codes)
	}
	from := Boundary{}
	var segs, igns int
	for i := 0; i <= len(cuts); i++ {
		to := u.Source.End()
		if i < len(cuts) {
			to = cuts[i]
		}
		s := Segment{Source: Text{Chars: u.Source.Chars[from.Pos:to.Pos]}, From: from, To: to}
		if to.Code > from.Code {
			s.Source.Codes = codes[from.Code:to.Code:to.Code]
			for k := range s.Source.Codes {
				if from.Pos > 0 {
					s.Source.Codes[k].Pos -= from.Pos
				}
			}
		}
		if s.Ignorable = ignorable(i, s.Source); s.Ignorable {
			igns++
			s.ID = partID(ignorableIDs, 'i', igns)
		} else {
			segs++
			s.ID = partID(segmentIDs, 's', segs)
		}
		u.Segments = append(u.Segments, s)
		from = to
	}
}

// The IDs of the first parts, which nearly all units get by with.
const (
	segmentIDs   = "s1s2s3s4s5s6s7s8s9"
	ignorableIDs = "i1i2i3i4i5i6i7i8i9"
)

// partID returns the ID of the nth part of its kind. Those in known need no memory.
func partID(known string, kind byte, n int) string {
	if 2*n <= len(known) {
		return known[2*n-2 : 2*n]
	}
	return string(kind) + strconv.Itoa(n)
}

// State is how far a segment has come (XLIFF 2.1, 4.3.1.31), in rising order.
type State uint8

const (
	Initial State = iota
	Translated
	Reviewed
	Final
)

var stateNames = [...]string{"initial", "translated", "reviewed", "final"}

func (s State) String() string { return stateNames[min(int(s), len(stateNames)-1)] }

// MarshalText writes the state's XLIFF name.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads an XLIFF state name, and fails on any other word.
func (s *State) UnmarshalText(b []byte) error {
	v, ok := ParseState(string(b))
	if !ok {
		return &unknownState{string(b)}
	}
	*s = v
	return nil
}

// ParseState reads an XLIFF state name.
func ParseState(name string) (State, bool) {
	for i, n := range stateNames {
		if n == name {
			return State(i), true
		}
	}
	return Initial, false
}

type unknownState struct{ name string }

func (e *unknownState) Error() string {
	return "unknown state " + strconv.Quote(e.name) + ": want " + strings.Join(stateNames[:], ", ")
}

// The subStates we set, with our prefix as XLIFF asks.
const (
	SubStateMT      = "hexapla:mt"      // an engine's text, seen by nobody
	SubStateFuzzy   = "hexapla:fuzzy"   // a memory's text for a like source; "-84" after it is the score
	SubStateExact   = "hexapla:exact"   // a memory's text for this source, from another context
	SubStateCheck   = "hexapla:check"   // a person is asked to look again
	SubStateEdited  = "hexapla:edited"  // edited since it had the state that follows: "-reviewed"
	SubStateAligned = "hexapla:aligned" // paired by alignment of two texts, seen by nobody
	SubStateOther   = "hexapla:locale"  // in the fallback locale's language
)

// OriginKind is the kind of author of a target.
type OriginKind string

const (
	FromHuman   OriginKind = "human"
	FromEngine  OriginKind = "engine"
	FromCatalog OriginKind = "catalog"
	FromSource  OriginKind = "source" // the source text itself, unchanged
	FromImport  OriginKind = "import" // a file whose authors are not known
)

// Title returns the title of a document for people: its first heading of level 1, else its
// title; "" if it has none.
func (d *Document) Title() string {
	title := ""
	for i := range d.Units {
		if u := &d.Units[i]; u.Level == 1 {
			return u.Source.Chars
		} else if title == "" && (u.Kind == Title || u.Name == "title") {
			title = u.Source.Chars
		}
	}
	return title
}

// Origin is where a target's text came from. Name is the author, the engine or
// the message's id. Entry is its row in the memory, 0 if none. Terms is a
// fingerprint of the glossary's terms it was made with, empty if none applied.
// Translator is the author of the text where Name is a person who reviewed or
// accepted it.
type Origin struct {
	Kind  OriginKind `json:"kind,omitempty"`
	Name  string     `json:"name,omitempty"`
	Time  time.Time  `json:"time,omitzero"`
	Entry int64      `json:"entry,omitempty"`
	Terms string     `json:"terms,omitempty"`

	Translator string `json:"translator,omitempty"`
}

// MatchType ranks how a memory's entry meets a segment, the best last.
type MatchType uint8

const (
	NoMatch MatchType = iota
	MTMatch
	FuzzyMatch
	ExactMatch
	InContextMatch
)

var matchNames = [...]string{"", "mt", "fuzzy", "exact", "in-context"}

func (m MatchType) String() string { return matchNames[min(int(m), len(matchNames)-1)] }

// MarshalText writes the match type's name, nothing for NoMatch.
func (m MatchType) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads what MarshalText writes, and fails on anything else.
func (m *MatchType) UnmarshalText(b []byte) error {
	for i, n := range matchNames {
		if n == string(b) {
			*m = MatchType(i)
			return nil
		}
	}
	return fmt.Errorf("unknown match type %q", b)
}

// Match is a proposal for a segment. Score is the likeness in percent, 100 for
// exact and in-context. Source is the text that Target translates: a fuzzy
// match shows its difference by it. NotUsable is the reason why the match may be
// offered but not used without a person, empty if there is none.
type Match struct {
	Type      MatchType
	Score     int
	Source    Text
	Target    Text
	State     State
	SubState  string
	Origin    Origin
	NotUsable Reason
}

// Reason is why a match with the same source must not fill a segment without a
// person's decision.
type Reason string

const (
	ReasonAmbiguous Reason = "ambiguous" // equally good exact matches differ in their targets
	ReasonNumber    Reason = "number"    // the match's source has other numbers
	ReasonCodes     Reason = "codes"     // the target's codes do not fit the segment
	ReasonTerms     Reason = "terms"     // made with other glossary terms than now apply
	ReasonMerged    Reason = "merged"    // the match is of this sentence and its neighbour in one
)

// TermMark is a glossary's concept found in a segment's source, between two
// byte offsets of its characters. Targets are the terms to use, the preferred
// one first; Forbidden those not to use. DoNotTranslate marks a
// term that is copied as it is.
type TermMark struct {
	Start          int      `json:"start"`
	End            int      `json:"end"`
	Concept        string   `json:"concept"`
	Source         string   `json:"source"`
	Targets        []string `json:"targets"`
	Forbidden      []string `json:"forbidden"`
	DoNotTranslate bool     `json:"doNotTranslate"`
	Note           string   `json:"note"`
}

// Target is what one locale has for one segment. Filled reports that Text counts,
// an empty one included. Locale is set when Text is in another language than
// the translation (the source, a fallback). Match is how a filled target came
// here, NoMatch if not from a memory.
type Target struct {
	Text     Text
	Filled   bool
	State    State
	SubState string
	Locale   string
	Match    MatchType
	Origin   Origin
	Matches  []Match
	Terms    []TermMark
}

// Translation is one document in one target locale. Targets runs parallel to
// Document.Units and their Segments.
type Translation struct {
	Document *Document
	Locale   string
	Targets  [][]Target
}

// NewTranslation is an empty translation of a document whose units are cut.
func NewTranslation(d *Document, locale string) *Translation {
	t := &Translation{Document: d, Locale: locale, Targets: make([][]Target, len(d.Units))}
	n := 0
	for i := range d.Units {
		n += len(d.Units[i].Segments)
	}
	all := make([]Target, n)
	for i := range d.Units {
		k := len(d.Units[i].Segments)
		t.Targets[i], all = all[:k:k], all[k:]
	}
	return t
}

// Ref names one segment in a document by its places in Units and Segments.
type Ref struct{ Unit, Segment int }

// Segments walks over the translatable segments of a translation: those that
// are neither ignorable nor in a unit that is not to be translated.
func (t *Translation) Segments() iter.Seq2[Ref, *Target] {
	return func(yield func(Ref, *Target) bool) {
		for i := range t.Document.Units {
			u := &t.Document.Units[i]
			if u.NoTranslate {
				continue
			}
			for j := range u.Translatable() {
				if !yield(Ref{i, j}, &t.Targets[i][j]) {
					return
				}
			}
		}
	}
}

// Source is the segment that r names.
func (d *Document) Source(r Ref) *Segment { return &d.Units[r.Unit].Segments[r.Segment] }

// IDs gives the units of one document their identities.
type IDs struct {
	seen  map[uint64]int32 // by hash, for each identity that is taken, the last number after it
	buf   []byte
	names *strings.Builder // the memory of identities, some thousand bytes at a time
	few   int              // how many are expected, if they need less; 0 if that is not known
}

// Reset makes identities ready for another document. The memory of a long one is not kept.
func (ids *IDs) Reset() {
	if len(ids.seen) > 1<<10 {
		ids.seen = nil
	}
	clear(ids.seen)
	ids.names, ids.few = nil, 0
}

// Grow makes room for n more identities, so that they are given without copying.
func (ids *IDs) Grow(n int) {
	ids.few = n
	if ids.seen == nil {
		ids.seen = make(map[uint64]int32, n)
	}
}

// Named is an identity for a unit that the document itself names: an element's
// id attribute, a metadata field. Characters that an NMTOKEN may not have become
// "_"; a name that is taken gets ".2", ".3" …
func (ids *IDs) Named(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			return r
		}
		return '_'
	}, name)
	return ids.take([]byte(name))
}

// idAlphabet is that of base32 without the letters that are easily misread.
const idAlphabet = "abcdefghijkmnpqrstuvwxyz23456789"

// ContentLength is the length of the hash at the end of an identity of Content.
const ContentLength = 8

// Content is an identity for a unit that has no name: its kind and 40 bits of
// the SHA-256 of its text in NFC. Two units of the same text are distinguished by
// their order, which is harmless: they are the same text.
func (ids *IDs) Content(kind Kind, text Text) string {
	ids.buf = append(ids.buf[:0], text.Chars...)
	if !isNFC(ids.buf) && !norm.NFC.IsNormal(ids.buf) {
		ids.buf = norm.NFC.Append(ids.buf[:0], []byte(text.Chars)...)
	}
	sum := sha256.Sum256(ids.buf)
	ids.buf = append(append(ids.buf[:0], kind...), '-')
	bits := uint64(binary.BigEndian.Uint32(sum[:]))<<8 | uint64(sum[4])
	for shift := 35; shift >= 0; shift -= 5 {
		ids.buf = append(ids.buf, idAlphabet[bits>>shift&31])
	}
	return ids.take(ids.buf)
}

// take returns an identity, or the next one with a number after it that is free.
func (ids *IDs) take(id []byte) string {
	if ids.seen == nil {
		ids.seen = map[uint64]int32{}
	}
	// Should two of them have one hash, the second gets a number for nothing.
	h := hash(id)
	n, taken := ids.seen[h]
	if !taken {
		ids.seen[h] = 1
		return ids.keep(id)
	}
	id = append(id, '.')
	for bare := len(id); ; {
		n++
		id = strconv.AppendInt(id[:bare], int64(n), 10)
		free := hash(id)
		if _, taken := ids.seen[free]; !taken {
			ids.seen[h], ids.seen[free] = n, 1
			return ids.keep(id)
		}
	}
}

func (ids *IDs) keep(id []byte) string {
	if ids.names == nil || ids.names.Cap()-ids.names.Len() < len(id) {
		ids.names = &strings.Builder{}
		size := 1024
		if ids.few > 0 {
			size = min(size, ids.few*usualID)
		}
		ids.names.Grow(max(len(id), size))
	}
	at := ids.names.Len()
	ids.names.Write(id)
	return ids.names.String()[at:]
}

// usualID is the length of most identities.
const usualID = len("paragraph-") + ContentLength

// hash is FNV-1a.
func hash(b []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range b {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}
