// Package xlsx writes and reads sheets of text in Excel workbooks (ECMA-376, Office
// Open XML), and reads those of OpenDocument spreadsheets. Both stream: a workbook of any size takes little memory to write, and
// reading holds one row and the shared strings. What a file may make the reader do
// has limits, since a workbook is a zip archive that strangers send.
package xlsx

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits of Excel ("Excel specifications and limits").
const (
	MaxRows    = 1_048_576
	MaxColumns = 16_384
	MaxCell    = 32_767 // UTF-16 code units in a cell
)

// Style is how a cell looks and whether it may be changed in a protected sheet.
type Style uint8

// The styles of cells, all of them text.
const (
	StyleHead   Style = iota + 1 // a column's name, bold
	StyleLocked                  // wrapped, for reading
	StyleOpen                    // wrapped, for writing
)

// Column describes a column. Width is in characters of the standard font. Choices are
// the values that a cell may have, any if there are none.
type Column struct {
	Width   float64
	Hidden  bool
	Choices []string
}

// Sheet describes a sheet. A protected one lets only cells of the style StyleOpen be
// changed.
type Sheet struct {
	Name        string
	RightToLeft bool
	Protected   bool
	Columns     []Column
}

// Writer writes a workbook. The first row of each sheet stays in view.
type Writer struct {
	zip   *zip.Writer
	out   *bufio.Writer
	sheet *Sheet
	names []string
	row   int
}

// NewWriter returns a Writer of a workbook to w.
func NewWriter(w io.Writer) *Writer { return &Writer{zip: zip.NewWriter(w)} }

// epoch is the time of all parts, so that the same rows give the same bytes.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

func (w *Writer) part(name string) (io.Writer, error) {
	return w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: epoch})
}

const (
	mainNS    = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relNS     = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageNS = "http://schemas.openxmlformats.org/package/2006"
)

// Add begins a sheet, after the end of the one before.
func (w *Writer) Add(s Sheet) error {
	if err := w.endSheet(); err != nil {
		return err
	}
	w.names = append(w.names, s.Name)
	part, err := w.part(fmt.Sprintf("xl/worksheets/sheet%d.xml", len(w.names)))
	if err != nil {
		return err
	}
	w.out, w.sheet, w.row = bufio.NewWriterSize(part, 1<<16), &s, 0
	w.raw(xml.Header, `<worksheet xmlns="`, mainNS, `"><sheetViews><sheetView workbookViewId="0"`)
	if s.RightToLeft {
		w.raw(` rightToLeft="1"`)
	}
	w.raw(`><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`)
	if len(s.Columns) > 0 {
		w.raw("<cols>")
		for i, c := range s.Columns {
			n := strconv.Itoa(i + 1)
			w.raw(`<col min="`, n, `" max="`, n, `" width="`, strconv.FormatFloat(max(c.Width, 1), 'f', -1, 64), `" customWidth="1"`)
			if c.Hidden {
				w.raw(` hidden="1"`)
			}
			w.raw("/>")
		}
		w.raw("</cols>")
	}
	w.raw("<sheetData>")
	return nil
}

func (w *Writer) raw(parts ...string) {
	for _, p := range parts {
		_, _ = w.out.WriteString(p) // Flush reports the error
	}
}

// Row writes a row of cells, the style of each from styles.
func (w *Writer) Row(cells []string, styles func(column int) Style) error {
	if w.sheet == nil {
		return errors.New("xlsx: a row without a sheet")
	}
	if w.row++; w.row > MaxRows {
		return fmt.Errorf("xlsx: more than %d rows in a sheet", MaxRows)
	}
	n := strconv.Itoa(w.row)
	w.raw(`<row r="`, n, `">`)
	for i, c := range cells {
		style := styles(i)
		if c == "" && style != StyleOpen {
			continue // a cell that is not there is locked too
		}
		w.raw(`<c r="`, ColumnName(i), n, `" s="`, strconv.Itoa(int(style)), `"`)
		if c == "" {
			w.raw("/>")
			continue
		}
		w.raw(` t="inlineStr"><is><t xml:space="preserve">`)
		w.text(escape(c))
		w.raw("</t></is></c>")
	}
	w.raw("</row>")
	_, err := w.out.Write(nil)
	return err
}

// text writes the characters of an element or an attribute.
func (w *Writer) text(s string) {
	_, _ = markup.WriteString(w.out, s)
}

// markup replaces the characters that have a meaning in XML.
var markup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func (w *Writer) endSheet() error {
	if w.sheet == nil {
		return nil
	}
	w.raw("</sheetData>")
	if w.sheet.Protected {
		w.raw(`<sheetProtection sheet="1" objects="1" scenarios="1" formatCells="0" formatColumns="0" formatRows="0" sort="0" autoFilter="0"/>`)
	}
	choices := 0
	for _, c := range w.sheet.Columns {
		if len(c.Choices) > 0 {
			choices++
		}
	}
	if choices > 0 {
		w.raw(`<dataValidations count="`, strconv.Itoa(choices), `">`)
		for i, c := range w.sheet.Columns {
			if len(c.Choices) > 0 {
				name := ColumnName(i)
				w.raw(`<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="`, name, "2:", name, strconv.Itoa(MaxRows), `"><formula1>&quot;`)
				w.text(strings.Join(c.Choices, ","))
				w.raw(`&quot;</formula1></dataValidation>`)
			}
		}
		w.raw("</dataValidations>")
	}
	w.raw("</worksheet>")
	w.sheet = nil
	return w.out.Flush()
}

