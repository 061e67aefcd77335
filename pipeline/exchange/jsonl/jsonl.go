// Package jsonl is the bilingual file for programs: JSON Lines, one object for
// each segment that can be translated, complete in itself. It is UTF-8, one object
// a line, as in https://jsonlines.org.
//
// The fields of an object:
//
//	path, format, sha256, batch, time   the article and the export
//	sourceLocale, targetLocale          BCP 47
//	unit, segment, kind, name, location where the segment stands
//	source, target                      text with its codes as numbered tags:
//	                                    <1>…</1> for a pair, <2/> for one alone;
//	                                    a literal <1> has a backslash before it
//	codes                               what the numbers stand for, in order
//	targetCodes                         the same of codes that only the target has
//	before, after                       the neighbouring sources
//	state, subState, match, origin      of the target; no target, no state
//	matches                             proposals: type, score, source, target
//	terms                               source, targets, forbidden, keep, note
//	notes, maxLength                    for the translator
//	comments                            of translators and reviewers: text, author, time …
//	noTranslate, unitLocale             of the unit
//	props, fileProps, extensions        what the file had that no field holds; fileProps
//	                                    are with the first line of a document
//	preserve                            white space is kept
//	space                               what follows the segment in its unit
//
// A program that translates reads source, writes target and state, and leaves the
// rest as it is.
package jsonl

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
)

// Codec is the file type.
var Codec = exchange.Codec{
	Name:       "jsonl",
	Extensions: []string{".jsonl", ".ndjson"},
	Encode: func(w io.Writer, _ exchange.Options) (exchange.Encoder, error) {
		b := bufio.NewWriterSize(w, 1<<16)
		e := json.NewEncoder(b)
		e.SetEscapeHTML(false)
		return &encoder{out: b, json: e}, nil
	},
	Decode:            decode,
	UnsupportedFields: []exchange.Field{exchange.FieldIgnorableText, exchange.FieldMessage},
}

// MaxLine is the longest line that is read, in bytes.
const MaxLine = 64 << 20

type line struct {
	Path         string             `json:"path"`
	Format       string             `json:"format,omitempty"`
	SHA256       string             `json:"sha256,omitempty"`
	Batch        string             `json:"batch,omitempty"`
	Time         time.Time          `json:"time,omitzero"`
	FileNotes    []note             `json:"fileNotes,omitempty"`
	SourceLocale string             `json:"sourceLocale"`
	TargetLocale string             `json:"targetLocale,omitempty"`
	Unit         string             `json:"unit"`
	Segment      string             `json:"segment"`
	Kind         bitext.Kind        `json:"kind,omitempty"`
	Name         string             `json:"name,omitempty"`
	Location     string             `json:"location,omitempty"`
	Source       string             `json:"source"`
	Target       *string            `json:"target"`
	Codes        []code             `json:"codes,omitempty"`
	TargetCodes  []code             `json:"targetCodes,omitempty"`
	Before       string             `json:"before,omitempty"`
	After        string             `json:"after,omitempty"`
	State        *bitext.State      `json:"state,omitempty"`
	SubState     string             `json:"subState,omitempty"`
	Locale       string             `json:"locale,omitempty"`
	Match        string             `json:"match,omitempty"`
	Origin       bitext.Origin      `json:"origin,omitzero"`
	Matches      []match            `json:"matches,omitempty"`
	Terms        []term             `json:"terms,omitempty"`
	Notes        []note             `json:"notes,omitempty"`
	Comments     []exchange.Comment `json:"comments,omitempty"`
	NoTranslate  bool               `json:"noTranslate,omitempty"`
	UnitLocale   string             `json:"unitLocale,omitempty"`
	Props        []prop             `json:"props,omitempty"`
	FileProps    []prop             `json:"fileProps,omitempty"`
	Extensions   string             `json:"extensions,omitempty"`
	MaxLength    int                `json:"maxLength,omitempty"`
	Preserve     bool               `json:"preserve,omitempty"`
	Lead         *space             `json:"lead,omitempty"`
	Space        []space            `json:"space,omitempty"`
}

type code = exchange.CodeJSON

