package glossary

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange/xlsx"
)

// The columns that ParseTable knows, by their names in the first row.
var columnNames = []string{"concept", "locale", "term", "status", "case", "pos", "definition", "note"}

// TableOptions say what a table cannot. SourceLocale and TargetLocale are those of a
// file with one column for each and no name of a language. Columns are names for the
// columns of a file that has no row of names.
type TableOptions struct {
	SourceLocale string
	TargetLocale string
	Columns      []string
}

// ParseTable reads a termbase from a table: text separated by commas, semicolons or
// tabs, or the first sheet of a workbook (XLSX). The first row names the columns, in
// any order. These are the layouts.
//
// Long, a term a row: concept, locale and term, and optionally status (preferred,
// admitted, deprecated, forbidden, do-not-translate; empty is preferred for the first
// term of a concept in a locale and admitted for others), case ("yes":
// case-sensitive, "no": not at all, empty: see CaseAuto), pos, definition, note. The
// locale "*" goes with do-not-translate: the term is kept as it is in all locales.
// Other columns are kept as Term.Props.
//
// Wide, a concept a row: columns named by locales ("en,ru,uk"), with the same other
// columns optionally. "|" separates several terms in a cell, the preferred one first.
//
// Pairs, a pair of terms a row (Weblate, Phrase, memoQ): the columns source and
// target, and optionally those of the long layout. Without a row of names the columns
// are source, target and note (OmegaT), or source, target and their locales
// (DeepL).
//
// A column of source terms that is called term, and columns named by locales, or one
// that is called translation.
//
// UTX: pairs below the lines of its head, which name the languages and the columns.
//
// Fields by locale (Crowdin): "Term [en]", "Description [en]", "Term [uk]" …
//
// Where the file does not contain the locales of a pair, the options do, or else the
// name of the file ("en-uk.csv"), or else "en" and "und" are assumed, with a warning.
//
// What cannot be read is reported with line and column, and left out; everything
// else is read. UTF-8 with or without a byte order mark and UTF-16 with one are read.
// An apostrophe before a formula sign, with which EncodeCSV guards cells, is removed.
func ParseTable(path string, data []byte, o TableOptions) (*Glossary, []diag.Diagnostic) {
	p := &csvParser{path: path, byID: map[string]int{}, ids: freeIDs{}, options: o}
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		p.workbook(data)
		return p.finish()
	}
	data, err := decodeBOM(data)
	if err != nil {
		p.addDiagnostic(diag.Error, "glossary.encoding", 1, 1, "save it as UTF-8", "not readable as UTF-16: %v", diag.Arg("error", err))
		return &p.g, p.ds
	}
	if c, _ := comma(data); c == '\t' {
		data = quotePlain(data)
	}
	p.data = data
	p.lines = []int{0}
	for i, c := range data {
		if c == '\n' {
			p.lines = append(p.lines, i+1)
		}
	}
	p.read()
	return p.finish()
}

// quotePlain quotes the cells of a table separated by tabs that begin with a quotation mark
// and are not quoted by it, as in programs that know no quoting: "cohort" theory. They would
// take the rows behind them in, as far as the next quotation mark.
func quotePlain(data []byte) []byte {
	var out []byte
	done := 0 // data up to here is in out
	for i := 0; i < len(data); {
		quoted := quotedCell(data[i:])
		i += quoted
		if quoted == 0 && data[i] == '"' {
			end := len(data)
			if n := bytes.IndexAny(data[i:], "\t\n"); n >= 0 {
				end = i + n
			}
			end -= len(data[i:end]) - len(bytes.TrimRight(data[i:end], "\r"))
			out = append(out, data[done:i]...)
			out = append(out, '"')
			out = append(out, bytes.ReplaceAll(data[i:end], []byte{'"'}, []byte(`""`))...)
			out = append(out, '"')
			i, done = end, end
		}
		n := bytes.IndexAny(data[i:], "\t\n")
		if n < 0 {
			break
		}
		i += n + 1
	}
	if done == 0 {
		return data
	}
	return append(out, data[done:]...)
}

// quotedCell returns the length of the quoted cell that data begins with, or 0.
func quotedCell(data []byte) int {
	if len(data) == 0 || data[0] != '"' {
		return 0
	}
	for i := 1; ; {
		n := bytes.IndexByte(data[i:], '"')
		if n < 0 {
			return 0
		}
		if i += n + 1; i == len(data) || data[i] == '\t' || data[i] == '\n' || data[i] == '\r' {
			return i
		}
		if data[i] != '"' {
			return 0
		}
		i++
	}
}