// Close finishes the workbook; it does not close the writer under it.
func (w *Writer) Close() error {
	if err := w.endSheet(); err != nil {
		return err
	}
	if len(w.names) == 0 {
		return errors.New("xlsx: a workbook without a sheet")
	}
	for _, p := range []struct {
		name  string
		write func()
	}{
		{"xl/styles.xml", w.styles}, {"xl/workbook.xml", w.workbook}, {"xl/_rels/workbook.xml.rels", w.relations},
		{"_rels/.rels", func() {
			w.raw(xml.Header, `<Relationships xmlns="`, packageNS, `/relationships"><Relationship Id="rId1" Type="`, relNS, `/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
		}},
		{"[Content_Types].xml", w.contentTypes},
	} {
		part, err := w.part(p.name)
		if err != nil {
			return err
		}
		w.out = bufio.NewWriter(part)
		p.write()
		if err := w.out.Flush(); err != nil {
			return err
		}
	}
	return w.zip.Close()
}

// styles are those of Style, after the default one. Number format 49 is text (ECMA-376
// part 1, 18.8.30).
func (w *Writer) styles() {
	w.raw(xml.Header, `<styleSheet xmlns="`, mainNS, `"><fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>`,
		`<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>`,
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>`,
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>`,
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4">`,
		`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>`,
		`<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyNumberFormat="1"/>`)
	for _, locked := range []string{"1", "0"} {
		w.raw(`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1" applyProtection="1"><alignment vertical="top" wrapText="1"/><protection locked="`, locked, `"/></xf>`)
	}
	w.raw(`</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`)
}

func (w *Writer) workbook() {
	w.raw(xml.Header, `<workbook xmlns="`, mainNS, `" xmlns:r="`, relNS, `"><bookViews><workbookView/></bookViews><sheets>`)
	for i, name := range w.names {
		n := strconv.Itoa(i + 1)
		w.raw(`<sheet name="`)
		w.text(name)
		w.raw(`" sheetId="`, n, `" r:id="rId`, n, `"/>`)
	}
	w.raw("</sheets></workbook>")
}

func (w *Writer) relations() {
	w.raw(xml.Header, `<Relationships xmlns="`, packageNS, `/relationships">`)
	for i := range w.names {
		n := strconv.Itoa(i + 1)
		w.raw(`<Relationship Id="rId`, n, `" Type="`, relNS, `/worksheet" Target="worksheets/sheet`, n, `.xml"/>`)
	}
	w.raw(`<Relationship Id="styles" Type="`, relNS, `/styles" Target="styles.xml"/></Relationships>`)
}

func (w *Writer) contentTypes() {
	const spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	w.raw(xml.Header, `<Types xmlns="`, packageNS, `/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`,
		`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="`, spreadsheet, `sheet.main+xml"/>`,
		`<Override PartName="/xl/styles.xml" ContentType="`, spreadsheet, `styles+xml"/>`)
	for i := range w.names {
		w.raw(`<Override PartName="/xl/worksheets/sheet`, strconv.Itoa(i+1), `.xml" ContentType="`, spreadsheet, `worksheet+xml"/>`)
	}
	w.raw("</Types>")
}

// ColumnName returns the letters of a column, counted from 0: A, B … Z, AA.
func ColumnName(column int) string {
	var b [4]byte
	i := len(b)
	for n := column + 1; n > 0 && i > 0; n = (n - 1) / 26 {
		i--
		b[i] = byte('A' + (n-1)%26)
	}
	return string(b[i:])
}

// Length returns the length of a text in a cell as Excel counts it: in UTF-16 code
// units, with characters that must be escaped as they are written.
func Length(s string) int {
	n := 0
	for _, r := range escape(s) {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// escape writes characters that XML forbids, or that a parser changes, as ECMA-376
// part 1, 22.9.2.19 (ST_Xstring) has it, _x0007_, and what looks like that as
// _x005F_x0007_.
func escape(s string) string {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		c := s[i]
		plain = c >= 0x20 && c != '_' && c != 0xEF || c == '\n' || c == '\t'
	}
	if plain && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '_' && strings.HasPrefix(s[i:], "_x"): // with what follows it may read as an escape
			b.WriteString("_x005F_")
		case r < 0x20 && r != '\n' && r != '\t', r == 0xFFFE, r == 0xFFFF:
			fmt.Fprintf(&b, "_x%04X_", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isEscape reports whether s begins with _xHHHH_.
func isEscape(s string) bool {
	const length = len("_x0000_")
	if len(s) < length || s[:2] != "_x" || s[length-1] != '_' {
		return false
	}
	_, err := strconv.ParseUint(s[2:length-1], 16, 16)
	return err == nil && s[2] != '+'
}

// unescape reads what escape wrote.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] == '_' && isEscape(s[i:]) {
			n, _ := strconv.ParseUint(s[i+2:i+6], 16, 16)
			if !utf16.IsSurrogate(rune(n)) {
				b.WriteRune(rune(n))
				i += len("_x0000_")
				continue
			}
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}