type match struct {
	Type     string        `json:"type"`
	Score    int           `json:"score"`
	Source   string        `json:"source"`
	Target   string        `json:"target"`
	State    bitext.State  `json:"state"`
	SubState string        `json:"subState,omitempty"`
	Held     string        `json:"held,omitempty"`
	Origin   bitext.Origin `json:"origin,omitzero"`
}

type prop struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type term struct {
	Start     int      `json:"start"`
	End       int      `json:"end"`
	Concept   string   `json:"concept,omitempty"`
	Source    string   `json:"source"`
	Targets   []string `json:"targets,omitempty"`
	Forbidden []string `json:"forbidden,omitempty"`
	Keep      bool     `json:"keep,omitempty"`
	Note      string   `json:"note,omitempty"`
}

type note struct {
	Category string `json:"category,omitempty"`
	Text     string `json:"text"`
}

// space is an ignorable part, with its own codes.
type space struct {
	ID    string `json:"id"`
	Text  string `json:"text"`
	Codes []code `json:"codes,omitempty"`
}

type encoder struct {
	out    *bufio.Writer
	json   *json.Encoder
	header *exchange.Header // of the document that is being written
}

func (e *encoder) Write(u *exchange.Unit) error {
	segments := u.Segments
	var lead *space
	for i := 0; i < len(segments); i++ {
		s := &segments[i]
		if s.Ignorable {
			continue
		}
		l := lineOf(u, i)
		if !exchange.SameHeader(e.header, u.Header) {
			e.header = u.Header
			l.FileProps = propsOut(u.Header.Props)
		}
		if i > 0 && lead == nil && segments[0].Ignorable && first(segments) == i {
			l.Lead = spaceOf(&segments[0])
			lead = l.Lead
		}
		for j := i + 1; j < len(segments) && segments[j].Ignorable; j++ {
			l.Space = append(l.Space, *spaceOf(&segments[j]))
		}
		if err := e.json.Encode(l); err != nil {
			return fmt.Errorf("jsonl: %w", err)
		}
	}
	return nil
}

// first is the place of the first segment that is not ignorable.
func first(segments []bitext.Segment) int {
	for i := range segments {
		if !segments[i].Ignorable {
			return i
		}
	}
	return -1
}

func (e *encoder) Close() error {
	if e.header == nil { // a file without a byte would pass for one that was lost
		_ = e.out.WriteByte('\n')
	}
	return e.out.Flush()
}

func lineOf(u *exchange.Unit, i int) *line {
	s, t := &u.Segments[i], &u.Targets[i]
	l := &line{
		Path: u.Path, Format: u.Format, SHA256: u.SHA256, Batch: u.Batch, Time: u.Time, FileNotes: notesOut(u.Header.Notes),
		SourceLocale: u.SourceLocale, TargetLocale: u.TargetLocale,
		Unit: u.ID, Segment: s.ID, Kind: u.Kind, Name: u.Name, Location: u.Location,
		Source: s.Source.Tagged(), Codes: exchange.CodesJSON(s.Source.Codes),
		Notes: notesOut(u.Unit.Notes), MaxLength: u.MaxLength, Preserve: u.Preserve, Comments: u.CommentsOn(i),
		NoTranslate: u.NoTranslate, UnitLocale: u.Unit.Locale,
	}
	if i == first(u.Segments) { // what is said of the unit is said once
		l.Props, l.Extensions = propsOut(u.Props), string(u.Extensions)
	}
	if i > 0 {
		l.Before = neighbour(u.Segments[:i], -1)
	}
	l.After = neighbour(u.Segments[i+1:], 0)
	if t.Filled {
		text := t.Text.TaggedAs(s.Source)
		l.TargetCodes = exchange.AddedCodes(s.Source, t.Text)
		l.Target, l.State, l.SubState, l.Locale, l.Match, l.Origin = &text, &t.State, t.SubState, t.Locale, t.Match.String(), t.Origin
	}
	for _, m := range t.Matches {
		l.Matches = append(l.Matches, match{m.Type.String(), m.Score, m.Source.Tagged(), m.Target.TaggedAs(m.Source), m.State, m.SubState, string(m.NotUsable), m.Origin})
	}
	for _, m := range t.Terms {
		l.Terms = append(l.Terms, term{m.Start, m.End, m.Concept, m.Source, m.Targets, m.Forbidden, m.DoNotTranslate, m.Note})
	}
	return l
}

