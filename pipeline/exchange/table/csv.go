package table

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
)

// CSV is the file type of comma-separated values. Files with semicolons or tabs,
// and in UTF-16, as spreadsheets save them, are read too.
var CSV = exchange.Codec{
	Name:              "csv",
	Extensions:        []string{".csv", ".tsv"},
	Encode:            encodeCSV,
	Decode:            decodeCSV,
	UnsupportedFields: append(slices.Clone(unsupported), exchange.FieldReturns), // line ends within a cell are the program's
}

type csvEncoder struct {
	sheet
	out *bufio.Writer
	csv *csv.Writer
}

func encodeCSV(w io.Writer, _ exchange.Options) (exchange.Encoder, error) {
	b := bufio.NewWriterSize(w, 1<<16)
	if _, err := b.WriteString("\ufeff"); err != nil {
		return nil, err
	}
	e := &csvEncoder{out: b, csv: csv.NewWriter(b)}
	return e, e.csv.Write(Columns)
}

func (e *csvEncoder) Write(u *exchange.Unit) error {
	return e.rows(u, func(_ string, cells []string) error {
		for i, c := range cells {
			cells[i] = guard(c)
		}
		return e.csv.Write(cells)
	})
}

func (e *csvEncoder) Close() error {
	e.csv.Flush()
	return errors.Join(e.csv.Error(), e.out.Flush())
}

// dangerous begins what a spreadsheet takes for a formula, or what guard wrote.
const dangerous = "=+-@\t\r'"

func guard(cell string) string {
	if cell != "" && strings.IndexByte(dangerous, cell[0]) >= 0 {
		return "'" + cell
	}
	return cell
}

// unguard takes away what guard put there. A lone apostrophe before anything else
// is a person's own.
func unguard(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && strings.IndexByte(dangerous, cell[1]) >= 0 {
		return cell[1:]
	}
	return cell
}

// maxRow is how many bytes a row may have, as a line of JSON Lines: a quotation mark that
// is never closed, or a file that is no table, must not be read into memory whole.
const maxRow = 64 << 20

// maxSeparators is how many separators of cells a row may have, those in quotation marks
// included: a row of nothing else takes fifty times its length of memory.
const maxSeparators = 1 << 20

// rowLimit reads until n, the bytes, exceeds maxRow, or separators exceeds maxSeparators.
// Both are set to 0 where a row begins.
type rowLimit struct {
	r             io.Reader
	comma         byte
	n, separators int
}

func (l *rowLimit) Read(b []byte) (int, error) {
	if l.n > maxRow {
		return 0, problem("a row is longer than %d bytes", diag.Arg("limit", maxRow))
	}
	if l.separators > maxSeparators {
		return 0, problem("a row has more than %d separators of cells", diag.Arg("limit", maxSeparators))
	}
	n, err := l.r.Read(b)
	l.n += n
	l.separators += bytes.Count(b[:n], []byte{l.comma})
	return n, err
}

func decodeCSV(name string, r io.Reader) iter.Seq2[*exchange.Unit, error] {
	return readCSV(name, r, nil)
}

