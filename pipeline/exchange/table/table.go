// Package table is the bilingual file for people without a translation tool: one
// row for each segment, as CSV or as an Excel workbook.
//
// The columns are those of Columns. Only target and state are for the translator
// to change; in a workbook the others are locked if the options ask for it. Codes
// stand as numbered tags: <1>…</1> for a pair, <2/> for one alone. The difference is that
// of a fuzzy proposal's source from the segment's: [-only there-] {+only here+}.
//
// CSV is that of RFC 4180 in UTF-8 with a byte order mark, without which
// spreadsheets take it for the local encoding. A cell that a spreadsheet would
// take for a formula, or that begins with an apostrophe, gets an apostrophe
// before it (https://owasp.org/www-community/attacks/CSV_Injection); reading takes
// one away again.
package table

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/difference"
	"hexapla/pipeline/exchange"
)

// Columns are the names of the columns in their order. A file may have them in
// another order, and others beside them, which are not read; unit, segment,
// source and target must be there.
var Columns = []string{
	"location", "source", "target", "state", "note", "comment", "proposal", "score", "difference", "terms", "max length",
	"source locale", "target locale", "path", "unit", "segment", "kind", "name", "batch", "sha256", "format", "time", "substate", "origin", "properties",
}

const (
	colLocation = iota
	colSource
	colTarget
	colState
	colNote
	colComment
	colProposal
	colScore
	colDifference
	colTerms
	colMax
	colSourceLocale
	colTargetLocale
	colPath
	colUnit
	colSegment
	colKind
	colName
	colBatch
	colSHA
	colFormat
	colTime
	colSubState
	colOrigin
	colProperties
)

// unsupported is what neither file type has a place for.
var unsupported = []exchange.Field{
	exchange.FieldFileNotes, exchange.FieldPreserve, exchange.FieldIgnorable, exchange.FieldCodes, exchange.FieldMessage, exchange.FieldUnitLocale,
	exchange.FieldExtensions, exchange.FieldTargetMatch, exchange.FieldTargetLocale, exchange.FieldOrigin, exchange.FieldOtherMatches,
	exchange.FieldMatchSource, exchange.FieldMatchOrigin, exchange.FieldTerms,
}

// properties are what a row keeps in one cell for programs. Notes and Comments are
// those that were exported: what else stands in their columns a person has written.
// Source is a fingerprint of the source, by which a changed one is found.
type properties struct {
	Source      string              `json:"source,omitempty"`
	TargetCodes []exchange.CodeJSON `json:"targetCodes,omitempty"` // that the source does not have
	NoTranslate bool                `json:"noTranslate,omitempty"`
	Notes       []bitext.Note       `json:"notes,omitempty"`
	Comments    []exchange.Comment  `json:"comments,omitempty"`
	Props       []bitext.Prop       `json:"props,omitempty"`
	FileProps   []bitext.Prop       `json:"fileProps,omitempty"`
}

func (p *properties) cell() (string, error) {
	if p.Source == "" && p.TargetCodes == nil && !p.NoTranslate && p.Notes == nil && p.Comments == nil && p.Props == nil && p.FileProps == nil {
		return "", nil
	}
	b, err := json.Marshal(p)
	return string(b), err
}

// fingerprint identifies a text but for its white space, which spreadsheets change.
func fingerprint(text string) string {
	h := fnv.New32a()
	for word := range strings.FieldsSeq(text) {
		_, _ = h.Write([]byte(word))
		_, _ = h.Write([]byte{' '})
	}
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}

// sheet is what both encoders remember between two units.
type sheet struct{ header *exchange.Header }