func (p *csvParser) finish() (*Glossary, []diag.Diagnostic) {
	p.assignDefaultStatus()
	p.ds = append(p.ds, p.g.Lint()...)
	diag.Sort(p.ds)
	return &p.g, p.ds
}

func decodeBOM(data []byte) ([]byte, error) {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
	}
	return bytes.TrimPrefix(data, []byte("\ufeff")), nil
}

type csvParser struct {
	path     string
	data     []byte
	lines    []int // byte offsets of line starts
	g        Glossary
	ds       []diag.Diagnostic
	byID     map[string]int
	ids      freeIDs
	unset    []unsetStatus
	reader   *csv.Reader
	width    int  // cells of the first row
	before   int  // lines before those that reader reads
	headless bool // the first row is a term, as OmegaT has it
	remarks  bool // lines with a # are remarks wherever they stand, as in UTX

	counted struct{ line, column, chars int } // see chars
	indexes map[string]*termIndex             // of the concepts with many terms, by their ids

	options TableOptions
	tags    map[string]string // locales as they are written → canonical
	row     int               // of a workbook, 0 for text
	pairs   [2]string
}

// canonical is canonicalLocale, which asks for each tag once.
func (p *csvParser) canonical(locale string) (string, error) {
	if c, ok := p.tags[locale]; ok {
		return c, nil
	}
	c, err := canonicalLocale(locale)
	if err == nil && len(p.tags) < 1000 {
		if p.tags == nil {
			p.tags = map[string]string{}
		}
		p.tags[locale] = c
	}
	return c, err
}

type unsetStatus struct{ concept, term int }

func (p *csvParser) addDiagnostic(sev diag.Severity, id string, line, column int, hint, format string, args ...any) {
	p.ds = append(p.ds, diag.Diagnostic{
		ID: id, Severity: sev, Place: diag.Place{Path: p.path, Line: line, Column: column}, Hint: hint,
	}.Messagef(format, args...))
}

// chars turns encoding/csv's column, in bytes from 1, into characters.
func (p *csvParser) chars(line, column int) int {
	if line < 1 || line > len(p.lines) || column < 1 {
		return 1
	}
	start, from := p.lines[line-1], &p.counted // a long row is counted once, from left to right
	if from.line != line || from.column > column {
		*from = struct{ line, column, chars int }{line, 1, 1}
	}
	at, end := min(start+from.column-1, len(p.data)), min(start+column-1, len(p.data))
	from.column, from.chars = column, from.chars+utf8.RuneCount(p.data[at:end])
	return from.chars
}

// hasTerm reports whether a concept has a term.
func (p *csvParser) hasTerm(id, locale, text string) bool {
	c := p.concept(id)
	if len(c.Terms) < manyTerms {
		return c.find(locale, text) != nil
	}
	index := p.indexes[id]
	if index == nil {
		if p.indexes == nil {
			p.indexes = map[string]*termIndex{}
		}
		index = &termIndex{}
		p.indexes[id] = index
	}
	return index.has(c, locale, text)
}

func (p *csvParser) pos(field int) (line, column int) {
	if p.row > 0 {
		return p.row, field + 1
	}
	line, column = p.reader.FieldPos(field)
	line += p.before
	return line, p.chars(line, column)
}

// comma is the separator that the first row has most of, or that a line "sep=;" before
// it names, which Excel writes and hides; start is the offset of that row.
func comma(data []byte) (c rune, start int) {
	row, _, _ := bytes.Cut(data, []byte("\n"))
	if sep, ok := bytes.CutPrefix(bytes.Trim(bytes.TrimRight(row, "\r"), `"`), []byte("sep=")); ok && len(sep) == 1 && len(row) < len(data) && bytes.ContainsAny(sep, ",;\t|:") {
		return rune(sep[0]), len(row) + 1
	}
	for rest := data; bytes.HasPrefix(row, []byte("#")); { // a remark
		if _, rest, _ = bytes.Cut(rest, []byte("\n")); len(rest) == 0 {
			break
		}
		row, _, _ = bytes.Cut(rest, []byte("\n"))
	}
	best, n := ',', bytes.Count(row, []byte(","))
	for _, c := range []rune{'\t', ';', '|'} {
		if c == '|' && n > 0 {
			break // it separates terms in a cell
		}
		if k := bytes.Count(row, []byte(string(c))); k > n {
			best, n = c, k
		}
	}
	return best, 0
}

