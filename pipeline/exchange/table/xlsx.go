package table

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"hexapla/locales/tag"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/xlsx"
)

// XLSX is the file type of Excel workbooks (ECMA-376).
var XLSX = exchange.Codec{
	Name:              "xlsx",
	Extensions:        []string{".xlsx"},
	Encode:            encodeXLSX,
	Decode:            decodeXLSX,
	UnsupportedFields: unsupported,
}

// sheetName is the name of the first sheet; the others have a number after it.
const sheetName = "Segments"

type xlsxEncoder struct {
	rowState sheet
	book     *xlsx.Writer
	row      int
	sheets   int
	locked   bool
}

func encodeXLSX(w io.Writer, o exchange.Options) (exchange.Encoder, error) {
	return &xlsxEncoder{book: xlsx.NewWriter(w), locked: o.Locked}, nil
}

// begin begins a sheet: the first one, or the next when one is full.
func (e *xlsxEncoder) begin(locale string) error {
	e.sheets++
	name := sheetName
	if e.sheets > 1 {
		name = fmt.Sprintf("%s %d", sheetName, e.sheets)
	}
	columns := make([]xlsx.Column, len(Columns))
	for i := range columns {
		switch columns[i].Width = 12; i {
		case colSource, colTarget:
			columns[i].Width = 60
		case colProposal, colDifference, colNote, colComment, colTerms:
			columns[i].Width = 30
		case colState:
			columns[i].Choices = []string{"initial", "translated", "reviewed", "final"}
		case colProperties:
			columns[i].Hidden = true
		}
	}
	if err := e.book.Add(xlsx.Sheet{Name: name, RightToLeft: tag.RightToLeft(locale), Protected: e.locked, Columns: columns}); err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	e.row = 1
	return e.book.Row(Columns, func(int) xlsx.Style { return xlsx.StyleHead })
}

func style(column int) xlsx.Style {
	switch column {
	case colTarget, colState, colComment:
		return xlsx.StyleOpen
	}
	return xlsx.StyleLocked
}

func (e *xlsxEncoder) Write(u *exchange.Unit) error {
	return e.rowState.rows(u, func(id string, cells []string) error {
		if e.sheets == 0 || e.row == xlsx.MaxRows {
			if err := e.begin(u.TargetLocale); err != nil {
				return err
			}
		}
		e.row++
		for i, c := range cells {
			if len(c) <= xlsx.MaxCell/len("_x0000_") {
				continue
			}
			if n := xlsx.Length(c); n > xlsx.MaxCell {
				return diag.Diagnostic{
					ID: "table.long", Severity: diag.Error, Place: diag.Place{Path: u.Path, Locale: u.TargetLocale, Unit: u.ID},
					Hint: "export this article as XLIFF or CSV",
				}.Messagef("%s of segment %s has %d characters, a cell of a workbook at most %d", diag.Arg("column", Columns[i]), diag.Arg("id", id), diag.Arg("count", n), diag.Arg("limit", xlsx.MaxCell))
			}
		}
		return e.book.Row(cells, style)
	})
}

func (e *xlsxEncoder) Close() error {
	if e.sheets == 0 {
		if err := e.begin(""); err != nil {
			return err
		}
	}
	if err := e.book.Close(); err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	return nil
}

// decodeXLSX reads the sheets that we have written, or the only one there is. A
// workbook that a spreadsheet program made of our CSV file has a sheet of another
// name, and its cells have the apostrophes of the CSV file.
func decodeXLSX(name string, r io.Reader) iter.Seq2[*exchange.Unit, error] {
	return readXLSX(name, r, nil)
}

// readXLSX reads the units of a workbook; pairs, if not nil, are of tables of
// pairs, which are read too. Of a workbook without a sheet of ours that is the first one.
func readXLSX(name string, r io.Reader, pairs *PairOptions) iter.Seq2[*exchange.Unit, error] {
	return exchange.LimitErrors(name, func(yield func(*exchange.Unit, error) bool) {
		fail := func(err error) {
			d := diag.Diagnostic{ID: "table.xlsx", Severity: diag.Error, Place: diag.Place{Path: name}}
			if errors.Is(err, zip.ErrFormat) {
				yield(nil, d.Messagef("the file is damaged, or it is not a workbook"))
				return
			}
			yield(nil, d.Messagef("the workbook cannot be read: %s", diag.Arg("error", err.Error())))
		}
		book, err := xlsx.Open(r)
		if err != nil {
			fail(err)
			return
		}
		sheets := book.Sheets()
		if pairs != nil && !slices.ContainsFunc(sheets, func(s string) bool { return strings.HasPrefix(s, sheetName) }) {
			sheets = sheets[:1]
		}
		for i, sheet := range sheets {
			ours := strings.HasPrefix(sheet, sheetName)
			if !ours && len(sheets) > 1 {
				continue // a sheet of the translator's own
			}
			if !readSheet(book, i, &reader{name: name, pairOptions: pairs}, !ours, yield, fail) {
				return
			}
		}
	})
}

func readSheet(book *xlsx.Workbook, sheet int, rd *reader, guarded bool, yield func(*exchange.Unit, error) bool, fail func(error)) (more bool) {
	for row, err := range book.Rows(sheet) {
		if err != nil {
			fail(err)
			return false
		}
		if guarded {
			for i, c := range row.Cells {
				row.Cells[i] = unguard(c)
			}
		}
		if !rd.next(row.Number, row.Cells, yield) {
			return false
		}
	}
	if rd.column == nil && rd.titles > 0 {
		yield(nil, rd.noColumn(colUnit))
		return false
	}
	if rd.column == nil {
		fail(exchange.ErrEmpty)
		return false
	}
	return emit(rd.finish(), yield)
}
