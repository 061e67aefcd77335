package xlsx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func write(t testing.TB, rows ...[]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := NewWriter(&b)
	if err := w.Add(Sheet{Name: "A & B", Protected: true, RightToLeft: true, Columns: []Column{{Width: 20}, {Width: 5, Choices: []string{"x", "y"}}, {Hidden: true}}}); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Row(r, func(c int) Style { return Style(c%3 + 1) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(t testing.TB, data []byte) (rows [][]string) {
	t.Helper()
	b, err := Open(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for i := range b.Sheets() {
		for r, err := range b.Rows(i) {
			if err != nil {
				t.Fatal(err)
			}
			rows = append(rows, slices.Clone(r.Cells))
		}
	}
	return rows
}

var sample = [][]string{
	{"head", "two", "three"},
	{"a<b>&\"'", "line\nbreak\ttab", " space "},
	{"", "", "only the third"},
	{"\x07bell _x0007_ _x005F_", "cr\r\n", "\ufffe _x_ é_x00e9_"},
	{"قفل", "=1+1", "👩‍👧"},
}

func TestRoundTrip(t *testing.T) {
	got := read(t, write(t, sample...))
	if len(got) != len(sample) {
		t.Fatalf("%d rows, want %d", len(got), len(sample))
	}
	for i := range sample {
		if !slices.Equal(got[i], sample[i]) {
			t.Errorf("row %d: %q, want %q", i+1, got[i], sample[i])
		}
	}
}

// What we write, another library reads, and the other way round.
func TestExcelize(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(write(t, sample...)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i, want := range sample {
		for j, w := range want {
			got, err := f.GetCellValue("A & B", fmt.Sprintf("%s%d", ColumnName(j), i+1))
			if err != nil || i != 3 && got != w { // excelize leaves escapes as they are
				t.Errorf("cell %d, %d: %q, want %q (%v)", i+1, j+1, got, w, err)
			}
		}
	}
	g := excelize.NewFile()
	defer g.Close()
	for i, row := range [][]any{{"shared", 12.5, true}, {"shared", nil, "last"}} {
		if err := g.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := g.SetCellRichText("Sheet1", "B2", []excelize.RichTextRun{{Text: "rich "}, {Text: "text", Font: &excelize.Font{Bold: true}}}); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := g.Write(&b); err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintf("%q", read(t, b.Bytes()))
	if want := `[["shared" "12.5" "1"] ["shared" "rich text" "last"]]`; got != want {
		t.Errorf("read %s, want %s", got, want)
	}
}

// LibreOffice 7.4 has saved the file testdata/libreoffice.xlsx.
func TestLibreOffice(t *testing.T) {
	data, err := os.ReadFile("testdata/libreoffice.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintf("%q", read(t, data))
	want := `[["unit" "segment" "source" "target"] ["p1" "s1" "Gate <1/>" "Брама <1/>"] ["p1" "s2" "two\nlines" "два\nрядки"] ["p2" "s1" "12" "۱۲"]]`
	if got != want {
		t.Errorf("read %s, want %s", got, want)
	}
}

// pack makes a workbook of parts.
func pack(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if parts["xl/workbook.xml"] == "" {
		parts["xl/workbook.xml"] = `<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>`
		parts["xl/_rels/workbook.xml.rels"] = `<Relationships><Relationship Id="a" Type="x/worksheet" Target="/xl/s.xml"/><Relationship Id="b" Type="x/sharedStrings" Target="strings.xml"/></Relationships>`
	}
	for name, text := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRefused(t *testing.T) {
	sheet := func(rows string) map[string]string {
		return map[string]string{"xl/s.xml": "<worksheet><sheetData>" + rows + "</sheetData></worksheet>", "xl/strings.xml": "<sst><si><t>a</t></si></sst>"}
	}
	huge := strings.Repeat("A", 8<<20)
	for _, tt := range []struct {
		name  string
		parts map[string]string
		want  string
	}{
		{"long cell", sheet(`<row><c t="inlineStr"><is><t>` + strings.Repeat("ab", 40_000) + `</t></is></c></row>`), "more characters than the limit"},
		{"endless cell", sheet(`<row><c t="inlineStr"><is><t>` + huge + `</t></is></c></row>`), "limit"},
		{"packed space", sheet(strings.Repeat(" ", 64<<20)), "limit of 400 times"},
		{"shared string", sheet(`<row><c t="s"><v>7</v></c></row>`), "names a shared string that is not there"},
		{"negative", sheet(`<row><c t="s"><v>-1</v></c></row>`), "names a shared string that is not there"},
		{"row", sheet(`<row r="99999999"><c><v>1</v></c></row>`), "more rows than the limit"},
		{"no sheet", map[string]string{"xl/workbook.xml": "<workbook/>", "xl/_rels/workbook.xml.rels": "<Relationships/>"}, "it has no sheet"},
		{"missing part", map[string]string{"xl/strings.xml": "<sst/>"}, `no part "xl/s.xml"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, err := Open(bytes.NewReader(pack(t, tt.parts)))
			if err == nil {
				for _, rerr := range b.Rows(0) {
					err = rerr
				}
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

// A hundred columns far to the right, and parts that nobody needs, cost nothing.
func TestSparse(t *testing.T) {
	parts := map[string]string{
		"xl/s.xml": `<worksheet><sheetData><row><c r="XFD1"><v>9</v></c><c r="B1"><v>2</v></c></row></sheetData></worksheet>`, "xl/strings.xml": "<sst/>",
		"xl/media/image1.png": strings.Repeat("\x00", 1<<20),
	}
	if got := fmt.Sprintf("%q", read(t, pack(t, parts))); got != `[["" "2"]]` {
		t.Errorf("read %s", got)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(write(f, sample...))
	data, err := os.ReadFile("testdata/libreoffice.xlsx")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(odsFile(f, `<table:table-row><table:table-cell table:number-columns-repeated="3"><text:p>a<text:s/>b</text:p></table:table-cell></table:table-row>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Open(bytes.NewReader(data))
		if err != nil {
			return
		}
		for i := range b.Sheets() {
			for range b.Rows(i) {
			}
		}
	})
}

// FuzzSheet reads sheets whose XML is damaged, which FuzzRead hardly reaches.
func FuzzSheet(f *testing.F) {
	f.Add(`<row r="1"><c r="A1" t="s"><v>0</v></c><c t="inlineStr"><is><r><t>x</t></r><rPh><t>y</t></rPh></is></c></row>`, "<si><t>a</t></si>")
	f.Fuzz(func(t *testing.T, rows, table string) {
		data := pack(t, map[string]string{"xl/s.xml": "<worksheet>" + rows + "</worksheet>", "xl/strings.xml": "<sst>" + table + "</sst>"})
		b, err := Open(bytes.NewReader(data))
		if err != nil {
			return
		}
		for r := range b.Rows(0) {
			if len(r.Cells) > maxColumn {
				t.Fatal("more columns than the limit")
			}
		}
	})
}

func FuzzEscape(f *testing.F) {
	f.Add("_x005F_\x07")
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "")
		if got := unescape(escape(s)); got != s {
			t.Fatalf("%q is written %q and read as %q", s, escape(s), got)
		}
	})
}

func benchmarkRows() [][]string {
	rows := make([][]string, 20_000)
	for i := range rows {
		rows[i] = []string{fmt.Sprint("unit", i), "s1", "The harbour was closed for two days after the storm.", "Гавань була зачинена два дні після бурі."}
	}
	return rows
}

func BenchmarkWrite(b *testing.B) {
	rows := benchmarkRows()
	for b.Loop() {
		write(b, rows...)
	}
}

func BenchmarkRead(b *testing.B) {
	data := write(b, benchmarkRows()...)
	for b.Loop() {
		read(b, data)
	}
}