// neighbour is the source of the nearest segment before (-1) or after (0).
func neighbour(segments []bitext.Segment, from int) string {
	for n := range segments {
		i := n
		if from < 0 {
			i = len(segments) - 1 - n
		}
		if !segments[i].Ignorable {
			return segments[i].Source.Chars
		}
	}
	return ""
}

func spaceOf(s *bitext.Segment) *space {
	return &space{ID: s.ID, Text: s.Source.Tagged(), Codes: exchange.CodesJSON(s.Source.Codes)}
}

func notesOut(notes []bitext.Note) []note {
	var out []note
	for _, n := range notes {
		out = append(out, note(n))
	}
	return out
}

func propsOut(props []bitext.Prop) []prop {
	var out []prop
	for _, p := range props {
		out = append(out, prop(p))
	}
	return out
}

func propsIn(props []prop) []bitext.Prop {
	var out []bitext.Prop
	for _, p := range props {
		out = append(out, bitext.Prop(p))
	}
	return out
}

// decode yields the units of r. A line that cannot be read is an error with its
// number, and the next line is read all the same.
func decode(name string, r io.Reader) iter.Seq2[*exchange.Unit, error] {
	return exchange.LimitErrors(name, func(yield func(*exchange.Unit, error) bool) {
		in := bufio.NewScanner(r)
		in.Buffer(make([]byte, 0, 1<<16), MaxLine)
		var header *exchange.Header
		var unit *exchange.Unit
		flush := func() bool {
			u := unit
			unit = nil
			if u == nil {
				return true
			}
			exchange.SetSourceFromSegments(&u.Unit)
			return yield(u, nil)
		}
		read := false
		for n := 1; in.Scan(); n++ {
			read = true
			data := in.Bytes()
			if n == 1 {
				data = bytes.TrimPrefix(data, []byte("\ufeff"))
			}
			if len(bytes.TrimSpace(data)) == 0 {
				continue
			}
			var l line
			if err := json.Unmarshal(data, &l); err != nil {
				if !flush() || !yield(nil, lineError(name, n, err)) {
					return
				}
				continue
			}
			if header == nil || !sameHeader(header, &l) {
				if !flush() {
					return
				}
				header = &exchange.Header{
					Path: l.Path, Format: l.Format, SHA256: l.SHA256, SourceLocale: l.SourceLocale,
					TargetLocale: l.TargetLocale, Batch: l.Batch, Time: l.Time, Notes: notesIn(l.FileNotes), Props: propsIn(l.FileProps),
				}
			}
			if unit == nil || unit.ID != l.Unit || unit.Header != header {
				if !flush() {
					return
				}
				unit = &exchange.Unit{Header: header, Location: l.Location, Line: n}
				unit.ID, unit.Kind, unit.Name, unit.MaxLength, unit.Preserve = l.Unit, l.Kind, l.Name, l.MaxLength, l.Preserve
				unit.Unit.Notes, unit.Unit.Locale, unit.NoTranslate = notesIn(l.Notes), l.UnitLocale, l.NoTranslate
				unit.Props = propsIn(l.Props)
				if l.Extensions != "" {
					unit.Extensions = []byte(l.Extensions)
				}
			}
			unit.Comments = append(unit.Comments, l.Comments...)
			if err := add(unit, &l); err != nil {
				unit = nil
				if !yield(nil, lineError(name, n, err)) {
					return
				}
			}
		}
		if err := in.Err(); err != nil {
			if errors.Is(err, bufio.ErrTooLong) {
				err = fmt.Errorf("a line is longer than %d bytes", MaxLine)
			}
			if flush() {
				yield(nil, diag.Diagnostic{ID: "jsonl.read", Severity: diag.Error, Place: diag.Place{Path: name}, Message: err.Error()})
			}
			return
		}
		if !flush() || read {
			return
		}
		yield(nil, diag.Diagnostic{ID: "jsonl.read", Severity: diag.Error, Place: diag.Place{Path: name}, Message: exchange.ErrEmpty.Error()})
	})
}