// rows writes a unit's segments as rows of cells.
func (sh *sheet) rows(u *exchange.Unit, yield func(id string, cells []string) error) error {
	first := true
	for i, s := range u.Translatable() {
		t := &u.Targets[i]
		comments := u.CommentsOn(i)
		extra := properties{Source: fingerprint(s.Source.Tagged()), NoTranslate: u.NoTranslate, Notes: u.Unit.Notes, Comments: comments}
		if first { // what is said of the unit, or the document, is said once
			extra.Props, first = u.Props, false
		}
		if !exchange.SameHeader(sh.header, u.Header) {
			sh.header, extra.FileProps = u.Header, u.Header.Props
		}
		c := make([]string, len(Columns))
		c[colLocation], c[colSource], c[colNote] = u.Location, s.Source.Tagged(), noteCell(u.Unit.Notes)
		if t.Filled {
			c[colTarget], c[colState], c[colSubState] = t.Text.TaggedAs(s.Source), t.State.String(), t.SubState
			c[colOrigin] = t.Origin.Name
			extra.TargetCodes = exchange.AddedCodes(s.Source, t.Text)
		}
		if len(t.Matches) > 0 {
			m := t.Matches[0]
			c[colProposal], c[colScore] = m.Target.TaggedAs(m.Source), strconv.Itoa(m.Score)
			if m.Type == bitext.FuzzyMatch {
				c[colDifference] = difference.Marked(m.Source.Tagged(), s.Source.Tagged())
			}
		}
		c[colComment] = exchange.FormatComments(comments)
		var err error
		if c[colProperties], err = extra.cell(); err != nil {
			return err
		}
		c[colTerms] = termsCell(t.Terms)
		if u.MaxLength > 0 {
			c[colMax] = strconv.Itoa(u.MaxLength)
		}
		c[colSourceLocale], c[colTargetLocale], c[colPath] = u.SourceLocale, u.TargetLocale, u.Path
		c[colUnit], c[colSegment], c[colKind], c[colName] = u.ID, s.ID, string(u.Kind), u.Name
		c[colBatch], c[colSHA], c[colFormat] = u.Batch, u.SHA256, u.Format
		if !u.Time.IsZero() {
			c[colTime] = u.Time.Format(time.RFC3339)
		}
		if err := yield(u.ID+"/"+s.ID, c); err != nil {
			return err
		}
	}
	return nil
}

func noteCell(notes []bitext.Note) string {
	var out []string
	for _, n := range notes {
		out = append(out, n.Text)
	}
	return strings.Join(out, "\n")
}

