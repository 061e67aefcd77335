package table

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"hexapla/locales/tag"
	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
)

// XLSX is the file type of Excel workbooks (ECMA-376). A workbook is read as a
// whole by its nature; one that unpacks to more than MaxUnpacked bytes is refused.
var XLSX = exchange.Codec{
	Name:              "xlsx",
	Extensions:        []string{".xlsx"},
	Encode:            encodeXLSX,
	Decode:            decodeXLSX,
	UnsupportedFields: unsupported,
}

const (
	// MaxUnpacked bounds what a workbook may unpack to, against zip bombs.
	MaxUnpacked = 1 << 30
	maxCell     = 32767   // UTF-16 code units in a cell (Excel's own limit)
	maxRow      = 1048576 // rows in a sheet (Excel's own limit)
	sheetName   = "Segments"
)

type xlsxEncoder struct {
	sheetState sheet
	out        io.Writer
	file       *excelize.File
	stream     *excelize.StreamWriter
	row        int
	sheets     int
	locked     bool
	style      struct{ head, fixed, open int }
}

func encodeXLSX(w io.Writer, o exchange.Options) (exchange.Encoder, error) {
	e := &xlsxEncoder{out: w, file: excelize.NewFile(), locked: o.Locked}
	wrap := &excelize.Alignment{WrapText: true, Vertical: "top"}
	var errs [3]error
	e.style.head, errs[0] = e.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	e.style.fixed, errs[1] = e.file.NewStyle(&excelize.Style{Alignment: wrap, Protection: &excelize.Protection{Locked: true}})
	e.style.open, errs[2] = e.file.NewStyle(&excelize.Style{Alignment: wrap, Protection: &excelize.Protection{Locked: false}, NumFmt: 49}) // 49: text
	return e, errors.Join(errs[:]...)
}

