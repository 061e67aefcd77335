package table

import (
	"bytes"
	"encoding/csv"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/exchangetest"
	"hexapla/pipeline/exchange/xlsx"
)

// forget clears what a row has no cell for.
func forget(u *exchange.Unit) {
	exchangetest.Flat(u)
	for i := range u.Unit.Notes {
		u.Unit.Notes[i].Category = ""
	}
	for i := range u.Targets {
		for j := range u.Targets[i].Matches {
			u.Targets[i].Matches[j].Source = bitext.Text{}
		}
	}
}

func TestCSV(t *testing.T)  { exchangetest.Test(t, CSV, exchange.Options{}, forget) }
func TestXLSX(t *testing.T) { exchangetest.Test(t, XLSX, exchange.Options{Locked: true}, forget) }

func TestGuard(t *testing.T) {
	for _, s := range []string{"", "x", "=1+1", "'=1", "''", "'", "@a", "-5", "\tx", "'tis", "+7 495"} {
		if got := unguard(guard(s)); got != s {
			t.Errorf("%q comes back as %q", s, got)
		}
		if g := guard(s); g != "" && strings.ContainsAny(g[:1], "=+-@\t\r") {
			t.Errorf("%q is written as %q, which a spreadsheet takes for a formula", s, g)
		}
	}
}

// As spreadsheets save them: semicolons, tabs, UTF-16, columns in another order.
func TestResaved(t *testing.T) {
	const plain = "\ufeffunit;segment;target;source;mine\r\np;s1;ціль;goal;x\r\np;s2;\"a;b\";c;\r\n"
	utf16 := []byte{0xff, 0xfe}
	for _, r := range strings.TrimPrefix(strings.ReplaceAll(plain, ";", "\t"), "\ufeff") {
		utf16 = append(utf16, byte(r), byte(r>>8))
	}
	for name, data := range map[string]string{"semicolons": plain, "UTF-16 with tabs": string(utf16)} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for u, err := range CSV.Decode("f", strings.NewReader(data)) {
				if err != nil {
					t.Fatal(err)
				}
				for i := range u.Segments {
					got = append(got, u.Segments[i].Source.Chars+"="+u.Targets[i].Text.Chars)
				}
			}
			if len(got) != 2 || got[0] != "goal=ціль" {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"no header", "a,b\n", `f:1:1: no column "unit"`},
		{"quote", "unit,segment,source,target\np,\"s1,x,y\n", "f:2"},
		{"no unit", "unit,segment,source,target\n,s1,x,y\n", "f:2:1: unit or segment is missing"},
		{"state", "unit,segment,source,target,state\np,s1,x,y,done\n", "unknown state"},
		{"local encoding", "unit,segment,source,target\np,s1,x,\xcf\xee\n", "f:2:8: the file is not in UTF-8"},
		{"tag", "unit,segment,source,target\np,s1,x,y<1>\n", "tag <1>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var errs []string
			for _, err := range CSV.Decode("f", strings.NewReader(tt.in)) {
				if err != nil {
					errs = append(errs, err.Error())
				}
			}
			if len(errs) != 1 || !strings.Contains(errs[0], tt.want) {
				t.Errorf("errors %q, want one with %q", errs, tt.want)
			}
		})
	}
}

func TestTooLongForACell(t *testing.T) {
	u := exchangetest.Generate(1)[0]
	u.Segments[0].Source = bitext.Plain(strings.Repeat("ж", 40_000))
	e, err := XLSX.Encode(&bytes.Buffer{}, exchange.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Write(u); err == nil || !strings.Contains(err.Error(), "32767") {
		t.Errorf("error %v, want one that names the limit", err)
	}
}

func TestWorkbookForTranslators(t *testing.T) {
	var b bytes.Buffer
	e, err := XLSX.Encode(&b, exchange.Options{Locked: true})
	if err != nil {
		t.Fatal(err)
	}
	u := exchangetest.Generate(1)[0]
	u.TargetLocale = "fa"
	if err := e.Write(u); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if v, err := f.GetSheetView(sheetName, 0); err != nil || v.RightToLeft == nil || !*v.RightToLeft {
		t.Errorf("the sheet of a Persian file does not run from the right: %v", err)
	}
	if v, err := f.GetDataValidations(sheetName); err != nil || len(v) != 1 || !strings.Contains(v[0].Formula1, "reviewed") {
		t.Errorf("no drop-down of states: %v %v", v, err)
	}
	if p, err := f.GetSheetProtection(sheetName); err != nil || p.EditObjects && p.EditScenarios {
		t.Errorf("the sheet is not protected: %+v %v", p, err)
	}
	for col, want := range map[int]bool{colSource: true, colUnit: true, colTarget: false, colState: false, colComment: false} {
		id, err := f.GetCellStyle(sheetName, xlsx.ColumnName(col)+"2")
		if err != nil {
			t.Fatal(err)
		}
		style, err := f.GetStyle(id)
		if err != nil {
			t.Fatal(err)
		}
		if style.Protection == nil || style.Protection.Locked != want {
			t.Errorf("column %s: locked is not %v", Columns[col], want)
		}
	}
}

func FuzzCSV(f *testing.F) {
	f.Add("unit,segment,source,target\np,s1,<1>a</1>,b\n")
	f.Add("unit;segment;source;target;state\n\"p;s1")
	f.Fuzz(func(t *testing.T, data string) {
		for u, err := range CSV.Decode("fuzz", strings.NewReader(data)) {
			if err == nil && len(u.Targets) != len(u.Segments) {
				t.Fatal("targets and segments do not run parallel")
			}
		}
	})
}

func FuzzGuard(f *testing.F) {
	f.Add("'=x")
	f.Fuzz(func(t *testing.T, s string) {
		if got := unguard(guard(s)); got != s {
			t.Fatalf("%q comes back as %q", s, got)
		}
		var b strings.Builder
		w := csv.NewWriter(&b)
		if err := w.Write([]string{"x", guard(s)}); err != nil {
			t.Fatal(err)
		}
	})
}

// zeros is a file of NUL bytes without an end.
type zeros struct{ read int }

func (z *zeros) Read(b []byte) (int, error) {
	clear(b)
	z.read += len(b)
	return len(b), nil
}

// TestManySeparators: a row of nothing but separators takes much more memory than its length.
func TestManySeparators(t *testing.T) {
	for _, separator := range []string{",", ";", "|"} {
		row := strings.Repeat(separator, maxSeparators+1<<17)
		got := summary(WithPairs(CSV, PairOptions{}), row+"\n")
		if !strings.HasPrefix(got, "error: f: a row has more than 1048576 separators") {
			t.Errorf("%q: %.100s", separator, got)
		}
	}
}

// TestLongRow: a row is read up to a limit, whether it is a line or a quoted cell.
func TestLongRow(t *testing.T) {
	for _, head := range []string{"", "source,target\n\"", "path,unit,segment,source,target,target locale\na,b,c,d,\""} {
		z := &zeros{}
		n := 0
		var last error
		for _, err := range decodeCSV("a.csv", io.MultiReader(strings.NewReader(head), z)) {
			n++
			last = err
		}
		if n != 1 || last == nil || z.read > maxRow+1<<20 {
			t.Errorf("%q: %d bytes read, %d results, the last %v", head, z.read, n, last)
		}
	}
}