func (p *csvParser) read() {
	comma, start := comma(p.data)
	if bytes.HasPrefix(p.data, []byte("#UTX")) {
		comma, start = '\t', p.utx()
	}
	if len(bytes.TrimSpace(p.data[start:])) == 0 {
		p.addDiagnostic(diag.Error, "glossary.header", 1, 1, "the first row names the columns: concept,locale,term,status", "the file is empty")
		return
	}
	p.before = bytes.Count(p.data[:start], []byte("\n"))
	r := csv.NewReader(bytes.NewReader(p.data[start:]))
	r.FieldsPerRecord = -1
	r.Comma = comma
	r.LazyQuotes = r.Comma == '\t'
	p.reader = r
	var row func(cells []string)
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			p.addDiagnostic(diag.Error, "glossary.syntax", p.before+bad.Line, p.chars(p.before+bad.Line, bad.Column), `write a quotation mark inside a quoted cell twice, and close every quoted cell`, "row skipped: %v", diag.Arg("error", bad.Err))
			if row == nil {
				return
			}
			continue
		}
		if err != nil {
			p.addDiagnostic(diag.Error, "glossary.syntax", len(p.lines), 1, "", "%v", diag.Arg("error", err))
			return
		}
		if row, err = p.cells(row, cells); err != nil {
			return
		}
	}
}

// errNoHeader ends the reading of a file whose first row says nothing.
var errNoHeader = errors.New("no header")

// cells reads the cells of one row; row reads it, or is nil for the first. It returns
// what reads the next row.
func (p *csvParser) cells(row func([]string), cells []string) (func([]string), error) {
	if !p.sound(cells) {
		if row == nil {
			return nil, errNoHeader
		}
		return row, nil
	}
	if (row == nil && p.options.Columns == nil || p.headless || p.remarks) && p.reader != nil && p.reader.Comma == '\t' && len(cells[0]) > 1 && cells[0][0] == '#' {
		return row, nil // a remark, as OmegaT has them; below names of columns it is a term: #MeToo
	}
	if row == nil {
		names := p.options.Columns
		if names == nil {
			names = cells
		}
		var data bool
		if row, data = p.header(names); row == nil {
			return nil, errNoHeader
		}
		p.headless = data
		if !data && p.options.Columns == nil {
			return row, nil
		}
	}
	for i := range cells {
		cells[i] = p.cell(cells[i], i)
	}
	if strings.Join(cells, "") != "" {
		row(cells)
	}
	return row, nil
}

// workbook reads the first sheet of a workbook.
func (p *csvParser) workbook(data []byte) {
	book, err := xlsx.Open(bytes.NewReader(data))
	if err != nil {
		p.addDiagnostic(diag.Error, "glossary.syntax", 0, 0, "", "the workbook cannot be read: %v", diag.Arg("error", err))
		return
	}
	var row func(cells []string)
	for r, err := range book.Rows(0) {
		if err != nil {
			p.addDiagnostic(diag.Error, "glossary.syntax", r.Number, 1, "", "the workbook cannot be read: %v", diag.Arg("error", err))
			return
		}
		p.row = r.Number
		if row, err = p.cells(row, slices.Clone(r.Cells)); err != nil {
			return
		}
	}
	if p.row == 0 {
		p.addDiagnostic(diag.Error, "glossary.header", 1, 1, "the first row names the columns: concept,locale,term,status", "the sheet is empty")
	}
}

// sound refuses rows that are not UTF-8.
func (p *csvParser) sound(cells []string) bool {
	for i, c := range cells {
		if !utf8.ValidString(c) || strings.ContainsRune(c, 0) {
			line, col := p.pos(i)
			p.addDiagnostic(diag.Error, "glossary.encoding", line, col, "save the file as UTF-8", "row skipped: the cell %q is not UTF-8 text", diag.Arg("cell", c))
			return false
		}
	}
	return true
}

const formulaSigns = "=+-@\t\r"

// cell trims a cell, takes EncodeCSV's guard off it, and tells of formulas.
func (p *csvParser) cell(c string, field int) string {
	c = strings.TrimSpace(c)
	if plain, guarded := unguard(c); guarded {
		return plain
	}
	if len(c) > 1 && strings.IndexByte("=+@", c[0]) >= 0 {
		line, col := p.pos(field)
		p.addDiagnostic(diag.Warning, "glossary.formula", line, col, "put an apostrophe before it", "the cell %q starts like a formula, which a spreadsheet program would run", diag.Arg("cell", c))
	}
	return c
}

