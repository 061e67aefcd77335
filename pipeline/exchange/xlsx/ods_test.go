package xlsx

import (
	"bytes"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// LibreOffice 7.4 has saved the file testdata/libreoffice.ods, from a CSV file.
func TestLibreOfficeODS(t *testing.T) {
	data, err := os.ReadFile("testdata/libreoffice.ods")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"1", "key", "en", "uk"}, {"2", "nav.read", `Read  two "spaces"`, "Читати\nдва рядки"}, {"4", "num", "42", "1.5"}, {"5", "tab", " lead", "кінець "},
	}
	if got := numbered(t, data); !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// numbered returns the rows of the first sheet, each behind its number.
func numbered(t *testing.T, data []byte) (rows [][]string) {
	t.Helper()
	b, err := Open(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for r, err := range b.Rows(0) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, append([]string{strconv.Itoa(r.Number)}, r.Cells...))
	}
	return rows
}

// odsFile is a spreadsheet with the rows of one table.
func odsFile(t testing.TB, rows string) []byte {
	t.Helper()
	const head = `<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"><office:body><office:spreadsheet><table:table table:name="First">`
	return pack(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": head + rows + `</table:table><table:table table:name="Second"><table:table-row><table:table-cell><text:p>other</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>`})
}

// TestODS: what cells of OpenDocument may have.
func TestODS(t *testing.T) {
	cell := func(s string) string { return "<table:table-cell>" + s + "</table:table-cell>" }
	row := func(s string) string { return "<table:table-row>" + s + "</table:table-row>" }
	for _, tt := range []struct {
		reason, rows string
		want         [][]string
	}{
		{"white space is one space", row(cell("<text:p> a \n  b </text:p>")), [][]string{{"1", "a b "}}},
		{"spaces, tabs and line ends", row(cell(`<text:p>a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d<text:s/></text:p>`)), [][]string{{"1", "a   b\tc\nd "}}},
		{"spans, links and several paragraphs", row(cell(`<text:p>a<text:span>b</text:span><text:a>c</text:a></text:p><text:p>d</text:p>`)), [][]string{{"1", "abc\nd"}}},
		{"notes of people", row(cell(`<office:annotation><text:p>a note</text:p></office:annotation><text:p>a</text:p>`)), [][]string{{"1", "a"}}},
		{"a table within a cell", row(cell(`<text:p>a</text:p><table:table><table:table-row><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row></table:table>`) + cell("<text:p>b</text:p>")), [][]string{{"1", "a", "b"}}},
		{"repeated and covered cells", row(`<table:table-cell table:number-columns-repeated="2"/><table:table-cell table:number-columns-repeated="2"><text:p>a</text:p></table:table-cell><table:covered-table-cell/>` + cell("<text:p>b</text:p>")), [][]string{{"1", "", "", "a", "a", "", "b"}}},
		{"repeated rows", `<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row><table:table-row table:number-rows-repeated="2">` + cell("<text:p>a</text:p>") + `</table:table-row>` + row(cell("<text:p>b</text:p>")) + `<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>`, [][]string{{"4", "a"}, {"5", "a"}, {"6", "b"}}},
		{"stored values", row(`<table:table-cell office:value-type="float" office:value="1.5"><text:p>1,50</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2026-01-31"><text:p>31.01.26</text:p></table:table-cell>`), [][]string{{"1", "1.5", "2026-01-31"}}},
		{"groups of rows", `<table:table-header-rows>` + row(cell("<text:p>h</text:p>")) + `</table:table-header-rows><table:table-row-group>` + row(cell("<text:p>a</text:p>")) + `</table:table-row-group>`, [][]string{{"1", "h"}, {"2", "a"}}},
		{"no rows", "", nil},
		{"a space behind a tab or a line end", row(cell(`<text:p>a<text:tab/> b<text:line-break/>  c</text:p>`)), [][]string{{"1", "a\t b\n c"}}},
		{"pictures and their texts", row(cell(`<draw:frame><draw:text-box><text:p>label</text:p></draw:text-box></draw:frame><text:p>a</text:p><draw:custom-shape><text:p>x</text:p></draw:custom-shape>`)), [][]string{{"1", "a"}}},
		{"how a word is read", row(cell(`<text:p>a<text:ruby><text:ruby-base>漢字</text:ruby-base><text:ruby-text>かんじ</text:ruby-text></text:ruby></text:p>`)), [][]string{{"1", "a漢字"}}},
		{"a text that only its attribute has", row(`<table:table-cell office:value-type="string" office:string-value="a"/>`), [][]string{{"1", "a"}}},
	} {
		if got := numbered(t, odsFile(t, tt.rows)); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.reason, got, tt.want)
		}
	}
}

// TestODSRefused: files that are made to be a burden.
func TestODSRefused(t *testing.T) {
	for reason, rows := range map[string]string{
		"more than 1000 times":              `<table:table-row table:number-rows-repeated="1048576"><table:table-cell><text:p>a</text:p></table:table-cell></table:table-row>`,
		"more characters":                   `<table:table-row><table:table-cell><text:p>a<text:s text:c="32767"/></text:p></table:table-cell></table:table-row>`,
		"unpacks to more":                   strings.Repeat(`<table:table-row><table:table-cell table:number-columns-repeated="1024"><text:p>`+strings.Repeat("a", 32000)+`</text:p></table:table-cell></table:table-row>`, 40),
		"it unpacks to more than the limit": strings.Repeat(`<table:table-row table:number-rows-repeated="1000"><table:table-cell><text:p>`+strings.Repeat("a", 32000)+`</text:p></table:table-cell></table:table-row>`, 20),
		"more sheets":                       `</table:table>` + strings.Repeat(`<table:table/>`, maxSheets) + `<table:table>`,
	} {
		b, err := Open(bytes.NewReader(odsFile(t, rows)))
		if err == nil {
			for _, e := range b.Rows(0) {
				if e != nil {
					err = e
				}
			}
		}
		if err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("want %q, got %v", reason, err)
		}
	}
}

// TestODSProtected: a spreadsheet with a password is refused by a message that says so.
func TestODSProtected(t *testing.T) {
	data := pack(t, map[string]string{"content.xml": "\x00\x17\xf3", "META-INF/manifest.xml": `<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry></m:manifest>`})
	if _, err := Open(bytes.NewReader(data)); err == nil || !strings.Contains(err.Error(), "password") {
		t.Error(err)
	}
}

// TestODSRepeatedRows: each of repeated rows has cells of its own, which readers change.
func TestODSRepeatedRows(t *testing.T) {
	b, err := Open(bytes.NewReader(odsFile(t, `<table:table-row table:number-rows-repeated="3"><table:table-cell><text:p>a</text:p></table:table-cell></table:table-row>`)))
	if err != nil {
		t.Fatal(err)
	}
	for r, err := range b.Rows(0) {
		if err != nil || r.Cells[0] != "a" {
			t.Error(r, err)
		}
		r.Cells[0] = "changed"
	}
}