func sameHeader(h *exchange.Header, l *line) bool {
	return h.Path == l.Path && h.SourceLocale == l.SourceLocale && h.TargetLocale == l.TargetLocale && h.Batch == l.Batch && h.SHA256 == l.SHA256
}

func lineError(name string, n int, err error) error {
	d := diag.Diagnostic{
		ID: "jsonl.line", Severity: diag.Error, Place: diag.Place{Path: name, Line: n, Column: 1}, Message: err.Error(),
		Hint: "each line is one JSON object with at least unit, segment and source; 'hexapla memory import' reads those without units",
	}
	var syntax *json.SyntaxError
	var typ *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		d.Place.Column = int(max(1, syntax.Offset))
	case errors.As(err, &typ):
		d.Place.Column = int(max(1, typ.Offset))
	}
	return d
}

// add puts a line's segment, and the space around it, into its unit.
func add(u *exchange.Unit, l *line) error {
	if l.Unit == "" || l.Segment == "" {
		return errors.New("unit or segment is missing")
	}
	if l.Lead != nil {
		if err := addSpace(u, l.Lead); err != nil {
			return err
		}
	}
	codes, err := exchange.Codes(l.Codes)
	if err != nil {
		return err
	}
	source, err := bitext.ParseTagged(l.Source, bitext.Text{Codes: codes})
	if err != nil {
		return fmt.Errorf("source: %w", err)
	}
	t := bitext.Target{}
	if l.Target != nil {
		if t.Text, err = exchange.ParseTarget(*l.Target, source, l.TargetCodes); err != nil {
			return fmt.Errorf("target: %w", err)
		}
		t.Filled, t.State = true, bitext.Translated
		if l.State != nil {
			t.State = *l.State
		}
		t.SubState, t.Locale, t.Match, t.Origin = l.SubState, l.Locale, matchType(l.Match), l.Origin
	}
	for _, m := range l.Matches {
		t.Matches = append(t.Matches, matchIn(m, source))
	}
	for _, m := range l.Terms {
		t.Terms = append(t.Terms, bitext.TermMark{
			Start: m.Start, End: m.End, Concept: m.Concept, Source: m.Source, Targets: m.Targets, Forbidden: m.Forbidden, DoNotTranslate: m.Keep, Note: m.Note,
		})
	}
	u.Segments = append(u.Segments, bitext.Segment{ID: l.Segment, Source: source})
	u.Targets = append(u.Targets, t)
	for i := range l.Space {
		if err := addSpace(u, &l.Space[i]); err != nil {
			return err
		}
	}
	return nil
}

func addSpace(u *exchange.Unit, s *space) error {
	codes, err := exchange.Codes(s.Codes)
	if err != nil {
		return err
	}
	text, err := bitext.ParseTagged(s.Text, bitext.Text{Codes: codes})
	if err != nil {
		return fmt.Errorf("space: %w", err)
	}
	u.Segments = append(u.Segments, bitext.Segment{ID: s.ID, Source: text, Ignorable: true})
	u.Targets = append(u.Targets, bitext.Target{})
	return nil
}

// matchIn reads a proposal. Its texts may have other codes than the segment; then
// they stay as the tags they came as, which is what a person is to see.
func matchIn(m match, source bitext.Text) bitext.Match {
	out := bitext.Match{Type: matchType(m.Type), Score: m.Score, State: m.State, SubState: m.SubState, NotUsable: bitext.Reason(m.Held), Origin: m.Origin}
	var err error
	if out.Source, err = bitext.ParseTagged(m.Source, source); err != nil {
		out.Source = bitext.Plain(m.Source)
	}
	if out.Target, err = bitext.ParseTagged(m.Target, source); err != nil {
		out.Target = bitext.Plain(m.Target)
	}
	return out
}

func matchType(name string) bitext.MatchType {
	var m bitext.MatchType
	if m.UnmarshalText([]byte(name)) != nil {
		return bitext.NoMatch
	}
	return m
}

func notesIn(notes []note) []bitext.Note {
	var out []bitext.Note
	for _, n := range notes {
		out = append(out, bitext.Note(n))
	}
	return out
}