// sheet begins a sheet: the first one, or the next when one is full.
func (e *xlsxEncoder) sheet(u *exchange.Unit) error {
	if e.stream != nil {
		if err := e.endSheet(); err != nil {
			return err
		}
	}
	e.sheets++
	name := sheetName
	if e.sheets == 1 {
		if err := e.file.SetSheetName("Sheet1", name); err != nil {
			return err
		}
	} else {
		name = fmt.Sprintf("%s %d", sheetName, e.sheets)
		if _, err := e.file.NewSheet(name); err != nil {
			return err
		}
	}
	if rtl := tag.RightToLeft(u.TargetLocale); rtl {
		if err := e.file.SetSheetView(name, 0, &excelize.ViewOptions{RightToLeft: &rtl}); err != nil {
			return err
		}
	}
	if e.locked {
		if err := e.file.ProtectSheet(name, &excelize.SheetProtectionOptions{
			SelectLockedCells: true, SelectUnlockedCells: true, FormatCells: true, FormatColumns: true, FormatRows: true, Sort: true, AutoFilter: true,
		}); err != nil {
			return err
		}
	}
	states := excelize.NewDataValidation(true)
	states.Sqref = fmt.Sprintf("%[1]s2:%[1]s%[2]d", columnName(colState), maxRow)
	if err := states.SetDropList([]string{"initial", "translated", "reviewed", "final"}); err != nil {
		return err
	}
	if err := e.file.AddDataValidation(name, states); err != nil {
		return err
	}
	var err error
	if e.stream, err = e.file.NewStreamWriter(name); err != nil {
		return err
	}
	for i := range Columns {
		width := 12.0
		if i == colSource || i == colTarget {
			width = 60
		} else if i == colProposal || i == colNote || i == colTerms {
			width = 30
		}
		if err := e.stream.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := e.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	cells := make([]any, len(Columns))
	for i, c := range Columns {
		cells[i] = excelize.Cell{StyleID: e.style.head, Value: c}
	}
	e.row = 1
	return e.stream.SetRow("A1", cells)
}

func columnName(col int) string {
	name, err := excelize.ColumnNumberToName(col + 1)
	if err != nil {
		panic(err) // the columns are ours
	}
	return name
}

func (e *xlsxEncoder) Write(u *exchange.Unit) error {
	return e.sheetState.rows(u, func(id string, cells []string) error {
		if e.stream == nil || e.row == maxRow {
			if err := e.sheet(u); err != nil {
				return fmt.Errorf("xlsx: %w", err)
			}
		}
		e.row++
		out := make([]any, len(cells))
		for i, c := range cells {
			c = escapeCell(c)
			if n := len(utf16.Encode([]rune(c))); n > maxCell {
				return diag.Diagnostic{
					ID: "table.long", Severity: diag.Error, Place: diag.Place{Path: u.Path, Locale: u.TargetLocale, Unit: u.ID},
					Message: fmt.Sprintf("%s of segment %s has %d characters, a cell of a workbook at most %d", Columns[i], id, n, maxCell),
					Hint:    "export this article as XLIFF or CSV",
				}
			}
			style := e.style.fixed
			if i == colTarget || i == colState {
				style = e.style.open
			}
			out[i] = excelize.Cell{StyleID: style, Value: c}
		}
		return e.stream.SetRow(fmt.Sprintf("A%d", e.row), out)
	})
}

func (e *xlsxEncoder) endSheet() error { return e.stream.Flush() }

func (e *xlsxEncoder) Close() error {
	defer e.file.Close()
	if e.stream == nil {
		if err := e.sheet(&exchange.Unit{Header: &exchange.Header{}}); err != nil {
			return err
		}
	}
	if err := e.endSheet(); err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	if err := e.file.Write(e.out); err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	return nil
}

// Control characters that XML forbids are written as ECMA-376 part 1, 22.9.2.19
// (ST_Xstring) has it, _x0007_, and what looks like that as _x005F_x0007_.
var (
	forbidden = regexp.MustCompile(`[\x00-\x08\x0b-\x1f\x{fffe}\x{ffff}]|_x[0-9A-Fa-f]{4}_`)
	escaped   = regexp.MustCompile(`_x([0-9A-Fa-f]{4})_`)
)

func escapeCell(s string) string {
	return forbidden.ReplaceAllStringFunc(s, func(m string) string {
		if m[0] == '_' {
			return "_x005F" + m
		}
		for _, r := range m {
			return fmt.Sprintf("_x%04X_", r)
		}
		return m
	})
}

func unescapeCell(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escaped.ReplaceAllStringFunc(s, func(m string) string {
		var r rune
		if _, err := fmt.Sscanf(m, "_x%04x_", &r); err != nil || (r >= 0xd800 && r < 0xe000) {
			return m
		}
		return string(r)
	})
}

func decodeXLSX(name string, r io.Reader) iter.Seq2[*exchange.Unit, error] {
	return func(yield func(*exchange.Unit, error) bool) {
		fail := func(err error) {
			yield(nil, diag.Diagnostic{
				ID: "table.xlsx", Severity: diag.Error, Place: diag.Place{Path: name}, Message: "not a readable workbook: " + err.Error(),
			})
		}
		f, err := openWorkbook(r, MaxUnpacked)
		if err != nil {
			fail(err)
			return
		}
		defer f.Close()
		for _, sheet := range f.GetSheetList() {
			if !strings.HasPrefix(sheet, sheetName) && len(f.GetSheetList()) > 1 {
				continue // a sheet of the translator's own
			}
			if !readSheet(f, sheet, name, yield, fail) {
				return
			}
		}
	}
}

// openWorkbook shields us from a library that is known to panic on damaged files.
func openWorkbook(r io.Reader, limit int64) (f *excelize.File, err error) {
	defer func() {
		if p := recover(); p != nil {
			f, err = nil, fmt.Errorf("damaged: %v", p)
		}
	}()
	return excelize.OpenReader(r, excelize.Options{UnzipSizeLimit: limit, UnzipXMLSizeLimit: min(limit, 16<<20), RawCellValue: true})
}

func readSheet(f *excelize.File, sheet, name string, yield func(*exchange.Unit, error) bool, fail func(error)) (more bool) {
	defer func() {
		if p := recover(); p != nil {
			fail(fmt.Errorf("damaged: %v", p))
			more = false
		}
	}()
	rs, err := f.Rows(sheet)
	if err != nil {
		fail(err)
		return false
	}
	defer rs.Close()
	rd := &reader{name: name}
	for n := 1; rs.Next(); n++ {
		cells, err := rs.Columns()
		if err != nil {
			fail(err)
			return false
		}
		for i := range cells {
			cells[i] = unescapeCell(cells[i])
		}
		if rd.column == nil {
			if err := rd.head(cells); err != nil {
				yield(nil, err)
				return false
			}
			continue
		}
		done, err := rd.row(n, cells)
		if !emit(done, yield) {
			return false
		}
		if err != nil && !yield(nil, rowError(name, n, err)) {
			return false
		}
	}
	if err := rs.Error(); err != nil {
		fail(err)
		return false
	}
	return emit(rd.finish(), yield)
}