// readCSV reads the units of a file; pairs, if not nil, are of tables of pairs, which are read too.
func readCSV(name string, r io.Reader, pairs *PairOptions) iter.Seq2[*exchange.Unit, error] {
	return exchange.LimitErrors(name, func(yield func(*exchange.Unit, error) bool) {
		// BOMOverride reads UTF-8 unless a byte order mark says UTF-16.
		in := lineFeeds(bufio.NewReaderSize(transform.NewReader(r, unicode.BOMOverride(transform.Nop)), 1<<16))
		comma, err := delimiter(in)
		if err != nil {
			yield(nil, csvError(name, err))
			return
		}
		limited := &rowLimit{r: in, comma: byte(comma)}
		c := csv.NewReader(limited)
		c.Comma = comma
		c.FieldsPerRecord = -1
		c.ReuseRecord = true
		rd := &reader{name: name, pairOptions: pairs}
		for {
			limited.n, limited.separators = 0, 0
			cells, err := c.Read()
			if err == io.EOF {
				if rd.column == nil {
					yield(nil, rd.noColumn(colUnit))
					return
				}
				emit(rd.finish(), yield)
				return
			}
			if err != nil {
				if emit(rd.finish(), yield) {
					yield(nil, csvError(name, err))
				}
				return
			}
			line, _ := c.FieldPos(0)
			bad := -1
			for i := range cells {
				if !utf8.ValidString(cells[i]) {
					bad = i
				}
				cells[i] = unguard(cells[i])
			}
			if bad >= 0 {
				// A file in a local encoding: nothing of it can be trusted.
				_, column := c.FieldPos(bad)
				yield(nil, diag.Diagnostic{
					ID: "table.encoding", Severity: diag.Error, Place: diag.Place{Path: name, Line: line, Column: column},
					Message: "the file is not in UTF-8", Hint: "save it as CSV UTF-8, or as a workbook",
				})
				return
			}
			if !rd.next(line, cells, yield) {
				return
			}
		}
	})
}

// lineFeeds returns a reader of lines that end in a line feed. Excel's "CSV (Macintosh)"
// ends them in a carriage return; its line feeds are inside of cells.
func lineFeeds(in *bufio.Reader) *bufio.Reader {
	head, _ := in.Peek(4096)
	i := bytes.IndexAny(head, "\r\n")
	if i < 0 || head[i] == '\n' || i+1 == len(head) || head[i+1] == '\n' {
		return in
	}
	return bufio.NewReaderSize(carriageReturns{in}, 1<<16)
}

// carriageReturns reads line feeds for the carriage returns of a reader.
type carriageReturns struct{ io.Reader }

func (r carriageReturns) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	for i, b := range p[:n] {
		if b == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

// delimiter returns the one of comma, semicolon, tab and vertical bar that the first line has most
// of, or that a line "sep=;" names, which Excel writes and hides.
func delimiter(in *bufio.Reader) (rune, error) {
	head, err := in.Peek(4096)
	if len(bytes.TrimSpace(head)) == 0 && err == io.EOF {
		return 0, exchange.ErrEmpty
	}
	if i := bytes.IndexByte(head, '\n'); i >= 0 {
		line := strings.Trim(strings.TrimRight(string(head[:i]), "\r"), `"`)
		head = head[:i]
		if name, sep, ok := strings.Cut(line, "="); ok && strings.EqualFold(name, "sep") && len(sep) == 1 {
			if _, err := in.Discard(i + 1); err != nil {
				return 0, err
			}
			return rune(sep[0]), nil
		}
	}
	best := ','
	for _, c := range ";\t|" {
		if bytes.Count(head, []byte(string(c))) > bytes.Count(head, []byte(string(best))) {
			best = c
		}
	}
	return best, nil
}

func csvError(name string, err error) error {
	d := diag.Diagnostic{ID: "table.csv", Severity: diag.Error, Place: diag.Place{Path: name}, Message: err.Error()}
	var p *csv.ParseError
	if !errors.As(err, &p) {
		if limit, ok := err.(diag.Diagnostic); ok {
			d.Message, d.Args = limit.Message, limit.Args
		}
		return d
	}
	d.Place.Line, d.Place.Column = p.Line, p.Column
	switch {
	case errors.Is(p.Err, csv.ErrBareQuote):
		return d.Messagef("not CSV: a quotation mark in a cell that does not begin with one: put the cell in quotation marks, and write those inside it twice")
	case errors.Is(p.Err, csv.ErrQuote):
		return d.Messagef("not CSV: a cell in quotation marks does not end with one, or one inside it is not written twice")
	}
	return d.Messagef("not CSV: %s", diag.Arg("error", p.Err.Error()))
}