func guard(c string) string {
	if rest := strings.TrimLeft(c, "'"); rest != "" && strings.IndexByte(formulaSigns, rest[0]) >= 0 {
		return "'" + c
	}
	return c
}

func unguard(c string) (string, bool) {
	rest := strings.TrimLeft(c, "'")
	if len(rest) < len(c) && rest != "" && strings.IndexByte(formulaSigns, rest[0]) >= 0 {
		return c[1:], true
	}
	return c, false
}

// header reads the first row and returns the reader of the others, or nil. data says
// that the row is itself one of them.
func (p *csvParser) header(cells []string) (read func([]string), data bool) {
	cells = withTags(cells)
	if read := p.foreignHeader(cells); read != nil {
		return read, false
	}
	if len(cells) == 4 && p.noHeader(cells) {
		return p.pairsWithoutHeader(cells), true
	}
	read = p.ownHeader(cells)
	if read == nil && p.noHeader(cells) {
		p.ds = p.ds[:0]
		return p.pairsWithoutHeader(cells), true
	}
	return read, false
}

// ownHeader reads the row of names of our own layouts.
func (p *csvParser) ownHeader(cells []string) func([]string) {
	p.width = len(cells)
	known := map[string]int{}
	locales := map[int]string{}
	other := map[int]string{}
	for i, c := range cells {
		name := strings.ToLower(strings.TrimSpace(c))
		line, col := p.pos(i)
		switch {
		case name == "":
		case slices.Contains(columnNames, name):
			if _, twice := known[name]; twice {
				p.addDiagnostic(diag.Error, "glossary.header", line, col, "", "the column %s is there twice", diag.Arg("name", name))
				return nil
			}
			known[name] = i
		default:
			other[i] = strings.TrimSpace(c)
		}
	}
	_, long := known["term"]
	if !long {
		seen := map[string]bool{}
		for _, i := range slices.Sorted(maps.Keys(other)) { // the second of two is the one to tell of
			name := other[i]
			tag, err := p.canonical(name)
			if err != nil {
				if tag = languageIn(name); tag == "" {
					continue
				}
			}
			if seen[tag] { // synonyms, as Phrase and Glossary Converter have them
				line, col := p.pos(i)
				p.addDiagnostic(diag.Info, "glossary.column", line, col, "", "the locale %s is there twice; the terms of the second column are synonyms", diag.Arg("tag", tag))
			}
			locales[i], seen[tag] = tag, true
			delete(other, i)
		}
	}
	if !long && len(locales) < 2 {
		p.addDiagnostic(diag.Error, "glossary.header", 1, 1, "name the columns concept,locale,term,status … or give each locale a column: en,ru,uk", "the first row names neither a column term nor two locales")
		return nil
	}
	for i := range cells {
		if name, ok := other[i]; ok {
			line, col := p.pos(i)
			p.addDiagnostic(diag.Info, "glossary.column", line, col, "", "the column %q means nothing here and is kept as a remark", diag.Arg("name", name))
		}
	}
	if !long {
		return func(cells []string) { p.wideRow(cells, known, locales, other) }
	}
	for _, need := range []string{"concept", "locale"} {
		if _, ok := known[need]; !ok {
			p.addDiagnostic(diag.Error, "glossary.header", 1, 1, "the first row is concept,locale,term,status", "there is no column %s", diag.Arg("need", need))
			return nil
		}
	}
	return func(cells []string) { p.longRow(cells, known, other) }
}

func at(cells []string, columns map[string]int, name string) string {
	if i, ok := columns[name]; ok && i < len(cells) {
		return cells[i]
	}
	return ""
}

// column is the line and column of a named cell in the current row.
func (p *csvParser) column(cells []string, columns map[string]int, name string) (int, int) {
	i, ok := columns[name]
	if !ok || i >= len(cells) {
		i = 0
	}
	return p.pos(i)
}

func (p *csvParser) concept(id string) *Concept {
	i, ok := p.byID[id]
	if !ok {
		i = len(p.g.Concepts)
		p.byID[id] = i
		p.g.Concepts = append(p.g.Concepts, Concept{ID: id})
	}
	return &p.g.Concepts[i]
}