// termsCell tells the terms to use as "source → target, or target".
func termsCell(terms []bitext.TermMark) string {
	var out []string
	for _, t := range terms {
		s := t.Source + " → " + strings.Join(t.Targets, ", ")
		if t.DoNotTranslate {
			s = t.Source + " (keep)"
		}
		if len(t.Forbidden) > 0 {
			s += " (not: " + strings.Join(t.Forbidden, ", ") + ")"
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}

// reader puts rows together to units again.
type reader struct {
	name   string
	column []int // place of each of Columns in the file, -1 if it is not there
	header *exchange.Header
	unit   *exchange.Unit

	pairOptions *PairOptions    // tables of pairs are read too
	pairs       *pairColumns    // of such a table
	ids         map[string]bool // of its rows
	titles      int             // rows above the names of its columns
	held        []heldRow       // those with a text: rows of the table, if it has no names
}

// heldRow is a row whose meaning is not known yet.
type heldRow struct {
	n     int
	cells []string
}

// maxTitles is the number of rows that may stand above the names of the columns of a table of
// pairs, each with one text at most. Of a table without names they are texts that nobody has
// translated.
const maxTitles = 10

// next reads a row, of names or of texts, and gives what is whole; it reports whether the
// receiver wants more.
func (r *reader) next(n int, cells []string, yield func(*exchange.Unit, error) bool) bool {
	if r.column == nil {
		data, err := r.head(n, cells)
		if err != nil {
			yield(nil, err)
			return false
		}
		if !data {
			return true
		}
		for _, h := range r.held {
			if !r.give(h.n, h.cells, yield) {
				return false
			}
		}
	}
	return r.give(n, cells, yield)
}

func (r *reader) give(n int, cells []string, yield func(*exchange.Unit, error) bool) bool {
	done, err := r.row(n, cells)
	return emit(done, yield) && (err == nil || yield(nil, rowError(r.name, n, err)))
}

// head reads the row of column names. It reports whether the row has texts instead, as the
// first one of a table of pairs without names.
func (r *reader) head(n int, cells []string) (data bool, err error) {
	column := make([]int, len(Columns))
	for i, want := range Columns {
		column[i] = slices.IndexFunc(cells, func(c string) bool { return strings.EqualFold(strings.TrimSpace(c), want) })
	}
	if r.pairOptions != nil && (column[colUnit] < 0 || column[colSegment] < 0) {
		if p, h, ok := readPairColumns(r.name, cells, *r.pairOptions); ok {
			r.column, r.pairs, r.header = column, &p, h
			return false, nil
		}
		filled := 0
		for _, c := range cells {
			if strings.TrimSpace(c) != "" {
				filled++
			}
		}
		if filled < 2 && r.titles < maxTitles {
			r.titles++
			if filled > 0 {
				r.held = append(r.held, heldRow{n, slices.Clone(cells)}) // the reader of CSV uses its row again
			}
			return false, nil
		}
		if filled == 2 && len(cells) == 2 && r.pairOptions.Source != "" && r.pairOptions.Target != "" {
			r.column, r.header = column, &exchange.Header{Path: r.name}
			r.pairs = &pairColumns{-1, 0, 1, -1, -1, -1, -1}
			return true, nil
		}
	}
	for _, must := range []int{colUnit, colSegment, colSource, colTarget} {
		if column[must] < 0 {
			return false, r.noColumn(must)
		}
	}
	r.column = column
	return false, nil
}

func (r *reader) noColumn(column int) error {
	return diag.Diagnostic{
		ID: "table.header", Severity: diag.Error, Place: diag.Place{Path: r.name, Line: 1, Column: 1}, Hint: r.headHint(),
	}.Messagef("no column %q", diag.Arg("column", Columns[column]))
}

// headHint tells what to do about a row of column names that is not ours.
func (r *reader) headHint() string {
	if r.pairOptions != nil {
		return "keep the row of column names as it was exported; of a table of another program, name two columns source and target, or by their languages; of several languages, give --target-locale; without names, give --source-locale and --target-locale"
	}
	return "keep the row of column names as it was exported; 'hexapla memory import' reads tables of other programs"
}

// row takes in one row. It gives back the unit before it when this row begins
// another.
func (r *reader) row(n int, cells []string) (done *exchange.Unit, err error) {
	if r.pairs != nil {
		return r.pair(n, cells)
	}
	get := func(col int) string {
		if i := r.column[col]; i >= 0 && i < len(cells) {
			return cells[i]
		}
		return ""
	}
	blank := true
	for _, c := range cells {
		blank = blank && strings.TrimSpace(c) == ""
	}
	if blank {
		return nil, nil
	}
	if get(colUnit) == "" || get(colSegment) == "" {
		return nil, problem("unit or segment is missing")
	}
	h := exchange.Header{
		Path: get(colPath), Format: get(colFormat), SHA256: get(colSHA), Batch: get(colBatch),
		SourceLocale: get(colSourceLocale), TargetLocale: get(colTargetLocale),
	}
	if s := get(colTime); s != "" {
		if h.Time, err = time.Parse(time.RFC3339, s); err != nil {
			return nil, problem("time %q: want the form 2026-01-31T12:00:00Z", diag.Arg("time", diag.Excerpt(s)))
		}
	}
	var extra properties
	if s := get(colProperties); s != "" {
		if err := json.Unmarshal([]byte(s), &extra); err != nil {
			return nil, problem("the column properties, which is for programs, was changed: %s", diag.Arg("error", err.Error()))
		}
	}
	if extra.Source != "" && extra.Source != fingerprint(get(colSource)) {
		return nil, problem("the text in the column source was changed in this file: put back the text of the export, and change only target")
	}
	source, err := bitext.ParseTaggedUnbound(get(colSource))
	if err != nil {
		return nil, fmt.Errorf("source: %w", err)
	}
	t, err := targetOf(get, source, extra.TargetCodes)
	if err != nil {
		return nil, err
	}
	h.Props = extra.FileProps
	if r.header == nil || r.header.Path != h.Path || r.header.TargetLocale != h.TargetLocale || r.header.Batch != h.Batch || r.header.SHA256 != h.SHA256 {
		done, r.unit, r.header = r.unit, nil, &h
	}
	if r.unit == nil || r.unit.ID != get(colUnit) {
		if r.unit != nil {
			done = r.unit
		}
		r.unit = &exchange.Unit{Header: r.header, Location: get(colLocation), Line: n, Column: 1}
		r.unit.ID, r.unit.Kind, r.unit.Name = get(colUnit), bitext.Kind(get(colKind)), get(colName)
		if s := get(colMax); s != "" {
			if r.unit.MaxLength, err = strconv.Atoi(s); err != nil {
				return done, problem("max length %q is not a number", diag.Arg("length", diag.Excerpt(s)))
			}
		}
		r.unit.NoTranslate, r.unit.Props = extra.NoTranslate, extra.Props
		r.unit.Unit.Notes = extra.Notes
		if s := get(colNote); s != "" && r.column[colProperties] < 0 {
			r.unit.Unit.Notes = []bitext.Note{{Text: s}}
		}
	}
	segment := get(colSegment)
	r.unit.Comments = append(r.unit.Comments, exchange.ParseComments(get(colComment), extra.Comments, segment)...)
	if note := strings.ReplaceAll(get(colNote), "\r\n", "\n"); r.column[colProperties] >= 0 {
		// What the column of notes has beside the notes is an answer to them.
		if rest := strings.TrimSpace(strings.Replace(note, noteCell(extra.Notes), "", 1)); rest != "" {
			r.unit.Comments = append(r.unit.Comments, exchange.Comment{Segment: segment, Text: rest})
		}
	}
	r.unit.Segments = append(r.unit.Segments, bitext.Segment{ID: get(colSegment), Source: source})
	r.unit.Targets = append(r.unit.Targets, t)
	return done, nil
}

func targetOf(get func(int) string, source bitext.Text, added []exchange.CodeJSON) (t bitext.Target, err error) {
	if s := get(colTarget); s != "" {
		if t.Text, err = exchange.ParseTarget(s, source, added); err != nil {
			return t, fmt.Errorf("target: %w", err)
		}
		if bitext.LostLetters(get(colSource), s) {
			return t, problem("the target has question marks in place of its letters: the file was saved in an encoding without them; save it as CSV UTF-8 or as a workbook")
		}
		t.Filled, t.State, t.SubState = true, bitext.Translated, get(colSubState)
		if s := strings.ToLower(strings.TrimSpace(get(colState))); s != "" {
			if err := t.State.UnmarshalText([]byte(s)); err != nil {
				return t, problem("unknown state %q: write initial, translated, reviewed or final", diag.Arg("state", diag.Excerpt(s)))
			}
		}
		if by := get(colOrigin); by != "" {
			t.Origin = bitext.Origin{Kind: bitext.FromImport, Name: by}
		}
	}
	if s := get(colProposal); s != "" {
		m := bitext.Match{Type: bitext.FuzzyMatch}
		if m.Target, err = bitext.ParseTaggedUnbound(s); err != nil {
			m.Target, err = bitext.Plain(s), nil
		}
		if m.Score, err = strconv.Atoi(get(colScore)); err != nil {
			return t, problem("score %q is not a number", diag.Arg("score", diag.Excerpt(get(colScore))))
		}
		t.Matches = []bitext.Match{m}
	}
	return t, nil
}

// problem returns an error of a row.
func problem(format string, args ...any) error {
	return diag.Diagnostic{ID: "table.row", Severity: diag.Error}.Messagef(format, args...)
}

// finish gives the last unit, nil if there is none.
func (r *reader) finish() *exchange.Unit {
	u := r.unit
	r.unit = nil
	return u
}

func rowError(name string, n int, err error) error {
	if d, ok := err.(diag.Diagnostic); ok {
		if d.Place == (diag.Place{}) {
			d.Place = diag.Place{Path: name, Line: n, Column: 1}
		}
		return d
	}
	return diag.Diagnostic{ID: "table.row", Severity: diag.Error, Place: diag.Place{Path: name, Line: n, Column: 1}, Message: err.Error()}
}

// emit yields a finished unit.
func emit(u *exchange.Unit, yield func(*exchange.Unit, error) bool) bool {
	if u == nil {
		return true
	}
	exchange.SetSourceFromSegments(&u.Unit)
	return yield(u, nil)
}