func (p *csvParser) longRow(cells []string, known map[string]int, other map[int]string) {
	bad := func(name, id, hint, format string, args ...any) {
		line, col := p.column(cells, known, name)
		p.addDiagnostic(diag.Error, id, line, col, hint, "row skipped: "+format, args...)
	}
	id, text := at(cells, known, "concept"), at(cells, known, "term")
	if id == "" {
		bad("concept", "glossary.concept", "rows of one concept share a word in the column concept", "no concept given")
		return
	}
	if text == "" {
		bad("term", "glossary.term", "", "no term given")
		return
	}
	locale, err := p.canonical(at(cells, known, "locale"))
	if err != nil {
		bad("locale", "glossary.locale", "write a tag such as ru or sr-Latn, or * with do-not-translate", "%v", diag.Arg("error", err))
		return
	}
	t := Term{Locale: locale, Text: text, POS: at(cells, known, "pos"), Note: at(cells, known, "note")}
	status := at(cells, known, "status")
	if status != "" {
		var ok bool
		if t.Status, ok = ParseStatus(status); !ok {
			bad("status", "glossary.status", "write one of "+strings.Join(statusNames[:], ", "), "unknown status %q", diag.Arg("status", status))
			return
		}
	} else if locale == AnyLocale {
		t.Status = DoNotTranslate
	}
	if locale == AnyLocale && t.Status != DoNotTranslate {
		bad("status", "glossary.status", "give the term a locale, or the status do-not-translate", "a term for all locales (*) cannot be %s", diag.Arg("status", t.Status))
		return
	}
	if t.Case, err = parseCase(at(cells, known, "case")); err != nil {
		bad("case", "glossary.case", "write yes, no or nothing", "%v", diag.Arg("error", err))
		return
	}
	t.Props = props(cells, other)
	p.extra(cells)
	p.add(id, t, status == "" && t.Status != DoNotTranslate, cells, known, "term")
	p.define(id, cells, known)
}

func (p *csvParser) define(id string, cells []string, known map[string]int) {
	c := p.concept(id)
	switch d := at(cells, known, "definition"); {
	case d == "" || d == c.Definition:
	case c.Definition == "":
		c.Definition = d
	default:
		line, col := p.column(cells, known, "definition")
		p.addDiagnostic(diag.Info, "glossary.definition", line, col, "", "concept %s has another definition already; this one is kept as a note", diag.Arg("id", id))
		c.Notes = append(c.Notes, d)
	}
}

func props(cells []string, other map[int]string) []bitext.Prop {
	var out []bitext.Prop
	for i, c := range cells {
		if name, ok := other[i]; ok && c != "" {
			out = append(out, bitext.Prop{Name: name, Value: c})
		}
	}
	return out
}

// extra tells of cells beyond the header's.
func (p *csvParser) extra(cells []string) {
	for i := p.width; i < len(cells); i++ {
		if cells[i] != "" {
			line, col := p.pos(i)
			p.addDiagnostic(diag.Warning, "glossary.cells", line, col, "put quotation marks around a cell with a separator in it", "the row has more cells than the first row; %q is left out", diag.Arg("cell", cells[i]))
			return
		}
	}
}

func parseCase(s string) (Case, error) {
	switch strings.ToLower(s) {
	case "":
		return CaseAuto, nil
	case "yes", "y", "true", "1", "sensitive", "case-sensitive":
		return CaseSensitive, nil
	case "no", "n", "false", "0", "insensitive", "case-insensitive":
		return CaseInsensitive, nil
	}
	return CaseAuto, fmt.Errorf("unknown case %q", s)
}

func (p *csvParser) add(id string, t Term, unset bool, cells []string, known map[string]int, column string) {
	line, col := p.column(cells, known, column)
	t.Place = diag.Place{Path: p.path, Line: line, Column: col}
	c := p.concept(id)
	c.Terms = append(c.Terms, t)
	if unset {
		p.unset = append(p.unset, unsetStatus{p.byID[id], len(c.Terms) - 1})
	}
}

func (p *csvParser) wideRow(cells []string, known map[string]int, locales, other map[int]string) {
	status := at(cells, known, "status")
	fixed, ok := ParseStatus(status)
	if status != "" && !ok {
		line, col := p.column(cells, known, "status")
		p.addDiagnostic(diag.Error, "glossary.status", line, col, "write one of "+strings.Join(statusNames[:], ", "), "row skipped: unknown status %q", diag.Arg("status", status))
		return
	}
	mode, err := parseCase(at(cells, known, "case"))
	if err != nil {
		line, col := p.column(cells, known, "case")
		p.addDiagnostic(diag.Error, "glossary.case", line, col, "write yes, no or nothing", "row skipped: %v", diag.Arg("error", err))
		return
	}
	id := at(cells, known, "concept")
	for i := range cells {
		if _, ok := locales[i]; ok && id == "" {
			id, _, _ = strings.Cut(cells[i], "|")
			id = strings.TrimSpace(id)
		}
	}
	if id == "" {
		line, col := p.pos(0)
		p.addDiagnostic(diag.Warning, "glossary.term", line, col, "", "row skipped: it has no term")
		return
	}
	if _, given := known["concept"]; !given {
		id = p.ids.next(id, func(id string) bool { _, ok := p.byID[id]; return ok })
	}
	p.concept(id)
	for i := range cells {
		locale, ok := locales[i]
		if !ok {
			continue
		}
		for text := range strings.SplitSeq(cells[i], "|") {
			if text = strings.TrimSpace(text); text == "" {
				continue
			}
			if _, named := known["term"]; named && p.hasTerm(id, locale, text) {
				continue // Lokalise has the source's term in a column of its own, too
			}
			if strings.Contains(text, "; ") {
				line, col := p.pos(i)
				p.addDiagnostic(diag.Warning, "glossary.separator", line, col, "separate several terms in a cell by |", "the term %q has a semicolon in it", diag.Arg("term", text))
			}
			t := Term{Locale: locale, Text: text, Status: fixed, Case: mode, POS: at(cells, known, "pos")}
			p.add(id, t, status == "", cells, map[string]int{"": i}, "")
		}
	}
	c := p.concept(id)
	if n := at(cells, known, "note"); n != "" && !slices.Contains(c.Notes, n) {
		c.Notes = append(c.Notes, n)
	}
	c.Props = append(c.Props, props(cells, other)...)
	p.extra(cells)
	p.define(id, cells, known)
}

// assignDefaultStatus gives the terms without a status theirs: preferred for the first of a
// locale unless another one is, admitted for the rest.
func (p *csvParser) assignDefaultStatus() {
	type key struct {
		concept int
		locale  string
	}
	taken := map[key]bool{}
	unset := map[unsetStatus]bool{}
	for _, u := range p.unset {
		unset[u] = true
	}
	for i, c := range p.g.Concepts {
		for j, t := range c.Terms {
			if t.Status == Preferred && !unset[unsetStatus{i, j}] {
				taken[key{i, t.Locale}] = true
			}
		}
	}
	for _, u := range p.unset {
		t := &p.g.Concepts[u.concept].Terms[u.term]
		k := key{u.concept, t.Locale}
		if taken[k] {
			t.Status = Admitted
		}
		taken[k] = true
	}
}

// EncodeCSV writes a glossary in the long layout of ParseTable, separated by comma
// (',', ';' or '\t'). Cells that a spreadsheet program would take for a formula
// get an apostrophe in front, which ParseTable removes. A term's remarks become
// columns; a concept's notes and remarks are written with its first term.
func EncodeCSV(g *Glossary, comma rune) []byte {
	header := slices.Clone(columnNames)
	columns := map[string]int{}
	collect := func(ps []bitext.Prop) {
		for _, p := range ps {
			if _, ok := columns[p.Name]; !ok && !slices.Contains(columnNames, strings.ToLower(p.Name)) {
				columns[p.Name] = len(header)
				header = append(header, p.Name)
			}
		}
	}
	for _, c := range g.Concepts {
		collect(c.Props)
		for _, t := range c.Terms {
			collect(t.Props)
		}
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = comma
	w.Write(header) // a bytes.Buffer does not fail
	for _, c := range g.Concepts {
		for i, t := range c.Terms {
			row := make([]string, len(header))
			mode := [...]string{"", "yes", "no"}[t.Case]
			copy(row, []string{c.ID, t.Locale, t.Text, t.Status.String(), mode, t.POS, "", t.Note})
			ps := t.Props
			if i == 0 {
				row[6] = c.Definition
				row[7] = strings.Join(append(slices.Clone(c.Notes), nonEmpty(t.Note)...), "\n")
				ps = append(slices.Clone(c.Props), ps...)
			}
			for _, p := range ps {
				if k, ok := columns[p.Name]; ok {
					if row[k] != "" {
						row[k] += "\n"
					}
					row[k] += p.Value
				}
			}
			for k := range row {
				row[k] = guard(row[k])
			}
			w.Write(row)
		}
	}
	w.Flush()
	return b.Bytes()
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}
